"""The empty workbook an office fills in: the right columns, drop-downs and formats, a guide."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from portcheck.disk.whole import replace_file
from portcheck.domain.listing import UnitKind
from portcheck.domain.penalty import STATUS_WORDS
from portcheck.intake.table.sheets import GUIDE_SHEET
from portcheck.output.workbookfile import save_workbook
from portcheck.output.writing import fit_to_page, fit_to_paper, lettering, row_height

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEET, GUIDE = "Action list", GUIDE_SHEET
EXAMPLE_MARK = "# "  # no registration holds a #, so an example left in is refused by name
_ROWS = 5_000
_GUIDE_HEADINGS, _GUIDE_WIDTHS = ("What stands there", "What it means"), (34, 90)
_TEXT, _DATE, _MONEY = "@", "dd/mm/yyyy", '"£"#,##0.00'


class _Column(NamedTuple):
    heading: str
    number_format: str
    guide: str
    choices: tuple[str, ...] = ()


_COLUMNS = (
    _Column("Registration", _TEXT, "The vehicle, spaces as you like. Needed, or a trailer or a "
            "container in its place."),
    _Column("Country", _TEXT, "Where it is registered: GB, PL, D, or the name."),
    _Column("Unit", _TEXT, "What the registration belongs to.", tuple(UnitKind)),
    _Column("Trailer", _TEXT, "The trailer's own registration."),
    _Column("Container", _TEXT, "The container's number: four letters, seven digits."),
    _Column("Haulier", _TEXT, "The firm that runs the vehicle."),
    _Column("Liable party", _TEXT, "Who owes the penalty. One row for each penalty."),
    _Column("Liable role", _TEXT, "As what they owe it.", ("owner", "hirer", "driver", "operator")),
    _Column("Penalty reference", _TEXT, "Two references are two penalties, not a duplicate."),
    _Column("Section", _TEXT, "32: a person was carried. 31A: the vehicle was not secured.",
            ("32", "31A")),
    _Column("Incident date", _DATE, "Day first."),
    _Column("Issued on", _DATE, "Day first. Without it, whether payment is overdue is not known."),
    _Column("Due on", _DATE, "The last day for payment; 60 days from issue if left blank."),
    _Column("Amount", _MONEY, "In pounds. 0 is a penalty of nothing; blank is not known."),
    _Column("Paid", _MONEY, "What was paid so far."),
    _Column("Balance", _MONEY, "What is still owed; amount less paid if left blank."),
    _Column("Status", _TEXT, "How it stands. Another word is kept, and leads to “refer”.",
            STATUS_WORDS),
    _Column("Objection on", _DATE, "When an objection was received."),
    _Column("Objection decided on", _DATE, "When it was decided."),
    _Column("Appeal on", _DATE, "When an appeal was lodged."),
    _Column("Appeal decided on", _DATE, "When it was decided."),
    _Column("Action", _TEXT, "What officers should do."),
    _Column("Priority", _TEXT, "In your own words."),
    _Column("Contact", _TEXT, "Whom officers should call."),
    _Column("Expires on", _DATE, "When the entry should no longer count."),
    _Column("Notes", _TEXT, "Anything else."),
)  # fmt: skip
_EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "Registration": "AB12 CDE",
        "Country": "GB",
        "Unit": "tractor",
        "Haulier": "Example Haulage Ltd",
        "Liable party": "Example Haulage Ltd",
        "Liable role": "owner",
        "Penalty reference": "CP-0001",
        "Section": "32",
        "Issued on": date(2026, 1, 5),
        "Amount": 2400,
        "Paid": 0,
        "Balance": 2400,
        "Status": "outstanding",
    },
    {
        "Registration": "AB12 CDE",
        "Country": "GB",
        "Unit": "tractor",
        "Haulier": "Example Haulage Ltd",
        "Liable party": "The driver",
        "Liable role": "driver",
        "Penalty reference": "CP-0002",
        "Section": "32",
        "Issued on": date(2026, 1, 5),
        "Amount": 600.5,
        "Paid": 100,
        "Status": "part paid",
    },
    {
        "Registration": "C123 4567",
        "Country": "GB",
        "Unit": "trailer",
        "Haulier": "Przykładowy Transport Sp. z o.o.",
        "Liable party": "Przykładowy Transport Sp. z o.o.",
        "Liable role": "operator",
        "Penalty reference": "CP-0003",
        "Section": "31A",
        "Issued on": date(2026, 2, 10),
        "Amount": 6000,
        "Status": "objection",
        "Objection on": date(2026, 3, 1),
    },
)
_ADVICE = (
    "Fill in the sheet “Action list”, one row for each penalty, and import it with portcheck.",
    (
        f"The three rows that begin with {EXAMPLE_MARK.strip()} show how; rows with that mark are "
        "refused. Delete them, or take the mark away to try an import."
    ),
    "Only the registration is needed. A blank cell means “not known”; it is never taken as zero.",
    "Columns of your own may be added: they are kept word for word.",
)


def write_template(path: Path) -> None:
    """Write the workbook.  Raises FileRefused when it cannot be written."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import, needed only here

    book = Workbook()
    book.remove(book.worksheets[0])
    _fill(book.create_sheet(SHEET))
    _guide(book.create_sheet(GUIDE))
    replace_file(path, lambda out: save_workbook(book, out))


def _fill(sheet: "Worksheet") -> None:
    from openpyxl.styles import PatternFill  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    widths: list[int] = []
    for index, column in enumerate(_COLUMNS, 1):
        head = sheet.cell(1, index, column.heading)
        head.font = lettering(bold=True)
        head.fill = PatternFill("solid", fgColor="DDDDDD")
        letter = get_column_letter(index)
        texts = [str(example.get(column.heading, "")) for example in _EXAMPLES]
        widths.append(max(len(column.heading) + 4, 14, *(len(text) + 2 for text in texts)))
        sheet.column_dimensions[letter].width = widths[-1]
        sheet.column_dimensions[letter].number_format = column.number_format
        if column.choices:
            rule = DataValidation(
                type="list",
                formula1=f'"{",".join(column.choices)}"',
                allow_blank=True,
                showErrorMessage=False,
            )
            rule.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(rule)
        for row, example in enumerate(_EXAMPLES, 2):
            value = example.get(column.heading)
            if column.heading == "Registration":
                value = f"{EXAMPLE_MARK}{value}"
            sheet.cell(row, index, value).number_format = column.number_format
    sheet.freeze_panes = "B2"
    fit_to_paper(sheet, widths)


def _guide(sheet: "Worksheet") -> None:
    from openpyxl.styles import Alignment  # noqa: PLC0415 - as above

    for letter, width in zip("AB", _GUIDE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    rows = [("", text) for text in _ADVICE]
    rows += [("", ""), _GUIDE_HEADINGS]
    for column in _COLUMNS:
        words = column.guide
        if column.choices:
            words += f" One of: {', '.join(column.choices)}."
        rows.append((f"column “{column.heading}”", words))
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(number, place, text or None)
            cell.font = lettering(bold=row == _GUIDE_HEADINGS)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = row_height(row, _GUIDE_WIDTHS)
    fit_to_page(sheet)
