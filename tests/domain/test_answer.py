"""The verdict on a vehicle, and the money that could be enforced."""

from dataclasses import replace
from itertools import count

import pytest

from portcheck.domain.answer import Answer, AssessedPenalty, Mark, Match, Unit, Verdict
from portcheck.domain.enforceability import Assessment, Enforceable, Rule
from portcheck.domain.matching import Tier
from portcheck.domain.penalty import PenaltyLine

ENTRIES = count(1)


def owed(pence: int | None, enforceable: Enforceable, reference: str = "") -> AssessedPenalty:
    line = PenaltyLine(reference=reference, balance_pence=pence)
    said = Assessment(enforceable, ("a reason",), Rule.ENFORCEABLE)
    return AssessedPenalty(line, said, next(ENTRIES))


def match(tier: Tier, *penalties: AssessedPenalty) -> Match:
    return Match(
        unit=Unit.VEHICLE,
        typed="AB12CDE",
        registration="AB12 CDE",
        listed_as="vehicle",
        country="GB",
        tier=tier,
        cost=0.0,
        why="same registration",
        list_name="CECPT",
        list_version=1,
        haulier="Acme",
        penalties=penalties,
    )


@pytest.mark.parametrize(
    ("tiers", "verdict"),
    [
        ([], Verdict.CLEAR),
        ([Tier.WEAK], Verdict.CLEAR),
        ([Tier.NEAR, Tier.WEAK], Verdict.POSSIBLE),
        ([Tier.LOOKALIKE], Verdict.LISTED),
        ([Tier.WEAK, Tier.NEAR, Tier.EXACT], Verdict.LISTED),
    ],
)
def test_the_strongest_match_is_the_verdict(tiers: list[Tier], verdict: Verdict) -> None:
    answer = Answer((Mark(Unit.VEHICLE, "AB12CDE", "AB12CDE"),), tuple(map(match, tiers)), ())
    assert answer.verdict is verdict
    assert not answer.screened


def test_only_what_is_enforceable_on_a_sure_match_is_added_up() -> None:
    yes, no, refer = Enforceable.YES, Enforceable.NO, Enforceable.REFER
    told: list[tuple[int | None, Enforceable]] = [(100, yes), (20, no), (3, refer), (None, yes)]
    answer = Answer((), tuple(match(t, *(owed(*one) for one in told)) for t in Tier), ())
    assert answer.enforceable_pence == 200  # exact and lookalike
    assert replace(answer, matches=()).enforceable_pence == 0


def test_a_line_that_two_lists_give_is_added_up_once() -> None:
    both = owed(100, Enforceable.YES, "CP-1"), owed(100, Enforceable.YES, "cp 1")
    answer = Answer((), tuple(match(Tier.EXACT, one) for one in both), ())
    assert answer.enforceable_pence == 100


def test_weak_matches_alert_nobody() -> None:
    assert [tier for tier in Tier if match(tier).alerts] == [Tier.EXACT, Tier.LOOKALIKE, Tier.NEAR]
