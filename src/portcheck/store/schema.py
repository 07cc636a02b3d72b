"""Bringing a database to the newest schema: the old one or the new one, never half."""

import sqlite3
from pathlib import Path

from portcheck.errors import DatabaseUnusable
from portcheck.store.connection import APPLICATION_ID, connect, revision, unusable
from portcheck.store.revisions import HEAD


def open_store(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection to a database with the newest schema, migrated first where it is older.

    Raises DatabaseUnusable when there is none and `create` is not set, when it
    is another program's or a newer portcheck's, or when it is damaged.
    """
    connection = connect(path, create=create)
    try:
        _make_current(connection, path, create=create)
    except sqlite3.Error as error:
        connection.close()
        raise unusable(error, path) from error
    except DatabaseUnusable:
        connection.close()
        raise
    return connection


def _make_current(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    found = revision(connection, path)
    if not found and not create:
        raise DatabaseUnusable(f"{path} is empty", hint="“portcheck list import FILE” fills it.")
    if found != HEAD:
        migrate(connection, path)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Every missing step, in one transaction; another process may have done it meanwhile.

    Raises DatabaseUnusable; then the schema is the old one.
    """
    from alembic import command  # noqa: PLC0415 - heavy, and rarely needed
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from portcheck.store.engine import engine_over  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    try:
        with engine_over(connection, begin="BEGIN IMMEDIATE").begin() as bound:
            if revision(connection, path) != HEAD:
                config.attributes["connection"] = bound
                bound.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                command.upgrade(config, HEAD)
    except DBAPIError as error:
        raise unusable(error.orig or error, path) from error
