"""What is known to be absent is not asked for, and a new version is never missed."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portcheck.services.context import Context
from portcheck.services.matching.grading import sieve
from portcheck.store.finder import CurrentList

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


def asked(context: Context, lists: Sequence[CurrentList]) -> set[str]:
    return set(sieve(context, lists).sifted(WANTED))


def test_only_what_is_in_force_is_asked_for(context: Context) -> None:
    put(context.connection, "A812", "X1", "ZZZ")
    assert asked(context, [SHORT]) == {"A812", "X1"}


def test_a_long_list_is_read_only_when_it_pays(context: Context) -> None:
    put(context.connection, "A812")
    assert [asked(context, [LONG]) for _ in range(3)] == [set(WANTED), set(WANTED), {"A812"}]


def test_a_long_list_can_be_read_ahead(context: Context) -> None:
    put(context.connection, "A812")
    sieve(context, [LONG]).read()
    assert asked(context, [LONG]) == {"A812"}
    put(context.connection, "Q999")
    assert asked(context, [replace(LONG, version=2)]) == set(WANTED)


@pytest.mark.parametrize(
    "newer",
    [
        [replace(SHORT, version=2)],
        [replace(SHORT, imported_at=datetime(2021, 6, 18, tzinfo=UTC))],
        [SHORT, replace(SHORT, name="other")],
        [],
    ],
)
def test_other_lists_are_read_anew(context: Context, newer: list[CurrentList]) -> None:
    put(context.connection, "A812")
    asked(context, [SHORT])
    put(context.connection, "Q999")
    assert asked(context, [SHORT]) == {"A812"}
    assert asked(context, newer) == {"A812", "Q999"}


def test_a_thread_of_its_own_reads_for_itself(context: Context) -> None:
    put(context.connection, "A812")
    asked(context, [SHORT])
    other = context.again()
    with closing(other.connection):
        other.connection.execute("DELETE FROM entry_mark")
        assert asked(other, [SHORT]) == set()
    assert asked(context, [SHORT]) == {"A812"}


def test_what_was_read_in_a_transaction_that_failed_is_forgotten(
    context: Context,
) -> None:
    put(context.connection, "A812")
    asked(context, [SHORT])
    context.connection.execute("BEGIN")
    put(context.connection, "Q999")
    assert asked(context, [replace(SHORT, version=2)]) == {"A812", "Q999"}
    context.connection.execute("ROLLBACK")
    put(context.connection, "X1")
    assert asked(context, [SHORT]) == {"A812", "X1"}
