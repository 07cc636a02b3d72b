"""A database that is copied, moved, restored, shared: what officers at two machines see."""

import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewWorld, Program

CHECK = ("check", "ZZ99 ZZZ", "--no-list")
COPY = "this database is a copy: device L1 goes on as L2 here"
SHARED = "another installation writes in this database, as device L1: this device is L2 here"
CHAINS = "SELECT label, installation FROM own_chain ORDER BY number"
BEGUN = "SELECT COUNT(*) FROM fact WHERE kind = 'chain_continued'"

Inside = Callable[["Program"], "Program"]


@pytest.fixture
def desk(program: "Program", in_process: Inside) -> "Program":
    """The first machine, in this process: an operation, and a check L1-001."""
    here = in_process(program)
    here.good("op", "start", "Dover 1")
    here.good(*CHECK)
    return here


@pytest.fixture
def other(new_world: "NewWorld", in_process: Inside, tmp_path: Path) -> "Program":
    """A second machine, with settings of its own, in this process."""
    folder = tmp_path / "other"
    folder.mkdir()
    return in_process(new_world(folder))


def at(world: "Program", database: Path) -> "Program":
    """The same machine with another database."""
    return replace(world, env={**world.env, "PORTCHECK_DB": str(database)})


def saved(world: "Program") -> tuple[str, str]:
    """The reference of a check that is made, and what was said beside the answer."""
    ran = world.good(*CHECK)
    return ran.out.partition("saved as ")[2].split()[0], ran.err


def assert_whole(world: "Program", *labels: str) -> None:
    """The file verifies, has these devices, and every fingerprint that it prints holds."""
    printed = world.json("tally")["fingerprint"]
    assert [mark.partition(":")[0] for mark in printed.split()] == list(labels)
    assert world.json("audit", "verify", "--fingerprint", printed)["intact"]
    assert world.json("doctor")["good"]


def test_the_key_lies_beside_the_settings(program: "Program", in_process: Inside) -> None:
    here = in_process(program)
    here.good("--help")
    here.run("tally")
    here.good("config", "set", "site", "Dover")
    here.good("op", "start", "Dover 1")
    key = here.folder / "device.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = key.read_bytes()
    here.good(*CHECK)
    assert key.read_bytes() == kept
    identity = kept.decode().partition('identity = "')[2][:16]
    assert here.query(CHAINS) == [("L1", identity)]
    assert here.query("SELECT COUNT(*) FROM payload WHERE text LIKE ?", f"%{identity}%") == [(0,)]
    seen = {one["what"]: one["seen"] for one in here.json("doctor")["findings"]}
    assert seen["device key"] == f"{identity} in {key}"
    assert seen["devices"] == "L1 (2 events) of this installation"


def test_reading_makes_no_key(desk: "Program", other: "Program") -> None:
    reader = at(other, desk.database)
    before = desk.state()
    for args in (("tally",), ("op", "list"), ("op", "show"), ("doctor",)):
        reader.good(*args)
    assert "Dover 1" in reader.good("op", "list").out
    assert desk.state() == before
    assert not (other.folder / "device.key").exists()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_copy_goes_on_as_another_device(
    desk: "Program", other: "Program", elsewhere: bool
) -> None:
    """Beside the original, and on another machine: both count the day's checks so far."""
    copy = desk.folder / "other" / "copy.db"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(desk.database, copy)
    there = at(other if elsewhere else desk, copy)
    assert there.json("tally")["vehicles"] == 1
    ref, said = saved(there)
    assert ref == "L2-001"
    assert said.count(COPY) == 1
    ref, said = saved(there)
    assert (ref, COPY in said) == ("L2-002", False)
    assert there.json("op", "show")["name"] == "Dover 1"
    assert there.json("log", "show", "2")["ref"] == "L2-002"
    assert there.json("tally")["checks"] == 3
    assert_whole(there, "L1", "L2")
    assert saved(desk) == ("L1-002", "")
    assert_whole(desk, "L1")


def test_a_look_up_begins_the_chain_too(desk: "Program") -> None:
    there = at(desk, Path(shutil.copy(desk.database, desk.folder / "copy.db")))
    assert there.good("lookup", "AB12 CDE").err.count(COPY) == 1
    kinds = there.query("SELECT kind FROM journal WHERE device = 'L2' ORDER BY seq")
    assert kinds == [("chain_continued",), ("record_consulted",)]
    assert saved(there) == ("L2-001", "")
    assert_whole(there, "L1", "L2")


def test_a_label_of_its_own_is_kept(desk: "Program", other: "Program") -> None:
    copy = Path(shutil.copy(desk.database, other.database))
    other.good("config", "set", "device", "X7")
    ref, said = saved(at(other, copy))
    assert ref == "X7-001"
    assert "device L1 goes on as X7 here (its checks are X7-001" in said
    assert_whole(other, "L1", "X7")


