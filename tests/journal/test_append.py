"""Appending: gapless, in order, and never without a time zone."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.times import read_utc, utc_text
from portcheck.journal.append import Actor, Recorded, append, heads
from portcheck.journal.verify import verify
from portcheck.store.connection import transaction

NOON = datetime(2021, 6, 17, 12, tzinfo=UTC)
JO = Actor("4711", "Police", "L1")


def write(
    journal: sqlite3.Connection, actor: Actor = JO, now: datetime = NOON, note: str = ""
) -> Recorded:
    with transaction(journal):
        return append(journal, "noted", {"kind": "noted", "note": note}, actor, now)


def write_and_fail(journal: sqlite3.Connection) -> None:
    with transaction(journal):
        append(journal, "noted", {}, JO, NOON)
        journal.execute("INSERT INTO nowhere VALUES (1)")


def test_the_first_event(journal: sqlite3.Connection) -> None:
    recorded = write(journal, note="é")
    assert recorded == Recorded(
        1, recorded.hash, 1, recorded.hash, "2021-06-17T12:00:00.000000Z", JO
    )
    assert recorded.name == recorded.hash.hex()
    row = journal.execute("SELECT * FROM journal").fetchone()
    assert row[:9] == (
        1,
        recorded.hash,
        1,
        1,
        "L1",
        "noted",
        "2021-06-17T12:00:00.000000Z",
        "4711",
        "Police",
    )
    assert row[10:] == (bytes(32), recorded.hash, "")
    assert journal.execute("SELECT payload FROM fact").fetchall() == [
        ('{"kind":"noted","note":"é"}',)
    ]


def test_each_device_counts_for_itself_and_positions_run_through(
    journal: sqlite3.Connection,
) -> None:
    for device in ("L1", "L2", "L1", "L3", "L2", "L1"):
        write(journal, Actor("4711", "Police", device))
    rows = journal.execute("SELECT position, device, seq FROM journal ORDER BY position").fetchall()
    assert rows == [
        (1, "L1", 1),
        (2, "L2", 1),
        (3, "L1", 2),
        (4, "L3", 1),
        (5, "L2", 2),
        (6, "L1", 3),
    ]
    assert [(head.device, head.seq) for head in heads(journal)] == [("L1", 3), ("L2", 2), ("L3", 1)]
    assert verify(journal).fault is None


def test_a_payload_is_salted(journal: sqlite3.Connection) -> None:
    write(journal)
    write(journal)
    (one, other) = journal.execute(
        "SELECT salt, digest FROM payload JOIN journal USING (arrival)"
    ).fetchall()
    assert one[0] != other[0]
    assert one[1] != other[1]
    assert len(one[0]) == 16


def test_the_time_is_what_the_clock_said_and_the_order_is_that_of_the_events(
    journal: sqlite3.Connection,
) -> None:
    clock = [NOON, NOON - timedelta(hours=1), NOON + timedelta(microseconds=1)]
    assert [write(journal, now=now).recorded_at for now in clock] == list(map(utc_text, clock))
    rows = journal.execute("SELECT position, seq FROM journal ORDER BY position").fetchall()
    assert rows == [(1, 1), (2, 2), (3, 3)]
    assert verify(journal).fault is None


def test_a_time_without_a_zone_is_refused(journal: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        write(journal, now=NOON.replace(tzinfo=None))
    assert journal.execute("SELECT COUNT(*) FROM journal").fetchone() == (0,)


def test_a_failed_transaction_leaves_no_gap(journal: sqlite3.Connection) -> None:
    write(journal)
    with pytest.raises(sqlite3.OperationalError):
        write_and_fail(journal)
    assert write(journal).seq == 2
    assert verify(journal).events == 2


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (datetime(2021, 6, 17, 8, 5, tzinfo=UTC), "2021-06-17T08:05:00.000000Z"),
        (
            datetime(2021, 6, 17, 8, 5, 0, 7, tzinfo=timezone(timedelta(hours=1))),
            "2021-06-17T07:05:00.000007Z",
        ),
        (
            datetime(2021, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "2020-12-31T19:00:00.000000Z",
        ),
    ],
)
def test_utc_text(when: datetime, text: str) -> None:
    assert utc_text(when) == text
    assert read_utc(text) == when


times = st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11))]),
)


@given(times, times)
def test_times_sort_as_texts_and_are_read_back(one: datetime, other: datetime) -> None:
    assert (one < other) == (utc_text(one) < utc_text(other))
    assert read_utc(utc_text(one)) == one


@given(
    st.lists(
        st.tuples(st.sampled_from(["L1", "L2", "X"]), st.integers(-5, 5), st.text(max_size=4)),
        max_size=8,
    )
)
def test_any_order_of_devices_and_clocks_makes_a_sound_journal(
    empty_journal: bytes, steps: list[tuple[str, int, str]]
) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(empty_journal)
    try:
        for device, minutes, note in steps:
            actor = Actor(note, "", device)
            write(connection, actor, NOON + timedelta(minutes=minutes), note)
        found = verify(connection)
        notes = [
            json.loads(row[0])["note"]
            for row in connection.execute("SELECT payload FROM fact ORDER BY position")
        ]
    finally:
        connection.close()
    assert found.fault is None
    assert found.events == len(steps)
    assert len(found.fingerprints) == len({device for device, _, _ in steps})
    assert notes == [note for _, _, note in steps]
