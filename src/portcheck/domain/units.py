"""What a quantity is counted in: whole numbers of the smallest unit, without a float."""

from portcheck.domain.money import parse_decimal, plain_decimal
from portcheck.errors import Refused

_UNITS = {
    "items": ("items", 0),
    "cigarettes": ("cigarettes", 0),
    "kg": ("g", 3),
    "g": ("g", 0),
    "litres": ("ml", 3),
    "ml": ("ml", 0),
}
UNITS = tuple(_UNITS)
"""The units that may be written, as an officer says them."""
ITEMS = "items"


def smallest(unit: str) -> str:
    """The unit that quantities of `unit` are kept in.

    >>> smallest("kg"), smallest("items")
    ('g', 'items')
    """
    return _UNITS[unit][0]


def parse_quantity(text: str, unit: str = ITEMS) -> int:
    """A quantity in the smallest unit.  Raises Refused.

    >>> parse_quantity("2.5", "kg"), parse_quantity("4,000", "cigarettes")
    (2500, 4000)
    """
    places = _UNITS[unit][1]
    found = parse_decimal(text, places)
    if found is None:
        raise Refused(
            f"“{text}” is not a quantity in {unit}",
            hint="Write it as 2.5." if places else "Write it as a whole number.",
        )
    return found


def plain_quantity(number: int, unit: str = ITEMS) -> str:
    """The quantity in `unit`, as `parse_quantity` reads it back.

    >>> plain_quantity(2500, "kg"), plain_quantity(4000, "cigarettes")
    ('2.500', '4000')
    """
    return plain_decimal(number, _UNITS[unit][1])
