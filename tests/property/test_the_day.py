"""Whatever officers do in whatever order, the journal, the tables and the tally agree.

Hypothesis drives the real services on a real SQLite file: two devices, two
lists that change, checks with all that goes with them.  At the end the tally is
counted again here, by hand, from the checks as people read them.
"""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portcheck.domain.decision import Decision, Said
from portcheck.domain.outcome import FINDS, SEARCHED
from portcheck.domain.tally import Tally, contradictions
from portcheck.domain.times import read_utc
from portcheck.errors import PortcheckError
from portcheck.intake.files.source import Source, source_of_bytes
from portcheck.journal.append import Actor
from portcheck.services import operation
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.checks.correct import Correction, amend, count_again, void
from portcheck.services.checks.decide import decide, record_outcome, withdraw
from portcheck.services.checks.import_log import import_log
from portcheck.services.context import Context
from portcheck.services.custody.doctor import examine_database, rebuild
from portcheck.services.day.end_operation import end
from portcheck.services.day.overview import CheckView, Wanted, checks, operations
from portcheck.services.day.selection import select
from portcheck.services.day.tally import standing, tally
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.lists.list_versions import roll_back
from portcheck.services.matching.lookup import note_consulted
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import load
from portcheck.store import counts
from portcheck.store.figures import Scope
from portcheck.store.schema import open_store

MORNING = datetime(2021, 6, 17, 4, 30, tzinfo=UTC)

# A small world, so that things meet.

MARKS = ["AB12 CDE", "AB1Z CDE", "AB13 CDE", "WX 12345", "NO11 ONE", "C1234567"]
LISTED = [
    {
        "Registration": "AB12 CDE",
        "Penalty reference": "CP-1",
        "Haulier": "Acme",
        "Balance": "24.00",
    },
    {
        "Registration": "AB12 CDE",
        "Penalty reference": "CP-1",
        "Haulier": "Acme",
        "Balance": "10.00",
    },
    {"Registration": "AB12 CDE", "Penalty reference": "CP-2", "Status": "paid", "Balance": "0"},
    {"Registration": "AB13 CDE", "Haulier": "Acme", "Balance": "7.00"},
    {
        "Registration": "WX 12345",
        "Penalty reference": "CP-1",
        "Status": "appeal",
        "Balance": "5.00",
    },
    {"Registration": "WX 12345", "Penalty reference": "CP-4", "Haulier": "Acme"},
    {
        "Registration": "AB12 CDE",
        "Penalty reference": "CP-6",
        "Haulier": "Acme",
        "Liable party": "ACME LIMITED",
        "Balance": "10.00",
    },
    {
        "Registration": "AB12 CDE",
        "Penalty reference": "cp 6",
        "Haulier": "Acme",
        "Liable party": "Acme Ltd",
        "Balance": "6.00",
    },
    {"Registration": "NO11 ONE", "Trailer": "C1234567", "Country": "GB"},
]
HEADINGS = [
    "Registration",
    "Country",
    "Trailer",
    "Haulier",
    "Penalty reference",
    "Liable party",
    "Issued on",
    "Balance",
    "Status",
]

marks = st.sampled_from(MARKS)
lists = st.sampled_from(["CECPT", "POLICE"])
devices = st.integers(0, 1)
reasons = st.sampled_from(["", "misread"])
minutes = st.integers(0, 90)
places = st.integers(0, 30)
details = st.fixed_dictionaries(
    {},
    optional={
        "direction": st.sampled_from(["inbound", "outbound"]),
        "unit": st.sampled_from(["tractor", "van"]),
        "body": st.sampled_from(["tanker", "other"]),
        "lane": st.sampled_from(["", "4", "5"]),
        "accompanied": st.booleans(),
    },
)


def paid(reference: str, action: str, **more: int) -> dict[str, Any]:
    return {"penalties": [{"reference": reference, "action": action, **more}]}


