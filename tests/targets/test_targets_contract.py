"""What every target promises, held against each of them."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.targets.conftest import DISK, FILES, PROGRAMS, Place, new_place

from portcheck.errors import ExitCode, FileRefused, TargetUnreachable
from portcheck.targets.target import MOST_BYTES, Target, is_name, words_of

DAY = {"op1/events/aa11/1-9.piece": b"nine", "op1/lists/ff.list": b"", "op2/about/c.json": b"{}"}
BAD_NAMES = [
    *("", "/", "/a", "a/", "a//b", "../a", "a/../b", ".", "..", "a/./b", ".hidden", "a/.b", "A"),
    *("a/B", "a b", "a\\b", "a_b", "a.", "a/b.", "a..b", "é", "a\n", "a\0", "c:a", "con", "x/nul"),
    *("aux.piece", "com1", "lpt9.x/a", "a/b/c/d/e", "x" * 201, "a*", "a?", "~"),
]
ROOT = Path(__file__).parents[2]
SOME = (7, 17)  # every so many calls of the system a kill, in the quick tests
SELDOM = {"store": 9_000, "server": 2_000, "database": 25}  # as above, where there is a server


def put(place: Place, pieces: dict[str, bytes]) -> None:
    target = place.open()
    for name, content in pieces.items():
        target.put(name, content)
    target.close()


def test_what_was_put_is_there_for_whoever_comes(place: Place) -> None:
    target = place.open()
    assert target.have("") == {}
    for name, content in DAY.items():
        target.put(name, content)
    for _ in range(2):
        assert target.have("") == {name: len(content) for name, content in DAY.items()}
        assert target.have("op1") == {"op1/events/aa11/1-9.piece": 4, "op1/lists/ff.list": 0}
        assert list(target.have("op1/events/aa11")) == ["op1/events/aa11/1-9.piece"]
        assert target.have("op") == target.have("op3") == target.have("op1/events/aa") == {}
        assert {name: target.fetch(name) for name in DAY} == DAY
        target.close()
    assert place.pieces() == DAY


def test_it_goes_on_after_it_was_closed(place: Place) -> None:
    """As when several operations are synced one after another."""
    target = place.open()
    so_far: dict[str, bytes] = {}
    for name, content in DAY.items():
        target.put(name, content)
        target.close()
        so_far[name] = content
        assert place.pieces() == so_far


def test_several_devices_one_after_another(place: Place) -> None:
    for number, (name, content) in enumerate(DAY.items()):
        target = place.open()
        assert len(target.have("")) == number
        target.put(name, content)
        target.close()
    assert place.pieces() == DAY


def test_without_anything_new_nothing_is_touched(place: Place) -> None:
    place.open().close()
    assert place.bytes() == {}
    put(place, DAY)
    facts = place.state()
    with place.reading() as target:
        target.have("")
    put(place, DAY)
    assert place.state() == facts
    assert place.pieces() == DAY


@pytest.mark.parametrize("place", [*FILES, "memory"], indirect=True)
def test_what_was_broken_off_is_replaced(place: Place) -> None:
    target = place.open()
    target.put("op/a", b"ha")
    target.close()
    target = place.open()
    target.put("op/a", b"half and half")
    target.close()
    assert place.pieces() == {"op/a": b"half and half"}


def test_something_else_of_the_same_size_is_told(place: Place) -> None:
    target = place.open()
    target.put("op/a", b"one")
    with pytest.raises(FileRefused, match="op/a: something else"):
        target.put("op/a", b"two")
    target.close()
    assert place.pieces() == {"op/a": b"one"}


def test_what_is_no_name_is_a_fault_of_the_program(place: Place) -> None:
    target = place.open()
    for name in BAD_NAMES:
        for call in (partial(target.fetch, name), partial(target.put, name, b"")):
            with pytest.raises(ValueError, match="is no name of a piece"):
                call()
        if name:
            with pytest.raises(ValueError, match="is no name of a piece"):
                target.have(name)
    target.close()
    assert place.bytes() == {}


PARTS = st.from_regex(r"[a-z0-9-]{1,3}(\.[a-z0-9-]{1,2})?", fullmatch=True)
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join).filter(is_name)


@pytest.mark.parametrize("kind", [*DISK, "memory"])
@settings(max_examples=15, deadline=None)
@given(wanted=st.dictionaries(NAMES, st.binary(max_size=40), max_size=6))
def test_any_names(kind: str, wanted: dict[str, bytes]) -> None:
    any_names(kind, wanted)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["store", "server", "database"])
@settings(max_examples=2, deadline=None)
@given(wanted=st.dictionaries(NAMES, st.binary(max_size=40), min_size=4, max_size=9))
def test_any_names_at_a_server(kind: str, wanted: dict[str, bytes]) -> None:
    any_names(kind, wanted)


def any_names(kind: str, wanted: dict[str, bytes]) -> None:
    """But that what is a folder cannot be a piece as well, on a disk."""
    pieces = {
        name: content
        for name, content in wanted.items()
        if not any(other.startswith(f"{name}/") for other in wanted)
    }
    with new_place(kind) as place:
        put(place, pieces)
        assert place.pieces() == pieces
        if pieces or place.one_by_one:
            with place.reading() as target:
                for name in pieces:
                    under = name.rpartition("/")[0]
                    assert name in target.have(under)
                    assert all(one.startswith(under) for one in target.have(under))


@given(text=st.text(st.sampled_from("ab1./-\\:A_ \n\0é"), max_size=12))
def test_no_name_leads_anywhere_else(text: str) -> None:
    if is_name(text):
        path = Path("/target", text)
        assert os.path.normpath(path) == str(path) == f"/target/{text}"
        assert not any(part.startswith(".") or part.endswith(".") for part in text.split("/"))


def test_a_piece_has_its_bounds(place: Place) -> None:
    target = place.open()
    with pytest.raises(ValueError, match="more than a piece"):
        target.put("op/a", bytes(MOST_BYTES + 1))
    target.close()
    assert place.bytes() == {}


def test_what_is_not_there_cannot_be_fetched(place: Place) -> None:
    put(place, DAY)
    with place.reading() as target, pytest.raises(TargetUnreachable, match="has no op1/b any more"):
        target.fetch("op1/b")


def test_one_that_was_opened_for_reading_is_not_written(place: Place) -> None:
    put(place, DAY)
    before = place.bytes()
    with place.reading() as target, pytest.raises(AssertionError):
        target.put("op/a", b"")
    assert place.bytes() == before


WORDS = {
    "folder": "folder /",
    "file": "file /",
    "encrypted file": "file /",
    "store": "store s3://",
    "server": "server sftp://",
    "memory": "store memory://",
    "database": "server postgresql://",
}


def test_how_people_know_it(place: Place) -> None:
    target = place.open()
    assert target.takes
    target.put("op/a", b"secret words")
    target.close()
    assert target.words == words_of(place.text)
    assert target.words.startswith(WORDS[place.kind])
    assert target.plain is (place.is_plain and place.kind != "database")  # it is on this machine
    with place.reading() as again:
        assert again.takes is place.is_plain
        assert again.plain is target.plain
    assert any(b"secret words" in content for content in place.bytes().values()) is place.is_plain


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond it, as on a disk that is full."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))


def assert_unreachable(error: TargetUnreachable, place: Place) -> None:
    assert error.exit_code is ExitCode.UNREACHABLE
    assert words_of(place.text) in str(error)
    assert "is kept and will be sent" in error.hint
    assert f"“portcheck sync {place.text}”" in error.hint


def send(place: Place, pieces: dict[str, bytes]) -> None:
    """As `put`, closing it in any case, as who syncs does."""
    target = place.open()
    try:
        for name, content in pieces.items():
            target.put(name, content)
    finally:
        target.close()


def put_and_close(target: Target, name: str, content: bytes) -> None:
    try:
        target.put(name, content)
    finally:
        target.close()


def test_no_room(on_disk: Place) -> None:
    before = {"op/old": b"o" * 100}
    put(on_disk, before)
    new = {f"op/{number}": os.urandom(5_000) for number in range(3)}
    with room_for(2_000), pytest.raises(TargetUnreachable, match="cannot be written") as error:
        send(on_disk, new)
    assert_unreachable(error.value, on_disk)
    assert on_disk.pieces() == before
    assert len(on_disk.bytes()) == len(before)
    put(on_disk, new)
    assert on_disk.pieces() == before | new


def test_room_for_some(on_disk: Place) -> None:
    """What is whole in a folder stays; one file is written whole or not at all."""
    target = on_disk.open()
    target.put("op/a", bytes(100))
    with room_for(2_000), pytest.raises(TargetUnreachable):
        put_and_close(target, "op/b", os.urandom(5_000))
    assert on_disk.pieces() == ({"op/a": bytes(100)} if on_disk.is_folder else {})
    if on_disk.is_folder:
        target.put("op/b", bytes(5_000))
    target.close()
    assert set(on_disk.pieces()) == {"op/a", "op/b"}


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fails(
    on_disk: Place,
    failing: Callable[[str, int], None],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        failing("fsync", number)
        with pytest.raises(TargetUnreachable, match="cannot be written: ") as error:
            send(on_disk, DAY)
        assert_unreachable(error.value, on_disk)
        assert os.strerror(number) in error.value.message
        patch.undo()
    monkeypatch.undo()
    assert on_disk.bytes() == {}
    put(on_disk, DAY)
    assert on_disk.pieces() == DAY


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_where_nothing_may_be_written(
    on_disk: Place, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    put(on_disk, DAY)
    opened = os.open

    def open_to_read(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and str(path).startswith(str(on_disk.inside)):
            raise OSError(number, os.strerror(number))
        return opened(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", open_to_read)
    with pytest.raises(TargetUnreachable, match="cannot be written") as error:
        send(on_disk, {"op1/events/new.piece": b"new"})
    assert_unreachable(error.value, on_disk)
    assert on_disk.pieces() == DAY


def mounted(folder: Path, options: str) -> bool:
    """Whether a disk of this machine's memory could be mounted there."""
    if shutil.which("mount") is None:
        return False
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_a_real_disk_that_is_full_then_locked_then_gone(on_disk: Place) -> None:
    if not mounted(on_disk.inside, "size=256k"):
        pytest.skip("no disk can be mounted here")
    try:
        on_disk.made()
        (on_disk.inside / "film").write_bytes(bytes(200_000))
        with pytest.raises(TargetUnreachable, match="No space left"):
            send(on_disk, {"op/a": os.urandom(150_000)})
        assert on_disk.pieces() == {}
        (on_disk.inside / "film").unlink()
        target = on_disk.open()
        target.put("op/a", bytes(100))
        target.close()
        subprocess.run(["mount", "-o", "remount,ro", str(on_disk.inside)], check=True)
        assert on_disk.pieces() == {"op/a": bytes(100)}
        with pytest.raises(TargetUnreachable, match="Read-only file system"):
            put_and_close(target, "op/b", b"b")
        assert on_disk.pieces() == {"op/a": bytes(100)}
    finally:
        subprocess.run(["umount", "-l", str(on_disk.inside)], check=True)
    if on_disk.is_folder:  # the folder on which the stick stood is there, and is not the stick
        for call in (lambda: target.have(""), lambda: target.put("op/c", b"c")):
            with pytest.raises(TargetUnreachable, match="is on another disk now"):
                call()
    assert on_disk.bytes() == {}


