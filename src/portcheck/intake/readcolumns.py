"""Columns of an action list, each with what was read of its cells so far.

A list repeats itself (countries, sections, dates, amounts, hauliers), so each column
remembers what it has read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from portcheck.domain.listing import ListedRow
from portcheck.domain.penalty import Status, status_of, with_meaning
from portcheck.domain.problem import Problem, Severity
from portcheck.domain.text import fold
from portcheck.intake.cells import Cell, shown
from portcheck.intake.table.columns import asks_whether_paid
from portcheck.intake.table.layout import MarkColumn
from portcheck.intake.values import words
from portcheck.intake.values.dates import MonthFirst, date_of
from portcheck.intake.values.marks import is_usual, mark_of
from portcheck.intake.values.severalmarks import marks_apart
from portcheck.intake.values.words import ValueRefused

_BLANK = ListedRow()
_MOST_REMEMBERED = 20_000
_MONTHS = 12
_NO_STATUS = "is not a status portcheck knows: it counts as “refer” (--status says what it means)"
_MAY_BE_NO = {"objection_on", "objection_decided_on", "appeal_on", "appeal_decided_on"}
"""Days of what need not have been: a list may say that it was not."""


class Column(dict[Cell, Any]):
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

    def forget(self) -> None:
        """Let go of what else is known of the cells."""

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """The values of `cells`."""
        if len(self) > _MOST_REMEMBERED:
            self.clear()
            self.odd.clear()
            self.forget()
        return list(map(self.__getitem__, cells))


class Marks(Column):
    """A column of registrations, of the fields that its heading names.

    `several` has the cells that hold more than one: the others, with the field of each.
    """

    def __init__(self, column: MarkColumn) -> None:
        super().__init__(column.fields[0], column.place, column.heading, self._mark)
        self.fields = column.fields
        self.several: dict[Cell, tuple[tuple[str, str], ...]] = {}

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """As for any column, but a usual registration is its own value, and seldom comes again."""
        unusual = [cell for cell in cells if not is_usual(cell)]
        if not unusual:
            return list(cells)
        super().read(unusual)
        return [self.get(cell, cell) for cell in cells]

    def forget(self) -> None:
        self.several.clear()

    def _mark(self, cell: Cell) -> str:
        found = [(name, mark_of(one)) for name, one in marks_apart(cell, self.fields)]
        warnings = [mark.warning for _, mark in found if mark.warning]
        if len(found) > 1:
            self.several[cell] = tuple((name, mark.text) for name, mark in found[1:])
            if len(self.fields) == 1:
                warnings.append(f"holds {len(found)} registrations: each is an entry")
        if warnings:
            self.odd[cell] = ("; ".join(warnings), False)
        return found[0][1].text


class Statuses(Column):
    """A column of statuses: a word that nobody knows is kept, and told of.

    `taught` is what the office says that its words mean, by `fold`.  Under "Paid?" a yes
    means paid, and a no outstanding.
    """

    def __init__(
        self, field: str, place: int, heading: str, taught: Mapping[str, Status] | None = None
    ) -> None:
        super().__init__(field, place, heading, self._status)
        self._taught = taught or {}
        self._of_payment = asks_whether_paid(heading)

    def _status(self, cell: Cell) -> str:
        word = words.text(cell)
        if meant := self._taught.get(fold(word)):
            return with_meaning(word, meant)
        said = words.yes_or_no(cell) if self._of_payment else None
        if said is not None:
            return with_meaning(word, Status.PAID if said else Status.OUTSTANDING)
        if status_of(word) is Status.UNKNOWN:
            self.odd[cell] = (_NO_STATUS, False)
        return word


class Dates(Column):
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
        said = words.yes_or_no(cell) if self.field in _MAY_BE_NO else None
        if said is not None:
            if said:
                raise ValueRefused("says that it was, and not when: the date is missing")
            return None
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


class Trouble(NamedTuple):
    """A cell to be told of; `unread` when its text stands in no field."""

    column: Column
    cell: Cell
    reason: str
    unread: bool

    def problem(self, row: int, severity: Severity) -> Problem:
        return Problem(row, self.column.heading, shown(self.cell), self.reason, severity)
