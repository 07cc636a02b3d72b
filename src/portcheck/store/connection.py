"""Opening the database: durable, private, and refusing what it does not know.

"Saved" is printed only after a commit is on disk, so every connection runs
with a rollback journal and synchronous=EXTRA, or in WAL mode with
synchronous=FULL where SQLite has the fix for the WAL-reset fault
(sqlite.org/wal.html#walresetbug).  The settings are read back: a pragma that
cannot be set fails silently.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from portcheck.errors import DatabaseUnusable
from portcheck.store.revisions import HEAD, REVISIONS

APPLICATION_ID = 0x70636B31  # "pck1": tells a portcheck database from other SQLite files
BUSY_SECONDS = 30.0
SQLITE = sqlite3.sqlite_version_info
WAL_SAFE_FROM = (3, 51, 3)
FULL, EXTRA = 2, 3
_CACHE_KIB = 64 * 1024
_LOOK_AGAIN = 0.002  # seconds


def location(text: str) -> Path:
    """The file behind `--db`: a path, or a URL as sqlite:////srv/portcheck.db.

    Raises DatabaseUnusable for any other kind of database, and for a home nobody has.
    """
    scheme, separator, _ = text.partition("://")
    if separator and len(scheme) > 1:
        if scheme != "sqlite":
            raise DatabaseUnusable(
                f"portcheck keeps its records in SQLite, not in {scheme}",
                hint="Give a path, or sqlite:/// and a path.",
            )
        text = unquote(urlsplit(text).path).removeprefix("/")
    if "\0" in text:
        raise DatabaseUnusable("no file's name holds a NUL", hint="Name another file with --db.")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise DatabaseUnusable(
            f"{text}: there is no such user", hint="Write the folder out."
        ) from error


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode, with the settings above and the newest schema's number.

    With `create`, the folder and the file are made (owner only) when missing;
    without, a missing file raises DatabaseUnusable.
    """
    _find_file(path, create=create)
    try:
        connection = sqlite3.connect(
            path.absolute(), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise unusable(error, path) from error
    try:
        _settle(connection, path)
    except UNREADABLE as error:
        connection.close()
        raise unusable(error, path) from error
    except DatabaseUnusable:
        connection.close()
        raise
    return connection


def revision(connection: sqlite3.Connection, path: Path) -> str:
    """The schema's revision, "" for an empty file.

    Raises DatabaseUnusable for a file of another program, and for one from a
    newer portcheck.
    """
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema LIMIT 20")}
    if not tables:
        return ""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        raise DatabaseUnusable(
            f"{path} is an SQLite database of another program", hint="Name another file with --db."
        )
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise DatabaseUnusable(f"{path} is damaged: it lacks its version", hint="Restore a copy.")
    found = row[0]
    if found not in REVISIONS:
        raise DatabaseUnusable(
            f"{path} was written by a newer portcheck (schema {found}; this one knows {HEAD})",
            hint="Update portcheck on this machine; the file was not touched.",
        )
    return str(found)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: all of it on disk at the end, or nothing of it."""
    begin_writing(connection)
    with committed(connection):
        yield connection


def begin_writing(connection: sqlite3.Connection) -> None:
    """Begin a write transaction, as soon as nobody else is in one.

    SQLite waits for longer and longer, up to a tenth of a second at a time, and so may miss the
    short breaks of another that writes one transaction after another for minutes.
    """
    until = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(_LOOK_AGAIN)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def changes_of_others(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection has written to the database."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def durability(connection: sqlite3.Connection) -> tuple[str, int]:
    """The connection's (journal_mode, synchronous)."""
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    (level,) = connection.execute("PRAGMA synchronous").fetchone()
    return mode, level


def make_room(connection: sqlite3.Connection, schema: str = "temp") -> None:
    """Keep more of the temporary tables in memory than SQLite's usual 2 MB, so that their sorting
    and indexes do not wait for the disk; or of another `schema`.
    """
    connection.execute(f"PRAGMA {schema}.cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp.secure_delete = OFF")  # it goes as a whole, file and all


@contextmanager
def private(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction over temporary tables, which nobody else waits for."""
    make_room(connection)
    connection.execute("BEGIN")
    with committed(connection):
        yield connection


@contextmanager
def committed(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The end of a transaction that was begun: committed, or taken back after any error."""
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:  # Ctrl-C too: nothing of a transaction may stay half done
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One read transaction: every query in it sees the same state."""
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def any_text(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Texts that are no UTF-8 are read as well, with a mark in the place of what is none."""
    connection.text_factory = lambda raw: raw.decode(errors="replace")
    try:
        yield connection
    finally:
        connection.text_factory = str


UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What reading a database raises; the second where it is damaged so that its texts are none."""

NOT_WRITABLE = sqlite3.OperationalError
"""What writing raises on a disk that is full or read-only."""


def unusable(error: BaseException, path: Path | None = None) -> DatabaseUnusable:
    """What an SQLite or file-system error means to somebody who is not a programmer."""
    where = str(path) if path else "the database"
    text = str(error).lower()
    for sign, message, hint in _MEANINGS:
        if sign in text:
            return DatabaseUnusable(f"{where}: {message}", hint=hint)
    return DatabaseUnusable(f"{where}: {error}", hint="Run “portcheck doctor” to look closer.")


_MEANINGS = (
    (
        "locked",
        "another program kept it locked for too long",
        "Close what has it open and try again; nothing was stored.",
    ),
    ("full", "the disk is full", "Make room and try again; nothing was stored."),
    ("no space", "the disk is full", "Make room and try again; nothing was stored."),
    (
        "readonly",
        "it cannot be written",
        "Check the permissions of the file and its folder; nothing was stored.",
    ),
    ("permission denied", "it may not be opened", "Check who owns the file and its folder."),
    ("file exists", "its folder is a file", "Name a file in a folder with --db."),
    ("not a directory", "its folder is a file", "Name a file in a folder with --db."),
    ("unable to open", "it cannot be opened", "Check that the folder exists and may be written."),
    (
        "not a database",
        "it is not a portcheck database, or it is damaged",
        "Restore a copy, or name another file with --db.",
    ),
    ("codec can't decode", "it is damaged", "Restore a copy, or name another file with --db."),
    ("malformed", "it is damaged", "Restore a copy, and keep the damaged file for examination."),
    ("disk i/o", "the disk gave an error", "Check the disk; nothing was stored."),
)


def _find_file(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise DatabaseUnusable(f"{path} is a folder", hint="Name a file in it with --db.")
        if path.exists():
            if not path.is_file():
                raise DatabaseUnusable(f"{path} is not a file", hint="Name a file with --db.")
        elif not create:
            raise DatabaseUnusable(
                f"there is no database at {path}",
                hint="“portcheck list import FILE” makes it, “portcheck op join TARGET” too; or"
                " choose another with --db.",
            )
        else:
            for folder in reversed((path.parent, *path.parent.parents)):
                folder.mkdir(mode=0o700, exist_ok=True)  # each of them: parents=True opens some
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise unusable(error, path) from error


def _settle(connection: sqlite3.Connection, path: Path) -> None:
    revision(connection, path)  # journal_mode would change the file of another program
    wal = SQLITE >= WAL_SAFE_FROM
    wanted: list[tuple[str, object, object]] = [
        ("busy_timeout", int(BUSY_SECONDS * 1000), int(BUSY_SECONDS * 1000)),
        ("foreign_keys", 1, 1),
        ("secure_delete", 1, 1),
        ("trusted_schema", 0, 0),
        ("journal_mode", "wal" if wal else "delete", "wal" if wal else "delete"),
        ("synchronous", FULL if wal else EXTRA, FULL if wal else EXTRA),
    ]
    if sys.platform == "darwin":
        wanted += [("fullfsync", 1, 1), ("checkpoint_fullfsync", 1, 1)]
    for name, value, expected in wanted:
        connection.execute(f"PRAGMA {name} = {value}")
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != expected:
            raise DatabaseUnusable(f"{path}: SQLite's {name} stays {got} instead of {expected}")
