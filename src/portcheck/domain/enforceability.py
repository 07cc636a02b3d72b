"""Whether an outstanding penalty can be enforced here and now, and why.

The first rule that fits wins, and its reasons are always shown.  The rules
follow the Immigration and Asylum Act 1999 s.36A (default of payment), s.36(1),
s.35(6) and (10), and the Carriers' Liability Regulations 2002 regs 4, 6 and 7;
their order is portcheck's reading of them.  portcheck informs; the officer, and
where the Act says so a senior officer (s.43), decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portcheck.domain.money import pounds
from portcheck.domain.penalty import PenaltyLine, Status, status_of
from portcheck.domain.text import shorten

PAYMENT_DAYS = 60  # reg 4: from issue; stopped while an objection waits for its decision
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
APPEAL_DAYS = 28  # s.35A: from issue or, after an objection, from its decision

_MONEY = {"amount": "amount", "paid": "sum paid", "balance": "balance"}
_DAYS = {
    "issued_on": "date of issue",
    "due_on": "payment date",
    "objection_on": "date of the objection",
    "objection_decided_on": "date of the objection's decision",
    "appeal_on": "date of the appeal",
    "appeal_decided_on": "date of the appeal's decision",
    "expires_on": "last day",
}
_MOST_QUOTED = 30

_SENIOR = (
    "detaining before then is a senior officer's question (s.36(1); not below chief "
    "immigration officer, s.43)"
)


class Enforceable(StrEnum):
    """The answer: yes, no, or a question for the list office."""

    YES = "yes"
    NO = "no"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer, the sentences behind it, and the number of the rule (1-8) that gave it."""

    enforceable: Enforceable
    reasons: tuple[str, ...]
    rule: int


@dataclass(frozen=True, slots=True)
class ListAge:
    """How old the list is and how old it may be, in days."""

    days: int
    allowed_days: int

    @property
    def stale(self) -> bool:
        """Older than it may be."""
        return self.days > self.allowed_days


def assess(line: PenaltyLine, *, today: date, age: ListAge) -> Assessment:
    """The first rule that fits `line` on `today` (the date in the operation's time zone).

    >>> line = PenaltyLine(balance_pence=240000, status="Overdue", haulier="Acme Ltd",
    ...                    issued_on=date(2021, 1, 4))
    >>> assess(line, today=date(2021, 6, 17), age=ListAge(1, 7)).enforceable
    <Enforceable.YES: 'yes'>
    """
    status = status_of(line.status)
    for rule in (
        _nothing_owed,
        _objection_waits,
        _payment_date_ahead,
        _appeal_open,
        _arrangement,
        _no_tie_to_business,
    ):
        found = rule(line, status, today)
        if found:
            return found
    return _not_sure(line, status, age) or _enforceable(line)


def assess_all(lines: Sequence[PenaltyLine], *, today: date, age: ListAge) -> list[Assessment]:
    """Each of a vehicle's `lines` as `assess` has it; one that another contradicts is not
    enforceable, but referred.

    Lines contradict each other that give one penalty (its reference, and who is
    liable for it) with another sum or status.
    """
    told: dict[tuple[str, ...], set[tuple[int | None, Status]]] = {}
    for line in lines:
        told.setdefault(_penalty(line), set()).add((line.owed_pence, status_of(line.status)))
    found = []
    for line in lines:
        said = assess(line, today=today, age=age)
        twice = line.reference and len(told[_penalty(line)]) > 1
        if twice and said.enforceable is Enforceable.YES:
            said = _refer(
                7, f"the list gives penalty {line.reference} more than once, and otherwise"
            )
        found.append(said)
    return found


def _penalty(line: PenaltyLine) -> tuple[str, ...]:
    return line.reference, line.liable_party, line.liable_role


def payment_date(line: PenaltyLine) -> date | None:
    """The last day for payment: as listed, else 60 days from issue, the clock stopped
    from an objection to its decision.  None where the list does not tell, and where
    the payment date it gives cannot be read.
    """
    if line.due_on or line.not_read("due_on"):
        return line.due_on
    if not line.issued_on:
        return None
    due = line.issued_on + timedelta(days=PAYMENT_DAYS)
    if line.objection_on and line.objection_decided_on:
        due += max(line.objection_decided_on - line.objection_on, timedelta())
    return due


def _nothing_owed(line: PenaltyLine, status: Status, today: date) -> Assessment | None:
    owed = line.owed_pence
    if status is Status.CANCELLED:
        return _no(1, f"the list says {line.status.strip().lower()}")
    if status is Status.SUPERSEDED:
        return _no(1, "superseded by a later notice: look for that one")
    if owed == 0:
        return _no(1, "nothing is owed on it (balance £0.00)")
    no_figures = owed is None or (line.balance_pence is None and line.paid_pence is None)
    if status is Status.PAID and no_figures and not line.not_read("balance"):
        return _no(1, f"the list says {line.status.strip().lower()}")
    if line.expires_on and line.expires_on < today:
        return _refer(1, f"the entry ran out on {day(line.expires_on)}")
    return None


