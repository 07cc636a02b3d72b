"""Syncing: everything that is new goes to a target and comes from there, and is said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from portcheck.domain.text import one_line
from portcheck.errors import NotFound, Refused
from portcheck.journal.append import heads
from portcheck.journal.exchange import Refusal
from portcheck.journal.parts import EventName
from portcheck.journal.sharing import JournalsReceived, JournalsSent
from portcheck.services.context import Context
from portcheck.services.exchange.bringing import Brought, bring
from portcheck.services.exchange.devices import REVOKED, devices, enrol, own_chain
from portcheck.services.exchange.devices import named as named_device
from portcheck.services.exchange.receiving import Progress, Taken, take_in
from portcheck.services.exchange.sending import ABOUT, Sent, send
from portcheck.services.operation import just_ended, named
from portcheck.store import exchangerows as rows
from portcheck.store.completeness import disputes_of, pending_of
from portcheck.store.finder import OperationRow, operations_named
from portcheck.targets.target import Target, open_target


def quietly(_done: int, _of: int) -> None:
    """Where nobody watches."""


class Waiting(NamedTuple):
    """A device whose records are held back: its label, how many checks, how it is named."""

    label: str
    checks: int
    ref: str


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to.

    `waiting` are the devices whose records are held back, and `leads` says that this device may
    trust them; `revoked`, that this device was revoked.
    """

    target: str
    sent: Sent
    received: Taken
    lists: Brought
    pending: int
    disputes: int
    waiting: tuple[Waiting, ...]
    leads: bool = False
    revoked: bool = False
    dry: bool = False
    refused: list[Refusal] = field(default_factory=list)


def open_and_sync(
    context: Context,
    text: str,
    *,
    name: str = "",
    recipient: str = "",
    dry: bool = False,
    progress: Progress = quietly,
    tell: Callable[[str], None] | None = None,
) -> Synced:
    """Sync with the target that somebody named, one file encrypted to the device `recipient`
    where that is given.  Raises as `sync`, and Refused for a device without a key.
    """
    key = _key_of(context, name, recipient) if recipient else ""
    secret = context.key.secret() if context.key else b""
    target = open_target(text, writing=not dry, recipient=key, secret=secret, ask=context.ask)
    if target.plain and tell and not dry:
        tell(f"{target.words} is not encrypted: whoever finds it can read what is there")
    if not target.takes and tell and not dry:
        tell(f"{target.words} is encrypted: nothing is put there without --for LABEL")
    return sync(context, target, name=name, recipient=recipient, dry=dry, progress=progress)


def _key_of(context: Context, name: str, ref: str) -> str:
    operation = named(context, name)
    chain = named_device(context, operation, ref).chain
    key = rows.keys_of(context.connection, operation.operation_id)[bytes.fromhex(chain)]
    if not key:
        raise Refused(f"device {ref} has no key: nothing can be encrypted to it")
    return key


def sync(
    context: Context,
    target: Target,
    *,
    name: str = "",
    recipient: str = "",
    dry: bool = False,
    progress: Progress = quietly,
) -> Synced:
    """Fetch from a target what is new there, and send what is new here, of the current operation
    (or the one named; else, where there is none, the one that ended last) and of every other
    that this device shares through this target.

    Fetching comes first: a device that was set back to an earlier state gets its own events
    back before it writes a second time under the same numbers.  Raises Refused, NotFound,
    TargetUnreachable; what was taken by then stays.
    """
    results = [
        _sync_one(context, target, operation, recipient, dry=dry, progress=progress)
        for operation in _operations(context, target, name)
    ]
    return _together(results)


def _operations(context: Context, target: Target, name: str) -> list[OperationRow]:
    if name:
        return [named(context, name)]
    current = context.current()
    chosen = [current] if current else []
    for operation_id in rows.shared_operations(context.connection):
        if current and operation_id == current.operation_id:
            continue
        if target.have(f"{operation_id}/{ABOUT}"):
            chosen += operations_named(context.connection, operation_id)
    ended = None if chosen else just_ended(context)
    if ended:
        chosen.append(ended)
    if not chosen:
        raise NotFound(
            "no operation is under way here to be synced",
            hint="Start one with “portcheck op start NAME”, or join one with “portcheck op join"
            " TARGET”.",
        )
    return chosen


def _sync_one(
    context: Context,
    target: Target,
    operation: OperationRow,
    recipient: str,
    *,
    dry: bool,
    progress: Progress,
) -> Synced:
    operation_id = operation.operation_id
    connection = context.connection
    taken = take_in(context, target, operation_id, progress, dry=dry)
    lists = bring(context, target, operation_id, dry=dry)
    chain = own_chain(context) if dry else enrol(context, operation_id)
    if not dry and (taken.told or lists.lists):
        _receipt(context, target, taken)
    sent = Sent()
    if chain and target.takes and not _forked(context, operation_id, chain):
        sent = send(context, target, operation, chain, progress, dry=dry)
    if not dry and chain and target.takes:
        target.close()
        _note(context, target, operation, chain, sent, recipient)
    members = devices(context, operation_id)
    return Synced(
        target.words,
        sent,
        taken,
        lists,
        pending_of(connection, operation_id) + len(lists.missing) + len(taken.missing),
        disputes_of(connection, operation_id),
        tuple(
            Waiting(one.label, one.checks, one.ref) for one in members if one.held_back and not dry
        ),
        any(one.lead and one.own for one in members),
        any(one.state == REVOKED and bytes.fromhex(one.chain) == chain for one in members),
        dry,
        [*taken.refused, *lists.refused, *sent.damaged],
    )


def _receipt(context: Context, target: Target, taken: Taken) -> None:
    """Note from where facts came, and up to where every chain is known now: what this device
    writes from now on, it writes knowing them.
    """
    known = tuple(
        EventName(chain=head.chain.hex(), seq=head.seq, hash=head.hash.hex())
        for head in heads(context.connection)
        if head.chain in taken.chains
    )
    with context.writing() as writer:
        writer.append(JournalsReceived(source=target.words, events=taken.events, heads=known))


def _note(
    context: Context,
    target: Target,
    operation: OperationRow,
    chain: bytes,
    sent: Sent,
    recipient: str,
) -> None:
    """Note what went where (Data Protection Act 2018 s.62), and that the target was reached."""
    with context.writing() as writer:
        if sent.told:
            writer.append(
                JournalsSent(
                    operation=operation.name,
                    target=target.words,
                    events=sent.events,
                    recipient=one_line(recipient),
                )
            )
        sent_to = rows.signed_to(context.connection, operation.operation_id, chain)
        rows.note_synced(context.connection, target.words, chain, sent_to, context.now())


def _forked(context: Context, operation_id: str, chain: bytes) -> bool:
    found = rows.devices_of(context.connection, operation_id)
    return any(one.chain == chain and one.forked for one in found)


def _together(results: list[Synced]) -> Synced:
    """One result of several operations."""
    first, *others = results
    for one in others:
        first.sent.events += one.sent.events
        first.sent.lists += one.sent.lists
        first.received.events += one.received.events
        first.received.chains |= one.received.chains
        first.lists.lists += one.lists.lists
        first.lists.offered += one.lists.offered
        first.lists.now_listed += one.lists.now_listed
        first.refused.extend(one.refused)
    waiting = tuple(dict.fromkeys(pair for one in results for pair in one.waiting))
    return Synced(
        first.target,
        first.sent,
        first.received,
        first.lists,
        sum(one.pending for one in results),
        sum(one.disputes for one in results),
        waiting,
        any(one.leads for one in results),
        any(one.revoked for one in results),
        first.dry,
        first.refused,
    )
