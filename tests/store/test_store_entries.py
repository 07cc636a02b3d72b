"""Versions of a list kept by their differences, and found again by their marks."""

import sqlite3
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.listing import ListedRow
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.registration.key import key_of, skeleton_of
from portcheck.store import entries, finder, staged
from portcheck.store.connection import transaction
from portcheck.store.difference import ALTERED
from portcheck.store.entries import Differences
from portcheck.store.heldlists import altered_lists
from portcheck.store.listsums import sums
from portcheck.store.marks import Mark

LISTED = ListedRow(
    registration="AB12 CDE",
    country="GB",
    unit="tractor",
    trailer_registration="C123 4567",
    container="CSQU3054383",
    haulier="Acme Ltd",
    liable_party="Acme Ltd",
    liable_role="owner",
    penalty_reference="CP-1042",
    section="32",
    incident_on=date(2020, 12, 24),
    issued_on=date(2021, 1, 4),
    due_on=date(2021, 3, 5),
    amount_pence=240000,
    paid_pence=0,
    balance_pence=240000,
    status="Overdue",
    objection_on=date(2021, 1, 10),
    objection_decided_on=date(2021, 1, 20),
    appeal_on=date(2021, 1, 21),
    appeal_decided_on=date(2021, 1, 22),
    action="detain",
    priority="high",
    contact="CIO 12",
    expires_on=date(2022, 1, 1),
    notes="two lorries",
    unread=(("incident_on", "Xmas Eve"),),
    extra=(("Colour", "red"), ("Wheels", "18")),
)


def marks(entry: ListedRow) -> list[Mark]:
    units = (
        (entry.registration, "vehicle"),
        (entry.trailer_registration, "trailer"),
        (entry.container, "container"),
    )
    return [(skeleton_of(key_of(text)), key_of(text), unit) for text, unit in units if text]


def store(
    connection: sqlite3.Connection,
    version: int,
    rows: Sequence[ListedRow],
    name: str = "CECPT",
    *,
    adding: bool = False,
) -> Differences:
    """Store `rows` as a version of a list; what it changed."""
    staged.begin_staging(connection)
    staged.stage(connection, [(n, row, marks(row)) for n, row in enumerate(rows, 2)])
    staged.drop_duplicates(connection)
    if adding:
        staged.drop_known(connection, name)
    with transaction(connection):
        found = entries.differences(connection, name, adding=adding)
        entries.store_version(connection, name, version, adding=adding)
    staged.end_staging(connection)
    return found


def found(connection: sqlite3.Connection, text: str) -> list[finder.Candidate]:
    return finder.candidates(connection, [skeleton_of(key_of(text))])


def named(*registrations: str) -> list[ListedRow]:
    return [ListedRow(registration=text) for text in registrations]


def in_force(connection: sqlite3.Connection, name: str = "CECPT") -> set[str]:
    rows = connection.execute(
        "SELECT registration FROM entry WHERE list_name = ? AND removed_version IS NULL", (name,)
    )
    return {row[0] for row in rows}


def test_an_entry_is_found_with_every_value_it_has(connection: sqlite3.Connection) -> None:
    store(connection, 1, [LISTED])
    (candidate,) = found(connection, "ab12cde")
    assert (candidate.key, candidate.mark_unit, candidate.shown) == (
        "AB12CDE",
        "vehicle",
        "AB12 CDE",
    )
    assert (candidate.country, candidate.unit, candidate.haulier) == ("GB", "tractor", "Acme Ltd")
    for field in fields(PenaltyLine):
        listed = "penalty_reference" if field.name == "reference" else field.name
        assert getattr(candidate.line, field.name) == getattr(LISTED, listed)


@pytest.mark.parametrize(
    ("text", "unit", "shown"),
    [
        ("AB12CDE", "vehicle", "AB12 CDE"),
        ("AB1ZCDE", "vehicle", "AB12 CDE"),  # the same skeleton
        ("C1234567", "trailer", "C123 4567"),
        ("CSQU 305438-3", "container", "CSQU3054383"),
    ],
)
def test_an_entry_is_found_by_each_of_its_marks(
    connection: sqlite3.Connection, text: str, unit: str, shown: str
) -> None:
    store(connection, 1, [LISTED])
    (candidate,) = found(connection, text)
    assert (candidate.mark_unit, candidate.shown) == (unit, shown)


