"""The file of rejected rows: the layout they came in, with the reason beside each.

An office mends the rows and sends the file back; the column of reasons is not
read then.  Every cell is written as text, and none of them can run.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from portcheck.domain.text import one_line
from portcheck.intake.table.columns import REASON_HEADING
from portcheck.intake.table.layout import Layout
from portcheck.output.writing import write_table

_SHEET = "Rejected rows"


class _Read(Protocol):
    @property
    def layout(self) -> Layout: ...


class _Row(Protocol):
    @property
    def raw(self) -> tuple[str, ...]: ...


Rejected = Iterable[tuple[_Row, str]]
"""Rows as they were read, each with the reason why it was not taken."""


def write_rejects(path: Path, file: _Read, rejected: Rejected) -> int:
    """Write the rows to `path`, a .csv by its name and an .xlsx otherwise; how many there were.

    The file appears whole or not at all, and only its owner may read it.
    Raises FileRefused when it cannot be written.
    """
    headings = [
        heading for i, heading in enumerate(file.layout.headings) if i not in file.layout.ignored
    ]
    count = 0

    def rows() -> Iterable[list[str]]:
        nonlocal count
        yield [*headings, REASON_HEADING]
        for row, reason in rejected:
            count += 1
            yield [*_cells_of(row.raw, file.layout), one_line(reason)]

    write_table(path, rows(), sheet=_SHEET)
    return count


def _cells_of(raw: tuple[str, ...], layout: Layout) -> list[str]:
    """The row under its headings; what stood beyond them goes into the last column."""
    width = len(layout.headings)
    cells = [*raw[:width], *[""] * (width - len(raw))]
    kept = [cell for i, cell in enumerate(cells) if i not in layout.ignored]
    if beyond := [cell for cell in raw[width:] if cell]:
        kept[-1] = " | ".join([kept[-1], *beyond])
    return kept
