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

MOST_CELLS = 12_000_000
"""Cells between the corners of all sheets that are read: about 400 MB in the reader."""

MOST_SPECIAL = 500_000
"""Cells with errors, formulas without a value or foreign money that are remembered."""

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_LONGEST_ROW = 8 * 1024 * 1024

_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
_ANY_REFERENCE = re.compile(rb"<c\s[^>]*?\br\s*=\s*[\"']\s*([A-Za-z]{1,3}[0-9]{1,7})")
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
_DIGITS = b"0123456789"
_LETTERS = bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B))


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

    last_row: int = 0
    last_column: int = -1
    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    special: dict[int, dict[int, tuple[str, str]]] = field(default_factory=dict)
    foreign: dict[int, dict[int, str]] = field(default_factory=dict)
    remembered: int = 0

    @property
    def bounds(self) -> int:
        """Cells between the first corner and the last."""
        return self.last_row * (self.last_column + 1)


def scan_sheet(where: str, chunks: Iterable[bytes], looks: Looks) -> SheetFacts:
    """Read a worksheet part as a stream.

    Raises FileRefused when its cells reach beyond what a spreadsheet has, or
    more of them than `MOST_SPECIAL` have no value of their own.
    """
    facts = SheetFacts()
    styles = bool(looks.struck or looks.currencies)
    for block in _blocks(chunks):
        _reach(where, block, facts)
        if b"hidden" in block:
            for match in _HIDDEN_ROW.finditer(block):
                if place := _PLACE.search(match[1]):
                    facts.hidden.append(int(place[2]))
        if b'"e"' in block or b"'e'" in block:
            for match in _ERROR.finditer(block):
                value = _VALUE.search(match[2])
                text = value[1].decode("ascii", "replace") if value else "#ERROR"
                _remember(where, facts, match[1], ("error", text))
        if b"<f" in block:
            _formulas(where, block, facts)
        if styles:
            _styled(where, block, facts, looks)
    return facts


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


def _reach(where: str, block: bytes, facts: SheetFacts) -> None:
    references = _REFERENCE.findall(block)
    if len(references) != block.count(b"<c ") or b"<c>" in block:
        references = _ANY_REFERENCE.findall(block)
    if not references:
        return
    joined = b" ".join(references)
    columns = set(joined.translate(None, _DIGITS).split())
    rows = set(joined.translate(None, _LETTERS).split())
    facts.last_row = max(facts.last_row, *map(int, rows))
    facts.last_column = max(facts.last_column, *map(column_number, columns))
    if facts.last_row > LAST_ROW or facts.last_column >= LAST_COLUMN:
        raise FileRefused(
            "a cell lies beyond the last row or column a sheet has",
            where=where,
            hint="Open it in the spreadsheet program and save it anew.",
        )


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


def column_number(letters: bytes | str) -> int:
    """A column's number, from 0.

    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (0, 26, 16383)
    """
    text = letters.decode("ascii") if isinstance(letters, bytes) else letters
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """A column's letters as a spreadsheet shows them, from its number from 0.

    >>> column_letters(0), column_letters(26), column_letters(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
