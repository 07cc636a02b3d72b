"""What every use case works with: the store, the clock, identities, who acts and where."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from portcheck.domain.times import believable
from portcheck.errors import Refused
from portcheck.journal.append import Actor, Recorded, append
from portcheck.services.settings import Settings, zone
from portcheck.store import finder
from portcheck.store.connection import transaction
from portcheck.store.known import Known
from portcheck.store.schema import open_store

if TYPE_CHECKING:
    from portcheck.journal.events import Event


Transaction = Callable[[sqlite3.Connection], AbstractContextManager[sqlite3.Connection]]
"""What begins a transaction, and ends it."""


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    from uuid_utils import uuid7  # noqa: PLC0415 - only when something is recorded

    believable(_now())  # it begins with the time, and cannot be made before 1970
    return str(uuid7())


def _as_argument(operation: finder.OperationRow) -> str:
    """The operation as every shell takes it: its name in quotes, or else its identity."""
    plain = not set(operation.name) & set("\"'`$%!\\")
    return f'"{operation.name}"' if plain else operation.operation_id


@dataclass(frozen=True, slots=True)
class Context:
    """One open database and the person who works with it."""

    connection: sqlite3.Connection
    path: Path
    settings: Settings
    actor: Actor
    now: Callable[[], datetime] = field(default=_now)
    new_id: Callable[[], str] = field(default=_new_id)
    known: Known = field(default_factory=Known)

    @contextmanager
    def writing(self, begin: Transaction = transaction) -> Iterator["Writer"]:
        """One transaction in which facts are appended and projected: all of them or none.

        Raises DatabaseUnusable when the database is another one than this program knows.
        """
        with begin(self.connection):
            self.known.hold(self.connection, self.path)
            yield Writer(self)
        self.known.hold(self.connection, self.path)

    def again(self) -> "Context":
        """The same database once more, for a thread of its own."""
        return replace(self, connection=open_store(self.path))

    def operation(self) -> finder.OperationRow:
        """The device's current operation.  Raises Refused when there is none."""
        self.known.hold(self.connection, self.path)
        current = finder.current_operation(self.connection, self.actor.device)
        if current is None:
            left = finder.newest_open(self.connection)
            go_on = f", or go on with “portcheck op use {_as_argument(left)}”" if left else ""
            raise Refused(
                f"no operation is under way on device {self.actor.device}: nothing was recorded",
                hint=f"Start one with “portcheck op start NAME”{go_on}.",
            )
        return current

    def zone_here(self) -> tzinfo:
        """The current operation's time zone, or the one in the settings."""
        current = finder.current_operation(self.connection, self.actor.device)
        return zone(current.timezone) if current else self.settings.zone


@dataclass(frozen=True, slots=True)
class Writer:
    """Appends facts inside an open transaction."""

    context: Context

    def append(self, event: "Event") -> Recorded:
        """Write `event` to the journal and what it means to the projections."""
        from portcheck.journal.events import payload_of  # noqa: PLC0415 - after the answer is shown
        from portcheck.store.projections import project  # noqa: PLC0415

        connection = self.context.connection
        recorded = append(
            connection, event.kind, payload_of(event), self.context.actor, self.context.now()
        )
        project(connection, event, recorded)
        return recorded
