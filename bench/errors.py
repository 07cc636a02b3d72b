"""The error model: how the text of a registration goes wrong between plate and keyboard.

The shares are an assumption, stated here and printed with the figures: of ten
wrong reads some four are lookalikes or characters alike at a distance, two are
swapped or doubled, two have lost a character, one slipped on the keyboard, and
the rest are anything at all, once or twice.  The tables are the model's own and
not the matcher's, so that the matcher is not measured against itself.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations, pairwise

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SAME_SHAPE = ("0ODQ", "1I", "2Z", "5S", "8B", "6G")
ALIKE_IN_DIRT = (
    *("38", "3B", "BH", "EFL", "MNW", "17", "I7", "4A", "68", "VY", "UV", "CG", "PR"),
    *("TY", "KX", "Z7", "IL", "1L", "IT", "HN"),
)
ROWS = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")

Slip = Callable[[str, random.Random], str | None]
"""From a key to what was typed for it; None where this slip cannot be made."""


def _partners(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one, other in pairs:
        found[one] = found.get(one, "") + other
        found[other] = found.get(other, "") + one
    return found


def _keys_side_by_side() -> Iterable[tuple[str, str]]:
    for row in ROWS:
        yield from pairwise(row)
    for upper, lower in pairwise(ROWS):
        for place, below in enumerate(lower):
            yield from ((above, below) for above in upper[place : place + 2])


def _exchanged(partners: Mapping[str, str]) -> Slip:
    def slip(key: str, chance: random.Random) -> str | None:
        places = [place for place, character in enumerate(key) if character in partners]
        if not places:
            return None
        place = chance.choice(places)
        return key[:place] + chance.choice(partners[key[place]]) + key[place + 1 :]

    return slip


def _swapped(key: str, chance: random.Random) -> str | None:
    places = [place for place, (one, other) in enumerate(pairwise(key)) if one != other]
    if not places:
        return None
    place = chance.choice(places)
    return key[:place] + key[place + 1] + key[place] + key[place + 2 :]


def _doubled(key: str, chance: random.Random) -> str:
    place = chance.randrange(len(key))
    return key[:place] + key[place] + key[place:]


def _end_missing(key: str, chance: random.Random) -> str:
    return chance.choice((key[1:], key[:-1]))


def _inside_missing(key: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(key) - 1)
    return key[:place] + key[place + 1 :]


def _anything(key: str, chance: random.Random) -> str:
    place = chance.randrange(len(key))
    other = chance.choice(ALPHABET.replace(key[place], ""))
    return key[:place] + other + key[place + 1 :]


def _twice(key: str, chance: random.Random) -> str | None:
    first, second = chance.choices([name for name in SLIPS if name != "two slips"], k=2)
    once = SLIPS[first](key, chance)
    return SLIPS[second](once, chance) if once else None


def _pairs_of(groups: Iterable[str]) -> Iterable[tuple[str, str]]:
    return (pair for group in groups for pair in combinations(group, 2))


SLIPS: dict[str, Slip] = {
    "lookalike": _exchanged(_partners(_pairs_of(SAME_SHAPE))),
    "alike in dirt": _exchanged(_partners(_pairs_of(ALIKE_IN_DIRT))),
    "swapped": _swapped,
    "doubled": _doubled,
    "missing at an end": _end_missing,
    "missing inside": _inside_missing,
    "keyboard": _exchanged(_partners(_keys_side_by_side())),
    "any other": _anything,
    "two slips": _twice,
}
SHARES = {
    "lookalike": 20,
    "alike in dirt": 15,
    "swapped": 12,
    "doubled": 8,
    "missing at an end": 8,
    "missing inside": 10,
    "keyboard": 12,
    "any other": 8,
    "two slips": 7,
}
"""Of a hundred wrong reads."""
MIXED = "mixed"
"""All kinds, each by its share."""


def mistyped(kind: str, key: str, chance: random.Random) -> str | None:
    """`key` with one slip of `kind`; None where it cannot be made, or changes nothing."""
    typed = SLIPS[kind](key, chance)
    return typed if typed and typed != key else None
