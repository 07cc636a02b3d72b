"""A store or a server elsewhere as a target: the folder's promises, over a network.

The same for all: pieces are made whole and never written over, listings are looked through a
part at a time, and nothing is waited for without end.  What differs between object stores and
SFTP is in `objects` and `sftp`.
"""

import asyncio
import os
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from portcheck.disk.whole import is_unfinished
from portcheck.domain.text import one_line, shorten
from portcheck.errors import FileRefused, PortcheckError, Refused
from portcheck.targets.address import KINDS, Address, read_address
from portcheck.targets.target import (
    MOST_BYTES,
    MOST_PIECES,
    checked,
    checked_piece,
    is_name,
    unreachable,
    words_of,
)

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds for an answer, or for a connection."""

SLOWEST = 1_000
"""Bytes a second: so much longer than `PATIENCE` a piece may take."""

AT_ONCE = 16
"""Calls at a time, so that many small pieces do not take an answer's time each."""

_DAY = 24 * 3600.0
_LONGEST_WHY = 300  # characters of what a library or a server says
_NEEDED = {"s3": "s3fs", "sftp": "asyncssh", "gs": "gcsfs", "abfs": "adlfs"}
_OWN_EXTRA = {"s3", "sftp"}


class Entry(NamedTuple):
    """What stands in a folder: its own name, its bytes, what it is, and since when (0: unknown)."""

    name: str
    size: int
    is_folder: bool = False
    is_file: bool = True
    at: float = 0.0


class Place(Protocol):
    """Where files are, by paths below the target.  All raise OSError and `errors`;
    NotADirectoryError names what should be a folder and is none.
    """

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What else the libraries raise."""

    async def look(self) -> None:
        """Raise FileNotFoundError, or what else it is, where the target itself is not there."""

    def entries(self, folder: str) -> AsyncIterator[list[Entry]]:
        """What stands in a folder, a part at a time; nothing where there is no such folder."""

    async def facts(self, path: str) -> Entry | None:
        """What stands at a path."""

    async def read(self, path: str, size: int) -> bytes:
        """The bytes of a file, `size` and one more at most.  Raises FileNotFoundError."""

    async def create(self, path: str, content: bytes) -> None:
        """Make a file, whole or not at all.  Raises FileExistsError where something is there."""

    async def replace(self, path: str, content: bytes) -> None:
        """Put a file in the place of another one, whole or not at all."""

    async def remove(self, path: str) -> None:
        """Remove a file."""

    def leave(self) -> None:
        """Forget the connection, which may have failed: the next call makes another."""


class Cloud:
    """The pieces are its objects or files, named by their paths below it."""

    plain = takes = True

    def __init__(self, text: str, *, writing: bool) -> None:
        self.words = words_of(text)
        self._text = text
        self._writing = writing
        self._sizes: dict[str, int] = {}  # of what was looked for last
        self._names: list[str] = []  # the same, in the order in which it is fetched
        self._ahead: dict[str, bytes] = {}
        self._expected, self._window = 0, 1
        self._address = read_address(text)
        self._place = _place(self._address)
        self._ask("cannot be reached", self._place.look)

    def have(self, under: str) -> dict[str, int]:
        """The files of it whose names can be those of pieces, as far down as those go.

        What a portcheck was writing that came to nothing is removed after a day, where it may.
        """
        if under:
            checked(under)
        found: dict[str, int] = {}
        newest, unfinished = 0.0, []
        for name, one in self._entries(under):
            if is_unfinished(one.name):
                unfinished.append((name, one.at))
            elif is_name(name):
                found[name] = one.size
                newest = max(newest, one.at)
        self._ask("cannot be read", self._place.look)  # as in a folder: gone is not empty
        for name, at in unfinished if self._writing else ():
            if at < newest - _DAY:  # by the server's clock, for this machine's may be wrong
                with suppress(PortcheckError):
                    self._ask("cannot be written", partial(self._place.remove, name))
        found = dict(sorted(found.items()))
        self._names, self._expected, self._window = list(found), 0, 1
        self._sizes, self._ahead = found, {}
        return dict(found)

    def fetch(self, name: str) -> bytes:
        """Read a file of it."""
        size = self._sizes.get(checked(name))
        ahead = self._ahead.pop(name, None)
        if ahead is not None and len(ahead) == size:
            return ahead
        if size is None:
            facts = self._facts(name)
            if facts is None:
                raise self._gone(name)
            size = facts.size
        content = self._read(name, size)
        self._read_ahead(name)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Make a file of it, unless it is there already."""
        assert self._writing, "it was opened for reading"
        checked_piece(name, content)
        what, size = "cannot be written", len(content)
        with suppress(FileExistsError):
            self._ask(what, partial(self._place.create, name, content), size, FileExistsError)
            return
        facts = self._facts(name)
        if facts and facts.size != size:
            self._ask(what, partial(self._place.replace, name, content), size)
        elif self._read(name, size) != content:
            raise self._refused(name, "something else stands there under its name")

    def close(self) -> None:
        """Nothing: what was put is kept by then."""

    def _entries(self, under: str) -> Iterator[tuple[str, Entry]]:
        """The files below it, by their names, in whatever folders pieces can be in."""
        waiting, number = [under], 0
        listed: list[tuple[str, AsyncIterator[list[Entry]]]] = []
        while waiting or listed:
            room = AT_ONCE - len(listed)
            listed += [(folder, self._place.entries(folder)) for folder in waiting[:room]]
            waiting = waiting[room:]
            following = [partial(anext, pages, None) for _, pages in listed]
            found = self._ask("cannot be read", partial(_together, following))
            for (folder, _), page in zip(listed, found, strict=True):
                number += len(page or ())
                if number > MOST_PIECES:
                    raise self._refused("", f"there are more than {MOST_PIECES:,} files in it")
                for one in page or ():
                    name = f"{folder}/{one.name}" if folder else one.name
                    if one.is_folder and is_name(name):
                        waiting.append(name)
                    elif one.is_file:
                        yield name, one
            listed = [one for one, page in zip(listed, found, strict=True) if page is not None]

    def _read_ahead(self, name: str) -> None:
        """Read what comes after a piece, where one after another is fetched."""
        place = bisect_left(self._names, name)
        self._window = min(self._window * 2, AT_ONCE) if place == self._expected else 1
        wanted, size = [], 0
        for one in self._names[place + 1 : place + self._window]:
            size += self._sizes.get(one, MOST_BYTES)
            if size > MOST_BYTES:
                break
            wanted.append(one)
        self._expected = place + 1 + len(wanted)
        reading = [partial(self._place.read, one, self._sizes[one]) for one in wanted]
        if reading:
            with suppress(PortcheckError):  # whoever fetches them hears of it
                found = self._ask("cannot be read", partial(_together, reading), size)
                self._ahead = dict(zip(wanted, found, strict=True))

    def _facts(self, name: str) -> Entry | None:
        facts = self._ask("cannot be read", partial(self._place.facts, name))
        if facts and not facts.is_file:
            raise self._refused(name, "it is no file but a link, a folder, a pipe or a device")
        return facts

    def _read(self, name: str, size: int) -> bytes:
        if size > MOST_BYTES:
            raise self._refused(name, "it is no file, or larger than a piece can be")
        call = partial(self._place.read, name, size)
        try:
            content = self._ask("cannot be read", call, size, FileNotFoundError)
        except FileNotFoundError:
            raise self._gone(name) from None
        if len(content) != size:  # somebody put another there since it was looked for
            self._sizes.pop(name, None)
            raise unreachable(self._text, f"has another {name} by now")
        return content

    def _gone(self, name: str) -> PortcheckError:
        return unreachable(self._text, f"has no {name} any more")

    def _refused(self, name: str, why: str) -> FileRefused:
        return FileRefused(
            why,
            where=f"{self.words}, {name}" if name else self.words,
            hint="Move it elsewhere, or name another target; no piece of it is lost here.",
        )

    def _ask(
        self,
        what: str,
        call: Callable[[], Awaitable[T]],
        size: int = 0,
        passed: type[Exception] | tuple[()] = (),
    ) -> T:
        """What a call answers, which moves so many bytes.  Raises the error that is `passed` as
        it is, and TargetUnreachable for any other.
        """
        from fsspec.asyn import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
            get_loop,
            sync,
        )

        async def asked() -> T:
            return await call()

        failed: tuple[type[Exception], ...] = (OSError, *self._place.errors)
        try:
            answer: T = sync(get_loop(), asked, timeout=PATIENCE + size / SLOWEST)
        except passed:
            raise
        except NotADirectoryError as error:
            raise self._refused(str(error), "it is not the folder that it should be") from error
        except failed as error:
            self._place.leave()
            why, advice = _said(error, self._address)
            raise unreachable(self._text, f"{what}: {why}", advice) from error
        return answer


