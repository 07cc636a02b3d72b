"""Two laptops by way of a store, and of a server, as the shell sees it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.targets.conftest import Place, new_place

if TYPE_CHECKING:
    from tests.conftest import NewWorld, Program, Ran

NOISE = ("Traceback", "Unclosed", "ignored", "Warning", "never retrieved", "asyncio")
REACHED = ("AWS_", "HOME")
"""What of the environment says who one is there, and where the server of the tests is."""


@pytest.fixture(params=["store", "server"])
def far(request: pytest.FixtureRequest) -> Iterator[Place]:
    with new_place(request.param) as made:
        yield made


Say = Callable[..., "Ran"]


@pytest.fixture
def laptops(
    tmp_path: Path, new_world: "NewWorld", in_process: Callable[["Program"], "Program"]
) -> Callable[[str], Say]:
    """Makes a laptop, whose program says something and ends with a code, and nothing else."""

    def new(name: str) -> Say:
        (tmp_path / name).mkdir()
        program = new_world(tmp_path / name)
        here = in_process(program)

        def say(*words: str, code: int = 0, shell: bool = False) -> "Ran":
            known = {name: os.environ[name] for name in os.environ if name.startswith(REACHED)}
            ran = (program if shell else here).run(*words, env=known)
            assert ran.code == code, (words, ran)
            assert not [word for word in NOISE if word in ran.err], ran.err
            return ran

        return say

    return new


@pytest.mark.slow
def test_two_laptops(far: Place, laptops: Callable[[str], Say]) -> None:
    lead, lane = laptops("lead"), laptops("lane")
    lead("op", "start", "Port")
    told = lead("sync", far.text, shell=True)
    assert "is not encrypted: whoever finds it can read what is there" in " ".join(told.err.split())
    lane("op", "join", far.text, "--label", "L5", shell=True)
    lane("check", "AB12CDE", "--no-list")
    lane("config", "set", "sync", f"{far.text}/")
    lane("sync")
    assert lead("sync", far.text, "--json").document["waiting"] == [{"label": "L5", "checks": 1}]
    lead("device", "trust", "L5")
    assert lead("sync", far.text, "--json").document["sent"]["events"] > 0
    assert lead("tally", "--json").document["checks"] == 1
    before = far.state()
    assert lane("sync", "--dry-run", "--json").document["received"]["events"] > 0
    assert far.state() == before
    far.vanish()
    gone = lane("sync", code=5, shell=True)
    assert f"“portcheck sync {far.text}/”" in " ".join(gone.err.split())
    assert "it is not there" in " ".join(gone.err.split())
    far.come_back()
    lane("sync")
    audit = lead("audit", "log", "--json").document
    assert far.text in {one["payload"].get("target", "").partition(" ")[2] for one in audit}


def test_what_is_refused_before_anything_is_reached(laptops: Callable[[str], Say]) -> None:
    lane = laptops("lane")
    lane("op", "start", "Port")
    for words in (("sync",), ("op", "join"), ("config", "set", "sync")):
        told = lane(*words, "sftp://l5:hunter2@127.0.0.1/day", code=2)
        assert "a password stands in the address" in " ".join(told.err.split())
        assert "hunter2" not in told.err + told.out
        assert "is no target" in " ".join(lane(*words, "ftp://127.0.0.1/day", code=2).err.split())
    assert "hunter2" not in lane("config").out
    missing = lane("sync", "gs://bucket/day", code=3)
    assert "“pip install fsspec gcsfs”" in " ".join(missing.err.split())
