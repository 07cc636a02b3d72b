"""A vehicle is checked: the answer is shown first, then it is recorded beyond doubt."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portcheck.domain.answer import Answer, Unit
from portcheck.domain.decision import Decision, Said
from portcheck.domain.outcome import validate
from portcheck.domain.rates import unusual
from portcheck.errors import Refused
from portcheck.services.checks.penalties import with_amounts
from portcheck.services.checks.records import Line, lines_of, reference
from portcheck.services.clock import remarked
from portcheck.services.context import Context, Writer
from portcheck.services.matching.matcher import Query, answer, no_list
from portcheck.services.matching.seen import CAMERA, with_seen
from portcheck.services.settings import zone
from portcheck.store.connection import snapshot
from portcheck.store.finder import OperationRow, lists_in_force
from portcheck.store.operationrows import next_number

if TYPE_CHECKING:
    from portcheck.intake.feed import CameraRead
    from portcheck.journal.parts import PlateRead


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known of a check besides its registrations; values as the registries give them.

    `decision` is none, confirmed or rejected, and settles every match of the
    check; `at` is None for now.  `read` is what a camera read, where the vehicle is
    checked by it as it stands: the check's source is then CAMERA.  `again` says that money
    on a penalty that is paid already is meant.
    """

    details: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    decision: Said = Decision.NONE
    reason: str = ""
    at: datetime | None = None
    source: str = "typed"
    checked_by: str = ""
    checked_by_agency: str = ""
    read: "CameraRead | None" = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class SavedCheck:
    """A check that is on disk."""

    check_id: str
    ref: str
    operation: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A check that can be recorded: nothing in it will be refused later."""

    operation: OperationRow
    answer: Answer
    observed: Observed
    warnings: tuple[str, ...]

    @property
    def decisions(self) -> dict[int, str]:
        """What is decided on its matches, by their numbers."""
        if not self.observed.decision:
            return {}
        matches = enumerate(self.answer.matches, 1)
        return {n: self.observed.decision for n, match in matches if match.alerts}


def prepare(
    context: Context, query: Query, observed: Observed, *, no_list: bool = False
) -> Prepared:
    """Match and examine everything before anything is shown or written.

    Raises Refused without an operation, without a list in force (unless
    `no_list`), and for values that contradict each other.
    """
    operation = context.operation()
    with snapshot(context.connection):
        clock = context.now()
        when = observed.at or clock
        here = zone(operation.timezone)
        found = answer(context, query, now=when, zone=here, clock=clock)
        read_at = observed.read.at if observed.read else None
        in_view = (read_at, read_at) if read_at else None
        (found,) = with_seen(context, [remarked(context, found)], when, here, in_view=in_view)
    if not found.screened and not no_list:
        raise unscreened()
    return examine(operation, found, observed, when)


def answer_only(context: Context, query: Query, at: datetime | None = None) -> Answer:
    """The answer for a vehicle of which no check can be recorded; `at` is None for now.

    Raises Refused for what cannot be asked, and where no list is in force: there is
    no answer then.
    """
    with snapshot(context.connection):
        clock = context.now()
        here = context.zone_here()
        when = at or clock
        found = answer(context, query, now=when, zone=here, clock=clock)
        (found,) = with_seen(context, [remarked(context, found)], when, here)
    if not found.screened:
        raise unscreened()
    return found


def unscreened() -> Refused:
    """That nothing can be matched, and a check is recorded only where that is said."""
    return no_list(otherwise=", or record the check as not screened with --no-list")


def examine(operation: OperationRow, found: Answer, observed: Observed, when: datetime) -> Prepared:
    """As `prepare`, for an answer already at hand; `when` is the time of the check."""
    validate(observed.outcome)
    lines = lines_shown(found, observed.decision)
    outcome, warnings = with_amounts(observed.outcome, lines, again=observed.again)
    warnings += unusual(outcome, outcome, when.astimezone(zone(operation.timezone)).date())
    alerting = [match for match in found.matches if match.alerts]
    if observed.decision and not alerting:
        raise Refused(f"there is no match to be {observed.decision}")
    if observed.decision == Decision.REJECTED and not observed.reason:
        raise Refused("a match is rejected with a reason")
    return Prepared(operation, found, replace(observed, outcome=outcome), tuple(warnings))


def lines_shown(found: Answer, decision: str = "") -> list[Line]:
    """The penalty lines of an answer's matches that alert, all decided in the same way."""
    return [
        Line(
            p.line.reference,
            p.line.owed_pence,
            p.assessment.enforceable.value,
            decision,
            recorded=p.recorded,
            liable=p.key[1:],
        )
        for match in found.matches
        if match.alerts
        for p in match.penalties
    ]


