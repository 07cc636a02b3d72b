"""Whatever is done to the journal is found, and the event is named."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portcheck.errors import Refused
from portcheck.journal.append import Actor, append, heads
from portcheck.journal.chain import Header, canonical, link, payload_digest
from portcheck.journal.verify import Verified, check_fingerprint, verify
from portcheck.store.connection import transaction

EVENTS = 10
TEXTS = ("device", "kind", "recorded_at", "officer", "agency", "text")
BLOBS = ("salt", "digest", "previous", "hash", "chain")
APART = ("text", "salt")
"""The columns that stand in the table of payloads."""
HEADER = "position, device, seq, kind, recorded_at, officer, agency"

places = st.integers(1, EVENTS)


@contextmanager
def tampering(whole: bytes) -> Iterator[sqlite3.Connection]:
    """The ten events, without the triggers that guard them."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(whole)
    for table in ("journal", "payload"):
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER {table}_refuses_{verb}")
    try:
        yield connection
    finally:
        connection.close()


def changed(connection: sqlite3.Connection, place: int, column: str, value: Any) -> bool:
    """Put `value` in a column; False when SQLite would not have it or it was there already."""
    table = "payload" if column in APART else "journal"
    (before,) = connection.execute(
        f"SELECT CAST({column} AS BLOB) FROM {table} WHERE arrival = ?", (place,)
    ).fetchone()
    wanted = "CAST(? AS TEXT)" if column in TEXTS else "?"
    try:
        connection.execute(
            f"UPDATE {table} SET {column} = {wanted} WHERE arrival = ?", (value, place)
        )
    except sqlite3.IntegrityError:
        return False
    return bool(before != (str(value).encode() if isinstance(value, int) else value))


def move(connection: sqlite3.Connection, start: int, by: int) -> None:
    """Shift the events from `start` on, last first so that no two meet."""
    for place in range(EVENTS, start - 1, -1):
        for table in ("journal", "payload"):
            connection.execute(
                f"UPDATE {table} SET arrival = ? WHERE arrival = ?", (place + by, place)
            )
        connection.execute("UPDATE journal SET position = arrival WHERE arrival = ?", (place + by,))


def fault_at(found: Verified) -> int:
    assert found.fault is not None
    assert found.fault.what
    assert found.events == found.fault.position - 1
    return found.fault.position


def test_nothing_was_done(whole_journal: bytes) -> None:
    with tampering(whole_journal) as connection:
        found = verify(connection)
        printed = [head.fingerprint for head in heads(connection)]
    assert (found.events, found.fault) == (EVENTS, None)
    assert list(found.fingerprints) == printed
    assert [text.split(":")[:2] for text in printed] == [["L1", "6"], ["L2", "4"]]


def test_an_empty_journal_is_sound(journal: sqlite3.Connection) -> None:
    assert verify(journal) == Verified(0, (), None)


@given(places, st.sampled_from(TEXTS), st.text(max_size=8).map(str.encode) | st.binary(max_size=8))
@example(5, "officer", b"\xff")
@example(5, "text", b"{}")
@example(5, "text", b"\xc3\x28")
@example(1, "device", b"L9")
@example(10, "agency", b"Police\x00")
def test_a_changed_text_is_found(
    whole_journal: bytes, place: int, column: str, value: bytes
) -> None:
    with tampering(whole_journal) as connection:
        if changed(connection, place, column, value):
            assert fault_at(verify(connection)) == place


def test_a_text_that_only_looks_the_same_is_found(empty_journal: bytes) -> None:
    """A byte that cannot be read is shown as U+FFFD, and that may stand there by right."""
    with tampering(empty_journal) as connection:
        with transaction(connection):
            append(
                connection,
                "noted",
                {},
                Actor("\ufffd", "", "L1"),
                datetime(2021, 6, 18, tzinfo=UTC),
            )
        assert verify(connection).fault is None
        assert changed(connection, 1, "officer", b"\xff")
        assert fault_at(verify(connection)) == 1


