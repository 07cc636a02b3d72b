"""Whose a file is: moved, copied, restored, shared, upgraded, each told apart, and a key made once."""

import gzip
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from portcheck.disk import whole
from portcheck.journal import events
from portcheck.journal.append import Actor
from portcheck.journal.verify import verify
from portcheck.services import operation
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.context import Context
from portcheck.services.custody.doctor import examine_database, examine_key
from portcheck.services.installation import NAME, DeviceKey
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import load
from portcheck.store import projections
from portcheck.store.connection import transaction
from portcheck.store.footing import OwnChain, free_label, stand
from portcheck.store.schema import open_store

EPOCH = Path(__file__).parents[1] / "store" / "epochs" / "0001.db.gz"
OURS, THEIRS = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"
DAY = "Dover 1"

Opening = Callable[..., Context]


@pytest.fixture
def told() -> list[str]:
    """What was said, in order."""
    return []


@pytest.fixture
def opening(told: list[str], tmp_path: Path) -> Iterator[Opening]:
    """Opens a database for an installation, whose settings give a label."""
    with ExitStack() as stack:

        def open_it(
            path: Path, installation: str, label: str = "L1", *, key: DeviceKey | None = None
        ) -> Context:
            settings = load(
                {}, {"PORTCHECK_CONFIG": str(tmp_path / "x"), "PORTCHECK_DB": str(path)}
            )
            connection = stack.enter_context(closing(open_store(path, create=True)))
            who = Actor("4711", "Police", label, installation)
            return Context(connection, path, settings, who, key=key, tell=told.append)

        yield open_it


def look_up(context: Context) -> None:
    """The smallest thing that is written."""
    with context.writing() as writer:
        writer.append(events.RecordConsulted(command="lookup", queries=("AB12 CDE",)))


def look_up_and_fail(context: Context) -> None:
    with context.writing() as writer:
        writer.append(events.RecordConsulted(command="lookup", queries=()))
        assert [label for label, _ in chains(context)] == ["L1", "L2"]
        raise ZeroDivisionError


def check(context: Context, vehicle: str = "AB12 CDE") -> str:
    return record(context, prepare(context, Query(vehicle), Observed(), no_list=True)).ref


def chains(context: Context) -> list[Any]:
    """(label, kinds of its events) of each chain, the oldest first."""
    return context.connection.execute(
        "SELECT MIN(device), group_concat(kind) FROM (SELECT * FROM journal ORDER BY arrival)"
        " GROUP BY chain ORDER BY MIN(arrival)"
    ).fetchall()


def assert_sound(context: Context) -> None:
    """The journal verifies, and the tables are what a rebuild makes."""
    assert verify(context.connection).fault is None
    before = projections.dump(context.connection)
    with transaction(context.connection):
        projections.rebuild(context.connection)
    assert projections.dump(context.connection) == before


@pytest.fixture
def day(opening: Opening, tmp_path: Path) -> Path:
    """A database in which our installation, L1, started an operation and made a check."""
    path = tmp_path / "home" / "day.db"
    path.parent.mkdir()
    context = opening(path, OURS)
    operation.start(context, DAY)
    assert check(context) == "L1-001"
    context.connection.close()
    return path


def same(path: Path, _: Path) -> Path:
    return path


def moved(path: Path, folder: Path) -> Path:
    return path.rename(folder / "elsewhere.db")


def copied_beside(path: Path, _: Path) -> Path:
    return Path(shutil.copy(path, path.with_name("copy.db")))


def copied_elsewhere(path: Path, folder: Path) -> Path:
    return Path(shutil.copy(path, folder / path.name))


def restored(path: Path, folder: Path) -> Path:
    kept = path.rename(folder / "kept.db")  # so that its inode is not given again
    return Path(shutil.copy(kept, path))


def written_over(path: Path, folder: Path) -> Path:
    shutil.copy(path, folder / "kept.db")
    return Path(shutil.copy(folder / "kept.db", path))


