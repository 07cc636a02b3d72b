"""Kinds of columns and tables, as SQLite keeps them (`store.tables`)."""

from typing import Any

from sqlalchemy import LargeBinary, Text
from sqlmodel import Field

STRICT = {"sqlite_strict": True}
COMPACT = {"sqlite_strict": True, "sqlite_with_rowid": False}


def text(default: Any = ..., **options: Any) -> Any:
    """A TEXT column."""
    return Field(default, sa_type=Text, **options)


def blob(**options: Any) -> Any:
    """A BLOB column."""
    return Field(sa_type=LargeBinary, **options)
