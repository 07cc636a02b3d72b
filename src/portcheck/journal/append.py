"""Appending to the journal: the only way anything is ever written down.

Plain DB-API, so that a look-up can be noted without loading an ORM.  The caller
has begun an immediate transaction on `connection` and commits it.

A journal is a union of chains, each written by one device.  A chain is known by the
hash of its first event; the device's label is for people.  What an event says of
itself (`position`, the label, its number) is hashed; `arrival`, the chain's name and
the subject are this file's own words for what the hashes and the text already say.
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portcheck.domain.times import believable, utc_text
from portcheck.journal.chain import (
    GENESIS,
    SALT_BYTES,
    Header,
    Sealed,
    canonical,
    link,
    payload_digest,
    short_fingerprint,
)

CHAINS = "SELECT chain FROM own_chain UNION SELECT chain FROM heard"
"""The chains that the journal holds, without looking through it."""
_HEADS = (
    "SELECT j.device, j.seq, j.hash, j.chain"
    f" FROM ({CHAINS}) AS c"
    " JOIN journal AS j ON j.chain = c.chain"
    " AND j.seq = (SELECT MAX(seq) FROM journal WHERE chain = c.chain)"
    " ORDER BY j.device, j.chain"
)
_SUBJECTS = ("check_id", "operation_id", "list_name")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, for which agency, on which device: its label (as "L2"), and the
    installation that writes there ("" where it has no key of its own).

    `asked` is the label that the settings give where it is another one in this file.
    """

    officer: str
    agency: str
    device: str
    installation: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where and when an event was written: its place in the order of all events
    (`position`, then `chain`), its number in its chain, and its hash.
    """

    position: int
    chain: bytes
    seq: int
    hash: bytes
    recorded_at: str
    actor: Actor

    @property
    def name(self) -> str:
        """What other events name it by: its hash in hex."""
        return self.hash.hex()


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event of a chain: its device's label, its number and its hash."""

    device: str
    seq: int
    hash: bytes
    chain: bytes

    @property
    def fingerprint(self) -> str:
        """As it is printed, read out and typed back."""
        return short_fingerprint(self.device, self.seq, self.hash)


def subject_of(payload: Mapping[str, Any]) -> str:
    """What an event is about: a check, else an operation, else a list; "" for none of them."""
    return next((str(payload[name]) for name in _SUBJECTS if payload.get(name)), "")


def subject_of_text(text: str | None) -> str:
    """The same of an event's text; "" where it is none that says so, or is not held."""
    try:
        payload = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return ""
    return subject_of(payload) if isinstance(payload, dict) else ""


def append(
    connection: sqlite3.Connection,
    kind: str,
    payload: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> Recorded:
    """Chain one event to the newest of the actor's device.

    The time is what the clock said.  The order of events is that of their positions:
    each is one more than the greatest that the file holds, so that no event stands
    before one that was known when it was written (a Lamport counter).
    Raises Refused where the clock says a time before 1970.
    """
    recorded_at = utc_text(believable(now))
    (newest,) = connection.execute("SELECT COALESCE(MAX(position), 0) FROM journal").fetchone()
    chain, seq, previous = own_head(connection, actor) or (b"", 0, GENESIS)
    header = Header(
        newest + 1, actor.device, seq + 1, kind, recorded_at, actor.officer, actor.agency
    )
    text = canonical(payload)
    salt = os.urandom(SALT_BYTES)
    digest = payload_digest(salt, text)
    own_hash = link(previous, header, digest)
    event = Sealed(chain or own_hash, header, digest, previous, own_hash, salt, text)
    keep(connection, event, subject_of(payload))
    if not chain:
        own(connection, own_hash, actor)
    return Recorded(header.position, chain or own_hash, header.seq, own_hash, recorded_at, actor)


def keep(connection: sqlite3.Connection, event: Sealed, subject: str) -> None:
    """Put an event into the journal behind all others, and its text beside it."""
    head = event.header
    cursor = connection.execute(
        "INSERT INTO journal (chain, seq, position, device, kind, recorded_at, officer, agency,"
        " digest, previous, hash, subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            event.chain,
            head.seq,
            head.position,
            head.device,
            head.kind,
            head.recorded_at,
            head.officer,
            head.agency,
            event.digest,
            event.previous,
            event.hash,
            subject,
        ),
    )
    if event.text is not None:
        _keep_text(connection, cursor.lastrowid, event)


def keep_late(connection: sqlite3.Connection, arrival: int, event: Sealed) -> None:
    """Put the text of an event beside it that was held without, and say what it is about."""
    _keep_text(connection, arrival, event)
    connection.execute(
        "UPDATE journal SET subject = ?1 WHERE arrival = ?2 AND subject = '' AND ?1 > ''",
        (subject_of_text(event.text), arrival),
    )


def _keep_text(connection: sqlite3.Connection, arrival: int | None, event: Sealed) -> None:
    connection.execute("INSERT INTO payload VALUES (?, ?, ?)", (arrival, event.salt, event.text))


def latest(connection: sqlite3.Connection) -> tuple[str, int, str] | None:
    """(device, number, UTC text) of the event written here with the latest time, which need not
    be the newest; the clocks of other devices say nothing of this one.
    """
    found: tuple[str, int, str] | None = connection.execute(
        "SELECT device, seq, recorded_at FROM journal WHERE chain IN (SELECT chain FROM own_chain)"
        " ORDER BY recorded_at DESC LIMIT 1"
    ).fetchone()
    return found


def own_head(connection: sqlite3.Connection, actor: Actor) -> tuple[bytes, int, bytes] | None:
    """(chain, number, hash) of the newest event that the actor's installation wrote under its
    label; None where it has not written yet.
    """
    found: tuple[bytes, int, bytes] | None = connection.execute(
        "SELECT chain, seq, hash FROM journal WHERE chain ="
        " (SELECT chain FROM own_chain WHERE installation = ? AND label = ?"
        " ORDER BY number DESC LIMIT 1) ORDER BY seq DESC LIMIT 1",
        (actor.installation, actor.device),
    ).fetchone()
    return found


def head_of_chain(connection: sqlite3.Connection, chain: bytes, seq: int) -> bytes:
    """The hash of an event that is held."""
    query = "SELECT hash FROM journal WHERE chain = ? AND seq = ?"
    (found,) = connection.execute(query, (chain, seq)).fetchone()
    return bytes(found)


def own(connection: sqlite3.Connection, chain: bytes, actor: Actor) -> None:
    """Note that a chain is written by the actor's installation in this very file."""
    connection.execute(
        "INSERT INTO own_chain (chain, installation, label, asked, place) VALUES (?, ?, ?, ?, ?)",
        (chain, actor.installation, actor.device, actor.asked, place_of(connection)),
    )


def is_own(connection: sqlite3.Connection, chain: bytes) -> bool:
    """Whether the chain is written in this very file."""
    query = "SELECT 1 FROM own_chain WHERE chain = ?"
    return connection.execute(query, (chain,)).fetchone() is not None


def place_of(connection: sqlite3.Connection) -> str:
    """Which file this is, as the system knows it: it changes when the file is copied."""
    (path,) = connection.execute(
        "SELECT file FROM pragma_database_list WHERE name = 'main'"
    ).fetchone()
    try:
        found = os.stat(path)  # noqa: PTH116 - on the path of every first write
    except OSError:  # a database in memory is no file
        return ""
    return f"{found.st_dev}:{found.st_ino}:{path}"


def heads(connection: sqlite3.Connection) -> list[Head]:
    """The newest event of every chain, by label and then by chain."""
    return [Head(*row) for row in connection.execute(_HEADS)]
