import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from portcheck.store.schema import open_store


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the newest schema with nothing in it; to be copied, not written."""
    path = tmp_path_factory.mktemp("new") / "portcheck.db"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def path(new_database: Path, tmp_path: Path) -> Path:
    """An empty database of the test's own."""
    copy = tmp_path / "portcheck.db"
    shutil.copy(new_database, copy)
    return copy


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to it."""
    connection = open_store(path)
    yield connection
    connection.close()
