"""Whether the file is whole: what can be told at each opening, by a few rows.

A change that was broken off is undone from the file's rollback journal when it is
opened next.  Where that journal is gone (the database was copied without it, or it
was deleted after a crash) SQLite cannot know: some pages are of the new state, some
of the old.  What no single row can tell, `audit verify` does.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from portcheck.domain.registration.key import skeleton_of
from portcheck.errors import DatabaseUnusable, JournalBroken
from portcheck.journal.chain import GENESIS, Header, link, payload_digest
from portcheck.store.connection import any_text, begin_writing, committed, snapshot

_SAMPLED = 8
_LISTS_UNDER_WAY = 1
"""The file's `user_version` from before a list is stored until after it is: such a change
is large, reaches the file before it is complete, and a lost entry would read CLEAR.
"""
_TORN = "it was copied while it was written to, or its rollback journal was deleted after a crash"
_MEND = "Restore a copy, or put the rollback journal beside it again ({name}-journal)."


_TORN_FROM_ITS_TEXT = (
    "(SELECT MAX(arrival) FROM payload) > j.arrival OR p.text IS NULL"
    " AND EXISTS (SELECT 1 FROM own_chain AS o WHERE o.chain = j.chain)"
    " AND NOT EXISTS (SELECT 1 FROM erased AS e WHERE e.chain = j.chain AND e.seq = j.seq)"
)
"""There is a text of a later event, or none of this one, which was written here."""


def hold_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseUnusable for a file of which a part is missing or of another time, and
    JournalBroken for a journal that was emptied.
    """
    with snapshot(connection), any_text(connection):
        if _emptied(connection):
            raise JournalBroken(
                f"{path}: the journal was emptied: it holds no event, and there are records",
                hint="Restore a copy of the database.",
            )
        fault = next(_faults(connection, path), "")
    fault = fault or _lists_broken_off(connection)
    if fault:
        raise DatabaseUnusable(
            f"{path} is not whole: {fault}; {_TORN}", hint=_MEND.format(name=path.name)
        )


