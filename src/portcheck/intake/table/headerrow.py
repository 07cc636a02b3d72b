"""Headings found in the first rows of a sheet: in one row, or in two or three of them.

Headings over several rows are read together: "Fine" over "Number" is a reference, and a
group ("Vehicle" over "Reg" and "Nat.") belongs to each column below it, whether its cell is
merged or followed by blank ones.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from portcheck.domain.text import fold
from portcheck.intake.cells import Cell, is_blank, text_of
from portcheck.intake.files.top import TOP_ROWS, Top
from portcheck.intake.table.byhand import ByHand
from portcheck.intake.table.columns import MARKS, Headings, Meant, series_of

_MOST_ROWS = 3
_LEAST_ALONE = 2
_MARK = re.compile(r"(?=.*\d)(?!.*[^\W\d_]{4}).{2,17}")  # a heading with a digit has a longer word
_FIGURES = re.compile(r"[\W\d_]*\d[\W\d_]*")
_IN_BRACKETS = re.compile(r"\(.*\)|\[.*\]|£|€|GBP|EUR|dd.?mm.?yy(?:yy)?", re.IGNORECASE)
_DATES = frozenset(
    {"objection_on", "objection_decided_on", "appeal_on", "appeal_decided_on", "paid"}
)
"""Groups whose columns are theirs alone: an appeal's status is not the penalty's."""
_OTHERS = frozenset({"haulier", "liable_party", "contact"})


class Heading(NamedTuple):
    """The texts above a column, from the top; `loose` when the first is a group's, whose cell
    is not merged over this column.
    """

    pieces: tuple[str, ...] = ()
    loose: bool = False

    @property
    def whole(self) -> str:
        """All of it, each text once."""
        return " ".join(dict.fromkeys(self.pieces))


@dataclass(slots=True)
class Header:
    """Rows taken for the headings (`first` to `last`, from 0), and what was recognised in them.

    `found` gives the columns of each field, `paired` those of several fields of
    registrations, `numbered` those of a series; `called` has the words by which a column was
    recognised, where they are not all of its heading.
    """

    top: Top
    first: int
    last: int
    headings: tuple[Heading, ...]
    found: dict[str, list[int]] = field(default_factory=dict)
    paired: dict[int, tuple[str, ...]] = field(default_factory=dict)
    numbered: set[int] = field(default_factory=set)
    called: dict[int, str] = field(default_factory=dict)

    def take(self, column: int, meant: Meant) -> None:
        """Take in what the heading of a column says."""
        self.found.setdefault(meant.fields[0], []).append(column)
        if len(meant.fields) > 1:
            self.paired[column] = meant.fields
        if meant.numbered:
            self.numbered.add(column)

    def give_way(self, column: int) -> None:
        """Take a column for no field that another column may be."""
        for columns in self.found.values():
            if len(columns) > 1 and column in columns:
                columns.remove(column)

    @property
    def score(self) -> int:
        """How many fields were found."""
        return len(self.found)

    @property
    def recognised(self) -> set[int]:
        """The columns of fields."""
        return {column for columns in self.found.values() for column in columns}

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.headings)

    def cells(self, column: int) -> list[Cell]:
        """The first cells below a heading, but those of lines that hold nothing else."""
        alone = sum(bool(heading.pieces) for heading in self.headings) > _LEAST_ALONE
        rows = [
            row
            for row in self.top.rows[self.last + 1 :]
            if not alone or sum(not is_blank(cell) for cell in row) > 1
        ]
        said = {fold(text) for text in self.headings[column].pieces}
        cells = (row[column] for row in rows if column < len(row))
        return [cell for cell in cells if fold(text_of(cell)) not in said]

    def texts(self) -> list[str]:
        """What each column is called: what tells it, where that is no other's."""
        names = [self.called.get(i, one.whole) for i, one in enumerate(self.headings)]
        return [
            name if names.count(name) == 1 else heading.whole
            for name, heading in zip(names, self.headings, strict=True)
        ]


