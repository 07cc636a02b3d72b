"""Targets: places through which devices exchange pieces, bytes that are named by their content.

A folder (a stick, a share, one that a program like Syncthing takes elsewhere), one file, or a
store or server elsewhere, by its address.
Nobody changes a piece once it is there, and every device puts only new ones.
"""

import os
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from portcheck.domain.text import one_line
from portcheck.errors import TargetUnreachable, WrongUsage
from portcheck.targets.address import KINDS, checked_address, is_address, is_database, shown

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of a piece."""

MOST_PIECES = 1_000_000
"""Files that are looked at: fifty lanes that send every minute put 30,000 a day."""

ONE_FILE = ".portcheck"

_LONGEST_NAME = 200
_PART = r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$))[a-z0-9-](?:\.?[a-z0-9-])*"
_NAME = re.compile(rf"{_PART}(?:/{_PART}){{0,3}}")


class Target(Protocol):
    """What devices exchange pieces through.  All raise TargetUnreachable.

    `words` is how people know it; `plain` says that whoever finds it can read it, `takes` that
    something can be put there by who opens it for that.
    """

    words: str
    plain: bool
    takes: bool

    def have(self, under: str) -> dict[str, int]:
        """The names of the pieces anywhere below a folder of it ("": all), each with its bytes.

        Names are whole, as `fetch` takes them, and sorted; {} where there is no such folder.
        Raises FileRefused where there are more than can be.
        """

    def fetch(self, name: str) -> bytes:
        """A piece, of `MOST_BYTES` at most.  Raises FileRefused for one that is damaged."""

    def put(self, name: str, content: bytes) -> None:
        """Put a piece there, whole or not at all; it stays there for sure once `close` returns.

        One of the same size and content is left.  One of another size was broken off, and is
        replaced; but in a database, where nothing is ever broken off.  Raises FileRefused where
        something else of that name stands in the way.
        """

    def close(self) -> None:
        """Have all that was put be there, even if the power fails now.

        What is put after that waits for the next `close`; without anything it does nothing.
        """


def open_target(
    text: str,
    *,
    writing: bool = True,
    recipient: str = "",
    secret: bytes | None = None,
    ask: Callable[[str], str] | None = None,
) -> Target:
    """The target that somebody named: a folder that is there, a file “….portcheck”, an address.

    `recipient` is the Ed25519 key of the device to which one file is encrypted, as a line of
    OpenSSH or in hexadecimal digits; `secret` is this device's own (32 bytes), for reading one
    that was encrypted to it; `ask` asks somebody for a password, where one can be asked for.
    Raises TargetUnreachable, WrongUsage for what is no target, and Refused or FileRefused for
    a file that cannot be opened or added to.
    """
    if not text.strip() or "\0" in text:
        raise WrongUsage(
            f"“{one_line(text)}” is no target",
            hint=f"Name a folder, or a file whose name ends in {ONE_FILE}.",
        )
    if is_address(text):
        checked_address(text)
    elif text.lower().endswith(ONE_FILE):
        from portcheck.targets.onefile import OneFile  # noqa: PLC0415 - only where it is one

        return OneFile(text, writing=writing, recipient=recipient, secret=secret)
    if recipient:
        raise WrongUsage(
            f"{words_of(text)} cannot be encrypted",
            hint=f"Only one file can, whose name ends in {ONE_FILE}.",
        )
    if is_database(text):
        from portcheck.targets.postgresql import Postgresql  # noqa: PLC0415 - as above

        return Postgresql(text, writing=writing, ask=ask)
    if is_address(text):
        from portcheck.targets.cloud import Cloud  # noqa: PLC0415 - as above

        return Cloud(text, writing=writing)
    from portcheck.targets.folder import Folder  # noqa: PLC0415 - as above

    return Folder(text, writing=writing)


def words_of(text: str) -> str:
    """A target as people read it.

    >>> words_of("/media/stick"), words_of("day.portcheck"), words_of("s3://bucket/day")
    ('folder /media/stick', 'file day.portcheck', 'store s3://bucket/day')
    """
    if is_address(text):
        kind = KINDS.get(text.strip().partition("://")[0].lower())
        return f"{kind.word if kind else 'address'} {shown(text)}"
    path = _path(text)
    return f"{'file' if path.name.lower().endswith(ONE_FILE) else 'folder'} {one_line(str(path))}"


def path_of(text: str) -> Path:
    """Where the target is that somebody named."""
    return _path(text).absolute()


def _path(text: str) -> Path:
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path's raises for “~nobody”


def is_name(text: str) -> bool:
    """Whether a text can name a piece, on every system and disk: no hidden file, no device.

    >>> [is_name(name) for name in ("0190/events/ab.piece", "../x", "A", ".hidden", "nul.txt")]
    [True, False, False, False, False]
    """
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def checked(name: str) -> str:
    """The name; ValueError where it can name no piece, which is a fault of the program."""
    if not is_name(name):
        raise ValueError(f"{name!r} is no name of a piece")
    return name


def checked_piece(name: str, content: bytes) -> None:
    """Raise ValueError for what is no piece, which is a fault of the program."""
    checked(name)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{name} has {len(content):,} bytes, more than a piece")


def unreachable(text: str, what: str, advice: str = "") -> TargetUnreachable:
    """The error for a target of which `what` is to be said, and `advice` given before all else."""
    typed = shlex.quote(one_line(text)) if os.name == "posix" else f'"{one_line(text)}"'
    kept = f"What is recorded here is kept and will be sent with the next “portcheck sync {typed}”."
    return TargetUnreachable(f"{words_of(text)} {what}", hint=f"{advice} {kept}".lstrip())


@contextmanager
def reaching(text: str, what: str = "cannot be reached") -> Iterator[None]:
    """Whatever the system says against it becomes TargetUnreachable."""
    try:
        yield
    except OSError as error:
        raise unreachable(text, f"{what}: {error.strerror or error}") from error
