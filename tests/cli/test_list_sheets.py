"""Lists in several sheets, through the command line: what is printed is run, and loses nothing."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

    Inside = Callable[[Program], Program]

CASES = Path(__file__).parents[1] / "intake" / "cases"
MONTHS = CASES / "05_dutch_sheet_per_month.xlsx"
CASE_IDS = CASES / "09_penalties_other_sheet.xlsx"
DUTCH = ["12-BBB-3", "BX-TT-91", "VDB-12-K"]
USAGE, REFUSED = 2, 3

Sheets = dict[str, list[list[Any]]]


@pytest.fixture
def office(program: "Program", in_process: "Inside") -> "Program":
    return in_process(program)


def book(path: Path, sheets: Sheets) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def refused(world: "Program", *args: str | Path, code: int = REFUSED) -> str:
    ran = world.run("list", "import", *args)
    assert ran.code == code, ran
    return " ".join(ran.err.split())


def taken(world: "Program", *args: str | Path) -> dict[str, Any]:
    document: dict[str, Any] = world.json("list", "import", *args)
    assert document["rows"] == sum(document[n] for n in ("accepted", "duplicates", "rejected"))
    return document


def entries(world: "Program", name: str = "main") -> list[tuple[str, str, str]]:
    (shown,) = world.json("list", "show", name, "--rows", "99")
    return [
        (one["registration"], one["penalty_reference"], one["sheet"]) for one in shown["entries"]
    ]


def intact(world: "Program") -> None:
    assert world.json("audit", "verify")["intact"]
    world.good("doctor", "--rebuild")
    assert all(one["good"] for one in world.json("doctor")["findings"])


def test_sheets_with_the_same_headings_are_offered_together(office: "Program") -> None:
    said = refused(office, MONTHS)
    assert "“Januari” and “Februari” and “Maart” have equally good headings" in said
    (offered,) = re.findall(r"--all-sheets", said)
    found = taken(office, MONTHS, offered)
    assert (found["rows"], found["accepted"], found["lines"]) == (3, 3, 3)
    assert found["sheets"] == [
        {"sheet": name, "rows": 1} for name in ("Januari", "Februari", "Maart")
    ]
    assert found["sheet"] == "Januari, Februari, Maart"
    assert sorted(reg for reg, _, _ in entries(office)) == DUTCH
    assert {sheet for _, _, sheet in entries(office)} == {"Januari", "Februari", "Maart"}
    intact(office)
    assert taken(office, MONTHS)["same_file"]


def test_all_sheets_are_remembered_for_the_list(office: "Program") -> None:
    taken(office, MONTHS, "--all-sheets")
    head = ["Kenteken", "Status", "Openstaand bedrag"]
    path = book(
        office.folder / "april.xlsx",
        {
            "Maart": [head, ["VDB-12-K", "open", 5], ["VDB-12-K", "open", 5], ["?", "", ""]],
            "April": [head, ["BX-TT-91", "open", 6], ["VDB-12-K", "open", 5]],
            "Notes": [["call the office"]],
            "Empty": [],
        },
    )
    found = taken(office, path, "--yes")
    assert (found["rows"], found["accepted"], found["duplicates"], found["rejected"]) == (
        5,
        2,
        2,
        1,
    )
    assert found["sheets"] == [{"sheet": "Maart", "rows": 3}, {"sheet": "April", "rows": 2}]
    places = [(p["sheet"], p["row"], p["severity"]) for p in found["problems"]]
    assert places == [
        ("April", 3, "duplicate"), ("Maart", 3, "duplicate"), ("Maart", 4, "rejected"),
    ]  # fmt: skip
    assert found["problems"][0]["reason"] == "says the same as row 2 of sheet “Maart”"
    assert found["warnings"][0] == (
        "sheet “Notes” (1 row) was NOT read: it has no column of registrations"
    )
    text = office.good(
        "list", "import", path, "--yes", "--as-of", "2021-06-17 04:00", "--dry-run"
    ).out
    assert "sheets     Maart 3 rows, April 2 rows" in text
    intact(office)


def test_a_sheet_after_the_other_by_hand(office: "Program") -> None:
    first = taken(office, MONTHS, "--sheet", "Januari")
    assert first["warnings"] == [
        "only the sheet that was named was read, and not “Februari”, “Maart”"
    ]
    for sheet in ("Februari", "Maart"):
        assert taken(office, MONTHS, "--sheet", sheet, "--add")["accepted"] == 1
    assert sorted(reg for reg, _, _ in entries(office)) == DUTCH
    again = refused(office, MONTHS, "--sheet", "Januari", "--add")
    assert "is in the list already" in again
    every = taken(office, MONTHS, "--all-sheets", "--dry-run")
    assert (every["unchanged"], every["removed"]) == (3, 0)


def test_a_sheet_that_was_not_read_is_named_with_its_rows(office: "Program") -> None:
    head = ["Registration", "Balance", "Status"]
    path = book(
        office.folder / "list.xlsx",
        {
            "List": [head, ["AB12CDE", 5, "due"]],
            "Old": [["Reg", "Balance"], ["CD34EFG", 6], ["EF56GHJ", 7]],
            "Totals": [["Total", 5]],
        },
    )
    found = taken(office, path)
    assert found["warnings"] == [
        "sheet “Old” (2 rows) was NOT read; it also has headings of a list: --all-sheets reads it too",
        "sheet “Totals” (1 row) was NOT read: it has no column of registrations",
    ]
    every = taken(office, path, "--all-sheets")
    assert (every["accepted"], every["removed"]) == (3, 0)
    assert [warning for warning in every["warnings"] if "NOT read" in warning] == [
        "sheet “Totals” (1 row) was NOT read: it has no column of registrations"
    ]


def test_the_penalties_of_another_sheet_are_proposed_and_joined(office: "Program") -> None:
    (warning,) = [w for w in taken(office, CASE_IDS, "--dry-run")["warnings"] if "NOT read" in w]
    assert "sheet “Penalties” (3 rows) was NOT read; it has “Case ID” in common" in warning
    option = shlex.split(warning)[-4:-2]
    assert option == ["--join", "Penalties:Case ID"]
    found = taken(office, CASE_IDS, *option)
    assert (found["rows"], found["accepted"], found["lines"]) == (5, 5, 3)
    assert found["sheets"] == [{"sheet": "Vehicles", "rows": 2}, {"sheet": "Penalties", "rows": 3}]
    assert entries(office) == [
        ("AB12CDE", "CP-9801", "Penalties"),
        ("AB12CDE", "CP-9802", "Penalties"),
        ("WPR12345", "CP-9803", "Penalties"),
    ]
    (answer,) = office.json("lookup", "AB12CDE")
    assert [one["balance_pence"] for one in answer["matches"][0]["penalties"]] == [150_000, 60_000]
    intact(office)
    assert taken(office, CASE_IDS)["same_file"]


def test_a_join_is_remembered_until_it_is_taken_back(office: "Program") -> None:
    taken(office, CASE_IDS, "--join", "penalties: case id")
    sheets: Sheets = {
        "Vehicles": [["Case ID", "Registration"], ["C1", "AB12CDE / CD34EFG"], ["C2", "?"], ["C3", "EF56GHJ"]],
        "Penalties": [
            ["Case ID", "Penalty Ref", "Balance"],
            ["c1", "CP-1", 5], ["C1", "CP-2", 6], ["C2", "CP-3", 7], ["", "CP-4", 8], ["C9", "CP-5", 9],
        ],
    }  # fmt: skip
    path = book(office.folder / "next.xlsx", sheets)
    found = taken(office, path, "--yes", "--rejects", "rejects.xlsx")
    assert (found["rows"], found["accepted"], found["rejected"], found["lines"]) == (8, 4, 4, 5)
    assert sorted(entries(office)) == [
        ("AB12CDE", "CP-1", "Penalties"),
        ("AB12CDE", "CP-2", "Penalties"),
        ("CD34EFG", "CP-1", "Penalties"),
        ("CD34EFG", "CP-2", "Penalties"),
        ("EF56GHJ", "", "Vehicles"),
    ]
    assert "1 row of sheet “Vehicles” without a penalty in sheet “Penalties”" in found["warnings"]
    rejected = {(p["sheet"], p["row"]) for p in found["problems"] if p["severity"] == "rejected"}
    assert rejected == {("Vehicles", 3), ("Penalties", 4), ("Penalties", 5), ("Penalties", 6)}
    intact(office)
    rows = openpyxl.load_workbook(office.folder / "rejects.xlsx").worksheets[0]
    heads, *lines = [[cell or "" for cell in row] for row in rows.iter_rows(values_only=True)]
    assert heads[:-1] == ["Case ID", "Registration", "Penalty Ref", "Balance"]
    assert [line[:4] for line in lines] == [
        ["C2", "", "CP-3", "7"], ["", "", "CP-4", "8"], ["C9", "", "CP-5", "9"], ["C2", "?", "", ""],
    ]  # fmt: skip
    del sheets["Penalties"]
    gone = book(office.folder / "gone.xlsx", sheets)
    said = refused(office, gone, "--yes")
    assert "there is no sheet “penalties” to join" in said
    assert "--join with an empty text" in said
    assert taken(office, gone, "--yes", "--join", "")["accepted"] == 2
    assert taken(office, gone, "--yes", "--as-of", "2021-06-17 04:00")["accepted"] == 2


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--join", "Penalties"], USAGE, "is not SHEET:COLUMN"),
        (["--join", "Penalties:"], USAGE, "is not SHEET:COLUMN"),
        (["--join", "Fines:Case ID"], REFUSED, "It has “Vehicles”, “Penalties”"),
        (["--join", "Penalties:Reg"], REFUSED, "has no column “Reg” to join by"),
        (["--join", "Penalties:Balance"], REFUSED, "sheet “Vehicles” has no column “Balance”"),
        (["--join", "Vehicles:Case ID"], REFUSED, "no heading row with a registration"),
        (["--all-sheets", "--sheet", "Vehicles"], USAGE, "--all-sheets goes with neither"),
        (["--all-sheets", "--join", "Penalties:Case ID"], USAGE, "--all-sheets goes with neither"),
    ],
)
def test_a_join_that_cannot_be_made_says_why(
    office: "Program", options: list[str], code: int, why: str
) -> None:
    assert why in refused(office, CASE_IDS, *options, code=code)


def test_two_sheets_of_vehicles_are_not_joined(office: "Program") -> None:
    head = ["Case ID", "Registration", "Balance"]
    path = book(
        office.folder / "two.xlsx",
        {
            "One": [[*head, "Status"], ["C1", "AB12CDE", 5, "due"]],
            "Two": [head, ["C1", "CD34EFG", 6]],
        },
    )
    said = refused(office, path, "--join", "Two:Case ID")
    assert "both name vehicles" in said
    assert "--all-sheets" in said
    assert taken(office, path, "--all-sheets")["accepted"] == 2


def test_columns_of_either_sheet_are_named_by_hand(office: "Program") -> None:
    path = book(
        office.folder / "own.xlsx",
        {
            "Lorries": [["Case", "Zzz"], ["C1", "AB12CDE"]],
            "Debts": [["Case", "Yyy", "Ref"], ["C1", 15, "CP-1"]],
        },
    )
    found = taken(
        office, path, "--join", "Debts:Case", "--map", "registration=Zzz", "--map", "balance=Yyy"
    )
    assert found["lines"] == 1
    (answer,) = office.json("lookup", "AB12CDE")
    assert answer["matches"][0]["penalties"][0]["balance_pence"] == 1_500
    assert taken(office, path, "--as-of", "2021-06-17 04:00")["unchanged"] == 1


def test_comparing_a_file_reads_the_sheets_that_are_remembered(office: "Program") -> None:
    taken(office, MONTHS, "--all-sheets")
    taken(office, CASE_IDS, "--list", "other", "--join", "Penalties:Case ID")
    for path, name, number in ((MONTHS, "main", 3), (CASE_IDS, "other", 3)):
        (diff,) = [office.json("list", "diff", path, "--list", name)]
        assert (diff["unchanged"], diff["added"], diff["removed"]) == (number, [], [])
