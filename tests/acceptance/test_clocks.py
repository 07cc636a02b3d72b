"""A machine's clock that is wrong: said, and nothing reckoned from it in silence."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Program

pytestmark = pytest.mark.slow
REFUSED = 3

CLOCK = """
import sys
from datetime import datetime
import portcheck.services.context as context
import uuid_utils

class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.fromisoformat({now!r}).replace(tzinfo=tz)

class PanicException(BaseException):
    pass

def uuid7():
    raise PanicException("time before the epoch")

context.datetime = Clock
if Clock.now().year < 1970:
    uuid_utils.uuid7 = uuid7  # as the real one does
sys.argv[0] = "portcheck"
from portcheck.cli.main import run
run()
"""


@pytest.fixture
def at(station: "Program", tmp_path: Path) -> "Callable[[str], Program]":
    """The program on a machine whose clock says a time (UTC)."""

    def program(now: str) -> "Program":
        script = tmp_path / "at.py"
        script.write_text(CLOCK.format(now=now), encoding="utf-8")
        return replace(station, words=(sys.executable, str(script)))

    return program


BEHIND = (
    "THIS MACHINE'S CLOCK IS BEHIND its own journal: it says 2001-01-01 12:00 UTC, and event L1 "
)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_list_from_the_future_is_not_todays(at: "Callable[[str], Program]") -> None:
    ran = at("2001-01-01T12:00:00").good("lookup", "AB12CDE")
    shown = flat(ran.out)
    assert "list CECPT version 1, 4 rows, AGE NOT KNOWN, dated after this machine's clock" in shown
    assert "today" not in shown
    assert BEHIND in shown


@pytest.mark.slow
def test_the_age_of_a_list_from_the_future_is_referred(
    at: "Callable[[str], Program]", station: "Program"
) -> None:
    """A day before the import: dates for payment are long past, and only the age is in doubt."""
    ((imported,),) = station.query("SELECT imported_at FROM list_version")
    before = f"{int(imported[:4]) - 1}{imported[4:10]}T12:00:00"
    station.run("config", "set", "timezone", "Europe/London")
    (document,) = at(before).json("lookup", "AB12CDE")
    (penalty,) = document["matches"][0]["penalties"]
    assert penalty["enforceable"] == "refer"
    assert penalty["reasons"] == [
        "the list is dated after this machine's clock: its age is not known"
    ]
    assert document["lists"][0]["stale"] is True
    assert (
        station.json("lookup", "AB12CDE")[0]["matches"][0]["penalties"][0]["enforceable"] == "yes"
    )


@pytest.mark.slow
def test_a_clock_behind_its_own_journal_is_told_each_time(at: "Callable[[str], Program]") -> None:
    """What is recorded under it does not silence it."""
    early = at("2001-01-01T12:00:00")
    for _ in range(2):
        (document,) = early.json("lookup", "ZZ99ZZZ")
        assert document["remarks"][0].startswith(BEHIND)
    assert BEHIND in flat(early.good("check", "ZZ99 ZZZ").out)
    assert early.json("check", "YY99 YYY")["remarks"][0].startswith(BEHIND)
    lane = early.good("lane", "--plain", stdin="AB12CDE\n/q\n")
    assert f"! {BEHIND}" in flat(lane.out)
    assert f"note: {BEHIND}" in flat(lane.out)
    examined = early.run("doctor")
    assert re.search(r"BAD +clock +" + re.escape(BEHIND), flat(examined.out))


def test_a_right_clock_is_not_spoken_of(station: "Program") -> None:
    assert station.json("lookup", "ZZ99ZZZ")[0]["remarks"] == []


@pytest.mark.parametrize(
    "command",
    [
        ["check", "ZZ99 ZZZ"],
        ["op", "start", "Another"],
        ["list", "import", "list.csv", "--list", "Other", "--yes"],
        ["outcome", "L1-002", "--search", "dog"],
        ["void", "L1-002", "--reason", "practice"],
        ["lookup", "ZZ99 ZZZ"],
        ["feed"],
    ],
    ids=" ".join,
)
def test_before_1970_nothing_is_recorded_and_it_is_said_why(
    at: "Callable[[str], Program]", station: "Program", command: list[str]
) -> None:
    before = station.query("SELECT COUNT(*), MAX(position) FROM journal")
    entries = station.query("SELECT COUNT(*) FROM entry")
    stdin = '{"plate": "ZZ99ZZZ"}\n' if command == ["feed"] else None
    ran = at("1969-12-31T23:59:59").run(*command, stdin=stdin)
    assert ran.code == REFUSED
    why = "this machine's clock says 1969-12-31 23:59 UTC: nothing was recorded"
    assert f"portcheck: {why}\n  Set the clock of this machine, and try again.\n" in ran.err
    assert "Traceback" not in ran.err
    assert station.query("SELECT COUNT(*), MAX(position) FROM journal") == before
    assert station.query("SELECT COUNT(*) FROM entry") == entries


def test_before_1970_the_journal_is_verified_all_the_same(
    at: "Callable[[str], Program]", station: "Program"
) -> None:
    before = station.query("SELECT COUNT(*) FROM journal")
    ran = at("1969-12-31T23:59:59").run("audit", "verify")
    assert (ran.code, "· INTACT" in ran.out) == (0, True), ran
    assert "that they were held against it could not be recorded" in flat(ran.out)
    assert station.query("SELECT COUNT(*) FROM journal") == before


def test_under_a_clock_that_is_behind_no_operation_ends_before_it_began(
    at: "Callable[[str], Program]", station: "Program"
) -> None:
    ran = at("2001-01-01T12:00:00").run("op", "end", "--reason", "done")
    assert ran.code == REFUSED
    assert "this machine's clock says 2001-01-01 12:00 UTC: it cannot end earlier" in ran.err
    assert station.query("SELECT COUNT(*) FROM operation WHERE ended_at IS NOT NULL") == [(0,)]


def test_a_list_imported_under_a_clock_that_is_behind_says_so(
    at: "Callable[[str], Program]", station: "Program"
) -> None:
    """It is taken for drawn up now, by that clock."""
    (station.folder / "new.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    ran = at("2001-01-01T12:00:00").good("list", "import", "new.csv", "--list", "Other", "--yes")
    assert f"! {BEHIND}" in flat(ran.out)


def test_the_lane_before_1970_goes_on_answering(at: "Callable[[str], Program]") -> None:
    ran = at("1969-12-31T23:59:59").run("lane", "--plain", stdin="AB12CDE\nZZ99ZZZ\n/q\n")
    assert ran.out.count("! not recorded: this machine's clock says 1969-12-31") == 2
    assert "LISTED" in ran.out
    assert "Traceback" not in ran.err


def test_a_panic_of_a_library_is_a_fault_without_a_traceback(station: "Program") -> None:
    """It is no Exception, and passes where those are caught."""
    words = (
        "import sys, portcheck.services.matching.lookup as l, portcheck.cli.lookup as c\n"
        "class PanicException(BaseException): pass\n"
        "def panic(*a, **k): raise PanicException('it panicked')\n"
        "c.look_up = panic\n"
        "from portcheck.cli.main import run\n"
        "run()\n"
    )
    ran = replace(station, words=(sys.executable, "-c", words)).run("lookup", "ZZ99ZZZ")
    assert ran.code == 1
    assert "a fault in portcheck: PanicException: it panicked" in ran.err
    assert "Traceback" not in ran.err
