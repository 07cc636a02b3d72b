"""The loop on the real screen, by keys alone: type, Enter, read, go on."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portcheck.services import operation
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.matching.matcher import Query
from portcheck.tui.keys import COMMANDS

if TYPE_CHECKING:
    from tests.tui.conftest import Officer, Work, World

CHECKS = (
    "SELECT ref, vehicle, country, trailer, trailer_country, container, verdict, source"
    " FROM vehicle_check ORDER BY number"
)


def test_the_loop(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter")
        assert "·  CLEAR  zz99zzz" in officer.text
        assert officer.message.startswith("saved L2-001")
        assert not officer.bells
        await officer.press("ab12cde", "enter")
        for words in (
            "■■ LISTED  AB12 CDE",
            "penalty CP-1042",
            "£2,400.00 owed",
            "ENFORCEABLE: YES",
            "NEXT  compare plate and papers",
            "F4 it is this vehicle",
            "NEXT  then F3: what is done about the penalty",
            "! 1 match waits: L2-002",
        ):
            assert words in officer.text
        assert officer.bells == ["bell"]

    work(shift)
    assert [row[0::6] for row in world.query(CHECKS)] == [("L2-001", "clear"), ("L2-002", "listed")]


def test_in_a_copy_the_lane_is_another_device(work: "Work", world: "World") -> None:
    """From the start: before its chain has begun, and after."""
    context = world.context()
    record(context, prepare(context, Query("ZZ99 ZZY"), Observed()))
    context.connection.close()
    world.path = Path(shutil.copy(world.path, world.path.with_name("copy.db")))

    async def shift(officer: "Officer") -> None:
        assert "Portsmouth 17 June" in officer.text
        assert "officer 4711 Police · L3" in officer.text
        assert "L2-001" in officer.text
        await officer.press("zz99zzz", "enter")
        assert officer.message.startswith("saved L3-001")
        assert "officer 4711 Police · L3" in officer.text

    work(shift)


ANSWERS = {
    "ab12cdf": ("≈  LOOKS LIKE  AB12 CDE", "NEXT  read the plate again"),
    "kl65xyz": ("■■ LISTED  KL65 XYZ", "ENFORCEABLE: NO", "no penalty can be enforced"),
    "wx12345": ("■■ LISTED", "CP-1044", "an objection waits"),
    "ABI2CDE": ("■■ LISTED  AB12 CDE", "how: "),
}


def test_answers(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        for typed, lines in ANSWERS.items():
            await officer.press(typed, "enter")
            for line in lines:
                assert line in officer.text

    work(shift)


def test_all_the_fields(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("WX 99999", "tab", "pl", "tab", "C7654321", "tab", "gb", "tab")
        await officer.press("CSQU3054383", "enter")
        assert "trailer C7654321" in officer.text
        await officer.press("zz99zzz", "ctrl+t", "d1", "ctrl+n", "d", "ctrl+o", "x", "enter")
        await officer.press("zz98zzz", "shift+tab", "csqu3054383", "tab", "backspace", "y", "enter")

    work(shift)
    assert world.query(CHECKS) == [
        ("L2-001", "WX 99999", "PL", "C7654321", "GB", "CSQU3054383", "clear", "typed"),
        ("L2-002", "zz99zzz", "", "d1", "DE", "x", "clear", "typed"),
        ("L2-003", "zz98zzy", "", "", "", "csqu3054383", "clear", "typed"),
    ]


def test_nothing_is_waited_for(work: "Work", world: "World") -> None:
    """Three vehicles, outcomes and the beginning of a fourth, in one burst of keys."""

    async def shift(officer: "Officer") -> None:
        await officer.press(
            "zz99zza", "enter", "f2", "zz99zzb", "tab", "gb", "enter", "f3", "s13no1", "1",
            "enter", "enter", "zz99zzc", "enter", "f2", "ab12",
        )  # fmt: skip
        assert officer.lane.entry.lines["vehicle"].text == "ab12"
        assert "AB12" in officer.text

    work(shift)
    rows = world.query("SELECT vehicle, country, outcome FROM vehicle_check ORDER BY number")
    assert rows == [
        ("zz99zza", "", '{"nothing_found":true}'),
        (
            "zz99zzb",
            "GB",
            (
                '{"nothing_found":true,"offences":[{"disposal":"words_of_advice",'
                '"offence":"drivers_hours"}],"searched":["visual","dog"]}'
            ),
        ),
        ("zz99zzc", "", '{"nothing_found":true}'),
    ]


def test_details_of_the_lane_stay_and_those_of_the_vehicle_go(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("f9", "b2", "s", "Caen 06:45", "enter", "h", "Acme", "enter", "enter")
        assert "next: curtain sided, Acme" in officer.text
        await officer.press("zz99zza", "enter", "zz99zzb", "enter")

    work(shift, details={"direction": "inbound", "lane": "In 3"})
    first, second = (row[0] for row in world.query("SELECT details FROM vehicle_check"))
    assert first == (
        '{"body":"curtain_sided","direction":"inbound","haulier":"Acme","lane":"In 3",'
        '"sailing":"Caen 06:45"}'
    )
    assert second == '{"direction":"inbound","lane":"In 3","sailing":"Caen 06:45"}'


def test_what_cannot_be_checked_is_given_back(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab?2cde", "tab", "gb", "enter")
        assert officer.lane.message.loud
        assert "QUESTION MARK" in officer.text
        assert officer.lane.entry.lines["vehicle"].text == "ab?2cde"
        assert officer.lane.entry.lines["country"].text == "gb"
        await officer.press("f2")
        assert "was not recorded, so neither was this" in officer.message
        await officer.press("left", "left", "left", "left", "left", "delete", "1", "enter")
        assert "■■ LISTED  AB12 CDE" in officer.text

    work(shift)
    assert [row[1] for row in world.query(CHECKS)] == ["ab12cde"]


def test_pasted_text_is_data(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        officer.lane.keyboard.paste("[/red]\x1b[31m zz99\u202e\nzzz")
        await officer.press("enter")
        assert "\x1b" not in officer.text
        await officer.press("ctrl+u")
        officer.lane.keyboard.paste("zz99\x1b zzz")
        await officer.press("enter", "f3", "t")
        officer.lane.keyboard.paste("[bold]note\x1b[2J: “[/]”")
        await officer.press("enter", "enter")
        assert "[bold]note[2J: “[/]”" in officer.text

    work(shift)
    assert world.query(CHECKS)[0][1] == "zz99 zzz"


def test_the_bell_can_be_muted(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ctrl+g")
        assert "bell OFF" in officer.text
        await officer.press("ab12cde", "enter")
        assert officer.bells == []
        await officer.press("alt+b", "ab12cdf", "enter")
        assert "bell on" in officer.text
        assert officer.bells == ["bell"]

    work(shift)


def test_every_command_has_more_than_one_way(work: "Work", world: "World") -> None:
    letters = (("escape", "n"), ("escape", "2"), ("alt+n",), ("alt+2",))
    ways = (("f2",), *((*letter, "enter") for letter in letters))

    async def shift(officer: "Officer") -> None:
        for way in ways:
            await officer.press("zz99zzz", "enter", *way)

    work(shift)
    found = world.query("SELECT primary_outcome FROM vehicle_check")
    assert found == [("nothing_found",)] * len(ways)


def test_escape_shows_the_letters(work: "Work", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portcheck.tui.keyboard.CHOOSING_SECONDS", 600.0)  # however slow it is

    async def shift(officer: "Officer") -> None:
        await officer.press("zz", "escape")
        for command in COMMANDS:
            assert f"{command.letter} {command.label}" in officer.text
        await officer.press("escape", "99", "escape", "w", "zzz")
        assert "no command has the letter “w”" in officer.message
        assert officer.lane.entry.lines["vehicle"].text == "zz99zzz"

    work(shift)


def test_help(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        assert "Type a registration and press Enter" in officer.text  # the first-use card
        await officer.press("f1")
        assert "Check what is typed." in officer.text
        seen = officer.text
        for _ in range(5):
            await officer.press("pagedown")
            seen += officer.text
        for command in COMMANDS:
            assert f"[{command.letter}] " in seen
        await officer.press("escape", "zz99zzz", "enter")
        assert "CLEAR  zz99zzz" in officer.text

    work(shift)


@pytest.mark.slow
def test_the_palette(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "ctrl+p")
        await officer.pilot.pause(0.2)
        await officer.pilot.press(*"nothing found", "enter")
        await officer.pilot.pause(0.2)
        await officer.pilot.press("enter") if len(officer.app.screen_stack) > 1 else None
        await officer.settle()
        assert len(officer.app.screen_stack) == 1

    work(shift)
    assert world.query("SELECT primary_outcome FROM vehicle_check") == [("nothing_found",)]


def test_sunlight(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        dark = officer.app.theme
        await officer.press("f12")
        assert officer.app.theme != dark
        assert not officer.app.current_theme.dark
        await officer.press("ctrl+l")
        assert officer.app.theme == dark

    work(shift)


def test_without_an_operation(work: "Work", world: "World") -> None:
    with closing(sqlite3.connect(world.path)) as connection, connection:
        connection.execute("UPDATE device_state SET operation_id = NULL")

    async def shift(officer: "Officer") -> None:
        assert "NO OPERATION" in officer.text
        assert "portcheck op start NAME" in officer.text
        await officer.press("ab12cde", "enter")
        assert "no operation is under way" in officer.message
        assert officer.lane.entry.lines["vehicle"].text == "ab12cde"
        operation.start(world.context(), "Dover 2")
        await officer.until(lambda: "Dover 2" in officer.text)
        await officer.press("enter")
        assert "saved L2-001" in officer.message

    work(shift)


def test_without_a_list(work: "Work", world: "World") -> None:
    with closing(sqlite3.connect(world.path)) as connection, connection:
        for table in ("entry_mark", "entry", "list_version", "action_list"):
            connection.execute(f"DELETE FROM {table}")

    async def shift(officer: "Officer") -> None:
        assert "NO LIST IN FORCE" in officer.text
        assert "portcheck list import FILE" in officer.text
        await officer.press("ab12cde", "enter")
        assert "no list is in force" in officer.message

    async def careless(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter")
        assert "NOT SCREENED" in officer.text
        assert "saved L2-001" in officer.message

    work(shift)
    work(careless, no_list=True)


def test_a_stale_list_is_loud(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        assert "today" in officer.text
        world.clock += timedelta(days=30)
        await officer.until(lambda: "■ STALE list CECPT version 1" in officer.text)
        assert "7 allowed ■" in officer.text

    work(shift)


def test_a_clock_behind_its_own_journal_is_loud(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        assert "CLOCK" not in officer.text
        world.clock -= timedelta(days=1)
        await officer.until(lambda: "■ THIS MACHINE'S CLOCK IS BEHIND ■" in officer.text)
        await officer.press("ab12cde", "enter")
        assert "ENFORCEABLE: REFER" in officer.text
        assert "ENFORCEABLE: YES" not in officer.text

    work(shift)


def test_checks_of_other_programs_appear(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter")
        other = world.context()
        record(other, prepare(other, Query("AB12 CDE"), Observed({"direction": "outbound"})))
        await officer.until(lambda: "L2-002 ■■ AB12CDE  !WAITS" in officer.text)
        for words in ("DAY: 2 checks, 0 in 1 out", "! 1 match waits: L2-002 AB12 CDE"):
            assert words in officer.text
        assert "CLEAR  zz99zzz" in officer.text  # the check in hand stays in hand
        other.connection.close()

    work(shift)


@pytest.mark.slow
def test_the_last_ten_and_the_day(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        for number in range(12):
            await officer.press(f"zz{number:02}zzz", "enter")
            world.clock += timedelta(minutes=1)
        refs = [line for line in officer.text.splitlines() if "│" in line and "L2-0" in line]
        assert len(refs) == 10
        assert ">L2-012" in refs[0]
        await officer.press("down", "down")
        assert "L2-010  zz09zzz" in officer.text
        await officer.press("f2")
        assert officer.message == "saved L2-010  zz09zzz: searched, nothing found"
        await officer.press("up")
        assert "L2-011  zz10zzz" in officer.text

    work(shift)
    tally = world.view().tally
    assert tally is not None
    assert (tally.checks, tally.counts["nothing_found"]) == (12, 1)


def test_a_long_answer_can_be_paged(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "tab", "tab", "c1234567", "enter")
        assert "PgDn:" in officer.text
        assert "CP-1046" not in officer.text
        seen = officer.text
        for _ in range(6):
            await officer.press("pagedown")
            seen += officer.text
        for words in ("CP-1042", "CP-1045", "CP-1046", "F4 it is this vehicle"):
            assert words in seen
        await officer.press("zz99zzz", "enter")
        assert "CLEAR  zz99zzz" in officer.text

    work(shift)


def test_leaving_asks_while_a_match_waits(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f10")
        assert "1 match without a decision: L2-001" in officer.text
        await officer.press("escape")
        assert officer.app.is_running
        await officer.press("f4", "zz99zzz", "enter")
        officer.burst("ctrl+q")
        await officer.until(lambda: not officer.app.is_running)

    work(shift)


def test_leaving_all_the_same(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "ctrl+c")
        officer.burst("y")
        await officer.until(lambda: not officer.app.is_running)

    work(shift)


def test_leaving_loses_nothing_under_way(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        officer.burst("zz99zzz", "enter", "f2", "f10")
        await officer.until(lambda: not officer.app.is_running)

    work(shift)
    assert world.query("SELECT primary_outcome FROM vehicle_check") == [("nothing_found",)]


@pytest.mark.slow
@pytest.mark.parametrize("size", [(160, 50), (60, 20), (30, 9)])
def test_sizes(work: "Work", size: tuple[int, int]) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f3", "o1", "escape", "escape", "f1", "escape")
        await officer.pilot.resize_terminal(80, 24)
        await officer.settle()
        assert "■■ LISTED  AB12 CDE" in officer.text

    work(shift, size=size)
