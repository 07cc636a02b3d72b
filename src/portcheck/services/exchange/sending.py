"""Sending: what this device wrote, as signed pieces, and the pieces of others that are here and
not at the target: so each target comes to have all, whoever reaches it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from portcheck.errors import FileRefused
from portcheck.journal.chain import Sealed, canonical
from portcheck.journal.exchange import Refusal
from portcheck.journal.notes import note
from portcheck.journal.pieces import MOST_EVENTS, PieceName, name_of, pack
from portcheck.services.context import Context
from portcheck.services.exchange.holding import hold_against
from portcheck.services.exchange.receiving import EVENTS, Progress
from portcheck.store import exchangerows as rows
from portcheck.store.connection import transaction
from portcheck.store.finder import OperationRow, lists_in_force
from portcheck.store.listcontent import pack as pack_list
from portcheck.targets.target import Target

ABOUT, LISTS = "about", "lists"
_MOST_TEXT = 8 * 2**20  # bytes of text in a piece
_READ_AGAIN = 4  # of this device's own pieces, and of those of others, at each sync


@dataclass(slots=True)
class Sent:
    """What went: how many events of this device, how many of them are news, how many lists; and
    what this device put there and is not there any more as it was, and what others wrote that
    the target does not take.
    """

    events: int = 0
    told: int = 0
    lists: int = 0
    damaged: list[Refusal] = field(default_factory=list)


def send(
    context: Context,
    target: Target,
    operation: OperationRow,
    chain: bytes,
    progress: Progress,
    *,
    dry: bool = False,
) -> Sent:
    """Send what is new of this device's own chain, what others sent and the lists in force."""
    sent = Sent()
    connection, name = context.connection, operation.operation_id
    before = rows.signed_to(connection, name, chain)
    newest, sent.told = rows.news(connection, chain, before)
    sent.events = newest - before if sent.told else 0
    there = target.have(name)
    wanted = [
        one for one in lists_in_force(connection) if _list(name, one.entries_sha256) not in there
    ]
    sent.lists = len(wanted)
    if dry:
        return sent
    for number, one in enumerate(wanted, 1):
        progress(number, len(wanted))
        content = pack_list(connection, one.name, one.version)
        target.put(_list(name, one.entries_sha256), content)
    known = rows.pieces_known(connection, name)
    missing = [
        piece
        for piece, (_, size) in known.items()
        if not _is_there(there.get(f"{name}/{EVENTS}/{piece}"), size, own=piece.chain == chain)
    ]
    for number, piece in enumerate(missing, 1):
        progress(number, len(missing))
        events = list(rows.events_for(connection, name, piece.chain, piece.first, piece.last))
        try:
            target.put(f"{name}/{EVENTS}/{piece}", pack(known[piece][0], events))
        except FileRefused as error:
            if piece.chain == chain:
                raise
            label = events[-1].header.device
            sent.damaged.append(Refusal(piece.chain, label, piece.first, error.message))
    if sent.told:
        _send_own(context, target, name, chain, before + 1, newest)
    own = [one for one in known if one.chain == chain and one not in missing]
    for piece in random.sample(own, min(_READ_AGAIN, len(own))):
        events = list(rows.events_for(connection, name, chain, piece.first, piece.last))
        written = pack(known[piece][0], events)
        _read_again(target, f"{name}/{EVENTS}/{piece}", written, piece, sent)
    others = [one for one in known if one.chain != chain and one not in missing]
    again = random.sample(others, min(_READ_AGAIN, len(others)))
    sent.damaged += hold_against(context, target, name, again).changed
    opener = _opener(context, name, chain)
    if opener:
        about = f"{name}/{ABOUT}/{chain.hex()}.json"
        said = canonical(_about(operation, opener)).encode()
        if about not in there:
            target.put(about, said)
        else:
            _read_again(target, about, said, PieceName(chain, 1, 1, ""), sent)
    return sent


def _read_again(target: Target, name: str, written: bytes, piece: PieceName, sent: Sent) -> None:
    """Name what this device put there where it is not as it was written."""
    said = ""
    try:
        if target.fetch(name) == written:
            return
    except FileRefused as error:
        said = f" ({error.message})"
    why = f"{target.words} has {name}, but not as it was sent{said}: take it away, and sync again"
    sent.damaged.append(Refusal(piece.chain, "", piece.first, why))


def _is_there(found: int | None, size: int, *, own: bool) -> bool:
    """Whether a piece is at a target: one of this device's own whole, as it was written."""
    return found == size if own else found is not None


def _list(operation_id: str, entries_sha256: str) -> str:
    return f"{operation_id}/{LISTS}/{entries_sha256}.list"


def _send_own(
    context: Context, target: Target, operation_id: str, chain: bytes, first: int, last: int
) -> None:
    signing = context.key.signing() if context.key else None
    public, sign = signing or (b"", None)
    found = rows.events_for(context.connection, operation_id, chain, first, last)
    for events in _parted(found):
        end = events[-1]
        head = (chain, end.header.device, end.header.seq, end.hash)
        said = note(head, context.now(), public, sign)
        piece = name_of(chain, events[0].header.seq, end.header.seq, end.hash)
        content = pack(said, events)
        target.put(f"{operation_id}/{EVENTS}/{piece}", content)
        with transaction(context.connection):
            rows.note_piece(context.connection, operation_id, piece, said, len(content))


def _parted(events: Iterator[Sealed]) -> Iterator[list[Sealed]]:
    part: list[Sealed] = []
    size = 0
    for one in events:
        part.append(one)
        size += len(one.text or "")
        if len(part) == MOST_EVENTS or size > _MOST_TEXT:
            yield part
            part, size = [], 0
    if part:
        yield part


def _opener(context: Context, operation_id: str, chain: bytes) -> rows.DeviceRow | None:
    """The device that writes this chain, if it opened the operation."""
    found = rows.devices_of(context.connection, operation_id)
    return next((one for one in found if one.opener and one.chain == chain), None)


def _about(operation: OperationRow, opener: rows.DeviceRow) -> dict[str, str]:
    """What is said of an operation to who looks for one to join; it is held against the facts,
    and says the same always: its opener's label is the one it began with.
    """
    return {
        "operation_id": operation.operation_id,
        "name": operation.name,
        "site": operation.site,
        "chain": opener.chain.hex(),
        "label": opener.label,
        "key": opener.key,
    }
