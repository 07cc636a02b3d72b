"""A folder among other things: what stands beside the pieces, on disks of all kinds."""

import errno
import os
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest
from tests.targets.conftest import PUBLIC, Place

from portcheck.errors import FileRefused, TargetUnreachable, WrongUsage
from portcheck.targets import folder as folder_room
from portcheck.targets.target import MOST_BYTES, open_target

FOREIGN = [
    *(".stfolder/marker", ".stversions/op/a", "desktop.ini~", "Thumbs.db", "op/Notes of L1.txt"),
    *("op/a_b.piece", "op/.DS_Store", "op/A.PIECE", "op/b/c/d/e.piece", "~syncthing~a.tmp"),
    *("op/nul.piece", ".portcheck-notes.txt", ".portcheck-", "op/.portcheck-x"),
]


def assert_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(FileRefused, match=words) as error:
        call()
    assert error.value.where.startswith("folder ")
    assert error.value.hint


def test_what_others_keep_beside_the_pieces(folder: Place) -> None:
    for name in FOREIGN:
        path = folder.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine")
        os.utime(path, (0, 0))
    target = folder.open()
    target.put("op/b/mine.piece", b"piece")
    assert target.have("") == {"op/b/mine.piece": 5}
    target.close()
    for name in FOREIGN:
        assert (folder.path / name).read_bytes() == b"mine"


def test_what_was_broken_off_is_removed_after_a_day(folder: Place) -> None:
    """By the clock of the folder: this machine's may be two years ahead."""
    target = folder.open()
    target.put("op/a", b"a")
    old, young = (
        folder.path / "op/.portcheck-ab_1cd2e",
        folder.path / "op/.portcheck-0123456789abcdef",
    )
    years_ago = time.time() - 2 * 365 * 86_400
    for path, at in (
        (old, years_ago - 90_000),
        (young, years_ago - 80_000),
        (folder.path / "op/a", years_ago),
    ):
        path.touch()
        os.utime(path, (at, at))
    with folder.reading() as reader:
        assert reader.have("") == {"op/a": 1}
    assert old.exists()
    assert target.have("op") == {"op/a": 1}
    assert not old.exists()
    assert young.exists()


def spoil_with_fifo(path: Path) -> None:
    os.mkfifo(path)


def spoil_with_link(path: Path) -> None:
    (path.parent / "Elsewhere").write_bytes(b"secret")
    path.symlink_to(path.parent / "Elsewhere")


def spoil_with_loop(path: Path) -> None:
    path.symlink_to(path)


def spoil_with_nothing(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def spoil_with_folder(path: Path) -> None:
    path.mkdir()


def spoil_with_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.open(path.parent, os.O_RDONLY)
        try:  # the name of a socket is short
            made.bind(f"/proc/self/fd/{here}/{path.name}")
        finally:
            os.close(here)


def spoil_with_size(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)


SPOILS = [
    *(spoil_with_fifo, spoil_with_link, spoil_with_loop, spoil_with_nothing, spoil_with_folder),
    spoil_with_socket,
]


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda one: one.__name__)
def test_what_is_no_file_is_neither_read_nor_waited_for(
    folder: Place, spoil: Callable[[Path], None]
) -> None:
    path = folder.path / "op" / "a"
    path.parent.mkdir()
    spoil(path)
    before = path.lstat()
    target = folder.open()
    assert target.have("") == target.have("op") == {}
    assert_refused(lambda: target.fetch("op/a"), "op/a: it is no file but a link, a folder")
    assert_refused(lambda: target.put("op/a", b"123456"), "op/a: it is no file but")
    target.put("op/b", b"b")
    target.close()
    assert target.have("op") == {"op/b": 1}
    assert path.lstat().st_ino == before.st_ino


def test_a_file_that_is_larger_than_a_piece(folder: Place) -> None:
    spoil_with_size(folder.path / "a")
    with folder.reading() as target:
        assert target.have("") == {"a": MOST_BYTES + 1}
        assert_refused(lambda: target.fetch("a"), "a: it is no file, or larger than a piece")