@given(places, st.sampled_from(BLOBS), st.integers(0, 31), st.integers(1, 255))
def test_a_changed_bit_is_found(
    whole_journal: bytes, place: int, column: str, byte: int, flip: int
) -> None:
    with tampering(whole_journal) as connection:
        row = connection.execute(
            f"SELECT {column} FROM journal JOIN payload USING (arrival) WHERE arrival = ?", (place,)
        ).fetchone()
        value = bytearray(row[0])
        value[byte % len(value)] ^= flip
        assert changed(connection, place, column, bytes(value))
        assert fault_at(verify(connection)) == place


@given(places, st.sampled_from(BLOBS), st.binary(max_size=40))
@example(1, "previous", b"")
def test_another_blob_is_found(whole_journal: bytes, place: int, column: str, value: bytes) -> None:
    with tampering(whole_journal) as connection:
        if changed(connection, place, column, value):
            assert fault_at(verify(connection)) == place


@given(places, st.integers(-5, 40))
def test_a_changed_number_is_found(whole_journal: bytes, place: int, number: int) -> None:
    with tampering(whole_journal) as connection:
        if changed(connection, place, "seq", number):
            assert fault_at(verify(connection)) == place


@given(places, st.integers(-5, 40))
def test_a_moved_event_is_found(whole_journal: bytes, place: int, other: int) -> None:
    with tampering(whole_journal) as connection:
        if not changed(connection, place, "position", other):
            return
        found = verify(connection)
    assert found.fault is not None
    # it is named itself, or the next of its device, which must stand after it
    following = {1: 4, 4: 7, 7: 10, 10: 10, 2: 3, 3: 5, 5: 6, 6: 8, 8: 9, 9: 9}
    assert found.fault.position in {place, following[place]}


@given(st.integers(1, EVENTS - 1))
def test_a_removed_event_is_found(whole_journal: bytes, place: int) -> None:
    with tampering(whole_journal) as connection:
        connection.execute("DELETE FROM journal WHERE arrival = ?", (place,))
        found = verify(connection)
    assert found.fault is not None
    assert found.fault.position == place + 1
    assert "missing before it" in found.fault.what


@given(st.integers(1, EVENTS - 1))
def test_a_removed_event_is_found_although_the_gap_was_closed(
    whole_journal: bytes, place: int
) -> None:
    with tampering(whole_journal) as connection:
        for table in ("payload", "journal"):
            connection.execute(f"DELETE FROM {table} WHERE arrival = ?", (place,))
        for later in range(place + 1, EVENTS + 1):
            connection.execute(
                "UPDATE payload SET arrival = ?1 WHERE arrival = ?1 + 1", (later - 1,)
            )
            connection.execute(
                "UPDATE journal SET arrival = ?1, position = ?1 WHERE arrival = ?1 + 1",
                (later - 1,),
            )
        assert fault_at(verify(connection)) == place


@given(places, places)
def test_two_events_that_changed_places_are_found(
    whole_journal: bytes, one: int, other: int
) -> None:
    if one == other:
        return
    with tampering(whole_journal) as connection:
        for before, after in ((one, 99), (other, one), (99, other)):
            connection.execute(
                "UPDATE journal SET position = ? WHERE position = ?", (after, before)
            )
        assert fault_at(verify(connection)) == min(one, other)


@given(st.permutations(range(1, EVENTS + 1)))
def test_in_whatever_order_they_arrived_each_chain_must_be_in_its_own(
    whole_journal: bytes, arrivals: list[int]
) -> None:
    """The order of arrival is this file's own: other devices' events come when they come."""
    with tampering(whole_journal) as connection:
        for table in ("payload", "journal"):
            connection.execute(f"UPDATE {table} SET arrival = -arrival")
            for before, after in enumerate(arrivals, 1):
                connection.execute(
                    f"UPDATE {table} SET arrival = ? WHERE arrival = ?", (after, -before)
                )
        found = verify(connection)
    one = [arrivals[place - 1] for place in range(1, EVENTS + 1) if place % 3 != 1]
    other = [arrivals[place - 1] for place in range(1, EVENTS + 1) if place % 3 == 1]
    assert (found.fault is None) == (one == sorted(one) and other == sorted(other))