@pytest.mark.parametrize("place", PROGRAMS, indirect=True)
def test_one_that_is_not_there_is_not_made(place: Place) -> None:
    """A stick that is not mounted must not become a folder on the disk."""
    place.vanish()
    before = sorted(place.inside.parent.rglob("*"))
    with pytest.raises(TargetUnreachable) as error:
        place.open()
    assert_unreachable(error.value, place)
    with pytest.raises(TargetUnreachable), place.reading():
        pass
    assert sorted(place.inside.parent.rglob("*")) == before
    place.come_back()
    assert place.bytes() == {}


@pytest.mark.parametrize("place", PROGRAMS, indirect=True)
def test_one_that_vanishes_and_comes_back(place: Place) -> None:
    target = place.open()
    target.put("op/a", b"a")
    target.close()
    place.vanish()
    with pytest.raises(TargetUnreachable) as error:
        put_and_close(target, "op/b", b"b")
    assert_unreachable(error.value, place)
    if place.one_by_one:
        for call in (lambda: target.have(""), lambda: target.fetch("op/a")):
            with pytest.raises(TargetUnreachable):
                call()
    place.come_back()
    target.put("op/b", b"b")
    target.close()
    assert place.pieces() == {"op/a": b"a", "op/b": b"b"}


def with_bench() -> dict[str, str]:
    """The environment in which another program can import what tests import."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "bench")}


WRITER = """
import sys
from pathlib import Path
from portcheck.errors import PortcheckError
from tests.targets.conftest import place_of
place, device = place_of(sys.argv[1], Path(sys.argv[2])), sys.argv[3]
print("ready", flush=True)
sys.stdin.readline()
try:
    for turn in range(int(sys.argv[4])):
        target = place.open()
        target.put(f"op/{device}/{turn}", f"{device} {turn}".encode() * 50)
        target.put(f"op/both/{turn}", f"both {turn}".encode() * 50)
        target.close()
