"""Holding what stands at a target against this file's journal: whether somebody changed it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portcheck.errors import FileRefused
from portcheck.journal.exchange import Refusal
from portcheck.journal.pieces import PieceName, unpack
from portcheck.services.context import Context
from portcheck.services.exchange.receiving import EVENTS
from portcheck.store import exchangerows as rows
from portcheck.store.footing import head_of
from portcheck.targets.target import Target


@dataclass(slots=True)
class Held:
    """What was found: how many pieces and texts of them are as here, those that are not, and how
    many texts that are here are not there.
    """

    pieces: int = 0
    changed: list[Refusal] = field(default_factory=list)
    texts_missing: int = 0


def hold_against(
    context: Context, target: Target, operation_id: str, names: Iterable[PieceName]
) -> Held:
    """Hold pieces of an operation that were taken here, or sent from here, against what they were.

    Raises TargetUnreachable.
    """
    held = Held()
    connection = context.connection
    for name in names:
        try:
            piece = unpack(target.fetch(f"{operation_id}/{EVENTS}/{name}"), name)
        except FileRefused as error:
            head = head_of(connection, name.chain)
            label = head.device if head else ""
            held.changed.append(Refusal(name.chain, label, name.first, error.message))
            continue
        held.pieces += 1
        own = rows.events_for(connection, operation_id, name.chain, name.first, name.last)
        held.texts_missing += sum(
            there.text is None and here.text is not None
            for there, here in zip(piece.events, own, strict=True)
        )
    return held
