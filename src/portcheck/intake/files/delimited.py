"""Delimited text as offices export it: encodings, delimiters, lone quotes, NUL bytes.

The file is read as a stream, twice: once to tell its encoding and that it is
text at all, once for its rows.  Rows count as a spreadsheet would show them:
a quoted line break stays inside its row, a blank line is a row.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product, zip_longest
from typing import BinaryIO

from portcheck.errors import FileRefused
from portcheck.intake.cells import LONGEST_TEXT
from portcheck.intake.files.encodings import LONGEST_LINE, NOT_UTF8, NoText, encodings_of
from portcheck.intake.files.sheetreach import LAST_COLUMN
from portcheck.intake.files.source import Source
from portcheck.intake.files.top import TOP_ROWS, Apart, Block, Top, rows_of_block

DELIMITERS = (",", ";", "\t", "|")

MOST_OF_BLOCK = 8 * 1024 * 1024
"""Characters of the rows that are held at once."""

LONGEST_RECORD = 200
"""Lines one quoted cell may run over before its quotation mark counts as a lone one."""

FULL_SHEETS = (65_536, 1_048_576)
"""Rows at which a spreadsheet program cuts a list before it is exported."""

_GAP = re.compile(r"\S {2,}\S")
_LEAST_LINES = 2
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_Parsed = tuple[Sequence[str], Apart | None]


class DelimitedReader:
    """One delimited text, with the interface of a workbook's reader.

    `tops` has one element for each delimiter and encoding the file could have been
    written with; which of them is right is told by its headings.  Raises FileRefused
    when the file is not text.
    """

    dates_1904 = False

    def __init__(self, source: Source) -> None:
        self._source = source
        self.warnings: list[str] = []
        with source.open() as file:
            encodings = _encodings(source.name, file)
        self._ways = tuple(product(encodings, DELIMITERS))
        self.tops = [
            Top(
                key,
                "",
                tuple(tuple(cells) for cells, _ in islice(self._cells(key), TOP_ROWS)),
                _doubts(encoding) if len(encodings) > 1 else (),
            )
            for key, (encoding, _) in enumerate(self._ways)
        ]
        if any(len(cells) > LAST_COLUMN for top in self.tops for cells in top.rows):
            raise _no_text(source.name)
        if _of_fixed_width(self.tops):
            raise _not_delimited(source.name)

    def close(self) -> None:
        """Nothing is held open between readings."""

    def blocks(self, key: int, width: int) -> Iterator[Block]:
        """The rows that are not blank."""
        row = blank = size = 0
        most = rows_of_block(width)
        rows: list[int] = []
        table: list[Sequence[str]] = []
        apart: dict[int, Apart] = {}
        for row, (cells, closely) in enumerate(self._cells(key), 1):
            if cells.count("") == len(cells):
                blank += 1
                if blank > FULL_SHEETS[-1]:
                    raise _mostly_blank(self._source.name)
                continue
            if closely or len(cells) > width:
                apart[len(rows)] = closely or Apart(tuple(cells), doubtful=True)
            rows.append(row)
            table.append(cells[:width])
            size += sum(map(len, cells))
            if len(rows) == most or size > MOST_OF_BLOCK:
                yield Block(rows, _columns(table, width), apart)
                rows, table, apart, size = [], [], {}, 0
        if rows:
            yield Block(rows, _columns(table, width), apart)
        if row in FULL_SHEETS:
            self.warnings.append(
                f"the file ends at row {row:,}, the last a spreadsheet's sheet can have:"
                " it may have been CUT OFF there. Ask how it was made"
            )
        self._source.check_unchanged()

    def _cells(self, key: int) -> Iterator[_Parsed]:
        encoding, delimiter = self._ways[key]
        with (
            self._source.open() as file,
            io.TextIOWrapper(file, encoding, errors="replace", newline="") as text,
        ):
            yield from self._parsed(text, delimiter)

    def _parsed(self, text: io.TextIOWrapper, delimiter: str) -> Iterator[_Parsed]:
        lines = _Lines(self._source.name, text)
        line = 1
        while True:
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            try:
                for cells in reader:
                    if lines.formulas:
                        cells = _as_texts(cells, lines)  # noqa: PLW2901 - as they are meant
                    apart = _apart(cells, lines, line) if lines.unusual else None
                    if len(cells) > LAST_COLUMN:
                        cells, apart = _cut(cells, line)  # noqa: PLW2901 - the row as it is kept
                    line += len(lines.taken)
                    lines.taken.clear()
                    yield cells, apart
            except csv.Error:
                yield _mended(lines.put_back_all_but_first(), delimiter, line)
                line += 1
            else:
                return


class _Lines:
    """The lines of a text, remembering those of the record being read."""

    def __init__(self, name: str, text: io.TextIOWrapper) -> None:
        self._name = name
        self._text = text
        self._again: list[str] = []
        self.taken: list[str] = []
        self.unusual = self.formulas = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LONGEST_RECORD:
            raise csv.Error
        line = self._again.pop() if self._again else self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) >= LONGEST_LINE:
            raise _no_text(self._name)
        self.taken.append(line)
        if "\0" in line or len(line) > LONGEST_TEXT:
            self.unusual = True
        if '="' in line:
            self.formulas = True
        return line

    def put_back_all_but_first(self) -> str:
        """Take up again after the first line of the record that failed."""
        first, *others = self.taken
        self._again += reversed(others)
        self.taken.clear()
        self.unusual = False
        return first


def _as_texts(cells: Sequence[str], lines: _Lines) -> list[str]:
    """The cells with `="0123"`, by which programs keep a text from becoming a number, as texts."""
    lines.formulas = False
    return [
        match[1].replace('""', '"') if (match := _FORMULA.fullmatch(cell.strip())) else cell
        for cell in cells
    ]


def _mended(text: str, delimiter: str, line: int) -> _Parsed:
    """A line that breaks the rules of quoting, read alone and without them."""
    limit = csv.field_size_limit()
    reason = "a lone quotation mark"
    if len(text) >= limit:
        reason = f"a cell of more than {limit:,} characters"
    cells = [cell.strip().strip('"') for cell in text.rstrip("\r\n").split(delimiter)]
    return cells, Apart(tuple(cells), f"line {line} has {reason}", doubtful=True)


def _apart(cells: Sequence[str], lines: _Lines, line: int) -> Apart | None:
    lines.unusual = False
    if any("\0" in text for text in lines.taken):
        return Apart(tuple(cells), f"line {line} holds NUL bytes; they were left out")
    return Apart(tuple(cells)) if max(map(len, cells), default=0) > LONGEST_TEXT else None


def _cut(cells: list[str], line: int) -> tuple[list[str], Apart]:
    """A row that is wider than any sheet, which no list's is: what can be kept of it."""
    cells = cells[: LAST_COLUMN + 1]
    reason = f"line {line} has more than {LAST_COLUMN:,} cells"
    return cells, Apart(tuple(cells), reason, doubtful=True)


