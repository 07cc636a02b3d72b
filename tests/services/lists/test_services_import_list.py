"""A version of a list: every row accounted for, all of it stored or nothing."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from portcheck.domain.answer import Answer
from portcheck.errors import FileRefused, NotFound, Refused, WrongUsage
from portcheck.intake.files.source import Source, open_source, source_of_bytes
from portcheck.services.context import Context
from portcheck.services.custody.doctor import examine_database
from portcheck.services.lists import browse
from portcheck.services.lists.import_list import ImportOptions, ImportResult, import_list
from portcheck.services.lists.list_versions import diff_file, diff_versions, roll_back
from portcheck.services.matching.lookup import look_up
from portcheck.services.matching.matcher import Query
from portcheck.store.entries import Differences
from portcheck.store.listrows import current_version

Take = Callable[..., ImportResult]


def named(*registrations: str, **more: str) -> list[dict[str, str]]:
    return [{"Registration": text} | more for text in registrations]


def in_force(context: Context, name: str = "CECPT") -> list[str]:
    return sorted(entry.registration for entry in browse.entries(context, name, 100))


def state(context: Context) -> list[str]:
    """Everything in the database but what is only temporary."""
    return list(context.connection.iterdump())


def verdict(context: Context, text: str) -> str:
    return answered(context, text).verdict.value


def answered(context: Context, text: str) -> Answer:
    (answer,) = look_up(context, [Query(text)])
    assert isinstance(answer, Answer)
    return answer


MESSY = """Registration,Country,Balance,Status,Colour
AB12 CDE,GB,"2,400.00",Overdue,red
AB12 CDE,GB,"2,400.00",Overdue,red
AB12 CDE,GB,"2,400.00",Paid,red
,GB,5,Overdue,
TBC,GB,5,Overdue,
WX 12345,PL,2.400,Overdue,blue
ZZ99 ZZZ,,,see file,
?!,GB,5,Overdue,
Total,,4800,,
"""


VEHICLES = """Penalty ref,Vehicle 1,Vehicle 2,Vehicle 3,Balance
CP-1,AB12CDE,CD34EFG,EF56GHJ,1500
CP-2,B 123 XYZ,,,600
CP-1,CD34EFG,GH78JKL,,1500
CP-1,AB12CDE,EF56GHJ,,1500
CP-3,WX12345,WX12345,,700
"""


def test_a_row_of_several_vehicles_is_one_row_and_a_line_of_each(context: Context) -> None:
    source = source_of_bytes("fleet.csv", VEHICLES.encode())
    found = import_list(context, source, ImportOptions(list_name="CECPT"))
    assert (found.rows, found.accepted, found.duplicates, found.lines) == (5, 4, 1, 6)
    assert found.differences == Differences(0, 6, 0, 0, 0)
    told = [(p.row, p.value, p.reason, p.severity.value) for p in found.problems]
    assert told == [
        (4, "CD34EFG", "says the same as row 2", "warning"),
        (5, "", "says the same as row 2", "duplicate"),
    ]
    for text in ("AB12CDE", "CD34EFG", "EF56GHJ", "GH78JKL"):
        (match,) = answered(context, text).matches
        assert [one.line.reference for one in match.penalties] == ["CP-1"]
    (version,) = browse.versions(context, "CECPT")
    assert (version.accepted, version.lines) == (4, 6)
    assert all(finding.good for finding in examine_database(context))
    again = import_list(context, source, ImportOptions(list_name="CECPT"))
    assert (again.same_file, again.lines) == (True, 6)
    more = source_of_bytes("more.csv", b"Penalty ref,Reg,Balance\nCP-2,B 123 XYZ / C1234567,600\n")
    added = import_list(context, more, ImportOptions(list_name="CECPT", add=True))
    assert (added.rows, added.accepted, added.lines) == (1, 1, 1)
    assert [p.reason for p in added.problems][-1] == "is in the list already"
    assert in_force(context).count("B 123 XYZ") == 1


def test_every_row_is_accounted_for(context: Context) -> None:
    source = source_of_bytes("messy.csv", MESSY.encode())
    found = import_list(context, source, ImportOptions(list_name="CECPT"))
    assert found.rows == 9
    assert found.rows == found.accepted + found.duplicates + found.rejected
    assert (found.accepted, found.duplicates, found.rejected) == (4, 1, 4)
    assert (found.version, found.stored, found.same_file) == (1, True, False)
    assert found.differences == Differences(0, 4, 0, 0, 0)
    severities = {p.row: p.severity.value for p in found.problems}
    assert severities[3] == "duplicate"
    assert severities[7] == "warning"
    assert {row for row, severity in severities.items() if severity == "rejected"} == {5, 6, 9, 10}
    assert [row.row for row in found.rejected_rows] == [5, 6, 9, 10]
    assert all(row.reason for row in found.rejected_rows)
    assert in_force(context) == ["AB12 CDE", "AB12 CDE", "WX 12345", "ZZ99 ZZZ"]

    (version,) = browse.versions(context)
    assert (version.rows, version.accepted, version.duplicates, version.rejected) == (9, 4, 1, 4)
    assert (version.name, version.version, version.in_force) == ("CECPT", 1, True)
    assert (version.file_name, version.sha256) == ("messy.csv", source.sha256)
    kept = browse.problems(context, "CECPT", 1)
    assert [(p.row, p.severity) for p in kept] == sorted(
        ((p.row, p.severity.value) for p in found.problems), key=lambda pair: pair[0]
    )


def test_a_penalty_that_is_not_issued_yet_is_pointed_out(context: Context, take: Take) -> None:
    today = context.now().date()
    days = (today - timedelta(days=1), today, today + timedelta(days=1))
    rows = [{"Reg": f"AB1{n} CDE", "Issued": f"{day:%d/%m/%Y}"} for n, day in enumerate(days)]
    (problem,) = take(rows).problems
    assert (problem.row, problem.value) == (4, days[2].isoformat())
    assert problem.reason.endswith("the penalty is not issued yet")


def test_a_wrong_check_digit_of_a_container_is_said(take: Take) -> None:
    numbers = ["CSQU3054383", "CSQU 305438 9", "C1234567"]
    (problem,) = take([{"Container": number} for number in numbers]).problems
    assert (problem.row, problem.value) == (3, "CSQU 305438 9")
    assert "check digit should be 3, not 9" in problem.reason


@pytest.mark.parametrize("listed", ["AB 12 CDE GB", "(GB) AB12 CDE", "GB-AB12CDE", "AB12CDE/GB"])
def test_a_countrys_sign_beside_a_registration_hides_no_vehicle(
    context: Context, take: Take, listed: str
) -> None:
    take(named(listed, "AB13 CDE"))
    assert verdict(context, "AB12 CDE") == "listed"


def test_a_column_nobody_knows_is_kept_word_for_word(context: Context) -> None:
    import_list(context, source_of_bytes("messy.csv", MESSY.encode()), ImportOptions())
    documents = [browse.entry_document(entry) for entry in browse.entries(context, "main", 10)]
    documents_of = {d["registration"]: d for d in documents}
    assert documents_of["AB12 CDE"]["extra"] == {"Colour": "red"}
    odd = documents_of["WX 12345"]
    assert odd["unread"] == {"balance": "2.400"}  # two-way odd: kept as written, not guessed


def test_a_balance_nobody_can_read_is_referred_and_never_worked_out(
    context: Context, take: Take
) -> None:
    row = {"Registration": "AB12 CDE", "Haulier": "Acme", "Issue date": "04/01/2021"}
    money = {"Penalty reference": "CP-1", "Amount": "2,400.00", "Balance": "see file"}
    take([row | money | {"Status": "Overdue"}])
    answer = answered(context, "AB12CDE")
    (penalty,) = answer.matches[0].penalties
    assert penalty.line.unread == (("balance", "see file"),)
    assert penalty.line.owed_pence is None
    assert penalty.assessment.enforceable.value == "refer"
    assert "the list's balance, “see file”, cannot be read" in penalty.assessment.reasons


@pytest.mark.parametrize(
    ("status", "told"), [("Overdue", False), ("", False), ("PAID", False), ("see file", True)]
)
def test_a_status_nobody_knows_is_kept_and_told_of(
    context: Context, take: Take, status: str, *, told: bool
) -> None:
    found = take([{"Registration": "AB12 CDE", "Status": status}])
    reasons = [(p.column, p.value, p.severity.value, "status" in p.reason) for p in found.problems]
    assert reasons == ([("Status", status, "warning", True)] if told else [])
    assert [entry.status for entry in browse.entries(context, found.list_name, 10)] == [status]
    assert found.accepted == 1


def test_two_penalties_of_one_vehicle_are_two_lines(context: Context, take: Take) -> None:
    rows = [
        {"Registration": "AB12 CDE", "Penalty reference": ref, "Balance": "1"} for ref in ("A", "B")
    ]
    assert take(rows).accepted == 2
    answer = answered(context, "AB12CDE")
    (match,) = answer.matches
    assert [p.line.reference for p in match.penalties] == ["A", "B"]


def test_the_same_file_again_is_no_version(context: Context, make_source: Any) -> None:
    source = make_source(named("AB12 CDE", "ZZ99 ZZZ"))
    first = import_list(context, source, ImportOptions())
    before = state(context)
    again = import_list(context, source, ImportOptions())
    assert state(context) == before
    assert (again.same_file, again.stored, again.version) == (True, False, 1)
    assert (again.rows, again.accepted) == (first.rows, first.accepted)
    assert again.differences == Differences(2, 0, 0, 0, 2)


@pytest.mark.parametrize(
    ("more", "age", "as_of_kept"),
    [
        ({"max_age_days": 1}, 1, True),
        ({"as_of": datetime(2021, 6, 16, tzinfo=UTC)}, 7, False),
        ({"mapping": {"notes": "Colour"}}, 7, True),
    ],
)
def test_the_same_file_is_a_version_when_more_is_said_of_it(
    context: Context,
    clock: list[datetime],
    make_source: Any,
    more: dict[str, Any],
    age: int,
    *,
    as_of_kept: bool,
) -> None:
    source = make_source(named("AB12 CDE", Colour="red"))
    import_list(context, source, ImportOptions())
    first = current_version(context.connection, "main").as_of
    clock[0] += timedelta(days=2)
    again = import_list(context, source, ImportOptions(**more))
    assert (again.version, again.stored, again.same_file) == (2, True, False)
    current = current_version(context.connection, "main")
    assert current.max_age_days == age
    assert (current.as_of == first) is as_of_kept  # the same file is no younger
    assert current.as_of == more.get("as_of", first)
    assert import_list(context, source, ImportOptions(**more)).same_file


def test_another_sheet_of_the_same_file_is_read(context: Context, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, mark in (("May", "AB12 CDE"), ("June", "ZZ99 ZZZ")):
        page = book.create_sheet(name)
        page.append(["Registration"])
        page.append([mark])
    book.save(tmp_path / "list.xlsx")
    source = open_source(tmp_path / "list.xlsx")
    yes: dict[str, Any] = {"confirm": lambda _: True}
    import_list(context, source, ImportOptions(sheet="May", **yes))
    assert import_list(context, source, ImportOptions(sheet="may", **yes)).same_file
    assert import_list(context, source, ImportOptions(sheet="June", **yes)).version == 2
    assert in_force(context, "main") == ["ZZ99 ZZZ"]


@pytest.mark.parametrize(
    ("more", "gone"),
    [
        ({"Restschuld": "100.00", "Status": "overdue"}, "gave balance, and NO column"),
        ({"Restschuld": "100.00"}, "gave balance, status, and NO column"),
        ({"Balance": "100.00", "Status": "overdue"}, ""),
    ],
)
def test_a_column_that_the_version_before_had_is_missed(
    take: Take, more: dict[str, str], gone: str
) -> None:
    assert take(named("AB12 CDE", Balance="100.00", Status="overdue", Notes="x")).warnings == ()
    told = take(named("AB12 CDE", "ZZ99 ZZZ", **more)).warnings
    assert [warning for warning in told if "NO column" in warning and gone in warning] == (
        list(told[-1:]) if gone else []
    )


def test_an_older_file_may_come_back(context: Context, take: Take) -> None:
    take(named("AB12 CDE", "ZZ99 ZZZ"))
    take(named("AB12 CDE"))
    assert take(named("AB12 CDE", "ZZ99 ZZZ")).version == 3
    assert in_force(context) == ["AB12 CDE", "ZZ99 ZZZ"]


def test_entries_live_from_the_version_that_added_them_to_the_one_that_removed_them(
    context: Context, take: Take
) -> None:
    versions = [("A1 AAA", "B2 BBB"), ("B2 BBB", "C3 CCC"), ("A1 AAA", "C3 CCC")]
    wanted = [
        Differences(0, 2, 0, 0, 0),
        Differences(2, 1, 0, 1, 1),
        Differences(2, 1, 0, 1, 1),
    ]
    assert [take(named(*rows)).differences for rows in versions] == wanted
    lives = context.connection.execute(
        "SELECT registration, added_version, removed_version FROM entry ORDER BY entry_id"
    ).fetchall()
    assert lives == [("A1 AAA", 1, 2), ("B2 BBB", 1, 3), ("C3 CCC", 2, None), ("A1 AAA", 3, None)]
    assert [verdict(context, text) for text in ("A1AAA", "B2BBB", "C3CCC")] == [
        "listed",
        "clear",
        "listed",
    ]


def test_a_changed_entry_is_counted_as_changed(take: Take) -> None:
    row = {"Registration": "AB12 CDE", "Penalty reference": "CP-1", "Balance": "5"}
    take([row])
    assert take([row | {"Balance": "6"}]).differences == Differences(1, 0, 1, 0, 0)


# A version that is much shorter.


@pytest.mark.parametrize(
    ("before", "after", "asked"), [(3, 2, False), (3, 1, True), (6, 4, False), (6, 3, True)]
)
def test_a_short_version_is_asked_about(
    context: Context, make_source: Any, before: int, after: int, asked: bool
) -> None:
    rows = named(*(f"A{n} AAA" for n in range(before)))
    import_list(context, make_source(rows), ImportOptions(list_name="CECPT"))
    stored = state(context)
    questions: list[str] = []
    for answer in (False, True):

        def confirm(question: str, answer: bool = answer) -> bool:
            questions.append(question)
            return answer

        options = ImportOptions(list_name="CECPT", confirm=confirm)
        if asked and not answer:
            with pytest.raises(Refused, match="nothing was stored") as refusal:
                import_list(context, make_source(rows[:after]), options)
            assert "--yes" in refusal.value.hint
            assert state(context) == stored
        elif answer or not asked:
            import_list(context, make_source(rows[:after]), options)
    assert len(in_force(context)) == after
    assert bool(questions) == asked
    gone = before - after
    assert all(
        q == f"this file would drop {gone} of the {before} entries of list CECPT" for q in questions
    )


def test_without_anybody_to_ask_a_short_version_is_refused(
    context: Context, make_source: Any
) -> None:
    import_list(context, make_source(named("A1 AAA", "B2 BBB")), ImportOptions())
    before = state(context)
    with pytest.raises(Refused, match="would drop 2 of the 2 entries"):
        import_list(context, make_source(named("C3 CCC")), ImportOptions())
    assert state(context) == before


# What stores nothing.


def test_a_dry_run_shows_all_and_stores_nothing(under_way: Context, take: Take, check: Any) -> None:
    check("NO11 ONE")
    before = state(under_way)
    found = take(named("NO11 ONE", "NO11 ONE", ""), dry_run=True)
    assert state(under_way) == before
    assert (found.stored, found.version) == (False, 2)
    assert (found.accepted, found.duplicates) == (1, 1)
    assert found.differences == Differences(2, 1, 0, 2, 0)
    assert found.now_listed == ()


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("Registration\n", Refused, "a heading and no rows"),
        ("Registration,Status\nTBC,x\n,y\n", Refused, "none of its 2 rows can be taken"),
        ("Colour,Shape\nred,round\n", FileRefused, "no heading row"),
        ("%PDF-1.7", FileRefused, "a PDF"),
        ("\x00\x01\x02" * 100, FileRefused, "neither a workbook nor a delimited text"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_the_list_in_force(
    context: Context, take: Take, text: str, error: type[Exception], said: str
) -> None:
    take(named("AB12 CDE"))
    before = state(context)
    with pytest.raises(error, match=said):
        import_list(context, source_of_bytes("bad.csv", text.encode()), ImportOptions())
    assert state(context) == before
    assert context.connection.execute("SELECT COUNT(*) FROM temp.sqlite_schema").fetchone() == (0,)


def test_a_version_stored_meanwhile_is_not_overwritten(
    context: Context, new_context: Callable[..., Context], make_source: Any
) -> None:
    other = new_context(device="L2")
    first = make_source(named("A1 AAA", "B2 BBB"))
    import_list(context, first, ImportOptions())

    def meanwhile(_: str) -> bool:
        mine = make_source(named("C3 CCC"))
        import_list(other, mine, ImportOptions(confirm=lambda _: True))
        return True

    with pytest.raises(Refused, match="somebody else stored a version of list main meanwhile"):
        import_list(context, make_source(named("D4 DDD")), ImportOptions(confirm=meanwhile))
    assert in_force(context, "main") == ["C3 CCC"]
    assert [v.version for v in browse.versions(context)] == [2, 1]


# What is remembered.


def test_a_mapping_is_remembered_for_its_list(
    context: Context, make_source: Any, take: Take
) -> None:
    rows = [{"Kennung": "AB12 CDE", "Wert": "5"}]
    with pytest.raises(FileRefused, match="no heading row"):
        take(rows)
    take(rows, mapping={"registration": "Kennung", "balance": "Wert"})
    assert take([{"Kennung": "ZZ99 ZZZ", "Wert": "6"}]).version == 2
    (entry,) = browse.entries(context, "CECPT", 10)
    assert (entry.registration, entry.balance_pence) == ("ZZ99 ZZZ", 600)
    with pytest.raises(FileRefused):
        take(rows, "OTHER")
    options = ImportOptions(
        list_name="CECPT", mapping={"registration": "col:B"}, confirm=lambda _: True
    )
    import_list(context, make_source([{"Kennung": "x", "Wert": "WX 12345"}]), options)
    assert in_force(context) == ["WX 12345"]


def test_a_remembered_column_that_was_renamed_is_found_by_its_name(
    context: Context, take: Take, make_source: Any
) -> None:
    take(
        [{"Kennung": "AB12 CDE", "Wert": "5"}],
        mapping={"registration": "Kennung", "balance": "Wert"},
    )
    renamed = [{"Registration": "AB12 CDE", "Wert": "6"}]
    ahead = diff_file(context, make_source(renamed, "tuesday.csv"), "CECPT")
    assert (len(ahead.changed), ahead.unchanged) == (1, 0)
    found = take(renamed)
    for warnings in (ahead.warnings, found.warnings):
        assert "“Kennung”, as remembered for registration: “Registration” was" in warnings[0]
    assert "no longer" in found.warnings[1]
    assert current_version(context.connection, "CECPT").column_map == {"balance": "Wert"}
    assert take([{"Registration": "AB12 CDE", "Wert": "7"}]).warnings == ()
    assert diff_versions(context, "CECPT", 2, 3).warnings == ()


def test_a_renamed_column_that_decides_leaves_the_list_in_force(
    context: Context, take: Take, make_source: Any
) -> None:
    """A list taken without its statuses would call enforceable what is withdrawn."""
    take([{"Registration": "AB12 CDE", "Stand": "Withdrawn"}], mapping={"status": "Stand"})
    before = state(context)
    renamed = [{"Registration": "AB12 CDE", "Stand 2": "Withdrawn"}]
    with pytest.raises(FileRefused, match="“Stand”, as remembered for status, and no other") as it:
        take(renamed)
    assert '--map "status="' in it.value.hint
    with pytest.raises(FileRefused, match="as remembered for status"):
        diff_file(context, make_source(renamed), "CECPT")
    assert state(context) == before
    assert take(renamed, mapping={"status": "Stand 2"}).differences.unchanged == 1
    assert current_version(context.connection, "CECPT").column_map == {"status": "Stand 2"}


def test_what_is_remembered_can_be_forgotten(context: Context, take: Take) -> None:
    row = {"Registration": "AB12 CDE", "Wert": "5"}
    take([row], mapping={"balance": "Wert"})
    dry = take([row], mapping={"balance": ""}, dry_run=True)
    assert (dry.same_file, dry.differences.changed) == (False, 1)
    assert current_version(context.connection, "CECPT").column_map == {"balance": "Wert"}
    found = take([row], mapping={"balance": ""})
    assert (found.version, found.layout.unknown) == (2, ((1, "Wert"),))
    assert "“Wert” was remembered for balance" in " / ".join(found.warnings)
    assert current_version(context.connection, "CECPT").column_map == {}
    assert take([row]).same_file
    assert take([row], mapping={"balance": ""}).same_file


def test_going_back_keeps_how_the_columns_are_read_now(context: Context, take: Take) -> None:
    take([{"Registration": "AB12 CDE", "Wert": "5"}], mapping={"balance": "Wert"})
    take([{"Registration": "AB12 CDE", "Rest": "5"}], mapping={"balance": "Rest"})
    roll_back(context, "CECPT", 1)
    assert current_version(context.connection, "CECPT").column_map == {"balance": "Rest"}


def test_a_mapping_that_names_no_field_is_refused(take: Take) -> None:
    with pytest.raises(WrongUsage):
        take(named("AB12 CDE"), mapping={"colour": "Registration"})


def book(path: Path, sheet: str, *registrations: str) -> Source:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = sheet
    for text in ("Registration", *registrations):
        page.append([text])
    made.save(path)
    return open_source(path)


def test_a_workbooks_sheet_may_be_called_otherwise_next_month(
    context: Context, tmp_path: Path
) -> None:
    """The sheet found without being named is no wish: the next file's is found again."""
    import_list(context, book(tmp_path / "june.xlsx", "June", "AB12 CDE"), ImportOptions())
    found = import_list(
        context, book(tmp_path / "july.xlsx", "July", "AB12 CDE", "B2 BBB"), ImportOptions()
    )
    assert (found.version, found.sheet) == (2, "July")


