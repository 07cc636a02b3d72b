"""`portcheck list …` as an office uses it, through the command line."""

import csv
import re
import resource
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from tests.conftest import Program

    Golden = Callable[[str, str], None]
    Inside = Callable[[Program], Program]

SAMPLES = Path(__file__).parents[2] / "sample_data"
USAGE, REFUSED, DATABASE = 2, 3, 4
HEAD = ["Registration", "Penalty reference", "Balance"]
ROWS = [["AB12 CDE", "CP-1", "5"], ["CD34 EFG", "CP-2", "6"], ["EF56 GHI", "CP-3", "7"]]

Table = list[list[str]]


def write(path: Path, rows: Table, sheet: str = "List") -> Path:
    """A workbook, or a CSV by its name."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def office(program: "Program", in_process: "Inside") -> "Program":
    """The program in this process, with nothing in force."""
    return in_process(program)


@pytest.fixture
def in_force(office: "Program") -> "Program":
    """The program with ROWS in force as list CECPT."""
    write(office.folder / "monday.csv", [HEAD, *ROWS])
    office.good("list", "import", "monday.csv", "--list", "CECPT")
    return office


def refused(world: "Program", code: int, *args: str) -> str:
    ran = world.run(*args)
    assert ran.code == code, ran
    return ran.err


def registrations(world: "Program", name: str = "CECPT") -> list[str]:
    (shown,) = world.json("list", "show", name, "--rows", "99")
    return [entry["registration"] for entry in shown["entries"]]


def test_the_report_of_an_import(office: "Program", golden: "Golden") -> None:
    golden("import", office.good("list", "import", SAMPLES / "action_list.xlsx").out)


def test_repeated_warnings_are_one_line_for_people_and_all_there_for_programs(
    office: "Program",
) -> None:
    rows = [[f"AB{n:02d} CDE", "Rig 7"] for n in range(60)]
    write(office.folder / "list.csv", [["Reg", "Unit"], *rows])
    printed = office.good("list", "import", "list.csv", "--dry-run").out
    assert printed.count("“Rig 7”") == 1
    assert "look at 60 rows (2-61), Unit “Rig 7”: is not one of the kinds" in plain(printed)
    assert len(office.json("list", "import", "list.csv")["problems"]) == 60
    shown = office.good("list", "show", "--problems").out
    assert "60 rows (2-61)" in plain(shown)


def test_a_retired_list_answers_nothing_and_comes_back(
    in_force: "Program", golden: "Golden"
) -> None:
    printed = in_force.good("list", "retire", "CECPT", "--reason", "drawn up anew").out
    assert "NOT SCREENED: no list is in force" in in_force.good("lookup", "AB12 CDE").out
    assert in_force.json("list", "find", "AB12") == []
    (shown,) = in_force.json("list", "show")
    assert (shown["retired"], shown["in_force"], shown["removed"]) == ("drawn up anew", False, 3)
    assert [one["in_force"] for one in in_force.json("list", "history", "CECPT")] == [False, False]
    assert "RETIRED" in in_force.good("list", "history").out
    again = refused(in_force, REFUSED, "list", "retire", "CECPT", "--reason", "again")
    assert "was retired already: drawn up anew" in again
    assert "version 2 is that by which" in refused(in_force, REFUSED, "list", "rollback", "2")
    added = plain(refused(in_force, REFUSED, "list", "import", "monday.csv", "--add"))
    assert '“portcheck list rollback 1 --list "CECPT"”' in added
    said = printed + in_force.good("list", "show").out
    golden("retired", re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "…", said))
    assert in_force.json("audit", "verify")["intact"]
    assert in_force.json("doctor")
    in_force.good("list", "rollback", "1", "--list", "CECPT")
    (found,) = in_force.json("lookup", "AB12 CDE")
    assert found["verdict"] == "listed"
    retired = in_force.json("list", "retire", "cecpt", "--reason", "once more")
    assert retired == {
        "list": "CECPT",
        "version": 4,
        "reason": "once more",
        "removed": 3,
        "in_force": [],
    }
    assert in_force.json("list", "import", "monday.csv")["version"] == 5


def test_a_retired_list_leaves_the_only_other_one_to_be_meant(in_force: "Program") -> None:
    in_force.good("list", "import", "monday.csv", "--list", "Ferry")
    refused(in_force, USAGE, "list", "retire", "CECPT")
    in_force.good("list", "retire", "CECPT", "--reason", "old")
    assert in_force.json("list", "import", "monday.csv")["list"] == "Ferry"


def test_an_office_teaches_its_words_for_a_status_once(office: "Program") -> None:
    def statuses() -> list[str]:
        (shown,) = office.json("list", "show", "--rows", "9")
        return [entry["status"] for entry in shown["entries"]]

    head = ["Reg", "Balance", "Status"]
    rows = [["AB12 CDE", "5", "Kat. B"], ["CD34 EFG", "6", "closed"], ["EF56 GHI", "7", "paid"]]
    write(office.folder / "list.csv", [head, *rows])
    taken = office.json("list", "import", "list.csv")
    assert {one["value"] for one in taken["problems"]} == {"Kat. B", "closed"}
    say = ("--status", "kat b=Part-paid", "--status", "Closed=cancelled")
    again = office.json("list", "import", "list.csv", *say)
    assert (again["version"], again["problems"], again["changed"]) == (2, [], 2)
    assert statuses() == ["Kat. B = part paid", "closed = cancelled", "paid"]
    assert office.json("list", "import", "list.csv", *say)["same_file"]
    write(office.folder / "next.csv", [head, *rows, ["GH78 IJK", "8", "CLOSED"]])
    assert office.json("list", "diff", "next.csv")["unchanged"] == 3
    assert office.json("list", "import", "next.csv")["problems"] == []
    assert statuses()[-1] == "CLOSED = cancelled"
    assert office.json("list", "import", "next.csv", "--status", "closed=")["problems"] != []
    assert "is not a status" in refused(
        office, USAGE, "list", "import", "list.csv", "--status", "x=y"
    )
    assert "is not WORD=STATUS" in refused(
        office, USAGE, "list", "import", "list.csv", "--status", "x"
    )


def test_mended_rejects_are_not_taken_for_the_list(in_force: "Program") -> None:
    rows = [
        [*HEAD, "portcheck: reason"],
        *([*row, ""] for row in ROWS),
        ["GH78 IJK", "CP-4", "8", ""],
    ]
    write(in_force.folder / "mended.csv", rows)
    told = refused(in_force, REFUSED, "list", "import", "mended.csv")
    assert "these are rejected rows" in plain(told)
    assert "Add them with --add" in plain(told)
    assert in_force.json("list", "import", "mended.csv", "--add")["kept"] == 3
    assert len(registrations(in_force)) == 4


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mend.xlsx", "mend.csv"])
def test_rejected_rows_are_mended_and_imported(in_force: "Program", name: str) -> None:
    rows = [HEAD, *ROWS, ["#N/A", "CP-4", "8"], ["", "CP-5", "9"]]
    write(in_force.folder / "tuesday.xlsx", rows)
    ran = in_force.good("list", "import", "tuesday.xlsx", "--list", "CECPT", "--rejects", name)
    assert f"2 rejected rows written to {name}: mend them there" in ran.err
    if name.endswith(".csv"):
        with (in_force.folder / name).open(encoding="utf-8-sig", newline="") as file:
            head, *back = list(csv.reader(file))
    else:
        book = openpyxl.load_workbook(in_force.folder / name)
        head, *back = [
            list(map(str, row)) for row in book.worksheets[0].iter_rows(values_only=True)
        ]
        book.close()
    assert head == [*HEAD, "portcheck: reason"]
    assert [row[3] for row in back] == [
        "is an error of the spreadsheet (#N/A)",
        "there is no registration in this row",
    ]
    for row, mended in zip(back, ("GH78 IJK", "JK90 LMN"), strict=True):
        row[0] = mended
    write(in_force.folder / f"mended-{name}", [head, *back])
    back.append([*map(str, ROWS[0]), "in the list before"])
    write(in_force.folder / f"mended-{name}", [head, *back])
    before = set(registrations(in_force))
    found = in_force.json("list", "import", f"mended-{name}", "--list", "CECPT", "--add")
    assert (found["rows"], found["accepted"], found["duplicates"]) == (3, 2, 1)
    assert (found["added"], found["removed"], found["kept"]) == (2, 0, len(before))
    assert found["unknown_columns"] == []
    assert set(registrations(in_force)) == before | {"GH78 IJK", "JK90 LMN"}


@pytest.mark.parametrize(
    ("amount", "paid", "balance", "owed"),
    [
        ("500", "", "300", "£300.00"),
        ("500", "100", "", "£400.00"),
        ("500", "", "see file", ""),
        ("500", "#REF!", "", ""),
        ("500", "", "0", "£0.00"),
    ],
)
def test_what_is_owed_is_shown_as_an_officer_is_told_it(
    office: "Program", amount: str, paid: str, balance: str, owed: str
) -> None:
    head = ["Reg", "Amount", "Paid", "Balance", "Status"]
    write(office.folder / "list.csv", [head, ["AB12 CDE", amount, paid, balance, "Overdue"]])
    office.good("list", "import", "list.csv")
    heading, line = office.good("list", "show", "--rows", "1").out.splitlines()[-2:]
    assert line[heading.index("Status") :].replace("Overdue", "").strip() == owed


def test_rejected_rows_go_nowhere_they_destroy_anything(office: "Program") -> None:
    rows = [HEAD, *ROWS, ["#N/A", "CP-4", "8"]]
    write(office.folder / "monday.csv", rows)
    before = (office.folder / "monday.csv").read_bytes()
    take = ("list", "import", "monday.csv", "--list", "CECPT", "--rejects")
    for target, said in (
        ("monday.csv", "would take the place of the file that is read"),
        ("./monday.csv", "would take the place of the file that is read"),
        ("nowhere/mend.csv", "there is no such folder"),
    ):
        for more in ((), ("--force",)):
            ran = office.run(*take, target, *more)
            assert ran.code == REFUSED
            assert said in plain(ran.err)
    assert (office.folder / "monday.csv").read_bytes() == before
    assert office.run("list", "show").code == DATABASE  # nothing was stored

    office.good(*take, "mend.csv")
    (office.folder / "mend.csv").write_text("half mended")
    ran = office.run(*take, "mend.csv")
    assert ran.code == REFUSED
    assert "Replace it with --force" in ran.err
    assert (office.folder / "mend.csv").read_text() == "half mended"


def test_the_rejected_rows_of_the_list_in_force_can_still_be_had(office: "Program") -> None:
    write(office.folder / "monday.csv", [HEAD, *ROWS, ["#N/A", "CP-4", "8"]])
    take = ("list", "import", "monday.csv", "--list", "CECPT")
    office.good(*take)
    ran = office.good(*take, "--rejects", "mend.csv")
    assert "nothing to import" in plain(ran.out)
    assert "1 rejected row written to mend.csv" in ran.err
    back = (office.folder / "mend.csv").read_text("utf-8-sig")
    assert "#N/A,CP-4,8,is an error of the spreadsheet" in back
    assert [one["version"] for one in office.json("list", "history")] == [1]


def test_no_rejects_no_workbook(in_force: "Program") -> None:
    ran = in_force.good("list", "import", "monday.csv", "--list", "B", "--rejects", "r.xlsx")
    assert "No row was rejected" in ran.err
    assert not (in_force.folder / "r.xlsx").exists()


@pytest.mark.slow
def test_columns_and_sheet_are_remembered_and_shown(office: "Program") -> None:
    rows = [["Kennung", "Wert"], ["AB12 CDE", "5"]]
    for day in ("monday", "tuesday"):
        book = openpyxl.Workbook()
        for page in (book.worksheets[0], book.create_sheet("June")):
            for row in rows:
                page.append(row)
        book.worksheets[0].title = "May"
        book["June"].append([f"{day}1", "6"])
        book.save(office.folder / f"{day}.xlsx")
    mapping = ["--map", "registration=Kennung", "--map", "balance=Wert"]
    unsaid = office.run("list", "import", "monday.xlsx", *mapping)
    assert unsaid.code == REFUSED
    assert "or one with --sheet NAME" in unsaid.err
    office.good("list", "import", "monday.xlsx", *mapping, "--sheet", "June")
    ahead = office.good("list", "import", "tuesday.xlsx", "--dry-run").out
    assert "tuesday.xlsx, sheet June" in ahead
    assert "registration = Kennung, balance = Wert" in ahead
    found = office.json("list", "import", "tuesday.xlsx", "--yes")
    assert (found["sheet"], found["accepted"]) == ("June", 2)
    assert registrations(office, "main") == ["AB12 CDE", "tuesday1"]
    elsewhere = office.run("list", "import", "tuesday.xlsx", "--list", "OTHER", "--sheet", "June")
    assert elsewhere.code == REFUSED


@pytest.mark.slow
def test_a_protected_workbook(desk: "Program", station: "Program") -> None:
    folder = desk.folder
    plain_book = write(folder / "open.xlsx", [HEAD, *ROWS])
    with plain_book.open("rb") as source, (folder / "locked.xlsx").open("wb") as target:
        OOXMLFile(source).encrypt("Sesame", target)
    (folder / "right").write_text("Sesame\n", encoding="utf-8")
    (folder / "wrong").write_text("sesame\n", encoding="utf-8")
    before = desk.state()
    import_ = ["list", "import", "locked.xlsx", "--list", "LOCKED"]
    for more, said in (
        ([], "the workbook has a password"),
        (["--password-file", "wrong"], "that is not the workbook's password"),
        (["--password-file", "gone"], "the password cannot be read from it"),
        (["--password-file", "/dev/zero"], "is no password"),
    ):
        ran = desk.run(*import_, *more)
        assert (ran.code, said in ran.err) == (REFUSED, True)
    assert "in a file with --password-file FILE" in desk.run(*import_).err
    assert desk.json(*import_, "--password-file", "right", "--dry-run")["accepted"] == 3
    assert desk.state() == before
    found = station.json(*import_, "--password-file", "-", stdin="Sesame\n")
    assert (found["accepted"], found["stored"]) == (3, True)
    difference = desk.json(
        "list", "diff", "locked.xlsx", "--list", "LOCKED", "--password-file", "right"
    )
    assert difference["unchanged"] == 3
    assert "Sesame" not in str(desk.query("SELECT payload FROM fact"))


@pytest.mark.slow
def test_a_list_from_standard_input(station: "Program") -> None:
    found = station.json(
        "list", "import", "-", "--list", "PIPE", stdin="Registration;Betrag\nAB12;5\n"
    )
    assert (found["file"], found["rows"], found["accepted"]) == ("standard input", 1, 1)


def test_the_same_file_again_is_no_version(in_force: "Program") -> None:
    before = in_force.state()
    assert "monday.csv is version 1 of list CECPT already: nothing to import" in plain(
        in_force.good("list", "import", "monday.csv").out
    )
    found = in_force.json("list", "import", "monday.csv")
    assert (found["same_file"], found["stored"], found["rows"]) == (True, False, 3)
    assert in_force.state() == before


def test_a_list_that_shrank_is_refused_unless_it_is_meant(in_force: "Program") -> None:
    write(in_force.folder / "short.csv", [HEAD, ROWS[0]])
    before = in_force.state()
    ran = in_force.run("list", "import", "short.csv")
    assert ran.code == REFUSED
    assert "would drop 2 of the 3 entries of list CECPT" in plain(ran.err)
    assert "--yes" in ran.err
    assert in_force.state() == before
    assert in_force.json("list", "import", "short.csv", "--yes")["removed"] == 2
    assert registrations(in_force) == ["AB12 CDE"]


def test_what_changed_between_versions_and_against_a_file(in_force: "Program") -> None:
    tuesday = [["AB12 CDE", "CP-1", "50"], ROWS[1], ["GH78 IJK", "CP-4", "8"]]
    write(in_force.folder / "tuesday.csv", [HEAD, *tuesday])
    before = in_force.state()
    ahead = in_force.json("list", "diff", "tuesday.csv")
    assert in_force.state() == before
    in_force.good("list", "import", "tuesday.csv")
    found = in_force.json("list", "diff")
    assert (found["from"], found["to"]) == ("version 1", "version 2")
    for one in (ahead, found):
        assert [e["registration"] for e in one["added"]] == ["GH78 IJK"]
        assert [e["registration"] for e in one["removed"]] == ["EF56 GHI"]
        assert [(c["after"]["registration"], c["fields"]) for c in one["changed"]] == [
            ("AB12 CDE", ["balance_pence"])
        ]
        assert one["unchanged"] == 1
    printed = plain(in_force.good("list", "diff", "--from", "1", "--to", "2").out)
    assert "~ changed row 2: AB12 CDE (CP-1): balance £5.00 → £50.00" in printed
    assert in_force.run("list", "diff", "tuesday.csv", "--from", "1").code == 2


def test_going_back_to_an_earlier_version(in_force: "Program") -> None:
    write(in_force.folder / "wrong.csv", [HEAD, ["ZZ99 ZZZ", "CP-9", "1"], *ROWS[1:]])
    in_force.good("list", "import", "wrong.csv")
    done = in_force.json("list", "rollback", "1")
    assert (done["version"], done["restored"], done["entries"]) == (3, 1, 3)
    assert sorted(registrations(in_force)) == ["AB12 CDE", "CD34 EFG", "EF56 GHI"]
    history = in_force.json("list", "history", "CECPT")
    assert [(v["version"], v["in_force"]) for v in history] == [(3, True), (2, False), (1, False)]
    assert in_force.json("doctor")["good"]
    for version, said in (("3", "in force already"), ("7", "has no version 7")):
        ran = in_force.run("list", "rollback", version)
        assert (ran.code, said in ran.err) == (REFUSED, True)


def test_the_empty_list_opens_and_its_examples_are_refused_until_meant(office: "Program") -> None:
    office.good("list", "template", "empty.xlsx")
    path = office.folder / "empty.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Action list"]
    headings = [cell.value for cell in sheet[1]]
    rules: Any = sheet.data_validations.dataValidation
    drop_downs = {
        headings[next(iter(rule.sqref.ranges)).min_col - 1]: rule.formula1 for rule in rules
    }
    assert drop_downs.keys() == {"Unit", "Liable role", "Section", "Status"}
    assert "tractor" in drop_downs["Unit"]
    assert book.sheetnames == ["Action list", "Guide"]
    ran = office.run("list", "import", "empty.xlsx")
    assert ran.code == REFUSED
    assert "none of its 3 rows can be taken" in plain(ran.err)
    assert "“# AB12 CDE”" in ran.err
    for row in sheet.iter_rows(min_row=2, max_col=1):
        if row[0].value:
            row[0].value = str(row[0].value).removeprefix("# ")
    book.save(path)
    book.close()
    found = office.json("list", "import", "empty.xlsx")
    assert (found["rows"], found["accepted"]) == (3, 3)
    assert (found["problems"], found["warnings"], found["unknown_columns"]) == ([], [], [])
    assert len(found["columns"]) == len(headings)
    again = office.run("list", "template", "empty.xlsx")
    assert (again.code, "--force" in again.err) == (REFUSED, True)


def test_lists_stand_side_by_side_each_with_its_allowed_age(in_force: "Program") -> None:
    write(in_force.folder / "police.csv", [HEAD, ["AB12 CDE", "P-1", "1"]])
    in_force.good("list", "import", "police.csv", "--list", "POLICE", "--max-age-days", "30")
    shown = {one["name"]: one["max_age_days"] for one in in_force.json("list", "show")}
    assert shown == {"CECPT": 7, "POLICE": 30}
    (answer,) = in_force.json("lookup", "AB12CDE")
    assert {match["list"] for match in answer["matches"]} == {"CECPT", "POLICE"}
    unsaid = in_force.run("list", "import", "police.csv")
    assert unsaid.code == REFUSED
    assert "there are 2 lists: CECPT, POLICE" in plain(unsaid.err)


@pytest.mark.slow
def test_a_new_version_names_the_checks_it_would_have_stopped(office: "Program") -> None:
    office.good("list", "import", SAMPLES / "action_list.xlsx", "--as-of", "16/06/2021 22:00")
    office.good("op", "start", "Portsmouth", "--at", "17/06/2021 05:30")
    office.good("log", "import", SAMPLES / "checks.csv")
    next_day = str(SAMPLES / "action_list_18_june.csv")
    assert office.json("list", "import", next_day, "--dry-run")["now_listed"] == []
    ran = office.good("list", "import", next_day)
    assert "NOW LISTED: 1 check made before: L1-063" in plain(ran.out)
    assert "now listed: L1-063" in ran.err
    (found,) = office.query("SELECT vehicle FROM vehicle_check WHERE ref = 'L1-063'")
    assert found == ("WGM 58213",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "this is a PDF"),
        (b"Colour\nred\n", "no heading row with a registration column"),
        (b"Registration,VRM\nA1,B2\n", "could both be registration"),
        (b"PK\x03\x04 no more", "its archive cannot be opened"),
    ],
)
def test_logs_and_manifests_are_read_as_lists_are(
    desk: "Program", content: bytes, said: str
) -> None:
    (desk.folder / "file.csv").write_bytes(content)
    before = desk.state()
    for command in (["list", "import"], ["log", "import"], ["screen"]):
        ran = desk.run(*command, "file.csv")
        assert (ran.code, said in plain(ran.err)) == (REFUSED, True), (command, ran.err)
    assert desk.state() == before


@pytest.mark.slow
def test_a_disk_that_fills_up_half_way(station: "Program") -> None:
    rows = [[f"RT{n:05d}", f"CP-{n}", "5"] for n in range(20_000)]
    write(station.folder / "many.csv", [HEAD, *rows])
    before = station.query("SELECT * FROM entry")
    size = len(station.state()) + 1024 * 1024
    ran = station.run(
        "list", "import", "many.csv", "--list", "MANY",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip
    assert ran.code == DATABASE
    assert "nothing was stored" in ran.err
    assert station.query("PRAGMA integrity_check") == [("ok",)]
    assert station.query("SELECT * FROM entry") == before
    assert [one["name"] for one in station.json("list", "show")] == ["CECPT"]
    assert station.json("list", "import", "many.csv", "--list", "MANY")["accepted"] == 20_000


def test_what_is_endless_does_not_hide_the_rest(office: "Program") -> None:
    head = ["Reg", "Haulier", *(f"X{n}" for n in range(300))]
    write(office.folder / "list.csv", [head, ["AB12 CDE", "name " * 1_500, *"y" * 300]])
    printed = office.good("list", "import", "list.csv").out
    assert "X19 and 280 more" in plain(printed)
    for words in (["lookup", "AB12CDE"], ["list", "show", "--rows", "1"], ["screen", "list.csv"]):
        assert len(office.good(*words).out.splitlines()) < 20
