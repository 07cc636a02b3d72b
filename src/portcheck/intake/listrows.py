"""An action list read: each row of the file is taken, or says why not.

A row is rejected only when none of its marks (registration, trailer,
container) can be used, or when it is no row of the list at all.  Any other
value that cannot be read, an ambiguous `2.400` among them, is left out of its
field, reported as a warning and kept word for word in `unread`: to reject the
row would be to miss a vehicle, and a penalty line without an amount or a date
is answered with "refer".
"""

from collections.abc import Iterator, Mapping
from typing import Self

from portcheck.intake.files.source import Source
from portcheck.intake.listcolumns import Batch, ListReader
from portcheck.intake.table.columns import MARKS, names_of
from portcheck.intake.table.layout import Layout
from portcheck.intake.table.reading import TableFile, read_table


class ActionListFile:
    """An action list found in a file.  Close it, or use it in a `with`."""

    def __init__(self, table: TableFile) -> None:
        self.table = table
        self._reader = ListReader(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def source(self) -> Source:
        return self.table.source

    @property
    def layout(self) -> Layout:
        return self.table.layout

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of `ListedRow` that every batch has."""
        return self._reader.fields

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about the file; complete when all rows were read."""
        return (*self.table.warnings, *self._reader.warnings)

    def close(self) -> None:
        """End the reading."""
        self.table.close()

    def batches(self) -> Iterator[Batch]:
        """Every data row, in the order of the file: taken + rejected = data rows.

        Raises FileRefused when the file breaks off.
        """
        return map(self._reader, self.table.blocks())


def read_action_list(
    source: Source,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    password: str | None = None,
    seconds: float | None = None,
) -> ActionListFile:
    """Find the action list in a file; `batches()` then reads it.

    `mapping` settles columns by hand: field to heading as written, or "col:B".
    `remembered` is what settled them in the list's files before (see `read_table`).
    Raises FileRefused (PasswordNeeded for a protected workbook) and WrongUsage.
    """
    table = read_table(
        source,
        names_of("action_list"),
        MARKS,
        sheet=sheet,
        mapping=mapping,
        remembered=remembered,
        password=password,
        seconds=seconds,
    )
    return ActionListFile(table)
