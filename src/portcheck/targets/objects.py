"""Object stores, by fsspec: S3 and what speaks as it does; Google's and Azure's by their own."""

import errno
import pkgutil
from collections.abc import AsyncIterator
from typing import Any

import fsspec  # type: ignore[import-untyped]
from fsspec.implementations.asyn_wrapper import (  # type: ignore[import-untyped]
    AsyncFileSystemWrapper,
)

from portcheck.targets.address import Address
from portcheck.targets.cloud import PATIENCE, Entry, Place

_CONNECTING = 20  # seconds, one try
_S3 = {
    "use_listings_cache": False,
    "config_kwargs": {
        "connect_timeout": _CONNECTING,
        "read_timeout": PATIENCE,
        "retries": {"mode": "standard", "total_max_attempts": 2},
    },
}
_FAMILIES = {
    "s3": ("botocore.exceptions:BotoCoreError", "aiohttp:ClientError", "builtins:ValueError"),
    "gs": (
        "gcsfs.retry:HttpError",
        "google.auth.exceptions:GoogleAuthError",
        "aiohttp:ClientError",
    ),
    "abfs": ("azure.core.exceptions:AzureError", "builtins:ValueError"),
}
"""The errors that are neither the system's nor made into such by fsspec's part for a store."""


def opened(address: Address) -> Place:
    """The objects of a store.  Raises ImportError where what reaches it is not installed."""
    scheme, root = address.scheme, f"{address.host}/{address.path}".rstrip("/")
    words = _S3 if scheme == "s3" else {}
    files = fsspec.filesystem(scheme, skip_instance_cache=True, **words)
    kind = S3 if scheme == "s3" else Objects
    errors = tuple(pkgutil.resolve_name(name) for name in _FAMILIES.get(scheme, ()))
    return kind(files if files.async_impl else AsyncFileSystemWrapper(files), root, errors)


class Objects:
    """The objects of any store that fsspec knows, below a bucket or a part of one."""

    def __init__(self, files: Any, root: str, errors: tuple[type[Exception], ...]) -> None:
        self.errors = errors
        self._files = files
        self._root = root

    async def look(self) -> None:
        """Ask for the bucket."""
        await self._files._info(self._root.partition("/")[0])

    async def entries(self, folder: str) -> AsyncIterator[list[Entry]]:
        """All at once, for fsspec has no other way."""
        path = self._path(folder)
        self._files.invalidate_cache()
        try:
            found = await self._files._ls(path, detail=True)
        except FileNotFoundError:
            return
        yield [_entry(one) for one in found]

    async def facts(self, path: str) -> Entry | None:
        """As fsspec has it."""
        self._files.invalidate_cache()
        try:
            return _entry(await self._files._info(self._path(path)))
        except FileNotFoundError:
            return None

    async def read(self, path: str, size: int) -> bytes:
        """A part of the object, for it may be larger by now."""
        span = {"start": 0, "end": size + 1} if size else {}  # an empty one has no parts
        content: bytes = await self._files._cat_file(self._path(path), **span)
        return content[: size + 1]

    async def create(self, path: str, content: bytes) -> None:
        """Where the store knows no such condition, look, write, and read it again."""
        whole = self._path(path)
        try:
            await self._files._pipe_file(whole, content, mode="create")
        except OSError as error:
            if isinstance(error, FileExistsError) or _is_there(error):
                raise FileExistsError(path) from error
            if error.errno != errno.ENOSYS:
                raise
            if await self.facts(path):
                raise FileExistsError(path) from error
            await self.replace(path, content)
            if await self.read(path, len(content)) != content:
                raise OSError(errno.EIO, "it does not keep what was written") from error

    async def replace(self, path: str, content: bytes) -> None:
        """A store puts an object in the place of another at once."""
        await self._files._pipe_file(self._path(path), content, mode="overwrite")

    async def remove(self, path: str) -> None:
        """Nothing: a store has no objects that were broken off."""

    def leave(self) -> None:
        """Nothing: each request finds a connection."""

    def _path(self, path: str) -> str:
        return f"{self._root}/{path}" if path else self._root


class S3(Objects):
    """Those of a store that speaks as Amazon's S3 does: listed in pages of a thousand."""

    async def look(self) -> None:
        """List one object, for that is what it takes anyway; not who the bucket's owner is."""
        await self._list(self._path(""), MaxKeys=1)

    async def entries(self, folder: str) -> AsyncIterator[list[Entry]]:
        """A page at a time; below the target's own folders, all that is in them, however deep:
        a request for each would take longer.
        """
        path = self._path(folder)
        words = {} if folder else {"Delimiter": "/"}
        while True:
            page = await self._list(path, **words)
            folders = (one["Prefix"] for one in page.get("CommonPrefixes", ()))
            start = len(self._key(path))
            yield [
                *(Entry(_last(one), 0, is_folder=True, is_file=False) for one in folders),
                *(Entry(one["Key"][start:], one["Size"]) for one in page.get("Contents", ())),
            ]
            if not page.get("IsTruncated"):
                return
            words["ContinuationToken"] = page["NextContinuationToken"]

    async def _list(self, path: str, **words: Any) -> dict[str, Any]:
        bucket = path.partition("/")[0]
        found: dict[str, Any] = await self._files._call_s3(
            "list_objects_v2", Bucket=bucket, Prefix=self._key(path), **words
        )
        return found

    @staticmethod
    def _key(path: str) -> str:
        """What the keys of all below a path begin with."""
        prefix = path.partition("/")[2]
        return f"{prefix}/" if prefix else ""


def _entry(info: dict[str, Any]) -> Entry:
    is_folder = info["type"] == "directory"
    return Entry(_last(info["name"]), info["size"] or 0, is_folder, is_file=not is_folder)


def _last(path: str) -> str:
    """The last part of a path.

    >>> _last("day/events/"), _last("day/events/a.piece")
    ('events', 'a.piece')
    """
    return path.rstrip("/").rpartition("/")[2]


def _is_there(error: OSError) -> bool:
    """Whether an error is that of S3's condition that nothing is there: not all say which."""
    said = getattr(error.__cause__, "response", {}).get("Error", {}).get("Code")
    return said in {"PreconditionFailed", "412"}
