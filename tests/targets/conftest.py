"""Every target under one name, so that one suite holds for all of them."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from fsspec.implementations.memory import MemoryFileSystem  # type: ignore[import-untyped]
from tests.targets import servers

from databases import KEEPER
from portcheck.targets.address import KINDS as KINDS_OF_ADDRESS
from portcheck.targets.address import Kind
from portcheck.targets.target import Target, open_target

SECRET, OWN = bytes(range(32)), bytes(range(1, 33))
"""The keys of the device that reads, and of the one that writes."""

PUBLIC = ed25519.Ed25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw().hex()
DISK = ("folder", "file", "encrypted file")
Content = bytes
FILES = (*DISK, *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("store", "server")))
PROGRAMS = (*FILES, pytest.param("database", marks=pytest.mark.slow))
"""Those that two programs reach; what starts a server of its own is slow."""

KINDS = (*PROGRAMS, "memory")


@dataclass(frozen=True)
class Place:
    """A target of some kind in a folder of its own."""

    kind: str
    inside: Path

    @property
    def path(self) -> Path:
        return self.inside / ("exchange" if self.one_by_one else "day.portcheck")

    @property
    def text(self) -> str:
        """As somebody names it."""
        return str(self.path)

    @property
    def is_folder(self) -> bool:
        return self.kind == "folder"

    @property
    def is_plain(self) -> bool:
        return self.kind != "encrypted file"

    @property
    def one_by_one(self) -> bool:
        """Whether each piece is there as soon as it was put, and not all of them at the end."""
        return self.kind not in {"file", "encrypted file"}

    def made(self) -> "Place":
        """With all that must be there before it can be used."""
        (self.path if self.one_by_one else self.inside).mkdir(parents=True, exist_ok=True)
        return self

    def open(self) -> Target:
        recipient = "" if self.is_plain else PUBLIC
        return open_target(self.text, writing=True, recipient=recipient, secret=OWN)

    @contextmanager
    def reading(self) -> Iterator[Target]:
        target = open_target(self.text, writing=False, secret=SECRET)
        try:
            yield target
        finally:
            target.close()

    def pieces(self) -> dict[str, bytes]:
        """All that somebody who comes later finds there."""
        if not self.one_by_one and not self.path.exists():
            return {}
        with self.reading() as target:
            return {name: target.fetch(name) for name in target.have("")}

    def bytes(self) -> dict[str, bytes]:
        """Everything that is on the disk."""
        files = sorted(path for path in self.inside.rglob("*") if path.is_file())
        return {path.relative_to(self.inside).as_posix(): path.read_bytes() for path in files}

    def leave(self, name: str, content: Content) -> None:
        """What another program keeps beside the pieces."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def take_away(self, name: str) -> None:
        """As whoever clears up does."""
        (self.path / name).unlink()

    def state(self) -> object:
        """Whatever changes when something is written."""
        facts = self.path.stat()
        return facts.st_ino, facts.st_mtime_ns, facts.st_size

    def vanish(self) -> None:
        self.inside.rename(self.inside.with_name("elsewhere"))

    def come_back(self) -> None:
        self.inside.with_name("elsewhere").rename(self.inside)


class Server(Place):
    """A folder that SFTP reaches, on this machine: it can be looked at from here, too."""

    @property
    def text(self) -> str:
        return f"sftp://{servers.HOST}{self.path}"

    def made(self) -> "Place":
        super().made()
        servers.own(self.inside, self.path)
        return self

    def leave(self, name: str, content: Content) -> None:
        super().leave(name, content)
        servers.own(*self.path.rglob("*"))


class Store(Place):
    """A part of a bucket of the store on this machine."""

    def __post_init__(self) -> None:
        servers.share_descriptions()

    @property
    def text(self) -> str:
        return f"s3://{self.bucket}/exchange"

    @property
    def bucket(self) -> str:
        return hashlib.sha256(str(self.inside).encode()).hexdigest()[:20]

    @property
    def client(self) -> Any:
        return servers.client("s3")

    def made(self) -> "Place":
        where = {"LocationConstraint": os.environ["AWS_DEFAULT_REGION"]}
        self.client.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=where)
        return self

    def bytes(self) -> dict[str, bytes]:
        names = (one["Key"] for one in self.state())
        return {n: self.client.get_object(Bucket=self.bucket, Key=n)["Body"].read() for n in names}

    def leave(self, name: str, content: Content) -> None:
        self.client.put_object(Bucket=self.bucket, Key=f"exchange/{name}", Body=content)

    def take_away(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=f"exchange/{name}")

    def state(self) -> Any:
        return self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])

    def vanish(self) -> None:
        self.inside.mkdir()
        for name, content in self.bytes().items():
            (self.inside / name.replace("/", ":")).write_bytes(content)
            self.client.delete_object(Bucket=self.bucket, Key=name)
        self.client.delete_bucket(Bucket=self.bucket)

    def come_back(self) -> None:
        self.made()
        for path in self.inside.iterdir():
            name = path.name.replace(":", "/")
            self.client.put_object(Bucket=self.bucket, Key=name, Body=path.read_bytes())
        shutil.rmtree(self.inside)


