"""`feed` and `screen` as the shell sees them."""

import inspect
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import typer

from portcheck.cli import feed as feed_command
from portcheck.cli import screen as screen_command
from portcheck.services.checks.feed import LEAST_CONFIDENCE

if TYPE_CHECKING:
    from tests.conftest import Program, Ran, RunHere

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).parents[2] / "sample_data"
MANIFEST = """\
Registration,Trailer,Country,Sailing
XX1,,GB,Caen
AB12CED,C1234567,GB,Caen
A812CDE,,GB,Caen
XX1,,GB,Caen
,,GB,Caen
WX 12345,,PL,Caen
"""

IN_WORDS = """\
               Unit     Manifest      List                Owed  Enforceable  Row
■■ LISTED      vehicle  WX 12345      WX 12345       £2,000.00  NO             7
■■ LISTED      trailer  C1234567      C123 4567        £500.00  YES            3
                        with AB12CED
≈  LOOKS LIKE  vehicle  AB12CED       AB12 CDE       £2,400.00  if so: yes     3
                                      read the
                                      plate again:
                                      6–7 swapped
■■ LISTED      vehicle  A812CDE       AB12 CDE       £2,400.00  YES            4
                                      lookalike: 8
                                      for B, place
                                      2
Manifest manifest.csv
   file       6 rows = 4 accepted + 1 duplicate + 1 rejected
   columns    registration = Registration, trailer_registration = Trailer,
   country = Country, sailing = Sailing
   answers    3 listed, 0 possible, 1 clear
   list       CECPT version 1, 4 rows, today
! NOT SCREENED: 1 row
   rejected   row 6: there is no registration in this row
   duplicate  row 5: the same registrations on the same sailing as row 2
"""


