"""What a sheet's XML says that its values do not, found in one streaming pass.

How far its cells reach (a reader that takes memory for every cell between two
corners can be killed by two cells), which rows are hidden or struck through,
which cells show an error or a formula that was never calculated (both read as
blank), and which amounts are shown in another currency than pounds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from portcheck.errors import FileRefused
from portcheck.intake.sheetreach import Reach, column_number

MOST_CELLS = 12_000_000
"""Cells between the corners of all sheets that are read: about 400 MB in the reader."""

MOST_SPECIAL = 500_000
"""Cells with errors, formulas without a value or foreign money that are remembered."""

_LONGEST_ROW = 8 * 1024 * 1024

_HIDDEN_ROW = re.compile(rb"<row\b([^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_ERROR = re.compile(rb"<c\b([^>]*\bt\s*=\s*[\"']e[\"'][^>]*)>(.*?)</c>", re.DOTALL)
_FORMULA = re.compile(
    rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(.*?)</c>",
    re.DOTALL,
)
_VALUE = re.compile(rb"<v\b[^>]*>([^<]+)<")
_EMPTY_TEXT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)([0-9]+)")
_STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d+)")
_STYLED = re.compile(rb"<c\b([^>]*\bs\s*=\s*[\"']\d+[\"'][^>]*[^/>]|[^>]*\bs=\"\d+\")>")
_PREFIXED_ROOT = re.compile(rb"<\w+:worksheet\b")
_PREFIX = re.compile(rb"<(/?)\w+:")


@dataclass(frozen=True, slots=True)
class Looks:
    """Cell styles that matter: struck through, or showing a currency by its code.

    Both are keyed by the style number as it stands in a cell's `s` attribute.
    """

    struck: frozenset[bytes] = frozenset()
    currencies: Mapping[bytes, str] = field(default_factory=dict)


@dataclass(slots=True)
class SheetFacts:
    """What was seen of one sheet.  Rows count from 1, columns from 0.

    `special` gives, by row and column, what a cell is that reads as blank:
    ("error", "#N/A") or ("formula", ""); `foreign` gives currency codes.
    """

    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    special: dict[int, dict[int, tuple[str, str]]] = field(default_factory=dict)
    foreign: dict[int, dict[int, str]] = field(default_factory=dict)
    remembered: int = 0
    reach: Reach = field(default_factory=Reach)


def scan_sheet(where: str, chunks: Iterable[bytes], looks: Looks) -> SheetFacts:
    """Read a worksheet part as a stream.

    Raises FileRefused when its cells reach beyond what a spreadsheet has, or
    more of them than `MOST_SPECIAL` have no value of their own.
    """
    facts = SheetFacts()
    styles = bool(looks.struck or looks.currencies)
    for block in _blocks(chunks):
        facts.reach.see(where, block)
        if b"hidden" in block:
            for match in _HIDDEN_ROW.finditer(block):
                if place := _PLACE.search(match[1]):
                    facts.hidden.append(int(place[2]))
        if b'"e"' in block or (b"'" in block and b"'e'" in block):
            for match in _ERROR.finditer(block):
                value = _VALUE.search(match[2])
                text = value[1].decode("ascii", "replace") if value else "#ERROR"
                _remember(where, facts, match[1], ("error", text))
        if b"<f" in block:
            _formulas(where, block, facts)
        if styles:
            _styled(where, block, facts, looks)
    return facts


def filled_cells(where: str, chunks: Iterable[bytes]) -> int:
    """Cells between the first corner and the last one that holds anything.

    A reader takes no memory for cells that are merely formatted.
    """
    reach = Reach()
    for block in _blocks(chunks):
        reach.see_filled(where, block)
    return reach.cells


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The XML cut between rows, without namespace prefixes on its elements."""
    rest = b""
    prefixed: bool | None = None
    for chunk in chunks:
        if prefixed is None:
            prefixed = _PREFIXED_ROOT.search(chunk[:4096]) is not None
        block = rest + chunk
        cut = block.rfind(b"row>") + 4
        if cut < len(b"row>") and len(block) > _LONGEST_ROW:
            cut = block.rfind(b">") + 1
        if cut < len(b"row>"):
            rest = block
            continue
        yield _PREFIX.sub(rb"<\1", block[:cut]) if prefixed else block[:cut]
        rest = block[cut:]
    yield _PREFIX.sub(rb"<\1", rest) if prefixed else rest


def _formulas(where: str, block: bytes, facts: SheetFacts) -> None:
    for match in _FORMULA.finditer(block):
        if _VALUE.search(match[2]):
            continue
        if b"<v" in match[2] and _EMPTY_TEXT.search(match[1]):
            continue
        _remember(where, facts, match[1], ("formula", ""))


def _styled(where: str, block: bytes, facts: SheetFacts, looks: Looks) -> None:
    for match in _STYLED.finditer(block):
        style = _STYLE.search(match[1])
        place = _PLACE.search(match[1])
        if style is None or place is None:
            continue
        row = int(place[2])
        if style[1] in looks.struck and (not facts.struck or facts.struck[-1] != row):
            facts.struck.append(row)
        if code := looks.currencies.get(style[1]):
            _count(where, facts)
            facts.foreign.setdefault(row, {})[column_number(place[1])] = code


def _remember(where: str, facts: SheetFacts, attributes: bytes, what: tuple[str, str]) -> None:
    place = _PLACE.search(attributes)
    if place is None or not place[1]:
        return
    _count(where, facts)
    facts.special.setdefault(int(place[2]), {})[column_number(place[1])] = what


def _count(where: str, facts: SheetFacts) -> None:
    facts.remembered += 1
    if facts.remembered > MOST_SPECIAL:
        raise FileRefused(
            f"more than {MOST_SPECIAL:,} cells hold errors, formulas that were never calculated"
            " or money in another currency",
            where=where,
            hint="Open it in the spreadsheet program, copy the list as values and save it.",
        )
