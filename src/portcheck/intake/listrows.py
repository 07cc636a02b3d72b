"""An action list read: each row of the file becomes a `ListedRow`, or says why not.

A row is rejected only when none of its marks (registration, trailer,
container) can be used, or when it is no row of the list at all.  Any other
value that cannot be read, an ambiguous `2.400` among them, is left out of its
field, reported as a warning and kept word for word in `extra`: to reject the
row would be to miss a vehicle, and a penalty line without an amount or a date
is answered with "refer".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING
from dataclasses import fields as fields_of
from functools import partial
from typing import Any, NamedTuple, Self

from portcheck.domain.listing import ListedRow
from portcheck.domain.problem import Problem, Severity
from portcheck.intake import values
from portcheck.intake.cells import Cell, Cells, shown, verbatim
from portcheck.intake.child import DEFAULT_SECONDS
from portcheck.intake.columns import names_of
from portcheck.intake.dates import date_of
from portcheck.intake.header import Layout
from portcheck.intake.marks import mark_of
from portcheck.intake.source import Source
from portcheck.intake.table import Record, TableFile, raw_of, read_table
from portcheck.intake.values import ValueRefused

MARKS = ("registration", "trailer_registration", "container")
"""The fields a vehicle is found by; a row without any of them is rejected."""

_MONEY = {"amount": "amount_pence", "paid": "paid_pence", "balance": "balance_pence"}
_WORDS: dict[str, Callable[[Cell], str]] = {
    "country": values.country,
    "unit": values.unit,
    "liable_role": values.liable_role,
    "section": values.section,
}
_BLANKS: dict[str, Any] = {
    f.name: f.default for f in fields_of(ListedRow) if f.default is not MISSING
}
_MOST_REMEMBERED = 20_000


class ReadRow(NamedTuple):
    """One data row of an action list.

    `entry` is None when the row was rejected; `problems` then begins with the
    reason, severity REJECTED.  Problems of severity WARNING leave the row in.
    """

    row: int
    entry: ListedRow | None
    problems: tuple[Problem, ...]
    cells: Cells

    @property
    def raw(self) -> tuple[str, ...]:
        """The row as texts, one a column, for the file of rejected rows."""
        return raw_of(self.cells)


class ActionListFile:
    """An action list found in a file.  Close it, or use it in a `with`."""

    def __init__(self, table: TableFile) -> None:
        self.table = table

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def source(self) -> Source:
        return self.table.source

    @property
    def layout(self) -> Layout:
        return self.table.layout

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about the file; complete when all rows were read."""
        return self.table.warnings

    def close(self) -> None:
        """End the reading."""
        self.table.close()

    def rows(self) -> Iterator[ReadRow]:
        """Every data row, in the order of the file: entries + rejected = data rows.

        Raises FileRefused when the file breaks off.
        """
        read = _RowReader(self.table)
        return map(read, self.table.records())


class _Refusal(NamedTuple):
    """In the place of a value: why there is none."""

    reason: str


class _Remembered(dict[Cell, Any]):
    """The values of the cells of one column; a value that comes again is read once."""

    def __init__(self, read: Callable[[Cell], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> Any:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        try:
            value = self._read(cell)
        except ValueRefused as error:
            value = _Refusal(error.message)
        self[cell] = value
        return value


class _Trouble(NamedTuple):
    """A cell to be told of; `unread` when its text stands in no field."""

    column: int
    heading: str
    reason: str
    unread: bool


class _RowReader:
    """Turns records into rows."""

    def __init__(self, table: TableFile) -> None:
        self._table = table
        self._marks: list[tuple[str, int, str]] = []
        self._fields: list[str] = []
        self._places: list[tuple[int, str]] = []
        self._readers: list[tuple[int, _Remembered]] = []
        for name, (column, heading) in table.layout.columns.items():
            if name in MARKS:
                self._marks.append((name, column, heading))
            else:
                read = _reader_of(name, dates_1904=table.dates_1904)
                self._fields.append(_MONEY.get(name, name))
                self._places.append((column, heading))
                self._readers.append((column, _Remembered(read)))
        self._width = len(table.layout.headings)
        self._has_extra = bool(table.layout.unknown)

    def __call__(self, record: Record) -> ReadRow:
        row, cells, refusal, problems = record
        if refusal:
            return ReadRow(row, None, self._table.problems_of(record), cells)
        if len(cells) < self._width:
            cells += ("",) * (self._width - len(cells))
        fields, troubles = self._read_marks(cells)
        if not fields:
            return ReadRow(row, None, (*self._rejection(row, cells, troubles), *problems), cells)
        found = [remembered[cells[column]] for column, remembered in self._readers]
        if _Refusal in map(type, found):
            self._set_aside(found, troubles)
        fields.update(zip(self._fields, found, strict=True))
        if self._has_extra or troubles or len(cells) > self._width:
            unread = [(t.heading, verbatim(cells[t.column])) for t in troubles if t.unread]
            fields["extra"] = (*self._table.extra_of(cells), *unread)
            problems += tuple(_problem(row, cells, t, Severity.WARNING) for t in troubles)
        return ReadRow(row, ListedRow(**fields), problems, cells)

    def _read_marks(self, cells: Cells) -> tuple[dict[str, Any], list[_Trouble]]:
        marks: dict[str, Any] = {}
        troubles = []
        for name, column, heading in self._marks:
            try:
                mark, warning = mark_of(cells[column])
            except ValueRefused as error:
                troubles.append(_Trouble(column, heading, error.message, unread=True))
                continue
            if mark:
                marks[name] = mark
            if warning:
                troubles.append(_Trouble(column, heading, warning, unread=False))
        return marks, troubles

    def _set_aside(self, found: list[Any], troubles: list[_Trouble]) -> None:
        """Leave out of the row's values those that could not be read."""
        for index, value in enumerate(found):
            if isinstance(value, _Refusal):
                troubles.append(_Trouble(*self._places[index], value.reason, unread=True))
                found[index] = _BLANKS[self._fields[index]]

    def _rejection(self, row: int, cells: Cells, troubles: list[_Trouble]) -> tuple[Problem, ...]:
        """Why a row without a usable mark is rejected: each mark that was refused."""
        if not troubles:
            _, column, heading = self._marks[0]
            reason = "there is no registration in this row"
            troubles = [_Trouble(column, heading, reason, unread=True)]
        return tuple(_problem(row, cells, trouble, Severity.REJECTED) for trouble in troubles)


def _problem(row: int, cells: Cells, trouble: _Trouble, severity: Severity) -> Problem:
    value = shown(cells[trouble.column])
    return Problem(row, trouble.heading, value, trouble.reason, severity)


def _reader_of(name: str, *, dates_1904: bool) -> Callable[[Cell], Any]:
    if name in _MONEY:
        return values.money
    if name.endswith("_on"):
        return partial(date_of, dates_1904=dates_1904)
    return _WORDS.get(name, values.text)


def read_action_list(
    source: Source,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    password: str | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> ActionListFile:
    """Find the action list in a file; `rows()` then reads it.

    `mapping` settles columns by hand: field to heading as written, or "col:B".
    Raises FileRefused (PasswordNeeded for a protected workbook) and WrongUsage.
    """
    table = read_table(
        source,
        names_of("action_list"),
        MARKS,
        sheet=sheet,
        mapping=mapping,
        password=password,
        seconds=seconds,
    )
    return ActionListFile(table)
