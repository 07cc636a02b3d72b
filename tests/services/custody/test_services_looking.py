"""Looking things up leaves a trace, and looking at the journal and the machine tells the truth."""

import json
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest

from portcheck.domain.answer import Answer, Verdict
from portcheck.domain.fitness import Finding
from portcheck.errors import JournalBroken, Refused, RegistrationRefused
from portcheck.journal.events import RecordConsulted, payload_of
from portcheck.services.checks.check import SavedCheck
from portcheck.services.context import Context
from portcheck.services.custody import audit, doctor
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching import lookup
from portcheck.services.matching.matcher import Query

Check = Callable[..., SavedCheck]


# Looking up.


def test_a_lookup_answers_in_the_order_asked_and_records_no_check(under_way: Context) -> None:
    answers = lookup.look_up(under_way, [Query("NO11 ONE"), Query("ab12cde"), Query("AB12CDF")])
    assert [answer.verdict for answer in answers if isinstance(answer, Answer)] == [
        Verdict.CLEAR,
        Verdict.LISTED,
        Verdict.POSSIBLE,
    ]
    assert under_way.connection.execute("SELECT COUNT(*) FROM vehicle_check").fetchone() == (0,)


def test_a_lookup_needs_no_operation_and_no_list(context: Context) -> None:
    (answer,) = lookup.look_up(context, [Query("AB12CDE")])
    assert isinstance(answer, Answer)
    assert (answer.verdict, answer.screened) == (Verdict.CLEAR, False)
    assert lookup.look_up(context, []) == []


def test_one_that_cannot_be_asked_holds_up_no_other(under_way: Context) -> None:
    wanted = [Query("AB12CDE"), Query("?!"), Query("AB12CDE", "Atlantis"), Query("AB12CDE")]
    first, *refused, last = lookup.look_up(under_way, wanted)
    assert isinstance(first, Answer)
    assert first == last
    assert [type(one) for one in refused] == [RegistrationRefused, Refused]
    assert not under_way.connection.in_transaction


def test_what_is_noted_of_a_lookup_is_the_events_payload(under_way: Context) -> None:
    """It is written without the event's class, which takes long to load."""
    queries, verdicts = ["AB12 CDE", "Ünïcode"], ["listed", "clear"]
    lookup.note_consulted(under_way, "lookup", queries, verdicts)
    fact = RecordConsulted(command="lookup", queries=tuple(queries), verdicts=tuple(verdicts))
    kind, payload = under_way.connection.execute(
        "SELECT kind, payload FROM fact ORDER BY position DESC LIMIT 1"
    ).fetchone()
    assert kind == fact.kind == lookup.CONSULTED
    assert json.loads(payload) == payload_of(fact)
    assert audit.verify(under_way).intact


# The journal.


def test_the_journal_tells_who_did_what(
    under_way: Context, new_context: Callable[..., Context], check: Check
) -> None:
    check("NO11 ONE", new_context(officer="4712", agency="Border Force"))
    lookup.note_consulted(under_way, "lookup", ["X"], ["clear"])
    everything = audit.events(under_way)
    assert [event.kind for event in everything] == [
        "list_imported",
        "operation_opened",
        "check_recorded",
        "record_consulted",
    ]
    assert [event.position for event in everything] == [1, 2, 3, 4]
    assert [event.kind for event in audit.events(under_way, last=2)] == [
        "check_recorded",
        "record_consulted",
    ]
    (by_other,) = audit.events(under_way, officer=" 4712 ")
    assert (by_other.kind, by_other.agency, by_other.device) == (
        "check_recorded",
        "Border Force",
        "L1",
    )
    assert by_other.payload["ref"] == "L1-001"
    assert [e.position for e in audit.events(under_way, kind="list_imported")] == [1]
    assert audit.events(under_way, officer="nobody") == []


def test_the_journal_is_held_against_a_fingerprint(under_way: Context, check: Check) -> None:
    found = audit.verify(under_way)
    assert (found.intact, found.events, found.against) == (True, 2, "")
    printed = " ".join(found.fingerprints)
    check("NO11 ONE")
    assert audit.verify(under_way, f" {printed.lower()}\n").intact
    wrong = audit.verify(under_way, "L1:9:0000-0000-0000-0000-0000")
    assert not wrong.intact
    assert wrong.fault is None
    assert "cut short" in wrong.mismatch
    with pytest.raises(Refused, match="is not a fingerprint"):
        audit.verify(under_way, "L1")


# The machine and the database.


def seen(context: Context) -> dict[str, Finding]:
    return {finding.what: finding for finding in doctor.examine_database(context)}


def bad(context: Context) -> set[str]:
    return {what for what, finding in seen(context).items() if not finding.good}


def tamper(context: Context, *statements: str) -> None:
    """Change the database behind portcheck's back, guards off."""
    with closing(sqlite3.connect(context.path, isolation_level=None)) as other:
        guards = other.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        triggers = guards.fetchall()
        for name, _ in triggers:
            other.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            other.execute(statement)
        for _, sql in triggers:
            other.execute(sql)


