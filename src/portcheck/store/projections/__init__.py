"""From a fact to the tables people read: one function an event class.

`project` runs in the transaction that appended the event.  `rebuild` empties
the projections and runs them all again over the journal; `sums` are counted
once at its end.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from portcheck.journal import events
from portcheck.journal.append import Actor, Recorded
from portcheck.store.projections import checks, corrections, erasing, lists, operations, sums

TABLES = (
    "check_sum",
    "finding_sum",
    "erased",
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
    events.ChainContinued: operations.continued,
    events.PayloadsErased: erasing.erased,
    events.RecordConsulted: _nothing_to_show,
    events.DataDisclosed: _nothing_to_show,
    events.RecordsHeld: operations.records_held,
}


Place = tuple[int, bytes]
"""Where an event stands in the one order of all events: its position, then its chain."""

FIRST: Place = (0, b"")


def project(connection: sqlite3.Connection, event: events.Event, recorded: Recorded) -> None:
    """Write what `event` means into the projections, the sums too."""
    check_id = getattr(event, "check_id", "")
    before = sums.contribution(connection, check_id)
    project_alone(connection, event, recorded)
    if check_id:
        sums.change(connection, before, sums.contribution(connection, check_id))


def project_alone(connection: sqlite3.Connection, event: events.Event, recorded: Recorded) -> None:
    """Write what `event` means into the projections but the sums, which are then made `anew`."""
    _PROJECT[type(event)](connection, event, recorded)


def rebuild(connection: sqlite3.Connection) -> int:
    """Empty the projections and make them again; returns how many events were read.

    The caller has begun a transaction.
    """
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    number, _ = replay(connection, projecting=project_alone)
    sums.anew(connection)
    return number


def replay(
    connection: sqlite3.Connection,
    after: Place = FIRST,
    most: int = -1,
    *,
    projecting: Callable[[sqlite3.Connection, events.Event, Recorded], None] = project,
) -> tuple[int, Place]:
    """Project `most` events behind a place, or all; how many there were, and where they end."""
    count = 0
    for event, recorded in facts(connection, "(position, chain) > (?, ?)", after, most):
        projecting(connection, event, recorded)
        after = recorded.position, recorded.chain
        count += 1
    return count, after


def anything_kept(connection: sqlite3.Connection) -> bool:
    """Whether there is a record in any table but the journal."""
    rows = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in (*TABLES, "entry"))
    (found,) = connection.execute(f"SELECT {rows}").fetchone()
    return bool(found)


def facts(
    connection: sqlite3.Connection, condition: str, values: Sequence[Any], most: int = -1
) -> Iterator[tuple[events.Event, Recorded]]:
    """The events of the journal whose text is held and that meet an SQL condition on `fact`,
    in the one order of all events: by position, and by chain where two stand in one.
    """
    read = events.adapter()
    rows = connection.execute(
        "SELECT position, chain, seq, hash, recorded_at, officer, agency, device, payload FROM fact"
        f" WHERE payload IS NOT NULL AND {condition} ORDER BY position, chain LIMIT ?",
        (*values, most),
    )
    for position, chain, seq, own_hash, recorded_at, officer, agency, device, payload in rows:
        actor = Actor(officer, agency, device)
        recorded = Recorded(position, chain, seq, own_hash, recorded_at, actor)
        yield read.validate_json(payload), recorded


def dump(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every projection, in a fixed order, to compare two states."""
    return {
        table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES
    }
