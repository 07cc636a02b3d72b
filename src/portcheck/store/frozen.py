"""A copy of some operations' checks, for work that takes long or looks back.

The copy stands in temporary tables of the same names: a name without a schema
means the temporary table first (sqlite.org/lang_naming.html), so whatever counts
or reads checks on the connection works on the copy, while officers go on
recording.  An operation that has ended is turned back to its end: checks that
were corrected afterwards are made again from the journal's events up to there.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from portcheck.journal.append import CHAINS, Head, heads
from portcheck.store.connection import private

_OF_CHECKS = (
    "vehicle_check",
    "check_match",
    "match_penalty",
    "finding",
    "penalty_action",
    "amendment",
    "dispute",
)
_SUMS = ("check_sum", "finding_sum")
_INDEXES = (
    ("vehicle_check", "check_id"),
    ("vehicle_check", "at, check_id"),
    ("check_match", "check_id, number"),
    ("match_penalty", "check_id, match_number, number"),
    ("finding", "field, check_id"),
    ("penalty_action", "check_id"),
    ("amendment", "check_id"),
)
_CHAIN_OF = "SELECT chain FROM own_chain WHERE label = ? ORDER BY number LIMIT 1"
End = Mapping[bytes, int]
"""What was known at an operation's end: each chain's newest event by its number."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The state of the journal: every chain's newest event, and the time of the newest (UTC)."""

    heads: tuple[Head, ...]
    recorded_at: str

    @property
    def events(self) -> int:
        """How many events that is."""
        return sum(head.seq for head in self.heads)


def moment(connection: sqlite3.Connection) -> Moment:
    """The journal's state as it is; the caller holds a transaction."""
    row = connection.execute(
        "SELECT recorded_at FROM journal ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return Moment(tuple(heads(connection)), row[0] if row else "")


def last_held(connection: sqlite3.Connection) -> tuple[str, str, int] | None:
    """When (UTC text) and by whom the records were last held against the journal, and how many
    events it had then; None where they never were.
    """
    found: tuple[str, str, int] | None = connection.execute(
        "SELECT at, officer, events FROM records_held ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return found


def end_of(connection: sqlite3.Connection, operation_id: str) -> End | None:
    """What was known when the operation was ended; None where it was not."""
    row = connection.execute(
        "SELECT j.chain, j.seq, j.payload ->> 'heads', j.payload ->> 'fingerprint' FROM fact AS j"
        " WHERE j.subject = ?1 AND j.kind = 'operation_ended' AND lower(hex(j.hash)) ="
        " (SELECT ended_in FROM operation WHERE operation_id = ?1)",
        (operation_id,),
    ).fetchone()
    if row is None:
        return None
    chain, seq, named, fingerprint = row
    known: dict[bytes, int] = (
        {bytes.fromhex(one["chain"]): int(one["seq"]) for one in json.loads(named)}
        if named
        else _heads_of(connection, fingerprint)
    )
    return known | {chain: seq}


def _heads_of(connection: sqlite3.Connection, fingerprint: str) -> dict[bytes, int]:
    """The heads behind a fingerprint of the time when a label had one chain."""
    marks = [mark.split(":") for mark in fingerprint.split()]
    rows = (
        (connection.execute(_CHAIN_OF, (device,)).fetchone(), int(seq)) for device, seq, _ in marks
    )
    return {row[0]: seq for row, seq in rows if row}


def changed_after(connection: sqlite3.Connection, operation_id: str, end: End) -> list[str]:
    """The identities of the operation's checks that events not known at its end are about."""
    known = json.dumps([[chain.hex().upper(), seq] for chain, seq in end.items()])
    rows = connection.execute(
        "SELECT DISTINCT c.check_id FROM"
        f" ({CHAINS}) AS h"
        " LEFT JOIN json_each(?) AS k ON k.value ->> 0 = hex(h.chain)"
        " JOIN journal AS j ON j.chain = h.chain AND j.seq > COALESCE(k.value ->> 1, 0)"
        " JOIN main.vehicle_check AS c ON c.check_id = j.subject"
        " WHERE c.operation_id = ? ORDER BY c.check_id",
        (known, operation_id),
    )
    return [row[0] for row in rows]


def recorded_after(connection: sqlite3.Connection, operation_id: str, end: End) -> dict[str, int]:
    """How many of the operation's checks were not known at its end, by the device's label."""
    rows = connection.execute(
        "SELECT j.device, j.chain, j.seq FROM main.vehicle_check AS c JOIN journal AS j"
        " ON j.subject = c.check_id AND j.kind = 'check_recorded' WHERE c.check_id IN"
        " (SELECT value FROM json_each(?))",
        (json.dumps(changed_after(connection, operation_id, end)),),
    )
    late = Counter(device for device, chain, seq in rows if seq > end.get(chain, 0))
    return dict(late)


@contextmanager
def frozen(connection: sqlite3.Connection, ends: Mapping[str, End | None]) -> Iterator[Moment]:
    """What is read inside is the copy; no lock is held, and the copy is gone at the end.

    `ends` has the operations by identity: what was known when each was ended, or None
    for its checks as they are now.  Yields the state of the journal that the copy was
    made in.
    """
    try:
        with private(connection):
            _copy(connection, ends)
            for number, (table, columns) in enumerate(_INDEXES):
                connection.execute(f"CREATE INDEX temp.frozen_{number} ON {table} ({columns})")
            turned = [_turn_back(connection, name, end) for name, end in ends.items() if end]
            if any(turned):
                _sum_anew(connection)
            now = moment(connection)
        yield now
    finally:
        for table in (*_OF_CHECKS, *_SUMS):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _copy(connection: sqlite3.Connection, ends: Mapping[str, End | None]) -> None:
    marks = ",".join("?" * len(ends))
    chosen = f"operation_id IN ({marks})"
    by_check = f"check_id IN (SELECT check_id FROM main.vehicle_check WHERE {chosen})"
    conditions = dict.fromkeys((*_OF_CHECKS, *_SUMS), chosen) | dict.fromkeys(
        ("match_penalty", "penalty_action", "amendment"), by_check
    )
    conditions["dispute"] = by_check.replace("check_id", "subject", 1)
    for table, condition in conditions.items():
        connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table} WHERE {condition}",
            tuple(ends),
        )


def _turn_back(connection: sqlite3.Connection, operation_id: str, end: End) -> bool:
    """Make the checks that changed after the end again, as they stood there; whether any did."""
    changed = changed_after(connection, operation_id, end)
    if not changed:
        return False
    from portcheck.store.projections import make_as_of  # noqa: PLC0415 - slow, seldom needed

    make_as_of(connection, changed, end)
    return True


def _sum_anew(connection: sqlite3.Connection) -> None:
    from portcheck.store.projections.sums import anew  # noqa: PLC0415 - as above

    anew(connection)
