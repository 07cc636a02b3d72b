"""Checks written down elsewhere: every row accounted for, and an export read back whole."""

import io
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from portcheck.domain.details import DETAILS
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.problem import Severity
from portcheck.domain.tally import Tally, contradictions
from portcheck.domain.text import fold
from portcheck.errors import FileRefused, Refused, WrongUsage
from portcheck.intake.files.source import open_source, source_of_bytes
from portcheck.report.export import export_checks
from portcheck.services import operation
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.correct import void
from portcheck.services.checks.import_log import LogImportResult, headings, import_log
from portcheck.services.context import Context
from portcheck.services.day.overview import CheckView, Wanted, checks
from portcheck.services.day.tally import tally
from portcheck.store.known import Known
from portcheck.store.schema import open_store

if TYPE_CHECKING:
    from tests.conftest import Clone

Check = Callable[..., SavedCheck]
TakeLog = Callable[..., LogImportResult]

LOG = """At,Registration,Country,Trailer,Direction,Officer,Agency,Searched,Persons found,Cash,Penalty,Note,Decision
17/06/2021 09:05,NO11 ONE,GB,C1234567,inbound,4713,Port,"dog, visual",2,,,,
09:10,AB12CDE,UK,,outbound,,,visual,,GBP:5.00:seized,CP-1042:paid_in_full,first; second,confirmed
09:10,AB12CDE,UK,,outbound,,,visual,,,,,confirmed
09:15,AB1ZCDE,,,,,,,,,,,rejected: Irish plate
09:20,,GB,,inbound,,,,,,,,
09:25,ZZ99 ZZZ,,,sideways,,,,,,,,
09:30,ZZ99 ZZZ,,,,,,,many,,,,
09:35,ZZ99 ZZZ,Atlantis,,,,,,,,,,
19:40,ZZ99 ZZZ,,,,,,,,,,,
09:45,ZZ99 ZZZ,,,,,,,,,CP-9:refused,,
09:50,ZZ99 ZZZ,,,,,,,,,,,maybe
09:55,ZZ99 ZZZ,,,,,,,,,,,confirmed
,ZZ99 ZZZ,,,,,,,,,,,
,ZZ99 ZZZ,,,,,,,,,,,
"""


@pytest.fixture
def take_log(context: Context) -> TakeLog:
    """Imports a log given as text."""

    def taking(text: str, **options: Any) -> LogImportResult:
        return import_log(context, source_of_bytes("log.csv", text.encode()), **options)

    return taking


def all_checks(context: Context) -> list[CheckView]:
    return checks(context, context.operation().operation_id, Wanted())


def count(context: Context) -> int:
    return int(context.connection.execute("SELECT COUNT(*) FROM journal").fetchone()[0])


def test_every_row_is_accounted_for(under_way: Context, take_log: TakeLog) -> None:
    found = take_log(LOG)
    assert found.rows == 14
    assert found.rows == found.accepted + found.duplicates + found.rejected
    assert (found.accepted, found.duplicates, found.rejected) == (5, 1, 8)
    assert found.refs == tuple(f"L1-00{n}" for n in range(1, 6))
    assert (found.stored, found.operation) == (True, "Portsmouth 17 June")
    assert found.listed == ("L1-002 AB12CDE", "L1-003 AB1ZCDE")
    reasons = {p.row: (p.column, p.severity.value, p.reason) for p in found.problems}
    assert reasons[4][1:] == ("duplicate", "the same vehicle at the same time as row 3")
    assert set(reasons) == {4, *range(6, 14)}
    assert "not one of inbound" in reasons[7][2]
    assert "whole number" in reasons[8][2]
    assert "is not a country" in reasons[9][2]
    assert "has not come yet" in reasons[10][2]
    assert "no penalty line" in reasons[11][2]
    assert "neither “confirmed” nor" in reasons[12][2]
    assert "no match to be confirmed" in reasons[13][2]
    row = under_way.connection.execute(
        "SELECT rows, accepted, duplicates, rejected FROM log_import"
    ).fetchone()
    assert row == (14, 5, 1, 8)