def _objection_waits(line: PenaltyLine, status: Status, today: date) -> Assessment | None:
    received = line.objection_on is not None or status is Status.OBJECTION
    if not received or _decided(line.objection_on, line.objection_decided_on, today):
        return None
    if line.not_read("objection_decided_on"):
        return None
    when = f" of {day(line.objection_on)}" if line.objection_on else ""
    return _no(2, f"an objection{when} waits for its decision: the payment clock is stopped")


def _payment_date_ahead(line: PenaltyLine, _status: Status, today: date) -> Assessment | None:
    due = payment_date(line)
    if due is None or due < today:
        return None
    return _no(3, f"the payment date, {day(due)}, has not passed", _SENIOR)


def _appeal_open(line: PenaltyLine, status: Status, today: date) -> Assessment | None:
    decided = _decided(line.appeal_on, line.appeal_decided_on, today)
    if line.not_read("appeal_decided_on"):
        return None
    if (line.appeal_on or status is Status.APPEAL) and not decided:
        return _no(4, "an appeal is pending (s.36A(5))")
    if line.not_read("objection_decided_on"):
        return None
    start = line.objection_decided_on or line.issued_on
    if start and not decided and today <= start + timedelta(days=APPEAL_DAYS):
        last = start + timedelta(days=APPEAL_DAYS)
        return _no(4, f"it can still be appealed, until {day(last)} (s.36A(5))")
    return None


def _decided(received_on: date | None, decided_on: date | None, today: date) -> bool:
    """Whether it was decided by `today`, and after it was received."""
    return decided_on is not None and (received_on or decided_on) <= decided_on <= today


def _arrangement(_line: PenaltyLine, status: Status, _today: date) -> Assessment | None:
    if status is Status.INSTALMENTS:
        return _no(5, "paid in instalments", "refer to the list office if they have lapsed")
    if status is Status.SECURITY_HELD:
        return _no(5, "security is held for it", "refer to the list office")
    return None


def _no_tie_to_business(line: PenaltyLine, _status: Status, _today: date) -> Assessment | None:
    if line.haulier:
        return None
    if line.liable_party and line.not_read("liable_role"):
        return _refer(6, *_unread(line, {"liable_role": "word for who is liable"}))
    if line.liable_party and line.liable_role != "driver":
        return None
    if line.liable_party:
        return _refer(
            6, "the driver owes it: nothing on the list ties this vehicle to the driver's business"
        )
    return _refer(6, "nothing on the list ties the vehicle to the debtor's business (s.36A)")


def _not_sure(line: PenaltyLine, status: Status, age: ListAge) -> Assessment | None:
    doubts = []
    if age.stale:
        doubts.append(f"the list is {age.days} days old; {age.allowed_days} are allowed")
    doubts += _unread(line, _DAYS)
    if line.balance_pence is None:
        doubts += _unread(line, _MONEY)
    if payment_date(line) is None and not line.not_read("due_on", "issued_on"):
        doubts.append("the list gives no date of issue and no payment date")
    elif line.objection_decided_on and not (line.objection_on or line.due_on):
        doubts.append("the list does not say how long an objection stopped the payment clock")
    if line.owed_pence is None and not line.not_read(*_MONEY):
        doubts.append("the list does not say how much is owed")
    doubts += _doubts_of_status(line, status)
    return _refer(7, *doubts) if doubts else None


def _doubts_of_status(line: PenaltyLine, status: Status) -> Iterator[str]:
    """What the list's word for the status leaves open beside its figures and dates."""
    if status is Status.UNKNOWN:
        yield f"the status “{line.status}” is not one portcheck knows"
    if status is Status.PAID:
        yield f"the list says {line.status.strip().lower()} and yet gives a balance"
    if status is Status.PART_PAID and line.balance_pence is None and not line.paid_pence:
        yield f"the list says {line.status.strip().lower()} and not how much is left"
    if status in {Status.OBJECTION, Status.APPEAL}:
        yield f"the list says {line.status.strip().lower()} and yet gives its decision"
    if status is Status.WRITTEN_OFF:
        yield "the list says written off: ask whether it is still pursued"


def _unread(line: PenaltyLine, words: Mapping[str, str]) -> Iterator[str]:
    """What the list has in fields that it takes, and that could not be read."""
    for field, text in line.unread:
        if field in words:
            yield f"the list's {words[field]}, “{shorten(text, _MOST_QUOTED)}”, cannot be read"


def _enforceable(line: PenaltyLine) -> Assessment:
    due = payment_date(line)
    passed = f"the payment date, {day(due)}, has passed" if due else "the payment date has passed"
    return Assessment(
        Enforceable.YES,
        (
            f"{pounds(line.owed_pence)} is owed, plus detention expenses (s.36A)",
            f"{passed}; no objection or appeal is open",
        ),
        8,
    )


def _no(rule: int, *reasons: str) -> Assessment:
    return Assessment(Enforceable.NO, reasons, rule)


def _refer(rule: int, *reasons: str) -> Assessment:
    return Assessment(Enforceable.REFER, reasons, rule)


def day(when: date) -> str:
    """A date as people read it, with no doubt about day and month.

    >>> day(date(2021, 6, 7))
    '7 Jun 2021'
    """
    return f"{when.day} {_MONTHS[3 * when.month - 3 : 3 * when.month]} {when.year}"
