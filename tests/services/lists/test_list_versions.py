"""How versions of a list differ, and going back to one of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.listing import ListedRow
from portcheck.errors import FileRefused, NotFound, Refused
from portcheck.services.context import Context
from portcheck.services.lists import browse
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.lists.list_versions import (
    ListDiff,
    _diff,
    diff_file,
    diff_versions,
    roll_back,
)

Take = Callable[..., ImportResult]
Rows = list[dict[str, str]]

MONDAY = [
    {"Registration": "AB12 CDE", "Ref": "CP-1", "Issued": "12/01/2021", "Balance": "5", "Bay": "1"},
    {"Registration": "CD34 EFG", "Ref": "CP-2", "Issued": "", "Balance": "6", "Bay": ""},
    {"Registration": "EF56 GHI", "Ref": "CP-3", "Issued": "", "Balance": "7", "Bay": ""},
]
TUESDAY = [
    {"Registration": "GH78 IJK", "Ref": "CP-4", "Issued": "", "Balance": "8", "Bay": ""},
    {"Registration": "AB12CDE", "Ref": "CP-1", "Issued": "13/01/2021", "Balance": "0", "Bay": "2"},
    {"Registration": "CD34 EFG", "Ref": "CP-2", "Issued": "", "Balance": "6", "Bay": ""},
]


def assert_tuesday_differs(found: ListDiff) -> None:
    ((row, added),) = found.added
    assert (row, added.registration) == (2, "GH78 IJK")
    ((row, removed),) = found.removed
    assert (row, removed.registration) == (4, "EF56 GHI")
    (changed,) = found.changed
    assert changed.row == 3
    assert changed.fields == ("registration", "issued_on", "balance_pence", "extra")
    assert (changed.before.balance_pence, changed.after.balance_pence) == (500, 0)
    assert changed.after.issued_on == date(2021, 1, 13)
    assert (changed.before.extra, changed.after.extra) == ((("Bay", "1"),), (("Bay", "2"),))
    assert found.unchanged == 1


def test_two_versions_field_by_field(context: Context, take: Take) -> None:
    take(MONDAY)
    take(TUESDAY)
    found = diff_versions(context, "cecpt", 0, 0)
    assert (found.list_name, found.older, found.newer) == ("CECPT", "version 1", "version 2")
    assert_tuesday_differs(found)
    back = diff_versions(context, "CECPT", 2, 1)
    assert [e for _, e in back.added] == [e for _, e in found.removed]
    assert [c.before for c in back.changed] == [c.after for c in found.changed]


def test_a_file_against_the_version_in_force(
    context: Context, take: Take, make_source: Any
) -> None:
    take(MONDAY)
    before = list(context.connection.iterdump())
    found = diff_file(context, make_source(TUESDAY, "tuesday.csv"), "")
    assert (found.older, found.newer) == ("version 1", "tuesday.csv")
    assert_tuesday_differs(found)
    assert list(context.connection.iterdump()) == before
    assert context.connection.execute("SELECT COUNT(*) FROM temp.sqlite_schema").fetchone() == (0,)


def test_a_file_is_read_with_the_columns_of_its_list(
    context: Context, take: Take, make_source: Any
) -> None:
    mapped = [{"Kennung": row["Registration"], "Ref": row["Ref"]} for row in MONDAY]
    take(mapped, mapping={"registration": "Kennung"})
    assert diff_file(context, make_source(mapped), "CECPT").unchanged == 3
    (warning,) = diff_file(context, make_source(MONDAY), "CECPT").warnings
    assert "no heading “Kennung”, as remembered for registration: “Registration” was" in warning
    with pytest.raises(FileRefused, match="no heading row with a registration column"):
        diff_file(context, make_source([{"Zeichen": "AB12 CDE"}]), "CECPT")


@pytest.mark.parametrize(("older", "newer"), [(1, 3), (3, 1), (0, 9)])
def test_a_version_that_is_not_there(context: Context, take: Take, older: int, newer: int) -> None:
    take(MONDAY)
    take(TUESDAY)
    with pytest.raises(NotFound, match="has no version") as refused:
        diff_versions(context, "CECPT", older, newer)
    assert "1 to 2" in refused.value.hint


def test_the_first_version_has_none_before_it(context: Context, take: Take) -> None:
    take(MONDAY)
    with pytest.raises(NotFound, match="has no version 0"):
        diff_versions(context, "CECPT", 0, 0)
    with pytest.raises(NotFound, match="there is no list “OTHER”"):
        diff_versions(context, "OTHER", 1, 1)
    assert diff_versions(context, "CECPT", 1, 1).unchanged == 3


def entry(number: int, balance: int) -> ListedRow:
    return ListedRow(registration=f"AB{number} CDE", balance_pence=balance)


entries = st.lists(st.builds(entry, st.integers(1, 4), st.integers(0, 3)), max_size=8, unique=True)


@given(entries, entries)
def test_every_entry_is_in_one_place(before: list[ListedRow], after: list[ListedRow]) -> None:
    """Added, removed, changed and unchanged make up both versions, each entry once."""

    def placed(rows: list[ListedRow]) -> list[tuple[int, str, ListedRow]]:
        return [(number, row.registration, row) for number, row in enumerate(rows, 2)]

    found = _diff("L", ("version 1", placed(before)), ("version 2", placed(after)))
    same = set(before) & set(after)
    assert found.unchanged == len(same)
    old = [e for _, e in found.removed] + [c.before for c in found.changed] + list(same)
    new = [e for _, e in found.added] + [c.after for c in found.changed] + list(same)
    assert Counter(old) == Counter(before)
    assert Counter(new) == Counter(after)
    for changed in found.changed:
        assert changed.before.registration == changed.after.registration
        assert changed.fields == ("balance_pence",)
        assert replace(changed.before, balance_pence=changed.after.balance_pence) == changed.after
    names = {e.registration for _, e in found.added} & {e.registration for _, e in found.removed}
    assert not names  # what could be told as a change is told as one


def test_going_back_brings_every_value_and_mark_back(
    context: Context, take: Take, check: Any, under_way: Context
) -> None:
    take(MONDAY, "OURS", max_age_days=3)
    take(TUESDAY, "OURS", as_of=context.now())
    first = [e for _, e in diff_versions(context, "OURS", 1, 2).removed]
    check("EF56 GHI")
    done = roll_back(context, "ours", 1)
    assert (done.list_name, done.version, done.restored, done.entries) == ("OURS", 3, 1, 3)
    assert done.differences.added + done.differences.changed == 2
    assert done.now_listed == ("L1-001",)
    difference = diff_versions(context, "OURS", 1, 3)
    assert (difference.added, difference.removed, difference.changed) == ((), (), ())
    assert difference.unchanged == 3
    newest, *_ = browse.versions(context, "OURS")
    assert newest.file_name == "list.csv (version 1 again)"
    assert (newest.rows, newest.accepted, newest.max_age_days) == (3, 3, 3)
    assert {e.registration for e in first} <= {
        e.registration for e in browse.entries(context, "OURS", 9)
    }


def test_what_cannot_be_gone_back_to(context: Context, take: Take) -> None:
    take(MONDAY)
    before = list(context.connection.iterdump())
    for version, error, said in ((1, Refused, "in force already"), (2, NotFound, "no version 2")):
        with pytest.raises(error, match=said):
            roll_back(context, "CECPT", version)
    with pytest.raises(NotFound, match="there is no list “OTHER”"):
        roll_back(context, "OTHER", 1)
    assert list(context.connection.iterdump()) == before
