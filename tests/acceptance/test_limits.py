"""Whatever a file holds, it is read or refused in words, within bounds of time and memory.

The files are imported one after the other by a process of its own, which counts the
processor time and the memory of itself and of the processes that it starts.
"""

import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from portcheck.store.schema import open_store

BOOKS = Path(__file__).with_name("books")
SHEET, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"

MOST_MEMORY = 400_000_000
MOST_SECONDS = 20
"""Of processor: two processes read a workbook at once, ten seconds each."""

IMPORTING = """
import json, re, resource, sys
from pathlib import Path
from portcheck.errors import PortcheckError
from portcheck.intake.files.source import open_source
from portcheck.journal.append import Actor
from portcheck.services import settings
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.store.schema import open_store

here, children = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, resource.RLIM_INFINITY))

def seconds():
    used = [resource.getrusage(who) for who in (here, children)]
    return sum(one.ru_utime + one.ru_stime for one in used)

database = Path(sys.argv[1])
context = Context(open_store(database), database, settings.load({}), Actor("1", "A", "L1"))
for path in sys.argv[2:]:
    before, rows = seconds(), 0
    try:
        result = import_list(context, open_source(Path(path)), ImportOptions(dry_run=True))
        said, rows = "", result.rows
        assert rows == result.accepted + result.duplicates + result.rejected
    except PortcheckError as refused:
        said = str(refused)
        assert refused.exit_code == 3, said
    # ru_maxrss of a process begins with that of the one that started it; VmHWM is its own
    own = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
    most = 1024 * max(own, resource.getrusage(children).ru_maxrss)
    print(json.dumps([Path(path).name, said, rows, seconds() - before, most]), flush=True)
"""

Told = dict[str, tuple[str, int]]
"""By the name of a file: why it was refused, or "" and how many rows it has."""

Imported = Callable[..., Told]


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """Import files within the limits."""
    database = tmp_path / "checks.db"
    open_store(database, create=True).close()

    def importing(*files: Path) -> Told:
        done = subprocess.run(
            [sys.executable, "-c", IMPORTING, database, *files],
            capture_output=True,
            encoding="utf-8",
            timeout=120 + 30 * len(files),
            check=False,
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "HOME": str(tmp_path)},
        )
        assert (done.returncode, done.stderr) == (0, ""), done
        told: Told = {}
        for name, said, rows, seconds, memory in map(json.loads, done.stdout.splitlines()):
            assert seconds < MOST_SECONDS, (name, said, seconds)
            assert memory < MOST_MEMORY, (name, said, memory)
            told[name] = (said, rows)
        assert len(told) == len(files)
        return told

    return importing


def honest_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Registration", "Haulier", "Balance"])
    for number in range(30):
        sheet.append([f"AB{number + 10} CDE", "Acme Ltd", 100 + number])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(part: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(honest_book())
    parts[part] = change(parts.get(part, b""))
    return packed(parts)


def with_rows(rows: str) -> bytes:
    """The honest workbook with more rows."""
    return with_part(
        SHEET, lambda xml: xml.replace(b"</sheetData>", f"{rows}</sheetData>".encode())
    )


def overlapping(times: int, size: int) -> bytes:
    """An archive whose sheets are all the same bytes of it, many times over."""
    parts = parts_of(honest_book())
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b" " * size + b"</sheetData>")
    data = packed(parts)
    end = data.rindex(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    entry = data.index(SHEET.encode(), start) - 46
    one = data[entry : entry + 46 + len(SHEET)]
    more = b"".join(one[:46] + f"xl/worksheets/{n:06}.xml".encode() for n in range(times))
    assert len(f"xl/worksheets/{0:06}.xml") == len(SHEET)
    count = (len(parts) + times).to_bytes(2, "little") * 2
    length = (end - start + len(more)).to_bytes(4, "little")
    return data[:end] + more + data[end : end + 8] + count + length + data[end + 16 :]


def negative_offset(data: bytes) -> bytes:
    """The archive's directory said to lie before its beginning."""
    end = data.rindex(b"PK\x05\x06")
    return data[: end + 16] + (2**31).to_bytes(4, "little") + data[end + 20 :]


def styled(number: int) -> Callable[[bytes], bytes]:
    """Many number formats, long and each another, and as many styles that use them."""

    def change(xml: bytes) -> bytes:
        formats = "".join(
            f'<numFmt numFmtId="{n}" formatCode="{"#,##0" * 40}{n}"/>'
            for n in range(200, 200 + number)
        )
        styles = "".join(f'<xf numFmtId="{200 + n % number}"/>' for n in range(number * 10))
        xml = re.sub(rb"<numFmts.*?(/>|</numFmts>)", b"", xml)
        return xml.replace(b"<fonts", f"<numFmts>{formats}</numFmts><fonts".encode()).replace(
            b"</cellXfs>", f"{styles}</cellXfs>".encode()
        )

    return change


def opendocument(rows: int, columns: int, text: str = "x") -> bytes:
    parts = parts_of((BOOKS / "list.ods").read_bytes())
    cell = (
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
    )
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}<text:p>{text}</text:p></table:table-cell></table:table-row>'
    headings, end, others = _after_headings(parts["content.xml"])
    return packed({**parts, "content.xml": headings + end + row.encode() + others})


