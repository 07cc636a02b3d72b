"""For any log, every format of the report shows what a slow count of that log gives."""

import importlib.util
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portcheck.domain.decision import Decision
from portcheck.domain.text import one_line
from portcheck.intake.files.source import source_of_bytes
from portcheck.journal.append import Actor
from portcheck.report.formats import FORMATS
from portcheck.report.publish import publish
from portcheck.services import operation
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.checks.correct import void
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import load
from portcheck.store.schema import open_store

MORNING = datetime(2021, 6, 17, 5, tzinfo=UTC)
LISTED, NO_SUM = "AB12 CDE", "GA 777 QQ"
GUESSED = "LK12 ABC"
"""A mark that Britain alone issues."""
OWED = {LISTED: 240_000, NO_SUM: None}
LIST = f"""\
Registration,Haulier,Penalty reference,Issued on,Balance
{LISTED},Acme,{LISTED} DAY,04/01/2021,2400
{NO_SUM},Transports,{NO_SUM} DAY,04/01/2021,
"""
"""What was paid on another day is known on this: each has penalties of its own."""
NUMBERS = count(1)
Row = dict[str, Any]
Figures = dict[str, int]


@pytest.fixture(scope="module")
def readers() -> ModuleType:
    """How reports are read back (tests/report/report_readers.py)."""
    place = Path(__file__).parents[1] / "report" / "report_readers.py"
    spec = importlib.util.spec_from_file_location("report_readers", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    path = tmp_path_factory.mktemp("agree") / "checks.db"
    with closing(open_store(path, create=True)) as connection:
        chosen = load({"database": str(path)}, {"PORTCHECK_CONFIG": str(path.with_name("none"))})
        made = Context(connection, path, chosen, Actor("1", "", "L1"), now=lambda: MORNING)
        yield made


names = st.text(max_size=8).map(one_line).filter(lambda text: not text.startswith("'"))
counts = st.integers(0, 3)


def record_of(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.fixed_dictionaries(parts), max_size=2)


pence = st.integers(0, 500_000)
outcomes = st.fixed_dictionaries(
    {
        "searched": st.lists(st.sampled_from(["dog", "visual", "xray"]), unique=True, max_size=2),
        "persons": counts,
        "cash": record_of(
            currency=st.sampled_from(["GBP", "EUR", "JPY"]),
            amount_minor=pence,
            disposal=st.sampled_from(["seized", "counted"]),
        ),
        "offences": record_of(
            offence=st.sampled_from(["tachograph", "other"]),
            disposal=st.just("fixed_penalty"),
            amount_pence=pence,
        ),
        "arrests": record_of(count=counts, reason=names),
        "seizures": st.lists(
            st.one_of(
                st.fixed_dictionaries({"count": counts, "what": names}),
                st.fixed_dictionaries(
                    {
                        "kind": st.sampled_from(["drugs", "phones"]),
                        "unit": st.sampled_from(["kg", "g"]),
                        "quantity_minor": st.integers(0, 9000),
                        "value_pence": pence,
                    }
                ),
            ),
            max_size=2,
        ),
        "new_penalties": record_of(
            done=st.sampled_from(["notice_issued", "case_referred"]),
            section=st.sampled_from(["31A", "32"]),
            against=st.sampled_from(["owner", "driver"]),
            amount_pence=pence,
        ),
        "nationalities": st.lists(
            st.fixed_dictionaries({"nationality": st.just("VN"), "count": st.just(1)}), max_size=1
        ),
        "detention_expenses_pence": pence,
        "education": st.lists(st.sampled_from(["leaflet", "talk"]), unique=True, max_size=2),
        "notes": st.lists(names, max_size=2),
        "detained": st.booleans(),
    }
)
rows = st.fixed_dictionaries(
    {
        "vehicle": st.sampled_from([LISTED, NO_SUM, "ZZ1 ZZZ", "QQ99 QQQ", GUESSED]),
        "country": st.sampled_from(["", "GB", "PL"]),
        "minute": st.integers(0, 600),
        "direction": st.sampled_from(["inbound", "outbound", ""]),
        "lane": names,
        "officer": names.filter(bool),
        "outcome": outcomes,
        "paid": st.none() | st.integers(0, 300_000),
        "decision": st.sampled_from([Decision.CONFIRMED, Decision.REJECTED, Decision.NONE]),
        "void": st.booleans(),
    }
)


TAKEN: Row = {
    "vehicle": NO_SUM,
    "country": "",
    "minute": 0,
    "direction": "",
    "lane": "",
    "officer": "1",
    "outcome": {},
    "paid": 500,
    "decision": Decision.CONFIRMED,
    "void": False,
}


def told(row: Row, day: int = 0) -> dict[str, Any]:
    """The outcome as an officer gives it: only what there is."""
    found = {name: value for name, value in row["outcome"].items() if value}
    if not found.get("persons"):
        found.pop("nationalities", None)
    if row["paid"] is not None and row["vehicle"] in OWED and row["decision"] != "rejected":
        found["penalties"] = [
            {"reference": f"{row['vehicle']} {day}", "action": "part_paid"}
            | {"amount_pence": row["paid"]}
        ]
    return found


def recorded(context: Context, log: list[Row]) -> str:
    """The log, written down through the program in an operation of its own that has ended."""
    day = next(NUMBERS)
    file = source_of_bytes("list.csv", LIST.replace("DAY", str(day)).encode())
    import_list(context, file, ImportOptions("CECPT", confirm=lambda _: True))
    name = f"Day {day}"
    started = operation.start(context, name)
    for row in log:
        details = {key: row[key] for key in ("direction", "lane") if row[key]}
        query = Query(row["vehicle"], country=row["country"])
        observed = Observed(
            details=details,
            outcome=told(row, day),
            again=True,
            at=MORNING + timedelta(minutes=row["minute"]),
            decision=row["decision"] if row["vehicle"] in OWED else Decision.NONE,
            reason="why" if row["vehicle"] in OWED else Decision.NONE,
            checked_by=row["officer"],
        )
        saved = record(context, prepare(context, query, observed))
        if row["void"]:
            void(context, saved.ref, started.operation_id, "entered twice")
    end(context, reason="over")
    return name


def counted(log: list[Row]) -> Figures:
    """The figures of a log, one row after the other."""
    valid = [row for row in log if not row["void"]]
    found: Counter[str] = Counter(checks=len(valid), voided=len(log) - len(valid))
    found["vehicles"] = len({row["vehicle"] for row in valid})
    for figure, name in (("vehicles_with_persons", "persons"), ("vehicles_detained", "detained")):
        found[figure] = len({row["vehicle"] for row in valid if told(row).get(name)})
    for row in valid:
        outcome, nation = told(row), row["country"]
        searched = bool(outcome.get("searched"))
        finds = any(outcome.get(name) for name in ("persons", "cash", "seizures"))
        found.update(
            {
                row["direction"] or "nowhere": 1,
                {"GB": "uk", "": "country_not_recorded"}.get(nation, "foreign"): 1,
                f"by_country.{nation or 'not_recorded'}": 1,
                "country_guessed": not nation and row["vehicle"] == GUESSED,
                f"by_country_guessed.{nation or 'GB'}": not nation and row["vehicle"] == GUESSED,
                f"by_lane.{row['lane'] or 'not_recorded'}": 1,
                f"by_officer.{row['officer']}": 1,
                f"by_hour.2021-06-17T{6 + row['minute'] // 60:02}": 1,
                "searched": searched,
                "nothing_found": searched and not finds,
                "persons_found": outcome.get("persons", 0),
                "checks_with_persons": bool(outcome.get("persons")),
                "arrests": sum(one["count"] for one in outcome.get("arrests", ())),
                "seizures": sum(one.get("count", 1) for one in outcome.get("seizures", ())),
                "seizures_pence": sum(
                    one.get("value_pence", 0) for one in outcome.get("seizures", ())
                ),
                "by_nationality.VN": len(outcome.get("nationalities", ())),
                "detention_expenses_pence": outcome.get("detention_expenses_pence", 0),
                "traffic_offences": len(outcome.get("offences", ())),
                "drivers_educated": bool(outcome.get("education")),
            }
        )
        found.update(f"by_search_method.{one}" for one in outcome.get("searched", ()))
        found.update(f"education.{one}" for one in outcome.get("education", ()))
        for one in outcome.get("seizures", ()):
            kind = one.get("kind", "not_recorded")
            found[f"by_seizure.{kind}"] += one.get("count", 1)
            found[f"seized.{kind}.g"] += one.get("quantity_minor", 0)
        for one in outcome.get("new_penalties", ()):
            found["notices_issued"] += one["done"] == "notice_issued"
            found["cases_referred"] += one["done"] == "case_referred"
            found["new_penalties_pence"] += one["amount_pence"]
            found[f"by_new_penalty.{one['done']}.{one['section']}.{one['against']}"] += 1
        for one in outcome.get("offences", ()):
            found.update({f"by_offence.{one['offence']}": 1})
            found["fixed_penalties_pence"] += one["amount_pence"]
        for one in outcome.get("cash", ()):
            if one["disposal"] == "seized":
                found[f"cash.{one['currency']}"] += one["amount_minor"]
                found[f"cash.{one['currency']}.seizures"] += 1
    return {key: number for key, number in (found + _money(valid)).items() if key != "nowhere"}


def _money(valid: list[Row]) -> Counter[str]:
    matched = [row for row in valid if row["vehicle"] in OWED]
    standing = [row for row in matched if row["decision"] != "rejected"]
    found = Counter(
        {
            "matches.exact": len(matched),
            "matches.confirmed": sum(row["decision"] == "confirmed" for row in matched),
            "matches.rejected": len(matched) - len(standing),
            "matches.unresolved": sum(row["decision"] == "" for row in matched),
        }
    )
    for vehicle in {row["vehicle"] for row in standing}:
        owed = OWED[vehicle]
        paid = sum(row["paid"] or 0 for row in standing if row["vehicle"] == vehicle)
        taken = paid if owed is None else min(paid, owed)
        found["penalties.listed_pence"] += owed or 0
        found["penalties.enforced_count"] += taken > 0
        found["penalties.enforced_pence"] += taken
        found["penalties.enforced_without_sum_pence"] += taken if owed is None else 0
        found["penalties.outstanding_pence"] += 0 if owed is None else owed - taken
        found["penalties.overpaid_pence"] += paid - taken
        found["lines_without_sum"] += owed is None
    return found


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(log=st.lists(rows, max_size=6))
@example(log=[TAKEN, TAKEN | {"minute": 5, "paid": 70_000}, TAKEN | {"vehicle": LISTED}])
def test_every_format_agrees_with_a_slow_count(
    context: Context, readers: ModuleType, tmp_path: Path, log: list[Row]
) -> None:
    name = recorded(context, log)
    wanted = counted(log)
    selection = select(context, (name,))
    found = statement(context, selection)
    assert found.contradictions() == []
    figures = found.figures()
    assert {key: figures.get(key, 0) for key in wanted} == wanted
    for suffix in FORMATS:
        path = tmp_path / f"report{suffix}"
        publish(context, selection, path, force=True)
        shown = readers.READERS[suffix](path.read_bytes(), found)
        counted_alone = {key for key in wanted if suffix != ".csv" or key in shown}
        assert {key: shown.get(key, 0) for key in counted_alone} == {
            key: wanted[key] for key in counted_alone
        }, suffix
        assert len(counted_alone) > 5 or not wanted.get("checks")
