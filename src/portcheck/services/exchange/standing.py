"""How complete an operation's figures are: from whom they are, and what is disputed or waits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from portcheck.domain.completeness import DeviceHeard, Disputed
from portcheck.domain.times import iso, read_utc
from portcheck.services.context import Context
from portcheck.services.exchange.devices import devices, own_chain, shared
from portcheck.store.completeness import Disputed as Row
from portcheck.store.completeness import disputed, pending_of
from portcheck.store.exchangerows import checks_made, is_revoked, synced
from portcheck.targets.target import words_of


@dataclass(frozen=True, slots=True)
class SyncStanding:
    """When the usual target was reached last (None: not yet), how many checks of this device
    it does not have, and whether this device was revoked in the current operation.
    """

    at: datetime | None
    unsent: int
    revoked: bool = False


def sync_standing(context: Context) -> SyncStanding | None:
    """How this device stands with its usual target; None where it has none, or shares nothing."""
    target, chain = context.settings["sync"], own_chain(context)
    if not target or chain is None:
        return None
    connection, current = context.connection, context.current()
    found = synced(connection, words_of(target), chain)
    at, unsent = found or (None, checks_made(connection, chain))
    revoked = bool(current and is_revoked(connection, current.operation_id, chain))
    return SyncStanding(at, unsent, revoked)


def completeness(context: Context, ids: Sequence[str], zone: tzinfo) -> dict[str, Any]:
    """The `devices`, `disputes` and `pending` of a tally of the operations of these identities."""
    return {
        "devices": [one for name in ids for one in _heard(context, zone, name)],
        "disputes": [one for name in ids for _, one in disputes(context, zone, name)],
        "pending": sum(pending_of(context.connection, name) for name in ids),
    }


def _heard(context: Context, zone: tzinfo, operation_id: str) -> list[DeviceHeard]:
    """Those that share an operation; none where it is on this file's devices alone."""
    found = devices(context, operation_id)
    if not shared(found):
        return []
    return [
        DeviceHeard(
            one.label,
            one.chain,
            one.counts_to,
            one.checks,
            iso(one.heard_at, zone) if one.heard_at else "",
            one.finished,
            one.state,
            one.own,
            not one.opener,
            one.not_counted,
        )
        for one in found
    ]


def disputes(context: Context, zone: tzinfo, operation_id: str) -> list[tuple[str, Disputed]]:
    """What is disputed in an operation, by check and field, each with the identity of the check
    (or of the operation).
    """
    rows = disputed(context.connection, operation_id)
    return [
        (subject, Disputed(ref, name, [_given(one, zone) for one in values]))
        for (subject, ref, name), values in groupby(rows, key=lambda row: row[:3])
    ]


def _given(one: Row, zone: tzinfo) -> dict[str, Any]:
    return {
        "value": json.loads(one.value),
        "officer": one.officer,
        "device": one.device,
        "at": iso(read_utc(one.at), zone),
    }
