"""Ending an operation, with what it came to as it stands; and reopening it."""

from dataclasses import replace

from portcheck.domain.tally import Tally
from portcheck.domain.times import iso
from portcheck.errors import Refused
from portcheck.journal.append import heads
from portcheck.journal.events import OperationEnded, OperationSelected
from portcheck.journal.parts import EventName
from portcheck.journal.sharing import OperationReopened
from portcheck.services.context import Context
from portcheck.services.day.tally import count_open, to_record
from portcheck.services.exchange.devices import only_a_lead
from portcheck.services.operation import named
from portcheck.services.settings import zone
from portcheck.store.finder import OperationRow


def end(context: Context, name: str = "", reason: str = "") -> OperationRow:
    """End the current operation, or the one named, with its tally and fingerprint.

    The tally is recorded with the lines behind its money, so that a report can
    be made from it whatever happens later.  Raises NotFound; Refused when it has
    ended, where the clock says that it has not begun, and while matches are unresolved
    unless a reason is given.
    """
    with context.writing() as writer:
        operation = named(context, name)
        if operation.ended_at:
            raise Refused(f"operation {operation.name} has ended already")
        only_a_lead(context, operation, "end")
        now = context.now()
        if now < operation.started_at:
            raise Refused(
                f"operation {operation.name} began at {operation.started_at:%Y-%m-%d %H:%M} UTC,"
                f" and this machine's clock says {now:%Y-%m-%d %H:%M} UTC: it cannot end earlier",
                hint="Set the clock of this machine, and try again.",
            )
        found = count_open(context, operation)
        missing = found.tally.lacks
        if missing and not reason:
            refs = ", ".join(dict.fromkeys(one.ref for one in found.tally.unresolved))
            raise Refused(
                "; ".join(missing) + (f": {refs}" if refs else ""),
                hint=_how(found.tally) + ", or say why not with --reason.",
            )
        ended_at = iso(now, zone(operation.timezone))
        ended = replace(found, tally=replace(found.tally, ended_at=ended_at), as_of=ended_at)
        writer.append(
            OperationEnded(
                operation_id=operation.operation_id,
                ended_at=now,
                reason=reason,
                tally=to_record(ended),
                fingerprint=found.tally.fingerprint,
                heads=tuple(
                    EventName(chain=head.chain.hex(), seq=head.seq, hash=head.hash.hex())
                    for head in heads(context.connection)
                ),
            )
        )
    return operation


def _how(tally: Tally) -> str:
    """What can be done about what is missing."""
    if tally.matches.unresolved:
        return "Decide them with “portcheck decide”"
    if tally.disputes:
        return "Settle them (“portcheck log --disputed”)"
    return "“portcheck sync” fetches what is there, “portcheck device lost REF” waits no longer"


def reopen(context: Context, name: str, reason: str) -> OperationRow:
    """Go on with an operation that has ended; it is current on this device again.

    Raises NotFound; Refused where it has not ended, without a reason, and on a device that may
    not.
    """
    with context.writing() as writer:
        operation = named(context, name)
        if not operation.ended_at:
            raise Refused(f"operation {operation.name} has not ended")
        if not reason:
            raise Refused("an operation is reopened for a reason", hint="Give it with --reason.")
        only_a_lead(context, operation, "reopen")
        writer.append(OperationReopened(operation_id=operation.operation_id, reason=reason))
        writer.append(OperationSelected(operation_id=operation.operation_id))
    return named(context, operation.operation_id)
