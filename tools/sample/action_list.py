"""The action list as an office sends it: one workbook with everything wrong that they have."""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from portcheck.domain.money import plain_amount, pounds
from portcheck.domain.registration.countries import COUNTRIES
from sample.files import save_csv, save_workbook
from sample.standing import Line

COLUMNS = {
    "reference": "Ref No.",
    "registration": "Vehicle Reg No ",
    "country": "Nationality",
    "unit": "Vehicle type",
    "trailer": "Trailer",
    "container": "Container no",
    "haulier": "Haulier name",
    "party": "Liable party",
    "role": "Role",
    "section": "Section",
    "incident_on": "Incident date",
    "issued_on": "Date  issued",
    "due_on": "Payment due",
    "amount": "Penalty amount (£)",
    "paid": "Paid to date",
    "balance": "Balance\noutstanding",
    "status": "Current status",
    "objection_on": "Objection received",
    "decided_on": "Objection decided",
    "appeal_on": "Appeal lodged",
    "action": "Action required",
    "team": "Case officer team",
    "port": "Port of encounter",
    "notes": "Remarks ",
}
_MONEY = ("amount", "paid", "balance")
_EPOCH = date(1899, 12, 30)
_COUNTRIES = {country.code: country for country in COUNTRIES}
_UNITS = {
    "tractor": ("Tractor unit", "tractor", "TRACTOR UNIT"),
    "rigid": ("Rigid", "rigid HGV"),
}
_BLANK_ROWS = (110, 220)
_OLD = (("CP-0911", "AE15 RTD"), ("CP-0934", "TM 01 XRD"), ("CP-0958", "CB 0001 HH"))
_NOTES = (
    "Version of 16 June 2021, 16:30. Next version 18 June.",
    "Amounts are in pounds. Rows struck through are cancelled.",
    "Ask the duty line before any vehicle is detained.",
    "SYNTHETIC SAMPLE: no row is about a real vehicle, company or person.",
)

Cell = str | int | float | date | None
Cells = dict[str, Cell]


def write_workbook(path: Path, lines: Sequence[Line]) -> None:
    """The list of 17 June, with a title, groups of headings, blank rows, a total, more sheets."""
    office = _Office()
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Action list"
    _write_top(sheet)
    for number, line in enumerate(lines):
        if number in _BLANK_ROWS:
            sheet.append([])
        cells = office.row(line)
        sheet.append([cells[name] for name in COLUMNS])
        _show_as_typed(sheet, struck=line.status == "withdrawn")
    sheet.append([])
    sheet.append([_total(lines).get(name) for name in COLUMNS])
    _write_other_sheets(book)
    save_workbook(book, path)


def write_csv(path: Path, lines: Sequence[Line]) -> None:
    """The list of 18 June as another program writes it: plainly, each value in one way."""
    title = ["CECPT vehicle action list 18 June 2021 (synthetic sample)"]
    headings = [" ".join(heading.split()) for heading in COLUMNS.values()]
    rows = [_plain(line) for line in lines]
    rows.append({name: str(cell) for name, cell in _total(lines).items()})
    table = [[row.get(name, "") for name in COLUMNS] for row in rows]
    save_csv(path, [title, headings, *table], delimiter=";", mark=True)


