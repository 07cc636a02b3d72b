"""Lists and their versions, a row each: which are known, which is in force, and how it was read."""

import sqlite3
from typing import NamedTuple


class VersionRow(NamedTuple):
    """The version in force of a list; `column_map` is JSON, `sheet` the one to be read and
    `sheet_read` the one that was, `as_of` UTC text.
    """

    version: int
    sha256: str
    column_map: str
    sheet: str
    sheet_read: str
    max_age_days: int
    as_of: str


class Origin(NamedTuple):
    """The file that a version was read from; `as_of` is UTC text."""

    file_name: str
    sha256: str
    sheet: str
    as_of: str


class Accounting(NamedTuple):
    """What became of the rows of the sheet that a version was read from."""

    sheet: str
    rows: int
    accepted: int
    duplicates: int
    rejected: int
    kept: int


def list_names(connection: sqlite3.Connection) -> list[str]:
    """The names of all lists, in order."""
    return [row[0] for row in connection.execute("SELECT name FROM action_list ORDER BY name")]


def version_of(connection: sqlite3.Connection, name: str) -> int:
    """The number of a list's version in force; 0 where there is none."""
    row = connection.execute("SELECT version FROM action_list WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def version_in_force(connection: sqlite3.Connection, name: str) -> VersionRow | None:
    """A list's version in force, or None."""
    row = connection.execute(
        "SELECT v.version, v.sha256, l.column_map, l.sheet, v.sheet, l.max_age_days, v.as_of"
        " FROM action_list AS l JOIN list_version AS v"
        " ON v.list_name = l.name AND v.version = l.version WHERE l.name = ?",
        (name,),
    ).fetchone()
    return VersionRow(*row) if row else None


def origin_of(connection: sqlite3.Connection, name: str, version: int) -> Origin:
    """Where a version that is there came from."""
    row = connection.execute(
        "SELECT file_name, sha256, sheet, as_of FROM list_version"
        " WHERE list_name = ? AND version = ?",
        (name, version),
    ).fetchone()
    return Origin(*row)


def accounting_of(connection: sqlite3.Connection, name: str, version: int) -> Accounting:
    """What became of the rows of a version that is there."""
    row = connection.execute(
        "SELECT sheet, rows, accepted, duplicates, rejected, kept FROM list_version"
        " WHERE list_name = ? AND version = ?",
        (name, version),
    ).fetchone()
    return Accounting(*row)
