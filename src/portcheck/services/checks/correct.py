"""Corrections: the original stays visible, and what it was matched with is matched again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portcheck.domain.answer import Answer
from portcheck.domain.details import DETAILS
from portcheck.domain.outcome import OUTCOME, validate
from portcheck.domain.rates import unusual
from portcheck.domain.registration.readings import spellings
from portcheck.domain.text import one_line
from portcheck.domain.times import utc_text
from portcheck.errors import Refused
from portcheck.journal import events
from portcheck.services.checks.check import lines_shown
from portcheck.services.checks.penalties import still_borne_out, with_amounts
from portcheck.services.checks.records import find_check, lines_of, not_voided
from portcheck.services.context import Context
from portcheck.services.matching import evidence
from portcheck.services.matching.matcher import Query, answer_marks, marks_of
from portcheck.services.matching.rematch import listed_meanwhile
from portcheck.services.settings import zone
from portcheck.store import finder
from portcheck.store.checkrows import CheckRow, matches_of
from portcheck.store.singlechecks import contenders

REGISTRATIONS = ("vehicle", "country", "trailer", "trailer_country", "container")
_CLEARABLE = {field.name for field in (*DETAILS, *OUTCOME)} | set(REGISTRATIONS) - {"vehicle"}


@dataclass(frozen=True, slots=True)
class Correction:
    """The corrected values: registrations as typed, details and outcome as JSON values.

    A name in `cleared` takes the field away.  `again` says that money on a penalty which is
    paid at another check is meant.
    """

    registrations: Mapping[str, str]
    details: Mapping[str, Any]
    outcome: Mapping[str, Any]
    at: datetime | None = None
    cleared: tuple[str, ...] = ()
    again: bool = False


def amend(
    context: Context, ref: str, operation_id: str, correction: Correction, reason: str
) -> tuple[CheckRow, list[events.Change], list[str]]:
    """Correct a check.  Returns it as it was, the changes, and warnings.  What is disputed is
    settled, also with the value that stands.

    Raises NotFound; Refused without a reason, when nothing would change, and
    for values that contradict each other.
    """
    if not reason:
        raise Refused("a correction needs a reason", hint="Give it with --reason.")
    for name in correction.cleared:
        if name not in _CLEARABLE:
            raise Refused(f"“{name}” is not a field that can be cleared")
    with context.writing() as writer:
        check = not_voided(find_check(context, ref, operation_id))
        found = None
        intended = _changes(check, correction)
        if _marks_change(intended):
            found = _matched_again(context, check, correction)
        elif any(change.field in {"at", "haulier"} for change in intended):
            found = _assessed_otherwise(context, check, correction)
        wanted, warnings = _tied(context, check, correction, found)
        disputed = contenders(context.connection, check.check_id)
        changes = _changes(check, wanted, disputed)
        rematched = _rematched(context, check, found) if found else {}
        changes += rematched.pop("keys", [])
        if not changes:
            raise Refused(f"check {check.ref} already says so: nothing was changed")
        writer.append(
            events.CheckAmended(
                check_id=check.check_id,
                changes=tuple(changes),
                reason=reason,
                over=tuple(one for change in changes for one in disputed.get(change.field, ())),
                **rematched,
            )
        )
    return check, changes, warnings


def void(context: Context, ref: str, operation_id: str, reason: str) -> CheckRow:
    """Take a check out of the count.  Raises NotFound; Refused without a reason."""
    if not reason:
        raise Refused("a check is made void with a reason", hint="Give it with --reason.")
    with context.writing() as writer:
        check = not_voided(find_check(context, ref, operation_id))
        writer.append(events.CheckVoided(check_id=check.check_id, reason=reason))
    return check


def count_again(
    context: Context, ref: str, operation_id: str, reason: str = ""
) -> tuple[CheckRow, list[str]]:
    """Take a void back: the check counts with all that was recorded of it, and is matched
    with the lists that came in while it was void.  Returns it as it was, and warnings.

    Raises NotFound, and Refused for a check that is not void.
    """
    with context.writing() as writer:
        check = find_check(context, ref, operation_id)
        if not check.voided:
            raise Refused(f"check {check.ref} is not void")
        writer.append(events.VoidWithdrawn(check_id=check.check_id, reason=one_line(reason)))
        warnings = list(listed_meanwhile(writer, check.check_id))
    return check, warnings


def _tied(
    context: Context, check: CheckRow, correction: Correction, found: Answer | None
) -> tuple[Correction, list[str]]:
    """The correction with its penalty actions tied to the matches it leaves, and warnings."""
    lines = (
        lines_shown(found)
        if found
        else lines_of(context, check.check_id, context.zone_here(), but_for_its_own=True)
    )
    outcome, warnings = with_amounts(dict(correction.outcome), lines, again=correction.again)
    kept = {k: v for k, v in check.outcome.items() if k not in correction.cleared}
    if outcome or check.outcome != kept:
        validate(kept | outcome)
    warnings += unusual(outcome, kept | outcome, (correction.at or check.at).date())
    if found:
        still_borne_out(kept | outcome, lines)
    return (
        Correction(
            correction.registrations,
            correction.details,
            outcome,
            correction.at,
            correction.cleared,
            correction.again,
        ),
        warnings,
    )


def _changes(
    check: CheckRow, wanted: Correction, disputed: Collection[str] = ()
) -> list[events.Change]:
    before = {name: getattr(check, name) for name in REGISTRATIONS}
    before |= check.details | check.outcome | {"at": utc_text(check.at)}
    after: dict[str, Any] = {**wanted.registrations, **wanted.details, **wanted.outcome}
    if wanted.at:
        after["at"] = utc_text(wanted.at)
    for name in wanted.cleared:
        after[name] = None
    return [
        events.Change(field=name, before=_said(before.get(name)), after=_said(value))
        for name, value in after.items()
        if name in disputed or _said(before.get(name)) != _said(value)
    ]


def _said(value: Any) -> Any:
    """`value`, or None where it says nothing; “no” and 0 say something."""
    return None if value in ("", []) else value


def _marks_change(changes: list[events.Change]) -> bool:
    """Whether another mark or country is meant: a space more or less reopens no decision."""
    return any(
        change.field in REGISTRATIONS
        and (change.field.endswith("country") or _keys(change.before) != _keys(change.after))
        for change in changes
    )


def _keys(text: str | None) -> tuple[str, ...]:
    return spellings(text) if text else ()


def _matched_again(context: Context, check: CheckRow, wanted: Correction) -> Answer:
    values = {name: getattr(check, name) for name in REGISTRATIONS} | dict(wanted.registrations)
    values |= {name: "" for name in wanted.cleared if name in REGISTRATIONS}
    (operation,) = finder.operations_named(context.connection, check.operation_id)
    haulier = str(wanted.details.get("haulier", check.details.get("haulier", "")))
    return answer_marks(
        context,
        marks_of(Query(**values)),
        haulier,
        now=wanted.at or check.at,  # what held then is asked, not what holds today
        clock=context.now(),
        zone=zone(operation.timezone),
        before=wanted.at or check.at,
        without=check.check_id,
    )


def _assessed_otherwise(context: Context, check: CheckRow, wanted: Correction) -> Answer | None:
    """The answer as of the corrected time and haulier, where it says otherwise of a penalty."""
    found = _matched_again(context, check, wanted)
    stood = lines_of(context, check.check_id, context.zone_here())
    said = sorted((line.reference, line.enforceable) for line in lines_shown(found))
    return None if said == sorted((one.reference, one.enforceable) for one in stood) else found


def _rematched(context: Context, check: CheckRow, found: Answer) -> dict[str, Any]:
    keys = {f"{mark.unit.value}_key": mark.key for mark in found.marks}
    first = len(matches_of(context.connection, check.check_id)) + 1
    return {
        "keys": [
            events.Change(field=name, before=getattr(check, name) or None, after=keys.get(name))
            for name in ("vehicle_key", "trailer_key", "container_key")
            if getattr(check, name) != keys.get(name, "")
        ],
        "rematched": True,
        "verdict": found.verdict.value,
        "lists": evidence.lists_seen(found.lists),
        "matches": evidence.matches_seen(found.matches, first),
    }
