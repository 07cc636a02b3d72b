"""What another device's day costs, and making everything anew, in a large operation.

    python bench/fold.py [--quick]

A day of a lane is 3,000 checks with an outcome each, taken into a database of 100,000
checks; then all of its projections are made again from the journal.  Seconds of
processor time, beside what so many additions take in Python (ten million: 0.6 s on a
quiet machine), and the figure to stay under.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from devices import NOON, Device
from portcheck.journal.append import Actor
from portcheck.journal.exchange import held, receive, sealed
from portcheck.journal.sharing import DeviceJoined, DeviceTrusted
from portcheck.services.context import Context
from portcheck.store import projections
from portcheck.store.connection import transaction
from portcheck.store.schema import open_in_memory
from stores import context_for, fill_checks, fill_list

DAY = 3_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smaller database and day")
    part = 10 if parser.parse_args().quick else 1
    checks, day = 100_000 // part, DAY // part
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
        context = context_for(Path(folder) / "fold.db")
        fill_list(context, 1)
        operation_id = fill_checks(context, checks, rich=True).operation_id
        connection = context.connection
        with closing(open_in_memory()) as elsewhere:
            device = another(context, elsewhere, operation_id)
            events = its_day(device, day)
            row(f"{events:,} events of another device", lambda: taken(connection, elsewhere), 10)
        row(f"{checks + day:,} checks made anew", lambda: made_anew(connection), 60)
        row("ten million additions", additions, 0)


def another(context: Context, elsewhere: sqlite3.Connection, operation_id: str) -> Device:
    """A device that knows of the operation alone, and is trusted there."""
    lead = context.connection
    opening = next(one for one in sealed(lead, {}) if one.header.kind == "operation_opened")
    first = [one for one in sealed(lead, {}) if one.header.seq <= opening.header.seq]
    with transaction(elsewhere):
        receive(elsewhere, first, source="bench", now=NOON)
        projections.take(elsewhere, 0)
    device = Device(elsewhere, Actor("9", "Police", "L9"), 9, operation=operation_id)
    device.write(DeviceJoined(operation_id=operation_id))
    taken(lead, elsewhere)
    chain = device.chain.hex()
    with context.writing() as writer:
        writer.append(DeviceTrusted(operation_id=operation_id, chain=chain, label="L9"))
    return device


def its_day(device: Device, checks: int) -> int:
    """It makes its checks; how many events that is."""
    for number in range(checks):
        device.check(int(number % 40 == 0))
        device.outcome(f"c-9-{device.made}", 0, ("", "", "", {}))
    return device.written - 1


def taken(connection: sqlite3.Connection, elsewhere: sqlite3.Connection) -> None:
    with transaction(connection):
        (before,) = connection.execute("SELECT MAX(arrival) FROM journal").fetchone()
        came = receive(connection, sealed(elsewhere, held(connection)), source="bench", now=NOON)
        projections.take(connection, before)
    assert came.refused == []


def made_anew(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        projections.rebuild(connection)


def additions() -> None:
    total = 0
    for number in range(10_000_000):
        total += number


def row(what: str, call: Callable[[], None], limit: int) -> None:
    """Time it and print the seconds beside the limit."""
    start, used = time.perf_counter(), time.process_time()
    call()
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    print(f"{what:<44}{cpu:>8.1f} s{wall:>8.1f} s{limit or '':>8}", flush=True)


if __name__ == "__main__":
    main()
