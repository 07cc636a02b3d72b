"""Signed heads: what a device says of its own chain when it leaves, as C2SP signed notes.

The text names the chain, its newest event and when it was sent; the signature is Ed25519
(github.com/C2SP/C2SP/blob/main/signed-note.md).  A device without a key signs nothing.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portcheck.domain.times import read_utc, utc_text

_TITLE = "portcheck head"
_ED25519 = b"\x01"
_ID_BYTES, _SIGNATURE_BYTES = 4, 64
LONGEST = 2_000
"""Characters of a note."""

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Signed:
    """A chain's head as its device signed it: `key` is the public key that its signature names
    (4 bytes of a hash of it), b"" where there is none.
    """

    chain: bytes
    label: str
    seq: int
    hash: bytes
    at: datetime
    text: str
    name: str = ""
    key_id: bytes = b""
    signature: bytes = b""

    def by(self, public: bytes) -> bool:
        """Whether the holder of this key signed it."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - it takes 30 ms
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        if self.key_id != _key_id(self.name, public):
            return False
        try:
            key = ed25519.Ed25519PublicKey.from_public_bytes(public)
            key.verify(self.signature, self.text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def note(
    head: tuple[bytes, str, int, bytes], at: datetime, public: bytes, sign: Sign | None
) -> str:
    """The note of a head (chain, label, number, hash), signed where there is a key."""
    chain, label, seq, own_hash = head
    lines = (_TITLE, chain.hex(), label, str(seq), own_hash.hex(), utc_text(at))
    text = "".join(f"{line}\n" for line in lines)
    if sign is None:
        return f"{text}\n"
    name = f"portcheck-{chain.hex()[:16]}"
    said = base64.b64encode(_key_id(name, public) + sign(text.encode())).decode()
    return f"{text}\n— {name} {said}\n"


def read(written: str) -> Signed:
    """What a note says, whoever signed it.  Raises ValueError for what is none."""
    text, _, rest = written.partition("\n\n")
    text += "\n"
    title, chain, label, seq, own_hash, at, end = text.split("\n")
    if title != _TITLE or end or not label or len(written) > LONGEST:
        raise ValueError("no head")
    name, key_id, signature = _signature(rest)
    return Signed(
        bytes.fromhex(chain), label, int(seq), bytes.fromhex(own_hash), read_utc(at), text,
        name, key_id, signature,
    )  # fmt: skip


def _signature(rest: str) -> tuple[str, bytes, bytes]:
    if not rest:
        return "", b"", b""
    dash, name, said = rest.removesuffix("\n").split(" ")
    try:
        raw = base64.b64decode(said, validate=True)
    except binascii.Error as error:
        raise ValueError("no signature") from error
    if dash != "—" or len(raw) != _ID_BYTES + _SIGNATURE_BYTES:
        raise ValueError("no signature")
    return name, raw[:_ID_BYTES], raw[_ID_BYTES:]


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_ID_BYTES]
