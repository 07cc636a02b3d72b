"""A vehicle is answered also where no check of it can be recorded."""

import json
import re
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from portcheck.cli import check as command
from portcheck.services.checks.check import Prepared, SavedCheck, record
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end

if TYPE_CHECKING:
    from tests.conftest import Program

REFUSED = 3


@pytest.fixture(params=["never", "ended"])
def between(
    request: pytest.FixtureRequest, program: "Program", in_process: "Callable[[Program], Program]"
) -> "Program":
    """The list in force and no operation on this device: none yet, or one that has ended."""
    (program.folder / "list.csv").write_text("Registration,Country\nAB12 CDE,GB\n", "utf-8")
    here = in_process(program)
    here.good("list", "import", "list.csv", "--list", "CECPT")
    if request.param == "ended":
        here.good("op", "start", "Dover 1")
        here.good("op", "end")
    return here


def consulted(world: "Program") -> list[dict[str, Any]]:
    """The consultations in the journal."""
    found = world.query("SELECT payload FROM fact WHERE kind = 'record_consulted'")
    return [json.loads(payload) for (payload,) in found]


@pytest.mark.parametrize(
    ("typed", "shown"), [("AB12 CDE", "■■ LISTED  AB12 CDE"), ("ZZ99 ZZZ", "·  CLEAR  ZZ99 ZZZ")]
)
def test_the_answer_comes_first(between: "Program", typed: str, shown: str) -> None:
    ran = between.run("check", typed, "--nothing-found", "--search", "dog")
    assert ran.code == REFUSED
    assert ran.out.startswith(shown)
    assert "nothing was recorded" in ran.err
    assert "saved as" not in ran.out


@pytest.mark.parametrize(("typed", "verdict"), [("AB12 CDE", "listed"), ("ZZ99 ZZZ", "clear")])
def test_programs_read_that_there_is_no_check(between: "Program", typed: str, verdict: str) -> None:
    ran = between.run("check", typed, "--trailer", "C1234567", "--json", "--exit-code")
    assert ran.code == REFUSED
    assert (ran.document["verdict"], ran.document["check"]) == (verdict, None)
    assert "nothing was recorded" in ran.err


def test_that_somebody_asked_is_logged(between: "Program") -> None:
    checks = between.query("SELECT COUNT(*) FROM vehicle_check")
    between.run("check", "AB12 CDE", "--trailer", "C123 4567")
    assert consulted(between) == [
        {
            "kind": "record_consulted",
            "command": "check",
            "queries": ["AB12 CDE", "C123 4567"],
            "verdicts": ["listed"],
        }
    ]
    assert between.query("SELECT COUNT(*) FROM vehicle_check") == checks


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["?!"], "?!"),
        (["AB12CDE", "--country", "Atlantis"], "country"),
        (["AB12CDE", "--at", "99"], "99"),
    ],
)
def test_what_cannot_be_asked_is_refused_as_ever(
    between: "Program", args: list[str], words: str
) -> None:
    ran = between.run("check", *args)
    assert (ran.code, ran.out) == (REFUSED, "")
    assert words in ran.err
    assert not consulted(between)


@pytest.mark.parametrize("name", ["Dover 2", 'The "old" port', "50% $HOME `x` 'y'!"])
def test_the_hint_is_a_command_that_works(between: "Program", name: str) -> None:
    """Another device's operation is open: the hint takes it up whatever its name."""
    between.good("op", "start", name, env={"PORTCHECK_DEVICE": "L9"})
    ran = between.run("check", "AB12 CDE")
    (hint,) = re.findall("“portcheck (op use [^”]*)”", ran.err)
    between.good(*shlex.split(hint))
    saved = between.json("check", "AB12 CDE")["check"]
    assert (saved["saved"], saved["operation"]) == (True, name)


def test_with_no_operation_open_there_is_none_to_take_up(between: "Program") -> None:
    ran = between.run("check", "AB12 CDE")
    assert "op start NAME" in ran.err
    assert "op use" not in ran.err


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_operation_that_ends_meanwhile(
    desk: "Program", monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    """Another terminal ends it between the answer and its recording."""

    def ended(context: Context, prepared: Prepared) -> SavedCheck:
        end(context, reason="the day is over")
        return record(context, prepared)

    monkeypatch.setattr(command, "record", ended)
    ran = desk.run("check", "AB12 CDE", *form)
    assert ran.code == REFUSED
    assert "the check was not recorded" in ran.err
    assert ran.document["check"] is None if form else ran.out.startswith("■■ LISTED")
    assert [one["verdicts"] for one in consulted(desk)] == [["listed"]]
    assert desk.query("SELECT COUNT(*) FROM vehicle_check") == [(2,)]
