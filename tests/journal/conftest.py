from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portcheck.journal.append import Actor, append
from portcheck.store.connection import transaction
from portcheck.store.schema import open_store

Written = Callable[[], "object"]
MORNING = datetime(2021, 6, 17, 4, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_journal(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with nothing in it, as bytes."""
    connection = open_store(tmp_path_factory.mktemp("empty") / "journal.db", create=True)
    try:
        return connection.serialize()
    finally:
        connection.close()


@pytest.fixture(scope="session")
def whole_journal(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Ten events of two devices in turns, as bytes."""
    path: Path = tmp_path_factory.mktemp("whole") / "journal.db"
    connection = open_store(path, create=True)
    try:
        for number in range(10):
            actor = Actor(f"officer {number % 3}", "Police", "L1" if number % 3 else "L2")
            with transaction(connection):
                append(
                    connection,
                    "record_consulted",
                    {"kind": "record_consulted", "command": "lookup", "queries": [str(number)]},
                    actor,
                    MORNING + timedelta(minutes=number),
                )
        return connection.serialize()
    finally:
        connection.close()


@pytest.fixture
def journal(empty_journal: bytes) -> Iterator[object]:
    """A connection to an empty database of the newest schema."""
    import sqlite3

    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(empty_journal)
    yield connection
    connection.close()
