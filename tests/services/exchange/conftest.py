"""Laptops that share an operation over a stick."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portcheck.store.schema import open_store
from stations import Station

NewStation = Callable[[str], Station]


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new database, a lead that opened the operation with a list in force and
    told the stick; and another with that lead and a lane that joined as L2 and is trusted.
    """
    folder = tmp_path_factory.mktemp("stations")
    alone, both = folder / "alone", folder / "both"
    (alone / "stick").mkdir(parents=True)
    (alone / "new").mkdir()
    open_store(alone / "new" / "day.db", create=True).close()
    lead = Station(alone / "lead", "lead")
    lead.take()
    lead.start()
    lead.sync(alone / "stick")
    lead.shut()
    shutil.copytree(alone, both)
    lead, lane = (Station(both / name, name) for name in ("lead", "lane"))
    moved(lead)
    lane.join(both / "stick")
    for one in (lead, lane):
        one.sync(both / "stick")
    lead.trust("L2")
    for one in (lead, lane):
        one.sync(both / "stick")
        one.shut()
    three = folder / "three"
    shutil.copytree(both, three)
    third = Station(three / "third", "third")
    third.join(three / "stick")
    third.shut()
    return folder


def moved(one: Station) -> Station:
    """The folder was copied whole: as if it had been there always."""
    connection = open_store(one.folder / "day.db")
    connection.execute("UPDATE own_chain SET place = ''")
    connection.close()
    return one


@pytest.fixture
def station(tmp_path: Path, _made: Path) -> Iterator[NewStation]:
    """Makes laptops on which nothing was done yet, or takes one that is there."""
    made: list[Station] = []

    def new(name: str) -> Station:
        folder = tmp_path / name
        if not folder.exists():
            shutil.copytree(_made / "alone" / "new", folder)
        made.append(moved(Station(folder, name)))
        return made[-1]

    yield new
    for one in made:
        one.shut()


@pytest.fixture
def stick(tmp_path: Path, request: pytest.FixtureRequest, _made: Path) -> Path:
    """A stick, with what the lead (and the lane, where there is one) told it."""
    which = "both" if "lane" in request.fixturenames else "alone"
    for name in ("stick", "lead", *(["lane"] if which == "both" else [])):
        shutil.copytree(_made / which / name, tmp_path / name)
    return tmp_path / "stick"


@pytest.fixture
def lead(station: NewStation, stick: Path) -> Station:
    """A laptop that opened the operation with a list in force, and told the stick."""
    assert stick.exists()
    return station("lead")


@pytest.fixture
def lane(station: NewStation, lead: Station) -> Station:
    """A laptop that joined as L2 and is trusted, which it knows."""
    assert lead.folder.exists()
    return station("lane")


@pytest.fixture
def three(tmp_path: Path, _made: Path) -> Callable[[], list[Station]]:
    """Makes three laptops anew: the lead, a lane that is trusted and one that joined as L3."""
    numbers = iter(range(1_000))

    def new() -> list[Station]:
        folder = tmp_path / f"three-{next(numbers)}"
        shutil.copytree(_made / "three", folder)
        return [moved(Station(folder / name, name)) for name in ("lead", "lane", "third")]

    return new
