"""The facts: one class a fact, validated before it is written, never changed after.

A payload is the event's JSON.  Fields are only ever added, with a default, so
that every journal ever written can be read.
"""

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, TypeAdapter

from portcheck.domain.bank_holidays import UkPart
from portcheck.journal.append import utc_text

UtcTime = Annotated[AwareDatetime, PlainSerializer(utc_text, return_type=str)]
Count = Annotated[int, Field(ge=0)]
Pence = Annotated[int, Field(ge=0)]
Unit = Literal["vehicle", "trailer", "container"]


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class MarkTyped(_Fact):
    """A registration as typed, and the key it was matched by."""

    text: str
    key: str
    country: str = ""


Pairs = tuple[tuple[str, str], ...]
"""Headings with their texts in the order of the sheet, which an object would not keep."""


class Told(_Fact):
    """What the list says to do, in an entry that tells of no penalty."""

    action: str = ""
    priority: str = ""
    contact: str = ""
    notes: str = ""
    extra: Pairs = ()


class ActionSeen(_Fact):
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


class PenaltySeen(_Fact):
    """A penalty line as the list gave it and as it was assessed when shown.

    `left_pence` is what was left of it by what was `recorded` here before; `otherwise` and
    `otherwise_rule` are the assessment without that ("" and 0 where nothing was recorded).
    """

    entry_id: int
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


class MatchSeen(_Fact):
    """A match with a snapshot of the entry: evidence does not depend on the list's future."""

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


class ListSeen(_Fact):
    """The version of a list that a check was made against."""

    name: str
    version: int
    sha256: str
    stale: bool


class PlateCandidate(_Fact):
    """What a plate may have been instead; `confidence` is from 0 to 1, None when not given."""

    plate: str
    confidence: float | None = None


class PlateRead(_Fact):
    """How sure a camera was of a plate (0 to 1), and what else it may have been."""

    confidence: float | None = None
    candidates: tuple[PlateCandidate, ...] = ()


class OperationOpened(_Fact):
    """A joint operation began; it becomes the device's current one."""

    kind: Literal["operation_opened"] = "operation_opened"
    operation_id: str
    name: str
    site: str = ""
    agencies: tuple[str, ...] = ()
    timezone: str
    marking: str
    started_at: UtcTime
    part: UkPart = UkPart.ENGLAND_AND_WALES  # whose bank holidays hold


class OperationSelected(_Fact):
    """An operation was made the device's current one."""

    kind: Literal["operation_selected"] = "operation_selected"
    operation_id: str


class OperationEnded(_Fact):
    """An operation ended, with its tally as it stood and the journal's fingerprint."""

    kind: Literal["operation_ended"] = "operation_ended"
    operation_id: str
    ended_at: UtcTime
    reason: str = ""
    tally: dict[str, Any]
    fingerprint: str


class ListImported(_Fact):
    """A new version of an action list; its entries are kept beside the journal.

    `sheet` is the one that was read, `sheet_wanted` the one somebody named ("" when
    it was found by its headings): that one is looked for in the next file.  `kept` are
    the entries of the version before that stay beside those of the file: none, unless
    the file was added to it.  The hashes are those of the entries in force, of these with
    their rows, and of the problems found (`store.listsums`); None in early journals.
    """

    kind: Literal["list_imported"] = "list_imported"
    list_name: str
    version: int = Field(ge=1)
    file_name: str
    sha256: str
    sheet: str = ""
    sheet_wanted: str = ""
    as_of: UtcTime
    max_age_days: Count
    rows: Count
    accepted: Count
    duplicates: Count
    rejected: Count
    warnings: Count
    added: Count
    changed: Count
    removed: Count
    unchanged: Count
    kept: Count = 0
    entries_sha256: str
    rows_sha256: str | None = None
    problems_sha256: str | None = None
    column_map: dict[str, str] = {}
    odds: dict[str, float] = {}


class CheckRecorded(_Fact):
    """A vehicle was checked: what was typed, and what it was matched with.

    `checked_by` is the officer who made the check where another one entered it;
    `read` is what a camera made of the plate, where one read it.
    """

    kind: Literal["check_recorded"] = "check_recorded"
    check_id: str
    operation_id: str
    number: int = Field(ge=1)
    ref: str
    at: UtcTime
    vehicle: MarkTyped
    trailer: MarkTyped | None = None
    container: MarkTyped | None = None
    details: dict[str, Any] = {}
    screened: bool
    verdict: Literal["listed", "possible", "clear"]
    lists: tuple[ListSeen, ...] = ()
    matches: tuple[MatchSeen, ...] = ()
    source: str = "typed"
    checked_by: str = ""
    checked_by_agency: str = ""
    read: PlateRead | None = None


