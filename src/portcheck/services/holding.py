"""Everything outside the journal held against it: the file, the schema, lists, projections."""

import sqlite3
from collections.abc import Iterator

from portcheck.services.staging import marks_of_columns
from portcheck.store.connection import any_text, snapshot
from portcheck.store.difference import Difference
from portcheck.store.heldlists import altered_lists
from portcheck.store.projections.compare import altered_rows
from portcheck.store.schema import schema_faults


def held(connection: sqlite3.Connection) -> Iterator[Difference]:
    """What is not as the journal says; the journal is intact.

    Where the schema is not portcheck's, the tables are not looked at any more.
    """
    faults = schema_faults(connection)
    yield from (Difference("schema", "", fault) for fault in faults)
    if faults:
        return
    yield from _file(connection)
    yield from lists(connection)
    yield from projections(connection)


def lists(connection: sqlite3.Connection) -> Iterator[Difference]:
    """What of the lists is not as it was imported."""
    with any_text(connection):
        yield from altered_lists(connection, marks_of_columns)


def projections(connection: sqlite3.Connection) -> Iterator[Difference]:
    """What of the projections is not as a rebuild would make it; the journal is intact."""
    with any_text(connection):
        yield from altered_rows(connection)


def _file(connection: sqlite3.Connection) -> Iterator[Difference]:
    """Pages that are damaged, and indexes that do not say what their tables say."""
    with snapshot(connection):
        found = connection.execute("PRAGMA integrity_check(100)").fetchall()
    yield from (Difference("file", "", fault) for (fault,) in found if fault != "ok")
