"""One file as a target, for mail or a stick: a zip of the pieces, written whole when it is closed.

What is in it already is carried over, so that a file can go round.  One that is encrypted can be
read by the device for which it was written, and by the one that wrote it.
"""

import os
import re
import stat
import tempfile
import time
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import IO, BinaryIO, cast

from portcheck.disk.archive import Archive
from portcheck.disk.whole import new_file, replace_whole, write_out
from portcheck.domain.text import one_line
from portcheck.errors import FileRefused, Refused
from portcheck.targets import age
from portcheck.targets.target import (
    MOST_BYTES,
    checked,
    checked_piece,
    is_name,
    path_of,
    reaching,
    unreachable,
    words_of,
)

MOST_OF_FILE = 1024 * 1024 * 1024
"""Bytes of its pieces together: two thousand days of a lane."""

MOST_PIECES = 100_000
"""Pieces of one file; whoever reads it has all their names in memory."""

_MOST_FILE = MOST_OF_FILE + MOST_PIECES * 1024
_IN_MEMORY = 8 * 1024 * 1024
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # when a piece came here is nobody's business
_PATIENCE = 100  # tenths of a second that another program may take to write it
_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_HARMFUL = re.compile(
    r"^/|[\\:\x00-\x1f\x7f]|(?:^|/)(?:\.\.?|(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?)(?:/|$)",
    re.IGNORECASE,
)
"""Names that lead elsewhere, or to a device, where somebody unpacks them."""
_LENGTHS_AT = 26  # where in a part's header its name's length stands, and that of what follows
_UTF8 = 0x800
_DESCRIPTOR = 24  # bytes that may follow a part, where its writer did not know its size before

_Stamp = tuple[int, int, int]


class Pieces(Archive):
    """The pieces in a zip file, each held against its checksum.

    `names` are theirs, each with its bytes, and `bytes` all of these; `foreign` says how many
    parts are something else.
    """

    what = "file"
    renewed = "Ask for it again; nothing of it was taken."
    most_parts = MOST_PIECES
    most_bytes = MOST_OF_FILE

    def __init__(self, name: str, file: BinaryIO) -> None:
        super().__init__(name, file)
        self.names: dict[str, int] = {}
        self.bytes = self.foreign = 0
        end = 0
        for info in sorted(self._parts.values(), key=lambda info: info.header_offset):
            self._check_gap(end, info.header_offset)
            end = self._checked_to_end(info)
            if is_name(info.orig_filename):
                self.names[info.orig_filename] = info.file_size
                self.bytes += info.file_size
            elif not info.is_dir():
                self.foreign += 1
        self._check_gap(end, self._directory)
        if self.foreign and not self.names:
            raise FileRefused("this is no file of portcheck, but another archive", where=name)

    def read(self, name: str) -> bytes:
        """A piece, whole."""
        content = b"".join(self.chunks(name))
        info = self._parts[name]
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise self.damaged(f"its part {name} was changed")
        return content

    def close(self) -> None:
        """Close the file it was read from."""
        self._file.close()

    def _check_gap(self, end: int, start: int) -> None:
        """A part that is not in the list would be lost without a word."""
        if not 0 <= start - end <= _DESCRIPTOR:
            raise self.damaged("something lies between its parts")

    def _checked_to_end(self, info: zipfile.ZipInfo) -> int:
        """Where a part ends, which is as a piece may be."""
        name = info.orig_filename
        shown = one_line(name)[:60]
        if _HARMFUL.search(name):
            raise self.harmful(f"a part of it is called “{shown}”, as no piece is")
        if info.flag_bits & 1:
            raise self.damaged(f"its part {shown} is locked with a password")
        if info.file_size > MOST_BYTES:
            raise self.harmful(f"its part {shown} is {info.file_size:,} bytes long")
        raw = name.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
        self._file.seek(info.header_offset + _LENGTHS_AT)
        lengths = self._file.read(4)
        name_length, more = (int.from_bytes(lengths[at : at + 2], "little") for at in (0, 2))
        if self._file.read(name_length) != raw:
            raise self.damaged(f"its part {shown} has two names")
        return self._file.tell() + more + info.compress_size


