"""What events are made of: what was typed, read by a camera, and seen on a list, as it was shown.

Validated before it is written, never changed after; fields are only ever added, with a default.
"""

import hashlib
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from portcheck.domain.times import utc_text
from portcheck.journal.chain import canonical

UtcTime = Annotated[AwareDatetime, PlainSerializer(utc_text, return_type=str)]
Count = Annotated[int, Field(ge=0)]
Pence = Annotated[int, Field(ge=0)]
Unit = Literal["vehicle", "trailer", "container"]


class Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class EventName(Fact):
    """An event of any device: its chain and hash in hexadecimal, its number in the chain."""

    chain: str
    seq: int = Field(ge=1)
    hash: str = ""


class MarkTyped(Fact):
    """A registration as typed, and the key it was matched by."""

    text: str
    key: str
    country: str = ""


Pairs = tuple[tuple[str, str], ...]
"""Headings with their texts in the order of the sheet, which an object would not keep."""


class Told(Fact):
    """What the list says to do, in an entry that tells of no penalty."""

    action: str = ""
    priority: str = ""
    contact: str = ""
    notes: str = ""
    extra: Pairs = ()


class ActionSeen(Fact):
    """What had been recorded about a penalty line at an earlier check, when it was shown.

    `amount_pence` is as recorded, `given_pence` what of it was this line's, `owed_pence` what
    the list of the day `dated` gave there.
    """

    check_id: str
    operation_id: str
    operation: str
    ref: str
    at: UtcTime
    action: str
    amount_pence: Pence | None = None
    given_pence: Pence
    owed_pence: Pence | None = None
    dated: date


class PenaltySeen(Fact):
    """A penalty line as the list gave it and as it was assessed when shown.

    `left_pence` is what was left of it by what was `recorded` here before; `otherwise` and
    `otherwise_rule` are the assessment without that ("" and 0 where nothing was recorded).
    `entry` is the hash of the entry's values in hex; early events have its row in the file
    that wrote them, `entry_id`, instead.
    """

    entry_id: int = 0
    entry: str = ""
    reference: str
    section: str = ""
    liable_party: str = ""
    liable_role: str = ""
    amount_pence: Pence | None = None
    paid_pence: Pence | None = None
    balance_pence: Pence | None = None
    owed_pence: Pence | None = None
    status: str = ""
    incident_on: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    objection_on: date | None = None
    objection_decided_on: date | None = None
    appeal_on: date | None = None
    appeal_decided_on: date | None = None
    expires_on: date | None = None
    action: str = ""
    priority: str = ""
    contact: str = ""
    notes: str = ""
    unread: dict[str, str] = {}
    extra: Pairs = ()
    enforceable: Literal["yes", "no", "refer"]
    reasons: tuple[str, ...]
    rule: int
    recorded: tuple[ActionSeen, ...] = ()
    left_pence: Pence | None = None
    otherwise: Literal["", "yes", "no", "refer"] = ""
    otherwise_rule: int = 0


class MatchSeen(Fact):
    """A match with a snapshot of the entry: evidence does not depend on the list's future.

    The list is known by `entries_sha256` ("" in early events); `list_version` is the number
    that the device which wrote the event gave to it.
    """

    number: int
    unit: Unit
    tier: Literal["exact", "lookalike", "near", "weak"]
    typed: str
    registration: str
    listed_as: str = ""
    country: str = ""
    list_name: str
    list_version: int
    haulier: str = ""
    why: str
    cost: float
    penalties: tuple[PenaltySeen, ...]
    told: tuple[Told, ...] = ()
    entries_sha256: str = ""

    @property
    def name(self) -> str:
        """What the match is known by wherever it was made; its number is one device's."""
        of_list = self.entries_sha256 or self.list_version
        said = [self.list_name, of_list, self.unit, self.typed, self.registration]
        said += [self.country, self.haulier]
        return hashlib.sha256(canonical(said).encode()).hexdigest()[:16]


class ListSeen(Fact):
    """The version of a list that a check was made against; its file's hash and that of its
    entries, by which it is known ("" in early events).
    """

    name: str
    version: int
    sha256: str
    stale: bool
    entries_sha256: str = ""


class PlateCandidate(Fact):
    """What a plate may have been instead; `confidence` is from 0 to 1, None when not given."""

    plate: str
    confidence: float | None = None


class PlateRead(Fact):
    """How sure a camera was of a plate (0 to 1), and what else it may have been."""

    confidence: float | None = None
    candidates: tuple[PlateCandidate, ...] = ()
