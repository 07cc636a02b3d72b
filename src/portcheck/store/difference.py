"""What is not as the journal says, a row at a time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

ALTERED, MISSING, ADDED = "altered", "missing", "added"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing outside the journal that is not as it says: the table, which row of it, in
    words for people, and what is wrong with it; `list_name` where it is about a list.
    """

    table: str
    row: str
    what: str
    list_name: str = ""


def shortened(found: Iterable[Difference], most: int) -> tuple[tuple[Difference, ...], int]:
    """The first `most` of each table, and how many there are of all."""
    seen: Counter[str] = Counter()
    kept = []
    for one in found:
        seen[one.table] += 1
        if seen[one.table] <= most:
            kept.append(one)
    return tuple(kept), seen.total()
