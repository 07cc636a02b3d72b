"""Lists as offices really send them: one file a trap, taken by the real command, every row
accounted for.

The files are made here by the programs' own writers (openpyxl as offices' exports do,
xlsxwriter as Excel does); books/list.xls and books/list.ods were saved by LibreOffice 7.4 from
`mixed` below (make them again with `python tests/acceptance/test_intake_corpus.py`).
"""

import datetime as dt
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

if TYPE_CHECKING:
    from tests.conftest import Program

    Inside = Callable[[Program], Program]

BOOKS = Path(__file__).with_name("books")
SAMPLE = Path(__file__).parents[2] / "sample_data" / "action_list.xlsx"
HEAD = ("Registration", "Balance", "Issued on", "Status")
PLAIN = ("AB12 CDE", 2400, dt.date(2024, 3, 12), "overdue")
DAY = dt.date(2024, 3, 12)

Rows = Sequence[Sequence[Any]]
Finish = Callable[[openpyxl.Workbook], None]
Make = Callable[[Path], None]


def book(*sheets: Rows, finish: Finish = lambda _: None) -> Make:
    """A workbook by openpyxl, its sheets named Sheet1, Sheet2…"""

    def make(path: Path) -> None:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for number, rows in enumerate(sheets, 1):
            sheet = made.create_sheet(f"Sheet{number}")
            for row in rows:
                sheet.append(list(row))
        finish(made)
        made.save(path)

    return make


def holding(data: bytes) -> Make:
    """A file of these bytes."""

    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def text(content: str, encoding: str = "utf-8") -> Make:
    """A delimited text."""
    return holding(content.encode(encoding))


def calculated(path: Path) -> None:
    """A workbook by xlsxwriter: formulas with the values they had, and one without."""
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet("List")
    sheet.write_row(0, 0, ["Registration", "Amount", "Notes"])
    for row, value in enumerate((1200, 0, ""), 1):
        sheet.write(row, 0, f"AB1{row} CDE")
        sheet.write_formula(row, 1, "=600+600", None, value)
    sheet.write_formula(1, 2, '=""', None, "")
    made.close()


def mixed(path: Path) -> None:
    """What a workbook of another format must keep: titles, dates, money, a hidden sheet."""
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet("Actions")
    day, pounds = (
        made.add_format({"num_format": "dd/mm/yyyy"}),
        made.add_format({"num_format": "£#,##0.00"}),
    )
    sheet.merge_range(0, 0, 0, 4, "Vehicle action list")
    sheet.write_row(2, 0, ["Registration", "Haulier", "Issued on", "Amount", "Status"])
    rows = (
        ("AB12 CDE", "Przykład Sp. z o.o.", DAY, 2400, "overdue"),
        (123400000, "Müller & Söhne", DAY, 1000.5, "part paid"),
        ("CD34 EFG", "Smith", "14/03/2024", "£2,400.00", "paid"),
        ("CD34 EFG", "Smith", "14/03/2024", "£2,400.00", "paid"),
        ("", "Jones", "", "", ""),
    )
    for number, (mark, haulier, issued, amount, status) in enumerate(rows, 3):
        sheet.write_row(number, 0, [mark, haulier])
        sheet.write(number, 4, status)
        sheet.write(number, 2, issued, day) if isinstance(issued, str) else sheet.write_datetime(
            number, 2, issued, day
        )
        sheet.write(number, 3, amount, pounds)
    sheet.write(9, 0, "Total")
    sheet.write_formula(9, 3, "=SUM(D4:D8)", pounds, 3400.5)
    hidden = made.add_worksheet("Old")
    hidden.write_column(0, 0, ["Registration", "ZZ99 ZZZ"])
    hidden.hide()
    made.close()


def protected(path: Path) -> None:
    """A workbook that asks for the password Sesame."""
    plain = path.with_suffix(".plain")
    book([HEAD, PLAIN])(plain)
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("Sesame", target)
    plain.unlink()


