from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from portcheck.domain.listing import ListedRow
from portcheck.domain.problem import Problem, Severity
from portcheck.intake.files.source import open_source
from portcheck.intake.listrows import ActionListFile, read_action_list
from portcheck.store.entryvalues import entry_of

Sheet = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Row:
    """One data row; `entry` is None when it was rejected, and `raw` is the row then."""

    row: int
    entry: ListedRow | None
    problems: tuple[Problem, ...]
    raw: tuple[str, ...] = ()
    sheet: str = ""


def every_row(file: ActionListFile) -> list[Row]:
    """Every data row of a list, in order."""
    rows = []
    for batch in file.batches():
        problems: dict[int, list[Problem]] = {}
        for problem in batch.problems:
            problems.setdefault(problem.row, []).append(problem)
        assert not batch.rows or tuple(batch.columns) == file.fields
        for number, *values in zip(batch.rows, *batch.columns.values(), strict=True):
            entry = entry_of(dict(zip(batch.columns, values, strict=True)))
            rows.append(Row(number, entry, tuple(problems.get(number, ())), sheet=batch.sheet))
        rows += [
            Row(number, None, tuple(problems[number]), raw, batch.sheet)
            for number, raw in batch.rejected.items()
        ]
    return sorted(rows, key=lambda row: (row.sheet, row.row))


class Outcome:
    """An action list read to its end."""

    def __init__(self, file: ActionListFile) -> None:
        self.rows = every_row(file)
        self.layout = file.layout
        self.warnings = " / ".join(file.warnings)

    @property
    def entries(self) -> list[ListedRow]:
        return [row.entry for row in self.rows if row.entry is not None]

    @property
    def registrations(self) -> list[str]:
        return [entry.registration for entry in self.entries]

    @property
    def rejected(self) -> dict[int, str]:
        return {row.row: row.problems[0].reason for row in self.rows if row.entry is None}

    @property
    def told(self) -> list[Problem]:
        return [p for row in self.rows for p in row.problems if p.severity is Severity.WARNING]


Read = Callable[..., Outcome]
RowsOf = Callable[[ActionListFile], list[Row]]
MakeBook = Callable[..., Path]


@pytest.fixture
def read() -> Read:
    def reading(path: Path, **options: Any) -> Outcome:
        with read_action_list(open_source(path), **options) as file:
            return Outcome(file)

    return reading


@pytest.fixture(scope="session")
def rows_of() -> RowsOf:
    """Every data row of an open list, in order."""
    return every_row


@pytest.fixture
def make_book(tmp_path: Path) -> MakeBook:
    """Write sheets of rows as an .xlsx; `finish` may change the workbook before it is saved."""

    def making(
        *sheets: Sheet,
        name: str = "list.xlsx",
        finish: Callable[[openpyxl.Workbook], None] | None = None,
    ) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for number, rows in enumerate(sheets, 1):
            sheet = book.create_sheet(f"Sheet{number}")
            for row in rows:
                sheet.append(list(row))
        if finish is not None:
            finish(book)
        path = tmp_path / name
        book.save(path)
        book.close()
        return path

    return making


@pytest.fixture
def make_text(tmp_path: Path) -> Callable[..., Path]:
    def making(content: str | bytes, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return making
