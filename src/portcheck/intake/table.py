"""A table in a file: found by its headings, read row by row, every row accounted for.

Data rows are the rows below the headings that are not blank.  Each is given
out exactly once: as a row, or as a row with the reason why it is none (a
totals row, the headings again, a line whose quotation marks do not close).
So accepted + duplicates + rejected = data rows, whoever counts them.
"""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from portcheck.domain.problem import Problem, Severity
from portcheck.intake.cells import LONGEST_TEXT, Cell, Cells, is_blank, restored, shown, verbatim
from portcheck.intake.child import DEFAULT_SECONDS
from portcheck.intake.columns import Headings, Names
from portcheck.intake.delimited import DelimitedReader
from portcheck.intake.header import Layout, choose_layout
from portcheck.intake.rowsapart import RowsApart
from portcheck.intake.sheetscan import column_letters
from portcheck.intake.source import Kind, Source
from portcheck.intake.top import Complaint, Reader
from portcheck.intake.workbook import WorkbookReader


class Record(NamedTuple):
    """One data row as it stands.  `refusal` says why it is no row of the list, or is ""."""

    row: int
    cells: Cells
    refusal: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One data row, by field.

    `cells` has every field of the layout; a blank one is "".  `extra` are the
    other columns, word for word, as (heading, text).  A row with a problem of
    severity REJECTED is not to be taken.  `raw` is the row as texts.
    """

    row: int
    cells: Mapping[str, Cell]
    extra: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    raw: tuple[str, ...] = field(repr=False)

    @property
    def rejected(self) -> bool:
        """The row is not one of the list."""
        return any(problem.severity is Severity.REJECTED for problem in self.problems)


class TableFile:
    """A table found in a file.  Close it, or use it in a `with`.

    `warnings` are sentences about the file; some are only known when all rows
    were read.
    """

    def __init__(
        self, source: Source, layout: Layout, key: int, reader: Reader, again: Callable[[], Reader]
    ) -> None:
        self.source = source
        self.layout = layout
        self._key = key
        self._reader = reader
        self._again = again
        self._fresh = True
        self.close = weakref.finalize(self, reader.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def warnings(self) -> tuple[str, ...]:
        """About the file, its sheet and its columns."""
        return (*self.source.warnings, *self._reader.warnings, *self.layout.warnings)

    @property
    def dates_1904(self) -> bool:
        """Bare serial numbers count from 1904."""
        return self._reader.dates_1904

    def rows(self) -> Iterator[TableRow]:
        """Every data row, in the order of the file.  Raises FileRefused when it breaks off."""
        columns = self.layout.columns.items()
        for record in self.records():
            cells = record.cells
            yield TableRow(
                record.row,
                {name: cells[i] if i < len(cells) else "" for name, (i, _) in columns},
                self.extra_of(cells),
                self.problems_of(record),
                raw_of(cells),
            )

    def records(self) -> Iterator[Record]:
        """Every data row as cells: the fast way to the rows.

        Raises FileRefused when the file breaks off or was changed meanwhile.
        """
        if not self._fresh:
            self.close()
            self._reader = self._again()
            self.close = weakref.finalize(self, self._reader.close)
        self._fresh = False
        return self._records(self._reader)

    def extra_of(self, cells: Cells) -> tuple[tuple[str, str], ...]:
        """The columns that stand for no field, word for word, blank ones left out."""
        width = len(self.layout.headings)
        places = [(i, heading) for i, heading in self.layout.unknown if i < len(cells)]
        places += [(i, f"column {column_letters(i)}") for i in range(width, len(cells))]
        texts = [(heading, verbatim(cells[i])[:LONGEST_TEXT]) for i, heading in places]
        return tuple((heading, text) for heading, text in texts if text)

    def problems_of(self, record: Record) -> tuple[Problem, ...]:
        """The record's problems, its refusal first."""
        if not record.refusal:
            return record.problems
        value = next((shown(cell) for cell in record.cells if cell != ""), "")
        return (Problem(record.row, "", value, record.refusal), *record.problems)

    def _records(self, reader: Reader) -> Iterator[Record]:
        layout = self.layout
        width = len(layout.headings)
        special = RowsApart(layout)
        came_back = bool(layout.ignored)
        for row, cells, complaint in reader.records(self._key):
            if row <= layout.header_row:
                continue
            kept = tuple(map(restored, cells)) if came_back else cells
            if complaint or len(kept) > width or special.suspects(kept):
                record = self._record_apart(row, kept, complaint, special)
                if record is not None:
                    yield record
            else:
                yield Record(row, kept)

    def _record_apart(
        self, row: int, cells: Cells, complaint: Complaint | None, special: RowsApart
    ) -> Record | None:
        """A row that may be blank after all, no row, or in need of a warning."""
        if all(map(is_blank, cells)):
            return None
        width = len(self.layout.headings)
        problems = []
        refusal = special.reason(cells)
        if complaint is not None and complaint.reason:
            if complaint.doubtful and len(cells) != width:
                refusal = f"{complaint.reason}, and its cells cannot be told apart"
            problems.append(Problem(row, "", "", complaint.reason, Severity.WARNING))
        if any(not is_blank(cell) for cell in cells[width:]):
            reason = f"has {len(cells)} cells under {width} headings: is a value split in two?"
            problems.append(Problem(row, "", "", reason, Severity.WARNING))
        kept = tuple(
            cell[:LONGEST_TEXT] if isinstance(cell, str) and len(cell) > LONGEST_TEXT else cell
            for cell in cells
        )
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
                heading = (self.layout.headings[index : index + 1] or ("",))[0]
                reason = f"is {len(cell):,} characters long; only {LONGEST_TEXT:,} were kept"
                problems.append(Problem(row, heading, shown(cell), reason, Severity.WARNING))
        return Record(row, kept, refusal, tuple(problems))


def raw_of(cells: Cells) -> tuple[str, ...]:
    """A row as texts, one a column."""
    return tuple(verbatim(cell)[:LONGEST_TEXT] for cell in cells)


def read_table(
    source: Source,
    names: Names,
    required: Iterable[str],
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    password: str | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> TableFile:
    """Find the table in a file; its rows are read when they are asked for.

    `names` is the table of headings for each field (`columns.names_of`); at
    least one of `required` must be there.  `mapping` settles columns by hand:
    field to heading as written, or to a column ("col:B").  Raises FileRefused
    (PasswordNeeded for a protected workbook) and WrongUsage.
    """

    def opened() -> Reader:
        if source.kind is Kind.TEXT:
            return DelimitedReader(source)
        return WorkbookReader(source, sheet=sheet, password=password, seconds=seconds)

    reader = opened()
    try:
        top, layout = choose_layout(
            source.name, reader.tops, Headings(names), required, mapping or {}
        )
    except BaseException:
        reader.close()
        raise
    return TableFile(source, layout, top.key, reader, opened)
