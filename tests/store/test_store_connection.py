"""Opening a database: durable, private, and nothing of another program's touched."""

import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portcheck.errors import DatabaseUnusable, ExitCode
from portcheck.journal.append import Actor, append
from portcheck.journal.verify import verify
from portcheck.store import connection as opening
from portcheck.store.connection import (
    APPLICATION_ID,
    EXTRA,
    FULL,
    WAL_SAFE_FROM,
    connect,
    location,
    private,
    revision,
    snapshot,
    transaction,
    unusable,
)
from portcheck.store.engine import reading
from portcheck.store.revisions import HEAD
from portcheck.store.schema import open_store
from portcheck.store.tables import JournalEvent

HAS_MODES = sys.platform != "win32"
NOON = datetime(2021, 6, 17, 12, tzinfo=UTC)


# Where it is.


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("checks.db", Path("checks.db")),
        ("/srv/portcheck.db", Path("/srv/portcheck.db")),
        ("sqlite:////srv/portcheck.db", Path("/srv/portcheck.db")),
        ("sqlite:///checks.db", Path("checks.db")),
        ("sqlite:////srv/a%20b.db", Path("/srv/a b.db")),
        ("C:\\checks.db", Path("C:\\checks.db")),
        ("c://checks.db", Path("c://checks.db")),
        ("with # and ?.db", Path("with # and ?.db")),
        ("~/checks.db", Path("~/checks.db").expanduser()),
        ("sqlite:///~/checks.db", Path("~/checks.db").expanduser()),
    ],
)
def test_location(text: str, path: Path) -> None:
    assert location(text) == path


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://somebody@host/db",
        "mysql://host/db",
        "http://host/x.db",
        "file://host/x",
        "~nobody-of-this-name-is-here/checks.db",
    ],
)
def test_no_location(text: str) -> None:
    with pytest.raises(DatabaseUnusable) as refusal:
        location(text)
    assert refusal.value.exit_code is ExitCode.DATABASE
    assert refusal.value.hint


# How it is opened.


def test_the_settings_are_read_back(connection: sqlite3.Connection) -> None:
    wal = sqlite3.sqlite_version_info >= WAL_SAFE_FROM
    wanted = {
        "journal_mode": "wal" if wal else "delete",
        "synchronous": FULL if wal else EXTRA,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 30000,
        "application_id": APPLICATION_ID,
    }
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted
    assert connection.isolation_level is None
    assert revision(connection, Path("x")) == HEAD


def test_a_setting_that_stays_as_it_was_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "EXTRA", 17)
    monkeypatch.setattr(opening, "FULL", 17)
    with pytest.raises(DatabaseUnusable, match=r"synchronous stays \d instead of 17"):
        open_store(path)


@contextmanager
def open_to_all() -> Iterator[None]:
    """With a umask that takes nothing away."""
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.skipif(not HAS_MODES, reason="Windows has no modes")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "one" / "two" / "three" / "portcheck.db"
    with open_to_all(), closing(open_store(path, create=True)) as connection:
        with transaction(connection):
            append(connection, "noted", {}, Actor("x", "", "L1"), NOON)
            beside = [stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()]
        assert beside
        assert set(beside) == {0o600}
        for folder in path.parents[:3]:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


