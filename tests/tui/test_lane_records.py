"""Deciding and recording on the real screen: outcomes, matches, corrections, what goes wrong."""

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from portcheck.journal.append import Actor
from portcheck.services.checks.decide import decide
from portcheck.tui import panels

if TYPE_CHECKING:
    from tests.tui.conftest import Officer, Work, World

OUTCOME = "SELECT outcome FROM vehicle_check ORDER BY number"
DECISIONS = "SELECT decision, reason FROM check_match ORDER BY check_id, number"


def outcomes(world: "World") -> list[dict[str, Any]]:
    return [json.loads(row[0]) for row in world.query(OUTCOME)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        (("f2",), {"nothing_found": True}),
        (("f3", "n", "enter"), {"nothing_found": True}),
        (("f3", "s13", "f", "2", "enter"), {"searched": ["visual", "dog"], "persons": 2}),
        (("f3", "t", "one", "escape", "v", "enter"), {"detained": True}),
        (("f3", "n", "ctrl+d"), {}),
        (("f3", "enter"), {}),
    ],
)
def test_outcomes(
    work: "Work", world: "World", keys: tuple[str, ...], outcome: dict[str, Any]
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter")
        await officer.press(*keys)
        assert not officer.lane.parts
        assert not officer.lane.drafts

    work(shift)
    assert outcomes(world) == [outcome]
    assert not list(world.path.parent.glob("*.drafts/*"))


def test_nothing_found_with_the_lanes_way_of_searching(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "f2", "f2")
        assert officer.message == "L2-001 says so already"

    work(shift, search=("visual", "dog"))
    assert outcomes(world) == [{"nothing_found": True, "searched": ["visual", "dog"]}]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("n", "f", "1", "enter"), "nothing found, and yet persons found is recorded"),
        (("i", "2", "enter"), "more minors than persons found"),
        (("o", "2", "1", "5", "enter", "enter"), "an amount goes with a fixed penalty"),
    ],
)
def test_what_the_form_refuses(
    work: "Work", world: "World", keys: tuple[str, ...], words: str
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "f3")
        await officer.press(*keys)
        assert words in officer.left, officer.text
        assert officer.lane.parts

    work(shift)
    assert outcomes(world) == [{}]


