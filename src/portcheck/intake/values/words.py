"""Cells read as money and as the trade's words.

Each reader returns the value, or a blank value for a blank cell, and raises
`ValueRefused` with a reason an office can act on.  None of them guesses.
"""

import math
import re
from collections.abc import Mapping

from portcheck.domain.listing import UnitKind
from portcheck.domain.registration.countries import country_code
from portcheck.domain.text import fold, one_line
from portcheck.errors import Refused
from portcheck.intake.cells import OTHER_CURRENCY, Cell, text_of
from portcheck.intake.values import office_words

MOST_PENCE = 100_000_000_00
"""A hundred million pounds: more than this in one cell is a reference, not an amount."""

_PENNY_TOLERANCE = 1e-6
_NOT_KNOWN = frozenset(fold(word) for word in ("not known", "NK"))
_BLANKS = _NOT_KNOWN | frozenset(
    fold(word) for word in ("N/A", "none", "not applicable", "null", "blank")
)
_NO_VALUE = "-\u2013\u2014\u2212. ?/'"
_POUNDS = re.compile(r"£|\bGBP\b|\bpounds?(?: sterling)?\b|\bstg\b", re.IGNORECASE)
_OTHER_CURRENCY = re.compile(OTHER_CURRENCY, re.IGNORECASE)
_ENGLISH = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?")
_CONTINENTAL = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+),(\d{1,2})")
_CONTINENTAL_MILLIONS = re.compile(r"(\d{1,3}(?:\.\d{3}){2,})()")
_AMBIGUOUS = re.compile(r"\d{1,3}\.\d{3}")
_TOO_FINE = re.compile(r"\d[\d,]*\.\d{3,}|\d[\d.]*,\d{4,}")
_SPACED = re.compile(r"\d{1,3}(?:[ '\u2019]\d{3})+(?=[.,]\d{1,2}$|$)")
_NEGATIVE = re.compile(r"[-\u2212\u2013].*\d|\(.*\d.*\)|.*\d\s*[-\u2212]$")
_BETWEEN_NAMES = re.compile(r"[()/,;:]| - |[\u2013\u2014]")
_SUBSECTION = re.compile(r"\(\s*\w{1,3}\s*\)")
_SECTION_PREFIX = re.compile(r"^(?:section|sect|sec|ss|s)(?=\d)")


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {
        fold(word): str(meaning) for meaning, words in table.items() for word in words.split(",")
    }


_UNITS = _by_word({**{kind: kind for kind in UnitKind}, **office_words.UNITS})
_ROLES = _by_word(office_words.ROLES)
_YES_NO = _by_word({"yes": office_words.YES, "no": office_words.NO})
_NIL = frozenset(fold(word) for word in office_words.NIL.split(","))


class ValueRefused(Refused):
    """A cell that cannot be taken for what its column holds, with the reason."""


def blank(text: str) -> bool:
    """A written blank: nothing, a dash, "N/A" and the like; 0 is not one.

    >>> blank("-"), blank("n/a"), blank("0")
    (True, True, False)
    """
    return not text.strip(_NO_VALUE) or fold(text) in _BLANKS


def none_given(text: str) -> bool:
    """A written blank where a blank is an answer: no such sum, no such day.

    Raises ValueRefused for "?" and "not known", which are none.
    """
    if not blank(text):
        return False
    if "?" in text or fold(text) in _NOT_KNOWN:
        raise ValueRefused("says that it is not known; leave it blank only where there is none")
    return True


def money(cell: Cell) -> int | None:
    """Pence; None for a blank.

    >>> money("£2,400.00"), money("2.400,00"), money("GBP 2 400"), money(0.0), money("N/A")
    (240000, 240000, 240000, 0, None)
    """
    if isinstance(cell, float | int):
        return _pence_of_number(cell)
    if isinstance(cell, tuple):
        raise _not_a(cell, "an amount of money")
    text = text_of(cell)
    if none_given(text):
        return None
    if fold(text) in _NIL:
        return 0
    if _OTHER_CURRENCY.search(text):
        raise ValueRefused("is in another currency; amounts are counted in pounds")
    number = _POUNDS.sub("", text).strip()
    if _NEGATIVE.fullmatch(number):
        raise ValueRefused("is negative; a penalty is never less than £0")
    if _SPACED.match(number):
        number = re.sub("[ '\u2019]", "", number)
    return _pence_of_text(number)


