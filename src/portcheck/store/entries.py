"""Storing a version of a list: staged in temporary tables, then only its differences.

Staging touches no table of the database, so that officers go on checking while
a file is read.  `content` is a hash of an entry's values: equal content is the
same entry.  `identity` (registration key and penalty reference) tells a changed
entry from one removed and another added.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

from portcheck.domain.listing import ListedRow
from portcheck.domain.problem import Problem, Severity

_VALUES = tuple(f.name for f in fields(ListedRow) if f.name != "extra")
COLUMNS = (*_VALUES, "extra")
_values_of = attrgetter(*_VALUES)
_DATES = tuple(i for i, name in enumerate(_VALUES) if name.endswith("_on"))
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


def begin_staging(connection: sqlite3.Connection) -> None:
    """Empty staging tables."""
    columns = ", ".join(COLUMNS)
    for table in ("staged", "staged_mark", "staged_problem"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    connection.execute(
        "CREATE TEMP TABLE staged"
        f" (row INTEGER PRIMARY KEY, content BLOB, identity TEXT, {columns})"
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
    marks = "?, ?, ?, " + ", ".join("?" * len(COLUMNS))
    connection.executemany(
        f"INSERT INTO staged VALUES ({marks})",
        [_staged(number, entry, keys) for number, entry, keys in batch],
    )
    connection.executemany(
        "INSERT INTO staged_mark VALUES (?, ?, ?, ?)",
        [(number, *mark) for number, _, keys in batch for mark in keys],
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


def _staged(number: int, entry: ListedRow, keys: Sequence[Mark]) -> tuple[Any, ...]:
    values = list(_values_of(entry))
    for i in _DATES:
        if values[i] is not None:
            values[i] = values[i].isoformat()
    values.append(json.dumps(entry.extra, ensure_ascii=False) if entry.extra else "[]")
    stored = tuple(values)
    identity = f"{keys[0][1]}\x1f{entry.penalty_reference}"
    return (number, content_of(stored), identity, *stored)


def content_of(stored: tuple[Any, ...]) -> bytes:
    """The hash of an entry's values as they are stored, in the order of COLUMNS."""
    return hashlib.blake2b(repr(stored).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def drop_duplicates(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Take rows that say the same as an earlier one out; (row, the earlier row) of each."""
    connection.execute("CREATE INDEX temp.staged_content ON staged (content, row)")
    duplicates = connection.execute(
        "SELECT row, first FROM (SELECT row, MIN(row) OVER (PARTITION BY content) AS first"
        " FROM staged) WHERE row > first ORDER BY row"
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
    unchanged = number(
        f"SELECT COUNT(*) FROM entry WHERE {_CURRENT} AND content IN (SELECT content FROM staged)"
    )
    changed = number(
        "SELECT COALESCE(SUM(MIN(gone.n, come.n)), 0) FROM"
        f" (SELECT identity, COUNT(*) AS n FROM entry WHERE {_CURRENT}"
        "  AND content NOT IN (SELECT content FROM staged) GROUP BY identity) AS gone JOIN"
        " (SELECT identity, COUNT(*) AS n FROM staged WHERE content NOT IN"
        "  (SELECT content FROM entry WHERE list_name = ?1 AND removed_version IS NULL)"
        "  GROUP BY identity) AS come USING (identity)"
    )
    return Differences(
        current, staged - unchanged - changed, changed, current - unchanged - changed, unchanged
    )


def store_version(connection: sqlite3.Connection, list_name: str, version: int) -> str:
    """Write the staged version's differences; returns the hash over all entries in force.

    The caller has begun a write transaction and appends the import's event.
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
    (newest,) = connection.execute("SELECT COALESCE(MAX(entry_id), 0) FROM entry").fetchone()
    connection.execute(
        f"INSERT INTO entry (entry_id, list_name, added_version, row, content, identity, {_NAMES})"
        f" SELECT ?3 + row, ?1, ?2, row, content, identity, {_NAMES} FROM staged"
        f" WHERE content NOT IN (SELECT content FROM entry WHERE {_CURRENT}) ORDER BY row",
        (list_name, version, newest),
    )
    connection.execute(
        "INSERT INTO entry_mark (skeleton, key, entry_id, unit)"
        " SELECT DISTINCT skeleton, key, ?1 + row, unit FROM staged_mark"
        " WHERE ?1 + row IN (SELECT entry_id FROM entry WHERE entry_id > ?1) ORDER BY 1, 2, 3, 4",
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
    digest = hashlib.sha256()
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
    for entry_id, content, *stored in rows:
        if content_of(tuple(stored)) != content:
            yield entry_id


def staged_problems(connection: sqlite3.Connection) -> Iterator[tuple[Problem, list[str]]]:
    """The staged problems in order of row, each with its row as texts."""
    rows = connection.execute(
        "SELECT row, column, value, reason, severity, raw FROM staged_problem ORDER BY row, rowid"
    )
    for row, column, value, reason, severity, raw in rows:
        yield Problem(row, column, value, reason, Severity(severity)), json.loads(raw)


def staged_keys(connection: sqlite3.Connection) -> Iterator[str]:
    """The first key of every staged entry."""
    for (identity,) in connection.execute("SELECT identity FROM staged"):
        yield identity.partition("\x1f")[0]


def end_staging(connection: sqlite3.Connection) -> None:
    """Drop the staging tables."""
    for table in ("staged", "staged_mark", "staged_problem"):
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
    rows = connection.execute(f"SELECT row, identity, {_NAMES} FROM staged ORDER BY row")
    for row, identity, *stored in rows:
        yield row, identity, _entry(stored)


def _entry(stored: Sequence[Any]) -> ListedRow:
    values: dict[str, Any] = dict(zip(COLUMNS, stored, strict=True))
    for name in _VALUES:
        if name.endswith("_on") and values[name]:
            values[name] = date.fromisoformat(values[name])
    values["extra"] = tuple((heading, text) for heading, text in json.loads(values["extra"]))
    return ListedRow(**values)
