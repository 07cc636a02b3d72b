"""Look before opening: an archive's real size, without unpacking it into memory.

A few kilobytes can unpack into gigabytes, and what an archive says of itself need not
be true, so every part that matters is unpacked here as a stream and counted.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

from portcheck.errors import FileRefused

MOST_UNPACKED = 1024 * 1024 * 1024
"""Bytes of all parts together."""

MOST_RATIO = 150
"""Unpacked to packed: sheets of XML shrink ten to thirty times, bombs a thousand."""

LEAST_FOR_RATIO = 32 * 1024 * 1024
"""Below this a part does no harm, however well it shrank."""

CHUNK = 1024 * 1024

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED_BIT = 0x1


class Archive:
    """The parts of a zip archive, each read as a bounded stream.

    Opening raises FileRefused when the archive is damaged or its own figures
    are beyond the limits; reading a part raises it when the part is not what
    those figures say.  `what` is how people know such a file, `renewed` and `safer` say
    what to do about one that is damaged, or would do harm.
    """

    what = "archive"
    renewed = "Ask for it again."
    safer = "Ask the sender what it is."
    most_parts = 2_000
    most_bytes = MOST_UNPACKED

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self._file = file
        try:
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
                self._directory = archive.start_dir  # where the list of its parts begins
        # What zipfile raises for a file that is no archive, or one of a kind it does not know.
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise self.damaged() from error
        self._parts = {_plain(info.filename): info for info in infos}
        if len(infos) > self.most_parts or len(self._parts) < len(infos):
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

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of a part, about `CHUNK` at a time."""
        info = self._parts[_plain(part)]
        if info.flag_bits & _ENCRYPTED_BIT or info.compress_type not in {0, zipfile.ZIP_DEFLATED}:
            raise self.damaged()
        count = 0
        for chunk in self._unpacked(info):
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
            else:
                yield from self._inflated(inflater, packed)

    def _inflated(self, inflater: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
        """All that can be unpacked by now; zlib may keep some of it when no input is left."""
        chunk = b""
        while not inflater.eof and (packed or len(chunk) == CHUNK):
            try:
                chunk = inflater.decompress(packed, CHUNK)
            except zlib.error as error:
                raise self.damaged() from error
            packed = inflater.unconsumed_tail
            if chunk:
                yield chunk

    def _check_figures(self, infos: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(info.file_size for info in infos)
        if unpacked > self.most_bytes:
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
        return FileRefused(f"the {self.what} is damaged: {why}", where=self.name, hint=self.renewed)

    def harmful(self, why: str) -> FileRefused:
        """The error for an archive that would exhaust the machine."""
        return FileRefused(
            f"the {self.what} was not opened: {why}", where=self.name, hint=self.safer
        )


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