async def _together(calls: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    return await asyncio.gather(*(call() for call in calls))


def _place(address: Address) -> Place:
    """Where its files are.  Raises Refused where what reaches such a place is not installed."""
    try:
        if address.scheme == "sftp":
            from portcheck.targets.sftp import Server  # noqa: PLC0415 - an extra

            return Server(address)
        from portcheck.targets.objects import opened  # noqa: PLC0415 - an extra

        return opened(address)
    except ImportError as error:
        needed = _NEEDED.get(address.scheme, "fsspec")
        extra = "'portcheck[cloud]'" if address.scheme in _OWN_EXTRA else f"fsspec {needed}"
        raise Refused(
            f"{address.scheme}:// cannot be reached: {needed} is not installed",
            hint=f"Install it with “pip install {extra}”.",
        ) from error


def _said(error: Exception, address: Address) -> tuple[str, str]:
    """What went wrong, and what to do about it."""
    secrets = KINDS[address.scheme].secrets
    match type(error).__name__:
        case "NoCredentialsError" | "PartialCredentialsError":
            return "no keys were found for it", secrets
        case "HostKeyNotVerifiable":
            port = f"-P {address.port} " if address.port else ""
            named = f"{address.user}@{address.host}" if address.user else address.host
            return "it is not known to be that server", (
                f"Compare its key and accept it once with “sftp {port}{named}”."
            )
        case "PermissionDenied":
            return f"it lets nobody in as {address.user or 'this user'} from here", secrets
    said = shorten(one_line(str(error)), _LONGEST_WHY)
    match error:
        case TimeoutError():
            said = f"no answer in {PATIENCE:.0f} s"
        case PermissionError():
            said = f"permission denied ({said})" if said else "permission denied"
        case FileNotFoundError():
            said = "it is not there"
        case ConnectionError(errno=int(number)):
            said = os.strerror(number)
        case OSError(strerror=str(words)):
            said = one_line(words)
    return said or type(error).__name__, ""
