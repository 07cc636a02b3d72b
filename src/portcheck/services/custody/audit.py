"""Holding the journal against itself, and reading who did what."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from portcheck.domain.text import as_name, one_line
from portcheck.domain.times import read_utc
from portcheck.errors import Refused
from portcheck.journal.events import RecordsHeld
from portcheck.journal.verify import Fault, check_fingerprint
from portcheck.journal.verify import verify as walk
from portcheck.services.context import Context
from portcheck.store.connection import NOT_WRITABLE, snapshot
from portcheck.store.difference import Difference, shortened
from portcheck.store.engine import reading
from portcheck.store.holding import held
from portcheck.store.projections import anything_kept
from portcheck.store.tables import JournalEvent, Payload

_MOST_OF_A_TABLE = 5
"""So many differences of one table are named."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found: how many events, the newest fingerprints, the first fault,
    and what is wrong against a fingerprint held elsewhere.

    `emptied`: there is no event, and there are records.  `held` says that what stands
    beside the journal was held against it: then `differing` counts what is not as the
    journal says, of which `differences` are the first of each table.  `recorded`: that
    all was whole is an event of the journal now.
    """

    events: int
    fingerprints: tuple[str, ...]
    fault: Fault | None
    against: str
    mismatch: str
    emptied: bool = False
    held: bool = False
    differences: tuple[Difference, ...] = ()
    differing: int = 0
    recorded: bool = False

    @property
    def intact(self) -> bool:
        """Nothing was found."""
        return not (self.fault or self.mismatch or self.emptied or self.differing)


def verify(context: Context, fingerprint: str = "", *, journal_only: bool = False) -> Verification:
    """Walk the journal, hold it against `fingerprint` when one is given, and, unless
    `journal_only`, what stands beside it against the journal; that all of it was whole is
    recorded, where that can be done.

    Raises Refused for a text that is no fingerprint.
    """
    fingerprint = one_line(fingerprint)
    connection = context.connection
    with snapshot(connection):
        found = walk(connection)
        mismatch = check_fingerprint(connection, fingerprint) if fingerprint else ""
        emptied = not found.events and not found.fault and anything_kept(connection)
    told = Verification(
        found.events, found.fingerprints, found.fault, fingerprint, mismatch, emptied
    )
    if journal_only or found.fault or emptied:
        return told
    differences, differing = shortened(held(connection, context.path), _MOST_OF_A_TABLE)
    told = replace(told, held=True, differences=differences, differing=differing)
    if told.intact and told.events:
        told = replace(told, recorded=_record(context, told))
    return told


def _record(context: Context, found: Verification) -> bool:
    """Write down that all was whole; whether that could be done: not on a disk that is full or
    read-only, nor under a clock that nothing is recorded under.
    """
    fact = RecordsHeld(events=found.events, fingerprint=" ".join(found.fingerprints))
    try:
        with context.writing() as writer:
            writer.append(fact)
    except (NOT_WRITABLE, Refused):
        return False
    return True


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of the journal; `hash`, in hex, is what other events name it by."""

    position: int
    device: str
    seq: int
    kind: str
    recorded_at: datetime
    officer: str
    agency: str
    payload: dict[str, Any]
    hash: str


def events(context: Context, last: int = 0, officer: str = "", kind: str = "") -> list[EventView]:
    """The journal's events, oldest first; the last `last` of them where it is not 0."""
    with reading(context.connection) as session:
        query = (
            select(JournalEvent, Payload.text)
            .join(Payload, col(Payload.arrival) == JournalEvent.arrival, isouter=True)
            .order_by(col(JournalEvent.position).desc(), col(JournalEvent.chain).desc())
        )
        if officer:
            query = query.where(JournalEvent.officer == as_name(officer))
        if kind:
            query = query.where(JournalEvent.kind == one_line(kind))
        rows = session.exec(query.limit(last) if last else query).all()
    return [
        EventView(
            row.position,
            row.device,
            row.seq,
            row.kind,
            read_utc(row.recorded_at),
            row.officer,
            row.agency,
            json.loads(text or "{}"),
            row.hash.hex(),
        )
        for row, text in reversed(rows)
    ]
