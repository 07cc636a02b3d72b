"""Devices of one operation, each with a database of its own: for tests of what they share, and
for how long it takes (`fold.py`).
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from portcheck.domain.decision import Decision
from portcheck.domain.fields import combine
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.times import read_utc
from portcheck.errors import Refused
from portcheck.journal import events, parts, sharing
from portcheck.journal.append import Actor, append
from portcheck.journal.exchange import held, receive, sealed
from portcheck.store import projections
from portcheck.store.connection import transaction
from portcheck.store.gathered import Gathered

LOCAL = {"device_state", "list_version", "action_list"}
"""What is a device's own: its current operation, and its numbers for lists."""
NOON = read_utc("2021-06-17T11:00:00.000000Z")
DEVICES = 3
OUTCOMES: tuple[dict[str, Any], ...] = (
    {"searched": ["dog"]},
    {"searched": ["visual"], "persons": 2},
    {"persons": 3},
    {"notes": ["a note"]},
    {"seal": "intact"},
    {"seal": "broken"},
    {"penalties": [{"reference": "CP-1", "action": "part_paid", "amount_pence": 500}]},
)
LANES = ("In 1", "In 2", "")
MARKS = ("AB12 CDE", "KL65 XYZ")


@dataclass
class Device:
    """A device: its database, who writes there, and what was sent to it of the others."""

    connection: sqlite3.Connection
    actor: Actor
    number: int
    made: int = 0
    written: int = 0
    operation: str = "o"

    def write(self, event: events.Event) -> None:
        self.written += 1
        now = NOON + timedelta(seconds=self.written)
        with transaction(self.connection):
            kept = append(self.connection, event.kind, events.payload_of(event), self.actor, now)
            gathered = Gathered()
            projections.project(self.connection, event, kept, gathered)
            gathered.write(self.connection)

    @property
    def chain(self) -> bytes:
        (found,) = self.one("SELECT chain FROM own_chain")
        return bytes(found)

    def take(self, other: "Device", most: int | None = None, *, again: bool = False) -> None:
        """What the other has and this one has not, or its first events; `again`: from the first."""
        have = {} if again else held(self.connection)
        (before,) = self.connection.execute("SELECT COALESCE(MAX(arrival), 0) FROM journal")
        with transaction(self.connection):
            came = receive(
                self.connection,
                list(islice(sealed(other.connection, have), most)),
                source="test",
                now=NOON,
            )
            projections.take(self.connection, before[0])
        assert came.refused == []

    def one(self, query: str, *values: Any) -> Any:
        return self.connection.execute(query, values).fetchone()

    def check_of(self, number: int) -> sqlite3.Row | None:
        rows = self.connection.execute(
            "SELECT check_id, lane, vehicle, vehicle_key, outcome, voided FROM vehicle_check"
            " ORDER BY check_id"
        ).fetchall()
        return rows[number % len(rows)] if rows else None

    def act(self, act: str, which: int, how: int) -> None:
        """Do something that portcheck would let an officer do here."""
        if act == "check":
            self.check(how)
            return
        found = self.check_of(which)
        if found is None:
            return
        check_id, lane, vehicle, key, outcome, voided = found
        if voided and act != "unvoid":
            return
        getattr(self, act)(check_id, how, (lane, vehicle, key, json.loads(outcome)))

    def check(self, how: int) -> None:
        if self.one("SELECT 1 FROM operation") is None:
            return
        self.made += 1
        matches = () if how % 3 == 0 else (match(1, "CP-1"), match(2, "CP-2"))[: how % 3]
        self.write(
            events.CheckRecorded(
                check_id=f"c-{self.number}-{self.made}",
                operation_id=self.operation,
                number=self.made,
                ref=f"L{self.number}-{self.made:03d}",
                at=NOON,
                vehicle=parts.MarkTyped(text="AB12 CDE", key="AB12CDE", country="GB"),
                details={"lane": "In 1"},
                screened=True,
                verdict="listed" if matches else "clear",
                matches=matches,
            )
        )

    def outcome(self, check_id: str, how: int, now: tuple[Any, ...]) -> None:
        said = OUTCOMES[how % len(OUTCOMES)]
        try:
            combine(OUTCOME, now[3], said)
        except Refused:
            return
        self.write(events.OutcomeRecorded(check_id=check_id, outcome=said))

    def decide(self, check_id: str, how: int, _now: tuple[Any, ...]) -> None:
        chosen = self.matches(check_id)
        if not chosen:
            return
        number, name, decided_in = chosen[how % len(chosen)]
        over = tuple(decided_in.split())
        if over and how % 4 == 3:
            self.write(
                events.DecisionWithdrawn(
                    check_id=check_id, matches=(number,), named=(name,), over=over
                )
            )
            return
        self.write(
            events.MatchDecided(
                check_id=check_id,
                matches=(number,),
                named=(name,),
                decision=Decision.of(confirm=bool(how % 2)),
                reason="seen",
                over=over,
            )
        )

    def matches(self, check_id: str) -> list[tuple[int, str, str]]:
        return self.connection.execute(
            "SELECT number, name, decided_in FROM check_match WHERE check_id = ?"
            " AND decision IN ('open', 'confirmed', 'rejected') ORDER BY number",
            (check_id,),
        ).fetchall()

    def amend(self, check_id: str, how: int, now: tuple[Any, ...]) -> None:
        lane, vehicle, key, _ = now
        wanted = LANES[how % len(LANES)]
        mark = MARKS[how % len(MARKS)]
        rematched: dict[str, Any] = {}
        if how % 5 == 0 and mark != vehicle:
            after = mark.replace(" ", "")
            changes = [
                events.Change(field="vehicle", before=vehicle, after=mark),
                events.Change(field="vehicle_key", before=key, after=after),
            ]
            (last,) = self.one(
                "SELECT COALESCE(MAX(number), 0) FROM check_match WHERE check_id = ?", check_id
            )
            rematched = {
                "rematched": True,
                "verdict": "listed",
                "matches": (match(last + 1, "CP-1", mark),),
            }
        elif wanted != lane:
            changes = [events.Change(field="lane", before=lane or None, after=wanted or None)]
        else:
            return
        over = tuple(
            event
            for change in changes
            for (event,) in self.connection.execute(
                "SELECT event FROM dispute WHERE subject = ? AND field = ?",
                (check_id, change.field),
            )
        )
        self.write(
            events.CheckAmended(
                check_id=check_id, changes=tuple(changes), reason="r", over=over, **rematched
            )
        )

    def later_match(self, check_id: str, how: int, _now: tuple[Any, ...]) -> None:
        (last,) = self.one(
            "SELECT COALESCE(MAX(number), 0) FROM check_match WHERE check_id = ?", check_id
        )
        found = (match(last + 1, f"CP-{how % 3 + 3}"),)
        self.write(
            events.MatchesFoundLater(
                check_id=check_id, list_name="CECPT", list_version=2, matches=found
            )
        )

    def void(self, check_id: str, _how: int, _now: tuple[Any, ...]) -> None:
        self.write(events.CheckVoided(check_id=check_id, reason="twice"))

    def unvoid(self, check_id: str, _how: int, _now: tuple[Any, ...]) -> None:
        if self.one("SELECT voided FROM vehicle_check WHERE check_id = ?", check_id)[0]:
            self.write(events.VoidWithdrawn(check_id=check_id))

    def end(self, _check_id: str, _how: int, _now: tuple[Any, ...]) -> None:
        if self.one("SELECT ended_at FROM operation")[0] is None:
            self.write(
                events.OperationEnded(
                    operation_id="o", ended_at=NOON, tally={}, fingerprint=f"f{self.number}"
                )
            )

    def reopen(self, _check_id: str, _how: int, _now: tuple[Any, ...]) -> None:
        if self.one("SELECT ended_at FROM operation")[0] is not None:
            self.write(sharing.OperationReopened(operation_id="o", reason="more came"))

    def judge(self, _check_id: str, how: int, _now: tuple[Any, ...]) -> None:
        """Trust a device that takes part, revoke it or give it up; not oneself."""
        found = self.connection.execute(
            "SELECT chain, label FROM operation_device WHERE chain <> ? ORDER BY chain",
            (self.chain,),
        ).fetchall()
        chain, label = found[how % len(found)]
        (last,) = self.one("SELECT MAX(seq) FROM journal WHERE chain = ?", chain)
        named: dict[str, Any] = {"operation_id": "o", "chain": chain.hex(), "label": label}
        self.write(
            (
                sharing.DeviceTrusted(**named, lead=bool(how % 2)),
                sharing.DeviceRevoked(**named, last=(last or 0) // 2),
                sharing.DeviceLost(**named),
            )[how % 3]
        )

    def finish(self, _check_id: str, _how: int, _now: tuple[Any, ...]) -> None:
        self.write(sharing.DeviceFinished(operation_id="o"))

    def log(self, _check_id: str, how: int, _now: tuple[Any, ...]) -> None:
        sha = f"{how % 2}" * 64
        if self.one("SELECT 1 FROM log_import WHERE sha256 = ?", sha) is None:
            counts: dict[str, Any] = {"rows": 1, "accepted": 1, "duplicates": 0, "rejected": 0}
            self.write(
                events.ChecksImported(
                    operation_id="o", file_name=f"{self.number}.csv", sha256=sha, **counts
                )
            )

    def erase(self, _check_id: str, how: int, _now: tuple[Any, ...]) -> None:
        chain, seq = self.one("SELECT chain, seq FROM journal ORDER BY arrival LIMIT 1")
        ground = ("review", "request")[how % 2]
        named = parts.EventName(chain=chain.hex(), seq=seq + 1000)  # of which nothing is held
        self.write(events.PayloadsErased(events=(named,), ground=ground))  # type: ignore[arg-type]

    def newer(self, check_id: str, _how: int, _now: tuple[Any, ...]) -> None:
        """An event that only a newer portcheck can read."""
        self.written += 1
        with transaction(self.connection):
            weighed = {"kind": "vehicle_weighed", "check_id": check_id, "tonnes": 44}
            append(self.connection, "vehicle_weighed", weighed, self.actor, NOON)
            projections.make(self.connection, [check_id])


def match(number: int, reference: str, typed: str = "AB12 CDE") -> parts.MatchSeen:
    penalty = parts.PenaltySeen(
        entry_id=number, reference=reference, owed_pence=1000, enforceable="yes",
        reasons=("it is owed",), rule=8,
    )  # fmt: skip
    return parts.MatchSeen(
        number=number, unit="vehicle", tier="exact", typed=typed, registration=reference,
        list_name="CECPT", list_version=1, why="same registration", cost=0, penalties=(penalty,),
    )  # fmt: skip


@contextmanager
def new_device(empty: bytes, number: int) -> Iterator[Device]:
    """A device that knows of nothing yet."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(empty)
        connection.execute("PRAGMA foreign_keys = ON")
        yield Device(connection, Actor(f"{number}", "Police", f"L{number}"), number)


@contextmanager
def three(empty: bytes) -> Iterator[list[Device]]:
    """Three devices.  The first has opened an operation and checked two listed vehicles, of
    which the second knows.
    """
    with ExitStack() as stack:
        devices = [
            stack.enter_context(new_device(empty, number)) for number in range(1, DEVICES + 1)
        ]
        devices[0].write(
            events.OperationOpened(
                operation_id="o", name="Port", timezone="Europe/London", marking="M",
                started_at=NOON,
            )
        )  # fmt: skip
        for other in devices[1:]:
            other.take(devices[0])
            other.write(sharing.DeviceJoined(operation_id="o"))
            devices[0].take(other)
        trust_all(devices)
        for _ in range(2):
            devices[0].check(2)
        devices[1].take(devices[0])
        yield devices


def shared(device: Device) -> dict[str, Any]:
    """Every row that is the same at every device."""
    found = projections.dump(device.connection)
    return {table: rows for table, rows in found.items() if table not in LOCAL}


def as_a_rebuild(device: Device) -> None:
    before = projections.dump(device.connection)
    with transaction(device.connection):
        projections.rebuild(device.connection)
    assert projections.dump(device.connection) == before


def trust_all(devices: Sequence[Device]) -> None:
    """The first, which opened the operation, makes all others leads."""
    for other in devices[1:]:
        if other.written == 0:
            continue
        devices[0].write(
            sharing.DeviceTrusted(
                operation_id="o", chain=other.chain.hex(), label=other.actor.device, lead=True
            )
        )


def bring(*devices: Device) -> None:
    """Everything to everybody; then all say the same, and it is what a rebuild says."""
    for _ in range(2):
        for device in devices:
            for other in devices:
                device.take(other)
        trust_all(devices)  # a device goes by what it recorded, whether or not others do
    for device in devices:
        device.take(devices[0])
    first, *others = map(shared, devices)
    assert all(one == first for one in others)
    for device in devices:
        as_a_rebuild(device)
