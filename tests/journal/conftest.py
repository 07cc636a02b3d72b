import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from portcheck.journal.append import Actor, append
from portcheck.store.connection import transaction
from portcheck.store.schema import open_store

MORNING = datetime(2021, 6, 17, 4, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_journal(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database of the newest schema with nothing in it, as bytes."""
    connection = open_store(tmp_path_factory.mktemp("empty") / "journal.db", create=True)
    try:
        return connection.serialize()
    finally:
        connection.close()


@pytest.fixture(scope="session")
def whole_journal(empty_journal: bytes) -> bytes:
    """Ten events: the first, fourth, seventh and tenth of device L2, the others of L1."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(empty_journal)
    try:
        for number in range(10):
            actor = Actor(f"officer {number % 4}", "Police", "L1" if number % 3 else "L2")
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
def journal(empty_journal: bytes) -> Iterator[sqlite3.Connection]:
    """A connection to an empty database of the newest schema."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(empty_journal)
    yield connection
    connection.close()
