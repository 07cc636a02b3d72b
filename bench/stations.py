"""Laptops that share an operation through a target, each with a key, settings and a database of
its own: for tests of what they share, and for how long it takes (`sync.py`).
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portcheck.domain.tally import Tally
from portcheck.intake.files.source import source_of_bytes
from portcheck.journal.append import Actor
from portcheck.services import operation, settings
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.context import Context
from portcheck.services.day.overview import CheckView, Wanted, checks
from portcheck.services.day.tally import tally
from portcheck.services.exchange import devices
from portcheck.services.exchange.joining import JoinedOperation, join_from
from portcheck.services.exchange.sync import Synced, open_and_sync
from portcheck.services.installation import DeviceKey
from portcheck.services.lists.import_list import ImportOptions, ImportResult, import_list
from portcheck.services.matching.matcher import Query
from portcheck.store import projections
from portcheck.store.schema import open_store

NOON = datetime(2021, 6, 17, 12, tzinfo=UTC)
DAY = "Portsmouth 17 June"
LIST = """\
Registration,Country,Haulier,Liable party,Penalty reference,Section,Issued on,Amount,Balance,Status
AB12 CDE,GB,Acme Ltd,Acme Ltd,CP-1042,32,04/01/2021,2400.00,2400.00,outstanding
WX 12345,PL,Przewozy,Przewozy,CP-7,32,04/01/2021,1000.00,0,paid
"""
MORE = LIST + "KL65 XYZ,GB,Acme Ltd,Acme Ltd,CP-9,32,04/01/2021,500.00,500.00,outstanding\n"


@dataclass
class Station:
    """A laptop: its folder with key, settings and database."""

    folder: Path
    name: str
    clock: list[datetime] = field(default_factory=lambda: [NOON])
    opened: list[Context] = field(default_factory=list)
    label: str = "L1"

    @property
    def context(self) -> Context:
        """Its database, as a program that has just begun opens it."""
        if not self.opened:
            folder = self.folder
            folder.mkdir(parents=True, exist_ok=True)
            environ = {"PORTCHECK_CONFIG": str(folder / "config.toml")}
            self.opened.append(
                Context(
                    open_store(folder / "day.db", create=True),
                    folder / "day.db",
                    settings.load({}, environ),
                    Actor(f"officer {self.name}", "Police", self.label),
                    now=self._now,
                    key=DeviceKey(folder / "config.toml"),
                )
            )
        return self.opened[-1]

    def _now(self) -> datetime:
        self.clock[-1] += timedelta(seconds=1)
        return self.clock[-1]

    def shut(self) -> None:
        """The program ends."""
        while self.opened:
            self.opened.pop().connection.close()

    def again(self) -> Context:
        """The program begins again."""
        self.shut()
        return self.context

    def take(self, text: str = LIST, name: str = "CECPT") -> ImportResult:
        source = source_of_bytes("list.csv", text.encode())
        return import_list(self.context, source, ImportOptions(list_name=name))

    def start(self, name: str = DAY) -> str:
        return operation.start(self.context, name, site="Portsmouth").operation_id

    def check(self, vehicle: str, **more: Any) -> str:
        found = record(self.context, prepare(self.context, Query(vehicle), Observed(**more)))
        return found.ref

    def sync(self, target: Path | str, **more: Any) -> Synced:
        return open_and_sync(self.context, str(target), **more)

    def join(self, target: Path | str, **more: Any) -> JoinedOperation:
        return join_from(self.context, str(target), **more)

    def trust(self, ref: str, *, lead: bool = False) -> None:
        devices.trust(self.context, self.context.operation(), ref, lead=lead)

    @property
    def tally(self) -> Tally:
        return tally(self.context)

    def devices(self) -> dict[str, devices.Device]:
        chosen = operation.named(self.context, DAY).operation_id
        found = devices.devices(self.context, chosen, clocks=True)
        return {one.label: one for one in found}

    def seen(self, ref: str) -> CheckView:
        chosen = operation.named(self.context, DAY).operation_id
        return next(one for one in checks(self.context, chosen, Wanted()) if one.ref == ref)

    def clone(self, name: str) -> "Station":
        """The same disk in another laptop: key, settings and database."""
        self.shut()
        folder = self.folder.parent / name
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder, name=name, opened=[], clock=[self.clock[-1]])


LOCAL = {"device_state", "list_version", "action_list", "records_held"}


def story(one: Station) -> dict[str, Any]:
    """What a device's projections say, but for what is its own."""
    found = projections.dump(one.context.connection)
    return {table: rows for table, rows in found.items() if table not in LOCAL}


def round_trip(stick: Path, stations: Sequence[Station]) -> None:
    """Everybody syncs until nobody has news."""
    for _ in range(3):
        for one in stations:
            one.sync(stick)


def as_a_rebuild(one: Station) -> None:
    """Its projections are those that its journal makes."""
    before = projections.dump(one.context.connection)
    connection = one.context.connection
    connection.execute("BEGIN IMMEDIATE")
    projections.rebuild(connection)
    assert projections.dump(connection) == before
    connection.execute("ROLLBACK")


def journals(folder: Path) -> list[Path]:
    """The pieces on a stick, by name."""
    return sorted(folder.glob("*/events/*/*.piece"))
