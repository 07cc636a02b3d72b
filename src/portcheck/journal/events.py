"""The facts: one class a fact, validated before it is written, never changed after.

A payload is the event's JSON.  Fields are only ever added, with a default, so
that every journal ever written can be read.
"""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from portcheck.domain.bank_holidays import UkPart
from portcheck.domain.decision import Decided
from portcheck.journal.parts import (
    Count,
    EventName,
    Fact,
    ListSeen,
    MarkTyped,
    MatchSeen,
    PlateRead,
    UtcTime,
)
from portcheck.journal.sharing import (
    DeviceFinished,
    DeviceJoined,
    DeviceLost,
    DeviceRevoked,
    DeviceTrusted,
    JournalsReceived,
    JournalsSent,
    OperationReopened,
)


class OperationOpened(Fact):
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


class OperationSelected(Fact):
    """An operation was made the device's current one."""

    kind: Literal["operation_selected"] = "operation_selected"
    operation_id: str


class OperationEnded(Fact):
    """An operation ended, with its tally as it stood and the journal's fingerprint.

    `heads` are the newest events of every chain that were known then: the tally is of
    what they and those before them say.
    """

    kind: Literal["operation_ended"] = "operation_ended"
    operation_id: str
    ended_at: UtcTime
    reason: str = ""
    tally: dict[str, Any]
    fingerprint: str
    heads: tuple[EventName, ...] = ()


