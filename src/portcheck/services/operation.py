"""Joint operations: one is current on each device."""

from collections.abc import Sequence
from datetime import datetime

from portcheck.domain.text import as_name
from portcheck.domain.times import local
from portcheck.errors import NotFound, Refused
from portcheck.journal import events
from portcheck.journal.append import heads
from portcheck.services.context import Context
from portcheck.services.settings import uk_part, zone
from portcheck.store import finder
from portcheck.store.finder import OperationRow


def start(
    context: Context,
    name: str,
    *,
    site: str = "",
    agencies: Sequence[str] = (),
    started_at: datetime | None = None,
    timezone: str = "",
    part: str = "",
) -> OperationRow:
    """Open an operation and make it current on this device.

    Raises Refused, and WrongUsage for a time zone or a part of the United Kingdom nobody knows.
    """
    name, timezone = as_name(name), timezone or context.settings["timezone"]
    if not name:
        raise Refused("an operation needs a name")
    zone(timezone)
    operation_id = context.new_id()
    with context.writing() as writer:
        known = finder.operations_named(context.connection, name)
        if known:
            raise Refused(
                f"there is an operation “{known[0].name}” already",
                hint="Take it up with “portcheck op use”, or give the new one another name "
                "(add the date).",
            )
        writer.append(
            events.OperationOpened(
                operation_id=operation_id,
                name=name,
                site=as_name(site) or context.settings["site"],
                agencies=tuple(dict.fromkeys(filter(None, map(as_name, agencies)))),
                timezone=timezone,
                marking=context.settings["marking"],
                started_at=started_at or context.now(),
                part=uk_part(part or context.settings["part"]),
            )
        )
    return named(context, operation_id)


def use(context: Context, name: str) -> OperationRow:
    """Make an open operation current on this device.  Raises NotFound, Refused."""
    with context.writing() as writer:
        operation = named(context, name)
        if operation.ended_at:
            raise Refused(f"operation {operation.name} has ended")
        writer.append(events.OperationSelected(operation_id=operation.operation_id))
    return operation


def named(context: Context, name: str) -> OperationRow:
    """The operation of this name or identity, or the current one for "".

    Raises NotFound, and Refused when none is current or several are of that name.
    """
    if not name:
        return context.operation()
    found = finder.operations_named(context.connection, as_name(name))
    if not found:
        raise NotFound(
            f"there is no operation “{as_name(name)}”", hint="“portcheck op list” names them."
        )
    if len(found) > 1:
        here = context.settings.zone
        shown = "; ".join(
            f"that of {local(one.started_at, here)} is {one.operation_id}" for one in found
        )
        raise Refused(
            f"“{found[0].name}” is {len(found)} operations: devices opened them without knowing"
            " of each other",
            hint=f"Name the one by its identity: {shown}.",
        )
    return found[0]


def just_ended(context: Context) -> OperationRow | None:
    """The operation that ended last, where none is current on this device."""
    return None if context.current() else finder.newest_ended(context.connection)


def current_or_last(context: Context, name: str) -> OperationRow:
    """As `named`, but that for "" where none is current it is the one that ended last."""
    return named(context, name) if name else just_ended(context) or context.operation()


def fingerprint(context: Context) -> str:
    """The newest event of every device, to be held against the journal later."""
    return " ".join(head.fingerprint for head in heads(context.connection))
