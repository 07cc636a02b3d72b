"""Taking in what other devices sent: pieces are verified whole, and then applied a few events
at a time, so that an officer who records never waits for it.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portcheck.errors import FileRefused
from portcheck.journal.chain import Sealed
from portcheck.journal.exchange import Refusal, held, keep_refused, receive
from portcheck.journal.pieces import Piece, PieceName, named, unpack
from portcheck.journal.sharing import DeviceJoined
from portcheck.services.context import Context
from portcheck.store import exchangerows as rows
from portcheck.store.connection import transaction
from portcheck.targets.target import Target

EVENTS = "events"
_FEWEST, _MOST_AT_ONCE = 12, 2_000
_BREATH = 0.006  # seconds between two batches, for whoever waits
_KEY_BYTES = 32
Progress = Callable[[int, int], None]
"""Told how many pieces are done, of how many."""


@dataclass(slots=True)
class Taken:
    """What came: how many events and of these how many are news, of which chains; what was
    refused, and the chains of which something before is missing.
    """

    events: int = 0
    told: int = 0
    chains: set[bytes] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)
    missing: set[bytes] = field(default_factory=set)


class Pace:
    """How many events are applied at a time: as many as take so long to write, and that an
    officer who records meanwhile does not wait for.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._size = _FEWEST

    def batches(self, events: Sequence[Sealed]) -> Iterator[Sequence[Sealed]]:
        """The events, some at a time, with a pause in between."""
        at = 0
        while at < len(events):
            size = self._size
            yield events[at : at + size]
            at += size
            if at < len(events):
                time.sleep(_BREATH)

    def took(self, seconds: float) -> None:
        """A batch took so long to write, but for what any transaction takes."""
        factor = min(self._seconds / max(seconds, 1e-4), 2)
        self._size = min(max(int(self._size * factor), _FEWEST), _MOST_AT_ONCE)


UNHURRIED = 0.016
ALONE = 0.25
"""Seconds of a batch where nobody else works with the database yet."""


def take_in(
    context: Context,
    target: Target,
    operation_id: str,
    progress: Progress,
    *,
    dry: bool = False,
    seconds: float = UNHURRIED,
    expected: Mapping[bytes, str] | None = None,
) -> Taken:
    """Take in all pieces of an operation that are not here yet, in transactions of about so many
    `seconds`; `dry`, only say how many events that would be.  `expected` are the keys (in hex)
    by which chains of which nothing is here have to be signed.
    """
    taken, pace = Taken(), Pace(seconds)
    connection = context.connection
    known = rows.pieces_known(connection, operation_id)
    there = (named(name.split("/", 2)[2]) for name in target.have(f"{operation_id}/{EVENTS}"))
    wanted: dict[bytes, list[PieceName]] = defaultdict(list)
    for name in there:
        if name and name not in known:
            wanted[name.chain].append(name)
    have = held(connection)
    here = {chain: key for chain, key in rows.keys_of(connection, operation_id).items() if key}
    keys = {**(expected or {}), **here}
    done, number = 0, sum(map(len, wanted.values()))
    for chain, names in sorted(wanted.items()):
        for name in sorted(names, key=lambda one: (one.first, one.last)):
            done += 1
            progress(done, number)
            newest = have.get(chain, 0)
            if name.first > newest + 1:
                taken.missing.add(chain)
                continue
            if dry:
                have[chain] = max(newest, name.last)
                taken.events += max(name.last - newest, 0)
                taken.chains.add(chain)
                continue
            if not _take(context, target, operation_id, name, keys, taken, pace):
                break
            have[chain] = max(newest, name.last)
            taken.missing.discard(chain)
    return taken


def _take(
    context: Context,
    target: Target,
    operation_id: str,
    name: PieceName,
    keys: dict[bytes, str],
    taken: Taken,
    pace: Pace,
) -> bool:
    """Take one piece in; whether its chain can go on."""
    try:
        content = target.fetch(f"{operation_id}/{EVENTS}/{name}")
        piece = unpack(content, name)
    except FileRefused as error:
        _refuse(context, target, taken, Refusal(name.chain, "", name.first, error.message))
        return False
    key = keys.get(name.chain) or _key_in(piece, operation_id)
    if key and not piece.head.by(bytes.fromhex(key)):
        why = "it is not signed by the device whose chain it is"
        label = piece.head.label
        _refuse(context, target, taken, Refusal(name.chain, label, name.last, why, piece.head.hash))
        return False
    keys[name.chain] = key
    refused = _apply(context, target, piece.events, taken, pace)
    if refused:
        return False
    with transaction(context.connection):
        rows.note_piece(context.connection, operation_id, name, piece.note, len(content))
    return True


def _key_in(piece: Piece, operation_id: str) -> str:
    """The key that a chain gives itself in a piece: there, nobody else could have said it."""
    for one in piece.events:
        if one.header.kind == "device_joined" and one.text:
            try:
                joined = DeviceJoined.model_validate_json(one.text)
                public = bytes.fromhex(joined.key)
            except ValueError:
                continue
            if joined.operation_id == operation_id and len(public) == _KEY_BYTES:
                return joined.key
    return ""


def _refuse(context: Context, target: Target, taken: Taken, refusal: Refusal) -> None:
    taken.refused.append(refusal)
    with transaction(context.connection):
        keep_refused(context.connection, [refusal], target.words, context.now())


def _apply(
    context: Context, target: Target, events: Sequence[Sealed], taken: Taken, pace: Pace
) -> bool:
    """Put events into the journal and project them; whether one was refused."""
    from portcheck.store import projections  # noqa: PLC0415 - it loads the classes of facts

    connection = context.connection
    for batch in pace.batches(events):
        with transaction(connection):
            begun = time.perf_counter()
            context.known.hold(connection, context.path)
            before = rows.newest_arrival(connection)
            came = receive(connection, batch, source=target.words, now=context.now())
            if came.events or came.late:
                projections.take(connection, before, came.late)
            pace.took(time.perf_counter() - begun)
        taken.events += came.events
        taken.told += came.told
        taken.chains |= came.chains
        taken.refused += came.refused
        if came.refused:
            return True
    return False