class Finder:
    """Finds the headings of sheets: the table of names, the fields of which one must be there,
    and what was settled by hand.
    """

    def __init__(self, headings: Headings, required: tuple[str, ...], settled: ByHand) -> None:
        self._headings = headings
        self._required = required
        self._settled = settled
        self._named = settled.by_heading()
        self._series = {
            fold(base): name
            for name, said in settled.every.items()
            if name in MARKS and (base := series_of(said))
        }

    def __call__(self, top: Top) -> Header | None:
        """The rows with the most fields; of equal ones the first, and what goes on below it."""
        best: Header | None = None
        places = self._settled.letters(self._required)
        for last in range(min(len(top.rows), TOP_ROWS)):
            for first in range(last, max(last - _MOST_ROWS, -1), -1):
                if _is_data(top.rows[first], places):
                    break
                if first < last and not _may_go_on(top, first, last):
                    break
                header = self._read(top, first, last)
                if self._is_better(header, best):
                    best = header
            if best:
                places.update(*(best.found.get(name, ()) for name in self._required))
        if best is None and any(map(self._settled.by_letter, self._required)):
            filled = (i for i, cells in enumerate(top.rows) if not all(map(is_blank, cells)))
            best = next((Header(top, i, i, _stacked(top, i, i)) for i in filled), None)
        return best

    def _read(self, top: Top, first: int, last: int) -> Header:
        header = Header(top, first, last, _stacked(top, first, last))
        for column, heading in enumerate(header.headings):
            if not heading.pieces:
                continue
            meant = self._meant(heading.whole)
            if meant is None and len(heading.pieces) > 1:
                called = " ".join(reversed(heading.pieces))
                meant = self._meant(called)
                if meant is None:
                    called = heading.pieces[-1]
                    meant = self._below(heading)
                if meant is not None and meant == self._meant(called):
                    header.called[column] = called
            if meant is not None:
                header.take(column, meant)
        return header

    def _meant(self, text: str) -> Meant | None:
        if name := self._named.get(fold(text)):
            return Meant((name,))
        if (base := series_of(text)) and fold(base) in self._series:
            return Meant((self._series[fold(base)],), numbered=True)
        return self._headings.meant(text)

    def _below(self, heading: Heading) -> Meant | None:
        """What the lowest text says under those above it."""
        low = self._meant(heading.pieces[-1])
        group = self._meant(" ".join(heading.pieces[:-1])) or self._meant(heading.pieces[0])
        if low is None or group is None or fold(heading.pieces[-1]) in self._named:
            return low
        of, name = group.fields[0], low.fields[0]
        if of in MARKS and name == "registration" != of:
            return group
        if of in {"trailer_registration", "container"} and name == "country":
            own = "trailer_country" in self._headings.fields and of != "container"
            return Meant(("trailer_country",)) if own else None
        apart = of in _OTHERS and name in {"country", "unit"}
        apart = apart or (of in _DATES and name != of and not heading.loose)
        return None if apart else low

    def _is_better(self, header: Header, best: Header | None) -> bool:
        if not any(name in header.found for name in self._required):
            return False
        if best is None or header.score != best.score:
            return best is None or header.score > best.score
        goes_on = (header.first, header.last) == (best.first, best.last + 1)
        return goes_on and self._says_the_same(header, best)

    def _says_the_same(self, header: Header, best: Header) -> bool:
        """Whether the last row only repeats those above it: in another language, or a currency."""
        cells = header.top.rows[header.last]
        filled = [i for i, cell in enumerate(cells) if not is_blank(cell)]
        again = [
            column
            for column in filled
            if _IN_BRACKETS.fullmatch(text_of(cells[column]))
            or (
                (said := self._meant(text_of(cells[column]))) is not None
                and column in best.found.get(said.fields[0], ())
            )
        ]
        return len(again) * 2 > len(filled)


def _is_data(cells: Sequence[Cell], places: set[int]) -> bool:
    """Whether a registration stands in one of these columns, or what a spreadsheet made of one:
    the row is data, whatever else it says.
    """
    return any(
        not isinstance(cell, str) or _MARK.fullmatch(text_of(cell)) is not None
        for cell in (cells[place] for place in places if place < len(cells))
    )


def _may_go_on(top: Top, first: int, last: int) -> bool:
    """Whether the rows may be headings together: nothing but words, and several in the last."""
    for cells in top.rows[first : last + 1]:
        texts = [cell for cell in cells if not is_blank(cell)]
        if not texts or not all(isinstance(cell, str) for cell in texts):
            return False
        if any(_FIGURES.fullmatch(text_of(cell)) for cell in texts):
            return False
    return sum(not is_blank(cell) for cell in top.rows[last]) > 1


def _stacked(top: Top, first: int, last: int) -> tuple[Heading, ...]:
    """The headings of each column over these rows."""
    rows = top.rows[first : last + 1]
    width = max(map(len, rows))
    lowest = [_text(rows[-1], column) for column in range(width)]
    groups = [list(_group(top, first + i, lowest)) for i in range(last - first)]
    found = []
    for column, low in enumerate(lowest):
        above = [group[column] for group in groups]
        pieces = tuple(filter(None, [*(text for text, _ in above), low]))
        found.append(Heading(pieces, any(loose for text, loose in above if text)))
    return tuple(found)


def _group(top: Top, row: int, lowest: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """For each column the text of a row above the lowest, and whether it is only a group's to
    the left, whose cell is not merged over the column.
    """
    cells = top.rows[row]
    merged = {
        column: one.column
        for one in top.merges
        if one.first_row <= row + 1 <= one.last_row and one.last_column > one.column
        for column in range(one.column, one.last_column + 1)
    }
    group = ""
    for column, low in enumerate(lowest):
        text = _text(cells, column)
        if text:
            group = text
            yield text, False
        elif column in merged:
            yield _text(cells, merged[column]), False
        else:
            loose = bool(group and low and not merged)
            yield group if loose else "", loose


def _text(cells: Sequence[Cell], column: int) -> str:
    cell = cells[column] if column < len(cells) else ""
    return text_of(cell)
