"""Versions of a list, of which only the differences are stored.

`content` is a hash of an entry's values: equal content is the same entry.
`identity` (registration key and penalty reference) tells a changed entry from
one removed and another added.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress

from portcheck.domain.listing import ListedRow
from portcheck.store.entryvalues import BLANKS, COLUMNS, entry_of
from portcheck.store.listsums import Sums, sums
from portcheck.store.marks import knows_references
from portcheck.store.staged import IN_FORCE, literal, staged_identity, staged_values

_NAMES = ", ".join(COLUMNS)


@dataclass(frozen=True, slots=True)
class Differences:
    """How the staged version differs from the one in force, in entries.

    `kept` are those in force to which the staged ones are added, if they are.
    """

    current: int
    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int = 0


def differences(
    connection: sqlite3.Connection, list_name: str, *, adding: bool = False
) -> Differences:
    """What storing the staged version would change: in the place of the one in force, or
    `adding` to it (then `drop_known` was called).
    """

    def number(query: str) -> int:
        return int(connection.execute(query, (list_name,)).fetchone()[0])

    current = number(f"SELECT COUNT(*) FROM entry WHERE {IN_FORCE}")
    staged = int(connection.execute("SELECT COUNT(*) FROM staged").fetchone()[0])
    if adding or not current:
        return Differences(current, staged, 0, 0, 0, kept=current)
    unchanged = number(
        f"SELECT COUNT(*) FROM entry WHERE {IN_FORCE} AND content IN (SELECT content FROM staged)"
    )
    changed = number(
        "SELECT COALESCE(SUM(MIN(gone.n, come.n)), 0) FROM"
        f" (SELECT identity, COUNT(*) AS n FROM entry WHERE {IN_FORCE}"
        "  AND content NOT IN (SELECT content FROM staged) GROUP BY identity) AS gone JOIN"
        f" (SELECT {staged_identity(connection)} AS identity, COUNT(*) AS n FROM staged"
        f"  WHERE content NOT IN (SELECT content FROM entry WHERE {IN_FORCE})"
        "  GROUP BY 1) AS come USING (identity)"
    )
    return Differences(
        current, staged - unchanged - changed, changed, current - unchanged - changed, unchanged
    )


def store_version(
    connection: sqlite3.Connection, list_name: str, version: int, *, adding: bool = False
) -> Sums:
    """Write the staged version's differences; returns the hashes of what is then in force.

    Only what is new is left staged.  What is in force and not staged is removed, unless
    `adding`.  The caller has begun a write transaction and appends the import's event.
    """
    if not adding:
        _remove_what_went(connection, list_name, version)
    connection.execute(
        f"DELETE FROM staged WHERE content IN (SELECT content FROM entry WHERE {IN_FORCE})",
        (list_name,),
    )
    (newest,) = connection.execute("SELECT COALESCE(MAX(entry_id), 0) FROM entry").fetchone()
    columns = dict(zip(COLUMNS, staged_values(connection), strict=True))
    knows_references(connection)
    connection.execute(
        "INSERT INTO entry (entry_id, list_name, added_version, row, sheet, content, identity,"
        f" reference_key, {_NAMES})"
        f" SELECT ?3 + place, ?1, ?2, row, sheet, content, {staged_identity(connection)},"
        f" reference_key({columns['penalty_reference']}), {', '.join(columns.values())}"
        " FROM staged ORDER BY place",
        (list_name, version, newest),
    )
    # An entry may have one registration in two columns: then the mark comes twice.
    connection.execute(
        "INSERT OR IGNORE INTO entry_mark (skeleton, key, entry_id, unit)"
        " SELECT skeleton, key, ?1 + place, mark_unit FROM staged UNION ALL"
        " SELECT skeleton, key, ?1 + place, unit FROM staged_mark"
        " WHERE place IN (SELECT place FROM staged) ORDER BY 1, 2",
        (newest,),
    )
    connection.execute(
        "INSERT INTO list_problem "
        " (list_name, version, row, severity, column, value, reason, raw, sheet)"
        " SELECT ?, ?, row, severity, column, value, reason, raw, sheet"
        " FROM staged_problem ORDER BY sheet, row",
        (list_name, version),
    )
    return sums(connection, list_name, version)


def _remove_what_went(connection: sqlite3.Connection, list_name: str, version: int) -> None:
    gone = (
        f"SELECT entry_id FROM entry WHERE {IN_FORCE}"
        " AND content NOT IN (SELECT content FROM staged)"
    )
    connection.execute(f"DELETE FROM entry_mark WHERE entry_id IN ({gone})", (list_name,))
    connection.execute(
        f"UPDATE entry SET removed_version = ?2 WHERE entry_id IN ({gone})",
        (list_name, version),
    )


def entries_of(
    connection: sqlite3.Connection, list_name: str, version: int
) -> Iterator[tuple[int, str, ListedRow]]:
    """(row, identity, entry) of every entry that was in force in `version`, in sheet order."""
    rows = connection.execute(
        f"SELECT row, identity, {_NAMES} FROM entry WHERE list_name = ?1 AND added_version <= ?2"
        " AND (removed_version IS NULL OR removed_version > ?2) ORDER BY sheet, row, entry_id",
        (list_name, version),
    )
    for row, identity, *stored in rows:
        yield row, identity, entry_of(dict(zip(COLUMNS, stored, strict=True)))


def filled(connection: sqlite3.Connection, list_name: str) -> list[str]:
    """Those of COLUMNS that any entry in force of a list has a value in."""
    named = ", ".join(f"MAX({name} IS NOT {literal(BLANKS[name])})" for name in COLUMNS)
    found = connection.execute(f"SELECT {named} FROM entry WHERE {IN_FORCE}", (list_name,))
    return list(compress(COLUMNS, found.fetchone()))


def keys(connection: sqlite3.Connection, list_name: str, *, adding: bool = False) -> Iterator[str]:
    """Every key under which the staged entries are found, each once and in order; `adding`
    to what is in force, those of its entries too.
    """
    there = "SELECT key FROM staged UNION SELECT key FROM staged_mark"
    if adding:
        there += (
            " UNION SELECT m.key FROM entry_mark AS m CROSS JOIN entry AS e"
            f" ON e.entry_id = m.entry_id WHERE {IN_FORCE}"
        )
    return (key for (key,) in connection.execute(there, (list_name,) if adding else ()))
