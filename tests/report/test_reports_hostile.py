"""Hostile text in every field of a report: it stays text, in every format."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from openpyxl import load_workbook

from portcheck.journal.append import Actor
from portcheck.report.formats import FORMATS
from portcheck.services import operation
from portcheck.services.checks.check import Observed, SavedCheck, prepare, record
from portcheck.services.context import Context
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import load
from portcheck.store.schema import open_store

NOON = datetime(2021, 6, 17, 11, tzinfo=UTC)
Written = Callable[..., bytes]

HOSTILE = (
    "=1+1",
    "+44 1",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"onmouseover="alert(1)',
    "&amp; <b>bold</b>",
    "]]><!-- --",
    "[red]x[/red]",
    "| a | b |",
    "`code` *strong* _emphasis_ ~~gone~~ $x$",
    "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "<http://evil.example> http://evil.example www.evil.example",
    "# heading",
    "1. item",
    "\x1b[31mred\x1b[0m\x9b2J\x07",
    "abc\u202efdp.exe\u2066",
    "line\u2028break\nnew\rold",
    "_x0041_ _x005F_",
    '&D&P&"Arial"&72 big',
    "الشاحنة",
    "运输" * 50,
    "a" * 2000,
)
ALLOWED_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("div", "p", "h1", "h2", "table", "thead", "tbody", "tr", "th", "td", "span", "figure"),
    *("svg", "desc", "rect", "text", "path"),
}
ALLOWED_ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "dir", "scope", "role"),
    *("aria-label", "aria-labelledby", "tabindex", "data-figure", "id", "viewbox", "x", "y"),
    *("width", "height", "text-anchor", "d"),
}


@pytest.fixture
def hostile(context: Context, check: Callable[..., SavedCheck], clock: list[datetime]) -> Context:
    """Dover with hostile text wherever text is kept."""
    for number, text in enumerate(HOSTILE):
        details = dict.fromkeys(("haulier", "origin", "destination", "sailing", "lane"), text)
        check(
            f"AB{number:02d} XYZ",
            details=details,
            checked_by=text,
            checked_by_agency=text,
            outcome={
                "searched": ["visual"],
                "notes": [text, text],
                "language": text,
                "seizures": [{"count": 1, "what": text}],
                "arrests": [{"count": 1, "reason": text}],
            },
        )
    for text in HOSTILE[:6]:
        check("AB12 CDE", decision="rejected", reason=text)
    return context


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_hostile_text_changes_no_figure(
    suffix: str, hostile: Context, written: Written, readers: ModuleType
) -> None:
    found = statement(hostile, select(hostile))
    shown = readers.READERS[suffix](written(hostile, suffix), found)
    wanted = found.figures()
    same = {key for key in wanted if key.partition(".")[0] not in NAMED_BY_PEOPLE}
    assert {key: shown.get(key, 0) for key in same & shown.keys()} == {
        key: wanted[key] for key in same & shown.keys()
    }
    assert len(same & shown.keys()) > 30
    assert found.contradictions() == []


NAMED_BY_PEOPLE = {"by_lane", "by_officer", "by_agency"}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_no_control_reaches_a_file(
    suffix: str, hostile: Context, written: Written, readers: ModuleType
) -> None:
    text = readers.as_text(suffix, written(hostile, suffix))
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text
    )


def test_no_cell_of_a_workbook_is_a_formula(hostile: Context, written: Written) -> None:
    data = written(hostile, ".xlsx")
    book = load_workbook(io.BytesIO(data))
    texts = [
        cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in texts} <= {"s", "n", "d", "inlineStr"}
    assert any(cell.value == "=1+1" for cell in texts)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 11
        assert not any(b"<f>" in parts.read(name) for name in sheets)


def test_no_cell_of_a_csv_is_a_formula(hostile: Context, written: Written) -> None:
    rows = list(csv.reader(io.StringIO(written(hostile, ".csv").decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(c == "'=1+1" for row in rows for c in row)


def test_html_holds_no_element_but_its_own(
    hostile: Context, written: Written, readers: ModuleType
) -> None:
    text = written(hostile, ".html").decode()
    page = readers.Page(text)
    assert page.tags <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    assert "<script>alert(1)</script>" in page.texts
    style = text[text.index("<style>") : text.index("</style>")]
    assert "@import" not in style
    assert "url(" not in style


def test_markdown_stays_text(hostile: Context, written: Written) -> None:
    text = written(hostile, ".md").decode()
    reader = MarkdownIt("commonmark", {"linkify": True, "html": True})
    reader.enable(["table", "strikethrough", "linkify"])
    tokens = [one for token in reader.parse(text) for one in (token, *(token.children or ()))]
    kinds = {token.type for token in tokens}
    assert not kinds & {
        "html_block", "html_inline", "link_open", "image", "code_inline", "em_open", "s_open",
        "fence", "code_block",
    }  # fmt: skip
    cells = [sum(token.type in CELLS for token in row) for row in _table_rows(tokens)]
    assert set(cells) == {2, 7}
    texts = "".join(token.content for token in tokens if token.type == "text")
    assert "![x](http://evil.example/x.png)" in texts


CELLS = {"th_open", "td_open"}


def _table_rows(tokens: list[Token]) -> list[list[Token]]:
    """The tokens of every row of every table."""
    rows: list[list[Token]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif rows:
            rows[-1].append(token)
    return rows


NASTY = "=1 <b>&D&P|`x`[y](http://evil.example)\x1b[31m\u202e"


@pytest.fixture
def badly_named(tmp_path: Path) -> Iterator[Context]:
    """An operation whose every name is hostile."""
    place = tmp_path / "named.db"
    with closing(open_store(place, create=True)) as connection:
        settings = load({"database": str(place), "marking": NASTY}, {})
        made = Context(connection, place, settings, Actor(NASTY, NASTY, "L1"), now=lambda: NOON)
        operation.start(made, NASTY, site=NASTY, agencies=(NASTY,))
        prepared = prepare(made, Query("AB12 CDE"), Observed(), no_list=True)
        record(made, prepared)
        yield made


def test_a_badly_named_operation_gives_no_command_to_a_workbook(
    badly_named: Context, written: Written
) -> None:
    book: Any = load_workbook(io.BytesIO(written(badly_named, ".xlsx")))
    named = "=1 <b>&D&P|`x`[y](http://evil.example)[31m"
    assert book.properties.title == named
    for page in book:
        assert page.oddHeader.center.text == named.replace("&", "&&")
        assert page.oddFooter.left.text == named.replace("&", "&&")
    assert book["Summary"]["A1"].value == named
    assert book["Summary"]["A1"].data_type == "s"


def test_a_badly_named_operation_leaves_html_and_markdown_as_they_are(
    badly_named: Context, written: Written, readers: ModuleType
) -> None:
    page = readers.Page(written(badly_named, ".html").decode())
    assert page.tags <= ALLOWED_TAGS
    tokens = MarkdownIt().enable("table").parse(written(badly_named, ".md").decode())
    kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
    assert not kinds & {"html_inline", "html_block", "link_open", "code_inline"}
    assert json.loads(written(badly_named, ".json"))["operations"] == [
        "=1 <b>&D&P|`x`[y](http://evil.example)[31m"
    ]
