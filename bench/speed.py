"""Speed, as ratios within one run: absolute times depend on the machine, ratios less so.

    python bench/speed.py [--quick]

A command is timed as a shell sees it, turn by turn with its yardstick, and the
medians are compared.  The last column is the figure to stay under.
"""

import argparse
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from portcheck.services import operation
from portcheck.services.day.tally import tally
from stores import context_for, fill_checks, fill_list

SCREEN = "import typer, rich.console, rich.table"
MODELS = "import typer, rich.console, rich.table, sqlmodel"
PROGRAM = str(Path(sys.executable).with_name("portcheck"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer turns, smaller databases")
    quick = parser.parse_args().quick
    turns = 7 if quick else 25
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {turns} turns, medians\n"
    )
    print(f"{'what':<44}{'ms':>8}{'yardstick':>11}{'ratio':>8}{'limit':>8}")
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
        commands(Path(folder), turns, entries=10_000 if quick else 100_000)
        checks = 10_000 if quick else 100_000
        print()
        tallies(Path(folder), checks, "tally", (500, 10))
        tallies(Path(folder), checks, "rich tally", (300, 11), rich=True)


def commands(folder: Path, turns: int, *, entries: int) -> None:
    """`lookup`, `--help` and `check` beside what it costs to import their libraries."""
    path = folder / "speed.db"
    context = context_for(path)
    fill_list(context, entries)
    operation.start(context, "Bench")
    listed = context.connection.execute("SELECT registration FROM entry LIMIT 1").fetchone()[0]
    context.connection.close()
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    } | {
        "PORTCHECK_DB": str(path),
        "PORTCHECK_CONFIG": str(folder / "none.toml"),
        "PORTCHECK_OFFICER": "bench",
    }

    def run(*words: str) -> Callable[[], float]:
        return lambda: timed(words, environment)

    screen = run(sys.executable, "-c", SCREEN)
    models = run(sys.executable, "-c", MODELS)
    row("--help", run(PROGRAM, "--help"), screen, turns, 1.3)
    row(
        f"lookup, {entries:,} entries, recorded", run(PROGRAM, "lookup", listed), screen, turns, 1.6
    )
    row("lookup, clear", run(PROGRAM, "lookup", "ZZ99 QQQ"), screen, turns, 1.6)
    row("check, saved", run(PROGRAM, "check", listed, "--search", "dog"), models, turns, 1.35)
    row(
        "check, answer on the screen",
        lambda: first_output((PROGRAM, "check", listed), environment),
        models,
        turns,
        1.35,
    )


def tallies(
    folder: Path, checks: int, what: str, limits: tuple[int, int], *, rich: bool = False
) -> None:
    """`tally` in the process, and how it grows with the checks (`stores.fill_checks`).

    The limits are milliseconds, and how many times as long as for a tenth of the checks.
    """
    times = {}
    for number in (checks // 10, checks):
        context = context_for(folder / f"{what}-{number}.db")
        if rich:
            fill_list(context, 1)
        fill_checks(context, number, rich=rich)
        times[number] = statistics.median(seconds(partial(tally, context)) for _ in range(5))
        context.connection.close()
    small, large = times.values()
    most, growth = limits
    longer = "  ten times the checks, so many times as long"
    title = f"{what}, {checks:,} checks, in the process"
    print(f"{title:<44}{large * 1000:>8.0f}{'':>19}{most:>8}")
    print(f"{longer:<44}{'':>19}{large / small:>8.2f}{growth:>8}", flush=True)


def row(
    what: str, measured: Callable[[], float], against: Callable[[], float], turns: int, limit: float
) -> None:
    """Time both in turn and print the ratio of their medians."""
    measured(), against()
    pairs = [(measured(), against()) for _ in range(turns)]
    ours, theirs = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"{what:<44}{ours:>8.0f}{theirs:>11.0f}{ours / theirs:>8.2f}{limit:>8}", flush=True)


def timed(words: Sequence[str], environment: dict[str, str]) -> float:
    """Seconds until the command has ended."""
    return seconds(lambda: subprocess.run(words, env=environment, capture_output=True, check=True))


def first_output(words: Sequence[str], environment: dict[str, str]) -> float:
    """Seconds until the first line of the answer can be read."""
    start = time.perf_counter()
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = time.perf_counter() - start
        process.stdout.read()
    return found


def seconds(call: Callable[[], object]) -> float:
    """How long `call` takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
