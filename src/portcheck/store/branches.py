"""A chain that was continued twice: taking this file's branch of it out, to be recorded anew.

It is done in a copy of the file, which takes the file's place when it is whole.
"""

import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from portcheck.domain.times import read_utc
from portcheck.journal.append import Actor, append, head_of_chain
from portcheck.journal.chain import Header
from portcheck.journal.events import ChainContinued, Event, payload_of
from portcheck.journal.parts import EventName
from portcheck.store.connection import transaction
from portcheck.store.projections import rebuild
from portcheck.store.schema import open_store


class Branch(NamedTuple):
    """An event that only this file's branch of a chain has, as it was recorded."""

    header: Header
    hash: bytes
    text: str | None


def forked_at(connection: sqlite3.Connection, chain: bytes) -> int | None:
    """The first number under which this file has another event of a chain than came; None where
    nothing of the kind came.
    """
    (first,) = connection.execute(
        "SELECT MIN(r.seq) FROM refused_event AS r JOIN journal AS j ON j.chain = r.chain"
        " AND j.seq = r.seq AND lower(hex(j.hash)) <> r.hash WHERE r.chain = ? AND r.hash > ''",
        (chain,),
    ).fetchone()
    return int(first) if first else None


def record_anew(
    path: Path,
    branch: tuple[bytes, int],
    actor: Actor,
    joined: Sequence[Event],
    now: datetime,
) -> int:
    """Record this file's events of a chain from a number on anew, in order, as a chain of
    `actor`, behind the events by which that has `joined`; how many there were.

    Raises OSError; then the file is as it was.
    """
    chain, first = branch
    taken: list[Branch] = []

    def change(connection: sqlite3.Connection) -> None:
        taken.extend(_take_out(connection, chain, first))
        continued = ChainContinued(
            continued=EventName(
                chain=chain.hex(),
                seq=first - 1,
                hash=head_of_chain(connection, chain, first - 1).hex(),
            ),
            label=taken[0].header.device,
            instead=tuple(one.hash.hex() for one in taken),
        )
        for event in (continued, *joined):
            append(connection, event.kind, payload_of(event), actor, now)
        _append_anew(connection, actor, taken)
        rebuild(connection)

    _in_a_copy(path, change)
    return len(taken)


def _append_anew(connection: sqlite3.Connection, actor: Actor, branch: list[Branch]) -> None:
    """Each event once more, as it was; what names an event of the branch names the new one."""
    names: dict[str, str] = {}
    for one in branch:
        if one.text is None:
            continue
        head = one.header
        by = replace(actor, officer=head.officer, agency=head.agency)
        payload: dict[str, Any] = json.loads(one.text)
        if payload.get("over"):
            payload["over"] = [names.get(name, name) for name in payload["over"]]
        recorded = append(connection, head.kind, payload, by, read_utc(head.recorded_at))
        names[one.hash.hex()] = recorded.name


def _in_a_copy(path: Path, change: Callable[[sqlite3.Connection], None]) -> None:
    """Change a copy of the database, and put it in the place of the file when that is done.

    Raises what `change` raises, and OSError; then the file is as it was.
    """
    copy = path.with_name(f".portcheck-{secrets.token_hex(8)}.db")
    try:
        with closing(open_store(path)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        copy.chmod(0o600)
        with closing(open_store(copy)) as made, transaction(made):
            change(made)
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        copy.replace(path)
    finally:
        copy.unlink(missing_ok=True)


def _take_out(connection: sqlite3.Connection, chain: bytes, first: int) -> list[Branch]:
    """Take this file's events of a chain from a number on out of the journal, in order; the
    chain is another device's from now on.  The caller has begun a transaction, and makes the
    projections anew.
    """
    rows = connection.execute(
        "SELECT j.position, j.device, j.seq, j.kind, j.recorded_at, j.officer, j.agency, j.hash,"
        " p.text, j.arrival FROM journal AS j LEFT JOIN payload AS p ON p.arrival = j.arrival"
        " WHERE j.chain = ? AND j.seq >= ? ORDER BY j.seq",
        (chain, first),
    ).fetchall()
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    guards = dict(found.fetchall())
    for name in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for *_, arrival in rows:
        connection.execute("DELETE FROM payload WHERE arrival = ?", (arrival,))
        connection.execute("DELETE FROM journal WHERE arrival = ?", (arrival,))
    for statement in guards.values():
        connection.execute(statement)
    connection.execute(
        "INSERT INTO heard (chain, heard_at, source) SELECT chain, '', '' FROM own_chain"
        " WHERE chain = ? ON CONFLICT (chain) DO NOTHING",
        (chain,),
    )
    connection.execute("DELETE FROM own_chain WHERE chain = ?", (chain,))
    connection.execute("DELETE FROM refused_event WHERE chain = ?", (chain,))
    connection.execute("DELETE FROM signed_head WHERE chain = ? AND seq >= ?", (chain, first))
    return [Branch(Header(*row[:7]), row[7], row[8]) for row in rows]
