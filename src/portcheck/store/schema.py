"""Bringing a database to the newest schema: the old one or the new one, never half."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from portcheck.errors import DatabaseUnusable, PortcheckError
from portcheck.store.connection import APPLICATION_ID, UNREADABLE, connect, revision, unusable
from portcheck.store.revisions import HEAD
from portcheck.store.whole import hold_whole

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def open_store(path: Path, *, create: bool = False, examine: bool = False) -> sqlite3.Connection:
    """A connection to a database with the newest schema, migrated first where it is older.

    Raises DatabaseUnusable when there is none and `create` is not set, when it
    is another program's or a newer portcheck's, or when it is damaged; and when it is
    not whole, or JournalBroken when its journal was emptied, unless it is opened to
    `examine` it.
    """
    connection = connect(path, create=create)
    try:
        _make_current(connection, path, create=create, examine=examine)
    except UNREADABLE as error:
        connection.close()
        raise unusable(error, path) from error
    except PortcheckError:
        connection.close()
        raise
    return connection


def open_trial(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """As `open_store`, for what stores nothing: no file is made or changed.

    A database that would first have to be made or migrated is so in memory.
    """
    if create and not path.exists():
        return open_in_memory()
    connection = connect(path)
    if revision(connection, path) == HEAD:
        connection.close()
        return open_store(path)
    trial = _memory()
    try:
        with closing(connection):
            connection.backup(trial)
        _make_current(trial, path, create=create, examine=False)
    except UNREADABLE as error:
        trial.close()
        raise unusable(error, path) from error
    except PortcheckError:
        trial.close()
        raise
    return trial


def open_in_memory() -> sqlite3.Connection:
    """A new database that is gone when it is closed, and leaves nothing behind."""
    connection = _memory()
    migrate(connection, Path(":memory:"))
    return connection


def _memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def _make_current(
    connection: sqlite3.Connection, path: Path, *, create: bool, examine: bool
) -> None:
    found = revision(connection, path)
    if not found and not create:
        raise DatabaseUnusable(f"{path} is empty", hint="“portcheck list import FILE” fills it.")
    if found and not examine:
        hold_whole(connection, path)
    if found != HEAD:
        migrate(connection, path)


def schema_faults(connection: sqlite3.Connection) -> list[str]:
    """How the tables, indexes and triggers differ from those of a new database, a line each."""
    wanted, there = _new_things(), _things(connection)
    faults = [f"{thing} is missing" for thing in wanted.keys() - there.keys()]
    faults += [f"{thing} is not portcheck's" for thing in there.keys() - wanted.keys()]
    both = wanted.keys() & there.keys()
    faults += [f"{thing} was altered" for thing in both if wanted[thing] != there[thing]]
    return sorted(faults)


def guards(connection: sqlite3.Connection) -> set[str]:
    """The names of the triggers that refuse something."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'"
    )
    return {name for (name,) in rows}


@cache
def _new_things() -> dict[str, str]:
    with closing(open_in_memory()) as fresh:
        return _things(fresh)


def _things(connection: sqlite3.Connection) -> dict[str, str]:
    """What makes each table, index, trigger and view, by its kind and name, and the revision."""
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    things = {f"{kind} {name}": sql for kind, name, sql in rows}
    revisions = connection.execute("SELECT version_num FROM alembic_version ORDER BY 1")
    return things | {"the schema's number": ", ".join(number for (number,) in revisions)}


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Every missing step, in one transaction; another process may have done it meanwhile.

    The projections of a database that was there are made again from its journal, so
    that a step changes their tables and never has to fill them, and what is listed is
    found as this portcheck finds it.  Raises DatabaseUnusable; then the schema is the old one.
    """
    from alembic import command  # noqa: PLC0415 - heavy, and rarely needed
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from portcheck.store import marks, projections  # noqa: PLC0415
    from portcheck.store.engine import engine_over  # noqa: PLC0415

    config = Config()
    try:
        with (
            _migrations() as folder,
            engine_over(connection, begin="BEGIN IMMEDIATE").begin() as bound,
        ):
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            found = revision(connection, path)
            if found != HEAD:
                config.attributes["connection"] = bound
                bound.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                command.upgrade(config, HEAD)
            if found not in {"", HEAD}:
                projections.rebuild(connection)
                marks.find_anew(connection)
    except DBAPIError as error:
        raise unusable(error.orig or error, path) from error


@contextmanager
def _migrations() -> Iterator[Path]:
    """The folder of the steps.  Alembic reads it from the disk: it is unpacked where portcheck
    runs from an archive.
    """
    import tempfile  # noqa: PLC0415 - as heavy as Alembic's are, and as rarely needed

    found = _packaged()
    if isinstance(found, Path):
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="portcheck-") as folder:
        _unpack(found, Path(folder))
        yield Path(folder)


def _packaged() -> "Traversable":
    from importlib import resources  # noqa: PLC0415 - as above

    return resources.files("portcheck.store") / "migrations"


def _unpack(found: "Traversable", folder: Path) -> None:
    for one in found.iterdir():
        if one.is_dir():
            (folder / one.name).mkdir()
            _unpack(one, folder / one.name)
        else:
            (folder / one.name).write_bytes(one.read_bytes())