def unsigned(path: Path, _: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE own_chain SET installation = ''")
    return path


def unsigned_copy(path: Path, folder: Path) -> Path:
    return copied_beside(unsigned(path, folder), folder)


@pytest.mark.parametrize(
    ("done", "ours_go_on", "theirs_go_on"),
    [
        (same, True, False),
        (moved, True, False),
        (restored, True, False),
        (written_over, True, False),
        (copied_beside, False, False),
        (copied_elsewhere, False, False),
        (unsigned, True, True),
        (unsigned_copy, False, False),
    ],
)
@pytest.mark.parametrize("ours", [True, False])
def test_whose_a_file_is(
    opening: Opening,
    day: Path,
    tmp_path: Path,
    told: list[str],
    done: Callable[[Path, Path], Path],
    ours: bool,
    ours_go_on: bool,
    theirs_go_on: bool,
) -> None:
    """Who goes on does so as L1; a new chain continues L1's, as L2, in the same operation."""
    goes_on = ours_go_on if ours else theirs_go_on
    path = done(day, tmp_path)
    context = opening(path, OURS if ours else THEIRS)
    assert context.operation().name == DAY
    assert context.actor.device == ("L1" if goes_on else "L2")
    assert told == []

    assert check(context, "ZZ99 ZZZ") == ("L1-002" if goes_on else "L2-001")
    assert len(told) == (0 if goes_on else 1)
    assert context.operation().name == DAY
    first = ("L1", "operation_opened,check_recorded")
    if goes_on:
        assert chains(context) == [("L1", f"{first[1]},check_recorded")]
    else:
        assert chains(context) == [first, ("L2", "chain_continued,check_recorded")]
        assert ("is a copy" in told[0]) == ("cop" in done.__name__)
        assert "L2 here (its checks are L2-001" in told[0]
    look_up(context)

    again = opening(path, OURS if ours else THEIRS)
    assert check(again, "ZZ99 ZZY") == ("L1-003" if goes_on else "L2-002")
    assert len(chains(again)) == (1 if goes_on else 2)
    assert len(told) == (0 if goes_on else 1)
    assert_sound(again)


@pytest.mark.parametrize("installation", [OURS, THEIRS, ""])
@pytest.mark.parametrize("label", ["L1", "L7"])
def test_an_upgraded_file_is_whoever_s_writes_first(
    opening: Opening, tmp_path: Path, told: list[str], installation: str, label: str
) -> None:
    """A label that it does not know begins there, as it always did."""
    path = tmp_path / "day.db"
    path.write_bytes(gzip.decompress(EPOCH.read_bytes()))
    before = chains(opening(path, installation, label))
    context = opening(path, installation, label)
    look_up(context)
    known = label in {one for one, _ in before}
    assert known == (label == "L1")
    assert [one for one, _ in chains(context)] == [
        *[one for one, _ in before],
        *([] if known else [label]),
    ]
    assert told == []
    noted = "SELECT installation, place > '' FROM own_chain WHERE label = ?"
    assert context.connection.execute(noted, (label,)).fetchall() == [(installation, 1)]
    assert_sound(context)
    other = opening(path, "c" * 16, label)  # once it is somebody's, it is nobody else's
    assert (other.actor.device == label) == (installation == "")


def test_what_the_new_chain_names(opening: Opening, day: Path, tmp_path: Path) -> None:
    """The newest event of the chain that it goes on with."""
    head = (
        opening(day, OURS)
        .connection.execute(
            "SELECT hex(chain), seq, hex(hash) FROM journal ORDER BY arrival DESC LIMIT 1"
        )
        .fetchone()
    )
    context = opening(copied_beside(day, tmp_path), OURS)
    look_up(context)
    (named,) = context.connection.execute(
        "SELECT payload ->> '$.continued.chain', payload ->> '$.continued.seq',"
        " payload ->> '$.continued.hash' FROM fact WHERE kind = 'chain_continued'"
    ).fetchall()
    assert named == (head[0].lower(), head[1], head[2].lower())


def test_several_installations_share_a_file(opening: Opening, day: Path, told: list[str]) -> None:
    """Each goes on with its own chain, whoever wrote last; one label is one device's."""
    first, second, third = (opening(day, one * 16) for one in ("a", "b", "c"))
    refs = [check(context) for _ in range(2) for context in (first, second, third)]
    assert refs == ["L1-002", "L2-001", "L3-001", "L1-003", "L2-002", "L3-002"]
    assert len(told) == 2
    assert all("another installation writes in this database" in text for text in told)
    named = opening(day, "d" * 16, "X9")  # a label that is free is kept
    assert check(named) == "X9-001"
    assert_sound(first)


def test_an_operation_ended_on_the_copied_device_is_current_nowhere(
    opening: Opening, day: Path, tmp_path: Path
) -> None:
    context = opening(day, OURS)
    with context.writing() as writer:
        writer.append(
            events.OperationEnded(
                operation_id=context.operation().operation_id,
                ended_at=context.now(), reason="", tally={}, fingerprint="",
            )
        )  # fmt: skip
    copy = opening(copied_beside(day, tmp_path), OURS)
    assert copy.current() is None
    look_up(copy)
    assert copy.current() is None


def test_a_copy_of_a_copy_and_a_copy_in_the_place_of_its_original(
    opening: Opening, day: Path, tmp_path: Path
) -> None:
    copy = copied_beside(day, tmp_path)
    assert check(opening(copy, OURS)) == "L2-001"
    second = Path(shutil.copy(copy, copy.with_name("second.db")))
    context = opening(second, OURS)
    assert check(context) == "L3-001"
    labels = "SELECT payload ->> 'label' FROM fact WHERE kind = 'chain_continued' ORDER BY arrival"
    assert context.connection.execute(labels).fetchall() == [("L1",), ("L2",)]
    copy.replace(day)
    back = opening(day, OURS)
    assert check(back) == "L2-002"
    assert_sound(back)


def test_nothing_of_it_is_left_where_the_write_fails(
    opening: Opening, day: Path, tmp_path: Path, told: list[str]
) -> None:
    context = opening(copied_beside(day, tmp_path), OURS)
    before = projections.dump(context.connection)
    with pytest.raises(ZeroDivisionError):
        look_up_and_fail(context)
    assert [label for label, _ in chains(context)] == ["L1"]
    assert projections.dump(context.connection) == before
    assert told == []
    assert check(context) == "L2-001"
    assert len(told) == 1


def test_several_at_once_begin_one_chain(
    opening: Opening, day: Path, tmp_path: Path, told: list[str]
) -> None:
    """It is decided inside the transaction: all had seen the copy before any wrote."""
    copy = copied_beside(day, tmp_path)
    start, refs = Barrier(4), []

    def work() -> None:
        context = opening(copy, OURS)
        assert context.actor.device == "L2"
        start.wait()
        refs.append(check(context))
        context.connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refs) == ["L2-001", "L2-002", "L2-003", "L2-004"]
    context = opening(copy, OURS)
    assert [label for label, _ in chains(context)] == ["L1", "L2"]
    assert len(told) == 1
    assert_sound(context)