@pytest.fixture
def manifest(station: "Program") -> "Program":
    (station.folder / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    return station


def lines_of(*reads: Any) -> str:
    return "".join(json.dumps(read) + "\n" for read in reads)


@contextmanager
def feeding(world: "Program", *args: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [*world.words, "feed", *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=world.env,
        cwd=world.folder,
        text=True,
    ) as process:
        yield process


def exchange(process: "subprocess.Popen[str]", line: str) -> Any:
    assert process.stdin
    assert process.stdout
    process.stdin.write(line)
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@pytest.mark.slow
def test_the_sample_camera_is_answered_line_by_line(program: "Program") -> None:
    program.good("list", "import", SAMPLE / "action_list.xlsx", "--list", "CECPT")
    program.good("op", "start", "Sample", "--at", "2021-06-17 06:00")
    stdin = (SAMPLE / "camera.jsonl").read_text(encoding="utf-8")
    ran = program.good("feed", "--direction", "inbound", stdin=stdin)
    assert len(ran.lines) == 40
    assert ran.err.startswith(
        "40 lines: 38 checks recorded, 1 repeated, 1 refused; 1 listed, 0 possible\n"
    )
    (error,) = [one["error"] for one in ran.lines if "error" in one]
    assert error["line"] == 18
    (repeat,) = [one for one in ran.lines if "duplicate_of" in one]
    assert (repeat["line"], repeat["duplicate_of"]) == (6, "L1-005")
    (hit,) = [one for one in ran.lines if one.get("verdict") == "listed"]
    assert (hit["query"], hit["key"]) == ("CU41TKV", "CU41TKV")
    (match,) = [one for one in hit["matches"] if one["tier"] == "exact"]
    assert match["registration"] == "CJ 47 TKV"
    assert match["why"].startswith("read as CU41TKV (58%), candidate CJ47TKV (51%) matches")
    assert program.json("tally")["checks"] == 38
    again = program.good("feed", stdin=stdin)
    assert "0 checks recorded, 39 repeated" in again.err


def test_each_line_is_answered_at_once_and_recorded_by_then(station: "Program") -> None:
    with feeding(station) as process:
        first = exchange(process, lines_of({"plate": "AB12CDE", "lane": "In 1"}))
        assert first["verdict"] == "listed"
        assert first["check"]["saved"] is True
        assert station.query("SELECT source, lane FROM vehicle_check WHERE ref = 'L1-003'") == [
            ("feed", "In 1")
        ]
        assert exchange(process, "\n\nno JSON\n")["error"]["line"] == 4
        assert exchange(process, lines_of({"plate": "ab12 cde"}))["duplicate_of"] == "L1-003"
        _, told = process.communicate()
    assert process.returncode == 0
    assert told.startswith("3 lines: 1 check recorded, 1 repeated, 1 refused")


def test_a_feed_says_what_was_checked_before(station: "Program") -> None:
    """But for the check that the read itself was saved as, and those that it repeats."""
    reads = ({"plate": "zz99 zzz"}, {"plate": "ZZ99ZZZ"}, {"plate": "XX9"})
    told = station.good("feed", stdin=lines_of(*reads)).lines
    assert [[one["ref"] for one in answer["seen"]] for answer in told] == [
        ["L1-002"],
        ["L1-002"],
        [],
    ]
    assert told[1]["duplicate_of"] == told[0]["check"]["ref"] == "L1-003"
    assert told[0]["seen"][0]["operation"] == "Dover 1"
    answered = station.good("feed", "--no-record", stdin=lines_of(reads[0])).lines
    assert [one["ref"] for one in answered[0]["seen"]] == ["L1-002"]
    assert [one["ref"] for one in station.json("check", "ZZ99ZZZ")["seen"]] == ["L1-003", "L1-002"]


@pytest.mark.slow
def test_log_show_tells_what_the_camera_read(station: "Program") -> None:
    read = {
        "plate": "AB12CED",
        "confidence": 0.91,
        "lane": "In 1",
        "candidates": [{"plate": "AB12GED", "confidence": 0.4}, {"plate": "A812CED"}],
    }
    station.good("feed", stdin=lines_of(read))
    shown = station.good("log", "show", "3").out
    assert (
        "   camera read  AB12CED (91%), lane In 1\n                or AB12GED (40%), A812CED\n"
    ) in shown
    assert "                  if it is this vehicle, enforceable: yes (" in shown
    assert "ENFORCEABLE: YES" not in shown
    document = station.json("log", "show", "3")
    assert document["read"] == read | {
        "candidates": [
            {"plate": "AB12GED", "confidence": 0.4},
            {"plate": "A812CED", "confidence": None},
        ]
    }
    assert "camera" not in station.good("log", "show", "1").out
    station.good("decide", "3", "--confirm")
    assert "ENFORCEABLE: YES" in station.good("log", "show", "3").out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "if it is this vehicle, enforceable: yes"),
        (("--confirm",), "ENFORCEABLE: YES"),
        (("--reject", "another make"), "for the listed vehicle, enforceable: yes"),
    ],
)
def test_a_check_that_only_looks_like_an_entry_is_told_as_it_was_decided(
    options: tuple[str, ...], said: str, desk: "Program"
) -> None:
    out = desk.good("check", "AB12CED", *options).out
    assert out.startswith("≈  LOOKS LIKE  AB12 CDE")
    assert f"     {said}\n" in out


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_ends_cleanly(name: signal.Signals, station: "Program") -> None:
    with feeding(station) as process:
        exchange(process, lines_of({"plate": "XX77XXX"}))
        process.send_signal(name)
        out, told = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert told.startswith("1 line: 1 check recorded")


def test_a_reader_of_the_answers_that_goes_away_is_no_fault(station: "Program") -> None:
    with feeding(station) as process:
        exchange(process, lines_of({"plate": "XX77XXX"}))
        assert process.stdout
        process.stdout.close()
        assert process.stdin
        process.stdin.write(lines_of({"plate": "XX88XXX"}))
        process.stdin.close()
        process.wait(timeout=20)
        assert process.stderr
        assert "fault" not in process.stderr.read()
    assert process.returncode == 0
    assert station.query("SELECT COUNT(*) FROM vehicle_check WHERE source = 'feed'") == [(2,)]


def test_hostile_lines_are_answered_and_the_feed_goes_on(station: "Program") -> None:
    lines = [
        b'{"plate": "AB\xff"}',
        b"[" * 60_000,
        b'{"a": "' + b"x" * 300_000 + b'"}',
        b'{"plate": "AB12CDE", "confidence": NaN}',
        b'{"plate": "\\u001b[31mXX\\u202e1"}',
        b'{"plate": "[/red]"}',
        b'{"plate": "XX77XXX", "lane": "\\u001b]0;x\\u0007"}',
    ]
    done = subprocess.run(
        [*station.words, "feed"],
        input=b"\n".join(lines),
        capture_output=True,
        env=station.env,
        cwd=station.folder,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("error", {}).get("line") for answer in answers] == [
        *(1, 2, 3, 4, 5, 6, None)
    ]
    assert b"\x1b" not in done.stdout + done.stderr
    assert answers[6]["lane"] == "]0;x"