except PortcheckError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


@pytest.mark.slow
@pytest.mark.parametrize("place", PROGRAMS, indirect=True)
def test_two_programs_at_once(place: Place) -> None:
    turns = 6 if place.kind in DISK else 2
    both = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, place.kind, str(place.inside), device, str(turns)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env=with_bench(),
        )
        for device in ("l1", "l2")
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    ended = [(one.communicate(timeout=60), one.returncode) for one in both]
    found = place.pieces()
    assert [code for _, code in ended] == [0, 0], ended
    assert len(found) == 3 * turns
    for name, content in found.items():
        _, device, turn = name.split("/")
        assert content == f"{device} {turn}".encode() * 50


KILLER = """
import os, signal, sys
from pathlib import Path
from fsspec.asyn import get_loop
from tests.targets.conftest import place_of
kind, inside, first, step = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
old, new = {"op/old": b"old" * 9}, {"op/new/a": b"a" * 9999, "op/new/b": b"b" * 3, "op/old": b"old" * 9}

def put(place, pieces, limit=0):
    left = limit
    target = place.open()
    def count(frame, event, arg):
        nonlocal left
        if event == "c_call":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    if limit:
        if kind in ("store", "server"):  # what talks with them does so in a thread
            get_loop().call_soon_threadsafe(sys.setprofile, count)
        sys.setprofile(count)
    for name, content in pieces.items():
        target.put(name, content)
    target.close()
    sys.setprofile(None)

kills, seen = 0, set()
while True:
    place = place_of(kind, inside / str(kills)).made()
    put(place, old)
    child = os.fork()
    if not child:
        put(place, new, first + step * kills)
        os._exit(0)
    died = os.waitpid(child, 0)[1]
    found = place.pieces()
    assert all(new[name] == content for name, content in found.items()), found
    assert old.items() <= found.items(), found
    assert place.one_by_one or len(found) in (1, 3), found
    seen.add(len(found))
    put(place, new)
    assert place.pieces() == new
    if not died:
        break
    assert died == signal.SIGKILL, died
    kills += 1
print(kills, sorted(seen))
"""