def test_a_label_that_another_takes_meanwhile(opening: Opening, tmp_path: Path) -> None:
    """Two devices of one label open an empty file: the second to write is another device."""
    first, second = (opening(tmp_path / "day.db", one * 16) for one in ("a", "b"))
    assert (first.actor.device, second.actor.device) == ("L1", "L1")
    operation.start(first, DAY)
    assert second.actor.device == "L2"
    assert check(second) == "L2-001"
    assert check(first) == "L1-001"


def chain(number: int, installation: str, label: str, place: str, asked: str = "") -> OwnChain:
    return OwnChain(bytes([number]), installation, label, asked, place)


HERE = "1:10:/a/day.db"
BESIDE = "1:11:/a/copy.db"


@pytest.mark.parametrize(
    ("known", "label", "taken", "expected"),
    [
        ([], "L1", set(), ("L1", 0, 0)),
        ([], "L1", {"L1"}, ("L2", 0, 0)),  # received from another device
        ([chain(1, OURS, "L1", HERE)], "L1", {"L1"}, ("L1", 1, 0)),
        ([chain(1, OURS, "L1", "9:10:/b/x.db")], "L1", {"L1"}, ("L1", 1, 0)),
        ([chain(1, OURS, "L1", "9:99:/a/day.db")], "L1", {"L1"}, ("L1", 1, 0)),
        ([chain(1, OURS, "L1", "")], "L1", {"L1"}, ("L1", 1, 0)),
        ([chain(1, OURS, "L1", BESIDE)], "L1", {"L1"}, ("L2", 0, 1)),
        ([chain(1, OURS, "L1", "torn")], "L1", {"L1"}, ("L2", 0, 1)),
        ([chain(1, OURS, "L1", HERE)], "L2", {"L1"}, ("L2", 0, 0)),  # another label at home
        ([chain(1, OURS, "L1", BESIDE)], "L2", {"L1"}, ("L2", 0, 1)),
        ([chain(1, "", "L1", "")], "L1", {"L1"}, ("L1", 1, 0)),
        ([chain(1, "", "L1", BESIDE)], "L1", {"L1"}, ("L2", 0, 1)),
        ([chain(1, THEIRS, "L1", "")], "L1", {"L1"}, ("L2", 0, 1)),
        ([chain(1, THEIRS, "L1", HERE)], "L3", {"L1"}, ("L3", 0, 1)),
        # what was begun under another label than the settings give is found again
        ([chain(1, THEIRS, "L1", HERE), chain(2, OURS, "L2", HERE, "L1")], "L1", {"L1", "L2"}, ("L2", 2, 0)),
        # our own before one without a key, however new
        ([chain(1, OURS, "L1", HERE), chain(2, "", "L2", HERE, "L1")], "L1", {"L1", "L2"}, ("L1", 1, 0)),
        # of a copy, the chain that this device wrote in it
        (
            [chain(1, THEIRS, "L1", BESIDE), chain(2, OURS, "L2", BESIDE, "L1")],
            "L1", {"L1", "L2"}, ("L3", 0, 2),
        ),
        # else the one of the label, else the newest
        ([chain(1, THEIRS, "L1", HERE), chain(2, THEIRS, "L2", HERE)], "L1", {"L1", "L2"}, ("L3", 0, 1)),
        ([chain(1, THEIRS, "L1", HERE), chain(2, THEIRS, "L2", HERE)], "L9", {"L1", "L2"}, ("L9", 0, 2)),
    ],
)  # fmt: skip
def test_the_footing(
    known: list[OwnChain], label: str, taken: set[str], expected: tuple[str, int, int]
) -> None:
    found = stand(known, lambda: taken, OURS, label, HERE)
    numbers = [one.chain[0] if one else 0 for one in (found.goes_on, found.continues)]
    assert (found.label, *numbers) == expected


