"""Who takes part in an operation, whose word counts there, and who leads: the fold of its events.

Who opened it is trusted and leads.  Whom a lead trusts is trusted by everyone; a lead may make
others leads.  What only a lead may do has no effect when another does it: it is kept, and named.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from portcheck.journal import sharing
from portcheck.journal.append import Recorded
from portcheck.journal.events import OperationEnded, OperationOpened
from portcheck.store.projections.checkfold import Fact

KINDS = frozenset(
    one.model_fields["kind"].default
    for one in (
        sharing.DeviceJoined,
        sharing.DeviceTrusted,
        sharing.DeviceRevoked,
        sharing.DeviceLost,
        sharing.DeviceFinished,
        sharing.OperationReopened,
    )
)
Counts = Callable[[str, Recorded], bool]
"""Whether an event counts in an operation of that identity."""


@dataclass(slots=True)
class Device:
    """A chain that takes part; the columns are those of `operation_device`."""

    chain: bytes
    label: str
    key: str = ""
    opener: bool = False
    trusted: bool = False
    lead: bool = False
    counted_to: int | None = None
    revoked: bool = False
    lost: bool = False
    finished: int = 0
    unheeded: list[str] = field(default_factory=list)


class Revocation(NamedTuple):
    """A chain of which nothing counts any more after its event `last`, said at that place."""

    chain: bytes
    place: tuple[int, bytes]
    last: int


def place(recorded: Recorded) -> tuple[int, bytes]:
    """Where an event stands in the one order of all."""
    return recorded.position, recorded.chain


_MOST_FOLDS = 8
"""One, and one more for each who revoked another and was revoked: deputies may do so in turn."""


@dataclass(slots=True)
class Authority:
    """An operation's devices by chain, its ends that had effect since it was last reopened, and
    the revocations that had effect: whose, at which place, up to which of its events.

    `known` are the revocations of a fold before this one: what a lead did beyond them it did
    after it was lost to whoever took it, however early its clock and its place put it.
    """

    opener: bytes
    own_leads: Collection[bytes]
    known: Sequence[Revocation] = ()
    devices: dict[bytes, Device] = field(default_factory=dict)
    ends: list[Fact] = field(default_factory=list)
    revocations: list[Revocation] = field(default_factory=list)

    def take(self, fact: Fact) -> None:
        """What an event makes of it."""
        event, recorded = fact
        own = recorded.chain
        match event:
            case OperationOpened():
                if own == self.opener:
                    first = self._device(own, recorded.actor.device)
                    first.opener = first.trusted = first.lead = True
            case sharing.DeviceJoined():
                joined = self._device(own, recorded.actor.device)
                joined.key = joined.key or event.key
            case sharing.DeviceFinished():
                finished = self._device(own, recorded.actor.device)
                finished.finished, finished.lost = recorded.seq, False
            case _ if not self._leads(recorded):
                self._device(own, recorded.actor.device).unheeded.append(event.kind)
            case sharing.DeviceTrusted() | sharing.DeviceRevoked() | sharing.DeviceLost():
                self._judge(event, recorded)
            case sharing.OperationReopened():
                self.ends.clear()
            case OperationEnded():
                self.ends.append(fact)

    def _leads(self, recorded: Recorded) -> bool:
        found = self.devices.get(recorded.chain)
        if any(
            recorded.chain == one.chain and recorded.seq > one.last and place(recorded) < one.place
            for one in self.known
        ):
            return False
        return bool(found and found.lead) or recorded.chain in self.own_leads

    def _judge(
        self,
        event: sharing.DeviceTrusted | sharing.DeviceRevoked | sharing.DeviceLost,
        recorded: Recorded,
    ) -> None:
        try:
            chain = bytes.fromhex(event.chain)
        except ValueError:
            return
        if chain == self.opener:
            return
        found = self._device(chain, event.label)
        match event:
            case sharing.DeviceTrusted():
                found.trusted, found.lead = True, found.lead or event.lead
                found.counted_to, found.revoked, found.lost = None, False, False
            case sharing.DeviceRevoked():
                found.lead, found.revoked, found.counted_to = False, True, event.last
                self.revocations.append(Revocation(chain, place(recorded), event.last))
            case sharing.DeviceLost():
                found.lost = True

    def _device(self, chain: bytes, label: str) -> Device:
        return self.devices.setdefault(chain, Device(chain, label))


def authority(
    connection: sqlite3.Connection, operation_id: str, facts: Sequence[Fact]
) -> Authority | None:
    """Who takes part and who leads, by the operation's facts in order; None where it was not
    opened by whom it must have been: who was named when it was joined, else a chain of this
    file, else whoever comes first.

    In the file of who opened it, all that is written there is as good as theirs.
    """
    opened = [one.chain for event, one in facts if isinstance(event, OperationOpened)]
    own = {chain for (chain,) in connection.execute("SELECT chain FROM own_chain")}
    pinned = connection.execute(
        "SELECT opener FROM joined WHERE operation_id = ?", (operation_id,)
    ).fetchone()
    preferred = [chain for chain in opened if chain in own] or opened
    opener = pinned[0] if pinned else next(iter(preferred), None)
    if opener not in opened:
        return None
    about = [
        fact
        for fact in facts
        if fact[0].kind in KINDS or isinstance(fact[0], OperationOpened | OperationEnded)
    ]
    known: list[Revocation] = []
    for _ in range(_MOST_FOLDS):
        found = Authority(opener, own if opener in own else (), known)
        for fact in about:
            found.take(fact)
        if found.revocations == known:
            break
        known = found.revocations
    return found


def keep(connection: sqlite3.Connection, operation_id: str, found: Iterable[Device]) -> set[bytes]:
    """Write an operation's devices; returns the chains of which more or less counts now."""
    query = "SELECT chain, trusted, counted_to FROM operation_device WHERE operation_id = ?"
    before = {(chain, bool(t), to) for chain, t, to in connection.execute(query, (operation_id,))}
    after = {(one.chain, one.trusted, one.counted_to) for one in found}
    connection.execute("DELETE FROM operation_device WHERE operation_id = ?", (operation_id,))
    for one in found:
        row: dict[str, Any] = {"operation_id": operation_id, **asdict(one)}
        row["unheeded"] = " ".join(one.unheeded)
        connection.execute(
            "INSERT INTO operation_device VALUES (:operation_id, :chain, :label, :key, :opener,"
            " :trusted, :lead, :counted_to, :revoked, :lost, :finished, :unheeded)",
            row,
        )
    return {chain for chain, trusted, _ in before ^ after if trusted}


def counting(connection: sqlite3.Connection) -> Counts:
    """Whether events count in operations: those of this file's own chains do, and those of
    chains that are trusted there.  In an operation that is not here nothing is said of it.
    """
    own = {chain for (chain,) in connection.execute("SELECT chain FROM own_chain")}
    known: dict[str, dict[bytes, int | None] | None] = {}

    def trusted(operation_id: str) -> dict[bytes, int | None] | None:
        query = "SELECT 1 FROM operation WHERE operation_id = ?"
        if connection.execute(query, (operation_id,)).fetchone() is None:
            return None
        rows = connection.execute(
            "SELECT chain, counted_to FROM operation_device WHERE operation_id = ? AND trusted",
            (operation_id,),
        )
        return dict(rows.fetchall())

    def counts(operation_id: str, recorded: Recorded) -> bool:
        if recorded.chain in own:
            return True
        if operation_id not in known:
            known[operation_id] = trusted(operation_id)
        chains = known[operation_id]
        if chains is None:
            return True
        last = chains.get(recorded.chain, 0)
        return last is None or recorded.seq <= last

    return counts
