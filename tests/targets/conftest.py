"""Every target under one name, so that one suite holds for all of them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from portcheck.targets.target import Target, open_target

SECRET, OWN = bytes(range(32)), bytes(range(1, 33))
"""The keys of the device that reads, and of the one that writes."""

PUBLIC = ed25519.Ed25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw().hex()
KINDS = ("folder", "file", "encrypted file")


@dataclass(frozen=True)
class Place:
    """A target of some kind in a folder of its own."""

    kind: str
    inside: Path

    @property
    def path(self) -> Path:
        return self.inside / ("exchange" if self.kind == "folder" else "day.portcheck")

    @property
    def is_folder(self) -> bool:
        return self.kind == "folder"

    @property
    def is_plain(self) -> bool:
        return self.kind != "encrypted file"

    def made(self) -> "Place":
        """With all that must be there before it can be used."""
        (self.path if self.is_folder else self.inside).mkdir(parents=True, exist_ok=True)
        return self

    def open(self) -> Target:
        recipient = "" if self.is_plain else PUBLIC
        return open_target(str(self.path), writing=True, recipient=recipient, secret=OWN)

    @contextmanager
    def reading(self) -> Iterator[Target]:
        target = open_target(str(self.path), writing=False, secret=SECRET)
        try:
            yield target
        finally:
            target.close()

    def pieces(self) -> dict[str, bytes]:
        """All that somebody who comes later finds there."""
        if not self.path.exists():
            return {}
        with self.reading() as target:
            return {name: target.fetch(name) for name in target.have("")}

    def bytes(self) -> dict[str, bytes]:
        """Everything that is on the disk."""
        files = sorted(path for path in self.inside.rglob("*") if path.is_file())
        return {path.relative_to(self.inside).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(request.param, tmp_path / "here").made()


@pytest.fixture
def folder(tmp_path: Path) -> Place:
    return Place("folder", tmp_path / "here").made()


@pytest.fixture
def one_file(tmp_path: Path) -> Place:
    return Place("file", tmp_path / "here").made()


@pytest.fixture
def for_device(tmp_path: Path) -> Place:
    return Place("encrypted file", tmp_path / "here").made()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Have a function of `os` fail with an error of this number."""

    def fail(name: str, number: int) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, name, refuse)

    return fail
