"""portcheck's matching and the baselines, measured on the same vehicles."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from accuracy_traffic import ActionList, Vehicle
from portcheck.domain.matching import compare, neighbours
from portcheck.domain.registration.key import skeleton_of

EXACT, GENETEC, LEVENSHTEIN = BASELINES = ("exact", "Genetec", "Lev. ≤ 1")
"""The same key; Genetec AutoVu's default rule, one lookalike; at most one edit of any kind."""
TIERS = ("lookalike", "near", "weak")
METHODS = (*BASELINES, *TIERS)


@dataclass
class Tally:
    """How many of so many vehicles each method finds; a tier counts all that are surer."""

    vehicles: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def add(self, methods: Iterable[str]) -> None:
        """One vehicle more, found by these methods."""
        self.vehicles += 1
        self.found.update(set(methods))

    def share(self, method: str) -> float:
        return self.found[method] / self.vehicles if self.vehicles else 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.vehicles + other.vehicles, self.found + other.found)


Measured = tuple[Tally, Tally]
"""Without the vehicle's country, and with it."""


def candidates(typed: str, listed: ActionList) -> list[str]:
    """Listed keys that any of the methods could take for `typed`, as the store finds them."""
    skeletons = listed.by_skeleton.keys() & neighbours(skeleton_of(typed))
    return [key for skeleton in skeletons for key in listed.by_skeleton[skeleton]]


def methods_that_find(typed: str, listed: str, countries: tuple[str, str]) -> set[str]:
    """Every method for which `typed` is `listed`; a tier stands for itself and all after it."""
    found = set()
    if typed == listed:
        found.add(EXACT)
    if typed == listed or _one_lookalike(typed, listed):
        found.add(GENETEC)
    if Levenshtein.distance(typed, listed, score_cutoff=1) <= 1:
        found.add(LEVENSHTEIN)
    ours = compare(typed, listed, typed_country=countries[0], listed_country=countries[1])
    if ours:
        surest = (EXACT, *TIERS).index(ours.tier.value)
        found.update(TIERS[max(surest - 1, 0) :])
    return found


def _one_lookalike(typed: str, listed: str) -> bool:
    return (
        skeleton_of(typed) == skeleton_of(listed)
        and sum(one != other for one, other in zip(typed, listed, strict=True)) == 1
    )


def alerts(vehicles: Iterable[Vehicle], listed: ActionList) -> Measured:
    """How many of `vehicles`, none of them listed, each method takes for a listed one."""
    plain, known = Tally(), Tally()
    for typed, country in vehicles:
        near = candidates(typed, listed)
        plain.add(method for key in near for method in methods_that_find(typed, key, ("", "")))
        known.add(
            method
            for key in near
            for method in methods_that_find(typed, key, (country, listed.countries[key]))
        )
    return plain, known


def recall(reads: Iterable[Vehicle], listed: ActionList) -> Measured:
    """How many of the wrong reads (typed, listed) each method finds the listed vehicle for."""
    plain, known = Tally(), Tally()
    for typed, meant in reads:
        country = listed.countries[meant]
        reached = meant in candidates(typed, listed)
        plain.add(methods_that_find(typed, meant, ("", "")) if reached else ())
        known.add(methods_that_find(typed, meant, (country, country)) if reached else ())
    return plain, known
