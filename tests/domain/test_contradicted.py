"""Penalty lines of one answer held against each other."""

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portcheck.domain.answer import AssessedPenalty, Match, Unit
from portcheck.domain.contradicted import MOST_ELSEWHERE, Elsewhere, contradicted, to_hold
from portcheck.domain.enforceability import Enforceable, ListAge, Rule, assess
from portcheck.domain.matching import Tier
from portcheck.domain.penalty import PenaltyLine

YES, NO, REFER = Enforceable.YES, Enforceable.NO, Enforceable.REFER
TODAY = date(2026, 6, 17)
DATED = {"CECPT": TODAY, "POLICE": TODAY, "OLD": date(2026, 6, 10)}
OWED = PenaltyLine(
    reference="CP-1042",
    haulier="Acme Ltd",
    balance_pence=240000,
    status="Overdue",
    issued_on=date(2023, 4, 1),
)
SECURING = replace(
    OWED, section="31A", liable_party="ACME Ltd", incident_on=date(2023, 3, 20), reference="CP-1"
)
CARRYING = replace(SECURING, reference="CP-2", section="32", liable_party="Acme Limited")

ENTRIES = itertools.count(1)


def match(*lines: PenaltyLine, unit: Unit = Unit.VEHICLE, **changes: Any) -> Match:
    """A vehicle of list CECPT with these penalty lines."""
    penalties = [
        AssessedPenalty(line, assess(line, today=TODAY, age=ListAge(1, 7)), number)
        for number, line in zip(ENTRIES, lines)  # noqa: B905 - there is no end of numbers
    ]
    found = Match(
        unit, "AB12CDE", "AB12 CDE", "", "GB", Tier.EXACT, 0, "", "CECPT", 1, "", tuple(penalties)
    )
    return replace(found, **changes)


def answers(*matches: Match) -> list[Enforceable]:
    """The answer to every line, in order."""
    found = contradicted(list(matches), DATED)
    return [one.assessment.enforceable for match in found for one in match.penalties]


CASES: list[tuple[dict[str, Any], list[Enforceable]]] = [
    ({}, [YES, YES]),
    ({"balance_pence": 0, "status": "Paid"}, [REFER, NO]),
    ({"balance_pence": 100}, [REFER, REFER]),
    ({"balance_pence": 100, "reference": "cp 1042"}, [REFER, REFER]),
    ({"balance_pence": 100, "haulier": "Weald Ltd"}, [REFER, REFER]),
    ({"status": "Withdrawn"}, [REFER, NO]),
    ({"status": "unpaid"}, [YES, YES]),  # in other words the same
    ({"notes": "two lorries"}, [YES, YES]),
    ({"reference": "CP-2", "balance_pence": 0}, [YES, NO]),
    ({"reference": "", "balance_pence": 1}, [YES, YES]),
    ({"liable_role": "owner", "balance_pence": 100}, [REFER, REFER]),  # it may be the other's
]
OWNED = replace(OWED, liable_party="Acme Ltd", liable_role="owner")


@pytest.mark.parametrize(("changes", "said"), CASES)
def test_a_list_that_contradicts_itself_is_referred(
    changes: dict[str, Any], said: list[Enforceable]
) -> None:
    """Whether it does so about one registration, or about tractor and trailer."""
    other = replace(OWED, **changes)
    assert answers(match(OWED, other)) == said
    assert answers(match(OWED), match(other, unit=Unit.TRAILER)) == said
    if said[0] is REFER:
        found = contradicted([match(OWED, other)], DATED)[0].penalties[0].assessment
        assert found.reasons == ("the list gives penalty CP-1042 more than once, and otherwise",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"liable_party": "ACME Limited", "balance_pence": 100}, [REFER, REFER]),
        ({"liable_party": "J Smith", "liable_role": "driver", "balance_pence": 0}, [YES, NO]),
        ({"liable_party": "Weald Ltd", "balance_pence": 100}, [YES, YES]),
    ],
)
def test_each_party_has_a_penalty_of_its_own(
    changes: dict[str, Any], said: list[Enforceable]
) -> None:
    assert answers(match(OWNED, replace(OWNED, **changes))) == said


DRIVERS = replace(OWNED, liable_party="J Smith", liable_role="driver")


@pytest.mark.parametrize(
    ("nobodys", "said"),
    [
        (OWED, [YES, YES, REFER]),  # it may be the one's or the other's
        (replace(OWED, liable_role="hirer"), [YES, YES, YES]),  # it is a third party's
        (replace(OWED, reference="CP-2"), [YES, YES, YES]),
    ],
)
def test_a_line_that_may_be_of_several_parties_is_referred(
    nobodys: PenaltyLine, said: list[Enforceable]
) -> None:
    assert answers(match(OWNED), match(DRIVERS), match(nobodys, list_name="POLICE")) == said
    found = contradicted(
        [match(nobodys)],
        DATED,
        [Elsewhere("POLICE", 1, "AB12 CDE", one) for one in (OWNED, DRIVERS)],
    )
    assert found[0].penalties[0].assessment.enforceable is said[2]


def test_lines_without_a_reference_are_not_held_against_each_other() -> None:
    nameless = replace(OWED, reference="")
    assert answers(match(nameless, replace(nameless, balance_pence=1))) == [YES, YES]
    other = match(replace(nameless, balance_pence=1), list_name="POLICE")
    assert answers(match(replace(nameless, haulier="Acme")), other) == [YES, YES]


