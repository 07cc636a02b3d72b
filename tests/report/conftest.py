"""The operation of 17 June 2021 as a report sees it, and reports made of anything."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from portcheck.intake.files.source import open_source, source_of_bytes
from portcheck.journal.append import Actor
from portcheck.report.publish import publish
from portcheck.services import operation
from portcheck.services.checks.check import Observed, SavedCheck, prepare, record
from portcheck.services.checks.correct import Correction, amend, void
from portcheck.services.checks.import_log import import_log
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end
from portcheck.services.day.selection import select
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import load
from portcheck.store.schema import open_store

SAMPLES = Path(__file__).parents[2] / "sample_data"
PORTSMOUTH = "Portsmouth 17 June 2021"
MORNING = datetime(2021, 6, 17, 4, 30, tzinfo=UTC)
NOON = datetime(2021, 6, 17, 11, tzinfo=UTC)
EVENING = datetime(2021, 6, 17, 17, tzinfo=UTC)
LISTED = """\
Registration,Country,Haulier,Liable party,Role,Penalty reference,Issued on,Balance,Status
AB12 CDE,GB,Acme Ltd,Acme Ltd,owner,CP-1,04/01/2021,2400.00,Overdue
AB12 CDE,GB,Acme Ltd,Jan Kowalski,driver,CP-2,04/01/2021,1000.00,Under objection
WX 12345,PL,Przewozy,Przewozy,owner,CP-3,04/01/2021,0,Paid
GA 777 QQ,FR,Transports,Transports,owner,CP-4,04/01/2021,,Overdue
"""


@contextmanager
def opened(path: Path, now: Callable[[], datetime], **settings: str) -> Iterator[Context]:
    """A database for officer 4711 of the police."""
    environ = {"PORTCHECK_CONFIG": str(path.with_name("none.toml"))}
    connection = open_store(path, create=True)
    numbers = iter(range(1, 10_000_000))
    try:
        yield Context(
            connection,
            path,
            load({"database": str(path), **settings}, environ),
            Actor("4711", "Police", "L1"),
            now=now,
            new_id=lambda: f"00000000-0000-7000-8000-{next(numbers):012d}",
        )
    finally:
        connection.close()


@pytest.fixture(scope="session")
def readers() -> ModuleType:
    """`report_readers`, which stands beside this file."""
    place = Path(__file__).with_name("report_readers.py")
    spec = importlib.util.spec_from_file_location("report_readers", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def portsmouth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The published operation, ended in the evening.  Tests only read it."""
    clock = [MORNING]
    with opened(tmp_path_factory.mktemp("portsmouth") / "checks.db", lambda: clock[-1]) as context:
        source = open_source(SAMPLES / "action_list.xlsx")
        import_list(context, source, ImportOptions(list_name="CECPT"))
        operation.start(
            context,
            PORTSMOUTH,
            site="Portsmouth International Port",
            agencies=("Hampshire Constabulary", "Border Force", "Port"),
        )
        clock.append(EVENING)
        import_log(context, open_source(SAMPLES / "checks.csv"))
        end(context)
        yield context


@pytest.fixture
def clock() -> list[datetime]:
    """The time is the last one in it."""
    return [NOON]


@pytest.fixture
def context(tmp_path: Path, clock: list[datetime]) -> Iterator[Context]:
    """A list in force, and an operation under way at Dover."""
    with opened(tmp_path / "checks.db", lambda: clock[-1]) as context:
        source = source_of_bytes("list.csv", LISTED.encode())
        import_list(context, source, ImportOptions(list_name="CECPT"))
        operation.start(context, "Dover", site="Dover Western Docks", agencies=("Police",))
        yield context


@pytest.fixture
def check(context: Context) -> Callable[..., SavedCheck]:
    """Makes a check: registrations as for a query, the rest as observed."""

    def checking(vehicle: str, **more: Any) -> SavedCheck:
        asked = {"country", "trailer", "trailer_country", "container", "haulier"}
        query = Query(vehicle, **{name: more.pop(name) for name in asked & more.keys()})
        return record(context, prepare(context, query, Observed(**more)))

    return checking


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., bytes]:
    """Publishes a report of a context's operations and gives what stands in the file."""

    def writing(context: Context, suffix: str, *names: str, **options: Any) -> bytes:
        path = tmp_path / f"report{suffix}"
        publish(context, select(context, names, **options), path, force=True)
        return path.read_bytes()

    return writing


