"""SQLAlchemy over the same connection, for migrations and for the reading side."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine


def engine_over(connection: sqlite3.Connection, *, begin: str = "BEGIN") -> Engine:
    """An engine that speaks through `connection`, whose settings stay as they are.

    The connection is in autocommit mode, so that a transaction begins where
    SQLAlchemy says so, DDL included.
    """
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(connected: object) -> None:
        connected.exec_driver_sql(begin)  # type: ignore[attr-defined]

    return engine


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[Session]:
    """A session on one consistent snapshot.  Nothing is written through it."""
    with Session(engine_over(connection), autoflush=False) as session:
        yield session
