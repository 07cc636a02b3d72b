"""Operations and checks: what was seen, decided, recorded and corrected."""

from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from portcheck.domain.bank_holidays import UkPart
from portcheck.domain.enforceability import Rule
from portcheck.report.contract.answers import AllTold, Enforceable, Reasons, Tier, Unit, Verdict
from portcheck.report.contract.lists import Accounted, Problems, Refs
from portcheck.report.contract.tally import PrimaryOutcome
from portcheck.report.contract.values import (
    Count,
    Country,
    Day,
    Details,
    Disputed,
    Document,
    Fingerprints,
    Identity,
    Key,
    Number,
    Outcome,
    Pence,
    Ref,
    Sparse,
    Texts,
    Time,
    Words,
    hold,
    may_be_left_out,
)


class Operation(Document):
    """A joint operation; one that has ended has a time, and the journal's fingerprint."""

    id: Identity
    name: Words
    site: str
    agencies: Texts
    timezone: Words
    part: UkPart
    started_at: Time
    ended_at: Time | None
    end_reason: str
    fingerprint: Fingerprints | None
    checks: Count
    unresolved: Count
    current: bool

    @model_validator(mode="after")
    def _ended_or_not(self) -> Self:
        ended = self.ended_at is not None
        hold("what has ended has a fingerprint", holds=ended == (self.fingerprint is not None))
        hold("what has ended is not current", holds=not (ended and self.current))
        return self


class Saved(Document):
    """Something about a check that is on disk."""

    id: Identity
    ref: Ref
    saved: Literal[True]


class Decided(Saved):
    """The matches, by number, that were confirmed or rejected, or wait again ("open")."""

    decision: Literal["confirmed", "rejected", "open"]
    reason: str
    matches: Annotated[list[Number], Field(min_length=1)]
    warnings: Texts

    @model_validator(mode="after")
    def _rejected_with_a_reason(self) -> Self:
        hold(
            "a match is rejected with a reason",
            holds=self.decision != "rejected" or bool(self.reason),
        )
        return self


class OutcomeSaved(Saved):
    """What was given to be recorded."""

    outcome: Outcome
    warnings: Texts


class Change(Document):
    """A corrected field; null where there was nothing, or is nothing now."""

    field: Words
    before: JsonValue
    after: JsonValue


class Amended(Saved):
    """A correction; the original stays in the journal."""

    changes: Annotated[list[Change], Field(min_length=1)]
    reason: Words
    warnings: Texts


class Voided(Saved):
    """A check that counts no longer, with the reason; or one that counts again."""

    voided: bool
    reason: str
    warnings: Texts

    @model_validator(mode="after")
    def _void_with_a_reason(self) -> Self:
        hold("a check is void with a reason", holds=bool(self.reason) or not self.voided)
        return self


class ActionSeen(Document):
    """What had been recorded about a penalty line at an earlier check, when it was shown."""

    check_id: Identity
    operation_id: Identity
    operation: Words
    ref: Ref
    at: Time
    action: Words
    amount_pence: Pence | None
    given_pence: Pence
    owed_pence: Pence | None
    dated: Day


class PenaltySeen(Document):
    """A penalty line as the list gave it and as it was assessed when it was shown.

    `entry` is the hash of the entry's values in hex; early checks have "", and `entry_id`, its
    row in their file, which is 0 in others.  `otherwise` and `otherwise_rule` are the
    assessment but for what was `recorded` here before: "" and 0 where nothing was.
    """

    entry_id: Count
    entry: str
    reference: str
    section: str
    liable_party: str
    liable_role: str
    amount_pence: Pence | None
    paid_pence: Pence | None
    balance_pence: Pence | None
    owed_pence: Pence | None
    status: str
    incident_on: Day | None
    issued_on: Day | None
    due_on: Day | None
    objection_on: Day | None
    objection_decided_on: Day | None
    appeal_on: Day | None
    appeal_decided_on: Day | None
    expires_on: Day | None
    action: str
    priority: str
    contact: str
    notes: str
    unread: dict[str, str]
    extra: dict[str, str]
    enforceable: Enforceable
    reasons: Reasons
    rule: Annotated[int, Field(ge=1, le=max(Rule))]
    recorded: list[ActionSeen]
    left_pence: Pence | None
    otherwise: Enforceable | Literal[""]
    otherwise_rule: Annotated[int, Field(ge=0, le=max(Rule))]


PenaltiesSeen = list[PenaltySeen]


class MatchSeen(Document):
    """A match of a check.  `decision` is "" for a weak match, which needs none;
    `later` tells one that came with a list imported after the check; `told` is what
    entries that tell of no penalty say to do.
    """

    number: Number
    tier: Tier
    unit: Unit
    typed: Words
    registration: Words
    country: Country
    list: Words
    list_version: Number
    haulier: str
    why: Words
    decision: Literal["open", "confirmed", "rejected", "replaced", ""]
    decided_by: str
    reason: str
    later: bool
    penalties: PenaltiesSeen
    told: AllTold


class ListSeen(Document):
    """The version of a list that a check was made against."""

    name: Words
    version: Number


class Amendment(Document):
    """A correction: what a field said before and after, by whom and why.

    A match that was decided again or waits again is the field "match_1" and so on, its
    decisions before and after; a check made void, or counted again, is "void".
    """

    at: Time
    officer: Words
    field: Words
    before: JsonValue
    after: JsonValue
    reason: str


Confidence = Annotated[float, Field(ge=0, le=1)]


class PlateCandidate(Document):
    """What a plate may have been instead, and how sure the camera was of that."""

    plate: Words
    confidence: Confidence | None


class PlateRead(Document):
    """What a camera read when the check was recorded; `lane` is where it stands, or its name."""

    plate: Words
    confidence: Confidence | None
    lane: str
    candidates: list[PlateCandidate]


class LogLine(Sparse):
    """A check as it stands, with everything known of it.

    `read` is given by `log show` alone, for a check that a camera's read was taken for.
    """

    id: Identity
    ref: Ref
    at: Time
    recorded_at: Time
    officer: Words
    agency: str
    vehicle: Words
    key: Key
    country: Country
    country_guess: Country
    trailer: str
    trailer_country: Country
    container: str
    details: Details
    verdict: Verdict
    screened: bool
    lists: list[ListSeen]
    matches: list[MatchSeen]
    outcome: Outcome
    primary_outcome: PrimaryOutcome
    unresolved: Count
    amendments: list[Amendment]
    disputes: list[Disputed]
    voided: bool
    void_reason: str
    source: Words
    read: PlateRead = may_be_left_out()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        waiting = sum(match.decision == "open" for match in self.matches)
        hold("unresolved counts the open matches", holds=self.unresolved == waiting)
        hold("a screened check names its lists", holds=bool(self.lists) or not self.screened)
        hold("a void check has a reason", holds=self.voided == bool(self.void_reason))
        return self


class LogImport(Accounted):
    """What came of taking a file of checks into an operation."""

    operation: Words
    problems: Problems
    checks: Refs
    listed: Texts
    stored: bool
    same_file: bool
