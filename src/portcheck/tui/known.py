"""What is known of a check: the answer it had, and how it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portcheck.domain.answer import ALERTING, Answer, Verdict
from portcheck.domain.decision import BEARING, STANDING, Decision, certain
from portcheck.domain.matching import Tier

if TYPE_CHECKING:
    from portcheck.services.day.overview import CheckView

_ENFORCEABLE = ("yes", "refer", "no")


@dataclass(frozen=True, slots=True)
class Standing:
    """A match to decide on: its number within the check, what it is, whether it only looks
    like the vehicle; what was decided, by whom, and the event that did ("" for none).
    """

    number: int
    words: str
    near: bool
    decision: str = Decision.OPEN
    decided_by: str = ""
    decided_in: str = ""


@dataclass(slots=True)
class Known:
    """`answer` is what was shown when it was new; `view` how it stands now."""

    answer: Answer | None = None
    view: "CheckView | None" = None

    @property
    def verdict(self) -> Verdict | None:
        """What was answered; None as long as nothing was."""
        if self.view:
            return self._standing_verdict(self.view)
        return self.answer.verdict if self.answer else None

    @staticmethod
    def _standing_verdict(view: "CheckView") -> Verdict:
        """What was answered, or what a list that came in later makes of it."""
        later = {ALERTING.get(Tier(m.tier)) for m in view.matches if m.later and m.decision}
        later.add(Verdict(view.verdict))
        return next(one for one in Verdict if one in later)

    @property
    def screened(self) -> bool:
        """Whether a list was asked."""
        known = self.view or self.answer
        return known is None or known.screened

    @property
    def voided(self) -> bool:
        """Whether it counts no more."""
        return self.view is not None and self.view.voided

    @property
    def open(self) -> list[Standing] | None:
        """The matches that wait for a decision; None while that is not known."""
        standing = self.standing
        return (
            None if standing is None else [one for one in standing if one.decision == Decision.OPEN]
        )

    @property
    def standing(self) -> list[Standing] | None:
        """The matches that can be decided on, or were; none when it is void."""
        if self.view:
            return [
                Standing(
                    m.number,
                    f"{m.unit} {m.registration} on {m.list_name}: {m.why}",
                    m.tier == Tier.NEAR,
                    m.decision,
                    m.decided_by,
                    m.decided_in,
                )
                for m in (() if self.view.voided else self.view.matches)
                if m.decision in STANDING
            ]
        if self.answer:
            return [
                Standing(
                    n,
                    f"{m.unit} {m.registration} on {m.list_name}: {m.why}",
                    near=m.tier is Tier.NEAR,
                )
                for n, m in enumerate(self.answer.matches, 1)
                if m.alerts
            ]
        return None

    @property
    def decisions(self) -> dict[int, str]:
        """The decisions on its matches by number; "" for each of them when it is void."""
        matches = self.view.matches if self.view else ()
        return {match.number: "" if self.voided else match.decision for match in matches}

    @property
    def enforceable(self) -> tuple[str, bool]:
        """The strongest word for a penalty line of a match not rejected (yes, refer, no; or ""),
        and whether such a match is certain, and does not only look like the vehicle.
        """
        found: dict[str, bool] = {}
        for word, sure in self._penalties():
            found[word] = sure or found.get(word, False)
        strongest = next((word for word in _ENFORCEABLE if word in found), "")
        return strongest, found.get(strongest, False)

    def _penalties(self) -> Iterator[tuple[str, bool]]:
        if self.view:
            for match in self.view.matches:
                if match.decision in BEARING:
                    sure = certain(Tier(match.tier), match.decision)
                    yield from ((str(line["enforceable"]), sure) for line in match.penalties)
        elif self.answer:
            for found in self.answer.matches:
                if found.alerts:
                    sure = certain(found.tier, Decision.OPEN)
                    yield from ((p.assessment.enforceable.value, sure) for p in found.penalties)

    @property
    def outcome(self) -> Mapping[str, Any]:
        """What is recorded of the search and of what was done."""
        return self.view.outcome if self.view else {}

    @property
    def references(self) -> tuple[str, ...]:
        """The penalty lines that may be acted upon, by reference."""
        if self.view:
            found = [
                str(line["reference"])
                for match in self.view.matches
                if match.decision in BEARING
                for line in match.penalties
            ]
        else:
            found = [
                line.line.reference
                for match in (self.answer.matches if self.answer else ())
                if match.alerts
                for line in match.penalties
            ]
        return tuple(dict.fromkeys(filter(None, found)))
