"""From facts to the tables people read: every subject is the fold of its events.

The rows of a check, and of an operation, follow from its events in the one order of all
events (by position, and by chain where two stand in one), whatever the order in which
these came here: `make` makes them anew.  So do an event that is written, one that comes
from another device (`take`), and a rebuild; `store.frozen` does it for an earlier time.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from pydantic import ValidationError

from portcheck.errors import DatabaseUnusable
from portcheck.journal import events
from portcheck.journal.append import Actor, Recorded, subject_of
from portcheck.store.gathered import Gathered
from portcheck.store.projections import checkfold, checks, erasing, lists, operations, sums
from portcheck.store.projections.authority import Counts, counting
from portcheck.store.projections.checkfold import Fact
from portcheck.store.projections.pending import NEWER, is_pending, leave, note, waiting

TABLES = (
    "check_sum",
    "finding_sum",
    "erased",
    "pending",
    "dispute",
    "finding",
    "penalty_action",
    "match_penalty",
    "check_match",
    "amendment",
    "log_import",
    "vehicle_check",
    "records_held",
    "device_state",
    "operation_device",
    "operation",
    "list_version",
    "action_list",
)


def _nothing_to_show(_connection: sqlite3.Connection, _event: Any, _recorded: Recorded) -> None:
    """Consultations and disclosures are read from the journal itself."""


def _continued(connection: sqlite3.Connection, _event: Any, _recorded: Recorded) -> None:
    operations.currents(connection)


_ALONE: dict[str, Callable[[sqlite3.Connection, Any, Recorded], None]] = {
    "list_imported": lists.imported,
    "list_retired": lists.retired,
    "payloads_erased": erasing.erased,
    "records_held": operations.records_held,
    "chain_continued": _continued,
    "record_consulted": _nothing_to_show,
    "data_disclosed": _nothing_to_show,
    "journals_received": _nothing_to_show,
    "journals_sent": _nothing_to_show,
}
"""The kinds of events that mean what they mean, whatever came before or after them."""
_QUIET = ("record_consulted", "data_disclosed", "journals_received", "journals_sent")
_AT_ONCE = 500
_AMONG = "subject IN (SELECT value FROM json_each(?))"


class Known(NamedTuple):
    """The facts about a subject, in the one order, and the events about it that this portcheck
    cannot read: their kind, or a field of theirs, is of a newer one.
    """

    facts: list[Fact]
    unread: list[Recorded]


def project(
    connection: sqlite3.Connection,
    event: events.Event,
    recorded: Recorded,
    gathered: Gathered,
) -> None:
    """Write what an event that was just appended means into the projections; what it changes in
    the sums is `gathered`, which is written before the transaction is committed.

    Raises DatabaseUnusable where it is about something that is not here: what is told as
    recorded never waits.
    """
    if isinstance(event, events.CheckRecorded) and _alone(connection, event.check_id, recorded):
        left = checks.make(
            connection, event.check_id, [(event, recorded)], gathered=gathered, empty=True
        )
        if left:
            leave(connection, event.check_id, left)
    elif event.kind in _ALONE:
        _ALONE[event.kind](connection, event, recorded)
    else:
        _make_all(connection, [subject_of(dict(event))], gathered)
    if is_pending(connection, recorded):
        raise DatabaseUnusable(
            f"what was to be recorded ({event.kind}) is about something that is not here"
        )
    if gathered.full:
        gathered.write(connection)


def _alone(connection: sqlite3.Connection, subject: str, recorded: Recorded) -> bool:
    """Whether an event is the only one about its subject."""
    query = "SELECT 1 FROM journal WHERE subject = ? AND hash <> ? LIMIT 1"
    return connection.execute(query, (subject, recorded.hash)).fetchone() is None


def make(connection: sqlite3.Connection, subjects: Sequence[str]) -> None:
    """Make the rows of these checks and operations anew of all their events; what waited for
    an operation is made too, and what was said by devices that are trusted now or no longer.
    The sums follow.
    """
    gathered = Gathered()
    _make_all(connection, subjects, gathered)
    gathered.write(connection)


def _make_all(connection: sqlite3.Connection, subjects: Sequence[str], gathered: Gathered) -> None:
    counts, opened, changed = counting(connection), [], set()
    for one in subjects:
        for subject, known in about(connection, "subject = ?", (one,)):
            found = _make(connection, subject, known, counts, gathered)
            if found is not None:
                opened.append(subject)
                changed |= found
    if opened:
        operations.currents(connection)
    for operation_id in opened:
        _make_all(connection, waiting(connection, operation_id), gathered)
    for chain in sorted(changed):
        _make_said_by(connection, chain, gathered)


def _make_said_by(connection: sqlite3.Connection, chain: bytes, gathered: Gathered) -> None:
    """Make all checks anew that a chain says something of."""
    rows = connection.execute(
        f"SELECT DISTINCT subject FROM journal WHERE chain = ? AND {_one_of(checkfold.KINDS)}",
        (chain, *checkfold.KINDS),
    )
    subjects = [subject for (subject,) in rows if subject]
    for first in range(0, len(subjects), _AT_ONCE):
        counts = counting(connection)
        some = json.dumps(subjects[first : first + _AT_ONCE])
        for subject, known in about(connection, _AMONG, (some,)):
            _make(connection, subject, known, counts, gathered)
        if gathered.full:
            gathered.write(connection)


def _make(
    connection: sqlite3.Connection,
    subject: str,
    known: Known,
    counts: Counts,
    gathered: Gathered | None,
) -> set[bytes] | None:
    """Make the rows of a subject; for an operation that was opened, the chains of which more or
    less counts now.  Where nothing is `gathered`, it has no rows, and the sums are made anew.
    """
    left = [(recorded, NEWER) for recorded in known.unread]
    of_operations = [fact for fact in known.facts if fact[0].kind in operations.KINDS]
    of_checks = [fact for fact in known.facts if fact[0].kind in checkfold.KINDS]
    changed = None
    if of_operations:
        early, changed = operations.make(connection, subject, of_operations)
        left, changed = left + early, None if early else changed
    if of_checks:
        heeded = counted(of_checks, counts)
        left += checks.make(connection, subject, heeded, gathered=gathered, empty=gathered is None)
    if left or gathered is not None:
        leave(connection, subject, left)
    return changed


def counted(facts: list[Fact], counts: Counts) -> list[Fact]:
    """Those of a check's facts that count in its operation: that of whoever recorded it first
    and counts there.  Where nobody did, none of them; all, where it is not recorded yet.
    """
    recorded = [fact for fact in facts if isinstance(fact[0], events.CheckRecorded)]
    names = (e.operation_id for e, one in recorded if counts(e.operation_id, one))  # type: ignore[union-attr]  # as chosen
    operation_id = next(names, None)
    if operation_id is None:
        return [] if recorded else facts
    return [fact for fact in facts if counts(operation_id, fact[1])]


def make_as_of(
    connection: sqlite3.Connection, check_ids: Sequence[str], end: Mapping[bytes, int]
) -> None:
    """Make the rows of checks as they stood when each chain had its events up to that number;
    the sums are then to be made anew.
    """
    counts = counting(connection)
    for subject, known in about(connection, _AMONG, (json.dumps(check_ids),)):
        facts = [fact for fact in known.facts if fact[1].seq <= end.get(fact[1].chain, 0)]
        facts = counted(facts, counts)
        checks.make(connection, subject, facts, gathered=None)


def rebuild(connection: sqlite3.Connection) -> int:
    """Empty the projections and make them again; returns how many events were read.

    The caller has begun a transaction.
    """
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    for _ in taking(connection):
        pass
    (count,) = connection.execute("SELECT COUNT(*) FROM payload").fetchone()
    return int(count)


def take(connection: sqlite3.Connection, after: int, late: Sequence[int] = ()) -> None:
    """What all events mean that arrived behind `after`, and those whose texts came late, by
    their arrivals; the caller has begun a transaction.
    """
    gathered = Gathered()
    for _ in _taking(connection, after, gathered):
        gathered.write(connection)
    if late:
        _take_late(connection, json.dumps(late))


def take_again(connection: sqlite3.Connection, chain: bytes, seq: int) -> None:
    """What an event means that could mean nothing before: a list whose entries are here now."""
    query = "SELECT arrival FROM journal WHERE chain = ? AND seq = ?"
    _take_late(connection, json.dumps(connection.execute(query, (chain, seq)).fetchone()))


def _take_late(connection: sqlite3.Connection, arrivals: str) -> None:
    chosen = "arrival IN (SELECT value FROM json_each(?))"
    subjects = set()
    for event, recorded, subject in _read(connection, chosen, (arrivals,)):
        if event is None and not subject:
            note(connection, recorded)
        elif event is not None and event.kind in _ALONE:
            _ALONE[event.kind](connection, event, recorded)
        else:
            subjects.add(subject)
    make(connection, sorted(subjects))


def taking(connection: sqlite3.Connection) -> Iterator[None]:
    """What all events mean, into empty tables, step by step: what checks hang on first, some
    checks at a time, and last the sums of them.
    """
    yield from _taking(connection, 0, None)
    sums.anew(connection)
    yield


def _taking(
    connection: sqlite3.Connection, after: int, gathered: Gathered | None
) -> Iterator[None]:
    alone = [kind for kind in _ALONE if kind not in _QUIET]
    chosen = f"arrival > ? AND {_one_of(alone)}"
    for event, recorded, _ in _read(connection, chosen, (after, *alone)):
        if event is None:
            note(connection, recorded)
        else:
            _ALONE[event.kind](connection, event, recorded)
    of_operations = sorted(operations.KINDS)
    rows = connection.execute(
        f"SELECT DISTINCT subject FROM journal WHERE arrival > ? AND {_one_of(of_operations)}",
        (after, *of_operations),
    )
    subjects = [subject for (subject,) in rows.fetchall()]
    if gathered:
        _make_all(connection, subjects, gathered)
    else:  # there are no checks yet
        _make_operations(connection, subjects)
    chosen = f"arrival > ? AND subject = '' AND NOT {_one_of(_ALONE)}"
    for _, recorded, _ in _read(connection, chosen, (after, *_ALONE)):
        note(connection, recorded)
    yield
    last = ""
    while subjects := _next(connection, after, last):
        last, counts = subjects[-1], counting(connection)
        for subject, known in about(connection, _AMONG, (json.dumps(subjects),)):
            if not any(event.kind in operations.KINDS for event, _ in known.facts):
                _make(connection, subject, known, counts, gathered)
        yield


def _make_operations(connection: sqlite3.Connection, subjects: Sequence[str]) -> None:
    for one in subjects:
        for subject, known in about(connection, "subject = ?", (one,)):
            _make(connection, subject, known, counting(connection), None)
    operations.currents(connection)


def _next(connection: sqlite3.Connection, after: int, last: str) -> list[str]:
    """The next subjects of events that arrived behind `after`."""
    rows = connection.execute(
        "SELECT DISTINCT subject FROM journal WHERE subject > ? AND arrival > ?"
        " ORDER BY subject LIMIT ?",
        (last, after, _AT_ONCE),
    )
    return [subject for (subject,) in rows.fetchall()]


def about(
    connection: sqlite3.Connection, condition: str, values: Sequence[Any]
) -> Iterator[tuple[str, Known]]:
    """What is known of each subject whose events meet an SQL condition on `fact`, by subject;
    events that mean what they mean alone are left out.
    """
    where = f"({condition}) AND NOT {_one_of(_ALONE)}"
    found = _read(connection, where, (*values, *_ALONE), "subject, position, chain")
    for subject, group in groupby(found, key=lambda one: one[2]):
        known = Known([], [])
        for event, recorded, _ in group:
            if event is None:
                known.unread.append(recorded)
            else:
                known.facts.append((event, recorded))
        yield subject, known


def _read(
    connection: sqlite3.Connection,
    condition: str,
    values: Sequence[Any],
    order: str = "position, chain",
) -> Iterator[tuple[events.Event | None, Recorded, str]]:
    """The events whose text is held and that meet an SQL condition on `fact`, each with its
    subject; None in the place of one that this portcheck cannot read.
    """
    read = events.adapter()
    rows = connection.execute(
        "SELECT position, chain, seq, hash, recorded_at, officer, agency, device, subject, payload"
        f" FROM fact WHERE payload IS NOT NULL AND {condition} ORDER BY {order}",
        values,
    )
    for position, chain, seq, own_hash, at, officer, agency, device, subject, payload in rows:
        recorded = Recorded(position, chain, seq, own_hash, at, Actor(officer, agency, device))
        try:
            event = read.validate_json(payload)
        except ValidationError:
            event = None
        yield event, recorded, subject


def _one_of(kinds: Iterable[str]) -> str:
    return f"kind IN ({', '.join('?' * len(tuple(kinds)))})"


def anything_kept(connection: sqlite3.Connection) -> bool:
    """Whether there is a record in any table but the journal."""
    rows = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in (*TABLES, "entry"))
    (found,) = connection.execute(f"SELECT {rows}").fetchone()
    return bool(found)


def dump(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every projection, in a fixed order, to compare two states."""
    return {
        table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES
    }
