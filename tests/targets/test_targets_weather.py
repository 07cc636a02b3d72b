"""Stores and servers on bad lines: nothing half, nothing lost, and nobody waits for ever."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.targets import servers
from tests.targets.conftest import Place, new_place
from tests.targets.weather import Line, line_to

from portcheck.errors import TargetUnreachable
from portcheck.targets import cloud

DAY = {f"op/events/{number}.piece": bytes([number]) * 4_000 for number in range(4)}
EXTRA = 5.0  # seconds that may be spent beside waiting


@contextmanager
def far_away(kind: str, patch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Place, Line]]:
    """A store or a server, and the line that leads to it."""
    with new_place(kind) as place:
        if kind == "store":
            port = int(servers.s3()["AWS_ENDPOINT_URL"].rpartition(":")[2])
            with line_to(port) as line:
                patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{line.port}")
                yield place, line
        else:
            home, port = servers.ssh()
            with line_to(port) as line:
                (tmp_path / ".ssh").mkdir()
                for name in ("config", "known_hosts"):
                    text = (home / ".ssh" / name).read_text().replace(str(port), str(line.port))
                    (tmp_path / ".ssh" / name).write_text(text)
                patch.setenv("HOME", str(tmp_path))
                yield place, line


@pytest.fixture(params=["store", "server"])
def far(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[Place, Line]]:
    with far_away(request.param, monkeypatch, tmp_path) as found:
        yield found


def put(place: Place, pieces: dict[str, bytes]) -> None:
    target = place.open()
    for name, content in pieces.items():
        target.put(name, content)


def is_whole(place: Place) -> int:
    """How many pieces are there; each is whole, and nobody takes anything else for one."""
    found = place.pieces()
    assert found.items() <= DAY.items()
    return len(found)


@pytest.mark.slow
def test_two_seconds_and_five_kilobytes_a_second(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two at once, for it is waiting that takes the time."""

    def used(kind: str) -> None:
        with far_away(kind, monkeypatch, tmp_path) as (place, line):
            line.latency, line.rate = 1.0, 5_000
            target = place.open()
            target.put("a", bytes(10_000))
            assert target.fetch("a") == bytes(10_000)

    with ThreadPoolExecutor() as both:
        list(both.map(used, ["store", "server"]))


@pytest.mark.slow
def test_a_line_that_is_cut_again_and_again(far: tuple[Place, Line]) -> None:
    place, line = far
    seen = set()
    for after in (1, 5_000, 14_000):
        line.cut_after = after
        with suppress(TargetUnreachable):
            put(place, DAY)
        line.cut_after = 0
        seen.add(is_whole(place))
    assert line.cuts >= 3
    assert 0 in seen
    put(place, DAY)
    assert place.pieces() == DAY


@pytest.mark.slow
def test_a_line_that_goes_down_and_comes_up(far: tuple[Place, Line]) -> None:
    """In the middle: the same target goes on when the line is there again."""
    place, line = far
    target = place.open()
    names = iter(DAY)
    for trouble in ({"down": True}, {"cut_after": 1}):
        name = next(names)
        target.put(name, DAY[name])
        for what, value in {**trouble, "cut_after": 1}.items():
            setattr(line, what, value)
        for call in (lambda: target.have(""), lambda: target.put("op/b", b"b" * 2_000)):
            with pytest.raises(TargetUnreachable):
                call()
        line.down, line.cut_after = False, 0
        assert name in target.have("op")
    assert is_whole(place) == 2


@pytest.mark.slow
def test_a_line_that_says_nothing_more(
    far: tuple[Place, Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-open: it takes everything, and brings nothing."""
    place, line = far
    target = place.open()
    target.put("op/events/0.piece", DAY["op/events/0.piece"])
    monkeypatch.setattr(cloud, "PATIENCE", 1.0)
    line.silent = True
    begun = time.monotonic()
    calls = (
        lambda: target.put("op/events/1.piece", DAY["op/events/1.piece"]),
        lambda: target.fetch("op/events/0.piece"),
        lambda: target.have(""),
        place.open,
    )
    for call in calls:
        with pytest.raises(TargetUnreachable, match="no answer in 1 s"):
            call()
    longest = len(calls) * (cloud.PATIENCE + 4_000 / cloud.SLOWEST)
    assert time.monotonic() - begun < longest + EXTRA
    line.silent = False
    monkeypatch.setattr(cloud, "PATIENCE", 60.0)
    assert target.have("")
    put(place, DAY)
    assert place.pieces() == DAY
