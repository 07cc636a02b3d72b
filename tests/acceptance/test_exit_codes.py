"""What the shell is told when nothing is refused: verdicts on request, and faults."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program, RunHere


def test_a_fault_of_the_program_is_code_one(
    station: "Program", run_here: "RunHere", monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        secret = "a local value"  # noqa: F841 - it must not be shown
        raise ZeroDivisionError("a \x1b[31mslip")

    monkeypatch.setattr("portcheck.cli.lookup.look_up", broken)
    ran = run_here(station, "lookup", "AB12 CDE")
    assert ran.code == 1
    assert ran.out == ""
    assert "a fault in portcheck: ZeroDivisionError: a [31mslip" in ran.err
    assert "report it" in ran.err
    assert "Traceback" not in ran.err
    assert "a local value" not in ran.err


@pytest.mark.parametrize("command", [["lookup"], ["check"]])
@pytest.mark.parametrize(
    ("registration", "code"),
    [("AB12 CDE", 10), ("A812 CDE", 10), ("AB12 CED", 11), ("ZZ99 ZZZ", 0)],
)
def test_exit_code_of_the_verdict(
    desk: "Program", command: list[str], registration: str, code: int
) -> None:
    assert desk.run(*command, registration, "--exit-code").code == code


@pytest.mark.parametrize(
    "args",
    [["log", "--last"], ["list", "show", "--rows"], ["list", "find", "A", "--limit"],
     ["audit", "log", "--last"]],
    ids=" ".join,
)  # fmt: skip
def test_more_than_there_are_is_all(desk: "Program", args: list[str]) -> None:
    assert desk.good(*args, "9" * 30, "--json") == desk.good(*args, "1000", "--json")


def test_exit_code_only_when_asked(desk: "Program") -> None:
    assert desk.run("lookup", "AB12 CDE").code == 0
    assert desk.run("lookup", "ZZ99 ZZZ", "AB12 CED", "AB12 CDE", "--exit-code").code == 10
