"""The tables of the journal: its events, their texts, whose chains they are (`store.tables`)."""

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from portcheck.store.columns import COMPACT, STRICT, blob, text


class JournalEvent(SQLModel, table=True):
    """One fact without its text, chained to the one before it on the same device.

    `arrival`, `chain` (the hash of the chain's first event) and `subject` are local and
    follow from the rest; everything else is hashed.
    """

    __tablename__ = "journal"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_is_positive"),
        Index("journal_chain", "chain", "seq", unique=True),
        Index("journal_position", "position"),
        Index("journal_recorded_at", "recorded_at"),
        Index("journal_subject", "subject", "position"),
        STRICT,
    )
    arrival: int = Field(primary_key=True)
    chain: bytes = blob()
    seq: int
    position: int
    device: str = text()
    kind: str = text()
    recorded_at: str = text()
    officer: str = text()
    agency: str = text()
    digest: bytes = blob()
    previous: bytes = blob()
    hash: bytes = blob()
    subject: str = text()


class Payload(SQLModel, table=True):
    """The text of a fact with its salt: what can be erased while the chain still verifies."""

    __table_args__ = (STRICT,)
    arrival: int = Field(primary_key=True, foreign_key="journal.arrival")
    salt: bytes = blob()
    text: str = text()


class Erased(SQLModel, table=True):
    """An event whose text an erasing event names: it may be missing, and may be taken out.

    `position` and `by` (its chain) are the place of the first event that names it.
    """

    __table_args__ = (COMPACT,)
    chain: bytes = blob(primary_key=True)
    seq: int = Field(primary_key=True)
    ground: str = text()
    position: int
    by: bytes = blob()


class OwnChain(SQLModel, table=True):
    """A chain that an installation writes in this very file.  Local: it never leaves it.

    `asked` is the label that the settings gave, "" where it is the same one; `place` is the
    file as the system knows it, which a copy is not; `number` counts up.
    """

    __tablename__ = "own_chain"
    __table_args__ = (Index("own_chain_label", "installation", "label"), STRICT)
    number: int = Field(primary_key=True)
    chain: bytes = blob(unique=True)
    installation: str = text()
    label: str = text()
    asked: str = text()
    place: str = text()


class Heard(SQLModel, table=True):
    """A chain of another device, and when it was last heard from and by what way.  Local."""

    __table_args__ = (STRICT,)
    chain: bytes = blob(primary_key=True)
    heard_at: str = text()
    source: str = text()