def _after_headings(content: bytes) -> tuple[bytes, bytes, bytes]:
    """A sheet parted at the end of its row of headings."""
    end = b"</table:table-row>"
    at = content.index(end, content.index(b"Status"))
    return content[:at], end, content[at + len(end) :]


def many_attributes(number: int) -> str:
    names = " ".join(f'a{number}_{n}=""' for n in range(500))
    return f'<row r="99" {names}/>'


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
CELL = '<c r="A{0}"><v>{0}</v></c>'

HARMFUL: dict[str, tuple[Callable[[], bytes], str]] = {
    "spaces.xlsx": (
        lambda: with_rows(f'<row r="99">{"<c " * 100}{" " * 3_000_000}</row>'),
        "no XML",
    ),
    "spaces_inside.xlsx": (
        lambda: with_rows(f'<row r="99"><c {" " * 3_000_000}r="A99"><v>1</v></c></row>'),
        "",
    ),
    "comment.xlsx": (lambda: with_rows(f"<!-- {'<c ' * 1_000_000}-->"), ""),
    "comments.xlsx": (lambda: with_rows("<!-- <row><c --> " * 300_000), ""),
    "attribute.xlsx": (lambda: with_rows(f'<row r="99" x="{"y" * 20_000_000}"/>'), ""),
    "attributes.xlsx": (lambda: with_rows("".join(map(many_attributes, range(600)))), ""),
    "deep.xlsx": (lambda: with_rows("<row>" * 5_000_000), "no XML|the reader ended"),
    "deep_closed.xlsx": (lambda: with_rows("<row>" * 200_000 + "</row>" * 200_000), ""),
    "styles.xlsx": (lambda: with_part(STYLES, styled(15_000)), ""),
    "strings.xlsx": (
        lambda: with_part(
            STRINGS, lambda _: f"<sst>{'<si><t>x</t></si>' * 3_000_000}</sst>".encode()
        ),
        "",
    ),
    "one_string.xlsx": (
        lambda: packed(
            parts_of(
                with_rows(
                    "".join(
                        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(99, 999)
                    )
                )
            )
            | {STRINGS: b"<sst><si><t>" + b"x" * 30_000_000 + b"</t></si></sst>"}
        ),
        "the reader ended",
    ),
    "overlap.xlsx": (lambda: overlapping(30, 30_000_000), "lie over each other"),
    "offset.xlsx": (lambda: negative_offset(honest_book()), "damaged"),
    "entities.xlsx": (lambda: with_part(SHEET, lambda xml: BOMB + xml), "entities"),
    "entities_utf16.xlsx": (
        lambda: with_part(SHEET, lambda _: (BOMB.decode() + "<x>&b;</x>").encode("utf-16")),
        "entities",
    ),
    "special.xlsx": (
        lambda: with_rows("".join(f'<c r="B{n}" t="e"/>' for n in range(99, 600_000))),
        "more than 500,000 cells",
    ),
    "corner.xlsx": (
        lambda: with_rows('<row r="9"><c r="XFD1048576"><v>1</v></c></row>'),
        "reaches over",
    ),
    "rows.xlsx": (
        lambda: with_rows(
            "".join(f'<row r="{n}">{CELL.format(n)}</row>' for n in range(99, 300_000))
        ),
        "",
    ),
    "repeated.ods": (lambda: opendocument(1_048_576, 16_384), "the reader ended|took longer|read"),
    "copies.ods": (lambda: opendocument(90_000, 1, "AB12 CDE"), "are copies of another"),
    "copies.csv": (lambda: b"Registration\n" + b"AB12 CDE\n" * 5_000_000, "are copies of another"),
    "blank.csv": (lambda: b"Registration\nAB12CDE\n" + b"\n" * 40_000_000, "rows are blank"),
    "lone_quote.csv": (lambda: b'Registration\n"' + b"AB12 CDE\n" * 5_000_000, "are copies"),
    "rejected.csv": (
        lambda: b"Registration,Notes\n" + b"".join(b"?,%d\n" % n for n in range(1_500_000)),
        "19,999 of the first 19,999",
    ),
    "rejected_late.csv": (
        lambda: (
            b"Registration\n" + b"".join(b"AB%d CDE\n" % n for n in range(6_000)) + b"?\n" * 6_001
        ),
        "6,001 of its 12,001",
    ),
    "commas.csv": (lambda: b"Registration\nAB12CDE\n" + (b"," * 1_000_000 + b"\n") * 5, ""),
    "wide.csv": (lambda: b"Reg,Notes\n" * 60 + (b"AB12CDE," * 100_000 + b"\n") * 6, ""),
    "quotes.csv": (lambda: b'Reg,Notes\n"' + b'AB12CDE,"\n' * 300_000, ""),
    "one_line.csv": (lambda: b"Reg\n" + b"x" * 5_000_000, "neither a workbook nor"),
    "zeros.csv": (lambda: bytes(5_000_000), "neither a workbook nor"),
}
"""By name: how the file is made, and what a refusal says ("" where it may be read)."""
QUICK = (
    "spaces.xlsx", "comment.xlsx", "overlap.xlsx", "offset.xlsx", "entities_utf16.xlsx",
    "rejected_late.csv", "one_line.csv", "copies.ods", "copies.csv",
)  # fmt: skip