def test_the_usual_confidence_of_a_candidate_is_the_services() -> None:
    taken = inspect.signature(feed_command.feed).parameters["candidate_confidence"]
    assert taken.default == LEAST_CONFIDENCE


def test_answering_only(station: "Program") -> None:
    before = station.query("SELECT COUNT(*) FROM vehicle_check")
    ran = station.good("feed", "--no-record", stdin=lines_of({"plate": "AB12CDE"}))
    assert ran.lines[0]["verdict"] == "listed"
    assert "check" not in ran.lines[0]
    assert station.query("SELECT COUNT(*) FROM vehicle_check") == before
    assert ran.err.startswith("1 line: none recorded")


@pytest.fixture
def shell(run_here: "RunHere", monkeypatch: pytest.MonkeyPatch) -> "Callable[..., Ran]":
    """The program in this process, with something on its standard input."""

    def run(world: "Program", *args: str, stdin: str = "") -> "Ran":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        return run_here(world, *args)

    return run


LIST_CSV = ("list", "import", "list.csv")
START = ("op", "start", "T")


@pytest.mark.parametrize(
    ("first", "args", "code", "why"),
    [
        ((), ["feed"], 4, "there is no database"),
        ([START], ["feed"], 3, "no list is in force"),
        ([START], ["feed", "--no-list"], 0, "1 check recorded"),
        ([LIST_CSV], ["feed"], 3, "no operation is under way"),
        ([LIST_CSV], ["feed", "--no-record"], 0, "none recorded"),
        ([START], ["screen", "list.csv"], 3, "no list is in force"),
        ([LIST_CSV], ["screen", "list.csv"], 0, "user name"),
        ([LIST_CSV], ["screen", "nothing.csv"], 3, "no such file"),
        ([LIST_CSV], ["screen", "list.csv", "--map", "x"], 2, "is not FIELD=HEADER"),
        ([LIST_CSV], ["screen", "list.csv", "--map", "country="], 2, "is not FIELD=HEADER"),
        ((), ["screen", "list.csv", "--out", "stop.pdf"], 3, "is none of .xlsx, .csv"),
        ((), ["feed", "--direction", "sideways"], 3, "sideways"),
        ((), ["feed", "--candidate-confidence", "2"], 2, "candidate-confidence"),
    ],
)
def test_what_must_be_there_first(
    first: "list[tuple[str, ...]]",
    args: list[str],
    code: int,
    why: str,
    program: "Program",
    shell: "Callable[..., Ran]",
) -> None:
    (program.folder / "list.csv").write_text("Registration\nAB12CDE\n", encoding="utf-8")
    anonymous = replace(program, env={**program.env, "PORTCHECK_OFFICER": ""})
    for words in first:
        assert shell(program, *words).code == 0
    ran = shell(anonymous, *args, stdin=lines_of({"plate": "AB12CDE"}))
    assert ran.code == code, ran
    assert why in ran.err


def test_a_manifest_in_words(manifest: "Program") -> None:
    printed = manifest.good("screen", "manifest.csv").out
    assert [line.rstrip() for line in printed.splitlines()] == IN_WORDS.splitlines()
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Reg plate\nAB12CDE\n", "registration = Reg plate"),
        (
            "Vessel,Voyage,Container no,Vehicle reg\nMV Test,12,,AB12CDE\n",
            "sailing = Vessel, container = Container no, registration = Vehicle reg",
        ),
        (
            (
                "Manifest,,,,\n,Vehicle,,Unaccompanied,Customer\n"
                "Seq,Tractor / Unit reg,Nat.,Trailer reg.,Customer / Haulier\n"
                "1,AB12 CDE,GB,C7654321,Acme\n"
            ),
            (
                "registration = Tractor / Unit reg, country = Nat., trailer_registration = "
                "Trailer reg., haulier = Customer / Haulier"
            ),
        ),
    ],
)
def test_headings_that_a_list_knows_are_known_to_a_manifest(
    desk: "Program", text: str, columns: str
) -> None:
    """Of two columns for what decides nothing the first is read; of two rows of headings that
    one which names most.
    """
    (desk.folder / "m.csv").write_text(text, encoding="utf-8")
    ran = desk.run("screen", "m.csv", "--exit-code")
    assert (ran.code, ran.err) == (10, "")
    assert f"columns {columns}" in " ".join(ran.out.split())


