"""The schema that migrations make is the one that is declared."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from portcheck.store import migrations, revisions, tables
from portcheck.store.engine import engine_over

NAMES = sorted(tables.Entry.metadata.tables)
SCRIPTS = Path(next(iter(migrations.__path__)))
_CLAUSE = re.compile(r",\s*\n|, (?=\w+ (?:TEXT|INTEGER|BLOB)\b)")  # an added column has no line


@pytest.fixture
def declared() -> Any:
    """A database made from the declarations alone."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with engine_over(connection).begin() as bound:
        SQLModel.metadata.create_all(bound)
    yield connection
    connection.close()


def test_nothing_is_left_to_migrate(connection: sqlite3.Connection) -> None:
    with engine_over(connection).connect() as bound:
        context = MigrationContext.configure(
            bound, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def statements(connection: sqlite3.Connection, kind: str) -> dict[str, list[str]]:
    """The clauses of every statement that made something, by name, in an order of their own."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL"
        " AND name <> 'alembic_version'",
        (kind,),
    )
    return {
        name: sorted(re.sub(r"\s+", " ", clause).strip(" )") for clause in _CLAUSE.split(sql))
        for name, sql in rows
    }


@pytest.mark.parametrize("kind", ["table", "index"])
def test_each_statement_is_the_one_declared(
    connection: sqlite3.Connection, declared: sqlite3.Connection, kind: str
) -> None:
    migrated = statements(connection, kind)
    assert migrated == statements(declared, kind)
    assert migrated


@pytest.mark.parametrize("pragma", ["table_xinfo", "index_list", "foreign_key_list"])
@pytest.mark.parametrize("table", NAMES)
def test_each_table_is_the_one_declared(
    connection: sqlite3.Connection, declared: sqlite3.Connection, table: str, pragma: str
) -> None:
    def seen(database: sqlite3.Connection) -> list[tuple[Any, ...]]:
        rows = database.execute(f"PRAGMA {pragma}({table})").fetchall()
        return sorted((row[1:] if pragma == "index_list" else row for row in rows), key=repr)

    assert seen(connection) == seen(declared)


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    strict = {name: bool(is_strict) for name, is_strict in rows}
    assert [name for name in NAMES if not strict[name]] == []


def test_the_newest_revision_is_the_head_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    directory = ScriptDirectory.from_config(config)
    assert directory.get_heads() == [revisions.HEAD]
    known = [script.revision for script in directory.walk_revisions()]
    assert tuple(reversed(known)) == revisions.REVISIONS


def insert(connection: sqlite3.Connection, arrival: int, seq: int, verb: str = "INSERT") -> None:
    connection.execute(
        f"{verb} INTO journal VALUES"
        " (?1, x'01', ?2, ?1, 'L1', 'k', 't', 'o', 'a', x'', x'', x'', '')",
        (arrival, seq),
    )


AFTER_ARRIVAL = (
    "chain, seq, position, device, kind, recorded_at, 'x', agency, digest, previous, hash, subject"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET officer = 'x'",
        "UPDATE OR REPLACE journal SET arrival = 1 WHERE arrival = 2",
        "UPDATE OR IGNORE journal SET officer = 'x'",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE arrival = 2",
        "REPLACE INTO journal SELECT * FROM journal",
        f"INSERT OR REPLACE INTO journal SELECT 9, {AFTER_ARRIVAL} FROM journal",
        "INSERT INTO journal SELECT * FROM journal WHERE 1 ON CONFLICT DO UPDATE SET officer = 'x'",
    ],
)
def test_the_journal_is_append_only(connection: sqlite3.Connection, statement: str) -> None:
    insert(connection, 1, 1)
    insert(connection, 2, 2)
    before = connection.execute("SELECT * FROM journal").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="the journal is append-only"):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM journal").fetchall() == before


def test_an_event_can_be_appended_whatever_was_refused(connection: sqlite3.Connection) -> None:
    insert(connection, 1, 1)
    with pytest.raises(sqlite3.IntegrityError):
        insert(connection, 1, 2, "REPLACE")
    insert(connection, 2, 2)
    assert connection.execute("SELECT COUNT(*) FROM journal").fetchone() == (2,)


@pytest.mark.parametrize(
    "values",
    [
        "(1, x'01', 0, 1, 'L1', 'k', 't', 'o', 'a', x'', x'', x'', '')",  # numbers begin with 1
        "(1, 'text', 1, 1, 'L1', 'k', 't', 'o', 'a', x'', x'', x'', '')",  # strict: a blob
        "(1, x'01', 'one', 1, 'L1', 'k', 't', 'o', 'a', x'', x'', x'', '')",  # an integer
        "(1, NULL, 1, 1, 'L1', 'k', 't', 'o', 'a', x'', x'', x'', '')",
    ],
)
def test_the_journal_refuses_what_is_no_event(connection: sqlite3.Connection, values: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(f"INSERT INTO journal VALUES {values}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payload SET text = '{}'",
        "DELETE FROM payload",
        "REPLACE INTO payload VALUES (1, x'00', 'other')",
        "INSERT OR REPLACE INTO payload SELECT arrival, x'', 'other' FROM payload",
    ],
)
def test_a_text_stays_as_it_was_written(connection: sqlite3.Connection, statement: str) -> None:
    insert(connection, 1, 1)
    connection.execute("INSERT INTO payload VALUES (1, x'00', 'text')")
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|erasing event"):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM payload").fetchall() == [(1, b"\0", "text")]


def test_a_text_that_an_erasing_event_names_can_be_taken_out(
    connection: sqlite3.Connection,
) -> None:
    insert(connection, 1, 1)
    connection.execute("INSERT INTO payload VALUES (1, x'00', 'text')")
    connection.execute("INSERT INTO erased VALUES (x'01', 1, 'request', 2, x'01')")
    connection.execute("DELETE FROM payload WHERE arrival = 1")
    assert connection.execute("SELECT payload FROM fact").fetchall() == [(None,)]


def test_a_version_accounts_for_its_rows(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO action_list VALUES ('CECPT', 1, 7, '{}', '', '', '{}')")
    insertion = (
        "INSERT INTO list_version VALUES ('CECPT', 1, 't', 't', 'o', 'f', 's', 'e', '', ?, 3, 3, 1, 1,"
        " 0, 3, 0, 0, 0, 0, '{}', '')"
    )
    with pytest.raises(sqlite3.IntegrityError, match="rows_are_accounted_for"):
        connection.execute(insertion, (6,))
    connection.execute(insertion, (5,))
