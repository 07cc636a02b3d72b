"""Deciding on matches and recording outcomes: what officers do after the answer."""

from typing import Any

from portcheck.domain.outcome import merged
from portcheck.domain.text import one_line
from portcheck.errors import Refused
from portcheck.journal import events
from portcheck.services.context import Context
from portcheck.services.penalties import still_borne_out, with_amounts
from portcheck.services.records import (
    CheckRow,
    OpenMatch,
    find_check,
    lines_of,
    matches_of,
    not_voided,
)


def decide(
    context: Context,
    ref: str,
    operation_id: str,
    *,
    confirm: bool,
    reason: str = "",
    number: int | None = None,
) -> tuple[CheckRow, list[OpenMatch]]:
    """Confirm or reject the matches of a check that wait for it, or the one of `number`.

    A decision can be taken again: the first stays in the journal.  Raises
    NotFound; Refused when there is nothing to decide, when several matches wait
    and one is to be confirmed without saying which, without a reason for a
    rejection, and when money is recorded for a penalty of a match to be rejected.
    """
    reason = one_line(reason)
    if not confirm and not reason:
        raise Refused("a match is rejected with a reason")
    with context.writing() as writer:
        check = not_voided(find_check(context.connection, ref, operation_id, context.actor.device))
        chosen = _chosen(check, matches_of(context.connection, check.check_id), number, confirm)
        if not confirm:
            rejected = {match.number for match in chosen}
            lines = lines_of(context.connection, check.check_id)
            still_borne_out(check.outcome, (one for one in lines if one.match not in rejected))
        writer.append(
            events.MatchDecided(
                check_id=check.check_id,
                matches=tuple(match.number for match in chosen),
                decision="confirmed" if confirm else "rejected",
                reason=reason,
            )
        )
    return check, chosen


def _chosen(
    check: CheckRow, matches: list[OpenMatch], number: int | None, confirm: bool
) -> list[OpenMatch]:
    standing = [m for m in matches if m.decision in {"open", "confirmed", "rejected"}]
    if number is not None:
        chosen = [m for m in standing if m.number == number]
        if not chosen:
            raise Refused(f"check {check.ref} has no match number {number} to decide on")
        return chosen
    waiting = [m for m in standing if m.decision == "open"]
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
    context: Context, ref: str, operation_id: str, outcome: dict[str, Any]
) -> tuple[CheckRow, list[str]]:
    """Add to what is recorded of a check; returns it with warnings.

    Raises NotFound, and Refused for what would change what is recorded.
    """
    if not outcome:
        raise Refused("nothing to record", hint="“portcheck outcome --help” lists the options.")
    with context.writing() as writer:
        check = not_voided(find_check(context.connection, ref, operation_id, context.actor.device))
        tied, warnings = with_amounts(outcome, lines_of(context.connection, check.check_id))
        merged(check.outcome, tied)
        writer.append(events.OutcomeRecorded(check_id=check.check_id, outcome=tied))
    return check, warnings
