"""Appending to the journal: the only way anything is ever written down.

Plain DB-API, so that a look-up can be noted without loading an ORM.  The caller
has begun an immediate transaction on `connection` and commits it.
"""

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from portcheck.errors import Refused
from portcheck.journal.chain import GENESIS, SALT_BYTES, Header, canonical, link, payload_digest

SET_EVERY_DAY = timedelta(seconds=10)
"""Clocks are set by less than this again and again, and nobody is told."""

_NO_TIME_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, for which agency, on which device (a short label, as "L2")."""

    officer: str
    agency: str
    device: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where and when an event was written; `name` is its hash in hex, which names it."""

    position: int
    seq: int
    recorded_at: str
    actor: Actor
    name: str


def utc_text(when: datetime) -> str:
    """An aware time as UTC text that sorts: 2021-06-17T08:05:00.000000Z.

    Raises ValueError for a naive time.
    """
    if when.tzinfo is None:
        raise ValueError("a time without a zone")
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_utc(text: str) -> datetime:
    """The time behind `utc_text`, also where only its beginning is given."""
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def believable(now: datetime) -> datetime:
    """The time that the clock says.  Raises Refused where nothing can be recorded under it."""
    if now.tzinfo and now < _NO_TIME_BEFORE:
        raise Refused(
            f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC: nothing was recorded",
            hint="Set the clock of this machine, and try again.",
        )
    return now


def append(
    connection: sqlite3.Connection,
    kind: str,
    payload: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> Recorded:
    """Chain one event to the newest of the actor's device.

    The time is what the clock said; the order of events is that of their positions.
    Raises Refused where the clock says a time before 1970.
    """
    recorded_at = utc_text(believable(now))
    (newest,) = connection.execute("SELECT COALESCE(MAX(position), 0) FROM journal").fetchone()
    seq, previous = connection.execute(
        "SELECT seq, hash FROM journal WHERE device = ? ORDER BY seq DESC LIMIT 1", (actor.device,)
    ).fetchone() or (0, GENESIS)
    header = Header(
        newest + 1, actor.device, seq + 1, kind, recorded_at, actor.officer, actor.agency
    )
    text = canonical(payload)
    salt = os.urandom(SALT_BYTES)
    digest = payload_digest(salt, text)
    hashed = link(previous, header, digest)
    connection.execute(
        "INSERT INTO journal (position, device, seq, kind, recorded_at, officer, agency, payload,"
        " salt, digest, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            header.position,
            header.device,
            header.seq,
            kind,
            recorded_at,
            actor.officer,
            actor.agency,
            text,
            salt,
            digest,
            previous,
            hashed,
        ),
    )
    return Recorded(header.position, header.seq, recorded_at, actor, hashed.hex())


def latest(connection: sqlite3.Connection) -> tuple[str, int, str] | None:
    """(device, number, UTC text) of the event with the latest time, which need not be the
    newest.
    """
    found: tuple[str, int, str] | None = connection.execute(
        "SELECT device, seq, recorded_at FROM journal ORDER BY recorded_at DESC LIMIT 1"
    ).fetchone()
    return found


def heads(connection: sqlite3.Connection) -> list[tuple[str, int, bytes]]:
    """(device, number of its newest event, its hash) for every device, by device."""
    return connection.execute(
        "SELECT j.device, j.seq, j.hash FROM"
        " (SELECT device, MAX(seq) AS seq FROM journal GROUP BY device) AS newest"
        " JOIN journal AS j ON j.device = newest.device AND j.seq = newest.seq ORDER BY j.device"
    ).fetchall()
