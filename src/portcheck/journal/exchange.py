"""Events as they travel between devices: verbatim, each chain in its own order.

An event that comes from elsewhere is taken as it was written or not at all: its text must
be the one that was hashed, and it must follow the newest event that is held of its chain.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from portcheck.domain.times import utc_text
from portcheck.journal.append import CHAINS, keep, keep_late, subject_of_text
from portcheck.journal.chain import GENESIS, Header, Sealed, link, payload_digest

_MOST_AHEAD = 2**32
"""How far one event may lie ahead of all that is known: whoever wrote it would have had to know
of so many others.  Without a bound the next place could be beyond what can be counted.
"""

_CHANGED = "its text was changed"


class Refusal(NamedTuple):
    """An event that was not taken, by its chain, label and number, its hash, and why."""

    chain: bytes
    label: str
    seq: int
    why: str
    hash: bytes = b""


@dataclass(slots=True)
class Received:
    """What came of events of other devices: how many were new and how many of these were of a
    kind that is not `quiet`, of which chains, those that were refused, the chains of which
    events are missing before those that came, and the arrivals of events whose texts came late.
    """

    events: int = 0
    told: int = 0
    chains: set[bytes] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)
    missing: set[bytes] = field(default_factory=set)
    late: list[int] = field(default_factory=list)


QUIET = frozenset({"journals_received", "journals_sent", "record_consulted", "data_disclosed"})
"""The kinds of events that are no news to another device."""


class _Newest(NamedTuple):
    seq: int
    position: int
    hash: bytes


def held(connection: sqlite3.Connection) -> dict[bytes, int]:
    """The number of the newest event that is held of each chain."""
    return dict(
        connection.execute(
            f"SELECT c.chain, (SELECT MAX(seq) FROM journal WHERE chain = c.chain)"
            f" FROM ({CHAINS}) AS c"
        )
    )


def sealed(connection: sqlite3.Connection, have: Mapping[bytes, int]) -> Iterator[Sealed]:
    """The events that somebody who has these does not have yet, chain by chain."""
    for chain in sorted(held(connection)):
        for row in connection.execute(
            "SELECT j.position, j.device, j.seq, j.kind, j.recorded_at, j.officer, j.agency,"
            " j.digest, j.previous, j.hash, p.salt, p.text FROM journal AS j"
            " LEFT JOIN payload AS p ON p.arrival = j.arrival"
            " WHERE j.chain = ? AND j.seq > ? ORDER BY j.seq",
            (chain, have.get(chain, 0)),
        ):
            yield Sealed(chain, Header(*row[:7]), *row[7:])


def receive(
    connection: sqlite3.Connection, events: Iterable[Sealed], *, source: str, now: datetime
) -> Received:
    """Put events of other devices into the journal; `store.projections.take` reads them.

    The caller has begun a transaction.  Of a chain of which one event is refused, none after
    it is taken; the others go on.
    """
    received = Received()
    (highest,) = connection.execute("SELECT COALESCE(MAX(position), 0) FROM journal").fetchone()
    newest: dict[bytes, _Newest] = {}
    stopped: set[bytes] = set()
    for one in events:
        if one.chain in stopped:
            continue
        before = newest.get(one.chain) or _newest(connection, one.chain)
        if one.header.seq > before.seq + 1:
            received.missing.add(one.chain)
            stopped.add(one.chain)
            continue
        held_already = one.header.seq <= before.seq
        why = _fork(connection, one) if held_already else _fault(one, before, highest)
        if why:
            label = one.header.device
            received.refused.append(Refusal(one.chain, label, one.header.seq, why, one.hash))
            stopped.add(one.chain)
        elif held_already:
            _take_late(connection, one, received)
        else:
            keep(connection, one, subject_of_text(one.text))
            newest[one.chain] = _Newest(one.header.seq, one.header.position, one.hash)
            highest = max(highest, one.header.position)
            received.events += 1
            received.told += one.header.kind not in QUIET
            received.chains.add(one.chain)
    hear(connection, received.chains, source, now)
    keep_refused(connection, received.refused, source, now)
    return received


def _take_late(connection: sqlite3.Connection, one: Sealed, received: Received) -> None:
    """The text of an event that was withheld before, unless it was erased since."""
    if one.text is None or one.salt is None:
        return
    row = connection.execute(
        "SELECT j.arrival, j.digest FROM journal AS j LEFT JOIN payload AS p"
        " ON p.arrival = j.arrival LEFT JOIN erased AS e ON e.chain = j.chain AND e.seq = j.seq"
        " WHERE j.chain = ? AND j.seq = ? AND p.arrival IS NULL AND e.seq IS NULL",
        (one.chain, one.header.seq),
    ).fetchone()
    if row and payload_digest(one.salt, one.text) == row[1]:
        keep_late(connection, row[0], one)
        received.late.append(row[0])


def keep_refused(
    connection: sqlite3.Connection, refused: Iterable[Refusal], source: str, now: datetime
) -> None:
    """Keep what came and was not taken, once, as evidence."""
    connection.executemany(
        "INSERT OR IGNORE INTO refused_event (chain, seq, hash, label, why, source, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (one.chain, one.seq, one.hash.hex(), one.label, one.why, source, utc_text(now))
            for one in refused
        ],
    )


def _newest(connection: sqlite3.Connection, chain: bytes) -> _Newest:
    row = connection.execute(
        "SELECT seq, position, hash FROM journal WHERE chain = ? ORDER BY seq DESC LIMIT 1",
        (chain,),
    ).fetchone()
    return _Newest(*row) if row else _Newest(0, 0, GENESIS)


def _fork(connection: sqlite3.Connection, one: Sealed) -> str:
    """What is wrong with an event of a number that is held, "" where it is the same one."""
    (own,) = connection.execute(
        "SELECT hash FROM journal WHERE chain = ? AND seq = ?", (one.chain, one.header.seq)
    ).fetchone()
    if own == one.hash:
        return ""
    return (
        "its chain was continued twice: "
        f"{own.hex()[:16]} is held, {one.hash.hex()[:16]} came as the same number"
    )


def _fault(one: Sealed, before: _Newest, highest: int) -> str:
    """What is wrong with the event that comes after the newest one held, "" where nothing is;
    `highest` is the highest place in the order that is known here.
    """
    if one.previous != before.hash or one.header.position <= before.position:
        return "it does not follow the event before it"
    if one.header.position > highest + _MOST_AHEAD:
        return "its place in the order is farther on than any number of events could bring it"
    if link(one.previous, one.header, one.digest) != one.hash:
        return "its header or hash was changed"
    if one.header.seq == 1 and one.chain != one.hash:
        return "its chain is not named by its first event"
    if one.text is None or one.salt is None:
        return "" if (one.text, one.salt) == (None, None) else _CHANGED
    return "" if payload_digest(one.salt, one.text) == one.digest else _CHANGED


def hear(
    connection: sqlite3.Connection, chains: Iterable[bytes], source: str, now: datetime
) -> None:
    """Note that chains of other devices were heard from."""
    connection.executemany(
        "INSERT INTO heard (chain, heard_at, source) SELECT ?1, ?2, ?3 WHERE NOT EXISTS"
        " (SELECT 1 FROM own_chain WHERE chain = ?1) ON CONFLICT (chain) DO UPDATE"
        " SET heard_at = excluded.heard_at, source = excluded.source",
        [(chain, utc_text(now), source) for chain in chains],
    )
