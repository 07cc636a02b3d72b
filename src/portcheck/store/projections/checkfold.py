"""What became of a check: the fold of its events, in the one order of all events.

An event was true where it was written, and may come here in any company.  What another
device did not know of is told apart by what an event names or says: a decision is `over`
others, a correction says what stood before.  What contradicts is kept as a dispute: of
decisions neither stands, of a field's values the first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from portcheck.domain.decision import Decision
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import combine
from portcheck.domain.findings import Finding
from portcheck.domain.outcome import BY_NAME as OUTCOME_FIELDS
from portcheck.domain.outcome import OUTCOME, primary_outcome
from portcheck.errors import Refused
from portcheck.journal import events, parts
from portcheck.journal.append import Recorded
from portcheck.journal.chain import canonical
from portcheck.store.checkrows import VOID
from portcheck.store.projections.checkcolumns import (
    as_text,
    blank,
    columns,
    countable,
    counted,
    guessed,
    hold_number,
    lists_column,
)

_MARKS = frozenset(
    {
        "vehicle",
        "vehicle_key",
        "country",
        "trailer",
        "trailer_key",
        "trailer_country",
        "container",
        "container_key",
    }
)
_REMATCHING = _MARKS | {"at", "haulier"}
"""What a check is matched and assessed by: changed together, or not at all."""
_DETAIL_FIELDS = frozenset(one.name for one in DETAILS)

Fact = tuple[events.Event, Recorded]


class Said(NamedTuple):
    """A value that was given to a field: by which event, of which chain, by whom and when."""

    event: str
    chain: bytes
    value: Any
    officer: str
    device: str
    at: str
    reason: str = ""


def said(value: Any, recorded: Recorded, reason: str = "") -> Said:
    actor = recorded.actor
    return Said(
        recorded.name, recorded.chain, value, actor.officer, actor.device, recorded.recorded_at,
        reason,
    )  # fmt: skip


def dispute(subject: str, name: str, contenders: Iterable[Said]) -> Iterator[dict[str, Any]]:
    """The rows of what was given to one field of a check or operation, the first first."""
    for place, one in enumerate(contenders):
        yield {
            "subject": subject,
            "field": name,
            "place": place,
            "event": one.event,
            "value": canonical(one.value),
            "officer": one.officer,
            "device": one.device,
            "at": one.at,
        }


@dataclass(slots=True)
class Match:
    """A match as it was shown, and the decisions on it that no later one was taken over."""

    number: int
    seen: parts.MatchSeen
    chain: bytes
    later: bool
    replaced: bool = False
    standing: list[Said] = field(default_factory=list)

    @property
    def decision(self) -> str:
        """How it stands: where decisions contradict each other, it waits."""
        if self.replaced:
            return Decision.REPLACED
        if not self.standing and self.seen.tier == "weak":
            return Decision.NONE  # a weak match alerts nobody
        return self.standing[0].value if self.standing and not self.disputed else Decision.OPEN

    @property
    def disputed(self) -> bool:
        """Whether decisions stand that were taken without knowing of each other."""
        return len({one.value for one in self.standing}) > 1


class Check:
    """A check while its events are taken, one after another; it begins as it was recorded.

    `early` are the decisions on matches that are not here yet: they wait for those.
    """

    def __init__(self, event: events.CheckRecorded, recorded: Recorded) -> None:
        self.check_id, self.operation_id = event.check_id, event.operation_id
        self.columns = columns(event, recorded)
        self.details: dict[str, Any] = dict(event.details)
        self.outcome: dict[str, Any] = {}
        self.findings: list[Finding] = []
        self.matches: dict[int, Match] = {}
        self.voids: list[Said] = []
        self.amended = False
        self.corrections: list[dict[str, Any]] = []
        self.disputes: dict[str, list[Said]] = {}
        self.early: list[Recorded] = []
        self._first = said(None, recorded)
        self._newest: dict[str, Said] = {}
        counted(self.details)
        hold_number(event.number)
        self._add(event.matches, recorded, later=False)

    def take(self, event: events.Event, recorded: Recorded) -> None:
        """What an event makes of the check.  Raises whatever its values do, and is then useless."""
        match event:
            case events.CheckRecorded():
                self._contradict("check", event.ref, recorded)  # of one identity: the first stands
            case events.MatchesFoundLater():
                self._add(event.matches, recorded, later=True)
            case events.MatchDecided():
                self._decide(event, recorded, [said(event.decision, recorded, event.reason)])
            case events.DecisionWithdrawn():
                self._decide(event, recorded, [])
            case events.OutcomeRecorded():
                self._outcome(event, recorded)
            case events.CheckAmended():
                self._amend(event, recorded)
            case events.CheckVoided():
                self._remember(recorded, VOID, bool(self.voids), True, event)
                self.voids.append(said(VOID, recorded, event.reason))
            case events.VoidWithdrawn():
                self._remember(recorded, VOID, bool(self.voids), False, event)
                self.voids.clear()

    def row(self) -> dict[str, Any]:
        """The check as it stands, without its matches and findings."""
        unresolved = sum(match.decision == Decision.OPEN for match in self.matches.values())
        return {
            "check_id": self.check_id,
            "operation_id": self.operation_id,
            **self.columns,
            "country_guess": guessed(self.columns["vehicle_key"], self.columns["country"]),
            **counted(self.details),
            "details": canonical(self.details),
            "outcome": canonical(self.outcome),
            "primary_outcome": primary_outcome(self.outcome, unresolved=unresolved > 0).value,
            "unresolved": unresolved,
            "amended": int(self.amended),
            "voided": int(bool(self.voids)),
            "void_reason": self.voids[0].reason if self.voids else "",
        }

    def disputed(self) -> Iterator[tuple[str, list[Said]]]:
        """What contradicts: the field, and what was given to it, the first first.  A void check
        says nothing that could, until it counts again.
        """
        if self.voids:
            return
        yield from self.disputes.items()
        for match in self.matches.values():
            if match.disputed and not match.replaced:
                yield f"match_{match.number}", match.standing

    # what each event does

    def _decide(
        self,
        event: events.MatchDecided | events.DecisionWithdrawn,
        recorded: Recorded,
        instead: list[Said],
    ) -> None:
        """It stands `instead` of the decisions that were known, or nothing does."""
        for match in self._meant(event, recorded):
            before, known = match.decision, _over(match, event.over, recorded)
            match.standing = [one for one in match.standing if one not in known] + instead
            if known and before != Decision.OPEN:
                after = instead[0].value if instead else match.decision
                self._remember(recorded, f"match_{match.number}", before, after, event)

    def _outcome(self, event: events.OutcomeRecorded, recorded: Recorded) -> None:
        """What is new of it: lists grow, and what was recorded of anything else stands."""
        for name, value in event.outcome.items():
            try:
                self.outcome = combine(OUTCOME, self.outcome, {name: value})
            except Refused:
                self._contradict(name, value, recorded)
            else:
                self._newest[name] = said(value, recorded)
        self.findings = countable(self.outcome)

    def _amend(self, event: events.CheckAmended, recorded: Recorded) -> None:
        """The corrected fields; what was matched by others than stood is not taken, nor what
        was matched once more by the same.
        """
        agrees = {one.field: self._agrees(one, event, recorded) for one in event.changes}
        together = all(known for name, known in agrees.items() if name in _REMATCHING)
        otherwise = not all(self._says(one) for one in event.changes if one.field in _REMATCHING)
        for change in event.changes:
            name = change.field
            if not (together if name in _REMATCHING else agrees[name]):
                self._contradict(name, change.after, recorded)
                continue
            self._set(name, change.after)
            self._settle(name, event, recorded)
            self._newest[name] = said(change.after, recorded)
            self._remember(recorded, name, change.before, change.after, event)
        self.amended = True
        if event.rematched and together and otherwise:
            self.columns |= {
                "verdict": event.verdict,
                "screened": int(bool(event.lists)),
                "lists": lists_column(event.lists),
            }
            for match in self.matches.values():
                match.replaced = True
            self._add(event.matches, recorded, later=False)
        self.findings = countable(self.outcome)

    # how it is done

    def _add(self, matches: Iterable[parts.MatchSeen], recorded: Recorded, *, later: bool) -> None:
        """Matches with numbers of their own; what another device found as well is one with its."""
        for seen in matches:
            same = (m for m in self.matches.values() if m.seen.name == seen.name)
            if any(not one.replaced and one.chain != recorded.chain for one in same):
                continue
            for sum_of in (seen.number, *(penalty.owed_pence for penalty in seen.penalties)):
                hold_number(sum_of)
            number = max(self.matches) + 1 if seen.number in self.matches else seen.number
            self.matches[number] = Match(number, seen, recorded.chain, later)

    def _meant(
        self, event: events.MatchDecided | events.DecisionWithdrawn, recorded: Recorded
    ) -> Iterator[Match]:
        """The matches decided on: by name, as another device may have given other numbers."""
        names = dict(zip(event.matches, event.named, strict=False))
        for number in event.matches:
            name = names.get(number)
            found = self.matches.get(number)
            if name and not (found and found.seen.name == name):
                named = (one for one in self.matches.values() if one.seen.name == name)
                found = min(named, key=lambda one: one.replaced, default=None)
                self.early += [] if found else [recorded]
            if found and found.replaced and recorded.chain != found.chain:
                self._contradict(f"match_{found.number}", event.kind, recorded)
            elif found:
                yield found

    def _agrees(
        self, change: events.Change, event: events.CheckAmended, recorded: Recorded
    ) -> bool:
        """Whether who corrects knew what stands, or says the same."""
        newest = self._newest.get(change.field, self._first)
        known = newest.chain == recorded.chain or newest.event in event.over
        before = blank(change.before) == blank(self._value(change.field))
        return known or before or self._says(change)

    def _says(self, change: events.Change) -> bool:
        return bool(blank(change.after) == blank(self._value(change.field)))

    def _contradict(self, name: str, value: Any, recorded: Recorded) -> None:
        if name not in self.disputes:
            stands = self._newest.get(name, self._first)
            self.disputes[name] = [stands._replace(value=self._value(name))]
        self.disputes[name].append(said(value, recorded))

    def _settle(self, name: str, event: events.CheckAmended, recorded: Recorded) -> None:
        """A correction that names what contradicts is the end of it."""
        if name in self.disputes:
            others = [one for one in self.disputes[name][1:] if one.event not in event.over]
            self.disputes[name] = [said(self._value(name), recorded), *others]
            if not others:
                del self.disputes[name]

    def _value(self, name: str) -> Any:
        for values in (self.columns, self.details, self.outcome):
            if name in values:
                return values[name]
        return None

    def _set(self, name: str, value: Any) -> None:
        if name in _MARKS or name == "at":
            self.columns[name] = as_text(value or "")
            return
        values = self.details if name in _DETAIL_FIELDS else self.outcome
        if name in _DETAIL_FIELDS or name in OUTCOME_FIELDS:
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value

    def _remember(
        self, recorded: Recorded, name: str, before: Any, after: Any, event: "_Corrects"
    ) -> None:
        """What a field said before and after, beside the check."""
        self.corrections.append(
            {
                "position": recorded.position,
                "chain": recorded.chain,
                "field": name,
                "check_id": self.check_id,
                "at": recorded.recorded_at,
                "officer": recorded.actor.officer,
                "before": canonical(before),
                "after": canonical(after),
                "reason": event.reason,
            }
        )


_Corrects = (
    events.MatchDecided
    | events.DecisionWithdrawn
    | events.CheckAmended
    | events.CheckVoided
    | events.VoidWithdrawn
)
KINDS = frozenset(
    one.model_fields["kind"].default
    for one in (
        events.CheckRecorded,
        events.MatchesFoundLater,
        events.MatchDecided,
        events.DecisionWithdrawn,
        events.OutcomeRecorded,
        events.CheckAmended,
        events.CheckVoided,
        events.VoidWithdrawn,
    )
)
"""The kinds of events that are about a check."""


def fold(facts: Iterable[Fact]) -> tuple[Check | None, list[Recorded]]:
    """The check that comes of its events, given in order, None where it was not recorded yet;
    and the events that could not be taken: by a newer portcheck, or before there is a check.
    """
    waiting = list(facts)
    left: list[Recorded] = []
    while True:
        start = next((f for f in waiting if isinstance(f[0], events.CheckRecorded)), None)
        if start is None:
            return None, left + [recorded for _, recorded in waiting]
        event, recorded = start
        try:
            check = Check(event, recorded)  # type: ignore[arg-type]  # as it was chosen
            for event, recorded in waiting:
                if recorded is not start[1]:
                    check.take(event, recorded)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Refused):
            waiting = [fact for fact in waiting if fact[1] is not recorded]
            left.append(recorded)
        else:
            return check, left


def _over(match: Match, over: Iterable[str], recorded: Recorded) -> list[Said]:
    """The decisions that stood before whoever decides: those named, and the device's own."""
    named = set(over)
    return [one for one in match.standing if one.event in named or one.chain == recorded.chain]
