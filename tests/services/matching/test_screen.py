"""A manifest against the lists: every row accounted for, the surest and dearest first."""

import csv
import io
import json
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portcheck.domain.answer import Verdict
from portcheck.errors import FileRefused, Refused
from portcheck.intake.files.source import Source, source_of_bytes
from portcheck.report.contract import DOCUMENTS
from portcheck.report.screen import screen_documents, screen_lines, stops_table, write_stops
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching import screen as screening
from portcheck.services.matching.screen import ScreenResult, note_screened, screen

LIST: list[dict[str, str]] = [
    {"Registration": "AB12 CDE", "Country": "GB", "Penalty reference": "CP-1",
     "Issued on": "04/01/2021", "Balance": "500.00", "Status": "Overdue"},
    {"Registration": "WX 12345", "Country": "PL", "Penalty reference": "CP-2",
     "Issued on": "04/01/2021", "Balance": "2400.00", "Status": "Overdue"},
    {"Registration": "C1234567", "Unit": "trailer", "Haulier": "Acme Ltd", "Penalty reference": "CP-3",
     "Issued on": "04/01/2021", "Balance": "1000.00", "Status": "Overdue"},
    {"Registration": "CSQU3054383", "Unit": "container"},
]  # fmt: skip

Rows = Sequence[Mapping[str, str]]
Screen = Callable[..., ScreenResult]


def text_source(*lines: str, name: str = "manifest.csv") -> Source:
    heading = "Registration,Trailer,Container,Country,Haulier,Sailing"
    return source_of_bytes(name, "\n".join([heading, *lines, ""]).encode())


@pytest.fixture
def listed(context: Context, take: Callable[..., ImportResult]) -> Context:
    take(LIST)
    return context


def reasons(result: ScreenResult, severity: str) -> dict[int, str]:
    return {p.row: p.reason for p in result.problems if p.severity.value == severity}


def test_what_to_stop_comes_by_how_sure_and_then_by_how_much(listed: Context) -> None:
    result = screen(
        listed,
        text_source(
            "XX1,,,,,",
            "AB12CED,,,GB,,",  # row 3: near
            "A812CDE,,,,,",  # row 4: lookalike, £500
            "XX2,,CSQU 305438-3,,,",  # row 5: exact, no penalty line
            "XX3,C1234567,,,,",  # row 6: exact, £1,000
            "WX1234S,,,,,",  # row 7: lookalike, £2,400
            "ab12 cde,,,,,",  # row 8: exact, £500
            "wx12345,C1234567,,,,",  # row 9: exact twice, £3,400
        ),
    )
    assert [one.line.row for one in result.stops] == [9, 6, 8, 5, 7, 4, 3]
    assert [m.registration for m in result.stops[0].stops] == ["WX 12345", "C1234567"]
    assert result.verdicts() == {Verdict.LISTED: 6, Verdict.POSSIBLE: 1, Verdict.CLEAR: 1}
    assert result.accounting == "8 rows = 8 accepted + 0 duplicate + 0 rejected"


def test_a_listed_haulier_is_told_and_stops_nobody(listed: Context, tmp_path: Path) -> None:
    result = screen(
        listed,
        text_source(
            "XX1,,,,Acme,",
            "XX2,,,,Nobody Known,",
            "XX3,,,,ACME LIMITED,",
            "XX4,,,,Acme,",
            "XX5,C1234567,,,Acme,",  # row 6: its trailer is the penalty that Acme owes
        ),
    )
    assert [one.line.row for one in result.stops] == [6]
    assert [(advice.name, rows) for advice, rows in result.advised] == [("Acme Ltd", [2, 4, 5])]
    told = "Acme Ltd is listed: 1 outstanding penalty (£1,000.00) on other vehicles: refer"
    lines = [line.plain for line in screen_lines(result)]
    assert f"   haulier    {told} (3 rows (2, 4-5))" in lines
    answers = {d["row"]: d["matches"] for d in screen_documents(result)}
    assert [(m["unit"], m["tier"], m["why"]) for m in answers[2]] == [("haulier", "weak", told)]
    assert [m["unit"] for m in answers[6]] == ["trailer"]
    assert answers[3] == []
    path = tmp_path / "stop.csv"
    assert write_stops(listed, result, path) == 1
    assert f"haulier    {told} (3 rows (2, 4-5))" in path.read_text(encoding="utf-8-sig")


