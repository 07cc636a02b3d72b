"""What every use case works with: the store, the clock, identities, who acts and where."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from portcheck.domain.text import as_argument
from portcheck.domain.times import believable
from portcheck.errors import Refused
from portcheck.journal.append import Actor, Recorded, append
from portcheck.services.installation import DeviceKey, gone_on, unsigned
from portcheck.services.settings import Settings, zone
from portcheck.store import finder
from portcheck.store.connection import transaction
from portcheck.store.footing import Footing, footing, head_of, note_footing
from portcheck.store.gathered import Gathered
from portcheck.store.known import Known
from portcheck.store.schema import open_store

if TYPE_CHECKING:
    from portcheck.journal.events import Event

T = TypeVar("T")

Ask = Callable[[str], str]
"""Asks somebody for a password, with these words."""

Transaction = Callable[[sqlite3.Connection], AbstractContextManager[sqlite3.Connection]]
"""What begins a transaction, and ends it."""


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    from uuid_utils import uuid7  # noqa: PLC0415 - only when something is recorded

    believable(_now())  # it begins with the time, and cannot be made before 1970
    return str(uuid7())


def _tell_nobody(_: str) -> None:
    """Where nobody asked to be told."""


@dataclass(frozen=True, slots=True)
class Context:
    """One open database and the person who works with it.

    `who` is the person as the settings say, and `actor` as this file knows the device;
    `key` is that of the installation, where one is kept.  `tell` takes what is to be said
    once, `ask` asks for a password where somebody is there, and `made` holds what `of_lists`
    made, for this connection and so for one thread.
    """

    connection: sqlite3.Connection
    path: Path
    settings: Settings
    who: Actor
    now: Callable[[], datetime] = field(default=_now)
    new_id: Callable[[], str] = field(default=_new_id)
    known: Known = field(default_factory=Known)
    key: DeviceKey | None = None
    tell: Callable[[str], None] = field(default=_tell_nobody)
    ask: Ask | None = None
    made: dict[type, tuple[Sequence[finder.CurrentList], Any]] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """Who writes, under the label that the device has in this file."""
        who, label = self.identified(), self.footing().label
        return who if label == who.device else replace(who, device=label, asked=who.device)

    def footing(self) -> Footing:
        """How this installation writes in this file."""
        who = self.identified()
        found = self.known.footings.get(who)
        if found is None:
            found = footing(self.connection, who)
            if found.noted(who.installation) and not self.connection.in_transaction:
                self.known.footings[who] = found
        return found

    def identified(self) -> Actor:
        """Who writes as the settings say, by the key of this installation."""
        return replace(self.who, installation=self.key.identity) if self.key else self.who

    @contextmanager
    def writing(self, begin: Transaction = transaction) -> Iterator["Writer"]:
        """One transaction in which facts are appended and projected: all of them or none.

        Raises DatabaseUnusable when the database is another one than this program knows.
        """
        if self.key:
            self.key.make()
        self.footing()  # once it stands fast, no transaction has to look for it
        with begin(self.connection):
            self.known.hold(self.connection, self.path)
            writer = Writer(self)
            yield writer
            writer.gathered.write(self.connection)
        for text in writer.told:
            self.tell(text)
        self.known.hold(self.connection, self.path)

    def again(self) -> "Context":
        """The same database once more, for a thread of its own."""
        return replace(self, connection=open_store(self.path), made={})

    def of_lists(
        self, kind: type[T], lists: Sequence[finder.CurrentList], make: Callable[[], T]
    ) -> T:
        """What `make` reads of `lists`, kept for as long as these are asked for: as they are in
        force in the transaction in which the result is used.
        """
        known = self.made.get(kind)
        if known is None or known[0] != lists:
            known = self.made[kind] = lists, make()
        made: T = known[1]
        return made

    def current(self) -> finder.OperationRow | None:
        """The device's current operation, if any."""
        return finder.current_operation(self.connection, self.footing().state_of)

    def operation(self) -> finder.OperationRow:
        """The device's current operation.  Raises Refused when there is none."""
        self.known.hold(self.connection, self.path)
        current = self.current()
        if current is None:
            left = finder.newest_open(self.connection)
            go_on = ""
            if left:
                name = as_argument(left.name, left.operation_id)
                go_on = f", or go on with “portcheck op use {name}”"
            raise Refused(
                f"no operation is under way on device {self.actor.device}: nothing was recorded",
                hint="Start one with “portcheck op start NAME”, join another device's with"
                f" “portcheck op join TARGET”{go_on}.",
            )
        return current

    def zone_here(self) -> tzinfo:
        """The current operation's time zone, or the one in the settings."""
        current = self.current()
        return zone(current.timezone) if current else self.settings.zone


@contextmanager
def writing_as(context: Context, label: str) -> Iterator["Writer"]:
    """As `Context.writing`, under a label that this device has in this file from now on: where it
    had another so far, a chain of its own begins.
    """
    found = context.footing()
    if label == found.label:
        with context.writing() as writer:
            yield writer
        return
    who = context.identified()
    context.known.footings[who] = Footing(label, found.place)
    try:
        with context.writing() as writer:
            yield writer
    finally:
        del context.known.footings[who]


@dataclass(frozen=True, slots=True)
class Writer:
    """Appends facts inside an open transaction; `told` is to be said once they are on disk.

    The sums that tallies are read from follow when it ends: what they change by is `gathered`.
    """

    context: Context
    told: list[str] = field(default_factory=list)
    gathered: Gathered = field(default_factory=Gathered)

    def append(self, event: "Event") -> Recorded:
        """Write `event` to the journal and what it means to the projections."""
        self._find_footing()
        return self._append(event)

    def note(self, kind: str, payload: Mapping[str, Any]) -> Recorded:
        """Write a fact that no projection knows, without loading the classes of facts."""
        self._find_footing()
        return self._write(kind, payload)

    def _find_footing(self) -> None:
        """Have the device's chain begin as it must, and note whose it is and where it is."""
        context = self.context
        connection, found = context.connection, context.footing()
        if found.goes_on:
            installation = context.actor.installation
            if not found.noted(installation):
                note_footing(connection, found.goes_on.chain, installation, found.place)
            return
        if context.key and context.key.trouble:
            self.told.append(unsigned(context.key, found.label))
        head = head_of(connection, found.continues.chain) if found.continues else None
        if head:
            from portcheck.journal.events import ChainContinued  # noqa: PLC0415 - as below
            from portcheck.journal.parts import EventName  # noqa: PLC0415

            named = EventName(chain=head.chain.hex(), seq=head.seq, hash=head.hash.hex())
            self._append(ChainContinued(continued=named, label=head.device))
            self.told.append(gone_on(found))

    def _append(self, event: "Event") -> Recorded:
        from portcheck.journal.events import payload_of  # noqa: PLC0415 - after the answer is shown
        from portcheck.store.projections import project  # noqa: PLC0415

        recorded = self._write(event.kind, payload_of(event))
        project(self.context.connection, event, recorded, self.gathered)
        return recorded

    def _write(self, kind: str, payload: Mapping[str, Any]) -> Recorded:
        context = self.context
        return append(context.connection, kind, payload, context.actor, context.now())