@pytest.mark.parametrize(
    ("name", "said", "reason"),
    [
        ("POLICE", [REFER, REFER], "list POLICE of 17 Jun 2026 gives £1.00 (Overdue)"),
        ("OLD", [YES, REFER], ""),
    ],
)
def test_the_newest_list_counts(name: str, said: list[Enforceable], reason: str) -> None:
    matches = [match(OWED), match(replace(OWED, balance_pence=100), list_name=name)]
    assert answers(*matches) == said
    if reason:
        assert contradicted(matches, DATED)[0].penalties[0].assessment.reasons == (reason,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, REFER),
        ({"incident_on": date(2023, 3, 21)}, YES),
        ({"liable_party": "Weald Ltd"}, YES),
        ({"section": ""}, YES),
        ({"section": "31A"}, YES),
    ],
)
def test_both_sections_on_one_party_for_one_incident_are_referred(
    changes: dict[str, Any], said: Enforceable
) -> None:
    """In one entry, on tractor and trailer, and in two lists (s.31A(11), s.32(6B))."""
    other = replace(CARRYING, **changes)
    for matches in (
        [match(SECURING, other)],
        [match(SECURING), match(other, unit=Unit.TRAILER)],
        [match(SECURING), match(other, list_name="OLD")],
    ):
        assert answers(*matches) == [said, said]
        if said is REFER:
            lines = [one for found in contradicted(matches, DATED) for one in found.penalties]
            assert {one.assessment.rule for one in lines} == {Rule.IMPOSSIBLE}


def test_another_vehicles_incident_of_that_day_is_another() -> None:
    weak = match(CARRYING, tier=Tier.WEAK, registration="AB12 CDF")
    assert answers(match(SECURING), weak) == [YES, YES]
    assert answers(replace(weak, penalties=match(SECURING, CARRYING).penalties)) == [REFER, REFER]


PAID = replace(OWED, balance_pence=0, status="Paid")
ELSEWHERE: list[tuple[str, PenaltyLine, str]] = [
    ("POLICE", PAID, "list POLICE of 17 Jun 2026 gives £0.00 (Paid) for XY34 ZZZ, row 12"),
    ("CECPT", PAID, "list CECPT of 17 Jun 2026 gives £0.00 (Paid) for XY34 ZZZ, row 12"),
    (
        "NEW",
        replace(OWED, balance_pence=None, reference="cp 1042"),
        "list NEW of 18 Jun 2026, which is newer, gives no sum (Overdue) for XY34 ZZZ, row 12",
    ),
    ("OLD", PAID, ""),
    ("POLICE", OWED, ""),
    ("POLICE", replace(PAID, reference="CP-1043"), ""),
]


@pytest.mark.parametrize(("name", "line", "reason"), ELSEWHERE)
def test_an_entry_about_another_vehicle_contradicts_too(
    name: str, line: PenaltyLine, reason: str
) -> None:
    matches, beside = [match(OWED)], Elsewhere(name, 12, "XY34 ZZZ", line)
    dated = DATED | {"NEW": date(2026, 6, 18)}
    assert to_hold(matches) == {"cp1042"}
    found = contradicted(matches, dated, [beside])[0].penalties[0].assessment
    if reason:
        said = (found.enforceable, found.rule, found.reasons)
        assert said == (REFER, Rule.DOUBTFUL, (reason,))
    else:
        assert found.enforceable is YES


def test_another_partys_penalty_elsewhere_is_another() -> None:
    line = replace(OWNED, liable_party="J Smith", liable_role="driver", balance_pence=0)
    found = contradicted([match(OWNED)], DATED, [Elsewhere("POLICE", 1, "XY34 ZZZ", line)])
    assert found[0].penalties[0].assessment.enforceable is YES


def test_of_many_that_contradict_a_few_are_named() -> None:
    several = [Elsewhere("POLICE", row, "XY34 ZZZ", PAID) for row in range(1, 10)]
    reasons = contradicted([match(OWED)], DATED, several)[0].penalties[0].assessment.reasons
    assert [reason[-5:] for reason in reasons[:3]] == ["row 1", "row 2", "row 3"]
    assert reasons[3:] == ("so do 6 more entries",)


@pytest.mark.parametrize(("number", "said"), [(MOST_ELSEWHERE, YES), (MOST_ELSEWHERE + 1, REFER)])
def test_a_reference_on_more_entries_than_are_read_is_referred(
    number: int, said: Enforceable
) -> None:
    several = [Elsewhere("POLICE", row, "XY34 ZZZ", OWED) for row in range(number)]
    found = contradicted([match(OWED)], DATED, several)[0].penalties[0].assessment
    assert found.enforceable is said


@pytest.mark.parametrize("changes", [{"balance_pence": 0}, {"reference": ""}])
def test_nothing_is_held_where_there_is_no_yes_to_lose(changes: dict[str, Any]) -> None:
    assert to_hold([match(replace(OWED, **changes))]) == set()


def test_what_would_be_without_the_payments_is_contradicted_too() -> None:
    """A tally asks for it where a payment is taken back."""
    paid = match(OWED)
    settled = replace(
        paid.penalties[0],
        assessment=replace(paid.penalties[0].assessment, enforceable=NO, rule=Rule.RECORDED_HERE),
        otherwise=paid.penalties[0].assessment,
    )
    other = match(replace(OWED, balance_pence=100), list_name="POLICE")
    found = contradicted([replace(paid, penalties=(settled,)), other], DATED)[0].penalties[0]
    assert found.assessment.rule is Rule.RECORDED_HERE
    assert found.otherwise is not None
    assert found.otherwise.enforceable is REFER
