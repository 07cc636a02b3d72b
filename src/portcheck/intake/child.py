"""The reading process as its parent sees it: start, ask, listen, end."""

import json
import marshal
import os
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any, BinaryIO

import portcheck
from portcheck.errors import FileRefused
from portcheck.intake.worker import FRAME

DEFAULT_SECONDS = 120.0
"""How long a reader may be silent and at work before it is ended."""

MOST_FRAME = 128 * 1024 * 1024
"""Bytes of one answer: twenty thousand cells of six thousand letters."""

_COPY = 1024 * 1024


class Child:
    """One reading process.  It is ended when this object is closed or forgotten.

    It starts at once (its imports run beside our own look at the file) and
    waits for `tell`.
    """

    def __init__(self, where: str, seconds: float = DEFAULT_SECONDS) -> None:
        self._where = where
        self._seconds = seconds
        self._timed_out = False
        package_root = str(Path(portcheck.__file__).resolve().parent.parent)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "portcheck.intake.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": package_root},
            )
        except OSError as error:
            raise FileRefused(
                f"the process that reads workbooks cannot be started ({error.strerror})",
                where=where,
                hint="Save the list as .csv and import that.",
            ) from error
        self.close = weakref.finalize(self, _end, self._process)

    def tell(self, request: Any, data: BinaryIO | None = None) -> None:
        """Send a line and, where the child cannot open the file itself, its bytes."""
        self._write(json.dumps(request).encode() + b"\n")
        while data is not None and (chunk := data.read(_COPY)):
            self._write(chunk)

    def frame(self, most: int = MOST_FRAME) -> tuple[Any, ...]:
        """The next answer, of at most `most` bytes.

        Raises FileRefused when the child refused the file, died or took too long.
        """
        watch = threading.Timer(self._seconds, self._time_out)
        watch.daemon = True
        watch.start()
        try:
            head = self._read(FRAME.size)
            (length,) = FRAME.unpack(head)
            if length > most:
                raise self._died()
            frame = marshal.loads(self._read(length))  # noqa: S302  our own child, plain values
        finally:
            watch.cancel()
        if frame[0] == "refused":
            self.close()
            raise FileRefused(
                f"the workbook cannot be read ({frame[1]})",
                where=self._where,
                hint="Open it in the spreadsheet program and save it anew as .xlsx.",
            )
        answer: tuple[Any, ...] = frame
        return answer

    def _read(self, size: int) -> bytes:
        assert self._process.stdout is not None
        data = self._process.stdout.read(size)
        if len(data) < size:
            raise self._died()
        return data

    def _write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except (BrokenPipeError, OSError) as error:
            raise self._died() from error

    def _time_out(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _died(self) -> FileRefused:
        self.close()
        if self._timed_out:
            return FileRefused(
                f"reading the workbook took longer than {self._seconds:g} seconds",
                where=self._where,
                hint="Save the list alone in a new workbook, or as .csv, and import that.",
            )
        return FileRefused(
            "the workbook could not be read: the reader ended, for want of memory or because"
            " the file is damaged",
            where=self._where,
            hint="Open it in the spreadsheet program and save the list alone as .xlsx or .csv.",
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and close its pipes; harmless when it has ended."""
    process.kill()
    for pipe in (process.stdout, process.stdin):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    process.wait()
