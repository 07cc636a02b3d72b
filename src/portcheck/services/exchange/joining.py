"""Joining an operation that another device opened: what is known of it comes, and it is current."""

import json
from dataclasses import dataclass

from portcheck.domain.text import as_name, clean
from portcheck.errors import FileRefused, NotFound, Refused, TargetUnreachable
from portcheck.journal import events
from portcheck.services.context import Context, writing_as
from portcheck.services.exchange.devices import code_of, devices, join, own_chain
from portcheck.services.exchange.receiving import ALONE, Progress, take_in
from portcheck.services.exchange.sending import ABOUT
from portcheck.services.exchange.sync import Synced, quietly, sync
from portcheck.services.settings import valid
from portcheck.store import exchangerows as rows
from portcheck.store.connection import transaction
from portcheck.store.finder import OperationRow, operations_named
from portcheck.store.footing import free_label
from portcheck.targets.target import Target, open_target

_FIRST = "The device that opened it has to sync there first."
_MOST = 100  # operations at a target that are looked at


@dataclass(frozen=True, slots=True)
class Found:
    """An operation that is to be joined, as its opener told of it, and the opener's code."""

    operation_id: str
    name: str
    site: str
    chain: bytes
    label: str
    key: str

    @property
    def code(self) -> str:
        """What its opener reads out, so that it is known to be the right one."""
        return code_of(self.chain, self.key)


@dataclass(frozen=True, slots=True)
class JoinedOperation:
    """What joining came to: the operation, its opener's label and code, the label here, and
    whether somebody has yet to trust this device.
    """

    operation: OperationRow
    opener: str
    code: str
    label: str
    waits: bool
    synced: Synced


def operations_at(target: Target) -> tuple[list[Found], list[str]]:
    """The operations that can be joined at a target, by name; and what told of one and cannot be
    read.
    """
    found, damaged = [], []
    names = sorted(name for name in target.have("") if f"/{ABOUT}/" in name)
    for name in names[:_MOST]:
        try:
            found.append(_found(name, json.loads(target.fetch(name))))
        except (FileRefused, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            damaged.append(name)
    return sorted(found, key=lambda one: (one.name, one.operation_id)), damaged


def _found(name: str, said: dict[str, str]) -> Found:
    operation_id, _, file = name.split("/")
    chain = bytes.fromhex(said["chain"])
    if said["operation_id"] != operation_id or file != f"{chain.hex()}.json":
        raise ValueError("not what its name says")
    bytes.fromhex(said["key"])
    return Found(
        operation_id,
        as_name(said["name"]),
        as_name(said["site"]),
        chain,
        clean(said["label"]),
        said["key"],
    )


def choose(target: Target, name: str = "") -> Found:
    """The operation to join: the one of this name or identity, or the only one there is.

    Raises NotFound, and Refused where there are several.
    """
    there, damaged = operations_at(target)
    wanted = as_name(name).casefold()
    chosen = [
        one
        for one in there
        if not wanted or wanted in {one.name.casefold(), one.operation_id.casefold()}
    ]
    names = "; ".join(f"{one.name} ({one.operation_id})" for one in there)
    if not chosen:
        said = f"there is no operation “{as_name(name)}”" if wanted else "there is no operation"
        raise NotFound(
            f"{said} at {target.words}"
            + (f", but {names}" if there else "")
            + (f"; {damaged[0]} is damaged" if damaged else ""),
            hint=f"Take {damaged[0]} away, and sync on the device that opened it."
            if damaged
            else _FIRST,
        )
    if len(chosen) > 1:
        raise Refused(
            f"there are {len(chosen)} operations at {target.words}: {names}",
            hint="Say which with --op NAME, or its identity.",
        )
    return chosen[0]


def join_from(
    context: Context,
    text: str,
    *,
    name: str = "",
    label: str = "",
    progress: Progress = quietly,
) -> JoinedOperation:
    """Join the operation of this name at the target that somebody named.  Raises as `choose` and
    `join_operation`, and WrongUsage for a label that cannot be one.
    """
    label = valid("device", label) if label else ""
    if context.key:
        context.key.make()
    secret = context.key.secret() if context.key else b""
    try:
        target = open_target(text, secret=secret, ask=context.ask)
        return join_operation(context, target, choose(target, name), label=label, progress=progress)
    except TargetUnreachable as error:
        raise TargetUnreachable(
            error.message, hint="Put it in reach, and join again: nothing was joined."
        ) from error


def join_operation(
    context: Context,
    target: Target,
    found: Found,
    *,
    label: str = "",
    progress: Progress = quietly,
) -> JoinedOperation:
    """Take part in an operation, under a label that nobody has there, and make it current.

    What is known of it comes first; then this device says that it takes part, and what is here
    goes there.  Raises Refused for a label that is taken, and where what came is not the
    operation that was told of.
    """
    connection = context.connection
    if rows.pinned(connection, found.operation_id) is None and not operations_named(
        connection, found.operation_id
    ):
        with transaction(connection):
            rows.pin(connection, found.operation_id, found.chain)
    told = {found.chain: found.key} if found.key else {}
    taken = take_in(context, target, found.operation_id, progress, seconds=ALONE, expected=told)
    operations = operations_named(connection, found.operation_id)
    if not operations:
        why = "; ".join(one.why for one in taken.refused) or "its opener's facts are not there"
        raise Refused(
            f"operation {found.name} cannot be joined at {target.words}: {why}",
            hint=_FIRST,
        )
    operation = operations[0]
    key = rows.keys_of(connection, found.operation_id).get(found.chain, "")
    if key != found.key:
        raise Refused(
            f"operation {found.name} cannot be joined at {target.words}: its opener's key is not"
            " the one that is told there",
            hint="Somebody changed what is there. Use another stick or folder, and a new file"
            " (--db).",
        )
    if operation.ended_at:
        raise Refused(f"operation {operation.name} has ended")
    chain = own_chain(context)
    takes_part = chain and rows.takes_part(connection, operation.operation_id, chain)
    if takes_part and label in {"", context.actor.device}:
        with context.writing() as writer:
            writer.append(events.OperationSelected(operation_id=operation.operation_id))
    else:
        with writing_as(context, _label(context, operation, label)) as writer:
            join(writer, operation.operation_id)
            writer.append(events.OperationSelected(operation_id=operation.operation_id))
    synced = sync(context, target, name=operation.operation_id, progress=progress)
    own = context.actor.device
    members = devices(context, operation.operation_id)
    waits = any(one.own and one.label == own and not one.trusted for one in members)
    return JoinedOperation(operation, found.label, found.code, own, waits, synced)


def _label(context: Context, operation: OperationRow, wanted: str) -> str:
    """The label under which this device takes part.  Raises Refused for one that is taken."""
    own = context.actor.device
    members = devices(context, operation.operation_id)
    taken = {one.label for one in members if not one.own}
    if wanted and wanted in taken:
        raise Refused(
            f"another device is called {wanted} in operation {operation.name}",
            hint=f"{free_label(wanted, taken)} is free: give --label {free_label(wanted, taken)}, "
            "or none.",
        )
    return wanted or free_label(own, taken)
