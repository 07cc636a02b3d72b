"""Damaged workbooks: whatever the bytes, an error in words or every row accounted for."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portcheck.errors import FileRefused
from portcheck.intake.files.source import source_of_bytes
from portcheck.intake.listrows import read_action_list

MakeBook = Callable[..., Path]
RowsOf = Callable[..., list[Any]]

EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8), st.booleans()),
    min_size=1,
    max_size=6,
)


def damaged(data: bytes, edits: list[tuple[float, bytes, bool]]) -> bytes:
    for place, new, replaces in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + (len(new) if replaces else 0) :]
    return data


def check(rows_of: RowsOf, data: bytes) -> None:
    try:
        with read_action_list(source_of_bytes("list.xlsx", data), seconds=20) as file:
            rows = rows_of(file)
    except FileRefused as refused:
        rows = []
        assert str(refused)  # noqa: PT017  either way out must hold
    assert all((row.entry is not None) or row.problems for row in rows)
    assert [row.row for row in rows] == sorted({row.row for row in rows})


def book(make_book: MakeBook) -> bytes:
    head = ["Reg", "Amount", "Issued", "Notes"]
    rows = [[f"AB{n} CDE", n, f"{n}/01/2024", "=A1"] for n in range(1, 20)]
    return make_book([head, *rows], [["cover"]]).read_bytes()


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITS)
def test_a_few_damaged_workbooks(
    make_book: MakeBook, rows_of: RowsOf, edits: list[tuple[float, bytes, bool]]
) -> None:
    check(rows_of, damaged(book(make_book), edits))


@pytest.mark.slow
@pytest.mark.long
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITS)
def test_many_damaged_workbooks(
    make_book: MakeBook, rows_of: RowsOf, edits: list[tuple[float, bytes, bool]]
) -> None:
    check(rows_of, damaged(book(make_book), edits))


@pytest.mark.slow
@pytest.mark.long
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]),
    edits=EDITS,
)
def test_many_workbooks_with_damaged_parts(
    make_book: MakeBook, rows_of: RowsOf, part: str, edits: list[tuple[float, bytes, bool]]
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(make_book))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, damaged(data, edits) if info.filename == part else data)
    check(rows_of, out.getvalue())
