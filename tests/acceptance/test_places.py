"""Where the database may lie badly: no room, no right, damaged, another's, from the future."""

import ctypes
import os
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program, Ran, RunHere

    Inside = Callable[[Program], Program]

DATABASE = 4
_DROP_FROM_BOUNDING_SET, _OVERRIDE, _READ_SEARCH = 24, 1, 2  # prctl(2), capabilities(7)


def assert_unusable(ran: "Ran", *words: str) -> None:
    assert ran.code == DATABASE, ran
    assert "Traceback" not in ran.err
    assert "a fault in portcheck" not in ran.err
    said = " ".join(ran.err.split())
    for word in words:
        assert word in said


def without_privilege() -> None:
    """Make permissions hold for root too, in the process that is about to start."""
    system = ctypes.CDLL(None)
    if hasattr(system, "prctl"):
        for capability in (_OVERRIDE, _READ_SEARCH):
            system.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)


def limited_to(size: int) -> Callable[[], None]:
    """No file of the process about to start may grow beyond `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture
def locked_folder(station: "Program") -> Iterator[Path]:
    """The station's folder, in which nothing can be made."""
    station.folder.chmod(0o500)
    yield station.folder
    station.folder.chmod(0o700)


@pytest.mark.slow
def test_a_folder_that_cannot_be_written(station: "Program", locked_folder: Path) -> None:
    before = station.state()
    for args in (["check", "ZZ99 ZZZ"], ["op", "start", "Two"]):
        ran = station.run(*args, preexec_fn=without_privilege)
        assert_unusable(ran, "Check")
        assert "saved" not in ran.out
    assert station.state() == before
    ran = station.run("--db", "new.db", "op", "start", "Two", preexec_fn=without_privilege)
    assert_unusable(ran, "new.db: it may not be opened", "Check who owns the file and its folder")
    assert not (locked_folder / "new.db").exists()


@pytest.mark.slow
def test_a_file_that_cannot_be_written(station: "Program") -> None:
    before = station.state()
    station.database.chmod(0o400)
    ran = station.run("check", "ZZ99 ZZZ", preexec_fn=without_privilege)
    assert_unusable(ran, "it cannot be written", "nothing was stored")
    station.database.chmod(0o000)
    ran = station.run("tally", preexec_fn=without_privilege)
    assert_unusable(ran, "cannot be opened")
    assert ran.out == ""
    station.database.chmod(0o600)
    assert station.state() == before


def test_a_folder_that_is_a_file(station: "Program") -> None:
    ran = station.run("--db", "list.csv/x.db", "op", "start", "Two")
    assert_unusable(ran, "list.csv/x.db: its folder is a file", "--db")


@pytest.mark.slow
def test_a_name_with_a_meaning_for_sqlite(program: "Program", in_process: "Inside") -> None:
    """“:memory:” is a file like any other: what is saved must be there tomorrow."""
    in_process(program).good("--db", ":memory:", "op", "start", "One")
    assert program.json("--db", ":memory:", "op", "list")[0]["name"] == "One"


MANY = "".join(f"RT{i:05d},CP-{i},2021-06-17 10:00\n" for i in range(2000))


@pytest.mark.slow
@pytest.mark.parametrize(
    "args",
    [
        ["check", "ZZ99 ZZZ", "--note", "x" * 1900, "--haulier", "y" * 1900],
        ["list", "import", "many.csv", "--list", "MANY"],
        ["log", "import", "many.csv"],
        ["op", "start", "Two", "--site", "x" * 5000],
    ],
    ids=lambda args: " ".join(args[:2]),
)
def test_no_room(station: "Program", in_process: "Inside", args: list[str]) -> None:
    """A file that cannot grow: told, nothing stored; with room again all is well."""
    heading = "Registration,Penalty reference,At\n"
    (station.folder / "many.csv").write_text(heading + MANY, encoding="utf-8")
    before = station.state()
    ran = station.run(*args, preexec_fn=limited_to(len(before)))
    assert_unusable(ran, "nothing was stored")
    assert "saved as" not in ran.out
    assert station.query("PRAGMA integrity_check") == [("ok",)]  # takes back what was half written
    assert station.query("SELECT COUNT(*) FROM journal") == [(5,)]
    desk = in_process(station)
    assert desk.json("audit", "verify")["intact"]
    desk.good(*args)


