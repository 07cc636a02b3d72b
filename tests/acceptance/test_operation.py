"""The published operation, whole, through the command line: 132 HGVs on 17 June 2021.

Every figure of the tally is held against a count made from the log's file with
the csv module (see conftest.py), without portcheck's code.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clone, NewWorld, Program

    Inside = Callable[[Program], Program]
    Log = list[dict[str, str]]
    LogFile = Callable[[Log], Path]
    Figures = Callable[[Log], dict[str, Any]]

pytestmark = pytest.mark.slow
SAMPLES = Path(__file__).parents[2] / "sample_data"
LOG, ACTION_LIST = SAMPLES / "checks.csv", SAMPLES / "action_list.xlsx"
SENTENCE = "132 HGVs checked; 1 outstanding penalty enforced (£2,400.00); nobody found"
AGENCIES = ["Hampshire Constabulary", "Border Force", "Port"]
START = "17/06/2021 05:30"

Row = dict[str, str]

FLAGS = {
    "Accompanied": "--accompanied",
    "Nothing found": "--nothing-found",
    "Medical help": "--medical-help",
    "Damage over 25 cm": "--damage-over-25cm",
    "Vehicle detained": "--detained",
}
VALUES = {
    "Country": "--country",
    "Trailer": "--trailer",
    "Trailer country": "--trailer-country",
    "Container": "--container",
    "At": "--at",
    "Direction": "--direction",
    "Unit": "--unit",
    "Body": "--body",
    "Load": "--load",
    "Haulier": "--haulier",
    "Origin": "--origin",
    "Destination": "--destination",
    "Sailing": "--sailing",
    "Lane": "--lane",
    "Searched": "--search",
    "Places": "--place",
    "Persons found": "--persons",
    "Minors found": "--minors",
    "NRM referrals": "--nrm-referrals",
    "NRM notifications": "--nrm-notifications",
    "Security checklist": "--checklist",
    "Seal": "--seal",
    "Old seal": "--seal-old",
    "New seal": "--seal-new",
    "Cash": "--cash",
    "Penalty": "--penalty",
    "Offence": "--offence",
    "Education": "--education",
    "Language": "--language",
    "Arrests": "--arrest",
    "Seizures": "--seizure",
    "Note": "--note",
}


def eventful(rows: list[Row]) -> list[Row]:
    """The log with a find, a seizure, an arrest and the like on some of its rows."""
    changes: dict[int, Row] = {
        0: {"Persons found": "3", "Minors found": "1", "NRM referrals": "1", "Medical help": "yes"},
        1: {"Persons found": "2", "NRM notifications": "2", "Arrests": "1:facilitation"},
        3: {"Cash": "EUR:1250.50:seized; GBP:20000:seized", "Vehicle detained": "yes"},
        4: {"Cash": "GBP:999.99:counted", "Offence": "other:report_for_summons"},
        5: {"Offence": "drivers_hours:arrest; insurance:vehicle_seized"},
        6: {"Seizures": "3:tobacco; 1:knife", "Arrests": "2:smuggling"},
        7: {"Offence": "overweight:prohibition_delayed; licence:deposit:500", "Country": ""},
        8: {"Cash": "EUR:10:seized", "Body": "", "Lane": "", "Agency": ""},
        9: {"Nothing found": "", "Searched": "xray; gamma", "Education": "talk"},
    }
    found = [dict(row) for row in rows]
    for index, change in changes.items():
        found[index] |= {"Nothing found": ""} | change
    return found


@pytest.fixture(scope="module")
def morning_database(tmp_path_factory: pytest.TempPathFactory, new_world: "NewWorld") -> Path:
    """A database with the list imported and the operation started."""
    program = new_world(tmp_path_factory.mktemp("morning"))
    program.good("list", "import", ACTION_LIST, "--list", "CECPT")
    agencies = [word for name in AGENCIES for word in ("--agency", name)]
    program.good(
        "op", "start", "Portsmouth 17 June 2021", "--site", "Portsmouth International Port",
        "--at", START, *agencies,
    )  # fmt: skip
    return program.database


@pytest.fixture(scope="module")
def evening_database(
    tmp_path_factory: pytest.TempPathFactory,
    new_world: "NewWorld",
    morning_database: Path,
    clone: "Clone",
) -> Path:
    """The same with the day's log taken in."""
    program = new_world(tmp_path_factory.mktemp("evening"))
    clone(morning_database, program.database)
    taken = program.json("log", "import", LOG)
    assert (taken["rows"], taken["accepted"]) == (132, 132)
    return program.database


@pytest.fixture
def morning(program: "Program", morning_database: Path, clone: "Clone") -> "Program":
    clone(morning_database, program.database)
    return program


