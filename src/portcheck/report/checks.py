"""Checks, for people and for programs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

from rich.table import Table
from rich.text import Text

from portcheck.domain.decision import Decision
from portcheck.domain.details import DETAILS
from portcheck.domain.enforceability import Enforceable
from portcheck.domain.fields import format_value
from portcheck.domain.instructions import Instructions
from portcheck.domain.matching import Tier
from portcheck.domain.money import pounds
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.recorded import acts
from portcheck.domain.registration.guess import as_guessed
from portcheck.domain.times import iso, local
from portcheck.journal.events import Change
from portcheck.report.card import enforceable_words
from portcheck.report.console import safe
from portcheck.report.problems import layout_lines, problem_document, problem_lines
from portcheck.report.told import whole_lines
from portcheck.services.checks.feed import with_share
from portcheck.services.checks.import_log import LogImportResult
from portcheck.services.checks.records import Line
from portcheck.services.day.overview import CheckView, ReadView
from portcheck.store.checkrows import MatchRow

_STATES: dict[str, str] = {
    Decision.OPEN: "WAITS FOR A DECISION",
    Decision.CONFIRMED: "confirmed",
    Decision.REJECTED: "rejected",
    Decision.REPLACED: "replaced by a correction",
    Decision.NONE: "near, not a match",
}
_SYMBOLS = {"listed": "■■", "possible": "≈ ", "clear": "· "}
_REGISTRY = {field.name: field for field in (*DETAILS, *OUTCOME)}


def changed(name: str, before: Any, after: Any) -> str:
    """A correction in words: the field, what it said, what it says."""
    field = _REGISTRY.get(name)
    label = field.label if field else name.replace("_", " ")

    def shown(value: Any) -> str:
        if value is None or value == "":
            return "blank"
        if isinstance(value, bool) and not field:
            return "yes" if value else "no"
        if name.startswith("match_"):
            return _STATES[value]
        return format_value(field, value) if field else str(value)

    return f"{label}: {shown(before)} → {shown(after)}"


def change_lines(ref: str, changes: Sequence[Change]) -> Iterator[Text]:
    """What an amendment changed; the keys that follow from registrations are left out."""
    for one in changes:
        if not one.field.endswith("_key"):
            yield safe(f"{ref}: {changed(one.field, one.before, one.after)}")


def check_document(check: CheckView, zone: tzinfo) -> dict[str, Any]:
    """A check as JSON values; `read` is there where it is known what a camera read."""
    document = {
        "id": check.check_id,
        "ref": check.ref,
        "at": iso(check.at, zone),
        "recorded_at": iso(check.recorded_at, zone),
        "officer": check.officer,
        "agency": check.agency,
        "vehicle": check.vehicle,
        "key": check.vehicle_key,
        "country": check.country,
        "country_guess": check.country_guess,
        "trailer": check.trailer,
        "trailer_country": check.trailer_country,
        "container": check.container,
        "details": check.details,
        "verdict": check.verdict,
        "screened": check.screened,
        "lists": check.lists,
        "matches": [_match_document(match) for match in check.matches],
        "outcome": check.outcome,
        "primary_outcome": check.primary_outcome,
        "unresolved": check.unresolved,
        "amendments": [
            {
                "at": iso(one.at, zone),
                "officer": one.officer,
                "field": one.field,
                "before": one.before,
                "after": one.after,
                "reason": one.reason,
            }
            for one in check.amendments
        ],
        "disputes": [asdict(one) for one in check.disputes],
        "voided": check.voided,
        "void_reason": check.void_reason,
        "source": check.source,
    }
    return document | ({"read": _read_document(check.read)} if check.read else {})


def _read_document(read: ReadView) -> dict[str, Any]:
    return {
        "plate": read.plate,
        "confidence": read.confidence,
        "lane": read.lane,
        "candidates": [
            {"plate": plate, "confidence": confidence} for plate, confidence in read.candidates
        ],
    }


def _match_document(match: MatchRow) -> dict[str, Any]:
    return {
        "number": match.number,
        "tier": match.tier,
        "unit": match.unit,
        "typed": match.typed,
        "registration": match.registration,
        "country": match.country,
        "list": match.list_name,
        "list_version": match.list_version,
        "haulier": match.haulier,
        "why": match.why,
        "decision": match.decision,
        "decided_by": match.decided_by,
        "reason": match.reason,
        "later": match.later,
        "penalties": match.penalties,
        "told": match.told,
    }


def checks_table(checks: Sequence[CheckView], zone: tzinfo) -> Table:
    """The checks in a table, one line each."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Ref", "Time", "", "Vehicle", "Trailer", "Officer", "Outcome"):
        table.add_column(heading, overflow="fold")
    days = {check.at.astimezone(zone).date() for check in checks}
    for check in checks:
        when = local(check.at, zone)
        outcome = "VOID" if check.voided else check.primary_outcome.replace("_", " ")
        if check.unresolved and not check.voided:
            outcome += " ! open"
        outcome += " ! disputed" if check.disputes else ""
        table.add_row(
            safe(check.ref),
            safe(when if len(days) > 1 else when[-5:]),
            safe(_SYMBOLS[check.verdict]),
            safe(f"{check.vehicle} {check.country}".strip()),
            safe(check.trailer or check.container),
            safe(check.officer),
            safe(outcome),
        )
    return table


