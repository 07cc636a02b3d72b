"""Storing a version of a list: staged in temporary tables, then only its differences.

Staging touches no table of the database, so that officers go on checking while
a file is read.  `content` is a hash of an entry's values: equal content is the
same entry.  `identity` (registration key and penalty reference) tells a changed
entry from one removed and another added.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from hashlib import blake2b, sha256
from itertools import compress, repeat
from operator import ne
from typing import Any

from portcheck.domain.listing import ListedRow
from portcheck.domain.problem import Problem, Severity

COLUMNS = tuple(f.name for f in fields(ListedRow))
"""The values of an entry, as columns of its table."""

Stored = str | int | None
"""A value as it is stored: money in pence, a date as ISO text, `extra` as JSON, a blank None."""

_BLANKS: dict[str, Stored] = {name: getattr(ListedRow(), name) for name in COLUMNS} | {
    "extra": "[]"
}
_STAGING = ("staged", "staged_mark", "staged_problem")
_BATCH = 2_000
_CACHE_KIB = 64 * 1024
"""How much of the database and of the staging tables may be kept in memory while a list is
stored: with SQLite's usual 2 MB its sorting and its indexes wait for the disk."""
_CURRENT = "list_name = ?1 AND removed_version IS NULL"
_NAMES = ", ".join(COLUMNS)

Mark = tuple[str, str, str]
"""Skeleton, key, and which of its entry's registrations it is."""


@dataclass(frozen=True, slots=True)
class Differences:
    """How the staged version differs from the one in force, in entries."""

    current: int
    added: int
    changed: int
    removed: int
    unchanged: int


def begin_staging(connection: sqlite3.Connection, fields: Sequence[str] = COLUMNS) -> None:
    """Empty staging tables, for entries of which no other `fields` than these have values."""
    for schema in ("main", "temp"):
        connection.execute(f"PRAGMA {schema}.cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp.secure_delete = OFF")  # it goes as a whole, file and all
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
    values = zip(*(_stored(entry) for _, entry, _ in batch), strict=True)
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
        zip(rows, _contents(columns, len(rows)), *firsts, *columns.values(), strict=True),
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
            (p.row, p.severity.value, p.column, p.value, p.reason, json.dumps(raw))
            for p, raw in problems
        ],
    )


def _stored(entry: ListedRow) -> Iterator[Stored]:
    for name in COLUMNS:
        value = getattr(entry, name)
        if name == "extra":
            yield json.dumps(value, ensure_ascii=False)
        else:
            yield value.isoformat() if isinstance(value, date) else value


def _contents(columns: Mapping[str, Sequence[Stored]], number: int) -> list[bytes]:
    """A hash of each entry's values; a field without a column is blank.

    Cleaned texts hold no control characters, so the one between two values is
    never taken for a part of them.
    """
    texts = (
        _texts(columns[name]) if name in columns else repeat(_BLANKS[name] or "", number)
        for name in COLUMNS
    )
    return [
        blake2b(row.encode(), digest_size=16).digest()
        for row in map("\x1f".join, zip(*texts, strict=True))
    ]


def _texts(values: Sequence[Stored]) -> Sequence[Any]:
    if set(map(type, values)) == {str}:
        return values
    return ["" if value is None else str(value) for value in values]