def offence(name: str, disposal: str, **more: int) -> dict[str, Any]:
    return {"offences": [{"offence": name, "disposal": disposal, **more}]}


def cash(currency: str, minor: int, disposal: str) -> dict[str, Any]:
    return {"cash": [{"currency": currency, "amount_minor": minor, "disposal": disposal}]}


def seized(kind: str, quantity: int, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "quantity_minor": quantity, **more}


def issued(done: str, section: str, against: str, **more: int) -> dict[str, Any]:
    return {"done": done, "section": section, "against": against, **more}


FOUND: list[dict[str, Any]] = [
    {"searched": ["dog"]},
    {"searched": ["co2", "dog"]},
    {"searched": ["visual"], "nothing_found": True},
    {"nothing_found": False},
    {"persons": 2, "minors": 1, "nrm_referrals": 1},
    {"persons": 1},
    {"persons": 0, "minors": 0},
    {"detained": True},
    {"detained": False, "notes": ["seen"]},
    cash("GBP", 125000, "seized"),
    cash("EUR", 5, "seized"),
    cash("EUR", 700, "counted"),
    paid("CP-1", "paid_in_full"),
    paid("CP-1", "part_paid", amount_pence=300),
    paid("CP-1", "security_given", amount_pence=9900),
    paid("CP-1", "vehicle_detained"),
    paid("CP-2", "paid_in_full"),
    paid("CP-6", "part_paid", amount_pence=400),
    paid("CP-6", "paid_in_full"),
    paid("CP-4", "part_paid", amount_pence=500),
    paid("CP-4", "refused"),
    offence("tachograph", "fixed_penalty", amount_pence=10000),
    offence("other", "deposit", amount_pence=5000),
    offence("other", "words_of_advice"),
    offence("overweight", "prohibition_delayed"),
    offence("licence", "arrest"),
    {"arrests": [{"count": 2}, {"count": 0}]},
    {"seizures": [{"count": 3, "what": "tobacco"}]},
    {"seizures": [seized("drugs", 2500, unit="kg"), seized("drugs", 300, unit="g")]},
    {"seizures": [seized("phones", 3, value_pence=45000), {"kind": "false_documents"}]},
    {"seizures": [seized("tobacco", 4000, unit="cigarettes", what="a pallet")]},
    {"persons": 2, "found_by": ["dog"], "found_in": ["roof"], "deaths": 1, "medical_help": True},
    {"persons": 3, "handed_over": [{"to": "foreign_police", "count": 2}], "asylum_claimed": 3},
    {"persons": 2, "nationalities": [{"nationality": code, "count": 1} for code in ("VN", "ER")]},
    {"nrm_referrals": 1, "nrm_notifications": 1, "nrm_crew": 2},
    {"new_penalties": [issued("notice_issued", "32", "driver", amount_pence=600000)]},
    {
        "new_penalties": [
            issued("case_referred", "31A", "owner"),
            issued("case_referred", "32", "owner"),
        ]
    },
    {"detention_expenses_pence": 12500, "detained": True, "held_for": ["police", "dvsa"]},
    offence("speeding", "conditional_offer", amount_pence=10000),
    offence("operator_licence", "drivers_hours_prohibition"),
    offence("roadworthiness", "prohibition_s_marked"),
    {"education": ["leaflet", "talk"]},
]


