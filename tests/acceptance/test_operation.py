"""The published operation, whole, through the command line: 132 HGVs on 17 June 2021.

Every figure of the tally is held against a count made here from the log's file
with the csv module, by the words of the trade and without portcheck's code.
"""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewWorld, Program

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


def read_log(path: Path = LOG) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_log(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def items(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def records(rows: Iterable[Row], heading: str) -> Iterator[list[str]]:
    for row in rows:
        for item in items(row[heading]):
            yield [part.strip() for part in item.split(":")]


def number(text: str) -> int:
    return int(text or 0)


def pence(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def distinct(rows: list[Row], heading: str) -> int:
    return len({re.sub(r"[^A-Z0-9]", "", row[heading].upper()) for row in rows} - {""})


def by(rows: list[Row], heading: str) -> dict[str, int]:
    return dict(Counter(row[heading] or "not_recorded" for row in rows))


def hour(row: Row) -> str:
    day, month, year, clock, _ = re.split(r"[/ :]", row["At"])
    return f"{year}-{month}-{day}T{clock}"


def was_searched(row: Row) -> bool:
    return bool(row["Searched"] or row["Nothing found"])


def found_something(row: Row) -> bool:
    return bool(number(row["Persons found"]) or row["Cash"] or row["Seizures"])


def arrests(row: Row) -> int:
    counted = sum(int(one[0]) for one in records([row], "Arrests"))
    return max(counted, sum(one[1] == "arrest" for one in records([row], "Offence")))


def primary(row: Row) -> str:
    """The one outcome a check is counted under: the first that fits."""
    if number(row["Persons found"]):
        return "persons_found"
    if any(one[2] == "seized" for one in records([row], "Cash")):
        return "cash_seized"
    done = {one[1] for one in records([row], "Penalty")}
    if done & {"paid_in_full", "part_paid", "security_given", "vehicle_detained"}:
        return "penalty_enforced"
    if arrests(row):
        return "arrest"
    if row["Offence"]:
        return "offence_dealt_with"
    return "nothing_found" if was_searched(row) else "not_searched"


OUTCOMES = (
    "persons_found",
    "cash_seized",
    "penalty_enforced",
    "arrest",
    "offence_dealt_with",
    "match_unresolved",
    "nothing_found",
    "not_searched",
)


def figures(rows: list[Row]) -> dict[str, Any]:
    """The tally's figures, counted from the log alone."""
    offences = list(records(rows, "Offence"))
    cash = [one for one in records(rows, "Cash") if one[2] == "seized"]
    paid = [pence(one[2]) for one in records(rows, "Penalty") if one[1] == "paid_in_full"]
    outcomes = Counter(map(primary, rows))
    return {
        "checks": len(rows),
        "vehicles": distinct(rows, "Registration"),
        "trailers": distinct(rows, "Trailer"),
        "containers": distinct(rows, "Container"),
        "inbound": sum(row["Direction"] == "inbound" for row in rows),
        "outbound": sum(row["Direction"] == "outbound" for row in rows),
        "uk": sum(row["Country"] == "GB" for row in rows),
        "foreign": sum(row["Country"] not in {"", "GB"} for row in rows),
        "country_not_recorded": sum(row["Country"] == "" for row in rows),
        "not_screened": 0,
        "by_country": by(rows, "Country"),
        "by_body": by(rows, "Body"),
        "by_unit": by(rows, "Unit"),
        "by_lane": by(rows, "Lane"),
        "by_officer": by(rows, "Officer"),
        "by_agency": by(rows, "Agency"),
        "by_hour": dict(Counter(map(hour, rows))),
        "searched": sum(map(was_searched, rows)),
        "by_search_method": dict(Counter(m for row in rows for m in items(row["Searched"]))),
        "nothing_found": sum(was_searched(row) and not found_something(row) for row in rows),
        "vehicles_with_persons": sum(number(row["Persons found"]) > 0 for row in rows),
        "persons_found": sum(number(row["Persons found"]) for row in rows),
        "minors_found": sum(number(row["Minors found"]) for row in rows),
        "nrm_referrals": sum(number(row["NRM referrals"]) for row in rows),
        "cash": [
            {
                "currency": currency,
                "seizures": sum(one[0] == currency for one in cash),
                "amount_minor": sum(pence(one[1]) for one in cash if one[0] == currency),
            }
            for currency in sorted({one[0] for one in cash})
        ],
        "vehicles_detained": sum(
            row["Vehicle detained"] == "yes"
            or any(one[1] == "vehicle_detained" for one in records([row], "Penalty"))
            for row in rows
        ),
        "traffic_offences": len(offences),
        "by_offence": dict(Counter(one[0] for one in offences)),
        "by_disposal": dict(Counter(one[1] for one in offences)),
        "prohibitions": sum(one[1].startswith("prohibition_") for one in offences),
        "fixed_penalties_pence": sum(pence(o[2]) for o in offences if o[1] == "fixed_penalty"),
        "deposits_pence": sum(pence(o[2]) for o in offences if o[1] == "deposit"),
        "arrests": sum(map(arrests, rows)),
        "seizures": sum(int(one[0]) for one in records(rows, "Seizures")),
        "drivers_educated": sum(bool(row["Education"]) for row in rows),
        "amended": 0,
        "voided": 0,
        "primary_outcomes": {name: outcomes[name] for name in OUTCOMES},
        "matches": {
            "exact": 1,  # CJ 47 TKV
            "lookalike": 1,  # 4AI 7382, for 4A1 7382
            "near": 0,
            "confirmed": sum(row["Decision"] == "confirmed" for row in rows),
            "rejected": sum(row["Decision"].startswith("rejected") for row in rows),
            "unresolved": 0,
        },
        "unresolved": [],
        "penalties": {
            "listed_pence": 240_000,  # CP-1042, the one line of CJ 47 TKV
            "enforceable_count": 1,
            "enforceable_pence": 240_000,
            "enforced_count": len(paid),
            "enforced_pence": sum(paid),
            "outstanding_pence": 240_000 - sum(paid),
            "not_enforceable_pence": 0,
        },
        "complete": True,
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
    tmp_path_factory: pytest.TempPathFactory, new_world: "NewWorld", morning_database: Path
) -> Path:
    """The same with the day's log taken in."""
    program = new_world(tmp_path_factory.mktemp("evening"))
    shutil.copy(morning_database, program.database)
    taken = program.json("log", "import", LOG)
    assert (taken["rows"], taken["accepted"]) == (132, 132)
    return program.database


@pytest.fixture
def morning(program: "Program", morning_database: Path) -> "Program":
    shutil.copy(morning_database, program.database)
    return program


@pytest.fixture
def evening(program: "Program", evening_database: Path) -> "Program":
    shutil.copy(evening_database, program.database)
    return program


def assert_sound(program: "Program") -> None:
    assert program.json("audit", "verify")["intact"]
    assert program.json("doctor")["good"]


def comparable(tally: dict[str, Any]) -> dict[str, Any]:
    """The tally without what differs between two machines that did the same."""
    kept = {name: value for name, value in tally.items() if name != "fingerprint"}
    kept["lists"] = [{k: v for k, v in one.items() if k != "imported_at"} for one in kept["lists"]]
    return kept


def test_the_operation_from_its_log(evening: "Program") -> None:
    tally = evening.json("tally")
    for name, expected in figures(read_log()).items():
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


def test_a_day_with_finds(morning: "Program") -> None:
    rows = eventful(read_log())
    morning.good("log", "import", write_log(morning.folder / "eventful.csv", rows))
    tally = morning.json("tally")
    for name, expected in figures(rows).items():
        assert tally[name] == expected, name
    assert tally["press_sentence"].endswith("; 5 people found")
    assert_sound(morning)


def test_the_log_is_not_taken_twice(evening: "Program") -> None:
    before = evening.json("tally")
    again = evening.json("log", "import", LOG)
    assert (again["stored"], again["same_file"]) == (False, True)
    assert comparable(evening.json("tally")) == comparable(before)


@pytest.mark.parametrize("name", ["checks.csv", "checks.xlsx"])
def test_the_export_makes_the_same_tally_again(evening: "Program", name: str) -> None:
    first = evening.json("tally")
    evening.good("log", "export", name)
    evening.good("op", "start", "again", "--at", START)
    evening.good("log", "import", name)
    again = evening.json("tally")
    named = dict.fromkeys(("operation", "site", "agencies"))
    assert comparable(again) | named == comparable(first) | named


@pytest.mark.slow
def test_the_operation_check_by_check(morning: "Program", evening_database: Path) -> None:
    """Every lorry by a command of its own, as officers would; matches decided afterwards."""
    rows = read_log()
    for place, row in enumerate(rows, 1):
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
    for name, expected in figures(rows).items():
        assert typed[name] == expected, name
    assert typed["press_sentence"] == SENTENCE
    assert_sound(morning)
    imported = morning.json("tally", env={"PORTCHECK_DB": str(evening_database)})
    assert comparable(typed) == comparable(imported)


def test_demo(program: "Program") -> None:
    ran = program.good("demo")
    assert SENTENCE in ran.out
    assert "■■ LISTED  CJ 47 TKV" in ran.out
    assert "ENFORCEABLE: YES" in ran.out
    assert "320 = 314 accepted + 1 duplicate + 5 rejected" in ran.out
    assert not program.database.exists()


def test_demo_as_json(program: "Program") -> None:
    tally = program.json("demo")
    for name, expected in figures(read_log()).items():
        assert tally[name] == expected, name


def changed_log(folder: Path, change: str) -> Path:
    rows = read_log()
    penalty = next(row for row in rows if row["Penalty"])
    if change == "a row less":
        rows.remove(next(row for row in rows if row["Offence"]))
    elif change == "refused":
        penalty["Penalty"] = "CP-1042:refused"
    elif change == "part paid":
        penalty["Penalty"] = "CP-1042:part_paid:1000.50"
    elif change == "persons":
        rows[0] |= {"Nothing found": "", "Persons found": "4"}
    elif change == "not decided":
        penalty["Decision"] = ""
    return write_log(folder / "changed.csv", rows)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("nothing", SENTENCE),
        ("a row less", SENTENCE.replace("132", "131")),
        ("refused", "132 HGVs checked; 0 outstanding penalties enforced; nobody found"),
        ("part paid", SENTENCE.replace("2,400.00", "1,000.50")),
        ("persons", SENTENCE.replace("nobody", "4 people")),
        ("not decided", SENTENCE),
    ],
)
def test_demo_follows_its_log(program: "Program", change: str, sentence: str) -> None:
    log = changed_log(program.folder, change)
    ran = program.good("demo", "--checks", log)
    assert f"│ {sentence} " in ran.out
    assert ("INCOMPLETE: 1 match unresolved" in ran.out) == (change == "not decided")


def test_a_refused_penalty_is_outstanding(program: "Program") -> None:
    tally = program.json("demo", "--checks", changed_log(program.folder, "refused"))
    assert tally["penalties"]["outstanding_pence"] == 240_000
    assert tally["penalties"]["enforced_pence"] == 0
    assert tally["primary_outcomes"]["penalty_enforced"] == 0
