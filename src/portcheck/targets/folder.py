"""A folder as target: a stick, a share, or one that a program like Syncthing takes elsewhere.

Each device puts new files there, whole or not at all, and never one in the place of another's.
"""

import os
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from portcheck.errors import FileRefused
from portcheck.targets.target import MOST_BYTES, MOST_NAMES, is_name, unreachable, words_of

_BESIDE = ".portcheck-"
_STALE = 24 * 3600.0  # seconds after which an unfinished file is nobody's


class Folder:
    """The pieces are its files, by their paths in it; files of other names are nobody's."""

    plain = takes = True

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self.words = words_of(str(path))
        self._look()

    def _look(self) -> None:
        """A stick that is not there must not become a folder where it is mounted."""
        try:
            mode = self._path.stat().st_mode
        except OSError as error:
            raise unreachable(self.words, error) from error
        if not stat.S_ISDIR(mode):
            raise unreachable(self.words, "it is not a folder")

    def have(self, under: str) -> dict[str, int]:
        """The files below it whose names are those of pieces."""
        self._look()
        try:
            return dict(self._files(under))
        except OSError as error:
            raise unreachable(self.words, error) from error

    def _files(self, under: str) -> Iterator[tuple[str, int]]:
        waiting, number = [under], 0
        while waiting:
            folder = waiting.pop()
            try:
                found = os.scandir(self._path / folder)
            except FileNotFoundError:
                continue
            with found as entries:
                for entry in entries:
                    name = f"{folder}/{entry.name}" if folder else entry.name
                    number += 1
                    if number > MOST_NAMES:
                        raise OSError(f"more than {MOST_NAMES:,} files are in it")
                    if entry.name.startswith(_BESIDE):
                        _clear(entry)
                    elif not is_name(name):
                        continue
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(name)
                    elif entry.is_file(follow_symlinks=False):
                        yield name, entry.stat(follow_symlinks=False).st_size

    def fetch(self, name: str) -> bytes:
        """Read a file of it."""
        self._look()
        path = self._path / name
        try:
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _AT_ONCE)
            with os.fdopen(handle, "rb") as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
                    raise FileRefused("it is no piece", where=str(path))
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            raise unreachable(self.words, error) from error

    def put(self, name: str, content: bytes) -> None:
        """Write a file beside its place, and then put it there."""
        self._look()
        path = self._path / name
        beside = path.parent / f"{_BESIDE}{secrets.token_hex(8)}"
        try:
            if path.exists() and path.stat().st_size == len(content):
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(beside, content)
                beside.replace(path)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
            _sync(path.parent)
        except OSError as error:
            raise unreachable(self.words, error) from error

    def close(self) -> None:
        """Everything is there already."""


_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # waits for nobody where it is a pipe


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Have the folder's names be on the disk, where a system lets that be asked for."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some shares cannot; the file's own bytes are there
        pass
    finally:
        os.close(handle)


def _clear(entry: "os.DirEntry[str]") -> None:
    """Take away what a program left that was broken off long ago."""
    try:
        if time.time() - entry.stat(follow_symlinks=False).st_mtime > _STALE:
            Path(entry.path).unlink(missing_ok=True)
    except OSError:
        return
