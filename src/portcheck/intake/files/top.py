"""What a reader tells of a sheet: its first rows, then all of them, and what is out of order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from portcheck.intake.cells import Cell, Cells

TOP_ROWS = 50
"""Rows in which the headings must stand: titles and notes above them are rarely ten."""

_BLOCK_CELLS, _LEAST_ROWS = 20_000, 20


class Merge(NamedTuple):
    """Cells that are one: rows from 1, columns from 0; their value stands in the first."""

    first_row: int
    column: int
    last_row: int
    last_column: int

    @property
    def is_tall(self) -> bool:
        """Over several rows."""
        return self.last_row > self.first_row


@dataclass(frozen=True, slots=True)
class Top:
    """A sheet (or one way of splitting a text), by a key its reader knows it by.

    `name` is "" for a text.  `warnings` are about this sheet alone; `merges` are those of
    the whole of it, `height` its last row.
    """

    key: int
    name: str
    rows: tuple[Cells, ...]
    warnings: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    height: int = 0


@dataclass(frozen=True, slots=True)
class Apart:
    """A row that is not as wide as its block, holds a very long text, or stands on a line with
    something wrong: its cells as they are, and what is wrong, or "".

    `doubtful` when its cells may stand in wrong columns.
    """

    cells: Cells
    reason: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that follow each other, column by column; rows without a cell are left out.

    `rows` are their numbers from 1; every column has a cell for each of them.
    `apart` gives the rows to be looked at closely, by their place in the block; `comments`
    those of the whole sheet's cells, by row and column.
    """

    rows: Sequence[int]
    columns: Sequence[Sequence[Cell]]
    apart: Mapping[int, Apart] = field(default_factory=dict)
    comments: Mapping[int, Mapping[int, str]] = field(default_factory=dict)


def rows_of_block(width: int) -> int:
    """How many rows of so many columns make a block: enough to be quick, in little memory."""
    return max(_LEAST_ROWS, _BLOCK_CELLS // max(1, width))


class Reader(Protocol):
    """What reads a file: a workbook's sheets, or a text's ways of being split.

    `warnings` grow while rows are read.
    """

    tops: list[Top]
    warnings: list[str]
    dates_1904: bool

    def blocks(self, key: int, width: int) -> Iterator[Block]:
        """The rows of one of `tops` that are not blank, in blocks of `width` columns."""

    def close(self) -> None:
        """Let go of the file."""
