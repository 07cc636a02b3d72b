"""Bank holidays of England and Wales, by rule, with the days that were moved or given once.

Banking and Financial Dealings Act 1971 s.1 and Schedule 1 (Easter Monday, the last
Mondays of May and August, 26 December, and 27 December where the 25th or 26th is a
Sunday); New Year's Day, the first Monday of May, the other substitutes and the days of
one year are by proclamation under s.1(2) and (3).  Good Friday and Christmas Day are
holidays at common law.  Scotland and Northern Ireland keep other days.
"""

from datetime import date, timedelta
from functools import cache

_MONDAY, _SUNDAY = 0, 6

MOVED: dict[date, date] = {
    date(2012, 5, 28): date(2012, 6, 4),  # Diamond Jubilee
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years since VE Day
    date(2022, 5, 30): date(2022, 6, 2),  # Platinum Jubilee
}
"""The day a holiday would have fallen on by rule, and the day it was kept instead."""

GIVEN_ONCE: frozenset[date] = frozenset(
    {
        date(2011, 4, 29),  # royal wedding
        date(2012, 6, 5),  # Diamond Jubilee
        date(2022, 6, 3),  # Platinum Jubilee
        date(2022, 9, 19),  # State Funeral of Queen Elizabeth II
        date(2023, 5, 8),  # Coronation of King Charles III
    }
)
"""Holidays of one year only, from 2011 on."""


def is_bank_holiday(day: date) -> bool:
    """Whether `day` is a bank holiday, Good Friday or Christmas Day in England and Wales.

    >>> is_bank_holiday(date(2021, 8, 30)), is_bank_holiday(date(2021, 6, 17))
    (True, False)
    """
    return day in bank_holidays(day.year)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The holidays of `year`, substitutes included, from 2011 on (before, those by rule).

    >>> [str(day) for day in sorted(bank_holidays(2021))][-3:]
    ['2021-08-30', '2021-12-27', '2021-12-28']
    """
    easter = easter_sunday(year)
    by_rule = {
        _working(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _first_monday(year, 5),
        _last_monday(year, 5),
        _last_monday(year, 8),
        *_christmas(year),
    }
    once = {day for day in GIVEN_ONCE if day.year == year}
    return frozenset({MOVED.get(day, day) for day in by_rule} | once)


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar.

    The computus as published anonymously in Nature, 20 April 1876 (Meeus, Astronomical
    Algorithms, chapter 8).

    >>> easter_sunday(2021)
    datetime.date(2021, 4, 4)
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - correction + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def is_weekend(day: date) -> bool:
    """Whether `day` is a Saturday or a Sunday."""
    return day.weekday() >= _SUNDAY - 1


def _working(day: date) -> date:
    while is_weekend(day):
        day += timedelta(days=1)
    return day


def _christmas(year: int) -> tuple[date, date]:
    """The two days kept: where one is on a weekend, the next weekdays stand in for it."""
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    if not is_weekend(christmas):
        return christmas, _working(boxing)
    first = boxing if not is_weekend(boxing) else _working(boxing)
    return first, first + timedelta(days=1)


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_MONDAY - first.weekday()) % 7)


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)  # May and August
    return last - timedelta(days=(last.weekday() - _MONDAY) % 7)