class OneFile:
    """The pieces are the parts of a zip file; those that are put are added when it is closed."""

    def __init__(
        self, text: str, *, writing: bool, recipient: str = "", secret: bytes | None = None
    ) -> None:
        self.words = words_of(text)
        self._text = text
        self._path = Path(os.path.realpath(path_of(text)))
        self._writing = writing
        self.takes = True
        self._recipient = age.recipient(recipient) if recipient else None
        self.plain = self._recipient is None
        self._secret = secret
        self._added = _Added()
        self._fresh = False
        self._stamp: _Stamp | None = None
        self._written: _Stamp | None = None
        self._pieces: Pieces | None = None
        self._is_open = False
        self._held()

    def have(self, under: str) -> dict[str, int]:
        """The pieces in it, and those that were put."""
        within = f"{checked(under)}/" if under else ""
        with reaching(self._text, "cannot be read"):
            pieces = self._held()
        names = (pieces.names if pieces else {}) | self._added.sizes
        return {name: size for name, size in sorted(names.items()) if name.startswith(within)}

    def fetch(self, name: str) -> bytes:
        """A piece of it."""
        checked(name)
        with reaching(self._text, "cannot be read"):
            if name in self._added.sizes:
                return self._added.read(name)
            pieces = self._held()
            if pieces is None or name not in pieces.names:
                raise unreachable(self._text, f"has no {name} any more")
            return pieces.read(name)

    def put(self, name: str, content: bytes) -> None:
        """Have a piece written when it is closed."""
        assert self._writing, "it was opened for reading"
        assert self.takes, "what is put there would not be encrypted"
        checked_piece(name, content)
        with reaching(self._text, "cannot be read"):
            pieces = self._held()
        there = pieces.names if pieces else {}
        if self._added.sizes.get(name, there.get(name)) == len(content):
            if self.fetch(name) != content:
                raise FileRefused(
                    "something else is in it under this name",
                    where=f"{self.words}, {name}",
                    hint="Name another file.",
                )
            return
        self._check_room(pieces, 1, len(content))
        with reaching(self._text, "cannot be written"):
            self._added.add(name, content)
        self._fresh = True

    def _check_room(self, pieces: Pieces | None, parts: int = 0, size: int = 0) -> None:
        """What is written anew can be read again, and loses nothing that was there."""
        if pieces and pieces.foreign:
            raise Refused(
                f"{pieces.foreign:,} parts of it are not portcheck's, and would be lost",
                where=self.words,
                hint="Name another file.",
            )
        parts += len(self._added.sizes) + (len(pieces.names) if pieces else 0)
        size += self._added.bytes + (pieces.bytes if pieces else 0)
        if parts > MOST_PIECES or size > MOST_OF_FILE:
            raise Refused(
                "it would be too large to be read again",
                where=self.words,
                hint="Name another file, or a folder.",
            )

    def close(self) -> None:
        """Write it anew, with all that is in it and all that was put, if anything was."""
        try:
            if self._fresh:
                with reaching(self._text, "cannot be written"), _alone(self._text, self._path):
                    self._write()
                self._fresh = False
        finally:
            self._let_go()

    def _write(self) -> None:
        there = _stamp(self._path)
        if there != self._stamp:  # somebody wrote it meanwhile: that is carried over, too
            self._let_go()
        pieces = self._held()
        self._check_room(pieces)
        with tempfile.TemporaryFile() as whole:
            self._zip(cast("IO[bytes]", whole), pieces)
            whole.seek(0)
            self._let_go()

            def write(out: IO[bytes]) -> None:
                whole.seek(0)
                if self._recipient:
                    age.encrypt(cast("IO[bytes]", whole), out, self._recipient, self._secret)
                else:
                    copyfileobj(whole, out)

            if there:
                replace_whole(self._path, write)
            elif not new_file(self._path, write):
                raise unreachable(self._text, "was written by another program meanwhile")
        self._written = _stamp(self._path)
        write_out(self._path.parent)
        if self._secret or not self._recipient:
            self._added.clear()

    def _zip(self, whole: IO[bytes], pieces: Pieces | None) -> None:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as made:
            names = (pieces.names if pieces else {}) | self._added.sizes
            for name in sorted(names):
                info = zipfile.ZipInfo(name, _FIRST_DAY)
                info.external_attr = (stat.S_IFREG | 0o600) << 16
                made.writestr(info, self.fetch(name))

    def _held(self) -> Pieces | None:
        """What is in the file that is there, opened; None where there is none yet."""
        if not self._is_open:
            with reaching(self._text):
                self._pieces = self._opened()
            self._is_open = True
        return self._pieces

    def _let_go(self) -> None:
        if self._pieces:
            self._pieces.close()
        self._pieces, self._is_open = None, False

    def _opened(self) -> Pieces | None:
        self._stamp = _stamp(self._path)
        if self._stamp is None:
            if self._writing and self._path.parent.is_dir():
                return None
            raise unreachable(self._text, "is not there")
        if self._recipient and not self._secret and self._stamp == self._written:
            return None  # this device has no key to read it by, and still has all that it put there
        if not stat.S_ISREG(self._path.stat().st_mode):
            raise FileRefused("this is no file but a folder, a pipe or a device", where=self.words)
        file: BinaryIO = os.fdopen(os.open(self._path, _OPEN), "rb")
        weakref.finalize(self, file.close)
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MOST_FILE:
            file.close()
            raise FileRefused("it is larger than such a file can be", where=self.words)
        if file.read(len(age.MAGIC)) == age.MAGIC:
            self.plain = False
            self.takes = self._recipient is not None
            file = self._decrypted(file)
        elif self._recipient:
            file.close()
            raise self._in_the_way("there is a file already that is not encrypted")
        return Pieces(self.words, file)

    def _decrypted(self, file: BinaryIO) -> BinaryIO:
        plain = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - it is read from later
        weakref.finalize(self, plain.close)
        with file:
            try:
                age.decrypt(file, plain, self._secret, self.words)
            except Refused as error:
                if self._recipient:
                    raise self._in_the_way(error.message) from error
                raise
        return plain

    def _in_the_way(self, why: str) -> FileRefused:
        return FileRefused(why, where=self.words, hint="Name another file.")


class _Added:
    """Pieces that wait to be written, in memory while they are few."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.bytes = 0
        self._places: dict[str, int] = {}
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed below
        weakref.finalize(self, self._file.close)

    def add(self, name: str, content: bytes) -> None:
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(content)
        self._places[name], self.sizes[name] = place, len(content)
        self.bytes += len(content)

    def read(self, name: str) -> bytes:
        self._file.seek(self._places[name])
        return self._file.read(self.sizes[name])

    def clear(self) -> None:
        self.sizes, self._places, self.bytes = {}, {}, 0
        self._file.seek(0)
        self._file.truncate()


def _stamp(path: Path) -> _Stamp | None:
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


@contextmanager
def _alone(text: str, path: Path) -> Iterator[None]:
    """Of several programs that add to the file, one at a time, where a system can tell."""
    try:
        import fcntl  # noqa: PLC0415 - where there is such a thing
    except ImportError:
        yield
        return
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        for _ in range(_PATIENCE):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
            except OSError:  # a share that knows no locks
                break
        else:
            raise unreachable(text, "is being written by another program")
        yield
    finally:
        os.close(handle)
