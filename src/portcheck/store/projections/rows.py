"""Writing one row from a mapping of columns."""

import sqlite3
from collections.abc import Mapping
from functools import cache
from typing import Any


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Insert `row` into `table`; both the table and the columns are portcheck's own names."""
    connection.execute(_insert(table, tuple(row)), tuple(row.values()))


def insert_once(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    """As `insert`, unless the table has the row already."""
    statement = _insert(table, tuple(row)).replace("INSERT", "INSERT OR IGNORE", 1)
    connection.execute(statement, tuple(row.values()))


def put(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Make the row of its first column's value so, or insert it: copies have no keys."""
    values = tuple(row.values())
    found = connection.execute(_update(table, tuple(row)), (*values[1:], values[0]))
    if not found.rowcount:
        insert(connection, table, row)


@cache
def _update(table: str, columns: tuple[str, ...]) -> str:
    key, *rest = columns
    changed = ", ".join(f'"{name}" = ?' for name in rest)
    return f'UPDATE {table} SET {changed} WHERE "{key}" = ?'


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
