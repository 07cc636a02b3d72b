"""The money of the day: each penalty line once, however often its vehicle came by."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portcheck.domain.answer import Answer
from portcheck.domain.enforceability import Enforceable
from portcheck.domain.tally import (
    CashFigures,
    PenaltyFigures,
    Tally,
    contradictions,
    from_document,
)
from portcheck.services import operation
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.correct import Correction, amend
from portcheck.services.checks.decide import decide
from portcheck.services.context import Context
from portcheck.services.day.explain import explain
from portcheck.services.day.groups import groups
from portcheck.services.day.overview import CheckView, Wanted, checks
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement, tally
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching.lookup import look_up
from portcheck.services.matching.matcher import Query

Check = Callable[..., SavedCheck]
Counted = Callable[[], Tally]
Take = Callable[..., ImportResult]
Seen = Callable[[str], CheckView]

VEHICLES = {
    "checks_with_persons": 2,
    "vehicles_with_persons": 1,
    "vehicles_detained": 2,
    "vehicles_held": 1,
}


def pay(action: str = "paid_in_full", reference: str = "CP-1042", **more: Any) -> dict[str, Any]:
    return {"penalties": [{"reference": reference, "action": action, **more}]}


def line(registration: str, reference: str, balance: str, **more: str) -> dict[str, str]:
    return {
        "Registration": registration,
        "Penalty reference": reference,
        "Haulier": "Acme",
        "Issued on": "04/01/2021",
        "Balance": balance,
    } | more


MONEY: list[tuple[str, list[dict[str, Any]], PenaltyFigures]] = [
    ("nothing recorded", [{}], PenaltyFigures(240000, 1, 240000, 0, 0, 240000, 0)),
    ("paid", [pay()], PenaltyFigures(240000, 1, 240000, 1, 240000, 0, 0)),
    ("seen twice, paid once", [{}, pay()], PenaltyFigures(240000, 1, 240000, 1, 240000, 0, 0)),
    (
        "paid twice",
        [pay(), pay("part_paid", amount_pence=500)],
        PenaltyFigures(240000, 1, 240000, 1, 240000, 0, 0, overpaid_pence=500),
    ),
    (
        "paid in two parts",
        [pay("part_paid", amount_pence=40000), pay("part_paid", amount_pence=100000)],
        PenaltyFigures(240000, 1, 240000, 1, 140000, 100000, 0),
    ),
    (
        "secured",
        [pay("security_given", amount_pence=240000)],
        PenaltyFigures(240000, 1, 240000, 1, 240000, 0, 0),
    ),
    (
        "more than was owed",
        [pay("part_paid", amount_pence=999999)],
        PenaltyFigures(240000, 1, 240000, 1, 240000, 0, 0, overpaid_pence=759999),
    ),
    ("refused", [pay("refused")], PenaltyFigures(240000, 1, 240000, 0, 0, 240000, 0)),
    ("detained", [pay("vehicle_detained")], PenaltyFigures(240000, 1, 240000, 0, 0, 240000, 0)),
    (
        "nought",
        [pay("part_paid", amount_pence=0)],
        PenaltyFigures(240000, 1, 240000, 0, 0, 240000, 0),
    ),
]


@pytest.mark.parametrize(
    ("outcomes", "figures"), [case[1:] for case in MONEY], ids=[case[0] for case in MONEY]
)
def test_a_line_counts_once(
    under_way: Context,
    check: Check,
    counted: Counted,
    outcomes: list[dict[str, Any]],
    figures: PenaltyFigures,
) -> None:
    for outcome in outcomes:
        check("AB12CDE", decision="confirmed", outcome=outcome, again=True)
    found = counted()
    assert found.penalties == figures
    assert contradictions(found) == []
    assert found.vehicles == 1


def test_a_rejected_match_owes_nothing_and_an_open_one_is_shown(
    under_way: Context, check: Check, counted: Counted
) -> None:
    check("AB12CDE")
    assert counted().penalties.listed_pence == 240000
    decide(under_way, "L1-001", under_way.operation().operation_id, confirm=False, reason="no")
    assert counted().penalties == PenaltyFigures()


def test_what_cannot_be_enforced_is_apart_until_it_is_acted_upon(
    under_way: Context, take: Take, check: Check, counted: Counted
) -> None:
    take([line("AB12 CDE", "CP-1", "50.00", Status="under appeal")])
    check("AB12CDE", decision="confirmed")
    assert counted().penalties == PenaltyFigures(5000, 0, 0, 0, 0, 0, 5000)
    check("AB12CDE", decision="confirmed", outcome=pay("part_paid", "CP-1", amount_pence=2000))
    assert counted().penalties == PenaltyFigures(5000, 0, 0, 1, 2000, 3000, 0)


def test_the_lines_of_several_parties_are_several_lines(
    under_way: Context, take: Take, check: Check, counted: Counted
) -> None:
    take(
        [
            line("AB12 CDE", "CP-1", "20.00", **{"Liable party": "A Co", "Role": "owner"}),
            line("AB12 CDE", "CP-1", "30.00", **{"Liable party": "J Smith", "Role": "driver"}),
            line("AB12 CDE", "", "5.00"),
            line("AB12 CDE", "", "7.00"),
        ]
    )
    check("AB12CDE", decision="confirmed", outcome=pay("part_paid", "CP-1", amount_pence=2500))
    found = counted().penalties
    assert (found.listed_pence, found.enforceable_count) == (6200, 4)
    assert (found.enforced_count, found.enforced_pence) == (2, 2500)
    assert found.outstanding_pence == 3700


def test_one_penalty_in_two_lists_is_one_line(
    under_way: Context, take: Take, check: Check, counted: Counted
) -> None:
    """Each office writes the reference and the party in its own way."""
    take([line("AB12 CDE", "CP-1", "50.00", **{"Liable party": "Acme Ltd", "Role": "owner"})])
    take([line("AB12 CDE", "cp 1", "50.00", **{"Liable party": "ACME LIMITED"})], name="POLICE")
    take([line("AB12 CDE", "CP-1", "50.00")], name="PORT")
    check("AB12CDE", decision="confirmed", outcome=pay("part_paid", "CP-1", amount_pence=2000))
    assert counted().penalties == PenaltyFigures(5000, 1, 5000, 1, 2000, 3000, 0)
    (found,) = statement(under_way, select(under_way)).lines
    assert found.refs == ["L1-001"]


OWNERS = {"Liable party": "Acme Ltd", "Role": "owner"}
DRIVERS = {"Liable party": "J Smith", "Role": "driver"}


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(
    ("third", "more", "unclear"),
    [
        ("34.00", {}, 1000),  # both together: what is left of it is for the list office
        ("24.00", {}, 0),
        ("10.00", {}, 0),
        ("24.00", {"Role": "owner"}, 0),
        ("10.00", {"Role": "driver", "Liable party": "J SMITH"}, 0),
    ],
)
def test_card_and_tally_agree_where_a_list_names_no_party_and_others_two(
    under_way: Context, take: Take, check: Check, counted: Counted, clock: list[datetime],
    third: str, more: dict[str, str], unclear: int, later: bool,
) -> None:  # fmt: skip
    """Whether it came before the payment or after: £30.00, of £24.00 and £10.00."""
    take([line("AB99 CDE", "CP-1", "24.00", **OWNERS)], name="A")
    take([line("AB99 CDE", "CP-1", "10.00", **DRIVERS)], name="B")

    def take_third() -> None:
        clock.append(clock[-1] + timedelta(days=1))
        take([line("AB99 CDE", "CP-1", third, **more)], name="C")

    if not later:
        take_third()
    paid = pay("part_paid", "CP-1", amount_pence=3000)
    saved = check("AB99CDE", decision="confirmed", outcome=paid)
    assert not [warning for warning in saved.warnings if "above it" in warning]
    if later:
        take_third()
    (answer,) = look_up(under_way, [Query("AB99CDE")])
    assert isinstance(answer, Answer)
    card = {m.list_name: m.penalties[0] for m in answer.matches}
    assert [card[name].left_pence for name in "AB"] == [0, 400]
    said = [card[name].assessment.enforceable.value for name in "AB"]
    assert said == ["no", "yes"]
    assert more or card["C"].assessment.enforceable is not Enforceable.YES
    assert answer.enforceable_pence == 400
    found = counted().penalties
    assert (found.enforced_pence, found.outstanding_pence) == (3000, 400)
    assert (found.overpaid_pence, found.not_enforceable_pence) == (0, unclear)
    assert statement(under_way, select(under_way)).contradictions() == []


def test_the_newest_list_counts(
    under_way: Context, take: Take, check: Check, counted: Counted, clock: list[datetime]
) -> None:
    """It is the date of the list that makes it new, not the order of importing."""
    take([line("AB12 CDE", "CP-1", "20.00")], name="POLICE", as_of=clock[0] - timedelta(days=1))
    take([line("AB12 CDE", "CP-1", "50.00")], as_of=clock[0] - timedelta(days=3))
    check("AB12CDE", decision="confirmed")
    assert counted().penalties.listed_pence == 2000
    clock.append(clock[-1] + timedelta(minutes=5))
    take([line("AB12 CDE", "CP-1", "70.00")])
    check("AB12CDE", decision="confirmed")
    assert counted().penalties.listed_pence == 7000


def test_a_balance_that_no_payment_explains_is_referred_and_said(
    under_way: Context, take: Take, check: Check
) -> None:
    take([line("AB12 CDE", "CP-1", "50.00")])
    check("AB12CDE", decision="confirmed", outcome=pay("part_paid", "CP-1", amount_pence=2000))
    take([line("AB12 CDE", "CP-1", "40.00")])
    check("AB12CDE", decision="confirmed")
    found = statement(under_way, select(under_way))
    assert found.tally.penalties == PenaltyFigures(4000, 0, 0, 1, 2000, 0, 2000)
    assert [(one.reason, one.lines, one.pence) for one in found.not_enforceable] == [
        ("disagree", 1, 2000)
    ]
    assert found.lines[0].enforceable == "refer"
    assert found.contradictions() == []


def test_what_only_looks_like_it_is_apart_until_it_is_decided(
    under_way: Context, check: Check, counted: Counted
) -> None:
    check("AB12CED")
    assert counted().penalties == PenaltyFigures(
        240000, 0, 0, 0, 0, 0, 240000, undecided_count=1, undecided_pence=240000
    )
    (reason,) = statement(under_way, select(under_way)).not_enforceable
    assert (reason.reason, reason.lines, reason.pence) == ("undecided", 1, 240000)
    assert counted().matches.near == 1
    decide(under_way, "L1-001", under_way.operation().operation_id, confirm=True)
    assert counted().penalties == PenaltyFigures(240000, 1, 240000, 0, 0, 240000, 0)


def test_the_same_penalty_listed_and_looked_like_is_the_listed_one(
    under_way: Context, check: Check, counted: Counted
) -> None:
    check("AB12CDE")
    check("AB12CED")
    assert counted().penalties == PenaltyFigures(240000, 1, 240000, 0, 0, 240000, 0)


def test_a_line_whose_balance_fell_by_what_was_paid_counts_with_it(
    under_way: Context, take: Take, check: Check, counted: Counted
) -> None:
    take([line("AB12 CDE", "CP-1", "50.00")])
    check("AB12CDE", decision="confirmed", outcome=pay("part_paid", "CP-1", amount_pence=3000))
    take([line("AB12 CDE", "CP-1", "20.00")])
    check("AB12CDE", decision="confirmed", outcome=pay("paid_in_full", "CP-1"))
    found = counted().penalties
    assert (found.listed_pence, found.enforceable_count) == (5000, 1)
    assert (found.enforced_pence, found.outstanding_pence) == (5000, 0)


BLANK, OWNER, DRIVER = "", {"Role": "owner"}, {"Role": "driver"}
WITHOUT_SUM: list[tuple[str, list[tuple[list[dict[str, str]], dict[str, Any]]], PenaltyFigures]] = [
    ("nothing recorded", [([line("AB12 CDE", "CP-1", BLANK)], {})], PenaltyFigures()),
    (
        "paid in part",
        [([line("AB12 CDE", "CP-1", BLANK)], pay("part_paid", "CP-1", amount_pence=500))],
        PenaltyFigures(0, 0, 0, 1, 500, 0, 0, 500),
    ),
    (
        "paid in full, as the officer says",
        [([line("AB12 CDE", "CP-1", BLANK)], pay("paid_in_full", "CP-1", amount_pence=500))],
        PenaltyFigures(0, 0, 0, 1, 500, 0, 0, 500),
    ),
    (
        "secured",
        [([line("AB12 CDE", "CP-1", BLANK)], pay("security_given", "CP-1", amount_pence=500))],
        PenaltyFigures(0, 0, 0, 1, 500, 0, 0, 500),
    ),
    (
        "refused",
        [([line("AB12 CDE", "CP-1", BLANK)], pay("refused", "CP-1"))],
        PenaltyFigures(),
    ),
    (
        "nought",
        [([line("AB12 CDE", "CP-1", BLANK)], pay("part_paid", "CP-1", amount_pence=0))],
        PenaltyFigures(),
    ),
    (
        "the list says paid, and no sum",
        [
            (
                [line("AB12 CDE", "CP-1", BLANK, Status="paid")],
                pay("part_paid", "CP-1", amount_pence=500),
            )
        ],
        PenaltyFigures(0, 0, 0, 1, 500, 0, 0, 500),
    ),
    (
        "twice",
        [
            ([line("AB12 CDE", "CP-1", BLANK)], pay("part_paid", "CP-1", amount_pence=500)),
            ([], pay("part_paid", "CP-1", amount_pence=300)),
        ],
        PenaltyFigures(0, 0, 0, 1, 800, 0, 0, 800),
    ),
    (
        "what the line with a sum leaves",
        [
            (
                [
                    line("AB12 CDE", "CP-1", BLANK, **OWNER),
                    line("AB12 CDE", "CP-1", "20.00", **DRIVER),
                ],
                pay("part_paid", "CP-1", amount_pence=2500),
            )
        ],
        PenaltyFigures(2000, 1, 2000, 2, 2500, 0, 0, 500),
    ),
    (
        "and nothing where it leaves nothing",
        [
            (
                [
                    line("AB12 CDE", "CP-1", BLANK, **OWNER),
                    line("AB12 CDE", "CP-1", "30.00", **DRIVER),
                ],
                pay("part_paid", "CP-1", amount_pence=2500),
            )
        ],
        PenaltyFigures(3000, 1, 3000, 1, 2500, 500, 0, 0),
    ),
    (
        "a sum in the next version",
        [
            ([line("AB12 CDE", "CP-1", BLANK)], pay("part_paid", "CP-1", amount_pence=500)),
            ([line("AB12 CDE", "CP-1", "24.00")], {}),
        ],
        PenaltyFigures(2400, 0, 0, 1, 500, 0, 1900, 0),
    ),
    (
        "a sum in the version before",
        [
            ([line("AB12 CDE", "CP-1", "24.00")], {}),
            ([line("AB12 CDE", "CP-1", BLANK)], pay("part_paid", "CP-1", amount_pence=500)),
        ],
        PenaltyFigures(0, 0, 0, 1, 500, 0, 0, 500),
    ),
    (
        "nothing owed in the next version",
        [
            ([line("AB12 CDE", "CP-1", BLANK)], pay("part_paid", "CP-1", amount_pence=500)),
            ([line("AB12 CDE", "CP-1", "0")], {}),
        ],
        PenaltyFigures(500, 0, 0, 1, 500, 0, 0),
    ),
    (
        "paid before a higher sum was listed",
        [
            ([line("AB12 CDE", "CP-1", "10.00")], pay("part_paid", "CP-1", amount_pence=1500)),
            ([line("AB12 CDE", "CP-1", "24.00")], {}),
        ],
        PenaltyFigures(2400, 0, 0, 1, 1000, 0, 1400, 0, 500),
    ),
]


@pytest.mark.parametrize(
    ("checks_made", "figures"),
    [case[1:] for case in WITHOUT_SUM],
    ids=[case[0] for case in WITHOUT_SUM],
)
def test_what_is_taken_counts_where_the_list_gives_no_sum(
    under_way: Context,
    take: Take,
    check: Check,
    checks_made: list[tuple[list[dict[str, str]], dict[str, Any]]],
    figures: PenaltyFigures,
) -> None:
    for rows, outcome in checks_made:
        if rows:
            take(rows)
        check("AB12CDE", decision="confirmed", outcome=outcome)
    found = statement(under_way, select(under_way))
    assert found.tally.penalties == figures
    assert found.contradictions() == []
    assert bool(found.tally.primary_outcomes["penalty_enforced"]) >= bool(figures.enforced_count)
    for key, number in found.figures().items():
        shares = explain(under_way, select(under_way), key).shares
        assert sum(one.number for one in shares) == number, key


def test_arrests_are_not_counted_twice(under_way: Context, check: Check, counted: Counted) -> None:
    arrest = {"offence": "licence", "disposal": "arrest"}
    check("A1 AAA", outcome={"offences": [arrest], "arrests": [{"count": 1}]})
    check("A1 AAB", outcome={"offences": [arrest, arrest]})
    check("A1 AAC", outcome={"arrests": [{"count": 3}]})
    assert counted().counts["arrests"] == 1 + 2 + 3
    assert counted().counts["traffic_offences"] == 3


@pytest.mark.parametrize(
    ("part", "runs_out"),
    [
        ("england_and_wales", "2021-09-01T12:00:00+01:00"),
        ("scotland", "2021-08-31T12:00:00+01:00"),
        ("outside", ""),
    ],
)
def test_cash_runs_out_by_the_days_of_its_operations_part(
    context: Context, check: Check, clock: list[datetime], part: str, runs_out: str
) -> None:
    clock.append(datetime(2021, 8, 27, 11, tzinfo=UTC))  # the Friday before a bank holiday
    operation.start(context, "Day", part=part)
    cash = [{"currency": "GBP", "amount_minor": 500000, "disposal": "seized"}]
    check("A1 AAA", outcome={"cash": cash}, no_list=True)
    (held,) = statement(context, select(context)).cash_seized
    assert (held.part, held.runs_out_at) == (part, runs_out)


def test_vehicles_are_counted_apart_from_their_checks(
    under_way: Context, check: Check, counted: Counted
) -> None:
    first = check("FR 55 AA", outcome={"persons": 2, "detained": True, "held_for": ["police"]})
    check("FR-55-AA", outcome={"persons": 1, "held_for": ["border_force"]})
    check("FR 55 AA", outcome={"detained": True})
    later = check("AB12 CDE", outcome=pay("vehicle_detained"))
    counts = counted().counts
    assert {key: counts[key] for key in VEHICLES} == VEHICLES
    shares = explain(under_way, select(under_way), "vehicles_detained").shares
    assert [(one.ref, one.number) for one in shares] == [(first.ref, 1), (later.ref, 1)]
    for key, number in VEHICLES.items():
        found = explain(under_way, select(under_way), key)
        assert sum(one.number for one in found.shares) == found.total == number


def test_a_tally_kept_before_vehicles_were_told_apart_counts_their_checks(
    under_way: Context, check: Check, counted: Counted
) -> None:
    check("FR 55 AA", outcome={"persons": 2})
    document = counted().document()
    del document["checks_with_persons"]
    assert from_document(document).counts["checks_with_persons"] == 1


def test_a_country_nobody_gave_is_counted_as_guessed(
    under_way: Context, check: Check, counted: Counted, seen: Seen
) -> None:
    operation_id = under_way.operation().operation_id

    def correct(one: SavedCheck, *cleared: str, **registrations: str) -> None:
        wanted = Correction(registrations, {}, {}, cleared=cleared)
        amend(under_way, one.ref, operation_id, wanted, "read again")

    guessed, unclear, given = check("LK12 ABC"), check("AB12 CDE"), check("LK12 ABD", country="PL")
    found = counted()
    assert found.by_country == {"PL": 1, "not_recorded": 2}
    assert (found.country_not_recorded, found.country_guessed) == (2, 1)
    assert found.by_country_guessed == {"GB": 1}
    for figure in ("country_guessed", "by_country_guessed.GB"):
        shares = explain(under_way, select(under_way), figure).shares
        assert [one.ref for one in shares] == [guessed.ref]
    assert [seen(one.ref).country_guess for one in (guessed, unclear, given)] == ["GB", "", ""]
    correct(guessed, country="IE")
    correct(given, "country")
    assert counted().by_country == {"IE": 1, "not_recorded": 2}
    assert counted().by_country_guessed == {"GB": 1}
    correct(given, vehicle="12 BCD 3")
    assert counted().by_country_guessed == {"NL": 1}
    assert contradictions(counted()) == []


def test_checks_are_told_apart_by_site_direction_and_guessed_country(
    under_way: Context, check: Check
) -> None:
    check("LK12 ABC", details={"direction": "inbound"}, outcome={"persons": 1})
    check("AB12 CDE", details={"site": "Terminal 2", "direction": "inbound"}, outcome=pay())
    moved = check("12 BCD 3", country="NL", details={"site": "Terminal 2"})

    def by(what: str) -> dict[str, tuple[int, int, int]]:
        parts = groups(under_way, select(under_way), what)[1]
        return {one.name: (one.checks, one.persons_found, one.enforced_pence) for one in parts}

    site = "Portsmouth International Port"
    assert by("site") == {"Terminal 2": (2, 0, 240_000), site: (1, 1, 0)}
    assert by("direction") == {"inbound": (2, 1, 240_000), "not_recorded": (1, 0, 0)}
    assert by("country") == {
        "GB (guessed)": (1, 1, 0), "NL": (1, 0, 0), "not_recorded": (1, 0, 240_000)
    }  # fmt: skip
    wanted = Correction({}, {}, {}, cleared=("site",))
    amend(under_way, moved.ref, under_way.operation().operation_id, wanted, "at the port")
    assert by("site") == {site: (2, 1, 0), "Terminal 2": (1, 0, 240_000)}


def test_a_guess_is_no_reason_for_a_match(
    under_way: Context, check: Check, take: Take, seen: Seen
) -> None:
    take([line("LK12 ABC", "CP-9", "100.00", Country="RO")])
    guessed, given = check("LK12 ACB"), check("LK12 ACB", country="GB", again=True)
    assert seen(guessed.ref).country_guess == "GB"
    whys = [seen(one.ref).matches[0].why for one in (guessed, given)]
    assert ["another country" in why for why in whys] == [False, True]


def test_cash_is_added_up_by_currency(under_way: Context, check: Check, counted: Counted) -> None:
    for currency, minor, disposal in (
        ("GBP", 100000, "seized"),
        ("GBP", 5, "seized"),
        ("GBP", 7, "counted"),
        ("EUR", 9, "seized"),
    ):
        one = {"currency": currency, "amount_minor": minor, "disposal": disposal}
        check("A1 AAA", outcome={"cash": [one]})
    assert counted().cash == [CashFigures("EUR", 1, 9), CashFigures("GBP", 2, 100005)]


def test_hours_are_local_and_names_come_by_number(
    under_way: Context, check: Check, counted: Counted, clock: list[datetime]
) -> None:
    for hour, lane in ((0, "4"), (0, "5"), (1, "5"), (2, "")):
        check("A1 AAA", at=clock[0].replace(hour=hour), details={"lane": lane})
    found = counted()
    assert found.by_hour == {"2021-06-17T01": 2, "2021-06-17T02": 1, "2021-06-17T03": 1}
    assert list(found.by_lane.items()) == [("5", 2), ("4", 1), ("not_recorded", 1)]


def test_an_operation_is_counted_for_itself(
    under_way: Context, check: Check, counted: Counted
) -> None:
    check("AB12CDE", decision="confirmed", outcome=pay())
    operation.start(under_way, "Dover")
    check("NO11 ONE")
    assert (counted().checks, counted().penalties) == (1, PenaltyFigures())
    assert tally(under_way, "Portsmouth 17 June").penalties.enforced_pence == 240000


def test_the_lists_used_are_those_of_the_checks(
    under_way: Context, check: Check, take: Take, counted: Counted
) -> None:
    check("AB12CDE")
    take([line("AB12 CDE", "CP-1042", "5")])
    check("NO11 ONE")
    check("NO11 ONE")
    assert [(one.name, one.version, one.checks) for one in counted().lists] == [
        ("CECPT", 1, 1),
        ("CECPT", 2, 2),
    ]


def test_a_list_that_was_added_to_has_the_rows_of_both(
    under_way: Context, check: Check, take: Take, counted: Counted
) -> None:
    take([line("NO11 ONE", "CP-9", "5")], add=True)
    check("NO11 ONE")
    assert [(one.version, one.rows, one.checks) for one in counted().lists] == [(2, 3, 1)]


def test_checks_are_looked_at_by_what_is_wanted(
    under_way: Context, check: Check, clock: list[datetime]
) -> None:
    check("AB12CDE")
    clock.append(clock[-1] + timedelta(minutes=1))
    check("NO11 ONE", trailer="C1234567")
    current = under_way.operation().operation_id

    def refs(**wanted: Any) -> list[str]:
        return [one.ref for one in checks(under_way, current, Wanted(**wanted))]

    assert refs() == ["L1-001", "L1-002"]
    assert refs(unresolved=True) == ["L1-001"]
    assert refs(limit=1) == ["L1-002"]
    assert refs(text="C1234567") == ["L1-002"]
    assert refs(text="NOTHING") == []
