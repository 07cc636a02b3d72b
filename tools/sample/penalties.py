"""The penalty lines of the sample's action list, as the office knows them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sample import scene
from sample.marks import Marks
from sample.names import HIRERS, LISTED
from sample.standing import STANDINGS, Line, standing

ROWS = 319
"""With the row of totals, 320 rows of data."""
_COUNTRIES = {
    "PL": 44, "RO": 46, "GB": 34, "LT": 22, "BG": 20, "HU": 20, "ES": 16, "DE": 14, "TR": 14,
    "CZ": 12, "FR": 12, "IT": 12, "NL": 10, "SK": 10, "BE": 6, "PT": 6, "IE": 2,
}  # fmt: skip
_PORTS = ("Dover", "Calais", "Coquelles", "Dunkirk", "Portsmouth", "Harwich", "Hull", "Purfleet")
_TEAMS = ("Casework 1", "Casework 2", "Recovery", "Objections")
_ACTIONS = {
    "overdue": ("Ask for payment; CIO to decide on detention", "Refer to CECPT duty line"),
    "part_paid": ("Ask for the balance",),
    "recent": ("Not yet due: information only",),
    "objection": ("No action while the objection is open",),
    "appeal": ("No action while the appeal is open",),
}


def lines(marks: Marks) -> list[Line]:
    """Every row of 17 June, the story's own among them, by haulier as offices sort them."""
    drawer = _Drawer(marks, "portcheck sample: penalties")
    found = [*drawer.story(), *drawer.odd(), *drawer.unreadable()]
    while len(found) < ROWS - 1:
        found += drawer.vehicle()[: ROWS - 1 - len(found)]
    found.sort(key=lambda line: (line.haulier.casefold(), line.registration, line.reference))
    return [*found[:200], found[40], *found[200:]]


def next_day(marks: Marks, today: list[Line]) -> list[Line]:
    """The list of 18 June: what changed overnight, and two registrations mended."""
    paid_up = next(line for line in today if line.status == "Settled")
    in_part = next(line for line in today if line.status == "Part paid" and line.balance)
    result = []
    for line in today:
        if line is paid_up:
            continue
        changed = line
        if line.reference == scene.LISTED_REFERENCE:
            changed = replace(line, status="Paid", paid=scene.LISTED_PENCE, balance=0)
        elif line is in_part:
            paid = (line.paid or 0) + 10_000
            changed = replace(line, paid=paid, balance=(line.amount or 0) - paid)
        elif line.registration in {scene.MENDED_DATE, scene.MENDED_ERROR}:
            changed = replace(line, raw={})
        result.append(changed)
    return result + _Drawer(marks, "portcheck sample: the next day").added()


