"""Where two keys differ, when at most one edit separates their skeletons."""

from enum import StrEnum
from typing import NamedTuple

from portcheck.domain.matching import costs
from portcheck.domain.registration.key import skeleton_of


class Kind(StrEnum):
    """What happened between the listed mark and what was typed."""

    LOOKALIKE = "lookalike"
    CHANGED = "changed"
    SWAPPED = "swapped"
    MISSING = "missing"
    EXTRA = "extra"


class Difference(NamedTuple):
    """One difference between a typed and a listed key.

    `place` counts from 1 in the key as typed: the character that differs, the
    first of two that are swapped, the one too many, or the one after which a
    character is missing (0: before the first).  `typed` and `listed` hold the
    characters; the one that is not there is "".  `tenths` is what it costs.
    """

    kind: Kind
    place: int
    typed: str
    listed: str
    tenths: int

    @property
    def keeps_the_format(self) -> bool:
        """A digit for a digit or a letter for a letter: how real marks of one format differ."""
        one_for_one = self.kind in (Kind.CHANGED, Kind.LOOKALIKE)
        return one_for_one and self.typed.isdigit() == self.listed.isdigit()

    @property
    def is_doubled(self) -> bool:
        return self.tenths == costs.DOUBLED and self.kind in (Kind.MISSING, Kind.EXTRA)


def differences(typed: str, listed: str) -> tuple[Difference, ...] | None:
    """The cheapest account of how two keys differ, lookalikes beside one edit at most.

    `None` when their skeletons are more than one edit apart.

    >>> [d.kind.value for d in differences("AB12CDE", "A8I2CED")]
    ['lookalike', 'lookalike', 'swapped']
    >>> differences("AB12CDE", "XY99ZZZ") is None
    True
    """
    if len(typed) == len(listed):
        return _same_length(typed, listed)
    if len(typed) + 1 == len(listed):
        return _one_longer(typed, listed, Kind.MISSING)
    if len(typed) == len(listed) + 1:
        return _one_longer(listed, typed, Kind.EXTRA)
    return None


def _same_length(typed: str, listed: str) -> tuple[Difference, ...] | None:
    near, far = skeleton_of(typed), skeleton_of(listed)
    if near == far:
        return _lookalikes(typed, listed)
    first = _agreeing(near, far)
    if near[first + 1 :] == far[first + 1 :]:
        tenths = costs.substitution(typed[first], listed[first])
        edit = Difference(Kind.CHANGED, first + 1, typed[first], listed[first], tenths)
        return (
            *_lookalikes(typed[:first], listed[:first]),
            edit,
            *_lookalikes(typed[first + 1 :], listed[first + 1 :], first + 1),
        )
    second, after = first + 1, first + 2
    if near[first] != far[second] or near[second] != far[first] or near[after:] != far[after:]:
        return None
    pair, turned = typed[first:after], listed[second] + listed[first]
    swap = Difference(Kind.SWAPPED, first + 1, pair, turned[::-1], costs.SWAPPED)
    return (
        *_lookalikes(typed[:first], listed[:first]),
        *_lookalikes(pair, turned, first),
        swap,
        *_lookalikes(typed[after:], listed[after:], after),
    )


def _one_longer(shorter: str, longer: str, kind: Kind) -> tuple[Difference, ...] | None:
    """As `differences`, where `longer` has one character that `shorter` lacks."""
    near, far = skeleton_of(shorter), skeleton_of(longer)
    latest = _agreeing(near, far)
    if near[latest:] != far[latest + 1 :]:
        return None
    earliest = latest
    while earliest and far[earliest - 1] == far[latest]:
        earliest -= 1
    accounts = [_without(shorter, longer, place, kind) for place in range(latest, earliest - 1, -1)]
    return min(accounts, key=total)


def _without(shorter: str, longer: str, place: int, kind: Kind) -> tuple[Difference, ...]:
    character, tenths = longer[place], costs.gap(longer, place, added=kind is Kind.EXTRA)
    if kind is Kind.MISSING:
        edit = Difference(kind, place, "", character, tenths)
        before = _lookalikes(shorter[:place], longer[:place])
        after = _lookalikes(shorter[place:], longer[place + 1 :], place)
    else:
        edit = Difference(kind, place + 1, character, "", tenths)
        before = _lookalikes(longer[:place], shorter[:place])
        after = _lookalikes(longer[place + 1 :], shorter[place:], place + 1)
    return (*before, edit, *after)


def _lookalikes(typed: str, listed: str, offset: int = 0) -> tuple[Difference, ...]:
    """The places where two stretches with one skeleton are not the same."""
    if typed == listed:
        return ()
    return tuple(
        Difference(Kind.LOOKALIKE, place, ours, theirs, costs.SAME_CLASS)
        for place, (ours, theirs) in enumerate(zip(typed, listed, strict=True), offset + 1)
        if ours != theirs
    )


def _agreeing(one: str, other: str) -> int:
    """How many characters two texts have in common from the start."""
    for place, (ours, theirs) in enumerate(zip(one, other, strict=False)):
        if ours != theirs:
            return place
    return min(len(one), len(other))


def total(found: tuple[Difference, ...]) -> int:
    """What differences cost together, in tenths."""
    return sum(difference.tenths for difference in found)
