"""The tables, declared once.  Migrations create them; a test compares the two.

`journal` is the truth.  `entry`, `entry_mark` and `list_problem` hold the bulk
of imported lists.  Every other table is a projection of the journal, written by
`projections` in the transaction of its event and rebuildable from it.

All tables are STRICT: text is TEXT, money is INTEGER pence, a flag is 0 or 1,
a time is UTC text ("2021-06-17T08:05:00.000000Z") so that it sorts as text.
SQLModel does not validate tables; the events do, before anything reaches them.
"""

from sqlalchemy import Index
from sqlalchemy import text as condition
from sqlmodel import Field, SQLModel

from portcheck.store.columns import COMPACT, STRICT, blob, text
from portcheck.store.exchangetables import (
    Joined,
    ListHeld,
    OperationDevice,
    RefusedEvent,
    SignedHead,
    SyncState,
)
from portcheck.store.journaltables import Erased, Heard, JournalEvent, OwnChain, Payload
from portcheck.store.listtables import ActionList, Entry, EntryMark, ListProblem, ListVersion

# the tables of the journal, of lists and of what is shared are had from here too
__all__ = [
    "ActionList",
    "Entry",
    "EntryMark",
    "Erased",
    "Heard",
    "Joined",
    "JournalEvent",
    "ListHeld",
    "ListProblem",
    "ListVersion",
    "OperationDevice",
    "OwnChain",
    "Payload",
    "RefusedEvent",
    "SignedHead",
    "SyncState",
]


class Operation(SQLModel, table=True):
    """A joint operation; `ended_in` is the hash in hex of the event that ended it."""

    __table_args__ = (STRICT,)
    operation_id: str = text(primary_key=True)
    name: str = text()
    site: str = text()
    agencies: str = text()
    timezone: str = text()
    marking: str = text()
    part: str = text()
    started_at: str = text()
    ended_at: str | None = text(None)
    end_reason: str = text("")
    tally: str | None = text(None)
    fingerprint: str | None = text(None)
    ended_in: str | None = text(None)


class DeviceState(SQLModel, table=True):
    """Which operation is current on a device."""

    __tablename__ = "device_state"
    __table_args__ = (STRICT,)
    device: str = text(primary_key=True)
    operation_id: str | None = text(None, foreign_key="operation.operation_id")


class VehicleCheck(SQLModel, table=True):
    """A vehicle checked in an operation, as it stands after corrections.

    Its indexes of what was seen find a registration in any operation, and hold what
    is asked of it (`store.seen`).  None is of what a tally counts: that is summed.
    """

    __tablename__ = "vehicle_check"
    __table_args__ = (
        Index("vehicle_check_ref", "operation_id", "ref"),
        Index("vehicle_check_number", "operation_id", "device", "number"),
        Index("vehicle_check_key", "operation_id", "voided", "vehicle_key"),
        Index("vehicle_check_at", "operation_id", "at"),
        *(
            Index(
                f"vehicle_check_seen_{place}",
                f"{place}_key",
                "at",
                "source",
                "voided",
                sqlite_where=condition(f"{place}_key > ''"),
            )
            for place in ("vehicle", "trailer", "container")
        ),
        STRICT,
    )
    check_id: str = text(primary_key=True)
    operation_id: str = text(foreign_key="operation.operation_id")
    device: str = text()
    number: int
    ref: str = text()
    at: str = text()
    recorded_at: str = text()
    officer: str = text()
    agency: str = text()
    vehicle: str = text()
    vehicle_key: str = text()
    country: str = text()
    trailer: str = text()
    trailer_key: str = text()
    trailer_country: str = text()
    container: str = text()
    container_key: str = text()
    direction: str = text()
    unit: str = text()
    body: str = text()
    lane: str = text()
    details: str = text()
    screened: int
    lists: str = text()
    verdict: str = text()
    outcome: str = text()
    primary_outcome: str = text()
    unresolved: int
    amended: int
    voided: int
    void_reason: str = text()
    source: str = text()
    country_guess: str = text()
    site: str = text()


class CheckMatch(SQLModel, table=True):
    """A match of a check, with the snapshot it was decided on; `name` as in `MatchSeen`.

    `decided_in` names the events whose decisions stand on it, by their hashes in hex: one,
    or several of devices that did not know of each other.
    """

    __tablename__ = "check_match"
    __table_args__ = (
        Index("check_match_counts", "operation_id", "decision", "tier"),
        STRICT,
    )
    operation_id: str = text()
    check_id: str = text(primary_key=True, foreign_key="vehicle_check.check_id")
    number: int = Field(primary_key=True)
    name: str = text()
    unit: str = text()
    tier: str = text()
    typed: str = text()
    registration: str = text()
    country: str = text()
    list_name: str = text()
    list_version: int
    entries_sha256: str = text()
    haulier: str = text()
    why: str = text()
    cost: str = text()
    decision: str = text()
    decided_by: str = text("")
    decided_at: str | None = text(None)
    reason: str = text("")
    decided_in: str = text("")
    later: int
    told: str | None = text(None)


