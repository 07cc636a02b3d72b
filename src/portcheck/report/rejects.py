"""The file of rejected rows: the layout they came in, with the reason beside each.

An office mends the rows and sends the file back; the column of reasons is not
read then.  Every cell is written as text, and none of them can run.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from portcheck.domain.text import one_line
from portcheck.intake.cells import text_of
from portcheck.intake.table.columns import REASON_HEADING
from portcheck.intake.table.layout import Layout
from portcheck.output.writing import write_table

_SHEET = "Rejected rows"


class _Read(Protocol):
    @property
    def layouts(self) -> tuple[Layout, ...]: ...


class _Row(Protocol):
    @property
    def raw(self) -> tuple[str, ...]: ...

    @property
    def sheet(self) -> str: ...


Rejected = Iterable[tuple[_Row, str]]
"""Rows as they were read, each with the reason why it was not taken."""

_Column = tuple[str, int]
"""A heading, and how many columns before it go by the same."""


def write_rejects(path: Path, file: _Read, rejected: Rejected) -> int:
    """Write the rows to `path`, a .csv by its name and an .xlsx otherwise; how many there were.

    Rows of several sheets stand under the headings of all of them, each under its own.
    The file appears whole or not at all, and only its owner may read it.
    Raises FileRefused when it cannot be written.
    """
    several = len(file.layouts) > 1
    layouts = {text_of(one.sheet) if several else "": one for one in file.layouts}
    columns = {name: _columns(layout) for name, layout in layouts.items()}
    every = list(dict.fromkeys(column for found in columns.values() for column in found))
    count = 0

    def rows() -> Iterable[list[str]]:
        nonlocal count
        yield [*(heading for heading, _ in every), REASON_HEADING]
        for row, reason in rejected:
            count += 1
            texts = _cells_of(row.raw, layouts[row.sheet])
            cells = dict(zip(columns[row.sheet], texts, strict=True))
            yield [*(cells.get(column, "") for column in every), one_line(reason)]

    write_table(path, rows(), sheet=_SHEET)
    return count


def _columns(layout: Layout) -> list[_Column]:
    """The columns of a sheet, without those that are not read."""
    before: Counter[str] = Counter()
    found = []
    for i, heading in enumerate(layout.headings):
        if i not in layout.ignored:
            found.append((heading, before[heading]))
            before[heading] += 1
    return found


def _cells_of(raw: tuple[str, ...], layout: Layout) -> list[str]:
    """The row under its headings; what stood beyond them goes into the last column."""
    width = len(layout.headings)
    cells = [*raw[:width], *[""] * (width - len(raw))]
    kept = [cell for i, cell in enumerate(cells) if i not in layout.ignored]
    if beyond := [cell for cell in raw[width:] if cell]:
        kept[-1] = " | ".join([kept[-1], *beyond])
    return kept
