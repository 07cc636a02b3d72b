"""Cells read as dates: real dates, serial numbers and text, which is day first, always."""

import datetime as dt
import re

from portcheck.intake.cells import Cell, text_of
from portcheck.intake.values.words import ValueRefused, none_given, text

FIRST_YEAR = 1990
LAST_YEAR = 2100

_EPOCH = dt.date(1899, 12, 30)
_DAYS_TO_1904 = 1462
_FIRST_SERIAL = (dt.date(FIRST_YEAR, 1, 1) - _EPOCH).days
_LAST_SERIAL = (dt.date(LAST_YEAR, 12, 31) - _EPOCH).days
_CENTURY = 90

_TIME = r"(?:[T ,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]m)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})\s?[-/. ]\s?(\d{{1,2}})\s?[-/. ]\s?(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*([a-z]{{3,9}})\.?[-/., ]*"
    rf"(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}


class MonthFirst(ValueRefused):
    """A date that is one only if it was written month first."""


def date_of(cell: Cell, *, dates_1904: bool = False) -> dt.date | None:
    """A date, or None for a blank.

    A time beside it is dropped.  `dates_1904` is the workbook's date system,
    for bare serial numbers.  Raises ValueRefused.

    >>> date_of("03/04/2024"), date_of("3.4.24"), date_of(45353.0)
    (datetime.date(2024, 4, 3), datetime.date(2024, 4, 3), datetime.date(2024, 3, 2))
    """
    if isinstance(cell, tuple):
        kind, written = cell
        if kind in {"date", "datetime"}:
            return _sensible(dt.date.fromisoformat(written[:10]))
        text(cell)
        raise ValueRefused("is not a date")
    if isinstance(cell, float | int):
        return _from_number(cell, dates_1904=dates_1904)
    written = text_of(cell)
    if none_given(written):
        return None
    return _from_text(written, dates_1904=dates_1904)


def _from_text(written: str, *, dates_1904: bool) -> dt.date:
    if match := _ISO.fullmatch(written):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(written):
        return _made(_year(match[3]), int(match[2]), int(match[1]))
    if match := _NAMED.fullmatch(written):
        month = _MONTHS.get(match[2].lower())
        if month is None:
            raise ValueRefused("is not a date: its month is not an English one")
        return _made(_year(match[3]), month, int(match[1]))
    if match := _COMPACT.fullmatch(written):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL.fullmatch(written):
        return _from_number(float(written), dates_1904=dates_1904)
    raise ValueRefused("is not a date; write it as 31/12/2024")


def _from_number(number: float, *, dates_1904: bool) -> dt.date:
    days = number + (_DAYS_TO_1904 if dates_1904 else 0)
    if _FIRST_SERIAL <= days < _LAST_SERIAL + 1:
        return _EPOCH + dt.timedelta(days=int(days))
    if match := _COMPACT.fullmatch(text_of(number)):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    raise ValueRefused(
        f"is a number, and not the serial number of a day in {FIRST_YEAR}-{LAST_YEAR}"
    )


def _made(year: int, month: int, day: int) -> dt.date:
    if month > 12 >= day:  # noqa: PLR2004  the months of a year
        raise MonthFirst(f"has month {month}: is it written month first? Dates are read day first")
    try:
        made = dt.date(year, month, day)
    except ValueError as error:
        raise ValueRefused("is a day that does not exist") from error
    return _sensible(made)


def _sensible(made: dt.date) -> dt.date:
    if FIRST_YEAR <= made.year <= LAST_YEAR:
        return made
    raise ValueRefused(f"is outside the years {FIRST_YEAR}-{LAST_YEAR}")


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004  digits of a short year
        return year
    return year + (1900 if year >= _CENTURY else 2000)