def held(imported: Imported, folder: Path, names: Iterator[str]) -> None:
    paths = []
    for name in names:
        paths.append(folder / name)
        paths[-1].write_bytes(HARMFUL[name][0]())
    for name, (said, rows) in imported(*paths).items():
        assert bool(said) != bool(rows), (name, said, rows)
        assert re.search(HARMFUL[name][1], said), (name, said)
        assert said or not HARMFUL[name][1], name


@pytest.mark.slow
def test_harmful_files_stay_within_limits(imported: Imported, tmp_path: Path) -> None:
    held(imported, tmp_path, iter(QUICK))


@pytest.mark.slow
@pytest.mark.long
def test_every_harmful_file_stays_within_limits(imported: Imported, tmp_path: Path) -> None:
    held(imported, tmp_path, iter(HARMFUL))


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Bytes changed, taken out, put in, or many times over."""
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(data))
        to = min(len(data), at + rng.choice((1, 1, 4, 40, 400)))
        new = rng.choice(
            (
                b"",
                rng.randbytes(to - at),
                data[at:to] * rng.choice((2, 1_000)),
                b" " * rng.choice((1, 500_000)),
                rng.choice((b"<", b"<c ", b"<row>", b"</c>", b"<!--", b'"', b"=", b"\0", b"&#0;"))
                * rng.choice((1, 100_000)),
                rng.choice(
                    (b"99999999999", b"-1", b"1048576", b"\xff\xff\xff\xff", b"\xed\xa0\x80")
                ),
            )
        )
        data = data[:at] + new + data[to:]
    return data


def mutants(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Honest files that something was done to: as they are, or inside one of their parts."""
    honest = {
        "xlsx": honest_book(),
        "ods": (BOOKS / "list.ods").read_bytes(),
        "xls": (BOOKS / "list.xls").read_bytes(),
        "csv": b"Registration;Haulier;Balance\n" + b'AB12 CDE;"Acme; Ltd";100\n' * 300,
    }
    for number in range(10**6):
        kind = rng.choice(tuple(honest))
        data = honest[kind]
        if kind in {"xlsx", "ods"} and rng.random() < 0.8:
            parts = parts_of(data)
            part = rng.choice([name for name in parts if name.endswith((".xml", ".rels"))])
            data = packed({**parts, part: mutated(parts[part], rng)})
        else:
            data = mutated(data, rng)
        yield f"{number}.{kind}", data


def fuzzed(imported: Imported, folder: Path, seed: int, number: int) -> dict[str, Any]:
    paths = []
    for (name, data), _ in zip(mutants(random.Random(seed)), range(number), strict=False):
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return imported(*paths)


@pytest.mark.slow
def test_a_few_mutated_files_stay_within_limits(imported: Imported, tmp_path: Path) -> None:
    told = fuzzed(imported, tmp_path, seed=1, number=8)
    assert {bool(said) for said, _ in told.values()} == {True, False}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.long
def test_many_mutated_files_stay_within_limits(
    imported: Imported, tmp_path: Path, seed: int
) -> None:
    assert len(fuzzed(imported, tmp_path, seed, number=60)) == 60


@pytest.mark.slow
def test_an_honest_file_of_5_mb_is_read_within_limits(imported: Imported, tmp_path: Path) -> None:
    heads = (
        "Registration",
        "Country",
        "Haulier",
        "Penalty reference",
        "Amount",
        "Balance",
        "Status",
    )
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(heads)
    lines = [",".join(heads)]
    for n in range(110_000):
        mark = f"{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}{n % 90 + 10} {n // 90 % 9}{chr(65 + n // 810 % 26)}{chr(65 + n // 21060 % 26)}"
        row = [mark, "GB", f"Haulage {n % 5000} Ltd", f"CP-{n}", 2400 + n % 7, 100, "outstanding"]
        sheet.append(row)
        lines.append(",".join(map(str, row)))
    book.save(tmp_path / "list.xlsx")
    (tmp_path / "list.csv").write_text("\n".join(lines[:70_000]), encoding="utf-8")
    files = [tmp_path / "list.xlsx", tmp_path / "list.csv"]
    assert all(3_500_000 < path.stat().st_size < 5_500_000 for path in files), files
    assert imported(*files) == {"list.xlsx": ("", 110_000), "list.csv": ("", 69_999)}
