"""Text from files and keyboards is data: it steers no terminal, is no markup, and runs nowhere."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Program, Ran, RunHere

    Inside = Callable[[Program], Program]

pytestmark = pytest.mark.slow
EVIL = (
    "\x1b[31mred\x1b[0m \x9b31mC1 \u202eltr\u202c [/red][bold]x[/bold] <script>alert(1)</script>"
    " \u200b\ufeff\x07:smile: \uffff"
)
CLEAN = "[31mred[0m 31mC1 ltr [/red][bold]x[/bold] <script>alert(1)</script> :smile:"
"""What is left of EVIL: everything that can be read, as it was written."""

FORMULAS = ["=cmd()|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)"]
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def assert_harmless(ran: "Ran", shows: str = CLEAN) -> None:
    for text in (ran.out, ran.err):
        assert not STEERING.search(text), repr(text)
        assert "Traceback" not in text
    assert shows in unwrapped(ran.out + ran.err)


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def all_texts(document: Any) -> list[str]:
    if isinstance(document, str):
        return [document]
    if isinstance(document, dict):
        return [text for one in document.items() for part in one for text in all_texts(part)]
    if isinstance(document, list):
        return [text for one in document for text in all_texts(one)]
    return []


@pytest.fixture(scope="module")
def hostile(station_of_module: "Program") -> "Program":
    """A station where everybody wrote hostile text wherever text can be written."""
    station = station_of_module
    list_file = station.folder / "evil \x1b[31mlist\u202e.csv"
    with list_file.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Registration", "Haulier", "Penalty reference", "Status", "Notes", EVIL])
        writer.writerow(["EV11 EVL", EVIL, "[/red]CP-1", EVIL, EVIL, EVIL])
        writer.writerow(["EV12 EVL", FORMULAS[0], FORMULAS[1], FORMULAS[3], "", ""])
        writer.writerow([EVIL, FORMULAS[0], "CP-3", "", "", ""])
    (station.folder / "next.csv").write_text(f"Registration,Notes\nEV11 EVL,{EVIL}!\n", "utf-8")
    imported = station.good(
        "list", "import", list_file, "--list", EVIL, "--rejects", "rejects.xlsx"
    )
    assert_harmless(imported, "accepted")
    station.good(
        "op", "start", EVIL, "--site", EVIL, "--agency", EVIL, env={"PORTCHECK_AGENCY": EVIL}
    )
    ran = station.good(
        "check", "EV11 EVL", "--haulier", EVIL, "--lane", EVIL, "--origin", EVIL, "--note", EVIL,
        "--seizure", f"1:{EVIL.replace(':', '')}", env={"PORTCHECK_OFFICER": EVIL},
    )  # fmt: skip
    assert_harmless(ran)
    words = ["--haulier", "--origin", "--destination", "--sailing"]
    fields = [word for pair in zip(words, FORMULAS, strict=True) for word in pair]
    station.good("check", "ZZ99 ZZZ", *fields, "--note", FORMULAS[0], "--note", "[/red]")
    station.good("decide", "1", "--reject", EVIL)
    station.good("amend", "1", "--destination", EVIL, "--reason", EVIL)
    station.good("check", "ZZ98 ZZZ")
    station.good("void", "3", "--reason", EVIL)
    return station


@pytest.mark.parametrize(
    "args",
    [
        ["lookup", "EV11 EVL"],
        ["log"],
        ["log", "show", "1"],
        ["log", "show", "3"],
        ["tally"],
        ["list", "show", "--rows", "10", "--problems"],
        ["list", "history"],
        ["list", "diff", "next.csv", "--list", CLEAN, "--all"],
        ["list", "find", "EV1"],
        ["list", "find", "[/red]"],
        ["op", "show"],
        ["op", "list"],
        ["audit", "log", "--all"],
    ],
)
def test_printed_as_text(hostile: "Program", run_here: "RunHere", args: list[str]) -> None:
    wide = {"COLUMNS": "1000"}
    shows = "[/red]" if args[0] in {"list", "lookup"} else CLEAN
    ran = run_here(hostile, *args, env=wide)
    assert ran.code == 0
    assert_harmless(ran, shows)
    as_json = run_here(hostile, *args, "--json", env=wide)
    documents = as_json.lines if args == ["log"] else as_json.document
    assert not any(STEERING.search(text) for text in all_texts(documents))


def test_stored_clean_everywhere(hostile: "Program") -> None:
    tables = hostile.query("SELECT name FROM sqlite_schema WHERE type = 'table'")
    for (table,) in tables:
        for row in hostile.query(f"SELECT * FROM {table}"):
            texts = [value for value in row if isinstance(value, str)]
            assert not any(STEERING.search(text.replace("\x1f", "")) for text in texts), table
    (note,) = hostile.query("SELECT outcome ->> 'notes' FROM vehicle_check WHERE ref = 'L1-001'"
                            " AND vehicle = 'EV11 EVL'")  # fmt: skip
    assert note == (f'["{CLEAN}"]',)


def test_a_registration_is_refused_and_shown_harmless(
    hostile: "Program", in_process: "Inside"
) -> None:
    hostile = in_process(hostile)
    ran = hostile.run("check", "AB12\x1b[31m CDE")
    assert ran.code == 3
    assert ran.out == ""
    assert_harmless(ran, "AB12[31m CDE")


def test_a_csv_export_is_disarmed(hostile: "Program", in_process: "Inside") -> None:
    hostile = in_process(hostile)
    hostile.good("log", "export", "out.csv")
    with (hostile.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    disarmed = next(row for row in rows if row["Registration"] == "ZZ99 ZZZ")
    found = [disarmed[name] for name in ("Haulier", "Origin", "Destination", "Sailing")]
    assert found == [f"'{formula}" for formula in FORMULAS]
    assert not any(STEERING.search(cell) for cell in cells)


@pytest.mark.parametrize("name", ["out.xlsx", "rejects.xlsx", "report.xlsx"])
def test_a_workbook_holds_no_formula(hostile: "Program", in_process: "Inside", name: str) -> None:
    hostile = in_process(hostile)
    if name == "out.xlsx":
        hostile.good("log", "export", name)
    if name == "report.xlsx":
        hostile.good("report", name)
    book = openpyxl.load_workbook(hostile.folder / name)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).endswith(FORMULAS[0]) for cell in cells)
    assert "f" not in {cell.data_type for cell in cells}
    assert not any(STEERING.search(str(cell.value)) for cell in cells)
    book.close()


@pytest.mark.parametrize("name", ["report.html", "report.md", "report.csv", "report.json"])
def test_a_report_is_text(hostile: "Program", in_process: "Inside", name: str) -> None:
    in_process(hostile).good("report", name)
    written = (hostile.folder / name).read_text(encoding="utf-8-sig")
    assert not STEERING.search(written.replace("\r", ""))
    assert "alert(1)" in written
    if name == "report.html":
        assert "<script" not in written
    if name == "report.md":
        assert not re.search(r"(?<!\\)<script", written)
        assert not re.search(r"(?<!\\)\[bold\]", written)
    if name == "report.csv":
        cells = [cell for row in csv.reader(written.splitlines()) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert f"'{FORMULAS[0]}" in cells


@pytest.mark.parametrize("name", ["again.csv", "again.xlsx", "again.jsonl"])
def test_an_export_says_what_was_written(
    hostile: "Program", in_process: "Inside", name: str
) -> None:
    hostile = in_process(hostile)
    """The formulas come back as the texts they were."""
    hostile.good("log", "export", name)
    if name.endswith(".jsonl"):
        assert FORMULAS[0] in (hostile.folder / name).read_text(encoding="utf-8")
        return
    hostile.good("op", "start", f"From {name}")
    hostile.good("log", "import", name)
    check = next(one for one in hostile.good("log", "--json").lines if one["key"] == "ZZ99ZZZ")
    details = [check["details"][n] for n in ("haulier", "origin", "destination", "sailing")]
    assert details == FORMULAS
    assert check["outcome"]["notes"] == [FORMULAS[0], "[/red]"]
    hostile.good("op", "use", EVIL)


BYTES = "a\udcffb"
"""The byte 0xFF as Python takes it from a shell: a lone surrogate."""


@pytest.mark.parametrize(
    "args",
    [
        ["lookup", BYTES],
        ["lookup", "ZZ99 ZZZ", "--country", BYTES],
        ["check", "ZZ99 ZZZ", "--note", BYTES, "--lane", BYTES, "--haulier", BYTES],
        ["check", "ZZ99 ZZZ", "--trailer", BYTES],
        ["check", "AB12 CDE", "--reject", BYTES],
        ["check", "ZZ99 ZZZ", "--at", BYTES],
        ["check", "ZZ99 ZZZ", "--direction", BYTES],
        ["check", "ZZ99 ZZZ", "--cash", BYTES + ":1:seized"],
        ["decide", "L1-001", "--reject", BYTES],
        ["decide", BYTES, "--confirm"],
        ["outcome", "L1-001", "--note", BYTES],
        ["outcome", "L1-001", "--penalty", BYTES + ":refused"],
        ["amend", "L1-001", "--reason", BYTES, "--lane", BYTES],
        ["amend", "L1-001", "--reason", "x", "--clear", BYTES],
        ["void", "L1-001", "--reason", BYTES],
        ["list", "import", BYTES],
        ["list", "import", "list.csv", "--list", BYTES],
        ["list", "import", "list.csv", "--list", "X", "--sheet", BYTES],
        ["list", "import", "list.csv", "--list", "X", "--map", "registration=" + BYTES],
        ["list", "import", "list.csv", "--list", "X", "--map", BYTES + "=Registration"],
        ["list", "show", BYTES],
        ["list", "find", BYTES],
        ["op", "start", BYTES, "--site", BYTES, "--agency", BYTES],
        ["op", "start", "X", "--timezone", BYTES],
        ["op", "use", BYTES],
        ["op", "end", "--reason", BYTES],
        ["log", "--find", BYTES],
        ["log", "--op", BYTES],
        ["log", "show", BYTES],
        ["log", "import", BYTES],
        ["log", "export", BYTES + ".csv"],
        ["log", "export", "x.csv", "--recipient", BYTES],
        ["tally", "--op", BYTES],
        ["tally", "--since", BYTES],
        ["tally", "--by", BYTES],
        ["tally", "--explain", BYTES],
        ["report", BYTES],
        ["report", BYTES + ".md"],
        ["report", "x.json", "--recipient", BYTES],
        ["screen", BYTES],
        ["screen", "manifest.csv", "--out", BYTES + ".csv", "--recipient", BYTES],
        ["list", "diff", BYTES],
        ["list", "diff", "--list", BYTES],
        ["list", "rollback", "1", "--list", BYTES],
        ["list", "template", BYTES + ".xlsx"],
        ["audit", "log", "--officer", BYTES],
        ["audit", "log", "--kind", BYTES],
        ["audit", "verify", "--fingerprint", BYTES],
        ["config", "set", "officer", BYTES],
        ["config", "set", BYTES, "x"],
        ["--db", BYTES + ".db", "op", "list"],
        ["--db", BYTES + ".db", "op", "start", "X"],
        ["--officer", BYTES, "lookup", "ZZ99 ZZZ"],
        ["--agency", BYTES, "check", "ZZ99 ZZZ"],
        ["demo", "--checks", BYTES],
    ],
    ids=lambda args: " ".join(args).replace(BYTES, "BYTES"),
)
def test_bytes_that_are_no_text(station: "Program", run_here: "RunHere", args: list[str]) -> None:
    (station.folder / "manifest.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    ran = run_here(station, *args)
    assert ran.code in {0, 2, 3, 4}, ran
    assert_harmless(ran, "")
    assert "a fault in portcheck" not in ran.err
    assert not any("\udcff" in text for text in (ran.out, ran.err))
    if ran.code:
        assert ran.out == ""


@pytest.mark.parametrize("args", [["lookup", b"\xff"], [b"\xff"], ["check", "X1", b"--\xff"]])
def test_bytes_from_the_shell(station: "Program", args: list[str | bytes]) -> None:
    ran = station.run(*args)
    assert ran.code in {2, 3}
    assert ran.out == ""
    assert_harmless(ran, "")
    assert "\udcff" not in ran.err


@pytest.mark.parametrize(
    "args",
    [
        [f"x{EVIL}"],
        ["check", "X1", "--x\x1b[31m"],
        ["list", f"x{EVIL}"],
        ["log", "--last", f"1{EVIL}"],
        ["decide", "1", "--match", f"1{EVIL}", "--confirm"],
        ["lookup", "X1", "--country", EVIL],
        ["check", "X1", "--direction", EVIL],
        ["--db", f"postgres{EVIL}://", "tally"],
        ["--db", f"nowhere{EVIL}.db", "tally"],
        ["list", "import", f"nowhere{EVIL}.xlsx"],
        ["log", "import", f"nowhere{EVIL}.xlsx"],
        ["tally", "--op", EVIL],
        ["op", "start", "X", "--timezone", EVIL],
        ["config", "set", EVIL, "1"],
    ],
    ids=lambda args: " ".join(args).replace(EVIL, "EVIL"),
)
def test_errors_are_harmless(station: "Program", run_here: "RunHere", args: list[str]) -> None:
    ran = run_here(station, *args)
    assert ran.code in {2, 3, 4}
    assert ran.out == ""
    assert_harmless(ran, "")


def test_file_names_in_the_journal(desk: "Program") -> None:
    name = Path(f"a{EVIL.replace('/', '')}.csv")
    desk.good("log", "export", name)
    assert_harmless(desk.good("audit", "log", env={"COLUMNS": "500"}), "red")
