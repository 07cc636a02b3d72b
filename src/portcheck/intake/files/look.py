"""A workbook looked at before it is opened: its archive, its parts, its sheets as XML.

All of it is foreign, so this too runs in the process with limits (`worker`).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO
from xml.parsers.expat import ExpatError

from portcheck.domain.text import one_line
from portcheck.errors import FileRefused
from portcheck.intake.files.biff import xlsb_counts_from_1904
from portcheck.intake.files.commentscan import CommentScan
from portcheck.intake.files.guard import Archive
from portcheck.intake.files.parts import WorkbookParts, read_parts
from portcheck.intake.files.sheetscan import MOST_CELLS, MOST_SPECIAL, Looks, SheetFacts, SheetScan

_ODS_CONTENT, _ODS_ERROR = "content.xml", b'calcext:value-type="error"'
_ODS_1904 = re.compile(rb"<table:null-date\s[^<>]*date-value=[\"']1904-01-01")
_LONGEST_TAG = 200
_XLSB_WORKBOOK = "xl/workbook.bin"


def look(where: str, file: BinaryIO, kind: str, orders: Iterable[bytes]) -> Iterator[Any]:
    """First ("looked", whether dates count from 1904), then for the sheets named in each
    of `orders` (a JSON list) ("facts", {name: the fields of `SheetFacts`}).

    Raises FileRefused for what would harm the machine or is damaged.
    """
    with Archive(where, file) as archive:
        parts = WorkbookParts({}, False, Looks())
        if kind == "xlsx":
            parts = read_parts(archive)
        elif kind == "ods":
            parts = replace(parts, dates_1904=_read_opendocument(archive))
        elif kind == "xlsb":
            parts = replace(parts, dates_1904=xlsb_counts_from_1904(archive.read(_XLSB_WORKBOOK)))
        yield "looked", parts.dates_1904
        for order in orders:
            found = {
                name: part
                for name in json.loads(order)
                if (part := parts.sheets.get(name, "")) in archive
            }
            facts = _scan(archive, found, parts.looks)
            yield (
                "facts",
                {
                    name: (f.hidden, f.struck, f.special, f.foreign, f.comments)
                    for name, f in facts.items()
                },
            )


def _scan(archive: Archive, found: dict[str, str], looks: Looks) -> dict[str, SheetFacts]:
    facts, cells, room = {}, 0, MOST_SPECIAL
    comments = CommentScan(archive)
    for name, part in found.items():
        scan = SheetScan(f"{archive.name}, sheet {one_line(name)}", looks, room=room)
        facts[name] = _read(archive, part, scan)
        facts[name].comments = comments.of(part)
        cells, room = cells + scan.cells, scan.room
    if cells > MOST_CELLS:
        cells = 0
        for part in found.values():
            scan = SheetScan(archive.name, looks, filled=True)
            _read(archive, part, scan)
            cells += scan.cells
    if cells > MOST_CELLS:
        raise archive.harmful(f"it reaches over {cells:,} cells (at most {MOST_CELLS:,})")
    return facts


def _read(archive: Archive, part: str, scan: SheetScan) -> SheetFacts:
    try:
        return scan.read(archive.chunks(part))
    except ExpatError as error:
        raise archive.damaged(f"its part {part} is no XML that can be read") from error


def _read_opendocument(archive: Archive) -> bool:
    """Whether bare numbers count days from 1904 (OpenDocument 1.2 part 1, 9.4.2).

    Errors in an OpenDocument sheet read as blank: a balance would be taken for none.
    """
    count, rest, dates_1904 = 0, b"", False
    for chunk in archive.chunks(_ODS_CONTENT) if _ODS_CONTENT in archive else ():
        block = rest + chunk
        count += block.count(_ODS_ERROR) - rest.count(_ODS_ERROR)
        dates_1904 = dates_1904 or _ODS_1904.search(block) is not None
        rest = block[-_LONGEST_TAG:]
    if count:
        raise FileRefused(
            f"errors of the spreadsheet (as #N/A) stand in {count:,} of its cells, and from an"
            " .ods workbook they read as blank",
            where=archive.name,
            hint="Save it as .xlsx and import that: there each of them is told.",
        )
    return dates_1904
