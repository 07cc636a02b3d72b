"""The first schema: journal, projections, and the entries of action lists."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = """
CREATE TRIGGER journal_refuses_{verb} BEFORE {verb} ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_NO_REPLACING = """
CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal WHEN EXISTS
(SELECT 1 FROM journal WHERE position = NEW.position OR (device = NEW.device AND seq = NEW.seq))
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""  # INSERT OR REPLACE deletes without asking the trigger on DELETE


def upgrade() -> None:
    """Create every table, and the triggers that keep the journal append-only."""
    _create_tables()
    for verb in ("update", "delete"):
        op.execute(_APPEND_ONLY.format(verb=verb))
    op.execute(_NO_REPLACING)


def _create_tables() -> None:
    op.create_table(
        "action_list",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("max_age_days", sa.Integer(), nullable=False),
        sa.Column("column_map", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "entry",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("added_version", sa.Integer(), nullable=False),
        sa.Column("removed_version", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("registration", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("trailer_registration", sa.Text(), nullable=False),
        sa.Column("container", sa.Text(), nullable=False),
        sa.Column("haulier", sa.Text(), nullable=False),
        sa.Column("liable_party", sa.Text(), nullable=False),
        sa.Column("liable_role", sa.Text(), nullable=False),
        sa.Column("penalty_reference", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("incident_on", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("amount_pence", sa.Integer(), nullable=True),
        sa.Column("paid_pence", sa.Integer(), nullable=True),
        sa.Column("balance_pence", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("objection_on", sa.Text(), nullable=True),
        sa.Column("objection_decided_on", sa.Text(), nullable=True),
        sa.Column("appeal_on", sa.Text(), nullable=True),
        sa.Column("appeal_decided_on", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("unread", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
        sqlite_strict=True,
    )
    op.create_index(
        "entry_current",
        "entry",
        ["list_name", "content"],
        sqlite_where=sa.text("removed_version IS NULL"),
    )
    op.create_index(
        "entry_haulier",
        "entry",
        ["haulier"],
        sqlite_where=sa.text("removed_version IS NULL"),
    )
    op.create_table(
        "journal",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.CheckConstraint("seq > 0", name="seq_is_positive"),
        sqlite_strict=True,
    )
    op.create_index("journal_device_seq", "journal", ["device", "seq"], unique=True)
    op.create_table(
        "list_problem",
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("problem_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "match_penalty",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("match_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("owed_pence", sa.Integer(), nullable=True),
        sa.Column("enforceable", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", "match_number", "number"),
        sqlite_strict=True,
    )
    op.create_table(
        "operation",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("agencies", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("marking", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id"),
        sa.UniqueConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "device_state",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("device"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.operation_id"]),
        sqlite_strict=True,
    )
    op.create_table(
        "entry_mark",
        sa.Column("skeleton", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("skeleton", "key", "entry_id", "unit"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.entry_id"]),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "list_version",
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("odds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("list_name", "version"),
        sa.CheckConstraint(
            "rows = accepted + duplicates + rejected", name="rows_are_accounted_for"
        ),
        sa.ForeignKeyConstraint(["list_name"], ["action_list.name"], deferrable=True),
        sqlite_strict=True,
    )
    op.create_table(
        "log_import",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "sha256"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.operation_id"]),
        sqlite_strict=True,
    )
    op.create_table(
        "vehicle_check",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("vehicle", sa.Text(), nullable=False),
        sa.Column("vehicle_key", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("trailer", sa.Text(), nullable=False),
        sa.Column("trailer_key", sa.Text(), nullable=False),
        sa.Column("trailer_country", sa.Text(), nullable=False),
        sa.Column("container", sa.Text(), nullable=False),
        sa.Column("container_key", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("screened", sa.Integer(), nullable=False),
        sa.Column("lists", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("primary_outcome", sa.Text(), nullable=False),
        sa.Column("unresolved", sa.Integer(), nullable=False),
        sa.Column("amended", sa.Integer(), nullable=False),
        sa.Column("voided", sa.Integer(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("check_id"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.operation_id"]),
        sqlite_strict=True,
    )
    op.create_index("vehicle_check_at", "vehicle_check", ["operation_id", "at"])
    op.create_index(
        "vehicle_check_counts",
        "vehicle_check",
        [
            "operation_id",
            "voided",
            "direction",
            "unit",
            "body",
            "country",
            "lane",
            "officer",
            "agency",
            "primary_outcome",
            "screened",
            "amended",
            "at",
            "trailer_key",
            "container_key",
            "lists",
        ],
    )
    op.create_index("vehicle_check_key", "vehicle_check", ["operation_id", "voided", "vehicle_key"])
    op.create_index("vehicle_check_number", "vehicle_check", ["operation_id", "device", "number"])
    op.create_index("vehicle_check_ref", "vehicle_check", ["operation_id", "ref"], unique=True)
    op.create_table(
        "amendment",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", "field"),
        sa.ForeignKeyConstraint(["check_id"], ["vehicle_check.check_id"]),
        sqlite_strict=True,
    )
    op.create_index("amendment_check", "amendment", ["check_id"])
    op.create_table(
        "check_match",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("registration", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("haulier", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", "number"),
        sa.ForeignKeyConstraint(["check_id"], ["vehicle_check.check_id"]),
        sqlite_strict=True,
    )
    op.create_index("check_match_counts", "check_match", ["operation_id", "decision", "tier"])
    op.create_table(
        "finding",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", "field", "position"),
        sa.ForeignKeyConstraint(["check_id"], ["vehicle_check.check_id"]),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "finding_counts",
        "finding",
        ["operation_id", "field", "value", "detail", "currency", "quantity", "amount_minor"],
    )