def test_what_was_written_down_is_recorded(under_way: Context, take_log: TakeLog) -> None:
    take_log(LOG)
    first, second, third, *_ = sorted(all_checks(under_way), key=lambda check: check.ref)
    assert first.at == datetime(2021, 6, 17, 8, 5, tzinfo=UTC)
    assert (first.officer, first.agency, first.source) == ("4713", "Port", "log_import")
    assert (first.vehicle, first.trailer, first.country) == ("NO11 ONE", "C1234567", "GB")
    assert first.details == {"direction": "inbound"}
    assert first.outcome == {"searched": ["dog", "visual"], "persons": 2}
    assert (second.officer, second.country) == ("4711", "GB")
    assert second.outcome["notes"] == ["first", "second"]
    assert second.outcome["penalties"][0]["amount_pence"] == 240000
    assert second.matches[0].decision == "confirmed"
    assert (third.matches[0].decision, third.matches[0].reason) == ("rejected", "Irish plate")
    figures = tally(under_way)
    assert contradictions(figures) == []
    assert figures.penalties.enforced_pence == 240000


def test_the_same_file_again_is_not_taken(under_way: Context, take_log: TakeLog) -> None:
    take_log(LOG)
    before = count(under_way)
    again = take_log(LOG)
    assert (again.same_file, again.stored, again.accepted) == (True, False, 5)
    assert count(under_way) == before
    operation.start(under_way, "Dover")
    assert take_log(LOG).stored  # another operation has not had it


def test_a_check_that_was_typed_is_not_taken_again(
    under_way: Context, check: Check, take_log: TakeLog
) -> None:
    check("NO11 ONE", at=datetime(2021, 6, 17, 8, 5, tzinfo=UTC))
    found = take_log(LOG)
    assert (found.accepted, found.duplicates) == (4, 2)
    assert found.problems[0].reason == "recorded already as L1-001"


def test_one_mark_in_two_countries_is_two_vehicles(under_way: Context, take_log: TakeLog) -> None:
    found = take_log(
        "At,Registration,Country\n09:05,AB 123 CD,FR\n09:05,AB 123 CD,IT\n09:05,AB123CD,FR\n"
        "09:05,AB123CD,\n"
    )
    assert (found.accepted, found.duplicates) == (2, 2)
    assert [one.reason for one in found.problems if one.severity is Severity.DUPLICATE] == [
        "the same vehicle at the same time as row 2",
        "the same vehicle at the same time as row 2",
    ]


def test_an_agency_that_a_log_leaves_open_stays_open(under_way: Context, take_log: TakeLog) -> None:
    take_log("At,Registration,Agency\n09:05,NO11 ONE,\n09:06,NO11 TWO,Border Force\n")
    agencies = under_way.connection.execute("SELECT agency FROM vehicle_check ORDER BY at")
    assert agencies.fetchall() == [("",), ("Border Force",)]


def test_times_are_read_as_people_and_spreadsheets_write_them(
    under_way: Context, take_log: TakeLog
) -> None:
    texts = ("09:20:00", "0905", "9:15am", "09.16", "17/06/2021 09:20:15")
    rows = "".join(f"{text},B12{number} XYZ\n" for number, text in enumerate(texts))
    found = take_log(f"At,Registration\n{rows}")
    assert (found.accepted, found.rejected) == (5, 0)
    times = under_way.connection.execute("SELECT substr(at, 12, 8) FROM vehicle_check ORDER BY ref")
    assert [at for (at,) in times] == ["08:20:00", "08:05:00", "08:15:00", "08:16:00", "08:20:15"]


def test_time_cells_of_a_workbook_are_read(under_way: Context) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    cells = (time(9, 20), datetime(2021, 6, 17, 9, 21), "09:20:15", 905, "9:15 am")  # noqa: DTZ001
    sheet.append(["At", "Registration"])
    for number, cell in enumerate(cells):
        sheet.append([cell, f"B12{number} XYZ"])
    out = io.BytesIO()
    book.save(out)
    found = import_log(under_way, source_of_bytes("paper.xlsx", out.getvalue()))
    assert (found.accepted, [one.reason for one in found.problems]) == (5, [])
    times = under_way.connection.execute("SELECT substr(at, 12, 8) FROM vehicle_check ORDER BY ref")
    assert [at for (at,) in times] == ["08:20:00", "08:21:00", "08:20:15", "08:05:00", "08:15:00"]


def test_a_time_that_came_twice_rejects_its_row(under_way: Context, take_log: TakeLog) -> None:
    found = take_log("At,Registration\n28/03/2021 01:30,NO11 ONE\n09:05,NO11 TWO\n")
    assert (found.accepted, found.rejected) == (1, 1)
    assert "came never" in found.problems[0].reason
    assert "2021-03-28T01:30+01:00" in found.problems[0].reason


