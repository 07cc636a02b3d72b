"""The report as a workbook: a page to print, charts, and every row in a table with filters.

openpyxl lays the workbook out; the rows are then written into it one after
another (`parts.rows`), because openpyxl takes a minute for a hundred thousand
checks.  Every text is stored as text: no program finds a formula in it.
"""

import io
from datetime import UTC
from typing import IO, Any

from portcheck.domain.text import clean, count, shorten
from portcheck.errors import Refused
from portcheck.output.workbookfile import save_workbook
from portcheck.report.formats import Report
from portcheck.report.formats.parts.charts import draw_charts
from portcheck.report.formats.parts.rows import Cells, pour
from portcheck.report.formats.parts.summary import draw_summary
from portcheck.report.formats.parts.tables import column_width, draw_figures, draw_rows
from portcheck.report.sections import sections

MOST_ROWS = 1_048_575
"""What a sheet holds below its headings."""

_LONGEST_HEADER = 80


def write(report: Report, out: IO[bytes]) -> None:
    """Write the workbook.  Raises Refused for more rows than a sheet holds."""
    for sheet in report.sheets:
        if sheet.count > MOST_ROWS:
            raise Refused(
                f"{count(sheet.count, 'row')} of {sheet.name} do not fit into a workbook",
                hint="Write a .csv or .json, or a part of the day with --since and --until.",
            )
    layout, tables = _layout(report)
    pour(layout, tables, out, report.stamped_at)


def _layout(report: Report) -> tuple[bytes, dict[str, Cells]]:
    """The workbook without its rows, and the rows by the place of their sheet in it."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import, needed only here

    book = Workbook()
    found = sections(report.statement)
    book.remove(book.worksheets[0])
    draw_summary(book.create_sheet("Summary"), report.statement, found)
    draw_charts(book, found)
    draw_figures(book, found.values())
    tables = []
    for sheet in report.sheets:
        page, styles = draw_rows(book, sheet)
        widths = [column_width(column) for column in sheet.columns]
        tables.append((page, Cells(sheet, styles, widths, report.zone)))
    for page in book.worksheets:
        _for_paper(page, report)
    about = book.properties
    about.title = clean(report.statement.tally.operation)
    about.creator = "portcheck"
    about.created = about.modified = report.stamped_at.astimezone(UTC).replace(tzinfo=None)
    made = io.BytesIO()
    save_workbook(book, made)
    return made.getvalue(), {page.path.removeprefix("/"): cells for page, cells in tables}


def _for_paper(page: Any, report: Report) -> None:
    """The marking above, the operation and the page's number below."""
    tally = report.statement.tally
    page.oddHeader.center.text = _line(tally.marking)
    page.oddFooter.left.text = _line(tally.operation)
    page.oddFooter.right.text = "Page &P of &N"


def _line(text: str) -> str:
    """Text for a header, where & would begin a command."""
    return shorten(clean(text), _LONGEST_HEADER).replace("&", "&&")
