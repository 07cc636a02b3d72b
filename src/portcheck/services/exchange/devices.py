"""The devices of an operation: taking part, trusting and revoking, being lost, having finished."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portcheck.domain.text import as_name
from portcheck.errors import NotFound, Refused
from portcheck.journal import sharing
from portcheck.services.context import Context, Writer
from portcheck.store.exchangerows import DeviceRow, clock_offset, devices_of, takes_part
from portcheck.store.finder import OperationRow

ACTIVE, WAITING, FINISHED = "active", "waiting", "finished"
LOST, REVOKED, FORKED = "lost", "revoked", "forked"
_SHORTEST = 8  # digits of a chain that are enough to name it


@dataclass(frozen=True, slots=True)
class Device:
    """A device as it stands in an operation.

    `events` is the number of its newest event that is here, `counts_to` of the newest that may
    count; `checks` is how many checks of the operation, `not_counted` how many stand in no
    figure but, for a device of this file, its own; `heard_at` None for one of this file's own;
    `clock_offset_s` by how much its clock is known to be fast, or slow (less than 0), None where
    it was not asked for.  `ref` names it in a command, and no other.
    """

    label: str
    chain: str
    key: str
    own: bool
    opener: bool
    lead: bool
    trusted: bool
    events: int
    checks: int
    heard_at: datetime | None
    clock_offset_s: int | None
    finished: bool
    state: str
    unheeded: tuple[str, ...]
    counts_to: int
    not_counted: int
    ref: str

    @property
    def code(self) -> str:
        """What its user reads out to whoever is to trust it."""
        return code_of(bytes.fromhex(self.chain), self.key)

    @property
    def signed(self) -> bool:
        """Whether what it sends is signed."""
        return bool(self.key)

    @property
    def held_back(self) -> bool:
        """Whether what it recorded stands in no figure here."""
        return not (self.trusted or self.own)

    @property
    def open(self) -> bool:
        """Whether figures are not complete while it is as it is."""
        return self.state in {ACTIVE, WAITING, FORKED}


def code_of(chain: bytes, key: str) -> str:
    """What two people read to each other to know that they speak of one device and key."""
    digits = hashlib.sha256(chain + bytes.fromhex(key)).hexdigest().upper()[:20]
    return "-".join(digits[i : i + 4] for i in range(0, 20, 4))


def devices(context: Context, operation_id: str, *, clocks: bool = False) -> list[Device]:
    """Who takes part in an operation, who opened it first; nobody in one that is not shared.
    How `clocks` go is looked up in what the devices told of each other: only for who asks.
    """
    connection = context.connection
    rows = devices_of(connection, operation_id)
    labels = Counter(as_name(row.label).casefold() for row in rows)
    return [
        _device(
            row,
            clock_offset(connection, row.chain) if clocks and not row.own else None,
            row.label if labels[as_name(row.label).casefold()] == 1 else row.chain.hex()[:16],
        )
        for row in rows
    ]


def shared(found: list[Device]) -> bool:
    """Whether an operation is on more than this file's devices."""
    return any(not one.own for one in found)


def _device(row: DeviceRow, offset: int | None, ref: str) -> Device:
    finished = bool(row.finished) and not row.went_on
    return Device(
        row.label,
        row.chain.hex(),
        row.key,
        row.own,
        row.opener,
        row.lead,
        row.trusted,
        row.events,
        row.checks,
        row.heard_at,
        offset,
        finished,
        _state(row, finished=finished),
        tuple(row.unheeded.split()),
        row.events if row.counted_to is None else min(row.counted_to, row.events),
        row.beyond if row.trusted else row.checks,
        ref,
    )


def _state(row: DeviceRow, *, finished: bool) -> str:
    if row.forked:
        return FORKED
    if row.revoked:
        return REVOKED
    if row.lost:
        return LOST
    if not row.trusted:
        return WAITING
    return FINISHED if finished else ACTIVE


def own_chain(context: Context) -> bytes | None:
    """The chain that this device writes; None where it has not written yet."""
    found = context.footing().goes_on
    return found.chain if found else None


def enrol(context: Context, operation_id: str) -> bytes:
    """Have this device take part in an operation that is here, if it does not; its chain.

    Whoever opened it trusts at once what else is written in its own file.
    """
    if context.key:
        context.key.make()
    chain = own_chain(context)
    if chain is None or not takes_part(context.connection, operation_id, chain):
        with context.writing() as writer:
            join(writer, operation_id)
    chain = own_chain(context)
    if chain is None:
        raise Refused("this device has written nothing yet")
    strangers = [one for one in devices(context, operation_id) if one.own and not one.trusted]
    if strangers and leads(context, operation_id):
        with context.writing() as writer:
            for one in strangers:
                writer.append(
                    sharing.DeviceTrusted(
                        operation_id=operation_id, chain=one.chain, label=one.label, lead=True
                    )
                )
    return chain


