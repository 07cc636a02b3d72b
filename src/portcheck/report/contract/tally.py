"""The day in figures."""

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import create_model, model_validator

from portcheck.domain.counted import Measure
from portcheck.domain.findings import COUNTED, FAMILIES
from portcheck.report.contract.values import (
    Count,
    Disputed,
    Document,
    Fingerprints,
    Hour,
    Number,
    Pence,
    Ref,
    Sha256,
    Texts,
    Time,
    Words,
    hold,
)

PrimaryOutcome = Literal[
    "persons_found",
    "cash_seized",
    "penalty_enforced",
    "arrest",
    "offence_dealt_with",
    "match_unresolved",
    "nothing_found",
    "not_searched",
]
Counts = dict[str, Count]


class ListUsed(Document):
    """A version of a list that checks were made against; `checks` says how many."""

    name: Words
    version: Number
    imported_at: Time
    rows: Count
    rejected: Count
    sha256: Sha256
    checks: Count


class Matches(Document):
    """Matches by tier, and what was decided; weak ones are not counted."""

    exact: Count
    lookalike: Count
    near: Count
    confirmed: Count
    rejected: Count
    unresolved: Count

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        found = self.exact + self.lookalike + self.near
        settled = self.confirmed + self.rejected + self.unresolved
        hold("exact + lookalike + near = confirmed + rejected + unresolved", holds=found == settled)
        return self


class Unresolved(Document):
    """A match that waits for somebody's decision."""

    ref: Ref
    unit: Literal["vehicle", "trailer", "container"]
    typed: Words
    registration: Words
    list: Words
    tier: Literal["exact", "lookalike", "near"]
    why: Words


class Cash(Document):
    """Cash seized in one currency, in minor units of it."""

    currency: Words
    seizures: Count
    amount_minor: Count


class Penalties(Document):
    """Money over the penalty lines of matches that were not rejected, each line once.

    Where the list gave no sum nothing is listed, and all that was taken is both in
    `enforced_pence` and in `enforced_without_sum_pence`; what remains is not known.
    `overpaid_pence` was paid above what was owed, and is in no other figure.  The lines
    that only near matches have shown, which nobody decided, are in `undecided_pence` and
    in `not_enforceable_pence`.
    """

    listed_pence: Pence
    enforceable_count: Count
    enforceable_pence: Pence
    enforced_count: Count
    enforced_pence: Pence
    outstanding_pence: Pence
    not_enforceable_pence: Pence
    enforced_without_sum_pence: Pence
    overpaid_pence: Pence
    undecided_count: Count
    undecided_pence: Pence

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        parts = self.enforced_pence + self.outstanding_pence + self.not_enforceable_pence
        hold(
            "listed + enforced without a sum = enforced + outstanding + not enforceable",
            holds=self.listed_pence + self.enforced_without_sum_pence == parts,
        )
        return self


class DeviceHeard(Document):
    """A device that shares the operation, and up to where it is known and may count; the checks
    that are `not_counted` are a waiting one's, or a revoked one's since.  The figures wait for
    those that are `asked_of` to finish.
    """

    label: Words
    chain: Sha256
    events: Count
    checks: Count
    heard_at: Time | Literal[""]
    finished: bool
    state: Literal["waiting", "active", "finished", "lost", "revoked", "forked"]
    own: bool
    asked_of: bool
    not_counted: Count


class PrimaryOutcomes(Document):
    """How many checks count under each outcome; they sum to the checks."""

    persons_found: Count
    cash_seized: Count
    penalty_enforced: Count
    arrest: Count
    offence_dealt_with: Count
    match_unresolved: Count
    nothing_found: Count
    not_searched: Count

    def total(self) -> int:
        """All of them together."""
        return sum(self.model_dump().values())


class Figures(Document):
    """The figures of an operation that do not follow from a field of the registry."""

    operation: Words
    site: str
    started_at: Time
    ended_at: Time | None
    agencies: Texts
    lists: list[ListUsed]
    checks: Count
    vehicles: Count
    trailers: Count
    containers: Count
    inbound: Count
    outbound: Count
    uk: Count
    foreign: Count
    country_not_recorded: Count
    country_guessed: Count
    not_screened: Count
    by_country: Counts
    by_country_guessed: Counts
    by_body: Counts
    by_hour: dict[Hour, Count]
    by_officer: Counts
    by_agency: Counts
    by_unit: Counts
    by_lane: Counts
    matches: Matches
    unresolved: list[Unresolved]
    cash: list[Cash]
    penalties: Penalties
    amended: Count
    voided: Count
    primary_outcomes: PrimaryOutcomes
    fingerprint: Fingerprints
    marking: str
    press_sentence: Words
    devices: list[DeviceHeard]
    disputes: list[Disputed]
    pending: Count
    complete: bool

    def figure(self, key: str) -> int:
        """A count that follows from a field of the registry."""
        return int(self.__dict__[key])

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        checks = self.checks
        hold("primary outcomes sum to the checks", holds=self.primary_outcomes.total() == checks)
        known = self.uk + self.foreign + self.country_not_recorded
        hold("UK, foreign and not recorded sum to the checks", holds=known == checks)
        guessed = sum(self.by_country_guessed.values())
        hold("the countries guessed sum to country_guessed", holds=guessed == self.country_guessed)
        among = self.country_guessed <= self.country_not_recorded
        hold("a country is guessed only where none is recorded", holds=among)
        for name in ("by_country", "by_body", "by_hour", "by_officer", "by_agency", "by_unit"):
            hold(f"{name} sums to the checks", holds=sum(getattr(self, name).values()) == checks)
        waiting = self.matches.unresolved
        hold("every unresolved match is named", holds=len(self.unresolved) == waiting)
        awaited = any(
            one.asked_of and one.state in {"active", "waiting", "forked"} for one in self.devices
        )
        nothing = not (waiting or awaited or self.disputes or self.pending)
        hold("complete means that nothing waits", holds=self.complete == nothing)
        return self


_COUNTED: dict[str, Any] = {
    key: Pence if one.measure is Measure.MONEY else Count for key, (_, one) in COUNTED.items()
}
if TYPE_CHECKING:
    Tally = Figures
else:
    Tally = create_model(
        "Tally",
        __base__=Figures,
        __doc__="""Every figure of an operation.

Counts of findings need not sum to the checks; `primary_outcomes` do.  A
name that was not recorded is counted as "not_recorded".""",
        __module__=__name__,
        **_COUNTED,
        **dict.fromkeys(FAMILIES, Counts),
    )


class Held(Document):
    """When records and journal were last held against each other and found whole.

    `events_since` counts the events behind the figures that are newer.
    """

    at: Time
    officer: Words
    events_since: Count


class PrintedTally(Tally):
    """The figures, and when they were last held against the journal; null where never."""

    held: Held | None
