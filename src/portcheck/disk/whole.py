"""A file that appears whole or not at all; only its owner may read it."""

import errno
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from portcheck.errors import FileRefused

_BESIDE = ".portcheck-"
_UNFINISHED = re.compile(r"\.portcheck-[a-z0-9_]{8,16}")
_NO_SUCH_THING = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF}
"""What systems say whose folders cannot be written out by themselves."""


def is_unfinished(name: str) -> bool:
    """Whether a file has the name of one that is being written, or was never finished.

    >>> is_unfinished(".portcheck-x5_ab8ke"), is_unfinished(".portcheck-notes.txt")
    (True, False)
    """
    return _UNFINISHED.fullmatch(name) is not None


def unfinished_name() -> str:
    """A name for a file that is being written, which nobody else uses."""
    return f"{_BESIDE}{secrets.token_hex(8)}"


def replace_file(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Put what `write` writes in the place of `path`, all of it or nothing.

    It is written into a file without a name, where the system has such: a kill leaves
    nothing of it.  Raises FileRefused when it cannot be written.
    """
    path = path.absolute()
    try:
        replace_whole(path, write)
    except OSError as error:
        raise FileRefused(
            f"it cannot be written ({error.strerror or error})",
            where=str(path),
            hint="Check that the folder exists, may be written, and has room.",
        ) from error


def replace_whole(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """As `replace_file`, for who knows more of the place.  Raises OSError."""
    handle = _nameless(path.parent)
    if handle is None:
        _replace_by_name(path, write)
        return
    with os.fdopen(handle, "w+b") as out:
        _write_whole(out, write)
        if not _named(out.fileno(), path):
            out.seek(0)
            _replace_by_name(path, lambda beside: shutil.copyfileobj(out, beside))


def new_file(path: Path, write: Callable[[IO[bytes]], None]) -> bool:
    """Put what `write` writes at `path`, all of it or nothing, unless there is a file already:
    whether there was none.  Of several that do so at once one does it.  Raises OSError.
    """
    handle = _nameless(path.parent)
    if handle is None:
        return _new_by_name(path, write)
    with os.fdopen(handle, "w+b") as out:
        _write_whole(out, write)
        try:  # as in `_named`
            os.link(f"/proc/self/fd/{out.fileno()}", path, src_dir_fd=out.fileno())
        except FileExistsError:
            return False
        except OSError:
            out.seek(0)
            return _new_by_name(path, lambda beside: shutil.copyfileobj(out, beside))
    return True


def write_out(folder: Path) -> None:
    """Have the names in a folder be on the disk, where that can be asked for.  Raises OSError."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SUCH_THING:
            raise
    finally:
        os.close(handle)


def _new_by_name(path: Path, write: Callable[[IO[bytes]], None]) -> bool:
    handle, name = tempfile.mkstemp(prefix=_BESIDE, dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            _write_whole(out, write)
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            return False
        except OSError:  # where a file has one name only, the last of several that do so stays
            if path.exists():
                return False
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return True


def _write_whole(out: IO[bytes], write: Callable[[IO[bytes]], None]) -> None:
    write(out)
    out.flush()
    os.fsync(out.fileno())


def _nameless(folder: Path) -> int | None:
    """A file in the folder that has no name yet; None where there is no such thing (open(2),
    O_TMPFILE: on Linux, and not on every file system).
    """
    flag = getattr(os, "O_TMPFILE", 0)
    try:
        return os.open(folder, flag | os.O_RDWR, 0o600) if flag else None
    except OSError:
        return None  # what else may be wrong with the folder shows by name too


def _named(handle: int, path: Path) -> bool:
    """Give the file the name `path`, which another may have; whether the system can."""
    beside = path.with_name(unfinished_name())
    for name in (path, beside):
        try:  # with `src_dir_fd`, for the link in /proc is followed then
            os.link(f"/proc/self/fd/{handle}", name, src_dir_fd=handle)
        except FileExistsError:
            continue  # a file can be replaced by one that has a name, and only so
        except OSError:
            return False
        if name is beside:
            _put(beside, path)
        return True
    return False


def _replace_by_name(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    handle, name = tempfile.mkstemp(prefix=_BESIDE, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            _write_whole(out, write)
    except BaseException:  # Ctrl-C too
        Path(name).unlink(missing_ok=True)
        raise
    _put(Path(name), path)


def _put(beside: Path, path: Path) -> None:
    """Put the file `beside` in the place of `path`."""
    try:
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
