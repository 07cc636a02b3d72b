"""The registration cell: what a spreadsheet does to registrations, undone or reported.

`1234E5` typed into a cell becomes the number 123400000, `MAR 12` a date, and
a looked-up registration that was not found an error.  A mark so damaged is
never guessed at: what it may have been is told.
"""

import datetime as dt
import re
from typing import NamedTuple

from portcheck.domain.registration.key import key_of
from portcheck.domain.registration.one_mark import hold_one_mark, holds_a_word, is_no_registration
from portcheck.errors import RegistrationRefused
from portcheck.intake.cells import Cell, shown, text_of
from portcheck.intake.values.words import ValueRefused, blank, text

_SCIENTIFIC = re.compile(r"(\d+(?:\.\d+)?)E\+(\d{1,2})", re.IGNORECASE)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE_LIKE = re.compile(
    rf"(?:\d{{1,2}}-)?{_MONTH}-(?:\d{{4}}|\d{{2}})|\d{{1,2}}-{_MONTH}"
    r"|(?:\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
    r"(?: \d{1,2}:\d{2}(?::\d{2})?)?",
    re.IGNORECASE,
)
_USUAL = re.compile(
    r"(?=[^0-9]*[0-9])(?![A-Za-z0-9 ]*[A-Za-z]{8})"
    r"(?!(?:[A-Za-z0-9 ]* )?[A-Za-z]{3,} (?:[A-Za-z0-9 ]* )?[A-Za-z]{3,}(?: |$))"
    r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*"
)
_USUAL_LENGTH = 10  # two marks are longer
_LONGEST = 12
_MOST_CANDIDATES = 5
_EXACT = 1e15
_ERROR_TEXT = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)", re.IGNORECASE)


class Mark(NamedTuple):
    """A registration as it is kept ("" when blank), and what should be looked at."""

    text: str
    warning: str = ""


_BLANK = Mark("")


def mark_of(cell: Cell) -> Mark:
    """The registration in a cell.  Raises ValueRefused when there is none that can be used.

    >>> mark_of(" AB12 CDE ").text
    'AB12 CDE'
    >>> mark_of(220.0).warning
    'is a number in the sheet: it may have been 22E1; kept as 220'
    """
    if isinstance(cell, str):
        return _mark_of_text(cell)
    if isinstance(cell, tuple):
        return _mark_of_special(cell)
    return _mark_of_number(cell)


def is_usual(cell: Cell) -> bool:
    """Plainly a registration, kept as it stands: most are."""
    return (
        isinstance(cell, str)
        and len(cell) <= _USUAL_LENGTH
        and _USUAL.fullmatch(cell) is not None
        and not holds_a_word(cell)
    )


def _mark_of_text(cell: str) -> Mark:
    if is_usual(cell):
        return Mark(cell)
    written = text_of(cell)
    if not written:
        return _BLANK
    if _ERROR_TEXT.fullmatch(written):
        raise ValueRefused(f"is an error of the spreadsheet ({written})")
    if blank(written) or is_no_registration(written):
        return _BLANK
    if match := _SCIENTIFIC.fullmatch(written):
        raise ValueRefused(_damaged(float(match[1]) * 10.0 ** int(match[2])))
    try:
        hold_one_mark(cell)
        key = key_of(written)
    except RegistrationRefused as error:
        raise ValueRefused(error.message, hint=error.hint) from error
    return Mark(written, _doubt(written, key))


def _doubt(written: str, key: str) -> str:
    """What should be looked at in a registration that is kept, or ""."""
    if _DATE_LIKE.fullmatch(written):
        return "looks like a date a spreadsheet made of it; kept as written"
    if not any(map(str.isdigit, key)):
        return "has no digit in it: is it a registration? Kept as written"
    if len(key) > _LONGEST:
        return "is longer than any registration: is it two? Kept as written"
    return ""


def _mark_of_special(cell: tuple[str, str]) -> Mark:
    kind, written = cell
    text(cell)
    if kind in {"date", "datetime"}:
        day = dt.date.fromisoformat(written[:10])
        month = day.strftime("%b").upper()
        may_be = [f"{month}{day.day:02}", f"{month}{day.day}", f"{day.day}{month}"]
        if day.day == 1:  # the digits were taken for a year
            may_be += [f"{month}{day.year % 100:02}", f"{month}{day.year}"]
        raise ValueRefused(
            f"was turned into a date by the spreadsheet ({shown(cell)}): it may have been"
            f" {', '.join(dict.fromkeys(may_be))}; format the column as text and type it again"
        )
    raise ValueRefused(f"is {shown(cell)}, a {kind} and not a registration")


def _mark_of_number(number: float) -> Mark:
    if not float(number).is_integer() or number < 0:
        raise ValueRefused(f"is the number {shown(number)}, not a registration")
    if number >= _EXACT:
        raise ValueRefused(_damaged(float(number)))
    if number == 0:
        raise ValueRefused("is the number 0: a look-up of an empty cell, not a registration")
    digits = str(int(number))
    may_be = _candidates(digits)
    if not may_be:
        return Mark(digits, f"is a number in the sheet; kept as {digits}")
    return Mark(
        digits,
        f"is a number in the sheet: it may have been {', '.join(may_be)}; kept as {digits}",
    )


def _candidates(digits: str) -> list[str]:
    """Texts with an E in them that a spreadsheet turns into this number."""
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros == len(digits):
        return []
    found = [f"{digits[: len(digits) - n]}E{n}" for n in range(zeros, 0, -1)]
    return found[:_MOST_CANDIDATES]


def _damaged(number: float) -> str:
    may_be = _candidates(f"{number:.0f}") if number < _EXACT else _candidates_of_large(number)
    told = f": it may have been {', '.join(may_be)}" if may_be else ""
    return (
        f"was turned into the number {number:g} by the spreadsheet{told}; format the column as"
        " text and type it again"
    )


def _candidates_of_large(number: float) -> list[str]:
    mantissa, _, power = f"{number:.14e}".partition("e")
    digits = mantissa.replace(".", "").rstrip("0")
    highest = int(power) - len(digits) + 1
    zeros = range(min(_MOST_CANDIDATES, highest))
    return [f"{digits}{'0' * n}E{highest - n}" for n in zeros]
