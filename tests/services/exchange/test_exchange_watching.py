"""Between two syncs: news at a server is heard of soon, and asking for it costs little."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.targets import servers
from tests.targets.conftest import Exchange, new_place

from portcheck.services.exchange import watching
from portcheck.services.exchange.watching import Watch
from portcheck.targets.server import news
from stations import Station

if TYPE_CHECKING:
    from tests.services.exchange.conftest import NewStation


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with new_place("database") as made:
        assert isinstance(made, Exchange)
        yield made


@pytest.fixture
def two(exchange: Exchange, station: "NewStation") -> tuple[Station, Station]:
    lead, lane = station("lead"), station("lane")
    lead.start()
    lead.sync(exchange.text)
    lane.join(exchange.text)
    lead.sync(exchange.text)
    lead.trust("L2")
    lead.sync(exchange.text)
    return lead, lane


@contextmanager
def watched(one: Station, target: str, seconds: int) -> Iterator[Watch]:
    with watching.watching(one.context, target, seconds) as watch:
        watch.begin()
        one.sync(target)
        watch.begin()
        yield watch


def after(seconds: float, work: Callable[[], object]) -> threading.Thread:
    def later() -> None:
        time.sleep(seconds)
        work()

    thread = threading.Thread(target=later)
    thread.start()
    return thread


def test_a_stick_is_gone_to_as_often_as_was_said(
    lead: Station, stick: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with watched(lead, str(stick), 60) as watch:
        slept.clear()
        watch.wait()
    assert slept == [60]


@pytest.mark.slow
@pytest.mark.parametrize("hinted", [True, False])
def test_news_of_others_is_heard_of_long_before(
    exchange: Exchange,
    two: tuple[Station, Station],
    monkeypatch: pytest.MonkeyPatch,
    *,
    hinted: bool,
) -> None:
    """Also where no hint comes."""
    lead, lane = two
    lane.shut()
    if not hinted:
        monkeypatch.setattr(news, "_CHANNEL", "another")
        monkeypatch.setattr("portcheck.targets.postgresql.hint", lambda _: None)

    def record() -> None:
        lane.take()
        lane.check("AB12CDE")
        lane.sync(exchange.text)
        lane.shut()

    with watched(lead, exchange.text, 60) as watch:
        begun = time.monotonic()
        recording = after(0.2, record)
        watch.wait()
        assert time.monotonic() - begun < 20
        recording.join()
    lead.sync(exchange.text)
    assert lead.tally.checks == 1


@pytest.mark.slow
def test_what_was_recorded_here_is_sent_long_before(
    exchange: Exchange, two: tuple[Station, Station]
) -> None:
    lead, _ = two
    lead.take()
    with watched(lead, exchange.text, 60) as watch:
        lead.check("AB12CDE")
        begun = time.monotonic()
        watch.wait()
        assert time.monotonic() - begun < 20


@pytest.mark.slow
def test_without_news_it_is_asked_for_more_and_more_seldom(
    exchange: Exchange, two: tuple[Station, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, _ = two
    clock, rests = [0.0], []

    def rest(_: object, seconds: float) -> None:
        rests.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(news, "wait_for_hint", rest)
    with watched(lead, exchange.text, 60) as watch:
        monkeypatch.setattr("portcheck.services.exchange.watching.time.monotonic", lambda: clock[0])
        watch.wait()
    assert rests == [1, 2, 4, 8, 15, 15, 15]


@pytest.mark.slow
def test_a_server_that_is_gone_is_waited_for(
    exchange: Exchange, two: tuple[Station, Station]
) -> None:
    lead, _ = two
    with watched(lead, exchange.text, 2) as watch:
        servers.database().stop("immediate")
        try:
            begun = time.monotonic()
            watch.wait()
            watch.begin()
            watch.wait()
            assert time.monotonic() - begun >= 4
        finally:
            servers.database().start()
        watch.begin()
        assert watch._before is not None
