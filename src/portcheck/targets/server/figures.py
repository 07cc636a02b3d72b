"""Tables for analysts: filled with rows that a portcheck hands over, an operation at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from psycopg import errors, sql

from portcheck.errors import Refused
from portcheck.targets.server.connection import Connection
from portcheck.targets.server.schema import exists

ANALYST = "portcheck_analyst"
_SCHEMA = "portcheck_figures"
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where a journal was read: its newest event by arrival, that event's hash in hex, and
    how many texts there are up to it.
    """

    arrival: int
    event: str
    texts: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table, with the names of their columns."""

    name: str
    columns: Sequence[str]
    rows: Rows


def make_figures(connection: Connection, words: str) -> None:
    """Make the tables, where there are none.  Raises Refused where this role may not."""
    query = "SELECT to_regclass('portcheck_figures.publications')"
    if connection.execute(query).fetchone() != (None,):
        return
    try:
        with connection.transaction():
            if not exists(connection, ANALYST):
                connection.execute(f"CREATE ROLE {ANALYST} NOLOGIN".encode())
            text = files(__package__).joinpath("figures.sql").read_text(encoding="utf-8")
            connection.execute(text.encode())
    except errors.InsufficientPrivilege as error:
        raise Refused(
            f"{connection.info.user} may not make the tables for analysts at {words}:"
            f" {error.diag.message_primary}",
            hint="It takes a role that owns the database and may make roles (CREATEROLE).",
        ) from error


def published(connection: Connection, operation_id: str) -> Mark | None:
    """Up to where an operation was published last; None where it was not."""
    query = (
        "SELECT arrival, event, texts FROM portcheck_figures.publications WHERE operation_id = %s"
    )
    row = connection.execute(query, (operation_id,)).fetchone()
    return Mark(*row) if row else None


def publish(
    connection: Connection,
    operation: Mapping[str, Any],
    tables: Sequence[Table],
    checks: Sequence[str] | None,
    mark: Mark,
) -> None:
    """Put rows of an operation in the place of what was published of it: those of some checks, or
    (None) of all.  In one transaction, so that nobody reads half of it.
    """
    operation_id = operation["operation_id"]
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (operation_id,))
        _upsert(connection, "operations", operation)
        connection.execute(
            "DELETE FROM portcheck_figures.checks WHERE operation_id = %s"
            " AND (%s::text[] IS NULL OR check_id = ANY(%s))",
            (operation_id, checks, checks),
        )
        connection.execute(
            "DELETE FROM portcheck_figures.devices WHERE operation_id = %s", (operation_id,)
        )
        for table in tables:
            _copy(connection, table)
        said = {"arrival": mark.arrival, "event": mark.event, "texts": mark.texts}
        _upsert(connection, "publications", {"operation_id": operation_id, **said})


def _copy(connection: Connection, table: Table) -> None:
    query = sql.SQL("COPY {}.{} ({}) FROM STDIN").format(
        sql.Identifier(_SCHEMA),
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for row in table.rows:
            copy.write_row(row)


def _upsert(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    """Put a row there, or in the place of the one of the same operation."""
    names = [sql.Identifier(name) for name in row]
    query = sql.SQL(
        "INSERT INTO {}.{} ({}) VALUES ({}) ON CONFLICT (operation_id) DO UPDATE SET {}"
    ).format(
        sql.Identifier(_SCHEMA),
        sql.Identifier(table),
        sql.SQL(", ").join(names),
        sql.SQL(", ").join(sql.Placeholder() * len(names)),
        sql.SQL(", ").join(sql.SQL("{} = excluded.{}").format(name, name) for name in names),
    )
    connection.execute(query, list(row.values()))