def mounted(folder: Path, kilobytes: int) -> bool:
    """Whether a disk of that size could be mounted."""
    if shutil.which("mount") is None:
        return False
    words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "tmpfs", str(folder)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(program: "Program") -> Iterator[tuple[Path, Callable[[], None] | None]]:
    """A folder on a disk of 600 KB; where none may be mounted, a limit on files instead."""
    folder = program.folder / "disk"
    folder.mkdir()
    is_disk = mounted(folder, 600)
    yield folder, None if is_disk else limited_to(600 * 1024)
    if is_disk:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_disk_that_fills_up(
    station: "Program", small_disk: tuple[Path, Callable[[], None] | None]
) -> None:
    folder, limit = small_disk
    shutil.copy(station.database, folder / "checks.db")
    on_disk = type(station)(folder, {**station.env, "PORTCHECK_DB": str(folder / "checks.db")})
    filler = folder / "filler"
    if limit is None:
        room = shutil.disk_usage(folder).free
        filler.write_bytes(b"x" * max(room - 150_000, 0))
    saved, ran = 2, on_disk.run("log", preexec_fn=limit)
    for number in range(200):
        ran = on_disk.run("check", f"RT{number} XYZ", "--note", "x" * 1900, preexec_fn=limit)
        if ran.code:
            break
        saved += 1
        assert f"saved as L1-{saved:03d}" in ran.out
    assert_unusable(ran, "nothing was stored")
    assert "saved as" not in ran.out
    assert on_disk.query("SELECT COUNT(*) FROM vehicle_check") == [(saved,)]
    assert on_disk.query("PRAGMA integrity_check") == [("ok",)]
    assert on_disk.json("audit", "verify", preexec_fn=limit)["intact"]
    filler.unlink(missing_ok=True)
    assert f"saved as L1-{saved + 1:03d}" in on_disk.good("check", "RT1 XYY").out


@pytest.mark.slow
def test_an_export_without_room_leaves_the_old_one(station: "Program") -> None:
    out = station.folder / "out.csv"
    out.write_text("the one before", encoding="utf-8")
    ran = station.run("log", "export", "out.csv", "--force", preexec_fn=limited_to(100))
    assert ran.code in {3, DATABASE}
    assert ran.out == ""
    assert out.read_text(encoding="utf-8") == "the one before"
    assert not list(station.folder.glob(".portcheck-*"))


def some_page_zeroed(whole: bytes) -> bytes:
    return whole[:8192] + bytes(4096) + whole[12288:]


def scrambled(whole: bytes) -> bytes:
    draw = random.Random(3)
    return whole[:100] + draw.randbytes(len(whole) - 100)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _whole: b"This is no database.\n" * 50,
        lambda _whole: b"xy",
        lambda whole: whole[:100],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:20] + b"\xff" * 8 + whole[28:],
        scrambled,
        some_page_zeroed,
    ],
    ids=["text", "two bytes", "header", "half", "header damaged", "scrambled", "a page zeroed"],
)
def test_a_damaged_file(
    station: "Program", run_here: "RunHere", damage: Callable[[bytes], bytes]
) -> None:
    damaged = damage(station.state())
    station.database.write_bytes(damaged)
    codes = set()
    for args in (
        ["lookup", "AB12 CDE"],
        ["check", "ZZ99 ZZZ"],
        ["tally"],
        ["log"],
        ["op", "start", "Two"],
        ["list", "import", "list.csv", "--list", "TWO"],
        ["doctor"],
    ):
        ran = run_here(station, *args)
        codes.add(ran.code)
        assert ran.code in {0, DATABASE}, (args, ran)
        assert "Traceback" not in ran.err
        assert "a fault in portcheck" not in ran.err
    assert run_here(station, "doctor").code == DATABASE
    if codes == {DATABASE}:
        assert station.state() == damaged


@pytest.mark.slow
def test_an_empty_file_is_told_and_can_be_filled(program: "Program") -> None:
    program.database.touch()
    assert_unusable(program.run("tally"), "is empty", "list import FILE")
    assert program.state() == b""
    program.good("op", "start", "One")
    assert stat.S_ISREG(program.database.stat().st_mode)