def check_lines(check: CheckView, zone: tzinfo, lines: Sequence[Line] = ()) -> Iterator[Text]:
    """Everything about one check, what decides first: its matches and what their lists say to do.

    Its penalty `lines` tell what is recorded of them by now.
    """
    state = "  VOID" if check.voided else ""
    yield safe(
        f"{check.ref}  {check.vehicle}  {check.country or as_guessed(check.country_guess)}".rstrip()
        + f"  {local(check.at, zone)}{state}",
        "bold",
    )
    if check.voided:
        yield safe(f"   void: {check.void_reason}")
    for label, value in (
        ("trailer", f"{check.trailer} {check.trailer_country}".strip()),
        ("container", check.container),
    ):
        if value:
            yield safe(f"   {label:<12} {value}")
    if not check.screened:
        yield safe("   NOT SCREENED: no list was in force", "bold")
    for match in check.matches:
        yield from _match_lines(match, "" if check.voided else match.decision)
        yield from (safe(f"{' ' * 18}{said}") for said in _by_now(lines, match.number))
    yield from dispute_lines(check)
    if check.read:
        yield from _read_lines(check.read)
    yield from _fields(check)
    officer = " · ".join(filter(None, (check.officer, check.agency)))
    yield safe(f"   officer      {officer}")
    yield safe(f"   recorded     {local(check.recorded_at, zone)}")
    yield safe(f"   identity     {check.check_id}")
    yield safe(f"   counted as   {check.primary_outcome.replace('_', ' ')}")
    for one in check.amendments:
        if not one.field.endswith("_key"):
            yield safe(
                f"   corrected    {local(one.at, zone)} {one.officer}: "
                f"{changed(one.field, one.before, one.after)}"
                + (f" ({one.reason})" if one.reason else "")
            )


def dispute_lines(check: CheckView) -> Iterator[Text]:
    """What people said differently of a check, and how it is settled."""
    for one in check.disputes:
        yield safe(f"   disputed     {one.shown}", "bold")
        number = one.field.removeprefix("match_")
        if number != one.field:
            how = (
                f"portcheck decide {check.ref} --match {number} --confirm”, or with --reject REASON"
            )
        else:
            how = f"portcheck amend {check.ref} --reason TEXT” with the right value, see “--help”"
        yield safe(f"                settle it: “{how}")


def _by_now(lines: Iterable[Line], match: int) -> Iterator[str]:
    """What is recorded by now of the penalty lines of a match."""
    for line in lines:
        if line.match == match and line.recorded:
            yield from (f"{line.reference} {said}" for said in acts(line.recorded))


def _read_lines(read: ReadView) -> Iterator[Text]:
    where = f", lane {read.lane}" if read.lane else ""
    yield safe(f"   {'camera read':<12} {with_share(read.plate, read.confidence)}{where}")
    if read.candidates:
        others = ", ".join(with_share(*candidate) for candidate in read.candidates)
        yield safe(f"   {'':<12} or {others}")


def _fields(check: CheckView) -> Iterator[Text]:
    for registry, values in ((DETAILS, check.details), (OUTCOME, check.outcome)):
        for field in registry:
            if field.name in values:
                shown = format_value(field, values[field.name])
                yield safe(f"   {field.label.lower():<12} {shown}")


def _match_lines(match: MatchRow, decision: str) -> Iterator[Text]:
    """A match; `decision` is what its penalty lines are read by."""
    yield safe(
        f"   match {match.number}      {match.tier}: {match.unit} {match.registration} "
        f"{match.country} on {match.list_name} v{match.list_version}: {_STATES[match.decision]}"
        + (f" by {match.decided_by}" if match.decided_by else "")
        + (f" ({match.reason})" if match.reason else ""),
        "bold" if match.decision == Decision.OPEN else "",
    )
    yield safe(f"                {match.why}" + ("; listed after the check" if match.later else ""))
    for told in match.told:
        yield from whole_lines(Instructions.of(told), " " * 16)
    for penalty in match.penalties:
        yield safe(
            f"                penalty {penalty['reference'] or 'without a reference'}: "
            f"{pounds(penalty['owed_pence'])}"
        )
        word = Enforceable(penalty["enforceable"])
        said = enforceable_words(word, Tier(match.tier), decision)
        reasons = safe(f" ({'; '.join(penalty['reasons'])})")
        yield Text(" " * 18).append_text(said).append_text(reasons)
        yield from whole_lines(Instructions.of(penalty), " " * 18)


def log_import_document(result: LogImportResult) -> dict[str, Any]:
    """What came of a log import, as JSON values."""
    return {
        "operation": result.operation,
        "file": result.file_name,
        "sha256": result.sha256,
        "sheet": result.sheet,
        "rows": result.rows,
        "accepted": result.accepted,
        "duplicates": result.duplicates,
        "rejected": result.rejected,
        "problems": [problem_document(problem) for problem in result.problems],
        "checks": list(result.refs),
        "listed": list(result.listed),
        "stored": result.stored,
        "same_file": result.same_file,
    }


def log_import_lines(result: LogImportResult) -> Iterator[Text]:
    """What came of a log import: the accounting, the columns, then what needs a look."""
    if result.same_file:
        yield safe(f"{result.file_name} was taken into {result.operation} already: nothing to do")
        return
    state = "" if result.stored else " (dry run: nothing was stored)"
    yield safe(f"Checks from {result.file_name} into {result.operation}{state}", "bold")
    yield safe(
        f"   rows       {result.rows:,} = {result.accepted:,} accepted + "
        f"{result.duplicates:,} duplicate + {result.rejected:,} rejected"
    )
    yield from layout_lines(result.layout, others="not read")
    yield from (safe(f"   ! {one.reason}") for one in result.problems if one.row == 0)
    yield from problem_lines([one for one in result.problems if one.row])
    if result.listed:
        yield safe(f"■■ LISTED: {', '.join(result.listed)}", "bold")
