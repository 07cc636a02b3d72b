"""What an exchange on a PostgreSQL server costs: events in and out, a minute's sync, writers at
once, and a large exchange by which a year of a country can be reckoned.

    python bench/server.py [--quick] [--events 5000000]

The server is one of its own, on this machine, that writes to the disk as a real one does.
Synthetic texts have the size of a day's (300 bytes an event).
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from chains import chain, piece, signed
from databases import Cluster, cluster
from portcheck.journal.chain import Sealed
from portcheck.journal.notes import read
from portcheck.journal.pieces import Piece, named, unpack
from portcheck.services.exchange import keeping
from portcheck.targets.server import rows
from portcheck.targets.server.connection import Server
from portcheck.targets.target import open_target
from stations import Station
from writers import write_and_pull

_LASTING = ("shared_buffers=512MB", "max_wal_size=4GB", "max_connections=120")
_TEXT = "x" * 40 + " {seq} "
_YEAR = 111_000_000  # events: 50 lanes, 3,000 checks a day
_PIECE, _SIZE = 250, 30_000  # events of a piece, and its bytes when it is packed
_MINUTE = """
import sys, time
from pathlib import Path
from stations import Station
one = Station(Path(sys.argv[1]), sys.argv[2])
one.check("ZZ99ZZZ")
begun = time.perf_counter()
one.sync(sys.argv[3])
print(time.perf_counter() - begun)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller figures, for a look")
    parser.add_argument("--events", type=int, default=5_000_000, help="of the large exchange")
    given = parser.parse_args()
    events = min(given.events, 100_000) if given.quick else given.events
    with cluster(_LASTING) as made:
        made.sql("postgres", "CREATE DATABASE exchange TEMPLATE template0")
        keeping.make(made.url("exchange"), None)
        keeping.grant(made.url("exchange"), None, None, "lane", [])
        in_and_out(made, 4_000 if given.quick else 40_000)
        minutes(made, 5 if given.quick else 50)
        writers(made, 100 if given.quick else 1_000)
        large(made, events)


def row(what: str, found: float, unit: str, limit: str = "") -> None:
    print(f"{what:<52}{found:>14,.1f} {unit:<12}{limit}", flush=True)


def fresh(made: Cluster) -> str:
    return made.url(made.new("exchange"), "lane")


def filled(text: str) -> str:
    """A text about as long, and as hard to pack, as those of a day."""
    return text + random.randbytes(130).hex()


def parts(events: Sequence[Sealed], size: int) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(events), size):
        yield piece(events[at : at + size])


def in_and_out(made: Cluster, number: int) -> None:
    """Events of one chain, as a device that was long away sends them, and as one fetches them."""
    address = fresh(made)
    pieces = list(parts(chain(number, text=filled(_TEXT)), 2_000))
    target = open_target(address)
    begun = time.perf_counter()
    for name, content in pieces:
        target.put(name, content)
    target.close()
    row("events in, a second", number / (time.perf_counter() - begun), "events/s", "≥ 5,000")
    target = open_target(address, writing=False)
    begun = time.perf_counter()
    for name in target.have(""):
        own = named(name.split("/", 2)[2])
        assert own
        unpack(target.fetch(name), own)
    row("events out, a second", number / (time.perf_counter() - begun), "events/s", "≥ 5,000")
    target.close()
    row("  memory of who does so", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def minutes(made: Cluster, lanes: int) -> None:
    """So many devices of one operation that sync at once, a check each."""
    address = fresh(made)
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
        place = Path(folder)
        lead = Station(place / "lead", "lead")
        lead.take()
        lead.start()
        lead.sync(address)
        for number in range(lanes):
            lane = Station(place / f"lane{number}", f"lane{number}")
            lane.join(address)
            lane.shut()
        lead.sync(address)
        for number in range(lanes):
            lead.trust(f"L{number + 2}")
        lead.sync(address)
        for number in range(lanes):
            lane = Station(place / f"lane{number}", f"lane{number}")
            lane.sync(address)
            lane.shut()
        lead.check("ZZ99ZZZ")
        begun = time.perf_counter()
        lead.sync(address)
        row("a minute's sync, alone", time.perf_counter() - begun, "s", "≤ 1")
        taken = at_once(place, lanes, address)
        row(f"{lanes} devices at once, median", taken[len(taken) // 2], "s")
        row(f"{lanes} devices at once, slowest", taken[-1], "s")
        begun = time.perf_counter()
        lead.sync(address)
        row(f"  then one takes in what {lanes} sent", time.perf_counter() - begun, "s", "≤ 1")
        lead.shut()


def at_once(place: Path, lanes: int, address: str) -> list[float]:
    """Seconds that each device's sync takes, where all begin together."""
    bench = Path(__file__).parent
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _MINUTE, place / f"lane{one}", f"lane{one}", address],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(bench)},
        )
        for one in range(lanes)
    ]
    return sorted(float(one.communicate()[0]) for one in running)


