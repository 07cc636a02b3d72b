"""A server at the end of a bad line: nothing half, nothing lost, and nobody waits for ever."""

import time
from collections.abc import Iterator

import pytest
from tests.targets import servers
from tests.targets.conftest import Exchange, new_place
from tests.targets.weather import Line, line_to

from chains import OPERATION, chain, piece
from portcheck.errors import TargetUnreachable
from portcheck.targets.server import connection
from portcheck.targets.target import Target

pytestmark = pytest.mark.slow


@pytest.fixture
def line() -> Iterator[Line]:
    """The line to the server on this machine."""
    with line_to(servers.database().port) as made:
        yield made


@pytest.fixture
def far(line: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    """An exchange that is reached by the line."""
    with new_place("database") as made:
        assert isinstance(made, Exchange)
        monkeypatch.setenv("PGHOST", "127.0.0.1")
        monkeypatch.setenv("PGPORT", str(line.port))
        yield made


def test_two_seconds_and_five_kilobytes_a_second(far: Exchange, line: Line) -> None:
    """What a minute brings: some events of this device's, and some of two others."""
    near = far.open()
    others = [piece(chain(20, label)) for label in ("L3", "L4")]
    for name, content in others:
        near.put(name, content)
    near.close()
    line.latency, line.rate = 1.0, 5_000
    begun = time.monotonic()
    target = far.open()
    there = target.have(OPERATION)
    assert {name: target.fetch(name) for name in there} == dict(sorted(others))
    target.put(*piece(chain(12)))
    target.close()
    assert time.monotonic() - begun > 5  # the line is as bad as it is meant to be


def put_until_it_is_there(far: Exchange, pieces: list[tuple[str, bytes]]) -> int:
    """Sync as often as it takes; how often it could not be reached."""
    failed = 0
    while True:
        try:
            target = far.open()
            there = target.have("")
            for name, content in pieces:
                if name not in there:
                    target.put(name, content)
        except TargetUnreachable:
            failed += 1
        else:
            return failed


def test_a_line_that_is_cut_again_and_again(far: Exchange, line: Line) -> None:
    events = chain(60)
    pieces = [piece(events[at : at + 4]) for at in range(0, 60, 4)]
    line.cut_after = 12_000
    failed = put_until_it_is_there(far, pieces)
    cuts, line.cut_after = line.cuts, 0
    assert cuts > 1
    assert failed <= cuts
    assert far.pieces() == dict(pieces)


def test_a_line_that_falls_silent(
    far: Exchange, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection of which only this end is left: it is given up, and gone to anew."""
    monkeypatch.setattr(connection, "PATIENCE", 2.0)
    monkeypatch.setattr(connection, "_CONNECTING", 2)
    events = chain(3)
    target = far.open()
    target.put(*piece(events[:1]))
    line.silent = True
    for call in (lambda: target.have(""), far.open):
        begun = time.monotonic()
        with pytest.raises(TargetUnreachable) as error:
            call()
        assert "is kept and will be sent" in error.value.hint
        assert time.monotonic() - begun < 20
    line.silent = False
    target.put(*piece(events[1:]))
    assert len(target.have("")) == 2
    target.close()


def test_a_line_that_is_down(far: Exchange, line: Line) -> None:
    target: Target = far.open()
    line.down = True
    with pytest.raises(TargetUnreachable):
        far.open()
    line.down = False
    assert target.have("") == {}
    target.close()
