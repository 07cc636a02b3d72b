"""What stands beside a match: the honest figure, the haulier, and neither where it is not due."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portcheck.domain.answer import Answer, HaulierAdvice, ListInForce, Mark, Match, Unit, Verdict
from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import Odds
from portcheck.report.answer import answer_document
from portcheck.report.card import card

NOW = datetime(2021, 6, 17, tzinfo=UTC)
ODDS = Odds(10_000, 0.00001, 0.00048, 0.002)
LIST = ListInForce("CECPT", 3, 10_000, 0, "a" * 64, NOW, 0, 7, ODDS)
NEAR = Match(
    unit=Unit.VEHICLE,
    typed="AB12 CED",
    registration="AB12 CDE",
    listed_as="vehicle",
    country="GB",
    tier=Tier.NEAR,
    cost=0.6,
    why="read the plate again: 6–7 swapped",
    list_name="CECPT",
    list_version=3,
    haulier="Acme",
    penalties=(),
)
ADVICE = HaulierAdvice("Acme", "ACME LTD", "CECPT", True, 3, 720_000)
MARKS = (Mark(Unit.VEHICLE, "AB12 CED", "AB12CED"),)


def shown(*matches: Match, lists: tuple[ListInForce, ...] = (LIST,), advised: bool = False) -> str:
    answer = Answer(MARKS, matches, lists, advice=(ADVICE,) if advised else ())
    return "\n".join(line.plain for line in card(answer))


@pytest.mark.parametrize(
    ("tier", "often"),
    [(Tier.NEAR, "about 1 check in 2,100"), (Tier.LOOKALIKE, "about 1 check in 100,000")],
)
def test_how_often_chance_does_it_stands_beside_what_is_not_certain(tier: Tier, often: str) -> None:
    said = f"by chance: an unlisted vehicle looks like this list in {often}"
    assert said in shown(replace(NEAR, tier=tier))


@pytest.mark.parametrize(
    ("match", "one"),
    [
        pytest.param(replace(NEAR, tier=Tier.EXACT, cost=0.0), LIST, id="exact"),
        pytest.param(replace(NEAR, tier=Tier.EXACT, cost=0.3), LIST, id="O for 0"),
        pytest.param(replace(NEAR, tier=Tier.WEAK), LIST, id="weak"),
        pytest.param(NEAR, replace(LIST, odds=None), id="not worked out"),
        pytest.param(NEAR, replace(LIST, name="other"), id="another list's"),
    ],
)
def test_and_nowhere_else(match: Match, one: ListInForce) -> None:
    assert "by chance" not in shown(match, lists=(one,))


def test_a_listed_haulier_is_told_on_a_clear_card() -> None:
    lines = shown(advised=True).splitlines()
    assert lines[0].startswith("·  CLEAR")
    assert (
        "   haulier: ACME LTD is listed: 3 outstanding penalties (£7,200.00) on other vehicles:"
        " refer" in lines
    )


def test_a_listed_haulier_is_a_weak_entry_of_the_document() -> None:
    answer = Answer(MARKS, (NEAR,), (LIST,), advice=(ADVICE,))
    document = answer_document(answer, UTC)
    assert document["verdict"] == Verdict.POSSIBLE.value
    assert [match["unit"] for match in document["matches"]] == ["vehicle", "haulier"]
    assert document["matches"][1] == {
        "tier": "weak",
        "unit": "haulier",
        "typed": "Acme",
        "registration": "",
        "country": "",
        "list": "CECPT",
        "why": ADVICE.why,
        "haulier": "ACME LTD",
        "penalties": [],
    }


@pytest.mark.parametrize(
    ("advice", "sums"),
    [
        (replace(ADVICE, penalties=1, owed_pence=100), "1 outstanding penalty (£1.00)"),
        (replace(ADVICE, unknown=1), "3 outstanding penalties (£7,200.00, 1 without a sum)"),
        (
            replace(ADVICE, owed_pence=0, unknown=3),
            "3 outstanding penalties (3 without a sum)",
        ),
        (replace(ADVICE, penalties=1_234), "1,234 outstanding penalties (£7,200.00)"),
        (replace(ADVICE, same=False), "is listed and written much like “Acme”: 3 outstanding"),
    ],
)
def test_what_is_said_of_a_haulier(advice: HaulierAdvice, sums: str) -> None:
    assert sums in advice.why
    assert advice.why.startswith("ACME LTD is listed")
    assert advice.why.endswith("on other vehicles: refer")
