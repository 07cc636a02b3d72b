"""Every fact has its projection, every table its maker, and all can be made again."""

import sqlite3
from typing import Any, get_args

import pytest

from portcheck.domain.decision import Decision
from portcheck.domain.times import read_utc
from portcheck.errors import DatabaseUnusable
from portcheck.journal import events, parts
from portcheck.journal.append import Actor, append
from portcheck.store import projections, tables
from portcheck.store.connection import transaction
from portcheck.store.gathered import Gathered

BULK = {"entry", "entry_mark", "list_problem"}
JOURNAL = {"journal", "payload"}
LOCAL = {"own_chain", "heard", "joined", "list_held", "signed_head", "refused_event", "sync_state"}
TIME = "2021-06-17T08:05:00.000000Z"
NOON = read_utc(TIME)
JO, SAM = Actor("4711", "Police", "L1"), Actor("4712", "Border Force", "L2")


def write(connection: sqlite3.Connection, event: events.Event, actor: Actor = JO) -> None:
    with transaction(connection):
        recorded = append(connection, event.kind, events.payload_of(event), actor, NOON)
        gathered = Gathered()
        projections.project(connection, event, recorded, gathered)
        gathered.write(connection)


def one(connection: sqlite3.Connection, query: str) -> Any:
    rows = connection.execute(query).fetchall()
    assert len(rows) == 1
    return rows[0]


def match(number: int, tier: str = "exact", owed: int | None = 240000) -> parts.MatchSeen:
    penalty = parts.PenaltySeen(
        entry_id=number,
        reference="CP-1042",
        owed_pence=owed,
        enforceable="yes",
        reasons=("it is owed",),
        rule=8,
    )
    return parts.MatchSeen(
        number=number,
        unit="vehicle",
        tier=tier,  # type: ignore[arg-type]
        typed="AB12CDE",
        registration="AB12 CDE",
        list_name="CECPT",
        list_version=1,
        why="same registration",
        cost=0,
        penalties=(penalty,),
    )


def check(number: int = 1, *matches: parts.MatchSeen, **more: Any) -> events.CheckRecorded:
    return events.CheckRecorded(
        check_id=f"c-{number}",
        operation_id="o",
        number=number,
        ref=f"L1-{number:03d}",
        at=NOON,
        vehicle=parts.MarkTyped(text="AB12 CDE", key="AB12CDE", country="GB"),
        screened=True,
        verdict="listed" if matches else "clear",
        matches=matches,
        **more,
    )


@pytest.fixture
def day(connection: sqlite3.Connection) -> sqlite3.Connection:
    """An operation that is under way."""
    write(
        connection,
        events.OperationOpened(
            operation_id="o",
            name="Portsmouth",
            timezone="Europe/London",
            marking="M",
            started_at=NOON,
        ),
    )
    return connection


def test_every_kind_of_event_has_one_place() -> None:
    kinds = [kind.model_fields["kind"].default for kind in get_args(events.Event)]
    places = [*projections._ALONE, *projections.checkfold.KINDS, *projections.operations.KINDS]
    assert sorted(kinds) == sorted(places)


def test_every_table_is_the_journal_bulk_or_a_projection(connection: sqlite3.Connection) -> None:
    made = {
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    }
    assert len(set(projections.TABLES)) == len(projections.TABLES)
    assert set(projections.TABLES) | BULK | JOURNAL | LOCAL == set(tables.Entry.metadata.tables)
    assert made - {"alembic_version"} == set(tables.Entry.metadata.tables)


def test_an_operation_is_current_where_it_was_opened_or_chosen(day: sqlite3.Connection) -> None:
    write(day, events.OperationSelected(operation_id="o"), SAM)
    state = "SELECT * FROM device_state ORDER BY device"
    assert day.execute(state).fetchall() == [("L1", "o"), ("L2", "o")]
    write(
        day,
        events.OperationEnded(
            operation_id="o", ended_at=NOON, tally={"b": 1, "a": 2}, fingerprint="f"
        ),
    )
    assert day.execute(state).fetchall() == [("L1", None), ("L2", None)]
    assert one(day, "SELECT ended_at, tally, fingerprint FROM operation") == (
        TIME,
        '{"a":2,"b":1}',
        "f",
    )


