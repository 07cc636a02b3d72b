"""A list's next version beside the database, in temporary tables.

Staging touches no table of the database, so that officers go on checking while
a file is read.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

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


class Dropped(NamedTuple):
    """An entry that was taken out: its sheet, row and key, and where the same stood before.

    `partly` when the row holds other entries, which stay.
    """

    sheet: str
    row: int
    key: str
    first_sheet: str
    first_row: int
    partly: bool


IN_FORCE = "list_name = ?1 AND removed_version IS NULL"
"""What is true of the entries in force of a list, its name the first value."""


def begin_staging(connection: sqlite3.Connection, fields: Sequence[str] = COLUMNS) -> None:
    """Empty staging tables, for entries of which no other `fields` than these have values."""
    for schema in ("main", "temp"):
        make_room(connection, schema)
    end_staging(connection)
    connection.execute(
        "CREATE TEMP TABLE staged (place INTEGER PRIMARY KEY, row INTEGER, sheet TEXT,"
        f" content BLOB, skeleton TEXT, key TEXT, mark_unit TEXT, {', '.join(fields)})"
    )
    connection.execute("CREATE TEMP TABLE staged_mark (place INTEGER, skeleton, key, unit)")
    connection.execute(
        "CREATE TEMP TABLE staged_problem"
        " (row INTEGER, severity, column, value, reason, raw, sheet)"
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
    sheet: str = "",
) -> None:
    """Stage entries by column, as they are stored: `columns` has a value for each.

    `rows` are the rows they stand in, of which one may hold several; `sheet` is the one
    these are in, where several are read.
    """
    if not rows:
        return
    (last,) = connection.execute("SELECT COALESCE(MAX(place), 0) FROM staged").fetchone()
    places = range(last + 1, last + 1 + len(rows))
    firsts = zip(*(found[0] for found in marks), strict=True)
    names = ("place", "row", "sheet", "content", "skeleton", "key", "mark_unit", *columns)
    connection.executemany(
        f"INSERT INTO staged ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        zip(
            places,
            rows,
            repeat(sheet, len(rows)),
            contents(columns, len(rows)),
            *firsts,
            *columns.values(),
            strict=True,
        ),
    )
    connection.executemany(
        "INSERT INTO staged_mark VALUES (?, ?, ?, ?)",
        [(place, *mark) for place, found in zip(places, marks, strict=True) for mark in found[1:]],
    )


def stage_problems(
    connection: sqlite3.Connection, problems: Iterable[tuple[Problem, Sequence[str]]]
) -> None:
    """Stage problems, each with its row as texts."""
    connection.executemany(
        "INSERT INTO staged_problem VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                p.row,
                p.severity.value,
                p.column,
                p.value,
                p.reason,
                json.dumps(raw) if raw else "[]",
                p.sheet,
            )
            for p, raw in problems
        ],
    )


def drop_duplicates(connection: sqlite3.Connection) -> list[Dropped]:
    """Take entries that say the same as an earlier one out."""
    connection.execute("CREATE INDEX temp.staged_content ON staged (content)")
    found = connection.execute(
        "SELECT s.place, s.sheet, s.row, s.key, f.sheet, f.row"
        " FROM (SELECT content, MIN(place) AS first FROM staged"
        " GROUP BY content HAVING COUNT(*) > 1) AS d"
        " JOIN staged AS s ON s.content = d.content AND s.place > d.first"
        " JOIN staged AS f ON f.place = d.first ORDER BY s.place"
    ).fetchall()
    return _drop(connection, found)


def drop_known(connection: sqlite3.Connection, list_name: str) -> list[Dropped]:
    """Take entries that say the same as one in force out."""
    found = connection.execute(
        "SELECT place, sheet, row, key, '', 0 FROM staged"
        f" WHERE content IN (SELECT content FROM entry WHERE {IN_FORCE}) ORDER BY place",
        (list_name,),
    ).fetchall()
    return _drop(connection, found)


def _drop(connection: sqlite3.Connection, found: Sequence[tuple[Any, ...]]) -> list[Dropped]:
    numbers = [(place,) for place, *_ in found]
    connection.executemany("DELETE FROM staged WHERE place = ?", numbers)
    connection.executemany("DELETE FROM staged_mark WHERE place = ?", numbers)
    told = json.dumps([(sheet, row) for _, sheet, row, *_ in found])
    left = set(
        connection.execute(
            "SELECT DISTINCT sheet, row FROM staged WHERE (sheet, row) IN"
            " (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
            (told,),
        )
        if found
        else ()
    )
    return [Dropped._make((*what, tuple(what[:2]) in left)) for _, *what in found]


def staged_beside(connection: sqlite3.Connection, list_name: str) -> list[tuple[str, int, str]]:
    """(sheet, row, penalty reference) of staged entries whose vehicle has that penalty in
    force.
    """
    reference = _staged_value(connection, "penalty_reference")
    return connection.execute(
        f"SELECT sheet, row, {reference} FROM staged WHERE {reference} > ''"
        f" AND {staged_identity(connection)} IN"
        f" (SELECT identity FROM entry WHERE {IN_FORCE}) ORDER BY place",
        (list_name,),
    ).fetchall()


def staged_of_section(
    connection: sqlite3.Connection, sections: Iterable[str]
) -> Iterator[tuple[str, int, PenaltyLine]]:
    """(sheet, row, line) of staged entries under these sections; the line has its sums and
    dates.
    """
    names = ("section", "incident_on", "issued_on", "amount_pence", "balance_pence")
    values = ", ".join(_staged_value(connection, name) for name in names)
    reference, section = (
        _staged_value(connection, name) for name in ("penalty_reference", "section")
    )
    for sheet, row, penalty, name, incident, issued, amount, balance in connection.execute(
        f"SELECT sheet, row, {reference}, {values} FROM staged"
        f" WHERE {section} IN (SELECT value FROM json_each(?)) ORDER BY place",
        (json.dumps(list(sections)),),
    ):
        days = (date.fromisoformat(on) if on else None for on in (incident, issued))
        incident_on, issued_on = days
        yield (
            sheet,
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


def staged_after(connection: sqlite3.Connection, day: str) -> list[tuple[str, int, str]]:
    """(sheet, row, date) of staged penalties that were issued after a day; dates in ISO 8601."""
    issued = _staged_value(connection, "issued_on")
    return connection.execute(
        f"SELECT sheet, row, {issued} FROM staged WHERE {issued} > ? ORDER BY place", (day,)
    ).fetchall()


def staged_containers(connection: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    """(sheet, row, number) of staged entries with a container."""
    number = _staged_value(connection, "container")
    return connection.execute(
        f"SELECT sheet, row, {number} FROM staged WHERE {number} > '' ORDER BY place"
    )


def staged_under_both(connection: sqlite3.Connection) -> list[tuple[str, int, str]]:
    """(sheet, row, liable party) of staged entries whose party has another section for one
    incident.
    """
    party, incident, section = (
        _staged_value(connection, name) for name in ("liable_party", "incident_on", "section")
    )
    told = f"{party} > '' AND {incident} IS NOT NULL AND {section} > ''"
    return connection.execute(
        f"SELECT sheet, row, {party} FROM staged WHERE {told} AND ({party}, {incident}) IN"
        f" (SELECT {party}, {incident} FROM staged WHERE {told} GROUP BY 1, 2"
        f" HAVING COUNT(DISTINCT {section}) > 1) ORDER BY place"
    ).fetchall()


def staged_problems(connection: sqlite3.Connection) -> Iterator[tuple[Problem, list[str]]]:
    """The staged problems in order of row, each with its row as texts."""
    rows = connection.execute(
        "SELECT row, column, value, reason, severity, raw, sheet FROM staged_problem"
        " ORDER BY sheet, row, rowid"
    )
    known: dict[str, str] = {}
    once = known.setdefault  # the same words again and again are kept once
    severities = {one.value: one for one in Severity}
    for row, column, value, reason, severity, raw, sheet in rows:
        problem = Problem(
            row,
            once(column, column),
            once(value, value),
            once(reason, reason),
            severities[severity],
            once(sheet, sheet),
        )
        yield problem, json.loads(raw) if raw != "[]" else []


def staged_entries(connection: sqlite3.Connection) -> Iterator[tuple[int, str, ListedRow]]:
    """(row, identity, entry) of every staged entry, in sheet order."""
    values = ", ".join(staged_values(connection))
    rows = connection.execute(
        f"SELECT row, {staged_identity(connection)}, {values} FROM staged ORDER BY place"
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
