"""What contradicts itself, what a check is counted under, and what is counted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.findings import Finding, findings
from portcheck.domain.outcome import (
    BY_NAME,
    ENFORCING,
    OUTCOME,
    Primary,
    merged,
    primary_outcome,
    validate,
)
from portcheck.domain.outcome_words import DISPOSALS, OFFENCES, PENALTY_ACTIONS, PROHIBITIONS
from portcheck.errors import Refused

Values = dict[str, Any]


def penalty(action: str, **more: Any) -> Values:
    return {"penalties": [{"reference": "CP-1", "action": action, **more}]}


def offence(disposal: str, **more: Any) -> Values:
    return {"offences": [{"offence": "tachograph", "disposal": disposal, **more}]}


def cash(disposal: str) -> Values:
    return {"cash": [{"currency": "GBP", "amount_minor": 1, "disposal": disposal}]}


SOUND: list[Values] = [
    {},
    {"persons": 2, "minors": 2, "nrm_referrals": 2},
    {"persons": 3, "minors": 1, "nrm_referrals": 1, "nrm_notifications": 2},
    {"nothing_found": True, "persons": 0},
    {"nothing_found": True, "cash": []},
    {"nothing_found": True} | offence("fixed_penalty"),
    {"nothing_found": True} | penalty("paid_in_full", amount_pence=1),
    {"nothing_found": False, "persons": 1},
    offence("fixed_penalty", amount_pence=10000),
    offence("deposit", amount_pence=50000),
    offence("words_of_advice"),
]


@pytest.mark.parametrize("values", SOUND)
def test_outcomes_that_hold_together(values: Values) -> None:
    validate(values)


CONTRADICTIONS: list[tuple[Values, str]] = [
    ({"minors": 1}, "more minors than persons"),
    ({"persons": 1, "minors": 2}, "more minors than persons"),
    ({"nrm_referrals": 1}, "more referrals and notifications than persons"),
    ({"persons": 1, "nrm_referrals": 1, "nrm_notifications": 1}, "more referrals"),
    ({"persons": 1, "deaths": 2}, "deaths: 2 of 1 persons found"),
    ({"asylum_claimed": 1}, "asylum claimed: 1 of 0 persons found"),
    ({"persons": 1, "handed_over": [{"to": "police", "count": 2}]}, "handed over: 2 of 1"),
    (
        {"persons": 2, "nationalities": [{"nationality": "VN", "count": 1}] * 3},
        "nationality: 3 of 2",
    ),
    ({"found_by": ["dog"]}, "found by, and yet no person found"),
    ({"found_in": ["roof"], "persons": 0}, "found in, and yet no person found"),
    ({"nrm_crew": 1}, "more drivers and passengers than were referred"),
    ({"persons": 1, "nrm_referrals": 3, "nrm_crew": 1}, "more referrals and notifications"),
    ({"persons": 2, "minors": 2, "nrm_notifications": 1}, "a minor is always referred"),
    ({"nothing_found": True, "persons": 1}, "nothing found, and yet persons found is recorded"),
    (
        {"nothing_found": True, "seizures": [{"count": 1}]} | cash("counted"),
        "nothing found, and yet cash, seizures is recorded",
    ),
    (offence("words_of_advice", amount_pence=1), "not with words_of_advice"),
    (offence("prohibition_delayed", amount_pence=0), "not with prohibition_delayed"),
]


@pytest.mark.parametrize(("values", "said"), CONTRADICTIONS)
def test_outcomes_that_contradict_themselves(values: Values, said: str) -> None:
    with pytest.raises(Refused, match=said):
        validate(values)


@pytest.mark.parametrize(
    "values",
    [
        {"nrm_referrals": 1, "nrm_crew": 1},  # a driver, and nobody was found
        {"nrm_notifications": 1, "nrm_crew": 1},
        {"persons": 2, "minors": 2, "nrm_referrals": 2, "nrm_notifications": 1, "nrm_crew": 1},
        {"persons": 2, "minors": 1, "nrm_notifications": 1},
        {"persons": 2, "deaths": 2, "asylum_claimed": 2, "found_by": ["dog"]},
        offence("conditional_offer", amount_pence=10000),
    ],
)
def test_outcomes_that_do_not(values: Values) -> None:
    validate(values)


PRIMARY: list[tuple[Values, bool, Primary]] = [
    ({}, False, Primary.NOT_SEARCHED),
    ({}, True, Primary.MATCH_UNRESOLVED),
    ({"notes": ["x"], "seal": "intact"}, False, Primary.NOT_SEARCHED),
    ({"searched": ["visual"]}, False, Primary.NOTHING_FOUND),
    ({"nothing_found": True}, False, Primary.NOTHING_FOUND),
    ({"nothing_found": False}, False, Primary.NOT_SEARCHED),
    ({"nothing_found": True}, True, Primary.MATCH_UNRESOLVED),
    ({"searched": ["dog"], "places": ["cab"]}, True, Primary.MATCH_UNRESOLVED),
    ({"places": ["cab"]}, False, Primary.NOT_SEARCHED),
    (offence("words_of_advice"), False, Primary.OFFENCE_DEALT_WITH),
    (offence("words_of_advice"), True, Primary.OFFENCE_DEALT_WITH),
    (offence("arrest"), False, Primary.ARREST),
    ({"arrests": [{"count": 1}]}, False, Primary.ARREST),
    ({"arrests": [{"count": 0}]}, False, Primary.NOT_SEARCHED),
    (penalty("paid_in_full"), False, Primary.PENALTY_ENFORCED),
    (penalty("part_paid"), False, Primary.PENALTY_ENFORCED),
    (penalty("security_given"), False, Primary.PENALTY_ENFORCED),
    (penalty("vehicle_detained"), False, Primary.PENALTY_ENFORCED),
    (penalty("refused"), False, Primary.NOT_SEARCHED),
    (penalty("referred"), False, Primary.NOT_SEARCHED),
    (penalty("not_enforceable"), False, Primary.NOT_SEARCHED),
    (cash("seized"), False, Primary.CASH_SEIZED),
    (cash("counted"), False, Primary.NOT_SEARCHED),
    ({"persons": 1}, False, Primary.PERSONS_FOUND),
    ({"persons": 0}, False, Primary.NOT_SEARCHED),
    ({"detained": True}, False, Primary.NOT_SEARCHED),
    ({"seizures": [{"count": 1}], "searched": ["dog"]}, False, Primary.NOTHING_FOUND),
]


@pytest.mark.parametrize(("values", "unresolved", "primary"), PRIMARY)
def test_primary_outcome(values: Values, unresolved: bool, primary: Primary) -> None:
    assert primary_outcome(values, unresolved=unresolved) is primary


IN_ORDER: list[tuple[Primary, Values]] = [
    (Primary.PERSONS_FOUND, {"persons": 1}),
    (Primary.CASH_SEIZED, cash("seized")),
    (Primary.PENALTY_ENFORCED, penalty("part_paid")),
    (Primary.ARREST, {"arrests": [{"count": 1}]}),
    (Primary.OFFENCE_DEALT_WITH, offence("deposit")),
]


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_the_first_that_fits_counts(first: int) -> None:
    values: Values = {"searched": ["dog"]}
    for _, more in IN_ORDER[first:]:
        values |= more
    assert primary_outcome(values, unresolved=True) is IN_ORDER[first][0]


COUNTED: list[tuple[Values, list[Finding]]] = [
    ({}, []),
    ({"detained": False, "persons": 0, "notes": ["x"], "language": "pl"}, []),
    ({"detained": True}, [Finding("detained", 0)]),
    ({"persons": 3}, [Finding("persons", 0, quantity=3)]),
    (
        {"searched": ["dog", "co2"]},
        [Finding("searched", 0, value="dog"), Finding("searched", 1, value="co2")],
    ),
    ({"seal": "broken"}, [Finding("seal", 0, value="broken")]),
    (
        {"cash": [{"currency": "EUR", "amount_minor": 5, "disposal": "seized"}]},
        [Finding("cash", 0, value="seized", amount_minor=5, currency="EUR")],
    ),
    (
        penalty("part_paid", amount_pence=100, method="card"),
        [Finding("penalties", 0, "CP-1", "part_paid", amount_minor=100, currency="GBP")],
    ),
    (penalty("refused"), [Finding("penalties", 0, "CP-1", "refused")]),
    (
        offence("fixed_penalty", amount_pence=10000),
        [Finding("offences", 0, "tachograph", "fixed_penalty", 1, 10000, "GBP")],
    ),
    (
        {"arrests": [{"count": 2, "reason": "facilitation"}, {"count": 0}]},
        [
            Finding("arrests", 0, value="facilitation", quantity=2),
            Finding("arrests", 1, value="", quantity=0),
        ],
    ),
    (
        {"seizures": [{"count": 4, "what": "tobacco"}]},  # as it was written once
        [Finding("seizures", 0, quantity=4)],
    ),
    (
        {
            "seizures": [
                {"kind": "drugs", "unit": "kg", "quantity_minor": 2500, "value_pence": 90000},
                {"kind": "phones", "quantity_minor": 3},
                {"kind": "stolen_vehicle", "what": "a loader"},
            ]
        },
        [
            Finding("seizures", 0, "drugs", "g", 1, 90000, "GBP", 2500),
            Finding("seizures", 1, "phones", "items", measured=3),
            Finding("seizures", 2, "stolen_vehicle"),
        ],
    ),
    (
        {"new_penalties": [{"done": "notice_issued", "section": "32", "against": "driver"}]},
        [Finding("new_penalties", 0, "notice_issued", "32.driver")],
    ),
    (
        {"detention_expenses_pence": 4000},
        [Finding("detention_expenses_pence", 0, amount_minor=4000, currency="GBP")],
    ),
    (
        {"nationalities": [{"nationality": "VN", "count": 2}]},
        [Finding("nationalities", 0, "VN", quantity=2)],
    ),
]


@pytest.mark.parametrize(("values", "rows"), COUNTED)
def test_findings(values: Values, rows: list[Finding]) -> None:
    assert findings(values) == rows


def test_findings_stand_in_the_order_of_the_registry() -> None:
    found = findings({"detained": True, "persons": 1, "searched": ["dog"]})
    assert [item.field for item in found] == ["searched", "persons", "detained"]


def test_merged_adds_and_validates() -> None:
    assert merged({"persons": 2}, {"minors": 1}) == {"persons": 2, "minors": 1}
    with pytest.raises(Refused, match="more minors"):
        merged({"persons": 1}, {"minors": 2})
    with pytest.raises(Refused, match="nothing found, and yet"):
        merged({"nothing_found": True}, {"persons": 1})
    with pytest.raises(Refused, match="already recorded"):
        merged({"persons": 1}, {"persons": 2})


def test_the_words_are_those_of_the_registry() -> None:
    parts = {part.name: part.choices for part in BY_NAME["penalties"].parts}
    assert parts["action"] == PENALTY_ACTIONS
    assert set(PENALTY_ACTIONS) >= ENFORCING
    assert set(DISPOSALS) >= PROHIBITIONS
    assert len(OFFENCES) == 19
    assert not any("name" in field.name for field in OUTCOME)  # nobody found is named


counts = st.integers(0, 4)
rough = st.fixed_dictionaries(
    {},
    optional={
        "persons": counts,
        "minors": counts,
        "nrm_referrals": counts,
        "nrm_notifications": counts,
        "nothing_found": st.booleans(),
        "searched": st.lists(st.sampled_from(["dog", "co2"]), unique=True),
        "penalties": st.lists(
            st.fixed_dictionaries(
                {"reference": st.just("CP-1"), "action": st.sampled_from(PENALTY_ACTIONS)}
            )
        ),
    },
)


@given(rough, st.booleans())
def test_one_primary_outcome_whatever_was_recorded(values: Values, unresolved: bool) -> None:
    primary = primary_outcome(values, unresolved=unresolved)
    assert (primary is Primary.PERSONS_FOUND) == (values.get("persons", 0) > 0)
    if primary in {Primary.NOTHING_FOUND, Primary.NOT_SEARCHED}:
        assert not unresolved


@given(rough)
def test_nothing_found_is_never_valid_with_a_person(values: Values) -> None:
    try:
        validate(values)
    except Refused:
        return
    assert not (values.get("nothing_found") and values.get("persons"))
    assert values.get("minors", 0) <= values.get("persons", 0)
