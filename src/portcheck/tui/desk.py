"""The threads behind the screen: the screen itself never waits for the database.

Answers, records and looks at the day each have a thread and a connection of
their own, so that an answer comes while a record waits for another program to
let go of the database.  Each thread takes its calls in order.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from portcheck.errors import FileRefused
from portcheck.services.context import Context
from portcheck.store.connection import UNREADABLE, unusable

T = TypeVar("T")


class _Clerk:
    """One thread with one connection, opened when it is first needed."""

    def __init__(self, name: str, open_context: Callable[[], Context]) -> None:
        self._open = open_context
        self._context: Context | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"portcheck-{name}")

    async def run(self, call: Callable[[Context], T]) -> T:
        """The result of `call`.  Raises what it raises, DatabaseUnusable for the database."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, call)

    def _call(self, call: Callable[[Context], T]) -> T:
        if self._context is None:
            self._context = self._open()
        try:
            return call(self._context)
        except UNREADABLE as error:
            raise unusable(error, self._context.path) from error

    def close(self) -> None:
        """Close the connection when what was begun is done; nothing is waited for."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    def _close(self) -> None:
        if self._context is not None:
            self._context.connection.close()


class Desk:
    """Where the screen hands in its work."""

    def __init__(self, open_context: Callable[[], Context], database: Path) -> None:
        self.database = database
        self._answers = _Clerk("answers", open_context)
        self._records = _Clerk("records", open_context)
        self._looks = _Clerk("looks", open_context)
        self._files = ThreadPoolExecutor(1, thread_name_prefix="portcheck-files")

    async def ask(self, call: Callable[[Context], T]) -> T:
        """An answer an officer waits for."""
        return await self._answers.run(call)

    async def write(self, call: Callable[[Context], T]) -> T:
        """Something to be recorded, after what was handed in before."""
        return await self._records.run(call)

    async def look(self, call: Callable[[Context], T]) -> T:
        """A look at the day, or at a check."""
        return await self._looks.run(call)

    async def file(self, call: Callable[[Path], T]) -> T:
        """Something to do with a file beside the database.  Raises FileRefused."""
        return await asyncio.get_running_loop().run_in_executor(self._files, self._filed, call)

    def _filed(self, call: Callable[[Path], T]) -> T:
        try:
            return call(self.database)
        except OSError as error:
            raise FileRefused(
                f"it cannot be used ({error.strerror or error})", where=str(error.filename)
            ) from error

    def close(self) -> None:
        """Let every thread finish what it has begun and end."""
        for clerk in (self._answers, self._records, self._looks):
            clerk.close()
        self._files.shutdown(wait=False)
