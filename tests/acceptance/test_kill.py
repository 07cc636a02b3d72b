"""kill -9 at any moment: what was told as saved is there, nothing is there twice or by half."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

pytestmark = pytest.mark.slow

RECORDER = Path(__file__).with_name("recorder.py")
KILLS, LONGEST_SECONDS = 200, 0.06
IMPORTS, CREATIONS = 30, 30
COMMIT = 0.02
"""Seconds from a transaction's first write to its end, about."""

LONGEST_WAIT = 1.0
EVENTS_BY_CHECK = {True: 3, False: 2}
"""A check and its outcome, and the decision where it is listed (see recorder.py)."""

Order = dict[str, Any]


class Victim:
    """A recorder whose forks are killed."""

    def __init__(self, program: "Program") -> None:
        self._process = subprocess.Popen(
            [sys.executable, RECORDER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=dict(program.env),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)

    def order(
        self, order: Order, *, kill_after: float, first: str = "", writing: bool = False
    ) -> list[str]:
        """Have `order` done and kill whoever does it `kill_after` seconds after it told `first`,
        or, with `writing`, after its transaction began to write, or after it began; what it
        told as being on disk.
        """
        journal = Path(order["database"] + "-journal")
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order | {"stay": True}) + "\n")
        self._process.stdin.flush()
        pid = int(self._line().removeprefix("pid "))
        told: list[str] = []
        while first and not (told and told[-1].startswith(first)):
            told.append(self._line())
        until = time.monotonic() + LONGEST_WAIT
        while writing and time.monotonic() < until and not journal.exists():
            time.sleep(0.0002)
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
        while (line := self._line()) != "end":
            told.append(line)
        return told

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the recorder is gone"
        return line.rstrip("\n")


@pytest.fixture
def victim(program: "Program") -> Iterator[Victim]:
    with Victim(program) as found:
        yield found


def test_killed_while_recording(station: "Program", victim: Victim) -> None:
    draw = random.Random(20210617)
    told: list[str] = []
    for seed in range(KILLS):
        order = {"do": "record", "database": str(station.database), "seed": seed, "count": 10_000}
        told += victim.order(order, kill_after=draw.uniform(0, LONGEST_SECONDS), first="L1-")

    stored = station.query("SELECT ref, outcome ->> 'notes' FROM vehicle_check WHERE number > 2")
    refs = Counter(ref for ref, _ in stored)
    assert set(told) <= set(refs)
    assert len(told) == len(set(told))
    assert len(told) >= KILLS
    assert set(refs.values()) == {1}
    assert len(stored) - len(told) <= KILLS  # saved, and killed before it could be told
    assert len({note for _, note in stored}) == len(stored)
    numbers = [n for (n,) in station.query("SELECT number FROM vehicle_check ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    parts = station.query(
        "SELECT c.verdict = 'listed', COUNT(*) FROM vehicle_check AS c JOIN fact AS j"
        " ON j.payload ->> 'check_id' = c.check_id WHERE c.number > 2 GROUP BY c.check_id"
    )
    assert all(number == EVENTS_BY_CHECK[bool(listed)] for listed, number in parts)
    assert station.json("audit", "verify")["intact"]
    assert station.json("doctor")["good"]


def write_version(path: Path, version: int) -> Path:
    """A list of 1500 entries of which each version has another third."""
    rows = "".join(f"K{i:04d} V{version if i % 3 == version % 3 else 0}\n" for i in range(1500))
    path.write_text(f"Registration\n{rows}", encoding="utf-8")
    return path


def test_killed_while_importing_a_list(station: "Program", victim: Victim) -> None:
    """A version is there as a whole or not at all, and the list in force is a whole one."""
    draw = random.Random(1)
    files = [write_version(station.folder / f"v{number}.csv", number) for number in range(4)]
    order = {"do": "import", "database": str(station.database)}
    begun = time.monotonic()
    assert victim.order(order | {"file": str(files[0])}, kill_after=0, first="version 1")
    seconds = time.monotonic() - begun
    told, version = 1, 1
    for turn in range(IMPORTS):
        file = files[(turn + 1) % 4]
        writing = turn % 3 > 0
        delay = draw.uniform(0, COMMIT if writing else seconds)
        lines = victim.order(order | {"file": str(file)}, kill_after=delay, writing=writing)
        if lines:
            told = int(lines[0].removeprefix("version "))
        (now,) = station.query("SELECT version FROM action_list WHERE name = 'BIG'")[0]
        assert now in {version, version + 1}
        assert now >= told
        version = now
        in_force = "list_name = 'BIG' AND removed_version IS NULL"
        assert station.query(f"SELECT COUNT(*) FROM entry WHERE {in_force}") == [(1500,)]
        assert station.query(
            "SELECT COUNT(*) FROM entry_mark AS m JOIN entry AS e USING (entry_id)"
            f" WHERE {in_force}"
        ) == [(1500,)]
    assert version > 1
    events = "SELECT COUNT(*) FROM fact WHERE payload ->> 'list_name' = 'BIG'"
    assert station.query(events) == [(version,)]
    assert station.json("doctor")["good"]


def test_killed_while_the_database_is_made(program: "Program", victim: Victim) -> None:
    """The schema is not there or whole; the next start makes what is missing."""
    draw = random.Random(2)
    order = {"do": "create", "database": str(program.folder / "first.db")}
    begun = time.monotonic()
    victim.order(order, kill_after=0, first="created")
    seconds = time.monotonic() - begun
    states: Counter[str] = Counter()
    for number in range(CREATIONS):
        path = program.folder / f"new{number}.db"
        writing = number % 3 > 0
        delay = draw.uniform(0, COMMIT if writing else seconds)
        told = victim.order(order | {"database": str(path)}, kill_after=delay, writing=writing)
        tables = tables_of(path)
        states["made" if tables else "not made"] += 1
        assert not told or tables
        assert not tables or {"journal", "vehicle_check", "finding", "alembic_version"} <= tables
        victim.order(order | {"database": str(path)}, kill_after=0, first="created")
        assert tables_of(path) == tables_of(program.folder / "first.db")
    assert states["not made"]
    env = {"PORTCHECK_DB": str(program.folder / "new0.db")}
    program.good("op", "start", "Day one", env=env)
    assert program.json("doctor", env=env)["good"]


def tables_of(path: Path) -> set[str]:
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}


def left_running(home: Path) -> set[str]:
    """The processes whose home is `home`, where the system lets them be seen: what each was
    started with, its state, and where in the system it waits.
    """
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"HOME={home}\0".encode() not in (process / "environ").read_bytes():
                continue
            words = (process / "cmdline").read_text().replace("\0", " ")
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            found.add(f"{words}: {state} {(process / 'wchan').read_text()}")
        except OSError:  # it has ended, or is somebody else's
            continue
    return found


def test_the_reader_of_workbooks_does_not_outlive_its_parent(station: "Program") -> None:
    sample = Path(__file__).parents[2] / "sample_data" / "action_list.xlsx"
    before = station.query("SELECT COUNT(*) FROM entry")
    for delay in (0.1, 0.2, 0.25, 0.3, 0.35, 0.4):
        process = subprocess.Popen(
            [*station.words, "list", "import", sample, "--list", "SAMPLE"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(station.env),
        )
        time.sleep(delay)
        process.kill()
        process.wait()
    deadline = time.monotonic() + 30
    while left_running(station.folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left_running(station.folder) == set()
    after = station.query("SELECT COUNT(*) FROM entry")
    assert after in (before, [(before[0][0] + 314,)])
    assert station.json("doctor")["good"]
