"""The reading process as its parent sees it: start, ask, listen, end."""

import json
import marshal
import os
import signal
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

import portcheck
from portcheck.errors import FileRefused
from portcheck.intake.files.source import Source
from portcheck.intake.files.worker import FRAME

MOST_FRAME = 48 * 1024 * 1024
"""Bytes of one answer: twenty thousand cells of two thousand letters."""

_COPY = _MB = 1024 * 1024
_USUAL = 5 * _MB
"""Bytes of a file of which every honest one can be read within the least of the limits."""

_LEAST_MEMORY, _MOST_MEMORY = 384 * _MB, 4096 * _MB
"""Addresses, the libraries' own among them; the least is enough for `sheetscan.MOST_CELLS`."""

_BYTES_A_BYTE = 24
_LEAST_SECONDS = 8
_PATIENCE = 4  # times as many seconds by the clock: other programs want the processor too
_LINGER = 1
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0)  # there is no such signal on Windows


def memory_for(size: int) -> int:
    """Bytes of address space that reading a file of `size` bytes may take."""
    return min(_LEAST_MEMORY + _BYTES_A_BYTE * max(0, size - _USUAL), _MOST_MEMORY)


def seconds_for(size: int) -> int:
    """Seconds of processor that reading a file of `size` bytes may take."""
    return _LEAST_SECONDS + max(0, size - _USUAL) // _MB


class Child:
    """One reading process.  It is ended when this object is closed or forgotten.

    It starts at once (its imports run beside our own look at the file) and
    waits for `tell`.
    """

    def __init__(self, where: str, size: int, seconds: float | None = None) -> None:
        self._where = where
        self._limits = {"memory": memory_for(size), "seconds": seconds_for(size)}
        self._seconds = seconds or _PATIENCE * seconds_for(size)
        self._timed_out = False
        package_root = str(Path(portcheck.__file__).resolve().parent.parent)
        folders = dict.fromkeys((package_root, *filter(os.path.isabs, sys.path)))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "portcheck.intake.files.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
            )
        except OSError as error:
            raise FileRefused(
                f"the process that reads workbooks cannot be started ({error.strerror})",
                where=where,
                hint="Save the list as .csv and import that.",
            ) from error
        self.close = weakref.finalize(self, _end, self._process)

    def begin(self, task: str, source: Source, **more: str) -> None:
        """Say what is to be done with `source`, and send it where the child cannot open it."""
        path = source.path.resolve() if source.path else None
        limits = dict(self._limits)
        if task == "look":  # beside the one that reads, and it keeps less
            limits["memory"] //= 2
        self.tell({"task": task, "path": path and str(path), "size": source.size, **more, **limits})
        if path:
            source.check_unchanged()
            return
        with source.open() as data:
            while chunk := data.read(_COPY):
                self._write(chunk)

    def tell(self, request: Any) -> None:
        """Send a line."""
        self._write(json.dumps(request).encode() + b"\n")

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
            _, message, where, hint = frame
            raise FileRefused(message, where=where or self._where, hint=hint)
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
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LINGER)  # one that ended by itself says how
        self.close()
        if self._timed_out or -self._process.returncode == _OUT_OF_TIME:
            return FileRefused(
                f"reading the workbook took longer than {self._took():g} seconds",
                where=self._where,
                hint="Save the list alone in a new workbook, or as .csv, and import that.",
            )
        return FileRefused(
            "the workbook could not be read: the reader ended, for want of memory or because"
            " the file is damaged",
            where=self._where,
            hint="Open it in the spreadsheet program and save the list alone as .xlsx or .csv.",
        )

    def _took(self) -> float:
        return self._seconds if self._timed_out else self._limits["seconds"]


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