def test_a_sheet_that_was_named_is_looked_for_again(context: Context, tmp_path: Path) -> None:
    june = book(tmp_path / "june.xlsx", "June", "AB12 CDE")
    import_list(context, june, ImportOptions(sheet="June"))
    july = book(tmp_path / "july.xlsx", "July", "AB12 CDE", "B2 BBB")
    with pytest.raises(FileRefused, match="there is no sheet “June”"):
        import_list(context, july, ImportOptions())
    assert import_list(context, july, ImportOptions(sheet="July")).version == 2


# Two lists side by side.


def test_two_lists_stand_side_by_side_each_with_its_age(
    context: Context, take: Take, clock: list[datetime]
) -> None:
    take(named("AB12 CDE", Balance="5"), "CECPT", max_age_days=1)
    clock.append(clock[-1] + timedelta(days=2))
    take(named("AB12 CDE", "ZZ99 ZZZ"), "POLICE", max_age_days=30)
    answer = answered(context, "AB12CDE")
    assert [(one.name, one.days_old, one.max_age_days, one.stale) for one in answer.lists] == [
        ("CECPT", 2, 1, True),
        ("POLICE", 0, 30, False),
    ]
    assert {m.list_name for m in answer.matches} == {"CECPT", "POLICE"}
    assert take(named("AB12 CDE", "WX 12345"), "police").list_name == "POLICE"
    assert browse.versions(context, "Police", newest_only=True)[0].max_age_days == 30
    with pytest.raises(Refused, match="there are 2 lists: CECPT, POLICE"):
        take(named("AB12 CDE"), "")


