"""How sure a match is, and what else can make it surer or less sure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portcheck.domain.matching.costs import LONG_LIST, NEAR_AT_MOST, WEAK_AT_MOST
from portcheck.domain.matching.edits import Difference, Kind, total


class Tier(StrEnum):
    """How a typed registration resembles a listed one, from surest to least sure.

    The verdict on a check is `listed` for exact and lookalike, `possible` for
    near; a weak match is shown folded away and alerts nobody.
    """

    EXACT = "exact"
    LOOKALIKE = "lookalike"
    NEAR = "near"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Whether other facts of the check agree with the listed entry.

    `True` agrees, `False` disagrees, `None` is not known on one side or both.
    """

    country: bool | None = None
    trailer: bool | None = None
    haulier: bool | None = None


NOTHING_KNOWN: Final = Corroboration()

_RAISED: Final = {Tier.WEAK: Tier.NEAR, Tier.NEAR: Tier.LOOKALIKE}
_CORROBORATING: Final = ("country", "trailer", "haulier")
# Lorries of one fleet differ in a digit and share their country, so for them
# the country says nothing; the trailer or the haulier's name does.
_CORROBORATING_DIGITS: Final = ("trailer", "haulier")

LIST_SIZE: Final = "list size"
"""Stands in `lowered_by` when a list is too long for near matches to be raised alone."""


def is_digit_for_digit(found: tuple[Difference, ...]) -> bool:
    """Whether two keys differ in one digit only, as lorries of one fleet do."""
    return len(found) == 1 and found[0].is_digit_for_digit


def tier_of(found: tuple[Difference, ...]) -> Tier | None:
    """The tier by the keys alone; `None` when they are too far apart."""
    if not found:
        return Tier.EXACT
    if all(one.kind is Kind.LOOKALIKE for one in found):
        return Tier.LOOKALIKE
    if is_digit_for_digit(found):
        return Tier.WEAK
    tenths = total(found)
    if tenths <= NEAR_AT_MOST:
        return Tier.NEAR
    return Tier.WEAK if tenths <= WEAK_AT_MOST else None


def settle(
    tier: Tier, *, digit_for_digit: bool, corroboration: Corroboration, list_size: int
) -> tuple[Tier, tuple[str, ...], tuple[str, ...]]:
    """The tier after corroboration, with what raised it and what lowered it.

    One or several agreeing fields raise a near or weak match one tier, and a
    country that disagrees lowers it one; nothing is lowered out of sight.  An
    exact or lookalike match keeps its tier whatever the country: a mark fits
    five countries on average and a country is easily mistaken, so it is said,
    not weighed.  `list_size` over `LONG_LIST` lowers a near match one tier.

    >>> settle(Tier.NEAR, digit_for_digit=False, corroboration=Corroboration(haulier=True),
    ...        list_size=0)
    (<Tier.LOOKALIKE: 'lookalike'>, ('haulier',), ())
    """
    if tier in (Tier.EXACT, Tier.LOOKALIKE):
        return tier, (), ()
    fields = _CORROBORATING_DIGITS if digit_for_digit else _CORROBORATING
    raised_by = tuple(name for name in fields if getattr(corroboration, name))
    lowered_by: tuple[str, ...] = ()
    if tier is Tier.NEAR and list_size > LONG_LIST:
        tier, lowered_by = Tier.WEAK, (LIST_SIZE,)
    if raised_by:
        tier = _RAISED[tier]
    if corroboration.country is False:
        lowered_by = (*lowered_by, "country")
        tier = Tier.NEAR if tier is Tier.LOOKALIKE else Tier.WEAK
    return tier, raised_by, lowered_by
