"""A step that fails, or is killed, leaves the old schema."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import op
from sqlalchemy.exc import DBAPIError

from portcheck.errors import DatabaseUnusable
from portcheck.store import connection as opening
from portcheck.store import schema
from portcheck.store.connection import transaction
from portcheck.store.revisions import HEAD, REVISIONS
from portcheck.store.schema import open_store

NEXT = "9001"
STEP = f'''
"""A step of the test's."""
import os
import signal
from alembic import op
import sqlalchemy as sa

revision = "{NEXT}"
down_revision = "{HEAD}"


def upgrade():
    op.add_column("list_problem", sa.Column("colour", sa.Text()))
    op.execute("UPDATE list_problem SET colour = 'red'")
    op.create_table("fresh", sa.Column("name", sa.Text()))
    op.execute("DROP INDEX entry_haulier")
'''
ENDS = {
    "good": "",
    "wrong": "    raise RuntimeError('broken')\n",
    "refused": "    op.execute('INSERT INTO nowhere VALUES (1)')\n",
    "killed": "    os.kill(os.getpid(), signal.SIGKILL)\n",
}


def state(path: Path) -> list[str]:
    """Everything that is in the file."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def old(path: Path) -> Path:
    """A database of the present schema with something in it."""
    with closing(open_store(path)) as connection, transaction(connection):
        connection.execute(
            'INSERT INTO list_problem (list_name, version, row, severity, "column", value, reason,'
            " raw) VALUES ('CECPT', 1, 7, 'rejected', 'Reg', 'x', 'odd', '[]')"
        )
    return path


@pytest.fixture
def newer_program(tmp_path: Path) -> Path:
    """A folder with the migrations and room for one more."""
    folder = tmp_path / "program"
    shutil.copytree(
        Path(schema.__file__).with_name("migrations"),
        folder / "migrations",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return folder


def add_step(program: Path, end: str) -> None:
    (program / "migrations" / "versions" / f"{NEXT}_next.py").write_text(STEP + ENDS[end])


def use(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_packaged", lambda: program / "migrations")
    monkeypatch.setattr(schema, "HEAD", NEXT)
    monkeypatch.setattr(opening, "HEAD", NEXT)
    monkeypatch.setattr(opening, "REVISIONS", (*REVISIONS, NEXT))


def test_a_step_is_taken_when_the_database_is_opened(
    old: Path, newer_program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_step(newer_program, "good")
    use(newer_program, monkeypatch)
    with closing(open_store(old)) as connection:
        assert connection.execute("SELECT colour FROM list_problem").fetchall() == [("red",)]
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(NEXT,)]
    assert not any("entry_haulier" in line for line in state(old))


@pytest.mark.parametrize(("end", "error"), [("wrong", RuntimeError), ("refused", DatabaseUnusable)])
def test_a_step_that_fails_leaves_the_old_schema(
    old: Path,
    newer_program: Path,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
    error: type[Exception],
) -> None:
    before = state(old)
    add_step(newer_program, end)
    use(newer_program, monkeypatch)
    with pytest.raises(error):
        open_store(old)
    assert state(old) == before


KILLED = """
import sys
from pathlib import Path
from portcheck.store import connection, schema
program, database, head = sys.argv[1:]
schema._packaged = lambda: Path(program) / "migrations"
schema.HEAD = connection.HEAD = head
connection.REVISIONS = (*connection.REVISIONS, head)
schema.open_store(Path(database))
"""


@pytest.mark.slow
def test_a_step_that_is_killed_leaves_the_old_schema(old: Path, newer_program: Path) -> None:
    before = state(old)
    add_step(newer_program, "killed")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(newer_program), str(old), NEXT],
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert done.stderr == b""
    with closing(open_store(old)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert state(old) == before


def test_a_first_step_that_fails_leaves_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "portcheck.db"

    def broken(_: str) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(op, "execute", broken)
        with pytest.raises(RuntimeError, match="broken"):
            open_store(path, create=True)
    assert state(path) == ["BEGIN TRANSACTION;", "COMMIT;"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0,)
    open_store(path, create=True).close()


def test_a_database_that_is_locked_while_it_is_migrated_is_told(
    old: Path, newer_program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_step(newer_program, "good")
    before = state(old)
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    with closing(open_store(old)) as other, transaction(other):
        use(newer_program, monkeypatch)
        with pytest.raises(DatabaseUnusable, match="locked for too long") as refusal:
            open_store(old)
    assert isinstance(refusal.value.__cause__, DBAPIError)
    assert state(old) == before