class _Drawer:
    """Draws lines that hang together: dates in order, money that adds up."""

    def __init__(self, marks: Marks, seed: str) -> None:
        self._marks = marks
        self._random = random.Random(seed)
        self._numbers = [n for n in range(1001, 1600) if n != 1042]
        self._random.shuffle(self._numbers)

    def story(self) -> list[Line]:
        """The lines that the sample's other files refer to."""
        line = self._line
        return [
            self._enforced(),
            line("overdue", "CZ", registration=scene.LOOKALIKE_LISTED),
            line("overdue", "ES", unit="trailer", trailer=scene.TRAILER_LISTED, role="operator"),
            line("overdue", "GB", unit="container", container=scene.CONTAINER_LISTED),
        ]

    def odd(self) -> list[Line]:
        """Lines that are taken although something in them is unusual."""
        line = self._line
        return [
            line("overdue", "LT", registration=scene.NUMBER_LISTED),
            line("overdue", "BG", registration=scene.CYRILLIC_LISTED),
            line("part_paid", "DE", registration=scene.UMLAUT_LISTED),
            *self._increased(),
            replace(self._drawn("PL"), raw={"amount": "2.400", "balance": "2.400"}),
            replace(self._drawn("RO"), raw={"incident_on": "31/02/2021"}),
            replace(self._drawn("GB"), raw={"unit": "HGV"}),
            replace(self._drawn("LT"), raw={"unit": "HGV"}),
        ]

    def unreadable(self) -> list[Line]:
        """Lines whose row is rejected, each for a reason of its own."""
        line = self._line
        return [
            replace(line("overdue", "HU"), notes="Plate not recorded"),
            line("overdue", "GB", registration="B?21 KLM"),
            replace(
                line("overdue", "GB", registration=scene.MENDED_DATE),
                raw={"registration": date(2012, 3, 1)},
            ),
            replace(
                line("overdue", "RO", registration=scene.MENDED_ERROR),
                raw={"registration": "#N/A"},
            ),
        ]

    def vehicle(self) -> list[Line]:
        """One vehicle: mostly one line, or one each for owner, hirer and driver."""
        country = self._random.choices(list(_COUNTRIES), list(_COUNTRIES.values()))[0]
        first = self._drawn(
            country, self._random.choices(list(STANDINGS), list(STANDINGS.values()))[0]
        )
        others = self._random.choices(((), ("driver",), ("hirer", "driver")), (78, 18, 4))[0]
        return [first, *(self._beside(first, role) for role in others)]

    def added(self) -> list[Line]:
        """What 18 June's list has more: a lorry that was checked clear, and a new notice."""
        listed = self._line(
            "overdue",
            scene.NEW_NEXT_DAY_COUNTRY,
            registration=scene.NEW_NEXT_DAY,
            haulier=scene.NEW_NEXT_DAY_HAULIER,
        )
        return [
            replace(listed, reference="CP-1601", notes="Entered 17 June, 18:05"),
            replace(self._drawn("HU", "recent"), reference="CP-1602"),
        ]

    def _enforced(self) -> Line:
        """The one line that was enforced: overdue, no objection, the owner liable."""
        return Line(
            reference=scene.LISTED_REFERENCE,
            registration=scene.LISTED,
            country=scene.LISTED_COUNTRY,
            unit="tractor",
            haulier=scene.LISTED_HAULIER,
            party=scene.LISTED_HAULIER,
            role="owner",
            incident_on=date(2020, 12, 9),
            issued_on=date(2021, 1, 12),
            due_on=date(2021, 3, 13),
            amount=scene.LISTED_PENCE,
            paid=0,
            balance=scene.LISTED_PENCE,
            status="Overdue",
            action=_ACTIONS["overdue"][0],
            team="Recovery",
            port="Portsmouth",
            notes="Two persons found",
        )

    def _increased(self) -> Iterator[Line]:
        """A penalty increased on objection: the old notice is superseded (s.35(6))."""
        first = replace(self._drawn("RO"), paid=None, incident_on=date(2020, 9, 3))
        yield replace(
            first,
            status="superseded",
            amount=160_000,
            balance=0,
            issued_on=date(2020, 10, 1),
            due_on=date(2020, 11, 30),
            action="",
        )
        yield replace(
            first,
            reference=self._reference(),
            status="Outstanding",
            amount=200_000,
            balance=200_000,
            issued_on=date(2020, 12, 7),
            due_on=date(2021, 2, 5),
            notes="Increased on objection; replaces an earlier notice",
        )

    def _beside(self, first: Line, role: str) -> Line:
        """Another party's line for the same incident."""
        party = "Driver (name withheld)" if role == "driver" else self._random.choice(HIRERS)
        return replace(first, reference=self._reference(), party=party, role=role, notes="")

    def _drawn(self, country: str, how: str = "overdue") -> Line:
        """A line about a vehicle with a registration of its own, sometimes with its trailer."""
        unit = self._random.choice(("tractor", "tractor", "tractor", "rigid", ""))
        with_trailer = unit == "tractor" and self._random.random() < 0.2
        return self._line(
            how,
            country,
            registration=self._marks.vehicle(country),
            unit=unit,
            trailer=self._marks.trailer(country) if with_trailer else "",
        )

    def _line(self, how: str, country: str, **known: str) -> Line:
        choose = self._random.choice
        haulier = known.pop("haulier", "") or choose(LISTED[country])
        line = Line(
            reference=self._reference(),
            country=country,
            haulier=haulier,
            party=haulier,
            action=choose(_ACTIONS.get(how, ("",))),
            team=choose(_TEAMS),
            port=choose(_PORTS),
            **{"role": "owner"} | known,  # type: ignore[arg-type]
        )
        return standing(line, how, self._random)

    def _reference(self) -> str:
        return f"CP-{self._numbers.pop()}"
