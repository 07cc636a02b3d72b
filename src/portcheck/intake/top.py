"""What a reader tells of a sheet: its first rows, and lines that are out of order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from portcheck.intake.cells import Cells

TOP_ROWS = 50
"""Rows in which the headings must stand: titles and notes above them are rarely ten."""


@dataclass(frozen=True, slots=True)
class Top:
    """A sheet (or one way of splitting a text), by a key its reader knows it by.

    `name` is "" for a text.  `warnings` are about this sheet alone.
    """

    key: int
    name: str
    rows: tuple[Cells, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """A row to be looked at closely, and what is wrong with its line, or "".

    `doubtful` when its cells may stand in wrong columns.
    """

    reason: str = ""
    doubtful: bool = False


Row = tuple[int, Cells, Complaint | None]
"""A row's number from 1, its cells, and whether it needs a closer look."""


class Reader(Protocol):
    """What reads a file: a workbook's sheets, or a text's ways of being split.

    `warnings` grow while rows are read.
    """

    tops: list[Top]
    warnings: list[str]
    dates_1904: bool

    def records(self, key: int) -> Iterator[Row]:
        """The rows of one of `tops` that are not blank."""

    def close(self) -> None:
        """Let go of the file."""
