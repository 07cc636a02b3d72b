"""Which keys the entries of a list are found under."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from portcheck.domain.listing import ListedRow
from portcheck.domain.registration.key import skeleton_of
from portcheck.domain.registration.readings import spellings
from portcheck.domain.settlement import reference_key

Mark = tuple[str, str, str]
"""Skeleton, key, and which of its entry's registrations it is."""

_UNITS = {
    "registration": "vehicle",
    "trailer_registration": "trailer",
    "container": "container",
}
_BATCH = 2_000
_SEVERAL = "SELECT entry_id FROM entry_mark GROUP BY entry_id HAVING COUNT(*) > 1"


def marks_of(entry: ListedRow) -> list[Mark]:
    """Every key under which an entry is found, its own registration first."""
    columns = {name: [getattr(entry, name)] for name in (*_UNITS, "unit")}
    return marks_of_columns(columns, 1)[0]


def marks_of_columns(columns: Mapping[str, Sequence[Any]], number: int) -> list[list[Mark]]:
    """The marks of each of a `number` of entries, from those of their columns that there are."""
    found: list[tuple[int, str, str]] = []
    for name, unit in _UNITS.items():
        units: Iterable[str] = repeat(unit)
        if name == "registration" and "unit" in columns:
            units = map(_own_unit, columns["unit"])
        texts = zip(columns.get(name, ()), units, strict=False)
        found += [
            (place, key, which)
            for place, (text, which) in enumerate(texts)
            if text
            for key in spellings(text)
        ]
    skeletons = skeleton_of("\n".join(key for _, key, _ in found)).split("\n")  # all at once
    marks: list[list[Mark]] = [[] for _ in range(number)]
    for (place, key, which), skeleton in zip(found, skeletons, strict=False):
        marks[place].append((skeleton, key, which))
    return marks


def _own_unit(unit: str) -> str:
    return unit if unit in {"trailer", "container"} else "vehicle"


def knows_references(connection: sqlite3.Connection) -> None:
    """Lets statements on `connection` call `reference_key`."""
    connection.create_function("reference_key", 1, reference_key, deterministic=True)


def find_anew(connection: sqlite3.Connection) -> None:
    """Give entries that were stored by an earlier portcheck the marks under which they are
    found now: without a country's sign beside the registration, for one; and their references.

    An entry with one mark was and is found under that.  The caller has begun a transaction.
    """
    knows_references(connection)
    connection.execute("UPDATE entry SET reference_key = reference_key(penalty_reference)")
    names = (*_UNITS, "unit")
    several = {entry_id for (entry_id,) in connection.execute(_SEVERAL)}
    rows = connection.execute(
        f"SELECT entry_id, {', '.join(names)} FROM entry WHERE removed_version IS NULL"
    )
    while batch := rows.fetchmany(_BATCH):
        entries, *columns = zip(*batch, strict=True)
        marks = marks_of_columns(dict(zip(names, columns, strict=True)), len(batch))
        changed = {
            entry_id: found
            for entry_id, found in zip(entries, marks, strict=True)
            if len(found) > 1 or entry_id in several
        }
        connection.executemany(
            "DELETE FROM entry_mark WHERE entry_id = ?", [(entry_id,) for entry_id in changed]
        )
        connection.executemany(
            "INSERT OR IGNORE INTO entry_mark (skeleton, key, entry_id, unit) VALUES (?, ?, ?, ?)",
            [(s, key, entry_id, u) for entry_id, found in changed.items() for s, key, u in found],
        )
