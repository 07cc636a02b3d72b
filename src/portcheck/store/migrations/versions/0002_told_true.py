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
