import csv
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portcheck.domain.tally import Tally
from portcheck.intake.files.source import Source, source_of_bytes
from portcheck.journal.append import Actor
from portcheck.services import operation, settings
from portcheck.services.checks.check import Observed, SavedCheck, prepare, record
from portcheck.services.context import Context
from portcheck.services.day.overview import CheckView, Wanted, checks
from portcheck.services.day.tally import tally
from portcheck.services.lists.import_list import ImportOptions, ImportResult, import_list
from portcheck.services.matching.matcher import Query
from portcheck.store.schema import open_store

NOON = datetime(2021, 6, 17, 12, tzinfo=UTC)
DAY = "Portsmouth 17 June"
LISTED: list[dict[str, str]] = [
    {
        "Registration": "AB12 CDE",
        "Country": "GB",
        "Haulier": "Acme Ltd",
        "Penalty reference": "CP-1042",
        "Issued on": "04/01/2021",
        "Balance": "2400.00",
        "Status": "Overdue",
    },
    {
        "Registration": "WX 12345",
        "Country": "PL",
        "Haulier": "Przewozy Wschód",
        "Penalty reference": "CP-7",
        "Issued on": "04/01/2021",
        "Balance": "0",
        "Status": "Paid",
    },
]
"""An enforceable penalty of £2,400.00, and one that was paid."""


@pytest.fixture(scope="session")
def _new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("new") / "portcheck.db"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def clock() -> list[datetime]:
    """The time is the last one in it."""
    return [NOON]


NewContext = Callable[..., Context]


@pytest.fixture
def new_context(_new_database: Path, tmp_path: Path, clock: list[datetime]) -> Iterator[NewContext]:
    """Opens the test's database for an officer on a device; each call is a connection more."""
    path = tmp_path / "portcheck.db"
    shutil.copy(_new_database, path)
    environ = {"PORTCHECK_CONFIG": str(tmp_path / "none.toml"), "PORTCHECK_DATA": str(tmp_path)}
    opened: list[Context] = []
    numbers = iter(range(1, 10_000))

    def opening(officer: str = "4711", agency: str = "Police", device: str = "L1") -> Context:
        context = Context(
            open_store(path),
            path,
            settings.load({}, environ),
            Actor(officer, agency, device),
            now=lambda: clock[-1],
            new_id=lambda: f"id-{next(numbers):04d}",
        )
        opened.append(context)
        return context

    yield opening
    for context in opened:
        context.connection.close()


@pytest.fixture
def context(new_context: NewContext) -> Context:
    """Officer 4711 of the police on device L1; nothing was done yet."""
    return new_context()


Rows = Sequence[Mapping[str, str]]


def csv_source(rows: Rows, name: str = "list.csv") -> Source:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, headings or ["Registration"])
    writer.writeheader()
    writer.writerows(rows)
    return source_of_bytes(name, out.getvalue().encode())


@pytest.fixture
def make_source() -> Callable[..., Source]:
    """A CSV file of rows by heading."""
    return csv_source


@pytest.fixture
def take(context: Context) -> Callable[..., ImportResult]:
    """Imports rows as the next version of a list, asking nobody."""

    def taking(rows: Rows, name: str = "CECPT", **options: Any) -> ImportResult:
        wanted: dict[str, Any] = {"list_name": name, "confirm": lambda _: True} | options
        return import_list(context, csv_source(rows), ImportOptions(**wanted))

    return taking


@pytest.fixture
def under_way(context: Context, take: Callable[..., ImportResult]) -> Context:
    """With a list in force and an operation under way."""
    take(LISTED)
    operation.start(context, DAY, site="Portsmouth International Port", agencies=["Police"])
    return context


@pytest.fixture
def check(context: Context) -> Callable[..., SavedCheck]:
    """Makes a check: registrations as for a query, the rest as observed."""

    def checking(
        vehicle: str, by: Context | None = None, *, no_list: bool = False, **more: Any
    ) -> SavedCheck:
        asked = {"country", "trailer", "trailer_country", "container", "haulier"}
        query = Query(vehicle, **{name: more.pop(name) for name in asked & more.keys()})
        at_work = by or context
        return record(at_work, prepare(at_work, query, Observed(**more), no_list=no_list))

    return checking


@pytest.fixture
def seen(context: Context) -> Callable[..., CheckView]:
    """A check as it stands, by its reference."""

    def seeing(ref: str) -> CheckView:
        found = checks(context, context.operation().operation_id, Wanted())
        return next(check for check in found if check.ref == ref)

    return seeing


@pytest.fixture
def counted(context: Context) -> Callable[[], Tally]:
    """The current operation's tally."""
    return lambda: tally(context)
