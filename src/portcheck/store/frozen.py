"""A copy of some operations' checks, for work that takes long or looks back.

The copy stands in temporary tables of the same names: a name without a schema
means the temporary table first (sqlite.org/lang_naming.html), so whatever counts
or reads checks on the connection works on the copy, while officers go on
recording.  An operation that has ended is turned back to its end: checks that
were corrected afterwards are made again from the journal's events up to there.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from portcheck.journal.append import heads
from portcheck.store.connection import private

_OF_CHECKS = (
    "vehicle_check",
    "check_match",
    "match_penalty",
    "finding",
    "penalty_action",
    "amendment",
)
_INDEXES = (
    ("vehicle_check", "check_id"),
    ("vehicle_check", "at, check_id"),
    ("check_match", "check_id, number"),
    ("match_penalty", "check_id, match_number, number"),
    ("finding", "field, check_id"),
    ("penalty_action", "check_id"),
    ("amendment", "check_id"),
)
_ABOUT_A_CHECK = (
    "kind IN ('check_recorded', 'matches_found_later', 'match_decided', 'decision_withdrawn',"
    " 'outcome_recorded', 'check_amended', 'check_voided', 'void_withdrawn')"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The state of the journal: every device's newest event, and the time (UTC) and the
    position of the newest of all.
    """

    heads: tuple[tuple[str, int, bytes], ...]
    recorded_at: str
    position: int


def moment(connection: sqlite3.Connection) -> Moment:
    """The journal's state as it is; the caller holds a transaction."""
    row = connection.execute(
        "SELECT recorded_at, position FROM journal ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return Moment(tuple(heads(connection)), *(row or ("", 0)))


def last_held(connection: sqlite3.Connection) -> tuple[str, str, int] | None:
    """When (UTC text) and by whom the records were last held against the journal, and how many
    events it had then; None where they never were.
    """
    found: tuple[str, str, int] | None = connection.execute(
        "SELECT at, officer, events FROM records_held ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return found


def end_of(connection: sqlite3.Connection, operation_id: str) -> int:
    """The position of the event that ended the operation, 0 where none did."""
    row = connection.execute(
        "SELECT fingerprint FROM operation WHERE operation_id = ?", (operation_id,)
    ).fetchone()
    row = connection.execute(
        "SELECT position FROM journal WHERE position > ? AND kind = 'operation_ended'"
        " AND payload ->> 'operation_id' = ? ORDER BY position LIMIT 1",
        (_newest_of(connection, row[0] if row else None), operation_id),
    ).fetchone()
    return int(row[0]) if row else 0


def _newest_of(connection: sqlite3.Connection, fingerprint: str | None) -> int:
    """The position of the newest event that a fingerprint names: an end comes right after it,
    and need not be looked for in all that was before.
    """
    marks = [mark.split(":") for mark in (fingerprint or "").split()]
    rows = (
        connection.execute(
            "SELECT position FROM journal WHERE device = ? AND seq = ?", (device, int(seq))
        ).fetchone()
        for device, seq, _ in marks
    )
    return max((row[0] for row in rows if row), default=0)


def changed_after(connection: sqlite3.Connection, operation_id: str, position: int) -> list[str]:
    """The identities of the operation's checks that later events are about."""
    rows = connection.execute(
        "SELECT DISTINCT c.check_id FROM journal AS j JOIN main.vehicle_check AS c"
        f" ON c.check_id = j.payload ->> 'check_id' WHERE j.position > ? AND j.{_ABOUT_A_CHECK}"
        " AND c.operation_id = ? ORDER BY c.check_id",
        (position, operation_id),
    )
    return [row[0] for row in rows]


@contextmanager
def frozen(connection: sqlite3.Connection, ends: Mapping[str, int]) -> Iterator[Moment]:
    """What is read inside is the copy; no lock is held, and the copy is gone at the end.

    `ends` has the operations by identity: the position of the event that ended
    each, or 0 for its checks as they are now.  Yields the state of the journal
    that the copy was made in.
    """
    try:
        with private(connection):
            _copy(connection, ends)
            for operation_id, position in ends.items():
                if position:
                    _turn_back(connection, operation_id, position)
            for number, (table, columns) in enumerate(_INDEXES):
                connection.execute(f"CREATE INDEX temp.frozen_{number} ON {table} ({columns})")
            now = moment(connection)
        yield now
    finally:
        for table in _OF_CHECKS:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _copy(connection: sqlite3.Connection, ends: Mapping[str, int]) -> None:
    marks = ",".join("?" * len(ends))
    chosen = f"operation_id IN ({marks})"
    by_check = f"check_id IN (SELECT check_id FROM main.vehicle_check WHERE {chosen})"
    conditions = dict.fromkeys(_OF_CHECKS, chosen) | dict.fromkeys(
        ("match_penalty", "penalty_action", "amendment"), by_check
    )
    for table, condition in conditions.items():
        connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table} WHERE {condition}",
            tuple(ends),
        )


def _turn_back(connection: sqlite3.Connection, operation_id: str, position: int) -> None:
    """Make the checks that changed after `position` again, as they stood there."""
    changed = changed_after(connection, operation_id, position)
    if not changed:
        return
    from portcheck.journal.events import adapter  # noqa: PLC0415 - slow to load, seldom needed
    from portcheck.store.projections import project, recorded_events  # noqa: PLC0415

    chosen, these = "IN (SELECT value FROM json_each(?))", json.dumps(changed)
    for table in _OF_CHECKS:
        connection.execute(f"DELETE FROM temp.{table} WHERE check_id {chosen}", (these,))
    read = adapter()
    condition = f"position <= ? AND {_ABOUT_A_CHECK} AND payload ->> 'check_id' {chosen}"
    for recorded, payload in list(recorded_events(connection, condition, (position, these))):
        project(connection, read.validate_json(payload), recorded)