def test_a_list_is_as_old_as_it_says(context: Context, take: Take, clock: list[datetime]) -> None:
    take(named("AB12 CDE"), as_of=clock[-1] - timedelta(days=9))
    answer = answered(context, "AB12CDE")
    assert (answer.lists[0].days_old, answer.lists[0].stale) == (9, True)
    assert answer.lists[0].imported_at == clock[-1]


@pytest.mark.parametrize("days", [0, 3])
def test_the_allowed_age_is_kept_from_version_to_version(
    take: Take, context: Context, days: int
) -> None:
    take(named("AB12 CDE"), max_age_days=days)
    take(named("AB12 CDE", "B2 BBB"))
    assert browse.versions(context)[0].max_age_days == days


def test_the_first_list_needs_no_name(context: Context, make_source: Any) -> None:
    assert import_list(context, make_source(named("A1 AAA")), ImportOptions()).list_name == "main"
    again = import_list(context, make_source(named("A1 AAA", "B2 BBB")), ImportOptions())
    assert (again.list_name, again.version) == ("main", 2)


# Looking at lists.


def test_a_list_that_is_not_there(context: Context) -> None:
    with pytest.raises(NotFound, match="there is no list “CECPT”"):
        browse.versions(context, "CECPT")
    assert browse.versions(context) == []


