"""Rows added to a list in force: mended rejects, and nothing lost or counted twice."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from portcheck.errors import NotFound, Refused, WrongUsage
from portcheck.intake.files.source import source_of_bytes
from portcheck.report.lists import import_lines
from portcheck.services.checks.check import SavedCheck
from portcheck.services.context import Context
from portcheck.services.lists import browse
from portcheck.services.lists.import_list import ImportOptions, ImportResult, import_list
from portcheck.services.lists.list_versions import diff_versions, roll_back
from portcheck.store import entries
from portcheck.store.finder import lists_in_force

LIST = """Reg no,Penalty reference,Balance,Status
AB12 CDE,CP-1,500.00,Overdue
WX 12345,CP-2,2400.00,Overdue
?!,CP-3,80.00,Overdue
"""
MENDED = """Reg no,Penalty reference,Balance,Status,portcheck: reason
ZZ99 ZZZ,CP-3,80.00,Overdue,“?” cannot stand in a registration
"""


def take(context: Context, text: str, **options: object) -> ImportResult:
    source = source_of_bytes("list.csv", text.encode())
    return import_list(context, source, ImportOptions(**options))  # type: ignore[arg-type]


@pytest.fixture
def in_force(context: Context) -> Context:
    drawn_up = context.now() - timedelta(days=5)
    take(context, LIST, list_name="CECPT", max_age_days=6, as_of=drawn_up)
    return context


def registrations(context: Context) -> list[str]:
    return sorted(entry.registration for entry in browse.entries(context, "CECPT", 99))


def test_mended_rows_join_the_list(in_force: Context) -> None:
    found = take(in_force, MENDED, add=True)
    assert (found.rows, found.accepted, found.duplicates, found.rejected) == (1, 1, 0, 0)
    assert found.differences == entries.Differences(2, 1, 0, 0, 0, kept=2)
    assert registrations(in_force) == ["AB12 CDE", "WX 12345", "ZZ99 ZZZ"]
    assert "   added to   2 entries of version 1, which stay in force" in [
        line.plain for line in import_lines(found)
    ]


def test_the_list_grows_no_younger_by_what_is_added(in_force: Context) -> None:
    (before,) = lists_in_force(in_force.connection)
    take(in_force, MENDED, add=True)
    (after,) = lists_in_force(in_force.connection)
    assert (after.version, after.as_of, after.max_age_days) == (2, before.as_of, 6)
    assert (before.rows, before.entries) == (3, 2)
    assert (after.rows, after.entries) == (3, 3)


def test_the_next_whole_list_takes_its_place_and_is_read_as_ever(in_force: Context) -> None:
    take(in_force, LIST.replace("Reg no", "Kennung"), mapping={"registration": "Kennung"})
    added = take(in_force, MENDED, add=True)
    assert [w for w in added.warnings if "no longer" in w] == []
    with pytest.raises(WrongUsage, match="remembered alone"):
        take(in_force, MENDED, add=True, mapping={"registration": ""})
    with pytest.raises(WrongUsage, match="as old as it is"):
        take(in_force, MENDED, add=True, as_of=in_force.now())
    found = take(in_force, LIST.replace("Reg no", "Kennung").replace("500.00", "400.00"))
    assert (found.version, found.differences.changed, found.differences.removed) == (4, 1, 1)
    assert registrations(in_force) == ["AB12 CDE", "WX 12345"]


def test_what_the_list_has_is_a_duplicate(in_force: Context) -> None:
    again = MENDED + "AB12 CDE,CP-1,500.00,Overdue,\n"
    found = take(in_force, again, add=True)
    assert (found.rows, found.accepted, found.duplicates) == (2, 1, 1)
    (problem,) = found.problems
    assert (problem.row, problem.severity.value) == (3, "duplicate")
    assert problem.reason == "is in the list already"
    with pytest.raises(Refused, match="nothing in its 1 row is new"):
        take(in_force, "\n".join([LIST.splitlines()[0], LIST.splitlines()[1], ""]), add=True)


def test_a_line_that_says_otherwise_stays_beside_the_other_and_is_told_of(
    in_force: Context,
) -> None:
    found = take(in_force, LIST.replace("500.00", "400.00"), add=True)
    told = {p.row: (p.value, p.reason) for p in found.problems if p.severity.value == "warning"}
    assert told == {
        2: ("CP-1", "this vehicle has that penalty in the list already, and otherwise: both stay")
    }
    assert registrations(in_force) == ["AB12 CDE", "AB12 CDE", "WX 12345"]


def test_a_dry_run_adds_nothing(in_force: Context) -> None:
    found = take(in_force, MENDED, add=True, dry_run=True)
    assert (found.stored, found.differences.kept, found.differences.added) == (False, 2, 1)
    assert registrations(in_force) == ["AB12 CDE", "WX 12345"]


@pytest.mark.parametrize("options", [{}, {"list_name": "OTHER"}])
def test_there_must_be_a_list_to_add_to(context: Context, options: Mapping[str, str]) -> None:
    with pytest.raises(NotFound):
        take(context, MENDED, add=True, **options)
    assert lists_in_force(context.connection) == []


def test_versions_with_added_rows_are_compared_and_put_back(in_force: Context) -> None:
    take(in_force, MENDED, add=True)
    difference = diff_versions(in_force, "CECPT", 1, 2)
    assert [row.registration for _, row in difference.added] == ["ZZ99 ZZZ"]
    assert (difference.removed, difference.unchanged) == ((), 2)
    take(in_force, "Reg no\nQQ1 QQQ\n", confirm=lambda _question: True)
    assert roll_back(in_force, "CECPT", 2).entries == 3
    assert registrations(in_force) == ["AB12 CDE", "WX 12345", "ZZ99 ZZZ"]


def test_a_check_made_before_is_found_by_what_is_added(
    under_way: Context, check: Callable[..., SavedCheck]
) -> None:
    take(under_way, LIST, list_name="CECPT", confirm=lambda _question: True)
    saved = check("ZZ99ZZZ")
    assert take(under_way, MENDED, add=True, list_name="CECPT").now_listed == (saved.ref,)


def test_what_a_whole_list_makes_forgotten_is_said(in_force: Context) -> None:
    take(in_force, LIST.replace("Reg no", "Kennung"), mapping={"registration": "Kennung"})
    found = take(in_force, LIST.replace("500.00", "400.00"))
    assert found.warnings[-1] == (
        "once this file is stored, “Kennung” is remembered for registration no longer"
    )
