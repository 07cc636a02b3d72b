"""The tables of action lists: their versions and entries (see `store.tables`)."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from portcheck.store.columns import COMPACT, STRICT, blob, text


class ActionList(SQLModel, table=True):
    """A list in force, by name, with its newest version."""

    __tablename__ = "action_list"
    __table_args__ = (STRICT,)
    name: str = text(primary_key=True)
    version: int
    max_age_days: int
    column_map: str = text()
    sheet: str = text()
    join_wanted: str = text("", sa_column_kwargs={"server_default": sql("''")})
    status_words: str = text("{}", sa_column_kwargs={"server_default": sql("'{}'")})


class ListVersion(SQLModel, table=True):
    """One import of a list, with its accounting: rows = accepted + duplicates + rejected.

    On every device it is known by `entries_sha256`; its number is this file's.

    `lines` came of the rows accepted; in force are these and those `kept` from the
    version before.  One that has none, and says in `retired` why, took the list out of
    force.
    """

    __tablename__ = "list_version"
    __table_args__ = (
        CheckConstraint("rows = accepted + duplicates + rejected", name="rows_are_accounted_for"),
        ForeignKeyConstraint(["list_name"], ["action_list.name"], deferrable=True),
        STRICT,
    )
    list_name: str = text(primary_key=True)
    version: int = Field(primary_key=True)
    imported_at: str = text()
    as_of: str = text()
    officer: str = text()
    file_name: str = text()
    sha256: str = text()
    entries_sha256: str = text()
    sheet: str = text()
    rows: int
    accepted: int
    lines: int
    duplicates: int
    rejected: int
    warnings: int
    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int
    odds: str = text()
    retired: str = text()


class Entry(SQLModel, table=True):
    """One penalty line of a list and its vehicle, in a row of its file (and a sheet, where
    several were read), from the version that added it to the one
    that removed it, found in every list by `settlement.reference_key` of its reference.
    """

    __table_args__ = (
        Index("entry_current", "list_name", "content", sqlite_where=sql("removed_version IS NULL")),
        Index("entry_haulier", "haulier", sqlite_where=sql("removed_version IS NULL")),
        Index(
            "entry_reference",
            "reference_key",
            sqlite_where=sql("removed_version IS NULL AND reference_key > ''"),
        ),
        STRICT,
    )
    entry_id: int = Field(primary_key=True)
    list_name: str = text()
    added_version: int
    removed_version: int | None = None
    row: int
    content: bytes = blob()
    identity: str = text()
    registration: str = text()
    country: str = text()
    unit: str = text()
    trailer_registration: str = text()
    container: str = text()
    haulier: str = text()
    liable_party: str = text()
    liable_role: str = text()
    penalty_reference: str = text()
    section: str = text()
    incident_on: str | None = text(None)
    issued_on: str | None = text(None)
    due_on: str | None = text(None)
    amount_pence: int | None = None
    paid_pence: int | None = None
    balance_pence: int | None = None
    status: str = text()
    objection_on: str | None = text(None)
    objection_decided_on: str | None = text(None)
    appeal_on: str | None = text(None)
    appeal_decided_on: str | None = text(None)
    action: str = text()
    priority: str = text()
    contact: str = text()
    expires_on: str | None = text(None)
    notes: str = text()
    unread: str = text()
    extra: str = text()
    reference_key: str = text("", sa_column_kwargs={"server_default": sql("''")})
    sheet: str = text("", sa_column_kwargs={"server_default": sql("''")})


class EntryMark(SQLModel, table=True):
    """A key under which an entry of a list in force is found.

    The table is its own index, by skeleton and then by key.  It has no other:
    an import would wait for it longer than `list find` gains.
    """

    __tablename__ = "entry_mark"
    __table_args__ = (COMPACT,)
    skeleton: str = text(primary_key=True)
    key: str = text(primary_key=True)
    entry_id: int = Field(primary_key=True, foreign_key="entry.entry_id")
    unit: str = text(primary_key=True)


class ListProblem(SQLModel, table=True):
    """A row of an import that was rejected, a duplicate, or taken with a warning."""

    __tablename__ = "list_problem"
    __table_args__ = (STRICT,)
    problem_id: int = Field(primary_key=True)
    list_name: str = text()
    version: int
    row: int
    severity: str = text()
    column: str = text()
    value: str = text()
    reason: str = text()
    raw: str = text()
    sheet: str = text("", sa_column_kwargs={"server_default": sql("''")})
