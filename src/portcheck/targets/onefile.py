"""One file as target, for mail or a stick: a zip of a folder's pieces, written anew as a whole.

Pieces are stored as they are, so that nothing in it can unpack to more than it is.  It may be
encrypted to one device (age, age-encryption.org/v1): then only that device can read it.
"""

import io
import os
import secrets
import stat
import zipfile
from pathlib import Path

from portcheck.errors import FileRefused, Refused
from portcheck.targets.target import MOST_BYTES, MOST_NAMES, is_name, unreachable, words_of

_AGE = b"age-encryption.org/v1"
_MOST_FILE = 1024 * 2**20
_ENCRYPTED_BIT = 0x1
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)
_INSTALL = "Install it with “pip install portcheck[encrypt]”."


class OneFile:
    """The pieces are the zip's members; what is put is written when it is closed."""

    def __init__(
        self, path: Path, *, writing: bool = True, recipient: str = "", secret: bytes = b""
    ) -> None:
        self._path = path.absolute()
        self._recipient = recipient
        self._new: dict[str, bytes] = {}
        self.words = words_of(str(path))
        self.plain = not recipient
        self.takes = writing
        self._zip = _opened(self._read(secret), str(path)) if self._there(writing) else None
        self._sizes = self._members()

    def _there(self, writing: bool) -> bool:
        try:
            mode = self._path.stat().st_mode
        except FileNotFoundError as error:
            if writing and self._path.parent.is_dir():
                return False
            raise unreachable(self.words, error) from error
        except OSError as error:
            raise unreachable(self.words, error) from error
        if not stat.S_ISREG(mode):
            raise FileRefused("it is not a file", where=str(self._path))
        return True

    def _read(self, secret: bytes) -> bytes:
        try:
            if self._path.stat().st_size > _MOST_FILE:
                raise FileRefused("it is larger than 1 GB", where=str(self._path))
            content = self._path.read_bytes()
        except OSError as error:
            raise unreachable(self.words, error) from error
        if not content.startswith(_AGE):
            return content
        self.plain = False
        try:
            found = _decrypted(content, secret, str(self._path))
        except FileRefused:
            if not self._recipient:
                raise
            return b""  # made here for another device: all that is in it is here, and goes again
        self.takes = bool(self._recipient)  # what is added to it must not be readable either
        return found

    def _members(self) -> dict[str, int]:
        """Names and sizes, as the zip says; each is held against it when it is read."""
        infos = self._zip.infolist() if self._zip else []
        sizes = {info.filename: info.file_size for info in infos}
        odd = any(
            not is_name(info.filename)
            or info.compress_type != zipfile.ZIP_STORED
            or info.flag_bits & _ENCRYPTED_BIT
            or not info.file_size == info.compress_size <= MOST_BYTES
            for info in infos
        )
        if odd or len(sizes) < len(infos) or len(sizes) > MOST_NAMES:
            raise FileRefused("it is no file of portcheck, or is damaged", where=str(self._path))
        return sizes

    def have(self, under: str) -> dict[str, int]:
        """The members below it, and what was put."""
        sizes = self._sizes | {name: len(content) for name, content in self._new.items()}
        return {n: size for n, size in sizes.items() if not under or n.startswith(f"{under}/")}

    def fetch(self, name: str) -> bytes:
        """Read a member."""
        if name in self._new:
            return self._new[name]
        if self._zip is None or name not in self._sizes:
            raise unreachable(self.words, f"{name} is not in it")
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise FileRefused("it is damaged", where=f"{self._path}, {name}") from error

    def put(self, name: str, content: bytes) -> None:
        """Have a member written when it is closed."""
        if self._sizes.get(name) != len(content):
            self._new[name] = content

    def close(self) -> None:
        """Write the file anew with what was put, beside its place, and then put it there."""
        if not self._new:
            return
        content = self._content()
        beside = self._path.parent / f".portcheck-{secrets.token_hex(8)}"
        try:
            try:
                with beside.open("xb") as file:
                    beside.chmod(0o600)
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(self._path)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise unreachable(self.words, error) from error
        self._sizes |= {name: len(one) for name, one in self._new.items()}
        self._zip, self._new = _opened(content, self.words) if self.plain else None, {}

    def _content(self) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as out:
            for name in sorted(self._sizes.keys() | self._new):
                out.writestr(zipfile.ZipInfo(name, _FIRST_DATE), self.fetch(name))
        content = written.getvalue()
        if len(content) > _MOST_FILE:
            raise Refused(f"{self._path} would be larger than 1 GB", hint="Use a folder instead.")
        return _encrypted(content, self._recipient) if self._recipient else content


def _opened(content: bytes, where: str) -> zipfile.ZipFile | None:
    if not content:
        return None
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise FileRefused("it is no file of portcheck, or is damaged", where=where) from error


def _encrypted(content: bytes, recipient: str) -> bytes:
    """Encrypted to a device by its Ed25519 public key (hex)."""
    try:
        from pyrage import encrypt, ssh  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Refused(
            "a file cannot be encrypted here: pyrage is missing", hint=_INSTALL
        ) from error
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - it takes 30 ms
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(recipient))
    line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return bytes(encrypt(content, [ssh.Recipient.from_str(line.decode())]))


def _decrypted(content: bytes, secret: bytes, where: str) -> bytes:
    try:
        from pyrage import DecryptError, decrypt, ssh  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Refused(f"{where} is encrypted, and pyrage is missing here", hint=_INSTALL) from error
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - it takes 30 ms
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    if not secret:
        raise Refused(f"{where} is encrypted, and this device has no key")
    key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    try:
        return bytes(decrypt(content, [ssh.Identity.from_buffer(written)]))
    except DecryptError as error:
        raise FileRefused(
            "it is encrypted to another device, or is damaged",
            where=where,
            hint="Have it made for this one: “portcheck device list” there says who takes part.",
        ) from error
