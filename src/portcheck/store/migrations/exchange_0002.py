"""The part of 0002 that lets devices share an operation: who takes part, and what came."""

import sqlalchemy as sa
from alembic import op


def make_room_for_exchange() -> None:
    """Who takes part is a projection; the other tables are this file's own."""
    op.create_table(
        "operation_device",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("opener", sa.Integer(), nullable=False),
        sa.Column("trusted", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("counted_to", sa.Integer(), nullable=True),
        sa.Column("revoked", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("unheeded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.operation_id"]),
        sa.PrimaryKeyConstraint("operation_id", "chain"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "joined",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("opener", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "list_held",
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("list_name", "version"),
        sqlite_strict=True,
    )
    op.create_table(
        "signed_head",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "chain", "seq"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refused_event",
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", "hash"),
        sqlite_strict=True,
    )
    op.create_table(
        "sync_state",
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("sent_to", sa.Integer(), nullable=False),
        sa.Column("synced_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("target", "chain"),
        sqlite_strict=True,
    )
