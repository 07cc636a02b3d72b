"""The journal, this machine, and the settings."""

from typing import Literal, Self

from pydantic import JsonValue, model_validator

from portcheck.report.contract.values import (
    Count,
    Document,
    Fingerprint,
    Number,
    Time,
    Words,
    hold,
)

EventKind = Literal[
    "operation_opened",
    "operation_selected",
    "operation_ended",
    "list_imported",
    "check_recorded",
    "matches_found_later",
    "match_decided",
    "outcome_recorded",
    "check_amended",
    "check_voided",
    "checks_imported",
    "record_consulted",
    "data_disclosed",
]


class Fault(Document):
    """The first event that is not as it was written."""

    position: int
    device: str
    seq: int
    kind: str
    what: Words


class AuditVerify(Document):
    """What verifying found.

    `events` counts the sound ones before a fault, or all; `against` is the
    fingerprint that was given, `mismatch` what is wrong with the journal by it.
    """

    intact: bool
    events: Count
    fingerprints: list[Fingerprint]
    fault: Fault | None
    against: str
    mismatch: str

    @model_validator(mode="after")
    def _intact_follows(self) -> Self:
        nothing_found = self.fault is None and not self.mismatch
        hold("intact means neither fault nor mismatch", holds=self.intact == nothing_found)
        return self


class AuditEvent(Document):
    """One event of the journal.  `payload` holds the fact; its keys follow from its kind."""

    position: Number
    device: Words
    seq: Number
    kind: EventKind
    recorded_at: Time
    officer: Words
    agency: str
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
    marking: Setting
    max_age_days: Setting


class Config(Document):
    """The settings file, present or not, and the settings in force."""

    file: Words
    settings: Settings
