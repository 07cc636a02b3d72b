"""What the officer's screen shows besides the answer: where the lane stands, the day so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from portcheck.domain.answer import ListInForce
from portcheck.domain.fields import Kind
from portcheck.domain.outcome import OUTCOME, merged
from portcheck.domain.tally import Tally, Unresolved
from portcheck.errors import NotFound, Refused
from portcheck.services.checks.records import Line, find_check, lines_of
from portcheck.services.clock import behind
from portcheck.services.context import Context
from portcheck.services.exchange.standing import SyncStanding, sync_standing
from portcheck.services.matching.grading import sieve
from portcheck.services.matching.matcher import answer_marks
from portcheck.store import finder
from portcheck.store.connection import changes_of_others, snapshot, unusable
from portcheck.store.finder import OperationRow
from portcheck.store.singlechecks import CheckLine, last_checks

if TYPE_CHECKING:
    from portcheck.services.day.overview import CheckView

LAST = 10
STAYING = ("direction", "lane", "sailing", "site")
"""Details that are the lane's rather than the vehicle's: they stay for the next check."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The operation under way on this device, if any, the lists in force, what is wrong with
    this machine's clock, if anything, the device's label, and how it stands with its target.
    """

    operation: OperationRow | None = None
    lists: tuple[ListInForce, ...] = ()
    clock: str = ""
    device: str = ""
    sync: SyncStanding | None = None


@dataclass(frozen=True, slots=True)
class LaneView:
    """One consistent look: the newest checks first; no tally without an operation."""

    standing: Standing = Standing()
    last: tuple[CheckLine, ...] = ()
    waiting: tuple[Unresolved, ...] = ()
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class FormStart:
    """What an outcome is entered on: what is recorded already, and the penalty lines."""

    outcome: dict[str, Any]
    lines: tuple[Line, ...]


def version(context: Context) -> int:
    """A number that changes when another connection has written to the database."""
    return changes_of_others(context.connection)


def load(_: Context) -> None:
    """Import now what recording and reading need, so that no officer waits for it later."""
    for name in (
        "services.checks.correct",
        "services.checks.undo",
        "services.day.overview",
        "store.projections",
    ):
        import_module(f"portcheck.{name}")


def read_ahead(context: Context) -> None:
    """Read the lists in force now: with a long one, some look-up would else stop for it."""
    with snapshot(context.connection):
        sieve(context, finder.lists_in_force(context.connection)).read()


def stand(context: Context) -> Standing:
    """Where the lane stands now."""
    with snapshot(context.connection):
        return _stand(context)


def view(context: Context) -> LaneView:
    """Everything the screen keeps in view, counted as the tally counts it."""
    from portcheck.services.day.tally import count  # noqa: PLC0415 - the screen is drawn before

    with snapshot(context.connection):
        standing = _stand(context)
        if standing.operation is None:
            return LaneView(standing)
        tally = count(context, standing.operation)
        last = last_checks(context.connection, standing.operation.operation_id, LAST)
        return LaneView(standing, last, tuple(tally.unresolved), tally)


def _stand(context: Context) -> Standing:
    here, now = context.zone_here(), context.now()
    asked = answer_marks(context, (), "", now=now, zone=here)
    return Standing(
        context.current(),
        asked.lists,
        behind(context),
        context.actor.device,
        sync_standing(context),
    )


def whole_check(context: Context, operation_id: str, check_id: str) -> "CheckView":
    """Everything known of one check.  Raises NotFound."""
    found = _checks(context, operation_id, check_id=check_id)
    if not found:
        raise NotFound(f"there is no check {check_id} in this operation")
    return found[0]


def find_checks(context: Context, operation_id: str, text: str, most: int) -> list["CheckView"]:
    """The check of this number or reference, or else those whose registrations have `text`
    in them, the newest first.
    """
    from portcheck.domain.registration.key import key_of  # noqa: PLC0415 - only when asked

    try:
        named = find_check(context, text, operation_id)
        return _checks(context, operation_id, check_id=named.check_id)
    except NotFound:
        pass
    try:
        alike = _checks(context, operation_id, text=key_of(text), limit=most)
    except Refused:  # a text that cannot be part of a registration
        return []
    return list(reversed(alike))


def _checks(context: Context, operation_id: str, **wanted: Any) -> list["CheckView"]:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - loaded when first needed

    from portcheck.services.day.overview import Wanted, checks  # noqa: PLC0415

    try:
        return checks(context, operation_id, Wanted(**wanted))
    except DBAPIError as error:
        raise unusable(error.orig or error, context.path) from error


def form_start(context: Context, operation_id: str, check_id: str) -> FormStart:
    """Where an outcome form begins.  Raises NotFound."""
    check = find_check(context, check_id, operation_id)
    return FormStart(check.outcome, tuple(lines_of(context, check_id, context.zone_here())))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a form did to an outcome: `added` can be recorded; the rest is a correction.

    `changed` holds the whole new values, those of `added` fields among them.
    """

    added: dict[str, Any]
    changed: dict[str, Any]
    cleared: tuple[str, ...]

    @property
    def corrects(self) -> bool:
        """Whether something recorded would no longer stand."""
        return bool(self.cleared) or self.added.keys() != self.changed.keys()


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """What leads from one outcome to another.

    >>> difference({"searched": ["dog"]}, {"searched": ["dog", "xray"]}).added
    {'searched': ['xray']}
    """
    added: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    for field in OUTCOME:
        old, new = before.get(field.name), after.get(field.name)
        if new is None or new == old:
            continue
        changed[field.name] = new
        if old is None:
            added[field.name] = new
        elif field.kind is Kind.CHOICES and set(new) > set(old):
            added[field.name] = [one for one in new if one not in old]
        elif field.kind in {Kind.RECORDS, Kind.TEXTS} and new[: len(old)] == old:
            added[field.name] = new[len(old) :]
    cleared = tuple(name for name in before if before[name] and name not in after)
    return Difference(added, changed, cleared)


def save_outcome(
    context: Context,
    operation_id: str,
    check_id: str,
    changes: Difference,
    reason: str = "",
    *,
    again: bool = False,
) -> tuple[dict[str, Any], list[str]]:
    """Record what is new, or correct what was recorded; returns the outcome before, and warnings.

    Raises NotFound; Refused for what contradicts the record, and for a
    correction without a reason; PaidAlready for money on a penalty that was paid, unless
    `again` says that it is meant.
    """
    from portcheck.services.checks.correct import Correction, amend  # noqa: PLC0415 - with the writing
    from portcheck.services.checks.decide import record_outcome  # noqa: PLC0415

    before = form_start(context, operation_id, check_id).outcome
    if changes.corrects:
        wanted = Correction({}, {}, changes.changed, cleared=changes.cleared, again=again)
        return before, amend(context, check_id, operation_id, wanted, reason)[2]
    added = changes.added
    return before, record_outcome(context, check_id, operation_id, added, again=again)[1]


def add_outcome(
    context: Context, operation_id: str, check_id: str, wanted: Mapping[str, Any]
) -> tuple[dict[str, Any], Difference]:
    """Record of `wanted` what is not recorded yet; returns the outcome before, and what was added.

    Raises NotFound, and Refused for what contradicts the record.
    """
    before = form_start(context, operation_id, check_id).outcome
    added = difference(before, merged(before, dict(wanted)))
    if added.added:
        save_outcome(context, operation_id, check_id, added)
    return before, added
