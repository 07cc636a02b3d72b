"""One file that came by mail: made to harm, damaged on its way, or somebody else's."""

import builtins
import fcntl
import io
import os
import random
import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from tests.targets.conftest import PUBLIC, SECRET, Place

from portcheck.disk.whole import new_file
from portcheck.errors import FileRefused, Refused, TargetUnreachable
from portcheck.targets import onefile
from portcheck.targets.target import MOST_BYTES, open_target

DAY = {"op/events/a/1.piece": b"first piece", "op/events/a/2.piece": b"second", "op/l.list": b""}


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def put(place: Place, pieces: dict[str, bytes]) -> None:
    target = place.open()
    for name, content in pieces.items():
        target.put(name, content)
    target.close()


def refused(place: Place, content: bytes) -> FileRefused:
    """The error for such a file, which is the same for who adds to it, and leaves it as it was."""
    place.path.write_bytes(content)
    with pytest.raises(FileRefused) as writing:
        place.open()
    with pytest.raises(FileRefused) as error, place.reading():
        pass
    assert str(writing.value) == str(error.value)
    assert error.value.where == f"file {place.path}"
    assert place.bytes() == {"day.portcheck": content}
    return error.value


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_folder_that_somebody_zipped(one_file: Place, method: int) -> None:
    pieces = DAY | {"op/zeros.piece": bytes(3_000_000), "op/noise": os.urandom(700_000)}
    one_file.path.write_bytes(zipped({"op/": b"", "op/events/": b"", **pieces}, method))
    assert one_file.pieces() == pieces
    put(one_file, {"op/mine": b"mine"})
    assert one_file.pieces() == pieces | {"op/mine": b"mine"}


def test_what_else_somebody_zipped_is_not_lost(one_file: Place) -> None:
    content = zipped({**DAY, "op/.DS_Store": b"x", "Thumbs.db": b"y"})
    one_file.path.write_bytes(content)
    assert one_file.pieces() == DAY
    target = one_file.open()
    for name, piece in DAY.items():
        target.put(name, piece)
    with pytest.raises(Refused, match="2 parts of it are not portcheck's, and would be lost"):
        target.put("op/new", b"new")
    target.close()
    assert one_file.bytes() == {"day.portcheck": content}


def test_what_is_in_it_is_only_pieces_and_says_nothing_else(one_file: Place) -> None:
    put(one_file, DAY)
    with zipfile.ZipFile(one_file.path) as archive:
        infos = archive.infolist()
        assert [info.filename for info in infos] == sorted(DAY)
        assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
        assert archive.testzip() is None
    assert one_file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "op/../../x", "/etc/x", "..", "op/..", "./x", "op\\x", "..\\x", "c:x", "c:/x"),
        *("nul", "op/con.piece", "COM1", "op/lpt9.txt/x", "op/a\x1bb", "op/a\nb", "aux/x", "a:b"),
    ],
)
def test_names_that_lead_elsewhere(one_file: Place, name: str) -> None:
    error = refused(one_file, zipped(DAY | {name: b"x"}))
    assert "not opened: a part of it is called" in error.message
    assert error.message.isprintable()


def test_a_name_that_ends_early(one_file: Place) -> None:
    """Of “op/a␀../x” some programs take the beginning, others all."""
    content = zipped(DAY | {"op/a?../x": b"x"}).replace(b"op/a?../x", b"op/a\0../x")
    assert "is called" in refused(one_file, content).message


