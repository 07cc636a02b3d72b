"""Workbooks made to harm: refused within seconds, in words, and within bounds of memory."""

import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import portcheck
from portcheck.errors import FileRefused
from portcheck.intake.files.source import open_source
from portcheck.intake.listrows import read_action_list

Read = Callable[..., Any]
MakeBook = Callable[..., Path]

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>Reg</t></is></c></row>'
MOST_MEMORY = 600_000_000


def altered(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The archive at `path` with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def with_rows(path: Path, rows: str) -> Path:
    """The workbook at `path` with these rows in its first sheet."""
    return altered(
        path,
        SHEET,
        lambda xml: re.sub(
            rb"<sheetData>.*</sheetData>|<sheetData ?/>",
            f"<sheetData>{rows}</sheetData>".encode(),
            xml,
            flags=re.DOTALL,
        ),
    )


def refused_quickly(path: Path) -> FileRefused:
    start = time.monotonic()
    with pytest.raises(FileRefused) as refused, read_action_list(open_source(path)) as file:
        for _ in file.batches():
            pass
    assert time.monotonic() - start < 10
    assert refused.value.hint
    return refused.value


def test_two_cells_at_the_corners_of_a_sheet(make_book: MakeBook) -> None:
    def corner(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["XFD1048576"] = 1

    path = make_book([["Reg"]], finish=corner)
    assert path.stat().st_size < 6_000
    assert "reaches over 17,179,869,184 cells" in refused_quickly(path).message


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="0" r="XFD1048576"><v>1</v></c>',
        '<c  r = "xfd1048576" ><v>1</v></c>',
        '<c r="ZZ900000"><v>1</v></c>',
    ],
)
def test_the_corner_is_seen_however_it_is_written(make_book: MakeBook, cell: str) -> None:
    path = with_rows(make_book([["Reg"]]), f'{HEAD}<row r="2">{cell}</row>')
    assert "reaches over" in refused_quickly(path).message


def test_prefixed_elements_are_seen_too(make_book: MakeBook) -> None:
    def prefix(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml)
        return xml.replace(b"xmlns=", b"xmlns:x=")

    path = with_rows(make_book([["Reg"]]), f'{HEAD}<row r="2"><c r="XFD1048576"><v>1</v></c></row>')
    assert "reaches over" in refused_quickly(altered(path, SHEET, prefix)).message


