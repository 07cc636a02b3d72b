"""The workbook's charts: native ones, their numbers beside them, readable in black and white."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from portcheck.output.writing import fit_to_page
from portcheck.report.formats.parts.tables import put, put_figure
from portcheck.report.sections import Section, hour_by_hour

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.chart import BarChart
    from openpyxl.worksheet.worksheet import Worksheet

_CHARTS = (("hours", "col"), ("outcomes", "bar"), ("countries", "bar"))
_ROWS_A_CHART = 18
_MOST_BARS = 12
_WIDTH_CM, _HEIGHT_CM = 18, 8
_LABELS, _NUMBERS = 13, 14  # columns M and N, beside what is printed
_INK = "404040"


def draw_charts(book: "Workbook", found: Mapping[str, Section]) -> None:
    """A sheet with a chart for each of the sections that have figures."""
    page = book.create_sheet("Charts")
    page.sheet_view.showGridLines = False
    page.column_dimensions["M"].width = 24
    page.print_area = f"A1:K{len(_CHARTS) * _ROWS_A_CHART + 1}"
    fit_to_page(page)
    row = 1
    for place, (name, kind) in enumerate(_CHARTS):
        section = found[name]
        figures = hour_by_hour(section) if name == "hours" else section.figures[:_MOST_BARS]
        if not figures:
            continue
        put(page.cell(row, _LABELS), section.title)
        for number, figure in enumerate(figures, row + 1):
            put(page.cell(number, _LABELS), figure.label)
            put_figure(page.cell(number, _NUMBERS), figure)
        chart = _chart(page, section.title, kind, row + 1, row + len(figures))
        page.add_chart(chart, f"A{place * _ROWS_A_CHART + 2}")
        row += len(figures) + 2


def _chart(page: "Worksheet", title: str, kind: str, first: int, last: int) -> "BarChart":
    from openpyxl.chart import BarChart, Reference  # noqa: PLC0415 - with the workbook
    from openpyxl.chart.label import DataLabelList  # noqa: PLC0415

    chart = BarChart()
    chart.type, chart.title, chart.legend = kind, title, None
    chart.width, chart.height = _WIDTH_CM, _HEIGHT_CM
    chart.gapWidth = 40
    chart.add_data(Reference(page, min_col=_NUMBERS, min_row=first, max_row=last))
    chart.set_categories(Reference(page, min_col=_LABELS, min_row=first, max_row=last))
    chart.series[0].graphicalProperties.solidFill = _INK
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False)
    chart.dataLabels.showLegendKey = False
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    if kind == "bar":
        chart.x_axis.scaling.orientation = "maxMin"  # the first on top
    return chart
