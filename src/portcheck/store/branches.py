"""A chain that was continued twice: taking this file's branch of it out, to be recorded anew.

It is done in a copy of the file, which takes the file's place when it is whole.
"""

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from portcheck.domain.times import read_utc
from portcheck.journal.chain import Header
from portcheck.store.connection import transaction
from portcheck.store.schema import open_store


class Branch(NamedTuple):
    """An event that only this file's branch of a chain has, as it was recorded."""

    header: Header
    hash: bytes
    text: str | None

    @property
    def recorded_at(self) -> datetime:
        """When it was recorded."""
        return read_utc(self.header.recorded_at)


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


def in_a_copy(path: Path, change: Callable[[sqlite3.Connection], None]) -> None:
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


def take_out(connection: sqlite3.Connection, chain: bytes, first: int) -> list[Branch]:
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