def test_what_is_blank_stays_blank_and_nought_stays_nought(connection: sqlite3.Connection) -> None:
    store(connection, 1, [ListedRow(registration="X1 ABC", balance_pence=0)])
    (candidate,) = found(connection, "X1ABC")
    assert candidate.line == PenaltyLine(balance_pence=0)


def test_a_trailer_listed_in_the_first_column_is_shown(connection: sqlite3.Connection) -> None:
    staged.begin_staging(connection)
    row = ListedRow(registration="C123 4567", unit="trailer")
    staged.stage(connection, [(2, row, [(skeleton_of("C1234567"), "C1234567", "trailer")])])
    with transaction(connection):
        entries.store_version(connection, "CECPT", 1)
    (candidate,) = found(connection, "C1234567")
    assert (candidate.mark_unit, candidate.shown) == ("trailer", "C123 4567")


def test_several_skeletons_are_asked_at_once(connection: sqlite3.Connection) -> None:
    store(connection, 1, named("AB12 CDE", "AB13 CDE", "ZZ99 ZZZ"))
    wanted = [skeleton_of(key_of(text)) for text in ("AB12CDE", "ZZ99ZZZ", "NOBODY1")]
    assert [c.registration for c in finder.candidates(connection, wanted)] == [
        "AB12 CDE",
        "ZZ99 ZZZ",
    ]
    assert finder.candidates(connection, []) == []


def test_an_entry_that_was_removed_is_not_found(connection: sqlite3.Connection) -> None:
    store(connection, 1, named("AB12 CDE", "ZZ99 ZZZ"))
    store(connection, 2, named("ZZ99 ZZZ"))
    assert found(connection, "AB12CDE") == []
    assert len(found(connection, "ZZ99ZZZ")) == 1


VERSIONS = [
    (["A1", "B2"], ["A1", "B2"], Differences(2, 0, 0, 0, 2)),
    (["A1", "B2"], ["B2", "C3"], Differences(2, 1, 0, 1, 1)),
    (["A1"], ["B2", "C3"], Differences(1, 2, 0, 1, 0)),
    (["A1", "A1"], ["A1"], Differences(1, 0, 0, 0, 1)),
]


@pytest.mark.parametrize(("before", "after", "differences"), VERSIONS)
def test_differences(
    connection: sqlite3.Connection, before: list[str], after: list[str], differences: Differences
) -> None:
    store(connection, 1, named(*before))
    assert store(connection, 2, named(*after)) == differences
    assert in_force(connection) == set(after)


def test_a_changed_entry_is_told_from_one_that_came_and_one_that_went(
    connection: sqlite3.Connection,
) -> None:
    other = replace(LISTED, penalty_reference="CP-7")
    store(connection, 1, [LISTED, other])
    changes = store(connection, 2, [replace(LISTED, balance_pence=0), replace(other, notes="x")])
    assert changes == Differences(2, 0, 2, 0, 0)
    gone = store(connection, 3, [replace(LISTED, penalty_reference="CP-8")])
    assert gone == Differences(2, 1, 0, 2, 0)


def test_an_entry_lives_from_the_version_that_added_it_to_the_one_that_removed_it(
    connection: sqlite3.Connection,
) -> None:
    for version, rows in enumerate((["A1"], ["A1", "B2"], ["B2"], ["A1", "B2"]), 1):
        store(connection, version, named(*rows))
    lives = connection.execute(
        "SELECT registration, added_version, removed_version FROM entry ORDER BY entry_id"
    ).fetchall()
    assert lives == [("A1", 1, 3), ("B2", 2, None), ("A1", 4, None)]
    for version, rows in enumerate((["A1"], ["A1", "B2"], ["B2"], ["A1", "B2"]), 1):
        then = {
            entry.registration for _, _, entry in entries.entries_of(connection, "CECPT", version)
        }
        assert then == set(rows)


