"""What is known to be absent is not asked for, and a new version is never missed."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portcheck.store import sieve
from portcheck.store.finder import CurrentList
from portcheck.store.sieve import read_ahead, sifted

NOW = datetime(2021, 6, 17, tzinfo=UTC)
SHORT = CurrentList("main", 1, 2, 2, 0, "a" * 64, NOW, NOW, 7, {})
LONG = replace(SHORT, entries=1_000)
WANTED = ["A812", "Q999", "A81", "X1"]


def put(connection: sqlite3.Connection, *skeletons: str) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.executemany(
        "INSERT INTO entry_mark (skeleton, key, entry_id, unit) VALUES (?1, ?1, 1, 'vehicle')",
        [(skeleton,) for skeleton in skeletons],
    )


def asked(connection: sqlite3.Connection, lists: Sequence[CurrentList]) -> set[str]:
    return set(sifted(connection, lists, WANTED))


def test_only_what_is_in_force_is_asked_for(connection: sqlite3.Connection) -> None:
    put(connection, "A812", "X1", "ZZZ")
    assert asked(connection, [SHORT]) == {"A812", "X1"}


def test_a_long_list_is_read_only_when_it_pays(connection: sqlite3.Connection) -> None:
    put(connection, "A812")
    assert [asked(connection, [LONG]) for _ in range(3)] == [set(WANTED), set(WANTED), {"A812"}]


def test_a_long_list_can_be_read_ahead(connection: sqlite3.Connection) -> None:
    put(connection, "A812")
    read_ahead(connection, [LONG])
    assert asked(connection, [LONG]) == {"A812"}
    put(connection, "Q999")
    assert asked(connection, [replace(LONG, version=2)]) == set(WANTED)


@pytest.mark.parametrize(
    "newer",
    [
        [replace(SHORT, version=2)],
        [replace(SHORT, imported_at=datetime(2021, 6, 18, tzinfo=UTC))],
        [SHORT, replace(SHORT, name="other")],
        [],
    ],
)
def test_other_lists_are_read_anew(
    connection: sqlite3.Connection, newer: list[CurrentList]
) -> None:
    put(connection, "A812")
    asked(connection, [SHORT])
    put(connection, "Q999")
    assert asked(connection, [SHORT]) == {"A812"}
    assert asked(connection, newer) == {"A812", "Q999"}


def test_another_connection_is_read_anew(connection: sqlite3.Connection) -> None:
    put(connection, "A812")
    asked(connection, [SHORT])
    with sqlite3.connect(":memory:") as other:
        other.execute("CREATE TABLE entry_mark (skeleton)")
        assert asked(other, [SHORT]) == set()
    other.close()
    assert len(sieve._latest) == 1


def test_what_was_read_in_a_transaction_that_failed_is_forgotten(
    connection: sqlite3.Connection,
) -> None:
    put(connection, "A812")
    asked(connection, [SHORT])
    connection.execute("BEGIN")
    put(connection, "Q999")
    assert asked(connection, [replace(SHORT, version=2)]) == {"A812", "Q999"}
    connection.execute("ROLLBACK")
    put(connection, "X1")
    assert asked(connection, [SHORT]) == {"A812", "X1"}
