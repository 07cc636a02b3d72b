"""Writing one row from a mapping of columns."""

import sqlite3
from collections.abc import Mapping
from functools import cache
from typing import Any


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Insert `row` into `table`; both the table and the columns are portcheck's own names."""
    connection.execute(_insert(table, tuple(row)), tuple(row.values()))


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