@pytest.mark.skipif(not HAS_MODES, reason="Windows has no modes")
def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    with closing(open_store(folder / "portcheck.db", create=True)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_opening_again_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    open_store(path).close()
    open_store(path, create=True).close()
    assert path.read_bytes() == before


# What cannot be opened.


def make_nothing(path: Path) -> None:
    assert not path.exists()


def make_folder(path: Path) -> None:
    path.mkdir()


def make_text(path: Path) -> None:
    path.write_text("Registration\nAB12 CDE\n" * 100)


def make_other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE contacts (name)")


def make_other_program_in_wal_mode(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = wal")
        other.execute("CREATE TABLE contacts (name)")


def make_other_program_with_an_id(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 7")
        other.execute("CREATE TABLE alembic_version (version_num)")


def make_newer(path: Path) -> None:
    with closing(open_store(path, create=True)) as ours:
        ours.execute("UPDATE alembic_version SET version_num = '9999'")


def make_newer_in_wal_mode(path: Path) -> None:
    make_newer(path)
    with closing(sqlite3.connect(path)) as ours:
        ours.execute("PRAGMA journal_mode = wal")


def make_versionless(path: Path) -> None:
    with closing(open_store(path, create=True)) as ours:
        ours.execute("DROP TABLE alembic_version")


def make_truncated(path: Path) -> None:
    open_store(path, create=True).close()
    path.write_bytes(path.read_bytes()[:5000])


def make_scrambled(path: Path) -> None:
    open_store(path, create=True).close()
    good = path.read_bytes()
    path.write_bytes(good[:100] + b"\xff" * 3996 + good[4096:])


UNUSABLE = [
    (make_nothing, "there is no database at"),
    (make_folder, "is a folder"),
    (make_text, "it is not a portcheck database, or it is damaged"),
    (make_other_program, "is an SQLite database of another program"),
    (make_other_program_in_wal_mode, "is an SQLite database of another program"),
    (make_other_program_with_an_id, "is an SQLite database of another program"),
    (make_newer, "was written by a newer portcheck (schema 9999; this one knows"),
    (make_newer_in_wal_mode, "was written by a newer portcheck"),
    (make_versionless, "no such table"),
    (make_truncated, "it is damaged"),
    (make_scrambled, "damaged"),
]


@pytest.mark.parametrize(
    ("make", "said"), UNUSABLE, ids=[make.__name__.removeprefix("make_") for make, _ in UNUSABLE]
)
@pytest.mark.parametrize("create", [False, True])
def test_what_cannot_be_used_is_told_and_left_alone(
    tmp_path: Path, make: object, said: str, create: bool
) -> None:
    path = tmp_path / "portcheck.db"
    assert callable(make)
    make(path)
    if create and not path.exists():
        return
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(DatabaseUnusable) as refusal:
        open_store(path, create=create)
    assert said in str(refusal.value)
    assert refusal.value.hint
    assert refusal.value.exit_code is ExitCode.DATABASE
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [file.name for file in tmp_path.iterdir()] == ([path.name] if path.exists() else [])


def test_an_empty_file_is_filled_only_when_one_may_be_made(tmp_path: Path) -> None:
    path = tmp_path / "portcheck.db"
    path.touch()
    with pytest.raises(DatabaseUnusable, match="is empty"):
        open_store(path)
    assert path.stat().st_size == 0
    with closing(open_store(path, create=True)) as connection:
        assert revision(connection, path) == HEAD


@pytest.mark.parametrize("create", [False, True])
def test_a_name_that_cannot_be_one(tmp_path: Path, create: bool) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "portcheck.db", tmp_path / ("x" * 300)):
        with pytest.raises(DatabaseUnusable) as refusal:
            open_store(path, create=create)
        assert refusal.value.hint


@pytest.mark.parametrize(
    ("error", "said", "hint"),
    [
        (sqlite3.OperationalError("database is locked"), "locked for too long", "try again"),
        (sqlite3.OperationalError("database table is locked"), "locked for too long", "try again"),
        (sqlite3.OperationalError("database or disk is full"), "the disk is full", "Make room"),
        (OSError(28, "No space left on device"), "the disk is full", "Make room"),
        (
            sqlite3.OperationalError("attempt to write a readonly database"),
            "it cannot be written",
            "permissions",
        ),
        (PermissionError(13, "Permission denied"), "it may not be opened", "who owns"),
        (sqlite3.OperationalError("unable to open database file"), "it cannot be opened", "folder"),
        (sqlite3.DatabaseError("file is not a database"), "is not a portcheck database", "copy"),
        (sqlite3.DatabaseError("database disk image is malformed"), "it is damaged", "copy"),
        (sqlite3.OperationalError("disk I/O error"), "the disk gave an error", "disk"),
        (sqlite3.OperationalError("no such table: x"), "no such table: x", "portcheck doctor"),
    ],
)
def test_what_an_error_means(error: Exception, said: str, hint: str) -> None:
    for where in (None, Path("/srv/checks.db")):
        told = unusable(error, where)
        assert said in told.message
        assert hint in told.hint
        assert str(where or "the database") in told.message


# Transactions.


def busy(connection: sqlite3.Connection) -> bool:
    return connection.in_transaction


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT COUNT(*) FROM device_state").fetchone()[0])


def add(connection: sqlite3.Connection, device: str) -> None:
    connection.execute("INSERT INTO device_state (device) VALUES (?)", (device,))


def test_a_transaction_is_kept_as_a_whole(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        add(connection, "L1")
        add(connection, "L2")
        assert busy(connection)
    assert not busy(connection)
    with closing(open_store(path)) as other:
        assert count(other) == 2


def fail(connection: sqlite3.Connection, error: type[BaseException]) -> None:
    with transaction(connection):
        add(connection, "L1")
        fail_with(error)


def fail_with(error: type[BaseException]) -> None:
    raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_or_not_at_all(connection: sqlite3.Connection, error: type[BaseException]) -> None:
    with pytest.raises(error):
        fail(connection, error)
    assert not busy(connection)
    assert count(connection) == 0


def refused_at_the_end(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        add(connection, "L1")
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO device_state VALUES ('L2', 'no such operation')")


def test_a_commit_that_is_refused_leaves_nothing(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        refused_at_the_end(connection)
    assert not busy(connection)
    assert count(connection) == 0


def fill(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        for number in range(100_000):
            add(connection, f"{number:0100d}")


def test_a_full_disk_leaves_the_data_as_they_were(
    connection: sqlite3.Connection, path: Path
) -> None:
    with transaction(connection):
        add(connection, "L1")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill(connection)
    assert not busy(connection)
    with closing(open_store(path)) as other:
        assert count(other) == 1
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_database_that_cannot_be_written_says_so(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError) as refusal:
        fill(connection)
    assert "it cannot be written" in unusable(refusal.value).message


def test_a_lock_that_is_not_given_up_is_told(
    path: Path, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    with closing(connect(path)) as other, transaction(connection):
        add(connection, "L1")
        with pytest.raises(sqlite3.OperationalError) as refusal, transaction(other):
            add(other, "L2")
    assert "locked for too long" in unusable(refusal.value).message
    assert count(connection) == 1


def test_private_tables_hold_up_nobody(path: Path, connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TEMP TABLE heap (x)")
    with closing(open_store(path)) as other, private(connection):
        connection.execute("INSERT INTO heap VALUES (1)")
        with transaction(other):
            add(other, "L2")
    assert connection.execute("SELECT * FROM heap").fetchall() == [(1,)]
    assert count(connection) == 1


def test_a_snapshot_ends_and_writes_nothing(connection: sqlite3.Connection) -> None:
    with snapshot(connection):
        assert count(connection) == 0
        add(connection, "L1")
    assert not busy(connection)
    assert count(connection) == 0


def test_reading_gives_the_connection_back(connection: sqlite3.Connection) -> None:
    with reading(connection) as session:
        assert session.get(JournalEvent, 1) is None
        assert busy(connection)
    assert not busy(connection)
    with transaction(connection):
        add(connection, "L1")


def append_many(path: Path, device: str, number: int) -> None:
    with closing(open_store(path)) as connection:
        for _ in range(number):
            with transaction(connection):
                append(connection, "noted", {"by": device}, Actor("x", "", device), NOON)


def test_several_at_once_lose_nothing(path: Path, connection: sqlite3.Connection) -> None:
    devices, each = ["L1", "L1", "L2", "L3"], 15
    with ThreadPoolExecutor(len(devices)) as pool:
        list(pool.map(lambda device: append_many(path, device, each), devices))
    found = verify(connection)
    assert found.fault is None
    assert found.events == each * len(devices)
    assert [text.split(":")[:2] for text in found.fingerprints] == [
        ["L1", str(2 * each)],
        ["L2", str(each)],
        ["L3", str(each)],
    ]


def test_two_may_make_it_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "portcheck.db"

    def made(_: int) -> str:
        with closing(open_store(path, create=True)) as connection:
            return revision(connection, path)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(made, range(2))) == [HEAD, HEAD]
