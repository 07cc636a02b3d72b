"""What the registry of fields can hold: recorded, counted, warned about, read from a log."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from portcheck.domain.fields import parse
from portcheck.domain.outcome import BY_NAME
from portcheck.errors import Refused
from portcheck.intake.files.source import source_of_bytes
from portcheck.journal.events import OutcomeRecorded
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.correct import Correction, amend
from portcheck.services.checks.decide import record_outcome
from portcheck.services.checks.import_log import import_log
from portcheck.services.context import Context
from portcheck.services.day.overview import CheckView
from portcheck.services.day.tally import tally

Check = Callable[..., SavedCheck]
Seen = Callable[..., CheckView]
IN_2010 = datetime(2010, 6, 1, 9, tzinfo=UTC)


def outcome_of(**typed: str) -> dict[str, Any]:
    """An outcome as it is typed."""
    return {name: parse(BY_NAME[name], text) for name, text in typed.items()}


EVERYTHING = outcome_of(
    persons="3",
    minors="1",
    deaths="1",
    found_by="dog; heartbeat",
    found_in="roof",
    medical_help="yes",
    nrm_referrals="2",
    nrm_notifications="1",
    nrm_crew="1",
    handed_over="immigration:2; foreign police:1",
    nationalities="Vietnam:2; ER:1",
    asylum_claimed="2",
    seizures="drugs:kg:2.5:100000:cannabis; drugs:g:300; tobacco:cigarettes:4000; 2:tools",
    new_penalties="notice issued:32:driver:CP-2077:6000; case_referred:31a:owner",
    detention_expenses_pence="125.50",
    held_for="police; dvsa",
    offences="cabotage:conditional offer:200; levy:prohibition_s_marked",
)
COUNTED = {
    "persons_found": 3,
    "deaths": 1,
    "medical_help": 1,
    "nrm_referrals": 2,
    "nrm_notifications": 1,
    "nrm_crew": 1,
    "by_found_by": {"dog": 1, "heartbeat": 1},
    "by_found_in": {"roof": 1},
    "by_handed_over": {"immigration": 2, "foreign_police": 1},
    "by_nationality": {"VN": 2, "ER": 1},
    "asylum_claimed": 2,
    "seizures": 5,
    "seizures_pence": 10_000_000,
    "by_seizure": {"drugs": 2, "tobacco": 1, "not_recorded": 2},
    "seized": {"tobacco.cigarettes": 4000, "drugs.g": 2800},
    "notices_issued": 1,
    "cases_referred": 1,
    "new_penalties_pence": 600_000,
    "by_new_penalty": {"notice_issued.32.driver": 1, "case_referred.31A.owner": 1},
    "detention_expenses_pence": 12_550,
    "vehicles_held": 1,
    "by_held_for": {"police": 1, "dvsa": 1},
    "by_offence": {"cabotage": 1, "levy": 1},
    "prohibitions": 1,
    "conditional_offers_pence": 20_000,
}


def test_everything_is_recorded_and_counted(under_way: Context, check: Check, seen: Seen) -> None:
    saved = check("QQ1 QQQ", outcome=EVERYTHING)
    assert saved.warnings == ()
    assert seen(saved.ref).outcome == EVERYTHING
    found = tally(under_way).document()
    assert {key: found[key] for key in COUNTED} == COUNTED


def test_the_sentence_for_the_press_says_nothing_that_is_sensitive(
    under_way: Context, check: Check
) -> None:
    check("QQ1 QQQ", outcome={"persons": 3})
    before = tally(under_way).press_sentence
    sensitive = {name: EVERYTHING[name] for name, field in BY_NAME.items() if field.sensitive}
    assert sensitive.keys() == {"nationalities", "asylum_claimed"}
    record_outcome(under_way, "1", under_way.operation().operation_id, sensitive)
    assert tally(under_way).press_sentence == before


UNUSUAL = [
    ("tachograph:fixed_penalty:100", ()),
    (
        "tachograph:fixed_penalty:120",
        ("a fixed penalty of £120.00: the published ones are £50.00, £100.00, £200.00, £300.00",),
    ),
    (
        "speeding:conditional_offer:60",
        (
            "a conditional offer of £60.00: the published ones are £50.00, £100.00, £200.00, £300.00",
        ),
    ),
    ("licence:deposit:500", ()),
    ("licence:deposit:500.01", ("a deposit of £500.01: the most for an offence is £500.00",)),
    (
        "; ".join(f"{one}:deposit:400" for one in ("licence", "levy", "other", "cabotage")),
        ("deposits of £1,600.00: the most in all is £1,500.00",),
    ),
]


@pytest.mark.parametrize(("typed", "warnings"), UNUSUAL)
def test_sums_outside_the_published_rates_are_warned_about_and_recorded(
    under_way: Context, check: Check, seen: Seen, typed: str, warnings: tuple[str, ...]
) -> None:
    given = outcome_of(offences=typed)
    here = under_way.operation().operation_id
    assert check("QQ1 QQQ", outcome=given).warnings == warnings
    check("QQ2 QQQ")
    assert tuple(record_outcome(under_way, "2", here, given)[1]) == warnings
    check("QQ3 QQQ", outcome=outcome_of(offences="other:words_of_advice"))
    wanted = Correction({}, {}, given)
    assert tuple(amend(under_way, "3", here, wanted, "misread")[2]) == warnings
    assert [seen(f"L1-00{number}").outcome for number in (1, 2, 3)] == [given] * 3


def test_deposits_are_added_up_over_the_day_of_a_check(under_way: Context, check: Check) -> None:
    here = under_way.operation().operation_id
    check("QQ1 QQQ", outcome=outcome_of(offences="licence:deposit:500; levy:deposit:500"))
    more = outcome_of(offences="other:deposit:500.00; cabotage:deposit:1.00")
    assert record_outcome(under_way, "1", here, more)[1] == [
        "deposits of £1,501.00: the most in all is £1,500.00"
    ]
    assert record_outcome(under_way, "1", here, outcome_of(notes="seen"))[1] == []


def test_the_rates_are_those_of_the_day(under_way: Context, check: Check) -> None:
    """A deposit of £500 was too much once; what a fixed penalty was then is not held."""
    given = outcome_of(offences="tachograph:fixed_penalty:120; licence:deposit:500")
    assert check("QQ1 QQQ", at=IN_2010, outcome=given).warnings == (
        "a deposit of £500.00: the most for an offence is £300.00",
    )


def test_a_log_is_read_in_the_words_of_now_and_of_then(under_way: Context, seen: Seen) -> None:
    text = (
        "Registration,Seizures,Nationality,Persons found,Expenses of detention,New penalty\n"
        'QQ1 QQQ,"1:tobacco, 4000 cigarettes",,,,\n'
        "QQ2 QQQ,drugs:kg:2.5,VN:1,1,125.50,case_referred:32:driver\n"
        "QQ3 QQQ,,Narnia:1,1,,\n"
        "QQ4 QQQ,,,,12.345,\n"
    )
    found = import_log(under_way, source_of_bytes("log.csv", text.encode()))
    assert (found.accepted, found.rejected) == (2, 2)
    assert [one.column for one in found.problems] == [
        "nationalities",
        "detention_expenses_pence",
    ]
    assert seen("L1-001").outcome == {
        "seizures": [{"count": 1, "what": "tobacco, 4000 cigarettes"}]
    }
    assert seen("L1-002").outcome == outcome_of(
        seizures="drugs:kg:2.5",
        nationalities="VN:1",
        persons="1",
        detention_expenses_pence="125.5",
        new_penalties="case_referred:32:driver",
    )


def test_an_outcome_that_was_accepted_once_hinders_no_other_correction(
    under_way: Context, check: Check, seen: Seen
) -> None:
    """A rule that came later is asked of what is recorded from then on."""
    check_id = check("QQ1 QQQ", outcome={"persons": 1}).check_id
    here = under_way.operation().operation_id
    old = {"minors": 1, "nrm_notifications": 1}
    with under_way.writing() as writer:
        writer.append(OutcomeRecorded(check_id=check_id, outcome=old))
    amend(under_way, "1", here, Correction({}, {"lane": "4"}, {}), "wrong lane")
    assert seen("L1-001").details == {"lane": "4"}
    with pytest.raises(Refused, match="a minor is always referred"):
        amend(under_way, "1", here, Correction({}, {}, {"language": "pl"}), "asked")
