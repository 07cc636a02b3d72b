"""How a penalty stands: dates in order, money that adds up, the words offices use."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sample.scene import OPERATION_ON

PAYMENT = timedelta(days=60)
_PER_PERSON = (60_000, 80_000, 100_000, 120_000, 150_000, 160_000, 200_000)

STANDINGS = {
    "overdue": 44, "decided": 6, "part_paid": 10, "instalments": 8, "paid": 8, "nothing": 6,
    "objection": 6, "appeal": 4, "recent": 4, "written_off": 2, "security": 2, "unknown": 1,
    "unstated": 1,
}  # fmt: skip
"""How many lines in a hundred stand how."""

_WORDS = {
    "overdue": ("Overdue", "OVERDUE", "overdue", "Outstanding", "OUTSTANDING", "Unpaid"),
    "decided": ("Overdue", "outstanding"),
    "part_paid": ("Part paid", "PART-PAID", "part payment"),
    "instalments": ("Instalments", "payment plan"),
    "paid": ("Paid", "Settled", "PAID IN FULL"),
    "nothing": ("Cancelled", "withdrawn"),
    "objection": ("Under objection", "OBJECTION RECEIVED"),
    "appeal": ("Under appeal", "Appeal lodged"),
    "recent": ("Due", "due"),
    "written_off": ("Written off",),
    "security": ("Security held",),
    "unknown": ("see file", "with legal"),
    "unstated": ("",),
}
_YOUNG = frozenset({"recent", "objection"})


@dataclass(frozen=True, slots=True)
class Line:
    """One penalty line; money in pence, None where the office has a blank.

    `raw` gives cells, by field, that no reader can take for what is meant.
    """

    reference: str = ""
    registration: str = ""
    country: str = ""
    unit: str = ""
    trailer: str = ""
    container: str = ""
    haulier: str = ""
    party: str = ""
    role: str = ""
    incident_on: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    amount: int | None = None
    paid: int | None = None
    balance: int | None = None
    status: str = ""
    objection_on: date | None = None
    decided_on: date | None = None
    appeal_on: date | None = None
    action: str = ""
    team: str = ""
    port: str = ""
    notes: str = ""
    raw: dict[str, str | date] = field(default_factory=dict)


def standing(line: Line, how: str, draw: random.Random) -> Line:
    """`line` with dates, money and a status of one of STANDINGS."""
    oldest, newest = (45, 8) if how in _YOUNG else (1100, 85)
    issued = OPERATION_ON - timedelta(days=draw.randrange(newest, oldest))
    amount = draw.choice(_PER_PERSON) * draw.choices((1, 2, 3), (6, 3, 1))[0]
    line = replace(
        line,
        incident_on=issued - timedelta(days=draw.randrange(12, 70)),
        issued_on=issued,
        due_on=issued + PAYMENT,
        amount=amount,
        balance=amount,
        status=draw.choice(_WORDS[how]),
    )
    if how == "overdue":
        return replace(line, paid=draw.choice((None, 0)))
    if how in {"part_paid", "instalments"}:
        paid = amount * draw.choice((10, 25, 40, 50)) // 100
        return replace(line, paid=paid, balance=amount - paid)
    if how in {"paid", "nothing"}:
        return replace(line, paid=amount if how == "paid" else None, balance=0)
    return _contested(line, how, issued, draw)


def _contested(line: Line, how: str, issued: date, draw: random.Random) -> Line:
    """With the date of an objection, its decision or an appeal, where there was one."""
    later = min(issued + timedelta(days=draw.randrange(9, 28)), OPERATION_ON - timedelta(days=1))
    if how == "objection":
        return replace(line, objection_on=later)
    if how == "appeal":
        return replace(line, appeal_on=later)
    if how == "decided":
        waited = timedelta(days=draw.randrange(30, 56))
        return replace(
            line,
            objection_on=later,
            decided_on=later + waited,
            due_on=issued + PAYMENT + waited,
        )
    return line
