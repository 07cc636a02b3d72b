"""What the formats of marks are good for: to suggest, to show, and to warn.

Never to refuse: 10 to 30 % of real marks fit no format, and one mark fits
five countries on average.  Expressions are compiled when first needed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, combinations, product
from typing import Final

from portcheck.domain.registration.confusables import LOOKALIKE_CLASSES
from portcheck.domain.registration.countries import (
    COUNTRIES,
    country_code,
    country_name,
    signs,
)
from portcheck.domain.registration.format_table import FORMATS, PERSONAL, Format

__all__ = [
    "can_be",
    "country_code",
    "country_name",
    "display",
    "fits",
    "fits_but_for_slips",
    "german_parting",
    "is_container",
    "issuers",
    "looks_mistyped",
    "stands",
    "suggest_countries",
]

_MOST_SLIPS: Final = 2
_LONGEST_MARK: Final = 12
_LONGEST_CONTAINER: Final = 11
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST_DISTRICT: Final = 3
_DISTRICTS: Final = (
    " A AM AZ B BA BE D DE E EE ES F FL FR GE GR H HR HU IS KS L LI LU M MD ME MK MT N P RO RS RU"
    " S SE SI SK SRB TR "
)
"""German districts whose letters are also the sign or the code of a country."""
_LOOKALIKES: Final = {c: group for group in LOOKALIKE_CLASSES for c in group}


def suggest_countries(key: str) -> tuple[str, ...]:
    """ISO codes of the countries that issue marks of this shape, the likeliest first.

    Personalised formats take almost anything, so they count only when no
    other format fits.

    >>> suggest_countries("AB12CDE")[0], "FR" in suggest_countries("AB123CD")
    ('GB', True)
    """
    return issuers(key) or tuple(
        code for code in _countries() if _fitting(key, code, personal=True)
    )


def issuers(key: str) -> tuple[str, ...]:
    """ISO codes of the countries that issue marks of this shape, but for personalised ones.

    >>> issuers("C1234567"), issuers("12BCD3"), issuers("XX1X1X1X")
    (('GB',), ('NL',), ())
    """
    return tuple(code for code, whole in _shapes() if whole.fullmatch(key))


def fits(key: str, country: str = "", *, personal: bool = True) -> bool:
    """Whether `key` has a shape that `country` issues; "" asks for any country at all.

    Without `personal`, personalised formats do not count.

    >>> fits("AB12CDE", "GB"), fits("AB12CDE", "FR"), fits("A1", "ZZ")
    (True, False, False)
    """
    return any(_shaped(key, code, personal=personal) for code in _asked(country))


def is_container(key: str) -> bool:
    """Whether a key has the shape of a container number; no country's marks have it.

    >>> is_container("CSQU3054389"), is_container("AB12CDE")
    (True, False)
    """
    long = len(key) == _LONGEST_CONTAINER
    return long and key[3] in "UJZ" and key[:3].isalpha() and key[4:].isdigit()


def can_be(key: str, country: str = "") -> bool:
    """As `fits`, but any key can be a mark of a country whose formats are not held.

    >>> can_be("AB12CDE", "FR"), can_be("AB12CDE", "AM")
    (False, True)
    """
    return fits(key, country) or bool(country and not _formats().get(country))


def fits_but_for_slips(key: str) -> bool:
    """Whether some country issues `key` when a lookalike or two are read as meant.

    >>> fits_but_for_slips("ABIZCDE"), fits_but_for_slips("NOPAPERS")
    (True, False)
    """
    return any(fits(meant, personal=False) for meant in _without_slips(key, _MOST_SLIPS))


def display(key: str, country: str = "") -> str:
    """`key` parted as its country shows it; unchanged when no format is known for it.

    Without a country it is parted when only one country issues this shape, or
    Britain does.

    >>> display("AB12CDE", "GB"), display("AB123CD", "FR"), display("XX1X1X1X")
    ('AB12 CDE', 'AB-123-CD', 'XX1X1X1X')
    """
    if not country:
        countries = suggest_countries(key)
        country = countries[0] if len(countries) == 1 or "GB" in countries else ""
    row = _fitting(key, country, personal=True)
    if row is None:
        return key
    expression, separators = _compiled(row.pattern)
    match = expression.fullmatch(key)
    groups = match.groups() if match else (key,)
    return "".join(part + mark for part, mark in zip(groups, (*separators, ""), strict=True))


def looks_mistyped(key: str, country: str = "") -> str:
    """A short hint when `key` fits no format of `country` (of any, when ""), else "".

    A lookalike that would make it fit is named; without one, the hint is given
    only for a country whose formats are held.

    >>> looks_mistyped("AB1OCDE", "GB")
    'place 4: letter O where a digit 0 would fit United Kingdom'
    >>> looks_mistyped("AB12CDE", "GB")
    ''
    """
    if can_be(key, country):
        return ""
    if len(key) > _LONGEST_MARK:
        return "longer than any registration: is it two?"
    whose = country_name(country) if country else "any country held here"
    others = list(_without_slips(key, _MOST_SLIPS if country else 1))
    meant = _first_fitting(others, country, personal=False) or _first_fitting(
        others, country, personal=True
    )
    if not meant:
        return f"not a usual shape for {whose}"
    return "; ".join(
        f"place {place}: {_named(typed)} where a {_named(right)} would fit {whose}"
        for place, (typed, right) in enumerate(zip(key, meant, strict=True), 1)
        if typed != right
    )


def stands(groups: Sequence[str], *, personal: bool = False) -> bool:
    """Whether a mark is written so by some country: parted where one of its formats is, or
    between letters and digits, where people part any mark.

    Personalised formats, which take almost anything, count only when asked for.

    >>> stands(["B", "123", "ABC"]), stands(["I", "AB", "123", "CF"]), stands(["IAB", "123CF"])
    (True, False, True)
    """
    key, wanted = "".join(groups), set(accumulate(map(len, groups[:-1])))
    places = {place for place in wanted if key[place - 1].isdigit() is key[place].isdigit()}
    if not places or not fits(key, personal=personal):
        return fits(key, personal=personal)
    if _shaped(key, "DE") and _is_german(key, places):
        return True
    return any(
        _shaped(key, code, personal=personal)
        and any(places <= parted for parted in _partings(key, code, personal=personal))
        for code in _countries()
    )


def german_parting(groups: Sequence[str]) -> int:
    """How many letters name the district of a German mark that is parted, 0 for any other.

    >>> german_parting(["B", "MW", "1234"]), german_parting(["BMW", "1234"])
    (1, 0)
    """
    key = "".join(groups)
    if not _shaped(key, "DE"):
        return 0
    letters = len(key) - len(key.lstrip(_LETTERS))
    places = [place for place in accumulate(map(len, groups)) if place < letters]
    return places[0] if len(places) == 1 else 0


def _is_german(key: str, places: set[int]) -> bool:
    """Whether `key`, parted at `places`, is a German mark: a district of up to three letters,
    one letter or two, and at the end E or H (Fahrzeug-Zulassungsverordnung).
    """
    inner = places - {len(key) - 1} if key[-1] in "EH" else places
    letters = len(key) - len(key.lstrip(_LETTERS))
    if not inner:
        return True
    (place, *more) = sorted(inner)
    district = key[:place]
    return (
        not more
        and place <= _LONGEST_DISTRICT
        and place < letters <= place + 2
        and (district not in signs() or f" {district} " in _DISTRICTS)
    )


def _partings(key: str, country: str, *, personal: bool) -> Iterator[set[int]]:
    """Where the formats of a country that `key` fits part it."""
    for row in _formats()[country]:
        match = _compiled(row.pattern)[0].fullmatch(key)
        if match and (personal or row.kind != PERSONAL):
            yield {match.end(number) for number in range(1, (match.lastindex or 1))}


def _shaped(key: str, country: str, *, personal: bool = False) -> bool:
    whole = _any_of(country, personal=personal)
    return whole is not None and whole.fullmatch(key) is not None


def _first_fitting(keys: Iterable[str], country: str, *, personal: bool) -> str:
    countries = _asked(country)
    fitting = (k for k in keys if any(_fitting(k, code, personal=personal) for code in countries))
    return next(fitting, "")


def _named(character: str) -> str:
    return f"{'digit' if character.isdigit() else 'letter'} {character}"


def _without_slips(key: str, most: int) -> Iterator[str]:
    """`key` with letters and digits exchanged for their lookalikes, fewest changes first."""
    partners = {
        place: [c for c in _LOOKALIKES[character] if c.isdigit() != character.isdigit()]
        for place, character in enumerate(key)
        if character in _LOOKALIKES
    }
    for number in range(1, most + 1):
        for places in combinations(partners, number):
            for choice in product(*(partners[place] for place in places)):
                changed = dict(zip(places, choice, strict=True))
                yield "".join(changed.get(place, c) for place, c in enumerate(key))


def _asked(country: str) -> tuple[str, ...]:
    return (country,) if country else _countries()


@cache
def _countries() -> tuple[str, ...]:
    return tuple(country.code for country in COUNTRIES)


@cache
def _formats() -> dict[str, tuple[Format, ...]]:
    by_country: dict[str, tuple[Format, ...]] = {}
    for row in FORMATS:
        by_country[row.country] = (*by_country.get(row.country, ()), row)
    return by_country


def _fitting(key: str, country: str, *, personal: bool) -> Format | None:
    """The first format of `country` that `key` fits."""
    whole = _any_of(country, personal=personal)
    if whole is None or not whole.fullmatch(key):
        return None
    rows = _formats()[country]
    return next(row for row in rows if _compiled(row.pattern)[0].fullmatch(key))


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Countries, and what their formats but the personalised ones take together."""
    found = ((code, _any_of(code, personal=False)) for code in _countries())
    return tuple((code, whole) for code, whole in found if whole is not None)


@cache
def _any_of(country: str, *, personal: bool) -> re.Pattern[str] | None:
    """One expression for all formats of a country, so that most keys cost one match."""
    rows = [row for row in _formats().get(country, ()) if personal or row.kind != PERSONAL]
    if not rows:
        return None
    return re.compile("|".join("".join(_parted(row.pattern)[0]) for row in rows))


@cache
def _compiled(pattern: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The expression with one group a part, and the separators between the parts."""
    parts, separators = _parted(pattern)
    return re.compile("".join(f"({part})" for part in parts)), separators


def _parted(pattern: str) -> tuple[list[str], tuple[str, ...]]:
    """Splits a row's pattern at its separators, which stand outside brackets and groups."""
    parts, separators, depth = [""], [], 0
    for character in pattern:
        if depth == 0 and character in " -":
            parts.append("")
            separators.append(character)
            continue
        depth += (character in "[(") - (character in "])")
        parts[-1] += character
    return parts, tuple(separators)