OTHERS = {
    "empty": b"",
    "text": b"Registration,Balance\n",
    "database": b"SQLite format 3\0" + bytes(100),
    "half a zip": zipped(DAY)[:-30],
    "workbook": zipped({"[Content_Types].xml": b"<x/>", "_rels/.rels": b"<x/>"}),
    "photographs": zipped({"IMG_1.JPG": b"x"}),
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_another_file_is_left_alone(one_file: Place, content: bytes) -> None:
    message = refused(one_file, content).message
    assert message.startswith(("the file is damaged", "this is no file of portcheck"))


def directory(content: bytes | bytearray) -> int:
    """Where the list of a zip's parts begins."""
    return int.from_bytes(content[-6:-2], "little")


def test_a_name_that_stands_twice(one_file: Place) -> None:
    content = zipped({"op/a": b"1", "op/b": b"2"}).replace(b"op/b", b"op/a")
    assert "is damaged" in refused(one_file, content).message


def test_a_part_that_is_not_in_the_list(one_file: Place) -> None:
    """One byte that changed can hide it: what follows a name is said to be longer."""
    content = bytearray(zipped({"op/a": b"1", "op/b": b"2"}))
    content[directory(content) + 32] = 46 + len("op/b")
    assert "something lies between its parts" in refused(one_file, bytes(content)).message


def test_something_before_its_parts(one_file: Place) -> None:
    assert "is damaged" in refused(one_file, b"#!/bin/sh\n" * 9 + zipped(DAY)).message


def test_one_that_was_written_as_a_stream(one_file: Place) -> None:
    """Sizes stand behind the parts then, as some programs write them."""
    made = io.BytesIO()

    class Stream(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, content: Any) -> int:
            return made.write(content)

    with zipfile.ZipFile(cast("Any", Stream()), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in DAY.items():
            archive.writestr(name, content)
    one_file.path.write_bytes(made.getvalue())
    assert one_file.pieces() == DAY


def test_a_part_under_two_names(one_file: Place) -> None:
    """Read as one by some programs and as the other by others."""
    content = bytearray(zipped({"op/a": b"1"}))
    content[content.index(b"op/a", directory(content)) + 3] = ord("b")
    assert "its part op/b has two names" in refused(one_file, bytes(content)).message


def test_a_part_that_is_locked(one_file: Place) -> None:
    content = bytearray(zipped({"op/a": b"1"}))
    content[directory(content) + 8] |= 1
    assert "locked with a password" in refused(one_file, bytes(content)).message


def test_a_part_that_is_packed_in_another_way(one_file: Place) -> None:
    one_file.path.write_bytes(zipped({"op/a": b"1" * 100}, zipfile.ZIP_BZIP2))
    with one_file.reading() as target, pytest.raises(FileRefused, match="is damaged"):
        target.fetch("op/a")


def test_a_bomb(one_file: Place) -> None:
    content = zipped({"op/a": bytes(40_000_000)}, zipfile.ZIP_DEFLATED)
    assert len(content) < 60_000
    assert "unpacks 1," in refused(one_file, content).message


def test_many_small_bombs(one_file: Place) -> None:
    content = zipped({f"op/{n}": bytes(20_000_000) for n in range(3)}, zipfile.ZIP_DEFLATED)
    assert "unpacks 1," in refused(one_file, content).message


def test_a_part_that_is_larger_than_a_piece(one_file: Place) -> None:
    content = bytearray(zipped({"op/a": b"1"}))
    struct.pack_into("<II", content, directory(content) + 20, 1, MOST_BYTES + 1)
    assert "not opened" in refused(one_file, bytes(content)).message


def test_a_part_that_unpacks_to_more_than_it_says(one_file: Place) -> None:
    """It is read no further than to where it should end."""
    bomb = zlib.compress(bytes(60_000_000), wbits=-zlib.MAX_WBITS)
    content = bytearray(zipped({"op/a": bomb}))
    for start in (0, directory(content) + 2):
        struct.pack_into("<H", content, start + 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<I", content, directory(content) + 24, 1_000_000)
    one_file.path.write_bytes(bytes(content))
    tracemalloc.start()
    try:
        with one_file.reading() as target, pytest.raises(FileRefused, match="more than it says"):
            target.fetch("op/a")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_parts_over_each_other(one_file: Place) -> None:
    content = bytearray(zipped({"op/a": b"1" * 99, "op/b": b"2" * 99}))
    second = content.index(b"PK\x01\x02", directory(content) + 4)
    struct.pack_into("<I", content, second + 42, 10)
    assert "not opened: its parts lie over each other" in refused(one_file, bytes(content)).message


def test_more_parts_than_can_be(one_file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onefile.Pieces, "most_parts", 3)
    assert "is damaged" in refused(one_file, zipped({f"op/{n}": b"" for n in range(4)})).message


def test_one_that_grew_too_large_is_not_written(
    one_file: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written can be read."""
    monkeypatch.setattr(onefile, "MOST_OF_FILE", 100)
    monkeypatch.setattr(onefile, "MOST_PIECES", 3)
    target = one_file.open()
    target.put("op/a", bytes(60))
    for name, content in (("op/b", bytes(41)), ("op/b", b""), ("op/c", b"")):
        if content:
            with pytest.raises(Refused, match="would be too large to be read again"):
                target.put(name, content)
        else:
            target.put(name, content)
    with pytest.raises(Refused, match="would be too large to be read again") as error:
        target.put("op/d", b"")
    assert "or a folder" in error.value.hint
    target.close()
    assert list(one_file.pieces()) == ["op/a", "op/b", "op/c"]


def without_harm(place: Place, content: bytes) -> bool:
    """Whether such a file is refused; where it is read, each piece must be as it was put."""
    place.path.write_bytes(content)
    try:
        found = place.pieces()
    except Refused:
        return True
    assert found == DAY
    return False


def test_any_byte_that_changes(one_file: Place) -> None:
    put(one_file, DAY)
    good = one_file.path.read_bytes()
    caught = 0
    for place in range(len(good)):
        for change in (0x01, 0xA0):
            content = bytearray(good)
            content[place] ^= change
            caught += without_harm(one_file, bytes(content))
    assert caught > len(good) / 2  # of the rest, what changed says when, by what and for whom


def test_any_byte_that_changes_in_an_encrypted_file(for_device: Place) -> None:
    put(for_device, DAY)
    good = for_device.path.read_bytes()
    for place in range(0, len(good), 3):
        content = bytearray(good)
        content[place] ^= random.Random(place).randrange(1, 256)
        assert without_harm(for_device, bytes(content)), place


@pytest.mark.parametrize("kind", ["file", "encrypted file"])
def test_any_end_that_is_missing(kind: str, tmp_path: Path) -> None:
    place = Place(kind, tmp_path / "here").made()
    put(place, DAY)
    good = place.path.read_bytes()
    for length in range(0, len(good), 5):
        assert without_harm(place, good[:length]), length


def test_a_damaged_file_is_not_carried_over(one_file: Place) -> None:
    put(one_file, DAY)
    content = one_file.path.read_bytes().replace(b"first piece", b"First piece")
    one_file.path.write_bytes(content)
    target = one_file.open()
    target.put("op/new", b"new")
    with pytest.raises(FileRefused, match=r"op/events/a/1\.piece was changed"):
        target.close()
    assert one_file.bytes() == {"day.portcheck": content}


def test_what_another_wrote_meanwhile_is_carried_over(one_file: Place) -> None:
    put(one_file, {"op/a": b"a"})
    mine, other = one_file.open(), one_file.open()
    for target, name in ((mine, "op/mine"), (other, "op/other")):
        target.put(name, name.encode())
    other.close()
    mine.close()
    assert one_file.pieces() == {"op/a": b"a", "op/mine": b"op/mine", "op/other": b"op/other"}


def test_what_two_wrote_is_too_large_together(
    one_file: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onefile, "MOST_OF_FILE", 100)
    mine, other = one_file.open(), one_file.open()
    mine.put("op/mine", bytes(60))
    other.put("op/other", bytes(60))
    other.close()
    with pytest.raises(Refused, match="too large to be read again"):
        mine.close()
    assert one_file.pieces() == {"op/other": bytes(60)}


def test_something_else_that_took_its_place_stays(one_file: Place) -> None:
    target = one_file.open()
    target.put("op/a", b"a")
    one_file.path.write_bytes(b"a letter")
    with pytest.raises(FileRefused, match="is damaged"):
        target.close()
    assert one_file.bytes() == {"day.portcheck": b"a letter"}


def test_a_link_stays_one(one_file: Place, tmp_path: Path) -> None:
    (tmp_path / "link.portcheck").symlink_to(one_file.path)
    target = open_target(str(tmp_path / "link.portcheck"), writing=True)
    target.put("op/a", b"a")
    target.close()
    assert (tmp_path / "link.portcheck").is_symlink()
    assert one_file.pieces() == {"op/a": b"a"}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_not_waited_for(one_file: Place, make: Callable[[Path], None]) -> None:
    make(one_file.path)
    for writing in (True, False):
        with pytest.raises(FileRefused, match="this is no file but a folder, a pipe"):
            open_target(str(one_file.path), writing=writing)


def test_another_program_that_never_ends(one_file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onefile, "_PATIENCE", 2)
    target = one_file.open()
    target.put("op/a", b"a")
    handle = os.open(one_file.inside, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(TargetUnreachable, match="is being written by another program"):
        target.close()
    os.close(handle)
    target.close()
    assert one_file.pieces() == {"op/a": b"a"}


def key_of(secret: bytes) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(secret)


def line_of(secret: bytes) -> str:
    form = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    return key_of(secret).public_key().public_bytes(*form).decode()


@pytest.mark.parametrize("recipient", [PUBLIC, line_of(SECRET), f"{line_of(SECRET)} L5 at Dover\n"])
def test_for_one_device(for_device: Place, recipient: str) -> None:
    target = open_target(str(for_device.path), recipient=recipient)
    target.put("op/a", b"secret words")
    target.close()
    assert for_device.pieces() == {"op/a": b"secret words"}
    content = for_device.path.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert b"secret words" not in content
    assert b"op/a" not in content
    assert for_device.path.stat().st_mode & 0o777 == 0o600


def test_for_another_device(for_device: Place) -> None:
    """It is neither read nor written over; only who made it adds to it."""
    put(for_device, DAY)
    before = for_device.bytes()
    for recipient, hint in (("", "Have it written for this one"), (PUBLIC, "Name another file.")):
        with pytest.raises(
            FileRefused, match=r"encrypted to another device \(key .{6} or .{6}\)"
        ) as error:
            open_target(str(for_device.path), recipient=recipient, secret=bytes(32))
        assert error.value.hint.startswith(hint)
    with pytest.raises(Refused, match="this device has no key"):
        open_target(str(for_device.path), writing=False)
    assert for_device.bytes() == before


def test_who_reads_it_sends_nothing_back_in_plain(for_device: Place) -> None:
    put(for_device, DAY)
    before = for_device.bytes()
    target = open_target(str(for_device.path), secret=SECRET)
    assert not target.takes
    assert not target.plain
    assert {name: target.fetch(name) for name in target.have("")} == DAY
    with pytest.raises(AssertionError):
        target.put("op/a", b"a")
    target.close()
    assert for_device.bytes() == before


def test_who_reads_it_may_write_it_for_another(for_device: Place) -> None:
    put(for_device, DAY)
    third = bytes(32)
    target = open_target(str(for_device.path), recipient=line_of(third), secret=SECRET)
    target.put("op/a", b"a")
    target.close()
    for secret in (third, SECRET):
        again = open_target(str(for_device.path), writing=False, secret=secret)
        assert list(again.have("")) == sorted({*DAY, "op/a"})
        again.close()


def test_a_plain_file_does_not_become_an_encrypted_one(one_file: Place) -> None:
    """Who else reads it would be shut out."""
    put(one_file, DAY)
    with pytest.raises(FileRefused, match="a file already that is not encrypted"):
        open_target(str(one_file.path), recipient=PUBLIC, secret=SECRET)
    assert one_file.pieces() == DAY


def test_a_device_without_a_key_writes_for_one_that_has_one(for_device: Place) -> None:
    target = open_target(str(for_device.path), recipient=PUBLIC)
    for name, content in DAY.items():
        target.put(name, content)
        target.close()
    assert target.have("") == {name: len(content) for name, content in sorted(DAY.items())}
    assert for_device.pieces() == DAY


@pytest.mark.parametrize("key", ["L5", "ssh-ed25519", "ssh-ed25519 AAAA", "ab" * 31, "é"])
def test_what_is_no_key(for_device: Place, key: str) -> None:
    with pytest.raises(Refused, match="nothing can be encrypted to a device with this key"):
        open_target(str(for_device.path), recipient=key)
    assert for_device.bytes() == {}


def test_nothing_that_can_be_read_touches_the_stick(
    for_device: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in a file with a name nor in one without, however large the pieces are."""
    written: list[bytes] = []

    def noted(path: Path, write: Callable[[Any], None]) -> bool:
        there = io.BytesIO()
        write(there)
        written.append(there.getvalue())
        return new_file(path, write)

    monkeypatch.setattr(onefile, "new_file", noted)
    made: list[tuple[Any, ...]] = []

    def noting(real: Callable[..., Any], *words: Any, **named: Any) -> Any:
        made.append((*words, named.get("dir")))
        return real(*words, **named)

    for name in ("TemporaryFile", "SpooledTemporaryFile"):
        real = getattr(tempfile, name)
        monkeypatch.setattr(tempfile, name, partial(noting, real))
    words = b"secret words" * 1_000_000
    put(for_device, {"op/a": words})
    assert made
    assert not any(isinstance(word, str | Path) for one in made for word in one[1:])  # no folder
    assert b"secret words" not in b"".join(written)
    assert for_device.pieces() == {"op/a": words}


def test_without_pyrage(for_device: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    put(for_device, DAY)
    imported = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name == "pyrage":
            raise ImportError(name)
        return imported(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    cases: list[dict[str, Any]] = [{"recipient": PUBLIC}, {"writing": False, "secret": SECRET}]
    for words in cases:
        with pytest.raises(Refused, match="pyrage is not installed") as error:
            open_target(str(for_device.path), **words)
        assert error.value.hint == "Install it with “pip install 'portcheck[encrypt]'”."
