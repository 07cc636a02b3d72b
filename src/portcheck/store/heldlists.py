"""Lists held against the journal: every version, every entry, every mark, every problem.

They are read from a copy in temporary tables, so that officers go on recording.  Each
is read once and in an order of its own; SQLite sorts beside the database where there
is much of it.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from portcheck.domain.settlement import reference_key
from portcheck.store.connection import private
from portcheck.store.difference import ADDED, ALTERED, MISSING, Difference
from portcheck.store.entryvalues import COLUMNS, contents
from portcheck.store.listsums import PROBLEM, EntrySums, problems_sum
from portcheck.store.marks import Mark, marks_of_columns

_TABLES = ("entry", "entry_mark", "list_problem")
_BATCH = 2_000
_HEAD = 7
_NAMES = ", ".join(COLUMNS)
_HELD = (
    "SELECT f.payload ->> 'list_name', f.payload ->> 'version' AS number,"
    " f.payload ->> 'entries_sha256', f.payload ->> 'rows_sha256',"
    " f.payload ->> 'problems_sha256', COALESCE(f.payload ->> 'rejected', 0),"
    " COALESCE(f.payload ->> 'duplicates', 0), COALESCE(f.payload ->> 'warnings', 0)"
    " FROM fact AS f JOIN own_chain USING (chain)"
    " WHERE f.kind IN ('list_imported', 'list_retired') UNION ALL"
    " SELECT h.list_name, h.version, f.payload ->> 'entries_sha256', NULL, NULL, 0, 0, 0"
    " FROM list_held AS h JOIN fact AS f ON f.chain = h.chain AND f.seq = h.seq"
    " ORDER BY number"
)


@dataclass(frozen=True, slots=True)
class _Imported:
    """What the journal says of a version; an early one has no hash of rows and of problems."""

    version: int
    entries_sha256: str
    rows_sha256: str | None
    problems_sha256: str | None
    rejected: int
    duplicates: int
    warnings: int


def altered_lists(connection: sqlite3.Connection) -> Iterator[Difference]:
    """What of the lists, those in force and those before, is not as it was imported."""
    try:
        with private(connection):
            lists = _imported(connection)
            for table in _TABLES:
                connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table}")
        yield from _entries(connection)
        for name, versions in lists.items():
            yield from _versions(connection, name, versions)
        yield from _strangers(connection, lists)
        yield from _problems(connection, lists)
    finally:
        for table in _TABLES:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _imported(connection: sqlite3.Connection) -> dict[str, list[_Imported]]:
    """The versions of each list that are held, oldest first.  Of one that another device
    imported the entries came, and not the rows and problems of its file.
    """
    lists: dict[str, list[_Imported]] = {}
    for name, *said in connection.execute(_HELD):
        lists.setdefault(name, []).append(_Imported(*said))
    return lists


def _entries(connection: sqlite3.Connection) -> Iterator[Difference]:
    """Entries whose values or identity are not those that were imported, and those in force
    that are not found under just their own registrations.
    """
    rows = connection.execute(
        f"SELECT entry_id, list_name, row, content, identity, reference_key, removed_version,"
        f" {_NAMES} FROM entry ORDER BY entry_id"
    )
    stored = _StoredMarks(connection)
    while batch := rows.fetchmany(_BATCH):
        heads = [row[:_HEAD] for row in batch]
        columns = dict(zip(COLUMNS, zip(*(row[_HEAD:] for row in batch), strict=True), strict=True))
        written = contents(columns, len(batch))
        marks = marks_of_columns(columns, len(batch))
        told = zip(columns["registration"], columns["penalty_reference"], strict=True)
        for head, content, own, (mark, reference) in zip(heads, written, marks, told, strict=True):
            entry_id, name, place, was, identity, found_by, removed = head
            key = own[0][1] if own else ""
            row = f"{name} row {place}, {mark or key}"
            if was != content:
                yield Difference("entry", row, ALTERED, name)
            elif identity != f"{key}\x1f{reference}":
                yield Difference("entry", row, f"{ALTERED}: identity", name)
            elif found_by != reference_key(reference):
                yield Difference("entry", row, f"{ALTERED}: reference_key", name)
            there, strangers = stored.of(entry_id)
            yield from map(_loose, strangers)
            if there != (set(own) if removed is None else set()):
                yield Difference("entry_mark", row, ALTERED, name)
    yield from map(_loose, stored.rest())


class _StoredMarks:
    """The marks of entries that are asked for in their order."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute(
            "SELECT entry_id, skeleton, key, unit FROM entry_mark ORDER BY entry_id"
        )
        self._groups = ((entry_id, set(marks)) for entry_id, marks in _grouped_marks(rows))
        self._next = next(self._groups, None)

    def of(self, entry_id: int) -> tuple[set[Mark], list[int]]:
        """The marks of an entry, and the entries before it that there are not."""
        strangers = []
        while self._next and self._next[0] < entry_id:
            strangers.append(self._next[0])
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != entry_id:
            return set(), strangers
        there = self._next[1]
        self._next = next(self._groups, None)
        return there, strangers

    def rest(self) -> Iterator[int]:
        """The entries of the marks that nobody asked for."""
        while self._next:
            yield self._next[0]
            self._next = next(self._groups, None)


