"""What the formats of marks are good for: to suggest, to show, and to warn.

Never to refuse: 10 to 30 % of real marks fit no format, and one mark fits
five countries on average.  Expressions are compiled when first needed.
"""

import re
from functools import cache
from itertools import product

from portcheck.domain.registration.confusables import LOOKALIKE_CLASSES
from portcheck.domain.registration.countries import COUNTRIES, country_code, country_name
from portcheck.domain.registration.format_table import FORMATS, PERSONAL, Format

__all__ = [
    "country_code",
    "country_name",
    "display",
    "fits",
    "looks_mistyped",
    "suggest_countries",
]

_MOST_SLIPS = 3


def suggest_countries(key: str) -> tuple[str, ...]:
    """ISO codes of the countries that issue marks of this shape, the likeliest first.

    Personalised formats take almost anything, so they count only when no
    other format fits.

    >>> suggest_countries("AB12CDE")[0], "FR" in suggest_countries("AB123CD")
    ('GB', True)
    """
    found = tuple(code for code in _countries() if _fitting(key, code, personal=False))
    return found or tuple(code for code in _countries() if _fitting(key, code, personal=True))


def fits(key: str, country: str = "") -> bool:
    """Whether `key` has a shape that `country` issues; "" asks for any country at all.

    >>> fits("AB12CDE", "GB"), fits("AB12CDE", "FR"), fits("A1", "ZZ")
    (True, False, False)
    """
    return any(_fitting(key, code, personal=True) for code in _asked(country))


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
    if fits(key, country) or (country and not _formats().get(country)):
        return ""
    whose = country_name(country) if country else "any country held here"
    for other in _without_slips(key):
        if fits(other, country):
            slips = (
                f"place {place}: {_named(typed)} where a {_named(meant)} would fit {whose}"
                for place, (typed, meant) in enumerate(zip(key, other, strict=True), 1)
                if typed != meant
            )
            return "; ".join(slips)
    return f"not a usual shape for {whose}"


def _named(character: str) -> str:
    return f"{'digit' if character.isdigit() else 'letter'} {character}"


def _without_slips(key: str) -> list[str]:
    """`key` with a few letters and digits exchanged for lookalikes, fewest changes first."""
    partners = {c: group.replace(c, "") for group in LOOKALIKE_CLASSES for c in group}
    choices = [[c, *(p for p in partners.get(c, "") if p.isdigit() != c.isdigit())] for c in key]
    if sum(len(choice) > 1 for choice in choices) > 2 * _MOST_SLIPS:
        return []
    found = ("".join(choice) for choice in product(*choices))
    changes = {other: sum(a != b for a, b in zip(key, other, strict=True)) for other in found}
    return sorted((o for o, n in changes.items() if 0 < n <= _MOST_SLIPS), key=changes.__getitem__)


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
