"""The 132 lorries of the day: what they are, where they are bound, when they were stopped."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sample import scene
from sample.marks import Marks
from sample.names import PLACES, SEEN

LONDON = ZoneInfo("Europe/London")

COUNTRIES = {
    "GB": 46, "FR": 16, "ES": 15, "PL": 12, "RO": 10, "PT": 6, "LT": 5, "DE": 5, "NL": 4,
    "BE": 3, "BG": 3, "HU": 2, "IT": 2, "CZ": 2, "IE": 1,
}  # fmt: skip
"""132 lorries, the three of the scene among them."""

BODIES = {
    "curtain_sided": 40, "refrigerated": 30, "hard_sided": 20, "container": 9, "tanker": 8,
    "soft_sided": 7, "flatbed": 6, "car_transporter": 5, "bulk_tipper": 4, "livestock": 3,
}  # fmt: skip
_RIGID_BODIES = frozenset({"curtain_sided", "refrigerated", "hard_sided"})
_RIGIDS = 14
_OTHERS_TRAILER = 0.08
"""How often a trailer comes from another country than its tractor unit."""


@dataclass(frozen=True, slots=True)
class Sailing:
    """A ferry: when its lorries were checked, in minutes after (or before) its time."""

    direction: str
    port: str
    clock: time
    lorries: int

    @property
    def name(self) -> str:
        return f"{self.port} {self.clock:%H:%M}"

    def window(self) -> tuple[datetime, datetime]:
        """From when to when its lorries are in the lanes, local time."""
        at = datetime.combine(scene.OPERATION_ON, self.clock, LONDON)
        before, after = (10, 90) if self.direction == "inbound" else (-100, -25)
        return at + timedelta(minutes=before), at + timedelta(minutes=after)


SAILINGS = (
    Sailing("inbound", "Le Havre", time(5, 50), 18),
    Sailing("outbound", "Caen", time(8, 15), 17),
    Sailing("inbound", "Caen", time(10, 40), 22),
    Sailing("outbound", "Le Havre", time(11, 30), 15),
    Sailing("inbound", "Cherbourg", time(13, 20), 12),
    Sailing("outbound", "Bilbao", time(14, 45), 16),
    Sailing("inbound", "Santander", time(15, 50), 18),
    Sailing("outbound", "Caen", time(17, 45), 14),
)
_IBERIAN_PORTS = frozenset({"Bilbao", "Santander"})
MANIFESTED = SAILINGS[2]
"""The sailing of the manifest; the listed vehicle and the lookalike are on it."""

_LANES = {
    "inbound": (
        ("In 1", "BF-2107", "Border Force"),
        ("In 2", "HC-4412", "Hampshire Constabulary"),
        ("In 3", "BF-2115", "Border Force"),
    ),
    "outbound": (
        ("Out 1", "HC-4430", "Hampshire Constabulary"),
        ("Out 2", "BF-2121", "Border Force"),
    ),
}


_MIDNIGHT = datetime.combine(scene.OPERATION_ON, time(), LONDON)


@dataclass(frozen=True, slots=True)
class Lorry:
    """One lorry as it was stopped; `at` is in local time."""

    registration: str
    country: str
    haulier: str
    unit: str = "tractor"
    body: str = ""
    load_state: str = "laden"
    trailer: str = ""
    trailer_country: str = ""
    container: str = ""
    direction: str = ""
    origin: str = ""
    destination: str = ""
    sailing: str = ""
    lane: str = ""
    officer: str = ""
    agency: str = ""
    at: datetime = _MIDNIGHT


def lorries(marks: Marks) -> list[Lorry]:
    """All 132, in order of time."""
    return _Day(marks).lorries()


def drawn(marks: Marks, draw: random.Random, country: str, body: str) -> Lorry:
    """A lorry of `country` with a registration and a trailer of its own."""
    lorry = Lorry(marks.vehicle(country), country, draw.choice(SEEN[country]), body=body)
    return with_trailer(lorry, marks, draw)


def with_trailer(lorry: Lorry, marks: Marks, draw: random.Random) -> Lorry:
    """With a trailer, and a container where its body is one."""
    country = lorry.country
    if draw.random() < _OTHERS_TRAILER:
        country = draw.choice(("NL", "DE", "PL", "FR"))
    return replace(
        lorry,
        trailer=marks.trailer(country),
        trailer_country=country,
        container=marks.container() if lorry.body == "container" else "",
    )


class _Day:
    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._random = random.Random("portcheck sample: the day's traffic")

    def lorries(self) -> list[Lorry]:
        """Every sailing filled, the scene's own lorries on theirs."""
        rest = list(self._drawn())
        found: list[Lorry] = []
        for sailing in SAILINGS:
            own = list(self._of_the_scene()) if sailing is MANIFESTED else []
            while len(own) < sailing.lorries:
                own.append(rest.pop())
            found += self._stopped(sailing, own)
        return sorted(found, key=lambda lorry: (lorry.at, lorry.lane))

    def _of_the_scene(self) -> Iterator[Lorry]:
        known = (
            Lorry(scene.LISTED, scene.LISTED_COUNTRY, scene.LISTED_HAULIER),
            Lorry(scene.LOOKALIKE_SEEN, scene.LOOKALIKE_COUNTRY, SEEN["CZ"][0]),
            Lorry(scene.NEW_NEXT_DAY, scene.NEW_NEXT_DAY_COUNTRY, scene.NEW_NEXT_DAY_HAULIER),
        )
        for lorry in known:
            yield with_trailer(replace(lorry, body="curtain_sided"), self._marks, self._random)

    def _drawn(self) -> Iterator[Lorry]:
        """The lorries that are not named in the scene, in no order.

        The scene's three are curtain-sided, the first of BODIES.
        """
        countries = _spread(COUNTRIES)
        for country in (scene.LISTED_COUNTRY, scene.LOOKALIKE_COUNTRY, scene.NEW_NEXT_DAY_COUNTRY):
            countries.remove(country)
        bodies = _spread(BODIES)[3:]
        self._random.shuffle(countries)
        self._random.shuffle(bodies)
        rigids = _RIGIDS
        for country, body in zip(countries, bodies, strict=True):
            if rigids and body in _RIGID_BODIES and country in {"GB", "FR", "ES"}:
                rigids -= 1
                haulier = self._random.choice(SEEN[country])
                yield Lorry(self._marks.vehicle(country), country, haulier, "rigid", body)
            else:
                yield drawn(self._marks, self._random, country, body)

    def _stopped(self, sailing: Sailing, own: list[Lorry]) -> Iterator[Lorry]:
        """The lorries of one sailing with their places, times and lanes."""
        draw = self._random
        draw.shuffle(own)
        start, end = sailing.window()
        minutes = range(int((end - start).total_seconds()) // 60)
        for number, minute in enumerate(sorted(draw.sample(minutes, len(own)))):
            lorry = own[number]
            places = [draw.choice(_abroad(lorry, sailing)), draw.choice(PLACES["GB"])]
            if sailing.direction == "outbound":
                places.reverse()
            lanes = _LANES[sailing.direction]
            lane, officer, agency = lanes[number % len(lanes)]
            yield replace(
                lorry,
                direction=sailing.direction,
                origin=places[0],
                destination=places[1],
                sailing=sailing.name,
                lane=lane,
                officer=officer,
                agency=agency,
                load_state=draw.choices(("laden", "part_laden", "empty"), (65, 20, 15))[0],
                at=start + timedelta(minutes=minute),
            )


def _abroad(lorry: Lorry, sailing: Sailing) -> tuple[str, ...]:
    """Places beyond the sea that this lorry and this sailing can be about."""
    if sailing.port in _IBERIAN_PORTS:
        return PLACES["ES"] + PLACES["PT"]
    return PLACES["FR" if lorry.country in {"GB", "IE"} else lorry.country]


def _spread(counts: dict[str, int]) -> list[str]:
    return [word for word, number in counts.items() for _ in range(number)]