EVENTFUL: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "AB12 CDE",
        {
            "country": "GB",
            "trailer": "C1234567",
            "details": {"direction": "inbound", "unit": "tractor", "body": "tanker", "lane": "1"},
            "decision": "confirmed",
            "outcome": {
                "searched": ["dog", "xray"],
                "cash": [
                    {"currency": "EUR", "amount_minor": 125050, "disposal": "seized"},
                    {"currency": "JPY", "amount_minor": 5000, "disposal": "seized"},
                    {"currency": "GBP", "amount_minor": 700, "disposal": "counted"},
                ],
                "penalties": [
                    {
                        "reference": "CP-1",
                        "action": "part_paid",
                        "amount_pence": 100000,
                        "method": "card",
                        "receipt": "R-77",
                        "authorised_by": "CIO 12",
                    }
                ],
            },
        },
    ),
    (
        "AB12 CDE",
        {
            "country": "GB",
            "details": {"direction": "outbound", "unit": "tractor", "lane": "2"},
            "outcome": {
                "persons": 3,
                "minors": 1,
                "nrm_referrals": 1,
                "arrests": [{"count": 2, "reason": "facilitation"}],
                "found_by": ["heartbeat"],
                "found_in": ["roof"],
                "handed_over": [{"to": "immigration", "count": 3}],
                "nationalities": [{"nationality": "VN", "count": 2}],
                "asylum_claimed": 1,
                "new_penalties": [
                    {
                        "done": "notice_issued",
                        "section": "32",
                        "against": "driver",
                        "notice": "CP-2077",
                        "amount_pence": 600000,
                    },
                    {"done": "case_referred", "section": "31A", "against": "owner"},
                ],
                "detention_expenses_pence": 12550,
                "held_for": ["border_force", "police"],
            },
        },
    ),
    ("WX 12345", {"country": "PL", "decision": "rejected", "reason": "another make"}),
    ("AB12 CDF", {"outcome": {"searched": ["visual"], "nothing_found": True}}),
    (
        "GA 777 QQ",
        {
            "country": "FR",
            "decision": "confirmed",
            "details": {"body": "container", "lane": "1", "direction": "inbound"},
            "outcome": {
                "offences": [
                    {
                        "offence": "tachograph",
                        "disposal": "fixed_penalty",
                        "amount_pence": 30000,
                    },
                    {"offence": "insurance", "disposal": "arrest"},
                    {"offence": "overweight", "disposal": "prohibition_delayed"},
                    {"offence": "licence", "disposal": "deposit", "amount_pence": 50000},
                ],
                "education": ["leaflet", "talk"],
                "language": "French",
                "seizures": [
                    {"count": 2, "what": "tobacco"},
                    {
                        "kind": "drugs",
                        "unit": "kg",
                        "quantity_minor": 2500,
                        "value_pence": 90000,
                    },
                ],
                "detained": True,
                "notes": ["said nothing", "left at noon"],
            },
        },
    ),
)


@pytest.fixture
def eventful(context: Context, check: Callable[..., SavedCheck]) -> Context:
    """Dover with finds, an arrest, seized cash, corrections, and a match that is open."""
    for vehicle, observed in EVENTFUL:
        check(vehicle, **observed)
    check("ZZ1 ZZZ")
    current = context.operation().operation_id
    void(context, "L1-006", current, "entered twice")
    amend(context, "L1-003", current, Correction({}, {"lane": "3"}, {}), "typed wrong")
    return context


@pytest.fixture
def without_sum(eventful: Context, check: Callable[..., SavedCheck]) -> Context:
    """And money taken on a penalty line for which the list gives no sum."""
    taken = {"reference": "CP-4", "action": "paid_in_full", "amount_pence": 20000}
    check("GA 777 QQ", country="FR", decision="confirmed", outcome={"penalties": [taken]})
    return eventful
