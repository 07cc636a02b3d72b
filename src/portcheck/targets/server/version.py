"""Which form an exchange has, and whether this portcheck can work with it."""

from portcheck.errors import Refused
from portcheck.targets.server.connection import Connection

VERSION = 1
"""The form of `tables.sql`."""

LEAST = 1
"""The oldest form that a portcheck may know, to work with one of this."""


def version_of(connection: Connection) -> tuple[int, int]:
    """The form of an exchange, and the oldest that must be known to work with it.

    Raises psycopg.errors.UndefinedTable where there is none.
    """
    row = connection.execute("SELECT version, least FROM portcheck.exchange").fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def hold_version(connection: Connection, words: str) -> None:
    """Raise Refused where this portcheck is too old for the exchange, or too new."""
    version, least = version_of(connection)
    if least > VERSION:
        raise Refused(
            f"the exchange at {words} is of a newer portcheck (form {version}; this one knows"
            f" {VERSION})",
            hint="Update portcheck here. What is recorded is kept, and will be sent then.",
        )
    if version < VERSION:
        raise Refused(
            f"the exchange at {words} is of an older portcheck (form {version}; this one needs"
            f" {VERSION})",
            hint="Whoever runs the server brings it up to date: “portcheck exchange init URL”."
            " What is recorded is kept, and will be sent then.",
        )
