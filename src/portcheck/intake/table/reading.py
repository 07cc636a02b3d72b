"""A table in a file: found by its headings, read row by row, every row accounted for.

Data rows are the rows below the headings that are not blank.  Each is given
out exactly once: as a row, or as a row with the reason why it is none (a
totals row, the headings again, a line whose quotation marks do not close).
So accepted + duplicates + rejected = data rows, whoever counts them.
"""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from portcheck.domain.problem import Problem, Severity
from portcheck.intake.cells import LONGEST_TEXT, Cell, Cells, verbatim
from portcheck.intake.files.delimited import DelimitedReader
from portcheck.intake.files.source import Kind, Source
from portcheck.intake.files.top import Reader
from portcheck.intake.files.workbook import WorkbookReader
from portcheck.intake.table.columns import Headings, Names, other_money
from portcheck.intake.table.datarows import Rows, Sorter
from portcheck.intake.table.judged import what_is_held
from portcheck.intake.table.mostly import refuse_mostly_repeated
from portcheck.intake.table.sheets import ALL_SHEETS, ONE_SHEET, Chooser, Chosen, Join, Ways


@dataclass(frozen=True, slots=True)
class TableRow:
    """One data row, by field.

    `cells` has every field of the layout; a blank one is "".  `marks` are the cells of
    registrations, those of further columns too: field, heading and cell.  `extra` are the
    other columns, word for word, as (heading, text).  A row with a problem of
    severity REJECTED is not to be taken.  `raw` is the row as texts.
    """

    row: int
    cells: Mapping[str, Cell]
    marks: tuple[tuple[tuple[str, ...], str, Cell], ...]
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
    were read.  `common` is the place of the column of a join, from 0.
    """

    def __init__(
        self, source: Source, chosen: Chosen, reader: Reader, again: Callable[[], Reader]
    ) -> None:
        self.source = source
        self.layout = chosen.layout
        self.common = chosen.common
        self._top = chosen.top
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
    def telling(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """The columns that stand for no field, and hold sums or dates by their first values:
        heading, "sums" or "dates", and the fields they may be.
        """
        rows = self._top.rows[self.layout.header_row :]
        for place, heading in self.layout.unknown:
            what, fields = what_is_held([row[place] for row in rows if place < len(row)])
            if fields and not other_money(heading):
                yield heading, what, fields

    @property
    def dates_1904(self) -> bool:
        """Bare serial numbers count from 1904."""
        return self._reader.dates_1904

    def rows(self) -> Iterator[TableRow]:
        """Every data row, in the order of the file.  Raises FileRefused when it breaks off."""
        columns, marks = self.layout.columns.items(), self.layout.marks
        for rows in self.blocks():
            for place, number in enumerate(rows.numbers):
                cells = rows.cells(place)
                named = {name: cells[i] for name, (i, _) in columns}
                if rows.sections and not named.get("haulier"):
                    named["haulier"] = rows.sections[place].haulier
                yield TableRow(
                    number,
                    named,
                    tuple((one.fields, one.heading, cells[one.place]) for one in marks),
                    self.extra_of(cells),
                    rows.problems_of(place),
                    raw_of(cells),
                )

    def blocks(self) -> Iterator[Rows]:
        """Every data row, many at a time and by column: the fast way to the rows.

        Raises FileRefused when the file breaks off, was changed meanwhile, or goes on and on
        with the same row.
        """
        if not self._fresh:
            self.close()
            self._reader = self._again()
            self.close = weakref.finalize(self, self._reader.close)
        self._fresh = False
        blocks = self._reader.blocks(self._top.key, len(self.layout.headings))
        sort = Sorter(self.layout, self._top.merges)
        rows = repeated = 0
        for block in blocks:
            rows += len(block.rows)
            repeated += len(block.rows) - len(set(zip(*block.columns, strict=True)))
            refuse_mostly_repeated(self.source.name, rows, repeated)
            yield sort(block)

    def extra_of(self, cells: Cells) -> tuple[tuple[str, str], ...]:
        """The columns that stand for no field, word for word, blank ones left out."""
        width = len(self.layout.headings)
        places = [*self.layout.unknown]
        places += [(i, self.layout.heading_of(i)) for i in range(width, len(cells))]
        texts = [(heading, verbatim(cells[i])[:LONGEST_TEXT]) for i, heading in places]
        return tuple((heading, text) for heading, text in texts if text)


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
) -> TableFile:
    """Find the table in a file, as `read_tables` does in one sheet."""
    (table,) = read_tables(source, names, required, sheet=sheet, mapping=mapping, password=password)
    return table


def read_tables(
    source: Source,
    names: Names,
    required: Iterable[str],
    *,
    sheet: str | None = None,
    join: Join | None = None,
    ways: Ways = ONE_SHEET,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    password: str | None = None,
    seconds: float | None = None,
) -> tuple[TableFile, ...]:
    """Find the tables in a file; their rows are read when they are asked for, one after the other.

    There is one, in `sheet` or where the best headings are; with ALL_SHEETS there is one for
    each sheet with headings of a list; with `join` there are two.  `names` is the table of
    headings for each field (`columns.names_of`); at least one of `required` must be there.
    `mapping` settles columns by hand: field to heading as written, or to a column ("col:B").
    `remembered` is what settled them in the files before; a blank heading in `mapping` takes
    it back, and a column that is gone is looked for by its names.  Raises FileRefused
    (PasswordNeeded for a protected workbook) and WrongUsage.
    """
    named = [] if sheet in {None, ALL_SHEETS} else [str(sheet)]

    def opened() -> Reader:
        if source.kind is Kind.TEXT:
            return DelimitedReader(source)
        return WorkbookReader(
            source,
            sheets=named + ([join.sheet] if named and join else []),
            password=password,
            seconds=seconds,
        )

    reader = opened()
    try:
        chooser = Chooser(
            source.name,
            reader.tops,
            Headings(names),
            required,
            mapping or {},
            remembered or {},
            ways,
        )
        if join:
            found = chooser.joined(join)
        else:
            found = chooser.every() if sheet == ALL_SHEETS else chooser.one()
    except BaseException:  # Ctrl-C too: the reading process must not be left running
        reader.close()
        raise
    return tuple(TableFile(source, one, reader, opened) for one in found)