class _Office:
    """Writes the same thing in another way each time."""

    def __init__(self) -> None:
        self._random = random.Random("portcheck sample: the office's hand")

    def row(self, line: Line) -> Cells:
        """A line as cells, by column."""
        cells: Cells = {
            "reference": line.reference,
            "registration": int(line.registration)
            if line.registration.isdigit()
            else line.registration,
            "country": self._country(line.country),
            "unit": self._random.choice(_UNITS.get(line.unit, (line.unit,))),
            "role": self._random.choice((line.role, line.role.title(), line.role.upper())),
            "section": self._random.choice(("32", "s.32", "Section 32", "S32", 32)),
        }
        for name in COLUMNS:
            if name in _MONEY:
                cells[name] = self._money(getattr(line, name))
            elif name.endswith("_on"):
                cells[name] = self._date(getattr(line, name))
            elif name not in cells:
                cells[name] = getattr(line, name)
        return {name: self._spaced(cell) for name, cell in (cells | line.raw).items()}

    def _country(self, code: str) -> str:
        country = _COUNTRIES.get(code)
        if country is None:
            return ""
        return self._random.choice((code, code, country.sign, country.name, country.name.upper()))

    def _money(self, pence: int | None) -> Cell:
        if pence is None:
            return self._random.choice((None, None, None, "N/A", "-"))
        spaced = f"{pence // 100:,}".replace(",", " ")
        continental = plain_amount(pence).replace(".", ",")
        ways: tuple[Cell, ...] = (
            pence // 100,
            pence / 100,
            pounds(pence),
            f"£{pence // 100}",
            f"GBP {spaced}",
            continental,
        )
        return self._random.choices(ways, (30, 20, 25, 12, 7, 6))[0]

    def _date(self, day: date | None) -> Cell:
        if day is None:
            return None
        ways: tuple[Cell, ...] = (
            day,
            (day - _EPOCH).days,
            f"{day:%d/%m/%Y}",
            f"{day:%d.%m.%y}",
            day.isoformat(),
            f"{day.day} {day:%b %Y}",
        )
        return self._random.choices(ways, (60, 8, 15, 7, 5, 5))[0]

    def _spaced(self, cell: Cell) -> Cell:
        """A text with the spaces that slip in, now and then; no cell for a blank text."""
        if not isinstance(cell, str):
            return cell
        if not cell or cell.startswith("#"):
            return cell or None
        ways = (cell, f"{cell} ", f" {cell}", f"{cell}\u00a0")
        return self._random.choices(ways, (90, 6, 3, 1))[0]


def _plain(line: Line) -> dict[str, str]:
    """A line as one program writes it, by column."""
    row = {"section": "32"}
    for name in COLUMNS:
        value: Any = getattr(line, name, "")
        if name in _MONEY:
            row[name] = "" if value is None else plain_amount(value)
        elif name.endswith("_on"):
            row[name] = f"{value:%d/%m/%Y}" if value else ""
        elif name not in row:
            row[name] = value
    return row | {name: str(cell) for name, cell in line.raw.items()}


def _total(lines: Sequence[Line]) -> Mapping[str, str | float]:
    sums = {name: sum(getattr(line, name) or 0 for line in lines) / 100 for name in _MONEY}
    return {"reference": "TOTAL"} | sums


def _write_top(sheet: Worksheet) -> None:
    """A merged title, who it is for, headings over groups of columns, and the headings."""
    sheet.append(["CECPT vehicle action list 17 June 2021"])
    sheet.append(["OFFICIAL-SENSITIVE (synthetic sample: no real vehicle, company or person)"])
    sheet.append([])
    sheet.append(["", "The vehicle", *[""] * 5, "The penalty", *[""] * 5, "The money"])
    sheet.append(list(COLUMNS.values()))
    for cells in ("A1:H1", "A2:H2", "B4:G4", "H4:M4", "N4:P4"):
        sheet.merge_cells(cells)
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[5]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFD9E1F2")
    for letter in "BGHKLMNOPQUX":
        sheet.column_dimensions[letter].width = 18
    sheet.freeze_panes = "C6"


def _show_as_typed(sheet: Worksheet, *, struck: bool) -> None:
    """Give the last row's dates and amounts the look that the office gave them."""
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, date):
            cell.number_format = "mmm-yy" if cell.column == 2 else "dd/mm/yyyy"
        elif isinstance(cell.value, float):
            cell.number_format = "£#,##0.00"
        if struck:
            cell.font = Font(strike=True)


def _write_other_sheets(book: Workbook) -> None:
    notes = book.create_sheet("Notes")
    for text in _NOTES:
        notes.append([text])
    old = book.create_sheet("old")
    old.append(["Ref No.", "Vehicle Reg No", "Current status"])
    for reference, registration in _OLD:
        old.append([reference, registration, "Paid"])
    old.sheet_state = "hidden"
