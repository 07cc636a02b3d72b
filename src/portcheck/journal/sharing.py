"""The facts by which devices share an operation (`journal.events` has all the others)."""

from typing import Literal

from pydantic import Field

from portcheck.journal.parts import Count, EventName, Fact


class DeviceJoined(Fact):
    """A device takes part in an operation: the one that writes this.  `key` is its Ed25519
    public key in hex, "" where it has none and what it sends is not signed.
    """

    kind: Literal["device_joined"] = "device_joined"
    operation_id: str
    key: str = ""


class DeviceTrusted(Fact):
    """What a chain (in hex) says of an operation counts; with `lead` it may also end and reopen
    the operation, bring lists into force, trust and revoke.
    """

    kind: Literal["device_trusted"] = "device_trusted"
    operation_id: str
    chain: str
    label: str
    lead: bool = False


class DeviceRevoked(Fact):
    """What a chain says of an operation counts no longer, but for its events up to `last`."""

    kind: Literal["device_revoked"] = "device_revoked"
    operation_id: str
    chain: str
    label: str
    last: Count
    reason: str = ""


class DeviceLost(Fact):
    """A device will not be heard from again: nobody waits for it to finish."""

    kind: Literal["device_lost"] = "device_lost"
    operation_id: str
    chain: str
    label: str
    reason: str = ""


class DeviceFinished(Fact):
    """The device that writes this has finished in an operation."""

    kind: Literal["device_finished"] = "device_finished"
    operation_id: str


class OperationReopened(Fact):
    """An operation that had ended goes on; the tally of its end stays in the journal."""

    kind: Literal["operation_reopened"] = "operation_reopened"
    operation_id: str
    reason: str = Field(min_length=1)


class JournalsReceived(Fact):
    """Facts of other devices came: from where, how many, and up to which events this device has
    each chain now.  Written only where facts of another kind than this and the next came.
    """

    kind: Literal["journals_received"] = "journals_received"
    source: str
    events: Count
    heads: tuple[EventName, ...] = ()


class JournalsSent(Fact):
    """Facts left this device (Data Protection Act 2018 s.62): for which operation, to where, and
    how many of whose texts.
    """

    kind: Literal["journals_sent"] = "journals_sent"
    operation: str
    target: str
    events: Count
    recipient: str = ""
