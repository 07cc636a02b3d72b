"""The hash chain that shows whether the journal was altered.

    hash = SHA-256(previous hash ‖ header ‖ SHA-256(salt ‖ payload))

The payload enters through a salted digest, so that it can be erased later (Data
Protection Act 2018 s.39) while the chain still verifies.  Every device keeps a
gapless chain of its own; `position` is gapless over the whole journal.
"""

import hashlib
import json
from dataclasses import dataclass

GENESIS = b"\0" * 32
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Header:
    """What is said of an event besides its payload; all of it is hashed."""

    position: int
    device: str
    seq: int
    kind: str
    recorded_at: str
    officer: str
    agency: str

    def encoded(self) -> bytes:
        """One canonical byte string a header."""
        return canonical(
            [
                self.position,
                self.device,
                self.seq,
                self.kind,
                self.recorded_at,
                self.officer,
                self.agency,
            ]
        ).encode()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A whole event, as it is kept and as it travels; `text` and `salt` are None where its text
    is withheld or erased.
    """

    chain: bytes
    header: Header
    digest: bytes
    previous: bytes
    hash: bytes
    salt: bytes | None
    text: str | None


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same text for the same value, always."""
    return _CANONICAL.encode(value)


def payload_digest(salt: bytes, payload: str) -> bytes:
    """SHA-256(salt ‖ payload)."""
    return hashlib.sha256(salt + payload.encode()).digest()


def link(previous: bytes, header: Header, digest: bytes) -> bytes:
    """The hash of an event that follows the one whose hash is `previous`."""
    return hashlib.sha256(previous + header.encoded() + digest).digest()


def short_fingerprint(device: str, seq: int, chain_hash: bytes) -> str:
    """A device's newest event in a form that can be read out and typed back.

    The first 80 bits of the hash, with the device and the event's number.

    >>> short_fingerprint("L2", 512, bytes(range(32)))
    'L2:512:0001-0203-0405-0607-0809'
    """
    digits = chain_hash.hex().upper()[:20]
    return f"{device}:{seq}:" + "-".join(digits[i : i + 4] for i in range(0, 20, 4))
