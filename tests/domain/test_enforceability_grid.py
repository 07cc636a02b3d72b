"""Every combination of what a list can say: nowhere a YES that a rule of the trade forbids.

The oracle below is written from the statute and the trade's rules, and calls none of the
program's: it says which of them forbid a YES, whatever the order in which they are asked.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from portcheck.domain.enforceability import (
    Carried,
    Circumstances,
    Enforceable,
    ListAge,
    assess,
)
from portcheck.domain.penalty import PenaltyLine

TODAY = date(2026, 11, 27)
SECURING_BEGAN = date(2023, 2, 13)
YES = Enforceable.YES


FRESH = ListAge(1, 7)


@dataclass(frozen=True)
class Case:
    """A penalty line with what is known of its vehicle."""

    line: PenaltyLine
    about: Circumstances
    age: ListAge = FRESH


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


ROLES = ("", "owner", "hirer", "driver", "operator")
PARTIES = ("", "Acme Ltd")
HAULIERS = ("", "Northsea Haulage Ltd")
TYPED = ("", "NORTHSEA", "Weald Haulage")
UNITS = ("", "tractor", "car", "trailer")
CARRIED = (None, Carried.CONTAINER, Carried.TRAILER)
SECTIONS = ("", "31A", "32")
SUMS: tuple[tuple[int | None, int | None, int | None], ...] = (
    (None, None, 240000),
    (600000, None, 600000),
    (600001, None, 240000),
    (240000, 40000, None),
    (240000, 240000, None),
    (240000, None, None),
    (None, None, None),
    (None, None, 0),
)  # amount, paid, balance
DATES: tuple[dict[str, Any], ...] = (
    {"issued_on": ago(61)},
    {"issued_on": ago(60)},
    {"issued_on": ago(200), "due_on": ago(141)},
    {"issued_on": ago(200), "due_on": ago(140)},
    {"issued_on": ago(200), "due_on": ago(201)},
    {"issued_on": ago(200), "due_on": TODAY},
    {"due_on": ago(1)},
    {},
    {"issued_on": ago(200), "objection_on": ago(180)},
    {"issued_on": ago(200), "objection_on": ago(180), "objection_decided_on": ago(29)},
    {"issued_on": ago(240), "objection_on": ago(220), "objection_decided_on": ago(150)},
    {"issued_on": ago(200), "objection_decided_on": ago(100)},
    {"issued_on": ago(200), "appeal_on": ago(20)},
    {"issued_on": ago(200), "appeal_on": ago(90), "appeal_decided_on": ago(3)},
    {"issued_on": date(2023, 2, 12), "incident_on": date(2023, 2, 11)},
    {"issued_on": date(2023, 3, 1), "incident_on": date(2023, 2, 12)},
    {"issued_on": date(2023, 3, 1), "incident_on": SECURING_BEGAN},
)
STATUSES = (
    "", "outstanding", "part paid", "instalments", "paid", "cancelled", "superseded", "objection",
    "appeal", "written off", "security held", "see file",
)  # fmt: skip
GOOD = PenaltyLine(
    reference="CP-1", haulier="Northsea Haulage Ltd", balance_pence=240000, issued_on=ago(200)
)


def who(case: Case) -> Iterator[Case]:
    """Everybody who may owe it, and every vehicle that may stand there."""
    for role, party, haulier, typed, unit, carried in product(
        ROLES, PARTIES, HAULIERS, TYPED, UNITS, CARRIED
    ):
        line = replace(case.line, liable_role=role, liable_party=party, haulier=haulier)
        yield replace(case, line=line, about=Circumstances(carried, unit, typed))


def what(case: Case) -> Iterator[Case]:
    """Every section, sum, status and date."""
    for section, (amount, paid, balance), dates, status in product(SECTIONS, SUMS, DATES, STATUSES):
        line = replace(
            case.line,
            section=section,
            amount_pence=amount,
            paid_pence=paid,
            balance_pence=balance,
            status=status,
            issued_on=None,
        )
        yield replace(case, line=replace(line, **dates))


START = Case(GOOD, Circumstances())
GRID = [*who(START), *what(START)]


def forbidding(case: Case) -> set[str]:
    """What forbids a YES, by the statute and the trade's rules, each asked for itself."""
    return {*_by_money(case.line), *_by_dates(case.line), *_by_vehicle(case)}


