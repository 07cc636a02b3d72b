"""Which keys the entries of a list are found under."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from portcheck.domain.listing import ListedRow
from portcheck.domain.registration.key import skeleton_of, spellings

Mark = tuple[str, str, str]
"""Skeleton, key, and which of its entry's registrations it is."""

_UNITS = {
    "registration": "vehicle",
    "trailer_registration": "trailer",
    "container": "container",
}


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