def test_a_dry_run_stores_nothing(under_way: Context, take_log: TakeLog) -> None:
    before = count(under_way)
    found = take_log(LOG, dry_run=True)
    assert count(under_way) == before
    assert (found.accepted, found.refs, found.stored) == (5, (), False)
    assert found.listed == ("AB12CDE", "AB1ZCDE")


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("At,Colour\n09:05,red\n", FileRefused, "no heading row"),
        ("At,Registration\n", Refused, "none of its 0 rows"),
        ("At,Registration\n09:05,\n09:06,?!\n", Refused, "none of its 2 rows can be taken"),
        ("At,Registration,Persons found\n09:05,AB12CDE," + "9" * 5000 + "\n", Refused, "none of"),
    ],
)
def test_a_file_that_cannot_be_taken(
    under_way: Context, take_log: TakeLog, text: str, error: type[Exception], said: str
) -> None:
    before = count(under_way)
    with pytest.raises(error, match=said):
        take_log(text)
    assert count(under_way) == before


FOREIGN = "Zeit,Kennung,Zahl,Bay,Blank\n09:05,AB12 CDE,2,4,\n09:10,NO11 ONE,,,\n"
MAPPING = {"at": "col:A", "registration": "Kennung", "persons": "Zahl"}


def test_columns_settled_by_hand(under_way: Context, take_log: TakeLog) -> None:
    with pytest.raises(FileRefused, match="no heading row"):
        take_log(FOREIGN)
    found = take_log(FOREIGN, mapping=MAPPING)
    assert (found.rows, found.accepted) == (2, 2)
    first, _ = sorted(all_checks(under_way), key=lambda check: check.ref)
    assert (first.vehicle, first.outcome) == ("AB12 CDE", {"persons": 2})
    assert first.at == datetime(2021, 6, 17, 8, 5, tzinfo=UTC)
    assert found.layout.mapped == MAPPING


def test_a_column_that_was_not_read_is_told_of(under_way: Context, take_log: TakeLog) -> None:
    """Of those that hold something: what is not read is kept nowhere."""
    told = "columns that were not recognised were NOT read: “Bay”"
    dry = take_log(FOREIGN, mapping=MAPPING, dry_run=True)
    assert [(p.row, p.severity.value, p.reason) for p in dry.problems] == [
        (0, "warning", f"{told}; --map FIELD=HEADER says what one is")
    ]
    assert [p.reason for p in take_log(FOREIGN, mapping=MAPPING).problems] == [told]


@pytest.mark.parametrize(
    ("mapping", "error", "said"),
    [
        ({"colour": "Kennung"}, WrongUsage, "no field “colour”"),
        ({"registration": "Kennung", "persons": "Leute"}, FileRefused, "no heading “Leute”"),
        ({"registration": "col:Z"}, FileRefused, "no column “Z”"),
    ],
)
def test_columns_that_are_not_there(
    under_way: Context,
    take_log: TakeLog,
    mapping: dict[str, str],
    error: type[Exception],
    said: str,
) -> None:
    before = count(under_way)
    with pytest.raises(error, match=said):
        take_log(FOREIGN, mapping=mapping)
    assert count(under_way) == before


def test_it_needs_an_operation_and_a_list(context: Context, take_log: TakeLog) -> None:
    with pytest.raises(Refused, match="no operation is under way"):
        take_log(LOG)
    operation.start(context, "Dover")
    with pytest.raises(Refused, match="no list is in force"):
        take_log(LOG)
    found = take_log("At,Registration\n09:05,NO11 ONE\n", no_list=True)
    assert (found.accepted, tally(context).not_screened) == (1, 1)


def test_every_field_has_a_heading_of_its_own() -> None:
    names = headings()
    assert {field.name for field in (*DETAILS, *OUTCOME)} < names.keys()
    assert all(names.values())
    owner: dict[str, str] = {}
    for name, labels in names.items():
        for heading in labels:
            assert owner.setdefault(fold(heading), name) == name


# What is exported is read back.


