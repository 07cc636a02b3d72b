"""Two keys compared: how sure it is that they are the same mark, and why."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from portcheck.domain.matching import costs, explain
from portcheck.domain.matching.edits import Difference, differences, total
from portcheck.domain.matching.tiers import (
    COUNTRY,
    LIST,
    NOTHING_KNOWN,
    Corroboration,
    Tier,
    settle,
    too_far,
)

_SLOT_PAIRS = frozenset({"O0", "0O", "I1", "1I"})

IsMark = Callable[[str, str], bool]
"""Whether a key can be a mark of a country (ISO code; "" for any country)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a typed key resembles a listed one.

    `cost` is in edits (0.3 is one lookalike).  `why` is the sentence an
    officer reads.  `raised_by` and `lowered_by` name what moved the tier:
    "format", "country", "vehicle", "trailer", "container", "haulier", "list".
    """

    tier: Tier
    cost: float
    why: str
    differences: tuple[Difference, ...] = ()
    raised_by: tuple[str, ...] = ()
    lowered_by: tuple[str, ...] = ()


def compare(
    typed_key: str,
    listed_key: str,
    *,
    typed_country: str = "",
    listed_country: str = "",
    known: Corroboration = NOTHING_KNOWN,
    is_mark: IsMark | None = None,
) -> Comparison | None:
    """How `typed_key` resembles `listed_key`, or `None` when it is not even weak.

    Countries are ISO codes, "" when not known; whether they agree, and whether
    only one of the two can be a mark, is added to `known`.  Without the typed
    mark's country both are held against the formats of every country.
    `is_mark` tells what can be a mark; without it, `formats.can_be` does.

    >>> compare("AB1ZCDE", "AB12CDE").why
    'lookalike: Z for 2, place 4'
    >>> compare("AB12CED", "AB12CDE").why
    'read the plate again: 6–7 swapped'
    """
    if typed_country and listed_country:
        known = replace(known, country=typed_country == listed_country)
    if typed_key == listed_key:
        return _same_key(typed_key, typed_country, listed_country, known, is_mark or _can_be())
    shortest = min(len(typed_key), len(listed_key))
    if shortest < costs.SHORTEST_FUZZY_KEY:
        return None
    found = differences(typed_key, listed_key)
    if found is None or too_far(found):
        return None
    is_mark = is_mark or _can_be()
    if _is_slot_slip(found) and known.country is not False:
        country = listed_country or typed_country
        listed_can = is_mark(listed_key, country)
        if listed_can != is_mark(typed_key, country):
            why = explain.slot_sentence(found, typed_is_wrong=listed_can)
            return Comparison(Tier.EXACT, total(found) / 10, why, found)
    typed_can = is_mark(typed_key, typed_country)
    listed_can = is_mark(listed_key, typed_country and (listed_country or typed_country))
    known = replace(known, impossible=typed_can != listed_can)
    settled = settle(found, known, short=shortest <= costs.SHORT_KEY)
    if settled is None:
        return None
    why = explain.sentence(
        settled.tier,
        found,
        settled.raised_by,
        other_country=known.country is False,
        crowded=LIST in settled.lowered_by,
    )
    return Comparison(
        settled.tier, total(found) / 10, why, found, settled.raised_by, settled.lowered_by
    )


def _same_key(
    key: str, typed_country: str, listed_country: str, known: Corroboration, is_mark: IsMark
) -> Comparison:
    """Exact; near where two countries issue such a mark, and the other one is meant."""
    other = known.country is False
    countries = (typed_country, listed_country)
    two = other and all(countries) and all(is_mark(key, country) for country in countries)
    tier = Tier.NEAR if two else Tier.EXACT
    why = explain.sentence(tier, (), other_country=other)
    return Comparison(tier, 0.0, why, lowered_by=(COUNTRY,) if two else ())


def _is_slot_slip(found: tuple[Difference, ...]) -> bool:
    """Whether only O and 0, or I and 1, were taken for each other."""
    return all(one.typed + one.listed in _SLOT_PAIRS for one in found)


def _can_be() -> IsMark:
    from portcheck.domain.registration.formats import can_be  # noqa: PLC0415 - rarely needed, dear

    return can_be
