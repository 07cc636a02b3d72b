"""Is this machine fit, and is the database whole?"""

import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portcheck.domain.listing import ListedRow
from portcheck.errors import JournalBroken
from portcheck.journal.append import utc_text
from portcheck.journal.verify import verify
from portcheck.services.context import Context
from portcheck.services.settings import zone
from portcheck.services.staging import marks_of
from portcheck.store import entries, projections
from portcheck.store.connection import snapshot, transaction
from portcheck.store.revisions import HEAD
from portcheck.store.schema import schema_faults

_LEAST_ROOM = 100 * 1024 * 1024
_MOST_FAULTS = 5
_GUARD = "journal_refuses_"
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, and what was seen."""

    what: str
    good: bool
    seen: str


def examine_machine() -> Iterator[Finding]:
    """What needs no database."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version)
    yield Finding("SQLite", sqlite3.sqlite_version_info >= _OLDEST_SQLITE, sqlite3.sqlite_version)
    yield Finding("time zones", bool(zone("Europe/London")), "Europe/London is known")
    encoding = (sys.stdout.encoding or "").lower()
    yield Finding("text encoding", encoding.startswith("utf"), encoding or "none")


def examine_database(context: Context) -> Iterator[Finding]:
    """Everything about the database, from its file to its projections."""
    connection = context.connection
    yield _private(context.path)
    room = shutil.disk_usage(context.path.absolute().parent).free
    yield Finding("disk", room >= _LEAST_ROOM, f"{room // 1024**2:,} MB free")
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    yield Finding("durability", True, f"journal_mode {mode}, synchronous {level}")
    faults = [fault for fault in schema_faults(connection) if _GUARD not in fault]
    yield Finding("schema", not faults, "; ".join(faults[:_MOST_FAULTS]) or HEAD)
    if any(fault.startswith("table") for fault in faults):
        yield Finding("records", False, "not looked at: without its tables nothing can be said")
        return
    with snapshot(connection):
        faults = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        yield Finding("database file", faults == ["ok"], "; ".join(faults))
        loose = connection.execute("PRAGMA foreign_key_check").fetchall()
        yield Finding("references", not loose, f"{len(loose)} broken" if loose else "whole")
        yield _triggers(connection)
        journal = _journal(connection)
        yield journal
        yield _clock(context)
        yield from _lists(connection)
    if journal.good:
        yield _projections(connection)
    else:
        yield Finding("projections", False, "cannot be held against an altered journal")


def rebuild(context: Context) -> tuple[int, bool]:
    """Make the projections anew from the journal: how many events, and whether anything changed.

    Raises JournalBroken; then the tables are as they were.
    """
    with transaction(context.connection):
        journal = _journal(context.connection)
        if not journal.good:
            raise JournalBroken(
                f"the journal was altered ({journal.seen}): nothing was rebuilt",
                hint="“portcheck audit verify” says more. Restore a copy of the database.",
            )
        before = projections.dump(context.connection)
        events = projections.rebuild(context.connection)
        return events, projections.dump(context.connection) != before


def _private(path: Path) -> Finding:
    if sys.platform == "win32":
        return Finding("privacy", True, "kept in the user's own folder")
    mode = stat.S_IMODE(path.stat().st_mode)
    return Finding("privacy", not mode & 0o077, f"file mode {mode:04o}")


def _triggers(connection: sqlite3.Connection) -> Finding:
    names = {
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'journal'"
            " AND sql LIKE '%RAISE(ABORT%'"
        )
    }
    missing = {f"{_GUARD}{verb}" for verb in ("update", "delete", "replace")} - names
    return Finding(
        "append-only",
        not missing,
        f"missing {', '.join(sorted(missing))}" if missing else "guarded",
    )


def _journal(connection: sqlite3.Connection) -> Finding:
    found = verify(connection)
    if found.fault:
        fault = found.fault
        return Finding("journal", False, f"event {fault.position} ({fault.kind}): {fault.what}")
    return Finding("journal", True, f"{found.events:,} events intact")


def _clock(context: Context) -> Finding:
    """Whether this computer's clock is behind what was recorded last."""
    (newest,) = context.connection.execute("SELECT MAX(recorded_at) FROM journal").fetchone()
    now = utc_text(context.now())
    behind = newest is not None and newest > now
    return Finding("clock", not behind, f"behind the newest event, {newest}" if behind else now)


def _lists(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Whether the entries in force are the ones that were imported."""
    rows = connection.execute(
        "SELECT l.name, j.payload ->> 'entries_sha256' FROM action_list AS l JOIN journal AS j"
        " ON j.kind = 'list_imported' AND j.payload ->> 'list_name' = l.name"
        " AND j.payload ->> 'version' = l.version ORDER BY l.name"
    ).fetchall()
    for name, recorded in rows:
        altered = len({*entries.altered_entries(connection, name), *_wrong_marks(connection, name)})
        same = entries.entries_hash(connection, name) == recorded
        seen = "as imported" if same and not altered else f"{altered or 'some'} entries altered"
        yield Finding(f"list {name}", same and not altered, seen)


def _wrong_marks(connection: sqlite3.Connection, name: str) -> Iterator[int]:
    """The entries of a list that are not found under just their own registrations."""
    marks: dict[int, set[tuple[str, str, str]]] = {}
    for entry_id, *mark in connection.execute(
        "SELECT m.entry_id, m.skeleton, m.key, m.unit FROM entry_mark AS m JOIN entry AS e"
        " ON e.entry_id = m.entry_id WHERE e.list_name = ?",
        (name,),
    ):
        marks.setdefault(entry_id, set()).add(tuple(mark))
    for entry_id, registration, unit, trailer, container in connection.execute(
        "SELECT entry_id, registration, unit, trailer_registration, container FROM entry"
        " WHERE list_name = ? AND removed_version IS NULL",
        (name,),
    ):
        row = ListedRow(
            registration=registration, unit=unit, trailer_registration=trailer, container=container
        )
        if marks.pop(entry_id, set()) != set(marks_of(row)):
            yield entry_id
    yield from marks


def _projections(connection: sqlite3.Connection) -> Finding:
    """Rebuild in a transaction that is taken back, and compare."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = projections.dump(connection)
        projections.rebuild(connection)
        same = projections.dump(connection) == before
    finally:
        connection.execute("ROLLBACK")
    return Finding("projections", same, "as the journal says" if same else "differ: use --rebuild")