def test_a_moved_and_a_restored_file_go_on(desk: "Program") -> None:
    moved = desk.database.rename(desk.folder / "moved.db")
    there = at(desk, moved)
    assert saved(there) == ("L1-002", "")
    kept = Path(shutil.copy(moved, desk.folder / "kept.db"))
    assert saved(there) == ("L1-003", "")
    moved.rename(desk.folder / "broken.db")
    shutil.copy(kept, moved)
    assert saved(there) == ("L1-003", "")
    assert_whole(there, "L1")


def test_several_installations_share_a_database(desk: "Program", other: "Program") -> None:
    there = at(other, desk.database)
    refs = [saved(one) for one in (there, desk, there, desk)]
    assert [ref for ref, _ in refs] == ["L2-001", "L1-002", "L2-002", "L1-003"]
    assert [SHARED in said for _, said in refs] == [True, False, False, False]
    assert desk.json("tally") == there.json("tally")
    assert_whole(desk, "L1", "L2")


def test_a_lane_by_prompts_says_so(desk: "Program", program: "Program") -> None:
    copy = Path(shutil.copy(desk.database, desk.folder / "copy.db"))
    ran = at(program, copy).run("lane", "--plain", "--no-list", stdin="AB12 CDE\n")
    assert ran.code == 0, ran
    assert "saved as L2-001" in ran.out
    assert ran.err.count(COPY) == 1


def test_where_no_key_can_be_written(desk: "Program") -> None:
    """It records all the same, says so once, and the doctor says so each time."""
    fresh = at(desk, desk.folder / "fresh.db")
    barred = {"PORTCHECK_CONFIG": str(desk.database / "portcheck.toml")}
    ran = fresh.good("op", "start", "Dover 2", env=barred)
    assert "cannot be signed" in ran.err
    ran = fresh.good(*CHECK, env=barred)
    assert "saved as L1-001" in ran.out
    assert ran.err == ""
    ran = fresh.run("doctor", "--json", env=barred)
    (key,) = [one for one in ran.document["findings"] if one["what"] == "device key"]
    assert (ran.code, key["good"]) == (4, False)
    assert "what is recorded here cannot be signed" in key["seen"]
    assert fresh.json("audit", "verify", env=barred)["intact"]


DYING = """
import os, signal, sys
from portcheck.store import projections
project, when = projections.project, sys.argv.pop(1)
def dying(connection, event, recorded, gathered):
    if event.kind == when:
        os.kill(os.getpid(), signal.SIGKILL)
    project(connection, event, recorded, gathered)
projections.project = dying
from portcheck.cli.main import run
run()
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["chain_continued", "check_recorded"])
def test_a_kill_leaves_both_or_neither(desk: "Program", program: "Program", moment: str) -> None:
    there = at(program, Path(shutil.copy(desk.database, desk.folder / "copy.db")))
    dying = replace(there, words=(sys.executable, "-c", DYING, moment))
    assert dying.run(*CHECK).code == -signal.SIGKILL
    assert there.query(CHAINS) == desk.query(CHAINS)
    here = at(desk, there.database)
    assert here.query(BEGUN) == [(0,)]
    ref, said = saved(here)
    assert (ref, COPY in said) == ("L2-001", True)
    assert_whole(here, "L1", "L2")


@pytest.mark.slow
def test_a_kill_makes_no_copy(desk: "Program", program: "Program") -> None:
    dying = replace(program, words=(sys.executable, "-c", DYING, "check_recorded"))
    assert dying.run(*CHECK).code == -signal.SIGKILL
    assert saved(desk) == ("L1-002", "")


@pytest.mark.slow
def test_two_at_once_on_a_copy_begin_one_chain(desk: "Program", program: "Program") -> None:
    there = at(program, Path(shutil.copy(desk.database, desk.folder / "copy.db")))
    running = [
        subprocess.Popen(
            [*there.words, *CHECK],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(there.env),
            encoding="utf-8",
        )
        for _ in range(3)
    ]
    told = [one.communicate(timeout=60) for one in running]
    refs = sorted(out.partition("saved as ")[2].split()[0] for out, _ in told)
    assert refs == ["L2-001", "L2-002", "L2-003"]
    assert sum(err.count(COPY) for _, err in told) == 1
    assert there.query(BEGUN) == [(1,)]


@pytest.mark.slow
def test_two_first_starts_at_once_make_one_key(program: "Program", in_process: Inside) -> None:
    in_process(program).good("op", "start", "Dover 1")
    (program.folder / "device.key").unlink()
    program.database.unlink()
    running = [
        subprocess.Popen(
            [*program.words, "op", "start", f"Dover {number}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(program.env),
        )
        for number in range(3)
    ]
    assert [(one.communicate(timeout=60), one.returncode)[1] for one in running] == [0, 0, 0]
    identity = (program.folder / "device.key").read_text().partition('identity = "')[2][:16]
    assert program.query(CHAINS) == [("L1", identity)]
