"""Where things stand in a file: its sheet, its headings, which column is which field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from portcheck.intake.files.sheetreach import column_letters
from portcheck.intake.table.byhand import Mapped
from portcheck.intake.table.columns import MARKS

MONEY = frozenset({"amount", "paid", "balance"})
"""The fields that are sums."""


class MarkColumn(NamedTuple):
    """A column of registrations (its place from 0) and the fields they may be of, its own first."""

    fields: tuple[str, ...]
    place: int
    heading: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in the file.

    `sheet` is "" for a delimited text; `header_row` counts from 1; `columns`
    gives for each field found its column (from 0) and heading; `unknown` the
    columns kept word for word; `headings` all headings, by column, made up
    ("column C") where there is none.  `mapped` is what was settled by hand and
    is to be remembered for the next file.  `further` are the columns of other
    vehicles of a row ("Vehicle 2"); `paired` gives the columns whose cells may hold
    several registrations, with the field of each ("Reg / Trailer").  `repeats` are the
    texts of each column's heading, folded, by which it is known when it comes again.
    """

    sheet: str
    header_row: int
    columns: dict[str, tuple[int, str]]
    unknown: tuple[tuple[int, str], ...]
    headings: tuple[str, ...]
    ignored: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()
    mapped: Mapped = field(default_factory=dict)
    further: tuple[MarkColumn, ...] = ()
    paired: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    repeats: tuple[frozenset[str], ...] = ()

    @property
    def marks(self) -> tuple[MarkColumn, ...]:
        """Every column of registrations, those that are a field's own first."""
        own = []
        for name in MARKS:
            if name in self.columns:
                place, heading = self.columns[name]
                own.append(MarkColumn(self.paired.get(place, (name,)), place, heading))
        return (*own, *self.further)

    def saying(self, warnings: tuple[str, ...]) -> "Layout":
        """The layout with these sentences about it."""
        return replace(self, warnings=warnings)

    def without(self, name: str) -> "Layout":
        """The layout with a field's column kept word for word, and not read."""
        column = self.columns[name]
        columns = {other: where for other, where in self.columns.items() if other != name}
        unknown = tuple(sorted((*self.unknown, column)))
        return replace(self, columns=columns, unknown=unknown)

    def heading_of(self, column: int) -> str:
        """The heading of a column, made up to the right of all headings."""
        known = self.headings[column : column + 1]
        return known[0] if known else f"column {column_letters(column)}"