@given(st.integers(1, EVENTS), st.sampled_from(["L1", "L2", "L3"]))
def test_an_inserted_event_is_found(whole_journal: bytes, place: int, device: str) -> None:
    """Even one that is chained as it should be: what follows no longer fits."""
    with tampering(whole_journal) as connection:
        move(connection, place, 1)
        seq, newest = connection.execute(
            "SELECT COALESCE(MAX(seq), 0), COALESCE((SELECT hash FROM journal WHERE device = ?1"
            " AND position < ?2 ORDER BY position DESC LIMIT 1), zeroblob(32))"
            " FROM journal WHERE device = ?1 AND position < ?2",
            (device, place),
        ).fetchone()
        connection.execute(
            "UPDATE journal SET seq = seq + 100 WHERE device = ? AND position > ?", (device, place)
        )
        header = Header(place, device, seq + 1, "noted", "2021", "x", "")
        digest = payload_digest(b"s" * 16, "{}")
        own_hash = link(newest, header, digest)
        (chain,) = connection.execute(
            "SELECT COALESCE((SELECT chain FROM own_chain WHERE label = ?), ?)", (device, own_hash)
        ).fetchone()
        connection.execute(
            "INSERT INTO journal VALUES (?1, ?2, ?3, ?1, ?4, 'noted', '2021', 'x', '', ?5, ?6, ?7, '')",
            (place, chain, seq + 1, device, digest, newest, own_hash),
        )
        connection.execute("INSERT INTO payload VALUES (?, ?, '{}')", (place, b"s" * 16))
        connection.execute(
            "INSERT OR IGNORE INTO own_chain (chain, installation, label, asked, place)"
            " VALUES (?, '', ?, '', '')",
            (chain, device),
        )
        assert fault_at(verify(connection)) in {place, place + 1}


def rewrite(connection: sqlite3.Connection, place: int, payload: str) -> None:
    """What somebody would do who knows the rule: another payload and a hash that fits it."""
    row = connection.execute(
        f"SELECT {HEADER}, salt, previous FROM journal JOIN payload USING (arrival)"
        " WHERE arrival = ?",
        (place,),
    ).fetchone()
    digest = payload_digest(row[7], payload)
    connection.execute(
        "UPDATE journal SET digest = ?, hash = ? WHERE arrival = ?",
        (digest, link(row[8], Header(*row[:7]), digest), place),
    )
    connection.execute("UPDATE payload SET text = ? WHERE arrival = ?", (payload, place))
    named = "(SELECT f.hash FROM journal AS f WHERE f.device = {} AND f.seq = 1)"
    connection.execute(f"UPDATE journal SET chain = {named.format('journal.device')}")
    connection.execute(f"UPDATE own_chain SET chain = {named.format('own_chain.label')}")


@pytest.mark.parametrize(("place", "found_at"), [(1, 4), (4, 7), (7, 10), (2, 3), (8, 9)])
def test_a_rewritten_event_is_found_by_the_next_of_its_device(
    whole_journal: bytes, place: int, found_at: int
) -> None:
    with tampering(whole_journal) as connection:
        rewrite(connection, place, canonical({"kind": "noted"}))
        found = verify(connection)
    assert found.fault is not None
    assert found.fault.position == found_at
    assert found.fault.what.startswith("it does not follow")


@pytest.mark.parametrize(("place", "device"), [(9, "L1"), (10, "L2")])
def test_a_rewritten_last_event_is_found_by_its_fingerprint(
    whole_journal: bytes, place: int, device: str
) -> None:
    with tampering(whole_journal) as connection:
        printed = " ".join(verify(connection).fingerprints)
        rewrite(connection, place, "{}")
        assert verify(connection).fault is None
        said = check_fingerprint(connection, printed)
    assert said.endswith(f"of device {device} is not the one that was printed")


