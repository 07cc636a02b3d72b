"""A database of every earlier schema opens, verifies, counts what it counted, and is its rebuild.

Each was made by `tools/make_epoch.py` with the portcheck of its time, and is never made again.
"""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portcheck.domain.matching import Tier
from portcheck.journal.append import Actor
from portcheck.journal.verify import verify
from portcheck.services.context import Context
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement
from portcheck.services.matching.matcher import Query, answer
from portcheck.services.settings import Settings
from portcheck.store import projections
from portcheck.store.connection import transaction
from portcheck.store.difference import Difference
from portcheck.store.holding import held
from portcheck.store.revisions import REVISIONS
from portcheck.store.schema import open_store, schema_faults

EPOCHS = Path(__file__).with_name("epochs")


@pytest.fixture(params=REVISIONS[:-1])
def epoch(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def said(epoch: str) -> Any:
    """What the portcheck of that time said of it."""
    return json.loads((EPOCHS / f"{epoch}.json").read_text(encoding="utf-8"))


@pytest.fixture
def old(epoch: str, tmp_path: Path) -> Path:
    path = tmp_path / "day.db"
    path.write_bytes(gzip.decompress((EPOCHS / f"{epoch}.db.gz").read_bytes()))
    return path


@pytest.fixture
def connection(old: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(old)) as connection:
        yield connection


def journal(path: Path) -> list[tuple[Any, ...]]:
    """Every event as it was written, whatever the schema calls the table with its text."""
    with closing(sqlite3.connect(path)) as connection:
        there = "SELECT 1 FROM sqlite_schema WHERE name = 'fact'"
        table = "fact" if connection.execute(there).fetchone() else "journal"
        return connection.execute(
            f"SELECT device, seq, payload, hash FROM {table} ORDER BY device, seq"
        ).fetchall()


def test_its_journal_verifies_with_the_fingerprints_it_printed(
    connection: sqlite3.Connection, said: Any
) -> None:
    found = verify(connection)
    assert found.fault is None
    assert found.events == said["verify"]["events"]
    assert list(found.fingerprints) == said["verify"]["fingerprints"]


def test_no_event_is_touched(old: Path) -> None:
    before = journal(old)
    open_store(old).close()
    assert journal(old) == before


def test_its_projections_are_those_of_a_rebuild(connection: sqlite3.Connection) -> None:
    before = projections.dump(connection)
    with transaction(connection):
        projections.rebuild(connection)
    assert projections.dump(connection) == before
    assert before["check_match"]


def test_nothing_is_taken_for_altered(connection: sqlite3.Connection, old: Path) -> None:
    assert list(held(connection, old)) == []


def test_an_early_list_is_held_by_its_counts(
    connection: sqlite3.Connection, old: Path, epoch: str
) -> None:
    connection.execute(
        "DELETE FROM list_problem WHERE severity = 'rejected' AND version = 1 AND list_name = 'CECPT'"
    )
    row = "CECPT version 1"
    found = [Difference("list_problem", row, "not the problems that were found", "CECPT")]
    assert list(held(connection, old)) == found
    assert epoch == "0001", "later journals hold hashes: a text that was changed is found too"


def test_its_schema_is_that_of_a_new_database(connection: sqlite3.Connection) -> None:
    assert schema_faults(connection) == []


def test_what_it_counted_is_counted_still(
    connection: sqlite3.Connection, old: Path, said: Any
) -> None:
    context = Context(connection, old, Settings(), Actor("4711", "Police", "L1"))
    counted = statement(context, select(context, ("Portsmouth",), recount=True)).tally
    for name in ("checks", "vehicles", "trailers", "containers", "inbound", "outbound", "searched"):
        assert counted.document()[name] == said["tally"][name], name
    assert counted.primary_outcomes == said["tally"]["primary_outcomes"]


def test_what_is_in_force_is_found_as_it_is_today(old: Path) -> None:
    """Also an entry that was stored with a country's sign, when none behind a mark was known."""
    with closing(sqlite3.connect(old)) as before, before:
        (entry,) = before.execute(
            "SELECT MIN(entry_id) FROM entry WHERE removed_version IS NULL"
            " AND unit NOT IN ('trailer', 'container')"
        ).fetchone()
        before.execute(
            "UPDATE entry SET registration = 'WGM 1234 PL', country = '',"
            " identity = 'WGM1234PL' || char(31) || penalty_reference WHERE entry_id = ?",
            [entry],
        )
        before.execute("DELETE FROM entry_mark WHERE entry_id = ?", [entry])
        before.execute(
            "INSERT INTO entry_mark (skeleton, key, entry_id, unit)"
            " VALUES ('W6M1234PL', 'WGM1234PL', ?, 'vehicle')",
            [entry],
        )
    with closing(open_store(old)) as connection:
        context = Context(connection, old, Settings(), Actor("4711", "Police", "L1"))
        for typed in ("WGM 1234", "PL WGM 1234", "WGM 1234 PL", "WGM1234 (PL)"):
            now = datetime(2021, 6, 17, tzinfo=UTC)
            (match,) = answer(context, Query(typed), now=now, zone=UTC).matches
            assert (match.registration, match.tier) == ("WGM 1234 PL", Tier.EXACT)
        found: dict[int, set[tuple[str, ...]]] = {}
        for entry_id, *mark in connection.execute("SELECT entry_id, key, unit FROM entry_mark"):
            found.setdefault(entry_id, set()).add(tuple(mark))
        assert found[entry] == {("WGM1234PL", "vehicle"), ("WGM1234", "vehicle")}