def made_by_another_program(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute("CREATE TABLE journal (position INTEGER, payload TEXT)")
        other.execute("INSERT INTO journal VALUES (1, 'theirs')")
        other.commit()


def of_a_newer_portcheck(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA journal_mode = {mode}")
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.execute("CREATE TABLE IF NOT EXISTS from_the_future (a TEXT)")
        newer.commit()


@pytest.mark.parametrize("mode", ["delete", "wal"])
@pytest.mark.parametrize(
    ("whose", "words"),
    [
        ("another program", ["is an SQLite database of another program", "--db"]),
        ("a newer portcheck", ["written by a newer portcheck", "9999", "Update portcheck"]),
    ],
)
def test_a_file_of_others_is_not_touched(
    station: "Program", run_here: "RunHere", whose: str, words: list[str], mode: str
) -> None:
    if whose == "another program":
        station.database.unlink()
        made_by_another_program(station.database, mode)
    else:
        of_a_newer_portcheck(station.database, mode)
    before, files = station.state(), set(station.folder.iterdir())
    for args in (
        ["lookup", "AB12 CDE"],
        ["check", "ZZ99 ZZZ"],
        ["tally"],
        ["op", "start", "Two"],
        ["list", "import", "list.csv"],
        ["audit", "verify"],
        ["doctor", "--rebuild"],
    ):
        ran = run_here(station, *args)
        assert_unusable(ran, *words)
        assert ran.out == ""
    assert station.state() == before
    assert set(station.folder.iterdir()) == files


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.slow
def test_what_is_written_belongs_to_its_owner_alone(program: "Program") -> None:
    """Whatever umask the shell has."""
    program.folder.chmod(0o755)

    def careless() -> None:
        os.umask(0)

    database = program.folder / "new" / "folder" / "checks.db"
    env = {
        "PORTCHECK_DB": str(database),
        "PORTCHECK_CONFIG": str(program.folder / "settings" / "portcheck.toml"),
    }
    program.good("op", "start", "One", env=env, preexec_fn=careless)
    program.good("config", "set", "agency", "Police", env=env, preexec_fn=careless)
    program.good("log", "export", "out.csv", env=env, preexec_fn=careless)
    assert mode_of(program.folder / "out.csv") == 0o600
    assert mode_of(database) == 0o600
    assert mode_of(database.parent) == 0o700
    assert mode_of(database.parent.parent) == 0o700
    assert mode_of(program.folder / "settings" / "portcheck.toml") == 0o600
    assert mode_of(program.folder / "settings") == 0o700


def test_settings_that_cannot_be_read(program: "Program", in_process: "Inside") -> None:
    program = in_process(program)
    file = Path(program.env["PORTCHECK_CONFIG"])
    for content, words in (
        ("officer = [[[", ["the settings cannot be read", "portcheck.toml", "Mend the file"]),
        ("colour = 'red'", ["“colour” is not a setting", "The settings are database, officer"]),
        ("device = '1 2'", ["“1 2” is not a label", "as L2"]),
    ):
        file.write_text(content, encoding="utf-8")
        for args in (["lookup", "X1"], ["config"]):
            ran = program.run(*args)
            assert ran.code in {2, 3}
            assert ran.out == ""
            assert all(word in " ".join(ran.err.split()) for word in words), ran.err
        assert file.read_text(encoding="utf-8") == content
    file.write_text("officer = [[[", encoding="utf-8")
    ran = program.run("config", "set", "officer", "12")
    assert (ran.code, ran.out) == (3, "")
    assert "the settings cannot be read" in ran.err
    assert file.read_text(encoding="utf-8") == "officer = [[["


@pytest.mark.slow
def test_the_doctor_tells_its_findings_whatever_it_finds(station: "Program") -> None:
    """No room, no right, damage: what was seen before and after is told all the same."""
    whole = station.state()
    machine = {"Python", "SQLite", "time zones", "text encoding"}

    def findings(**options: Any) -> dict[str, bool]:
        ran = station.run("doctor", "--json", **options)
        assert ran.code in {0, DATABASE}, ran
        assert ran.err == ""
        return {one["what"]: one["good"] for one in ran.document["findings"]}

    found = findings(preexec_fn=limited_to(0))
    assert machine | {"privacy", "disk", "journal", "list CECPT", "projections"} <= found.keys()
    station.database.chmod(0o400)
    found = findings(preexec_fn=without_privilege)
    assert machine | {"journal", "list CECPT", "projections"} <= found.keys()
    station.database.chmod(0o600)
    for damage in (scrambled(whole), whole[: len(whole) // 2], b"no database" * 99):
        station.database.write_bytes(damage)
        found = findings()
        assert machine <= found.keys()
        assert not all(found.values())


def test_a_nul_in_the_databases_name(program: "Program", in_process: "Inside") -> None:
    for name in ("sqlite:////tmp/a%00b", "sqlite:///%00"):
        assert_unusable(
            in_process(program).run("--db", name, "tally"), "no file's name holds a NUL"
        )


@pytest.mark.slow
def test_a_database_deleted_under_the_lane(station: "Program") -> None:
    """It is called deleted, and what could not be saved is no success."""
    words = [*station.words, "lane", "--plain"]
    lane = subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=station.env,
        cwd=station.folder,
        encoding="utf-8",
    )
    assert lane.stdin is not None
    assert lane.stdout is not None
    lane.stdin.write("ZZ98 ZZZ\n")
    lane.stdin.flush()
    while "saved as" not in lane.stdout.readline():
        pass
    station.database.unlink()
    out, err = lane.communicate("ZZ97 ZZZ\n", timeout=60)
    said = " ".join((out + err).split())
    assert lane.returncode == DATABASE, said
    assert "NOT SAVED" in said
    assert "was deleted or moved away" in said
    assert not station.database.exists()


@pytest.mark.slow
def test_a_lane_that_could_not_save_does_not_end_well(station: "Program") -> None:
    ran = station.run("lane", "--plain", stdin="ZZ97 ZZZ\n", preexec_fn=limited_to(0))
    assert_unusable(ran, "nothing was stored")
    assert "NOT SAVED" in ran.out
    assert station.run("lane", "--plain", stdin="ZZ97 ZZZ\n").code == 0


@pytest.mark.parametrize("command", ["tally", "lookup X1", "doctor"])
def test_a_text_that_cannot_be_decoded(
    station: "Program", run_here: "RunHere", monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def damaged(*_: object) -> str:
        return b"\xff".decode()

    monkeypatch.setattr("portcheck.store.connection.revision", damaged)
    ran = run_here(station, *command.split())
    assert ran.code == DATABASE, ran
    assert "it is damaged" in " ".join((ran.out + ran.err).split())
