"""Devices that hold the same events tell the same story, in whatever order these came.

A day is made on three devices, each with a database of its own: checks, outcomes,
decisions, corrections, voids, on whatever a device holds.  Its events go to the others in
parts: some of a chain, now and again, repeated, or long after.
"""

from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import DEVICES, as_a_rebuild, bring, three
from portcheck.journal.verify import verify
from portcheck.store.schema import open_in_memory


@pytest.fixture(scope="module")
def empty() -> bytes:
    """A new database."""
    with closing(open_in_memory()) as made:
        return made.serialize()


ACTS = (
    *("check", "check", "outcome", "outcome", "decide", "decide", "amend", "amend"),
    *("later_match", "void", "unvoid", "end", "reopen", "log", "erase", "newer"),
    *("judge", "finish"),
)
STEP = st.one_of(
    st.tuples(
        st.integers(0, DEVICES - 1),
        st.sampled_from(ACTS),
        st.integers(0, 5),
        st.integers(0, 30),
    ),
    st.tuples(
        st.integers(0, DEVICES - 1),
        st.sampled_from(("take", "again")),
        st.integers(1, DEVICES - 1),
        st.integers(1, 12),
    ),
)


def holds(empty: bytes, steps: list[tuple[int, str, int, int]]) -> None:
    """Live a day, bring everything to everybody, and compare."""
    with three(empty) as devices:
        for who, act, which, how in steps:
            if act in {"take", "again"}:
                other = devices[(who + which) % DEVICES]
                devices[who].take(other, how, again=act == "again")
            else:
                devices[who].act(act, which, how)
        for device in devices:
            as_a_rebuild(device)
        bring(*devices)
        for device in devices:
            assert verify(device.connection).fault is None
            assert device.connection.execute("PRAGMA foreign_key_check").fetchall() == []


ANY = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=25)


@ANY
@given(steps=st.lists(STEP, max_size=50))
def test_devices_that_hold_the_same_tell_the_same(
    empty: bytes, steps: list[tuple[int, str, int, int]]
) -> None:
    holds(empty, steps)


@pytest.mark.slow
@settings(ANY, max_examples=250)
@given(steps=st.lists(STEP, min_size=50, max_size=50))
def test_long_days_of_devices_that_hold_the_same_tell_the_same(
    empty: bytes, steps: list[tuple[int, str, int, int]]
) -> None:
    holds(empty, steps)