def together(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Several outcomes as one; of those that say the same thing the last."""
    return {name: value for one in found for name, value in one.items()}


outcomes = st.lists(st.sampled_from(FOUND), max_size=3).map(together)
cleared = st.sampled_from(["lane", "accompanied", "persons", "penalties", "trailer", "offences"])
corrections = st.one_of(
    st.builds(
        Correction,
        st.fixed_dictionaries(
            {"vehicle": marks}, optional={"country": st.sampled_from(["GB", "PL"])}
        ),
        details,
        st.just({}),
    ),
    st.builds(Correction, st.fixed_dictionaries({"trailer": marks}), st.just({}), st.just({})),
    st.builds(Correction, st.just({}), details, outcomes),
    st.builds(Correction, st.just({}), st.just({}), st.sampled_from(FOUND)),
    st.builds(
        Correction,
        st.just({}),
        st.just({}),
        st.just({}),
        st.none() | minutes.map(lambda late: MORNING - timedelta(minutes=late)),
        st.tuples(cleared),
    ),
)


def source(name: str, headings: Sequence[str], rows: Iterable[dict[str, str]]) -> Source:
    out = io.StringIO()
    writer = csv.DictWriter(out, headings)
    writer.writeheader()
    writer.writerows(rows)
    return source_of_bytes(name, out.getvalue().encode())


Versions = dict[tuple[str, int], tuple[datetime, datetime]]
Recounted = Callable[[Tally, list[CheckView], Versions], tuple[dict[str, Any], dict[str, Any]]]


class Day(RuleBasedStateMachine):
    """Two devices at work on one database."""

    template: Path
    recounted: Recounted

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="portcheck-day-")
        folder = Path(self.folder.name)
        path = folder / "portcheck.db"
        shutil.copy(self.template, path)
        path.chmod(0o600)
        self.clock = MORNING
        chosen = load({}, {"PORTCHECK_CONFIG": str(folder / "x"), "PORTCHECK_DATA": str(folder)})
        self.contexts = [
            Context(open_store(path), path, chosen, Actor(officer, agency, device), self.now)
            for officer, agency, device in (("4711", "Police", "L1"), ("4712", "", "L2"))
        ]
        self.kept: dict[str, dict[str, Any]] = {}

    def now(self) -> datetime:
        self.clock += timedelta(microseconds=1)
        return self.clock

    def teardown(self) -> None:
        try:
            self.examine()
        finally:
            for context in self.contexts:
                context.connection.close()
            self.folder.cleanup()

    def attempt(self, what: str, act: Callable[[], object]) -> bool:
        """Do it; a refusal is an answer too, and leaves everything as it was."""
        before = self.contexts[0].connection.execute("SELECT COUNT(*) FROM journal").fetchone()
        try:
            act()
        except PortcheckError:
            after = self.contexts[0].connection.execute("SELECT COUNT(*) FROM journal").fetchone()
            assert after == before
            event(f"{what} refused")
            return False
        event(what)
        return True

    def some_check(self, context: Context, place: int) -> tuple[str, str]:
        """A check of the device's current operation: its reference and its operation."""
        current = context.operation().operation_id
        rows = context.connection.execute(
            "SELECT ref FROM vehicle_check WHERE operation_id = ? ORDER BY ref", (current,)
        ).fetchall()
        return (rows[place % len(rows)][0] if rows else "L1-001"), current

    # What officers do.

    @initialize()
    def begin(self) -> None:
        self.take("CECPT", LISTED[:1] + LISTED[2:5], days=7)
        operation.start(self.contexts[0], "Dover", agencies=["Police"])
        operation.use(self.contexts[1], "Dover")

    @rule(minutes=minutes, days=st.sampled_from([0, 0, 0, 5]))
    def wait(self, minutes: int, days: int) -> None:
        self.clock += timedelta(minutes=minutes, days=days)

    @rule(
        name=lists,
        rows=st.lists(st.sampled_from(LISTED), min_size=1, max_size=5),
        days=st.sampled_from([None, 0, 7]),
    )
    def take(self, name: str, rows: list[dict[str, str]], days: int | None) -> None:
        dated = [{"Issued on": "04/01/2021"} | row for row in rows]
        wanted = ImportOptions(list_name=name, max_age_days=days, confirm=lambda _: True)
        file = source("list.csv", HEADINGS, dated)
        self.attempt("list import", lambda: import_list(self.contexts[0], file, wanted))

    @rule(name=lists, version=st.integers(1, 3))
    def go_back(self, name: str, version: int) -> None:
        self.attempt("list rollback", lambda: roll_back(self.contexts[0], name, version))

    @rule(device=devices)
    @precondition(lambda self: len(self.kept) < 2)
    def start(self, device: int) -> None:
        name = f"Operation {len(operations(self.contexts[0]))}"
        self.attempt("op start", lambda: operation.start(self.contexts[device], name))

    @rule(device=devices)
    def use_the_other(self, device: int) -> None:
        context = self.contexts[device]
        others = [one.name for one in operations(context) if not (one.current or one.ended_at)]
        for name in others[:1]:
            operation.use(context, name)

    @rule(device=devices, reason=reasons)
    @precondition(lambda self: len(self.kept) < 2)
    def stop(self, device: int, reason: str) -> None:
        """Another operation begins at once, so that work goes on."""
        context = self.contexts[device]
        name = context.operation().name
        if self.attempt("op end", lambda: end(context, reason=reason)):
            self.kept[name] = tally(context, name).document()
            following = operation.start(context, f"After {name}")
            operation.use(self.contexts[1 - device], following.name)

    @rule(
        device=devices,
        vehicle=marks,
        trailer=st.sampled_from(["", "", "C1234567", "AB12 CDE"]),
        country=st.sampled_from(["", "GB", "PL"]),
        earlier=minutes,
        details=details,
        outcome=outcomes,
        decision=st.sampled_from(
            [Decision.NONE, Decision.NONE, Decision.CONFIRMED, Decision.REJECTED]
        ),
        again=st.booleans(),
    )
    def check(
        self,
        device: int,
        vehicle: str,
        trailer: str,
        country: str,
        earlier: int,
        details: dict[str, Any],
        outcome: dict[str, Any],
        decision: Said,
        again: bool,
    ) -> None:
        context = self.contexts[device]
        query = Query(vehicle, country, trailer)
        observed = Observed(
            details,
            outcome,
            decision,
            reason="not it",
            at=self.clock - timedelta(minutes=earlier) if earlier else None,
            again=again,
        )
        if not self.attempt("check", lambda: record(context, prepare(context, query, observed))):
            plain = Observed(details)
            self.attempt("plain check", lambda: record(context, prepare(context, query, plain)))

    @rule(vehicles=st.lists(marks, min_size=1, max_size=4), outcome=st.sampled_from(FOUND))
    def several_checks(self, vehicles: list[str], outcome: dict[str, Any]) -> None:
        for number, vehicle in enumerate(vehicles):
            observed = Observed(outcome=outcome if number == 0 else {})
            self.attempt("one of several", partial(self.made, number % 2, vehicle, observed))

    def made(self, device: int, vehicle: str, observed: Observed) -> None:
        context = self.contexts[device]
        record(context, prepare(context, Query(vehicle), observed))

    @rule(device=devices, place=places, confirm=st.booleans(), number=st.sampled_from([None, 1, 2]))
    def settle(self, device: int, place: int, confirm: bool, number: int | None) -> None:
        context = self.contexts[device]

        def deciding() -> None:
            ref, current = self.some_check(context, place)
            decide(context, ref, current, confirm=confirm, reason="looked", number=number)

        self.attempt("decide", deciding)

    @rule(device=devices, place=places, number=st.sampled_from([None, 1, 2]))
    def unsettle(self, device: int, place: int, number: int | None) -> None:
        context = self.contexts[device]
        self.attempt(
            "withdraw",
            lambda: withdraw(context, *self.some_check(context, place), number=number),
        )

    @rule(device=devices, place=places)
    def count_again(self, device: int, place: int) -> None:
        context = self.contexts[device]
        self.attempt("count", lambda: count_again(context, *self.some_check(context, place)))

    @rule(device=devices, place=places, outcome=outcomes)
    def add(self, device: int, place: int, outcome: dict[str, Any]) -> None:
        context = self.contexts[device]
        self.attempt(
            "outcome", lambda: record_outcome(context, *self.some_check(context, place), outcome)
        )

    @rule(device=devices, place=places, wanted=corrections)
    def correct(self, device: int, place: int, wanted: Correction) -> None:
        context = self.contexts[device]
        self.attempt(
            "amend", lambda: amend(context, *self.some_check(context, place), wanted, "misread")
        )

    @rule(device=devices, place=places)
    def strike(self, device: int, place: int) -> None:
        """Few of them: a void check takes nothing more."""
        context = self.contexts[device]
        if place % 5 == 0:
            self.attempt("void", lambda: void(context, *self.some_check(context, place), "twice"))

    @rule(
        device=devices, vehicles=st.lists(marks, min_size=1, max_size=3), number=st.integers(0, 9)
    )
    def log(self, device: int, vehicles: list[str], number: int) -> None:
        rows = [
            {"At": "2021-06-17T05:00", "Registration": vehicle, "Note": f"{number}"}
            for vehicle in vehicles
        ]
        file = source("log.csv", ["At", "Registration", "Note"], rows)
        self.attempt("log import", lambda: import_log(self.contexts[device], file))

    @rule(device=devices, vehicle=marks)
    def look_up(self, device: int, vehicle: str) -> None:
        note_consulted(self.contexts[device], "lookup", [vehicle], ["clear"])

    def versions(self) -> Versions:
        rows = self.contexts[0].connection.execute(
            "SELECT list_name, version, imported_at, as_of FROM list_version"
        )
        return {(row[0], row[1]): (read_utc(row[2]), read_utc(row[3])) for row in rows}

    # What must hold.

    @invariant()
    def nobody_waits(self) -> None:
        assert not any(context.connection.in_transaction for context in self.contexts)

    @rule()
    def examine(self) -> None:
        context = self.contexts[0]
        assert [one for one in examine_database(context) if not one.good] == []
        _, changed = rebuild(context)
        assert not changed
        for view in operations(context):
            found = tally(context, view.name, recount=True)
            assert contradictions(found) == []
            seen = checks(context, view.operation_id, Wanted())
            counted, by_hand = self.recounted(found, seen, self.versions())
            assert counted == by_hand
            assert (view.checks, view.unresolved) == (found.checks, found.matches.unresolved)
        self.count_both_ways(context)
        for name, document in self.kept.items():
            assert tally(context, name).document() == document

    def count_both_ways(self, context: Context) -> None:
        """The sums that are kept are those of the checks: of each operation and of all, as they
        stand, and of a copy that is turned back to where they ended.
        """
        names = [view.name for view in operations(context)]
        for some in (*([name] for name in names), names):
            for recount in (True, False):
                selection = select(context, some, recount=recount)
                with standing(context, selection, copy=not recount):
                    ids = selection.scope.operation_ids
                    scopes = Scope(ids), Scope(ids, by_rows=True), Scope(ids, since="0")
                    kept, *counted = (
                        (
                            counts.count_checks(context.connection, scope),
                            set(counts.count_findings(context.connection, scope)),
                            counts.count_with(context.connection, scope, SEARCHED),
                            counts.count_with(context.connection, scope, FINDS, also=SEARCHED),
                            counts.count_voided(context.connection, scope),
                        )
                        for scope in scopes
                    )
                    assert counted == [kept, kept]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("day") / "portcheck.db"
    open_store(path, create=True).close()
    return path


CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]


def run(template: Path, recounted: Recounted, examples: int, steps: int) -> None:
    Day.template, Day.recounted = template, staticmethod(recounted)
    run_state_machine_as_test(
        Day,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=CALM,
        ),
    )


def test_a_few_days(template: Path, recounted: Recounted) -> None:
    run(template, recounted, 4, 25)


@pytest.mark.slow
def test_many_days(template: Path, recounted: Recounted) -> None:
    run(template, recounted, 80, 50)
