"""The workbook's first sheet: the figures on one A4 page."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from portcheck.domain.money import amount
from portcheck.domain.statement import Statement
from portcheck.domain.text import count
from portcheck.output.writing import LINE_HEIGHT, fit_to_page, lettering, row_height
from portcheck.report.formats.parts.tables import put, put_figure
from portcheck.report.sections import (
    SUMMARY,
    Figure,
    Section,
    about,
    detention,
    held_line,
    incomplete,
    minute,
    reconciliation,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LEFT, _RIGHT = 1, 4
_WIDTHS = (38, 15, 3, 38, 15)
_LABEL = 46  # characters of a label that stand in a line: it is smaller, and indented
_LAST = len(_WIDTHS)
_MOST_IN_A_LINE = 8
_MOST_LINES = 10


def draw_summary(page: "Worksheet", statement: Statement, found: Mapping[str, Section]) -> None:
    """The figures as they are printed: the sentence first, the signature last."""
    for place, width in enumerate(_WIDTHS):
        page.column_dimensions["ABCDE"[place]].width = width
    page.sheet_view.showGridLines = False
    lines = _Lines(page)
    tally = statement.tally
    lines.add(tally.marking, bold=True, centred=True)
    lines.add(tally.press_sentence, bold=True, size=13)
    for text in about(statement):
        lines.add(text)
    if not tally.complete:
        lines.add(incomplete(tally), bold=True)
        lines.some(
            "Matches",
            [
                f"{one.ref}: {one.typed}, {one.tier}: {one.registration} on {one.list}"
                for one in tally.unresolved
            ],
        )
        lines.some("Disputes", [one.shown for one in tally.disputes])
    left, right = ([found[name] for name in names] for names in SUMMARY)
    lines.columns(left, right)
    for section in ("countries", "guessed", "bodies"):
        if found[section].figures:
            lines.add(found[section].title, bold=True)
            lines.add(_in_a_line(found[section].figures))
    if statement.cash_seized:
        lines.add("Cash seized: the first detention runs out", bold=True)
        lines.some(
            "Cash",
            [
                f"{detention(cash)}: {cash.ref} {cash.vehicle}, "
                f"{amount(cash.amount_minor, cash.currency)}"
                for cash in statement.cash_seized
            ],
        )
    lines.add("Lists used", bold=True)
    for used in tally.lists:
        lines.add(
            f"{used.name} version {used.version}, {minute(used.imported_at)}, {used.rows:,} rows, "
            f"{used.rejected:,} rejected; {count(used.checks, 'check')}"
        )
    lines.add("It adds up", bold=True)
    for total in reconciliation(tally, statement.contradictions()):
        words = total.words if total.holds else f"DOES NOT HOLD: {total.words}"
        lines.add(words, bold=not total.holds)
    lines.add(f"Journal {tally.fingerprint}")
    lines.add(held_line(statement))
    lines.add("Signed ____________________________     Date ________________", space=True)
    page.print_area = f"A1:E{lines.row}"
    fit_to_page(page)


def _in_a_line(figures: Sequence[Figure]) -> str:
    shown = [f"{one.label} {one.shown}" for one in figures[:_MOST_IN_A_LINE]]
    if len(figures) > len(shown):
        shown.append(f"and {len(figures) - len(shown)} more")
    return ", ".join(shown) or "none"


class _Lines:
    """A page that fills from the top."""

    def __init__(self, page: "Worksheet") -> None:
        self._page = page
        self.row = 0

    def add(
        self,
        text: str,
        *,
        bold: bool = False,
        centred: bool = False,
        size: int = 10,
        space: bool = False,
    ) -> None:
        """A line of text over the whole width, as high as it needs."""
        from openpyxl.styles import Alignment  # noqa: PLC0415 - with the workbook

        self.row += 2 if space else 1
        cell = self._page.cell(self.row, _LEFT)
        put(cell, text)
        cell.font = lettering(bold=bold, size=size)
        cell.alignment = Alignment(
            wrap_text=True, vertical="top", horizontal="center" if centred else None
        )
        self._page.merge_cells(
            start_row=self.row, start_column=1, end_row=self.row, end_column=_LAST
        )
        lines = -(-len(text) * size // (sum(_WIDTHS) * 10)) or 1
        self._page.row_dimensions[self.row].height = lines * (size + 4)

    def some(self, sheet: str, texts: Sequence[str]) -> None:
        """As many lines as a page has room for; the sheet named has the rest."""
        for text in texts[:_MOST_LINES]:
            self.add(text)
        if len(texts) > _MOST_LINES:
            self.add(f"and {len(texts) - _MOST_LINES:,} more: see the sheet {sheet}")

    def columns(self, left: Sequence[Section], right: Sequence[Section]) -> None:
        """Sections under each other, in two columns."""
        start = self.row + 1
        ends = [self._column(start, one, where) for one, where in ((left, _LEFT), (right, _RIGHT))]
        self.row = max(ends)

    def _column(self, row: int, found: Sequence[Section], place: int) -> int:
        from openpyxl.styles import Alignment  # noqa: PLC0415 - with the workbook

        for section in found:
            if not section.figures:
                continue
            put(self._page.cell(row, place), section.title)
            self._page.cell(row, place).font = lettering(bold=True, size=10)
            row += 1
            for figure in section.figures:
                label, value = self._page.cell(row, place), self._page.cell(row, place + 1)
                put(label, figure.label)
                put_figure(value, figure)
                label.font = value.font = lettering(size=9)
                label.alignment = Alignment("left", "top", wrap_text=True, indent=1)
                value.alignment = Alignment("right", "top")
                self._heighten(row, figure.label)
                row += 1
        return row - 1

    def _heighten(self, row: int, label: str) -> None:
        """Make room for a label of several lines, on whichever side of the row it stands."""
        needed = row_height([label], [_LABEL])
        if needed:
            there = self._page.row_dimensions[row]
            there.height = max(needed, there.height or LINE_HEIGHT)
