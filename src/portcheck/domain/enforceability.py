"""Whether an outstanding penalty can be enforced here and now, and why.

The first rule that fits wins, and its reasons are always shown.  The rules
follow the Immigration and Asylum Act 1999 s.36A (default of payment), s.36(1),
s.35(6) and (10), and the Carriers' Liability Regulations 2002 regs 4, 6 and 7;
their order is portcheck's reading of them.  A wrong "yes" stops an innocent
driver: whatever is not shown leads to "refer".  portcheck informs; the officer,
and where the Act says so a senior officer (s.43), decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from portcheck.domain.doubts import MOST_QUOTED, doubts, unread
from portcheck.domain.haulier import shares_a_word
from portcheck.domain.listing import UnitKind
from portcheck.domain.maxima import cannot_be
from portcheck.domain.money import pounds
from portcheck.domain.penalty import PenaltyLine, Status, status_of
from portcheck.domain.recorded import disagreement, paid_in_full, paid_in_part
from portcheck.domain.settlement import Settlement
from portcheck.domain.text import day, shorten

PAYMENT_DAYS = 60  # reg 4: from issue; stopped while an objection waits for its decision
APPEAL_DAYS = 28  # the notice's practice, not s.35A's: from issue, or from an objection's decision

_SENIOR = (
    "detaining before then is a senior officer's question (s.36(1); not below chief "
    "immigration officer, s.43)"
)


class Enforceable(StrEnum):
    """The answer: yes, no, or a question for the list office."""

    YES = "yes"
    NO = "no"
    REFER = "refer"


class Rule(IntEnum):
    """What decided.  The numbers stand in facts already recorded: none ever changes its meaning,
    and they say nothing of the order, which is that of `assess`.
    """

    NOTHING_OWED = 1
    OBJECTION = 2
    NOT_DUE = 3
    APPEAL = 4
    ARRANGEMENT = 5
    NO_TIE = 6
    DOUBTFUL = 7
    ENFORCEABLE = 8
    RECORDED_HERE = 9
    DUE_IN_DOUBT = 10
    NOT_A_VEHICLE = 11
    IMPOSSIBLE = 12
    RAN_OUT = 13


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer, the sentences behind it, and the rule that gave it."""

    enforceable: Enforceable
    reasons: tuple[str, ...]
    rule: Rule


