"""One row of an action list, after reading: one penalty line and its vehicle."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """What a registration is carried by (domain notes, "Units")."""

    TRACTOR = "tractor"
    RIGID = "rigid"
    VAN = "van"
    COACH = "coach"
    CAR = "car"
    TRAILER = "trailer"
    CONTAINER = "container"
    RAIL_WAGON = "rail_wagon"
    OTHER = "other"


LORRY = "lorry"
"""A list's word for a goods vehicle of which it does not say whether it is a tractor or a rigid."""


@dataclass(slots=True, unsafe_hash=True)
class ListedRow:
    """The canonical fields of an action list.  Not changed once made: it is not declared
    frozen because making one would then cost an import five times as much.

    Money is in pence; `None` is a blank cell, 0 is a written zero.  At least
    one of `registration`, `trailer_registration` and `container` is not empty.
    Texts are cleaned and otherwise as written; "" is a blank cell.  `status`
    is kept as written (`domain.penalty` knows its meaning).  `country` is an
    ISO 3166 alpha-2 code or "".  `unit` is a `UnitKind` value, LORRY or "".
    `liable_role` is owner, hirer, driver, operator or "".  `section` is "31A",
    "32" or "".  `unread` has what could not be read into a field, word for word,
    as (field, text) pairs: "balance", "see file".  The field itself is blank then.
    `extra` keeps every other column word for word, as (heading, text) pairs in
    the order of the sheet.
    """

    registration: str = ""
    country: str = ""
    unit: str = ""
    trailer_registration: str = ""
    container: str = ""
    haulier: str = ""
    liable_party: str = ""
    liable_role: str = ""
    penalty_reference: str = ""
    section: str = ""
    incident_on: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    amount_pence: int | None = None
    paid_pence: int | None = None
    balance_pence: int | None = None
    status: str = ""
    objection_on: date | None = None
    objection_decided_on: date | None = None
    appeal_on: date | None = None
    appeal_decided_on: date | None = None
    action: str = ""
    priority: str = ""
    contact: str = ""
    expires_on: date | None = None
    notes: str = ""
    unread: tuple[tuple[str, str], ...] = field(default=())
    extra: tuple[tuple[str, str], ...] = field(default=())
