"""Targets: places through which devices exchange pieces, which are never changed once they are
there.  A folder (a stick, a share, Syncthing), or one file.
"""

import re
from pathlib import Path
from typing import Protocol

from portcheck.errors import TargetUnreachable, WrongUsage

MOST_BYTES = 64 * 2**20
"""A piece has no more than so many bytes."""
MOST_NAMES = 1_000_000
"""No more than so many pieces are looked at."""
ONE_FILE = ".portcheck"

_NAME = re.compile(r"(?:[a-z0-9][a-z0-9.-]*/){0,3}[a-z0-9][a-z0-9.-]*")
_LONGEST = 200


class Target(Protocol):
    """What devices exchange pieces through.

    `words` is how people know it; `plain` says that whoever finds it can read it, `takes` that
    something can be put there.
    """

    words: str
    plain: bool
    takes: bool

    def have(self, under: str) -> dict[str, int]:
        """The names of all pieces below a folder of it ("" for all), each with its bytes.

        Raises TargetUnreachable.
        """

    def fetch(self, name: str) -> bytes:
        """A piece.  Raises TargetUnreachable; FileRefused for one that is damaged, or too large."""

    def put(self, name: str, content: bytes) -> None:
        """Put a piece there, whole or not at all; one that is there whole stays.

        Raises TargetUnreachable.
        """

    def close(self) -> None:
        """Have everything that was put be there, and stay there.  Raises TargetUnreachable."""


def is_name(text: str) -> bool:
    """Whether a text can be the name of a piece, on every system.

    >>> is_name("0190/events/ab.piece"), is_name("../x"), is_name("A"), is_name(".hidden")
    (True, False, False, False)
    """
    return len(text) <= _LONGEST and bool(_NAME.fullmatch(text)) and ".." not in text


def words_of(text: str) -> str:
    """How people know a target, whether or not it can be reached."""
    path = Path(text).expanduser()
    kind = "file" if path.suffix.lower() == ONE_FILE else "folder"
    return f"{kind} {path}"


def open_target(
    text: str, *, writing: bool = True, recipient: str = "", secret: bytes = b""
) -> Target:
    """The target that somebody named: a folder, or a file whose name ends in .portcheck.

    `recipient` is the public key (hex) of the device that one file is encrypted to, `secret` this
    device's own key for one that was encrypted to it.  Raises TargetUnreachable, FileRefused, and
    WrongUsage for what is no target.
    """
    if not text:
        raise WrongUsage("no target is named")
    path = Path(text).expanduser()
    if path.suffix.lower() == ONE_FILE and not path.is_dir():
        from portcheck.targets.onefile import OneFile  # noqa: PLC0415 - only where it is one

        return OneFile(path, writing=writing, recipient=recipient, secret=secret)
    if recipient:
        raise WrongUsage(f"{text} is a folder: only one file (day{ONE_FILE}) can be encrypted")
    from portcheck.targets.folder import Folder  # noqa: PLC0415 - as above

    return Folder(path)


def unreachable(words: str, error: OSError | str) -> TargetUnreachable:
    """What is said where a target cannot be reached."""
    why = (error.strerror or str(error)) if isinstance(error, OSError) else error
    return TargetUnreachable(
        f"{words} cannot be reached: {why}",
        hint="Everything is kept here, and will be sent when it can: try again.",
    )
