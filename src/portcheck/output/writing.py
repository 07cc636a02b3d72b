"""Writing rows of text to a file that a spreadsheet program opens, and runs nothing of.

The file appears whole or not at all; only its owner may read it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from textwrap import wrap
from typing import IO, TYPE_CHECKING, Any

from portcheck.disk.whole import replace_file
from portcheck.domain.text import disarmed
from portcheck.output.workbookfile import begin_sheet, save_workbook

if TYPE_CHECKING:
    from openpyxl.styles import Font

Rows = Iterable[Iterable[str]]

TABLES = (".xlsx", ".csv")
"""The files that `write_table` makes, by their suffix."""

LINE_HEIGHT = 15
"""Points of a line of text in a workbook."""

_HIGHEST = 400  # points; spreadsheet programs stop at 409
_NARROWEST, _WIDEST = 8, 50  # characters of a column
_MEASURED = 200  # rows, from which the columns' widths are taken
_ACROSS = 170  # characters on a landscape page of A4, so small that they can still be read
_A4 = 9  # as paper is numbered in a workbook


def write_table(path: Path, rows: Rows, *, sheet: str) -> None:
    """Write `rows`, the headings first: a .csv by the name, an .xlsx otherwise.

    Raises FileRefused when it cannot be written; a file that was there stays as it was.
    """
    if path.suffix.lower() == ".csv":
        replace_file(path, lambda out: _write_csv(out, rows))
    else:
        replace_file(path, lambda out: _write_workbook(out, rows, sheet))


def _write_csv(out: IO[bytes], rows: Rows) -> None:
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(map(disarmed, row))
    text.detach()


def lettering(*, bold: bool = False, size: float = 11) -> "Font":
    """The usual font; where a style names none, programs disagree about which to take."""
    from openpyxl.styles import Font  # noqa: PLC0415 - slow to import, needed only here

    return Font(name="Calibri", family=2, bold=bold, size=size)


def row_height(cells: Iterable[str], widths: Iterable[float]) -> int | None:
    """The points a row needs whose texts are wrapped in columns of `widths` characters.

    None where a line is enough.  It is written down because not every program
    measures the rows of a file that it opens.

    >>> row_height(["AB12 CDE", "a reason of some forty characters, or so"], [12, 20])
    45
    """
    lines = max((_lines(*one) for one in zip(cells, widths, strict=False)), default=1)
    return min(lines * LINE_HEIGHT, _HIGHEST) if lines > 1 else None


def _lines(text: str, width: float) -> int:
    return 1 if len(text) <= width and "\n" not in text else _wrapped_lines(text, int(width))


@lru_cache(maxsize=16_384)
def _wrapped_lines(text: str, width: int) -> int:
    return sum(len(wrap(line, width)) or 1 for line in text.split("\n"))


def fit_to_page(page: Any) -> None:
    """A sheet on one upright page of A4."""
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415 - as above

    page.page_setup.paperSize, page.page_setup.orientation = _A4, "portrait"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth = page.page_setup.fitToHeight = 1


def fit_to_paper(page: Any, widths: Iterable[float]) -> None:
    """A table of columns of `widths` characters on landscape A4, its headings on every page."""
    fit_to_page(page)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = -(-int(sum(widths)) // _ACROSS), 0
    page.print_title_rows = "1:1"


def _write_workbook(out: IO[bytes], rows: Rows, sheet: str) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import, needed only here
    from openpyxl.styles import Alignment  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    to_come = iter(rows)
    first = [list(row) for row in islice(to_come, _MEASURED)]
    widths = _widths(first)
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "A2"
    fit_to_paper(page, widths)
    page.print_title_cols = "A:B"
    wrapped = Alignment(vertical="top", wrap_text=True)
    heading = _Pen(page, {"font": lettering(bold=True), "alignment": wrapped})
    body, closing = _Pen(page, {"alignment": wrapped}), _Pen(page, {})
    begin_sheet(page)
    for number, texts in enumerate(chain(first, map(list, to_come)), 1):
        in_table = _is_table(texts)
        if in_table and (height := row_height(texts, widths)):
            page.row_dimensions[number].height = height
        pen = heading if number == 1 else body if in_table else closing
        page.append(pen.cells(texts))
        page.row_dimensions.pop(number, None)  # written by now: there may be many
    save_workbook(book, out)


class _Pen:
    """Writes rows of texts in one style; the same cells serve every row, for to style is slow."""

    def __init__(self, page: Any, style: Mapping[str, Any]) -> None:
        self._page, self._style = page, {"number_format": "@", **style}
        self._cells: list[Any] = []

    def cells(self, texts: Sequence[str]) -> list[Any]:
        """The cells of a row, as they are until the next one is asked for."""
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - with the workbook

        while len(self._cells) < len(texts):
            cell = WriteOnlyCell(self._page)
            for name, value in self._style.items():
                setattr(cell, name, value)
            self._cells.append(cell)
        found = self._cells[: len(texts)]
        for cell, text in zip(found, texts, strict=True):
            cell.value = text
            cell.data_type = "s"
        return found


def _is_table(row: Sequence[str]) -> bool:
    """Whether it is a row of the table: a line that closes it stands alone, and runs on."""
    return len(row) > 1


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns' widths in characters: as wide as their texts, within reason."""
    widths: list[int] = []
    for row in filter(_is_table, rows):
        widths += [_NARROWEST] * (len(row) - len(widths))
        for place, text in enumerate(row):
            widths[place] = max(widths[place], min(len(text) + 2, _WIDEST))
    return widths
