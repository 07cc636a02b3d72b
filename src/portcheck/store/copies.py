"""Rows of an operation as they are copied elsewhere, for analysts; and which of them changed."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from portcheck.store.standing import STANDS

_CHOSEN = (
    "c.operation_id = :operation AND (:only IS NULL"
    " OR c.check_id IN (SELECT value FROM json_each(:only)))"
)


def _own(owner: str, names: str) -> dict[str, str]:
    """Columns that are called the same there, each as SQL."""
    return {name: f"{owner}.{name}" for name in names.split()}


_COLUMNS: dict[str, dict[str, str]] = {
    "checks": _own(
        "c",
        "check_id operation_id ref device at officer agency direction unit body lane country"
        " vehicle vehicle_key trailer trailer_key container container_key screened verdict"
        " primary_outcome amended voided source",
    )
    | {"timezone": "o.timezone", "site": "CASE WHEN c.site > '' THEN c.site ELSE o.site END"},
    "matches": _own(
        "m",
        "check_id number unit tier registration country list_name haulier decision decided_by"
        " decided_at later",
    )
    | {"counts": f"m.{STANDS}"},
    "penalties": _own("p", "check_id match_number number reference owed_pence enforceable")
    | {
        name: f"p.snapshot ->> '{name}'"
        for name in ("liable_party", "section", "status", "issued_on")
    },
    "findings": _own("f", "check_id field value detail quantity amount_minor currency")
    | {"place": "f.position"},
    "penalty_actions": _own("a", "check_id reference_key action amount_pence")
    | {"place": "a.position"},
}
_JOINED = {
    "checks": "operation AS o ON o.operation_id = c.operation_id",
    "matches": "check_match AS m ON m.check_id = c.check_id",
    "penalties": "match_penalty AS p ON p.check_id = c.check_id",
    "findings": "finding AS f ON f.check_id = c.check_id",
    "penalty_actions": "penalty_action AS a ON a.check_id = c.check_id",
}
"""What is joined with the checks `c`."""


class Copied(NamedTuple):
    """Rows of one table, by the names of their columns."""

    table: str
    columns: tuple[str, ...]
    rows: sqlite3.Cursor


class Reading(NamedTuple):
    """The newest event that is held, by arrival; its hash; how many texts there are up to it."""

    arrival: int
    event: str
    texts: int


def copies(
    connection: sqlite3.Connection, operation_id: str, checks: Sequence[str] | None
) -> Iterator[Copied]:
    """The rows of an operation's checks, or of these among them, a table after another."""
    only = None if checks is None else json.dumps(list(checks))
    given = {"operation": operation_id, "only": only}
    for table, columns in _COLUMNS.items():
        query = (
            f"SELECT {', '.join(columns.values())} FROM vehicle_check AS c JOIN {_JOINED[table]}"
            f" WHERE {_CHOSEN}"
        )
        yield Copied(table, tuple(columns), connection.execute(query, given))


def operation_copied(connection: sqlite3.Connection, operation_id: str) -> dict[str, Any]:
    """What is said of an operation itself; its agencies and its recorded tally are JSON."""
    names = ("operation_id", "name", "site", "agencies", "timezone", "started_at", "ended_at")
    row = connection.execute(
        f"SELECT {', '.join(names)}, CASE WHEN ended_at IS NOT NULL THEN tally END FROM operation"
        " WHERE operation_id = ?",
        (operation_id,),
    ).fetchone()
    return dict(zip((*names, "tally"), row, strict=True))


def reading(connection: sqlite3.Connection) -> Reading:
    """Up to where the journal is read now."""
    row = connection.execute(
        "SELECT arrival, lower(hex(hash)), (SELECT COUNT(*) FROM payload) FROM journal"
        " ORDER BY arrival DESC LIMIT 1"
    ).fetchone()
    return Reading(*row) if row else Reading(0, "", 0)


def changed_since(
    connection: sqlite3.Connection, operation_id: str, before: Reading
) -> list[str] | None:
    """The checks of an operation of which something was recorded, or came, since; None where it
    must be looked through whole: the operation itself changed, or texts came late or were
    erased, or this is another journal.
    """
    event, texts = connection.execute(
        "SELECT (SELECT lower(hex(hash)) FROM journal WHERE arrival = ?1),"
        " (SELECT COUNT(*) FROM payload WHERE arrival <= ?1)",
        (before.arrival,),
    ).fetchone()
    if (event, texts) != before[1:]:
        return None
    subjects = {
        subject
        for (subject,) in connection.execute(
            "SELECT DISTINCT subject FROM journal WHERE arrival > ?", (before.arrival,)
        )
    }
    if operation_id in subjects:
        return None
    found = connection.execute(
        "SELECT check_id FROM vehicle_check WHERE operation_id = ?"
        " AND check_id IN (SELECT value FROM json_each(?))",
        (operation_id, json.dumps(sorted(subjects))),
    )
    return [check_id for (check_id,) in found]
