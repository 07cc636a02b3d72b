"""What a difference between two keys costs, and how dear a match may be.

Costs are whole tenths of one edit, so that sums are exact.  They are the one
place to change how forgiving matching is; `bench/` measures what a change does.
"""

from itertools import combinations, pairwise
from typing import Final

from portcheck.domain.registration.confusables import LOOKALIKE_CLASSES

SAME_CLASS: Final = 3
"""The two are lookalikes: O and 0, Z and 2."""
SECOND_SET: Final = 6
"""The two look alike at a distance or in dirt: B and H, 1 and 7."""
KEYBOARD: Final = 7
"""The two are next to each other on the keyboard."""
SWAPPED: Final = 6
"""Two neighbouring characters changed places."""
DOUBLED: Final = 6
"""A character written twice for once, or once for twice."""
EDGE: Final = 7
"""A character added or lost at either end, or a thin one (1, I) anywhere."""
ANYTHING: Final = 10
"""Any other character changed, added or lost."""

NEAR_AT_MOST: Final = 7
"""Dearest near match."""
WEAK_AT_MOST: Final = 10
"""Dearest weak match."""

SHORTEST_FUZZY_KEY: Final = 5
"""Shorter keys match exactly or not at all: too many marks lie next to them."""
LONG_LIST: Final = 100_000
"""Over this many entries a near match alone is more often wrong than an officer bears."""

# Characters confused by eye although a reader would call them different.
_SECOND_SETS: Final = (
    "38", "3B", "BH", "EFL", "MNW", "17", "I7", "4A", "68", "VY", "UV", "CG",
    "PR", "TY", "KX", "Z7", "IL", "1L", "IT", "HN",
)  # fmt: skip

# Rows of a British keyboard; a key touches its neighbours in its row and the
# keys above and below it, each row standing half a key to the right.
_ROWS: Final = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")


def _pairs() -> dict[str, int]:
    """Cost by two-character string, both ways round; later tables are cheaper and win."""
    costs: dict[str, int] = {}

    def put(one: str, other: str, cost: int) -> None:
        costs[one + other] = costs[other + one] = cost

    for row in _ROWS:
        for left, right in pairwise(row):
            put(left, right, KEYBOARD)
    for upper, lower in pairwise(_ROWS):
        for place, below in enumerate(lower):
            for above in upper[place : place + 2]:
                put(above, below, KEYBOARD)
    for groups, cost in ((_SECOND_SETS, SECOND_SET), (LOOKALIKE_CLASSES, SAME_CLASS)):
        for one, other in (pair for group in groups for pair in combinations(group, 2)):
            put(one, other, cost)
    return costs


_PAIR_COSTS: Final = _pairs()


def substitution(typed: str, listed: str) -> int:
    """Tenths for reading or typing `typed` where `listed` stands.

    >>> substitution("O", "0"), substitution("B", "H"), substitution("C", "M")
    (3, 6, 10)
    """
    return _PAIR_COSTS.get(typed + listed, ANYTHING)


def gap(longer: str, place: int) -> int:
    """Tenths for the character at `place` (from 0) of `longer` that the other key lacks.

    >>> gap("AB112CD", 3), gap("AB12CD", 0), gap("AB12CD", 2), gap("AB52CD", 2)
    (6, 7, 7, 10)
    """
    character = longer[place]
    if character in (longer[place - 1 : place], longer[place + 1 : place + 2]):
        return DOUBLED
    at_an_end = place in (0, len(longer) - 1)
    return EDGE if at_an_end or character in "1I" else ANYTHING
