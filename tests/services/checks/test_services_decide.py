"""Deciding on matches, and adding to what is recorded."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from portcheck.domain.tally import Tally
from portcheck.errors import NotFound, Refused
from portcheck.journal.events import CheckRecorded
from portcheck.journal.parts import MarkTyped
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.correct import void
from portcheck.services.checks.decide import decide, record_outcome, withdraw
from portcheck.services.context import Context
from portcheck.services.day.overview import CheckView
from portcheck.services.lists.import_list import ImportResult
from portcheck.store import projections
from portcheck.store.connection import transaction

Counted = Callable[[], Tally]
Check = Callable[..., SavedCheck]
Seen = Callable[..., CheckView]
Take = Callable[..., ImportResult]

TWO_LISTS = [{"Registration": "AB12 CDE", "Penalty reference": "P-1", "Balance": "10"}]


def decisions(check: CheckView) -> list[str]:
    return [match.decision for match in check.matches]


@pytest.fixture
def one(under_way: Context, check: Check) -> str:
    """The operation's identity, with one check that waits for a decision."""
    check("AB12CDE")
    return under_way.operation().operation_id


@pytest.fixture
def several(under_way: Context, take: Take, check: Check) -> str:
    """As `one`, with a match on each of two lists."""
    take(TWO_LISTS, "POLICE")
    check("AB12CDE")
    return under_way.operation().operation_id


def test_the_only_match_is_confirmed(
    one: str, under_way: Context, new_context: Callable[..., Context], seen: Seen
) -> None:
    other = new_context(officer="4712", device="L2")
    check, chosen, event, _ = decide(other, "L1-001", one, confirm=True)
    assert (check.ref, [match.number for match in chosen]) == ("L1-001", [1])
    found = seen("L1-001")
    assert (found.matches[0].decision, found.matches[0].decided_by) == ("confirmed", "4712")
    assert (found.unresolved, found.primary_outcome) == (0, "not_searched")
    assert found.matches[0].decided_in == event


def test_it_is_rejected_with_a_reason(one: str, under_way: Context, seen: Seen) -> None:
    for reason in ("", "  ", "\u200b"):
        with pytest.raises(Refused, match="with a reason"):
            decide(under_way, "L1-001", one, confirm=False, reason=reason)
    decide(under_way, "L1-001", one, confirm=False, reason=" Irish\n plate ")
    (match,) = seen("L1-001").matches
    assert (match.decision, match.reason) == ("rejected", "Irish plate")


def test_a_decision_can_be_taken_again_when_it_is_named(
    one: str, under_way: Context, seen: Seen
) -> None:
    decide(under_way, "L1-001", one, confirm=False, reason="another lorry")
    with pytest.raises(Refused, match="no match that waits") as refusal:
        decide(under_way, "L1-001", one, confirm=True)
    assert "--match" in refusal.value.hint
    decide(under_way, "L1-001", one, confirm=True, number=1)
    (match,) = seen("L1-001").matches
    assert (match.decision, match.reason) == ("confirmed", "")
    kinds = under_way.connection.execute(
        "SELECT COUNT(*) FROM journal WHERE kind = 'match_decided'"
    ).fetchone()
    assert kinds == (2,)


def test_which_of_several_is_confirmed_must_be_said(
    several: str, under_way: Context, seen: Seen
) -> None:
    with pytest.raises(Refused, match="2 matches that wait: 1: vehicle AB12 CDE") as refusal:
        decide(under_way, "L1-001", several, confirm=True)
    assert "--match" in refusal.value.hint
    assert "(CECPT)" in refusal.value.message
    assert "(POLICE)" in refusal.value.message
    decide(under_way, "L1-001", several, confirm=True, number=2)
    assert decisions(seen("L1-001")) == ["open", "confirmed"]
    assert seen("L1-001").unresolved == 1
    decide(under_way, "L1-001", several, confirm=True)
    assert decisions(seen("L1-001")) == ["confirmed", "confirmed"]


def test_all_that_wait_are_rejected_at_once(several: str, under_way: Context, seen: Seen) -> None:
    decide(under_way, "L1-001", several, confirm=True, number=1)
    decide(under_way, "L1-001", several, confirm=False, reason="no")
    assert decisions(seen("L1-001")) == ["confirmed", "rejected"]


@pytest.mark.parametrize("number", [0, 2, -1, 99])
def test_a_match_that_is_not_there(one: str, under_way: Context, number: int) -> None:
    with pytest.raises(Refused, match=f"no match number {number}"):
        decide(under_way, "L1-001", one, confirm=True, number=number)


