"""The rules, their boundaries, and what may never be answered "yes"."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portcheck.domain.enforceability import (
    APPEAL_DAYS,
    PAYMENT_DAYS,
    Assessment,
    Carried,
    Circumstances,
    Enforceable,
    ListAge,
    Rule,
    assess,
    payment_date,
)
from portcheck.domain.penalty import PenaltyLine, Status, status_of
from portcheck.domain.settlement import Recorded, Settlement, Shown, settle
from portcheck.domain.text import day

TODAY = date(2021, 6, 17)
FRESH, OLD = ListAge(1, 7), ListAge(8, 7)
YES, NO, REFER = Enforceable.YES, Enforceable.NO, Enforceable.REFER
OWED = PenaltyLine(
    reference="CP-1042",
    haulier="Acme Ltd",
    balance_pence=240000,
    status="Overdue",
    issued_on=date(2021, 1, 4),
)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def assessed(age: ListAge = FRESH, **changes: Any) -> Assessment:
    return assess(replace(OWED, **changes), today=TODAY, age=age)


CASES: list[tuple[str, dict[str, Any], Enforceable, Rule]] = [
    # rule 1: nothing is owed, or not on this notice
    ("balance nought", {"balance_pence": 0}, NO, Rule.NOTHING_OWED),
    ("a £0 penalty", {"balance_pence": None, "amount_pence": 0}, NO, Rule.NOTHING_OWED),
    (
        "paid off",
        {"balance_pence": None, "amount_pence": 500, "paid_pence": 500},
        NO,
        Rule.NOTHING_OWED,
    ),
    (
        "overpaid",
        {"balance_pence": None, "amount_pence": 500, "paid_pence": 900},
        NO,
        Rule.NOTHING_OWED,
    ),
    ("cancelled with a balance", {"status": "Cancelled"}, NO, Rule.NOTHING_OWED),
    ("withdrawn", {"status": " WITHDRAWN "}, NO, Rule.NOTHING_OWED),
    ("superseded", {"status": "superseded"}, NO, Rule.NOTHING_OWED),
    ("paid, no figures", {"status": "Paid", "balance_pence": None}, NO, Rule.NOTHING_OWED),
    (
        "paid, with the amount of the penalty",
        {"status": "paid", "balance_pence": None, "amount_pence": 240000},
        NO,
        Rule.NOTHING_OWED,
    ),
    ("ran out yesterday", {"expires_on": ago(1)}, REFER, Rule.RAN_OUT),
    ("runs out today", {"expires_on": TODAY}, YES, Rule.ENFORCEABLE),
    # rule 2: an objection waits for its decision
    ("objection received", {"objection_on": ago(140)}, NO, Rule.OBJECTION),
    ("objection by the status alone", {"status": "Under objection"}, NO, Rule.OBJECTION),
    (
        "decided tomorrow",
        {"objection_on": ago(140), "objection_decided_on": ago(-1)},
        NO,
        Rule.OBJECTION,
    ),
    (
        "objection after a decision",
        {"objection_on": ago(60), "objection_decided_on": ago(90)},
        NO,
        Rule.OBJECTION,
    ),
    # rule 3: the payment date has not passed
    ("60 days from issue are today", {"issued_on": ago(PAYMENT_DAYS)}, NO, Rule.NOT_DUE),
    (
        "60 days from issue were yesterday",
        {"issued_on": ago(PAYMENT_DAYS + 1)},
        YES,
        Rule.ENFORCEABLE,
    ),
    ("due today", {"due_on": TODAY}, NO, Rule.NOT_DUE),
    ("due yesterday", {"due_on": ago(1)}, YES, Rule.ENFORCEABLE),
    (
        "due as listed goes before issue",
        {"due_on": ago(-1), "issued_on": ago(200)},
        NO,
        Rule.NOT_DUE,
    ),
    ("issued today", {"issued_on": TODAY}, NO, Rule.NOT_DUE),
    (
        "the clock stood still for 30 days, last day",
        {
            "issued_on": ago(PAYMENT_DAYS + 30),
            "objection_on": ago(80),
            "objection_decided_on": ago(50),
        },
        NO,
        Rule.NOT_DUE,
    ),
    (
        "the clock stood still for 30 days, day after",
        {
            "issued_on": ago(PAYMENT_DAYS + 31),
            "objection_on": ago(80),
            "objection_decided_on": ago(50),
        },
        YES,
        Rule.ENFORCEABLE,
    ),
    # rule 4: an appeal is pending, or its window is open
    ("appeal lodged", {"appeal_on": ago(10)}, NO, Rule.APPEAL),
    ("appeal by the status alone", {"status": "under appeal"}, NO, Rule.APPEAL),
    (
        "appeal decided tomorrow",
        {"appeal_on": ago(90), "appeal_decided_on": ago(-1)},
        NO,
        Rule.APPEAL,
    ),
    (
        "appeal after a decision",
        {"appeal_on": ago(10), "appeal_decided_on": ago(30)},
        NO,
        Rule.APPEAL,
    ),
    (
        "appeal dismissed today",
        {"appeal_on": ago(90), "appeal_decided_on": TODAY},
        YES,
        Rule.ENFORCEABLE,
    ),
    (
        "28 days from the objection's decision are today",
        {"objection_on": ago(98), "objection_decided_on": ago(APPEAL_DAYS)},
        NO,
        Rule.APPEAL,
    ),
    (
        "28 days from the objection's decision were yesterday",
        {"objection_on": ago(99), "objection_decided_on": ago(APPEAL_DAYS + 1)},
        YES,
        Rule.ENFORCEABLE,
    ),
    # rule 5: an arrangement
    ("instalments", {"status": "Instalments"}, NO, Rule.ARRANGEMENT),
    ("payment plan", {"status": "payment plan"}, NO, Rule.ARRANGEMENT),
    ("security held", {"status": "security held"}, NO, Rule.ARRANGEMENT),
    # rule 6: the debtor's business
    ("no haulier and no party", {"haulier": ""}, REFER, Rule.NO_TIE),
    (
        "the owner owes it",
        {"haulier": "", "liable_party": "A Co", "liable_role": "owner"},
        YES,
        Rule.ENFORCEABLE,
    ),
    ("a party without a role", {"haulier": "", "liable_party": "A Co"}, REFER, Rule.NO_TIE),
    (
        "the operator of a trailer owes it",
        {"haulier": "", "liable_party": "A Co", "liable_role": "operator"},
        REFER,
        Rule.NO_TIE,
    ),
    (
        "the hirer owes it",
        {"haulier": "", "liable_party": "A Co", "liable_role": "hirer"},
        YES,
        Rule.ENFORCEABLE,
    ),
    # a payment date that the statute does not know
    ("due before the issue", {"due_on": date(2021, 1, 3)}, REFER, Rule.DUE_IN_DOUBT),
    ("due a day early", {"due_on": date(2021, 3, 4)}, REFER, Rule.DUE_IN_DOUBT),
    ("due to the day", {"due_on": date(2021, 3, 5)}, YES, Rule.ENFORCEABLE),
    (
        "due early for an objection that took ten days",
        {
            "due_on": date(2021, 3, 5),
            "objection_on": date(2021, 1, 20),
            "objection_decided_on": date(2021, 1, 30),
        },
        REFER,
        Rule.DUE_IN_DOUBT,
    ),
    # a penalty that cannot be
    ("securing, before it was law", {"section": "31A"}, REFER, Rule.IMPOSSIBLE),
    (
        "an incident before it was law",
        {"section": "31A", "incident_on": date(2020, 1, 1)},
        REFER,
        Rule.IMPOSSIBLE,
    ),
    ("carrying, at any time", {"section": "32"}, YES, Rule.ENFORCEABLE),
    (
        "only the driver owes it",
        {"haulier": "", "liable_party": "J Smith", "liable_role": "driver"},
        REFER,
        Rule.NO_TIE,
    ),
    ("a role and nobody", {"haulier": "", "liable_role": "owner"}, REFER, Rule.NO_TIE),
    # rule 7: a doubt
    ("no date at all", {"issued_on": None}, REFER, Rule.DOUBTFUL),
    ("no figures", {"balance_pence": None}, REFER, Rule.DOUBTFUL),
    (
        "paid part known, penalty not",
        {"balance_pence": None, "paid_pence": 100},
        REFER,
        Rule.DOUBTFUL,
    ),
    ("a word nobody knows", {"status": "see file"}, REFER, Rule.DOUBTFUL),
    ("paid and yet a balance", {"status": "Paid"}, REFER, Rule.DOUBTFUL),
    (
        "paid and yet only a part was",
        {"status": "Paid", "balance_pence": None, "amount_pence": 500, "paid_pence": 100},
        REFER,
        Rule.DOUBTFUL,
    ),
    ("written off", {"status": "Written off"}, REFER, Rule.DOUBTFUL),
    (
        "part paid, nobody knows how much",
        {"status": "Part paid", "balance_pence": None, "amount_pence": 500},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "part paid, and how much",
        {"status": "Part paid", "balance_pence": None, "amount_pence": 500, "paid_pence": 1},
        YES,
        Rule.ENFORCEABLE,
    ),
    (
        "under objection and yet decided",
        {"status": "Objection", "objection_on": ago(140), "objection_decided_on": ago(100)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "under appeal and yet decided",
        {"status": "Appeal", "appeal_on": ago(90), "appeal_decided_on": ago(30)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "an objection's decision without its date",
        {"objection_decided_on": ago(60)},
        REFER,
        Rule.DOUBTFUL,
    ),
    # what the list has and nobody can read is never taken for a blank
    (
        "a balance nobody can read, an amount that can be",
        {"balance_pence": None, "amount_pence": 500, "unread": (("balance", "see file"),)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "a sum paid nobody can read",
        {"balance_pence": None, "amount_pence": 500, "unread": (("paid", "#REF!"),)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "paid, with a balance nobody can read",
        {"status": "paid", "balance_pence": None, "unread": (("balance", "2.400"),)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "an amount nobody can read beside a balance",
        {"unread": (("amount", "?"),)},
        YES,
        Rule.ENFORCEABLE,
    ),
    (
        "a payment date nobody can read",
        {"unread": (("due_on", "31/02/2021"),)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "an objection nobody can read the date of",
        {"unread": (("objection_on", "yes"),)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "an objection decided nobody knows when",
        {"objection_on": ago(140), "unread": (("objection_decided_on", "dismissed"),)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "an appeal decided nobody knows when",
        {"appeal_on": ago(90), "unread": (("appeal_decided_on", "lost"),)},
        REFER,
        Rule.DOUBTFUL,
    ),
    (
        "somebody liable as nobody can read",
        {"haulier": "", "liable_party": "J Smith", "unread": (("liable_role", "Fahrer"),)},
        REFER,
        Rule.NO_TIE,
    ),
    ("a country nobody can read", {"unread": (("country", "Ruritania"),)}, YES, Rule.ENFORCEABLE),
    # rule 8: otherwise
    ("nothing against it", {}, YES, Rule.ENFORCEABLE),
    ("no status at all", {"status": ""}, YES, Rule.ENFORCEABLE),
    ("part paid", {"status": "Part paid", "balance_pence": 100}, YES, Rule.ENFORCEABLE),
    (
        "balance by subtraction",
        {"balance_pence": None, "amount_pence": 500, "paid_pence": 1},
        YES,
        Rule.ENFORCEABLE,
    ),
    (
        "the driver's employer is listed",
        {"liable_party": "J Smith", "liable_role": "driver"},
        YES,
        Rule.ENFORCEABLE,
    ),
    (
        "an objection's decision without its date, due as listed",
        {"objection_decided_on": ago(60), "due_on": ago(1)},
        YES,
        Rule.ENFORCEABLE,
    ),
]


@pytest.mark.parametrize(
    ("changes", "answer", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_rules(changes: dict[str, Any], answer: Enforceable, rule: Rule) -> None:
    found = assessed(**changes)
    assert (found.enforceable, found.rule) == (answer, rule)
    assert found.reasons
    assert all(found.reasons)


LATER = date(2026, 6, 17)
SECURING = replace(OWED, section="31A", issued_on=date(2023, 3, 1), balance_pence=600000)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, YES),
        ({"balance_pence": 600001}, REFER),
        ({"amount_pence": 600001, "balance_pence": 100}, REFER),
        ({"incident_on": date(2023, 2, 13)}, YES),
        ({"incident_on": date(2023, 2, 12)}, REFER),
        ({"issued_on": date(2023, 2, 12)}, REFER),
        ({"section": "32", "balance_pence": 99900000}, YES),  # for any number of entrants
        ({"section": "", "balance_pence": 99900000}, YES),
    ],
)
def test_a_sum_and_a_date_that_cannot_be(changes: dict[str, Any], answer: Enforceable) -> None:
    found = assess(replace(SECURING, **changes), today=LATER, age=FRESH)
    assert found.enforceable is answer
    assert (found.rule is Rule.IMPOSSIBLE) == (answer is REFER)


def recorded(*pence: int, owed: int | None = 240000, now: int | None = 240000) -> Settlement:
    """What was paid where a list gave `owed`, held against one of today that gives `now`."""
    at = datetime(2021, 6, 16, 9, 5, tzinfo=UTC)
    then, ref = Shown(owed, at.date()), "L1-001"
    paid = [Recorded(ref, "", "Dover", ref, at, "part_paid", one, one, then) for one in pence]
    return settle(paid, Shown(now, TODAY))


HERE = recorded(240000)


@pytest.mark.parametrize(
    ("about", "changes", "answer", "rule"),
    [
        (Circumstances(Carried.CONTAINER), {}, REFER, Rule.NOT_A_VEHICLE),
        (Circumstances(Carried.TRAILER), {}, REFER, Rule.NOT_A_VEHICLE),
        (Circumstances(unit="car"), {}, REFER, Rule.NO_TIE),
        (Circumstances(unit="tractor"), {}, YES, Rule.ENFORCEABLE),
        (Circumstances(haulier="ACME LIMITED"), {}, YES, Rule.ENFORCEABLE),
        (Circumstances(haulier="Acme Logistics"), {}, YES, Rule.ENFORCEABLE),
        (Circumstances(haulier="Northsea Ltd"), {}, REFER, Rule.NO_TIE),
        (
            Circumstances(haulier="Northsea Haulage"),
            {"haulier": "Weald Haulage"},
            REFER,
            Rule.NO_TIE,
        ),
        (Circumstances(recorded=HERE), {}, NO, Rule.RECORDED_HERE),
        (Circumstances(recorded=HERE), {"balance_pence": 0}, NO, Rule.NOTHING_OWED),
        (Circumstances(Carried.CONTAINER, recorded=HERE), {}, NO, Rule.RECORDED_HERE),
        (Circumstances(recorded=recorded(0)), {}, YES, Rule.ENFORCEABLE),
        (Circumstances(recorded=recorded(100000)), {}, YES, Rule.ENFORCEABLE),
        (Circumstances(recorded=recorded(100000)), {"status": "appeal"}, NO, Rule.APPEAL),
        (
            Circumstances(recorded=recorded(100000, now=140000)),
            {"balance_pence": 140000},
            YES,
            Rule.ENFORCEABLE,
        ),
        (
            Circumstances(recorded=recorded(100000, now=150000)),
            {"balance_pence": 150000},
            REFER,
            Rule.RECORDED_HERE,
        ),
        (
            Circumstances(recorded=recorded(240000, now=300000)),
            {"balance_pence": 300000},
            REFER,
            Rule.RECORDED_HERE,
        ),
        (
            Circumstances(recorded=recorded(240000, now=300000)),
            {"balance_pence": 300000, "status": "objection"},
            NO,
            Rule.OBJECTION,
        ),
    ],
)
def test_what_is_known_of_the_vehicle(
    about: Circumstances, changes: dict[str, Any], answer: Enforceable, rule: Rule
) -> None:
    found = assess(replace(OWED, **changes), today=TODAY, age=FRESH, about=about)
    assert (found.enforceable, found.rule) == (answer, rule)


def test_a_list_of_no_known_age_refers() -> None:
    found = assessed(ListAge(None, 7))
    assert found.enforceable is REFER
    assert found.reasons == ("the list is dated after this machine's clock: its age is not known",)


THERE = "£1,000.00 at L1-001 (Dover) on 16 Jun 2021 09:05"
SAID: list[tuple[Settlement, tuple[str, ...]]] = [
    (
        HERE,
        (
            "recorded here as paid in full: £2,400.00 at L1-001 (Dover) on 16 Jun 2021 09:05",
            "the list of 17 Jun 2021 does not show that yet",
        ),
    ),
    (
        recorded(100000),
        (
            "£1,400.00 is owed, plus detention expenses (s.36A)",
            "recorded here: £1,000.00 at L1-001 (Dover) on 16 Jun 2021 09:05; £1,400.00 is left",
            "the list of 17 Jun 2021 does not show that yet",
        ),
    ),
    (
        recorded(100000, now=140000),
        (
            "£1,400.00 is owed, plus detention expenses (s.36A)",
            "recorded here: £1,000.00 at L1-001 (Dover) on 16 Jun 2021 09:05; £1,400.00 is left",
            "the list of 17 Jun 2021 has taken that off already",
        ),
    ),
    (
        recorded(100000, now=150000),
        (
            (
                f"recorded here: {THERE}; the list of 17 Jun 2021 gives £1,500.00, which that does not"
                " explain: ask the list office what is left"
            ),
        ),
    ),
]


@pytest.mark.parametrize(("known", "said"), SAID)
def test_what_was_recorded_is_said_and_which_list_knows_of_it(
    known: Settlement, said: tuple[str, ...]
) -> None:
    line = replace(OWED, balance_pence=known.shown.owed_pence)
    found = assess(line, today=TODAY, age=FRESH, about=Circumstances(recorded=known))
    assert found.reasons[: len(said)] == said


@pytest.mark.parametrize("balance", [1, 100, 239999, 240000, 240001, 999999, None])
@pytest.mark.parametrize("paid", [(240000,), (140000, 100000), (240000, 5)])
def test_what_was_paid_in_full_here_is_never_yes(
    paid: tuple[int, ...], balance: int | None
) -> None:
    line = replace(OWED, balance_pence=balance, amount_pence=None)
    known = Circumstances(recorded=recorded(*paid, now=balance))
    found = assess(line, today=TODAY, age=FRESH, about=known).enforceable
    assert found in {NO, REFER}


def test_stale_list_refers_and_says_how_old() -> None:
    found = assessed(OLD)
    assert (found.enforceable, found.rule) == (REFER, Rule.DOUBTFUL)
    assert found.reasons == ("the list is 8 days old; 7 are allowed",)


@pytest.mark.parametrize(
    ("days", "allowed", "stale"), [(7, 7, False), (8, 7, True), (0, 0, False), (1, 0, True)]
)
def test_a_list_is_stale_only_after_its_last_allowed_day(
    days: int, allowed: int, stale: bool
) -> None:
    assert ListAge(days, allowed).stale is stale


def test_every_doubt_is_told() -> None:
    found = assessed(OLD, issued_on=None, balance_pence=None, status="see file")
    assert len(found.reasons) == 4


FIRST_WINS: list[tuple[Rule, dict[str, Any]]] = [
    (Rule.NOTHING_OWED, {"balance_pence": 0}),
    (Rule.OBJECTION, {"objection_on": ago(20)}),
    (Rule.NOT_DUE, {"issued_on": ago(10)}),
    (Rule.APPEAL, {"appeal_on": ago(5)}),
    (Rule.ARRANGEMENT, {"status": "instalments"}),
    (Rule.NO_TIE, {"haulier": ""}),
]


@pytest.mark.parametrize("first", range(len(FIRST_WINS)))
def test_the_first_rule_that_fits_wins(first: int) -> None:
    changes: dict[str, Any] = {}
    for _, more in reversed(FIRST_WINS[first:]):
        changes |= more
    assert assessed(OLD, **changes).rule == FIRST_WINS[first][0]


def test_a_section_that_cannot_be_read_is_referred() -> None:
    """Its maximum, and since when it is in force, cannot be held against the line."""
    found = assessed(unread=(("section", "31B"),))
    assert (found.enforceable, found.rule) == (REFER, Rule.DOUBTFUL)
    assert found.reasons == ("the list's section of the Act, “31B”, cannot be read",)


def test_what_cannot_be_read_is_quoted_and_cut() -> None:
    found = assessed(unread=(("due_on", "the 31st of February, or the day after it"),))
    assert found.reasons == (
        "the list's payment date, “the 31st of February, or the…”, cannot be read",
    )


def test_the_payment_date_ahead_names_the_senior_officer() -> None:
    found = assessed(issued_on=ago(1))
    assert "senior officer" in found.reasons[1]
    assert "s.36(1)" in found.reasons[1]


def test_the_answer_yes_tells_the_money_and_the_date() -> None:
    assert assessed().reasons == (
        "£2,400.00 is owed, plus detention expenses (s.36A)",
        "the payment date, 5 Mar 2021, has passed; no objection or appeal is open",
    )


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"due_on": date(2021, 2, 1)}, date(2021, 2, 1)),
        ({}, date(2021, 3, 5)),
        ({"issued_on": date(2020, 1, 1)}, date(2020, 3, 1)),  # over 29 February
        ({"issued_on": None}, None),
        (
            {"objection_on": date(2021, 1, 20), "objection_decided_on": date(2021, 1, 30)},
            date(2021, 3, 15),
        ),
        (  # a decision before its objection never shortens the time to pay
            {"objection_on": date(2021, 1, 30), "objection_decided_on": date(2021, 1, 20)},
            date(2021, 3, 5),
        ),
        ({"objection_on": date(2021, 1, 20)}, date(2021, 3, 5)),
    ],
)
def test_payment_date(changes: dict[str, Any], due: date | None) -> None:
    assert payment_date(replace(OWED, **changes)) == due


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_day_is_written_with_its_month_in_letters(when: date) -> None:
    assert day(when) == f"{when.day} {when:%b} {when.year}"


# What may never be answered "yes".

near_today = st.none() | st.integers(-40, 400).map(ago)
pence = st.none() | st.sampled_from([0, 1, 240000])
WORDS = [
    "",
    "Overdue",
    "unpaid",
    "paid",
    "cancelled",
    "objection",
    "appeal",
    "who knows",
    "Settled",
]
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "haulier": st.sampled_from(["", "Acme"]),
    "liable_party": st.sampled_from(["", "J Smith"]),
    "liable_role": st.sampled_from(["", "driver", "owner"]),
    "amount_pence": pence,
    "paid_pence": pence,
    "balance_pence": pence,
    "status": st.sampled_from(WORDS) | st.text(max_size=5),
    "issued_on": near_today,
    "due_on": near_today,
    "objection_on": near_today,
    "objection_decided_on": near_today,
    "appeal_on": near_today,
    "appeal_decided_on": near_today,
    "expires_on": near_today,
}
lines = st.fixed_dictionaries({}, optional=CHANGES).map(lambda changes: replace(OWED, **changes))
ages = st.builds(ListAge, st.none() | st.integers(0, 20), st.integers(0, 20))


def undecided(received: date | None, decided: date | None) -> bool:
    """Received, and no decision since then and until today."""
    return received is not None and (decided is None or decided > TODAY or decided < received)


@given(lines, ages)
@example(replace(OWED, objection_on=ago(60), objection_decided_on=ago(90)), FRESH)
@example(replace(OWED, appeal_on=ago(10), appeal_decided_on=ago(30)), FRESH)
@example(replace(OWED, status="Objection", objection_decided_on=ago(60)), FRESH)
def test_never_yes(line: PenaltyLine, age: ListAge) -> None:
    if assess(line, today=TODAY, age=age).enforceable is not YES:
        return
    assert line.owed_pence
    assert not age.stale
    assert not undecided(line.objection_on, line.objection_decided_on)
    assert not undecided(line.appeal_on, line.appeal_decided_on)
    assert status_of(line.status) in {Status.OUTSTANDING, Status.PART_PAID, Status.NOT_STATED}
    due = payment_date(line)
    assert due is not None
    assert due < TODAY
    assert line.haulier or (line.liable_party and line.liable_role in {"owner", "hirer"})
    assert line.issued_on is None or due >= line.issued_on + timedelta(days=PAYMENT_DAYS)
    assert line.expires_on is None or line.expires_on >= TODAY


@given(lines, ages)
def test_any_line_has_one_answer_with_reasons(line: PenaltyLine, age: ListAge) -> None:
    found = assess(line, today=TODAY, age=age)
    assert found.rule in Rule
    assert found.reasons
    assert (found.enforceable is YES) == (found.rule is Rule.ENFORCEABLE)
    assert not any("cannot detain" in reason.lower() for reason in found.reasons)


@given(lines)
def test_a_line_that_is_enforceable_stays_so_until_it_runs_out(line: PenaltyLine) -> None:
    if assess(line, today=TODAY, age=FRESH).enforceable is not YES or line.expires_on:
        return
    assert assess(line, today=ago(-1), age=FRESH).enforceable is YES


MONEY = {"amount": "amount_pence", "paid": "paid_pence", "balance": "balance_pence"}
DECIDING = [name for name in CHANGES if name.endswith(("_pence", "_on"))]


@given(lines, ages, st.sampled_from(DECIDING), st.data())
def test_what_cannot_be_read_is_neither_yes_nor_taken_for_a_no(
    line: PenaltyLine, age: ListAge, stored: str, data: st.DataObject
) -> None:
    field = stored.removesuffix("_pence")
    blank: dict[str, Any] = {stored: None}
    unread = replace(line, **blank, unread=((field, "see file"),))
    said = assess(unread, today=TODAY, age=age).enforceable
    if field == "balance" or not (field in MONEY and line.balance_pence is not None):
        assert said is not YES
    if said is NO:  # then it holds whatever the cell says
        any_value = replace(line, **{stored: data.draw(CHANGES[stored])})
        assert assess(any_value, today=TODAY, age=age).enforceable is not YES
