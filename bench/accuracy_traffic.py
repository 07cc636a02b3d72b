"""Third-party plates: the lists, the traffic that is not listed, and hauliers' fleets.

Plates are Faker's, for every European locale that has its own, so that neither
the formats nor the frequencies are portcheck's.
"""

import random
import re
from collections.abc import Callable, Iterator
from itertools import islice

from faker import Faker
from faker.generator import Generator
from faker.providers.automotive.uk_UA import Provider as Ukraine

from errors import MIXED, SHARES, mistyped
from portcheck.domain.registration.key import key_of, skeleton_of

EUROPE = (
    *("az_AZ", "da_DK", "de_AT", "de_CH", "de_DE", "el_GR", "en_GB", "es_ES", "et_EE"),
    *("fi_FI", "fr_FR", "hu_HU", "it_IT", "lt_LT", "mk_MK", "nl_BE", "nl_NL", "no_NO"),
    *("pl_PL", "pt_PT", "ro_RO", "ru_RU", "sk_SK", "sq_AL", "sv_SE", "tr_TR", "uk_UA"),
)
ELSEWHERE = ("en_CA", "en_PH", "en_US", "es_CL", "es_CO", "es_MX", "pt_BR", "vi_VN", "zh_TW")

Vehicle = tuple[str, str]
"""A key and its country (ISO code)."""


def traffic(seed: int, locales: tuple[str, ...] = EUROPE) -> Iterator[Vehicle]:
    """Endless vehicles, as many from each country; the same ones for the same seed."""
    chance = random.Random(seed)
    plates = [
        (_plates(locale, 1_000 * seed + number), locale[-2:])
        for number, locale in enumerate(locales)
    ]
    while True:
        plate, country = chance.choice(plates)
        yield key_of(plate()), country


def _plates(locale: str, seed: int) -> Callable[[], str]:
    """Draws a country's plates."""
    if locale == "uk_UA":  # left alone, it draws the region without the seed
        generator = Generator()
        generator.seed_instance(seed)
        ukraine = Ukraine(generator)
        regions = [code for codes, _ in Ukraine.license_region_data.values() for code in codes]
        return lambda: "".join(
            (
                generator.random.choice(regions),
                ukraine.plate_number(),
                ukraine.plate_letter_suffix(),
            )
        )
    faker = Faker(locale)
    faker.seed_instance(seed)
    return faker.license_plate


class ActionList:
    """`size` listed vehicles by key, and by skeleton so that the near ones are found."""

    def __init__(self, seed: int, size: int) -> None:
        self.seed = seed
        self.countries: dict[str, str] = {}
        for key, country in traffic(seed):
            if len(self.countries) == size:
                break
            self.countries.setdefault(key, country)
        self.by_skeleton: dict[str, list[str]] = {}
        for key in self.countries:
            self.by_skeleton.setdefault(skeleton_of(key), []).append(key)


def unlisted(
    listed: ActionList, seed: int, number: int, locales: tuple[str, ...] = EUROPE
) -> Iterator[Vehicle]:
    """So many vehicles that are not on the list."""
    others = (one for one in traffic(seed, locales) if one[0] not in listed.countries)
    return islice(others, number)


def wrong_reads(listed: ActionList, seed: int, number: int, kind: str) -> Iterator[Vehicle]:
    """Listed vehicles as (typed, listed), each with one slip of `kind`, or of any."""
    chance = random.Random(seed)
    keys = list(listed.countries)
    kinds, shares = list(SHARES), list(SHARES.values())
    made = 0
    while made < number:
        key = chance.choice(keys)
        drawn = chance.choices(kinds, shares)[0] if kind == MIXED else kind
        typed = mistyped(drawn, key, chance)
        if typed and typed not in listed.countries:
            made += 1
            yield typed, key


def fleet(listed: ActionList, seed: int, number: int, within: int) -> Iterator[Vehicle]:
    """Vehicles whose number is at most `within` from a listed one: lorries of its fleet."""
    chance = random.Random(seed)
    keys = list(listed.countries)
    made = 0
    while made < number:
        key = chance.choice(keys)
        digits = list(re.finditer(r"\d+", key))
        if not digits:
            continue
        run = digits[-1]
        step = chance.choice([n for n in range(-within, within + 1) if n])
        following = f"{int(run[0]) + step:0{len(run[0])}}"
        other = key[: run.start()] + following + key[run.end() :]
        if "-" not in following and len(other) == len(key) and other not in listed.countries:
            made += 1
            yield other, listed.countries[key]
