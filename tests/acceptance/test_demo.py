"""`portcheck demo`: the 132-vehicle operation, and what follows from another log."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Program

    Log = list[dict[str, str]]
    LogFile = Callable[[Log], Path]
    Figures = Callable[[Log], dict[str, Any]]

SENTENCE = "132 HGVs checked; 1 outstanding penalty enforced (£2,400.00); nobody found"


@pytest.fixture
def here(program: "Program", in_process: "Callable[[Program], Program]") -> "Program":
    return in_process(program)


@pytest.mark.slow
def test_demo(program: "Program") -> None:
    throw_away = program.folder / "tmp"
    throw_away.mkdir()
    ran = program.good("demo", env={"TMPDIR": str(throw_away)})
    assert SENTENCE in ran.out
    assert "■■ LISTED  CJ 47 TKV" in ran.out
    assert "ENFORCEABLE: YES" in ran.out
    assert "320 = 314 accepted + 1 duplicate + 5 rejected" in ran.out
    assert not program.database.exists()
    assert list(throw_away.iterdir()) == []


@pytest.mark.slow
def test_demo_as_json(here: "Program", sample_log: "Log", figures: "Figures") -> None:
    tally = here.json("demo")
    for name, expected in figures(sample_log).items():
        assert tally[name] == expected, name


def changed(rows: "Log", change: str) -> "Log":
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
    return rows


@pytest.mark.slow
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
def test_demo_follows_its_log(
    here: "Program", sample_log: "Log", log_file: "LogFile", change: str, sentence: str
) -> None:
    ran = here.good("demo", "--checks", log_file(changed(sample_log, change)))
    assert f"│ {sentence} " in ran.out
    assert ("INCOMPLETE: 1 match unresolved" in ran.out) == (change == "not decided")


@pytest.mark.slow
def test_a_refused_penalty_is_outstanding(
    here: "Program", sample_log: "Log", log_file: "LogFile"
) -> None:
    tally = here.json("demo", "--checks", log_file(changed(sample_log, "refused")))
    assert tally["penalties"]["outstanding_pence"] == 240_000
    assert tally["penalties"]["enforced_pence"] == 0
    assert tally["primary_outcomes"]["penalty_enforced"] == 0
