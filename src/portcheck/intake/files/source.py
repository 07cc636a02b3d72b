"""One file, or standard input, told by its content and never by its name."""

import hashlib
import io
import re
import sys
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Literal

from portcheck.domain.text import one_line
from portcheck.errors import FileRefused
from portcheck.intake.files.foreign import told_apart

MOST_BYTES = 256 * 1024 * 1024
"""A full Excel sheet of nine columns is about 60 MB packed; four times that."""

MOST_ENTRIES = 2_000
"""Parts of a workbook's archive: the largest real ones have a few hundred."""

_CHUNK = 1024 * 1024
_HEAD = 4096
_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP_ENTRY = b"PK\x01\x02"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OVERLAP = 64
_MAIN_PART = re.compile(
    rb"[\"'][^\"'<>]*(?:workbook|book)[^\"'<>/]*\.(?:xml|bin)(?=[\"'])", re.IGNORECASE
)


class Kind(StrEnum):
    """What a file is, whatever it is called."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    ENCRYPTED = "encrypted"
    TEXT = "text"


_USUAL_SUFFIXES = {
    Kind.XLSX: {".xlsx", ".xlsm", ".xltx", ".xltm"},
    Kind.XLSB: {".xlsb"},
    Kind.XLS: {".xls", ".xlt"},
    Kind.ODS: {".ods", ".ots"},
    Kind.ENCRYPTED: {".xlsx", ".xlsm", ".xlsb", ".xls"},
    Kind.TEXT: {".csv", ".txt", ".tsv", ".tab", ".psv", ".dat"},
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked at once: its hash, its size in bytes, its kind.

    `path` is None for standard input, whose bytes are then in `data`.
    `warnings` are sentences about the file as a whole.
    """

    name: str
    path: Path | None
    sha256: str
    size: int
    kind: Kind
    warnings: tuple[str, ...] = ()
    data: bytes | None = field(default=None, repr=False)
    stamp: tuple[int, int] = (0, 0)

    def open(self) -> BinaryIO:
        """The file's bytes, from the start.

        Raises FileRefused when the file is gone or was changed since.
        """
        if self.path is None or self.data is not None:
            return io.BytesIO(self.data or b"")
        self.check_unchanged()
        try:
            return self.path.open("rb")
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def check_unchanged(self) -> None:
        """Raise FileRefused when the file is not the one that was hashed."""
        if self.path is None:
            return
        try:
            now = _stamp(self.path)
        except OSError as error:
            raise _unreadable(self.name, error) from error
        if now != self.stamp:
            raise FileRefused(
                "the file was changed while it was being read",
                where=self.name,
                hint="Close it in the other program, then import it again.",
            )


def open_source(path: Path | Literal["-"], *, max_bytes: int = MOST_BYTES) -> Source:
    """Look at a file (or "-", standard input): hash it and tell what it is.

    Raises FileRefused when it is missing, a folder, unreadable, empty, larger
    than `max_bytes`, or plainly something else than a list.
    """
    if path == "-":
        data = sys.stdin.buffer.read(max_bytes + 1)
        return source_of_bytes("standard input", data, max_bytes=max_bytes)
    path = Path(path)
    name = one_line(path.name)
    if path.is_dir():
        raise FileRefused("this is a folder", where=name, hint="Name one file inside it.")
    if path.exists() and not path.is_file():
        raise FileRefused(
            "this is no file but a pipe or a device",
            where=name,
            hint="Give “-” as the file, and what it holds on standard input.",
        )
    try:
        stamp = _stamp(path)
        _check_size(name, stamp[0], max_bytes)
        with path.open("rb") as file:
            sha256, marks = _digest(file)
            kind = _kind(name, file, marks)
    except OSError as error:
        raise _unreadable(name, error) from error
    warnings = _name_warnings(name, path.suffix.lower(), kind)
    return Source(name, path, sha256, stamp[0], kind, warnings, stamp=stamp)


def source_of_bytes(name: str, data: bytes, *, max_bytes: int = MOST_BYTES) -> Source:
    """A source whose bytes are in memory (standard input, or just decrypted)."""
    _check_size(name, len(data), max_bytes)
    file = io.BytesIO(data)
    sha256, marks = _digest(file)
    kind = _kind(name, file, marks)
    return Source(name, None, sha256, len(data), kind, data=data)


@dataclass(slots=True)
class _Marks:
    """What was met while hashing: zip directory entries, names of OLE2 streams."""

    head: bytes = b""
    entries: int = 0
    encrypted: bool = False
    workbook: bool = False


