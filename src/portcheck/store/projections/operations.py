"""Operations, files of checks taken into them, and each device's current one: their rows, made
anew of their events; and when a device last held its records against the journal.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from portcheck.domain.times import utc_text
from portcheck.journal import events
from portcheck.journal.append import Recorded
from portcheck.journal.chain import canonical
from portcheck.store.projections import authority
from portcheck.store.projections.checkfold import Fact, dispute, said
from portcheck.store.projections.rows import insert, put

KINDS = frozenset(
    one.model_fields["kind"].default
    for one in (
        events.OperationOpened,
        events.OperationSelected,
        events.OperationEnded,
        events.ChecksImported,
    )
).union(authority.KINDS)
"""The kinds of events that are about an operation."""

_CURRENT = (
    "SELECT position, chain, kind, device, subject, '' FROM journal"
    " WHERE subject IN (SELECT operation_id FROM operation)"
    " AND kind IN ('operation_opened', 'operation_selected')"
    " AND chain IN (SELECT chain FROM own_chain)"
    " UNION ALL SELECT f.position, f.chain, f.kind, f.device, '', f.payload ->> 'label'"
    " FROM own_chain AS o JOIN fact AS f ON f.chain = o.chain AND f.seq = 1"
    " WHERE f.kind = 'chain_continued' ORDER BY position, chain"
)


def make(
    connection: sqlite3.Connection, operation_id: str, facts: Sequence[Fact]
) -> tuple[list[tuple[Recorded, str]], set[bytes]]:
    """Make an operation's rows anew of its events, given in order.

    The first opening stands, the first end that a lead gave it since it was last reopened,
    and of a file the first taking in.  Returns the events that wait for its opening: all, or
    none; and the chains of which more or less counts now.
    """
    connection.execute("DELETE FROM log_import WHERE operation_id = ?", (operation_id,))
    connection.execute("DELETE FROM dispute WHERE subject = ?", (operation_id,))
    found = authority.authority(connection, operation_id, facts)
    if found is None:
        return [(recorded, operation_id) for _, recorded in facts], set()
    done: dict[str, list[Fact]] = defaultdict(list)
    done["operation_ended"] = found.ends
    of_opener = [fact for fact in facts if fact[1].chain == found.opener]
    done["operation_opened"] = [f for f in of_opener if isinstance(f[0], events.OperationOpened)]
    _write(connection, done["operation_opened"][0], found.ends[0] if found.ends else None)
    changed = authority.keep(connection, operation_id, found.devices.values())
    counts = authority.counting(connection)
    for event, recorded in facts:
        if isinstance(event, events.ChecksImported) and counts(operation_id, recorded):
            done[f"log {event.sha256}"].append((event, recorded))
    for name, several in done.items():
        if name.startswith("log "):
            _log(connection, *several[0])
        if len(several) > 1:
            _dispute(connection, operation_id, name, several)
    return [], changed


def currents(connection: sqlite3.Connection) -> None:
    """Which operation is current on each of this file's devices: the one that it opened or
    chose last, unless that has ended; on a copy, what was current in the original.
    """
    found: dict[str, str | None] = {}
    for _, _, kind, device, operation_id, label in connection.execute(_CURRENT):
        if kind == "chain_continued":
            if found.get(label):
                found[device] = found[label]
        else:
            found[device] = operation_id
    query = "SELECT operation_id FROM operation WHERE ended_at IS NULL"
    open_now = {operation_id for (operation_id,) in connection.execute(query)}
    connection.execute("DELETE FROM device_state")
    connection.executemany(
        "INSERT INTO device_state (device, operation_id) VALUES (?, ?)",
        [(device, name if name in open_now else None) for device, name in found.items()],
    )


def records_held(
    connection: sqlite3.Connection, event: events.RecordsHeld, recorded: Recorded
) -> None:
    """When the device's records were last held against the journal, and found as it says."""
    connection.execute(
        "INSERT INTO records_held (chain, device, position, at, officer, events)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (chain) DO UPDATE SET device = excluded.device,"
        " position = excluded.position, at = excluded.at, officer = excluded.officer,"
        " events = excluded.events WHERE excluded.position > position",
        (
            recorded.chain,
            recorded.actor.device,
            recorded.position,
            recorded.recorded_at,
            recorded.actor.officer,
            event.events,
        ),
    )


def _write(connection: sqlite3.Connection, opening: Fact, end: Fact | None) -> None:
    opened: Any = opening[0]
    ended: Any = end[0] if end else None
    row = {
        "operation_id": opened.operation_id,
        "name": opened.name,
        "site": opened.site,
        "agencies": canonical(list(opened.agencies)),
        "timezone": opened.timezone,
        "marking": opened.marking,
        "part": opened.part.value,
        "started_at": utc_text(opened.started_at),
        "ended_at": utc_text(ended.ended_at) if ended else None,
        "end_reason": ended.reason if ended else "",
        "tally": canonical(ended.tally) if ended else None,
        "fingerprint": ended.fingerprint if ended else None,
        "ended_in": end[1].name if end else None,
    }
    put(connection, "operation", row)


def _log(connection: sqlite3.Connection, event: Any, recorded: Recorded) -> None:
    """A file of checks, remembered by its hash so that it is not taken twice."""
    insert(
        connection,
        "log_import",
        {
            "operation_id": event.operation_id,
            "sha256": event.sha256,
            "imported_at": recorded.recorded_at,
            "file_name": event.file_name,
            "rows": event.rows,
            "accepted": event.accepted,
            "duplicates": event.duplicates,
            "rejected": event.rejected,
        },
    )


def _dispute(
    connection: sqlite3.Connection, operation_id: str, name: str, several: Iterable[Fact]
) -> None:
    """What was done twice, on devices that did not know of each other."""
    each = [said(getattr(event, "file_name", event.kind), kept) for event, kept in several]
    for row in dispute(operation_id, name, each):
        insert(connection, "dispute", row)
