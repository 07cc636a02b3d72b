"""The columns of an action list read into values, many rows at a time.

A list repeats itself (countries, sections, dates, amounts, hauliers), so each
column remembers what it has read; only what is out of order is looked at row
by row.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import compress
from typing import Any, NamedTuple

from portcheck.domain.instructions import COMMENT
from portcheck.domain.listing import ListedRow
from portcheck.domain.penalty import Status, status_of
from portcheck.domain.problem import Problem, Severity
from portcheck.intake.cells import LONGEST_TEXT, Cell, shown, verbatim
from portcheck.intake.files.sheetreach import row_ranges
from portcheck.intake.table.datarows import Rows
from portcheck.intake.table.reading import TableFile, raw_of
from portcheck.intake.values import words
from portcheck.intake.values.dates import MonthFirst, date_of
from portcheck.intake.values.marks import is_usual, mark_of
from portcheck.intake.values.words import ValueRefused

MARKS = ("registration", "trailer_registration", "container")
"""The fields a vehicle is found by; a row without any of them is rejected."""

Stored = str | int | None
"""A value of a `ListedRow` as it is stored: money in pence, a date as ISO text, blank as None."""

_MONEY = {"amount": "amount_pence", "paid": "paid_pence", "balance": "balance_pence"}
_WORDS: dict[str, Callable[[Cell], str]] = {
    "country": words.country,
    "unit": words.unit,
    "liable_role": words.liable_role,
    "section": words.section,
}
_BLANK = ListedRow()
_MOST_REMEMBERED = 20_000
_MONTHS = 12


class Batch(NamedTuple):
    """Rows of an action list that follow each other.

    `rows` are the numbers of those that were taken; `columns` are their values
    by field of `ListedRow`, `unread` and `extra` as JSON.  `rejected` are the others as
    texts, by number.  `problems`, in the order of the rows, are of severity
    REJECTED for rows that were not taken; others leave the row in.
    """

    rows: Sequence[int]
    columns: Mapping[str, Sequence[Stored]]
    rejected: Mapping[int, tuple[str, ...]]
    problems: Sequence[Problem]


class _Column(dict[Cell, Any]):
    """One column: its cells' values, as far as they came by.

    `odd` has the cells to be told of: why, and whether their text stands in no field.
    """

    def __init__(self, field: str, place: int, heading: str, read: Callable[[Cell], Any]) -> None:
        super().__init__()
        self.field = field
        self.place = place
        self.heading = heading
        self.odd: dict[Cell, tuple[str, bool]] = {}
        self._read = read

    def __missing__(self, cell: Cell) -> Any:
        try:
            value = self._read(cell)
        except ValueRefused as error:
            value = getattr(_BLANK, self.field, "")
            self.odd[cell] = (error.message, True)
        self[cell] = value
        return value

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """The values of `cells`."""
        if len(self) > _MOST_REMEMBERED:
            self.clear()
            self.odd.clear()
        return list(map(self.__getitem__, cells))


class _Marks(_Column):
    """A column of registrations."""

    def __init__(self, field: str, place: int, heading: str) -> None:
        super().__init__(field, place, heading, self._mark)

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """As for any column, but a usual registration is its own value, and seldom comes again."""
        unusual = [cell for cell in cells if not is_usual(cell)]
        if not unusual:
            return list(cells)
        super().read(unusual)
        return [self.get(cell, cell) for cell in cells]

    def _mark(self, cell: Cell) -> str:
        text, warning = mark_of(cell)
        if warning:
            self.odd[cell] = (warning, False)
        return text


class _Statuses(_Column):
    """A column of statuses: a word that nobody knows is kept, and told of."""

    def __init__(self, field: str, place: int, heading: str) -> None:
        super().__init__(field, place, heading, self._status)

    def _status(self, cell: Cell) -> str:
        word = words.text(cell)
        if status_of(word) is Status.UNKNOWN:
            self.odd[cell] = ("is not a status portcheck knows: it counts as “refer”", False)
        return word


class _Dates(_Column):
    """A column of dates, which may all be written month first."""

    def __init__(self, field: str, place: int, heading: str, *, dates_1904: bool) -> None:
        super().__init__(field, place, heading, self._date)
        self._dates_1904 = dates_1904
        self._month_first: Cell = ""
        self._day_first = False

    @property
    def warning(self) -> str:
        """A sentence where some dates can only be month first, and none only day first."""
        if self._day_first or not self._month_first:
            return ""
        return (
            f"column “{self.heading}” has dates that can only be month first"
            f" (“{shown(self._month_first)}”) and none that can only be day first: the others may"
            " have been READ WRONG, day for month. Ask for dates as 2024-12-31"
        )

    def _date(self, cell: Cell) -> str | None:
        try:
            day = date_of(cell, dates_1904=self._dates_1904)
        except MonthFirst:
            self._month_first = cell
            raise
        if day is None:
            return None
        if day.day > _MONTHS and isinstance(cell, str) and not cell.strip()[:4].isdigit():
            self._day_first = True
        return day.isoformat()


class _Trouble(NamedTuple):
    """A cell to be told of; `unread` when its text stands in no field."""

    column: _Column
    cell: Cell
    reason: str
    unread: bool

    def problem(self, row: int, severity: Severity) -> Problem:
        return Problem(row, self.column.heading, shown(self.cell), self.reason, severity)


class ListReader:
    """Turns the rows of a table into rows of an action list."""

    def __init__(self, table: TableFile) -> None:
        self._table = table
        columns = table.layout.columns.items()
        self._marks = [_Marks(name, *where) for name, where in columns if name in MARKS]
        self._columns: list[_Column] = [
            *self._marks,
            *(self._column(name, *where) for name, where in columns if name not in MARKS),
        ]
        self._kept = [
            _Column("", place, heading, partial(_pair, heading))
            for place, heading in table.layout.unknown
        ]
        self._rows_with_comments: set[int] = set()
        self._comments_kept: set[int] = set()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have a column, `unread` and `extra`."""
        return (*(column.field for column in self._columns), "unread", "extra")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about columns and comments; complete when all rows were read."""
        dates = (column for column in self._columns if isinstance(column, _Dates))
        said = [column.warning for column in dates if column.warning]
        kept, others = self._comments_kept, self._rows_with_comments - self._comments_kept
        if kept:
            rows = row_ranges(sorted(kept))
            said.append(f"comments of cells are shown with the vehicle of their row: {rows}")
        if others:
            rows = row_ranges(sorted(others))
            said.append(f"comments of cells at no vehicle of the list were not kept: {rows}")
        return tuple(said)

    def __call__(self, rows: Rows) -> Batch:
        columns = {c.field: c.read(rows.columns[c.place]) for c in self._columns}
        troubles = self._troubles(rows)
        rejected = {*rows.refusals, *self._unnamed(rows, columns)}
        problems = [
            problem
            for number in sorted({*rejected, *troubles, *rows.problems})
            for problem in self._problems(
                rows, number, troubles.get(number, []), number in rejected
            )
        ]
        raw = {}
        if rejected:
            raw = {n: self._raw(rows, n) for n in sorted(rejected)}
            kept = [number not in rejected for number in rows.numbers]
            rows = rows.at(kept)
            columns = {name: list(compress(column, kept)) for name, column in columns.items()}
            troubles = {n: found for n, found in troubles.items() if n not in rejected}
        columns["unread"] = _unread(rows, troubles)
        columns["extra"] = self._extras(rows)
        return Batch(rows.numbers, columns, raw, problems)

    def _raw(self, rows: Rows, number: int) -> tuple[str, ...]:
        """A row as texts that mean the same in a file of their own, which counts from 1900."""
        cells = list(rows.cells(bisect_left(rows.numbers, number)))
        if self._table.dates_1904:
            for column in (c for c in self._columns if isinstance(c, _Dates)):
                cell = cells[column.place]
                if isinstance(cell, float | int):
                    cells[column.place] = column[cell] or cell
        return raw_of(tuple(cells))

    def _column(self, name: str, place: int, heading: str) -> _Column:
        if name == "status":
            return _Statuses(name, place, heading)
        if name.endswith("_on"):
            return _Dates(name, place, heading, dates_1904=self._table.dates_1904)
        return _Column(_MONEY.get(name, name), place, heading, _reader_of(name))

    def _troubles(self, rows: Rows) -> dict[int, list[_Trouble]]:
        """The cells to be told of, by row."""
        troubles: dict[int, list[_Trouble]] = {}
        for column in self._columns:
            cells = rows.columns[column.place]
            if not column.odd or column.odd.keys().isdisjoint(cells):
                continue
            for number, cell in zip(rows.numbers, cells, strict=True):
                if cell in column.odd:
                    trouble = _Trouble(column, cell, *column.odd[cell])
                    troubles.setdefault(number, []).append(trouble)
        return troubles

    def _unnamed(self, rows: Rows, columns: Mapping[str, Sequence[Stored]]) -> Iterable[int]:
        """The rows without a usable mark."""
        marks = [columns[column.field] for column in self._marks]
        if all("" in column for column in marks):
            return compress(rows.numbers, (not any(row) for row in zip(*marks, strict=True)))
        return ()

    def _problems(
        self, rows: Rows, number: int, troubles: list[_Trouble], rejected: bool
    ) -> Iterator[Problem]:
        place = bisect_left(rows.numbers, number)
        if number in rows.refusals:
            yield from rows.problems_of(place)
            return
        if rejected:
            refused = [trouble for trouble in troubles if isinstance(trouble.column, _Marks)]
            if not refused:
                first = self._marks[0]
                reason = "there is no registration in this row"
                refused = [_Trouble(first, rows.columns[first.place][place], reason, unread=True)]
            yield from (trouble.problem(number, Severity.REJECTED) for trouble in refused)
            troubles = []
        yield from rows.problems_of(place)
        yield from (trouble.problem(number, Severity.WARNING) for trouble in troubles)

    def _extras(self, rows: Rows) -> list[str]:
        """The columns nobody knows and the comments of cells, word for word, as JSON: pairs of
        heading and text.
        """
        filled = [c for c in self._kept if {*rows.columns[c.place]} != {""}]
        texts = ["[]"] * len(rows.numbers)
        if filled:
            pairs = [column.read(rows.columns[column.place]) for column in filled]
            texts = [f"[{', '.join(filter(None, row))}]" for row in zip(*pairs, strict=True)]
        for number in rows.beyond:
            place = bisect_left(rows.numbers, number)
            extra = self._table.extra_of(rows.cells(place))
            texts[place] = json.dumps(extra, ensure_ascii=False)
        self._rows_with_comments.update(rows.comments)
        for place, number in enumerate(rows.numbers if rows.comments else ()):
            if number in rows.comments:
                texts[place] = self._commented(texts[place], rows.comments[number])
                self._comments_kept.add(number)
        return texts

    def _commented(self, extra: str, comments: Mapping[int, str]) -> str:
        """The JSON `extra` of a row with the `comments` of its cells, by column, put to it."""
        pairs = [
            _pair(f"{COMMENT}{self._table.layout.heading_of(column)})", text)
            for column, text in sorted(comments.items())
        ]
        return f"[{', '.join(filter(None, [extra[1:-1], *pairs]))}]"


def _unread(rows: Rows, troubles: Mapping[int, list[_Trouble]]) -> list[str]:
    """What could not be read into its field, word for word, as JSON: pairs of field and text."""
    texts = ["[]"] * len(rows.numbers)
    fields = {stored: name for name, stored in _MONEY.items()}
    for number, found in troubles.items():
        unread = [
            (fields.get(one.column.field, one.column.field), verbatim(one.cell)[:LONGEST_TEXT])
            for one in found
            if one.unread
        ]
        if unread:
            texts[bisect_left(rows.numbers, number)] = json.dumps(unread, ensure_ascii=False)
    return texts


def _pair(heading: str, cell: Cell) -> str:
    text = verbatim(cell)[:LONGEST_TEXT]
    return json.dumps((heading, text), ensure_ascii=False) if text else ""


def _reader_of(name: str) -> Callable[[Cell], Any]:
    return words.money if name in _MONEY else _WORDS.get(name, words.text)
