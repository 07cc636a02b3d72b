"""One letter for every field of a form, found in its own label wherever that can be done."""

from functools import cache
from itertools import combinations
from string import ascii_lowercase, ascii_uppercase

from portcheck.domain.fields import Field, Kind

OPTION_KEYS = "1234567890.," + ascii_uppercase
"""The keys of a field's options, in order: none of them is a field's letter."""

YES, NO = "yes", "no"
_OUTSIDE = 1000  # what a letter costs that is not in the label


def options_of(field: Field) -> tuple[str, ...]:
    """What can be chosen for a field with one key."""
    return (YES, NO) if field.kind is Kind.FLAG else field.choices


@cache
def letters_for(fields: tuple[Field, ...]) -> dict[str, Field]:
    """A letter for every field (at most 26), always the same for the same fields.

    Each letter has a price for a field: nothing for the first letter of its
    label, more for a letter further on.  From a first, greedy division the
    fields exchange letters as long as two of them together, or one with a
    spare letter, get away cheaper; what comes first in the form pays double,
    so that the fields used most keep the letter that is looked for.
    """
    early = len(fields) // 4
    prices = [_prices(field, 2 if place < early else 1) for place, field in enumerate(fields)]
    free = list(ascii_lowercase)
    held: list[str] = []
    for price in prices:
        held.append(min(free, key=price.__getitem__))
        free.remove(held[-1])
    while _exchange(prices, held, free):
        pass
    return dict(zip(held, fields, strict=True))


def _prices(field: Field, weight: int) -> dict[str, int]:
    words = field.label.lower().split()
    wishes = list(dict.fromkeys([*(word[0] for word in words), *"".join(words)]))
    ranks = {one: wishes.index(one) if one in wishes else _OUTSIDE for one in ascii_lowercase}
    return {letter: rank * rank * weight for letter, rank in ranks.items()}


def _exchange(prices: list[dict[str, int]], held: list[str], free: list[str]) -> bool:
    """Make the first exchange that saves something; False when there is none."""
    for place, letter in enumerate(held):
        for spare, other in enumerate(free):
            if prices[place][other] < prices[place][letter]:
                held[place], free[spare] = other, letter
                return True
    for one, two in combinations(range(len(held)), 2):
        now = prices[one][held[one]] + prices[two][held[two]]
        then = prices[one][held[two]] + prices[two][held[one]]
        if then < now:
            held[one], held[two] = held[two], held[one]
            return True
    return False
