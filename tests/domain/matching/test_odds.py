"""The odds agree, within a factor of two, with unlisted vehicles that are really drawn."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import islice

import pytest
from faker import Faker

from portcheck.domain.matching import SURENESS, Corroboration, Tier, compare, crowding, neighbours
from portcheck.domain.matching.odds import Odds, odds
from portcheck.domain.registration.key import key_of, skeleton_of

CHECKS = 30_000
LETTERS, ISSUED_ES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "BCDFGHJKLMNPRSTVWXYZ"
MIX = ["LLL999"] * 5 + ["LL99LLL"] * 2 + ["9999LLL", "LL999LL", "Q99999"] * 1
LOCALES = [
    "az_AZ", "da_DK", "de_AT", "de_CH", "de_DE", "el_GR", "en_GB", "es_ES", "et_EE", "fi_FI",
    "fr_FR", "hu_HU", "it_IT", "lt_LT", "mk_MK", "nl_BE", "nl_NL", "no_NO", "pl_PL", "pt_PT",
    "ro_RO", "ru_RU", "sk_SK", "sq_AL", "sv_SE", "tr_TR", "uk_UA",
]  # fmt: skip


def from_formats() -> Callable[[], str]:
    chance = random.Random(11)

    def draw() -> str:
        letters = chance.choice((LETTERS, ISSUED_ES))
        return "".join(
            chance.choice("0123456789") if slot == "9" else chance.choice(letters)
            for slot in chance.choice(MIX)
        )

    return draw


def from_faker() -> Callable[[], str]:
    chance = random.Random(12)
    fakers = [Faker(locale) for locale in LOCALES]
    for number, faker in enumerate(fakers):
        faker.seed_instance(number)
    return lambda: key_of(chance.choice(fakers).license_plate())


def simulated(listed: set[str], draw: Callable[[], str], against: int) -> Counter[Tier]:
    """The best tier that each of `CHECKS` unlisted vehicles gets, nothing else being known."""
    by_skeleton: dict[str, list[str]] = {}
    for key in sorted(listed):
        by_skeleton.setdefault(skeleton_of(key), []).append(key)
    best: Counter[Tier] = Counter()
    unlisted = (key for key in iter(draw, None) if key not in listed)
    for key in islice(unlisted, CHECKS):
        skeletons = by_skeleton.keys() & neighbours(skeleton_of(key))
        near = (k for s in skeletons for k in by_skeleton[s])
        known = Corroboration(crowding=against)
        tiers = [found.tier for other in near if (found := compare(key, other, known=known))]
        if tiers:
            best[min(tiers, key=SURENESS.__getitem__)] += 1
    return best


@pytest.mark.slow
@pytest.mark.parametrize(
    ("population", "entries", "damped"),
    [(from_formats, 10_000, True), (from_formats, 1_000, False), (from_faker, 10_000, False)],
)
def test_within_a_factor_of_two_of_a_simulation(
    population: Callable[[], Callable[[], str]], entries: int, damped: bool
) -> None:
    draw = population()
    listed = {draw() for _ in range(entries)}
    expected = odds(sorted(listed))
    against = crowding(expected.lookalike + expected.near + expected.weak)
    assert bool(against) == damped
    seen = simulated(listed, draw, against)
    assert expected.entries == len(listed)
    for tier in (Tier.LOOKALIKE, Tier.NEAR, Tier.WEAK):
        if seen[tier] >= 10:  # fewer say too little
            assert 0.5 < expected.of(tier) * CHECKS / seen[tier] < 2, tier
    assert seen[Tier.WEAK] >= 10
    assert seen[Tier.EXACT] == 0


def test_the_same_list_gives_the_same_odds() -> None:
    draw = from_formats()
    listed = sorted({draw() for _ in range(2_000)})
    assert odds(listed) == odds(iter(listed))


def test_a_longer_list_gives_worse_odds() -> None:
    draw = from_formats()
    listed = sorted({draw() for _ in range(5_000)})
    shorter, longer = odds(listed[::10]), odds(listed)
    assert 0 < shorter.near < longer.near < longer.weak


@pytest.mark.parametrize("keys", [[], ["A1"], ["AB12CDE"], ["AB12", "A1", "Z"]])
def test_tiny_lists(keys: list[str]) -> None:
    found = odds(keys)
    assert found.entries == len(keys)
    for tier in Tier:
        assert 0 <= found.of(tier) < 0.001
    assert found.of(Tier.EXACT) == 0


@pytest.mark.parametrize(
    ("probability", "sentence"),
    [
        (0.00048, "about 1 check in 2,100"),
        (0.0005, "about 1 check in 2,000"),
        (0.019, "about 1 check in 53"),
        (0.3, "about 1 check in 3"),
        (0.5, "about 1 check in 2"),
        (0.9, "more than every other check"),
        (1e-6, "about 1 check in 1,000,000"),
        (1e-7, "less than 1 check in 1,000,000"),
        (0.0, "less than 1 check in 1,000,000"),
    ],
)
def test_sentence(probability: float, sentence: str) -> None:
    assert Odds(1, 0.0, probability, 0.0).sentence(Tier.NEAR) == sentence
