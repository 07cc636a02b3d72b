"""Rejoining after a disk was cloned, or set back and written to: what this device recorded under
numbers that another has used is recorded anew, as a chain of its own.
"""

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from portcheck.errors import Refused
from portcheck.journal.append import Actor, append, head_of_chain
from portcheck.journal.events import ChainContinued, OperationSelected, payload_of
from portcheck.journal.parts import EventName
from portcheck.journal.sharing import DeviceJoined
from portcheck.services.context import Context
from portcheck.services.exchange.devices import own_chain
from portcheck.store.branches import Branch, forked_at, in_a_copy, take_out
from portcheck.store.footing import free_label, labels
from portcheck.store.projections import rebuild


@dataclass(frozen=True, slots=True)
class Rejoined:
    """What rejoining came to: the label that this device had and has now, and how many events
    were recorded anew.
    """

    before: str
    label: str
    events: int


def rejoin(context: Context) -> Rejoined:
    """Record this file's branch of its chain anew, under a free label: times, officers and
    references stay as they were, and the old hashes are named.  Nobody else may be working with
    the file.

    Raises Refused where nothing shows that the chain was continued twice.
    """
    chain = own_chain(context)
    first = forked_at(context.connection, chain) if chain else None
    if chain is None or first is None:
        raise Refused(
            "nothing shows that this device was cloned or set back: there is nothing to rejoin",
            hint="“portcheck sync TARGET” looks for it.",
        )
    before = context.actor
    label = free_label(before.device, labels(context.connection))
    done: list[Branch] = []

    def change(connection: sqlite3.Connection) -> None:
        current = context.current()
        done.extend(take_out(connection, chain, first))
        actor = replace(before, device=label, asked=before.asked or before.device)
        _begin(context, connection, actor, (chain, first - 1), done)
        if current:
            key = context.key.signing() if context.key else None
            public = key[0].hex() if key else ""
            for event in (
                DeviceJoined(operation_id=current.operation_id, key=public),
                OperationSelected(operation_id=current.operation_id),
            ):
                append(connection, event.kind, payload_of(event), actor, context.now())
        _record_anew(connection, actor, done)
        rebuild(connection)

    in_a_copy(context.path, change)
    return Rejoined(before.device, label, len(done))


def _begin(
    context: Context,
    connection: sqlite3.Connection,
    actor: Actor,
    known: tuple[bytes, int],
    branch: list[Branch],
) -> None:
    """The new chain goes on with the old one where the two branches part, and names its own."""
    chain, seq = known
    head = head_of_chain(connection, chain, seq)
    named = EventName(chain=chain.hex(), seq=seq, hash=head.hex())
    event = ChainContinued(
        continued=named,
        label=branch[0].header.device,
        instead=tuple(one.hash.hex() for one in branch),
    )
    append(connection, event.kind, payload_of(event), actor, context.now())


def _record_anew(connection: sqlite3.Connection, actor: Actor, branch: list[Branch]) -> None:
    """Each event once more, as it was; what names an event of the branch names the new one."""
    names: dict[str, str] = {}
    for one in branch:
        if one.text is None:
            continue
        head = one.header
        by = replace(actor, officer=head.officer, agency=head.agency)
        payload: dict[str, Any] = json.loads(one.text)
        if payload.get("over"):
            payload["over"] = [names.get(name, name) for name in payload["over"]]
        recorded = append(connection, head.kind, payload, by, one.recorded_at)
        names[one.hash.hex()] = recorded.name
