"""The lane in a real terminal: from Enter to the answer drawn, and from the start to ready.

    python bench/lane.py [--quick] [--database FILE]

The program runs on a pseudo-terminal, which is read as a terminal would: a
check has been answered when its answer has come out of the program, and saved
when the word has.  Times are what an officer waits; the start is compared with
what it costs to import the libraries.
"""

import argparse
import fcntl
import os
import platform
import pty
import re
import select
import signal
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from portcheck.services import operation
from stores import context_for, fill_list, registrations

PROGRAM = str(Path(sys.executable).with_name("portcheck"))
YARDSTICK = "import textual.app, sqlmodel"
WIDTH, HEIGHT = 80, 24
SECONDS = 20.0
_ESCAPE = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[@-_])")


class Terminal:
    """A program on a pseudo-terminal, and what it has written since the last look."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.number, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.process = subprocess.Popen(
            words,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._raw = b""

    def type(self, text: str) -> float:
        """Send keys; when they were sent."""
        self._raw = b""
        os.write(self.number, text.encode())
        return time.perf_counter()

    def wait_for(self, *patterns: str) -> list[float]:
        """When each of the patterns could be read on the screen."""
        found: dict[str, float] = {}
        end = time.perf_counter() + SECONDS
        while len(found) < len(patterns):
            if time.perf_counter() > end:
                raise SystemExit(f"{patterns} did not come: {self._raw[-3000:]!r}")
            if select.select([self.number], [], [], 0.5)[0]:
                self._raw += os.read(self.number, 65536)
                now = time.perf_counter()
                text = _ESCAPE.sub(b"", self._raw).decode(errors="replace")
                for pattern in patterns:
                    if pattern not in found and re.search(pattern, text):
                        found[pattern] = now
        return [found[pattern] for pattern in patterns]

    def end(self) -> None:
        """Stop the program as a closed terminal does."""
        self.process.send_signal(signal.SIGHUP)
        self.process.wait()
        os.close(self.number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer turns, a small list")
    parser.add_argument("--database", type=Path, help="one made before, to save the time")
    given = parser.parse_args()
    entries, turns = (10_000, 60) if given.quick else (1_000_000, 300)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
        path = given.database or Path(folder) / "lane.db"
        if not path.exists():
            context = context_for(path)
            fill_list(context, entries)
            operation.start(context, "Bench")
            context.connection.close()
        with sqlite3.connect(path) as connection:
            found = connection.execute("SELECT COUNT(*) FROM entry").fetchone()[0]
        print(f"{found:,} entries, {turns} checks, every second one listed\n")
        environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        } | {
            "PORTCHECK_DB": str(path),
            "PORTCHECK_CONFIG": str(Path(folder) / "none.toml"),
            "PORTCHECK_OFFICER": "bench",
            "TERM": "xterm-256color",
        }
        answers(path, environment, turns)
        starts(environment, 5 if given.quick else 15)


def answers(path: Path, environment: dict[str, str], turns: int) -> None:
    """Type registrations one after the other, as soon as the last is saved."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT registration FROM entry LIMIT ?", (turns,))
        listed = [row[0] for row in rows]
    strange = list(islice(registrations(7), turns))
    drawn, saved = [], []
    with lane(environment) as terminal:
        for turn in range(turns + 10):
            mark = listed[turn % turns] if turn % 2 else strange[turn % turns]
            terminal.type(mark)
            terminal.wait_for(mark)
            sent = terminal.type("\r")
            shape = f"{mark[:4]} {mark[4:]}" if turn % 2 else mark
            word = "LISTED" if turn % 2 else "(CLEAR|LOOKS LIKE)"
            came, kept = terminal.wait_for(
                rf"{word}\s+({shape}|[A-Z0-9 ]+)", rf"saved \S+\s+{mark}"
            )
            if turn >= 10:  # the first ones load what is needed once
                drawn.append(came - sent)
                saved.append(kept - sent)
    print(f"{'from Enter':<44}{'p50 ms':>8}{'p99 ms':>8}{'limits':>12}")
    told("to the answer drawn", drawn, "30 / 100")
    told("to “saved”, the check committed", saved, "")


def told(what: str, times: list[float], limits: str) -> None:
    """A row of percentiles."""
    ordered = sorted(times)
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    print(f"{what:<44}{statistics.median(ordered) * 1000:>8.1f}{p99 * 1000:>8.1f}{limits:>12}")


def starts(environment: dict[str, str], turns: int) -> None:
    """From the command to a screen that takes a registration, beside the imports."""
    pairs = [(ready(environment), imports(environment)) for _ in range(turns + 1)][1:]
    ours, theirs = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"\n{'from the start':<44}{'ms':>8}{'imports':>8}{'ratio':>6}{'limit':>6}")
    print(f"{'to ready':<44}{ours:>8.0f}{theirs:>8.0f}{ours / theirs:>6.2f}{2:>6}")


def ready(environment: dict[str, str]) -> float:
    """Seconds until the operation and the list stand on the screen."""
    start = time.perf_counter()
    terminal = Terminal([PROGRAM, "lane"], environment)
    came = terminal.wait_for(r"Bench .*officer", "list bench version")
    terminal.end()
    return max(came) - start


def imports(environment: dict[str, str]) -> float:
    """Seconds to import Textual and SQLModel."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", YARDSTICK], env=environment, check=True)
    return time.perf_counter() - start


@contextmanager
def lane(environment: dict[str, str]) -> Iterator[Terminal]:
    """The program, ready to take a registration, without its bell."""
    terminal = Terminal([PROGRAM, "lane", "--mute"], environment)
    try:
        terminal.wait_for("list bench version", "DAY:")
        yield terminal
    finally:
        terminal.end()


if __name__ == "__main__":
    main()
