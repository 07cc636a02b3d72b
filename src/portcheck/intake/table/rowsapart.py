"""Rows below the headings that are no rows of the list: totals, the headings again, page
numbers, and lines of text, of which a firm's name is the haulier of the rows below it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from portcheck.domain.haulier import is_firm
from portcheck.domain.registration.one_mark import is_no_registration
from portcheck.domain.text import fold
from portcheck.intake.cells import Cell, Cells, is_blank, text_of
from portcheck.intake.table.columns import Headings, names_of
from portcheck.intake.table.layout import MONEY, Layout

_DIGITS = "0123456789"
_SUSPECT = re.compile(r"[^0-9]*$|.*[^\W\d_]{4}|\s*(?:sum|tot)", re.IGNORECASE | re.DOTALL)
_TOTALS = frozenset(
    fold(word)
    for word in (
        "total", "totals", "grand total", "sub total", "sum", "sums", "total amount", "total due",
        "total outstanding", "overall total", "summe", "gesamt", "gesamtsumme", "somme", "totaal",
        "totale", "suma", "razem", "totaux", "total general", "total units", "total vehicles",
        "total records", "total rows", "celkem", "összesen", "viso", "zwischensumme",
    )
)  # fmt: skip
_PAGE = re.compile(
    r".*\b(?:page|seite|pagina|página|strona|pag|blad|str|sheet)\W*\d+(?:\W+\w*\W*\d+)?\W*"
    r"|\W*\d+\s*(?:of|von|van|de|di|sur|z|/)\s*\d+\W*",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\W*(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|week|quarter)\W+\d{1,4}\W*",
    re.IGNORECASE,
)
_OF_A_LIST = frozenset((
    "list", "penalty", "penalties", "outstanding", "paid", "unpaid", "overdue", "vehicles",
    "report", "action", "total", "page", "debt", "debts", "open", "closed", "end",
))  # fmt: skip
"""Words of a title that is no firm's name, whatever else stands in it."""
_LEAST_NUMBERED = 3
_LONGEST_PLATE_OF_LETTERS = 8


class Section(NamedTuple):
    """The line of text that rows stand under: a haulier's name, or another title."""

    haulier: str = ""
    title: str = ""


NO_SECTION = Section()


class RowsApart:
    """Tells such rows of one table."""

    def __init__(self, layout: Layout) -> None:
        columns = layout.columns
        self._marks = [one.place for one in layout.marks] or [
            min(column for column, _ in columns.values())
        ]
        self._money = {columns[name][0] for name in MONEY if name in columns}
        self._first = self._marks[0]
        self._repeats = layout.repeats
        self._several = len(columns) > 1
        self._haulier = columns.get("haulier", (-1, ""))[0]

    def suspects(self, columns: Sequence[Sequence[Cell]]) -> Iterator[int]:
        """The places of rows worth a closer look: without a plain registration."""
        number = str(self._first + 1)
        for place, cell in enumerate(columns[self._first]):
            if not isinstance(cell, str) or _SUSPECT.match(cell) or cell == number:
                yield place

    def look(self, cells: Cells) -> tuple[str, Section | None]:
        """Why this is no row of the list, or ""; and what the rows below stand under, where
        it is a line that says so.
        """
        if why := self._reason(cells):
            return why, None
        section = self._section(cells)
        if section is None:
            return "", None
        told = "a section heading: the haulier of the rows below it"
        return told if section.haulier else "a line of text, no row of the list", section

    def _reason(self, cells: Cells) -> str:
        filled = {i: cell for i, cell in enumerate(cells) if not is_blank(cell)}
        marks = [fold(text_of(cells[i])) for i in self._marks if i < len(cells)]
        if self._is_heading(filled):
            return "the headings again, in the middle of the sheet"
        if _are_numbers_of_columns(filled):
            return "the columns' numbers, no row of the list"
        others = {i: cell for i, cell in filled.items() if i not in self._marks}
        texts = [cell for cell in others.values() if isinstance(cell, str)]
        words = [fold(text) for text in texts if _has_letters(text)]
        if marks and marks[0].rstrip(_DIGITS) in _TOTALS and not words:
            return "totals row"
        if not any(mark.strip(_DIGITS) for mark in marks):
            if any(word.rstrip(_DIGITS) in _TOTALS for word in words):
                return "totals row"
            if not any(marks) and others and others.keys() <= self._money:
                return "totals row: amounts alone, without a registration"
        line = self._line(filled)
        if line and _PAGE.fullmatch(line):
            return "a page number, no row of the list"
        return ""

    def _section(self, cells: Cells) -> Section | None:
        line = self._line({i: cell for i, cell in enumerate(cells) if not is_blank(cell)})
        if not line or is_no_registration(line):
            return None
        label, colon, name = line.partition(":")
        if colon and name.strip() and _headings().field_of(label) == "haulier":
            return Section(haulier=name.strip())
        words = line.casefold().split()
        if is_firm(line) and _OF_A_LIST.isdisjoint(words):
            return Section(haulier=line)
        is_text = not any(map(str.isdigit, line)) and (
            len(words) > 1 or len(line) > _LONGEST_PLATE_OF_LETTERS
        )
        return Section(title=line) if is_text or _PERIOD.fullmatch(line) else None

    def _line(self, filled: Mapping[int, Cell]) -> str:
        """The text of a row that holds nothing else but sums, where a line of text may stand."""
        texts = {i: cell for i, cell in filled.items() if i not in self._money}
        if len(texts) != 1 or not self._several:
            return ""
        ((place, cell),) = texts.items()
        if place > max(self._first, self._haulier) or not isinstance(cell, str):
            return ""
        return text_of(cell)

    def _is_heading(self, filled: Mapping[int, Cell]) -> bool:
        again = [
            i
            for i, cell in filled.items()
            if i < len(self._repeats) and fold(text_of(cell)) in self._repeats[i]
        ]
        return self._first in again or (len(again) > 1 and len(again) * 2 > len(filled))


def _are_numbers_of_columns(filled: Mapping[int, Cell]) -> bool:
    return len(filled) >= _LEAST_NUMBERED and all(
        text_of(cell).strip("().") == str(i + 1) for i, cell in filled.items()
    )


def _headings() -> Headings:
    return Headings(names_of("action_list"))


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text.casefold().replace("gbp", "")))