def join(writer: Writer, operation_id: str) -> None:
    """Say that this device takes part, and which key it signs with."""
    key = writer.context.key
    signing = key.signing() if key else None
    public = signing[0].hex() if signing else ""
    writer.append(sharing.DeviceJoined(operation_id=operation_id, key=public))


def leads(context: Context, operation_id: str) -> bool:
    """Whether this device may end the operation, trust and revoke."""
    chain = own_chain(context)
    found = devices(context, operation_id)
    if not shared(found):
        return True
    return any(one.lead and bytes.fromhex(one.chain) == chain for one in found)


def only_a_lead(context: Context, operation: OperationRow, what: str) -> None:
    """Raises Refused where this device may not: it would be kept, and have no effect."""
    if leads(context, operation.operation_id):
        return
    found = devices(context, operation.operation_id)
    who = ", ".join(one.label for one in found if one.lead) or "the device that opened it"
    raise Refused(
        f"only {who} can {what} operation {operation.name}: this device ({context.actor.device})"
        " takes part in it",
        hint=f"Do it there, or have “portcheck device trust {context.actor.device} --lead” said"
        " there.",
    )


def named(context: Context, operation: OperationRow, ref: str) -> Device:
    """The device of this label, chain or code.  Raises NotFound; Refused where it is several."""
    wanted = as_name(ref).casefold().replace("-", "")
    found = devices(context, operation.operation_id)
    same = [one for one in found if as_name(one.label).casefold() == as_name(ref).casefold()]
    if not same and len(wanted) >= _SHORTEST:
        same = [
            one
            for one in found
            if one.chain.startswith(wanted) or one.code.casefold().replace("-", "") == wanted
        ]
    if not same:
        raise NotFound(
            f"no device “{as_name(ref)}” takes part in operation {operation.name}",
            hint="“portcheck device list” names them.",
        )
    if len(same) > 1:
        chains = ", ".join(one.chain[:16] for one in same)
        raise Refused(
            f"{len(same)} devices are called {same[0].label}",
            hint=f"Name the one by its chain: {chains}.",
        )
    return same[0]


def trust(context: Context, operation: OperationRow, ref: str, *, lead: bool = False) -> Device:
    """Have what a device records count, everywhere.  Raises as `named` and `only_a_lead`."""
    return _judge(
        context,
        operation,
        ref,
        "trust devices in",
        lambda one: sharing.DeviceTrusted(
            operation_id=operation.operation_id, chain=one.chain, label=one.label, lead=lead
        ),
        lambda one: one.trusted and one.lead >= lead and one.state not in {LOST, REVOKED},
    )


def revoke(context: Context, operation: OperationRow, ref: str, reason: str = "") -> Device:
    """Have nothing count that a device records from now on.  Raises as `trust`."""
    return _judge(
        context,
        operation,
        ref,
        "revoke devices in",
        lambda one: sharing.DeviceRevoked(
            operation_id=operation.operation_id,
            chain=one.chain,
            label=one.label,
            last=one.events,
            reason=as_name(reason),
        ),
        lambda one: one.state == REVOKED,
    )


def lost(context: Context, operation: OperationRow, ref: str, reason: str = "") -> Device:
    """Wait for a device no longer; what it sent counts, unless it is revoked.  Raises as
    `trust`.
    """
    return _judge(
        context,
        operation,
        ref,
        "give devices up in",
        lambda one: sharing.DeviceLost(
            operation_id=operation.operation_id,
            chain=one.chain,
            label=one.label,
            reason=as_name(reason),
        ),
        lambda one: one.state in {LOST, REVOKED},
    )


_Judgement = sharing.DeviceTrusted | sharing.DeviceRevoked | sharing.DeviceLost


def _judge(
    context: Context,
    operation: OperationRow,
    ref: str,
    what: str,
    said: Callable[[Device], _Judgement],
    so_already: Callable[[Device], bool],
) -> Device:
    """Say it of a device, unless it is `so_already`; the device as it is then."""
    with context.writing() as writer:
        only_a_lead(context, operation, what)
        one = named(context, operation, ref)
        if one.opener:
            raise Refused(f"{one.label} opened operation {operation.name}: it is always trusted")
        if not so_already(one):
            writer.append(said(one))
    return named(context, operation, one.chain)


def finish(context: Context, operation: OperationRow) -> None:
    """Say that this device has finished in an operation.  Raises Refused where it has ended."""
    if operation.ended_at:
        raise Refused(f"operation {operation.name} has ended")
    enrol(context, operation.operation_id)
    with context.writing() as writer:
        writer.append(sharing.DeviceFinished(operation_id=operation.operation_id))
