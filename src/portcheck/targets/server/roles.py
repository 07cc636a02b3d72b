"""Who may use an exchange: a role for each device, and the operations it was granted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg import errors, sql

from portcheck.errors import NotFound, Refused
from portcheck.targets.server.connection import Connection
from portcheck.targets.server.schema import DEVICE, exists

ALL = "*"
"""Stands for every operation, also those that come later."""


def grant(connection: Connection, role: str, operations: Sequence[str]) -> bool:
    """Have a role put and read pieces of operations, by identity (or `ALL`); whether the role
    had to be made: it can log in, and has no password yet.

    Raises Refused where this role may not grant anything.
    """
    with _granting(connection), connection.transaction():
        new = not exists(connection, role)
        if new:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(DEVICE), sql.Identifier(role))
        )
        connection.execute(
            "INSERT INTO portcheck.member (role, operation) SELECT %s, u FROM unnest(%s::text[])"
            " AS u ON CONFLICT DO NOTHING",
            (role, list(operations)),
        )
    return new


def revoke(connection: Connection, role: str, operations: Sequence[str]) -> int:
    """Take operations from a role (none named: all, and its place at the exchange); how many.

    Raises NotFound for a role that the server does not know, and Refused as `grant`.
    """
    if not exists(connection, role):
        raise NotFound(f"the server knows no role “{role}”")
    with _granting(connection), connection.transaction():
        gone = connection.execute(
            "DELETE FROM portcheck.member WHERE role = %s AND (operation = ANY(%s) OR %s)",
            (role, list(operations), not operations),
        ).rowcount
        if not operations:
            connection.execute(
                sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(DEVICE), sql.Identifier(role))
            )
    return gone


@contextmanager
def _granting(connection: Connection) -> Iterator[None]:
    """What the server says against it in words."""
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise Refused(
            f"{connection.info.user} may not grant anything there: {error.diag.message_primary}",
            hint="Use the role that made the exchange: --at postgresql://OWNER@SERVER/NAME.",
        ) from error