def test_a_manifest_with_nothing_to_stop(desk: "Program") -> None:
    (desk.folder / "m.csv").write_text("Registration\nYY1\nYY2\n", encoding="utf-8")
    ran = desk.good("screen", "m.csv")
    assert ran.out.startswith("·  CLEAR  no row that was screened is listed\n")
    assert "2 rows = 2 accepted + 0 duplicate + 0 rejected" in ran.out


def test_a_manifest_for_programs(manifest: "Program") -> None:
    ran = manifest.good("screen", "manifest.csv", "--json")
    assert [one["row"] for one in ran.lines] == [7, 3, 4, 6, 2, 5]
    assert [one.get("verdict") for one in ran.lines] == [
        *("listed", "listed", "listed", None, "clear", "clear")
    ]
    assert ran.lines[3]["error"]["reason"] == "there is no registration in this row"
    assert ran.lines[5]["duplicate_of"] == 2
    assert "manifest.csv: 6 rows = 4 accepted + 1 duplicate + 1 rejected" in ran.err
    stdin = (manifest.folder / "manifest.csv").read_text(encoding="utf-8")
    piped = manifest.good("screen", "-", "--json", stdin=stdin)
    assert [one["row"] for one in piped.lines] == [one["row"] for one in ran.lines]


@pytest.mark.parametrize(
    ("row", "code"), [("AB12CDE", 10), ("A812CDE", 10), ("AB12CED", 11), ("XX1", 0)]
)
def test_the_exit_code_tells_the_strongest_verdict(row: str, code: int, desk: "Program") -> None:
    (desk.folder / "m.csv").write_text(f"Registration\nYY1\n{row}\n", encoding="utf-8")
    assert desk.run("screen", "m.csv", "--exit-code").code == code
    assert desk.run("screen", "m.csv", "--json", "--exit-code").code == code
    assert desk.run("screen", "m.csv").code == 0


def test_the_file_for_the_lane(desk: "Program") -> None:
    (desk.folder / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    ran = desk.good("screen", "manifest.csv", "--out", "stop.xlsx", "--recipient", "Lane 3")
    assert "5 lines written to stop.xlsx" in ran.err
    assert desk.run("screen", "manifest.csv", "--out", "stop.xlsx").code == 3
    quiet = desk.good("--quiet", "screen", "manifest.csv", "--out", "stop.xlsx", "--force")
    assert quiet.err == ""
    kinds = desk.query("SELECT kind FROM journal ORDER BY position DESC LIMIT 2")
    assert kinds == [("data_disclosed",), ("record_consulted",)]
    assert (desk.folder / "stop.xlsx").stat().st_mode & 0o077 == 0


def test_who_stops_reading_has_still_been_told(manifest: "Program") -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*manifest.words, "screen", "manifest.csv", "--json"],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=manifest.env,
        cwd=manifest.folder,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 0
    (kind,) = manifest.query("SELECT kind FROM journal ORDER BY position DESC LIMIT 1")
    assert kind == ("record_consulted",)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "quiet", "after", "shown"),
    [
        (True, False, 0.0, True),
        (True, False, 60.0, False),
        (True, True, 0.0, False),
        (False, False, 0.0, False),
    ],
)
def test_progress_is_shown_on_a_terminal_when_it_takes_a_while(
    terminal: bool, quiet: bool, after: float, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen_ = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen_)
    monkeypatch.setattr(screen_command, "SHOWN_AFTER", after)
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    ctx = cast("typer.Context", SimpleNamespace(obj=SimpleNamespace(quiet=quiet, plain=False)))
    with screen_command._progress(ctx) as progress:
        progress(50, 200)
        progress(200, 200)
    assert ("screening" in screen_.getvalue()) is shown
