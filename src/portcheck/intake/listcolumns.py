"""The columns of an action list read into values, many rows at a time.

A list repeats itself (countries, sections, dates, amounts, hauliers), so each
column remembers what it has read; only what is out of order is looked at row
by row.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import partial
from itertools import compress
from typing import Any, NamedTuple

from portcheck.domain.instructions import COMMENT
from portcheck.domain.listing import ListedRow
from portcheck.domain.penalty import Status
from portcheck.domain.problem import Problem, Severity
from portcheck.intake.cells import LONGEST_TEXT, Cell, verbatim
from portcheck.intake.files.sheetreach import row_ranges
from portcheck.intake.lines import Lines
from portcheck.intake.readcolumns import Column, Dates, Marks, Statuses, Trouble
from portcheck.intake.table.columns import MARKS
from portcheck.intake.table.datarows import Rows
from portcheck.intake.table.reading import TableFile, raw_of
from portcheck.intake.values import words

Stored = str | int | None
"""A value of a `ListedRow` as it is stored: money in pence, a date as ISO text, blank as None."""

_MONEY = {"amount": "amount_pence", "paid": "paid_pence", "balance": "balance_pence"}
_WORDS: dict[str, Callable[[Cell], str]] = {
    "country": words.country,
    "unit": words.unit,
    "liable_role": words.liable_role,
    "section": words.section,
}


BLANK: Mapping[str, Stored] = {
    one.name: "[]" if one.name in {"unread", "extra"} else getattr(ListedRow(), one.name)
    for one in fields(ListedRow)
}
"""What a field that has no column is stored as."""

_HAULIER = "haulier"
_SECTION = "section of the sheet"


class Batch(NamedTuple):
    """Rows of an action list that follow each other.

    `rows` are the numbers of those that were taken, a number for each entry that came
    of it; `columns` are their values by field of `ListedRow`, `unread` and `extra` as
    JSON.  `rejected` are the others as texts, by number.  `problems`, in the order of the
    rows, are of severity REJECTED for rows that were not taken; others leave the row in.
    `sheet` is the one they stand in, where several are read; `used` rows of it gave their
    values to rows of another.
    """

    rows: Sequence[int]
    columns: Mapping[str, Sequence[Stored]]
    rejected: Mapping[int, tuple[str, ...]]
    problems: Sequence[Problem]
    sheet: str = ""
    used: int = 0


class ListReader:
    """Turns the rows of a table into rows of an action list.

    `taught` is what the office says that its words for a status mean, by `fold`.
    """

    def __init__(self, table: TableFile, taught: Mapping[str, Status] | None = None) -> None:
        self._table = table
        self._taught = taught
        columns = table.layout.columns.items()
        self._marks = [Marks(one) for one in table.layout.marks]
        own = len(self._marks) - len(table.layout.further)
        self._lines = Lines(self._marks[:own], self._marks[own:])
        self._columns: list[Column] = [
            *self._marks[:own],
            *(self._column(name, *where) for name, where in columns if name not in MARKS),
        ]
        self._kept = [
            Column("", place, heading, partial(_pair, heading))
            for place, heading in table.layout.unknown
        ]
        self._rows_with_comments: set[int] = set()
        self._comments_kept: set[int] = set()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have a column, `unread` and `extra`."""
        own = [column.field for column in self._columns]
        own += [] if _HAULIER in own else [_HAULIER]  # which a section may give
        return (*own, *self._lines.besides, "unread", "extra")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about columns and comments; complete when all rows were read."""
        dates = (column for column in self._columns if isinstance(column, Dates))
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
        further = self._lines.read(rows)
        troubles = self._troubles(rows)
        rejected = {*rows.refusals, *self._unnamed(rows, columns, further)}
        problems = [
            problem
            for number in sorted({*rejected, *troubles, *rows.problems})
            for problem in self._problems(
                rows, number, troubles.get(number, []), number in rejected
            )
        ]
        raw = {}
        if rejected:
            raw = {n: self.raw(rows, n) for n in sorted(rejected)}
            kept = [number not in rejected for number in rows.numbers]
            rows = rows.at(kept)
            columns = {name: list(compress(column, kept)) for name, column in columns.items()}
            further = [list(compress(column, kept)) for column in further]
            troubles = {n: found for n, found in troubles.items() if n not in rejected}
        columns[_HAULIER] = _hauliers(rows, columns.get(_HAULIER))
        pairs = {"unread": _unread(rows, troubles), "extra": self._extras(rows)}
        return Batch(*self._lines(rows, columns, further, pairs), raw, problems)

    def raw(self, rows: Rows, number: int) -> tuple[str, ...]:
        """A row as texts that mean the same in a file of their own, which counts from 1900."""
        cells = list(rows.cells(bisect_left(rows.numbers, number)))
        if self._table.dates_1904:
            for column in (c for c in self._columns if isinstance(c, Dates)):
                cell = cells[column.place]
                if isinstance(cell, float | int):
                    cells[column.place] = column[cell] or cell
        return raw_of(tuple(cells))

    def _column(self, name: str, place: int, heading: str) -> Column:
        if name == "status":
            return Statuses(name, place, heading, self._taught)
        if name.endswith("_on"):
            return Dates(name, place, heading, dates_1904=self._table.dates_1904)
        return Column(_MONEY.get(name, name), place, heading, _reader_of(name))

    def _troubles(self, rows: Rows) -> dict[int, list[Trouble]]:
        """The cells to be told of, by row."""
        troubles: dict[int, list[Trouble]] = {}
        for column in (*self._columns, *self._lines.further):
            cells = rows.columns[column.place]
            if not column.odd or column.odd.keys().isdisjoint(cells):
                continue
            for number, cell in zip(rows.numbers, cells, strict=True):
                if cell in column.odd:
                    trouble = Trouble(column, cell, *column.odd[cell])
                    troubles.setdefault(number, []).append(trouble)
        return troubles

    def _unnamed(
        self,
        rows: Rows,
        columns: Mapping[str, Sequence[Stored]],
        further: Sequence[Sequence[Stored]],
    ) -> Iterable[int]:
        """The rows without a usable mark."""
        marks = [*(columns[name] for name in MARKS if name in columns), *further]
        if all("" in column for column in marks):
            return compress(rows.numbers, (not any(row) for row in zip(*marks, strict=True)))
        return ()

    def _problems(
        self, rows: Rows, number: int, troubles: list[Trouble], rejected: bool
    ) -> Iterator[Problem]:
        place = bisect_left(rows.numbers, number)
        if number in rows.refusals:
            yield from rows.problems_of(place)
            return
        if rejected:
            refused = [trouble for trouble in troubles if isinstance(trouble.column, Marks)]
            if not refused:
                first = self._marks[0]
                reason = "there is no registration in this row"
                refused = [Trouble(first, rows.columns[first.place][place], reason, unread=True)]
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
        for place, section in enumerate(rows.sections):
            if section.title:
                texts[place] = _put_to(texts[place], [_pair(_SECTION, section.title)])
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
        return _put_to(extra, pairs)


def put_together(one: str, other: str) -> str:
    """Two rows of pairs as JSON in one, each pair once."""
    if "[]" in {one, other} or one == other:
        return one if other == "[]" else other
    pairs = dict.fromkeys(map(tuple, (*json.loads(one), *json.loads(other))))
    return json.dumps([*pairs], ensure_ascii=False)


def _put_to(extra: str, pairs: Iterable[str]) -> str:
    """The JSON `extra` of a row with more pairs put to it."""
    return f"[{', '.join(filter(None, [extra[1:-1], *pairs]))}]"


def _hauliers(rows: Rows, given: Sequence[Stored] | None) -> list[Stored]:
    """The haulier of each row: its own, else that of the section it stands in."""
    own: Sequence[Stored] = [""] * len(rows.numbers) if given is None else given
    if not rows.sections:
        return list(own)
    return [name or one.haulier for name, one in zip(own, rows.sections, strict=True)]


def _unread(rows: Rows, troubles: Mapping[int, list[Trouble]]) -> list[str]:
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
