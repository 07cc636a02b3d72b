"""Hashes by which the journal knows what an import stored beside it."""

import json
import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple

from portcheck.store.staged import IN_FORCE

PROBLEM = "row, severity, column, value, reason, raw, sheet"
"""What an import keeps of a problem, as columns of its table.  The sheet is the last: it is
named only where several were read, and hashed only there.
"""


class Sums(NamedTuple):
    """SHA-256 in hex over a version: its entries' contents; these with their rows in the
    file; its problems.
    """

    entries: str
    rows: str
    problems: str


class EntrySums:
    """The first two of `Sums`, of entries that come in order of content."""

    def __init__(self) -> None:
        self._entries, self._rows = sha256(), sha256()

    def add(self, content: bytes, row: int, sheet: str) -> None:
        """The next entry."""
        self._entries.update(content)
        self._rows.update(b"%b%d%b\n" % (content, row, f" {sheet}".rstrip().encode()))

    def digests(self) -> tuple[str, str]:
        """Of the entries so far."""
        return self._entries.hexdigest(), self._rows.hexdigest()


def sums(connection: sqlite3.Connection, list_name: str, version: int) -> Sums:
    """Of the version that is in force, which is `version`."""
    of_entries = EntrySums()
    for content, row, sheet in connection.execute(
        f"SELECT content, row, sheet FROM entry WHERE {IN_FORCE} ORDER BY content", (list_name,)
    ):
        of_entries.add(content, row, sheet)
    found = connection.execute(
        f"SELECT {PROBLEM} FROM list_problem WHERE list_name = ? AND version = ?"
        f" ORDER BY {PROBLEM}",
        (list_name, version),
    )
    return Sums(*of_entries.digests(), problems_sum(found))


def problems_sum(problems: Iterable[tuple[Any, ...]]) -> str:
    """Of problems as PROBLEM names them, in that order."""
    digest = sha256()
    for *problem, sheet in problems:
        if sheet:
            problem.append(sheet)
        digest.update(json.dumps(problem, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()