def test_lists_do_not_mix(connection: sqlite3.Connection) -> None:
    store(connection, 1, named("A1", "B2"))
    assert store(connection, 1, named("A1"), "POLICE") == Differences(0, 1, 0, 0, 0)
    assert store(connection, 2, [], "POLICE") == Differences(1, 0, 0, 1, 0)
    assert in_force(connection) == {"A1", "B2"}
    assert [c.list_name for c in found(connection, "A1")] == ["CECPT"]


def test_an_entry_comes_back_as_it_went_in(connection: sqlite3.Connection) -> None:
    store(connection, 1, [LISTED])
    ((row, identity, entry),) = entries.entries_of(connection, "CECPT", 1)
    assert (row, identity, entry) == (2, "AB12CDE\x1fCP-1042", LISTED)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET balance_pence = 0",
        "UPDATE entry SET registration = 'AB12 CDF'",
        "UPDATE entry SET status = 'paid'",
        "UPDATE entry SET extra = '[]'",
        "UPDATE entry SET due_on = NULL",
    ],
)
def test_an_entry_that_was_altered_is_found(connection: sqlite3.Connection, statement: str) -> None:
    store(connection, 1, [LISTED])
    assert altered(connection) == []
    connection.execute(statement)
    assert set(altered(connection)) <= {"entry", "entry_mark"}
    assert "entry" in altered(connection)


def altered(connection: sqlite3.Connection) -> list[str]:
    """The tables of what was altered; no import was written down here."""
    found = altered_lists(connection)
    return [one.table for one in found if one.what.startswith(ALTERED)]


def test_the_hash_is_over_what_is_in_force(connection: sqlite3.Connection) -> None:
    store(connection, 1, named("A1", "B2"))
    both = sums(connection, "CECPT", 1)
    store(connection, 2, named("B2"))
    one = sums(connection, "CECPT", 2)
    store(connection, 3, named("B2", "A1"))
    again = sums(connection, "CECPT", 3)
    assert one.entries != both.entries == again.entries
    assert again.rows != both.rows
    assert again.problems == both.problems


versions = st.lists(
    st.lists(st.sampled_from(["A1", "B2", "C3", "D4"]), max_size=5), min_size=1, max_size=4
)


@pytest.mark.slow
@given(versions)
def test_any_row_of_versions_is_told_apart(new_database: object, steps: list[list[str]]) -> None:
    connection = sqlite3.connect(f"file:{new_database}?mode=ro", uri=True, isolation_level=None)
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    connection.close()
    try:
        before: set[str] = set()
        for version, rows in enumerate(steps, 1):
            found = store(copy, version, named(*rows))
            now = set(rows)
            assert found == Differences(
                len(before), len(now - before), 0, len(before - now), len(now & before)
            )
            assert in_force(copy) == now
            before = now
        for version, rows in enumerate(steps, 1):
            then = [e.registration for _, _, e in entries.entries_of(copy, "CECPT", version)]
            assert sorted(then) == sorted(set(rows))
    finally:
        copy.close()


def test_rows_are_added_to_what_is_in_force(connection: sqlite3.Connection) -> None:
    store(connection, 1, named("A1 AAA", "B2 BBB"))
    store(connection, 1, named("C3 CCC"), name="OTHER")
    found = store(connection, 2, named("B2 BBB", "C3 CCC", "D4 DDD"), adding=True)
    assert found == Differences(current=2, added=2, changed=0, removed=0, unchanged=0, kept=2)
    assert in_force(connection) == {"A1 AAA", "B2 BBB", "C3 CCC", "D4 DDD"}
    assert altered(connection) == []
    store(connection, 3, named("D4 DDD"))
    assert in_force(connection) == {"D4 DDD"}
    assert [entry.registration for _, _, entry in entries.entries_of(connection, "CECPT", 2)] == [
        "A1 AAA",
        "B2 BBB",
        "C3 CCC",
        "D4 DDD",
    ]


