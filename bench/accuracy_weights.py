"""What the cost of each slip should be: how often it is made against how often two real
vehicles differ so, on the seeds for tuning.

Four tenths are a factor of ten, and a swap of two characters stands at 6: the
last column beside the cost in use tells where the table departs from the data.
"""

from collections import Counter
from math import log10

from accuracy_methods import candidates
from accuracy_traffic import ActionList, unlisted, wrong_reads
from errors import MIXED
from portcheck.domain.matching import Kind
from portcheck.domain.matching.costs import (
    DIGITS_ALIKE,
    KEYBOARD,
    KEYBOARD_LETTERS,
    SECOND_SET,
    SWAPPED,
)
from portcheck.domain.matching.edits import differences

CHECKS, READS = 150_000, 30_000
SWAP = "two swapped"
ALIKE = {
    SECOND_SET: "alike in dirt",
    DIGITS_ALIKE: "alike in dirt",
    KEYBOARD: "keyboard",
    KEYBOARD_LETTERS: "keyboard",
}


def weights(listed: ActionList, seed: int) -> None:
    """Print every kind of single slip with its share, its cost in use and what the data say."""
    strangers = Counter(
        name
        for typed, _ in unlisted(listed, seed, CHECKS)
        for key in candidates(typed, listed)
        if (name := slip_of(typed, key))
    )
    mistyped = Counter(
        name
        for typed, meant in wrong_reads(listed, seed + 1, READS, MIXED)
        if (name := slip_of(typed, meant))
    )
    ratios = {
        name: (mistyped[name] / READS) / ((strangers[name] + 0.5) / CHECKS)
        for name in mistyped
        if mistyped[name] >= READS // 500
    }
    swap = next(ratio for name, ratio in ratios.items() if name[0] == SWAP)
    print("\nWhat a slip costs, beside what the seeds for tuning say (tenths; swap = 6)")
    print(f"{'':<33}{'of slips':>9}{'of unlisted':>13}{'in use':>8}{'data':>6}")
    for name, ratio in sorted(ratios.items(), key=lambda pair: -pair[1]):
        says = SWAPPED - 4 * log10(ratio / swap)
        print(
            f"{name[0]:<33}{100 * mistyped[name] / READS:>8.1f}%"
            f"{100 * strangers[name] / CHECKS:>12.4f}%{name[1]:>8}{says:>6.0f}"
        )


def slip_of(typed: str, listed: str) -> tuple[str, int] | None:
    """What kind of single slip parts two keys, with its cost; None for none or several."""
    found = differences(typed, listed)
    if found is None or len(found) != 1:
        return None
    one = found[0]
    match one.kind:
        case Kind.SWAPPED:
            return SWAP, one.tenths
        case Kind.MISSING | Kind.EXTRA:
            doubled = "doubled" if one.is_doubled else "other"
            return f"{one.kind.value}, {doubled}", one.tenths
        case Kind.LOOKALIKE:
            alike = "lookalike"
        case _:
            alike = ALIKE.get(one.tenths, "any other")
    kinds = ["digit" if c.isdigit() else "letter" for c in (one.typed, one.listed)]
    return f"{alike}, {kinds[0]} for {kinds[1]}", one.tenths
