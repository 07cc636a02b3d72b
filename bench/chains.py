"""Chains of events and their pieces, as a device makes them."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from portcheck.journal.chain import GENESIS, Header, Sealed, link, payload_digest
from portcheck.journal.notes import note
from portcheck.journal.pieces import name_of, pack

OPERATION = "01a22147-7fd4-737b-875e-77c1b8e1b6c1"
NOON = datetime(2021, 6, 17, 12, tzinfo=UTC)
ODD = 'L"2\té\x01\x7f\\'


def sealed(before: Sealed | None, text: str, device: str = "L2") -> Sealed:
    """The event that follows one, or begins a chain."""
    seq = before.header.seq + 1 if before else 1
    head = Header(seq, device, seq, "check_recorded", "2021-06-17T12:00:00.000000Z", "4711", ODD)
    salt, previous = os.urandom(16), before.hash if before else GENESIS
    digest = payload_digest(salt, text)
    own = link(previous, head, digest)
    return Sealed(before.chain if before else own, head, digest, previous, own, salt, text)


def chain(length: int, device: str = "L2", text: str = "words {seq} é") -> list[Sealed]:
    """A chain of events with texts."""
    events: list[Sealed] = []
    for seq in range(1, length + 1):
        before = events[-1] if events else None
        events.append(sealed(before, text.format(seq=seq), device))
    return events


def withheld(events: Sequence[Sealed]) -> list[Sealed]:
    """The same events without their texts."""
    return [replace(one, salt=None, text=None) for one in events]


def signed(end: Sealed, at: datetime = NOON) -> str:
    """The note of a head, of a device without a key."""
    return note((end.chain, end.header.device, end.header.seq, end.hash), at, b"", None)


def piece(
    events: Sequence[Sealed], operation: str = OPERATION, at: datetime = NOON
) -> tuple[str, bytes]:
    """A piece of a chain: its name at a target, and its bytes."""
    end, said = events[-1], signed(events[-1], at)
    name = name_of(end.chain, events[0].header.seq, end.header.seq, end.hash)
    return f"{operation}/events/{name}", pack(said, events)
