"""Writing rows of text to a file that a spreadsheet program opens, and runs nothing of.

The file appears whole or not at all; only its owner may read it.
"""

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from portcheck.errors import FileRefused
from portcheck.intake.cells import disarmed

Rows = Iterable[Iterable[str]]


def write_table(path: Path, rows: Rows, *, sheet: str) -> None:
    """Write `rows`, the headings first: a .csv by the name, an .xlsx otherwise.

    Raises FileRefused when it cannot be written; a file that was there stays as it was.
    """
    if path.suffix.lower() == ".csv":
        replace_file(path, lambda out: _write_csv(out, rows))
    else:
        replace_file(path, lambda out: _write_workbook(out, rows, sheet))


def replace_file(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Put what `write` writes in the place of `path`, all of it or nothing.

    Raises FileRefused when it cannot be written.
    """
    try:
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
    except OSError as error:
        raise FileRefused(
            f"it cannot be written ({error.strerror or error})",
            where=str(path),
            hint="Check that the folder exists, may be written, and has room.",
        ) from error


def _write_csv(out: IO[bytes], rows: Rows) -> None:
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(map(disarmed, row))
    text.detach()


def _write_workbook(out: IO[bytes], rows: Rows, sheet: str) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import, needed only here
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(page, value=text)
            cell.data_type = "s"
            cell.number_format = "@"
            cells.append(cell)
        page.append(cells)
    book.save(out)
