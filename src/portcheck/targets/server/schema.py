"""Making an exchange, and bringing it up to date: as often as somebody likes."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from psycopg import errors

from portcheck.errors import Refused
from portcheck.targets.server.connection import Connection
from portcheck.targets.server.version import LEAST, VERSION, version_of

OLDEST_SERVER = 15
"""The oldest PostgreSQL that may be used."""

MONTHS = 24
"""For so many months there is a place for texts."""

PARTS = 16
"""Into so many tables the headers are divided, each chain into one of them."""

DEVICE, ERASER = "portcheck_device", "portcheck_eraser"
_LOCK = 0x706F7274  # one `exchange init` at a time
_LINKED = (
    "ALTER TABLE portcheck.{part} ADD CONSTRAINT follows FOREIGN KEY (chain, prior, previous)"
    " REFERENCES portcheck.{part} (chain, seq, hash)"
)


def make_exchange(connection: Connection, words: str) -> bool:
    """Make the tables, roles and rules of an exchange, or what is missing of them; whether
    there was none before.

    Raises Refused where the server, the database or this role is not fit for it, and where
    the exchange is of a newer portcheck.
    """
    _fit(connection, words)
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            new = relation(connection, "exchange") is None
            before = 0 if new else version_of(connection)[0]
            if before > VERSION:
                raise Refused(
                    f"the exchange at {words} is of a newer portcheck (form {before}; this one"
                    f" knows {VERSION})",
                    hint="Update portcheck here.",
                )
            for role in (DEVICE, ERASER):
                if not exists(connection, role):
                    connection.execute(f"CREATE ROLE {role} NOLOGIN")
            connection.execute(_tables().encode())
            for statement in (*_parts(connection), *_months(connection)):
                connection.execute(statement.encode())
            connection.execute(
                "INSERT INTO portcheck.exchange (version, least) VALUES (%s, %s)"
                " ON CONFLICT (only_one) DO UPDATE SET version = excluded.version,"
                " least = excluded.least",
                (VERSION, LEAST),
            )
    except errors.InsufficientPrivilege as error:
        raise Refused(
            f"{connection.info.user} may not make an exchange at {words}:"
            f" {error.diag.message_primary}",
            hint="It takes a role that owns the database and may make roles (CREATEROLE).",
        ) from error
    return new


def exists(connection: Connection, role: str) -> bool:
    """Whether the server knows a role of this name."""
    query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    return connection.execute(query, (role,)).fetchone() is not None


def _fit(connection: Connection, words: str) -> None:
    if connection.info.server_version < OLDEST_SERVER * 10_000:
        raise Refused(
            f"{words} is PostgreSQL {connection.info.server_version // 10_000}: it must be"
            f" {OLDEST_SERVER} or later"
        )
    (encoding,) = connection.execute("SHOW server_encoding").fetchone() or ("",)
    if encoding != "UTF8":
        raise Refused(
            f"the database at {words} keeps texts as {encoding}",
            hint="Make one with “createdb --encoding UTF8 --template template0”.",
        )


def relation(connection: Connection, name: str) -> str | None:
    """A table of the exchange, by the name by which it can be asked; None where there is none."""
    query = "SELECT to_regclass(%s)::text"
    row = connection.execute(query, (f"portcheck.{name}",)).fetchone()
    return str(row[0]) if row and row[0] else None


def _tables() -> str:
    return files(__package__).joinpath("tables.sql").read_text(encoding="utf-8")


def _parts(connection: Connection) -> Iterator[str]:
    """Where headers stand: a chain is in one of the parts, and so each is linked in itself."""
    for number in range(PARTS):
        part = f"event_{number:02}"
        if relation(connection, part) is None:
            yield (
                f"CREATE TABLE portcheck.{part} PARTITION OF portcheck.event"
                f" FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {number})"
            )
            yield _LINKED.format(part=part)


def _months(connection: Connection) -> Iterator[str]:
    """Where texts stand: those of months that had no place yet go where they belong."""
    (today,) = connection.execute("SELECT (now() AT TIME ZONE 'UTC')::date").fetchone() or (None,)
    assert isinstance(today, date)
    waiting = connection.execute("SELECT DISTINCT month FROM portcheck.payload_rest").fetchall()
    months = [_later(today.replace(day=1), number) for number in range(MONTHS)]
    for month in sorted({*months, *(of for (of,) in waiting)}):
        part = f"payload_{month:%Y_%m}"
        if relation(connection, part) is None:
            yield from _month(part, month, waits=(month,) in waiting)


def _month(part: str, month: date, *, waits: bool) -> Iterator[str]:
    first, after = month.isoformat(), _later(month, 1).isoformat()
    bounds = f"FOR VALUES FROM ('{first}') TO ('{after}')"
    if not waits:
        yield f"CREATE TABLE portcheck.{part} PARTITION OF portcheck.payload {bounds}"
        return
    yield f"CREATE TABLE portcheck.{part} (LIKE portcheck.payload INCLUDING ALL)"
    yield (
        "WITH moved AS (DELETE FROM portcheck.payload_rest WHERE month >="
        f" '{first}' AND month < '{after}' RETURNING *)"
        f" INSERT INTO portcheck.{part} SELECT * FROM moved"
    )
    yield f"ALTER TABLE portcheck.payload ATTACH PARTITION portcheck.{part} {bounds}"


def _later(month: date, months: int) -> date:
    years, number = divmod(month.month - 1 + months, 12)
    return date(month.year + years, number + 1, 1)
