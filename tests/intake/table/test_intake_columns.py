"""Rows are read column by column, many at a time: each must mean what it means alone."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portcheck.intake import readcolumns
from portcheck.intake.files.source import source_of_bytes
from portcheck.intake.listrows import read_action_list

RowsOf = Callable[..., list[Any]]

HEAD = ["Registration", "Trailer", "Unit", "Amount", "Issued", "Status", "Colour"]
CELLS = (
    ["AB12 CDE", "ab12cde", "MÜ-AB 12", "", "TBC", "12-Mar", "AB12 / CD34 EFG", "Total", "?!"],
    ["", "C123 4567", "#N/A", "C123 4567 AND C765 4321"],
    ["", "tractor", "Rig 7", "semi-trailer"],
    ["", "5", "2.400", "£1,000.00", "N/A", "0"],
    ["", "12/03/2024", "31/02/2024", "45353"],
    ["", "overdue", "see\u202e file"],
    ["", " dark  red ", '"red"'],
)
ROW = st.tuples(*(st.sampled_from(cells) for cells in CELLS))
TAIL = st.lists(st.sampled_from(["", "beyond"]), max_size=2)


def read(rows_of: RowsOf, rows: list[list[str]]) -> list[Any]:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    with read_action_list(source_of_bytes("list.csv", out.getvalue().encode())) as file:
        return rows_of(file)


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.tuples(ROW, TAIL), min_size=1, max_size=12))
def test_a_row_means_the_same_alone_and_among_others(
    rows_of: RowsOf, drawn: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    rows = [[*row, *tail] for row, tail in drawn]
    together = read(rows_of, rows)
    alone = [
        replace(one, row=number, problems=tuple(replace(p, row=number) for p in one.problems))
        for number, row in enumerate(rows, 2)
        for one in read(rows_of, [row])
    ]
    assert together == alone


@pytest.mark.slow
def test_what_a_column_remembers_is_bounded(
    rows_of: RowsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readcolumns, "_MOST_REMEMBERED", 3)
    rows = [[f"AB{n} CDE", "", "Rig 7", str(n), "31/02/2024", "", f"{n}"] for n in range(9_000)]
    found = read(rows_of, rows)
    assert [row.entry.amount_pence for row in found] == [n * 100 for n in range(9_000)]
    assert {len(row.problems) for row in found} == {2}
    assert found[-1].entry.unread == (("unit", "Rig 7"), ("issued_on", "31/02/2024"))
    assert found[-1].entry.extra == (("Colour", "8999"),)
