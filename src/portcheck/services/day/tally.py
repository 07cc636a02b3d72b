"""The tally of one operation or several, counted from what is recorded or as it was kept."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from portcheck.domain.statement import Held, Statement, statement_from
from portcheck.domain.tally import Tally, from_document
from portcheck.domain.times import iso, read_utc
from portcheck.services.context import Context
from portcheck.services.day.counting import count_statement
from portcheck.services.day.selection import Selection, select
from portcheck.services.exchange.standing import completeness
from portcheck.store.connection import snapshot
from portcheck.store.finder import OperationRow
from portcheck.store.frozen import (
    Moment,
    changed_after,
    end_of,
    frozen,
    last_held,
    moment,
    recorded_after,
)
from portcheck.store.operationrows import newest_end, tally_kept

_WITH = "behind"  # where a kept tally has what stands behind it


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of the journal that is read: its fingerprint and the time of its newest event,
    and when the records were last held against it, be it afterwards.
    """

    fingerprint: str
    as_of: str
    held: Held | None


def tally(context: Context, name: str = "", *, recount: bool = False) -> Tally:
    """The tally of the current operation, or of the one named.

    An ended operation's tally is the one recorded at its end, unless `recount`
    is set.  Raises NotFound, and Refused when no operation is current.
    """
    names = (name,) if name else ()
    return statement(context, select(context, names, recount=recount)).tally


def statement(context: Context, selection: Selection) -> Statement:
    """The tally of a selection with what stands behind it.

    What ended counts as at its end: one whole operation as it was recorded then.
    """
    kept = recorded(context, selection)
    settled = _settled(context, selection)
    if settled and kept and _WITH in kept:
        return replace(_read(kept), held=settled.held)
    with standing(context, selection) as state:
        return completed(kept, counted(context, selection, state))


def counted(
    context: Context, selection: Selection, state: Standing, *, by_rows: bool = False
) -> Statement:
    """Count the selection inside `standing`; the checks themselves where it is to be `by_rows`."""
    found = count_statement(
        context,
        selection,
        fingerprint=state.fingerprint,
        as_of=state.as_of,
        by_rows=by_rows,
    )
    ids = [one.operation_id for one in selection.operations]
    told = replace(found.tally, **completeness(context, ids, selection.zone))
    return replace(found, held=state.held, tally=told)


def count(context: Context, operation: OperationRow) -> Tally:
    """Count the operation as it stands; the caller holds a transaction."""
    return count_open(context, operation).tally


def count_open(context: Context, operation: OperationRow) -> Statement:
    """As `count`, with what stands behind the tally."""
    selection = Selection((operation,), recount=True)
    return counted(context, selection, _state(context, moment(context.connection), selection))


def recorded(context: Context, selection: Selection) -> dict[str, Any] | None:
    """What was kept at the end of the one operation selected; None where nothing was."""
    if not (selection.whole and selection.settled):
        return None
    return tally_kept(context.connection, selection.operations[0].operation_id)


def to_record(found: Statement) -> dict[str, Any]:
    """The tally's document, and in it what `statement` reads the rest back from."""
    document = found.document()
    tally_document: dict[str, Any] = document.pop("tally")
    return tally_document | {_WITH: document}


def completed(kept: dict[str, Any] | None, now: Statement) -> Statement:
    """The statement that was `kept`, with what it lacks from `now`; `now` where nothing was."""
    if kept is None:
        return now
    if _WITH in kept:
        return replace(_read(kept), held=now.held)
    return replace(now, tally=from_document(kept))


def _read(kept: dict[str, Any]) -> Statement:
    return statement_from(kept[_WITH] | {"tally": kept})


@contextmanager
def standing(context: Context, selection: Selection, *, copy: bool = False) -> Iterator[Standing]:
    """What is read inside is one state: now, or as at the end of what has ended.

    With `copy` nobody waits for the reader, however long it takes.
    """
    connection = context.connection
    ends = {
        one.operation_id: end_of(connection, one.operation_id)
        if one.ended_at and not selection.recount
        else None
        for one in selection.operations
    }
    if copy or any(changed_after(connection, name, end) for name, end in ends.items() if end):
        with frozen(connection, ends) as now:
            yield _settled(context, selection) or _state(context, now, selection)
    else:
        with snapshot(connection):
            yield _settled(context, selection) or _state(context, moment(connection), selection)


def corrected_since(context: Context, selection: Selection) -> int:
    """How many checks of the operations were changed after their operation's end."""
    connection = context.connection
    ends = {one.operation_id: end_of(connection, one.operation_id) for one in selection.operations}
    return sum(len(changed_after(connection, name, end)) for name, end in ends.items() if end)


def late(context: Context, selection: Selection) -> dict[str, int]:
    """The checks of each device that were recorded, or came here, after an operation's end."""
    found: Counter[str] = Counter()
    for one in selection.operations:
        end = end_of(context.connection, one.operation_id)
        if end:
            found.update(recorded_after(context.connection, one.operation_id, end))
    return dict(sorted(found.items()))


def _settled(context: Context, selection: Selection) -> Standing | None:
    """The state kept at the last end, where nothing can change any more."""
    if not selection.settled:
        return None
    fingerprint, ended_at = newest_end(
        context.connection, [one.operation_id for one in selection.operations]
    )
    ends = [end_of(context.connection, one.operation_id) for one in selection.operations]
    held = _held(context, selection, max(sum(end.values()) for end in ends if end))
    return Standing(fingerprint, iso(read_utc(ended_at), selection.zone), held)


def _state(context: Context, now: Moment, selection: Selection) -> Standing:
    fingerprint = " ".join(head.fingerprint for head in now.heads)
    held = _held(context, selection, now.events)
    return Standing(fingerprint, iso(read_utc(now.recorded_at), selection.zone), held)


def _held(context: Context, selection: Selection, known: int) -> Held | None:
    """When the records were last held against the journal, by figures that rest on `known`
    events; that they were held is an event itself, and not counted.
    """
    found = last_held(context.connection)
    if found is None:
        return None
    at, officer, events = found
    since = max(0, known - events - 1)
    return Held(iso(read_utc(at), selection.zone), officer, since)
