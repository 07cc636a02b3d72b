"""A PostgreSQL server of one's own, in a temporary folder, run by an ordinary user.

Debian's programs (`apt-get install postgresql`) or those on PATH; nobody else's server is used.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

KEEPER = "keeper"
"""Who runs the server, and may do everything there."""

_QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=120")
_RULES = """\
local all all trust
host all secretive all scram-sha-256
host all all all trust
"""


def programs() -> Path | None:
    """Where the server's programs are, the newest; None where there are none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    return Path(path).resolve().parent if path else None


class Cluster:
    """A server with databases, on a socket and on loopback."""

    def __init__(self, settings: Sequence[str] = _QUICK) -> None:
        where = programs()
        assert where is not None, "PostgreSQL is not installed"
        self._programs = where
        self.folder = Path(tempfile.mkdtemp(prefix="pc-"))
        self.port = free_port()
        self._settings = settings
        self._numbers = iter(range(1_000_000))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody")
        data = ("-D", self.data, "-U", KEEPER, "-A", "trust", "-E", "UTF8", "--locale", "C")
        self._call("initdb", *data, "--no-sync")
        (self.data / "pg_hba.conf").write_text(_RULES, encoding="utf-8")

    @property
    def data(self) -> Path:
        """The folder of its data."""
        return self.folder / "data"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            *self._settings,
        ]
        words = " ".join(f"-c {one}" for one in settings)
        log = self.folder / "log"
        self._call("pg_ctl", "-D", self.data, "-l", log, "-o", words, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: `immediate` is as if it had been killed."""
        self._call("pg_ctl", "-D", self.data, "-m", how, "-w", "stop")

    def url(self, database: str, role: str = KEEPER, *, port: int = 0) -> str:
        """The address of a database: by its socket, or by a port of loopback."""
        if port:
            return f"postgresql://{role}@127.0.0.1:{port}/{database}"
        return f"postgresql://{role}@/{database}?host={quote(str(self.folder))}&port={self.port}"

    def new(self, template: str = "template0") -> str:
        """Make a database; its name."""
        name = f"day{next(self._numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def sql(
        self, database: str, query: str, values: Sequence[object] = ()
    ) -> list[tuple[object, ...]]:
        """What a query gives, asked by who may do everything."""
        import psycopg  # noqa: PLC0415 - only where there is a server

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            found = connection.execute(query.encode(), values or None)
            return found.fetchall() if found.description else []

    def remove(self) -> None:
        """Stop it and remove all of it."""
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, program: str, *words: str | Path) -> None:
        as_who: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("nobody")
            ids = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
            as_who = ["setpriv", *ids]
        subprocess.run(
            [*as_who, self._programs / program, *words],
            check=True,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )


@contextmanager
def cluster(settings: Sequence[str] = _QUICK) -> Iterator[Cluster]:
    """A server that runs while inside."""
    made = Cluster(settings)
    try:
        made.start()
        yield made
    finally:
        made.remove()


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
