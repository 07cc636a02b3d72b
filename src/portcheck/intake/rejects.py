"""The file of rejected rows: the layout they came in, with the reason beside each.

An office mends the rows and sends the file back; the column of reasons is not
read then.  Every cell is written as text, and none of them can run.
"""

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Protocol

from portcheck.domain.text import one_line
from portcheck.errors import FileRefused
from portcheck.intake.cells import disarmed
from portcheck.intake.columns import REASON_HEADING
from portcheck.intake.header import Layout

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
    write = _write_csv if path.suffix.lower() == ".csv" else _write_workbook
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

    try:
        _replace(path, lambda out: write(out, rows()))
    except OSError as error:
        raise FileRefused(
            f"the rejected rows cannot be written ({error.strerror or error})", where=str(path)
        ) from error
    return count


def _cells_of(raw: tuple[str, ...], layout: Layout) -> list[str]:
    """The row under its headings; what stood beyond them goes into the last column."""
    width = len(layout.headings)
    cells = [*raw[:width], *[""] * (width - len(raw))]
    kept = [cell for i, cell in enumerate(cells) if i not in layout.ignored]
    if beyond := [cell for cell in raw[width:] if cell]:
        kept[-1] = " | ".join([kept[-1], *beyond])
    return kept


def _replace(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    handle, name = tempfile.mkstemp(prefix=".portcheck-", dir=path.absolute().parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_csv(out: IO[bytes], rows: Iterable[list[str]]) -> None:
    with io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True) as text:
        writer = csv.writer(text)
        for row in rows:
            writer.writerow(map(disarmed, row))
        text.detach()


def _write_workbook(out: IO[bytes], rows: Iterable[list[str]]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  slow to import, needed only here
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"
            cell.number_format = "@"
            cells.append(cell)
        sheet.append(cells)
    book.save(out)
