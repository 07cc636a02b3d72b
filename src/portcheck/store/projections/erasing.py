"""Which texts may be missing: those that an erasing event names."""

import sqlite3

from portcheck.journal import events
from portcheck.journal.append import Recorded


def erased(
    connection: sqlite3.Connection, event: events.PayloadsErased, recorded: Recorded
) -> None:
    """Every event that is named; the ground of the first event that names it stands."""
    connection.executemany(
        "INSERT INTO erased (chain, seq, ground, position, by) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (chain, seq) DO UPDATE SET ground = excluded.ground,"
        " position = excluded.position, by = excluded.by"
        " WHERE (excluded.position, excluded.by) < (position, by)",
        [
            (bytes.fromhex(one.chain), one.seq, event.ground, recorded.position, recorded.chain)
            for one in event.events
        ],
    )
