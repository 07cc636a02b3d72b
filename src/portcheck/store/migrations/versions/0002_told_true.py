"""What officers are told: seen before, recorded here, decisions taken back; held when."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """New tables of projections, which are filled from the journal."""
    op.create_table(
        "records_held",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device"),
        sqlite_strict=True,
    )
    op.create_table(
        "penalty_action",
        sa.Column("reference_key", sa.Text(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("amount_pence", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["check_id"], ["vehicle_check.check_id"]),
        sa.PrimaryKeyConstraint("reference_key", "check_id", "position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("penalty_action_check", "penalty_action", ["check_id"])