def errors_in_ods(path: Path) -> None:
    """An OpenDocument workbook as LibreOffice writes one with an error in a cell."""
    with zipfile.ZipFile(BOOKS / "list.ods") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = b'calcext:value-type="%s"'
    content = parts["content.xml"]
    parts["content.xml"] = content.replace(kind % b"string", kind % b"error", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def entities(path: Path) -> None:
    """A workbook whose XML would grow without end."""
    book([HEAD, PLAIN])(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, bomb + data if name.endswith("sheet1.xml") else data)


def cell(name: str, value: Any) -> Finish:
    """Puts a value into the first sheet."""
    return lambda made: made.worksheets[0].__setitem__(name, value)


def far_away(made: openpyxl.Workbook) -> None:
    made.worksheets[0]["XFD1048576"].font = Font(bold=True)


def marked(made: openpyxl.Workbook) -> None:
    sheet = made.worksheets[0]
    sheet.row_dimensions[2].hidden = True
    sheet["A3"].font = Font(strike=True)
    sheet["B4"].number_format = "[$€-2] #,##0.00"


def from_1904(made: openpyxl.Workbook) -> None:
    made.epoch = CALENDAR_MAC_1904


def hide_second(made: openpyxl.Workbook) -> None:
    made.worksheets[1].sheet_state = "hidden"


class Trap(NamedTuple):
    """A file, its rows (accepted, duplicates, rejected), and what must be told of it."""

    make: Make
    accounting: tuple[int, int, int]
    told: tuple[str, ...] = ()
    name: str = "list.xlsx"


LINES = "".join(f"AB{n:05d}\n" for n in range(65_535))
MONEY = ("£2,400.00", 2400, "2.400,00", "GBP 2 400", "", 0, "N/A", "2.400", "-5", "€5", "1e9")
DATES = (DAY, 45353, "12/03/2024", "12.3.24", "2024-03-12", "31/02/2024", "03/13/2024", "soon", "")

TRAPS: dict[str, Trap] = {
    "a registration that became a number": Trap(
        book([HEAD, (123400000,), (220,), (1.5,), (0,), ("123456",)]), (3, 0, 2),
        ("1234E5", "22E1", "the number 1.5", "look-up of an empty cell"),
    ),
    "a registration that became a date": Trap(
        book([HEAD, (dt.date(2012, 3, 1),), ("MAR-12",)]), (1, 0, 1),
        ("may have been MAR01, MAR1, 1MAR, MAR12", "looks like a date"),
    ),
    "a registration that became a date in a text": Trap(
        text("Registration\n01/03/2012\nAB12 CDE\n1.20E+06\n"), (2, 0, 1),
        ("looks like a date", "12E5"), "list.csv",
    ),
    "a registration that was not found": Trap(
        book([HEAD, ("#N/A",), (True,), ("AB12 CDE",)]), (1, 0, 2), ("#N/A", "TRUE")
    ),
    "dates": Trap(
        book([("Reg", "Issued"), *((f"AB1{n} CDE", day) for n, day in enumerate(DATES))]), (9, 0, 0),
        ("a day that does not exist", "has month 13", "is not a date; write it as 31/12/2024"),
    ),
    "days counted from 1904": Trap(book([HEAD, ("AB12", 1, 43891)], finish=from_1904), (1, 0, 0)),
    "money": Trap(
        book([("Reg", "Amount"), *((f"AB1{n} CDE", m) for n, m in enumerate(MONEY))]), (11, 0, 0),
        ("may be £2.40 or £2,400", "is negative", "another currency", "not an amount"),
    ),
    "formulas that were calculated": Trap(calculated, (3, 0, 0), ("never calculated",)),
    "formulas that were not": Trap(
        book([HEAD, ("AB12 CDE", "=1+1"), ("=A2",)]), (1, 0, 1), ("never calculated",)
    ),
    "titles, blank rows, a header below, totals": Trap(
        book([("LIST",), (), (" Reg. No. ", "OUTSTANDING "), (), ("AB12", 5), (), ("TOTAL", 5), (None, 5)]),
        (1, 0, 2), ("totals row", "amounts alone"),
    ),
    "the headings again": Trap(book([HEAD, PLAIN, HEAD, ("CD34",)]), (2, 0, 1), ("the headings again",)),
    "several sheets, one hidden": Trap(
        book([("Read me",)], [("Reg",), ("ZZ1",)], [HEAD, PLAIN], finish=hide_second), (1, 0, 0),
        ("hidden sheet “Sheet2” was not read",),
    ),
    "hidden and struck rows, euros": Trap(
        book([HEAD, ("AB12", 1), ("CD34", 2), ("EF56", 3)], finish=marked), (3, 0, 0),
        ("hidden rows were read like the others: 2", "struck-through", "another currency"),
    ),
    "a formatted cell far away": Trap(book([HEAD, PLAIN], finish=far_away), (1, 0, 0)),
    "a sheet filled to its last row": Trap(
        book([HEAD, PLAIN], finish=cell("A1048576", "ZZ99 ZZZ")), (2, 0, 0), ("MISSING",)
    ),
    "a text cut off where sheets end": Trap(
        text("Registration\n" + LINES), (65_535, 0, 0), ("CUT OFF",), "list.csv"
    ),
    "duplicates, and penalty lines that are none": Trap(
        book([("Reg", "Ref"), ("AB12 CDE", 1), ("AB12 CDE", 2), ("AB12 CDE ", 1.0)]), (2, 1, 0),
        ("says the same as row 2",),
    ),
    "a column nobody knows": Trap(book([("Reg", "Colour"), ("AB12", "red")]), (1, 0, 0)),
    "headings of another country": Trap(
        book([("Amtliches Kennzeichen", "Betrag"), ("MÜ-AB 12", 5)]), (1, 0, 0)
    ),
    "UTF-8 with its mark, semicolons": Trap(
        text("Reg;Haulier\nAB12;Müller; Söhne\n", "utf-8-sig"), (1, 0, 0), ("3 cells under 2",), "l.csv"
    ),
    "UTF-16, tabs": Trap(text("Reg\tHaulier\nAB12\tŁódź\n", "utf-16"), (1, 0, 0), (), "l.txt"),
    "Windows-1252, pipes": Trap(
        text("Reg|Haulier\nAB12|Zoë\n", "cp1252"), (1, 0, 0), ("Windows-1252",), "l.csv"
    ),
    "one column": Trap(text("VRM\nAB12\n\nCD34\n"), (2, 0, 0), (), "l.csv"),
    "lone quotes and NUL bytes": Trap(
        text('Reg,Haulier\nAB12,"Smith\nCD34,"A, B" C\nEF\x0056,x\n'), (2, 0, 1),
        ("line 2 has a lone quotation mark", "cannot be told apart", "line 4 holds NUL"), "l.csv",
    ),
    "a workbook called .csv": Trap(book([HEAD, PLAIN]), (1, 0, 0), ("whatever its name",), "l.csv"),
    "an .xlsm": Trap(book([HEAD, PLAIN]), (1, 0, 0), (), "list.xlsm"),
    "an .xls": Trap(
        holding((BOOKS / "list.xls").read_bytes()), (3, 1, 2), ("formulas that were never calculated read as blank",), "l.xls"
    ),
    "an .ods": Trap(holding((BOOKS / "list.ods").read_bytes()), (3, 1, 2), ("only its values", "“Old” was not read"), "l.ods"),
    "the sample": Trap(holding(SAMPLE.read_bytes()), (314, 1, 5)),
}  # fmt: skip

REFUSED: dict[str, tuple[Make, str]] = {
    "two cells at the corners": (book([("Reg",)], finish=cell("XFD1048576", 1)), "17,179,869,184 cells"),
    "entities that grow": (entities, "it declares entities"),
    "a password": (protected, "the workbook has a password"),
    "a repeated heading": (book([("Reg", "Reg"), ("A1", "B2")]), '--map "registration=col:A"'),
    "two good sheets": (book([HEAD, PLAIN], [HEAD, PLAIN]), "Read them together with --all-sheets, or one with --sheet NAME"),
    "no heading": (book([("Colour",), ("red",)]), "no heading row with a registration"),
    "only the hidden sheet": (book([("x",)], [HEAD, PLAIN], finish=hide_second), "no heading row"),
    "no row": (book([HEAD]), "a heading and no rows"),
    "a picture": (holding(b"\x89PNG\r\n\x1a\n"), "this is a picture"),
    "errors in an .ods workbook": (errors_in_ods, "(as #N/A) stand in 1 of its cells"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", TRAPS)
def test_every_row_of_every_file_is_accounted_for(desk: "Program", name: str) -> None:
    trap = TRAPS[name]
    trap.make(desk.folder / trap.name)
    found = desk.json("list", "import", trap.name, "--list", "TRAP")
    accepted, duplicates, rejected = trap.accounting
    counted = [found[key] for key in ("accepted", "duplicates", "rejected")]
    assert counted == [accepted, duplicates, rejected]
    assert found["rows"] == sum(counted)
    told = [problem["reason"] for problem in found["problems"]]
    everything = "\n".join([*told, *found["warnings"]])
    assert [words for words in trap.told if words not in everything] == []
    severities = [problem["severity"] for problem in found["problems"]]
    assert severities.count("duplicate") == duplicates
    assert len({p["row"] for p in found["problems"] if p["severity"] == "rejected"}) == rejected
    in_force = "SELECT COUNT(*) FROM entry WHERE list_name = 'TRAP' AND removed_version IS NULL"
    assert desk.query(in_force) == [(accepted,)]
    assert desk.query(
        "SELECT rows, accepted, duplicates, rejected FROM list_version WHERE list_name = 'TRAP'"
    ) == [(found["rows"], *counted)]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_why_and_leaves_nothing(desk: "Program", name: str) -> None:
    make, said = REFUSED[name]
    make(desk.folder / "list.xlsx")
    before = desk.state()
    ran = desk.run("list", "import", "list.xlsx", "--list", "TRAP")
    assert ran.code == 3
    assert said in re.sub(r"\s+", " ", ran.err)
    assert desk.state() == before


def main() -> None:
    """Have LibreOffice save `mixed` in its own formats."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "list.xlsx"
        mixed(source)
        for kind in ("xls", "ods"):
            subprocess.run(
                ["soffice", "--headless", "--convert-to", kind, "--outdir", BOOKS, source],
                check=True,
                env={"HOME": folder, "PATH": "/usr/bin:/bin"},
            )


if __name__ == "__main__":
    main()
