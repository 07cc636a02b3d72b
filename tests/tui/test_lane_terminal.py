"""The real program on a pseudo-terminal: typed at, killed, and taken up again."""

import fcntl
import os
import pty
import re
import select
import signal
import sqlite3
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

SECONDS = 30.0
ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[@-_])")
F1, F2, F3, F4, F5 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~"
F6, F10 = "\x1b[17~", "\x1b[21~"


def window(columns: int, rows: int) -> bytes:
    """A size as the terminal keeps it."""
    return struct.pack("HHHH", rows, columns, 0, 0)


class Terminal:
    """The program on a terminal of 80 columns and 24 lines."""

    def __init__(self, program: "Program", *args: str, **env: str) -> None:
        self.number, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, window(80, 24))
        self.process = subprocess.Popen(
            [*program.words, *args],
            cwd=program.folder,
            env={**program.env, "TERM": "xterm-256color", **env},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.written = ""

    def resize(self, columns: int, rows: int) -> None:
        """Drag the window to another size."""
        fcntl.ioctl(self.number, termios.TIOCSWINSZ, window(columns, rows))
        self.process.send_signal(signal.SIGWINCH)

    def rest(self, seconds: float) -> None:
        """Read what is written meanwhile, and forget it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read()
        self.written = ""

    def type(self, text: str) -> None:
        """Press keys, all of them at once."""
        os.write(self.number, text.encode())

    def wait_for(self, words: str) -> str:
        """Everything that was written until these words came, and forget it."""
        end = time.monotonic() + SECONDS
        while words not in ESCAPES.sub("", self.written):
            assert time.monotonic() < end, (words, self.written[-2000:])
            self._read()
        seen, self.written = self.written, ""
        return seen

    def _read(self) -> None:
        if select.select([self.number], [], [], 0.2)[0]:
            try:
                self.written += os.read(self.number, 65536).decode(errors="replace")
            except OSError:  # the program has ended
                time.sleep(0.05)

    def ended(self) -> int:
        """The exit code, once it has ended."""
        end = time.monotonic() + SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < end, self.written[-2000:]
            self._read()
        self._read()
        return self.process.returncode

    def close(self) -> None:
        """Close the terminal's window."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.number)


@contextmanager
def lane(program: "Program", *args: str, **env: str) -> Iterator[Terminal]:
    terminal = Terminal(program, "lane", *args, **env)
    try:
        terminal.wait_for("DAY:")
        yield terminal
    finally:
        terminal.close()


def on_disk(program: "Program", words: str) -> None:
    """Wait for the half-filled outcome to be written: it is, milliseconds after the key."""
    end = time.monotonic() + SECONDS
    while not any(words in path.read_text() for path in program.folder.glob("*.drafts/*.json")):
        assert time.monotonic() < end
        time.sleep(0.01)


OUTCOMES = "SELECT ref, vehicle, primary_outcome FROM vehicle_check ORDER BY number"


@pytest.mark.slow
def test_killed_and_taken_up_again(station: "Program") -> None:
    with lane(station, "--lane", "3") as terminal:
        terminal.type("zz98zzz\r")
        terminal.wait_for("saved L1-003  zz98zzz")
        terminal.type(F2)
        terminal.wait_for("searched, nothing found")
        terminal.type("zz97zzz\r")
        terminal.wait_for("saved L1-004")
        terminal.type(f"{F3}s1")
        terminal.wait_for("1■visual")
        terminal.type("f2")
        terminal.wait_for("Persons found 2")
        on_disk(station, '"persons": 2')
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait()
    assert station.query(OUTCOMES)[2:] == [
        ("L1-003", "zz98zzz", "nothing_found"),
        ("L1-004", "zz97zzz", "not_searched"),
    ]
    with lane(station, "--lane", "3") as terminal:
        terminal.wait_for("the outcome of L1-004 was left half-filled")
        terminal.type(f"{F3}\r")
        terminal.wait_for("saved L1-004  zz97zzz: outcome")
        terminal.type(F10)
        terminal.wait_for("1 match without a decision: L1-001")
        terminal.type("y")
        assert terminal.ended() == 0
    assert station.query(OUTCOMES)[3] == ("L1-004", "zz97zzz", "persons_found")
    assert station.query("SELECT outcome FROM vehicle_check WHERE number = 4") == [
        ('{"persons":2,"searched":["visual"]}',)
    ]
    station.good("audit", "verify")


@pytest.mark.slow
def test_everything_at_once(station: "Program") -> None:
    """What a slow line delivers in one piece: two vehicles, their outcomes, a decision, the end."""
    with lane(station) as terminal:
        terminal.type(f"AB12CDE\tgb\r{F4}{F3}y11\r\rzz98zzz\r{F2}zz97")
        terminal.wait_for("zz98zzz: searched, nothing found")
        terminal.type("\x15\x11")  # Ctrl+U, Ctrl+Q
        terminal.wait_for("1 match without a decision: L1-001")
        terminal.type("y")
        assert terminal.ended() == 0
    assert station.query(OUTCOMES)[2:] == [
        ("L1-003", "AB12CDE", "penalty_enforced"),
        ("L1-004", "zz98zzz", "nothing_found"),
    ]
    (made,) = station.query(
        "SELECT m.decision FROM check_match AS m JOIN vehicle_check AS c"
        " ON c.check_id = m.check_id WHERE c.number = 3"
    )
    assert made == ("confirmed",)


KINDS = "SELECT kind FROM journal ORDER BY position DESC LIMIT ?"


@pytest.mark.slow
def test_a_decision_goes_back_and_no_letter_records_anything(station: "Program") -> None:
    """At 60 by 15: the answer in view, a rejection undone, a void undone, a stray Esc."""
    with lane(station) as terminal:
        terminal.resize(60, 15)
        terminal.rest(0.2)
        terminal.type("AB12CDE\tgb\r")
        seen = ESCAPES.sub("", terminal.wait_for("saved L1-003"))
        assert "■■ LISTED" in seen
        assert "ENFORCEABLE: YES" in seen
        terminal.type(f"{F5}1")
        terminal.wait_for("AB12CDE: rejected")
        terminal.type(f"{F6}\r")
        terminal.wait_for("the match waits for a decision again")
        terminal.type(f"{F4}{F5}")
        terminal.wait_for("Decide again?")
        terminal.type("\x1b")
        terminal.rest(0.2)
        terminal.type("\x1bv")  # as Alt and v, or Esc and v at once
        terminal.wait_for("Enter does it")
        terminal.type("12ABC")
        terminal.wait_for("V12ABC")
        terminal.type("\x15\x1b")
        terminal.rest(1.2)
        terminal.type("n")
        terminal.rest(0.2)
        terminal.type("\x15\x1bv\rtwice\r")
        terminal.wait_for("AB12CDE: void")
        terminal.type(f"{F6}\r")
        terminal.wait_for("the check counts again")
        terminal.type(f"{F10}")
        terminal.wait_for("1 match without a decision: L1-001")
        terminal.type("y")
        assert terminal.ended() == 0
    kinds = [kind for (kind,) in station.query(KINDS, 6)]
    assert kinds[::-1] == [
        "check_recorded", "match_decided", "decision_withdrawn", "match_decided",
        "check_voided", "void_withdrawn",
    ]  # fmt: skip
    assert station.query(OUTCOMES)[2] == ("L1-003", "AB12CDE", "not_searched")
    station.good("audit", "verify")


@pytest.mark.slow
def test_a_window_of_any_size(station: "Program") -> None:
    sizes = ((7, 24), (1, 1), (60, 15), (200, 60), (3, 2), (80, 24))
    with lane(station) as terminal:
        for keys in ("AB12CDE\tgb\r", F3, "o", "\x1b", "\x1b", F5, "\x1b", F1, "\x1b"):
            terminal.type(keys)
            for columns, rows in sizes:
                terminal.resize(columns, rows)
                terminal.rest(0.3)
                assert terminal.process.poll() is None, terminal.written
        terminal.resize(7, 3)
        terminal.type(f"zz98zzz\r{F2}")
        terminal.rest(1.0)
        terminal.resize(80, 24)
        terminal.type(F10)
        terminal.wait_for("matches without a decision")
        terminal.type("y")
        assert terminal.ended() == 0
    assert station.query(OUTCOMES)[-1] == ("L1-004", "zz98zzz", "nothing_found")


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_the_terminal_goes_away(station: "Program", end: signal.Signals) -> None:
    with lane(station) as terminal:
        terminal.type("zz98zzz\r")
        terminal.wait_for("saved L1-003")
        terminal.process.send_signal(end)
        terminal.process.wait(SECONDS)
    assert station.query(OUTCOMES)[2] == ("L1-003", "zz98zzz", "not_searched")
    station.good("check", "zz97zzz")


@pytest.mark.slow
def test_a_hit_rings_the_bell_and_may_not(station: "Program") -> None:
    with lane(station) as terminal:
        terminal.type("ab12cde\r")
        seen = terminal.wait_for("saved L1-003")
        assert "\a" in seen
    with lane(station, "--mute") as terminal:
        terminal.type("ab12cde\r")
        assert "\a" not in terminal.wait_for("saved L1-004")


COLOUR = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|38|48|9[0-7]|10[0-7])\b[0-9;]*m")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("args", "env", "coloured"),
    [((), {}, True), ((), {"NO_COLOR": "1"}, False), (("--contrast",), {}, True)],
)
def test_colour(
    station: "Program", args: tuple[str, ...], env: dict[str, str], coloured: bool
) -> None:
    with lane(station, *args, **env) as terminal:
        terminal.type("ab12cde\r")
        seen = terminal.wait_for("saved L1-003")
        assert bool(COLOUR.search(seen)) == coloured
        assert "■■ LISTED" in ESCAPES.sub("", seen)


