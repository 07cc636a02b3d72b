"""Comparing versions of a list, and going back to one."""

from collections.abc import Callable
from typing import Any

import pytest

from portcheck.errors import NotFound, Refused
from portcheck.services.context import Context
from portcheck.services.custody.doctor import examine_database
from portcheck.services.lists import browse
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.lists.list_versions import ListDiff, diff_file, diff_versions, roll_back

Take = Callable[..., ImportResult]


def line(registration: str, **more: str) -> dict[str, str]:
    return {"Registration": registration, "Reference": "CP", "Balance": "1", "Colour": ""} | more


BEFORE = [line("A1 AAA"), line("B2 BBB", Colour="red"), line("C3 CCC"), line("D4 DDD")]
AFTER = [
    line("D4 DDD"),
    line("A1 AAA", Balance="2", Status="paid"),
    line("B2 BBB", Colour="blue"),
    line("E5 EEE"),
]


def told(found: ListDiff) -> dict[str, Any]:
    return {
        "added": [entry.registration for _, entry in found.added],
        "removed": [entry.registration for _, entry in found.removed],
        "changed": {one.after.registration: one.fields for one in found.changed},
        "unchanged": found.unchanged,
    }


DIFFERENT = {
    "added": ["E5 EEE"],
    "removed": ["C3 CCC"],
    "changed": {"A1 AAA": ("balance_pence", "status"), "B2 BBB": ("extra",)},
    "unchanged": 1,
}
BACK = {"added": ["C3 CCC"], "removed": ["E5 EEE"]}


@pytest.fixture
def two(context: Context, take: Take) -> Context:
    """With two versions of a list."""
    take(BEFORE)
    take(AFTER)
    return context


@pytest.mark.parametrize(("older", "newer"), [(1, 2), (0, 0), (1, 0), (0, 2)])
def test_versions_are_compared_field_by_field(two: Context, older: int, newer: int) -> None:
    found = diff_versions(two, "cecpt", older, newer)
    assert (found.list_name, found.older, found.newer) == ("CECPT", "version 1", "version 2")
    assert told(found) == DIFFERENT
    counts = browse.versions(two, "CECPT")[0]
    assert (counts.added, counts.changed, counts.removed, counts.unchanged) == (1, 2, 1, 1)


def test_the_other_way_round(two: Context) -> None:
    found = told(diff_versions(two, "CECPT", 2, 1))
    assert {name: found[name] for name in BACK} == BACK


def test_a_file_is_compared_and_not_stored(context: Context, take: Take, make_source: Any) -> None:
    take(BEFORE)
    before = list(context.connection.iterdump())
    found = diff_file(context, make_source(AFTER, "new.csv"), "CECPT")
    assert (found.older, found.newer) == ("version 1", "new.csv")
    assert told(found) == DIFFERENT
    assert list(context.connection.iterdump()) == before


@pytest.mark.parametrize(("older", "newer"), [(3, 2), (1, 9), (-1, 1)])
def test_a_version_that_is_not_there(two: Context, older: int, newer: int) -> None:
    with pytest.raises(NotFound, match="has no version"):
        diff_versions(two, "CECPT", older, newer)


def test_a_list_that_is_not_there(context: Context, make_source: Any) -> None:
    with pytest.raises(NotFound, match="no list is in force"):
        diff_versions(context, "", 0, 0)
    with pytest.raises(NotFound, match="there is no list “CECPT”"):
        diff_file(context, make_source(BEFORE), "CECPT")
    with pytest.raises(NotFound):
        roll_back(context, "CECPT", 1)


def test_a_first_version_has_none_before_it(context: Context, take: Take) -> None:
    take(BEFORE)
    with pytest.raises(NotFound, match="has no version 0"):
        diff_versions(context, "CECPT", 0, 0)


def test_going_back_stores_the_earlier_entries_as_the_newest(two: Context) -> None:
    found = roll_back(two, "CECPT", 1)
    assert (found.version, found.restored, found.entries) == (3, 1, 4)
    difference = found.differences
    assert (difference.added, difference.changed, difference.removed) == (1, 2, 1)
    assert told(diff_versions(two, "CECPT", 1, 3)) == {
        "added": [],
        "removed": [],
        "changed": {},
        "unchanged": 4,
    }
    version = browse.versions(two, "CECPT", newest_only=True)[0]
    assert version.rows == version.accepted == 4
    assert "version 1 again" in version.file_name
    two.path.chmod(0o600)
    assert [one.what for one in examine_database(two) if not one.good] == []


def test_a_version_in_force_is_not_gone_back_to(two: Context) -> None:
    with pytest.raises(Refused, match="is in force already"):
        roll_back(two, "CECPT", 2)
    with pytest.raises(NotFound, match="has no version 7"):
        roll_back(two, "CECPT", 7)
