"""Tables of other kinds of file, read by the same rules, and the file of rejected rows."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from portcheck.errors import FileRefused
from portcheck.intake.cells import text_of
from portcheck.intake.files.source import open_source
from portcheck.intake.listrows import read_action_list
from portcheck.intake.table.columns import Headings, names_of
from portcheck.intake.table.reading import read_table
from portcheck.report.rejects import write_rejects

Read = Callable[..., Any]
MakeBook = Callable[..., Path]
MakeText = Callable[..., Path]
RowsOf = Callable[..., list[Any]]


@pytest.mark.parametrize("section", ["action_list", "manifest"])
def test_no_heading_names_two_fields(section: str) -> None:
    headings = Headings(names_of(section))
    for field in headings.fields:
        assert headings.field_of(field) == field


def test_two_fields_with_one_heading_are_a_fault() -> None:
    with pytest.raises(ValueError, match="names both"):
        Headings({"registration": ("Mark",), "notes": ("mark",)})


def test_a_manifest(make_book: MakeBook) -> None:
    rows = [
        ["MV Example 14:30"],
        ["Vehicle", "Trailer No.", "Customer", "Departure", "Berth"],
        ["AB12 CDE", "C123456", "Smith Ltd", "14:30", 4],
        ["Total", None, None, None, None],
    ]
    source = open_source(make_book(rows))
    required = ("registration", "trailer_registration", "container")
    with read_table(source, names_of("manifest"), required) as table:
        good, total = list(table.rows())
    assert good.cells == {
        "registration": "AB12 CDE",
        "trailer_registration": "C123456",
        "haulier": "Smith Ltd",
        "sailing": "14:30",
    }
    assert good.extra == (("Berth", "4"),)
    assert good.raw == ("AB12 CDE", "C123456", "Smith Ltd", "14:30", "4")
    assert not good.rejected
    assert total.rejected
    assert total.problems[0].reason == "totals row"


def test_names_may_come_from_the_program(make_text: MakeText) -> None:
    names = {"registration": ("Plate",), "checked_at": ("Time",), "searched": ()}
    source = open_source(make_text("Plate,Time,Searched\nAB12,09:30,yes\n"))
    with read_table(source, names, ["registration"]) as table:
        (row,) = table.rows()
    assert row.cells == {"registration": "AB12", "checked_at": "09:30", "searched": "yes"}


REJECTS: list[list[str | None]] = [
    ["Reg", "Notes", "Contact"],
    ["#N/A", "=1+1", "+44 20"],
    ["AB12 CDE", "fine", ""],
    [None, "@SUM(A1)", "-"],
]


@pytest.mark.parametrize("name", ["rejects.xlsx", "rejects.csv"])
def test_rejected_rows_come_back_as_they_were(
    read: Read, rows_of: RowsOf, make_text: MakeText, tmp_path: Path, name: str
) -> None:
    text = "\n".join(",".join(cell or "" for cell in row) for row in REJECTS)
    target = tmp_path / name
    with read_action_list(open_source(make_text(text))) as file:
        rejected = [(row, row.problems[0].reason) for row in rows_of(file) if row.entry is None]
        assert write_rejects(target, file, rejected) == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".portcheck-*"))
    outcome = read(target)
    assert outcome.layout.headings[-1] == "portcheck: reason"
    assert outcome.layout.unknown == ()
    assert [row.raw[:3] for row in outcome.rows] == [
        ("#N/A", "=1+1", "+44 20"),
        ("", "@SUM(A1)", "-"),
    ]
    again = tmp_path / f"again-{name}"
    with read_action_list(open_source(target)) as file:
        write_rejects(again, file, [(row, "still") for row in rows_of(file)])
    assert read(again).layout.headings == outcome.layout.headings


def test_no_cell_of_the_rejected_rows_can_run(
    rows_of: RowsOf, make_text: MakeText, tmp_path: Path
) -> None:
    text = "Reg,Notes\n,=1+1\n,@x\n,+1\n,-1\n"
    book, plain = tmp_path / "rejects.xlsx", tmp_path / "rejects.csv"
    with read_action_list(open_source(make_text(text))) as file:
        rejected = [(row, "=reason") for row in rows_of(file)]
        write_rejects(book, file, rejected)
        write_rejects(plain, file, rejected)
    opened = openpyxl.load_workbook(book)
    cells = [cell for row in opened.worksheets[0].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=1+1" in {cell.value for cell in cells}
    opened.close()
    for line in plain.read_text("utf-8-sig").splitlines()[1:]:
        assert all(cell[:1] in {"", "'"} for cell in line.split(","))


def test_rejects_that_cannot_be_written_leave_nothing(
    rows_of: RowsOf, make_text: MakeText, tmp_path: Path
) -> None:
    with read_action_list(open_source(make_text("Reg\n-\n"))) as file:
        rows = [(row, "no") for row in rows_of(file)]
        with pytest.raises(FileRefused, match="cannot be written"):
            write_rejects(tmp_path / "no folder" / "x.xlsx", file, rows)
        (tmp_path / "taken.csv").mkdir()
        with pytest.raises(FileRefused, match="cannot be written"):
            write_rejects(tmp_path / "taken.csv", file, rows)
    assert not list(tmp_path.glob(".portcheck-*"))


def test_rejected_rows_mean_the_same_when_they_come_back(
    read: Read, rows_of: RowsOf, make_book: MakeBook, tmp_path: Path
) -> None:
    def from_1904(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    rows = [["Reg", "Due on", "Balance"], ["#N/A", 44625, 2640.0000000000005], ["AB12", "", ""]]
    with read_action_list(open_source(make_book(rows, finish=from_1904))) as file:
        (rejected, _) = rows_of(file)
        target = tmp_path / "rejects.xlsx"
        write_rejects(target, file, [(rejected, "no")])
    with read_action_list(open_source(target)) as file:
        (back,) = rows_of(file)
    assert back.raw[:3] == ("#N/A", "2026-03-06", "2640")
    assert text_of(2640.0000000000005) == "2640"