class ListImported(Fact):
    """A new version of an action list; its entries are kept beside the journal.

    `sheet` is the one that was read, `sheet_wanted` the one somebody named ("" when
    it was found by its headings, "*" for all): that one is looked for in the next file, and
    `join_wanted` ("SHEET:COLUMN") is what is joined to it; `status_words`
    what words of the office for a status mean.  `lines`
    came of the rows accepted, None where it was one of each.  `kept` are
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
    join_wanted: str = ""
    as_of: UtcTime
    max_age_days: Count
    rows: Count
    accepted: Count
    lines: Count | None = None
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
    column_map: dict[str, str] = Field(default_factory=dict)
    status_words: dict[str, str] = Field(default_factory=dict)
    odds: dict[str, float] = Field(default_factory=dict)


class ListRetired(Fact):
    """A list went out of force: its next version, which has no entries.

    `removed` counts those that were in force, `entries_sha256` is the hash of none.
    """

    kind: Literal["list_retired"] = "list_retired"
    list_name: str
    version: int = Field(ge=1)
    reason: str = Field(min_length=1)
    removed: Count
    entries_sha256: str


class CheckRecorded(Fact):
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
    details: dict[str, Any] = Field(default_factory=dict)
    screened: bool
    verdict: Literal["listed", "possible", "clear"]
    lists: tuple[ListSeen, ...] = ()
    matches: tuple[MatchSeen, ...] = ()
    source: str = "typed"
    checked_by: str = ""
    checked_by_agency: str = ""
    read: PlateRead | None = None


class MatchesFoundLater(Fact):
    """A list imported after a check names a vehicle that was checked; the list is known by
    `entries_sha256` ("" in early events).
    """

    kind: Literal["matches_found_later"] = "matches_found_later"
    check_id: str
    list_name: str
    list_version: int
    matches: tuple[MatchSeen, ...]
    entries_sha256: str = ""


class MatchDecided(Fact):
    """An officer decided whether the listed vehicle is really this one.

    `named` are the names of the `matches` (`MatchSeen.name`), whose numbers another device
    may have given to others.  `over` names the decisions on them that stood then: the
    hashes, in hex, of the events that made them.
    """

    kind: Literal["match_decided"] = "match_decided"
    check_id: str
    matches: tuple[int, ...] = Field(min_length=1)
    decision: Decided
    reason: str = ""
    over: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class DecisionWithdrawn(Fact):
    """Decisions were taken back: the matches wait again.  `over` names the decisions, and
    `named` the matches, as in MatchDecided.
    """

    kind: Literal["decision_withdrawn"] = "decision_withdrawn"
    check_id: str
    matches: tuple[int, ...] = Field(min_length=1)
    over: tuple[str, ...] = Field(min_length=1)
    reason: str = ""
    named: tuple[str, ...] = ()


class OutcomeRecorded(Fact):
    """What the search found and what was done: only what is new."""

    kind: Literal["outcome_recorded"] = "outcome_recorded"
    check_id: str
    outcome: dict[str, Any]


class Change(Fact):
    """One corrected field: JSON values before and after; None where there was nothing."""

    field: str
    before: Any = None
    after: Any = None


class CheckAmended(Fact):
    """A correction.  `rematched` says that registrations changed and that the
    matches so far, decided or not, were replaced by `matches`.  `over` names the events
    whose values for these fields contradicted each other before whoever corrects.
    """

    kind: Literal["check_amended"] = "check_amended"
    check_id: str
    changes: tuple[Change, ...] = Field(min_length=1)
    reason: str = Field(min_length=1)
    rematched: bool = False
    verdict: Literal["", "listed", "possible", "clear"] = ""
    lists: tuple[ListSeen, ...] = ()
    matches: tuple[MatchSeen, ...] = ()
    over: tuple[str, ...] = ()


class CheckVoided(Fact):
    """A check that should not count; it stays visible."""

    kind: Literal["check_voided"] = "check_voided"
    check_id: str
    reason: str = Field(min_length=1)


class VoidWithdrawn(Fact):
    """A void check counts again, with what was recorded of it."""

    kind: Literal["void_withdrawn"] = "void_withdrawn"
    check_id: str
    reason: str = ""


class ChecksImported(Fact):
    """A file of checks was taken into an operation; each check is an event of its own."""

    kind: Literal["checks_imported"] = "checks_imported"
    operation_id: str
    file_name: str
    sha256: str
    rows: Count
    accepted: Count
    duplicates: Count
    rejected: Count


class ChainContinued(Fact):
    """A device goes on in a copy of a database, or in another's: the first event of its chain.

    `continued` is the newest event of the chain that it goes on with, `label` that
    chain's device; the operation that was current there stays current.  `instead` are the
    hashes of events that this device wrote there, where another wrote others, and that stand
    anew in this chain.
    """

    kind: Literal["chain_continued"] = "chain_continued"
    continued: EventName
    label: str
    instead: tuple[str, ...] = ()


class PayloadsErased(Fact):
    """The texts of these events are taken out; their place in the chain stays."""

    kind: Literal["payloads_erased"] = "payloads_erased"
    events: tuple[EventName, ...] = Field(min_length=1)
    ground: Literal["review", "request", "retention", "mistake"]
    reason: str = ""


class RecordConsulted(Fact):
    """Somebody looked something up (Data Protection Act 2018 s.62)."""

    kind: Literal["record_consulted"] = "record_consulted"
    command: str
    queries: tuple[str, ...]
    verdicts: tuple[str, ...] = ()


class DataDisclosed(Fact):
    """Records left the database in a file (Data Protection Act 2018 s.62)."""

    kind: Literal["data_disclosed"] = "data_disclosed"
    command: str
    file_name: str
    format: str
    records: Count
    recipient: str = ""


class RecordsHeld(Fact):
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
    | ListRetired
    | CheckRecorded
    | MatchesFoundLater
    | MatchDecided
    | DecisionWithdrawn
    | OutcomeRecorded
    | CheckAmended
    | CheckVoided
    | VoidWithdrawn
    | ChecksImported
    | ChainContinued
    | PayloadsErased
    | RecordConsulted
    | DataDisclosed
    | RecordsHeld
    | DeviceJoined
    | DeviceTrusted
    | DeviceRevoked
    | DeviceLost
    | DeviceFinished
    | OperationReopened
    | JournalsReceived
    | JournalsSent
)


@cache
def adapter() -> TypeAdapter[Event]:
    """What reads any event back; built when first needed."""
    return TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def payload_of(event: Event) -> dict[str, Any]:
    """The event as JSON values, the way the journal keeps it."""
    return event.model_dump(mode="json")