class Carried(StrEnum):
    """What matched, where that is not the vehicle that the debtor uses (s.36A(2), s.43)."""

    CONTAINER = "container"
    TRAILER = "trailer"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the vehicle besides its penalty line.

    `carried` is what matched instead of a vehicle: a container, or a trailer that stands
    beside a tractor in the entry.  `unit` is the entry's kind, `haulier` the name typed at
    the check ("" where none was).  `recorded` is what was recorded here about the line, held
    against the list.
    """

    carried: Carried | None = None
    unit: str = ""
    haulier: str = ""
    recorded: Settlement | None = None


_NOTHING_KNOWN = Circumstances()


@dataclass(frozen=True, slots=True)
class ListAge:
    """How old the list is and how old it may be, in days; None where it is dated after now."""

    days: int | None
    allowed_days: int

    @property
    def stale(self) -> bool:
        """Older than it may be, or of an age nobody can tell."""
        return self.days is None or self.days > self.allowed_days


def assess(
    line: PenaltyLine, *, today: date, age: ListAge, about: Circumstances = _NOTHING_KNOWN
) -> Assessment:
    """The first rule that fits `line` on `today` (the date in the operation's time zone).

    >>> line = PenaltyLine(balance_pence=240000, status="Overdue", haulier="Acme Ltd",
    ...                    issued_on=date(2021, 1, 4))
    >>> assess(line, today=date(2021, 6, 17), age=ListAge(1, 7)).enforceable
    <Enforceable.YES: 'yes'>
    """
    status = status_of(line.status)
    return (
        _nothing_owed(line, status)
        or _paid_here(about.recorded)
        or _ran_out(line, today)
        or _objection_waits(line, status, today)
        or _payment_date(line, today)
        or _appeal_open(line, status, today)
        or _arrangement(status)
        or _not_a_vehicle(about.carried)
        or _no_tie_to_business(line, about)
        or _impossible(line)
        or _disagreement(about.recorded)
        or _not_sure(line, status, age)
        or _enforceable(line, about.recorded)
    )


def payment_date(line: PenaltyLine) -> date | None:
    """The last day for payment: as listed, else 60 days from issue, the clock stopped
    from an objection to its decision.  None where the list does not tell, and where
    the payment date it gives cannot be read.
    """
    if line.due_on or line.not_read("due_on"):
        return line.due_on
    return _reckoned(line)


def _reckoned(line: PenaltyLine) -> date | None:
    """The last day for payment by the statute (reg 4), None without a date of issue."""
    if not line.issued_on:
        return None
    due = line.issued_on + timedelta(days=PAYMENT_DAYS)
    if line.objection_on and line.objection_decided_on:
        due += max(line.objection_decided_on - line.objection_on, timedelta())
    return due


def _nothing_owed(line: PenaltyLine, status: Status) -> Assessment | None:
    owed = line.owed_pence
    if status is Status.CANCELLED:
        return _no(Rule.NOTHING_OWED, f"the list says {line.status.strip().lower()}")
    if status is Status.SUPERSEDED:
        return _no(Rule.NOTHING_OWED, "superseded by a later notice: look for that one")
    if owed == 0:
        return _no(Rule.NOTHING_OWED, "nothing is owed on it (balance £0.00)")
    no_figures = owed is None or (line.balance_pence is None and line.paid_pence is None)
    if status is Status.PAID and no_figures and not line.not_read("balance"):
        return _no(Rule.NOTHING_OWED, f"the list says {line.status.strip().lower()}")
    return None


def _ran_out(line: PenaltyLine, today: date) -> Assessment | None:
    if line.expires_on and line.expires_on < today:
        return _refer(Rule.RAN_OUT, f"the entry ran out on {day(line.expires_on)}")
    return None


def _paid_here(recorded: Settlement | None) -> Assessment | None:
    if not (recorded and recorded.settled):
        return None
    return _no(Rule.RECORDED_HERE, *paid_in_full(recorded))


def _disagreement(recorded: Settlement | None) -> Assessment | None:
    if not (recorded and recorded.doubt):
        return None
    return _refer(Rule.RECORDED_HERE, disagreement(recorded))


def _objection_waits(line: PenaltyLine, status: Status, today: date) -> Assessment | None:
    received = line.objection_on is not None or status is Status.OBJECTION
    if not received or _decided(line.objection_on, line.objection_decided_on, today):
        return None
    if line.not_read("objection_decided_on"):
        return None
    when = f" of {day(line.objection_on)}" if line.objection_on else ""
    return _no(
        Rule.OBJECTION, f"an objection{when} waits for its decision: the payment clock is stopped"
    )


def _payment_date(line: PenaltyLine, today: date) -> Assessment | None:
    """The date as listed, else as reckoned; where the list's comes too early, nothing is shown."""
    due, reckoned = payment_date(line), _reckoned(line)
    if due is None:
        return None
    if due >= today:
        return _no(Rule.NOT_DUE, f"the payment date, {day(due)}, has not passed", _SENIOR)
    if line.issued_on and due < line.issued_on:
        before = f"before the issue, {day(line.issued_on)}"
        return _refer(Rule.DUE_IN_DOUBT, f"the list's payment date, {day(due)}, is {before}")
    if reckoned and due < reckoned:
        return _refer(
            Rule.DUE_IN_DOUBT,
            f"the list's payment date, {day(due)}, is earlier than the statute's: 60 days from "
            f"issue, stopped by an objection, end on {day(reckoned)} (reg 4)",
        )
    return None


def _appeal_open(line: PenaltyLine, status: Status, today: date) -> Assessment | None:
    decided = _decided(line.appeal_on, line.appeal_decided_on, today)
    if line.not_read("appeal_decided_on"):
        return None
    if (line.appeal_on or status is Status.APPEAL) and not decided:
        return _no(Rule.APPEAL, "an appeal is pending (s.36A(5))")
    if line.not_read("objection_decided_on"):
        return None
    start = line.objection_decided_on or line.issued_on
    if start and not decided and today <= start + timedelta(days=APPEAL_DAYS):
        last = start + timedelta(days=APPEAL_DAYS)
        return _no(
            Rule.APPEAL,
            f"it can still be appealed, until {day(last)} as notices have it (s.36A(5))",
        )
    return None


def _decided(received_on: date | None, decided_on: date | None, today: date) -> bool:
    """Whether it was decided by `today`, and after it was received."""
    return decided_on is not None and (received_on or decided_on) <= decided_on <= today


def _arrangement(status: Status) -> Assessment | None:
    if status is Status.INSTALMENTS:
        lapsed = "refer to the list office if they have lapsed"
        return _no(Rule.ARRANGEMENT, "paid in instalments", lapsed)
    if status is Status.SECURITY_HELD:
        return _no(Rule.ARRANGEMENT, "security is held for it", "refer to the list office")
    return None


def _not_a_vehicle(carried: Carried | None) -> Assessment | None:
    if carried is Carried.CONTAINER:
        what = "what matched is a container, which is carried: s.36A(2) speaks of vehicles"
        return _refer(Rule.NOT_A_VEHICLE, what)
    if carried is Carried.TRAILER:
        what = "what matched is the trailer of the listed vehicle, which is not here (s.36A(2))"
        return _refer(Rule.NOT_A_VEHICLE, what)
    return None


_NOT_A_BUSINESS = {
    "driver": "the driver owes it: nothing on the list ties this vehicle to the driver's business",
    "operator": "the operator of a detached trailer owes it: nothing on the list ties this vehicle "
    "to the operator's business (s.36A)",
    "": "the list does not say as what its party is liable, and gives no haulier (s.36A)",
}
"""Why a party alone ties no vehicle to the debtor's business, by its role."""


def _no_tie_to_business(line: PenaltyLine, about: Circumstances) -> Assessment | None:
    if about.unit == UnitKind.CAR:
        return _refer(Rule.NO_TIE, "it is listed as a car: ask whether it is used in a business")
    if line.haulier:
        if about.haulier and not shares_a_word(line.haulier, about.haulier):
            listed = shorten(line.haulier, MOST_QUOTED)
            typed = shorten(about.haulier, MOST_QUOTED)
            return _refer(
                Rule.NO_TIE, f"the list's haulier is {listed}, the one typed {typed} (s.36A)"
            )
        return None
    if not line.liable_party:
        return _refer(
            Rule.NO_TIE, "nothing on the list ties the vehicle to the debtor's business (s.36A)"
        )
    if line.not_read("liable_role"):
        return _refer(Rule.NO_TIE, *unread(line, {"liable_role": "word for who is liable"}))
    why = _NOT_A_BUSINESS.get(line.liable_role)
    return _refer(Rule.NO_TIE, why) if why else None


def _impossible(line: PenaltyLine) -> Assessment | None:
    why = cannot_be(line)
    return _refer(Rule.IMPOSSIBLE, *why) if why else None


def _not_sure(line: PenaltyLine, status: Status, age: ListAge) -> Assessment | None:
    found = [*_aged(age), *doubts(line, status, dated=payment_date(line) is not None)]
    return _refer(Rule.DOUBTFUL, *found) if found else None


def _aged(age: ListAge) -> Iterator[str]:
    if age.days is None:
        yield "the list is dated after this machine's clock: its age is not known"
    elif age.stale:
        yield f"the list is {age.days} days old; {age.allowed_days} are allowed"


def _enforceable(line: PenaltyLine, recorded: Settlement | None) -> Assessment:
    left = recorded.left_pence if recorded else line.owed_pence
    due = payment_date(line)
    passed = f"the payment date, {day(due)}, has passed" if due else "the payment date has passed"
    return Assessment(
        Enforceable.YES,
        (
            f"{pounds(left)} is owed, plus detention expenses (s.36A)",
            *(paid_in_part(recorded) if recorded else ()),
            f"{passed}; no objection or appeal is open",
        ),
        Rule.ENFORCEABLE,
    )


def _no(rule: Rule, *reasons: str) -> Assessment:
    return Assessment(Enforceable.NO, reasons, rule)


def _refer(rule: Rule, *reasons: str) -> Assessment:
    return Assessment(Enforceable.REFER, reasons, rule)
