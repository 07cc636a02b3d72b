"""Keys that may not fire late, or by mistake: after Esc a letter is a command for a second, and
what leaves a record wants Enter as well.
"""

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from portcheck.intake.files.source import open_source
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.tui.keys import ASKED_AGAIN, BY_NAME, CHOOSING_SECONDS

if TYPE_CHECKING:
    from tests.tui.conftest import Officer, Work, World

EVENTS = "SELECT COUNT(*) FROM journal"
OUTCOME = "SELECT outcome FROM vehicle_check"


def typed(officer: "Officer") -> str:
    return officer.lane.entry.lines["vehicle"].text


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ASKED_AGAIN))
@pytest.mark.parametrize("before", ["escape", "alt"])
def test_a_letter_that_begins_a_registration_records_nothing(
    work: "Work", world: "World", name: str, before: str
) -> None:
    letter = BY_NAME[name].letter

    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter")
        await officer.press(*(("escape", letter) if before == "escape" else (f"alt+{letter}",)))
        assert "Enter does it" in officer.text
        recorded = world.query(EVENTS)
        await officer.press("1", "2abc")
        assert not officer.lane.parts
        assert typed(officer) == f"{letter}12abc"
        assert world.query(EVENTS) == recorded

    work(shift)


@pytest.mark.slow
@pytest.mark.parametrize("digit", "234568")
def test_the_digit_of_an_f_key_records_nothing_alone(
    work: "Work", world: "World", digit: str
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "escape", digit)
        recorded = world.query(EVENTS)
        await officer.press("1-AB-23", "escape")
        assert typed(officer) == f"{digit}1-AB-23"
        assert world.query(EVENTS) == recorded

    work(shift)


def test_enter_does_it_and_escape_leaves_it(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "escape", "n", "escape")
        assert world.query(OUTCOME) == [("{}",)]
        assert not officer.lane.parts
        assert typed(officer) == ""
        await officer.press("escape", "2", "enter")
        assert world.query(OUTCOME) == [('{"nothing_found":true}',)]

    work(shift)


def test_what_is_pasted_after_a_letter_is_typed_with_it(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("escape", "n")
        officer.lane.keyboard.paste("12 ABC\n")
        assert typed(officer) == "n12 ABC"
        assert not officer.lane.parts

    work(shift)


@pytest.mark.parametrize("letter", [*(command.letter for command in BY_NAME.values()), "4"])
def test_a_letter_that_comes_late_is_typed(work: "Work", world: "World", letter: str) -> None:
    """However late it is looked at: what counts is when it was typed."""

    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter")
        recorded = world.query(EVENTS)
        keyboard = officer.lane.keyboard
        keyboard.take("escape", None, 100.0)
        assert officer.lane.choosing
        keyboard.take(letter, letter, 100.01 + CHOOSING_SECONDS)
        assert typed(officer) == letter
        keyboard.take("escape", None, 200.0)
        keyboard.take("h", "h", 199.99 + CHOOSING_SECONDS)
        assert officer.lane.parts[0].title == "Help"
        assert world.query(EVENTS) == recorded

    work(shift)


def test_the_letters_go_by_themselves(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("escape")
        assert "n nothing found" in officer.text
        assert officer.lane.choosing
        await officer.until(lambda: not officer.lane.choosing)
        await officer.settle()
        assert "F1 help" in officer.text
        await officer.press("b")
        assert (typed(officer), officer.lane.muted) == ("b", False)

    work(shift)


def test_keys_that_wait_for_an_answer_keep_their_times(work: "Work") -> None:
    """Esc and a letter that came three seconds later are held back, and given together."""

    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter")
        keyboard = officer.lane.keyboard
        officer.lane.hand.answered.clear()  # type: ignore[union-attr]
        keyboard.take("f4", None, 10.0)
        for key, character, at in (("x", "x", 11.0), ("escape", None, 11.0), ("b", "b", 14.0)):
            keyboard.take(key, character, at)
        officer.lane.hand.answered.set()  # type: ignore[union-attr]
        await officer.settle()
        assert (typed(officer), officer.lane.muted) == ("xb", False)

    work(shift)


def test_tab_in_a_record_takes_what_stands_there(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f4", "f3", "y", "1", "1")
        await officer.press("2400", "tab", "card", "tab", "R-77", "tab", "tab", "enter")
        assert not officer.lane.parts, officer.text

    work(shift)
    ((outcome,),) = world.query(OUTCOME)
    (paid,) = json.loads(outcome)["penalties"]
    assert (paid["amount_pence"], paid["method"], paid["receipt"]) == (240000, "card", "R-77")


def test_tab_refuses_what_enter_refuses(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f4", "f3", "y", "1", "1", "a lot", "tab")
        assert officer.lane.parts
        assert "a lot" in officer.left

    work(shift)
    assert world.query(OUTCOME) == [("{}",)]


@pytest.mark.slow
@pytest.mark.parametrize("muted", [False, True])
def test_the_check_in_hand_is_listed_by_a_list_that_comes_in(
    work: "Work", world: "World", muted: bool
) -> None:
    def bring_in() -> None:
        row = {"Registration": "ZZ99 ZZZ", "Penalty reference": "N-1", "Section": "32",
               "Liable party": "Acme", "Role": "owner", "Issued": "2021-01-10",
               "Due": "2021-03-11", "Balance": "900"}  # fmt: skip
        text = io.StringIO()
        writer = csv.DictWriter(text, list(row))
        writer.writeheader()
        writer.writerow(row)
        file = world.path.with_name("new.csv")
        file.write_text(text.getvalue(), encoding="utf-8")
        context = world.context()
        import_list(context, open_source(file), ImportOptions(list_name="NEW"))
        context.connection.close()

    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter")
        assert "· CLEAR" in officer.left
        bring_in()
        await officer.until(lambda: "match more" in officer.message)
        await officer.settle()
        assert officer.bells == ([] if muted else ["bell"])
        assert "■■ LISTED" in officer.left
        assert "listed after the check" in officer.left
        await officer.press("f4")
        assert officer.message == "saved L2-001  zz99zzz: confirmed"

    work(shift, muted=muted)
    assert world.query("SELECT decision, later FROM check_match") == [("confirmed", 1)]