@pytest.mark.parametrize("place", ["", HERE])
def test_a_file_that_is_not_known_is_the_same(place: str) -> None:
    found = stand([chain(1, OURS, "L1", HERE)], set, OURS, "L1", place)
    assert found.goes_on


@pytest.mark.parametrize(
    ("label", "taken", "free"),
    [
        ("L1", set(), "L1"),
        ("L1", {"L1", "L2", "L4"}, "L3"),
        ("X", {"X", "X2"}, "X3"),
        ("L7", {"L7", "L1"}, "L8"),
        ("ABCDEFGH", {"ABCDEFGH"}, "ABCDEFG2"),
        ("ABCDEFG9", {"ABCDEFG9"}, "ABCDEF10"),
        ("L9999999", {"L9999999"}, "L2"),
    ],
)
def test_the_next_free_label(label: str, taken: set[str], free: str) -> None:
    assert free_label(label, taken) == free


# the key


def key_beside(folder: Path) -> DeviceKey:
    return DeviceKey(folder / "portcheck.toml")


def test_a_key_is_made_once_and_is_its_owner_s(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "portcheck"
    key = key_beside(folder)
    assert (key.identity, key.fault(), folder.exists()) == ("", "", False)
    key.make()
    assert len(key.identity) == 16
    assert stat.S_IMODE(key.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = key.file.read_bytes()
    other = key_beside(folder)
    other.make()
    assert (other.identity, other.fault()) == (key.identity, "")
    assert key.file.read_bytes() == kept
    assert [path.name for path in folder.iterdir()] == [NAME]


def _nothing(*_: object, **__: object) -> None:
    return None


def _no_links(*_: object, **__: object) -> None:
    raise OSError(95, "Operation not supported")


@pytest.mark.parametrize("system", ["nameless", "by name", "a file has one name"])
def test_of_many_that_make_a_key_at_once_one_does(
    tmp_path: Path, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 8
    if system != "nameless":
        monkeypatch.setattr(whole, "_nameless", _nothing)
    if system == "a file has one name":
        number = 1  # where there are no links, the last of several stays
        monkeypatch.setattr(Path, "hardlink_to", _no_links)
    keys = [key_beside(tmp_path) for _ in range(number)]
    start = Barrier(number)

    def make(key: DeviceKey) -> None:
        start.wait()
        key.make()

    threads = [Thread(target=make, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {key.trouble for key in keys} == {""}
    assert {key.identity for key in keys} == {key_beside(tmp_path).identity}
    assert keys[0].fault() == ""
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


DYING = """
import os, signal, sys
from pathlib import Path
from portcheck.disk import whole
from portcheck.services.installation import DeviceKey
class Dying:
    def __getattr__(self, name):
        return getattr(os, name)
    def fsync(self, handle):
        os.kill(os.getpid(), signal.SIGKILL)
whole.os = Dying()
DeviceKey(Path(sys.argv[1])).make()
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files have names from the start here")
def test_a_kill_leaves_no_key(tmp_path: Path) -> None:
    died = subprocess.run(
        [sys.executable, "-c", DYING, tmp_path / "portcheck.toml"], check=False, timeout=60
    )
    assert died.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def foreign(path: Path) -> None:
    path.write_bytes(b"\xff" * 5_000)


def folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe_there(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def another_identity(path: Path) -> None:
    text = path.read_text()
    at = text.index('"') + 1
    path.write_text(f"{text[:at]}{'0' * 16}{text[at + 16 :]}")


def open_to_all(path: Path) -> None:
    path.chmod(0o644)


@pytest.mark.parametrize(
    ("harm", "said", "usable"),
    [
        (torn, "is damaged", False),
        (foreign, "is damaged", False),
        (folder_there, "cannot be read", False),
        (pipe_there, "is damaged", False),
        (another_identity, "is damaged: it has the identity of another key", True),
        (open_to_all, "can be read by others: file mode 0644", True),
    ],
)
def test_a_damaged_key_is_told_and_left_as_it_is(
    opening: Opening,
    tmp_path: Path,
    told: list[str],
    harm: Callable[[Path], None],
    said: str,
    usable: bool,
) -> None:
    """Recording goes on, without it; it is said where the device begins, not at every check."""
    made = key_beside(tmp_path)
    made.make()
    harm(made.file)
    before = made.file.read_bytes() if made.file.is_file() else None
    context = opening(tmp_path / "day.db", "", key=key_beside(tmp_path))
    operation.start(context, DAY)
    assert [check(context), check(context)] == ["L1-001", "L1-002"]
    assert bool(context.actor.installation) == usable
    assert len(told) == (0 if usable else 1)
    assert usable or (said in told[0] and str(made.file) in told[0])
    assert (made.file.read_bytes() if made.file.is_file() else None) == before
    found = examine_key(key_beside(tmp_path))
    assert not found.good
    assert said in found.seen
    assert str(made.file) in found.seen
    assert_sound(context)


def file_in_the_way(folder: Path) -> Path:
    (folder / "file").write_text("")
    return folder / "file" / "portcheck.toml"


def no_file(_: Path) -> Path:
    return Path(os.devnull)


@pytest.mark.parametrize("settings_file", [file_in_the_way, no_file])
def test_where_no_key_can_be_written_it_records_unsigned_and_says_so(
    opening: Opening, tmp_path: Path, told: list[str], settings_file: Callable[[Path], Path]
) -> None:
    place = settings_file(tmp_path)
    context = opening(tmp_path / "day.db", "", key=DeviceKey(place))
    operation.start(context, DAY)
    assert check(context) == "L1-001"
    assert context.actor.installation == ""
    assert len(told) == 1
    assert "saved all the same, but cannot be signed" in told[0]
    again = opening(tmp_path / "day.db", "", key=DeviceKey(place))
    assert check(again) == "L1-002"
    assert len(told) == 1
    found = examine_key(DeviceKey(place))
    assert not found.good
    assert "cannot be signed" in found.seen
    assert_sound(again)


def refusing(_: bytes) -> None:
    raise UnsupportedAlgorithm("ed25519 is not supported")


@pytest.mark.parametrize("missing", [True, False])
def test_a_machine_whose_cryptography_is_broken_records(
    opening: Opening,
    tmp_path: Path,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
    missing: bool,
) -> None:
    made = key_beside(tmp_path / "made")
    made.make()
    name = "cryptography.hazmat.primitives.asymmetric"
    broken = (
        None
        if missing
        else SimpleNamespace(
            ed25519=SimpleNamespace(Ed25519PrivateKey=SimpleNamespace(from_private_bytes=refusing))
        )
    )
    monkeypatch.setitem(sys.modules, name, broken)
    context = opening(tmp_path / "day.db", "", key=key_beside(tmp_path))
    operation.start(context, DAY)
    assert check(context) == "L1-001"
    assert len(told) == 1
    assert "cryptography cannot be used" in told[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.db", "made"]
    assert "cryptography cannot be used" in examine_key(key_beside(tmp_path / "made")).seen


def test_a_chain_without_a_key_is_taken_on_by_the_key_that_is_made(
    opening: Opening, tmp_path: Path, told: list[str]
) -> None:
    context = opening(tmp_path / "day.db", "")
    operation.start(context, DAY)
    key = key_beside(tmp_path)
    later = opening(tmp_path / "day.db", "", key=key)
    assert check(later) == "L1-001"
    assert later.actor.installation == key.identity > ""
    assert later.connection.execute("SELECT installation FROM own_chain").fetchall() == [
        (key.identity,)
    ]
    assert told == []


def test_only_a_write_makes_the_key(opening: Opening, tmp_path: Path) -> None:
    key = key_beside(tmp_path)
    context = opening(tmp_path / "day.db", "", key=key)
    assert (context.current(), context.actor.device) == (None, "L1")
    assert not key.file.exists()
    look_up(context)
    assert key.file.exists()


def test_the_doctor_tells_whose_the_chains_are(opening: Opening, day: Path, tmp_path: Path) -> None:
    shared = opening(day, THEIRS)
    look_up(shared)
    copy = opening(copied_beside(day, tmp_path), OURS)
    look_up(copy)
    seen = {one.what: one.seen for one in examine_database(copy)}["devices"]
    assert seen == (
        "L1 (2 events) of this installation, before this file was copied; "
        f"L2 (2 events) of another installation, {THEIRS}, before this file was copied; "
        "L3 (2 events) of this installation (the settings say L1)"
    )