def busy_day(check: Check, clock: list[datetime], context: Context) -> None:
    """Checks with everything in them, hostile text included."""
    start = clock[-1]
    day: list[dict[str, Any]] = [
        {
            "vehicle": "AB12CDE",
            "country": "GB",
            "trailer": "C1234567",
            "trailer_country": "PL",
            "container": "CSQU3054383",
            "decision": "confirmed",
            "details": {
                "direction": "inbound",
                "unit": "tractor",
                "body": "curtain_sided",
                "load_state": "part_laden",
                "accompanied": False,
                "haulier": "=Acme; “Söhne”: & Co\\",
                "origin": "-Caen",
                "lane": "@4",
            },
            "outcome": {
                "searched": ["dog", "co2"],
                "places": ["roof"],
                "persons": 3,
                "minors": 1,
                "nrm_referrals": 1,
                "penalties": [{"reference": "CP-1042", "action": "part_paid", "amount_pence": 5}],
                "notes": ["=1+1", "two; in the roof", "a:b\\", "+44 1234", "'quoted'"],
            },
        },
        {
            "vehicle": "AB1ZCDE",
            "decision": "rejected",
            "reason": "Irish plate: not this one",
            "outcome": {"nothing_found": True, "seal": "replaced", "seal_new": "-77"},
        },
        {
            "vehicle": "WX 12345",
            "country": "PL",
            "details": {"accompanied": True, "lane": "'4"},
            "outcome": {
                "cash": [
                    {"currency": "EUR", "amount_minor": 125000, "disposal": "seized"},
                    {"currency": "JPY", "amount_minor": 5000, "disposal": "counted"},
                ],
                "offences": [
                    {
                        "offence": "tachograph",
                        "disposal": "fixed_penalty",
                        "amount_pence": 10000,
                    },
                    {"offence": "other", "disposal": "prohibition_delayed"},
                ],
                "arrests": [{"count": 2, "reason": "=facilitation: organised"}],
                "education": ["leaflet"],
            },
        },
        {"vehicle": "NO11 ONE"},
    ]
    for number, one in enumerate(day):
        at = start - timedelta(hours=4) + timedelta(minutes=61 * number)
        check(one.pop("vehicle"), at=at, checked_by=f"47{number}", **one)


def figures(found: Tally) -> dict[str, Any]:
    """What two operations with the same checks have in common."""
    own = {"operation", "site", "agencies", "started_at", "fingerprint", "amended", "voided"}
    return {name: value for name, value in found.document().items() if name not in own}


@pytest.mark.parametrize("name", ["log.csv", "log.xlsx"])
def test_an_export_read_back_gives_the_same_tally(
    under_way: Context,
    check: Check,
    clock: list[datetime],
    clone: "Clone",
    tmp_path: Path,
    name: str,
) -> None:
    place = tmp_path / "elsewhere.db"  # where nothing was paid
    clone(under_way.path, place)
    busy_day(check, clock, under_way)
    before, day = tally(under_way), all_checks(under_way)
    assert contradictions(before) == []
    assert export_checks(under_way, under_way.operation(), tmp_path / name) == 4
    with closing(open_store(place)) as connection:
        elsewhere = replace(under_way, connection=connection, path=place, known=Known())
        found = import_log(elsewhere, open_source(tmp_path / name))
        assert (found.accepted, found.rejected) == (4, 0), found.problems
        assert figures(tally(elsewhere)) == figures(before)
        read_back = all_checks(elsewhere)
    same = ("at", "officer", "agency", "vehicle", "country", "trailer", "container", "details")
    for one, other in zip(day, read_back, strict=True):
        for field in (*same, "outcome", "verdict", "primary_outcome", "unresolved"):
            assert getattr(one, field) == getattr(other, field), field
        assert [(m.decision, m.reason) for m in one.matches] == [
            (m.decision, m.reason) for m in other.matches
        ]


def test_an_export_is_logged_and_leaves_void_checks_out(
    under_way: Context, check: Check, tmp_path: Path
) -> None:
    check("NO11 ONE")
    check("AB12CDE")
    void(under_way, "L1-002", under_way.operation().operation_id, "typed twice")
    path = tmp_path / "log.csv"
    assert export_checks(under_way, under_way.operation(), path, recipient="CPS") == 1
    kinds = under_way.connection.execute(
        "SELECT payload ->> 'records', payload ->> 'recipient' FROM fact"
        " WHERE kind = 'data_disclosed'"
    ).fetchall()
    assert kinds == [(1, "CPS")]
    with pytest.raises(Refused, match="there already"):
        export_checks(under_way, under_way.operation(), path)


def test_words_are_no_registration_and_no_trailer(under_way: Context, take_log: TakeLog) -> None:
    result = take_log(
        "At,Registration,Trailer,Container\n"
        "09:05,AB12CDE,n/a,-\n09:06,NO11 ONE,none,no container\n"
        "09:07,driver,,\n09:08,AB12CDE C1234567,,\n09:09,AB12CDE,AB12CDE C1234567,\n"
    )
    assert (result.accepted, result.rejected) == (2, 3)
    told = [problem.reason for problem in result.problems if problem.severity == "rejected"]
    assert told[0] == "“driver” is no registration"
    assert all("holds two registrations" in reason for reason in told[1:])
    assert [(check.trailer, check.container) for check in all_checks(under_way)] == [("", "")] * 2
