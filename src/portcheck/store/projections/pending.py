"""Events that say nothing yet: about what is not here, or in words of a newer portcheck.

They are kept, verified and counted like all others, and are taken once they can be.
"""

import sqlite3
from collections.abc import Iterable

from portcheck.journal.append import Recorded

NEWER = ""
"""What an event waits for that was written by a newer portcheck: an update."""


def leave(
    connection: sqlite3.Connection, subject: str, left: Iterable[tuple[Recorded, str]]
) -> None:
    """Note the events about `subject` that could not be taken, instead of those noted before,
    each with the check or operation that it waits for, or NEWER.
    """
    connection.execute("DELETE FROM pending WHERE subject = ?", (subject,))
    connection.executemany(
        "INSERT INTO pending (chain, seq, subject, waits_for) VALUES (?, ?, ?, ?)",
        [(one.chain, one.seq, subject, waits_for) for one, waits_for in left],
    )


def note(connection: sqlite3.Connection, recorded: Recorded) -> None:
    """Note an event about nothing else that waits for a newer portcheck."""
    connection.execute(
        "INSERT OR IGNORE INTO pending (chain, seq, subject, waits_for) VALUES (?, ?, '', ?)",
        (recorded.chain, recorded.seq, NEWER),
    )


def waiting(connection: sqlite3.Connection, wanted: str) -> list[str]:
    """The subjects of which events wait for `wanted`."""
    rows = connection.execute(
        "SELECT DISTINCT subject FROM pending WHERE waits_for = ? ORDER BY subject", (wanted,)
    )
    return [subject for (subject,) in rows]


def is_pending(connection: sqlite3.Connection, recorded: Recorded) -> bool:
    """Whether an event waits."""
    query = "SELECT 1 FROM pending WHERE chain = ? AND seq = ?"
    return connection.execute(query, (recorded.chain, recorded.seq)).fetchone() is not None
