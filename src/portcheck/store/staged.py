"""A list's next version beside the database, in temporary tables.

Staging touches no table of the database, so that officers go on checking while
a file is read.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from portcheck.domain.listing import ListedRow
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.problem import Problem, Severity
from portcheck.store.connection import make_room
from portcheck.store.entryvalues import (
    BLANKS,
    COLUMNS,
    Stored,
    contents,
    entry_of,
    stored_values,
)
from portcheck.store.marks import Mark

_TABLES = ("staged", "staged_mark", "staged_problem")

IN_FORCE = "list_name = ?1 AND removed_version IS NULL"
"""What is true of the entries in force of a list, its name the first value."""


def begin_staging(connection: sqlite3.Connection, fields: Sequence[str] = COLUMNS) -> None:
    """Empty staging tables, for entries of which no other `fields` than these have values."""
    for schema in ("main", "temp"):
        make_room(connection, schema)
    end_staging(connection)
    connection.execute(
        "CREATE TEMP TABLE staged (row INTEGER PRIMARY KEY, content BLOB, skeleton TEXT,"
        f" key TEXT, mark_unit TEXT, {', '.join(fields)})"
    )
    connection.execute("CREATE TEMP TABLE staged_mark (row INTEGER, skeleton, key, unit)")
    connection.execute(
        "CREATE TEMP TABLE staged_problem (row INTEGER, severity, column, value, reason, raw)"
    )


def stage(
    connection: sqlite3.Connection, rows: Iterable[tuple[int, ListedRow, Sequence[Mark]]]
) -> None:
    """Stage accepted rows: the row's number, its values, its marks (the first names it)."""
    batch = list(rows)
    values = zip(*(stored_values(entry) for _, entry, _ in batch), strict=True)
    stage_columns(
        connection,
        [row for row, _, _ in batch],
        dict(zip(COLUMNS, values, strict=False)),
        [marks for _, _, marks in batch],
    )


def stage_columns(
    connection: sqlite3.Connection,
    rows: Sequence[int],
    columns: Mapping[str, Sequence[Stored]],
    marks: Sequence[Sequence[Mark]],
) -> None:
    """Stage accepted rows by column, as they are stored; `columns` has a value for each row."""
    if not rows:
        return
    firsts = zip(*(found[0] for found in marks), strict=True)
    places = ", ".join("?" * (5 + len(columns)))
    connection.executemany(
        "INSERT INTO staged (row, content, skeleton, key, mark_unit,"
        f" {', '.join(columns)}) VALUES ({places})",
        zip(rows, contents(columns, len(rows)), *firsts, *columns.values(), strict=True),
    )
    connection.executemany(
        "INSERT INTO staged_mark VALUES (?, ?, ?, ?)",
        [(row, *mark) for row, found in zip(rows, marks, strict=True) for mark in found[1:]],
    )


def stage_problems(
    connection: sqlite3.Connection, problems: Iterable[tuple[Problem, Sequence[str]]]
) -> None:
    """Stage problems, each with its row as texts."""
    connection.executemany(
        "INSERT INTO staged_problem VALUES (?, ?, ?, ?, ?, ?)",
        [
            (p.row, p.severity.value, p.column, p.value, p.reason, json.dumps(raw) if raw else "[]")
            for p, raw in problems
        ],
    )


