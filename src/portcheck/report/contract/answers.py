"""Is it listed?  What `lookup` and `check` print."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portcheck.domain.seen import MOST
from portcheck.report.contract.tally import PrimaryOutcome
from portcheck.report.contract.values import (
    Count,
    Country,
    Document,
    Identity,
    Key,
    Number,
    Pence,
    Ref,
    Sha256,
    Texts,
    Time,
    Words,
    hold,
)

Verdict = Literal["listed", "possible", "clear"]
Tier = Literal["exact", "lookalike", "near", "weak"]
Unit = Literal["vehicle", "trailer", "container"]
Enforceable = Literal["yes", "no", "refer"]
Reasons = Annotated[Texts, Field(min_length=1)]

_VERDICTS: Mapping[str, Verdict] = {"exact": "listed", "lookalike": "listed", "near": "possible"}


class Told(Document):
    """What an entry of a list says to do.  `extra` has its other columns, and the
    comments of its cells as "Comment (Heading)", in the order of the sheet.
    """

    action: str
    priority: str
    contact: str
    notes: str
    extra: dict[str, str]


class RecordedHere(Document):
    """What was recorded about a penalty line at a check of this database, in any operation.

    Paid in full, with less than was owed, is part_paid.
    """

    ref: Ref
    operation: Words
    at: Time
    action: Words
    amount_pence: Pence | None


class Penalty(Told):
    """A penalty line, and whether it can be enforced here and now.

    `balance_pence` is what is still owed as the list has it: the balance, else the
    amount less what was paid.  `left_pence` is what is left of that by what was `recorded`
    here and the list does not know of.
    """

    reference: str
    amount_pence: Pence | None
    balance_pence: Pence | None
    status: str
    enforceable: Enforceable
    reasons: Reasons
    left_pence: Pence | None
    recorded: list[RecordedHere]


Penalties = list[Penalty]
AllTold = list[Told]


class Match(Document):
    """A listed registration that looks like one that was typed.

    With the unit "haulier" it is advice: the haulier is listed with other
    vehicles.  It names no registration and alerts nobody.  `told` is what entries
    that tell of no penalty say to do.
    """

    tier: Tier
    unit: Unit | Literal["haulier"]
    typed: Words
    registration: str
    country: Country
    list: Words
    why: Words
    haulier: str
    penalties: Penalties
    told: AllTold

    @model_validator(mode="after")
    def _advice_is_no_hit(self) -> Self:
        advice = self.unit == "haulier"
        hold("only a haulier has no registration", holds=advice == (not self.registration))
        hold("a listed haulier is a weak match", holds=not advice or self.tier == "weak")
        return self


class ListInForce(Document):
    """The version of a list that was asked."""

    name: Words
    version: Number
    rows: Count
    sha256: Sha256
    imported_at: Time
    stale: bool


class SeenHere(Document):
    """An earlier check of this database, in any operation, of the vehicle, its trailer or its
    container.  Void checks do not count.
    """

    ref: Ref
    operation: Words
    at: Time
    direction: Literal["", "inbound", "outbound"]
    verdict: Verdict
    primary_outcome: PrimaryOutcome


class Lookup(Document):
    """One registration's answer.

    `verdict` is "listed" for exact and lookalike matches, "possible" for near
    ones, "clear" otherwise: weak matches are named and alert nobody.  `seen` are the
    newest checks before it, the newest first, as many days back as the setting seen_days
    says; `seen_more` is how many more there are.
    """

    query: Words
    key: Key
    verdict: Verdict
    matches: list[Match]
    lists: list[ListInForce]
    remarks: Texts
    seen: Annotated[list[SeenHere], Field(max_length=MOST)]
    seen_more: Count

    @model_validator(mode="after")
    def _verdict_follows(self) -> Self:
        found = {_VERDICTS.get(match.tier, "clear") for match in self.matches} | {"clear"}
        strongest = next(word for word in ("listed", "possible", "clear") if word in found)
        hold("the verdict is that of the surest match", holds=self.verdict == strongest)
        told = not self.seen_more or len(self.seen) == MOST
        hold("all that were seen are told, or the newest of them", holds=told)
        return self


class QueryError(Document):
    """Why a registration could not be looked up."""

    query: str
    reason: Words
    hint: str


class NotLookedUp(Document):
    """One of several registrations that was refused; the others are answered."""

    error: QueryError


class SavedCheck(Document):
    """The check that is on disk; `ref` can be said over a radio."""

    id: Identity
    ref: Ref
    operation: Words
    saved: Literal[True]
    warnings: Texts


class Check(Lookup):
    """A vehicle checked: the answer, and the check that was saved.

    `check` is null where nothing was recorded: no operation is under way.
    """

    check: SavedCheck | None
