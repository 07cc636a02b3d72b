"""Two keys compared: how sure it is that they are the same mark, and why."""

from dataclasses import dataclass

from portcheck.domain.matching import costs, explain
from portcheck.domain.matching.edits import Difference, differences, total
from portcheck.domain.matching.tiers import (
    NOTHING_KNOWN,
    Corroboration,
    Tier,
    is_digit_for_digit,
    settle,
    tier_of,
)

_SLOT_PAIRS = frozenset({"O0", "0O", "I1", "1I"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a typed key resembles a listed one.

    `cost` is in edits (0.3 is one lookalike).  `why` is the sentence an
    officer reads.  `raised_by` and `lowered_by` name what moved the tier:
    "country", "trailer", "haulier", "list size".
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
    corroboration: Corroboration = NOTHING_KNOWN,
    list_size: int = 0,
    country: str = "",
) -> Comparison | None:
    """How `typed_key` resembles `listed_key`, or `None` when it is not even weak.

    `country` is the ISO code of the listed entry (or of the check, where the
    entry has none); with it, a letter O in a slot that takes only digits is
    known to be the same mark.  `list_size` counts the entries in force.

    >>> compare("AB1ZCDE", "AB12CDE").why
    'lookalike: Z for 2, place 4'
    >>> compare("AB12CED", "AB12CDE").why
    'read the plate again: 6–7 swapped'
    """
    other_country = corroboration.country is False
    if typed_key == listed_key:
        return Comparison(Tier.EXACT, 0.0, explain.sentence(Tier.EXACT, (), (), other_country))
    if min(len(typed_key), len(listed_key)) < costs.SHORTEST_FUZZY_KEY:
        return None
    found = differences(typed_key, listed_key)
    if found is None:
        return None
    tier = tier_of(found)
    if tier is None:
        return None
    cost = total(found) / 10
    if tier is Tier.LOOKALIKE and not other_country:
        why = _same_mark(typed_key, listed_key, found, country)
        if why:
            return Comparison(Tier.EXACT, cost, why, found)
    tier, raised_by, lowered_by = settle(
        tier,
        digit_for_digit=is_digit_for_digit(found),
        corroboration=corroboration,
        list_size=list_size,
    )
    why = explain.sentence(tier, found, raised_by, other_country)
    return Comparison(tier, cost, why, found, raised_by, lowered_by)


def _same_mark(typed: str, listed: str, found: tuple[Difference, ...], country: str) -> str:
    """The sentence when only O/0 and I/1 differ and only one of the keys can be a mark.

    Both keys are held against the formats of `country`, or of every country
    when it is not known.  When both fit, or neither, they may be two vehicles.
    """
    if any(one.typed + one.listed not in _SLOT_PAIRS for one in found):
        return ""
    from portcheck.domain.registration.formats import fits  # noqa: PLC0415 - rarely needed, dear

    typed_fits, listed_fits = fits(typed, country), fits(listed, country)
    if typed_fits == listed_fits:
        return ""
    return explain.slot_sentence(found, typed_is_wrong=listed_fits)
