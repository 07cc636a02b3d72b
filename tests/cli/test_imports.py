"""Import hygiene: what an officer waits for loads nothing that it does not need."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from portcheck.cli.commands import COMMANDS

if TYPE_CHECKING:
    from tests.conftest import Program

HEAVY = {
    *("sqlalchemy", "sqlmodel", "alembic", "pydantic", "openpyxl", "python_calamine", "textual"),
    *("cryptography", "pyrage"),
}
STORED = {"pydantic", "pydantic_core"}
"""What the events are validated with: a check needs it to be saved, not to be answered."""

DRIVER = """
import json, sys

class Watched:
    def __init__(self, stream):
        self.stream, self.first = stream, None
    def write(self, text):
        if self.first is None and text.strip():
            self.first = sorted(sys.modules)
        return self.stream.write(text)
    def __getattr__(self, name):
        return getattr(self.stream, name)

from portcheck.cli.main import run
sys.stdout = Watched(sys.stdout)
code = 0
try:
    run()
except SystemExit as stop:
    code = stop.code
json.dump({"code": code, "answered": sys.stdout.first, "ended": sorted(sys.modules)}, sys.stderr)
"""


@pytest.fixture
def at_work(station: "Program") -> "Program":
    """The program at work, whose installation has made its key: that is done once."""
    station.good("lookup", "ZZ99 ZZZ")
    return station


def modules_of(program: "Program", *args: str) -> tuple[set[str], set[str]]:
    """The modules loaded when the answer began to be printed, and at the end."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=dict(program.env),
        check=True,
        timeout=60,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["code"] in {None, 0}, done
    return set(told["answered"]), set(told["ended"])


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_lookup_loads_nothing_heavy(at_work: "Program", options: list[str]) -> None:
    answered, ended = modules_of(at_work, "-q", "lookup", "AB12 CDE", *options)
    assert not packages(answered) & HEAVY
    assert not packages(ended) & HEAVY
    assert "stdnum" not in packages(ended)
    assert not {name for name in ended if name.startswith(("portcheck.intake", "portcheck.tui"))}
    if options:
        assert "rich" not in packages(ended)


def test_check_loads_no_orm_and_answers_before_the_events_are_loaded(at_work: "Program") -> None:
    answered, ended = modules_of(at_work, "-q", "check", "AB12 CDE", "--search", "dog")
    assert packages(ended) & (HEAVY - STORED) == set()
    assert not packages(answered) & (HEAVY | STORED)
    assert "portcheck.journal.events" in ended
    assert "portcheck.journal.events" not in answered


@pytest.mark.parametrize("args", [["--help"], ["--version"]])
def test_help_loads_no_command(program: "Program", args: list[str]) -> None:
    _, ended = modules_of(program, *args)
    assert not packages(ended) & HEAVY
    assert not ended & {command.module for command in COMMANDS.values()}
    assert "rich" not in packages(ended)
    assert not {name for name in ended if name.startswith("portcheck.report")}


def test_a_command_s_help_loads_no_other_command(program: "Program") -> None:
    _, ended = modules_of(program, "tally", "--help")
    assert not packages(ended) & HEAVY
    loaded = ended & {command.module for command in COMMANDS.values()}
    assert loaded == {COMMANDS["tally"].module}
