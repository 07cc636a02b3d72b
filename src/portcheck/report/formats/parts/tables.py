"""The sheets of a workbook that hold tables: the figures by key, and the rows."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from portcheck.domain.money import plain_amount
from portcheck.output.writing import fit_to_paper, lettering, row_height
from portcheck.report.columns import Column, Kind
from portcheck.report.formats import NUMBERS
from portcheck.report.formats.parts.rows import Style, cell_text, column_letters, number_format
from portcheck.report.sections import Figure, Section
from portcheck.report.sheets import Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.worksheet import Worksheet

    AnyCell = Cell | MergedCell

_FIGURES = ("Key", "Section", "Figure", "Number", "Currency")
_WIDTHS = (34, 26, 64, 16, 12)
_BUTTON = 3  # characters that a filter's button hides
_MONEY_DECIMALS = {0: "JPY", 2: "EUR", 3: "KWD"}  # a currency of each kind


def put(cell: "AnyCell", text: str) -> None:
    """A text that stays a text, whatever it begins with."""
    cell.value = cell_text(text)
    cell.data_type = "s"
    cell.number_format = "@"


def put_figure(cell: "AnyCell", figure: Figure) -> None:
    """A figure as a number: a count, or an amount in whole units of its currency."""
    if figure.currency:
        cell.value = Decimal(plain_amount(figure.number, figure.currency))
        kind = Kind.PENCE if figure.currency == "GBP" else Kind.MONEY
        cell.number_format = number_format(kind, figure.currency)
    else:
        cell.value = figure.number
        cell.number_format = number_format(Kind.COUNT)


def draw_figures(book: "Workbook", found: Iterable[Section]) -> None:
    """The sheet of all figures."""
    page = book.create_sheet("Figures")
    _head(page, _FIGURES, _WIDTHS)
    row = 1
    for section in found:
        for figure in section.figures:
            row += 1
            for place, text in enumerate((figure.key, section.title, figure.label), 1):
                put(page.cell(row, place), text)
            put_figure(page.cell(row, 4), figure)
            page.cell(row, 4).alignment = alignment(Kind.COUNT)
            put(page.cell(row, 5), figure.currency)
    _as_table(page, "Figures", _FIGURES, row)
    page.page_setup.orientation = "portrait"


def draw_rows(book: "Workbook", sheet: Sheet) -> "tuple[Worksheet, list[Style]]":
    """A sheet with its headings and a table over the rows to come; the styles of its columns.

    Styles are made by cells below the headings, which are taken away again.
    """
    page = book.create_sheet(sheet.title)
    headings = [column.heading for column in sheet.columns]
    _head(page, headings, [column_width(column) for column in sheet.columns])
    styles = [_style(page, place, column) for place, column in enumerate(sheet.columns, 1)]
    page.delete_rows(2, len(_MONEY_DECIMALS))
    _as_table(page, sheet.title, headings, max(sheet.count + 1, 2))
    page.print_title_cols = "A:A"
    return page, styles


def _style(page: "Worksheet", place: int, column: Column) -> Style:
    if column.kind is not Kind.MONEY:
        return {0: _style_number(page, 2, place, column.kind)}
    return {
        places: _style_number(page, 2 + number, place, Kind.MONEY, currency)
        for number, (places, currency) in enumerate(_MONEY_DECIMALS.items())
    }


def _style_number(
    page: "Worksheet", row: int, place: int, kind: Kind, currency: str = "GBP"
) -> int:
    """The number of a style; each needs a cell of its own."""
    cell = page.cell(row, place)
    cell.number_format = number_format(kind, currency)
    cell.alignment = alignment(kind)
    return cell.style_id


def alignment(kind: Kind) -> "Alignment":
    """Numbers to the right, with a space before the next column; the rest to the left, wrapped."""
    from openpyxl.styles import Alignment  # noqa: PLC0415 - with the workbook

    if kind in NUMBERS:
        return Alignment(horizontal="right", vertical="top", indent=1)
    return Alignment(horizontal="left", vertical="top", wrap_text=kind is Kind.TEXT)


def column_width(column: Column) -> int:
    """The characters a column is wide: no word of its heading is broken."""
    return max(column.width, *(len(word) + _BUTTON for word in column.heading.split())) + 2


def _head(page: "Worksheet", headings: Sequence[str], widths: Sequence[int]) -> None:
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True), 1):
        cell = page.cell(1, place)
        put(cell, heading)
        cell.font = lettering(bold=True)
        cell.alignment = alignment(Kind.TEXT)
        page.column_dimensions[column_letters(place)].width = width
    page.row_dimensions[1].height = row_height(headings, [width - _BUTTON for width in widths])
    page.freeze_panes = "B2"
    fit_to_paper(page, widths)


def _as_table(page: "Worksheet", name: str, headings: Iterable[str], last: int) -> None:
    from openpyxl.worksheet.filters import AutoFilter  # noqa: PLC0415 - with the workbook
    from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo  # noqa: PLC0415

    names = list(headings)
    table = Table(displayName=name.replace(" ", "_"), ref=f"A1:{column_letters(len(names))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    table.tableColumns = [TableColumn(id=place, name=text) for place, text in enumerate(names, 1)]
    table.autoFilter = AutoFilter(ref=table.ref)
    page.add_table(table)
