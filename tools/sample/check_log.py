"""The log of the day as a table: every cell in the text form that the fields read back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, format_value, parse
from portcheck.domain.outcome import OUTCOME, validate
from sample import scene
from sample.files import save_csv, save_workbook
from sample.findings import Outcome
from sample.traffic import Lorry

_DETAILS = tuple(field for field in DETAILS if field.name != "site")  # all at one site
HEADINGS = (
    "At",
    "Registration",
    "Country",
    "Trailer",
    "Trailer country",
    "Container",
    *(field.label for field in _DETAILS),
    "Officer",
    "Agency",
    *(field.label for field in OUTCOME),
    "Decision",
)
_DECISIONS = {
    scene.LISTED: "confirmed",
    scene.LOOKALIKE_SEEN: scene.LOOKALIKE_REJECTED,
}


def rows(lorries: Sequence[Lorry], outcomes: Iterable[Outcome]) -> list[list[str]]:
    """A row a lorry, under HEADINGS."""
    return [_row(lorry, outcome) for lorry, outcome in zip(lorries, outcomes, strict=True)]


def write_csv(path: Path, table: Iterable[Sequence[str]]) -> None:
    """The log as CSV."""
    save_csv(path, [HEADINGS, *table])


def write_workbook(path: Path, table: Iterable[Sequence[str]]) -> None:
    """The same as a workbook, with real times in its first column."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Checks"
    sheet.append(HEADINGS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, *texts in table:
        when = datetime.strptime(at, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - a workbook's times have no zone
        sheet.append([when, *(text or None for text in texts)])
        sheet.cell(sheet.max_row, 1).number_format = "dd/mm/yyyy hh:mm"
    sheet.freeze_panes = "C2"
    for letter in "ABDM":
        sheet.column_dimensions[letter].width = 18
    save_workbook(book, path)


def _row(lorry: Lorry, outcome: Outcome) -> list[str]:
    validate(outcome)
    details = {
        field.name: getattr(lorry, field.name) for field in _DETAILS if field.name != "accompanied"
    }
    return [
        f"{lorry.at:%d/%m/%Y %H:%M}",
        lorry.registration,
        lorry.country,
        lorry.trailer,
        lorry.trailer_country,
        lorry.container,
        *(_cell(field, details | {"accompanied": True}) for field in _DETAILS),
        lorry.officer,
        lorry.agency,
        *(_cell(field, outcome) for field in OUTCOME),
        _DECISIONS.get(lorry.registration, ""),
    ]


def _cell(field: Field, values: dict[str, Any]) -> str:
    """The value as text; it is read back to see that nothing is lost."""
    if field.name not in values:
        return ""
    text = format_value(field, values[field.name])
    if parse(field, text) != values[field.name]:
        raise ValueError(f"{field.label}: {text!r} does not read back")
    return text
