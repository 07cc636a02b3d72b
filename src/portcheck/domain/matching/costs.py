"""What a difference between two keys costs, and how dear a match may be.

Everything is in whole tenths of one edit, so that sums are exact.  This is the
one place to change how forgiving matching is; `bench/accuracy.py` measures what
a change does and draws it.  Costs follow how often a slip is made against how
often two real vehicles differ so: four tenths stand for about a factor of ten.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from math import log10
from typing import Final

from portcheck.domain.registration.confusables import LOOKALIKE_CLASSES

SAME_CLASS: Final = 3
"""The two are lookalikes: O and 0, Z and 2."""
SECOND_SET: Final = 6
"""The two look alike at a distance or in dirt: B and H, 4 and A."""
KEYBOARD: Final = 7
"""A letter and a digit that are neighbours on the keyboard."""
KEYBOARD_LETTERS: Final = 8
"""Two letters that are: two marks of one format differ so more often than a slip is made."""
DIGITS_ALIKE: Final = 9
"""Two digits that look alike: lorries of a fleet have consecutive numbers."""
SWAPPED: Final = 6
"""Two neighbouring characters changed places."""
DOUBLED: Final = 6
"""A character written twice for once, or once for twice."""
LOST: Final = 7
"""Any other character lost, or one added where that is easy: at an end, or a thin one."""
ADDED: Final = 8
"""A character from nowhere between others: seldom a slip, rather another vehicle."""
ANYTHING: Final = 10
"""Any other character for another."""

NEAR_AT_MOST: Final = 7
"""Dearest near match, after what else is known has been weighed."""
WEAK_AT_MOST: Final = 10
"""Dearest weak match, by the characters alone: nothing else hides one."""

# What else is known, weighed in the same tenths.
IMPOSSIBLE: Final = -3
"""Only one of the two can be a mark of its country: the other is mistyped."""
SAME_COUNTRY: Final = -1
"""Marks that resemble each other are of one country about four times in ten anyhow."""
OTHER_COUNTRY: Final = 4
"""Officers and lists seldom mistake the country."""
SAME_HAULIER: Final = -4
"""Counts for nothing between marks that differ as lorries of one fleet do."""
SAME_BESIDE: Final = -7
"""Another registration of the entry was typed too: the trailer, say."""
ALIKE_LETTERS: Final = 4
"""D, O and Q for each other, against a lookalike: both marks may well be on the road."""
SHORT: Final = 1
"""Short marks lie close together."""

SHORT_KEY: Final = 4
"""Longest short key; a lookalike of one is near at best."""
SHORTEST_FUZZY_KEY: Final = 3
"""Shorter keys match exactly or not at all."""
LOOKALIKE_SHIFT_AT_MOST: Final = 3
"""A lookalike with more against it is near."""
CROWDED: Final = 0.01
"""A list that one unlisted vehicle in a hundred resembles at all is crowded."""

# Characters confused by eye although a reader would call them different.
_SECOND_SETS: Final = (
    "38", "3B", "BH", "EFL", "MNW", "17", "I7", "4A", "68", "VY", "UV", "CG",
    "PR", "TY", "KX", "Z7", "IL", "1L", "IT", "HN",
)  # fmt: skip

# Rows of a British keyboard; a key touches its neighbours in its row and the
# keys above and below it, each row standing half a key to the right.
_ROWS: Final = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")


def _keyboard_neighbours() -> Iterator[tuple[str, str]]:
    for row in _ROWS:
        yield from pairwise(row)
    for upper, lower in pairwise(_ROWS):
        for place, below in enumerate(lower):
            yield from ((above, below) for above in upper[place : place + 2])


def _pairs() -> dict[str, int]:
    """Cost by two-character string, both ways round; later tables win."""
    costs: dict[str, int] = {}

    def put(one: str, other: str, cost: int) -> None:
        costs[one + other] = costs[other + one] = cost

    for one, other in _keyboard_neighbours():
        digits = one.isdigit() + other.isdigit()
        put(one, other, (KEYBOARD_LETTERS, KEYBOARD, ANYTHING)[digits])
    for one, other in _within(_SECOND_SETS):
        put(one, other, DIGITS_ALIKE if (one + other).isdigit() else SECOND_SET)
    for one, other in _within(LOOKALIKE_CLASSES):
        put(one, other, SAME_CLASS)
    return costs


def _within(groups: Iterable[str]) -> Iterator[tuple[str, str]]:
    return (pair for group in groups for pair in combinations(group, 2))


_PAIR_COSTS: Final = _pairs()


def substitution(typed: str, listed: str) -> int:
    """Tenths for reading or typing `typed` where `listed` stands.

    >>> substitution("O", "0"), substitution("B", "H"), substitution("C", "M")
    (3, 6, 10)
    """
    return _PAIR_COSTS.get(typed + listed, ANYTHING)


def gap(longer: str, place: int, *, added: bool) -> int:
    """Tenths for the character at `place` (from 0) of `longer` that the other key lacks.

    It was `added` when the typed key is the longer one, and lost otherwise.

    >>> gap("AB112CD", 3, added=True), gap("AB12CD", 2, added=False)
    (6, 7)
    >>> gap("AB52CD", 0, added=True), gap("AB52CD", 2, added=True)
    (7, 8)
    """
    if longer[place] in (longer[place - 1 : place], longer[place + 1 : place + 2]):
        return DOUBLED
    easy = place in (0, len(longer) - 1) or longer[place] in "1I"
    return ADDED if added and not easy else LOST


def crowding(resembling: float) -> int:
    """Tenths against every match on a list that many unlisted vehicles resemble.

    `resembling` is the probability (0 to 1) that one resembles an entry at all.
    An alert that is mostly wrong is ignored, so the longer and denser a list is,
    the more must speak for a near match.

    >>> crowding(0.003), crowding(0.03), crowding(0.3)
    (0, 2, 6)
    """
    return round(4 * log10(resembling / CROWDED)) if resembling > CROWDED else 0
