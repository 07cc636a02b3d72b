"""Deciding on matches and recording outcomes: what officers do after the answer."""

from typing import Any, NamedTuple

from portcheck.domain.decision import DECIDED, STANDING, Decision
from portcheck.domain.outcome import merged
from portcheck.domain.rates import unusual
from portcheck.domain.text import one_line
from portcheck.errors import Refused
from portcheck.journal import events
from portcheck.services.checks.penalties import left_waiting, still_borne_out, with_amounts
from portcheck.services.checks.records import find_check, lines_of, not_voided
from portcheck.services.context import Context
from portcheck.store.checkrows import CheckRow, MatchRow, matches_of


class Decided(NamedTuple):
    """A check as it was, the matches decided on, and the event: its hash in hex."""

    check: CheckRow
    matches: list[MatchRow]
    event: str
    warnings: list[str]


def decide(
    context: Context,
    ref: str,
    operation_id: str,
    *,
    confirm: bool,
    reason: str = "",
    number: int | None = None,
    seen: str | None = None,
) -> Decided:
    """Confirm or reject the matches of a check that wait for it, or the one of `number`.

    A decision can be taken again: the first stays in the journal.  `seen` is the event
    whose decision on it whoever decides had before them, "" for none.  Raises NotFound;
    Refused when there is nothing to decide, when another decision stands than was seen,
    when several matches wait and one is to be confirmed without saying which, without a
    reason for a rejection, and when money is recorded for a penalty of a match to be
    rejected.
    """
    reason = one_line(reason)
    if not confirm and not reason:
        raise Refused("a match is rejected with a reason")
    with context.writing() as writer:
        check = not_voided(find_check(context, ref, operation_id))
        chosen = _chosen(check, matches_of(context.connection, check.check_id), number, confirm)
        _as_seen(check, chosen, seen)
        if not confirm:
            rejected = {match.number for match in chosen}
            lines = lines_of(context, check.check_id, context.zone_here())
            still_borne_out(check.outcome, (one for one in lines if one.match not in rejected))
        written = writer.append(
            events.MatchDecided(
                check_id=check.check_id,
                matches=tuple(match.number for match in chosen),
                decision=Decision.CONFIRMED if confirm else Decision.REJECTED,
                reason=reason,
                over=_decisions(chosen),
                named=tuple(match.name for match in chosen),
            )
        )
    return Decided(check, chosen, written.name, [])


def withdraw(
    context: Context,
    ref: str,
    operation_id: str,
    *,
    reason: str = "",
    number: int | None = None,
    event: str = "",
    seen: str | None = None,
) -> Decided:
    """Take back what was decided: the match of `number`, those that `event` decided, or the
    check's only decision.  They wait again; the journal keeps both.

    Money recorded for a penalty on them stays recorded, as it was taken, and is warned of.
    Raises NotFound; Refused when no such decision stands, when another stands than was
    `seen` (as `decide` has it), and when several do and it is not said which.
    """
    with context.writing() as writer:
        check = not_voided(find_check(context, ref, operation_id))
        chosen = _taken_back(check, matches_of(context.connection, check.check_id), number, event)
        _as_seen(check, chosen, seen)
        written = writer.append(
            events.DecisionWithdrawn(
                check_id=check.check_id,
                matches=tuple(match.number for match in chosen),
                over=_decisions(chosen),
                reason=one_line(reason),
                named=tuple(match.name for match in chosen),
            )
        )
        lines = lines_of(context, check.check_id, context.zone_here())
    return Decided(check, chosen, written.name, list(left_waiting(check.outcome, lines)))


def _as_seen(check: CheckRow, matches: list[MatchRow], seen: str | None) -> None:
    """Raise Refused where another decision stands than `seen`; None looks at none."""
    for match in matches:
        if seen is not None and match.decided_in != seen:
            raise Refused(
                f"match {match.number} of check {check.ref} is {match.decision} meanwhile"
                + (f" by {match.decided_by}" if match.decided_by else ""),
                hint="Look at it once more before you decide again.",
            )


def _decisions(matches: list[MatchRow]) -> tuple[str, ...]:
    """The events whose decisions stand on these matches."""
    return tuple(dict.fromkeys(one for match in matches for one in match.decided_in.split()))


def _taken_back(
    check: CheckRow, matches: list[MatchRow], number: int | None, event: str
) -> list[MatchRow]:
    decided = [m for m in matches if m.decision in DECIDED]
    if event:
        if chosen := [m for m in decided if event in m.decided_in.split()]:
            return chosen
        raise Refused(
            f"that decision on check {check.ref} stands no more",
            hint="It was decided again, or the check was corrected: look at it once more.",
        )
    if number is not None:
        decided = [m for m in decided if m.number == number]
    if not decided:
        which = "" if number is None else f" on match {number}"
        raise Refused(f"check {check.ref} has no decision{which} to take back")
    if number is None and len(_decisions(decided)) > 1:
        listed = "; ".join(
            f"{m.number}: {m.unit} {m.registration} ({m.list_name}) {m.decision}" for m in decided
        )
        raise Refused(
            f"check {check.ref} has several decisions: {listed}", hint="Say which one with --match."
        )
    return decided


def _chosen(
    check: CheckRow, matches: list[MatchRow], number: int | None, confirm: bool
) -> list[MatchRow]:
    standing = [m for m in matches if m.decision in STANDING]
    if number is not None:
        chosen = [m for m in standing if m.number == number]
        if not chosen:
            raise Refused(f"check {check.ref} has no match number {number} to decide on")
        return chosen
    waiting = [m for m in standing if m.decision == Decision.OPEN]
    if not waiting:
        hint = "Name one with --match to decide again." if standing else ""
        raise Refused(f"check {check.ref} has no match that waits for a decision", hint=hint)
    if confirm and len(waiting) > 1:
        listed = "; ".join(
            f"{m.number}: {m.unit} {m.registration} ({m.list_name})" for m in waiting
        )
        raise Refused(
            f"check {check.ref} has {len(waiting)} matches that wait: {listed}",
            hint="Say which one with --match, or reject those that are not this vehicle.",
        )
    return waiting


def record_outcome(
    context: Context, ref: str, operation_id: str, outcome: dict[str, Any], *, again: bool = False
) -> tuple[CheckRow, list[str]]:
    """Add to what is recorded of a check; returns it with warnings.

    Raises NotFound, Refused for what would change what is recorded, and PaidAlready for
    money on a penalty that was paid, unless `again` says that it is meant.
    """
    if not outcome:
        raise Refused("nothing to record", hint="“portcheck outcome --help” lists the options.")
    with context.writing() as writer:
        check = not_voided(find_check(context, ref, operation_id))
        lines = lines_of(context, check.check_id, context.zone_here())
        tied, warnings = with_amounts(outcome, lines, again=again)
        warnings += unusual(tied, merged(check.outcome, tied), check.at.date())
        writer.append(events.OutcomeRecorded(check_id=check.check_id, outcome=tied))
    return check, warnings