def killed(kind: str, inside: Path, first: int, step: int) -> tuple[int, str]:
    """How many kills it withstood, and how many pieces were there after them."""
    words = [sys.executable, "-c", KILLER, kind, str(inside), str(first), str(step)]
    ran = subprocess.run(
        words, capture_output=True, encoding="utf-8", check=False, cwd=ROOT, env=with_bench()
    )
    assert ran.returncode == 0, ran.stderr
    kills, _, seen = ran.stdout.strip().partition(" ")
    return int(kills), seen


@pytest.mark.parametrize("kind", DISK)
def test_a_kill_at_some_moments(kind: str, tmp_path: Path) -> None:
    kills, _ = killed(kind, tmp_path, *SOME)
    assert kills >= 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", DISK)
def test_a_kill_at_every_moment(kind: str, tmp_path: Path) -> None:
    """Before each call of anything that is not Python, while it puts and closes."""
    kills, seen = killed(kind, tmp_path, 1, 1)
    assert kills >= 150
    assert seen == ("[1, 2, 3]" if kind == "folder" else "[1, 3]")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["store", "server", "database"], indirect=True)
def test_a_kill_while_it_talks_with_a_server(place: Place) -> None:
    kills, seen = killed(place.kind, place.inside, 1, SELDOM[place.kind])
    assert kills >= 2
    assert seen.startswith("[1, ")
