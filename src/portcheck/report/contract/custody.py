"""The journal, this machine, and the settings."""

from typing import Literal, Self

from pydantic import JsonValue, model_validator

from portcheck.report.contract.values import (
    Count,
    Document,
    Fingerprint,
    Number,
    Sha256,
    Time,
    Words,
    hold,
)

EventKind = Literal[
    "operation_opened",
    "operation_selected",
    "operation_ended",
    "list_imported",
    "list_retired",
    "check_recorded",
    "matches_found_later",
    "match_decided",
    "decision_withdrawn",
    "outcome_recorded",
    "check_amended",
    "check_voided",
    "void_withdrawn",
    "checks_imported",
    "record_consulted",
    "data_disclosed",
    "records_held",
    "chain_continued",
    "payloads_erased",
    "device_joined",
    "device_trusted",
    "device_revoked",
    "device_lost",
    "device_finished",
    "operation_reopened",
    "journals_received",
    "journals_sent",
]


class Fault(Document):
    """The first event that is not as it was written."""

    position: int
    device: str
    seq: int
    kind: str
    what: Words


class Difference(Document):
    """One thing outside the journal that is not as it says: its table and row, and what it is."""

    table: Words
    row: str
    what: Words


class AuditVerify(Document):
    """What verifying found.

    `events` counts the sound ones before a fault, or all; `against` is the
    fingerprint that was given, `mismatch` what is wrong with the journal by it.
    `emptied`: there is no event, and there are records.  `held` says that what
    stands beside the journal was held against it; `differing` counts what is not as
    it says, `differences` names the first of each table.  `recorded`: that all was
    whole is an event of the journal now.
    """

    intact: bool
    events: Count
    fingerprints: list[Fingerprint]
    fault: Fault | None
    against: str
    mismatch: str
    emptied: bool
    held: bool
    differing: Count
    differences: list[Difference]
    recorded: bool

    @model_validator(mode="after")
    def _intact_follows(self) -> Self:
        found = self.fault or self.mismatch or self.emptied or self.differing
        hold("intact means that nothing was found", holds=self.intact == (not found))
        hold("what differs is named", holds=bool(self.differing) == bool(self.differences))
        hold("only what was held differs", holds=self.held or not self.differing)
        hold("only what is whole is recorded so", holds=not self.recorded or self.intact)
        return self


class AuditEvent(Document):
    """One event of the journal.  `payload` holds the fact; its keys follow from its kind.

    `hash` is what later events name it by, as those do that a decision was made over.
    """

    position: Number
    device: Words
    seq: Number
    kind: EventKind
    recorded_at: Time
    officer: Words
    agency: str
    hash: Sha256
    payload: dict[str, JsonValue]

    @model_validator(mode="after")
    def _kind_is_the_payloads(self) -> Self:
        hold("the payload is of the event's kind", holds=self.payload.get("kind") == self.kind)
        return self


class Finding(Document):
    """One thing that was looked at: whether it is as it should be, and what was seen."""

    what: Words
    good: bool
    seen: str


class Doctor(Document):
    """What was looked at; `good` means that all of it is."""

    database: Words
    good: bool
    findings: list[Finding]

    @model_validator(mode="after")
    def _good_follows(self) -> Self:
        hold("good means all is", holds=self.good == all(one.good for one in self.findings))
        return self


class ExchangeDoctor(Document):
    """What was looked at of an exchange on a server; `good` means that all of it is."""

    exchange: Words
    good: bool
    findings: list[Finding]

    @model_validator(mode="after")
    def _good_follows(self) -> Self:
        hold("good means all is", holds=self.good == all(one.good for one in self.findings))
        return self


class Setting(Document):
    """A value, and where it came from."""

    value: str
    source: Literal["option", "environment", "file", "default", "system"]


class Settings(Document):
    """Every setting."""

    database: Setting
    officer: Setting
    agency: Setting
    device: Setting
    site: Setting
    timezone: Setting
    part: Setting
    marking: Setting
    max_age_days: Setting
    seen_days: Setting
    sync: Setting
    sync_seconds: Setting


class Config(Document):
    """The settings file, present or not, and the settings in force."""

    file: Words
    settings: Settings
