"""A number-plate camera beside the lane: its reads are offered, the officer checks them."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from portcheck.domain.answer import Verdict
from portcheck.errors import FileRefused, PortcheckError
from portcheck.services.context import Context

if TYPE_CHECKING:
    from portcheck.intake.feed import CameraRead
    from portcheck.services.checks.feed import Answered, Reply
    from portcheck.tui.lane import Lane

MOST = 9
"""Reads that wait to be taken; the oldest clear ones make room."""

_CHUNK = 64 * 1024
_PAUSE = 0.2  # seconds between looks for more


class Camera:
    """Follows a file or a named pipe of camera lines, and answers them without recording checks."""

    def __init__(
        self, path: Path, open_context: Callable[[], Context], details: Mapping[str, Any]
    ) -> None:
        self._path = path
        self._open = open_context
        self._details = details
        self._stopped = Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="portcheck-camera")
        self._replies = self._answers()

    def next(self) -> "list[Reply] | None":
        """The next answers, waiting for them; None when it was stopped.

        Raises FileRefused when the file cannot be read, and what the database raises.
        """
        return next(self._replies, None)

    @property
    def thread(self) -> ThreadPoolExecutor:
        """Where `next` may wait."""
        return self._thread

    def stop(self) -> None:
        """Wait for no more lines."""
        self._stopped.set()
        self._thread.shutdown(wait=False)

    def _answers(self) -> "Iterator[list[Reply]]":
        from portcheck.intake.feed import waiting_lines  # noqa: PLC0415 - only with a camera
        from portcheck.services.checks.feed import Feed, FeedOptions  # noqa: PLC0415

        context = self._open()
        with closing(context.connection):
            feed = Feed(context, FeedOptions(self._details, record=False, no_list=True))
            for lines in waiting_lines(self._follow()):
                yield feed.take(lines)

    def _follow(self) -> Callable[[], bytes]:
        """Reads what is there, then waits for more to be written."""
        try:
            number = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise FileRefused(
                f"the camera's lines cannot be read ({error.strerror})",
                where=str(self._path),
                hint="Name a file or a named pipe that the camera writes to.",
            ) from error

        def read() -> bytes:
            while not self._stopped.is_set():
                try:
                    found = os.read(number, _CHUNK)
                except BlockingIOError:  # a pipe that is open and has nothing in it
                    found = b""
                except OSError as error:
                    raise FileRefused(str(error.strerror), where=str(self._path)) from error
                if found:
                    return found
                self._stopped.wait(_PAUSE)
            os.close(number)
            return b""

        return read


class Offers:
    """The reads that wait to be taken: hits first, then the newest."""

    def __init__(self) -> None:
        self._waiting: list[Answered] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, read: "Answered") -> None:
        """One more; of too many the oldest one that is clear goes, then the oldest."""
        self._waiting.append(read)
        if len(self._waiting) > MOST:
            clear = [one for one in self._waiting if one.answer.verdict is Verdict.CLEAR]
            self._waiting.remove((clear or self._waiting)[0])

    @property
    def first(self) -> "Answered | None":
        """What is offered now."""
        hits = [one for one in self._waiting if one.answer.verdict is not Verdict.CLEAR]
        return next(iter(hits or self._waiting[-1:]), None)

    def take(self) -> "CameraRead | None":
        """The read that is offered, with the time it came, and offer it no more."""
        offered = self.first
        if offered is None:
            return None
        self._waiting.remove(offered)
        return replace(offered.read, at=offered.at)


async def watch(lane: "Lane", camera: Camera) -> None:
    """Offer what the camera reads, with the bell for a hit, until it is stopped."""
    from portcheck.services.checks.feed import NotRead  # noqa: PLC0415 - only with a camera

    loop = asyncio.get_running_loop()
    try:
        while (replies := await loop.run_in_executor(camera.thread, camera.next)) is not None:
            for reply in replies:
                if isinstance(reply, NotRead):
                    lane.say(f"camera line {reply.line}: {reply.refusal}")
                    continue
                lane.offers.add(reply)
                if reply.answer.verdict is not Verdict.CLEAR and not lane.muted:
                    lane.surface.ring()
            lane.surface.redraw()
    except PortcheckError as error:
        lane.fail(error, "the camera is not followed any more")
