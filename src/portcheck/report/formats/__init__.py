"""The formats of a report: one line in the table and one module each.

A module has `write(report, out)`, which writes the whole file to a binary
stream.  What it writes follows from the report alone: no clock, no chance, so
that the report of an ended operation is the same file whenever it is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from importlib import import_module
from pathlib import Path
from typing import IO

from portcheck.domain.statement import Statement
from portcheck.report.columns import Kind
from portcheck.report.sheets import Sheet

FORMATS: dict[str, str] = {
    ".xlsx": "workbook",
    ".html": "html",
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
}
"""The module that writes a file, by the file's suffix."""

NUMBERS = frozenset({Kind.COUNT, Kind.PENCE, Kind.MONEY})
"""What stands to the right in its column."""


@dataclass(frozen=True, slots=True)
class Report:
    """What every format is made from: the figures, and the rows behind them.

    Times are shown in `zone`; `stamped_at` (UTC) stands where a file must carry
    a date of its own.
    """

    statement: Statement
    sheets: list[Sheet]
    zone: tzinfo
    stamped_at: datetime

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name."""
        return next(one for one in self.sheets if one.name == name)


Writer = Callable[[Report, IO[bytes]], None]


def writer_for(path: Path) -> Writer:
    """What writes a report to a file of this name, whose suffix is one of `FORMATS`."""
    module = import_module(f"portcheck.report.formats.{FORMATS[path.suffix.lower()]}")
    writer: Writer = module.write
    return writer
