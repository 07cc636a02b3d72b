"""What sharing an operation costs: a minute's news, a lane's day, a lead that joins late.

    python bench/sync.py [--quick] [--lanes 50]

A lane's day is 3,000 checks with their outcomes.  Seconds of processor time and of the
clock, beside what so many additions take in Python (ten million: 0.6 s on a quiet
machine), and the figure to stay under.  While a lane syncs, another connection records: its
waits are the write lock's.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement
from portcheck.store.connection import transaction
from portcheck.store.schema import open_store
from stations import Station
from stores import add_checks

_SO_FEW_TOOK = """
import resource, sys
from pathlib import Path
from stations import Station
Station(Path(sys.argv[1]), "late").join(Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


_OFFICER = 0.1  # seconds between two records of somebody who works at the same time
_SYNC = """
import sys
from pathlib import Path
from stations import Station
Station(Path(sys.argv[1]), "lead").sync(Path(sys.argv[2]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller days")
    parser.add_argument("--lanes", type=int, default=10, help="how many lanes the late lead finds")
    given = parser.parse_args()
    day = 300 if given.quick else 3_000
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
        place = Path(folder)
        stick = place / "stick"
        stick.mkdir()
        lead = Station(place / "lead", "lead")
        lead.take()
        lead.start()
        lead.sync(stick)
        lane = a_lane(lead, stick, 1)
        for _ in range(6):
            lane.check("ZZ99ZZZ", outcome={"searched": ["dog"]})
        before = size(stick)
        row("a minute's news sent (6 checks)", lambda: lane.sync(stick), 2)
        print(f"{'bytes a check, in pieces of a minute':<48}{(size(stick) - before) // 6:>8,}")
        row("  and taken in", lambda: lead.sync(stick), 2)
        before = size(stick)
        a_day(lane, day, 1)
        row(f"a lane's day sent ({day:,} checks)", lambda: lane.sync(stick), 10)
        print(f"{'bytes a check, in one piece a day':<48}{(size(stick) - before) // day:>8,}")
        row(f"  and taken in ({day:,} checks)", lambda: lead.sync(stick), 10)
        second = a_lane(lead, stick, 2)
        a_day(second, day, 2)
        second.sync(stick)
        second.shut()
        locks(lead, stick)
        for half in (given.lanes // 2, given.lanes):
            others(lead, stick, half, day)
            late(place / f"late{half}", stick, half, day)
        tallies(lead, stick)
        row("ten million additions", additions, 0)


def a_lane(lead: Station, stick: Path, number: int) -> Station:
    """A lane that joined and is trusted."""
    lane = Station(lead.folder.parent / f"lane{number}", f"lane{number}")
    label = lane.join(stick).label
    lead.sync(stick)
    lead.trust(label)
    lead.sync(stick)
    lane.sync(stick)
    return lane


def a_day(lane: Station, checks: int, seed: int) -> None:
    add_checks(lane.context, lane.context.operation(), checks, seed + 100)


def others(lead: Station, stick: Path, lanes: int, day: int) -> None:
    """Lanes up to so many, each with its day, at the target."""
    for number in range(len(lead.devices()), lanes + 1):
        lane = a_lane(lead, stick, number)
        a_day(lane, day, number)
        lane.sync(stick)
        lane.shut()


def locks(lead: Station, stick: Path) -> None:
    """How long another connection waits for the write lock while a lane's day is taken in."""
    waits: list[float] = []
    done = threading.Event()

    def record() -> None:
        connection = open_store(lead.folder / "day.db")
        while not done.is_set():
            begun = time.perf_counter()
            with transaction(connection):
                waits.append(time.perf_counter() - begun)
            time.sleep(_OFFICER)
        connection.close()

    lead.shut()
    script = _SYNC
    writer = threading.Thread(target=record)
    writer.start()
    begun = time.perf_counter()
    run(script, lead.folder, stick)
    wall = time.perf_counter() - begun
    done.set()
    writer.join()
    waits.sort()
    print(f"{'the same while another records ten a second':<48}{'':>10}{wall:>8.1f} s{'':>8}")
    told = ("p50", len(waits) // 2), ("p99", len(waits) * 99 // 100), ("max", -1)
    for name, place in told:
        limit = {"p99": 60, "max": 25}.get(name, "")
        print(
            f"{f'  another waits meanwhile, {name}, ms':<48}{waits[place] * 1000:>18.1f}{limit:>8}"
        )


def late(folder: Path, stick: Path, lanes: int, day: int) -> None:
    """A lead that joins late finds all lanes' days."""
    begun = time.perf_counter()
    memory = run(_SO_FEW_TOOK, folder, stick)
    wall = time.perf_counter() - begun
    said = f"joining late: {lanes} lanes of {day:,} checks"
    print(f"{said:<48}{'':>10}{wall:>8.1f} s{180 * lanes / 50:>8.0f}")
    print(f"{'  memory, MB':<48}{memory.strip():>18}{500:>8}")


def tallies(lead: Station, stick: Path) -> None:
    """The tally of many devices beside one of as many checks of one device."""
    lead.sync(stick)
    chosen = select(lead.context)
    times = [clocked(lambda: statement(lead.context, chosen)) for _ in range(5)]
    number = statement(lead.context, chosen).tally.checks
    one = Station(lead.folder.parent / "one", "one")
    one.start()
    add_checks(one.context, one.context.operation(), number, 7)
    alone = select(one.context)
    single = [clocked(lambda: statement(one.context, alone)) for _ in range(5)]
    ratio = min(times) / min(single)
    print(f"{f'a tally of {number:,} checks, beside one device':<48}{ratio:>18.2f}{1.5:>8}")


def run(script: str, *arguments: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.piece"))


def clocked(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun


def additions() -> None:
    total = 0
    for number in range(10_000_000):
        total += number


def row(what: str, call: Callable[[], object], limit: int) -> None:
    """Time it and print the seconds beside the limit."""
    start, used = time.perf_counter(), time.process_time()
    call()
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    print(f"{what:<48}{cpu:>8.1f} s{wall:>8.1f} s{limit or '':>8}", flush=True)


if __name__ == "__main__":
    main()