def test_a_weak_match_is_not_decided_on(
    under_way: Context, take: Take, check: Check, seen: Seen
) -> None:
    take([{"Registration": "AB12 CDE"}])
    check("AB13CDE")  # lorries of one fleet differ in a digit
    found = seen("L1-001")
    assert (found.verdict, [m.tier for m in found.matches]) == ("clear", ["weak"])
    with pytest.raises(Refused, match="no match number 1"):
        decide(under_way, "L1-001", under_way.operation().operation_id, confirm=True, number=1)


def test_nothing_to_decide(under_way: Context, check: Check) -> None:
    check("NO11 ONE")
    identity = under_way.operation().operation_id
    with pytest.raises(Refused, match="no match that waits") as refusal:
        decide(under_way, "L1-001", identity, confirm=True)
    assert refusal.value.hint == ""
    with pytest.raises(NotFound):
        decide(under_way, "L1-002", identity, confirm=True)


# Back to undecided.


def last(context: Context) -> dict[str, Any]:
    """The journal's newest event."""
    (payload,) = context.connection.execute(
        "SELECT payload FROM fact ORDER BY position DESC LIMIT 1"
    ).fetchone()
    found: dict[str, Any] = json.loads(payload)
    return found


def rebuilt(context: Context) -> bool:
    """Whether the projections are those that the journal gives."""
    before = projections.dump(context.connection)
    with transaction(context.connection):
        projections.rebuild(context.connection)
    return projections.dump(context.connection) == before


@pytest.mark.parametrize("confirm", [True, False])
def test_a_decision_is_taken_back_and_the_match_waits_again(
    one: str, under_way: Context, seen: Seen, counted: Counted, confirm: bool
) -> None:
    before = seen("L1-001")
    made = decide(under_way, "L1-001", one, confirm=confirm, reason="" if confirm else "no")
    assert counted().matches.unresolved == 0
    _, chosen, _, warnings = withdraw(under_way, "L1-001", one, reason=" too\n soon ")
    assert ([m.number for m in chosen], warnings) == ([1], [])
    event = last(under_way)
    assert (event["kind"], event["over"], event["reason"]) == (
        "decision_withdrawn", [made.event], "too soon",
    )  # fmt: skip
    found = seen("L1-001")
    assert replace(found, amendments=[]) == before
    word = "confirmed" if confirm else "rejected"
    assert [(a.field, a.before, a.after, a.reason) for a in found.amendments] == [
        ("match_1", word, "open", "too soon")
    ]
    tally = counted()
    assert (tally.matches.unresolved, tally.complete) == (1, False)
    assert (tally.amended, tally.primary_outcomes["match_unresolved"]) == (0, 1)
    assert rebuilt(under_way)
    with pytest.raises(Refused, match="no decision to take back"):
        withdraw(under_way, "L1-001", one)
    decide(under_way, "L1-001", one, confirm=True)
    assert last(under_way)["over"] == []


def test_a_decision_names_those_it_was_made_over(several: str, under_way: Context) -> None:
    first = decide(under_way, "L1-001", several, confirm=True, number=1)
    second = decide(under_way, "L1-001", several, confirm=False, reason="no")
    assert last(under_way)["over"] == []
    third = decide(under_way, "L1-001", several, confirm=False, reason="no", number=1)
    assert last(under_way)["over"] == [first.event]
    with pytest.raises(Refused, match="several decisions: 1: vehicle AB12 CDE") as refusal:
        withdraw(under_way, "L1-001", several)
    assert "--match" in refusal.value.hint
    with pytest.raises(Refused, match="stands no more"):
        withdraw(under_way, "L1-001", several, event=first.event)
    withdraw(under_way, "L1-001", several, number=2)
    assert last(under_way)["over"] == [second.event]
    with pytest.raises(Refused, match="no decision on match 2"):
        withdraw(under_way, "L1-001", several, number=2)
    withdraw(under_way, "L1-001", several)
    assert (last(under_way)["matches"], last(under_way)["over"]) == ([1], [third.event])


def test_what_was_decided_together_is_taken_back_together(
    several: str, under_way: Context, seen: Seen
) -> None:
    made = decide(under_way, "L1-001", several, confirm=False, reason="no")
    withdraw(under_way, "L1-001", several)
    assert (last(under_way)["matches"], last(under_way)["over"]) == ([1, 2], [made.event])
    assert decisions(seen("L1-001")) == ["open", "open"]


def test_nobody_decides_over_what_they_have_not_seen(
    one: str, under_way: Context, new_context: Callable[..., Context], seen: Seen
) -> None:
    other = new_context(officer="4712", device="L2")
    made = decide(other, "L1-001", one, confirm=False, reason="no")
    with pytest.raises(Refused, match="match 1 of check L1-001 is rejected meanwhile by 4712"):
        decide(under_way, "L1-001", one, confirm=True, number=1, seen="")
    with pytest.raises(Refused, match="match 1 of check L1-001 is rejected meanwhile by 4712"):
        withdraw(under_way, "L1-001", one, number=1, seen="0" * 64)
    assert decisions(seen("L1-001")) == ["rejected"]
    decide(under_way, "L1-001", one, confirm=True, number=1, seen=made.event)
    assert decisions(seen("L1-001")) == ["confirmed"]