def test_equally_urgent_rows_come_in_the_order_of_the_file(listed: Context) -> None:
    result = screen(listed, text_source("AB12CDE,X1,,,,", "AB12CDE,X2,,,,", "AB12CDE,X3,,,,"))
    assert [one.line.row for one in result.stops] == [2, 3, 4]


@pytest.mark.parametrize(
    ("line", "severity", "why"),
    [
        (",,,GB,Acme,", "rejected", "there is no registration in this row"),
        ("unknown,n/a,-,,,", "rejected", "there is no registration in this row"),
        ("AB?2CDE,,,,,", "rejected", "QUESTION MARK"),
        ("AB12 CDE / driver,,,,,", "rejected", "is more than a registration"),
        ("CD34 EFG / XY34 ZZZ,,,,,", "warning", "holds 2 registrations: each is matched"),
        ("1.23E+08,,,,,", "rejected", "turned into the number"),
        ("AB?2CDE,C1234567,,,,", "warning", "QUESTION MARK"),
        ("XX1,,,Atlantis,,", "warning", "is not a country that is known here"),
        ("AB12CDE,,,,,", "duplicate", "on the same sailing as row 2"),
        ("ab12-cde,,,,,", "duplicate", "on the same sailing as row 2"),
    ],
)
def test_a_row_that_needs_a_look_says_why(
    line: str, severity: str, why: str, listed: Context
) -> None:
    result = screen(listed, text_source("AB12 CDE,,,,,", line))
    assert why in reasons(result, severity)[3]
    counts = (result.accepted, result.duplicates, result.rejected)
    expected = {"rejected": (1, 0, 1), "warning": (2, 0, 0), "duplicate": (1, 1, 0)}
    assert counts == expected[severity]


@pytest.mark.parametrize(
    "line",
    [
        "AB12CDE,C1,,,,",  # another trailer
        "AB12CDE,,,,,Caen 16:00",  # another sailing
        ",AB12CDE,,,,",  # as a trailer
    ],
)
def test_what_differs_is_no_duplicate(line: str, listed: Context) -> None:
    assert screen(listed, text_source("AB12CDE,,,,,Caen 10:40", line)).duplicates == 0


@pytest.mark.parametrize(
    "cell",
    ["nr AB12CDE", "SUBTOTAL 5", "AB12CDE 14:05", "VEHICLES 3", "\u00b4", "A" * 99],
)
def test_one_cell_refuses_its_own_row(cell: str, listed: Context) -> None:
    result = screen(listed, text_source("AB12 CDE,,,,,", f'"{cell}",,,,,'))
    assert (result.rows, result.accepted, result.rejected) == (2, 1, 1)
    assert list(reasons(result, "rejected")) == [3]


def test_what_was_paid_here_is_not_owed_any_more(
    under_way: Context, check: Callable[..., Any], tmp_path: Path
) -> None:
    """It stops a vehicle by what is left, on paper too."""
    paid = {"reference": "CP-1042", "action": "part_paid", "amount_pence": 140000}
    check("AB12CDE", decision="confirmed", outcome={"penalties": [paid]})
    result = screen(under_way, text_source("AB12CDE,,,,,"))
    assert screening.owed_pence(result.stops[0].stops[0]) == 100000
    write_stops(under_way, result, tmp_path / "stop.csv")
    first = (tmp_path / "stop.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert '"£1,000.00"' in first


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("Notes", "notes: lookup shows them"),
        ("Contact", "the list says more"),
        ("Hm", "the list says"),
    ],
)
def test_that_a_list_says_more_is_told(
    context: Context, take: Callable[..., ImportResult], column: str, said: str
) -> None:
    take([{"Registration": "AB12 CDE", "Penalty reference": "CP-1", column: "ring the CIO"}])
    table = stops_table(screen(context, text_source("AB12CDE,,,,,")))
    assert any(said in str(cell) for column in table.columns for cell in column.cells)


