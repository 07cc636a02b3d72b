"""Whether there is news at an exchange, asked for cheaply, and hints that there may be.

A hint is never relied on: it can be lost, and some engines give none.
"""

from collections.abc import Sequence
from contextlib import suppress

import psycopg

from portcheck.targets.server.connection import Connection

_CHANNEL = "portcheck"
_COUNT = (
    "SELECT (SELECT COUNT(*) FROM portcheck.piece WHERE operation = ANY(%(operations)s)"
    " AND chain <> %(own)s) + (SELECT COUNT(*) FROM portcheck.content"
    " WHERE operation = ANY(%(operations)s))"
)


def number_there(connection: Connection, operations: Sequence[str], own: bytes) -> int:
    """How much there is of operations, but for pieces of the chain `own`: it grows with news."""
    row = connection.execute(_COUNT, {"operations": list(operations), "own": own}).fetchone()
    return int(row[0]) if row else 0


def hint(connection: Connection) -> None:
    """Tell whoever waits that there may be news."""
    with suppress(psycopg.Error):
        connection.execute("SELECT pg_notify(%s, '')", (_CHANNEL,))


def wait_for_hint(connection: Connection, seconds: float) -> None:
    """Wait for a hint, for so long at most."""
    with suppress(psycopg.NotSupportedError):
        connection.execute(f"LISTEN {_CHANNEL}")
    for _ in connection.notifies(timeout=seconds, stop_after=1):
        return
