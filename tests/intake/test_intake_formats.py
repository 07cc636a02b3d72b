"""The other workbook formats: .xls, .xlsb and .ods, built byte by byte."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portcheck.errors import FileRefused
from portcheck.intake.files.source import Kind, open_source

Read = Callable[..., Any]
Rows = list[list[str | float]]

ROWS: Rows = [["Reg", "Amount"], ["AB12 CDE", 2400.5], [220.0, ""]]


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff8(rows: Rows, globals_: bytes = b"") -> bytes:
    """A workbook stream with one sheet, and records about the workbook."""
    name = b"Sheet1"
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    sheet_bof = struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)
    position = len(_record(0x0809, bof)) + len(globals_) + 4 + 8 + len(name) + 4
    bound = struct.pack("<IBBBB", position, 0, 0, len(name), 0) + name
    stream = _record(0x0809, bof) + globals_ + _record(0x0085, bound) + _record(0x000A, b"")
    stream += _record(0x0809, sheet_bof)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, float):
                stream += _record(0x0203, struct.pack("<HHHd", r, c, 0, value))
            elif value:
                text = value.encode("latin-1")
                stream += _record(0x0204, struct.pack("<HHHHB", r, c, 0, len(text), 0) + text)
    return stream + _record(0x000A, b"")


def _ole2(stream: bytes) -> bytes:
    """A compound file with one stream, "Workbook"."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        encoded = (name + "\0").encode("utf-16-le")
        nowhere = 0xFFFFFFFF
        return (
            encoded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(encoded), kind, 1, nowhere, nowhere, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    root = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    directory = (root + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))).ljust(512, b"\0")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096,
                          0xFFFFFFFE, 0, 0xFFFFFFFE, 0)  # fmt: skip
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + directory + stream


def make_xls(path: Path) -> None:
    path.write_bytes(_ole2(_biff8(ROWS)))


def make_xlsb(path: Path, rows: Rows = ROWS, properties: bytes = b"") -> None:
    def record(kind: int, body: bytes = b"") -> bytes:
        low = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return low + bytes([len(body)]) + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    dimension = struct.pack("<IIII", 0, len(rows) - 1, 0, 1)
    sheet = record(129) + record(148, dimension) + record(145)
    for r, row in enumerate(rows):
        sheet += record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        for c, value in enumerate(row):
            if isinstance(value, float):
                sheet += record(5, struct.pack("<IId", c, 0, value))
            elif value:
                sheet += record(6, struct.pack("<II", c, 0) + wide(value))
    sheet += record(146) + record(130)
    book = record(131)
    if properties:
        book += record(153, properties)
    book += record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Sheet1"))
    book += record(144) + record(132)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )


def make_ods(path: Path, rows: Rows = ROWS, settings: str = "") -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = ""
    for row in rows:
        body += "<table:table-row>"
        for value in row:
            kind = "float" if isinstance(value, float) else "string"
            number = f' office:value="{value}"' if kind == "float" else ""
            body += f'<table:table-cell office:value-type="{kind}"{number}>'
            body += f"<text:p>{value}</text:p></table:table-cell>"
        body += "</table:table-row>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f"{settings}"
            f'<table:table table:name="Sheet1">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


@pytest.mark.parametrize(
    ("kind", "make"), [(Kind.XLS, make_xls), (Kind.XLSB, make_xlsb), (Kind.ODS, make_ods)]
)
def test_the_values_of_other_workbooks_are_read(
    read: Read, tmp_path: Path, kind: Kind, make: Callable[[Path], None]
) -> None:
    path = tmp_path / f"list.{kind}"
    make(path)
    assert open_source(path).kind is kind
    outcome = read(path)
    assert outcome.layout.sheet == "Sheet1"
    assert outcome.registrations == ["AB12 CDE", "220"]
    assert outcome.entries[0].amount_pence == 240050
    assert "22E1" in outcome.told[0].reason
    assert f"this is an .{kind} workbook: only its values can be read" in outcome.warnings
    assert "formulas that were never calculated read as blank" in outcome.warnings
    damaged = tmp_path / f"damaged.{kind}"
    damaged.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(FileRefused):
        read(damaged)


SERIAL: Rows = [["Reg", "Issued"], ["AB12 CDE", 44592.0]]
OF_1904 = (
    '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
    "</table:calculation-settings>"
)


@pytest.mark.parametrize(("of_1904", "day"), [(False, "2022-01-31"), (True, "2026-02-01")])
@pytest.mark.parametrize("kind", ["xls", "xlsb", "ods"])
def test_bare_numbers_count_days_as_the_workbook_says(
    read: Read, tmp_path: Path, kind: str, of_1904: bool, day: str
) -> None:
    path = tmp_path / f"list.{kind}"
    if kind == "xls":
        record = _record(0x0022, struct.pack("<H", of_1904))
        path.write_bytes(_ole2(_biff8(SERIAL, record)))
    elif kind == "xlsb":
        make_xlsb(path, SERIAL, struct.pack("<III", int(of_1904), 0, 0))
    else:
        make_ods(path, SERIAL, OF_1904 if of_1904 else "")
    assert [str(entry.issued_on) for entry in read(path).entries] == [day]


def with_code_page(tmp_path: Path, code: int) -> Path:
    path = tmp_path / "list.xls"
    path.write_bytes(_ole2(_biff8(ROWS, _record(0x0042, struct.pack("<H", code)))))
    return path


@pytest.mark.parametrize("code", [1200, 1252])
def test_a_code_page_that_is_known_is_read(read: Read, tmp_path: Path, code: int) -> None:
    assert read(with_code_page(tmp_path, code)).registrations == ["AB12 CDE", "220"]


def test_a_code_page_that_is_not_known_is_refused_in_words(read: Read, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="code page 54321, which is not known"):
        read(with_code_page(tmp_path, 54321))


CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(
    "name",
    [
        "indented.ods",
        "no_mimetype.ods",
        "workbook_at_root.xlsx",
        "mergecol.xlsx",
        "macrosheet.xlsx",
        "utf16part.xlsx",
    ],
)
def test_workbooks_that_other_programs_open_are_read(read: Read, name: str) -> None:
    outcome = read(CASES / name)
    assert outcome.registrations == ["AB12 CDE", "B 123 XYZ"]
    assert [entry.balance_pence for entry in outcome.entries] == [200_000, 300_000]
    assert outcome.layout.sheet == "List"


def test_an_extension_does_not_say_from_when_days_count(read: Read) -> None:
    (entry,) = read(CASES / "general_serial_1904_x15.xlsx").entries
    assert str(entry.issued_on) == "2026-02-01"