class MatchPenalty(SQLModel, table=True):
    """A penalty line of a match, as it was assessed when it was shown.

    `recorded` is what was recorded about it before, a JSON list or "" for nothing, and
    `otherwise` with its rule the assessment but for that (`journal.parts.PenaltySeen`).
    """

    __tablename__ = "match_penalty"
    __table_args__ = (STRICT,)
    check_id: str = text(primary_key=True)
    match_number: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    line_key: str = text()
    reference: str = text()
    owed_pence: int | None = None
    enforceable: str = text()
    rule: int
    otherwise: str = text()
    otherwise_rule: int
    recorded: str = text()
    snapshot: str = text()


class Finding(SQLModel, table=True):
    """A countable item of a check's outcome (`domain.outcome.Finding`).

    Void checks have none.  The index covers every column a tally counts.
    """

    __table_args__ = (
        Index(
            "finding_counts",
            "operation_id",
            "field",
            "value",
            "detail",
            "currency",
            "quantity",
            "amount_minor",
            "measured",
        ),
        COMPACT,
    )
    check_id: str = text(primary_key=True, foreign_key="vehicle_check.check_id")
    operation_id: str = text()
    field: str = text(primary_key=True)
    position: int = Field(primary_key=True)
    value: str = text()
    detail: str = text()
    quantity: int
    amount_minor: int | None = None
    currency: str = text()
    measured: int | None = None


class CheckSum(SQLModel, table=True):
    """How many checks of an operation say the same: `kind` is one of `counts.VALUES`, FIELDS or
    VOID, and `value` what they say.  None is of 0.
    """

    __tablename__ = "check_sum"
    __table_args__ = (COMPACT,)
    operation_id: str = text(primary_key=True)
    kind: str = text(primary_key=True)
    value: str = text(primary_key=True)
    number: int


class FindingSum(SQLModel, table=True):
    """The findings of an operation that say the same, added up (`counts.FindingCount`)."""

    __tablename__ = "finding_sum"
    __table_args__ = (COMPACT,)
    operation_id: str = text(primary_key=True)
    field: str = text(primary_key=True)
    value: str = text(primary_key=True)
    detail: str = text(primary_key=True)
    currency: str = text(primary_key=True)
    checks: int
    items: int
    quantity: int
    amount_minor: int
    measured: int


class PenaltyAction(SQLModel, table=True):
    """What was recorded about a penalty at a check, found by `settlement.reference_key`.

    Void checks have none.
    """

    __tablename__ = "penalty_action"
    __table_args__ = (
        Index("penalty_action_check", "check_id"),
        COMPACT,
    )
    reference_key: str = text(primary_key=True)
    check_id: str = text(primary_key=True, foreign_key="vehicle_check.check_id")
    position: int = Field(primary_key=True)
    action: str = text()
    amount_pence: int | None = None


class Amendment(SQLModel, table=True):
    """A correction: what a field said before and after, by whom and why.

    Also a match that was decided again or waits again (field "match_1" and so on, its
    decisions), and a check made void or counted again (field "void", true or false).
    """

    __table_args__ = (STRICT,)
    check_id: str = text(primary_key=True, foreign_key="vehicle_check.check_id")
    position: int = Field(primary_key=True)
    chain: bytes = blob(primary_key=True)
    field: str = text(primary_key=True)
    at: str = text()
    officer: str = text()
    before: str = text()
    after: str = text()
    reason: str = text()


class LogImport(SQLModel, table=True):
    """A file of checks that was taken into an operation."""

    __tablename__ = "log_import"
    __table_args__ = (STRICT,)
    operation_id: str = text(primary_key=True, foreign_key="operation.operation_id")
    sha256: str = text(primary_key=True)
    imported_at: str = text()
    file_name: str = text()
    rows: int
    accepted: int
    duplicates: int
    rejected: int


class RecordsHeld(SQLModel, table=True):
    """When a device last held its records against the journal, and found them as it says."""

    __tablename__ = "records_held"
    __table_args__ = (STRICT,)
    chain: bytes = blob(primary_key=True)
    device: str = text()
    position: int
    at: str = text()
    officer: str = text()
    events: int


class Dispute(SQLModel, table=True):
    """What devices that did not know of each other gave to one field of a check or operation.

    Of a field's values that of `place` 0 stands; of decisions on a match ("match_1") none.
    `event` is the hash in hex of the one that gave it.
    """

    __table_args__ = (COMPACT,)
    subject: str = text(primary_key=True)
    field: str = text(primary_key=True)
    place: int = Field(primary_key=True)
    event: str = text()
    value: str = text()
    officer: str = text()
    device: str = text()
    at: str = text()


class Pending(SQLModel, table=True):
    """An event that says nothing yet: it `waits_for` a check or an operation that is not
    here, or ("") for a portcheck that can read it.
    """

    __table_args__ = (
        Index("pending_subject", "subject"),
        Index("pending_waits_for", "waits_for"),
        COMPACT,
    )
    chain: bytes = blob(primary_key=True)
    seq: int = Field(primary_key=True)
    subject: str = text()
    waits_for: str = text()