def test_cells_beyond_a_sheet(make_book: MakeBook) -> None:
    for cell in ("A1048577", "XFE1", "ZZZ1"):
        path = with_rows(make_book([["Reg"]]), f'{HEAD}<row r="2"><c r="{cell}"><v>1</v></c></row>')
        assert "beyond the last row or column" in refused_quickly(path).message


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", SHEET])
def test_entity_bombs(make_book: MakeBook, part: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = altered(make_book([["Reg"]]), part, lambda xml: bomb + xml)
    assert "entities" in refused_quickly(path).message


def test_a_part_that_unpacks_too_often(make_book: MakeBook) -> None:
    path = altered(make_book([["Reg"]]), "xl/media/image1.png", lambda _: bytes(40_000_000))
    assert path.stat().st_size < 60_000
    assert re.search(r"unpacks \d[\d,]+ times", refused_quickly(path).message)


def test_an_archive_that_lies_about_its_size(make_book: MakeBook) -> None:
    path = with_rows(make_book([["Reg"]]), HEAD + "<row/>" * 200_000)
    data = bytearray(path.read_bytes())
    entry = data.index(SHEET.encode(), data.index(b"PK\x01\x02"))
    data[entry - 46 + 24 : entry - 46 + 28] = (2_000).to_bytes(4, "little")
    path.write_bytes(data)
    assert "more than it says" in refused_quickly(path).message


def test_an_archive_of_very_many_parts(make_book: MakeBook) -> None:
    path = make_book([["Reg"]])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/{number}", b"")
    with pytest.raises(FileRefused, match="more than 2,000 parts"):
        open_source(path)


def test_a_part_twice_in_the_archive(make_book: MakeBook) -> None:
    path = make_book([["Reg"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET.upper(), b"<worksheet/>")
    assert "damaged" in refused_quickly(path).message


def test_damaged_workbooks(make_book: MakeBook, tmp_path: Path) -> None:
    whole = make_book([["Reg"], *([f"AB{n} CDE"] for n in range(50))]).read_bytes()
    short = tmp_path / "short.xlsx"
    short.write_bytes(whole[:-200])
    with pytest.raises(FileRefused, match="damaged"):
        open_source(short)
    path = altered(make_book([["Reg"], ["AB12"]]), SHEET, lambda xml: xml[: len(xml) // 2])
    assert f"{SHEET} is no XML" in refused_quickly(path).message
    path = altered(make_book([["Reg"], ["AB12"]]), "xl/workbook.xml", lambda xml: xml[:-30])
    assert "damaged" in refused_quickly(path).message


def test_reading_that_takes_too_long(make_book: MakeBook) -> None:
    path = make_book([["Reg"], ["AB12"]])
    with pytest.raises(FileRefused, match=r"longer than 0\.001 seconds"):
        read_action_list(open_source(path), seconds=0.001)


def test_a_reader_that_ends_is_an_error_in_words(make_book: MakeBook) -> None:
    with read_action_list(open_source(make_book([["Reg"], ["AB12"]]))) as file:
        file.tables[0]._reader._child._process.kill()  # type: ignore[attr-defined]
        with pytest.raises(FileRefused, match="the reader ended"):
            list(file.batches())


def test_sheets_written_by_other_programs(read: Read, make_book: MakeBook) -> None:
    def prefix(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml)
        return xml.replace(b"xmlns=", b"xmlns:x=")

    rows = (
        '<row r="1" hidden="1"><c r="A1" t="inlineStr"><is><t>Reg</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Balance</t></is></c></row>'
        "<row r='2'><c t='e' r='A2'><f>NA()</f><v>#N/A</v></c></row>"
        "<row r='3'><c t='inlineStr' r='A3'><is><t>AB12</t></is></c>"
        "<c r='B3'><f t='shared' si='0'/></c></row>"
    )
    for change in (prefix, bytes):
        path = altered(with_rows(make_book([["Reg"]]), rows), SHEET, change)
        outcome = read(path)
        assert outcome.rejected == {2: "is an error of the spreadsheet (#N/A)"}
        assert outcome.registrations == ["AB12"]
        assert "never calculated" in outcome.told[0].reason
        assert "hidden rows were read like the others: 1 (1 in all)" in outcome.warnings


MEASURE = """
import json, re, resource, sys
from pathlib import Path
from portcheck.errors import FileRefused
from portcheck.intake.listrows import read_action_list
from portcheck.intake.files.source import open_source
rows = 0
try:
    with read_action_list(open_source(Path(sys.argv[1]))) as file:
        for batch in file.batches():
            rows += len(batch.rows) + len(batch.rejected)
    said = ""
except FileRefused as refused:
    said = str(refused)
# ru_maxrss of a process begins with that of the one that started it; VmHWM is its own
own = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
most = [1024 * own, 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
print(json.dumps({"rows": rows, "said": said, "most": most}))
"""


def bombs(make_book: MakeBook, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    plain = make_book([["Reg"]])
    many = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(2, 400_000))
    yield "expands 30 times", with_rows(plain, HEAD + many)
    row = "".join(f'<c r="{c}2"><v>1</v></c>' for c in ("B", "XFD"))
    yield "wide and short", with_rows(plain, f'{HEAD}<row r="2">{row}</row>')
    yield (
        "just within",
        with_rows(plain, f'{HEAD}<row r="1048576"><c r="K1048576"><v>1</v></c></row>'),
    )
    unnamed = "<c><v>1</v></c>" * 16_384
    yield "cells that do not say where", with_rows(plain, f'{HEAD}<row r="1048576">{unnamed}</row>')
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    strings += b"<si><t>" + b"x" * 30_000_000 + b"</t></si></sst>"
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(2, 3_000))
    yield "one text many times", altered(with_rows(plain, HEAD + cells), STRINGS, lambda _: strings)
    yield "opendocument", opendocument(tmp_path / "bomb.ods")


def opendocument(path: Path) -> Path:
    """A sheet whose one row of cells is said to be repeated a million times."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        '<table:table table:name="Sheet1"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>Reg</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


@pytest.mark.slow
def test_bombs_stay_within_bounds_of_memory(make_book: MakeBook, tmp_path: Path) -> None:
    for what, path in bombs(make_book, tmp_path):
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(path)],
            capture_output=True,
            check=True,
            timeout=60,
            env={"PYTHONPATH": str(Path(portcheck.__file__).parents[1])},
        )
        told = json.loads(done.stdout)
        assert max(told["most"]) < MOST_MEMORY, (what, told)
        assert time.monotonic() - start < 30, (what, told)
        assert done.stderr == b""
