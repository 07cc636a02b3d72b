"""How many camera reads a second `portcheck feed` takes, each of them durable.

    python bench/feed.py [--quick]

The program runs as the shell would run it, on a list of the given length.  A
burst is what a reconnected camera sends; one at a time, every line waits for the
answer to the one before, so that each has a commit of its own; arriving, they
come at a steady rate, whatever becomes of the answers.
"""

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import IO

from portcheck.services import operation
from stores import context_for, fill_list, registrations

WANTED = 200
"""Reads a second to stay above."""
ARRIVING = 250
"""Reads a second that are sent, a little more than that."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a shorter list, fewer reads")
    quick = parser.parse_args().quick
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}\n"
    )
    print(f"{'what':<46}{'reads/s':>9}{'at least':>10}{'median ms':>11}{'99th ms':>9}")
    for entries in (10_000,) if quick else (10_000, 1_000_000):
        with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
            measure(Path(folder) / "feed.db", entries, 400 if quick else 4_000)


def measure(path: Path, entries: int, reads: int) -> None:
    """Time a burst and single reads on a list of so many entries."""
    context = context_for(path)
    fill_list(context, entries)
    operation.start(context, "Bench")
    context.connection.close()
    environment = os.environ | {
        "PORTCHECK_DB": str(path),
        "PORTCHECK_CONFIG": str(path.with_suffix(".toml")),
        "PORTCHECK_OFFICER": "bench",
    }
    lines = [line_of(mark) for mark in islice(registrations(7), reads * 2)]
    burst = "".join(lines[:reads])
    start = time.perf_counter()
    done = subprocess.run(
        feed(), env=environment, input=burst, capture_output=True, text=True, check=True
    )
    row(f"burst of {reads:,}, {entries:,} entries", reads / (time.perf_counter() - start))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum("check" in answer for answer in answers) == reads, done.stderr
    waits = one_at_a_time(lines[reads : reads + reads // 4], environment)
    row(f"one at a time, {entries:,} entries", len(waits) / sum(waits), waits)
    waits, rate = arriving(lines[reads + reads // 4 :], environment)
    row(f"arriving {ARRIVING} a second, {entries:,} entries", rate, waits)


def one_at_a_time(lines: list[str], environment: dict[str, str]) -> list[float]:
    """Seconds from each line to its answer, without those of starting the program."""
    waits = []
    with running(environment) as (given, answers):
        for line in lines:
            start = time.perf_counter()
            given.write(line)
            given.flush()
            assert '"saved":true' in answers.readline()
            waits.append(time.perf_counter() - start)
    return waits[1:]


def arriving(lines: list[str], environment: dict[str, str]) -> tuple[list[float], float]:
    """Seconds from each line to its answer at a steady rate, and the answers a second."""
    with running(environment) as (given, answers):
        given.write(lines[0])
        given.flush()
        answers.readline()
        start = time.perf_counter()
        due = [start + number / ARRIVING for number in range(1, len(lines))]

        def write() -> None:
            for line, when in zip(lines[1:], due, strict=True):
                time.sleep(max(when - time.perf_counter(), 0))
                given.write(line)
                given.flush()

        writer = Thread(target=write)
        writer.start()
        waits = []
        for when in due:
            assert '"saved":true' in answers.readline()
            waits.append(time.perf_counter() - when)
        writer.join()
    return waits, len(due) / (time.perf_counter() - start)


@contextmanager
def running(environment: dict[str, str]) -> Iterator[tuple[IO[str], IO[str]]]:
    """The program's standard input and output while it runs."""
    with subprocess.Popen(
        feed(),
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout
        process.stdin.close()


def feed() -> list[str]:
    return [sys.executable, "-m", "portcheck", "feed", "--direction", "inbound"]


def line_of(mark: str) -> str:
    """A read with one other candidate, as readers give it."""
    other = mark.replace(mark[2], "B" if mark[2] != "B" else "8")
    candidates = [{"plate": mark, "confidence": 0.91}, {"plate": other, "confidence": 0.42}]
    read = {"plate": mark, "confidence": 0.91, "candidates": candidates, "lane": "In 1"}
    return json.dumps(read | {"country": "GB"}) + "\n"


def row(what: str, rate: float, waits: list[float] | None = None) -> None:
    times = ""
    if waits:
        median = statistics.median(waits) * 1000
        worst = statistics.quantiles(waits, n=100)[98] * 1000
        times = f"{median:>11.1f}{worst:>9.1f}"
    print(f"{what:<46}{rate:>9.0f}{WANTED:>10}{times}", flush=True)


if __name__ == "__main__":
    main()
