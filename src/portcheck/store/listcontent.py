"""A list's entries as they travel: the content that `entries_sha256` names."""

import json
import sqlite3
import zlib
from collections.abc import Iterator

from portcheck.domain.listing import ListedRow
from portcheck.errors import FileRefused
from portcheck.journal.chain import canonical
from portcheck.store.entries import entries_of
from portcheck.store.entryvalues import BLANKS, COLUMNS, entry_of, stored_values

MOST_BYTES = 512 * 2**20
"""What is unpacked has no more than so many bytes: a million entries have a third of it."""
_AT_ONCE = 2**20
_GONE = "the list was changed on its way, or is not whole"


def pack(connection: sqlite3.Connection, list_name: str, version: int) -> bytes:
    """The entries that were in force in a version, each with its row in the file it came from.

    The first line names the columns, so that one that is added later is told.
    """
    packing = zlib.compressobj(6)
    parts = [packing.compress(f"{canonical(COLUMNS)}\n".encode())]
    for row, _, entry in entries_of(connection, list_name, version):
        line = canonical([row, *stored_values(entry)])
        parts.append(packing.compress(f"{line}\n".encode()))
    return b"".join([*parts, packing.flush()])


def unpack(content: bytes) -> Iterator[tuple[int, ListedRow]]:
    """(number, entry) of every entry that was packed: its row, or where several files gave the
    rows, its place.  Raises FileRefused for what is none, or has columns of a newer portcheck.
    """
    try:
        lines = _lines(content)
        names = json.loads(next(lines))
        if not set(names) <= set(COLUMNS):
            raise FileRefused("the list comes from a newer portcheck: update this one")
        before, shift = 0, 0
        for line in lines:
            row, *values = json.loads(line)
            shift = max(shift, before + 1 - row)
            before = row + shift
            yield before, entry_of(BLANKS | dict(zip(names, values, strict=True)))
    except (ValueError, TypeError, StopIteration, zlib.error, RecursionError) as error:
        raise FileRefused(_GONE) from error


def _lines(content: bytes) -> Iterator[str]:
    unpacking, left, came = zlib.decompressobj(), b"", 0
    while content and not unpacking.eof:
        some = unpacking.decompress(content, _AT_ONCE)
        content, came = unpacking.unconsumed_tail, came + len(some)
        if came > MOST_BYTES:
            raise FileRefused("the list is larger than a list can be")
        *lines, left = (left + some).split(b"\n")
        yield from (line.decode() for line in lines)
    if not unpacking.eof or left:
        raise FileRefused(_GONE)
