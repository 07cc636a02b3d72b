"""Syncing by itself beside a program that an officer works with: in a process of its own, so
that no answer ever waits for it.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from portcheck.services.settings import Settings

_GIVEN = ("database", "officer", "agency", "device")
_POLL = 0.2  # seconds
_PATIENCE = 5.0  # seconds that a sync under way is given when the program ends


@contextmanager
def syncing(settings: Settings) -> Iterator[None]:
    """While inside, sync with the usual target again and again, where there is one."""
    every = int(settings["sync_seconds"])
    if not settings["sync"] or not every:
        yield
        return
    stop = threading.Event()
    again = threading.Thread(target=_again, args=(environment(settings), every, stop), daemon=True)
    again.start()
    try:
        yield
    finally:
        stop.set()
        again.join(_PATIENCE)


def environment(settings: Settings) -> Mapping[str, str]:
    """What makes another portcheck work with the same database, as the same officer."""
    given = {f"PORTCHECK_{name.upper()}": settings[name] for name in _GIVEN}
    given["PORTCHECK_DB"] = given.pop("PORTCHECK_DATABASE")
    return os.environ | given | {"PORTCHECK_CONFIG": str(settings.file)}


def _again(env: Mapping[str, str], every: int, stop: threading.Event) -> None:
    while not stop.is_set():
        with subprocess.Popen(
            [sys.executable, "-m", "portcheck", "--quiet", "sync"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C at the lane is none of its business
        ) as under_way:
            while under_way.poll() is None:
                if stop.wait(_POLL):
                    under_way.terminate()
        stop.wait(every)
