"""Of 0002, a journal for many devices: chains are known by their first event, texts stand
apart, and what devices contradict each other in, or what waits, is kept.
"""

import sqlalchemy as sa
from alembic import op

_APPEND_ONLY = """
CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_NO_CHANGE = """
CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal WHEN OLD.subject > ''
OR (NEW.arrival, NEW.chain, NEW.seq, NEW.position, NEW.device, NEW.kind, NEW.recorded_at,
NEW.officer, NEW.agency, NEW.digest, NEW.previous, NEW.hash) IS NOT
(OLD.arrival, OLD.chain, OLD.seq, OLD.position, OLD.device, OLD.kind, OLD.recorded_at,
OLD.officer, OLD.agency, OLD.digest, OLD.previous, OLD.hash)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""  # what an event is about is known once its text is held
_NO_REPLACING = """
CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal WHEN EXISTS
(SELECT 1 FROM journal WHERE arrival = NEW.arrival OR (chain = NEW.chain AND seq = NEW.seq))
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""  # INSERT OR REPLACE deletes without asking the trigger on DELETE
_NO_OTHER_TEXT = """
CREATE TRIGGER payload_refuses_replace BEFORE INSERT ON payload WHEN EXISTS
(SELECT 1 FROM payload WHERE arrival = NEW.arrival)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_ERASED_ONLY = """
CREATE TRIGGER payload_refuses_delete BEFORE DELETE ON payload WHEN NOT EXISTS
(SELECT 1 FROM erased JOIN journal USING (chain, seq) WHERE journal.arrival = OLD.arrival)
BEGIN SELECT RAISE(ABORT, 'only what an erasing event names may be taken out'); END
"""
_FACT = """
CREATE VIEW fact AS SELECT j.arrival, j.chain, j.seq, j.position, j.device, j.kind,
j.recorded_at, j.officer, j.agency, j.hash, j.subject, p.text AS payload
FROM journal AS j LEFT JOIN payload AS p ON p.arrival = j.arrival
"""


def lay_out_journal() -> None:
    """Lay the journal out anew, every event as it was written."""
    for verb in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER journal_refuses_{verb}")
    op.drop_index("journal_device_seq", "journal")
    op.rename_table("journal", "journal_0001")
    _journal_tables()
    op.execute(
        "INSERT INTO journal SELECT j.position, f.hash, j.seq, j.position, j.device, j.kind,"
        " j.recorded_at, j.officer, j.agency, j.digest, j.previous, j.hash,"
        " COALESCE(j.payload ->> 'check_id', j.payload ->> 'operation_id',"
        " j.payload ->> 'list_name', '') FROM journal_0001 AS j"
        " JOIN journal_0001 AS f ON f.device = j.device AND f.seq = 1 ORDER BY j.position"
    )
    op.execute("INSERT INTO payload SELECT position, salt, payload FROM journal_0001")
    op.execute(
        "INSERT INTO own_chain (chain, installation, label, asked, place)"
        " SELECT hash, '', device, '', '' FROM journal_0001 WHERE seq = 1 ORDER BY position"
    )
    op.drop_table("journal_0001")
    for name, columns in (
        ("journal_chain", ["chain", "seq"]),
        ("journal_position", ["position"]),
        ("journal_recorded_at", ["recorded_at"]),
        ("journal_subject", ["subject", "position"]),
    ):
        op.create_index(name, "journal", columns, unique=name == "journal_chain")
    for table, verb in (("journal", "delete"), ("payload", "update")):
        op.execute(_APPEND_ONLY.format(table=table, verb=verb))
    for statement in (_NO_CHANGE, _NO_REPLACING, _NO_OTHER_TEXT, _ERASED_ONLY, _FACT):
        op.execute(statement)


def _journal_tables() -> None:
    op.create_table(
        "journal",
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("arrival"),
        sa.CheckConstraint("seq > 0", name="seq_is_positive"),
        sqlite_strict=True,
    )
    op.create_table(
        "payload",
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["journal.arrival"]),
        sa.PrimaryKeyConstraint("arrival"),
        sqlite_strict=True,
    )
    op.create_table(
        "erased",
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("by", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "own_chain",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("chain"),
        sqlite_strict=True,
    )
    op.create_table(
        "heard",
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("heard_at", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
        sqlite_strict=True,
    )
    op.create_index("own_chain_label", "own_chain", ["installation", "label"])


def make_room_for_devices() -> None:
    """Corrections of several chains beside each other, what contradicts, and what waits."""
    op.drop_table("amendment")
    op.create_table(
        "amendment",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["vehicle_check.check_id"]),
        sa.PrimaryKeyConstraint("check_id", "position", "chain", "field"),
        sqlite_strict=True,
    )
    op.create_table(
        "dispute",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "field", "place"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pending",
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("pending_subject", "pending", ["subject"])
    op.create_index("pending_waits_for", "pending", ["waits_for"])