def test_a_pipe_that_takes_the_place_of_a_file(
    folder: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and opening: it is not waited for."""
    path = folder.path / "a"
    path.write_bytes(b"a")
    target = folder.open()
    read = folder_room.Folder._read

    def swapped(self: folder_room.Folder, name: str, where: Path, facts: os.stat_result) -> bytes:
        path.unlink()
        os.mkfifo(path)
        return read(self, name, where, facts)

    monkeypatch.setattr(folder_room.Folder, "_read", swapped)
    assert_refused(lambda: target.fetch("a"), "a: it is no file")


def test_links_lead_nowhere(folder: Place, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "op").mkdir(parents=True)
    (outside / "op" / "a").write_bytes(b"secret")
    (folder.path / "out").symlink_to(outside)
    (folder.path / "round").symlink_to(folder.path)
    target = folder.open()
    assert target.have("") == target.have("out") == target.have("out/op") == {}
    for name in ("out/op/a", "out/a"):
        with pytest.raises(TargetUnreachable, match=f"has no {name} any more"):
            target.fetch(name)
    assert_refused(lambda: target.put("out/op/b", b"b"), "out: it is not the folder that it should")
    assert [path.name for path in outside.rglob("*")] == ["op", "a"]


def test_the_folder_itself_may_be_a_link(folder: Place, tmp_path: Path) -> None:
    (tmp_path / "stick").symlink_to(folder.path)
    target = open_target(str(tmp_path / "stick"), writing=True)
    target.put("op/a", b"a")
    target.close()
    assert folder.pieces() == {"op/a": b"a"}


def test_a_file_stands_where_a_folder_should(folder: Place) -> None:
    (folder.path / "op").write_bytes(b"")
    target = folder.open()
    assert_refused(lambda: target.put("op/a", b"a"), "op: it is not the folder that it should be")
    assert (folder.path / "op").read_bytes() == b""


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o755, 0o2775])
def test_who_may_read_the_folder_may_read_what_is_in_it(folder: Place, mode: int) -> None:
    """So that several people exchange through a share, and nobody else sees anything."""
    folder.path.chmod(mode)
    target = folder.open()
    target.put("op/events/a", b"a")
    target.close()
    assert stat.S_IMODE((folder.path / "op/events").stat().st_mode) == mode
    assert stat.S_IMODE((folder.path / "op/events/a").stat().st_mode) == 0o600 | mode & 0o444


def test_a_stick_that_knows_no_links_and_no_modes(
    folder: Place, failing: Callable[[str, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As FAT and exFAT are."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    failing("link", errno.EPERM)
    failing("chmod", errno.EPERM)
    failing("fchmod", errno.EPERM)
    target = folder.open()
    target.put("op/a", b"half")
    target.put("op/a", b"and whole")
    target.put("op/a", b"and whole")
    target.close()
    assert folder.bytes() == {"exchange/op/a": b"and whole"}


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_share_whose_folders_cannot_be_written_out(
    folder: Place, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fsync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    target = folder.open()
    target.put("op/a", b"a")
    target.close()
    assert folder.pieces() == {"op/a": b"a"}


def test_every_folder_with_something_new_is_written_out(
    folder: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    target = folder.open()
    target.put("op/events/a", b"a")
    assert synced == [(folder.path / "op/events/a").stat().st_ino]
    target.close()
    places = (folder.path, folder.path / "op", folder.path / "op/events")
    assert set(synced[1:]) == {path.stat().st_ino for path in places}
    synced.clear()
    target.close()
    assert synced == []


def test_what_disappears_while_it_is_looked_through(
    folder: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that clears up at the same time: what is left is told, and nothing fails."""
    target = folder.open()
    for name in ("a/1", "a/2", "b/1", "b/2"):
        target.put(name, b"1")
    scandir = os.scandir

    class Swept(list["os.DirEntry[str]"]):
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return

    def sweeping(path: Path) -> Swept:
        with scandir(path) as entries:
            found = Swept(entries)
        if path != folder.path:
            (path / "2").unlink()
            other = folder.path / ("a" if path.name == "b" else "b")
            for name in ("1", "2"):
                (other / name).unlink()
            other.rmdir()
        return found

    monkeypatch.setattr(os, "scandir", sweeping)
    (left,) = target.have("")
    assert left in {"a/1", "b/1"}


def test_a_folder_that_goes_while_it_is_looked_through_is_not_empty(
    folder: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = folder.open()
    target.put("op/a", b"a")
    scandir = os.scandir

    def pulled(path: Path) -> object:
        if path.name == "op":
            folder.path.rename(tmp_path / "pulled")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", pulled)
    with pytest.raises(TargetUnreachable, match="cannot be read: No such file"):
        target.have("")


def test_more_files_than_can_be(folder: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_room, "MOST_PIECES", 3)
    for number in range(3):
        (folder.path / f"Film {number}").touch()
    with folder.reading() as target:
        assert target.have("") == {}
        (folder.path / "a").touch()
        assert_refused(lambda: target.have(""), "there are more than 3 files in it")


@pytest.mark.parametrize(
    "text",
    ["", "  ", "ftp://share/day", "s3:///day", "s3://day?a=b", "sftp://", "a\0b", "s3://a\0b"],
)
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(WrongUsage, match="is no target") as error:
        open_target(text)
    assert "\0" not in error.value.message
    assert "Name a folder" in error.value.hint


def test_a_file_is_no_folder(folder: Place) -> None:
    path = folder.inside / "day.zip"
    path.write_bytes(b"")
    assert_refused(lambda: open_target(str(path)), "this is no folder")


def test_a_folder_is_not_encrypted(folder: Place) -> None:
    with pytest.raises(WrongUsage, match="cannot be encrypted"):
        open_target(str(folder.path), recipient=PUBLIC)


def test_a_name_that_could_steer_a_terminal(tmp_path: Path) -> None:
    with pytest.raises(TargetUnreachable) as error:
        open_target(str(tmp_path / "a\x1b[31m b"))
    assert "\x1b" not in error.value.message + error.value.hint
    assert error.value.hint.endswith("a[31m b'”.")


def test_at_home(folder: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it may stand in a setting, where no shell reads it."""
    monkeypatch.setenv("HOME", str(folder.inside))
    target = open_target("~/exchange")
    assert target.words == f"folder {folder.path}"
    target.put("a", b"a")
    target.close()
    assert folder.pieces() == {"a": b"a"}
