from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portcheck.domain.registration.key import key_of
from portcheck.domain.registration.one_mark import hold_one_mark
from portcheck.intake.cells import Cell
from portcheck.intake.values.marks import Mark, mark_of
from portcheck.intake.values.words import ValueRefused


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("AB12 CDE", "AB12 CDE"),
        ("  ab12cde \n", "ab12cde"),
        ("MÜ-AB 123", "MÜ-AB 123"),
        ("В 123 АС 77", "В 123 АС 77"),
        ("ÖÄÜ 1", "ÖÄÜ 1"),
        ("123456", "123456"),
        ("A1234567", "A1234567"),
        ("MSCU 123456-7", "MSCU 123456-7"),
        ("AB\u202e12", "AB12"),
        ("", ""),
        ("  ", ""),
        ("-", ""),
        ("N/A", ""),
        ("unknown", ""),
        ("TBC", ""),
        ("No reg.", ""),
    ],
)
def test_marks_kept_without_a_word(cell: Cell, text: str) -> None:
    assert mark_of(cell) == (text, "")


@pytest.mark.parametrize(
    ("cell", "text", "warning"),
    [
        (123456.0, "123456", "is a number in the sheet; kept as 123456"),
        (123400000.0, "123400000", "1234E5, 12340E4"),
        (220.0, "220", "22E1"),
        ("MAR-12", "MAR-12", "looks like a date"),
        ("12-Mar", "12-Mar", "looks like a date"),
        ("12-Mar-2012", "12-Mar-2012", "looks like a date"),
        ("01/03/2012", "01/03/2012", "looks like a date"),
        ("1.3.12", "1.3.12", "looks like a date"),
        ("2012-03-01", "2012-03-01", "looks like a date"),
        ("01/03/2012 00:00", "01/03/2012 00:00", "looks like a date"),
        ("1A2B 3C4D 5E6F 7", "1A2B 3C4D 5E6F 7", "longer than any"),
        ("TRUCKER", "TRUCKER", "has no digit in it"),
    ],
)
def test_marks_kept_with_a_warning(cell: Cell, text: str, warning: str) -> None:
    mark = mark_of(cell)
    assert mark.text == text
    assert warning in mark.warning


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.234E+08", "1234E5"),
        ("1E+20", "1E20"),
        (1e20, "1E20"),
        (1.5, "not a registration"),
        (0.0, "look-up of an empty cell"),
        (-4.0, "not a registration"),
        (float("nan"), "not a registration"),
        (float("inf"), "not a registration"),
        (("date", "2024-03-12"), "MAR12"),
        (("datetime", "9525-03-01T00:00:00"), "MAR9525"),
        (("datetime", "2024-03-01T00:00:00"), "MAR24"),
        (("time", "14:05:00"), "a time"),
        (("duration", "1 day, 0:00:00"), "a duration"),
        (("bool", "TRUE"), "a bool"),
        (("error", "#N/A"), "#N/A"),
        (("formula", ""), "never calculated"),
        ("#N/A", "error of the spreadsheet"),
        ("#REF!", "error of the spreadsheet"),
        ("AB12 CDE / XY34 ZZZ", "two registrations"),
        ("AB12CDE\nC1234567", "two registrations"),
        ("AB12CDE and XY34ZZZ", "two registrations"),
        ("A" * 40, "too long"),
        ("AB12 ☃", "cannot stand"),
    ],
)
def test_marks_refused(cell: Cell, reason: str) -> None:
    with pytest.raises(ValueRefused, match=reason):
        mark_of(cell)


@given(st.integers(min_value=1, max_value=9999), st.integers(min_value=1, max_value=9))
def test_what_was_typed_is_among_the_candidates(mantissa: int, power: int) -> None:
    typed = f"{mantissa}E{power}"
    told = mark_of(float(typed)).warning
    if mantissa % 10 or power <= 5:
        assert f"{typed}," in f"{told},".replace(";", ",")


@given(st.one_of(st.text(), st.floats(), st.integers(min_value=0)))
def test_a_kept_mark_has_a_key(cell: Cell) -> None:
    mark = Mark("")
    with suppress(ValueRefused):
        mark = mark_of(cell)
    assert not mark.text or key_of(mark.text)


PARTS = st.one_of(
    st.text("ABCD123", min_size=1, max_size=8),
    st.sampled_from(["nr", "reg", "van", "UNIT", "SUBTOTAL", "drivers", "CBC", "CAAC", "GB"]),
)


@given(st.lists(PARTS, min_size=1, max_size=4).map(" ".join))
@example("nr AB12CDE")
@example("SUBTOTAL 5")
@example("CBC CAAC 3")
def test_what_is_taken_here_is_taken_where_it_is_looked_up(cell: str) -> None:
    """Else one cell would refuse a whole manifest."""
    with suppress(ValueRefused):
        hold_one_mark(mark_of(cell).text or "AB12CDE")
