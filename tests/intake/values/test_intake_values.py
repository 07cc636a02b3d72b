import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.intake.cells import Cell
from portcheck.intake.values import words
from portcheck.intake.values.dates import date_of
from portcheck.intake.values.words import ValueRefused

MONEY: list[tuple[Cell, int | None]] = [
    ("", None),
    ("  ", None),
    ("-", None),
    ("–", None),
    ("N/A", None),
    ("n.a.", None),
    ("0", 0),
    ("£0.00", 0),
    (0.0, 0),
    ("£2,400.00", 240000),
    ("£2,400", 240000),
    ("2400", 240000),
    ("2400.5", 240050),
    ("2,400", 240000),
    ("2.400,00", 240000),
    ("2400,00", 240000),
    ("2.400.000", 240000000),
    ("1,234,567.89", 123456789),
    ("GBP 2 400", 240000),
    ("2 400,50 GBP", 240050),
    ("2\u00a0400.00", 240000),
    ("2'400.00", 240000),
    ("£ 12", 1200),
    ("12 pounds", 1200),
    (2400.0, 240000),
    (1234.56, 123456),
    (0.1 + 0.2, 30),
    (10**6, 100000000),
]
BAD_MONEY: list[tuple[Cell, str]] = [
    ("2.400", "ambiguous"),
    ("£2.400", "ambiguous"),
    ("12.400", "ambiguous"),
    ("-5", "negative"),
    ("£-5.00", "negative"),
    ("(5.00)", "negative"),
    ("5-", "negative"),
    ("−5", "negative"),
    (-0.01, "negative"),
    ("€2,400", "another currency"),
    ("2400 EUR", "another currency"),
    ("$5", "another currency"),
    ("100 zł", "another currency"),
    ("60.000 Kč", "another currency"),
    ("900 lei", "another currency"),
    ("?", "not known"),
    ("not known", "not known"),
    ("NK", "not known"),
    ("1.2345", "more than two decimals"),
    ("2,400.123", "more than two decimals"),
    (1.005, "more than two decimals"),
    ("2,40,0", "not an amount"),
    ("24 00", "not an amount"),
    ("TBC", "not an amount"),
    ("9" * 40, "too large"),
    (1e300, "too large"),
    (float("nan"), "not an amount"),
    (float("inf"), "not an amount"),
    (("date", "2024-03-12"), "is a date"),
    (("bool", "TRUE"), "yes/no"),
    (("error", "#N/A"), "#N/A"),
    (("formula", ""), "never calculated"),
]
DATES: list[tuple[Cell, dt.date | None]] = [
    ("", None),
    ("N/A", None),
    ("12/03/2024", dt.date(2024, 3, 12)),
    ("03/04/2024", dt.date(2024, 4, 3)),
    ("3.4.24", dt.date(2024, 4, 3)),
    ("31-12-99", dt.date(1999, 12, 31)),
    ("12-Mar-2024", dt.date(2024, 3, 12)),
    ("12 March 2024", dt.date(2024, 3, 12)),
    ("1st Sept 2023", dt.date(2023, 9, 1)),
    ("Tue 12 Mar 2024", dt.date(2024, 3, 12)),
    ("12Mar24", dt.date(2024, 3, 12)),
    ("2024-03-12", dt.date(2024, 3, 12)),
    ("2024/3/12", dt.date(2024, 3, 12)),
    ("2024-03-12T14:05:00Z", dt.date(2024, 3, 12)),
    ("12/03/2024 14:05", dt.date(2024, 3, 12)),
    ("20240312", dt.date(2024, 3, 12)),
    ("45353", dt.date(2024, 3, 2)),
    (45353.0, dt.date(2024, 3, 2)),
    (45353.75, dt.date(2024, 3, 2)),
    (20240312.0, dt.date(2024, 3, 12)),
    (("date", "2024-03-12"), dt.date(2024, 3, 12)),
    (("datetime", "2024-03-12T14:05:00"), dt.date(2024, 3, 12)),
    ("29/02/2024", dt.date(2024, 2, 29)),
]
BAD_DATES: list[tuple[Cell, str]] = [
    ("?", "not known"),
    ("not known", "not known"),
    ("NK", "not known"),
    ("03/13/2024", "month 13"),
    ("2024-13-03", "month 13"),
    ("31/02/2024", "does not exist"),
    ("29/02/2023", "does not exist"),
    ("00/01/2024", "does not exist"),
    ("32/13/2024", "does not exist"),
    ("12/03/1989", "outside the years"),
    ("12/03/2101", "outside the years"),
    ("12 Marzo 2024", "not an English"),
    ("yesterday", "not a date"),
    ("12/03", "not a date"),
    ("March 2024", "not a date"),
    (5.0, "serial number"),
    (9e99, "serial number"),
    (float("nan"), "serial number"),
    (("date", "1901-01-01"), "outside the years"),
    (("time", "14:05:00"), "not a date"),
    (("formula", ""), "never calculated"),
]