def test_a_check_and_its_open_matches(day: sqlite3.Connection) -> None:
    write(day, check(1, match(1), match(2, "weak"), details={"lane": "4", "accompanied": False}))
    row = one(day, "SELECT primary_outcome, unresolved, officer, lane, details FROM vehicle_check")
    assert row == ("match_unresolved", 1, "4711", "4", '{"accompanied":false,"lane":"4"}')
    decisions = "SELECT number, decision, decided_by FROM check_match ORDER BY number"
    assert day.execute(decisions).fetchall() == [(1, "open", ""), (2, "", "")]
    write(day, events.MatchDecided(check_id="c-1", matches=(1,), decision=Decision.CONFIRMED), SAM)
    assert day.execute(decisions).fetchall() == [(1, "confirmed", "4712"), (2, "", "")]
    row = one(day, "SELECT primary_outcome, unresolved FROM vehicle_check")
    assert row == ("not_searched", 0)


def test_who_made_the_check_is_not_who_entered_it(day: sqlite3.Connection) -> None:
    write(day, check(1, checked_by="99", checked_by_agency="Port"))
    assert one(day, "SELECT officer, agency, device FROM vehicle_check") == ("99", "Port", "L1")


def test_outcomes_add_up(day: sqlite3.Connection) -> None:
    write(day, check(1))
    write(day, events.OutcomeRecorded(check_id="c-1", outcome={"searched": ["dog"]}))
    write(day, events.OutcomeRecorded(check_id="c-1", outcome={"searched": ["co2"], "persons": 2}))
    assert one(day, "SELECT outcome, primary_outcome FROM vehicle_check") == (
        '{"persons":2,"searched":["dog","co2"]}',
        "persons_found",
    )
    found = day.execute("SELECT field, value, quantity FROM finding ORDER BY field, position")
    assert found.fetchall() == [("persons", "", 2), ("searched", "dog", 1), ("searched", "co2", 1)]


def test_a_void_check_keeps_its_outcome_and_has_no_findings(day: sqlite3.Connection) -> None:
    write(day, check(1))
    write(day, events.OutcomeRecorded(check_id="c-1", outcome={"persons": 2}))
    write(day, events.CheckVoided(check_id="c-1", reason="typed twice"))
    assert one(day, "SELECT outcome, voided, void_reason FROM vehicle_check") == (
        '{"persons":2}',
        1,
        "typed twice",
    )
    assert day.execute("SELECT * FROM finding").fetchall() == []


def test_an_amendment_replaces_the_matches_and_keeps_what_was_said(day: sqlite3.Connection) -> None:
    write(day, check(1, match(1), details={"lane": "4", "haulier": "Acme"}))
    write(
        day,
        events.CheckAmended(
            check_id="c-1",
            changes=(
                events.Change(field="vehicle", before="AB12 CDE", after="AB12 CDF"),
                events.Change(field="vehicle_key", before="AB12CDE", after="AB12CDF"),
                events.Change(field="lane", before="4", after=None),
                events.Change(field="accompanied", before=None, after=False),
                events.Change(field="persons", before=None, after=0),
            ),
            reason="misread",
            rematched=True,
            verdict="possible",
            lists=(parts.ListSeen(name="CECPT", version=2, sha256="ab", stale=False),),
            matches=(match(2, "near"),),
        ),
        SAM,
    )
    columns = "vehicle, vehicle_key, lane, details, outcome, verdict, amended, unresolved"
    assert one(day, f"SELECT {columns} FROM vehicle_check") == (
        "AB12 CDF",
        "AB12CDF",
        "",
        '{"accompanied":false,"haulier":"Acme"}',
        '{"persons":0}',
        "possible",
        1,
        1,
    )
    decisions = day.execute("SELECT number, decision FROM check_match ORDER BY number")
    assert decisions.fetchall() == [(1, "replaced"), (2, "open")]
    kept = day.execute("SELECT field, before, after, officer, reason FROM amendment ORDER BY field")
    assert ("lane", '"4"', "null", "4712", "misread") in kept.fetchall()


def test_matches_found_later_are_added(day: sqlite3.Connection) -> None:
    write(day, check(1, match(1)))
    write(
        day,
        events.MatchDecided(check_id="c-1", matches=(1,), decision=Decision.REJECTED, reason="no"),
    )
    later = events.MatchesFoundLater(
        check_id="c-1", list_name="CECPT", list_version=2, matches=(match(2, "lookalike"),)
    )
    write(day, later)
    rows = day.execute("SELECT number, decision, later FROM check_match ORDER BY number").fetchall()
    assert rows == [(1, "rejected", 0), (2, "open", 1)]
    assert one(day, "SELECT unresolved, verdict FROM vehicle_check") == (1, "listed")


