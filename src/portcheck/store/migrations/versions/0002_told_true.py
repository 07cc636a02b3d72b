"""What officers are told: seen before, recorded here, decisions taken back."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Nothing yet."""
