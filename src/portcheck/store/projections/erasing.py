"""Which texts may be missing: those that an erasing event names."""

import sqlite3

from portcheck.journal import events
from portcheck.journal.append import Recorded


def erased(
    connection: sqlite3.Connection, event: events.PayloadsErased, _recorded: Recorded
) -> None:
    """Every event that is named; the first ground that was given for it stands."""
    connection.executemany(
        "INSERT OR IGNORE INTO erased (chain, seq, ground) VALUES (?, ?, ?)",
        [(bytes.fromhex(one.chain), one.seq, event.ground) for one in event.events],
    )