def record(context: Context, prepared: Prepared) -> SavedCheck:
    """Write the check, its outcome and its decision in one transaction.

    Raises Refused when the operation ended meanwhile.
    """
    with context.writing() as writer:
        return write(writer, prepared)


def write(writer: Writer, prepared: Prepared) -> SavedCheck:
    """As `record`, inside a transaction that is already open."""
    from portcheck.journal import events  # noqa: PLC0415 - the answer is shown before this is loaded
    from portcheck.services.matching import evidence  # noqa: PLC0415

    context, found, observed = writer.context, prepared.answer, prepared.observed
    check_id = context.new_id()
    number = _next_number(context, prepared.operation)
    ref = reference(context.actor.device, number)
    vehicle = evidence.mark_typed(found, Unit.VEHICLE)
    if vehicle is None:
        raise Refused("a check needs the vehicle's registration")
    writer.append(
        events.CheckRecorded(
            check_id=check_id,
            operation_id=prepared.operation.operation_id,
            number=number,
            ref=ref,
            at=observed.at or context.now(),
            vehicle=vehicle,
            trailer=evidence.mark_typed(found, Unit.TRAILER),
            container=evidence.mark_typed(found, Unit.CONTAINER),
            details=observed.details,
            screened=found.screened,
            verdict=found.verdict.value,
            lists=evidence.lists_seen(found.lists),
            matches=evidence.matches_seen(found.matches),
            source=CAMERA if observed.read else observed.source,
            checked_by=observed.checked_by,
            checked_by_agency=observed.checked_by_agency,
            read=_plate_read(observed.read) if observed.read else None,
        )
    )
    if observed.decision is not Decision.NONE:
        writer.append(
            events.MatchDecided(
                check_id=check_id,
                matches=tuple(prepared.decisions),
                decision=observed.decision,
                reason=observed.reason,
            )
        )
    if observed.outcome:
        _not_paid_meanwhile(context, check_id, prepared)
        writer.append(events.OutcomeRecorded(check_id=check_id, outcome=observed.outcome))
    warnings = (*prepared.warnings, *_listed_meanwhile(writer, prepared, check_id))
    return SavedCheck(check_id, ref, prepared.operation.name, warnings)


def _not_paid_meanwhile(context: Context, check_id: str, prepared: Prepared) -> None:
    """Raises PaidAlready when somebody recorded the payment between the answer and now."""
    if "penalties" in prepared.observed.outcome:
        here = zone(prepared.operation.timezone)
        lines = lines_of(context, check_id, here)
        with_amounts(prepared.observed.outcome, lines, again=prepared.observed.again)


def _plate_read(read: "CameraRead") -> "PlateRead":
    """What the journal keeps of a read besides its plate, time, lane and country."""
    from portcheck.journal.parts import PlateCandidate, PlateRead  # noqa: PLC0415 - as in `write`

    candidates = (PlateCandidate(plate=text, confidence=sure) for text, sure in read.candidates)
    return PlateRead(confidence=read.confidence, candidates=tuple(candidates))


def _listed_meanwhile(writer: Writer, prepared: Prepared, check_id: str) -> list[str]:
    """Match with the lists that were imported between the answer and its recording."""
    asked = {(one.name, one.version) for one in prepared.answer.lists}
    now = lists_in_force(writer.context.connection)
    if asked >= {(one.name, one.version) for one in now}:
        return []
    from portcheck.services.matching.rematch import listed_meanwhile  # noqa: PLC0415 - hardly ever needed

    return list(listed_meanwhile(writer, check_id, asked))


def _next_number(context: Context, operation: OperationRow) -> int:
    number = next_number(context.connection, operation.operation_id, context.actor.device)
    if number is None:
        raise Refused(f"operation {operation.name} ended meanwhile: the check was not recorded")
    return number
