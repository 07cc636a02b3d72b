"""Bank holidays of each part of the United Kingdom against the days that were kept."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.bank_holidays import (
    GIVEN_ONCE,
    MOVED,
    UkPart,
    bank_holidays,
    easter_sunday,
    is_bank_holiday,
    is_weekend,
)

KEPT = {
    2011: "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27",
    2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
}
EASTERS = ["2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2025-04-20", "2038-04-25"]


@pytest.mark.parametrize(("year", "days"), KEPT.items())
def test_the_days_that_were_kept(year: int, days: str) -> None:
    assert [f"{day:%m-%d}" for day in sorted(bank_holidays(year))] == days.split()


@pytest.mark.parametrize("day", EASTERS)
def test_easter(day: str) -> None:
    wanted = date.fromisoformat(day)
    assert easter_sunday(wanted.year) == wanted


@pytest.mark.parametrize("day", sorted(GIVEN_ONCE))
def test_days_given_once(day: date) -> None:
    assert is_bank_holiday(day)
    assert not is_bank_holiday(day.replace(year=day.year - 1))


@pytest.mark.parametrize(("by_rule", "kept"), MOVED.items())
def test_days_that_were_moved(by_rule: date, kept: date) -> None:
    assert not is_bank_holiday(by_rule)
    assert is_bank_holiday(kept)


@given(st.integers(min_value=1900, max_value=2200))
def test_a_year_has_eight_holidays_on_weekdays_and_those_given_once(year: int) -> None:
    days = bank_holidays(year)
    assert len(days) == 8 + sum(day.year == year for day in GIVEN_ONCE)
    assert not any(map(is_weekend, days))
    easter = easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)
    assert {easter - timedelta(days=2), easter + timedelta(days=1)} <= days


OF_THE_PACKAGE = {
    UkPart.ENGLAND_AND_WALES: "ENG",
    UkPart.SCOTLAND: "SCT",
    UkPart.NORTHERN_IRELAND: "NIR",
}


@pytest.mark.parametrize("part", OF_THE_PACKAGE)
@pytest.mark.parametrize("year", range(2011, 2031))
def test_each_part_keeps_the_days_that_the_holidays_package_knows(part: UkPart, year: int) -> None:
    known = holidays.country_holidays("GB", subdiv=OF_THE_PACKAGE[part], years=year)
    kept = {day for day in known if day.weekday() < 5}
    assert bank_holidays(year, part) == kept


def test_outside_the_united_kingdom_no_day_is_known() -> None:
    assert bank_holidays(2026, UkPart.OUTSIDE) == frozenset()


@given(st.integers(min_value=1900, max_value=2200), st.sampled_from(list(OF_THE_PACKAGE)))
def test_every_holiday_is_on_a_weekday(year: int, part: UkPart) -> None:
    assert not any(map(is_weekend, bank_holidays(year, part)))
