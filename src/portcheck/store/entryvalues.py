"""The values of an entry as they are stored, and the hash that tells equal entries."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from hashlib import blake2b
from itertools import repeat
from typing import Any

from portcheck.domain.listing import ListedRow

COLUMNS = tuple(f.name for f in fields(ListedRow))
"""The values of an entry, as columns of its table."""

Stored = str | int | None
"""A value as it is stored: money in pence, a date as ISO text, pairs as JSON, a blank None."""

_PAIRS = ("unread", "extra")
BLANKS: dict[str, Stored] = {
    name: "[]" if name in _PAIRS else getattr(ListedRow(), name) for name in COLUMNS
}
"""What a field without a column is stored as."""


def stored_values(entry: ListedRow) -> Iterator[Stored]:
    """The values of an entry, by COLUMNS."""
    for name in COLUMNS:
        value = getattr(entry, name)
        if name in _PAIRS:
            yield json.dumps(value, ensure_ascii=False)
        else:
            yield value.isoformat() if isinstance(value, date) else value


def entry_of(stored: Mapping[str, Stored]) -> ListedRow:
    """The entry whose values are stored so; a field that is not among them is blank."""
    values: dict[str, Any] = dict(stored)
    for name, value in stored.items():
        if name.endswith("_on") and value:
            values[name] = date.fromisoformat(str(value))
        elif name in _PAIRS:
            values[name] = tuple((label, text) for label, text in json.loads(str(value)))
    return ListedRow(**values)


def contents(columns: Mapping[str, Sequence[Stored]], number: int) -> list[bytes]:
    """A hash of each entry's values; a field without a column is blank.

    Cleaned texts hold no control characters, so the one between two values is
    never taken for a part of them.
    """
    texts = (
        _texts(columns[name]) if name in columns else repeat(BLANKS[name] or "", number)
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
