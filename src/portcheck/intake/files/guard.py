"""Look before opening: an archive's real size, without unpacking it into memory.

A workbook is a zip archive of XML.  A few kilobytes can unpack into gigabytes,
and what an archive says of itself need not be true, so every part that matters
is unpacked here as a stream and counted.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

from portcheck.errors import FileRefused
from portcheck.intake.files.source import MOST_ENTRIES

MOST_UNPACKED = 1024 * 1024 * 1024
"""Bytes of all parts together: a full sheet of nine columns is about 400 MB of XML."""

MOST_RATIO = 150
"""Unpacked to packed: sheets shrink ten to thirty times, bombs a thousand."""

LEAST_FOR_RATIO = 32 * 1024 * 1024
"""Below this a part does no harm, however well it shrank."""

MOST_SMALL_PART = 16 * 1024 * 1024
"""Bytes of a part that is read whole (styles, the list of sheets): 65,000 styles are 10 MB."""

CHUNK = 1024 * 1024

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED_BIT = 0x1
_DECLARATIONS = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


class Archive:
    """The parts of a zip archive, each read as a bounded stream.

    Opening raises FileRefused when the archive is damaged or its own figures
    are beyond the limits; reading a part raises it when the part is not what
    those figures say.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self._file = file
        try:
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
        # What zipfile raises for a file that is no archive, or one of a kind it does not know.
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise self.damaged() from error
        self._parts = {_plain(info.filename): info for info in infos}
        if len(infos) > MOST_ENTRIES or len(self._parts) < len(infos):
            raise self.damaged()
        self._check_figures(infos)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __contains__(self, part: str) -> bool:
        return _plain(part) in self._parts

    def size(self, part: str) -> int:
        """Unpacked bytes the archive claims for a part; 0 when it has no such part."""
        info = self._parts.get(_plain(part))
        return info.file_size if info else 0

    def read(self, part: str) -> bytes:
        """A small part, whole; b"" when the archive has no such part."""
        if part not in self:
            return b""
        if self.size(part) > MOST_SMALL_PART:
            raise self.harmful(f"its part {part} is {self.size(part):,} bytes long")
        return b"".join(self.chunks(part))

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of a part, about `CHUNK` at a time."""
        info = self._parts[_plain(part)]
        if info.flag_bits & _ENCRYPTED_BIT or info.compress_type not in {0, zipfile.ZIP_DEFLATED}:
            raise self.damaged()
        count = 0
        for chunk in self._unpacked(info):
            if count == 0 and _DECLARATIONS.search(chunk[:4096]):
                raise self.harmful("it declares entities, which no workbook needs")
            count += len(chunk)
            if count > info.file_size:
                raise self.harmful("it unpacks to more than it says")
            yield chunk

    def _unpacked(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(info.header_offset)
        header = self._file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise self.damaged()
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        if signature != b"PK\x03\x04":
            raise self.damaged()
        position = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        left = info.compress_size
        inflater = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type else None
        while left > 0:
            self._file.seek(position)
            packed = self._file.read(min(CHUNK // 4, left))
            if not packed:
                raise self.damaged()
            position += len(packed)
            left -= len(packed)
            if inflater is None:
                yield packed
                continue
            while packed and not inflater.eof:
                try:
                    chunk = inflater.decompress(packed, CHUNK)
                except zlib.error as error:
                    raise self.damaged() from error
                packed = inflater.unconsumed_tail
                if chunk:
                    yield chunk

    def _check_figures(self, infos: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(info.file_size for info in infos)
        if unpacked > MOST_UNPACKED:
            raise self.harmful(f"it unpacks to {unpacked:,} bytes")
        for info in infos:
            ratio = info.file_size / max(info.compress_size, 1)
            if info.file_size > LEAST_FOR_RATIO and ratio > MOST_RATIO:
                raise self.harmful(f"its part {info.filename[:60]} unpacks {ratio:,.0f} times")
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < 0:
                raise self.damaged()
            if info.header_offset < end:
                raise self.harmful("its parts lie over each other, as no program writes them")
            end = info.header_offset + _LOCAL_HEADER.size + info.compress_size
        packed = sum(info.compress_size for info in infos)
        if unpacked > LEAST_FOR_RATIO and unpacked > MOST_RATIO * packed:
            raise self.harmful(f"it unpacks {unpacked / packed:,.0f} times")

    def damaged(self, why: str = "its archive cannot be unpacked") -> FileRefused:
        """The error for an archive that does not hold together."""
        return FileRefused(
            f"the workbook is damaged: {why}",
            where=self.name,
            hint="Ask for it again, or open it in the spreadsheet program and save it anew.",
        )

    def harmful(self, why: str) -> FileRefused:
        """The error for an archive that would exhaust the machine."""
        return FileRefused(
            f"the workbook was not opened: {why}",
            where=self.name,
            hint="Ask the sender what it is; a list saved anew as .xlsx does not look like this.",
        )


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