FOUND = [
    ("ab12", ["AB12 CDE"]),
    ("12", ["AB12 CDE", "WX 12345"]),
    ("AB?? CDE", ["AB12 CDE"]),
    ("AB*", ["AB12 CDE"]),
    ("*5", ["WX 12345"]),
    ("Müller & Söhne", ["WX 12345"]),
    ("spedition international", ["ZZ99 ZZZ"]),
    ("CP-1042", ["AB12 CDE"]),
    ("%", []),
    ("no such thing anywhere", []),
]


@pytest.mark.parametrize(("text", "registrations"), FOUND)
def test_entries_are_found(
    context: Context, take: Take, text: str, registrations: list[str]
) -> None:
    take(
        [
            {"Registration": "AB12 CDE", "Penalty reference": "CP-1042"},
            {"Registration": "WX 12345", "Haulier": "Müller & Söhne GmbH"},
            {"Registration": "ZZ99 ZZZ", "Liable party": "Spedition International Europe"},
        ]
    )
    assert [entry.registration for entry in browse.find(context, text, 10)] == registrations


@pytest.mark.parametrize("text", ["", "  ", "&*", "*"])
def test_what_cannot_be_looked_for(context: Context, take: Take, text: str) -> None:
    take(named("AB12 CDE"))
    if text == "*":
        assert len(browse.find(context, text, 10)) == 1
        return
    with pytest.raises(Refused):
        browse.find(context, text, 10)