def _digest(file: BinaryIO) -> tuple[str, _Marks]:
    digest = hashlib.sha256()
    marks = _Marks()
    tail = b""
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        if not marks.head:
            marks.head = chunk[:_HEAD]
        if marks.head.startswith(b"PK"):
            marks.entries += chunk.count(_ZIP_ENTRY)
        elif marks.head.startswith(_OLE2):
            seen = tail + chunk
            marks.encrypted = marks.encrypted or "EncryptionInfo".encode("utf-16-le") in seen
            marks.workbook = marks.workbook or any(
                stream.encode("utf-16-le") in seen for stream in ("Workbook", "Book")
            )
            tail = chunk[-_OVERLAP:]
    return digest.hexdigest(), marks


def _kind(name: str, file: BinaryIO, marks: _Marks) -> Kind:
    if marks.head.startswith(_OLE2):
        if marks.encrypted:
            return Kind.ENCRYPTED
        if marks.workbook:
            return Kind.XLS
        raise FileRefused("an Office file without a workbook in it", where=name)
    if marks.head.startswith(b"PK\x03\x04") or marks.head.startswith(b"PK\x05\x06"):
        return _kind_of_archive(name, file, marks)
    what, hint = told_apart(marks.head)
    if what:
        raise FileRefused(
            f"this is {what}, not a spreadsheet or a delimited text", where=name, hint=hint
        )
    return Kind.TEXT


def _kind_of_archive(name: str, file: BinaryIO, marks: _Marks) -> Kind:
    if marks.entries > MOST_ENTRIES:
        raise FileRefused(
            f"the archive holds more than {MOST_ENTRIES:,} parts, which no workbook does",
            where=name,
        )
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = {
                info.filename.replace("\\", "/").lower(): info.filename
                for info in archive.infolist()
            }
            if found := _workbook_among(archive, names):
                return found
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise FileRefused(
            "the file is damaged: its archive cannot be opened",
            where=name,
            hint="Ask for it again, or open it in the spreadsheet program and save it anew.",
        ) from error
    raise FileRefused(
        "an archive without a workbook in it",
        where=name,
        hint="Unpack it and name the spreadsheet inside.",
    )


def _workbook_among(archive: zipfile.ZipFile, names: Mapping[str, str]) -> Kind | None:
    """The kind of workbook whose parts these are, `names` by their lower-case forms.

    An Office workbook is where the relationships of the package say (ECMA-376 part 2, 9.3), an
    OpenDocument sheet says so in its type, which may be missing, or in its manifest.
    """
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        return Kind.XLSB

    def begin(name: str) -> bytes:
        with archive.open(names[name]) as part:
            return part.read(_CHUNK)

    if "_rels/.rels" in names and (found := _MAIN_PART.search(begin("_rels/.rels"))):
        return Kind.XLSB if found[0].lower().endswith(b".bin") else Kind.XLSX
    if "mimetype" in names and begin("mimetype").startswith(_ODS):
        return Kind.ODS
    if "content.xml" in names and "mimetype" not in names:
        manifest = begin("meta-inf/manifest.xml") if "meta-inf/manifest.xml" in names else b""
        if _ODS in manifest or b":spreadsheet>" in begin("content.xml"):
            return Kind.ODS
    return None


def _name_warnings(name: str, suffix: str, kind: Kind) -> tuple[str, ...]:
    promised = any(suffix in suffixes for suffixes in _USUAL_SUFFIXES.values())
    if not promised or suffix in _USUAL_SUFFIXES[kind]:
        return ()
    what = "a delimited text" if kind is Kind.TEXT else f"a workbook ({kind})"
    return (f"{name} is {what}, whatever its name says; it was read as what it is",)


def _check_size(name: str, size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise FileRefused(
            f"the file is larger than {max_bytes // (1024 * 1024):,} MB",
            where=name,
            hint="Delete what is not the list (pictures, old sheets) and save it again.",
        )
    if size == 0:
        raise FileRefused("the file is empty", where=name)


def _stamp(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _unreadable(name: str, error: OSError) -> FileRefused:
    if isinstance(error, FileNotFoundError):
        return FileRefused("there is no such file", where=name, hint="Check the name and folder.")
    if isinstance(error, PermissionError):
        return FileRefused(
            "the file may not be read",
            where=name,
            hint="It may be open in another program, or belong to someone else.",
        )
    return FileRefused(f"the file cannot be read ({error.strerror or error})", where=name)