def drop_duplicates(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Take rows that say the same as an earlier one out; (row, the earlier row) of each."""
    connection.execute("CREATE INDEX temp.staged_content ON staged (content)")
    duplicates = connection.execute(
        "SELECT s.row, d.first FROM (SELECT content, MIN(row) AS first FROM staged"
        " GROUP BY content HAVING COUNT(*) > 1) AS d"
        " JOIN staged AS s ON s.content = d.content WHERE s.row > d.first ORDER BY s.row"
    ).fetchall()
    rows = [(row,) for row, _ in duplicates]
    connection.executemany("DELETE FROM staged WHERE row = ?", rows)
    connection.executemany("DELETE FROM staged_mark WHERE row = ?", rows)
    return duplicates


def differences(connection: sqlite3.Connection, list_name: str) -> Differences:
    """What storing the staged version would change."""

    def number(query: str) -> int:
        return int(connection.execute(query, (list_name,)).fetchone()[0])

    current = number(f"SELECT COUNT(*) FROM entry WHERE {_CURRENT}")
    staged = int(connection.execute("SELECT COUNT(*) FROM staged").fetchone()[0])
    if not current:
        return Differences(0, staged, 0, 0, 0)
    unchanged = number(
        f"SELECT COUNT(*) FROM entry WHERE {_CURRENT} AND content IN (SELECT content FROM staged)"
    )
    changed = number(
        "SELECT COALESCE(SUM(MIN(gone.n, come.n)), 0) FROM"
        f" (SELECT identity, COUNT(*) AS n FROM entry WHERE {_CURRENT}"
        "  AND content NOT IN (SELECT content FROM staged) GROUP BY identity) AS gone JOIN"
        f" (SELECT {_identity(connection)} AS identity, COUNT(*) AS n FROM staged"
        f"  WHERE content NOT IN (SELECT content FROM entry WHERE {_CURRENT})"
        "  GROUP BY 1) AS come USING (identity)"
    )
    return Differences(
        current, staged - unchanged - changed, changed, current - unchanged - changed, unchanged
    )


def _staged_values(connection: sqlite3.Connection) -> list[str]:
    """For each of COLUMNS, what selects it from the staged entries."""
    there = {row[1] for row in connection.execute("PRAGMA temp.table_info (staged)")}
    return [name if name in there else _sql(_BLANKS[name]) for name in COLUMNS]


def _identity(connection: sqlite3.Connection) -> str:
    reference = dict(zip(COLUMNS, _staged_values(connection), strict=True))["penalty_reference"]
    return f"key || char(31) || {reference}"


def _sql(blank: Stored) -> str:
    return "NULL" if blank is None else f"'{blank}'"


def store_version(connection: sqlite3.Connection, list_name: str, version: int) -> str:
    """Write the staged version's differences; returns the hash over all entries in force.

    Only what is new is left staged.  The caller has begun a write transaction
    and appends the import's event.
    """
    gone = (
        f"SELECT entry_id FROM entry WHERE {_CURRENT}"
        " AND content NOT IN (SELECT content FROM staged)"
    )
    connection.execute(f"DELETE FROM entry_mark WHERE entry_id IN ({gone})", (list_name,))
    connection.execute(
        f"UPDATE entry SET removed_version = ?2 WHERE entry_id IN ({gone})",
        (list_name, version),
    )
    connection.execute(
        f"DELETE FROM staged WHERE content IN (SELECT content FROM entry WHERE {_CURRENT})",
        (list_name,),
    )
    (newest,) = connection.execute("SELECT COALESCE(MAX(entry_id), 0) FROM entry").fetchone()
    values = ", ".join(_staged_values(connection))
    connection.execute(
        f"INSERT INTO entry (entry_id, list_name, added_version, row, content, identity, {_NAMES})"
        f" SELECT ?3 + row, ?1, ?2, row, content, {_identity(connection)}, {values} FROM staged"
        " ORDER BY row",
        (list_name, version, newest),
    )
    # An entry may have one registration in two columns: then the mark comes twice.
    connection.execute(
        "INSERT OR IGNORE INTO entry_mark (skeleton, key, entry_id, unit)"
        " SELECT skeleton, key, ?1 + row, mark_unit FROM staged UNION ALL"
        " SELECT skeleton, key, ?1 + row, unit FROM staged_mark"
        " WHERE row IN (SELECT row FROM staged) ORDER BY 1, 2",
        (newest,),
    )
    connection.execute(
        "INSERT INTO list_problem (list_name, version, row, severity, column, value, reason, raw)"
        " SELECT ?, ?, row, severity, column, value, reason, raw FROM staged_problem ORDER BY row",
        (list_name, version),
    )
    return entries_hash(connection, list_name)


def entries_hash(connection: sqlite3.Connection, list_name: str) -> str:
    """SHA-256 over the contents of the list's entries in force, in order of content."""
    digest = sha256()
    rows = connection.execute(
        f"SELECT content FROM entry WHERE {_CURRENT} ORDER BY content",
        (list_name,),
    )
    for (content,) in rows:
        digest.update(content)
    return digest.hexdigest()


def altered_entries(connection: sqlite3.Connection, list_name: str) -> Iterator[int]:
    """The identities of entries in force whose values are not what was imported."""
    rows = connection.execute(
        f"SELECT entry_id, content, {_NAMES} FROM entry WHERE {_CURRENT}",
        (list_name,),
    )
    while batch := rows.fetchmany(_BATCH):
        entry_ids, contents, *stored = zip(*batch, strict=True)
        found = _contents(dict(zip(COLUMNS, stored, strict=True)), len(batch))
        yield from compress(entry_ids, map(ne, contents, found))


def staged_problems(connection: sqlite3.Connection) -> Iterator[tuple[Problem, list[str]]]:
    """The staged problems in order of row, each with its row as texts."""
    rows = connection.execute(
        "SELECT row, column, value, reason, severity, raw FROM staged_problem ORDER BY row, rowid"
    )
    known: dict[str, str] = {}  # the same words again and again are kept once
    for row, *words, severity, raw in rows:
        column, value, reason = (known.setdefault(word, word) for word in words)
        yield Problem(row, column, value, reason, Severity(severity)), json.loads(raw)


def staged_keys(connection: sqlite3.Connection) -> Iterator[str]:
    """The first key of every staged entry, in sheet order."""
    return (key for (key,) in connection.execute("SELECT key FROM staged ORDER BY row"))


def end_staging(connection: sqlite3.Connection) -> None:
    """Drop the staging tables."""
    for table in _STAGING:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def entries_of(
    connection: sqlite3.Connection, list_name: str, version: int
) -> Iterator[tuple[int, str, ListedRow]]:
    """(row, identity, entry) of every entry that was in force in `version`, in sheet order."""
    rows = connection.execute(
        f"SELECT row, identity, {_NAMES} FROM entry WHERE list_name = ?1 AND added_version <= ?2"
        " AND (removed_version IS NULL OR removed_version > ?2) ORDER BY row, entry_id",
        (list_name, version),
    )
    for row, identity, *stored in rows:
        yield row, identity, _entry(stored)


def staged_entries(connection: sqlite3.Connection) -> Iterator[tuple[int, str, ListedRow]]:
    """(row, identity, entry) of every staged entry, in sheet order."""
    values = ", ".join(_staged_values(connection))
    rows = connection.execute(
        f"SELECT row, {_identity(connection)}, {values} FROM staged ORDER BY row"
    )
    for row, identity, *stored in rows:
        yield row, identity, _entry(stored)


def _entry(stored: Sequence[Any]) -> ListedRow:
    values: dict[str, Any] = dict(zip(COLUMNS, stored, strict=True))
    for name in COLUMNS:
        if name.endswith("_on") and values[name]:
            values[name] = date.fromisoformat(values[name])
    values["extra"] = tuple((heading, text) for heading, text in json.loads(values["extra"]))
    return ListedRow(**values)