def _faults(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    """What shows that the file is not of one piece; the caller holds a transaction."""
    yield from wrong_size(connection, path)
    yield from _newest_event(connection)
    yield from _lists(connection)


def damages(connection: sqlite3.Connection) -> Iterator[str]:
    """Pages that are damaged, and indexes that do not say what their tables say; every page
    is read.  The caller holds a transaction.
    """
    try:
        for (found,) in connection.execute("PRAGMA integrity_check(100)"):
            if found != "ok":
                yield found
    except sqlite3.DatabaseError as error:
        yield str(error)


def loose_references(connection: sqlite3.Connection) -> int:
    """How many rows hang on others that are not there."""
    return len(connection.execute("PRAGMA foreign_key_check").fetchall())


def wrong_size(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    """Whether the file has as many bytes as it says; the caller holds a transaction."""
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    if mode != "delete":
        return  # pages wait in a file of their own
    size = path.stat().st_size
    if size != pages * page:
        yield f"it has {size:,} bytes and says that it has {pages * page:,}"


@contextmanager
def storing_lists(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction that stores a list; a file in which it was broken off says so."""
    while True:
        connection.execute(f"PRAGMA user_version = {_LISTS_UNDER_WAY}")
        begin_writing(connection)
        if _under_way(connection):
            break
        connection.execute("ROLLBACK")  # another program, done with its own, took it back
    try:
        with committed(connection):
            yield connection
    finally:
        connection.execute("PRAGMA user_version = 0")


def _under_way(connection: sqlite3.Connection) -> bool:
    found = connection.execute("PRAGMA user_version").fetchone()
    return bool(found[0] == _LISTS_UNDER_WAY)


def _lists_broken_off(connection: sqlite3.Connection) -> str:
    """What is wrong with the lists, where storing one was broken off."""
    if not _under_way(connection) or _written_to(connection):
        return ""
    from portcheck.store.heldlists import altered_lists  # noqa: PLC0415 - after a crash only

    with any_text(connection):
        found = next(altered_lists(connection), None)
    if found:
        return f"storing a list was broken off ({found.row}: {found.what})"
    with snapshot(connection):
        damage = next(damages(connection), "")
    if damage:
        return f"storing a list was broken off ({damage})"
    with suppress(sqlite3.OperationalError):  # it cannot be written: it is looked at again
        connection.execute("PRAGMA user_version = 0")
    return ""


def _written_to(connection: sqlite3.Connection) -> bool:
    """Whether another program is writing: then it sees to what it began."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return False


def _emptied(connection: sqlite3.Connection) -> bool:
    if connection.execute("SELECT 1 FROM journal LIMIT 1").fetchone():
        return False
    return any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        for table in ("operation", "action_list", "vehicle_check", "entry")
    )


def _newest_event(connection: sqlite3.Connection) -> Iterator[str]:
    """The newest event: is it as it was written, does it follow, and was it projected?"""
    row = connection.execute(_newest_query(connection)).fetchone()
    if row is None:
        return
    header = Header(*row[:7])
    digest, previous, stored, salt, text, torn, last, before = row[7:]
    event = f"{header.device} {header.seq}"
    altered = torn or (text is not None and payload_digest(salt, text) != digest)
    if altered or link(previous, header, digest) != stored:
        yield f"its newest event, {event}, is not as it was written"
    elif last != header.seq or (before or GENESIS) != previous:
        yield f"its newest event, {event}, does not follow the one before"
    elif text is not None and not _projected(connection, header.kind, json.loads(text)):
        yield f"what its newest event says, {event}, stands in no table"


def _newest_query(connection: sqlite3.Connection) -> str:
    """The header of the event that came last, its text, whether the two are torn apart, and its
    chain's last number and the hash before its own.  A journal may be laid out as it was once.
    """
    old = connection.execute(
        "SELECT COUNT(*) = 0 FROM pragma_table_info('journal') WHERE name = 'arrival'"
    ).fetchone()[0]
    chain, arrival = ("device", "position") if old else ("chain", "arrival")
    text, texts = "j.salt, j.payload, FALSE", ""
    if not old:
        text = f"p.salt, p.text, {_TORN_FROM_ITS_TEXT}"
        texts = " LEFT JOIN payload AS p ON p.arrival = j.arrival"
    return (
        "SELECT j.position, j.device, j.seq, j.kind, j.recorded_at, j.officer, j.agency,"
        f" j.digest, j.previous, j.hash, {text},"
        f" (SELECT MAX(o.seq) FROM journal AS o WHERE o.{chain} = j.{chain}),"
        f" (SELECT o.hash FROM journal AS o WHERE o.{chain} = j.{chain} AND o.seq < j.seq"
        " ORDER BY o.seq DESC LIMIT 1)"
        f" FROM journal AS j{texts} ORDER BY j.{arrival} DESC LIMIT 1"
    )


def _projected(connection: sqlite3.Connection, kind: str, fact: dict[str, Any]) -> bool:
    if check_id := fact.get("check_id"):
        return _check_is_there(connection, check_id)
    if kind in {"list_imported", "list_retired"}:
        row = connection.execute(
            "SELECT 1 FROM action_list AS l JOIN list_version AS v ON v.list_name = l.name"
            " AND v.version = l.version WHERE l.name = ? AND l.version = ?",
            (fact["list_name"], fact["version"]),
        ).fetchone()
        return row is not None
    if operation_id := fact.get("operation_id"):
        query = "SELECT 1 FROM operation WHERE operation_id = ?"
        return connection.execute(query, (operation_id,)).fetchone() is not None
    return True


def _check_is_there(connection: sqlite3.Connection, check_id: str) -> bool:
    """Whether the check is found by its identity, by its reference, and among the numbers."""
    row = connection.execute(
        "SELECT operation_id, ref, device, number FROM vehicle_check WHERE check_id = ?",
        (check_id,),
    ).fetchone()
    if row is None:
        return False
    operation_id, ref, device, number = row
    by_ref = connection.execute(
        "SELECT check_id FROM vehicle_check WHERE operation_id = ? AND ref = ?",
        (operation_id, ref),
    ).fetchall()  # a restored copy that went on, or a second device of one label, has one like it
    (highest,) = connection.execute(
        "SELECT MAX(number) FROM vehicle_check WHERE operation_id = ? AND device = ?",
        (operation_id, device),
    ).fetchone()
    return (check_id,) in by_ref and (highest or 0) >= number


def _lists(connection: sqlite3.Connection) -> Iterator[str]:
    """The versions in force, and a few entries, the newest of them: do they belong to a
    version, and are they found?
    """
    versions = dict(connection.execute("SELECT name, version FROM action_list"))
    newest_of = "SELECT list_name, MAX(version) FROM list_version GROUP BY list_name"
    if versions != dict(connection.execute(newest_of)):
        yield "its lists are not those of their newest versions"
        return
    (newest,) = connection.execute("SELECT COALESCE(MAX(entry_id), 0) FROM entry").fetchone()
    for part in range(_SAMPLED, 0, -1):
        row = connection.execute(
            "SELECT entry_id, list_name, row, identity, added_version, removed_version FROM entry"
            " WHERE entry_id >= ? ORDER BY entry_id LIMIT 1",
            (newest * part // _SAMPLED,),
        ).fetchone()
        if row is None:
            return
        entry_id, name, place, identity, added, removed = row
        if max(added, removed or 0) > versions.get(name, 0):
            yield f"list {name} has entries of a version that was not imported"
            return
        key = identity.partition("\x1f")[0]
        found = connection.execute(
            "SELECT 1 FROM entry_mark WHERE skeleton = ? AND key = ? AND entry_id = ?",
            (skeleton_of(key), key, entry_id),
        ).fetchone()
        if bool(found) != (removed is None):
            yield f"list {name}: row {place} is not found as the list has it"
            return