class Memory(Place):
    """What any store is that fsspec knows, in this process alone."""

    @property
    def text(self) -> str:
        return f"memory:/{self.path}"

    def made(self) -> "Place":
        KINDS_OF_ADDRESS.setdefault("memory", Kind("store", ""))
        MemoryFileSystem().makedirs(str(self.path))
        return self

    def bytes(self) -> dict[str, bytes]:
        files = MemoryFileSystem()
        root = str(self.inside)
        return {name.removeprefix(f"{root}/"): files.cat(name) for name in files.find(root)}

    def leave(self, name: str, content: Content) -> None:
        MemoryFileSystem().pipe_file(f"{self.path}/{name}", content)

    def take_away(self, name: str) -> None:
        MemoryFileSystem().rm_file(f"{self.path}/{name}")

    def state(self) -> object:
        return {name: one.modified for name, one in MemoryFileSystem.store.items()}


@dataclass(frozen=True)
class Exchange(Place):
    """A database of the PostgreSQL server on this machine, as the role of a device uses it."""

    role: str = "lane"

    @property
    def database(self) -> str:
        return f"day_{hashlib.sha256(str(self.inside).encode()).hexdigest()[:20]}"

    @property
    def text(self) -> str:
        return f"postgresql://{self.role}@/{self.database}"

    @property
    def owner(self) -> str:
        """Its address for who may do everything."""
        return f"postgresql://{KEEPER}@/{self.database}"

    def made(self) -> "Place":
        _sql("postgres", f"CREATE DATABASE {self.database} TEMPLATE exchange STRATEGY file_copy")
        return self

    def bytes(self) -> dict[str, bytes]:
        return {str(name): bytes(said) for name, said in self.sql(_SAID)}  # type: ignore[call-overload]

    def state(self) -> object:
        return self.sql("SELECT xmin::text, name FROM portcheck.content ORDER BY name")

    def sql(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What somebody asks or does there who may do everything."""
        return _sql(self.database, query, *values)

    def vanish(self) -> None:
        _sql(
            "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            self.database,
        )  # fmt: skip
        _sql("postgres", f"ALTER DATABASE {self.database} RENAME TO {self.database}_away")

    def come_back(self) -> None:
        _sql("postgres", f"ALTER DATABASE {self.database}_away RENAME TO {self.database}")


_SAID = "SELECT name, content FROM portcheck.content ORDER BY name"


def _sql(database: str, query: str, *values: object) -> list[tuple[object, ...]]:
    address = f"postgresql://{KEEPER}@/{database}"
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(query.encode(), values or None)
        return found.fetchall() if found.description else []


_CLASSES: dict[str, type[Place]] = {
    "server": Server,
    "store": Store,
    "memory": Memory,
    "database": Exchange,
}


def place_of(kind: str, inside: Path) -> Place:
    return _CLASSES.get(kind, Place)(kind, inside)


@contextmanager
def new_place(kind: str) -> Iterator[Place]:
    """A place of a kind, which can be reached from here meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        where: Path | None = None
        if kind == "server":
            where, _ = servers.ssh()
            patch.setenv("HOME", str(where))
        elif kind == "store":
            for name, value in servers.s3().items():
                patch.setenv(name, value)
        elif kind == "database":
            patch.setenv("PGHOST", str(servers.database().folder))
            patch.setenv("PGPORT", str(servers.database().port))
        with TemporaryDirectory(dir=where) as room:
            Path(room).chmod(0o755)
            yield place_of(kind, Path(room) / "here").made()


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with new_place(request.param) as made:
        yield made


@pytest.fixture(params=DISK)
def on_disk(request: pytest.FixtureRequest) -> Iterator[Place]:
    with new_place(request.param) as made:
        yield made


@pytest.fixture
def store() -> Iterator[Store]:
    with new_place("store") as made:
        assert isinstance(made, Store)
        yield made


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with new_place("database") as made:
        assert isinstance(made, Exchange)
        yield made


@pytest.fixture
def server() -> Iterator[Server]:
    with new_place("server") as made:
        assert isinstance(made, Server)
        yield made


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
