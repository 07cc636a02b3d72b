"""Rows below the headings that are no rows of the list: totals, the headings again."""

import re
from collections.abc import Iterator, Sequence

from portcheck.domain.text import fold
from portcheck.intake.cells import Cell, Cells, is_blank, text_of
from portcheck.intake.table.header import MONEY, Layout

_DIGITS = "0123456789"
_SUSPECT = re.compile(r"[^0-9]*$|\s*(?:grand|sub|sum|tot)", re.IGNORECASE)
_TOTALS = frozenset(
    fold(word)
    for word in (
        "total", "totals", "grand total", "sub total", "sum", "sums", "total amount", "total due",
        "total outstanding", "overall total", "summe", "gesamt", "gesamtsumme", "somme", "totaal",
        "totale", "suma", "razem", "totaux", "total general",
    )
)  # fmt: skip


class RowsApart:
    """Tells such rows of one table."""

    def __init__(self, layout: Layout) -> None:
        marks = ("registration", "trailer_registration", "container")
        columns = layout.columns
        self._marks = [columns[name][0] for name in marks if name in columns] or [
            min(column for column, _ in columns.values())
        ]
        self._money = {columns[name][0] for name in MONEY if name in columns}
        self._first = self._marks[0]
        self._heading = fold(layout.headings[self._first])

    def suspects(self, columns: Sequence[Sequence[Cell]]) -> Iterator[int]:
        """The places of rows worth a closer look: without a plain registration."""
        for place, cell in enumerate(columns[self._first]):
            if isinstance(cell, str) and _SUSPECT.match(cell):
                yield place

    def reason(self, cells: Cells) -> str:
        """Why this is no row of the list, or ""."""
        marks = [fold(text_of(cells[i])) for i in self._marks if i < len(cells)]
        if marks and marks[0] == self._heading:
            return "the headings again, in the middle of the sheet"
        others = {
            i: cell for i, cell in enumerate(cells) if i not in self._marks and not is_blank(cell)
        }
        texts = [cell for cell in others.values() if isinstance(cell, str)]
        words = [fold(text) for text in texts if _has_letters(text)]
        if marks and marks[0].rstrip(_DIGITS) in _TOTALS and not words:
            return "totals row"
        if any(marks):
            return ""
        if any(word.rstrip(_DIGITS) in _TOTALS for word in words):
            return "totals row"
        if others and others.keys() <= self._money:
            return "totals row: amounts alone, without a registration"
        return ""


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text.casefold().replace("gbp", "")))
