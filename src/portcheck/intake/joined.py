"""A sheet of penalties joined to the sheet of their vehicles, by a column that both have.

Every row of both is accounted for: a penalty is put to each vehicle of its case, a penalty
without a vehicle is rejected, and a vehicle without a penalty is an entry of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from portcheck.domain.problem import Problem
from portcheck.domain.text import count, fold
from portcheck.errors import FileRefused
from portcheck.intake.cells import Cell, shown, text_of
from portcheck.intake.listcolumns import BLANK, Batch, ListReader, put_together
from portcheck.intake.table.datarows import Rows
from portcheck.intake.table.reading import TableFile

MOST_VEHICLES = 100_000
"""Vehicles that are held while the penalties are read: more than any office joins by hand."""

Vehicle = tuple[int, Mapping[str, Any]]


class Joined:
    """Reads the two sheets; `warnings` are complete when all rows were read."""

    def __init__(self, tables: Sequence[TableFile], readers: Sequence[ListReader]) -> None:
        self._vehicles, self._penalties = tables
        self._readers = readers
        self._held: dict[str, list[Vehicle]] = {}
        self._joined: set[int] = set()
        self._said: list[str] = []

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of both."""
        own, others = (reader.fields for reader in self._readers)
        return tuple(dict.fromkeys((*own, *others)))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about both sheets, and what was not joined."""
        own, others = (reader.warnings for reader in self._readers)
        return (*own, *others, *self._said)

    def batches(self) -> Iterator[Batch]:
        """The rows of both sheets.  Raises FileRefused for too many vehicles."""
        tables = (self._vehicles, self._penalties)
        sheet, other = (text_of(table.layout.sheet) for table in tables)
        for rows in self._vehicles.blocks():
            batch = self._readers[0](rows)
            self._hold(batch, self._keys(self._vehicles, rows))
            yield batch._replace(rows=(), columns={}, sheet=sheet)
        for rows in self._penalties.blocks():
            yield self._put(rows, self._readers[1](rows))._replace(sheet=other)
        left = [one for found in self._held.values() for one in found if one[0] not in self._joined]
        if left:
            told = count(len({row for row, _ in left}), "row")
            self._said.append(f"{told} of sheet “{sheet}” without a penalty in sheet “{other}”")
        numbers = [row for row, _ in left]
        yield Batch(
            numbers, self._columns(one for _, one in left), {}, (), sheet, len(self._joined)
        )

    def _hold(self, batch: Batch, keys: Mapping[int, Cell]) -> None:
        names = tuple(batch.columns)
        for row, *values in zip(batch.rows, *batch.columns.values(), strict=True):
            vehicle = (row, dict(zip(names, values, strict=True)))
            self._held.setdefault(fold(text_of(keys[row])), []).append(vehicle)
        if sum(map(len, self._held.values())) > MOST_VEHICLES:
            raise FileRefused(
                f"more than {MOST_VEHICLES:,} vehicles cannot be joined to another sheet",
                where=self._vehicles.source.name,
                hint="Look their penalties up in the spreadsheet program, and save one sheet.",
            )

    def _put(self, rows: Rows, batch: Batch) -> Batch:
        """The penalties of some rows, each with each of the vehicles of its case."""
        keys = self._keys(self._penalties, rows)
        numbers: list[int] = []
        lines: list[Mapping[str, Any]] = []
        problems, rejected = [*batch.problems], dict(batch.rejected)
        for row, *values in zip(batch.rows, *batch.columns.values(), strict=True):
            key = fold(text_of(keys[row]))
            found = self._held.get(key, []) if key else []
            if not found:
                problems.append(self._without(row, keys[row]))
                rejected[row] = self._readers[1].raw(rows, row)
            penalty = dict(zip(batch.columns, values, strict=True))
            self._joined.update(number for number, _ in found)
            numbers += [row] * len(found)
            lines += [_line(vehicle, penalty) for _, vehicle in found]
        problems.sort(key=lambda problem: problem.row)
        return Batch(numbers, self._columns(lines), rejected, problems)

    def _columns(self, lines: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
        found = [*lines]
        return {name: [line.get(name, BLANK[name]) for line in found] for name in self.fields}

    @staticmethod
    def _keys(table: TableFile, rows: Rows) -> dict[int, Cell]:
        return dict(zip(rows.numbers, rows.columns[table.common], strict=True))

    def _without(self, row: int, cell: Cell) -> Problem:
        heading = self._penalties.layout.heading_of(self._penalties.common)
        vehicles = text_of(self._vehicles.layout.sheet)
        reason = f"is in no row of sheet “{vehicles}” that was taken: this penalty has no vehicle"
        return Problem(row, heading, shown(cell), reason)


def _line(vehicle: Mapping[str, Any], penalty: Mapping[str, Any]) -> dict[str, Any]:
    """A vehicle's values with a penalty's: of a field that both have, the penalty's."""
    line = {**vehicle}
    for name, value in penalty.items():
        if name in {"unread", "extra"}:
            line[name] = put_together(line.get(name, "[]"), value)
        elif value not in {"", None} or name not in line:
            line[name] = value
    return line