def test_money_stays_recorded_when_its_match_waits_again(
    one: str, under_way: Context, seen: Seen, counted: Counted
) -> None:
    decide(under_way, "L1-001", one, confirm=True)
    add(under_way, {"penalties": [{"reference": "CP-1042", "action": "paid_in_full"}]})
    warnings = withdraw(under_way, "L1-001", one).warnings
    assert warnings == ["penalty CP-1042 is recorded as paid in full, and its match waits again"]
    assert seen("L1-001").primary_outcome == "penalty_enforced"
    tally = counted()
    assert (tally.penalties.enforced_pence, tally.complete) == (240000, False)


# Outcomes.


def add(context: Context, outcome: dict[str, Any]) -> list[str]:
    operation = context.operation().operation_id
    return record_outcome(context, "L1-001", operation, outcome)[1]


def test_outcomes_are_added_up(one: str, under_way: Context, seen: Seen) -> None:
    add(under_way, {"searched": ["dog"], "persons": 3})
    add(under_way, {"searched": ["co2", "dog"], "minors": 1, "notes": ["two in the roof"]})
    add(under_way, {"notes": ["one in the cab"]})
    found = seen("L1-001")
    assert found.outcome == {
        "searched": ["dog", "co2"],
        "persons": 3,
        "minors": 1,
        "notes": ["two in the roof", "one in the cab"],
    }
    assert found.primary_outcome == "persons_found"


OUTCOMES_REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, "nothing to record"),
    ({"persons": 1}, {"persons": 2}, "already recorded as 1"),
    ({"persons": 1}, {"minors": 2}, "more minors"),
    ({"nothing_found": True}, {"persons": 1}, "nothing found, and yet"),
    ({}, {"penalties": [{"reference": "X", "action": "refused"}]}, "no penalty line “X”"),
    (
        {},
        {"penalties": [{"reference": "CP-1042", "action": "security_given"}]},
        "needs an amount",
    ),
]


@pytest.mark.parametrize(("first", "more", "said"), OUTCOMES_REFUSED)
def test_outcomes_that_are_refused(
    one: str,
    under_way: Context,
    seen: Seen,
    first: dict[str, Any],
    more: dict[str, Any],
    said: str,
) -> None:
    if first:
        add(under_way, first)
    before = under_way.connection.execute("SELECT COUNT(*) FROM journal").fetchone()
    with pytest.raises(Refused, match=said):
        add(under_way, more)
    assert seen("L1-001").outcome == first
    assert under_way.connection.execute("SELECT COUNT(*) FROM journal").fetchone() == before


def test_doubts_are_warned_of_and_recorded_all_the_same(
    one: str, under_way: Context, seen: Seen
) -> None:
    warnings = add(
        under_way,
        {"penalties": [{"reference": "CP-1042", "action": "part_paid", "amount_pence": 100}]},
    )
    assert warnings == ["penalty CP-1042 belongs to a match that waits for a decision"]
    assert seen("L1-001").primary_outcome == "penalty_enforced"


def test_a_void_check_takes_no_decision_and_no_outcome(one: str, under_way: Context) -> None:
    void(under_way, "L1-001", one, "typed twice")
    with pytest.raises(Refused, match="is void"):
        decide(under_way, "L1-001", one, confirm=True)
    with pytest.raises(Refused, match="is void"):
        add(under_way, {"persons": 1})


def test_two_checks_of_one_reference_are_told_apart(
    under_way: Context, check: Callable[..., SavedCheck]
) -> None:
    """Two devices may have the same label."""
    here = under_way.operation().operation_id
    first = check("QQ1 QQQ")
    with under_way.writing() as writer:
        writer.append(
            CheckRecorded(
                check_id="other",
                operation_id=here,
                number=1,
                ref=first.ref,
                at=under_way.now(),
                vehicle=MarkTyped(text="WW2 WWW", key="WW2WWW"),
                screened=True,
                verdict="clear",
            )
        )
    for typed in (first.ref, "l1-1", "1"):
        with pytest.raises(Refused, match=f"“{typed}” is 2 checks") as refused:
            record_outcome(under_way, typed, here, {"persons": 1})
        assert f"QQ1 QQQ is {first.check_id}; WW2 WWW is other" in refused.value.hint
    assert record_outcome(under_way, "other", here, {"persons": 1})[0].vehicle == "WW2 WWW"
