"""The projections held against the journal, row by row, while officers go on recording.

They are made again in temporary tables of the same names: a name without a schema
means the temporary table first (sqlite.org/lang_naming.html), so that the same
functions project there.  Temporary tables spill to a file that has no name, so that
memory stays bounded, and no lock is held but while the two are compared.
"""

import sqlite3
from collections.abc import Iterator

from portcheck.store.connection import private
from portcheck.store.difference import ADDED, ALTERED, MISSING, Difference
from portcheck.store.projections import TABLES, take, taking

_END = object()
_NEAR_ENOUGH = 200
"""So few events may come while the rest is read: they are read with the lock held."""


def altered_rows(connection: sqlite3.Connection) -> Iterator[Difference]:
    """Every row that is missing, added, or not as a rebuild would make it, by table.

    The schema must be the one of a new database, and the journal intact.
    """
    try:
        _make_tables(connection)
        read, steps = _arrived(connection), taking(connection)
        more = True
        while more:
            with private(connection):
                more = next(steps, _END) is not _END
        while (now := _arrived(connection)) - read > _NEAR_ENOUGH:
            with private(connection):
                take(connection, read)
            read = now
        with private(connection):
            take(connection, read)
            for table in reversed(TABLES):
                yield from _differences(connection, table)
    except (sqlite3.IntegrityError, ValueError, TypeError, KeyError) as error:
        line = str(error).splitlines()[0]
        yield Difference("journal", "", f"the tables cannot be made again from it: {line}")
    finally:
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _arrived(connection: sqlite3.Connection) -> int:
    """The journal's newest event, by its arrival."""
    (newest,) = connection.execute("SELECT COALESCE(MAX(arrival), 0) FROM journal").fetchone()
    return int(newest)


def _make_tables(connection: sqlite3.Connection) -> None:
    made = connection.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'table'")
    statements = dict(made.fetchall())
    for table in TABLES:
        connection.execute(statements[table].replace("CREATE TABLE", "CREATE TEMP TABLE", 1))


def _differences(connection: sqlite3.Connection, table: str) -> Iterator[Difference]:
    info = connection.execute(f"PRAGMA main.table_info ({table})").fetchall()
    names = [row[1] for row in info]
    key = [name for _, name in sorted((row[5], row[1]) for row in info if row[5])]
    shown = ", ".join(_words(f'one."{name}"') for name in key)
    same = " AND ".join(f'one."{name}" IS other."{name}"' for name in key)
    unequal = ", ".join(f'one."{name}" IS NOT other."{name}"' for name in names)
    changed = unequal.replace(", ", " OR ")
    rows = connection.execute(
        f"SELECT {shown}, {unequal} FROM main.{table} AS one JOIN temp.{table} AS other"
        f" ON {same} WHERE {changed}"
    )
    for row in rows:
        columns = [name for name, differs in zip(names, row[len(key) :], strict=True) if differs]
        what = f"{ALTERED}: {', '.join(columns)}"
        yield Difference(table, _row_words(connection, key, row), what)
    for here, there, what in (("temp", "main", MISSING), ("main", "temp", ADDED)):
        rows = connection.execute(
            f"SELECT {shown} FROM {here}.{table} AS one WHERE NOT EXISTS"
            f" (SELECT 1 FROM {there}.{table} AS other WHERE {same})"
        )
        for row in rows:
            yield Difference(table, _row_words(connection, key, row), what)


def _words(column: str) -> str:
    return f"CAST({column} AS BLOB)"  # a text that is no UTF-8 is shown all the same


def _row_words(connection: sqlite3.Connection, key: list[str], row: tuple[bytes, ...]) -> str:
    """The row's key, a check by its reference."""
    values = dict(zip(key, (value.decode(errors="replace") for value in row), strict=False))
    if "check_id" in values:
        found = connection.execute(
            "SELECT ref FROM temp.vehicle_check WHERE check_id = ?1 UNION ALL"
            " SELECT ref FROM main.vehicle_check WHERE check_id = ?1",
            (values["check_id"],),
        ).fetchone()
        values["check_id"] = found[0] if found else values["check_id"]
    return " ".join(values.values())
