"""Pieces: some events of one chain, one after another, as a file that two devices exchange.

A piece begins with the signed head of its last event (`journal.notes`).  Then come its
events, compressed; hashes are left out, for they follow from the rest: whoever reads a piece
works them out, and the last must be the head's.  So a piece is whole and as it was written,
or it is refused.
"""

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from portcheck.errors import FileRefused
from portcheck.journal.chain import GENESIS, Header, Sealed, canonical, link, payload_digest
from portcheck.journal.notes import LONGEST, Signed, read

MOST_EVENTS = 2_000
MOST_BYTES = 32 * 2**20
"""A piece has no more than so many events, and when it is unpacked no more than so many bytes."""

_HASH_DIGITS = 16
_NAME = re.compile(r"([0-9a-f]{64})/([0-9]{9})-([0-9]{9})-([0-9a-f]{16})\.piece")
_GONE = "it was changed on its way, or is not whole"


class PieceName(NamedTuple):
    """Which events a piece has, by its name: those of a chain from `first` to `last`."""

    chain: bytes
    first: int
    last: int
    hash: str

    def __str__(self) -> str:
        return f"{self.chain.hex()}/{self.first:09}-{self.last:09}-{self.hash}.piece"


@dataclass(frozen=True, slots=True)
class Piece:
    """Events of one chain, and the head that was signed of the last; `note` as it came."""

    head: Signed
    note: str
    events: list[Sealed]

    @property
    def first(self) -> int:
        """The number of its first event."""
        return self.events[0].header.seq


def name_of(chain: bytes, first: int, last: int, own_hash: bytes) -> PieceName:
    """What a piece is called."""
    return PieceName(chain, first, last, own_hash.hex()[:_HASH_DIGITS])


def named(name: str) -> PieceName | None:
    """What a name says; None where it is not that of a piece."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    chain, first, last, own_hash = found.groups()
    return PieceName(bytes.fromhex(chain), int(first), int(last), own_hash)


def pack(note: str, events: Sequence[Sealed]) -> bytes:
    """The bytes of a piece; all its events are of one chain, in order and without a gap."""
    lines = [canonical([events[0].header.seq, events[0].previous.hex()])]
    lines += [canonical(_packed(one)) for one in events]
    return note.encode() + b"\n" + zlib.compress("\n".join(lines).encode(), 9)


def unpack(content: bytes, name: PieceName) -> Piece:
    """The events of a piece.  Raises FileRefused for one that is not as it was written, or is
    another than its name says.
    """
    try:
        note, packed = _parted(content)
        head = read(note)
        events = _unpacked(head, _lines(packed))
    except (ValueError, TypeError, KeyError, zlib.error, RecursionError) as error:
        raise FileRefused(_GONE) from error
    if (
        events[-1].hash != head.hash
        or name_of(head.chain, events[0].header.seq, head.seq, head.hash) != name
    ):
        raise FileRefused(_GONE)
    return Piece(head, note, events)


def _packed(one: Sealed) -> list[Any]:
    head = one.header
    said = [head.position, head.device, head.kind, head.recorded_at, head.officer, head.agency]
    if one.text is None or one.salt is None:
        return [*said, _text(one.digest)]
    return [*said, _text(one.salt), one.text]


def _parted(content: bytes) -> tuple[str, bytes]:
    """The note and what comes after it: it ends in an empty line, or in one with a signature
    after an empty line.
    """
    start = content[: LONGEST * 4]
    end = start.index(b"\n\n") + 2
    if start[end : end + 3] == "—".encode():
        end = start.index(b"\n", end) + 1
    return start[:end].decode(), content[end + 1 :] if content[end : end + 1] == b"\n" else b""


def _lines(packed: bytes) -> list[str]:
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(packed, MOST_BYTES)
    if unpacking.unconsumed_tail or unpacking.unused_data or not unpacking.eof:
        raise ValueError("not whole, or too large")
    return text.decode().split("\n")


def _unpacked(head: Signed, lines: list[str]) -> list[Sealed]:
    seq, previous_text = json.loads(lines[0])
    previous = bytes.fromhex(previous_text)
    if not 0 < len(lines) - 1 <= MOST_EVENTS or (seq == 1) != (previous == GENESIS):
        raise ValueError("no events, or too many")
    events = []
    for number, line in enumerate(lines[1:], seq):
        position, device, kind, recorded_at, officer, agency, first, *text = json.loads(line)
        words = (device, kind, recorded_at, officer, agency, *text)
        if not (isinstance(position, int) and all(isinstance(word, str) for word in words)):
            raise ValueError("no event")
        header = Header(position, device, number, kind, recorded_at, officer, agency)
        salt = b64decode(first, validate=True)
        digest = payload_digest(salt, text[0]) if text else salt
        own_hash = link(previous, header, digest)
        kept = (salt, text[0]) if text else (None, None)
        events.append(Sealed(head.chain, header, digest, previous, own_hash, *kept))
        previous = own_hash
    return events


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
