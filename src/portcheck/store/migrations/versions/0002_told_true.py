"""What officers are told: seen before, recorded here, decisions taken back; held when.

And a journal for many devices (`devices_0002`).
"""

import sqlalchemy as sa
from alembic import op

from portcheck.store.migrations.devices_0002 import lay_out_journal, make_room_for_devices
from portcheck.store.migrations.exchange_0002 import make_room_for_exchange

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """The projections are made again from the journal afterwards (`schema.migrate`)."""
    lay_out_journal()
    make_room_for_devices()
    _versions()
    _operations()
    _checks()
    _seen()
    _decisions()
    _assessments()
    _findings()
    _sums()
    _references()
    _sheets()
    make_room_for_exchange()
    op.create_table(
        "records_held",
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
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


def _versions() -> None:
    """A version of a list is known by its entries."""
    op.drop_table("list_version")
    op.create_table(
        "list_version",
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("entries_sha256", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("odds", sa.Text(), nullable=False),
        sa.Column("retired", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("list_name", "version"),
        sa.CheckConstraint(
            "rows = accepted + duplicates + rejected", name="rows_are_accounted_for"
        ),
        sa.ForeignKeyConstraint(["list_name"], ["action_list.name"], deferrable=True),
        sqlite_strict=True,
    )


def _operations() -> None:
    """An operation takes place in a part of the United Kingdom."""
    for table in (
        "finding",
        "match_penalty",
        "check_match",
        "amendment",
        "log_import",
        "vehicle_check",
        "device_state",
    ):
        op.execute(f"DELETE FROM {table}")  # they hang on operations
    op.drop_table("operation")
    op.create_table(
        "operation",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("agencies", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("marking", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("ended_in", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id"),
        sqlite_strict=True,
    )


def _checks() -> None:
    """A check has a guess at the country that nobody gave, and its own site, if it has any."""
    op.drop_table("vehicle_check")
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
        sa.Column("country_guess", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("check_id"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.operation_id"]),
        sqlite_strict=True,
    )
    op.create_index("vehicle_check_at", "vehicle_check", ["operation_id", "at"])
    op.create_index("vehicle_check_key", "vehicle_check", ["operation_id", "voided", "vehicle_key"])
    op.create_index("vehicle_check_number", "vehicle_check", ["operation_id", "device", "number"])
    op.create_index("vehicle_check_ref", "vehicle_check", ["operation_id", "ref"])


def _seen() -> None:
    """A registration is found in the checks of any operation."""
    for place in ("vehicle", "trailer", "container"):
        op.create_index(
            f"vehicle_check_seen_{place}",
            "vehicle_check",
            [f"{place}_key", "at", "source", "voided"],
            sqlite_where=sa.text(f"{place}_key > ''"),
        )


def _decisions() -> None:
    """A match names the event that decided it."""
    op.drop_table("check_match")
    op.create_table(
        "check_match",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("registration", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("entries_sha256", sa.Text(), nullable=False),
        sa.Column("haulier", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_in", sa.Text(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("check_id", "number"),
        sa.ForeignKeyConstraint(["check_id"], ["vehicle_check.check_id"]),
        sqlite_strict=True,
    )
    op.create_index("check_match_counts", "check_match", ["operation_id", "decision", "tier"])


def _assessments() -> None:
    """A penalty line holds what a tally asks of how it was assessed."""
    op.drop_table("match_penalty")
    op.create_table(
        "match_penalty",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("match_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("owed_pence", sa.Integer(), nullable=True),
        sa.Column("enforceable", sa.Text(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("otherwise", sa.Text(), nullable=False),
        sa.Column("otherwise_rule", sa.Integer(), nullable=False),
        sa.Column("recorded", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", "match_number", "number"),
        sqlite_strict=True,
    )


def _findings() -> None:
    """A finding holds what was weighed or counted of it."""
    op.drop_table("finding")
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
        sa.Column("measured", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("check_id", "field", "position"),
        sa.ForeignKeyConstraint(["check_id"], ["vehicle_check.check_id"]),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "finding_counts",
        "finding",
        [
            *("operation_id", "field", "value", "detail", "currency", "quantity"),
            *("amount_minor", "measured"),
        ],
    )


def _sums() -> None:
    """What a tally counts of a whole operation is kept."""
    op.create_table(
        "check_sum",
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "kind", "value"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    names = ("operation_id", "field", "value", "detail", "currency")
    numbers = ("checks", "items", "quantity", "amount_minor", "measured")
    op.create_table(
        "finding_sum",
        *(sa.Column(name, sa.Text(), nullable=False) for name in names),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint(*names),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _references() -> None:
    """A penalty is found in every list; `store.marks` fills the column in."""
    op.add_column(
        "entry", sa.Column("reference_key", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    op.create_index(
        "entry_reference",
        "entry",
        ["reference_key"],
        sqlite_where=sa.text("removed_version IS NULL AND reference_key > ''"),
    )


def _sheets() -> None:
    """Entries and problems may come from several sheets of a file, which may be joined."""
    for table, name in (
        ("entry", "sheet"),
        ("list_problem", "sheet"),
        ("action_list", "join_wanted"),
    ):
        op.add_column(
            table, sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
        )
    op.add_column(
        "action_list",
        sa.Column("status_words", sa.Text(), nullable=False, server_default=sa.text("'{}'")),
    )
