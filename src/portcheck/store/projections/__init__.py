"""From a fact to the tables people read: one function an event class.

`project` runs in the transaction that appended the event.  `rebuild` empties
the projections and runs them all again over the journal.
"""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from portcheck.journal import events
from portcheck.journal.append import Actor, Recorded
from portcheck.store.projections import checks, corrections, lists, operations

TABLES = (
    "finding",
    "penalty_action",
    "match_penalty",
    "check_match",
    "amendment",
    "log_import",
    "vehicle_check",
    "records_held",
    "device_state",
    "operation",
    "list_version",
    "action_list",
)


def _nothing_to_show(_connection: sqlite3.Connection, _event: Any, _recorded: Recorded) -> None:
    """Consultations and disclosures are read from the journal itself."""


_PROJECT: dict[type, Callable[[sqlite3.Connection, Any, Recorded], None]] = {
    events.OperationOpened: operations.opened,
    events.OperationSelected: operations.selected,
    events.OperationEnded: operations.ended,
    events.ListImported: lists.imported,
    events.ChecksImported: operations.checks_imported,
    events.CheckRecorded: checks.recorded,
    events.MatchesFoundLater: checks.matches_found_later,
    events.MatchDecided: checks.decided,
    events.DecisionWithdrawn: checks.withdrawn,
    events.OutcomeRecorded: checks.outcome_recorded,
    events.CheckAmended: corrections.amended,
    events.CheckVoided: corrections.voided,
    events.VoidWithdrawn: corrections.void_withdrawn,
    events.RecordConsulted: _nothing_to_show,
    events.DataDisclosed: _nothing_to_show,
    events.RecordsHeld: operations.records_held,
}


def project(connection: sqlite3.Connection, event: events.Event, recorded: Recorded) -> None:
    """Write what `event` means into the projections."""
    _PROJECT[type(event)](connection, event, recorded)


def recorded_events(
    connection: sqlite3.Connection, condition: str, values: tuple[Any, ...], most: int = -1
) -> Iterator[tuple[Recorded, str]]:
    """Events with their payloads, in the order of the journal, `most` of them or all;
    `condition` is SQL about the journal.
    """
    rows = connection.execute(
        "SELECT position, seq, recorded_at, officer, agency, device, hash, payload FROM journal"
        f" WHERE {condition} ORDER BY position LIMIT ?",
        (*values, most),
    )
    for position, seq, recorded_at, officer, agency, device, hashed, payload in rows:
        actor = Actor(officer, agency, device)
        yield Recorded(position, seq, recorded_at, actor, hashed.hex()), payload


def rebuild(connection: sqlite3.Connection) -> int:
    """Empty the projections and make them again; returns how many events were read.

    The caller has begun a transaction.
    """
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    return replay(connection)


def replay(connection: sqlite3.Connection, after: int = 0, most: int = -1) -> int:
    """Project `most` events behind position `after`, or all; returns how many were read."""
    read = events.adapter()
    count = 0
    for recorded, payload in recorded_events(connection, "position > ?", (after,), most):
        project(connection, read.validate_json(payload), recorded)
        count += 1
    return count


def anything_kept(connection: sqlite3.Connection) -> bool:
    """Whether there is a record in any table but the journal."""
    rows = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in (*TABLES, "entry"))
    (found,) = connection.execute(f"SELECT {rows}").fetchone()
    return bool(found)


def dump(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every projection, in a fixed order, to compare two states."""
    return {
        table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES
    }