@pytest.mark.slow
def test_no_color_option(station: "Program") -> None:
    terminal = Terminal(station, "--no-color", "lane")
    try:
        assert not COLOUR.search(terminal.wait_for("DAY:"))
    finally:
        terminal.close()


def test_a_database_that_cannot_be_used(program: "Program") -> None:
    terminal = Terminal(program, "lane")
    try:
        assert terminal.ended() == 4
        assert "there is no database" in terminal.written
        assert "\x1b[?1049h" not in terminal.written  # the screen was not taken over
    finally:
        terminal.close()


@pytest.mark.slow
def test_a_fault_leaves_a_message_and_no_values(station: "Program") -> None:
    (station.folder / "sitecustomize.py").write_text(
        "import portcheck.tui.panels as panels\n"
        "def broken(*_):\n"
        "    secret = 'SECRET-VALUE'\n"
        "    raise RuntimeError('broken on purpose')\n"
        "panels.figures = broken\n",
        encoding="utf-8",
    )
    terminal = Terminal(station, "lane", PYTHONPATH=str(station.folder))
    try:
        assert terminal.ended() == 1
        assert "a fault in portcheck: RuntimeError: broken on purpose" in terminal.written
        assert "SECRET-VALUE" not in terminal.written
        assert "Traceback" not in terminal.written
    finally:
        terminal.close()


def test_a_damaged_database(station: "Program") -> None:
    with closing(sqlite3.connect(station.database)) as connection, connection:
        connection.execute("DROP TABLE action_list")
    terminal = Terminal(station, "lane")
    try:
        assert terminal.ended() == 4
        assert "action_list" in terminal.written
        assert "portcheck doctor" in terminal.written
    finally:
        terminal.close()