def test_a_trailer_without_a_lorry_is_screened(listed: Context) -> None:
    result = screen(listed, text_source(",c1234567,,,,"))
    (stop,) = result.stops
    assert [(m.unit.value, m.tier.value) for m in stop.stops] == [("trailer", "exact")]
    (document,) = screen_documents(result)
    assert (document["query"], document["key"]) == ("c1234567", "C1234567")
    assert document["matches"][0]["unit"] == "trailer"


def test_the_country_is_the_lorrys_and_not_the_trailers(listed: Context) -> None:
    result = screen(listed, text_source("XX1,C1234567,,PL,Acme,"))
    assert [mark.country for mark in result.screened[0].answer.marks] == ["PL", ""]


CELLS = st.sampled_from(
    ["", "AB12 CDE", "ab12cde", "A812CDE", "XX1", "A?1", "n/a", "1.5E+10", "C1234567", "a,b", '"x']
)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_row_is_accounted_for(rows: list[tuple[str, ...]], listed: Context) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("Registration", "Trailer", "Container"), ("ZZ1", "", ""), *rows])
    written = len([row for row in rows if any(row)]) + 1
    result = screen(listed, source_of_bytes("m.csv", out.getvalue().encode()))
    assert result.rows == written == result.accepted + result.duplicates + result.rejected
    assert len(result.not_screened) == result.rejected
    documents = list(screen_documents(result))
    assert sorted(one["row"] for one in documents) == sorted(
        [one.line.row for one in (*result.screened, *result.repeated)]
        + [problem.row for problem in result.not_screened]
    )
    assert len(documents) == result.rows
    for document in documents:
        DOCUMENTS["screen"].reader.validate_json(json.dumps(document))


def test_documents_begin_with_what_to_stop_and_then_what_was_not_screened(
    listed: Context,
) -> None:
    result = screen(listed, text_source("XX1,,,,,", "A?1,A?2,,,,", "XX1,,,,,", "AB12CDE,,,,,"))
    found = list(screen_documents(result))
    assert [one["row"] for one in found] == [5, 3, 2, 4]
    assert found[1]["error"]["severity"] == "rejected"
    assert found[1]["error"]["reason"].count("QUESTION MARK") == 2
    assert [one.get("duplicate_of") for one in found] == [None, None, None, 2]
    assert found[3]["verdict"] == "clear"


def test_nothing_is_recorded_but_that_the_file_was_screened(listed: Context) -> None:
    result = screen(listed, text_source("AB12CDE,,,,,", "XX1,,,,,", "XX1,,,,,", "A?1,,,,,"))
    count = "SELECT COUNT(*) FROM journal WHERE kind <> 'list_imported'"
    assert listed.connection.execute(count).fetchone() == (0,)
    note_screened(listed, result)
    kind, payload = listed.connection.execute(
        "SELECT kind, payload FROM fact ORDER BY position DESC"
    ).fetchone()
    assert kind == "record_consulted"
    assert json.loads(payload) == {
        "kind": "record_consulted",
        "command": "screen",
        "queries": [
            f"manifest.csv, sha256 {result.sha256}: 4 rows = 2 accepted + 1 duplicate + 1 rejected"
        ],
        "verdicts": ["1 listed", "0 possible", "1 clear"],
    }


def test_progress_is_told_and_writers_are_not_held_up(
    listed: Context, new_context: Callable[..., Context]
) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        assert not listed.connection.in_transaction

    lines = [f"XX{n},,,,," for n in range(1000, 1250)]
    screen(listed, text_source(*lines), progress=progress)
    assert told == [(100, 250), (200, 250), (250, 250)]


def test_a_list_imported_meanwhile_is_asked_about_every_row(
    listed: Context, take: Callable[..., ImportResult]
) -> None:
    told: list[int] = []

    def progress(done: int, _total: int) -> None:
        told.append(done)
        if told == [100]:
            take([*LIST, {"Registration": "XX1000"}])

    lines = [f"XX{n},,,,," for n in range(1000, 1150)]
    result = screen(listed, text_source(*lines), progress=progress)
    assert told == [100, 100, 150]
    assert {one.version for s in result.screened for one in s.answer.lists} == {2}
    assert [one.line.row for one in result.stops] == [2]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((), "it has a heading and no rows"),
        (("A?1,,,,,", ",,,GB,,"), "none of its 2 rows can be screened .row 2: .*QUESTION MARK"),
    ],
)
def test_a_manifest_without_anything_to_screen_is_refused(
    lines: tuple[str, ...], why: str, listed: Context
) -> None:
    with pytest.raises(Refused, match=why):
        screen(listed, text_source(*lines))


