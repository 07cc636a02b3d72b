"""Rejoining after a disk was cloned, or set back and written to: what this device recorded under
numbers that another has used is recorded anew, as a chain of its own.
"""

from dataclasses import dataclass, replace

from portcheck.errors import Refused
from portcheck.journal.events import OperationSelected
from portcheck.journal.sharing import DeviceJoined
from portcheck.services.context import Context
from portcheck.services.exchange.devices import own_chain
from portcheck.store.branches import forked_at, record_anew
from portcheck.store.footing import free_label, labels


@dataclass(frozen=True, slots=True)
class Rejoined:
    """What rejoining came to: the label that this device had and has now, and how many events
    were recorded anew.
    """

    before: str
    label: str
    events: int


def rejoin(context: Context) -> Rejoined:
    """Record this file's branch of its chain anew, under a free label: times, officers and
    references stay as they were, and the old hashes are named.  Nobody else may be working with
    the file.

    Raises Refused where nothing shows that the chain was continued twice.
    """
    chain = own_chain(context)
    first = forked_at(context.connection, chain) if chain else None
    if chain is None or first is None:
        raise Refused(
            "nothing shows that this device was cloned or set back: there is nothing to rejoin",
            hint="“portcheck sync TARGET” looks for it.",
        )
    before, current = context.actor, context.current()
    label = free_label(before.device, labels(context.connection))
    actor = replace(before, device=label, asked=before.asked or before.device)
    key = context.key.signing() if context.key else None
    joined = (
        (
            DeviceJoined(operation_id=current.operation_id, key=key[0].hex() if key else ""),
            OperationSelected(operation_id=current.operation_id),
        )
        if current
        else ()
    )
    number = record_anew(context.path, (chain, first), actor, joined, context.now())
    return Rejoined(before.device, label, number)
