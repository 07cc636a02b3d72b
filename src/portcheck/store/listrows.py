"""Lists and their versions, a row each: which are known, which is in force, and how it was read."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from portcheck.domain.times import read_utc


class CurrentVersion(NamedTuple):
    """The version in force of a list, and how its files are read; version 0: none yet.

    `sheet` is the one to be read, and `join` what is joined to it, if that was ever said;
    `sheet_read` is the version's own.  `retired` says why the version took the list out of
    force, if it did; `status_words` what words of the office for a status mean.
    """

    name: str
    column_map: dict[str, str]
    version: int = 0
    sha256: str = ""
    sheet: str = ""
    sheet_read: str = ""
    join: str = ""
    max_age_days: int | None = None
    as_of: datetime | None = None
    retired: str = ""
    status_words: Mapping[str, str] = MappingProxyType({})


class Origin(NamedTuple):
    """The file that a version was read from; `as_of` is UTC text; `retired` as above."""

    file_name: str
    sha256: str
    sheet: str
    as_of: str
    retired: str


class Accounting(NamedTuple):
    """What became of the rows of the sheet that a version was read from."""

    sheet: str
    rows: int
    accepted: int
    lines: int
    duplicates: int
    rejected: int
    kept: int


def list_names(connection: sqlite3.Connection) -> list[str]:
    """The names of all lists, in order, those that were retired too."""
    return [row[0] for row in connection.execute("SELECT name FROM action_list ORDER BY name")]


def names_in_force(connection: sqlite3.Connection) -> list[str]:
    """The names of the lists in force, in order."""
    rows = connection.execute(
        "SELECT l.name FROM action_list AS l JOIN list_version AS v ON v.list_name = l.name"
        " AND v.version = l.version WHERE v.retired = '' ORDER BY l.name"
    )
    return [row[0] for row in rows]


def version_of(connection: sqlite3.Connection, name: str) -> int:
    """The number of a list's version in force; 0 where there is none."""
    row = connection.execute("SELECT version FROM action_list WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def current_version(connection: sqlite3.Connection, name: str) -> CurrentVersion:
    """The version in force of the list of this name."""
    row: tuple[Any, ...] | None = connection.execute(
        "SELECT v.as_of, v.retired, l.column_map, v.version, v.sha256, l.sheet, v.sheet,"
        " l.join_wanted, l.max_age_days, l.status_words"
        " FROM action_list AS l JOIN list_version AS v"
        " ON v.list_name = l.name AND v.version = l.version WHERE l.name = ?",
        (name,),
    ).fetchone()
    if row is None:
        return CurrentVersion(name, {})
    as_of, retired, columns, *said, words = row
    read = (name, json.loads(columns), *said, read_utc(as_of), retired, json.loads(words))
    return CurrentVersion._make(read)


def origin_of(connection: sqlite3.Connection, name: str, version: int) -> Origin:
    """Where a version that is there came from."""
    row = connection.execute(
        "SELECT file_name, sha256, sheet, as_of, retired FROM list_version"
        " WHERE list_name = ? AND version = ?",
        (name, version),
    ).fetchone()
    return Origin(*row)


def accounting_of(connection: sqlite3.Connection, name: str, version: int) -> Accounting:
    """What became of the rows of a version that is there."""
    row = connection.execute(
        "SELECT sheet, rows, accepted, lines, duplicates, rejected, kept FROM list_version"
        " WHERE list_name = ? AND version = ?",
        (name, version),
    ).fetchone()
    return Accounting(*row)
