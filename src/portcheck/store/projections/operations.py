"""Operations, files of checks taken into them, and each device's current one: their rows, made
anew of their events; and when a device last held its records against the journal.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from portcheck.domain.times import utc_text
from portcheck.journal import events
from portcheck.journal.append import Recorded
from portcheck.journal.chain import canonical
from portcheck.store.projections.checkfold import Fact
from portcheck.store.projections.rows import insert, put

KINDS = frozenset(
    one.model_fields["kind"].default
    for one in (
        events.OperationOpened,
        events.OperationSelected,
        events.OperationEnded,
        events.ChecksImported,
    )
)
"""The kinds of events that are about an operation."""

_CURRENT = (
    "SELECT position, chain, kind, device, subject, '' FROM journal"
    " WHERE subject IN (SELECT operation_id FROM operation) AND (kind = 'operation_ended'"
    " OR kind IN ('operation_opened', 'operation_selected')"
    " AND chain IN (SELECT chain FROM own_chain))"
    " UNION ALL SELECT f.position, f.chain, f.kind, f.device, '', f.payload ->> 'label'"
    " FROM own_chain AS o JOIN fact AS f ON f.chain = o.chain AND f.seq = 1"
    " WHERE f.kind = 'chain_continued' ORDER BY position, chain"
)


def make(
    connection: sqlite3.Connection, operation_id: str, facts: Sequence[Fact]
) -> list[tuple[Recorded, str]]:
    """Make an operation's rows anew of its events, given in order.

    The first opening and the first end stand, and of a file the first taking in.  Returns
    the events that wait for its opening: all, or none.
    """
    connection.execute("DELETE FROM log_import WHERE operation_id = ?", (operation_id,))
    connection.execute("DELETE FROM dispute WHERE subject = ?", (operation_id,))
    opened = next((f for f in facts if isinstance(f[0], events.OperationOpened)), None)
    if opened is None:
        return [(recorded, operation_id) for _, recorded in facts]
    first: dict[str, Fact] = {}
    for event, recorded in facts:
        if isinstance(event, events.OperationSelected):
            continue
        field = f"log {event.sha256}" if isinstance(event, events.ChecksImported) else event.kind
        if field in first:
            _dispute(connection, operation_id, field, (first[field], (event, recorded)))
        else:
            first[field] = event, recorded
    _write(connection, opened[0], first.get("operation_ended"))
    for event, recorded in first.values():
        if isinstance(event, events.ChecksImported):
            _log(connection, event, recorded)
    return []


def currents(connection: sqlite3.Connection) -> None:
    """Which operation is current on each of this file's devices: the one that it opened or
    chose last, until that was ended; on a copy, what was current in the original.
    """
    found: dict[str, str | None] = {}
    for _, _, kind, device, operation_id, label in connection.execute(_CURRENT):
        if kind == "chain_continued":
            if found.get(label):
                found[device] = found[label]
        elif kind == "operation_ended":
            found = {d: None if o == operation_id else o for d, o in found.items()}
        else:
            found[device] = operation_id
    connection.execute("DELETE FROM device_state")
    connection.executemany(
        "INSERT INTO device_state (device, operation_id) VALUES (?, ?)", found.items()
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


def _write(connection: sqlite3.Connection, opened: Any, end: tuple[Any, Recorded] | None) -> None:
    ended = end[0] if end else None
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
    }
    put(connection, "operation", row)


def _log(connection: sqlite3.Connection, event: events.ChecksImported, recorded: Recorded) -> None:
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
    connection: sqlite3.Connection,
    operation_id: str,
    field: str,
    both: Iterable[tuple[Any, Recorded]],
) -> None:
    """What was done twice, on devices that did not know of each other."""
    for event, recorded in both:
        connection.execute(
            "INSERT INTO dispute (subject, field, place, event, value, officer, device, at)"
            " SELECT ?1, ?2, (SELECT COUNT(*) FROM dispute WHERE subject = ?1 AND field = ?2),"
            " ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS"
            " (SELECT 1 FROM dispute WHERE subject = ?1 AND field = ?2 AND event = ?3)",
            (
                operation_id,
                field,
                recorded.name,
                canonical(getattr(event, "file_name", "") or event.kind),
                recorded.actor.officer,
                recorded.actor.device,
                recorded.recorded_at,
            ),
        )
