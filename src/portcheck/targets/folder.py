"""A folder as a target: each device puts new files there, and never touches another's.

The folder itself is never made: a stick that is not there must not become a folder of this
machine's disk.  What other programs keep beside the pieces is left alone, and no link is
followed.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from portcheck.disk.whole import is_unfinished, new_file, replace_whole, write_out
from portcheck.errors import FileRefused
from portcheck.targets.target import (
    MOST_BYTES,
    MOST_PIECES,
    ONE_FILE,
    checked,
    checked_piece,
    is_name,
    path_of,
    reaching,
    unreachable,
    words_of,
)

_DAY = 24 * 3600.0
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # waits for nobody where a pipe took the file's place
)


class Folder:
    """The pieces are its files, named by their paths below it.

    A piece, and a folder in it, may be read by whoever may read the folder itself.
    """

    plain = takes = True

    def __init__(self, text: str, *, writing: bool) -> None:
        self.words = words_of(text)
        self._text = text
        self._root = path_of(text)
        self._writing = writing
        self._touched: set[Path] = set()
        self._disk = 0
        with reaching(text):
            self._disk = self._look().st_dev

    def have(self, under: str) -> dict[str, int]:
        """The files of it whose names can be those of pieces, as far down as those go.

        What a portcheck was writing that came to nothing is removed after a day.
        """
        if under:
            checked(under)
        found: dict[str, int] = {}
        newest, unfinished = 0.0, []
        with reaching(self._text, "cannot be read"):
            self._look()
            for name, entry in self._files(under):
                with suppress(FileNotFoundError):  # somebody took it away
                    facts = entry.stat(follow_symlinks=False)
                    if is_unfinished(entry.name):
                        unfinished.append((entry.path, facts.st_mtime))
                    else:
                        found[name] = facts.st_size
                        newest = max(newest, facts.st_mtime)
            self._look()  # what is not there any more has no pieces, and is not empty
        for path, at in unfinished if self._writing else ():
            if at < newest - _DAY:  # by the clock of the folder, for this machine's may be wrong
                with suppress(OSError):
                    Path(path).unlink()
        return dict(sorted(found.items()))

    def fetch(self, name: str) -> bytes:
        """Read a file of it."""
        *folders, own = checked(name).split("/")
        with reaching(self._text, "cannot be read"):
            self._look()
            folder = self._real(folders)
            try:
                facts = (folder / own).lstat() if folder else None
            except FileNotFoundError:
                facts = None
            if folder is None or facts is None:
                raise unreachable(self._text, f"has no {name} any more")
            return self._read(name, folder / own, facts)

    def put(self, name: str, content: bytes) -> None:
        """Write a file beside its place, and then put it there."""
        assert self._writing, "it was opened for reading"
        checked_piece(name, content)
        *folders, own = name.split("/")
        with reaching(self._text, "cannot be written"):
            mode = stat.S_IMODE(self._look().st_mode)
            path = self._made(folders, mode) / own

            def write(out: IO[bytes]) -> None:
                _as_open_as(out.fileno(), mode)
                out.write(content)

            if not os.path.lexists(path) and new_file(path, write):
                self._touched.add(path.parent)
                return
            facts = path.lstat()
            if facts.st_size == len(content) or not stat.S_ISREG(facts.st_mode):
                if self._read(name, path, facts) != content:
                    raise self._refused(name, "something else stands there under its name")
                return
            replace_whole(path, write)
            self._touched.add(path.parent)

    def close(self) -> None:
        """Have the names of what was put be on the disk, as its bytes are."""
        with reaching(self._text, "cannot be written"):
            for folder in sorted(self._touched):
                write_out(folder)
        self._touched.clear()

    def _look(self) -> os.stat_result:
        """Raises OSError where the folder is gone; where another disk came in its place, too."""
        facts = self._root.stat()
        if not stat.S_ISDIR(facts.st_mode):
            raise FileRefused(
                "this is no folder",
                where=self.words,
                hint=f"Name a folder, or a file whose name ends in {ONE_FILE}.",
            )
        if self._disk not in {0, facts.st_dev}:
            raise unreachable(self._text, "is on another disk now")
        return facts

    def _real(self, folders: list[str]) -> Path | None:
        """A folder below it, by the names on the way; None where one is missing, or is a link."""
        path = self._root
        for one in folders:
            path /= one
            try:
                if not stat.S_ISDIR(path.lstat().st_mode):
                    return None
            except FileNotFoundError:
                return None
        return path

    def _made(self, folders: list[str], mode: int) -> Path:
        """As `_real`, making what is missing."""
        path = self._root
        for one in folders:
            path /= one
            try:
                path.mkdir()
            except FileExistsError:
                if stat.S_ISDIR(path.lstat().st_mode):
                    continue
                where = path.relative_to(self._root).as_posix()
                raise self._refused(where, "it is not the folder that it should be") from None
            _as_open_as(path, mode)
            self._touched.add(path.parent)
        return path

    def _files(self, under: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
        """The files below it that are pieces by their names, or unfinished ones."""
        start = self._real(under.split("/") if under else [])
        waiting = [(under, start)] if start else []
        number = 0
        while waiting:
            before, folder = waiting.pop()
            try:
                entries = os.scandir(folder)
            except (FileNotFoundError, NotADirectoryError):
                continue  # somebody took it away
            with entries:
                for entry in entries:
                    name = f"{before}/{entry.name}" if before else entry.name
                    number += 1
                    if number > MOST_PIECES:
                        raise self._refused("", f"there are more than {MOST_PIECES:,} files in it")
                    if entry.is_file(follow_symlinks=False):
                        if is_name(name) or is_unfinished(entry.name):
                            yield name, entry
                    elif is_name(name) and entry.is_dir(follow_symlinks=False):
                        waiting.append((name, Path(entry.path)))

    def _read(self, name: str, path: Path, facts: os.stat_result) -> bytes:
        if not stat.S_ISREG(facts.st_mode):  # a device may do something when it is opened
            raise self._refused(name, "it is no file but a link, a folder, a pipe or a device")
        with os.fdopen(os.open(path, _OPEN), "rb") as file:
            content = file.read(MOST_BYTES + 1) if _is_file(file) else None
        if content is None or len(content) > MOST_BYTES:
            raise self._refused(name, "it is no file, or larger than a piece can be")
        return content

    def _refused(self, name: str, why: str) -> FileRefused:
        return FileRefused(
            why,
            where=f"{self.words}, {name}" if name else self.words,
            hint="Move it elsewhere, or name another folder; no piece of it is lost here.",
        )


def _is_file(file: IO[bytes]) -> bool:
    return stat.S_ISREG(os.fstat(file.fileno()).st_mode)


def _as_open_as(place: Path | int, mode: int) -> None:
    """Let those in who may come into the target, and read what they may; sticks know no modes."""
    if isinstance(place, Path):
        with suppress(OSError):
            place.chmod(mode)
    elif hasattr(os, "fchmod"):
        with suppress(OSError):
            os.fchmod(place, 0o600 | mode & 0o444)
