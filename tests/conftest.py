"""What every test may use: the installed program in a world of its own.

`--rewrite-golden` writes tests/**/golden/*.txt anew from what the program
prints now; look at the difference before you keep it.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import settings

SECONDS = 60
"""How long one call of the program may take before a test fails."""

LIST = """\
Registration,Country,Unit,Trailer,Haulier,Liable party,Role,Penalty reference,Section,Issued,Due,Amount,Balance,Status
AB12 CDE,GB,tractor,,Northsea Haulage Ltd,Northsea Haulage Ltd,owner,CP-1042,32,2021-01-10,2021-03-11,2400.00,2400.00,outstanding
KL65 XYZ,GB,rigid,,Weald Freight Ltd,Weald Freight Ltd,owner,CP-1043,32,2021-01-10,2021-03-11,1000.00,0,paid
WX 12345,PL,tractor,,Trans Pol Sp. z o.o.,Jan Kowalski,driver,CP-1044,32,2021-01-12,2021-03-13,2000.00,2000.00,objection
C1234567,GB,trailer,,Weald Freight Ltd,Weald Freight Ltd,owner,CP-1045,32,2021-01-12,2021-03-13,500,500,outstanding
"""
"""A small action list: what can be enforced, what is paid, what is disputed, a trailer."""

_UNSETTLING = (
    *("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "TTY_COMPATIBLE"),
    "PYTHONUNBUFFERED",  # officers have none: what is printed waits, and is written at the end
)


@dataclass(frozen=True)
class Ran:
    """What the shell sees of one call."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Program:
    """The installed program with its own home, database and settings, all under `folder`."""

    folder: Path
    env: Mapping[str, str]
    words: tuple[str, ...] = field(default=(sys.executable, "-m", "portcheck"))

    @property
    def database(self) -> Path:
        """The database of this world."""
        return Path(self.env["PORTCHECK_DB"])

    def run(
        self,
        *args: str | bytes | Path,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Ran:
        """Call the program and wait for its end."""
        done = subprocess.run(
            [*self.words, *args],
            input="" if stdin is None else stdin,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            env={**self.env, **(env or {})},
            cwd=self.folder,
            timeout=SECONDS,
            check=False,
            **options,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def good(self, *args: str | bytes | Path, **options: Any) -> Ran:
        """As `run`; the call must succeed."""
        ran = self.run(*args, **options)
        assert ran.code == 0, (args, ran)
        return ran

    def json(self, *args: str | bytes | Path, **options: Any) -> Any:
        """The JSON document of a call that must succeed."""
        return self.good(*args, "--json", **options).document

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says, read without the program."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql, values).fetchall()

    def state(self) -> bytes:
        """The database's bytes, to see that nothing was left behind."""
        return self.database.read_bytes() if self.database.exists() else b""


RunHere = Callable[..., Ran]


@dataclass(frozen=True)
class InProcess(Program):
    """The same program without a process of its own for every call: quicker."""

    here: RunHere = field(kw_only=True)

    def run(
        self,
        *args: str | bytes | Path,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Ran:
        """As `Program.run`, without standard input and options of a process."""
        assert stdin is None
        assert not options
        return self.here(self, *args, env=env)


def new_program(folder: Path) -> Program:
    """A world in an empty folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PORTCHECK_")}
    for name in _UNSETTLING:
        env.pop(name, None)
    env |= {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PORTCHECK_DB": str(folder / "checks.db"),
        "PORTCHECK_CONFIG": str(folder / "portcheck.toml"),
        "PORTCHECK_OFFICER": "4711",
    }
    return Program(folder, env)


NewWorld = Callable[[Path], Program]


@pytest.fixture(scope="session")
def new_world() -> NewWorld:
    """Makes a program with its own home in an empty folder."""
    return new_program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program where nothing was done yet: no list, no operation, no database."""
    return new_program(tmp_path)


Clone = Callable[[Path, Path], None]


def clone_database(database: Path, other: Path) -> None:
    """Copy a database to a machine of its own that goes on with it: it is no copy there."""
    shutil.copy(database, other)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE own_chain SET installation = '', place = ''")


@pytest.fixture(scope="session")
def clone() -> Clone:
    """Copies a database so that it is no copy to the program."""
    return clone_database


def _ours(name: str) -> bool:
    return name.startswith(("PORTCHECK_", "XDG_")) or name == "HOME"


def call_here(world: Program, args: Sequence[str | Path], env: Mapping[str, str]) -> int:
    """Call the program in this process; the exit code."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*_UNSETTLING, *filter(_ours, os.environ)):
            patch.delenv(name, raising=False)
        wanted = {name: world.env[name] for name in filter(_ours, world.env)}
        for name, value in {**wanted, **env}.items():
            patch.setenv(name, value)
        patch.chdir(world.folder)
        main = import_module("portcheck.cli.main")
        command = typer.main.get_command(main.app)
        return int(main.guarded(lambda: command(args=list(map(str, args)), prog_name="portcheck")))


@pytest.fixture(scope="session")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the small list in force, an operation, and two checks."""
    made = new_program(tmp_path_factory.mktemp("prepared"))
    (made.folder / "list.csv").write_text(LIST, encoding="utf-8")
    for words in (
        ("list", "import", "list.csv", "--list", "CECPT"),
        ("op", "start", "Dover 1", "--site", "Dover", "--agency", "Police"),
        ("check", "AB12 CDE", "--direction", "inbound", "--search", "dog"),
        ("check", "ZZ99 ZZZ", "--direction", "outbound"),
    ):
        assert call_here(made, words, {}) == 0, words
    return made.database


@pytest.fixture
def station(program: Program, _prepared: Path) -> Program:
    """The program at work: list CECPT in force, operation Dover 1 under way, L1-001 (AB12 CDE,
    listed, waits for a decision) and L1-002 (ZZ99 ZZZ, clear) recorded.
    """
    clone_database(_prepared, program.database)
    (program.folder / "list.csv").write_text(LIST, encoding="utf-8")
    return program


@pytest.fixture(scope="module")
def station_of_module(tmp_path_factory: pytest.TempPathFactory, _prepared: Path) -> Program:
    """As `station`, one for all tests of a module: for tests that change nothing."""
    world = new_program(tmp_path_factory.mktemp("station"))
    clone_database(_prepared, world.database)
    (world.folder / "list.csv").write_text(LIST, encoding="utf-8")
    return world


@pytest.fixture
def run_here(capsys: pytest.CaptureFixture[str]) -> RunHere:
    """As `Program.run` without a process of its own: for tables of cases, and for another clock."""

    def run(world: Program, *args: str | Path, env: Mapping[str, str] | None = None) -> Ran:
        capsys.readouterr()
        code = call_here(world, args, env or {})
        seen = capsys.readouterr()
        return Ran(code, seen.out, seen.err)

    return run


@pytest.fixture
def in_process(run_here: RunHere) -> Callable[[Program], Program]:
    """Makes a program that runs in this process of one that does not."""
    return lambda world: InProcess(world.folder, world.env, here=run_here)


@pytest.fixture
def desk(station: Program, in_process: Callable[[Program], Program]) -> Program:
    """As `station`, in this process."""
    return in_process(station)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold a text against golden/NAME.txt beside the test's file, or rewrite that file."""
    folder = request.path.parent / "golden"

    def hold(name: str, text: str) -> None:
        path = folder / f"{name}.txt"
        if request.config.getoption("--rewrite-golden"):
            folder.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return hold


def pytest_configure(config: pytest.Config) -> None:
    """The quick run tries fewer examples of each property; `make slow` tries all of them."""
    settings.register_profile("quick", max_examples=25)
    if "not slow" in str(config.option.markexpr):
        settings.load_profile("quick")


AT_A_SERVER = (
    "tests/targets/test_targets_bad_line.py",
    "tests/targets/test_targets_cloud.py",
    "tests/targets/test_targets_postgresql.py",
    "tests/targets/test_targets_weather.py",
    "tests/services/exchange/test_exchange_server.py",
    "tests/acceptance/test_published_figures.py",
)
SERVERS = {"store", "server", "database"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests at a store, an SFTP server or a database are `long`; whole days over one are
    not, so that the gate has those.
    """
    for item in items:
        given = getattr(item, "callspec", None)
        at_one = given is not None and not SERVERS.isdisjoint(map(str, given.params.values()))
        days = item.nodeid.startswith("tests/acceptance/test_")
        if item.get_closest_marker("slow") and (
            item.nodeid.startswith(AT_A_SERVER) or (at_one and not days)
        ):
            item.add_marker("long")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="Write the golden files anew from what is."
    )
