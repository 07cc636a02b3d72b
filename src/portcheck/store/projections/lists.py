"""Action lists and their versions; the entries themselves are bulk data beside the journal."""

import sqlite3

from portcheck.domain.times import utc_text
from portcheck.journal import events
from portcheck.journal.append import Recorded, is_own
from portcheck.journal.chain import canonical
from portcheck.store.projections.rows import insert_once

_COUNTS = (
    "rows",
    "accepted",
    "duplicates",
    "rejected",
    "warnings",
    "added",
    "changed",
    "removed",
    "unchanged",
    "kept",
)


def imported(
    connection: sqlite3.Connection, event: events.ListImported, recorded: Recorded
) -> None:
    """The list's newest version, with its accounting, where its entries are held: a version
    that another device imported has the number here under which its entries were stored.
    """
    version = _number_here(connection, event.version, recorded)
    if version is None:
        return
    connection.execute(
        "INSERT INTO action_list (name, version, max_age_days, column_map, sheet, join_wanted,"
        " status_words) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET version = excluded.version,"
        " max_age_days = excluded.max_age_days, column_map = excluded.column_map,"
        " sheet = excluded.sheet, join_wanted = excluded.join_wanted,"
        " status_words = excluded.status_words"
        " WHERE excluded.version >= version",
        (
            event.list_name,
            version,
            event.max_age_days,
            canonical(event.column_map),
            event.sheet_wanted,
            event.join_wanted,
            canonical(event.status_words),
        ),
    )
    counts = {name: getattr(event, name) for name in _COUNTS}
    counts["lines"] = event.accepted if event.lines is None else event.lines
    insert_once(
        connection,
        "list_version",
        {
            "list_name": event.list_name,
            "version": version,
            "imported_at": recorded.recorded_at,
            "as_of": utc_text(event.as_of),
            "officer": recorded.actor.officer,
            "file_name": event.file_name,
            "sha256": event.sha256,
            "entries_sha256": event.entries_sha256,
            "sheet": event.sheet,
            **counts,
            "odds": canonical(event.odds),
            "retired": "",
        },
    )


def retired(connection: sqlite3.Connection, event: events.ListRetired, recorded: Recorded) -> None:
    """The version that took the list out of force, where it did so here."""
    version = _number_here(connection, event.version, recorded)
    if version is None:
        return
    connection.execute(
        "UPDATE action_list SET version = ?1 WHERE name = ?2 AND version <= ?1",
        (version, event.list_name),
    )
    insert_once(
        connection,
        "list_version",
        {
            "list_name": event.list_name,
            "version": version,
            "imported_at": recorded.recorded_at,
            "as_of": recorded.recorded_at,
            "officer": recorded.actor.officer,
            "file_name": "",
            "sha256": "",
            "entries_sha256": event.entries_sha256,
            "sheet": "",
            **dict.fromkeys((*_COUNTS, "lines"), 0),
            "removed": event.removed,
            "odds": "{}",
            "retired": event.reason,
        },
    )


def _number_here(connection: sqlite3.Connection, own: int, recorded: Recorded) -> int | None:
    """The version's number in this file: its `own`, or that under which the version of another
    device was stored; None where it is not held.
    """
    if is_own(connection, recorded.chain):
        return own
    row = connection.execute(
        "SELECT version FROM list_held WHERE chain = ? AND seq = ?",
        (recorded.chain, recorded.seq),
    ).fetchone()
    return int(row[0]) if row else None
