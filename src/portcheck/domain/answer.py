"""What portcheck answers when a registration is matched."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portcheck.domain.enforceability import Assessment, Enforceable
from portcheck.domain.instructions import Instructions
from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import Odds
from portcheck.domain.money import pounds
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.seen import NOWHERE, Seen
from portcheck.domain.settlement import Key, Settlement, key_of_line, together
from portcheck.domain.text import count, shorten

_LONGEST_NAME = 80


class Unit(StrEnum):
    """Which of a check's registrations is meant, or what a match is about."""

    VEHICLE = "vehicle"
    TRAILER = "trailer"
    CONTAINER = "container"
    HAULIER = "haulier"


class Verdict(StrEnum):
    """`listed` for exact and lookalike, `possible` for near, `clear` otherwise."""

    LISTED = "listed"
    POSSIBLE = "possible"
    CLEAR = "clear"


ALERTING = {
    Tier.EXACT: Verdict.LISTED,
    Tier.LOOKALIKE: Verdict.LISTED,
    Tier.NEAR: Verdict.POSSIBLE,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A registration as typed, its key, its country (ISO code or "") and its unit."""

    unit: Unit
    text: str
    key: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class ListInForce:
    """The version of a list that was asked, how old it was (None where it is dated after
    this machine's clock), and how often an unlisted vehicle looks like it (None where that
    was not worked out).  `entries_sha256` is what it is known by on every device.
    """

    name: str
    version: int
    rows: int
    rejected: int
    sha256: str
    imported_at: datetime
    days_old: int | None
    max_age_days: int
    odds: Odds | None = None
    entries_sha256: str = ""

    @property
    def stale(self) -> bool:
        """Older than the list may be, or of an age nobody can tell."""
        return self.days_old is None or self.days_old > self.max_age_days

    @property
    def age(self) -> str:
        """How old it is, in words."""
        if self.days_old is None:
            return "AGE NOT KNOWN, dated after this machine's clock"
        return f"{count(self.days_old, 'day')} old" if self.days_old else "today"

    @property
    def doubt(self) -> str:
        """What a stale list's age is held against, in words; "" for another."""
        known = self.days_old is not None
        return f"STALE, {self.max_age_days} days are allowed" if self.stale and known else ""


@dataclass(frozen=True, slots=True)
class AssessedPenalty:
    """A penalty line and whether it can be enforced; `entry_id` is its row in this store, and
    `entry` the hash of the entry's values in hex, the same on every device.

    `recorded` is what was recorded here about it, held against its list, and `otherwise`
    what the assessment would be without; both None where nothing was recorded.
    """

    line: PenaltyLine
    assessment: Assessment
    entry_id: int
    recorded: Settlement | None = None
    otherwise: Assessment | None = None
    entry: str = ""

    @property
    def key(self) -> Key:
        """What the line is known by in every list; one without a reference is its entry."""
        line = self.line
        found = key_of_line(line.reference, line.liable_party, line.liable_role)
        return found if found[0] else ("", str(self.entry_id), "")

    @property
    def left_pence(self) -> int | None:
        """What is still to be paid: as listed, less what was recorded here that it lacks."""
        return self.recorded.left_pence if self.recorded else self.line.owed_pence


@dataclass(frozen=True, slots=True)
class Match:
    """A listed registration that looks like one of those typed, with its penalty lines.

    `told` is what the list says to do in entries that tell of no penalty.
    """

    unit: Unit
    typed: str
    registration: str
    listed_as: str
    country: str
    tier: Tier
    cost: float
    why: str
    list_name: str
    list_version: int
    haulier: str
    penalties: tuple[AssessedPenalty, ...]
    told: tuple[Instructions, ...] = ()
    entries_sha256: str = ""

    @property
    def alerts(self) -> bool:
        """Whether it is one an officer must decide on (weak matches are not)."""
        return self.tier in ALERTING


@dataclass(frozen=True, slots=True)
class HaulierAdvice:
    """A listed haulier that is the one typed, with what it owes on other vehicles.

    Advice to refer, never a hit on the vehicle.  `same` is whether the names are
    the same but for legal forms, marks and punctuation; `owed_pence` adds up
    what the list gives, `unknown` counts the lines without a sum.
    """

    typed: str
    name: str
    list_name: str
    same: bool
    penalties: int
    owed_pence: int
    unknown: int = 0

    @property
    def why(self) -> str:
        """The sentence an officer reads.

        >>> HaulierAdvice("Acme", "ACME LTD", "CECPT", True, 3, 720000).why
        'ACME LTD is listed: 3 outstanding penalties (£7,200.00) on other vehicles: refer'
        """
        name, typed = shorten(self.name, _LONGEST_NAME), shorten(self.typed, _LONGEST_NAME)
        listed = "is listed" if self.same else f"is listed and written much like “{typed}”"
        noun = "penalty" if self.penalties == 1 else "penalties"
        lines = f"{self.penalties:,} outstanding {noun}"
        sums = [pounds(self.owed_pence)] if self.unknown < self.penalties else []
        sums += [f"{self.unknown:,} without a sum"] if self.unknown else []
        return f"{name} {listed}: {lines} ({', '.join(sums)}) on other vehicles: refer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one vehicle (with its trailer and container) came to.

    `advice` is about its haulier, `seen` tells where it was checked before; neither has a
    part in the verdict.
    """

    marks: tuple[Mark, ...]
    matches: tuple[Match, ...]
    lists: tuple[ListInForce, ...]
    remarks: tuple[str, ...] = ()
    advice: tuple[HaulierAdvice, ...] = ()
    seen: Seen = NOWHERE

    @property
    def verdict(self) -> Verdict:
        """The strongest verdict of its matches."""
        verdicts = {ALERTING[m.tier] for m in self.matches if m.alerts}
        for verdict in (Verdict.LISTED, Verdict.POSSIBLE):
            if verdict in verdicts:
                return verdict
        return Verdict.CLEAR

    @property
    def screened(self) -> bool:
        """Whether any list was asked."""
        return bool(self.lists)

    @property
    def enforceable_pence(self) -> int:
        """What could be enforced here and now on its exact and lookalike matches; a line that
        several lists or registrations give counts once.
        """
        found = [
            penalty
            for match in self.matches
            if ALERTING.get(match.tier) is Verdict.LISTED
            for penalty in match.penalties
            if penalty.assessment.enforceable is Enforceable.YES
        ]
        one_line = together(penalty.key for penalty in found)
        return sum({one_line[one.key]: one.left_pence or 0 for one in found}.values())
