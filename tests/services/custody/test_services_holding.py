"""Whatever one row of one table is changed to, holding the records against the journal finds it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from portcheck.domain.decision import Decision
from portcheck.intake.files.source import source_of_bytes
from portcheck.journal.append import Actor, append
from portcheck.journal.events import MatchDecided, OperationSelected, PayloadsErased
from portcheck.journal.parts import EventName
from portcheck.services import operation
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.correct import Correction, amend, void
from portcheck.services.checks.decide import decide, record_outcome
from portcheck.services.checks.import_log import import_log
from portcheck.services.context import Context
from portcheck.services.custody.audit import Verification, verify
from portcheck.services.lists.import_list import ImportResult
from portcheck.store.projections import TABLES, make

LOCAL = {
    ("own_chain", "number"): "the order in which this file's chains were begun",
    ("own_chain", "installation"): "who writes them here",
    ("own_chain", "label"): "under which label",
    ("own_chain", "asked"): "which one the settings gave",
    ("own_chain", "place"): "and in which file",
    ("entry", "entry_id"): "a number of this file: of an entry no longer in force nothing hangs on",
    ("list_problem", "problem_id"): "a number of this file, which keeps problems apart",
}
"""Columns that are this file's own by nature, and of which the journal says nothing."""

TRIED = (*TABLES, "entry", "entry_mark", "list_problem", "journal", "payload", "own_chain")

FIRST = [
    {"Registration": "AB12 CDE", "Penalty reference": "CP-1", "Issued on": "04/01/2021",
     "Balance": "2400", "Trailer": "C1234567", "Haulier": "Acme Ltd"},
    {"Registration": "AB12 CDE", "Penalty reference": "CP-1", "Issued on": "04/01/2021",
     "Balance": "2400", "Trailer": "C1234567", "Haulier": "Acme Ltd"},
    {"Registration": "WX 12345", "Penalty reference": "CP-2", "Issued on": "soon"},
    {"Registration": "", "Penalty reference": "CP-3"},
]  # fmt: skip
SECOND = [*FIRST[2:], {"Registration": "KL65 XYZ", "Penalty reference": "CP-4"}]
LOG = "At,Registration\n17/06/2021 09:05,NO11 ONE\n"


@pytest.fixture
def day(
    context: Context, take: Callable[..., ImportResult], check: Callable[..., SavedCheck]
) -> Context:
    """A day in which every table got rows: entries removed and in force, an amended check …"""
    take(FIRST)
    here = operation.start(context, "Portsmouth 17 June", site="Port").operation_id
    check("AB12 CDE", outcome={"searched": ["dog"], "persons": 2})
    check("KL65 XYZ")
    check("ZZ99 ZZZ")
    take(SECOND)
    decide(context, "L1-001", here, confirm=True)
    paid = {"reference": "CP-1", "action": "part_paid", "amount_pence": 500}
    record_outcome(context, "L1-001", here, {"education": ["leaflet"], "penalties": [paid]})
    amend(context, "L1-002", here, Correction({}, {"direction": "inbound"}, {}), "wrong key")
    void(context, "L1-003", here, "practice")
    import_log(context, source_of_bytes("log.csv", LOG.encode()))
    assert verify(context).recorded
    check("AB12 CDF")
    with context.writing() as writer:
        gone = writer.append(OperationSelected(operation_id=here))
        named = EventName(chain=gone.chain.hex(), seq=gone.seq)
        writer.append(PayloadsErased(events=(named,), ground="mistake"))
    context.connection.execute("DELETE FROM payload WHERE arrival = ?", (gone.seq,))
    with replace(context, who=Actor("4712", "Police", "L2")).writing() as writer:
        (first,) = context.connection.execute(
            "SELECT check_id FROM vehicle_check WHERE ref = 'L1-001'"
        ).fetchone()
        writer.append(
            MatchDecided(check_id=first, matches=(1,), decision=Decision.REJECTED, reason="no")
        )
        newer = {"kind": "vehicle_weighed", "check_id": first}
        append(context.connection, "vehicle_weighed", newer, context.actor, context.now())
        make(context.connection, [first])
    return context


@pytest.fixture
def altered(day: Context) -> Callable[[str, tuple[Any, ...]], Verification]:
    """What verifying finds in a copy of the day after one statement, the guards out of the way."""
    kept = day.connection.serialize()

    def altering(statement: str, values: tuple[Any, ...] = ()) -> Verification:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            copy.deserialize(kept)
            guards = copy.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            triggers = dict(guards.fetchall())
            copy.execute("PRAGMA ignore_check_constraints = ON")
            for name in triggers:
                copy.execute(f"DROP TRIGGER {name}")
            assert copy.execute(statement, values).rowcount == 1, statement
            for sql in triggers.values():
                copy.execute(sql)
            return verify(replace(day, connection=copy))

    return altering


def rows_of(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def tables_of(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows]


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, int):
        return 1 - value if value in {0, 1} else value + 1000
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return "7" if value is None else f"{value}x"


def new(value: Any) -> Any:
    """A value of the same kind that no row has."""
    if isinstance(value, bytes):
        return bytes([value[0] ^ 2]) + value[1:]
    return value + 2000 if isinstance(value, int) else other(other(value))


def changes(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, str, list[Any]]]:
    """Every column of the first and the last row another, every row gone, a row more."""
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info ({table})") if row[5]]
    rows = rows_of(connection, table)
    assert rows, f"{table} holds nothing: it is not tried"
    for row in rows:
        here = " AND ".join(f'"{name}" IS ?' for name in row)
        last_event = table == "journal" and row is rows[-1]
        if not last_event:  # a tail that was cut off shows only against a fingerprint
            yield "*", f"DELETE FROM {table} WHERE {here}", list(row.values())
        for name in row if row in (rows[0], rows[-1]) else ():
            if (table, name) not in LOCAL:
                statement = f'UPDATE {table} SET "{name}" = ? WHERE {here}'
                changed = new(row[name]) if name in keys else other(row[name])
                yield name, statement, [changed, *row.values()]
    more = rows[-1] | {name: new(rows[-1][name]) for name in keys}
    unique = {"name", "ref", "seq", "version_num", "chain"}
    more |= {name: other(value) for name, value in more.items() if name in unique - {*keys}}
    marks = ", ".join("?" * len(more))
    yield "*", f"INSERT INTO {table} VALUES ({marks})", list(more.values())


def test_the_day_is_whole(day: Context) -> None:
    assert verify(day).intact
    assert {*TABLES} < {*tables_of(day.connection)}


@pytest.mark.slow
@pytest.mark.parametrize("table", TRIED)
def test_every_change_of_one_row_is_found(
    day: Context, altered: Callable[..., Verification], table: str
) -> None:
    tried = list(changes(day.connection, table))
    missed = [(name, sql) for name, sql, values in tried if altered(sql, tuple(values)).intact]
    assert missed == []
    assert len(tried) > 2


def test_every_table_is_tried_but_the_schemas_number(day: Context) -> None:
    own = {"heard", "joined", "list_held", "signed_head", "refused_event", "sync_state"}
    assert {*tables_of(day.connection)} - {*TRIED} == {"alembic_version", *own}


def test_another_number_of_the_schema_is_found(altered: Callable[..., Verification]) -> None:
    found = altered("INSERT INTO alembic_version VALUES ('9')")
    assert [(one.table, one.what) for one in found.differences] == [
        ("schema", "the schema's number was altered")
    ]
