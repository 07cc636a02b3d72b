"""One connection to a PostgreSQL server, made anew where it was lost, whose errors become words.

Nothing is waited for without end: a server, or a network, that says nothing for `PATIENCE`
seconds is not reached.  A password is never taken from an address: libpq finds it in the files
that PGPASSFILE and PGSERVICEFILE name, or somebody types it.
"""

import ipaddress
import random
import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portcheck.domain.text import one_line, shorten
from portcheck.errors import Refused, TargetUnreachable, WrongUsage
from portcheck.targets.address import checked_address, shown
from portcheck.targets.target import unreachable, words_of

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]
Ask = Callable[[str], str]
"""Asks somebody for a password, with this prompt."""

PATIENCE = 60.0
"""Seconds without a byte from the server."""

_CONNECTING = 30  # seconds
_TRIES = 6  # of what another transaction stood in the way of
_LONGEST_WHY = 200  # characters of what the server says
_KEPT_ALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 60_000,
}
_SETTINGS = (
    "SET synchronous_commit = on; SET client_min_messages = warning; SET TimeZone = 'UTC';"
    " SET jit = off"  # what it would compile is run for some milliseconds
)
_IN_THE_WAY = (errors.SerializationFailure, errors.DeadlockDetected)
_ABSENT = (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn)
_typed: dict[str, str] = {}
"""Passwords that were typed, by address, for as long as the program runs."""


class _Patient(psycopg.Connection[tuple[Any, ...]]):
    """A connection that gives up on a server from which nothing comes."""

    def wait(
        self, gen: Generator[Any, Any, T], interval: float = 1.0, timeout: float | None = None
    ) -> T:
        return super().wait(_watched(gen), interval, timeout)

    def __del__(self, *_: Any) -> None:
        """Leave the server where a target was given up without being closed, as on an error."""
        self.close()


def _watched(gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
    heard_at = time.monotonic()
    try:
        state = next(gen)
        while True:
            ready = yield state
            now = time.monotonic()
            if ready:
                heard_at = now
            elif now - heard_at > PATIENCE:
                raise errors.OperationalError(f"no answer for {PATIENCE:.0f} s")
            state = gen.send(ready)
    except StopIteration as end:
        found: T = end.value
        return found


class Server:
    """A database on a PostgreSQL server, by the address that somebody named.

    Raises WrongUsage for an address that cannot be one, or that has a password in it, and
    TargetUnreachable.
    """

    def __init__(self, text: str, ask: Ask | None = None) -> None:
        self.words = words_of(text)
        self._text = text
        self._ask = ask
        self._given = _read(text)
        self._connection: Connection | None = None
        self.run(lambda connection: connection.execute("SELECT 1"))

    @property
    def is_open_to_listeners(self) -> bool:
        """Whether what is said to it passes a network, and is not encrypted."""
        connection = self._live()
        return not (connection.pgconn.ssl_in_use or _is_here(connection.info))

    @property
    def role(self) -> str:
        """As whom it is used."""
        return self._live().info.user

    def run(self, work: Callable[[Connection], T], what: str = "cannot be reached") -> T:
        """What `work` comes to, which may be tried several times: it changes all or nothing.

        Raises TargetUnreachable (the target `what`) and Refused; what psycopg says of data that
        break a rule of the tables is passed on.
        """
        lost = 0
        for number in range(1, _TRIES + 1):
            try:
                return work(self._live())
            except _IN_THE_WAY as error:
                if number == _TRIES:
                    raise self.unreachable(f"{what}: {_said(error)}") from error
                time.sleep(random.uniform(0, 0.02 * 2**number))
            except psycopg.OperationalError as error:
                broken = self._connection is None or self._connection.closed
                if not (broken or "no answer" in str(error)) or lost:
                    raise self.unreachable(f"{what}: {_said(error)}") from error
                lost += 1
                self.close()
            except (*_ABSENT, errors.InsufficientPrivilege) as error:
                raise self._refused(error) from error
            except (psycopg.IntegrityError, psycopg.DataError):
                raise
            except psycopg.Error as error:
                raise self.unreachable(f"{what}: {_said(error)}") from error
        raise AssertionError

    def close(self) -> None:
        """Leave the server; it is gone to again where that is needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def unreachable(self, what: str, advice: str = "") -> TargetUnreachable:
        """The error for a server of which `what` is to be said, and `advice` to be given."""
        return unreachable(self._text, what, advice)

    def _live(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = self._connected()
        return self._connection

    def _connected(self) -> Connection:
        password = _typed.get(self._text)
        try:
            return self._open(password)
        except psycopg.OperationalError as error:
            wanting = error.pgconn is not None and (
                error.pgconn.needs_password or error.pgconn.used_password
            )
            if not (wanting and self._ask):
                advice = "The file that PGPASSFILE names is where its password is looked for."
                said = f"cannot be reached: {_said(error)}"
                raise self.unreachable(said, advice if wanting else "") from error
        password = self._ask(f"Password for {self.words}")
        try:
            connection = self._open(password)
        except psycopg.OperationalError as error:
            raise self.unreachable(f"cannot be reached: {_said(error)}") from error
        _typed[self._text] = password
        return connection

    def _open(self, password: str | None) -> Connection:
        given: dict[str, Any] = {
            "connect_timeout": _CONNECTING,
            "application_name": "portcheck",
            **_KEPT_ALIVE,
        }
        given |= self._given | ({"password": password} if password else {})
        connection = _Patient.connect(
            make_conninfo("", **given), autocommit=True, prepare_threshold=None
        )
        try:
            connection.execute(_SETTINGS)
        except BaseException:
            connection.close()
            raise
        return connection

    def _refused(self, error: psycopg.Error) -> Refused:
        if isinstance(error, _ABSENT):
            return Refused(
                f"there is no exchange at {self.words}",
                hint="Whoever runs the server makes one: “portcheck exchange init URL”.",
            )
        return Refused(
            f"{self.role} may not do that at {self.words}: {_said(error)}",
            hint="Whoever runs the server allows it: “portcheck exchange grant"
            f" {self.role} --operation NAME”.",
        )


def _read(text: str) -> dict[str, Any]:
    checked_address(text)
    try:
        return dict(conninfo_to_dict(text.strip()))
    except psycopg.Error as error:
        raise WrongUsage(
            f"“{shown(text)}” cannot be the address of a database",
            hint="It looks like postgresql://lane5@server/portcheck.",
        ) from error


def _is_here(info: psycopg.ConnectionInfo) -> bool:
    """Whether the server is on this machine."""
    if not info.host or info.host.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(info.hostaddr).is_loopback
    except ValueError:
        return False


def _said(error: Exception) -> str:
    """What the server says, in one line."""
    diag = getattr(error, "diag", None)
    said = getattr(diag, "message_primary", None) or str(error).strip() or type(error).__name__
    return shorten(one_line(said.splitlines()[0]), _LONGEST_WHY)
