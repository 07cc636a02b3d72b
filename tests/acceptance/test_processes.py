"""Several processes on one database wait for each other and lose nothing."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portcheck.intake.files.source import open_source
from portcheck.journal.append import Actor
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import load
from portcheck.store import connection as store_connection
from portcheck.store.schema import open_store

if TYPE_CHECKING:
    from tests.conftest import Program, RunHere

RECORDER = Path(__file__).with_name("recorder.py")
PROCESSES, EACH = 4, 250


def together(program: "Program", *calls: list[str]) -> list[tuple[int, str, str]]:
    """Run several calls at once; (code, stdout, stderr) of each."""
    running = [
        subprocess.Popen(
            [*program.words, *call],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=dict(program.env),
            cwd=program.folder,
        )
        for call in calls
    ]
    ends = [one.communicate(timeout=120) for one in running]
    return [(one.returncode, *end) for one, end in zip(running, ends, strict=True)]


@pytest.mark.slow
def test_four_processes_record_a_thousand_checks(station: "Program") -> None:
    orders = [
        {"do": "record", "database": str(station.database), "seed": seed, "count": EACH}
        for seed in range(PROCESSES)
    ]
    running = [
        subprocess.Popen(
            [sys.executable, RECORDER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=dict(station.env),
        )
        for _ in orders
    ]
    for process, order in zip(running, orders, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
    told = [process.communicate(timeout=100)[0].split("\n") for process in running]
    saved = [[line for line in lines if line.startswith("L1-")] for lines in told]

    assert [len(refs) for refs in saved] == [EACH] * PROCESSES
    refs = [ref for part in saved for ref in part]
    first = 3  # the station has two checks already
    wanted = [f"L1-{number:03d}" for number in range(first, first + PROCESSES * EACH)]
    assert sorted(refs, key=lambda ref: int(ref[3:])) == wanted
    stored = station.query("SELECT ref FROM vehicle_check WHERE number >= ? ORDER BY number", first)
    assert [ref for (ref,) in stored] == wanted
    notes = station.query("SELECT outcome ->> 'notes' FROM vehicle_check WHERE number >= ?", first)
    assert len(set(notes)) == PROCESSES * EACH
    assert station.json("audit", "verify")["intact"]
    assert station.json("doctor")["good"]


@pytest.mark.slow
def test_a_database_made_by_three_at_once(program: "Program") -> None:
    ends = together(program, *(["op", "start", f"Day {number}"] for number in range(3)))
    assert [code for code, _, _ in ends] == [0] * 3, ends
    names = {name for (name,) in program.query("SELECT name FROM operation")}
    assert names == {f"Day {number}" for number in range(3)}
    assert program.json("doctor")["good"]


@pytest.mark.slow
def test_one_log_taken_by_two_at_once_counts_once(station: "Program") -> None:
    rows = "".join(f"RT{i:04d},2021-06-17 10:{i % 60:02d}\n" for i in range(400))
    (station.folder / "log.csv").write_text(f"Registration,At\n{rows}", encoding="utf-8")
    ends = together(station, *[["log", "import", "log.csv"]] * 2)
    assert 0 in [code for code, _, _ in ends]
    for code, out, err in ends:
        assert code in {0, 3}, (out, err)
        assert code == 0 or "was taken in meanwhile" in err
    assert station.query("SELECT COUNT(*) FROM vehicle_check") == [(402,)]
    assert station.json("doctor")["good"]


@pytest.mark.slow
def test_one_list_imported_by_two_at_once_is_one_version(station: "Program") -> None:
    rows = "".join(f"RT{i:05d},CP-{i}\n" for i in range(3000))
    (station.folder / "big.csv").write_text(f"Registration,Penalty reference\n{rows}", "utf-8")
    ends = together(station, *[["list", "import", "big.csv", "--list", "BIG"]] * 2)
    assert 0 in [code for code, _, _ in ends]
    for code, out, err in ends:
        assert code in {0, 3}, (out, err)
        assert code == 0 or "somebody else stored a version of list BIG meanwhile" in err
    assert station.query("SELECT version FROM list_version WHERE list_name = 'BIG'") == [(1,)]
    assert station.query("SELECT COUNT(*) FROM entry WHERE list_name = 'BIG'") == [(3000,)]
    assert station.json("doctor")["good"]


def test_two_devices_on_one_database(desk: "Program") -> None:
    """Each has its own references and its own chain; the fingerprint names both."""
    other = {"PORTCHECK_DEVICE": "L2"}
    desk.good("op", "use", "Dover 1", env=other)
    for number in range(3):
        desk.good("check", f"RT{number} XYZ")
        desk.good("check", f"RT{number} XYY", env=other)
    refs = [check["ref"] for check in desk.good("log", "--json").lines]
    assert sorted(refs) == [*(f"L1-{n:03d}" for n in range(1, 6)), "L2-001", "L2-002", "L2-003"]
    for device in ("L1", "L2"):
        numbers = desk.query("SELECT seq FROM journal WHERE device = ? ORDER BY position", device)
        assert [seq for (seq,) in numbers] == list(range(1, len(numbers) + 1))
    printed = desk.json("tally")["fingerprint"]
    assert [part.partition(":")[0] for part in printed.split()] == ["L1", "L2"]
    verified = desk.json("audit", "verify", "--fingerprint", printed)
    assert verified["intact"]
    assert len(verified["fingerprints"]) == 2


@pytest.fixture
def context(station: "Program") -> Iterator[Context]:
    settings = load({}, station.env)
    connection = open_store(station.database)
    with closing(connection):
        yield Context(connection, station.database, settings, Actor("4711", "", "L1"))


@pytest.mark.slow
def test_a_list_imported_between_the_answer_and_its_recording(
    context: Context, station: "Program"
) -> None:
    """The officer was shown CLEAR; while it was saved the vehicle became listed."""
    prepared = prepare(context, Query("NEW 5555"), Observed())
    assert prepared.answer.verdict == "clear"
    update = station.folder / "update.csv"
    update.write_text("Registration,Penalty reference\nNEW 5555,CP-2000\n", encoding="utf-8")
    import_list(context, open_source(update), ImportOptions(list_name="UPDATE"))
    saved = record(context, prepared)
    assert any("UPDATE was imported meanwhile" in warning for warning in saved.warnings)
    (match,) = station.json("log", "show", saved.ref)["matches"]
    assert (match["list"], match["tier"], match["decision"]) == ("UPDATE", "exact", "open")
    assert saved.ref in [one["ref"] for one in station.json("tally")["unresolved"]]


def hold_lock(database: Path, held: threading.Event, release: threading.Event) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        held.set()
        release.wait(30)
        other.execute("ROLLBACK")


@pytest.fixture
def locked(station: "Program") -> Iterator[threading.Event]:
    """Another program has the database for itself until the event is set."""
    held, release = threading.Event(), threading.Event()
    holder = threading.Thread(target=hold_lock, args=(station.database, held, release))
    holder.start()
    assert held.wait(10)
    yield release
    release.set()
    holder.join()


@pytest.mark.slow
def test_a_locked_database_is_waited_for(station: "Program", locked: threading.Event) -> None:
    timer = threading.Timer(1.0, locked.set)
    timer.start()
    ran = station.good("check", "ZZ99 ZZZ")
    timer.join()
    assert "saved as L1-003" in ran.out


def test_a_database_locked_for_too_long(
    station: "Program",
    run_here: "RunHere",
    locked: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_connection, "BUSY_SECONDS", 0.2)
    before = station.state()
    for args in (["check", "ZZ99 ZZZ"], ["tally"], ["op", "start", "Two"]):
        ran = run_here(station, *args)
        assert ran.code == 4
        assert ran.out == ""
        assert "another program kept it locked for too long" in ran.err
        assert "try again" in ran.err
    assert station.state() == before
