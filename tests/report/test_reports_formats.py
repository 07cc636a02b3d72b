"""Every format of a report shows the same figures, the same rows, and nothing that runs."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openpyxl import load_workbook

from portcheck.domain.money import decimals
from portcheck.report.contract.report import Report
from portcheck.report.formats import FORMATS
from portcheck.services.context import Context
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement

Written = Callable[..., bytes]
NOON = datetime(2021, 6, 17, 11, tzinfo=UTC)
SHEETS = (
    *("Checks", "Matches", "Penalties", "New penalties", "Offences", "Seizures", "Cash"),
    "Corrections",
)
MARK = re.compile(r"L1:\d+:[0-9A-F]{4}(?:\\?-[0-9A-F]{4}){4}")


def unchanging(text: str) -> str:
    """A report without the one thing in it that chance decides."""
    return MARK.sub("L1:999:0000-0000-0000-0000-0000", text)


@pytest.mark.parametrize("suffix", FORMATS)
def test_golden(
    suffix: str,
    portsmouth: Context,
    written: Written,
    readers: ModuleType,
    golden: Callable[[str, str], None],
) -> None:
    data = written(portsmouth, suffix, "Portsmouth 17 June 2021")
    golden(f"portsmouth{suffix}", unchanging(readers.as_text(suffix, data)))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("day", ["portsmouth", "eventful", "without_sum", "context"])
def test_every_format_shows_every_figure(
    suffix: str,
    day: str,
    request: pytest.FixtureRequest,
    written: Written,
    readers: ModuleType,
) -> None:
    """A quiet day, one on which everything happened, and one without a check."""
    context: Context = request.getfixturevalue(day)
    names = ("Portsmouth 17 June 2021",) if day == "portsmouth" else ()
    found = statement(context, select(context, names))
    shown = readers.READERS[suffix](written(context, suffix, *names), found)
    wanted = found.figures()
    assert found.contradictions() == []
    if suffix == ".csv":
        told = {key: number for key, number in wanted.items() if number and key in shown}
        assert {key: number for key, number in shown.items() if number} == told
        assert len(told) > 20 or day == "context"
    else:
        assert shown == wanted


def test_all_formats_were_walked(readers: ModuleType) -> None:
    assert readers.READERS.keys() == FORMATS.keys()


def test_the_rows_of_the_workbook_sum_to_its_figures(
    eventful: Context, written: Written, readers: ModuleType
) -> None:
    data = written(eventful, ".xlsx")
    figures = readers.workbook_figures(data, None)
    rows = {name: readers.sheet_rows(data, name) for name in SHEETS}

    def pence(sheet: str, heading: str) -> int:
        return int(sum(Decimal(str(row[heading] or 0)) for row in rows[sheet]) * 100)

    assert len(rows["Checks"]) == figures["checks"] == 5
    assert len(rows["Matches"]) == sum(
        figures[f"matches.{tier}"] for tier in ("exact", "lookalike", "near")
    )
    assert pence("Penalties", "Listed") == figures["penalties.listed_pence"] == 340000
    assert pence("Penalties", "Enforced") == figures["penalties.enforced_pence"] == 100000
    assert pence("Checks", "Enforced") == 100000
    assert pence("Penalties", "Outstanding") == figures["penalties.outstanding_pence"] == 140000
    assert pence("Penalties", "Not enforceable") == 100000
    assert len(rows["Offences"]) == figures["traffic_offences"] == 4
    assert pence("Checks", "Fixed penalties") == figures["fixed_penalties_pence"] == 30000
    for currency in ("EUR", "JPY"):
        given = sum(
            Decimal(str(row["Amount"])).scaleb(decimals(currency))
            for row in rows["Cash"]
            if row["Currency"] == currency and row["Disposal"] == "seized"
        )
        assert given == figures[f"cash.{currency}"]
    assert sum(row["Persons found"] or 0 for row in rows["Checks"]) == figures["persons_found"]
    assert {row["Field"] for row in rows["Corrections"]} == {"void", "Lane"}


def test_the_workbook_has_tables_charts_and_a_page_to_print(
    eventful: Context, written: Written
) -> None:
    book: Any = load_workbook(io.BytesIO(written(eventful, ".xlsx")))
    assert book.sheetnames == ["Summary", "Charts", "Figures", *SHEETS]
    assert len(book["Charts"]._charts) == 3
    for name in ("Figures", *SHEETS):
        page = book[name]
        (table,) = page.tables.values()
        assert table.ref == page.dimensions
        assert table.autoFilter.ref == table.ref
        assert page.freeze_panes == "B2"
        assert page.print_title_rows == "$1:$1"
        headings = [cell.value for cell in page[1]]
        assert [column.name for column in table.tableColumns] == headings
        assert len({str(heading).casefold() for heading in headings}) == len(headings)
    for page in book:
        assert page.page_setup.paperSize == int(page.PAPERSIZE_A4)
        assert page.oddHeader.center.text == "OFFICIAL-SENSITIVE"
    assert book["Summary"].sheet_properties.pageSetUpPr.fitToPage
    checks = {cell.value: book["Checks"].cell(2, cell.column) for cell in book["Checks"][1]}
    assert checks["Enforced"].number_format == '"£"#,##0.00'
    assert checks["At"].number_format == "yyyy-mm-dd hh:mm"
    assert checks["At"].value == datetime(2021, 6, 17, 12, 0)  # noqa: DTZ001 - the clock at Dover
    formats = {row[4].value: row[5].number_format for row in book["Cash"].iter_rows(min_row=2)}
    assert formats == {"EUR": "#,##0.00", "JPY": "#,##0", "GBP": "#,##0.00"}


def test_the_json_is_what_the_contract_says(eventful: Context, written: Written) -> None:
    text = written(eventful, ".json").decode()
    read = Report.model_validate_json(text)
    assert read.model_dump(mode="json") == json.loads(text)
    assert {one.field for one in read.corrections} == {"void", "Lane"}
    held = {one.currency: one.runs_out_at for one in read.cash}
    assert held == {
        "EUR": "2021-06-21T12:00:00+01:00",
        "JPY": "2021-06-21T12:00:00+01:00",
        "GBP": None,
    }


SUM = (
    "£3,400.00 listed + £200.00 taken where the list gave no sum (what remains there is not"
    " known) = £1,200.00 enforced + £1,400.00 outstanding + £1,000.00 not enforceable"
)


@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".md"])
def test_money_taken_where_the_list_gives_no_sum_is_in_the_sum(
    suffix: str, without_sum: Context, written: Written, readers: ModuleType
) -> None:
    text = readers.as_text(suffix, written(without_sum, suffix))
    assert SUM in text
    assert "of it where the list gave no sum" in text


def test_what_remains_of_a_line_without_a_sum_is_left_blank(
    without_sum: Context, written: Written, readers: ModuleType
) -> None:
    read = Report.model_validate_json(written(without_sum, ".json"))
    (line,) = (one for one in read.penalties if one.reference == "CP-4")
    assert (line.listed_pence, line.outstanding_pence, line.not_enforceable_pence) == (None,) * 3
    assert (line.enforced_pence, line.why_not) == (20000, "")
    assert line.actions == "L1-007 paid in full £200.00"
    rows = readers.sheet_rows(written(without_sum, ".xlsx"), "Penalties")
    (row,) = (one for one in rows if one["Reference"] == "CP-4")
    sums = {name: row[name] for name in ("Listed", "Enforced", "Outstanding", "Not enforceable")}
    assert sums == {"Listed": "", "Enforced": 200.0, "Outstanding": "", "Not enforceable": ""}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_report_of_what_has_ended_is_the_same_file_again(
    suffix: str, portsmouth: Context, written: Written
) -> None:
    first = written(portsmouth, suffix, "Portsmouth 17 June 2021")
    assert written(portsmouth, suffix, "Portsmouth 17 June 2021") == first


def test_the_workbook_carries_no_time_but_the_operations(
    portsmouth: Context, written: Written
) -> None:
    data = written(portsmouth, ".xlsx", "Portsmouth 17 June 2021")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(2021, 6, 17, 18, 0, 0)}
    properties = load_workbook(io.BytesIO(data)).properties
    assert properties.created == properties.modified
    assert properties.created == datetime(2021, 6, 17, 17, tzinfo=UTC).replace(tzinfo=None)


def test_html_asks_nobody_for_anything(eventful: Context, written: Written) -> None:
    text = written(eventful, ".html").decode()
    assert not re.search(r"https?:|//|src=|href=|<script|url\(|@import", text)
    assert "default-src 'none'" in text


def test_the_charts_are_told_in_words(portsmouth: Context, written: Written) -> None:
    text = written(portsmouth, ".html", "Portsmouth 17 June 2021").decode()
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        name, told = re.findall(r"<(?:title|desc) id=\"([^\"]+)\">", picture)
        assert f'role="img" aria-labelledby="{name} {told}"' in picture
        words = re.search(r"<desc[^>]*>(.*?)</desc>", picture)
        assert words is not None
        shown = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
        assert all(one in words[1] for one in shown)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


CSS = Path(__file__).parents[2] / "src/portcheck/report/formats/parts/page.css"
PALETTES = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("palette", PALETTES, ids=["light", "dark", "paper"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 7),
        ("ink", "card", 7),
        ("quiet", "paper", 4.5),
        ("loud-ink", "loud-paper", 7),
        ("bar", "card", 3),
        ("line", "card", 3),
    ],
)
def test_colours_can_be_told_apart(palette: str, front: str, back: str, least: float) -> None:
    colours: dict[str, Any] = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", palette))
    assert _contrast(colours[front], colours[back]) >= least
