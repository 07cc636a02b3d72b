"""Cells merged over several rows: what stands in the first of them belongs to all.

A registration merged over three penalties is the registration of all three.  A sum is not:
merged over three rows it is owed once, unless all of them are one penalty, by a merged
reference.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from portcheck.domain.problem import Problem, Severity
from portcheck.intake.cells import Cell, shown
from portcheck.intake.files.top import Merge
from portcheck.intake.table.layout import MONEY, Layout

_REFERENCE = "penalty_reference"


class Merged:
    """Fills the rows of one table, block by block.

    `left` are sums that were read for the first row of a merged cell only, by other row.
    """

    def __init__(self, layout: Layout, merges: Sequence[Merge]) -> None:
        places = {place: name for name, (place, _) in layout.columns.items()}
        places |= {column.place: column.fields[0] for column in layout.further}
        self._layout = layout
        self._money = {place for place, name in places.items() if name in MONEY}
        self._reference = layout.columns.get(_REFERENCE, (-1, ""))[0]
        self._spans: dict[int, list[tuple[int, int]]] = {}
        for one in merges:
            if one.first_row > layout.header_row and one.column in places and one.is_tall:
                spans = self._spans.setdefault(one.column, [])
                spans.append((one.last_row, one.first_row))
        for spans in self._spans.values():
            spans.sort()
        self._values: dict[tuple[int, int], Cell] = {}
        self.left: dict[int, tuple[Problem, ...]] = {}

    def __call__(
        self, rows: Sequence[int], columns: Sequence[Sequence[Cell]]
    ) -> Sequence[Sequence[Cell]]:
        """The columns of a block of rows, with the merged cells filled down."""
        self.left = {}
        if not self._spans or not rows:
            return columns
        filled = list(columns)
        for column in self._spans:
            cells = list(columns[column])
            for first, places in self._places(column, rows):
                value = self._values.get((column, first), "")
                for place in places:
                    if rows[place] == first:
                        value = self._values[column, first] = cells[place]
                    elif cells[place] == "" and self._is_shared(column, first, rows[place]):
                        cells[place] = value
                    elif value != "":
                        self._leave(column, first, rows[place], value)
            filled[column] = cells
        return filled

    def _places(self, column: int, rows: Sequence[int]) -> Iterator[tuple[int, range]]:
        """The spans of a column that reach into these rows: their first row, and their places."""
        spans = self._spans[column]
        for last, first in spans[bisect_left(spans, (rows[0], 0)) :]:
            if first > rows[-1]:
                return
            yield first, range(bisect_left(rows, first), bisect_left(rows, last + 1))

    def _is_shared(self, column: int, first: int, row: int) -> bool:
        if column not in self._money:
            return True
        spans = self._spans.get(self._reference, [])
        at = bisect_left(spans, (row, 0))
        return at < len(spans) and spans[at][1] == first

    def _leave(self, column: int, first: int, row: int, value: Cell) -> None:
        heading = self._layout.heading_of(column)
        reason = f"is merged with row {first}: it was read for that row alone"
        told = Problem(row, heading, shown(value), reason, Severity.WARNING)
        self.left[row] = (*self.left.get(row, ()), told)