@pytest.mark.parametrize(("cell", "pence"), MONEY, ids=str)
def test_money(cell: Cell, pence: int | None) -> None:
    assert words.money(cell) == pence


@pytest.mark.parametrize(("cell", "reason"), BAD_MONEY, ids=str)
def test_money_refused(cell: Cell, reason: str) -> None:
    with pytest.raises(ValueRefused, match=reason):
        words.money(cell)


@given(st.integers(min_value=0, max_value=words.MOST_PENCE))
def test_every_amount_is_read_back_however_it_is_written(pence: int) -> None:
    pounds, pennies = divmod(pence, 100)
    english = f"£{pounds:,}.{pennies:02}"
    continental = f"{pounds:,}".replace(",", ".") + f",{pennies:02}"
    assert words.money(english) == words.money(continental) == pence
    assert words.money(f"GBP {pounds:_}.{pennies:02}".replace("_", " ")) == pence
    if pence < 10**12:
        assert words.money(pence / 100) == pence


@pytest.mark.parametrize(("cell", "day"), DATES, ids=str)
def test_dates(cell: Cell, day: dt.date | None) -> None:
    assert date_of(cell) == day


@pytest.mark.parametrize(("cell", "reason"), BAD_DATES, ids=str)
def test_dates_refused(cell: Cell, reason: str) -> None:
    with pytest.raises(ValueRefused, match=reason):
        date_of(cell)


def test_serial_numbers_of_the_1904_system() -> None:
    assert date_of(43891.0, dates_1904=True) == date_of(45353.0) == dt.date(2024, 3, 2)


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2089, 12, 31)))
def test_every_date_is_read_back_however_it_is_written(day: dt.date) -> None:
    for form in ("%d/%m/%Y", "%d.%m.%y", "%d-%b-%Y", "%Y-%m-%d", "%d %B %Y", "%Y%m%d"):
        assert date_of(day.strftime(form)) == day
    assert date_of(float((day - dt.date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    ("cell", "section"),
    [
        ("32", "32"),
        ("s.32", "32"),
        ("s 32", "32"),
        ("Section 32", "32"),
        (32.0, "32"),
        ("31A", "31A"),
        ("31a", "31A"),
        ("Sec. 31A", "31A"),
        ("S31A", "31A"),
        ("s.31A(1)", "31A"),
        ("section 32 (2)(a)", "32"),
        ("", ""),
        ("N/A", ""),
    ],
)
def test_section(cell: Cell, section: str) -> None:
    assert words.section(cell) == section


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (words.liable_role, " Owner ", "owner"),
        (words.liable_role, "HIRER", "hirer"),
        (words.liable_role, "-", ""),
        (words.unit, "Tractor Unit", "tractor"),
        (words.unit, "semi-trailer", "trailer"),
        (words.unit, "rail wagon", "rail_wagon"),
        (words.unit, "HGV", "lorry"),
        (words.unit, "LGV", "van"),
        (words.unit, "Artic", "tractor"),
        (words.unit, "rigids", "rigid"),
        (words.unit, "Sattelauflieger", "trailer"),
        (words.unit, "ciągnik siodłowy", "tractor"),
        (words.unit, "Полуремарке", "trailer"),
        (words.unit, "", ""),
        (words.liable_role, "Kierowca", "driver"),
        (words.liable_role, "propriétaire", "owner"),
        (words.country, "Deutschland", "DE"),
        (words.country, "gb", "GB"),
        (words.country, "", ""),
    ],
)
def test_words(reader: object, cell: Cell, value: str) -> None:
    assert callable(reader)
    assert reader(cell) == value


@pytest.mark.parametrize(
    ("reader", "cell"),
    [
        (words.section, "31"),
        (words.section, "31A/32"),
        (words.section, ("date", "2032-01-01")),
        (words.liable_role, "keeper"),
        (words.unit, "Rig 7"),
        (words.country, "Atlantis"),
        (words.text, ("error", "#REF!")),
        (words.text, ("formula", "")),
    ],
)
def test_words_refused(reader: object, cell: Cell) -> None:
    assert callable(reader)
    with pytest.raises(ValueRefused):
        reader(cell)


ANY_CELL = st.one_of(
    st.text(),
    st.floats(),
    st.integers(),
    st.tuples(st.sampled_from(["time", "duration", "bool", "error", "formula"]), st.text()),
    st.from_regex(r"[£€$]?[0-9]{1,4}([.,' ][0-9]{1,4}){0,3}", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,4}", fullmatch=True),
)


@given(ANY_CELL)
def test_no_cell_breaks_a_reader(cell: Cell) -> None:
    for reader in (
        words.money,
        words.section,
        words.liable_role,
        words.unit,
        words.country,
        words.text,
        date_of,
    ):
        value = None
        with suppress(ValueRefused):
            value = reader(cell)
        assert value is None or isinstance(value, int | str | dt.date)
