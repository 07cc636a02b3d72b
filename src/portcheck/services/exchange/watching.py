"""Waiting between two syncs: until somebody has news, or for as long as was said."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from portcheck.errors import Refused, TargetUnreachable
from portcheck.services.context import Context
from portcheck.services.exchange.devices import own_chain
from portcheck.store import exchangerows as rows
from portcheck.targets.address import is_database

if TYPE_CHECKING:
    from portcheck.targets.server.connection import Server

_FIRST, _MOST = 1.0, 15.0  # seconds between two questions, fewer at first
_APART = 0.5  # seconds by which those who heard of the same news come one after another


class Watch:
    """How long to wait before the next sync with a target, of `seconds` at most.

    At an exchange on a server less, where there is news: there, or here.
    """

    def __init__(self, context: Context, text: str, seconds: int) -> None:
        self._context = context
        self._text = text
        self._seconds = seconds
        self._server: Server | None = None
        self._before: tuple[int, int] | None = None

    def begin(self) -> None:
        """Note what there is before a sync: whatever comes after that is news."""
        self._before = self._now()

    def wait(self) -> None:
        """Wait for news, asking seldom and more seldom."""
        if self._before is None:
            time.sleep(self._seconds)
            return
        until = time.monotonic() + self._seconds
        step = _FIRST
        while (left := until - time.monotonic()) > 0:
            self._rest(min(step, left))
            if self._now() not in {None, self._before}:
                time.sleep(min(random.uniform(0, _APART), left))
                return
            step = min(step * 2, _MOST)

    def close(self) -> None:
        """Leave the server."""
        if self._server:
            self._server.close()

    def _now(self) -> tuple[int, int] | None:
        """How much there is, there and here; None where that cannot be asked."""
        if not is_database(self._text):
            return None
        from portcheck.targets.server.connection import Server  # noqa: PLC0415 - where there is one
        from portcheck.targets.server.news import number_there  # noqa: PLC0415 - as above

        connection = self._context.connection
        operations = rows.shared_operations(connection)
        own = own_chain(self._context) or b""
        try:
            self._server = self._server or Server(self._text, self._context.ask)
            there = self._server.run(partial(number_there, operations=operations, own=own))
        except (TargetUnreachable, Refused):
            return None
        return there, rows.news(connection, own, 0)[1]

    def _rest(self, seconds: float) -> None:
        """Wait for so long, or until there is a hint."""
        from portcheck.targets.server.news import wait_for_hint  # noqa: PLC0415 - as above

        until = time.monotonic() + seconds
        try:
            if self._server:
                self._server.run(partial(wait_for_hint, seconds=seconds))
        except (TargetUnreachable, Refused):
            time.sleep(max(until - time.monotonic(), 0))


@contextmanager
def watching(context: Context, text: str, seconds: int) -> Iterator[Watch]:
    """Watch a target between syncs."""
    watch = Watch(context, text, seconds)
    try:
        yield watch
    finally:
        watch.close()
