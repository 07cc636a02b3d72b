"""The sentence for the press, the sums, and the document that is kept."""

import json
from dataclasses import replace
from typing import Any

import pytest

from portcheck.domain.findings import COUNTED, FAMILIES
from portcheck.domain.tally import (
    CashFigures,
    ListUsed,
    MatchFigures,
    PenaltyFigures,
    Tally,
    Unresolved,
    contradictions,
    from_document,
    press_sentence,
)

DAY = Tally(
    operation="Portsmouth 17 June 2021",
    site="Portsmouth International Port",
    started_at="2021-06-17T05:30:00+01:00",
    ended_at=None,
    agencies=["Police", "Border Force"],
    lists=[ListUsed("CECPT", 3, "2021-06-17T05:30:00+01:00", 812, 2, "ab" * 32, 132)],
    checks=132,
    vehicles=132,
    trailers=90,
    containers=1,
    inbound=70,
    outbound=62,
    uk=40,
    foreign=90,
    country_not_recorded=2,
    not_screened=0,
    by_country={"PL": 90, "GB": 40, "not_recorded": 2},
    by_body={"curtain_sided": 132},
    by_hour={"2021-06-17T09": 132},
    by_officer={"4711": 132},
    by_agency={"Police": 132},
    by_unit={"tractor": 130, "rigid": 2},
    by_lane={"not_recorded": 132},
    matches=MatchFigures(1, 1, 0, 1, 0, 1),
    unresolved=[Unresolved("L2-031", "vehicle", "AB1Z", "AB12", "CECPT", "lookalike", "Z for 2")],
    counts=dict.fromkeys(COUNTED, 0)
    | {"searched": 130, "nothing_found": 130, "traffic_offences": 3}
    | {"fixed_penalties_pence": 30000, "drivers_educated": 40},
    families={key: {} for key in FAMILIES}
    | {"by_search_method": {"dog": 130}, "by_offence": {"tachograph": 3}}
    | {"by_disposal": {"fixed_penalty": 3}},
    cash=[CashFigures("EUR", 1, 500000)],
    penalties=PenaltyFigures(480000, 1, 240000, 1, 240000, 0, 240000),
    amended=1,
    voided=0,
    primary_outcomes={"penalty_enforced": 1, "nothing_found": 129, "not_searched": 2},
    fingerprint="L2:512:0001-0203-0405-0607-0809",
    marking="OFFICIAL-SENSITIVE",
)
NONE_PAID = PenaltyFigures()
TWO_PAID = PenaltyFigures(500000, 2, 500000, 2, 500000, 0, 0)

SENTENCES: list[tuple[dict[str, Any], str]] = [
    ({}, "132 HGVs checked; 1 outstanding penalty enforced (£2,400.00); nobody found"),
    (
        {"checks": 1, "vehicles": 1, "penalties": NONE_PAID, "counts": {"persons_found": 1}},
        "1 HGV checked; 0 outstanding penalties enforced; 1 person found",
    ),
    (
        {"checks": 0, "vehicles": 0, "by_unit": {}, "penalties": NONE_PAID},
        "0 HGVs checked; 0 outstanding penalties enforced; nobody found",
    ),
    (
        {
            "checks": 1320,
            "vehicles": 1318,
            "penalties": TWO_PAID,
            "counts": {"persons_found": 1200},
        },
        "1,320 HGV checks of 1,318 vehicles; 2 outstanding penalties enforced (£5,000.00); 1,200 people found",
    ),
    (
        {"by_unit": {"tractor": 131, "not_recorded": 1}},
        "132 vehicles checked; 1 outstanding penalty enforced (£2,400.00); nobody found",
    ),
    (
        {"cash": [CashFigures("EUR", 2, 500000), CashFigures("GBP", 1, 1250000)]},
        "132 HGVs checked; 1 outstanding penalty enforced (£2,400.00); EUR 5,000.00 and £12,500.00 in cash seized; nobody found",
    ),
    (
        {"cash": [CashFigures("GBP", 1, 0)]},
        "132 HGVs checked; 1 outstanding penalty enforced (£2,400.00); nobody found",
    ),
    (
        {"by_unit": {"tractor": 131, "car": 1}},
        "132 vehicles checked; 1 outstanding penalty enforced (£2,400.00); nobody found",
    ),
    (
        {"checks": 3, "vehicles": 1, "by_unit": {"van": 3}},
        "3 vehicle checks of 1 vehicle; 1 outstanding penalty enforced (£2,400.00); nobody found",
    ),
    (
        {"by_unit": {"trailer": 1, "container": 1, "rigid": 1}},
        "132 HGVs checked; 1 outstanding penalty enforced (£2,400.00); nobody found",
    ),
]


@pytest.mark.parametrize(("changes", "sentence"), SENTENCES)
def test_press_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert press_sentence(replace(DAY, **{"cash": []} | changes)) == sentence


def test_a_sound_tally_has_no_contradiction() -> None:
    assert contradictions(DAY) == []
    taken = PenaltyFigures(480000, 1, 240000, 2, 240500, 0, 240000, 500)
    assert contradictions(replace(DAY, penalties=taken)) == []


CONTRADICTED: list[tuple[dict[str, Any], str]] = [
    ({"primary_outcomes": {"nothing_found": 131}}, "primary outcomes: 131 instead of 132"),
    ({"uk": 41}, "UK, foreign and not recorded: 133 instead of 132"),
    ({"by_hour": {}}, "checks by hour: 0 instead of 132"),
    ({"by_officer": {"4711": 1}}, "checks by officer: 1 instead of 132"),
    ({"matches": MatchFigures(1, 1, 1, 1, 0, 1)}, "matches decided and waiting: 2 instead of 3"),
    (
        {"penalties": PenaltyFigures(480001, 1, 240000, 1, 240000, 0, 240000)},
        "penalties enforced, outstanding and not enforceable: 480000 instead of 480001",
    ),
    (
        {"penalties": PenaltyFigures(480000, 1, 240000, 1, 240000, 0, 240000, 500)},
        "penalties enforced, outstanding and not enforceable: 480000 instead of 480500",
    ),
]


@pytest.mark.parametrize(("changes", "said"), CONTRADICTED)
def test_contradictions_are_named(changes: dict[str, Any], said: str) -> None:
    assert contradictions(replace(DAY, **changes)) == [said]


def test_every_contradiction_is_named() -> None:
    assert len(contradictions(replace(DAY, checks=133))) == 4


def test_a_tally_is_complete_when_no_match_waits() -> None:
    assert not DAY.complete
    assert replace(DAY, matches=MatchFigures(1, 0, 0, 1, 0, 0)).complete


def test_the_document_is_json_and_read_back() -> None:
    document = DAY.document()
    assert document["complete"] is False
    assert document["matches"]["unresolved"] == 1
    assert from_document(json.loads(json.dumps(document))) == DAY
    assert from_document(document).document() == document
