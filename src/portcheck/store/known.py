"""What a running program knows of its database, so that another one in its place is noticed."""

import sqlite3
from pathlib import Path

from portcheck.errors import DatabaseUnusable
from portcheck.journal.append import Actor
from portcheck.store.footing import Footing

_NEXT = "Nothing was recorded. Put the right file back, or close this program and look at it first."


class Known:
    """The newest event that was seen, and the file it stood in; shared by all connections
    of a program to one database; and on what footing each writes in it, once that stands fast.
    """

    def __init__(self) -> None:
        self.footings: dict[Actor, Footing] = {}
        self._file: tuple[int, int] | None = None
        self._newest: tuple[int, str, int, bytes] | None = None

    def hold(self, connection: sqlite3.Connection, path: Path) -> None:
        """Remember the newest event, having seen that the one before is there still.

        Raises DatabaseUnusable when it is not, or when another file has the name, or none.
        """
        self._hold_file(path)
        if self._newest:
            arrival, device, seq, known = self._newest
            row = connection.execute(
                "SELECT hash FROM journal WHERE arrival = ?", (arrival,)
            ).fetchone()
            if row != (known,):
                raise DatabaseUnusable(
                    f"{path} is another one than a moment ago: event {device} {seq} is no longer "
                    "in it. Was an older copy laid over it?",
                    hint=_NEXT,
                )
        newest = connection.execute(
            "SELECT arrival, device, seq, hash FROM journal ORDER BY arrival DESC LIMIT 1"
        ).fetchone()
        self._newest = newest or self._newest

    def _hold_file(self, path: Path) -> None:
        try:
            found = path.stat()
        except OSError as error:
            if self._file is None:
                return  # it is no file: a database in memory
            raise DatabaseUnusable(
                f"{path} was deleted or moved away while it was open", hint=_NEXT
            ) from error
        identity = found.st_dev, found.st_ino
        self._file = self._file or identity
        if identity != self._file:
            raise DatabaseUnusable(
                f"another file was put in the place of {path} while it was open", hint=_NEXT
            )
