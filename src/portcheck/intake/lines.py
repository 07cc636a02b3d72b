"""Penalty lines of rows that name several vehicles: an entry of each, with the row's penalty.

What names a vehicle is a lorry, its trailer and its container together, each of which may
be missing.  A cell with several registrations, and further columns ("Vehicle 2", "Other
vehicles"), give further vehicles: the second lorry goes with the second trailer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from portcheck.domain.registration.key import key_of
from portcheck.intake.readcolumns import Marks
from portcheck.intake.table.columns import MARKS
from portcheck.intake.table.datarows import Rows

Values = dict[str, Sequence[Any]]


class Lines:
    """Makes them of the rows of one table: of its `own` columns of registrations, one a field,
    and of `further` ones.

    `besides` are the fields of registrations that have no column of their own.
    """

    def __init__(self, own: Sequence[Marks], further: Sequence[Marks]) -> None:
        self.further = further
        self._own = own
        fields = {name for column in (*own, *further) for name in column.fields}
        self.besides = tuple(
            name for name in MARKS if name in fields - {column.field for column in own}
        )

    def read(self, rows: Rows) -> list[list[Any]]:
        """The values of the further columns."""
        return [column.read(rows.columns[column.place]) for column in self.further]

    def __call__(
        self,
        rows: Rows,
        columns: Mapping[str, Sequence[Any]],
        further: Sequence[Sequence[Any]],
        pairs: Mapping[str, Sequence[Any]],
    ) -> tuple[Sequence[int], Values]:
        """The row's number of each line, and the lines' values by field, `pairs` the last."""
        blank = {name: [""] * len(rows.numbers) for name in self.besides}
        values: Values = {**columns, **blank, **pairs}
        several = self._several(rows, further)
        if not several:
            return rows.numbers, values
        marks = [name for name in MARKS if name in values]
        places: list[int] = []
        named: list[Sequence[str]] = []
        for place in range(len(rows.numbers)):
            found = {name: [values[name][place]] for name in marks}
            for column, name, text in several.get(place, ()):
                if is_among(text, found[name]):
                    continue
                if found[name] == [""] and name != column.field:  # beside the first of its cell
                    found[name] = [text]
                else:
                    found[name].append(text)
            vehicles = [one for one in _vehicles(found.values()) if any(one)]
            places += [place] * len(vehicles)
            named += vehicles
        lines: Values = {name: [column[i] for i in places] for name, column in values.items()}
        lines |= dict(zip(marks, map(list, zip(*named, strict=True)), strict=True))
        return [rows.numbers[i] for i in places], lines

    def _several(
        self, rows: Rows, further: Sequence[Sequence[Any]]
    ) -> dict[int, list[tuple[Marks, str, str]]]:
        """The further registrations of rows that have any, by place: column, field and text."""
        several: dict[int, list[tuple[Marks, str, str]]] = {}
        texts: Sequence[Sequence[Any]] = [*([()] * len(self._own)), *further]
        for column, values in zip((*self._own, *self.further), texts, strict=True):
            if not values and not column.several:
                continue
            for place, cell in enumerate(rows.columns[column.place]):
                found = [(column, name, text) for name, text in column.several.get(cell, ())]
                if values and values[place]:
                    found.insert(0, (column, column.field, values[place]))
                if found:
                    several.setdefault(place, []).extend(found)
        return several


def is_among(text: str, texts: Iterable[str]) -> bool:
    """Whether a registration is among others, however it is written."""
    return text in texts or key_of(text) in {key_of(one) for one in texts if one}


def _vehicles(found: Iterable[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The registrations of each vehicle, from those of each field in order."""
    return zip_longest(*found, fillvalue="")
