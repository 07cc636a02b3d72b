"""Every workbook that portcheck writes, opened, printed and saved by LibreOffice."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from desktop import Office, Print, Word, column, formulas, sheets_of, shown
from portcheck.report.columns import Column, Kind
from portcheck.report.formats.parts.rows import Cells, pour
from portcheck.report.formats.parts.tables import draw_rows
from portcheck.report.sheets import Sheet

if TYPE_CHECKING:
    from tests.conftest import NewWorld, Program

pytestmark = pytest.mark.desktop

BOOKS = ("day", "rejects", "template", "screened", "log")
"""Every workbook of `world`: `test_every_workbook_is_looked_at` holds them against its folder."""

MARKING = "OFFICIAL-SENSITIVE"
Paper = Callable[[str], Print]


def test_every_workbook_is_looked_at(world: "Program") -> None:
    assert {path.stem for path in world.folder.glob("*.xlsx")} == set(BOOKS)


@pytest.mark.parametrize("name", BOOKS)
def test_every_cell_is_opened_as_it_was_written(world: "Program", opened: Path, name: str) -> None:
    written = sheets_of(world.folder / f"{name}.xlsx")
    assert sheets_of(opened / f"{name}.ods") == written
    assert sum(len(row) for rows in written.values() for row in rows) > 20


@pytest.mark.parametrize("name", BOOKS)
def test_no_cell_is_run(opened: Path, name: str) -> None:
    assert formulas(opened / f"{name}.ods") == []


def test_a_formula_would_be_seen(office: Office) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    book.save(office.folder / "sum.xlsx")
    (saved,) = office.saved_as("ods", office.folder / "sum.xlsx")
    assert formulas(saved) == ["of:=1+1"]
    assert sheets_of(saved) == {"Sheet": [[2.0]]}


@pytest.mark.parametrize(
    ("name", "sheet", "heading", "texts"),
    [
        ("day", "Checks", "Registration", ["22E1", "1234E5", "AB12 CDE"]),
        ("day", "Checks", "Trailer", ["00123"]),
        ("day", "Checks", "Lane", ["+1", "@x", "1"]),
        ("day", "Checks", "Officer", ["4711", "4712", "4711"]),
        ("day", "Checks", "Note", ["@x", "=1+1", "+44 20 7946 0000"]),
        ("day", "Matches", "Listed as", ["22E1", "00123", "1234E5"]),
        ("day", "Penalties", "Reference", ["00123", "CP-3"]),
        ("rejects", "Rejected rows", "Registration", ["# KL65 XYZ"]),
        ("rejects", "Rejected rows", "Penalty reference", ["2E5", "00124"]),
        ("rejects", "Rejected rows", "Notes", ["=1+1", "=cmd|' /C calc'!A0"]),
        ("rejects", "Rejected rows", "Amount", ["750.25", "600.00"]),
        ("screened", "To stop", "On the manifest", ["22E1", "1234E5", "=cmd"]),
        ("screened", "To stop", "Penalties", ["00123", "CP-2"]),
        ("screened", "To stop", "Sailing", ["+1", "@x"]),
        ("log", "Checks", "Registration", ["22E1", "1234E5", "AB12 CDE"]),
        ("log", "Checks", "Lane", ["+1", "@x", "1"]),
        ("log", "Checks", "Note", ["@x", "=1+1", "+44 20 7946 0000"]),
    ],
)
def test_texts_are_not_taken_for_something_else(
    opened: Path, name: str, sheet: str, heading: str, texts: list[str]
) -> None:
    found = column(sheets_of(opened / f"{name}.ods")[sheet], heading)
    assert sorted(found) == sorted(texts)


@pytest.mark.parametrize(
    ("sheet", "heading", "values"),
    [
        ("Checks", "At", [datetime(2021, 6, 17, 6, 2), datetime(2021, 6, 17, 7, 30)]),  # noqa: DTZ001 - the clock at Portsmouth
        ("Checks", "Enforced", [1000.0, 0.0]),
        ("Checks", "Fixed penalties", [300.0, 0.0]),
        ("Penalties", "Issued on", [datetime(2021, 1, 6), datetime(2021, 1, 4)]),  # noqa: DTZ001 - a day
        ("Penalties", "Listed", [500.0, 2400.0]),
        ("Penalties", "Outstanding", [0.0, 1400.0]),
        ("Cash", "Amount", [1250.5, 5000.0, 7.0]),
    ],
)
def test_amounts_are_numbers_and_dates_are_dates(
    opened: Path, sheet: str, heading: str, values: list[Any]
) -> None:
    assert column(sheets_of(opened / "day.ods")[sheet], heading)[: len(values)] == values


def test_the_figures_are_those_of_the_document(world: "Program", opened: Path) -> None:
    tally = json.loads((world.folder / "day.json").read_text("utf-8"))["tally"]
    rows = sheets_of(opened / "day.ods")["Figures"]
    figures = dict(zip(column(rows, "Key"), column(rows, "Number"), strict=True))
    assert figures["checks"] == tally["checks"] == 3
    for group in ("matches", "primary_outcomes", "by_country", "by_lane"):
        for key, number in tally[group].items():
            assert figures[f"{group}.{key}"] == number
    for key, number in tally["penalties"].items():
        assert figures[f"penalties.{key}"] == (number / 100 if key.endswith("pence") else number)
    assert (figures["cash.EUR"], figures["cash.JPY"]) == (1250.5, 5000)


def test_a_person_sees_pounds_and_pence_and_days(opened: Path) -> None:
    def seen(sheet: str, heading: str, name: str = "day") -> list[str]:
        rows = shown(opened / f"{name}.ods", sheet)
        return [row[heading] for row in rows if heading in row]

    assert seen("Checks", "At") == ["2021-06-17 06:02", "2021-06-17 07:30", "2021-06-17 08:16"]
    assert seen("Penalties", "Issued on") == ["2021-01-06", "2021-01-04"]
    assert seen("Penalties", "Listed") == ["£500.00", "£2,400.00"]
    assert seen("Cash", "Amount") == ["1,250.50", "5,000", "7.00"]
    figures = shown(opened / "day.ods", "Figures")
    pounds = [row["Number"] for row in figures if row.get("Currency") == "GBP"]
    assert len(pounds) > 8
    assert all(re.fullmatch(r"£[\d,]+\.\d\d", text) for text in pounds)
    examples = ["05/01/2026", "05/01/2026", "10/02/2026"]
    assert seen("Action list", "Issued on", "template") == examples
    assert seen("Action list", "Amount", "template") == ["£2,400.00", "£600.50", "£6,000.00"]


def test_every_minute_of_a_day_is_shown_as_itself(office: Office) -> None:
    """A number a little too small would be shown as the minute before."""
    noon = datetime(2021, 6, 17, 12, tzinfo=UTC)
    minutes = [noon + timedelta(minutes=number) for number in range(24 * 60)]
    times = Column("at", "At", Kind.TIME, 16), Column("text", "Text")
    rows = [(when, f"{when:%Y-%m-%d %H:%M}") for when in minutes]
    sheet = Sheet("minutes", "Minutes", times, len(rows), lambda: iter(rows))
    book = openpyxl.Workbook()
    page, styles = draw_rows(book, sheet)
    layout = io.BytesIO()
    book.save(layout)
    cells = Cells(sheet, styles, (16, 16), UTC)
    with (office.folder / "minutes.xlsx").open("wb") as out:
        pour(layout.getvalue(), {page.path.removeprefix("/"): cells}, out, noon)
    (saved,) = office.saved_as("ods", office.folder / "minutes.xlsx")
    seen = shown(saved, "Minutes")
    assert len(seen) == len(minutes)
    assert [row for row in seen if row["At"] != row["Text"]] == []


def words_of(path: Path) -> Counter[str]:
    """The words of every text in a workbook; a hyphen may end a line."""
    cells = (cell for rows in sheets_of(path).values() for row in rows for cell in row)
    texts = " ".join(cell for cell in cells if isinstance(cell, str))
    return Counter(filter(None, re.split(r"[\s-]+", texts)))


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_cut_off_or_printed_over_something_else(
    world: "Program", paper: Paper, name: str
) -> None:
    printed = paper(name)
    seen = Counter(part for word in printed.words for part in word.text.split("-"))
    assert words_of(world.folder / f"{name}.xlsx") - seen == Counter()
    assert not [word for word in printed.words if "###" in word.text]
    assert printed.collisions() == []
    for word in printed.words:
        width, height = printed.sizes[word.page]
        assert {round(width), round(height)} == {595, 842}, "A4"
        assert word.left > 0
        assert word.right < width


def test_words_printed_over_each_other_would_be_seen() -> None:
    heading = Word(0, "country", 535, 73, 575, 85)
    below = Word(0, "PT", 536, 75, 546, 87)
    beside = Word(0, "country", 580, 73, 620, 85)
    assert Print([(842, 595)], [heading, beside, below]).collisions() == [("country", "PT")]


def test_headings_stand_on_every_page(world: "Program", paper: Paper) -> None:
    for name, least in (("day", 8), ("log", 2)):
        printed = paper(name)
        pages = [printed.text(number) for number in range(len(printed.sizes))]
        assert len(pages) >= least
        for text in pages:
            if name == "day":
                assert MARKING in text
                assert "Portsmouth" in text
            else:
                assert {"At", "Registration"} <= set(text.split())


def test_the_summary_is_one_page(paper: Paper) -> None:
    printed = paper("day")
    pages = [printed.text(number) for number in range(len(printed.sizes))]
    assert [number for number, text in enumerate(pages) if "Signed" in text] == [0]
    assert "Journal L1:" in pages[0]


def test_the_template_filled_in_with_libreoffice_is_imported(
    world: "Program", office: Office, new_world: "NewWorld"
) -> None:
    """Its examples with their marks taken away, and rows typed below them."""
    book = openpyxl.load_workbook(world.folder / "template.xlsx")
    sheet = book["Action list"]
    headings = [cell.value for cell in sheet[1]]
    for row in range(2, 5):
        sheet.cell(row, 1).value = str(sheet.cell(row, 1).value).removeprefix("# ")
    for row, registration in enumerate(("22E1", "00123"), 5):
        typed: dict[str, str | float | datetime] = {
            "Registration": registration,
            "Penalty reference": f"00{row}",
            "Amount": 1234.5,
        }
        typed |= {"Issued on": datetime(2026, 4, 3), "Status": "outstanding"}  # noqa: DTZ001 - a day
        for heading, value in typed.items():
            sheet.cell(row, headings.index(heading) + 1, value)
    book.save(office.folder / "filled.xlsx")
    (saved,) = office.saved_as("xlsx", office.folder / "filled.xlsx")

    made = new_world(office.folder)
    told = made.json("list", "import", saved, "--list", "CECPT")
    assert (told["rows"], told["accepted"], told["problems"]) == (5, 5, [])
    assert told["sheet"] == "Action list"
    penalties = {
        line["reference"]: line["amount_pence"]
        for mark in ("AB12 CDE", "C123 4567", "22E1", "00123")
        for answer in made.json("lookup", mark)
        for match in answer["matches"]
        for line in match["penalties"]
    }
    assert penalties == {
        "CP-0001": 240000,
        "CP-0002": 60050,
        "CP-0003": 600000,
        "005": 123450,
        "006": 123450,
    }
    assert made.query("SELECT DISTINCT issued_on FROM entry ORDER BY 1") == [
        ("2026-01-05",),
        ("2026-02-10",),
        ("2026-04-03",),
    ]


def test_drop_downs_and_the_guide_outlive_libreoffice(world: "Program", office: Office) -> None:
    template = world.folder / "template.xlsx"
    (saved,) = office.saved_as("xlsx", template)
    wanted, found = (drop_downs(path) for path in (template, saved))
    assert found == wanted
    assert sorted(wanted) == ["Liable role", "Section", "Status", "Unit"]
    rows = sheets_of(saved)["Action list"]
    for heading, choices in wanted.items():
        assert set(column(rows, heading)) <= set(choices)


def drop_downs(path: Path) -> dict[str, list[str]]:
    """The choices of every column that has some, below the headings."""
    sheet = openpyxl.load_workbook(path)["Action list"]
    found = {}
    for rule in sheet.data_validations.dataValidation:
        (place,) = rule.sqref.ranges
        assert (place.min_row, place.min_col) == (2, place.max_col)
        assert place.max_row > 1000  # LibreOffice ends it a thousand rows below the last one
        heading = str(sheet.cell(1, place.min_col).value)
        found[heading] = str(rule.formula1).strip('"').split(",")
    return found


def test_rows_mended_with_libreoffice_join_the_list(
    world: "Program", office: Office, new_world: "NewWorld"
) -> None:
    made = new_world(office.folder)
    made.good("list", "import", world.folder / "list.csv", "--list", "CECPT")
    book = openpyxl.load_workbook(world.folder / "rejects.xlsx")
    sheet = book.worksheets[0]
    sheet["A2"], sheet["A3"] = "KL65 XYZ", "22E7"
    book.save(office.folder / "mended.xlsx")
    (saved,) = office.saved_as("xlsx", office.folder / "mended.xlsx")

    told = made.json("list", "import", saved, "--list", "CECPT", "--add")
    assert (told["accepted"], told["added"], told["rejected"]) == (2, 2, 0)
    notes = made.query("SELECT notes FROM entry WHERE penalty_reference IN ('2E5', '00124')")
    assert {text for (text,) in notes} == {"=1+1", "=cmd|' /C calc'!A0"}
    (answer,) = made.json("lookup", "22E7")
    (line,) = answer["matches"][0]["penalties"]
    assert (line["reference"], line["amount_pence"]) == ("00124", 60000)


def test_a_log_saved_by_libreoffice_is_imported(
    world: "Program", office: Office, new_world: "NewWorld"
) -> None:
    (saved,) = office.saved_as("xlsx", world.folder / "log.xlsx")
    made = new_world(office.folder)
    made.good("list", "import", world.folder / "list.csv", "--list", "CECPT")
    made.good("op", "start", "Dover")
    told = made.json("log", "import", saved)
    assert (told["accepted"], told["rejected"]) == (3, 0)
    assert made.json("tally")["cash"] == world.json("tally")["cash"]