def _pence_of_text(number: str) -> int:
    if _AMBIGUOUS.fullmatch(number):
        whole = number.replace(".", "")
        raise ValueRefused(
            f"may be £{number[:-1]} or £{int(whole):,}: a dot with three digits after it is"
            f" ambiguous; write {whole} or {whole}.00"
        )
    match = (
        _ENGLISH.fullmatch(number)
        or _CONTINENTAL.fullmatch(number)
        or _CONTINENTAL_MILLIONS.fullmatch(number)
    )
    if match is None:
        if _TOO_FINE.fullmatch(number):
            raise ValueRefused("has more than two decimals")
        raise ValueRefused("is not an amount of money")
    whole = match[1].replace(",", "").replace(".", "")
    if len(whole) > len(str(MOST_PENCE)):
        raise ValueRefused("is too large for an amount of money")
    return _sensible(int(whole) * 100 + int((match[2] or "").ljust(2, "0")))


def _pence_of_number(number: float) -> int:
    if not math.isfinite(number):
        raise ValueRefused("is not an amount of money")
    if number < 0:
        raise ValueRefused("is negative; a penalty is never less than £0")
    if number > MOST_PENCE:
        raise ValueRefused("is too large for an amount of money")
    pence = round(number * 100)
    if abs(number * 100 - pence) > _PENNY_TOLERANCE:
        raise ValueRefused("has more than two decimals")
    return _sensible(pence)


def _sensible(pence: int) -> int:
    if pence > MOST_PENCE:
        raise ValueRefused("is too large for an amount of money")
    return pence


def section(cell: Cell) -> str:
    """The section of the Immigration and Asylum Act 1999: "31A", "32" or "", of any subsection.

    >>> section("s.32"), section("Section 31A(1)"), section(32.0), section("")
    ('32', '31A', '32', '')
    """
    text = _word(cell, "a section of the Act")
    found = _SECTION_PREFIX.sub("", fold(_SUBSECTION.sub("", text))).upper()
    if found in {"31A", "32", ""}:
        return found
    raise ValueRefused("is not a section with a penalty (31A or 32)")


def liable_role(cell: Cell) -> str:
    """owner, hirer, driver, operator or ""."""
    text = _word(cell, "a liable party's role")
    role = "" if not text else _ROLES.get(fold(text))
    if role is None:
        raise ValueRefused("is not a liable party's role (owner, hirer, driver, operator)")
    return role


def unit(cell: Cell) -> str:
    """A `UnitKind` value, LORRY for what may be a tractor or a rigid, or "".

    >>> unit("HGV"), unit("Artic"), unit("Sattelauflieger")
    ('lorry', 'tractor', 'trailer')
    """
    text = _word(cell, "a kind of vehicle")
    if not text:
        return ""
    kind = _UNITS.get(fold(text))
    if kind is None:
        raise ValueRefused(f"is not one of the kinds {', '.join(UnitKind)}")
    return kind


def yes_or_no(cell: Cell) -> bool | None:
    """What a word for yes or no says; None for anything else.

    >>> yes_or_no("Y"), yes_or_no("nein"), yes_or_no(("bool", "TRUE")), yes_or_no("12/03/2024")
    (True, False, True, None)
    """
    said = cell[1] if isinstance(cell, tuple) and cell[0] == "bool" else cell
    if not isinstance(said, str):
        return None
    word = _YES_NO.get(fold(said))
    return word == "yes" if word else None


def country(cell: Cell) -> str:
    """ISO 3166 alpha-2, or ""; a name and its code beside it are one.

    >>> country("D"), country("Romania (RO)"), country("PL - Polska")
    ('DE', 'RO', 'PL')
    """
    text = _word(cell, "a country")
    code = country_code(text)
    if code is None:
        said = {country_code(part) for part in _BETWEEN_NAMES.split(text) if part.strip()}
        code = said.pop() if len(said) == 1 else None
    if code is None:
        raise ValueRefused("is not a country that is known here")
    return code


def _word(cell: Cell, what: str) -> str:
    if isinstance(cell, tuple):
        raise _not_a(cell, what)
    text = text_of(cell)
    return "" if blank(text) else text


def _not_a(cell: tuple[str, str], what: str) -> ValueRefused:
    kind, text = cell
    if kind == "formula":
        return ValueRefused(
            "is a formula that was never calculated: open the file in the spreadsheet program,"
            " save it, and import it again"
        )
    if kind == "error":
        return ValueRefused(f"is an error of the spreadsheet ({text})")
    names = {"bool": "a yes/no value", "duration": "a span of time"}
    return ValueRefused(f"is {names.get(kind, f'a {kind}')}, not {what}")


def text(cell: Cell) -> str:
    """One line of text; raises ValueRefused for an error or a formula without a value."""
    if isinstance(cell, str):
        return one_line(cell)
    if isinstance(cell, tuple) and cell[0] in {"formula", "error"}:
        raise _not_a(cell, "a text")
    return text_of(cell)
