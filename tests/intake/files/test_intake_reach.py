"""How far a sheet reaches, and which of its cells read as blank, is told exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.errors import FileRefused
from portcheck.intake.files.sheetreach import LAST_COLUMN, LAST_ROW, column_letters
from portcheck.intake.files.sheetscan import Looks, SheetScan

PLACES = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 40), st.integers(1, LAST_ROW)),
        st.one_of(st.integers(0, 60), st.integers(0, LAST_COLUMN - 1)),
    ),
    min_size=1,
    max_size=20,
)
WAYS = (
    '<c r="{}"><v>1</v></c>',
    "<c r='{}'/>",
    '<c s="1" r="{}"/>',
    '<c  r = " {} " />',
    '<c r="{}" t="e"><v>#N/A</v></c>',
)


def xml(row: int, column: int, way: str = WAYS[0]) -> str:
    return f'<row r="{row}">{way.format(f"{column_letters(column)}{row}")}</row>'


def scanned(rows: str, *, looks: Looks | None = None, filled: bool = False) -> SheetScan:
    scan = SheetScan("here", looks or Looks(), filled=filled)
    sheet = f"<worksheet><cols><col/></cols><sheetData>{rows}</sheetData></worksheet>".encode()
    scan.read(sheet[i : i + 50] for i in range(0, len(sheet), 50))
    return scan


@given(PLACES, st.sampled_from(WAYS))
def test_the_furthest_cells_are_known(places: list[tuple[int, int]], way: str) -> None:
    row, column = (max(numbers) for numbers in zip(*places, strict=True))
    assert scanned("".join(xml(*at, way) for at in places)).cells == row * (column + 1)


@pytest.mark.parametrize("cell", ["A1048577", "XFE1", "ZZZ1", "A9999999"])
def test_a_cell_beyond_the_sheet_is_refused_wherever_it_stands(cell: str) -> None:
    for before in ("", xml(1, 0), xml(999_999, 25), xml(LAST_ROW, 0)):
        with pytest.raises(FileRefused, match="beyond the last row or column"):
            scanned(f'{before}<row r="5"><c r="{cell}"/></row>')


def test_only_what_is_filled_takes_room() -> None:
    rows = xml(3, 1) + xml(500, 9, WAYS[1]) + xml(900, 20, WAYS[2])
    assert scanned(rows, filled=True).cells == 3 * 2
    assert scanned(rows).cells == 900 * 21


def test_cells_that_do_not_say_where_they_stand() -> None:
    rows = "<row><c/><c><v>1</v></c></row>" + '<row><c/><c/><c t="e"><v>#REF!</v></c></row>'
    scan = scanned(rows)
    assert scan.cells == 2 * 3
    assert scan.facts.special == [(2, 2, ("error", "#REF!"))]


def test_a_sheet_without_cells() -> None:
    assert scanned("").cells == 0


CELLS = {
    '<c r="A7" t="e"><f>NA()</f><v>#N/A</v></c>': ("error", "#N/A"),
    '<c t = "&#101;" r="A7"><v>#N<!-- -->/A</v></c>': ("error", "#N/A"),
    '<c r="A7" t="e"/>': ("error", "#ERROR"),
    '<c r="A7"><f>1+1</f></c>': ("formula", ""),
    '<c r="A7"><f t="shared" si="0"/><v></v></c>': ("formula", ""),
    '<c r="A7"><f><![CDATA[A1<v>2</v>]]></f></c>': ("formula", ""),
    '<c r="A7"><f>1+1</f><v>2</v></c>': None,
    '<c r="A7" t="str"><f>""</f><v></v></c>': None,
    '<c r="A7"><v>1</v></c><!-- <c r="A8" t="e"> -->': None,
}


@pytest.mark.parametrize("cell", CELLS)
def test_cells_that_read_as_blank(cell: str) -> None:
    expected = CELLS[cell]
    for rows in (cell, f'<c r="B6"><f>1</f><v>1</v></c>{cell}<c r="D7"><v>3</v></c>'):
        found = scanned(f'<row r="7">{rows}</row>').facts.special
        assert found == ([(7, 0, expected)] if expected else [])


def test_looks_count_where_there_is_something() -> None:
    looks = Looks(frozenset({"1"}), {"1": "EUR", "2": "PLN"})
    rows = (
        '<row r="1" hidden="1"><c r="A1" s="1"/><c r="B1" s="2"><v>1</v></c><c r="C1" s="1"/></row>'
        '<row r="2" hidden="0"><c r="A2" s="1"><v>1</v></c><c r="B2" s="1"><is/></c></row>'
    )
    facts = scanned(rows, looks=looks).facts
    assert facts.hidden == [1]
    assert facts.struck == [2]
    assert facts.foreign == [(1, 1, "PLN"), (2, 0, "EUR"), (2, 1, "EUR")]
