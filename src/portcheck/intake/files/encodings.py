"""How the bytes of a text may be encoded, told by its marks and by what its letters would be."""

import codecs
import re
import unicodedata
from typing import BinaryIO

LONGEST_LINE = 1024 * 1024
"""Bytes without a line break: no list has such a row, a binary file has."""

NOT_UTF8 = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "iso-8859-2": "ISO 8859-2 (Central European)",
    "cp850": "MS-DOS 850 (Western European)",
    "cp437": "MS-DOS 437",
    "utf-8": "UTF-8 that is damaged, � in its place",
}
"""What a text may be that is not UTF-8: the likeliest first where its headings do not tell."""

_CHUNK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # which begins as the mark of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = (
    ("utf-32-le", 4, (1, 2, 3)),
    ("utf-32-be", 4, (0, 1, 2)),
    ("utf-16-le", 2, (1,)),
    ("utf-16-be", 2, (0,)),
)
"""Encodings of several bytes a character, with the places of the zeros in a Latin one."""
_MOST_NULS = 0.1  # of all bytes of a text of one byte a character
_MOSTLY = 0.6  # of the characters of a list are Latin, also where names are not
_HIGH = re.compile(rb"(?s)(.?)([\x80-\xff])(?=(.?))")
_MOST_LOOKED_AT = 4_000
_BESIDE_NUMBERS = "£€$¥ \xa0"


class NoText(ValueError):
    """The bytes are no text in any encoding."""


def encodings_of(file: BinaryIO) -> tuple[str, ...]:
    """The encodings that the bytes may be in, the likeliest first.  Raises NoText."""
    first = file.read(_CHUNK)
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return (encoding,)
    wide = _wide(first)
    decoder = codecs.getincrementaldecoder(wide or "utf-8")()
    readable = True
    nuls = size = unbroken = 0
    chunk = first
    while chunk:
        nuls += chunk.count(b"\0")
        size += len(chunk)
        unbroken = _unbroken(chunk, unbroken)
        try:
            if readable:
                decoder.decode(chunk)
        except UnicodeDecodeError:
            readable = False
        chunk = file.read(_CHUNK)
    try:
        decoder.decode(b"", final=readable)
    except UnicodeDecodeError:
        readable = False
    if wide and readable:
        return (wide,)
    if nuls > size * _MOST_NULS:
        raise NoText
    return ("utf-8",) if readable else _by_likelihood(first)


def _wide(sample: bytes) -> str:
    """The encoding of several bytes a character that a text without a mark is in, or ""."""
    for encoding, width, zeros in _WIDE:
        characters = len(sample) // width
        if not characters:
            continue
        as_latin = min(sample[place::width].count(0) for place in zeros)
        letters = next(place for place in range(width) if place not in zeros)
        if as_latin > characters * _MOSTLY and sample[letters::width].count(0) < as_latin / 10:
            return encoding
    return ""


def _unbroken(chunk: bytes, before: int) -> int:
    """The bytes since the last line break.  Raises NoText where there are too many."""
    broken = chunk.replace(b"\r", b"\n")
    at = broken.find(b"\n")
    if before + (at if at >= 0 else len(chunk)) >= LONGEST_LINE:
        raise NoText
    return before + len(chunk) if at < 0 else len(chunk) - 1 - broken.rfind(b"\n")


def _by_likelihood(sample: bytes) -> tuple[str, ...]:
    """Every encoding that a text which is not UTF-8 may be in, by how much of it would make
    sense: a letter stands among letters of its case, a pound sign before a number.
    """
    found = _HIGH.findall(sample)[:_MOST_LOOKED_AT]

    def sense(encoding: str) -> int:
        return sum(_makes_sense(*(one.decode(encoding, "replace") for one in place))
                   for place in found)  # fmt: skip

    ranked = sorted((name for name in NOT_UTF8 if name != "utf-8"), key=sense, reverse=True)
    return (*ranked, "utf-8")


def _makes_sense(before: str, sign: str, after: str) -> int:
    """1 where a character makes sense between its neighbours, -1 where it makes none."""
    beside = [one for one in (before, after) if one.isalpha()]
    if sign.isalpha():
        if not beside:
            return 0 if unicodedata.category(sign) == "Lu" else -1
        small = sum(one.islower() for one in beside)
        return -1 if sign.isupper() and before.islower() and small else 1
    if sign in _BESIDE_NUMBERS:
        return 1 if after.isdigit() or before.isdigit() or after in ")]" else 0
    if sign in "\u2019\u00b4":
        return 1 if beside else 0
    if sign in "\u2013\u2014\u201c\u201d\u2018\u2022\u00b0\u00ba\u00aa\u00a7\u2026\u00ab\u00bb":
        return -1 if len(beside) > 1 else 0
    return -1
