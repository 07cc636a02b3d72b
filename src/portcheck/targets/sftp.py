"""A folder of a server that SFTP reaches (draft-ietf-secsh-filexfer-02, as OpenSSH speaks it).

By asyncssh itself: what fsspec has for SFTP takes any server for the right one, and writes over
files in their places.  Who one is, and which server is the right one, stands where ssh has it:
~/.ssh/config, ~/.ssh/known_hosts, the agent and the keys beside them.
"""

import stat
import weakref
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import asyncssh

from portcheck.disk.whole import unfinished_name
from portcheck.targets.address import Address
from portcheck.targets.cloud import PATIENCE, Entry

_FULL = ": it may be full, or not permit it"
_AT_ONCE = 1_000  # entries
_ALIVE = 15  # seconds after which a silent server is asked whether it is there
_HOME = "~/"
_Connection = tuple[AbstractEventLoop, asyncssh.SSHClientConnection]


class Server:
    """The files below a folder there; its parts are made as needed, the folder itself is not."""

    errors = (
        asyncssh.Error,
        asyncssh.KeyImportError,
        asyncssh.KeyEncryptionError,
        asyncssh.ConfigParseError,
    )

    def __init__(self, address: Address) -> None:
        self._host = address.host.strip("[]")
        named = {"username": address.user, "port": address.port}
        self._named: dict[str, Any] = {name: value for name, value in named.items() if value}
        path = f"{address.path}/" if address.path == _HOME[:-1] else address.path
        at_home = path.startswith(_HOME)
        self._root = (path.removeprefix(_HOME) or ".") if at_home else f"/{path}"
        self._files: asyncssh.SFTPClient | None = None
        self._connections: list[_Connection] = []
        weakref.finalize(self, _left, self._connections)

    async def look(self) -> None:
        """Ask for the folder."""
        with _as_of_the_system():
            found = await (await self._sftp()).stat(self._root)
        if not stat.S_ISDIR(found.permissions or stat.S_IFDIR):
            raise NotADirectoryError

    async def entries(self, folder: str) -> AsyncIterator[list[Entry]]:
        """Some at a time, as the server has them."""
        files, part = await self._sftp(), []
        try:
            with _as_of_the_system():
                async for one in files.scandir(self._path(folder)):
                    part.append(_entry(str(one.filename), one.attrs))
                    if len(part) == _AT_ONCE:
                        yield part
                        part = []
        except (FileNotFoundError, NotADirectoryError):
            return
        yield part

    async def facts(self, path: str) -> Entry | None:
        """What stands there itself, and not where a link leads."""
        try:
            with _as_of_the_system():
                return _entry(path, await (await self._sftp()).lstat(self._path(path)))
        except FileNotFoundError:
            return None

    async def read(self, path: str, size: int) -> bytes:
        """As much as is asked for."""
        with _as_of_the_system():
            file: Any
            async with (await self._sftp()).open(self._path(path), "rb") as file:
                content: bytes = await file.read(size + 1)
                return content

    async def create(self, path: str, content: bytes) -> None:
        """Beside its place, and then there: SFTP's renaming never takes another's place."""
        files, whole = await self._sftp(), self._path(path)
        if await self.facts(path):
            raise FileExistsError(path)
        with _as_of_the_system(_FULL):
            beside = await self._beside(path, content)
            try:
                await files.rename(beside, whole)
            except asyncssh.SFTPError as error:
                await _removed(files, beside)
                if await self.facts(path):
                    raise FileExistsError(path) from error
                raise

    async def replace(self, path: str, content: bytes) -> None:
        """At once where the server can, as OpenSSH does."""
        files, whole = await self._sftp(), self._path(path)
        with _as_of_the_system(_FULL):
            beside = await self._beside(path, content)
            try:
                await files.posix_rename(beside, whole)
            except asyncssh.SFTPOpUnsupported:
                await files.remove(whole)
                await files.rename(beside, whole)
            except asyncssh.SFTPError:
                await _removed(files, beside)
                raise

    async def remove(self, path: str) -> None:
        """Remove a file."""
        with _as_of_the_system():
            await (await self._sftp()).remove(self._path(path))

    def leave(self) -> None:
        """Forget the connection."""
        self._files = None
        _left(self._connections)

    async def _beside(self, path: str, content: bytes) -> str:
        """Write a file that nobody takes for a piece; where."""
        files, folder = await self._sftp(), path.rpartition("/")[0]
        beside = self._path(f"{folder}/{unfinished_name()}".lstrip("/"))
        try:
            await _write(files, beside, content)
        except asyncssh.SFTPNoSuchFile:
            made = ""
            for part in folder.split("/") if folder else ():
                made = f"{made}/{part}".lstrip("/")
                try:
                    await files.mkdir(self._path(made))
                except asyncssh.SFTPFailure:
                    found = await self.facts(made)
                    if found and found.is_file:
                        raise NotADirectoryError(made) from None
            await _write(files, beside, content)
        return beside

    async def _sftp(self) -> asyncssh.SFTPClient:
        if self._files is None:
            with _as_of_the_system():
                connection = await asyncssh.connect(
                    self._host,
                    connect_timeout=PATIENCE,
                    login_timeout=PATIENCE,
                    keepalive_interval=_ALIVE,
                    **self._named,
                )
                self._connections.append((get_running_loop(), connection))
                self._files = await connection.start_sftp_client(path_errors="surrogateescape")
        return self._files

    def _path(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}" if path else self._root


def _left(connections: list[_Connection]) -> None:
    while connections:
        loop, connection = connections.pop()
        with suppress(RuntimeError):  # the program ends, and its connections do
            loop.call_soon_threadsafe(connection.abort)


async def _write(files: asyncssh.SFTPClient, path: str, content: bytes) -> None:
    try:
        async with files.open(path, "xb") as file:
            await file.write(content)
            with suppress(asyncssh.SFTPOpUnsupported):
                await file.fsync()
    except asyncssh.SFTPNoSuchFile:
        raise
    except asyncssh.SFTPError:
        await _removed(files, path)
        raise


async def _removed(files: asyncssh.SFTPClient, path: str) -> None:
    with suppress(asyncssh.SFTPError):
        await files.remove(path)


def _entry(name: str, attributes: asyncssh.SFTPAttrs) -> Entry:
    mode = attributes.permissions or 0
    return Entry(
        name,
        attributes.size or 0,
        stat.S_ISDIR(mode),
        stat.S_ISREG(mode),
        attributes.mtime or 0.0,
    )


@contextmanager
def _as_of_the_system(advice: str = "") -> Iterator[None]:
    """What the server says, as an error of the system, with `advice` where it says nothing."""
    try:
        yield
    except asyncssh.SFTPNoSuchFile as error:
        raise FileNotFoundError(error.reason) from error
    except asyncssh.SFTPPermissionDenied as error:
        raise PermissionError(error.reason) from error
    except asyncssh.SFTPFailure as error:  # all that this version of SFTP has a word for
        raise OSError(f"the server says “{error.reason}”{advice}") from error
