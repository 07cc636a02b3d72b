"""The tables of what devices share (`store.tables`): who takes part in an operation, and what
this file alone knows of the others.
"""

from sqlmodel import Field, SQLModel

from portcheck.store.columns import COMPACT, STRICT, blob, text


class OperationDevice(SQLModel, table=True):
    """A chain that takes part in an operation.

    It is `trusted` where what it says of the operation counts, but for events after
    `counted_to`, if there is one; `lead` where it may end the operation and the like.
    `finished` is the number of the event that says it has finished, 0 for none;
    `unheeded` the kinds of its events that had no effect, as it was no lead, with blanks.
    """

    __tablename__ = "operation_device"
    __table_args__ = (COMPACT,)
    operation_id: str = text(primary_key=True, foreign_key="operation.operation_id")
    chain: bytes = blob(primary_key=True)
    label: str = text()
    key: str = text()
    opener: int
    trusted: int
    lead: int
    counted_to: int | None = None
    revoked: int
    lost: int
    finished: int
    unheeded: str = text()


class Joined(SQLModel, table=True):
    """An operation that was joined from here, and the chain of who opened it.  Local."""

    __table_args__ = (STRICT,)
    operation_id: str = text(primary_key=True)
    opener: bytes = blob()


class ListHeld(SQLModel, table=True):
    """Which event of another device brought a version of a list here.  Local."""

    __tablename__ = "list_held"
    __table_args__ = (STRICT,)
    list_name: str = text(primary_key=True)
    version: int = Field(primary_key=True)
    chain: bytes = blob()
    seq: int


class SignedHead(SQLModel, table=True):
    """The end of a piece of a chain, as its device signed it for an operation, where the piece
    begins, and its size in bytes.  So that piece can be made again, whoever sends it.  Local.
    """

    __tablename__ = "signed_head"
    __table_args__ = (COMPACT,)
    operation_id: str = text(primary_key=True)
    chain: bytes = blob(primary_key=True)
    seq: int = Field(primary_key=True)
    first: int
    note: str = text()
    size: int


class RefusedEvent(SQLModel, table=True):
    """What came and was not taken: kept as evidence.  Local.  `hash` is "" where none came."""

    __tablename__ = "refused_event"
    __table_args__ = (STRICT,)
    chain: bytes = blob(primary_key=True)
    seq: int = Field(primary_key=True)
    hash: str = text(primary_key=True)
    label: str = text()
    why: str = text()
    source: str = text()
    at: str = text()


class SyncState(SQLModel, table=True):
    """What this file's devices sent to a target, up to which event, and when.  Local."""

    __tablename__ = "sync_state"
    __table_args__ = (STRICT,)
    target: str = text(primary_key=True)
    chain: bytes = blob(primary_key=True)
    sent_to: int
    synced_at: str = text()