@pytest.fixture
def worked(under_way: Context, check: Check, take: Callable[..., ImportResult]) -> Context:
    """A database that was worked with, readable by its owner only."""
    check("AB12CDE", decision="confirmed", outcome={"searched": ["dog"]})
    take([{"Registration": "AB12 CDE", "Trailer": "C1234567"}], "POLICE")
    under_way.path.chmod(0o600)
    return under_way


def test_the_machine_is_looked_at() -> None:
    found = {finding.what: finding for finding in doctor.examine_machine()}
    assert {"Python", "SQLite", "time zones", "text encoding"} <= found.keys()
    assert found["SQLite"].seen == sqlite3.sqlite_version
    assert found["Python"].good
    assert found["time zones"].good


def test_a_whole_database_has_no_fault(worked: Context) -> None:
    found = seen(worked)
    assert [what for what, finding in found.items() if not finding.good] == []
    assert {"journal", "projections", "append-only", "list CECPT", "list POLICE"} <= found.keys()
    assert found["journal"].seen == "7 events intact"
    assert not worked.connection.in_transaction


def test_an_empty_database_has_no_fault(context: Context) -> None:
    context.path.chmod(0o600)
    assert bad(context) == set()


TAMPERED: list[tuple[str, set[str]]] = [
    ("UPDATE vehicle_check SET country = 'PL'", {"projections"}),
    ("DELETE FROM finding", {"projections"}),
    ("UPDATE check_sum SET number = number + 1", {"projections"}),
    ("UPDATE finding_sum SET quantity = quantity + 1", {"projections"}),
    ("UPDATE check_match SET decision = 'rejected'", {"projections"}),
    ("UPDATE journal SET officer = 'x' WHERE position = 2", {"journal", "projections"}),
    ("UPDATE payload SET text = '{}' WHERE arrival = 2", {"journal", "projections"}),
    (
        "DELETE FROM journal WHERE position = 2",
        {"journal", "projections", "references"},
    ),
    ("UPDATE entry SET balance_pence = 0 WHERE list_name = 'CECPT'", {"list CECPT"}),
    ("UPDATE entry SET removed_version = 2 WHERE list_name = 'POLICE'", {"list POLICE"}),
    ("DELETE FROM entry_mark WHERE key = 'C1234567'", {"list POLICE"}),
    ("UPDATE entry_mark SET skeleton = 'X' WHERE key = 'C1234567'", {"list POLICE"}),
    ("VACUUM", set()),
]


@pytest.mark.parametrize(("statement", "faults"), TAMPERED)
def test_what_was_done_behind_its_back_is_found(
    worked: Context, statement: str, faults: set[str]
) -> None:
    tamper(worked, statement)
    assert bad(worked) == faults
    assert not worked.connection.in_transaction


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP INDEX entry_haulier", "index entry_haulier is missing"),
        ("CREATE INDEX mine ON entry (notes)", "index mine is not portcheck's"),
        ("CREATE VIEW mine AS SELECT 1", "view mine is not portcheck's"),
        (
            "CREATE TRIGGER mine AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
            "trigger mine is not portcheck's",
        ),
        ("DROP TABLE list_problem", "table list_problem is missing"),
        ("ALTER TABLE entry ADD COLUMN mine TEXT", "table entry was altered"),
    ],
)
def test_another_schema_than_portcheck_makes_is_found(
    worked: Context, statement: str, said: str
) -> None:
    worked.connection.execute(statement)
    found = seen(worked)
    assert (found["schema"].good, found["schema"].seen) == (False, said)
    assert ("records" in found) == said.startswith("table")


def test_missing_guards_are_found(worked: Context) -> None:
    worked.connection.execute("DROP TRIGGER journal_refuses_update")
    found = seen(worked)["append-only"]
    assert (found.good, found.seen) == (False, "missing journal_refuses_update")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
@pytest.mark.parametrize(("mode", "good"), [(0o600, True), (0o640, False), (0o604, False)])
def test_a_file_that_others_may_read_is_found(worked: Context, mode: int, good: bool) -> None:
    worked.path.chmod(mode)
    found = seen(worked)["privacy"]
    assert (found.good, found.seen) == (good, f"file mode {mode:04o}")
    assert stat.S_IMODE(worked.path.stat().st_mode) == mode


def test_a_clock_that_is_behind_is_found(worked: Context, clock: list[datetime]) -> None:
    clock.append(clock[0] - timedelta(minutes=1))
    assert bad(worked) == {"clock"}


def test_rebuilding_makes_it_right(worked: Context) -> None:
    events, changed = doctor.rebuild(worked)
    assert (events, changed) == (7, False)
    tamper(worked, "UPDATE vehicle_check SET country = 'PL'", "DELETE FROM match_penalty")
    assert doctor.rebuild(worked) == (7, True)
    assert bad(worked) == set()


def test_nothing_is_rebuilt_from_an_altered_journal(worked: Context) -> None:
    tamper(worked, "UPDATE journal SET officer = 'x' WHERE position = 2")
    before: list[Any] = list(worked.connection.iterdump())
    with pytest.raises(JournalBroken, match="the journal was altered"):
        doctor.rebuild(worked)
    assert list(worked.connection.iterdump()) == before
