"""What devices share: syncing, joining, who takes part."""

from typing import Literal

from portcheck.report.contract.values import Count, Document, Ref, Sha256, Time, Words

State = Literal["waiting", "active", "finished", "lost", "revoked", "forked"]


class Sent(Document):
    """How many events and lists went."""

    events: Count
    lists: Count


class Received(Document):
    """How many events and lists came, and of how many chains."""

    events: Count
    lists: Count
    chains: Count


class Refused(Document):
    """What came and was not taken: its chain, label and number, and why."""

    chain: Sha256
    label: str
    seq: Count
    why: Words


class Waiting(Document):
    """A device that nobody has trusted yet, and how many of its checks count nowhere."""

    label: Words
    checks: Count


class Offered(Document):
    """A list that another device uses and that is not in force here; or one that it `retired`
    for itself, and that is.
    """

    label: Words
    list: Words
    rows: Count
    retired: bool


class Synced(Document):
    """What a sync came to; `now_listed` are the checks made here that a new list names, `retired`
    the lists that a lead took out of force; `revoked` says that what this device records counts
    nowhere else any more.
    """

    target: Words
    sent: Sent
    received: Received
    pending: Count
    refused: list[Refused]
    disputes: Count
    now_listed: list[Ref]
    waiting: list[Waiting]
    revoked: bool
    offered: list[Offered]
    retired: list[Words]
    dry_run: bool


class Opener(Document):
    """Who opened the operation, and the code to compare with the one on its screen."""

    label: Words
    code: Words


class JoinedOperation(Document):
    """What joining came to: the operation's identity and name, and this device's label there."""

    operation: Words
    name: Words
    label: Words
    opener: Opener
    sync: Synced


class PublishedOperation(Document):
    """An operation that was published: how many of its checks were written now, all of them where
    it is `whole`; whether all is known of it, and what is missing: `awaited` are labels of devices.
    """

    id: Words
    operation: Words
    checks: Count
    whole: bool
    complete: bool
    awaited: list[Words]
    disputes: Count
    pending: Count


class PublishedFigures(Document):
    """What was published for analysts, and where."""

    exchange: Words
    operations: list[PublishedOperation]


class Device(Document):
    """A device of an operation, up to where it is known here, and how it stands.

    `clock_offset_s` is by how many seconds its clock is known to be fast, or slow (less than
    0); `unheeded` the kinds of what it did that had no effect, as it was no lead; `counts_to`
    is its newest event that may count, and `not_counted` its checks that stand in no figure.
    """

    label: Words
    chain: Sha256
    code: Words
    own: bool
    opener: bool
    lead: bool
    trusted: bool
    signed: bool
    events: Count
    checks: Count
    heard_at: Time | None
    clock_offset_s: int
    finished: bool
    state: State
    unheeded: list[Words]
    counts_to: Count
    not_counted: Count
