"""What the list says to do reaches the officer: on the card, in the file, later in the log."""

import csv
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.comments import Comment

if TYPE_CHECKING:
    from tests.conftest import Program

HEADINGS = (
    "Registration", "Penalty reference", "Section", "Role", "Issued", "Balance", "Status",
    "Action", "Priority", "Contact", "Notes", "Zone", "Bay",
)  # fmt: skip
LONG = "Ring the duty desk before anything else. " * 20
PENALTY = ("32", "owner", "12/01/2021", "2400", "outstanding")
ROWS = (
    ("AB12 CDE", "CP-1", *PENALTY, "STOP AND DETAIN", "High", "Desk 7", LONG, "[red]N[/red]", "4"),
    ("AB12 CDE", "CP-2", *PENALTY, "STOP AND DETAIN", "High", "Desk 7", "second", "", ""),
    ("KL65 XYZ", "", *[""] * 5, "DO NOT \x1b[31mLET GO\u202e", "", "", "", "", ""),
    ("MN05 PQR", "CP-3", *PENALTY, "", "2", "", "", "", ""),
)
TOLD = {"action": "STOP AND DETAIN", "priority": "High", "contact": "Desk 7"}


@pytest.fixture
def told(program: "Program", in_process: "Callable[[Program], Program]") -> "Program":
    """A list that says what to do, and an operation."""
    here = in_process(program)
    with (here.folder / "list.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADINGS, *ROWS])
    here.good("list", "import", "list.csv", "--list", "CECPT")
    here.good("op", "start", "Dover 1")
    return here


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.mark.parametrize("width", ["60", "80"])
def test_what_to_do_stands_above_the_penalties(told: "Program", width: str) -> None:
    shown = lines(told.good("check", "AB12 CDE", env={"COLUMNS": width}).out)
    assert shown[1] == "ACTION: STOP AND DETAIN · priority High"
    assert shown[2].startswith("notes: Ring the duty desk before anything else.")
    whole = " ".join(shown)
    hidden = len(f"notes: {LONG}".strip()) - 160
    assert f"… [{hidden} more characters hidden] (CP-1)" in whole
    assert "notes: second (CP-2)" in whole
    assert (
        whole.index("second (CP-2)") < whole.index("ENFORCEABLE") < whole.index("contact: Desk 7")
    )
    assert whole.count("STOP AND DETAIN") == whole.count("contact:") == 1
    assert "Zone: [red]N[/red] (CP-1) Bay: 4 (CP-1)" in whole
    assert [line for line in shown if len(line) > int(width)] == []


def test_an_instruction_without_a_penalty_is_told_and_harmless(told: "Program") -> None:
    shown = told.good("check", "KL65 XYZ").out
    assert lines(shown)[1] == "ACTION: DO NOT [31mLET GO"
    (match,) = told.json("lookup", "KL65 XYZ")[0]["matches"]
    assert match["penalties"] == []
    assert match["told"] == [
        {"action": "DO NOT [31mLET GO", "priority": "", "contact": "", "notes": "", "extra": {}}
    ]
    assert "ACTION: DO NOT [31mLET GO" in told.good("log", "show", "L1-001").out


def test_a_priority_alone_is_no_action(told: "Program") -> None:
    shown = told.good("check", "MN05 PQR").out
    assert lines(shown)[1] == "priority 2"
    assert "ACTION" not in shown


def test_of_a_vehicle_that_looks_like_it_as_a_condition(told: "Program") -> None:
    shown = told.good("check", "AB12 CED").out
    assert "if it is this vehicle: ACTION: STOP AND DETAIN" in shown


def _answered(told: "Program") -> list[dict[str, Any]]:
    return list(told.json("check", "AB12 CDE")["matches"][0]["penalties"])


def _kept(told: "Program") -> list[dict[str, Any]]:
    told.good("check", "AB12 CDE")
    return list(told.json("log", "show", "L1-001")["matches"][0]["penalties"])


@pytest.mark.parametrize("asked", [_answered, _kept])
def test_programs_read_all_of_it_in_the_order_of_the_sheet(
    told: "Program", asked: "Callable[[Program], list[dict[str, Any]]]"
) -> None:
    first, second = asked(told)
    assert {name: first[name] for name in TOLD} == TOLD
    assert first["notes"] == LONG.strip()
    assert list(first["extra"].items()) == [("Zone", "[red]N[/red]"), ("Bay", "4")]
    assert (second["notes"], second["extra"]) == ("second", {})


def test_the_log_keeps_it_when_the_list_has_gone(told: "Program") -> None:
    told.good("check", "AB12 CDE")
    (told.folder / "next.csv").write_text("Registration\nZZ99 ZZZ\n", encoding="utf-8")
    told.good("list", "import", "next.csv", "--list", "CECPT", "--yes")
    shown = " ".join(lines(told.good("log", "show", "L1-001").out))
    assert LONG.strip() in shown
    assert "Zone: [red]N[/red] Bay: 4" in shown
    assert "hidden" not in shown
    assert "nothing differed" in told.good("doctor", "--rebuild").err


def test_screening_tells_it_too(told: "Program") -> None:
    (told.folder / "manifest.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    ran = told.good("screen", "manifest.csv", "--out", "stops.csv")
    assert "ACTION: STOP AND" in ran.out
    with (told.folder / "stops.csv").open(encoding="utf-8-sig", newline="") as table:
        row = next(csv.DictReader(table))
    assert (row["Action"], row["Priority"], row["Contact"]) == tuple(TOLD.values())
    assert row["Notes"] == f"{LONG.strip()}; second"
    assert row["Other columns"] == "Zone: [red]N[/red]; Bay: 4"


def _with_comments(here: "Program") -> None:
    """A workbook with comments at two cells, as a list in force."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("Reg", *HEADINGS[1:7], "Zone"), ("AB12 CDE", "CP-1", *PENALTY, "N")):
        sheet.append(row)
    sheet["A2"].comment = Comment("appeal pending\n- do not enforce\u202e", "office")
    sheet["H2"].comment = Comment("[b]gate 4[/b]", "office")
    book.save(here.folder / "commented.xlsx")
    ran = here.good("list", "import", "commented.xlsx", "--list", "Commented")
    assert "comments of cells are shown with the vehicle of their row: 2" in " ".join(
        (ran.out + ran.err).split()
    )


def test_comments_of_cells_stand_high_on_the_card_and_in_the_log(
    program: "Program", in_process: "Callable[[Program], Program]"
) -> None:
    here = in_process(program)
    _with_comments(here)
    here.good("op", "start", "Dover 1")
    card = " ".join(lines(here.good("check", "AB12 CDE").out))
    said = "Comment (Reg): appeal pending - do not enforce"
    assert card.index(said) < card.index("CP-1 ")
    assert card.index("Comment (Zone): [b]gate 4[/b]") < card.index("CP-1 ") < card.index("Zone: N")
    (match,) = here.json("lookup", "AB12 CDE")[0]["matches"]
    extra = {
        "Zone": "N",
        "Comment (Reg)": "appeal pending - do not enforce",
        "Comment (Zone)": "[b]gate 4[/b]",
    }
    assert match["penalties"][0]["extra"] == extra
    (entry,) = here.json("list", "find", "AB12CDE")
    assert entry["extra"] == extra
    (here.folder / "next.csv").write_text("Registration\nZZ99 ZZZ\n", encoding="utf-8")
    here.good("list", "import", "next.csv", "--list", "Commented", "--yes")
    assert here.json("log", "show", "L1-001")["matches"][0]["penalties"][0]["extra"] == extra
    assert said in " ".join(lines(here.good("log", "show", "L1-001").out))