def test_a_penalty_is_enforced(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f4")
        assert officer.message == "saved L2-001  ab12cde: confirmed"
        assert "no match waits" in officer.text
        assert "NEXT  F3: what is done about the penalty" in officer.text
        await officer.press("f3", "y", "1")
        assert "1 paid in full" in officer.text
        await officer.press(
            "1", "tab", "card", "enter", "R-77", "enter", "CIO 12", "enter", "enter"
        )
        assert "penalties 1   £2,400.00" in officer.text
        assert "NEXT" not in officer.text

    work(shift)
    assert outcomes(world)[0]["penalties"] == [
        {
            "reference": "CP-1042",
            "action": "paid_in_full",
            "amount_pence": 240000,
            "method": "card",
            "receipt": "R-77",
            "authorised_by": "CIO 12",
        }
    ]
    assert world.query(DECISIONS) == [("confirmed", "")]


def test_doubts_about_a_penalty_are_said(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press(
            "wx12345", "enter", "f3", "y", "1", "2", "100", "enter", "enter", "enter"
        )
        assert officer.lane.message.loud
        assert "CP-1044 was not shown as enforceable" in officer.message

    work(shift)
    assert outcomes(world)[0]["penalties"][0]["amount_pence"] == 10000


DECIDED = (
    (("f4",), ("confirmed", "")),
    (("f5", "1"), ("rejected", "the plate was read again: it is another one")),
    (("f5", "other driver", "enter"), ("rejected", "other driver")),
    (("f5", "enter", "escape"), ("open", "")),
)


def test_decisions(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        for keys, _ in DECIDED:
            await officer.press("ab12cdf", "enter")
            await officer.press(*keys)

    work(shift)
    assert world.query(DECISIONS) == [decision for _, decision in DECIDED]


LOOKS, IS, LISTED = "if it is this vehicle, enforceable: yes", "ENFORCEABLE: YES", "listed vehicle"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "keys", "said", "steps"),
    [
        ("ab12cdf", (), LOOKS, ["NEXT read the plate", "if it is, F3: what is done"]),
        ("ab12cdf", ("f4",), IS, ["NEXT F3: what is done"]),
        ("ab12cdf", ("f5", "1"), f"for the {LISTED}, enforceable: yes", []),
        (
            "ab12cdf",
            ("f4", "f6", "enter"),
            LOOKS,
            ["NEXT read the plate", "if it is, F3: what is done"],
        ),
        ("ab12cde", (), IS, ["NEXT compare plate", "NEXT then F3: what is done"]),
        ("ab12cde", ("f5", "1"), f"for the {LISTED}, enforceable: yes", []),
    ],
)
def test_what_is_only_alike_is_not_told_loudly_until_it_is_confirmed(
    work: "Work", typed: str, keys: tuple[str, ...], said: str, steps: list[str]
) -> None:
    """On the new card, and on the record that an earlier check is shown by."""

    async def shift(officer: "Officer") -> None:
        await officer.press(typed, "enter")
        for key in keys:
            await officer.press(key)
        await _holds(officer, said)
        after = officer.left[officer.left.index("enforceable") :] if not steps else officer.left
        assert all(step in officer.left for step in steps), officer.text
        assert ("what is done" in after) is bool(steps)
        await officer.press("zz99zzz", "enter", "down")
        await _holds(officer, said)

    async def _holds(officer: "Officer", said: str) -> None:
        assert said in officer.left, officer.text
        lines = panels.answer(officer.lane, 0, 50, 60).lines
        loud = [line.plain for line in lines if any("reverse" in str(s.style) for s in line.spans)]
        assert any("ENFORCEABLE" in line for line in loud) is (said == IS)

    work(shift, size=(80, 50))


def test_which_of_several_entries_it_is(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "ctrl+t", "c1234567", "enter", "f4")
        assert "looks like more than one entry" in officer.left
        await officer.press("2", "f5", "rest", "enter")
        assert officer.message == "saved L2-001  zz99zzz: rejected"

    work(shift)
    assert sorted(world.query(DECISIONS)) == [("confirmed", ""), ("rejected", "rest")]


def test_the_one_that_waits_longest_is_brought_back(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter")
        await officer.press("wx12345", "enter", "f5", "1", "zz99zzz", "enter")
        await officer.press("f4")
        assert officer.message.startswith("L2-001 waits")
        assert world.query(DECISIONS)[0] == ("open", "")  # it was shown, not decided
        await officer.press("f4")
        assert "no match waits" in officer.text
        await officer.press("f4")
        assert "confirmed already; decide again? F5 it is not" in officer.message
        await officer.press("zz99zzy", "enter")
        await officer.press("f5")
        assert officer.message == "No match waits for a decision."

    work(shift)
    assert {row[0] for row in world.query(DECISIONS)} == {"confirmed", "rejected"}


CASES_OF_UNDO = [
    ("a check", (), "SELECT voided, void_reason FROM vehicle_check", (1, "undone at the lane")),
    ("nothing found", ("f2",), "SELECT outcome, amended FROM vehicle_check", ("{}", 1)),
    (
        "an outcome added to",
        ("f3", "s1", "enter", "f3", "s3n", "enter"),
        "SELECT outcome, amended FROM vehicle_check",
        ('{"searched":["visual"]}', 1),
    ),
    (
        "a correction of an outcome",
        ("f3", "f", "2", "enter", "f3", "f", "3", "enter", "miscounted", "enter"),
        "SELECT outcome FROM vehicle_check",
        ('{"persons":2}',),
    ),
    ("confirmed", ("f4",), "SELECT decision, reason FROM check_match",
     ("open", "")),
    ("rejected", ("f5", "1"), "SELECT decision, reason FROM check_match", ("open", "")),
    ("void", ("escape", "v", "enter", "twice", "enter"), "SELECT voided FROM vehicle_check", (0,)),
    (
        "an amendment",
        ("f8", "a", "C7654321", "enter", "b2", "enter", "seen", "enter"),
        "SELECT trailer, body, trailer_key FROM vehicle_check",
        ("", "", ""),
    ),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "sql", "after"),
    [case[1:] for case in CASES_OF_UNDO],
    ids=[c[0] for c in CASES_OF_UNDO],
)
def test_undo(
    work: "Work", world: "World", keys: tuple[str, ...], sql: str, after: tuple[Any, ...]
) -> None:
    events = "SELECT COUNT(*) FROM journal"

    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cdf", "enter")
        await officer.press(*keys)
        before = world.query(events)[0][0]
        await officer.press("f6")
        assert "the first record stays visible" in officer.left
        await officer.press("enter")
        assert "undone" in officer.message
        assert world.query(events)[0][0] == before + 1

    work(shift)
    assert world.query(sql) == [after]


@pytest.mark.slow
def test_undo_goes_back_step_by_step(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("f6")
        assert "Nothing was done" in officer.message
        await officer.press("zz99zzz", "enter", "f2", "f3", "t", "x", "enter", "enter")
        await officer.press("f6", "ctrl+u", "wrong lorry", "enter")
        assert outcomes(world) == [{"nothing_found": True}]
        await officer.press("f6", "escape")
        assert outcomes(world) == [{"nothing_found": True}]
        await officer.press("f6", "enter", "f6", "enter")
        await officer.press("f6")
        assert "Nothing was done" in officer.message

    work(shift)
    assert world.query("SELECT voided FROM vehicle_check") == [(1,)]
    reasons = world.query("SELECT reason FROM amendment ORDER BY position")
    assert reasons == [("wrong lorry",), ("undone at the lane",), ("undone at the lane",)]


AGAIN = [
    (("f4", "f5"), "it is not this vehicle", ("y", "1"), "rejected"),
    (("f5", "1", "f4"), "it is this vehicle", ("y",), "confirmed"),
    (("f4", "f5"), "the match waits again", ("u",), "open"),
    (("f5", "2", "f4"), "the match waits again", ("u",), "open"),
    (("f4", "f5"), "confirmed by 4711", ("escape",), "confirmed"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("keys", "words", "answer", "after"), AGAIN)
def test_a_decided_match_is_asked_about(
    work: "Work",
    world: "World",
    keys: tuple[str, ...],
    words: str,
    answer: tuple[str, ...],
    after: str,
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cdf", "enter", *keys)
        assert "Decide again?" in officer.text
        assert words in officer.left
        await officer.press(*answer)
        assert ("! 1 match waits" in officer.text) == (after == "open")
        await officer.press("f6")
        if after == "open":  # nothing is left of the decision to be undone
            assert "checked" in officer.left
        await officer.press("escape")

    work(shift)
    assert [row[0] for row in world.query(DECISIONS)] == [after]


def test_another_that_waits_is_offered_in_the_place_of_deciding_again(
    work: "Work", world: "World"
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "ab12cdf", "enter", "f4")
        await officer.press("f5", "w")
        assert officer.message.startswith("L2-001 waits")

    work(shift)
    assert [row[0] for row in world.query(DECISIONS)] == ["open", "confirmed"]


def test_a_decision_that_somebody_else_made_is_not_decided_over_unseen(
    work: "Work", world: "World"
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter")
        other = replace(world.context(), who=Actor("4712", "Police", "L3"))
        with closing(other.connection):
            decide(other, "L2-001", officer.lane.operation_id, confirm=False, reason="no")
        await officer.press("f4")
        if officer.lane.parts:  # it was seen in time
            await officer.press("escape")
        else:
            assert "rejected meanwhile by 4712" in officer.message
            await officer.press("f4")
            assert "rejected by 4712. Decide again?" in officer.left

    work(shift)
    assert [row[0] for row in world.query(DECISIONS)] == ["rejected"]


def test_a_decision_that_somebody_else_made_is_not_taken_back_unseen(
    work: "Work", world: "World"
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f4", "f5")
        assert "confirmed by 4711. Decide again?" in officer.left
        other = replace(world.context(), who=Actor("4712", "Police", "L3"))
        with closing(other.connection):
            decide(other, "L2-001", officer.lane.operation_id, confirm=False, reason="no", number=1)
        await officer.press("u")
        assert "rejected meanwhile by 4712" in officer.message

    work(shift)
    assert [row[0] for row in world.query(DECISIONS)] == ["rejected"]


def test_money_on_a_match_that_waits_again_is_said(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f4", "f3", "y", "11", "enter", "enter")
        await officer.press("f5", "y", "1")
        assert "would no longer be on a match" in officer.message
        await officer.press("f5", "u")
        assert officer.lane.message.loud
        assert "CP-1042 is recorded as paid in full, and its match waits again" in officer.message

    work(shift)
    assert [row[0] for row in world.query(DECISIONS)] == ["open"]


def test_amending_an_earlier_check(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zza", "enter", "zz99zzb", "enter", "f7", "zza")
        await officer.press("enter")
        assert "L2-001 in hand" in officer.message
        await officer.press("f8")
        assert "Correct L2-001" in officer.text
        await officer.press("r", "ctrl+u", "ab12cde", "enter", "c", "gb", "enter", "enter")
        assert "Why is it corrected?" in officer.text
        await officer.press("enter", "misread", "enter")
        assert "saved L2-001  ab12cde: corrected" in officer.message
        assert "! 1 match waits: L2-001" in officer.text

    work(shift)
    rows = world.query("SELECT ref, vehicle, country, verdict, amended FROM vehicle_check")
    assert rows == [("L2-001", "ab12cde", "GB", "listed", 1), ("L2-002", "zz99zzb", "", "clear", 0)]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("a", "?", "enter", "enter", "x", "enter"), "QUESTION MARK"),
        (("i", "ctrl+u", "yesterday", "enter", "enter", "x", "enter"), "is not a time"),
        (("c", "Narnia", "enter", "enter", "x", "enter"), "is not a country"),
        (("enter",), "nothing was changed"),
    ],
)
def test_what_a_correction_refuses(
    work: "Work", world: "World", keys: tuple[str, ...], words: str
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "f8")
        await officer.press(*keys)
        assert words in officer.left, officer.text

    work(shift)
    assert world.query("SELECT amended FROM vehicle_check") == [(0,)]


@pytest.mark.slow
def test_finding(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zza", "enter", "zz99zzb", "enter", "zz99zzc", "enter")
        for typed in ("2", "l2-2", "L2-002", "99zzb"):
            officer.lane.say("")
            await officer.press("f7", typed, "enter")
            assert officer.message.startswith("L2-002 in hand")
        await officer.press("f7", "zz99", "enter")
        await officer.until(lambda: "> L2-003" in officer.text)
        await officer.press("down", "down", "enter")
        assert officer.message.startswith("L2-001 in hand")
        await officer.press("f7", "nowhere", "enter")
        assert "no check has “nowhere”" in officer.text
        await officer.press("escape")
        assert not officer.lane.parts

    work(shift)
    logged = world.query("SELECT payload FROM fact WHERE kind = 'record_consulted'")
    assert [json.loads(row[0])["queries"] for row in logged] == [
        ["2"], ["l2-2"], ["L2-002"], ["99zzb"], ["zz99"], ["nowhere"],
    ]  # fmt: skip


def test_void(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "escape", "v", "enter", "twice", "enter")
        assert "RECORDED  VOID: twice" in officer.text
        assert "NEXT" not in officer.text
        assert "no match waits" in officer.text
        await officer.press("f2")
        assert "is void and cannot be changed" in officer.message
        assert world.query("SELECT voided, void_reason FROM vehicle_check") == [(1, "twice")]
        await officer.press("escape", "v", "enter")
        assert "It will count again" in officer.left
        await officer.press("enter")
        assert "counts again" in officer.message
        assert "VOID" not in officer.text
        assert "! 1 match waits" in officer.text

    work(shift)
    assert world.query("SELECT voided, void_reason FROM vehicle_check") == [(0, "")]


def test_a_correction_of_an_outcome_needs_a_reason(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "f3", "f", "2", "t", "x", "enter", "enter")
        await officer.press("f3", "f", "3", "enter")
        assert "This corrects what is recorded. Why?" in officer.text
        await officer.press("enter")
        assert "a correction needs a reason" in officer.text
        await officer.press("escape", "enter", "miscounted", "enter")

    work(shift)
    assert outcomes(world) == [{"persons": 3, "notes": ["x"]}]
    assert world.query("SELECT field, before, after, reason FROM amendment") == [
        ("persons", "2", "3", "miscounted")
    ]


def test_without_a_check_in_hand(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        for keys in (("f2",), ("f3",), ("f8",), ("alt+v", "enter")):
            await officer.press(*keys)
            assert "no check in hand" in officer.message

    work(shift)