def writers(made: Cluster, rounds: int) -> None:
    begun = time.perf_counter()
    pulled = write_and_pull(fresh(made), 8, rounds)
    assert list(pulled.values()) == [rounds] * 8, pulled
    seconds = time.perf_counter() - begun
    row(f"8 writers × {rounds:,} held transactions, one who pulls", seconds, "s", "none skipped")


def large(made: Cluster, events: int) -> None:
    """Many operations' chains put there by four at once, and what stands there then."""
    database = made.new("exchange")
    address = made.url(database, "lane")
    of_chain = 2_500
    halves = [events // 2, events]
    done, begun = 0, time.perf_counter()
    for half in halves:
        put_chains(address, done // of_chain, half // of_chain, of_chain)
        seconds, number = time.perf_counter() - begun, half - done
        row(f"{half:,} events: the last {number:,} in", number / seconds, "events/s")
        done = half
        reading(made, database, address)
        begun = time.perf_counter()
    (size,) = made.sql(database, "SELECT pg_database_size(current_database())")[0]
    assert isinstance(size, int)
    row("bytes an event at the server", size / events, "bytes")
    row("a year of 50 lanes by this", size / events * _YEAR / 2**30, "GB")


def put_chains(address: str, first: int, last: int, length: int) -> None:
    """Chains by these numbers, each of so many events."""
    waiting = iter(range(first, last))
    lock = threading.Lock()

    def work() -> None:
        server = Server(address)
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                break
            operation = str(UUID(int=number // 20))  # twenty devices an operation
            events = chain(length, f"L{number % 20}", filled(_TEXT))
            for at in range(0, length, _PIECE):
                several = events[at : at + _PIECE]
                said = signed(several[-1])
                found = Piece(read(said), said, several)
                server.run(partial(rows.put, operation=operation, piece=found, size=_SIZE))
        server.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def reading(made: Cluster, database: str, address: str) -> None:
    """A device that pulls one operation, and a count as an analyst's view makes one."""
    operation = str(UUID(int=0))
    target = open_target(address, writing=False)
    begun = time.perf_counter()
    names = target.have(f"{operation}/events")
    row("  what is there of an operation of 50,000 events", time.perf_counter() - begun, "s")
    begun = time.perf_counter()
    for name in names:
        target.fetch(name)
    row("  and pulled", time.perf_counter() - begun, "s")
    target.close()
    for what, query in (
        ("  all headers, counted by kind", "SELECT kind, count(*) FROM portcheck.event GROUP BY 1"),
        ("  pieces of an operation, counted",
         f"SELECT count(*) FROM portcheck.piece WHERE operation = '{operation}'"),
    ):  # fmt: skip
        timed(what, lambda query=query: made.sql(database, query))  # type: ignore[misc]


def timed(what: str, work: Callable[[], object]) -> None:
    begun = time.perf_counter()
    work()
    row(what, time.perf_counter() - begun, "s")


if __name__ == "__main__":
    main()
