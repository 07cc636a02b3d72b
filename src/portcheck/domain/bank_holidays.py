"""Bank holidays of each part of the United Kingdom, by rule, with days moved or given once.

Banking and Financial Dealings Act 1971 s.1 and Schedule 1: each part has its own days.
Others, the substitutes for days at a weekend among them, are by proclamation under
s.1(2) and (3); St Andrew's Day is by the St Andrew's Day Bank Holiday (Scotland) Act 2007.
In England and Wales and in Northern Ireland, Good Friday and Christmas Day are holidays
at common law.
"""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

_MONDAY, _SUNDAY = 0, 6


class UkPart(StrEnum):
    """Where cash was seized: whose bank holidays hold."""

    ENGLAND_AND_WALES = "england_and_wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"
    OUTSIDE = "outside"


PART_NAMES = {
    UkPart.ENGLAND_AND_WALES: "England and Wales",
    UkPart.SCOTLAND: "Scotland",
    UkPart.NORTHERN_IRELAND: "Northern Ireland",
    UkPart.OUTSIDE: "outside the United Kingdom",
}

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
"""Holidays of one year only, from 2011 on, in every part."""

GIVEN_ONCE_IN: dict[UkPart, frozenset[date]] = {
    UkPart.SCOTLAND: frozenset({date(2026, 6, 15)}),  # football World Cup
}
"""The same, in one part."""


def is_bank_holiday(day: date, part: UkPart = UkPart.ENGLAND_AND_WALES) -> bool:
    """Whether `day` is a bank holiday, Good Friday or Christmas Day in a part.

    >>> is_bank_holiday(date(2021, 8, 30)), is_bank_holiday(date(2021, 8, 30), UkPart.SCOTLAND)
    (True, False)
    """
    return day in bank_holidays(day.year, part)


@cache
def bank_holidays(year: int, part: UkPart = UkPart.ENGLAND_AND_WALES) -> frozenset[date]:
    """The holidays of `year` in a part, substitutes included, from 2011 on (before, those by
    rule); none outside the United Kingdom.

    >>> [str(day) for day in sorted(bank_holidays(2021))][-3:]
    ['2021-08-30', '2021-12-27', '2021-12-28']
    """
    if part is UkPart.OUTSIDE:
        return frozenset()
    by_rule = {
        easter_sunday(year) - timedelta(days=2),
        _first_monday(year, 5),
        _last_monday(year, 5),
        *_two_from(date(year, 12, 25)),
        *_OF_A_PART[part](year),
    }
    given = GIVEN_ONCE | GIVEN_ONCE_IN.get(part, frozenset())
    once = {day for day in given if day.year == year}
    return frozenset({MOVED.get(day, day) for day in by_rule} | once)


def _of_england_and_wales(year: int) -> set[date]:
    return {
        _working(date(year, 1, 1)),
        easter_sunday(year) + timedelta(days=1),
        _last_monday(year, 8),
    }


def _of_scotland(year: int) -> set[date]:
    return {
        *_two_from(date(year, 1, 1)),
        _first_monday(year, 8),
        _working(date(year, 11, 30)),
    }


def _of_northern_ireland(year: int) -> set[date]:
    return {
        *_of_england_and_wales(year),
        _working(date(year, 3, 17)),
        _working(date(year, 7, 12)),
    }


_OF_A_PART: dict[UkPart, Callable[[int], set[date]]] = {
    UkPart.ENGLAND_AND_WALES: _of_england_and_wales,
    UkPart.SCOTLAND: _of_scotland,
    UkPart.NORTHERN_IRELAND: _of_northern_ireland,
}


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


def _two_from(first: date) -> tuple[date, date]:
    """Two days that follow each other, as kept: weekdays stand in for those at a weekend."""
    second = first + timedelta(days=1)
    if not is_weekend(first):
        return first, _working(second)
    kept = second if not is_weekend(second) else _working(second)
    return kept, kept + timedelta(days=1)


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_MONDAY - first.weekday()) % 7)


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)  # May and August
    return last - timedelta(days=(last.weekday() - _MONDAY) % 7)
