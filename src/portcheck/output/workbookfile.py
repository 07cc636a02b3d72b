"""Saving a workbook of which nothing is left in the temporary folder, whenever it is broken off.

openpyxl writes each sheet into a file there that has a name, and that a kill leaves
behind with all its rows.  Here they go into files without one, which end with the
process; openpyxl has no other way to say so than its own attributes.
"""
# ruff: noqa: SLF001 - as said above

import io
import shutil
import tempfile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def begin_sheet(page: Any) -> None:
    """Begin the rows of a sheet of a write-only workbook, whose columns are laid out."""
    from openpyxl.worksheet._writer import WorksheetWriter  # noqa: PLC0415 - slow to import

    made = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the workbook is saved
    page._writer = WorksheetWriter(page, made)
    page._writer.write_top()


def save_workbook(book: Any, out: IO[bytes]) -> None:
    """Write `book` to `out`; the sheets of a write-only one were begun by `begin_sheet`.

    Raises OSError when there is no room for it.
    """
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing  # noqa: PLC0415 - as above
    from openpyxl.worksheet._writer import WorksheetWriter  # noqa: PLC0415
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415

    archive = ZipFile(out, "w", ZIP_DEFLATED)

    class Writer(ExcelWriter):
        """openpyxl's own, but for where a sheet stands until it is packed."""

        def write_worksheet(self, ws: Any) -> None:
            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
            if self.workbook.write_only:
                writer = ws._writer
                ws.close()
            else:
                writer = WorksheetWriter(ws, io.BytesIO())
                writer.write()
            ws._rels = writer._rels
            with writer.out as made:
                _pack(archive, ws.path.removeprefix("/"), made)
            self.manifest.append(ws)

    try:
        Writer(book, archive).save()
    except BaseException:  # Ctrl-C too
        archive.fp = None  # else the archive is ended once more when it is forgotten, in vain
        raise


def _pack(archive: ZipFile, name: str, made: IO[bytes]) -> None:
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    part.file_size = made.seek(0, io.SEEK_END)  # whether it needs the form for large files
    made.seek(0)
    with archive.open(part, "w") as packed:
        shutil.copyfileobj(made, packed)
