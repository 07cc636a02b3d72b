"""What stands beside a match: the honest figure, the haulier, how loudly a penalty is told, and
what a camera read; and nothing of it where it is not due.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.text import Text

from portcheck.domain.answer import (
    Answer,
    AssessedPenalty,
    HaulierAdvice,
    ListInForce,
    Mark,
    Match,
    Unit,
    Verdict,
)
from portcheck.domain.enforceability import Assessment, Enforceable, Rule
from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import Odds
from portcheck.domain.penalty import PenaltyLine
from portcheck.report.answer import answer_document
from portcheck.report.card import card, enforceable_words
from portcheck.report.checks import check_document, check_lines
from portcheck.services.day.overview import CheckView, ReadView
from portcheck.store.checkrows import MatchRow

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
        "told": [],
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


# how loudly it is told that a penalty can be enforced


def is_loud(line: Text) -> bool:
    return "reverse" in str(line.style) or any("reverse" in str(s.style) for s in line.spans)


@pytest.mark.parametrize("word", Enforceable)
@pytest.mark.parametrize(
    ("tier", "decision", "whose"),
    [
        (Tier.EXACT, "open", ""),
        (Tier.LOOKALIKE, "open", ""),
        (Tier.NEAR, "open", "if it is this vehicle"),
        (Tier.EXACT, "confirmed", ""),
        (Tier.NEAR, "confirmed", ""),
        (Tier.WEAK, "confirmed", ""),
        (Tier.EXACT, "rejected", "for the listed vehicle"),
        (Tier.NEAR, "rejected", "for the listed vehicle"),
        (Tier.EXACT, "replaced", "for the listed vehicle"),
        (Tier.WEAK, "", "for the listed vehicle"),
        (Tier.EXACT, "", "for the listed vehicle"),
    ],
)
def test_only_what_is_taken_for_this_vehicle_is_told_loudly(
    word: Enforceable, tier: Tier, decision: str, whose: str
) -> None:
    said = enforceable_words(word, tier, decision)
    if whose:
        assert (said.plain, said.style, said.spans) == (f"{whose}, enforceable: {word}", "", [])
    else:
        assert said.plain == f"ENFORCEABLE: {word.upper()}"
        assert is_loud(said) is (word is Enforceable.YES)


OWED = AssessedPenalty(
    PenaltyLine(reference="CP-1", balance_pence=240_000, status="outstanding"),
    Assessment(Enforceable.YES, ("£2,400.00 is owed",), Rule.ENFORCEABLE),
    1,
)
LOUD, QUIET = "     ENFORCEABLE: YES", "     if it is this vehicle, enforceable: yes"


@pytest.mark.parametrize(
    ("match", "decisions", "said", "first"),
    [
        (replace(NEAR, tier=Tier.LOOKALIKE), {}, LOUD, "list CECPT"),
        (NEAR, {}, QUIET, "list CECPT"),
        (NEAR, {1: "open"}, QUIET, "list CECPT"),
        (NEAR, {2: "confirmed"}, QUIET, "list CECPT"),
        (NEAR, {1: "confirmed"}, LOUD, "confirmed"),
        (
            NEAR,
            {1: "rejected"},
            "     for the listed vehicle, enforceable: yes",
            "rejected",
        ),
    ],
)
def test_the_card_is_as_sure_as_the_match_and_its_decision(
    match: Match, decisions: dict[int, str], said: str, first: str
) -> None:
    answer = Answer(MARKS, (replace(match, penalties=(OWED,)),), (LIST,))
    lines = list(card(answer, decisions))
    assert lines[0].plain.endswith(first)
    (place,) = (n for n, line in enumerate(lines) if "enforceable" in line.plain.lower())
    assert lines[place].plain == said
    assert lines[place + 1].plain == "       £2,400.00 is owed"
    assert any(is_loud(line) for line in lines) is (said == LOUD)
    (how,) = (line for line in lines if line.plain.startswith("   how: "))
    assert (how.style == "bold") is (said == QUIET)


# a check as it is recorded

TOLD = {"action": "", "priority": "", "contact": "", "notes": "", "extra": {}}
SEEN = MatchRow(
    number=1,
    name="",
    unit="vehicle",
    tier="near",
    typed="AB12 CED",
    registration="AB12 CDE",
    country="GB",
    list_name="CECPT",
    list_version=3,
    haulier="Acme",
    why="read the plate again: 6–7 swapped",
    decision="open",
    decided_by="",
    decided_in="",
    decided_at=None,
    reason="",
    later=False,
    told=[],
    penalties=[
        {
            "reference": "CP-1",
            "owed_pence": 240_000,
            "enforceable": "yes",
            "reasons": ["it is owed"],
            **TOLD,
        }
    ],
)
READ = ReadView("AB12 CED", 0.584, "In 1", [("AB12 CDE", 0.5), ("A812CED", None)])
CHECK = CheckView(
    check_id="0199",
    ref="L2-031",
    at=NOW,
    recorded_at=NOW,
    officer="4711",
    agency="Police",
    vehicle="AB12 CED",
    vehicle_key="AB12CED",
    country="",
    trailer="",
    trailer_country="",
    container="",
    details={"lane": "In 1"},
    outcome={},
    screened=True,
    lists=[],
    verdict="possible",
    primary_outcome="match_unresolved",
    unresolved=1,
    amended=False,
    voided=False,
    void_reason="",
    source="feed",
    matches=[SEEN],
)


@pytest.mark.parametrize(
    ("decision", "voided", "said"),
    [
        ("open", False, "if it is this vehicle, enforceable: yes"),
        ("confirmed", False, "ENFORCEABLE: YES"),
        ("rejected", False, "for the listed vehicle, enforceable: yes"),
        ("replaced", False, "for the listed vehicle, enforceable: yes"),
        ("confirmed", True, "for the listed vehicle, enforceable: yes"),
    ],
)
def test_a_record_is_as_sure_as_the_decision(decision: str, voided: bool, said: str) -> None:
    matches = [SEEN._replace(decision=decision)]
    lines = list(check_lines(replace(CHECK, matches=matches, voided=voided), UTC))
    (place,) = (n for n, line in enumerate(lines) if "penalty CP-1: £2,400.00" in line.plain)
    line = lines[place + 1]
    assert line.plain.strip() == f"{said} (it is owed)"
    assert [one for one in lines if is_loud(one)] == (
        [line] if said.startswith("ENFORCEABLE") else []
    )


@pytest.mark.parametrize(
    ("read", "lines"),
    [
        (READ, ["camera read  AB12 CED (58%), lane In 1", "or AB12 CDE (50%), A812CED"]),
        (replace(READ, candidates=[], lane=""), ["camera read  AB12 CED (58%)"]),
        (replace(READ, candidates=[], confidence=None), ["camera read  AB12 CED, lane In 1"]),
        (
            replace(READ, plate="[b]\x1b[31mX", candidates=[]),
            ["camera read  [b][31mX (58%), lane In 1"],
        ),
        (None, []),
    ],
)
def test_what_the_camera_read_is_told(read: ReadView | None, lines: list[str]) -> None:
    told = [line.plain.strip() for line in check_lines(replace(CHECK, read=read), UTC)]
    found = [line for line in told if line.startswith(("camera", "or "))]
    assert found == lines


def test_what_the_camera_read_is_in_the_document() -> None:
    assert "read" not in check_document(CHECK, UTC)
    assert check_document(replace(CHECK, read=READ), UTC)["read"] == {
        "plate": "AB12 CED",
        "confidence": 0.584,
        "lane": "In 1",
        "candidates": [
            {"plate": "AB12 CDE", "confidence": 0.5},
            {"plate": "A812CED", "confidence": None},
        ],
    }
