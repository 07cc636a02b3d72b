"""A real browser, for pictures and for tests: Debian's packages chromium and chromium-driver."""

import base64
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SECONDS = 30


class Session:
    """A browser, spoken to by WebDriver (w3.org/TR/webdriver2)."""

    def __init__(self, server: str, profile: Path) -> None:
        self._server = server
        wanted = {
            "goog:chromeOptions": {"args": [*CHROMIUM, f"--user-data-dir={profile}"]},
            "goog:loggingPrefs": {"performance": "ALL"},
        }
        wanted = {"capabilities": {"alwaysMatch": wanted}}
        self._place = f"session/{self._call('POST', 'session', wanted)['sessionId']}"

    def command(self, name: str, body: dict[str, Any]) -> Any:
        """One command of the session."""
        return self._call("POST", f"{self._place}/{name}", body)

    def devtools(self, name: str, **parameters: Any) -> Any:
        """One command of Chromium's own."""
        return self.command("goog/cdp/execute", {"cmd": name, "params": parameters})

    def script(self, text: str) -> Any:
        """What a script gives that is run in the page."""
        return self.command("execute/sync", {"script": text, "args": []})

    def requests(self, page: str) -> list[str]:
        """The addresses that the page at `page` asked for, but what its own policy held back.

        Each is told once: the browser's log is emptied by reading it.
        """
        entries = self.command("se/log", {"type": "performance"})
        events = [json.loads(entry["message"])["message"] for entry in entries]
        held_back = {
            event["params"]["requestId"]
            for event in events
            if event["method"] == "Network.loadingFailed" and event["params"].get("blockedReason")
        }
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
            and event["params"]["documentURL"] == page
            and event["params"]["requestId"] not in held_back
        ]

    def printed(self) -> bytes:
        """The page as a PDF, on the paper that it names."""
        made = self.devtools("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(made["data"])

    def close(self) -> None:
        """Close the browser."""
        self._call("DELETE", self._place, None)

    def _call(self, method: str, place: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._server}/{place}", data, method=method)
        with urlopen(request, timeout=_SECONDS) as answer:
            return json.load(answer)["value"]


@contextmanager
def browser(folder: Path) -> Iterator[Session]:
    """A browser with an empty profile, gone at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen(
        ["chromedriver", f"--port={port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        server = f"http://127.0.0.1:{port}"
        _wait_for(server)
        session = Session(server, folder / "profile")
        try:
            yield session
        finally:
            session.close()
    finally:
        driver.terminate()
        driver.wait(_SECONDS)


def _wait_for(server: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            with urlopen(f"{server}/status", timeout=_SECONDS):
                return
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
