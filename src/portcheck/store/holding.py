"""Everything outside the journal held against it: the file, the schema, lists, projections."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from portcheck.store.connection import any_text, snapshot
from portcheck.store.difference import Difference
from portcheck.store.heldlists import altered_lists
from portcheck.store.projections.compare import altered_rows
from portcheck.store.schema import schema_faults
from portcheck.store.whole import damages, wrong_size


def held(connection: sqlite3.Connection, path: Path) -> Iterator[Difference]:
    """What is not as the journal says; the journal is intact.

    Where the schema is not portcheck's, or the file is damaged, what stands in it is not
    looked at any more.
    """
    found = [Difference("schema", "", fault) for fault in schema_faults(connection)]
    if not found:
        found = [Difference("file", "", fault) for fault in file_faults(connection, path)]
    yield from found
    if not found:
        yield from lists(connection)
        yield from projections(connection)


def file_faults(connection: sqlite3.Connection, path: Path) -> list[str]:
    """What shows that the file is damaged or too long; every page is read."""
    with snapshot(connection), any_text(connection):
        return [*damages(connection), *wrong_size(connection, path)]


def lists(connection: sqlite3.Connection) -> Iterator[Difference]:
    """What of the lists is not as it was imported."""
    with any_text(connection):
        yield from altered_lists(connection)


def projections(connection: sqlite3.Connection) -> Iterator[Difference]:
    """What of the projections is not as a rebuild would make it; the journal is intact."""
    with any_text(connection):
        yield from altered_rows(connection)
