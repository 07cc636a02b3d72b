"""Files that one device alone can read: encrypted to its Ed25519 key (age-encryption.org/v1)."""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from portcheck.errors import FileRefused, Refused

if TYPE_CHECKING:
    from types import ModuleType

    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

MAGIC = b"age-encryption.org/v1"
"""What such a file begins with."""

_HEADER = 64 * 1024  # bytes: a recipient is a hundred
_END = b"\n--- "
_FOR = re.compile(rb"^-> ssh-ed25519 ([A-Za-z0-9+/]{6}) ", re.MULTILINE)
_HEX = re.compile(r"[0-9a-f]{64}")


def recipient(text: str) -> object:
    """The device with this public key, a line of OpenSSH or 64 hexadecimal digits, to `encrypt` to.

    Raises Refused where it is no key, or nothing can be encrypted here.
    """
    pyrage = _pyrage()
    line = _line(_public(bytes.fromhex(text))) if _HEX.fullmatch(text) else text
    try:
        key: object = pyrage.ssh.Recipient.from_str(line.strip())
    except pyrage.RecipientError as error:
        raise Refused(
            "nothing can be encrypted to a device with this key",
            where=line.strip()[:40],
            hint="The key is one line that begins with ssh-ed25519.",
        ) from error
    return key


def encrypt(plain: IO[bytes], out: IO[bytes], to: object, secret: bytes | None) -> None:
    """Encrypt a file, from where it stands, to a device and to this one, whose key is `secret`.

    So this device can add to what it made.  Raises OSError where it cannot be written.
    """
    pyrage = _pyrage()
    own = [recipient(_line(_private(secret).public_key()))] if secret else []
    read, written = _Noting(plain), _Noting(out)
    try:
        pyrage.encrypt_io(read, written, [to, *own])
    except pyrage.EncryptError as error:
        failed = read.error or written.error
        raise failed or OSError(f"it cannot be encrypted ({error})") from error


def decrypt(file: IO[bytes], out: IO[bytes], secret: bytes | None, where: str) -> None:
    """Decrypt a file, from its start, by this device's secret key (32 bytes).

    Raises FileRefused where it is for another device or damaged, Refused where nothing can be
    decrypted here, and OSError where it cannot be written.
    """
    pyrage = _pyrage()
    file.seek(0)
    header, end, _ = file.read(_HEADER).partition(_END)
    if not end:
        raise _damaged(where)
    if not secret:
        raise Refused("the file is encrypted, and this device has no key", where=where)
    file.seek(0)
    read, written = _Noting(file), _Noting(out)
    try:
        key = pyrage.ssh.Identity.from_buffer(_pem(secret))
        pyrage.decrypt_io(read, written, [key])
    except (pyrage.DecryptError, OSError) as error:  # what is cut off is an OSError to pyrage
        if failed := read.error or written.error:
            raise failed from error
        raise _not_for(secret, header, where) from error


def _not_for(secret: bytes, header: bytes, where: str) -> FileRefused:
    """The error for a file that this device's key does not open."""
    marks = [mark.decode() for mark in _FOR.findall(header)]
    own = _mark(_line(_private(secret).public_key()))
    if own in marks:
        return _damaged(where)
    named = f" (key {' or '.join(marks)})" if marks else ""
    return FileRefused(
        f"the file is encrypted to another device{named}",
        where=where,
        hint=f"Have it written for this one (key {own}), or open it there.",
    )


class _Noting:
    """A file for pyrage, which keeps the error of the system that pyrage would tell as a text."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        with self._noted():
            return self._file.read(size)

    def write(self, chunk: bytes) -> int:
        with self._noted():
            return self._file.write(chunk)

    def flush(self) -> None:
        with self._noted():
            self._file.flush()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.error = error
            raise


def _damaged(where: str) -> FileRefused:
    return FileRefused(
        "the file is damaged: it cannot be decrypted",
        where=where,
        hint="Ask for it again; nothing of it was taken.",
    )


def _pyrage() -> "ModuleType":
    try:
        import pyrage  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Refused(
            "files can be neither encrypted nor decrypted here: pyrage is not installed",
            hint="Install it with “pip install 'portcheck[encrypt]'”.",
        ) from error
    found: ModuleType = pyrage
    return found


def _private(secret: bytes) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - it takes 30 ms

    return ed25519.Ed25519PrivateKey.from_private_bytes(secret)


def _public(raw: bytes) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - as above

    return ed25519.Ed25519PublicKey.from_public_bytes(raw)


def _pem(secret: bytes) -> bytes:
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as above

    return _private(secret).private_bytes(
        form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption()
    )


def _line(public: "Ed25519PublicKey") -> str:
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as above

    return public.public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH).decode()


def _mark(line: str) -> str:
    """How age names a key in a file: the beginning of its hash, in letters."""
    blob = b64decode(line.split()[1])
    return b64encode(hashlib.sha256(blob).digest()[:4]).decode().rstrip("=")