def _grouped_marks(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Iterator[Mark]]]:
    for entry_id, marks in groupby(rows, key=itemgetter(0)):
        yield entry_id, ((skeleton, key, unit) for _, skeleton, key, unit in marks)


def _loose(entry_id: int) -> Difference:
    return Difference("entry_mark", f"of entry {entry_id}", f"{ADDED}: there is no such entry")


def _versions(
    connection: sqlite3.Connection, name: str, versions: list[_Imported]
) -> Iterator[Difference]:
    """Versions that do not consist of the entries that were imported, or not of their rows."""
    found = [EntrySums() for _ in versions]
    places = {one.version: place for place, one in enumerate(versions)}
    for content, row, sheet, added, removed in connection.execute(
        "SELECT content, row, sheet, added_version, removed_version FROM entry WHERE list_name = ?"
        " ORDER BY content",
        (name,),
    ):
        begin = places.get(added, len(found))
        end = len(found) if removed is None else places.get(removed, len(found))
        for place in range(begin, end):
            found[place].add(content, row, sheet)
    for version, got in zip(versions, found, strict=True):
        entries_sha256, rows_sha256 = got.digests()
        row = f"{name} version {version.version}"
        if entries_sha256 != version.entries_sha256:
            yield Difference("entry", row, "not the entries that were imported", name)
        elif version.rows_sha256 not in {None, rows_sha256}:
            yield Difference("entry", row, f"{ALTERED}: row", name)


def _strangers(
    connection: sqlite3.Connection, lists: dict[str, list[_Imported]]
) -> Iterator[Difference]:
    """Entries that are of no version of any list."""
    known = {(name, one.version) for name, versions in lists.items() for one in versions}
    for name, added, removed, number in connection.execute(
        "SELECT list_name, added_version, removed_version, COUNT(*) FROM entry GROUP BY 1, 2, 3"
    ):
        ends = removed is None or (removed > added and (name, removed) in known)
        if (name, added) not in known or not ends:
            row = f"{name} version {added} to {removed or 'now'}"
            yield Difference(
                "entry", row, f"{ADDED}: {number} of no version that was imported", name
            )


def _problems(
    connection: sqlite3.Connection, lists: dict[str, list[_Imported]]
) -> Iterator[Difference]:
    """Versions whose problems are not those that were found; an early one is held by counts."""
    waiting = {(name, one.version): one for name, versions in lists.items() for one in versions}
    rows = connection.execute(
        f"SELECT list_name, version, {PROBLEM} FROM list_problem"
        f" ORDER BY list_name, version, {PROBLEM}"
    )
    for (name, version), problems in groupby(rows, key=lambda row: (row[0], row[1])):
        row = f"{name} version {version}"
        imported = waiting.pop((name, version), None)
        if imported is None:
            yield Difference("list_problem", row, f"{ADDED}: no such version was imported", name)
        elif not _same_problems(imported, (problem[2:] for problem in problems)):
            yield Difference("list_problem", row, "not the problems that were found", name)
    for (name, version), imported in waiting.items():
        if not _same_problems(imported, iter(())):
            yield Difference("list_problem", f"{name} version {version}", MISSING, name)


def _same_problems(imported: _Imported, problems: Iterator[tuple[Any, ...]]) -> bool:
    if imported.problems_sha256 is not None:
        return problems_sum(problems) == imported.problems_sha256
    rows: dict[int, str] = {}
    counts: Counter[str] = Counter()
    for row, severity, *_ in problems:
        if severity == "rejected" and rows.get(row) == severity:
            continue  # a row is rejected once, for one reason or several
        rows[row] = severity
        counts[severity] += 1
    said = imported.rejected, imported.duplicates, imported.warnings
    return (counts["rejected"], counts["duplicate"], counts["warning"]) == said