def sums(connection: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    tables = ("check_sum", "finding_sum")
    return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


def amended(**changes: str) -> events.CheckAmended:
    return events.CheckAmended(
        check_id="c-1",
        changes=tuple(
            events.Change(field=field, before="", after=after) for field, after in changes.items()
        ),
        reason="misread",
        rematched=False,
    )


WORKED: tuple[events.Event, ...] = (
    check(1, match(1), details={"lane": "4", "direction": "inbound"}),
    check(2),
    events.OutcomeRecorded(check_id="c-1", outcome={"searched": ["dog", "co2"]}),
    events.OutcomeRecorded(
        check_id="c-1",
        outcome={
            "persons": 2,
            "cash": [
                {"currency": "GBP", "amount_minor": 1, "disposal": "seized"},
                {"currency": "GBP", "amount_minor": 2, "disposal": "seized"},
                {"currency": "EUR", "amount_minor": 3, "disposal": "seized"},
            ],
        },
    ),
    events.OutcomeRecorded(check_id="c-2", outcome={"searched": ["dog"]}),
    amended(vehicle="QQ1 QQQ", vehicle_key="QQ1QQQ", country="PL"),
    amended(at="2021-06-17T09:10:00.000000Z"),
    amended(site="Berth 9", lane=""),
    amended(trailer="C1234567", trailer_key="C1234567"),
    amended(trailer="", trailer_key=""),
    events.MatchDecided(check_id="c-1", matches=(1,), decision=Decision.REJECTED, reason="no"),
    events.MatchesFoundLater(
        check_id="c-2", list_name="CECPT", list_version=2, matches=(match(1, "lookalike"),)
    ),
    events.DecisionWithdrawn(check_id="c-1", matches=(1,), over=("ab",)),
    events.CheckVoided(check_id="c-1", reason="typed twice"),
    events.OutcomeRecorded(check_id="c-1", outcome={"education": ["leaflet"]}),
    events.VoidWithdrawn(check_id="c-1", reason="it was there"),
    events.CheckVoided(check_id="c-2", reason="typed twice"),
    events.CheckVoided(check_id="c-1", reason="typed twice"),
)


def test_the_sums_that_are_kept_are_those_counted_anew(day: sqlite3.Connection) -> None:
    seen = []
    for event in WORKED:
        write(day, event)
        kept = sums(day)
        projections.sums.anew(day)
        assert sums(day) == kept, event
        seen.append(kept)
    assert len({repr(kept) for kept in seen}) > 12  # nearly every event changes a sum
    assert seen[-1] == [[("o", "void", "", 2)], []]


def test_what_one_transaction_changes_in_the_sums_is_written_at_its_end(
    day: sqlite3.Connection,
) -> None:
    nothing = sums(day)
    for taken_back in (True, False):
        gathered = Gathered()
        day.execute("BEGIN IMMEDIATE")
        for event in WORKED[:-2]:
            recorded = append(day, event.kind, events.payload_of(event), JO, NOON)
            projections.project(day, event, recorded, gathered)
        assert sums(day) == nothing
        gathered.write(day)
        day.execute("ROLLBACK" if taken_back else "COMMIT")
        kept = sums(day)
        projections.sums.anew(day)
        assert sums(day) == kept
        assert (kept == nothing) == taken_back
    gathered.write(day)
    assert sums(day) == kept  # once


def test_what_was_tampered_with_is_made_right(day: sqlite3.Connection) -> None:
    write(day, check(1, match(1)))
    write(day, events.OutcomeRecorded(check_id="c-1", outcome={"searched": ["dog"]}))
    write(day, events.RecordConsulted(command="lookup", queries=("X",)))
    before = projections.dump(day)
    for statement in (
        "UPDATE vehicle_check SET vehicle = 'X', voided = 1",
        "DELETE FROM finding",
        "UPDATE match_penalty SET owed_pence = 1",
        "DELETE FROM device_state",
        "UPDATE check_sum SET number = number + 1 WHERE kind = 'minute'",
        "DELETE FROM finding_sum",
    ):
        day.execute(statement)
    assert projections.dump(day) != before
    with transaction(day):
        assert projections.rebuild(day) == 4
    assert projections.dump(day) == before
    assert day.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_projection_that_fails_takes_its_event_back(day: sqlite3.Connection) -> None:
    before = day.execute("SELECT COUNT(*) FROM journal").fetchone()
    unknown = check(1).model_copy(update={"operation_id": "nowhere"})
    with pytest.raises(DatabaseUnusable, match="about something that is not here"):
        write(day, unknown)
    assert day.execute("SELECT COUNT(*) FROM journal").fetchone() == before
    assert day.execute("SELECT * FROM vehicle_check").fetchall() == []
