"""Rows that name several vehicles: each is an entry, and none is lost without a word."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portcheck.domain.listing import ListedRow
from portcheck.intake.files.source import source_of_bytes
from portcheck.intake.listrows import read_action_list

CASES = Path(__file__).with_name("cases")

Read = Callable[..., Any]
MakeBook = Callable[..., Path]
MakeText = Callable[..., Path]
RowsOf = Callable[..., list[Any]]


def marks(entries: list[ListedRow]) -> list[str]:
    """The registrations of each entry, " + " between those of one vehicle."""
    return [
        " + ".join(filter(None, (one.registration, one.trailer_registration, one.container)))
        for one in entries
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "06_reg_slash_trailer.xlsx",
            [
                ("AB12CDE + C1234567", "CP-9501", 150_000),
                ("B 123 XYZ + B 456 ABC", "CP-9502", 200_000),
                ("WPR12345", "CP-9503", 60_000),
                ("CJ47TKV + B 99 ABC", "CP-9504", 60_000),
            ],
        ),
        (
            "07_vehicle_1_2_3.xlsx",
            [
                ("AB12CDE", "CP-9601", 150_000),
                ("CD34EFG", "CP-9601", 150_000),
                ("EF56GHJ", "CP-9601", 150_000),
                ("B 123 XYZ", "CP-9602", 60_000),
            ],
        ),
        (
            "f_merged_reg.xlsx",
            [
                ("AB12CDE", "CP-1", 150_000),
                ("AB12CDE", "CP-2", 60_000),
                ("AB12CDE", "CP-3", 70_000),
                ("CD34EFG", "CP-4", 150_000),
            ],
        ),
    ],
)
def test_lists_as_offices_sent_them(
    read: Read, name: str, expected: list[tuple[str, str, int]]
) -> None:
    found = read(CASES / name)
    assert not found.rejected
    lines = zip(marks(found.entries), found.entries, strict=True)
    assert [(m, e.penalty_reference, e.balance_pence) for m, e in lines] == expected


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("Reg", "AB12CDE / CD34EFG", ["AB12CDE", "CD34EFG"]),
        ("Reg", "AB12CDE, CD34EFG; EF56GHJ", ["AB12CDE", "CD34EFG", "EF56GHJ"]),
        ("Reg", "AB12CDE and CD34EFG", ["AB12CDE", "CD34EFG"]),
        ("Reg,Trailer", "AB12CDE / CD34EFG,C1234567", ["AB12CDE + C1234567", "CD34EFG"]),
        ("Reg,Trailer", "AB12CDE,C1234567 / C7654321", ["AB12CDE + C1234567", "C7654321"]),
        ("Reg,Trailer", ",C1234567 / C7654321", ["C1234567", "C7654321"]),
        ("Unit / Trailer No", "AB12CDE / C1234567", ["AB12CDE + C1234567"]),
        ("Trailer/Tractor", "C1234567 / AB12CDE", ["AB12CDE + C1234567"]),
        ("Tractor & trailer", "AB12CDE", ["AB12CDE"]),
        ("Reg/Trailer,Trailer no", "AB12CDE / C1234567,B999XYZ", ["AB12CDE + B999XYZ", "C1234567"]),
        ("Vehicle reg,Other vehicles", "AB12CDE,CD34EFG / EF56GHJ", ["AB12CDE", "CD34EFG", "EF56GHJ"]),
        ("Reg 1,Reg 2,Trailer 1,Trailer 2", "AB12CDE,CD34EFG,C1234567,C7654321",
         ["AB12CDE + C1234567", "CD34EFG + C7654321"]),
        ("Vehicle (1),Vehicle (2)", ",CD34EFG", ["CD34EFG"]),
        ("Reg no. 1,Reg no. 2,2nd trailer", "AB12CDE,,C1234567", ["AB12CDE + C1234567"]),
        ("Reg,Container 1,Container 2", ",CSQU3054383,MSKU1234565", ["CSQU3054383", "MSKU1234565"]),
        ("Vehicle 1,Vehicle 2", "AB12CDE,ab12-cde", ["AB12CDE"]),
    ],
)  # fmt: skip
def test_each_vehicle_of_a_row(
    read: Read, make_text: MakeText, heading: str, cells: str, expected: list[str]
) -> None:
    heads, values = heading.split(","), next(csv.reader([cells]))
    if len(values) != len(heads):  # a comma inside one cell
        values = [cells]
    out = io.StringIO()
    csv.writer(out).writerows([[*heads, "Penalty ref"], [*values, "CP-1"]])
    found = read(make_text(out.getvalue()))
    assert marks(found.entries) == expected
    assert {entry.penalty_reference for entry in found.entries} == {"CP-1"}


@pytest.mark.parametrize(
    ("heading", "cell", "reason"),
    [
        ("Reg", "AB12CDE / driver", "is more than a registration"),
        ("Reg", "AB12CDE C1234567", "holds two registrations"),
        ("Reg/Trailer", "AB12CDE / C1234567 / C7654321", "holds 3 registrations"),
    ],
)
def test_a_cell_that_cannot_be_taken_apart_is_rejected(
    read: Read, make_text: MakeText, heading: str, cell: str, reason: str
) -> None:
    (why,) = read(make_text(f"{heading}\n{cell}\n")).rejected.values()
    assert reason in why


def test_one_of_several_that_cannot_be_read_is_told_of(read: Read, make_text: MakeText) -> None:
    found = read(make_text("Vehicle 1,Vehicle 2\nAB12CDE,#N/A\n,#N/A\n"))
    assert marks(found.entries) == ["AB12CDE"]
    assert [(p.row, p.column, p.value) for p in found.told] == [(2, "Vehicle 2", "#N/A")]
    assert found.entries[0].unread == (("registration", "#N/A"),)
    assert "is an error of the spreadsheet" in found.rejected[3]


def test_a_series_that_nobody_knows_is_named_once(read: Read, make_text: MakeText) -> None:
    text = "Kennung 1,Kennung 2,Ref\nAB12CDE,CD34EFG,CP-1\n"
    found = read(make_text(text), mapping={"registration": "Kennung 1"})
    assert found.registrations == ["AB12CDE", "CD34EFG"]
    assert found.layout.mapped == {"registration": "Kennung 1"}


def test_a_general_heading_beside_a_plain_one_loses_no_mark(
    read: Read, make_text: MakeText
) -> None:
    rows = "AB12CDE,AB12 CDE\nCD34EFG,EF56GHJ\n"
    assert read(make_text(f"Vehicle,Registration\n{rows}")).registrations == [
        "AB12 CDE",
        "EF56GHJ",
        "CD34EFG",
    ]
    found = read(make_text("Vehicle,Registration\nScania R450,AB12 CDE\nDAF XF,CD34EFG\n"))
    assert found.registrations == ["AB12 CDE", "CD34EFG"]
    assert found.entries[0].extra == (("Vehicle", "Scania R450"),)


def test_two_columns_that_are_no_series_are_asked_about(read: Read, make_text: MakeText) -> None:
    with pytest.raises(Exception, match="could both be registration"):
        read(make_text("Registration,VRM\nAB12CDE,CD34EFG\n"))


def test_a_sum_merged_over_several_penalties_is_owed_once(read: Read, make_book: MakeBook) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        for cells in ("A3:A4", "B3:B4", "C3:C4", "A5:A6", "C5:C6", "A1:C1", "D3:D4"):
            sheet.merge_cells(cells)

    rows = [
        ["The list"],
        ["Reg", "Penalty ref", "Balance", "Status"],
        ["AB12CDE", "CP-1", 1500, "Overdue"],
        ["", "", "", ""],
        ["CD34EFG", "CP-2", 600, "Due"],
        ["", "CP-3", "", "Paid"],
    ]
    found = read(make_book(rows, finish=merge))
    lines = [(e.registration, e.penalty_reference, e.balance_pence) for e in found.entries]
    assert lines == [
        ("AB12CDE", "CP-1", 150_000),
        ("CD34EFG", "CP-2", 60_000),
        ("CD34EFG", "CP-3", None),
    ]
    (told,) = found.told
    assert (told.row, told.column, told.value) == (6, "Balance", "600")
    assert told.reason == "is merged with row 5: it was read for that row alone"


def test_a_merged_cell_goes_on_over_thousands_of_rows(read: Read, make_book: MakeBook) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book.worksheets[0].merge_cells("A2:A12001")

    rows = [
        ["Reg", "Penalty ref"],
        *(["AB12CDE" if n == 0 else "", f"CP-{n}"] for n in range(12_000)),
    ]
    found = read(make_book(rows, finish=merge))
    assert found.registrations == ["AB12CDE"] * 12_000


MARK = st.sampled_from(["AB12CDE", "CD34 EFG", "C1234567", "WPR 12345", "M-AB 1234", "B 99 ABC"])
CELL = st.one_of(
    st.just(""),
    MARK,
    st.tuples(MARK, st.sampled_from([" / ", ", ", "\n", " and ", " + ", " ", "//"]), MARK).map(
        "".join
    ),
    st.tuples(MARK, st.sampled_from(["/ driver", " TBC", "/ ?", " (old)"])).map("".join),
)
HEADS = ("Reg", "Reg/Trailer", "Vehicle 2", "Other vehicles", "Trailer 1", "Trailer 2", "Container")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(HEADS), min_size=1, max_size=5, unique=True).filter(
        lambda heads: not {"Reg", "Reg/Trailer"} <= set(heads)
    ),
    st.lists(st.lists(CELL, min_size=5, max_size=5), min_size=1, max_size=6),
)
def test_no_mark_is_dropped_without_a_row_saying_so(
    rows_of: RowsOf, heads: list[str], cells: list[list[str]]
) -> None:
    rows = [[*row[: len(heads)], "CP-1"] for row in cells]
    out = io.StringIO()
    csv.writer(out).writerows([[*heads, "Penalty ref"], *rows])
    with read_action_list(source_of_bytes("list.csv", out.getvalue().encode())) as file:
        found = rows_of(file)
    for number, row in enumerate(rows, 2):
        lines = [one for one in found if one.row == number]
        taken = " ".join(marks([one.entry for one in lines if one.entry]))
        told = {p.value for one in lines for p in one.problems}
        for cell in filter(None, row[:-1]):
            shown = " ".join(cell.split())
            left = [mark for mark in ALL_MARKS if mark in shown and mark not in taken]
            assert not left or shown in told, (heads, row, lines)


ALL_MARKS = ("AB12CDE", "CD34 EFG", "C1234567", "WPR 12345", "M-AB 1234", "B 99 ABC")
