"""Holding the journal against itself, and reading who did what."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from portcheck.domain.text import one_line
from portcheck.journal.append import read_utc
from portcheck.journal.verify import Fault, check_fingerprint
from portcheck.journal.verify import verify as walk
from portcheck.services.context import Context
from portcheck.store.connection import snapshot
from portcheck.store.engine import reading
from portcheck.store.tables import JournalEvent


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found: how many events, the newest fingerprints, the first fault,
    and what is wrong against a fingerprint held elsewhere.
    """

    events: int
    fingerprints: tuple[str, ...]
    fault: Fault | None
    against: str
    mismatch: str

    @property
    def intact(self) -> bool:
        """Nothing was found."""
        return self.fault is None and not self.mismatch


def verify(context: Context, fingerprint: str = "") -> Verification:
    """Walk the journal, and hold it against `fingerprint` when one is given.

    Raises Refused for a text that is no fingerprint.
    """
    fingerprint = one_line(fingerprint)
    with snapshot(context.connection):
        found = walk(context.connection)
        mismatch = check_fingerprint(context.connection, fingerprint) if fingerprint else ""
    return Verification(found.events, found.fingerprints, found.fault, fingerprint, mismatch)


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of the journal."""

    position: int
    device: str
    seq: int
    kind: str
    recorded_at: datetime
    officer: str
    agency: str
    payload: dict[str, Any]


def events(context: Context, last: int = 0, officer: str = "", kind: str = "") -> list[EventView]:
    """The journal's events, oldest first; the last `last` of them where it is not 0."""
    with reading(context.connection) as session:
        query = select(JournalEvent).order_by(col(JournalEvent.position).desc())
        if officer:
            query = query.where(JournalEvent.officer == one_line(officer))
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
            json.loads(row.payload),
        )
        for row in reversed(rows)
    ]
