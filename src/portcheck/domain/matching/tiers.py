"""How sure a match is, and what else can make it surer or less sure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portcheck.domain.matching import costs
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


SURENESS: Final = {tier: place for place, tier in enumerate(Tier)}
"""The tiers as numbers, the surest first."""

FORMAT: Final = "format"
COUNTRY: Final = "country"
HAULIER: Final = "haulier"
LIST: Final = "list"


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What else is known of a typed mark and a listed one.

    `country` is whether their countries agree, `None` when one is not known.
    `impossible`: only one of the two can be a mark of its country, so the other
    is mistyped.  `beside` names another registration of the entry that was typed
    too ("vehicle", "trailer", "container"), "" for none.  `haulier`: the
    hauliers' names agree.  `crowding` is what the list's own odds say against
    its matches, in tenths (`costs.crowding`).
    """

    country: bool | None = None
    impossible: bool = False
    beside: str = ""
    haulier: bool = False
    crowding: int = 0


NOTHING_KNOWN: Final = Corroboration()


@dataclass(frozen=True, slots=True)
class Settled:
    """A tier, with the names of what raised it and of what lowered it."""

    tier: Tier
    raised_by: tuple[str, ...] = ()
    lowered_by: tuple[str, ...] = ()


def too_far(found: tuple[Difference, ...]) -> bool:
    """Whether two keys differ too much for any tier, whatever else is known."""
    return total(found) > costs.WEAK_AT_MOST and not _only_lookalikes(found)


def settle(
    found: tuple[Difference, ...], known: Corroboration, *, short: bool = False
) -> Settled | None:
    """The tier that differences come to when all that is known is weighed.

    Nothing hides a match that is weak by its characters, and only another
    registration of the same entry makes a near match a lookalike: "listed" is
    to stay trustworthy.  `short` is whether one of the two keys is.

    >>> swap = (Difference(Kind.SWAPPED, 6, "ED", "DE", costs.SWAPPED),)
    >>> settle(swap, NOTHING_KNOWN).tier, settle(swap, Corroboration(country=False)).tier
    (<Tier.NEAR: 'near'>, <Tier.WEAK: 'weak'>)
    """
    if not found:
        return Settled(Tier.EXACT)
    if too_far(found):
        return None
    weights = _weights(found, known)
    against = {name: weight for name, weight in weights.items() if weight > 0}
    favourable = {name: weight for name, weight in weights.items() if weight < 0}

    def tier(*considered: dict[str, int]) -> Tier:
        shift = sum(sum(some.values()) for some in considered)
        return _tier(found, shift, short=short)

    settled = tier(against, favourable)
    raised = SURENESS[settled] < SURENESS[tier(against)]
    lowered = SURENESS[settled] > SURENESS[tier(favourable)]
    if settled is Tier.NEAR and known.beside and total(found) <= costs.NEAR_AT_MOST:
        settled, raised = Tier.LOOKALIKE, True
    return Settled(settled, tuple(favourable) if raised else (), tuple(against) if lowered else ())


def _weights(found: tuple[Difference, ...], known: Corroboration) -> dict[str, int]:
    """What counts for (less than 0) and against the match, in tenths, by name."""
    weights: dict[str, int] = {}
    if known.impossible:
        weights[FORMAT] = costs.IMPOSSIBLE
    if known.country is not None:
        weights[COUNTRY] = costs.SAME_COUNTRY if known.country else costs.OTHER_COUNTRY
    if known.beside:
        weights[known.beside] = costs.SAME_BESIDE
    same_format = any(one.keeps_the_format for one in found) and not known.impossible
    if known.haulier and not same_format:
        weights[HAULIER] = costs.SAME_HAULIER
    if known.crowding:
        weights[LIST] = known.crowding
    return weights


def _tier(found: tuple[Difference, ...], shift: int, *, short: bool) -> Tier:
    if _only_lookalikes(found):
        if any(one.keeps_the_format for one in found):
            shift += costs.ALIKE_LETTERS
        sure = shift <= costs.LOOKALIKE_SHIFT_AT_MOST and not short
        return Tier.LOOKALIKE if sure else Tier.NEAR
    weight = total(found) + shift + (costs.SHORT if short else 0)
    return Tier.NEAR if weight <= costs.NEAR_AT_MOST else Tier.WEAK


def _only_lookalikes(found: tuple[Difference, ...]) -> bool:
    return all(one.kind is Kind.LOOKALIKE for one in found)