def test_every_mark_is_a_key_once(connection: sqlite3.Connection) -> None:
    store(connection, 1, named("Z9 ZZZ"))
    store(connection, 1, named("C3 CCC"), name="OTHER")
    staged.begin_staging(connection)
    rows = [LISTED, replace(LISTED, penalty_reference="CP-2"), *named("A1 AAA")]
    staged.stage(connection, [(n, row, marks(row)) for n, row in enumerate(rows, 2)])
    staged_keys = ["A1AAA", "AB12CDE", "C1234567", "CSQU3054383"]
    assert list(entries.keys(connection, "CECPT")) == staged_keys
    assert list(entries.keys(connection, "CECPT", adding=True)) == [*staged_keys, "Z9ZZZ"]
    staged.end_staging(connection)


def test_what_is_known_is_named_and_what_is_said_otherwise_too(
    connection: sqlite3.Connection,
) -> None:
    store(connection, 1, [LISTED, *named("B2 BBB")])
    staged.begin_staging(connection)
    rows = [
        replace(LISTED, balance_pence=1),
        LISTED,
        replace(LISTED, penalty_reference="CP-2"),
        ListedRow(registration="B2 BBB", notes="without a reference"),
    ]
    staged.stage(connection, [(n, row, marks(row)) for n, row in enumerate(rows, 2)])
    assert [(one.row, one.partly) for one in staged.drop_known(connection, "CECPT")] == [(3, False)]
    assert staged.staged_beside(connection, "CECPT") == [("", 2, "CP-1042")]
    staged.end_staging(connection)


def test_lists_in_force(connection: sqlite3.Connection) -> None:
    assert finder.lists_in_force(connection) == []
    connection.execute("INSERT INTO action_list VALUES ('CECPT', 2, 7, '{}', '', '', '{}')")
    for version, accepted in ((1, 3), (2, 4)):
        connection.execute(
            "INSERT INTO list_version VALUES ('CECPT', ?, '2021-06-17T04:30:00.000000Z',"
            " '2021-06-16T22:00:00.000000Z', '4711', 'list.csv', 'ab', 'cd', '', ?, ?, ?, 0, 1, 0, ?, 0, 0,"
            " 0, ?, '{\"near\":0.5}', '')",
            (version, accepted + 1, accepted, accepted, accepted, 10 * (version - 1)),
        )
    (current,) = finder.lists_in_force(connection)
    assert (current.name, current.version, current.rows) == ("CECPT", 2, 15)
    assert (current.entries, current.rejected, current.max_age_days) == (14, 1, 7)
    assert current.entries_sha256 == "cd"
    assert current.imported_at.isoformat() == "2021-06-17T04:30:00+00:00"
    assert current.as_of.isoformat() == "2021-06-16T22:00:00+00:00"


def test_operations_are_found(connection: sqlite3.Connection) -> None:
    assert finder.current_operation(connection, "L1") is None
    assert finder.operations_named(connection, "Portsmouth") == []
    for identity, name in (("o-1", "Portsmouth"), ("o-2", "Dover")):
        connection.execute(
            "INSERT INTO operation (operation_id, name, site, agencies, timezone, marking, part,"
            " started_at, end_reason) VALUES (?, ?, '', '[]', 'Europe/London', 'M', 'scotland',"
            " '2021-06-17T04:30:00.000000Z', '')",
            (identity, name),
        )
    connection.execute("INSERT INTO device_state VALUES ('L1', 'o-2'), ('L2', NULL)")
    current = finder.current_operation(connection, "L1")
    assert current is not None
    assert (current.name, current.ended_at) == ("Dover", None)
    assert finder.current_operation(connection, "L2") is None
    assert finder.current_operation(connection, "l1") is None
    for text in ("Portsmouth", "PORTSMOUTH", "o-1"):
        (row,) = finder.operations_named(connection, text)
        assert row is not None
        assert row.operation_id == "o-1"
    assert finder.operations_named(connection, "Port") == []