def drop_duplicates(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Take rows that say the same as an earlier one out; (row, the earlier row) of each."""
    connection.execute("CREATE INDEX temp.staged_content ON staged (content)")
    duplicates = connection.execute(
        "SELECT s.row, d.first FROM (SELECT content, MIN(row) AS first FROM staged"
        " GROUP BY content HAVING COUNT(*) > 1) AS d"
        " JOIN staged AS s ON s.content = d.content WHERE s.row > d.first ORDER BY s.row"
    ).fetchall()
    _drop(connection, (row for row, _ in duplicates))
    return duplicates


def drop_known(connection: sqlite3.Connection, list_name: str) -> list[int]:
    """Take rows that say the same as an entry in force out; their numbers."""
    known = f"content IN (SELECT content FROM entry WHERE {IN_FORCE})"
    rows = connection.execute(f"SELECT row FROM staged WHERE {known} ORDER BY row", (list_name,))
    numbers = [row for (row,) in rows]
    _drop(connection, numbers)
    return numbers


def _drop(connection: sqlite3.Connection, rows: Iterable[int]) -> None:
    numbers = [(row,) for row in rows]
    connection.executemany("DELETE FROM staged WHERE row = ?", numbers)
    connection.executemany("DELETE FROM staged_mark WHERE row = ?", numbers)


def staged_beside(connection: sqlite3.Connection, list_name: str) -> list[tuple[int, str]]:
    """(row, penalty reference) of staged entries whose vehicle has that penalty in force."""
    reference = _staged_value(connection, "penalty_reference")
    return connection.execute(
        f"SELECT row, {reference} FROM staged WHERE {reference} > ''"
        f" AND {staged_identity(connection)} IN"
        f" (SELECT identity FROM entry WHERE {IN_FORCE}) ORDER BY row",
        (list_name,),
    ).fetchall()


def staged_of_section(
    connection: sqlite3.Connection, sections: Iterable[str]
) -> Iterator[tuple[int, PenaltyLine]]:
    """(row, line) of staged entries under these sections; the line has its sums and dates."""
    names = ("section", "incident_on", "issued_on", "amount_pence", "balance_pence")
    values = ", ".join(_staged_value(connection, name) for name in names)
    reference, section = (
        _staged_value(connection, name) for name in ("penalty_reference", "section")
    )
    for row, penalty, name, incident, issued, amount, balance in connection.execute(
        f"SELECT row, {reference}, {values} FROM staged"
        f" WHERE {section} IN (SELECT value FROM json_each(?)) ORDER BY row",
        (json.dumps(list(sections)),),
    ):
        days = (date.fromisoformat(on) if on else None for on in (incident, issued))
        incident_on, issued_on = days
        yield (
            row,
            PenaltyLine(
                reference=penalty,
                section=name,
                incident_on=incident_on,
                issued_on=issued_on,
                amount_pence=amount,
                balance_pence=balance,
            ),
        )


def staged_under_both(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """(row, liable party) of staged entries whose party has another section for one incident."""
    party, incident, section = (
        _staged_value(connection, name) for name in ("liable_party", "incident_on", "section")
    )
    told = f"{party} > '' AND {incident} IS NOT NULL AND {section} > ''"
    return connection.execute(
        f"SELECT row, {party} FROM staged WHERE {told} AND ({party}, {incident}) IN"
        f" (SELECT {party}, {incident} FROM staged WHERE {told} GROUP BY 1, 2"
        f" HAVING COUNT(DISTINCT {section}) > 1) ORDER BY row"
    ).fetchall()


def staged_problems(connection: sqlite3.Connection) -> Iterator[tuple[Problem, list[str]]]:
    """The staged problems in order of row, each with its row as texts."""
    rows = connection.execute(
        "SELECT row, column, value, reason, severity, raw FROM staged_problem ORDER BY row, rowid"
    )
    known: dict[str, str] = {}
    once = known.setdefault  # the same words again and again are kept once
    severities = {one.value: one for one in Severity}
    for row, column, value, reason, severity, raw in rows:
        problem = Problem(
            row,
            once(column, column),
            once(value, value),
            once(reason, reason),
            severities[severity],
        )
        yield problem, json.loads(raw) if raw != "[]" else []


def staged_entries(connection: sqlite3.Connection) -> Iterator[tuple[int, str, ListedRow]]:
    """(row, identity, entry) of every staged entry, in sheet order."""
    values = ", ".join(staged_values(connection))
    rows = connection.execute(
        f"SELECT row, {staged_identity(connection)}, {values} FROM staged ORDER BY row"
    )
    for row, identity, *stored in rows:
        yield row, identity, entry_of(dict(zip(COLUMNS, stored, strict=True)))


def end_staging(connection: sqlite3.Connection) -> None:
    """Drop the staging tables."""
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def staged_values(connection: sqlite3.Connection) -> list[str]:
    """For each of COLUMNS, what selects it from the staged entries."""
    there = {row[1] for row in connection.execute("PRAGMA temp.table_info (staged)")}
    return [name if name in there else literal(BLANKS[name]) for name in COLUMNS]


def _staged_value(connection: sqlite3.Connection, name: str) -> str:
    return dict(zip(COLUMNS, staged_values(connection), strict=True))[name]


def staged_identity(connection: sqlite3.Connection) -> str:
    """What selects the identity of a staged entry."""
    return f"key || char(31) || {_staged_value(connection, 'penalty_reference')}"


def literal(blank: Stored) -> str:
    """A blank value as SQL."""
    return "NULL" if blank is None else f"'{blank}'"
