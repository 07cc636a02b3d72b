"""An action list read: each row of the file is taken, or says why not.

A row is rejected only when none of its marks (registration, trailer,
container) can be used, or when it is no row of the list at all.  Any other
value that cannot be read, an ambiguous `2.400` among them, is left out of its
field, reported as a warning and kept word for word in `unread`: to reject the
row would be to miss a vehicle, and a penalty line without an amount or a date
is answered with "refer".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Self

from portcheck.domain.penalty import Status
from portcheck.intake.cells import text_of
from portcheck.intake.files.source import Source
from portcheck.intake.joined import Joined
from portcheck.intake.listcolumns import BLANK, Batch, ListReader
from portcheck.intake.table.columns import MARKS, names_of
from portcheck.intake.table.layout import Layout
from portcheck.intake.table.reading import TableFile, read_tables
from portcheck.intake.table.sheets import Join, Ways

_LIST = Ways(together=True, hint="Read them together with --all-sheets, or one with --sheet NAME.")

Taught = Mapping[str, Status]


class ActionListFile:
    """An action list found in a file, in one sheet or several.  Close it, or use it in a `with`."""

    def __init__(
        self, tables: Sequence[TableFile], *, joined: bool = False, taught: Taught | None = None
    ) -> None:
        self.tables = tables
        readers = [ListReader(table, taught) for table in tables]
        self._joined = Joined(tables, readers) if joined else None
        self._readers = [] if joined else readers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def source(self) -> Source:
        return self.tables[0].source

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The layout of each sheet that is read."""
        return tuple(table.layout for table in self.tables)

    @property
    def layout(self) -> Layout:
        """The layout of the first of them, by which the file is known."""
        return self.layouts[0]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that are read; none of a delimited text."""
        return tuple(text_of(layout.sheet) for layout in self.layouts if layout.sheet)

    @property
    def mapped(self) -> dict[str, str]:
        """What was settled by hand in any of them."""
        return {name: said for layout in self.layouts for name, said in layout.mapped.items()}

    @property
    def only_kept(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The columns that hold sums or dates and were not read as any field: heading, what
        they hold, and the fields that nothing was read as, of which they may be one.
        """
        read = {name for layout in self.layouts for name in layout.columns}
        return [
            (heading, what, free)
            for table in self.tables
            for heading, what, fields in table.telling
            if (free := tuple(name for name in fields if name not in read))
        ]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of `ListedRow` that every batch has."""
        if self._joined:
            return self._joined.fields
        return tuple(dict.fromkeys(name for reader in self._readers for name in reader.fields))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about the file; complete when all rows were read."""
        said = [warning for table in self.tables for warning in table.warnings]
        if self._joined:
            said += self._joined.warnings
        for table, reader in zip(self.tables, self._readers, strict=False):
            said += (_in_sheet(warning, table, self.tables) for warning in reader.warnings)
        return tuple(dict.fromkeys(said))

    def close(self) -> None:
        """End the reading."""
        for table in self.tables:
            table.close()

    def batches(self) -> Iterator[Batch]:
        """Every data row, in the order of the file: taken + rejected = data rows.

        Raises FileRefused when the file breaks off.
        """
        if len(self.tables) == 1:
            yield from map(self._readers[0], self.tables[0].blocks())
            return
        for batch in self._joined.batches() if self._joined else self._below_each_other():
            problems = [replace(problem, sheet=batch.sheet) for problem in batch.problems]
            yield batch._replace(problems=problems)

    def _below_each_other(self) -> Iterator[Batch]:
        for table, reader in zip(self.tables, self._readers, strict=True):
            for rows in table.blocks():
                batch = reader(rows)
                number = len(batch.rows)
                columns = {
                    name: batch.columns.get(name, [BLANK[name]] * number) for name in self.fields
                }
                yield batch._replace(columns=columns, sheet=text_of(table.layout.sheet))


def _in_sheet(warning: str, table: TableFile, tables: Sequence[TableFile]) -> str:
    return f"sheet “{text_of(table.layout.sheet)}”: {warning}" if len(tables) > 1 else warning


def read_action_list(
    source: Source,
    *,
    sheet: str | None = None,
    join: Join | None = None,
    ways: Ways = _LIST,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    taught: Taught | None = None,
    password: str | None = None,
    seconds: float | None = None,
) -> ActionListFile:
    """Find the action list in a file; `batches()` then reads it.

    It is in one sheet, in all that have headings of one (`sheet` is ALL_SHEETS), or in two
    that are joined.  `mapping` settles columns by hand: field to heading as written, or "col:B".
    `remembered` is what settled them in the list's files before (see `read_tables`); `taught`
    what the office says that its words for a status mean, by `fold`.
    Raises FileRefused (PasswordNeeded for a protected workbook) and WrongUsage.
    """
    tables = read_tables(
        source,
        names_of("action_list"),
        MARKS,
        sheet=sheet,
        join=join,
        ways=ways,
        mapping=mapping,
        remembered=remembered,
        password=password,
        seconds=seconds,
    )
    return ActionListFile(tables, joined=join is not None, taught=taught)
