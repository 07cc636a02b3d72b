"""Ending an operation: what it came to is recorded as it stands."""

from dataclasses import replace

from portcheck.domain.text import count as counted
from portcheck.domain.times import iso
from portcheck.errors import Refused
from portcheck.journal.append import heads
from portcheck.journal.events import EventName, OperationEnded
from portcheck.services.context import Context
from portcheck.services.day.tally import count_open, to_record
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
        now = context.now()
        if now < operation.started_at:
            raise Refused(
                f"operation {operation.name} began at {operation.started_at:%Y-%m-%d %H:%M} UTC,"
                f" and this machine's clock says {now:%Y-%m-%d %H:%M} UTC: it cannot end earlier",
                hint="Set the clock of this machine, and try again.",
            )
        found = count_open(context, operation)
        waiting = found.tally.matches.unresolved
        if waiting and not reason:
            refs = ", ".join(dict.fromkeys(one.ref for one in found.tally.unresolved))
            raise Refused(
                f"{counted(waiting, 'match')} unresolved: {refs}",
                hint="Decide them with “portcheck decide”, or say why not with --reason.",
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
