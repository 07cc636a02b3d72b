"""What the records of a workbook in a binary form say of its dates and its texts.

An .xls is a stream of records in a compound file ([MS-XLS] 2.1.4): two bytes of type, two of
length, the content; CodePage (2.4.52) and Date1904 (2.4.77) are among the first.  An .xlsb has
records of types and lengths in seven bits a byte ([MS-XLSB] 2.1.4), of which BrtWbProp
(2.4.823) says of dates the same.
"""

import codecs
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_RECORD = struct.Struct("<HH")
_DATE_1904, _CODE_PAGE, _END = 0x22, 0x42, 0x0A
_OF_WORKBOOKS = {0, 367, 1200, 10000, 21010, 32768, 32769, 65000, 65001}
"""Code pages that only workbooks have, or that Python knows by other names."""

_WORKBOOK_PROPERTIES = 153
_MOST_RECORDS = 20_000
_MOST_OF_LENGTH = 4  # bytes


class Told(NamedTuple):
    """What an .xls says of itself: whether its dates count from 1904, and in which code page its
    texts are written (0: it does not say).
    """

    dates_1904: bool = False
    code_page: int = 0

    @property
    def strange(self) -> bool:
        """Whether the code page is none that is known."""
        if self.code_page in _OF_WORKBOOKS:
            return False
        try:
            codecs.lookup(f"cp{self.code_page}")
        except LookupError:
            return True
        return False


def told_by_xls(file: BinaryIO) -> Told:
    """What an .xls says of itself; what is damaged is left to its reader."""
    import olefile  # type: ignore[import-untyped]  # noqa: PLC0415 - in the reading process only

    try:
        with olefile.OleFileIO(file.read()) as package:
            name = next((one for one in ("Workbook", "Book") if package.exists(one)), "")
            return _told(package.openstream(name)) if name else Told()
    except (OSError, ValueError, IndexError, struct.error):
        return Told()


def _told(stream: BinaryIO) -> Told:
    told = Told()
    for _ in range(_MOST_RECORDS):
        head = stream.read(_RECORD.size)
        if len(head) < _RECORD.size:
            break
        kind, length = _RECORD.unpack(head)
        content = stream.read(length)
        if kind == _DATE_1904:
            told = told._replace(dates_1904=content[:1] == b"\x01")
        elif kind == _CODE_PAGE:
            told = told._replace(code_page=int.from_bytes(content[:2], "little"))
        elif kind == _END:
            break
    return told


def xlsb_counts_from_1904(workbook: bytes) -> bool:
    """The same of the part of an .xlsb that is its workbook."""
    return next(
        (bool(content[0] & 1) for kind, content in _records(workbook)
         if kind == _WORKBOOK_PROPERTIES and content),
        False,
    )  # fmt: skip


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(_MOST_RECORDS):
        kind, at = _number(data, at, 2)
        length, at = _number(data, at, _MOST_OF_LENGTH)
        if at >= len(data):
            return
        yield kind, data[at : at + length]
        at += length


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in seven bits a byte, lowest first (a record's type keeps all of them)."""
    found = 0
    for place in range(most):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        found |= (byte & 0x7F) << 7 * place
        if byte < 0x80:  # noqa: PLR2004 - the last byte
            break
    return found, at