# Going back.


def test_an_earlier_version_is_stored_again(context: Context, take: Take) -> None:
    versions = [("A1 AAA", "B2 BBB"), ("B2 BBB", "C3 CCC"), ("C3 CCC", "D4 DDD", "E5 EEE")]
    for rows in versions:
        take(named(*rows))
    for number, rows in enumerate(versions[:2], 1):
        roll_back(context, "CECPT", number)
        assert in_force(context) == sorted(rows)
        assert [verdict(context, text) for text in rows] == ["listed"] * len(rows)
    difference = diff_versions(context, "CECPT", 2, 5)
    assert (difference.added, difference.removed, difference.unchanged) == ((), (), 2)


def test_the_entries_are_those_of_the_file(context: Context, take: Take) -> None:
    """The hash that the journal keeps is over what is in force."""
    take(named("AB12 CDE", "ZZ99 ZZZ"))
    context.connection.execute("UPDATE entry SET status = 'paid'")
    findings = {finding.what: finding.good for finding in examine_database(context)}
    assert findings["list CECPT"] is False
    assert findings["journal"] is True


def test_a_database_error_in_the_middle_takes_all_of_it_back(
    context: Context, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(named("AB12 CDE"))
    before = state(context)
    context.connection.execute(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON main.journal"
        " BEGIN SELECT RAISE(ABORT, 'broken'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="broken"):
        take(named("ZZ99 ZZZ"))
    context.connection.execute("DROP TRIGGER temp.broken")
    assert state(context) == before


def test_a_penalty_that_cannot_be_is_pointed_out(
    take: Callable[..., ImportResult], clock: list[datetime]
) -> None:
    clock.append(datetime(2023, 4, 1, 12, tzinfo=UTC))
    line = {"Registration": "AB12 CDE", "Section": "31A", "Issued on": "01/03/2023"}
    both = {"Liable party": "Acme Ltd", "Incident date": "20/02/2023"}
    found = take(
        [
            line | {"Penalty reference": "CP-1", "Amount": "6000.01"},
            line | {"Penalty reference": "CP-2", "Issued on": "12/02/2023"},
            line | {"Penalty reference": "CP-3", "Amount": "6000"} | both,
            line | {"Penalty reference": "CP-4", "Section": "32", "Amount": "9000"} | both,
            line | {"Penalty reference": "CP-5", "Section": "32", "Amount": "90000"},
        ]
    )
    said = [(one.row, one.reason) for one in found.problems]
    assert [row for row, _ in said] == [2, 3, 4, 5]
    assert "more than one party can owe under s.31A (£6,000.00)" in said[0][1]
    assert "in force since 13 Feb 2023" in said[1][1]
    assert said[2][1] == said[3][1]
    assert "s.31A(11)" in said[2][1]
    assert found.accepted == 5
