"""This installation: its identity and its Ed25519 key, in a file beside the settings.

The identity is the beginning of the public key's SHA-256.  It stands in the file, so
that nothing of cryptography is loaded to record; `DeviceKey.fault` holds it against the key.
"""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from portcheck.store.footing import Footing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAME = "device.key"
_FILE = """\
# The key of this installation of portcheck. It is this device: give it to nobody, copy it nowhere.
identity = "{}"
ed25519 = "{}"
"""
_HEX = frozenset("0123456789abcdef")
_LONGEST = len(_FILE) + 256


class DeviceKey:
    """The key of this installation, made when it first writes.

    `trouble` says why it has none: then it records all the same, unsigned.
    """

    def __init__(self, settings_file: Path) -> None:
        self.file = settings_file.parent / NAME
        self.trouble = ""
        self._beside = settings_file
        self._identity = ""

    @property
    def identity(self) -> str:
        """16 hexadecimal digits; "" while there is no key, or none that can be used."""
        if not self._identity and not self.trouble:
            found = self._read()
            self._identity = found.identity if found else ""
        return self._identity

    def make(self) -> None:
        """Make the key, unless there is one or there can be none.

        Of several programs that do so at once one does it; a kill leaves none or a whole one.
        What is there and is no key stays as it is.
        """
        if self.identity or self.trouble:
            return
        from portcheck.disk.whole import new_file  # noqa: PLC0415 - once for an installation

        try:
            self.trouble = self._barred()
            if self.trouble:
                return
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new_file(self.file, _write)
        except OSError as error:
            self.trouble = f"no key can be written at {self.file} ({error.strerror or error})"

    def signing(self) -> "tuple[bytes, Callable[[bytes], bytes]] | None":
        """The public key (32 bytes) and what signs with the secret one; None where there is no
        key that can be used.
        """
        found = self._read()
        if found is None or self.trouble:
            return None
        try:
            key = _private(bytes.fromhex(found.secret))
        except OSError:
            return None
        return key.public_key().public_bytes_raw(), key.sign

    def secret(self) -> bytes:
        """The secret key (32 bytes), for what was encrypted to this device; b"" without one."""
        found = self._read()
        return bytes.fromhex(found.secret) if found else b""

    def fault(self) -> str:
        """What is wrong with the key, or with who may read it; "" where nothing is, or there is
        none yet.
        """
        try:
            found = None if self.trouble else self._read()
            if found is None:
                barred = self.trouble or self._barred()
                return f"{barred}: what is recorded here cannot be signed" if barred else ""
            identity = _identity_of(bytes.fromhex(found.secret))
            mode = stat.S_IMODE(self.file.stat().st_mode)
        except OSError as error:
            return f"{self.file} cannot be looked at ({error.strerror or error})"
        if identity != found.identity:
            return f"{self.file} is damaged: it has the identity of another key, and cannot sign"
        if os.name == "posix" and mode & 0o077:
            return f"{self.file} can be read by others: file mode {mode:04o} and not 0600"
        return ""

    def _barred(self) -> str:
        """Why no key can be made, as far as can be told without trying; "" where it can."""
        if self._beside.exists() and not self._beside.is_file():
            return f"no key is kept beside {self._beside}, which is no file"
        folder = next(one for one in self.file.absolute().parents if one.exists())
        if folder.is_dir() and os.access(folder, os.W_OK):
            return ""
        return f"no key can be written at {self.file} ({folder} is not a folder to write in)"

    def _read(self) -> "_Kept | None":
        """What is in the file; None where there is none, or with `trouble` where it is no key."""
        try:
            with open(self.file, "rb", opener=_at_once) as file:
                regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
                text = file.read(_LONGEST) if regular else b""
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self.trouble = f"{self.file} cannot be read ({error.strerror or error})"
            return None
        found = _kept(text.decode("ascii", errors="replace").replace("\r\n", "\n"))
        if found is None:
            self.trouble = (
                f"{self.file} is damaged (restore it, or move it away and a new one is made)"
            )
        return found


class _Kept(NamedTuple):
    identity: str
    secret: str


def _kept(text: str) -> _Kept | None:
    """What stands in the text of a key's file; None where it is not as it was written."""
    values = text.split('"')[1::2]
    if [len(value) for value in values] != [16, 64] or _FILE.format(*values) != text:
        return None
    return _Kept(*values) if _HEX.issuperset("".join(values)) else None


def _at_once(path: str, flags: int) -> int:
    """Opens a file, and waits for nobody where it is a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def unsigned(key: DeviceKey, label: str) -> str:
    """What is said once where a device begins without a key."""
    return (
        f"{key.trouble}: what device {label} records is saved all the same, but cannot be signed. "
        "“portcheck doctor” looks at it again."
    )


def gone_on(footing: Footing) -> str:
    """What is said once where a device begins a chain that continues another."""
    before = footing.continues.label if footing.continues else ""
    here = f"{footing.label} here (its checks are {footing.label}-001 and so on)"
    said = (
        f"another installation writes in this database, as device {before}: this device is {here}"
    )
    if footing.in_a_copy:
        said = f"this database is a copy: device {before} goes on as {here}"
    return f"{said}. “portcheck doctor” names its devices."


def _write(out: IO[bytes]) -> None:
    secret = os.urandom(32)
    out.write(_FILE.format(_identity_of(secret), secret.hex()).encode())


def _identity_of(secret: bytes) -> str:
    """Raises OSError where this machine's cryptography cannot be used."""
    raw = _private(secret).public_key().public_bytes_raw()
    return hashlib.sha256(raw).hexdigest()[:16]


def _private(secret: bytes) -> "Ed25519PrivateKey":
    """Raises OSError where this machine's cryptography cannot be used."""
    try:  # it takes 30 ms to load
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError as error:
        raise OSError(f"cryptography cannot be used: {error}") from error
    try:
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    except UnsupportedAlgorithm as error:  # where a machine allows approved algorithms only
        raise OSError(f"cryptography cannot be used: {error}") from error