@pytest.fixture
def morning_here(morning: "Program", in_process: "Inside") -> "Program":
    return in_process(morning)


@pytest.fixture
def evening(program: "Program", evening_database: Path, clone: "Clone") -> "Program":
    clone(evening_database, program.database)
    return program


@pytest.fixture
def evening_here(evening: "Program", in_process: "Inside") -> "Program":
    return in_process(evening)


def assert_sound(program: "Program") -> None:
    assert program.json("audit", "verify")["intact"]
    assert program.json("doctor")["good"]


def comparable(tally: dict[str, Any]) -> dict[str, Any]:
    """The tally without what differs between two machines that did the same."""
    kept = {name: value for name, value in tally.items() if name != "fingerprint"}
    kept["lists"] = [{k: v for k, v in one.items() if k != "imported_at"} for one in kept["lists"]]
    return kept


@pytest.mark.slow
def test_the_operation_from_its_log(
    evening: "Program", sample_log: "Log", figures: "Figures"
) -> None:
    tally = evening.json("tally")
    for name, expected in figures(sample_log).items():
        assert tally[name] == expected, name
    assert tally["press_sentence"] == SENTENCE
    assert tally["operation"] == "Portsmouth 17 June 2021"
    assert tally["site"] == "Portsmouth International Port"
    assert tally["agencies"] == AGENCIES
    assert tally["started_at"] == "2021-06-17T05:30:00+01:00"
    assert sum(tally["primary_outcomes"].values()) == 132
    (used,) = tally["lists"]
    assert (used["name"], used["version"], used["rows"], used["rejected"]) == ("CECPT", 1, 320, 5)
    assert_sound(evening)


@pytest.mark.slow
def test_a_day_with_finds(
    morning_here: "Program", sample_log: "Log", figures: "Figures", log_file: "LogFile"
) -> None:
    rows = eventful(sample_log)
    morning_here.good("log", "import", log_file(rows))
    tally = morning_here.json("tally")
    for name, expected in figures(rows).items():
        assert tally[name] == expected, name
    assert tally["press_sentence"].endswith("; 5 people found")
    assert_sound(morning_here)


def test_the_log_is_not_taken_twice(evening_here: "Program") -> None:
    before = evening_here.json("tally")
    again = evening_here.json("log", "import", LOG)
    assert (again["stored"], again["same_file"]) == (False, True)
    assert comparable(evening_here.json("tally")) == comparable(before)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["checks.csv", "checks.xlsx"])
def test_the_export_makes_the_same_tally_again(evening_here: "Program", name: str) -> None:
    first = evening_here.json("tally")
    evening_here.good("log", "export", name)
    evening_here.good("op", "start", "again", "--at", START)
    told = evening_here.json("log", "import", name, "--dry-run")
    assert (told["accepted"], told["rejected"]) == (131, 1)  # its penalty is paid already
    other = ("--db", "another.db")
    evening_here.good(*other, "list", "import", ACTION_LIST, "--list", "CECPT")
    evening_here.good(*other, "op", "start", "again", "--at", START)
    evening_here.good(*other, "log", "import", name)
    again = evening_here.json(*other, "tally")
    named = dict.fromkeys(("operation", "site", "agencies"))
    assert comparable(again) | named == comparable(first) | named


@pytest.mark.slow
def test_the_operation_check_by_check(
    morning: "Program", evening_database: Path, sample_log: "Log", figures: "Figures"
) -> None:
    """Every lorry by a command of its own, as officers would; matches decided afterwards."""
    for place, row in enumerate(sample_log, 1):
        who = {"PORTCHECK_OFFICER": row["Officer"], "PORTCHECK_AGENCY": row["Agency"]}
        words = [f"{option}={row[h]}" for h, option in VALUES.items() if row[h]]
        words += [option for heading, option in FLAGS.items() if row[heading] == "yes"]
        answer = morning.json("check", row["Registration"], *words, env=who)
        assert answer["check"]["ref"] == f"L1-{place:03d}"
        if row["Decision"]:
            word, _, reason = row["Decision"].partition(":")
            decision = ["--confirm"] if word == "confirmed" else ["--reject", reason.strip()]
            morning.good("decide", answer["check"]["ref"], *decision, env=who)
        else:
            assert answer["verdict"] == "clear"
    typed = morning.json("tally")
    for name, expected in figures(sample_log).items():
        assert typed[name] == expected, name
    assert typed["press_sentence"] == SENTENCE
    assert_sound(morning)
    imported = morning.json("tally", env={"PORTCHECK_DB": str(evening_database)})
    assert comparable(typed) == comparable(imported)