class MatchesFoundLater(_Fact):
    """A list imported after a check names a vehicle that was checked."""

    kind: Literal["matches_found_later"] = "matches_found_later"
    check_id: str
    list_name: str
    list_version: int
    matches: tuple[MatchSeen, ...]


class MatchDecided(_Fact):
    """An officer decided whether the listed vehicle is really this one.

    `over` names the decisions on these matches that stood then: the hashes, in hex,
    of the events that made them.
    """

    kind: Literal["match_decided"] = "match_decided"
    check_id: str
    matches: tuple[int, ...] = Field(min_length=1)
    decision: Literal["confirmed", "rejected"]
    reason: str = ""
    over: tuple[str, ...] = ()


class DecisionWithdrawn(_Fact):
    """Decisions were taken back: the matches wait again.  `over` names them, as in
    MatchDecided.
    """

    kind: Literal["decision_withdrawn"] = "decision_withdrawn"
    check_id: str
    matches: tuple[int, ...] = Field(min_length=1)
    over: tuple[str, ...] = Field(min_length=1)
    reason: str = ""


class OutcomeRecorded(_Fact):
    """What the search found and what was done: only what is new."""

    kind: Literal["outcome_recorded"] = "outcome_recorded"
    check_id: str
    outcome: dict[str, Any]


class Change(_Fact):
    """One corrected field: JSON values before and after; None where there was nothing."""

    field: str
    before: Any = None
    after: Any = None


class CheckAmended(_Fact):
    """A correction.  `rematched` says that registrations changed and that the
    matches so far, decided or not, were replaced by `matches`.
    """

    kind: Literal["check_amended"] = "check_amended"
    check_id: str
    changes: tuple[Change, ...] = Field(min_length=1)
    reason: str = Field(min_length=1)
    rematched: bool = False
    verdict: Literal["", "listed", "possible", "clear"] = ""
    lists: tuple[ListSeen, ...] = ()
    matches: tuple[MatchSeen, ...] = ()


class CheckVoided(_Fact):
    """A check that should not count; it stays visible."""

    kind: Literal["check_voided"] = "check_voided"
    check_id: str
    reason: str = Field(min_length=1)


class VoidWithdrawn(_Fact):
    """A void check counts again, with what was recorded of it."""

    kind: Literal["void_withdrawn"] = "void_withdrawn"
    check_id: str
    reason: str = ""


class ChecksImported(_Fact):
    """A file of checks was taken into an operation; each check is an event of its own."""

    kind: Literal["checks_imported"] = "checks_imported"
    operation_id: str
    file_name: str
    sha256: str
    rows: Count
    accepted: Count
    duplicates: Count
    rejected: Count


class RecordConsulted(_Fact):
    """Somebody looked something up (Data Protection Act 2018 s.62)."""

    kind: Literal["record_consulted"] = "record_consulted"
    command: str
    queries: tuple[str, ...]
    verdicts: tuple[str, ...] = ()


class DataDisclosed(_Fact):
    """Records left the database in a file (Data Protection Act 2018 s.62)."""

    kind: Literal["data_disclosed"] = "data_disclosed"
    command: str
    file_name: str
    format: str
    records: Count
    recipient: str = ""


class RecordsHeld(_Fact):
    """Journal and records were held against each other, and nothing was found.

    `events` counts the journal's up to then; `fingerprint` is that of every device.
    """

    kind: Literal["records_held"] = "records_held"
    events: Count
    fingerprint: str


Event = (
    OperationOpened
    | OperationSelected
    | OperationEnded
    | ListImported
    | CheckRecorded
    | MatchesFoundLater
    | MatchDecided
    | DecisionWithdrawn
    | OutcomeRecorded
    | CheckAmended
    | CheckVoided
    | VoidWithdrawn
    | ChecksImported
    | RecordConsulted
    | DataDisclosed
    | RecordsHeld
)


@cache
def adapter() -> TypeAdapter[Event]:
    """What reads any event back; built when first needed."""
    return TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def payload_of(event: Event) -> dict[str, Any]:
    """The event as JSON values, the way the journal keeps it."""
    return event.model_dump(mode="json")