@pytest.mark.parametrize("kept", range(EVENTS))
def test_a_cut_off_tail_is_found_by_its_fingerprint_only(whole_journal: bytes, kept: int) -> None:
    with tampering(whole_journal) as connection:
        printed = " ".join(verify(connection).fingerprints)
        for table in ("journal", "payload"):
            connection.execute(f"DELETE FROM {table} WHERE arrival > ?", (kept,))
        connection.execute("DELETE FROM own_chain WHERE chain NOT IN (SELECT chain FROM journal)")
        found = verify(connection)
        said = check_fingerprint(connection, printed)
    assert (found.events, found.fault) == (kept, None)
    assert said.endswith("is missing: the journal was cut short")


def test_what_is_left_of_a_tail_that_was_cut_off(whole_journal: bytes) -> None:
    with tampering(whole_journal) as connection:
        connection.execute("DELETE FROM journal WHERE arrival = ?", (EVENTS,))
        fault = verify(connection).fault
        assert (fault and fault.what) == "there is a text of an event, and no event"
        connection.execute("DELETE FROM payload WHERE arrival = ?", (EVENTS,))
        connection.execute("INSERT INTO own_chain VALUES (99, x'abcd', '', 'L9', '', '')")
        fault = verify(connection).fault
        assert (fault and fault.what) == "no event is held of the chain ABCD"


def test_the_fault_names_the_event(whole_journal: bytes) -> None:
    with tampering(whole_journal) as connection:
        connection.execute("UPDATE journal SET officer = 'somebody else' WHERE arrival = 6")
        fault = verify(connection).fault
    assert fault is not None
    assert (fault.position, fault.device, fault.seq, fault.kind) == (6, "L1", 4, "record_consulted")
    assert fault.what == "its header or hash was changed"


def test_a_fingerprint_holds_although_the_journal_grew(whole_journal: bytes) -> None:
    with tampering(whole_journal) as connection:
        printed = " ".join(verify(connection).fingerprints)
        with transaction(connection):
            append(connection, "noted", {}, Actor("x", "", "L1"), datetime(2021, 6, 18, tzinfo=UTC))
        for text in (printed, printed.lower(), f"  {printed.replace(' ', ', ')} "):
            assert check_fingerprint(connection, text) == ""


NO_FINGERPRINTS = [
    "",
    "   ",
    ",",
    "L1",
    "L1:6",
    "L1:6:0001-0203-0405-0607",
    "L1:6:0001-0203-0405-0607-08091",
    "L1:6:000g-0203-0405-0607-0809",
    "L1:-6:0001-0203-0405-0607-0809",
    "L1:six:0001-0203-0405-0607-0809",
    "L1:9999999999999999999999:0001-0203-0405-0607-0809",
    "L1:6:0001-0203-0405-0607-0809 and more",
]


@pytest.mark.parametrize("text", NO_FINGERPRINTS)
def test_what_is_no_fingerprint_is_refused(whole_journal: bytes, text: str) -> None:
    with (
        tampering(whole_journal) as connection,
        pytest.raises(Refused, match="is not a fingerprint") as refusal,
    ):
        check_fingerprint(connection, text)
    assert "L2:512:" in refusal.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("L1:6:0001-0203-0405-0607-0809", "event 6 of device L1 is not the one that was printed"),
        ("L1:7:0001-0203-0405-0607-0809", "event 7 of device L1 is missing"),
        ("L3:1:0001-0203-0405-0607-0809", "event 1 of device L3 is missing"),
        ("L1:0:0001-0203-0405-0607-0809", "event 0 of device L1 is missing"),
    ],
)
def test_a_fingerprint_that_does_not_hold(whole_journal: bytes, text: str, said: str) -> None:
    with tampering(whole_journal) as connection:
        assert check_fingerprint(connection, text).startswith(said)