def _by_money(line: PenaltyLine) -> Iterator[str]:
    if line.status in {"cancelled", "superseded", "paid"}:
        yield "nothing is owed, or it is in doubt"
    if line.status in {"instalments", "security held", "written off", "see file"}:
        yield "an arrangement, or nobody knows"
    if line.status in {"objection", "appeal"}:
        yield "objection or appeal by the list's word"
    paid = line.paid_pence or 0
    owed = line.balance_pence if line.balance_pence is not None else (line.amount_pence or 0) - paid
    if owed <= 0:
        yield "no sum is owed"
    if line.status == "part paid" and line.balance_pence is None and not paid:
        yield "nobody knows how much is left"
    if line.section == "31A" and max(line.amount_pence or 0, line.balance_pence or 0) > 600000:
        yield "more than s.31A allows"


def _by_dates(line: PenaltyLine) -> Iterator[str]:
    if not (line.issued_on or line.due_on):
        yield "no date"
    if line.due_on and line.due_on >= TODAY:
        yield "not due as listed"
    if line.issued_on:
        yield from _by_the_statutes_days(line, line.issued_on)
    for on in (line.incident_on, line.issued_on):
        if line.section == "31A" and on and on < SECURING_BEGAN:
            yield "s.31A was not law"
    yield from _by_what_was_lodged(line)


def _by_the_statutes_days(line: PenaltyLine, issued_on: date) -> Iterator[str]:
    stopped = 0
    if line.objection_on and line.objection_decided_on:
        stopped = (line.objection_decided_on - line.objection_on).days
    last = issued_on + timedelta(days=60 + stopped)
    if not line.due_on and last >= TODAY:
        yield "not due by reg 4"
    if line.due_on and line.due_on < last:
        yield "listed earlier than the statute's day"
    if issued_on + timedelta(days=28) >= TODAY:
        yield "can be appealed"


def _by_what_was_lodged(line: PenaltyLine) -> Iterator[str]:
    decided = line.objection_decided_on
    if line.objection_on and not decided:
        yield "objection undecided"
    if decided and not (line.objection_on or line.due_on):
        yield "the clock stood nobody knows how long"
    if decided and decided + timedelta(days=28) >= TODAY and not line.appeal_decided_on:
        yield "can be appealed"
    if line.appeal_on and not line.appeal_decided_on:
        yield "appeal pending"


def _by_vehicle(case: Case) -> Iterator[str]:
    line, about = case.line, case.about
    if about.carried:
        yield "not the vehicle"
    if about.unit == "car":
        yield "a private car"
    if not line.haulier and (not line.liable_party or line.liable_role not in {"owner", "hirer"}):
        yield "no tie to a business"
    if line.haulier and about.haulier == "Weald Haulage":
        yield "another haulier"


def answer(case: Case) -> Enforceable:
    return assess(case.line, today=TODAY, age=case.age, about=case.about).enforceable


def test_the_grid_is_as_large_as_it_was_when_it_found_wrong_answers() -> None:
    assert len(GRID) >= 3495
    assert len(set(GRID)) > 3495


def test_no_yes_where_any_rule_forbids_it() -> None:
    wrong = [(case, forbidding(case)) for case in GRID if answer(case) is YES and forbidding(case)]
    assert wrong == []


def test_where_nothing_forbids_it_the_answer_is_yes() -> None:
    """Else a program that never said YES would pass."""
    free = [case for case in GRID if not forbidding(case)]
    assert len(free) > 100
    assert [case for case in free if answer(case) is not YES] == []


@pytest.mark.parametrize("days", [8, 400])
def test_an_old_list_says_yes_to_nothing(days: int) -> None:
    answers = Counter(answer(replace(case, age=ListAge(days, 7))) for case in GRID)
    assert answers[YES] == 0
    assert answers[Enforceable.NO] > 0
