"""The eight rules, their boundaries, and what may never be answered "yes"."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portcheck.domain.enforceability import (
    APPEAL_DAYS,
    PAYMENT_DAYS,
    Assessment,
    Enforceable,
    ListAge,
    assess,
    assess_all,
    day,
    payment_date,
)
from portcheck.domain.penalty import PenaltyLine, Status, status_of

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


CASES: list[tuple[str, dict[str, Any], Enforceable, int]] = [
    # rule 1: nothing is owed, or not on this notice
    ("balance nought", {"balance_pence": 0}, NO, 1),
    ("a £0 penalty", {"balance_pence": None, "amount_pence": 0}, NO, 1),
    ("paid off", {"balance_pence": None, "amount_pence": 500, "paid_pence": 500}, NO, 1),
    ("overpaid", {"balance_pence": None, "amount_pence": 500, "paid_pence": 900}, NO, 1),
    ("cancelled with a balance", {"status": "Cancelled"}, NO, 1),
    ("withdrawn", {"status": " WITHDRAWN "}, NO, 1),
    ("superseded", {"status": "superseded"}, NO, 1),
    ("paid, no figures", {"status": "Paid", "balance_pence": None}, NO, 1),
    (
        "paid, with the amount of the penalty",
        {"status": "paid", "balance_pence": None, "amount_pence": 240000},
        NO,
        1,
    ),
    ("ran out yesterday", {"expires_on": ago(1)}, REFER, 1),
    ("runs out today", {"expires_on": TODAY}, YES, 8),
    # rule 2: an objection waits for its decision
    ("objection received", {"objection_on": ago(140)}, NO, 2),
    ("objection by the status alone", {"status": "Under objection"}, NO, 2),
    ("decided tomorrow", {"objection_on": ago(140), "objection_decided_on": ago(-1)}, NO, 2),
    (
        "objection after a decision",
        {"objection_on": ago(60), "objection_decided_on": ago(90)},
        NO,
        2,
    ),
    # rule 3: the payment date has not passed
    ("60 days from issue are today", {"issued_on": ago(PAYMENT_DAYS)}, NO, 3),
    ("60 days from issue were yesterday", {"issued_on": ago(PAYMENT_DAYS + 1)}, YES, 8),
    ("due today", {"due_on": TODAY}, NO, 3),
    ("due yesterday", {"due_on": ago(1)}, YES, 8),
    ("due as listed goes before issue", {"due_on": ago(-1), "issued_on": ago(200)}, NO, 3),
    ("issued today", {"issued_on": TODAY}, NO, 3),
    (
        "the clock stood still for 30 days, last day",
        {
            "issued_on": ago(PAYMENT_DAYS + 30),
            "objection_on": ago(80),
            "objection_decided_on": ago(50),
        },
        NO,
        3,
    ),
    (
        "the clock stood still for 30 days, day after",
        {
            "issued_on": ago(PAYMENT_DAYS + 31),
            "objection_on": ago(80),
            "objection_decided_on": ago(50),
        },
        YES,
        8,
    ),
    # rule 4: an appeal is pending, or its window is open
    ("appeal lodged", {"appeal_on": ago(10)}, NO, 4),
    ("appeal by the status alone", {"status": "under appeal"}, NO, 4),
    ("appeal decided tomorrow", {"appeal_on": ago(90), "appeal_decided_on": ago(-1)}, NO, 4),
    ("appeal after a decision", {"appeal_on": ago(10), "appeal_decided_on": ago(30)}, NO, 4),
    ("appeal dismissed today", {"appeal_on": ago(90), "appeal_decided_on": TODAY}, YES, 8),
    (
        "28 days from the objection's decision are today",
        {"objection_on": ago(98), "objection_decided_on": ago(APPEAL_DAYS)},
        NO,
        4,
    ),
    (
        "28 days from the objection's decision were yesterday",
        {"objection_on": ago(99), "objection_decided_on": ago(APPEAL_DAYS + 1)},
        YES,
        8,
    ),
    (
        "issued 28 days ago and due already",
        {"issued_on": ago(APPEAL_DAYS), "due_on": ago(1)},
        NO,
        4,
    ),
    (
        "issued 29 days ago and due already",
        {"issued_on": ago(APPEAL_DAYS + 1), "due_on": ago(1)},
        YES,
        8,
    ),
    # rule 5: an arrangement
    ("instalments", {"status": "Instalments"}, NO, 5),
    ("payment plan", {"status": "payment plan"}, NO, 5),
    ("security held", {"status": "security held"}, NO, 5),
    # rule 6: the debtor's business
    ("no haulier and no party", {"haulier": ""}, REFER, 6),
    ("the owner owes it", {"haulier": "", "liable_party": "A Co", "liable_role": "owner"}, YES, 8),
    ("a party without a role", {"haulier": "", "liable_party": "A Co"}, YES, 8),
    (
        "only the driver owes it",
        {"haulier": "", "liable_party": "J Smith", "liable_role": "driver"},
        REFER,
        6,
    ),
    ("a role and nobody", {"haulier": "", "liable_role": "owner"}, REFER, 6),
    # rule 7: a doubt
    ("no date at all", {"issued_on": None}, REFER, 7),
    ("no figures", {"balance_pence": None}, REFER, 7),
    ("paid part known, penalty not", {"balance_pence": None, "paid_pence": 100}, REFER, 7),
    ("a word nobody knows", {"status": "see file"}, REFER, 7),
    ("paid and yet a balance", {"status": "Paid"}, REFER, 7),
    (
        "paid and yet only a part was",
        {"status": "Paid", "balance_pence": None, "amount_pence": 500, "paid_pence": 100},
        REFER,
        7,
    ),
    ("written off", {"status": "Written off"}, REFER, 7),
    (
        "part paid, nobody knows how much",
        {"status": "Part paid", "balance_pence": None, "amount_pence": 500},
        REFER,
        7,
    ),
    (
        "part paid, and how much",
        {"status": "Part paid", "balance_pence": None, "amount_pence": 500, "paid_pence": 1},
        YES,
        8,
    ),
    (
        "under objection and yet decided",
        {"status": "Objection", "objection_on": ago(140), "objection_decided_on": ago(100)},
        REFER,
        7,
    ),
    (
        "under appeal and yet decided",
        {"status": "Appeal", "appeal_on": ago(90), "appeal_decided_on": ago(30)},
        REFER,
        7,
    ),
    ("an objection's decision without its date", {"objection_decided_on": ago(60)}, REFER, 7),
    # what the list has and nobody can read is never taken for a blank
    (
        "a balance nobody can read, an amount that can be",
        {"balance_pence": None, "amount_pence": 500, "unread": (("balance", "see file"),)},
        REFER,
        7,
    ),
    (
        "a sum paid nobody can read",
        {"balance_pence": None, "amount_pence": 500, "unread": (("paid", "#REF!"),)},
        REFER,
        7,
    ),
    (
        "paid, with a balance nobody can read",
        {"status": "paid", "balance_pence": None, "unread": (("balance", "2.400"),)},
        REFER,
        7,
    ),
    ("an amount nobody can read beside a balance", {"unread": (("amount", "?"),)}, YES, 8),
    ("a payment date nobody can read", {"unread": (("due_on", "31/02/2021"),)}, REFER, 7),
    (
        "an objection nobody can read the date of",
        {"unread": (("objection_on", "yes"),)},
        REFER,
        7,
    ),
    (
        "an objection decided nobody knows when",
        {"objection_on": ago(140), "unread": (("objection_decided_on", "dismissed"),)},
        REFER,
        7,
    ),
    (
        "an appeal decided nobody knows when",
        {"appeal_on": ago(90), "unread": (("appeal_decided_on", "lost"),)},
        REFER,
        7,
    ),
    (
        "somebody liable as nobody can read",
        {"haulier": "", "liable_party": "J Smith", "unread": (("liable_role", "Fahrer"),)},
        REFER,
        6,
    ),
    ("a country nobody can read", {"unread": (("country", "Ruritania"),)}, YES, 8),
    # rule 8: otherwise
    ("nothing against it", {}, YES, 8),
    ("no status at all", {"status": ""}, YES, 8),
    ("part paid", {"status": "Part paid", "balance_pence": 100}, YES, 8),
    (
        "balance by subtraction",
        {"balance_pence": None, "amount_pence": 500, "paid_pence": 1},
        YES,
        8,
    ),
    (
        "the driver's employer is listed",
        {"liable_party": "J Smith", "liable_role": "driver"},
        YES,
        8,
    ),
    (
        "an objection's decision without its date, due as listed",
        {"objection_decided_on": ago(60), "due_on": ago(1)},
        YES,
        8,
    ),
]


@pytest.mark.parametrize(
    ("changes", "answer", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_rules(changes: dict[str, Any], answer: Enforceable, rule: int) -> None:
    found = assessed(**changes)
    assert (found.enforceable, found.rule) == (answer, rule)
    assert found.reasons
    assert all(found.reasons)


def test_stale_list_refers_and_says_how_old() -> None:
    found = assessed(OLD)
    assert (found.enforceable, found.rule) == (REFER, 7)
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


FIRST_WINS: list[tuple[int, dict[str, Any]]] = [
    (1, {"balance_pence": 0}),
    (2, {"objection_on": ago(20)}),
    (3, {"issued_on": ago(10)}),
    (4, {"appeal_on": ago(5)}),
    (5, {"status": "instalments"}),
    (6, {"haulier": ""}),
]


@pytest.mark.parametrize("first", range(len(FIRST_WINS)))
def test_the_first_rule_that_fits_wins(first: int) -> None:
    changes: dict[str, Any] = {}
    for _, more in reversed(FIRST_WINS[first:]):
        changes |= more
    assert assessed(OLD, **changes).rule == FIRST_WINS[first][0]


@pytest.mark.parametrize(
    ("changes", "answers"),
    [
        ({"balance_pence": 0, "status": "Paid"}, [REFER, NO]),
        ({"balance_pence": 100}, [REFER, REFER]),
        ({"status": "Withdrawn"}, [REFER, NO]),
        ({"status": "unpaid"}, [YES, YES]),  # in other words the same
        ({"notes": "two lorries"}, [YES, YES]),
        ({"reference": "CP-2", "balance_pence": 0}, [YES, NO]),
        ({"liable_party": "J Smith", "liable_role": "driver", "balance_pence": 0}, [YES, NO]),
        ({"liable_role": "owner", "balance_pence": 100}, [YES, YES]),
    ],
)
def test_a_list_that_contradicts_itself_is_referred(
    changes: dict[str, Any], answers: list[Enforceable]
) -> None:
    found = assess_all([OWED, replace(OWED, **changes)], today=TODAY, age=FRESH)
    assert [one.enforceable for one in found] == answers
    if answers[0] is REFER:
        assert found[0].reasons == ("the list gives penalty CP-1042 more than once, and otherwise",)


def test_lines_without_a_reference_are_not_held_against_each_other() -> None:
    lines = [replace(OWED, reference=""), replace(OWED, reference="", balance_pence=1)]
    assert {one.enforceable for one in assess_all(lines, today=TODAY, age=FRESH)} == {YES}


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
ages = st.builds(ListAge, st.integers(0, 20), st.integers(0, 20))


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
    assert line.haulier or line.liable_party
    assert line.expires_on is None or line.expires_on >= TODAY


@given(lines, ages)
def test_any_line_has_one_answer_with_reasons(line: PenaltyLine, age: ListAge) -> None:
    found = assess(line, today=TODAY, age=age)
    assert 1 <= found.rule <= 8
    assert found.reasons
    assert (found.enforceable is YES) == (found.rule == 8)
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
