"""The sheets of a workbook that hold tables: the figures by key, and the rows."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from portcheck.domain.money import plain_amount
from portcheck.report.columns import Column, Kind
from portcheck.report.formats.parts.rows import Style, cell_text, column_letters, number_format
from portcheck.report.sections import Figure, Section
from portcheck.report.sheets import Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    AnyCell = Cell | MergedCell

_FIGURES = ("Key", "Section", "Figure", "Number", "Currency")
_WIDTHS = (34, 26, 44, 16, 10)
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


def fit_to_paper(page: "Worksheet", pages_high: int) -> None:
    """As wide as one page; `pages_high` is 0 for as many pages as it takes."""
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415 - with it

    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, pages_high


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
            put(page.cell(row, 5), figure.currency)
    _as_table(page, "Figures", _FIGURES, row)
    fit_to_paper(page, 0)


def draw_rows(book: "Workbook", sheet: Sheet) -> "tuple[Worksheet, list[Style]]":
    """A sheet with its headings and a table over the rows to come; the styles of its columns.

    Styles are made by cells below the headings, which are taken away again.
    """
    page = book.create_sheet(sheet.title)
    headings = [column.heading for column in sheet.columns]
    _head(page, headings, [column.width + 2 for column in sheet.columns])
    styles = [_style(page, place, column) for place, column in enumerate(sheet.columns, 1)]
    page.delete_rows(2, len(_MONEY_DECIMALS))
    _as_table(page, sheet.title, headings, max(sheet.count + 1, 2))
    page.page_setup.orientation = "landscape"
    page.print_title_cols = "A:A"
    return page, styles


def _style(page: "Worksheet", place: int, column: Column) -> Style:
    if column.kind is not Kind.MONEY:
        return {0: _style_number(page, 2, place, number_format(column.kind))}
    return {
        places: _style_number(page, 2 + number, place, number_format(Kind.MONEY, currency))
        for number, (places, currency) in enumerate(_MONEY_DECIMALS.items())
    }


def _style_number(page: "Worksheet", row: int, place: int, shown_as: str) -> int:
    """The number of a style; each needs a cell of its own."""
    cell = page.cell(row, place)
    cell.number_format = shown_as
    return cell.style_id


def _head(page: "Worksheet", headings: Iterable[str], widths: Iterable[int]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - with the workbook

    for place, (heading, width) in enumerate(zip(headings, widths, strict=True), 1):
        cell = page.cell(1, place)
        put(cell, heading)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[column_letters(place)].width = width
    page.freeze_panes = "B2"
    page.print_title_rows = "1:1"


def _as_table(page: "Worksheet", name: str, headings: Iterable[str], last: int) -> None:
    from openpyxl.worksheet.filters import AutoFilter  # noqa: PLC0415 - with the workbook
    from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo  # noqa: PLC0415

    names = list(headings)
    table = Table(displayName=name, ref=f"A1:{column_letters(len(names))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    table.tableColumns = [TableColumn(id=place, name=text) for place, text in enumerate(names, 1)]
    table.autoFilter = AutoFilter(ref=table.ref)
    page.add_table(table)
