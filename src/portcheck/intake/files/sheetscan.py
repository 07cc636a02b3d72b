"""What a sheet's XML says that its values do not, found in one streaming pass.

How far its cells reach (a reader that takes memory for every cell between two
corners can be killed by two cells), which rows are hidden or struck through,
which cells show an error or a formula that was never calculated (both read as
blank), and which amounts are shown in another currency than pounds.

A sheet may hold millions of cells, and a handler is called for each of their
elements: those for ends and texts are set only inside the cells that need them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from portcheck.errors import FileRefused
from portcheck.intake.files.sheetreach import LAST_COLUMN, LAST_ROW, column_number

MOST_CELLS = 11_600_000
"""Cells between the corners of all sheets that are read: eleven full columns, which take
about 370 MB in the reader."""

MOST_SPECIAL = 500_000
"""Cells of a workbook with errors, formulas without a value or foreign money."""

Attributes = dict[str, str]

_ANEW = "Open it in the spreadsheet program and save it anew."
_ROW = re.compile(r"[0-9]{1,7}")
_REFERENCE = re.compile(r"\s*([A-Za-z]{1,3})([0-9]{1,7})\s*")
_CONTENT = frozenset({"v", "is", "f"})
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Looks:
    """Cell styles that matter: struck through, or showing a currency by its code.

    Both are keyed by the style number as it stands in a cell's `s` attribute.
    """

    struck: frozenset[str] = frozenset()
    currencies: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SheetFacts:
    """What was seen of one sheet.  Rows count from 1, columns from 0.

    `special` are cells that read as blank, as (row, column, (kind, text)): ("error",
    "#N/A") or ("formula", ""); `foreign` are (row, column, currency code), and `comments`
    (row, column, text), which stand in parts of their own (`commentscan`).
    """

    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    special: list[tuple[int, int, tuple[str, str]]] = field(default_factory=list)
    foreign: list[tuple[int, int, str]] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)


class SheetScan:
    """One pass over a worksheet part.

    With `filled` only cells that hold anything count for `cells`: a reader takes no
    memory for those that are merely formatted.  `room` is how many special cells more
    may be remembered.
    """

    def __init__(
        self, where: str, looks: Looks, *, filled: bool = False, room: int = MOST_SPECIAL
    ) -> None:
        self.facts, self.room = SheetFacts(), room
        self._where, self._looks, self._filled = where, looks, filled
        self._styles = {*looks.struck, *looks.currencies}
        self._parser = expat.ParserCreate()
        self._skip = 0
        self._columns: dict[str, int] = {}  # by the letters that were met
        self._last_row, self._last_column = 0, -1
        self._row, self._column, self._digits = 0, -1, ""
        self._cell: Attributes = {}
        self._empty = False  # a cell was begun of which it matters whether it holds anything
        self._watched = self._formula = False
        self._value: list[str] | None = None

    @property
    def cells(self) -> int:
        """Cells between the first corner and the last."""
        return self._last_row * (self._last_column + 1)

    def read(self, chunks: Iterable[bytes]) -> SheetFacts:
        """Read the part to its end.

        Raises FileRefused when its cells reach beyond what a spreadsheet has, or more of
        them than there is room for have no value of their own; ExpatError when it is no XML.
        """
        self._parser.StartElementHandler = self._root
        self._parser.StartDoctypeDeclHandler = self._doctype
        for chunk in chunks:
            self._parser.Parse(chunk, False)
        self._parser.Parse(b"", True)
        return self.facts

    def _doctype(self, *_: object) -> None:
        raise self._refused("it declares entities, which no workbook needs", _ANEW)

    def _root(self, name: str, _: Attributes) -> None:
        """The first element: some programs write its name, and all others, with a prefix."""
        start, self._skip = self._start, name.find(":") + 1
        skip = self._skip
        self._parser.StartElementHandler = (
            (lambda name, attributes: start(name[skip:], attributes)) if skip else start
        )

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._cell = attributes
            reference = attributes.get("r", "")
            letters = reference.rstrip(_DIGITS)
            if reference[len(letters) :] != self._digits or letters not in self._columns:
                self._place(reference)
            if self._styles or self._filled:
                self._empty = self._filled or attributes.get("s") in self._styles
            if attributes.get("t") == "e":
                self._watch()
        elif name == "row":
            self._begin_row(attributes)
        elif self._empty or self._watched or name == "f":
            self._content(name)

    def _content(self, name: str) -> None:
        """An element that may be a value, a text or a formula of the cell under way."""
        if self._empty and name in _CONTENT:
            self._empty = False
            self._holds_something()
        if name == "f":
            self._formula = True
            self._watch()
        elif name == "v" and self._watched:
            self._value = []
            self._parser.CharacterDataHandler = self._value.append

    def _begin_row(self, attributes: Attributes) -> None:
        given = attributes.get("r", "").strip()
        self._row = int(given) if _ROW.fullmatch(given) else self._row + 1
        self._empty = False
        self._column, self._digits = -1, ""  # so that the row's first cell is placed
        if attributes.get("hidden") in {"1", "true"}:
            self.facts.hidden.append(self._row)

    def _place(self, reference: str) -> None:
        """Take in where a cell stands: where it says, or after the one before it."""
        if found := _REFERENCE.fullmatch(reference):
            self._column = self._columns.setdefault(found[1], column_number(found[1]))
            self._row, self._digits = int(found[2]), found[2]
        else:
            self._column += 1
        if self._row > LAST_ROW or self._column >= LAST_COLUMN:
            raise self._refused("a cell lies beyond the last row or column a sheet has", _ANEW)
        if not self._filled:
            self._reach()

    def _reach(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._at())

    def _at(self) -> int:
        """The column of the cell under way."""
        letters = self._cell.get("r", "").strip().rstrip(_DIGITS)
        return self._columns.get(letters, self._column)

    def _holds_something(self) -> None:
        if self._filled:
            self._reach()
        style, facts, row = self._cell.get("s", ""), self.facts, self._row
        if style in self._looks.struck and facts.struck[-1:] != [row]:
            facts.struck.append(row)
        if code := self._looks.currencies.get(style):
            self._count()
            facts.foreign.append((row, self._at(), code))

    def _watch(self) -> None:
        """Listen to the rest of a cell with an error or a formula: has it a value?"""
        self._value = None
        self._watched = True
        self._parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        name = name[self._skip :]
        if name == "v":
            self._parser.CharacterDataHandler = None
        if name != "c":
            return
        self._watched = False
        self._parser.EndElementHandler = None
        value, formula, self._formula = self._value, self._formula, False
        if self._cell.get("t") == "e":
            self._remember(("error", "".join(value or ()) or "#ERROR"))
        elif formula and not (value or (value is not None and self._cell.get("t") == "str")):
            self._remember(("formula", ""))

    def _remember(self, what: tuple[str, str]) -> None:
        self._count()
        self.facts.special.append((self._row, self._at(), what))

    def _count(self) -> None:
        self.room -= 1
        if self.room < 0:
            raise self._refused(
                f"more than {MOST_SPECIAL:,} cells hold errors, formulas that were never"
                " calculated or money in another currency",
                "Open it in the spreadsheet program, copy the list as values and save it.",
            )

    def _refused(self, why: str, hint: str) -> FileRefused:
        return FileRefused(why, where=self._where, hint=hint)