def _columns(table: list[Sequence[str]], width: int) -> list[tuple[str, ...]]:
    """The rows turned into columns, short ones filled up."""
    columns = list(zip_longest(*table, fillvalue=""))
    return columns + [("",) * len(table)] * (width - len(columns))


def _doubts(encoding: str) -> tuple[str, ...]:
    read = f"the file is not UTF-8: it was read as {NOT_UTF8[encoding]}"
    return (f"{read}. Look at names with accents; if they are wrong, save it as “CSV UTF-8”",)


def _encodings(name: str, file: BinaryIO) -> tuple[str, ...]:
    try:
        return encodings_of(file)
    except NoText as error:
        raise _no_text(name) from error


def _of_fixed_width(tops: Sequence[Top]) -> bool:
    """Whether the columns of a text are parted by nothing but spaces, one below the other."""
    if any(len(cells) > 1 for top in tops for cells in top.rows):
        return False
    texts = (str(cells[0]).rstrip() for cells in tops[0].rows if cells)
    lines = [text for text in texts if text]
    if len(lines) < _LEAST_LINES:
        return False
    width = min(map(len, lines))
    gaps = [all(line[place] == " " for line in lines) for place in range(width)]
    begins = sum(gap and not after for gap, after in pairwise(gaps))
    return begins > 0 and all(_GAP.search(line.strip()) for line in lines[:_LEAST_LINES])


def _not_delimited(name: str) -> FileRefused:
    return FileRefused(
        "its columns are parted by spaces (fixed width), which cannot be told apart safely",
        where=name,
        hint="Open it in the spreadsheet program (Data > From Text > Fixed width) and save it as"
        " .xlsx.",
    )


def _mostly_blank(name: str) -> FileRefused:
    return FileRefused(
        f"more than {FULL_SHEETS[-1]:,} of its rows are blank, which is a whole sheet of them",
        where=name,
        hint="Take the blank rows out and save it again.",
    )


def _no_text(name: str) -> FileRefused:
    return FileRefused(
        "this is neither a workbook nor a delimited text",
        where=name,
        hint="Open it in the spreadsheet program and save it as .xlsx or as “CSV UTF-8”.",
    )
