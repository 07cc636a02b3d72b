"""How far a sheet reaches is never told too small, and not much too large."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.errors import FileRefused
from portcheck.intake.sheetreach import LAST_COLUMN, LAST_ROW, Reach, column_letters

PLACES = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 40), st.integers(1, LAST_ROW)),
        st.one_of(st.integers(0, 60), st.integers(0, LAST_COLUMN - 1)),
    ),
    min_size=1,
    max_size=6,
)
WAYS = ('<c r="{}"><v>1</v></c>', "<c r='{}'/>", '<c s="1" r="{}"/>', '<c  r = "{}" />')


def xml(row: int, column: int, way: str = WAYS[0]) -> str:
    return f'<row r="{row}">{way.format(f"{column_letters(column)}{row}")}</row>'


@given(st.lists(PLACES, min_size=1, max_size=8), st.sampled_from(WAYS))
def test_every_cell_is_within_reach(blocks: list[list[tuple[int, int]]], way: str) -> None:
    reach = Reach()
    row = column = 0
    for places in blocks:
        reach.see("here", "".join(xml(*place, way) for place in places).encode())
        row = max(row, *(r for r, _ in places))
        column = max(column, *(c for _, c in places))
        assert row * (column + 1) <= reach.cells <= 5 * row * (column + 1)


@pytest.mark.parametrize("cell", ["A1048577", "XFE1", "ZZZ1", "A9999999"])
def test_a_cell_beyond_the_sheet_is_refused_wherever_it_stands(cell: str) -> None:
    for before in ("", xml(1, 0), xml(999_999, 25), xml(LAST_ROW, 0)):
        reach = Reach()
        reach.see("here", before.encode())
        with pytest.raises(FileRefused, match="beyond the last row or column"):
            reach.see("here", f'<c r="{cell}"/>'.encode())


def test_only_what_is_filled_takes_room() -> None:
    reach = Reach()
    reach.see_filled("here", (xml(3, 1) + xml(500, 9, WAYS[1]) + xml(900, 20, WAYS[2])).encode())
    assert reach.cells == 3 * 2


def test_a_sheet_without_cells() -> None:
    reach = Reach()
    reach.see("here", b"<worksheet><cols><col/></cols><sheetData>")
    assert reach.cells == 0
    reach.see("here", xml(1, 0).encode())
    assert reach.cells == 1