def test_without_a_list_in_force_nothing_is_screened(context: Context) -> None:
    with pytest.raises(Refused, match="no list is in force"):
        screen(context, text_source("AB12CDE,,,,,"))


def test_a_file_without_any_registration_column_is_refused(listed: Context) -> None:
    source = source_of_bytes("m.csv", b"Colour,Weight\nred,4\n")
    with pytest.raises(FileRefused):
        screen(listed, source)
    named = screen(listed, source, mapping={"registration": "Colour"})
    assert [one.line.marks[0].text for one in named.screened] == ["red"]


def written(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = load_workbook(path).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]  # type: ignore[misc]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_file_for_the_lane_says_what_to_stop_and_what_was_not_screened(
    suffix: str, listed: Context, tmp_path: Path
) -> None:
    path = tmp_path / f"stop{suffix}"
    result = screen(
        listed,
        text_source("XX1,,,,,", "XX3,C1234567,,,,=1+1", "A812CDE,,,,,Caen", '"=cmd|x",,,,,'),
    )
    assert write_stops(listed, result, path, recipient="Lane 3") == 3
    heading, trailer, lookalike, bad, *closing = written(path)
    first = dict(zip(heading, trailer, strict=True))
    assert first["Verdict"].endswith("LISTED")
    assert (first["Vehicle"], first["On the manifest"]) == ("XX3", "C1234567")
    assert (first["Owed"], first["Enforceable"], first["Row"]) == ("£1,000.00", "YES", "3")
    assert "£1,000.00 is owed" in first["Why"]
    assert first["Sailing"].lstrip("'") == "=1+1"
    second = dict(zip(heading, lookalike, strict=True))
    assert second["How it matches"] == "lookalike: 8 for B, place 2"
    assert bad[0] == "! NOT SCREENED"
    assert "cannot stand in a registration" in " ".join(bad)
    told = " ".join(row[0] for row in closing if row)
    assert "OFFICIAL-SENSITIVE" in told
    assert "4 rows = 3 accepted + 0 duplicate + 1 rejected" in told
    assert f"List CECPT version 1, 4 rows, sha256 {result.lists[0].sha256}" in told
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (payload,) = listed.connection.execute(
        "SELECT payload FROM fact WHERE kind = 'data_disclosed'"
    ).fetchone()
    assert json.loads(payload) == {
        "kind": "data_disclosed",
        "command": "screen",
        "file_name": path.name,
        "format": suffix[1:],
        "records": 3,
        "recipient": "Lane 3",
    }


def test_a_file_that_cannot_be_written_is_no_disclosure(listed: Context, tmp_path: Path) -> None:
    result = screen(listed, text_source("AB12CDE,,,,,"))
    with pytest.raises(FileRefused):
        write_stops(listed, result, tmp_path / "no such folder" / "stop.xlsx")
    assert not listed.connection.execute(
        "SELECT 1 FROM fact WHERE kind = 'data_disclosed'"
    ).fetchall()


def test_as_many_rows_as_are_matched_at_a_time_make_one_batch(
    listed: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "_AT_A_TIME", 2)
    told: list[Any] = []
    screen(
        listed,
        text_source("XX1,,,,,", "XX2,,,,,", "XX3,,,,,", "XX4,,,,,"),
        progress=lambda *step: told.append(step),
    )
    assert told == [(2, 4), (4, 4)]


def test_words_and_two_marks_are_no_registration(listed: Context) -> None:
    result = screen(
        listed,
        text_source(
            "driver,,,,,", "AB12CDE C1234567,,,,,", "AB12CDE lorry,,,,,", "AB12CDE,none,,,,"
        ),
    )
    assert (result.accepted, result.rejected) == (1, 3)
    assert reasons(result, "rejected") == {
        2: "there is no registration in this row",
        3: "“AB12CDE C1234567” holds two registrations: AB12CDE, C1234567",
        4: "“AB12CDE lorry” is more than a registration: AB12CDE was seen in it",
    }
