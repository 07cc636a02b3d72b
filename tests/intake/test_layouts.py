"""A thousand layouts, each with its accounting known: nothing is lost without a row saying so."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from layoutmaker import Made, Sheet, described, made
from portcheck.domain.listing import ListedRow
from portcheck.intake.files.source import Kind, Source, open_source, source_of_bytes
from portcheck.intake.files.top import Block, Merge, Top
from portcheck.intake.listrows import ActionListFile, read_action_list
from portcheck.intake.table import reading
from portcheck.intake.table.sheets import ALL_SHEETS
from portcheck.store.entryvalues import entry_of

FEW, MANY = range(60), range(1_000)
BOOKS = range(2_000, 2_012)


class SheetsInMemory:
    """The sheets of a layout as a workbook's reader gives them, without a workbook."""

    dates_1904 = False

    def __init__(self, one: Made) -> None:
        self.warnings: list[str] = []
        self._sheets = one.sheets
        self.tops = [
            Top(
                number,
                sheet.name,
                tuple(zip(*self._columns(sheet), strict=True))[:50],
                merges=tuple(Merge(a, b, c, d) for a, b, c, d in sheet.merges),
                height=len(sheet.rows),
            )
            for number, sheet in enumerate(one.sheets)
        ]

    def blocks(self, key: int, width: int) -> Iterator[Block]:
        columns = self._columns(self._sheets[key])
        filled = [i for i, row in enumerate(zip(*columns, strict=True)) if any(row)]
        columns += [("",) * len(columns[0])] * (width - len(columns))
        for start in range(0, len(filled), 4):  # small blocks: what goes on over their ends is met
            rows = filled[start : start + 4]
            yield Block([i + 1 for i in rows], [[column[i] for i in rows] for column in columns])

    def close(self) -> None:
        pass

    @staticmethod
    def _columns(sheet: Sheet) -> list[tuple[str, ...]]:
        width = max(map(len, sheet.rows))
        return list(zip(*([*row, *[""] * (width - len(row))] for row in sheet.rows), strict=True))


def opened(one: Made, monkeypatch: pytest.MonkeyPatch) -> ActionListFile:
    if one.is_text:
        out = io.StringIO()
        csv.writer(out).writerows(one.sheets[0].rows)
        return read_action_list(source_of_bytes("list.csv", out.getvalue().encode()))
    monkeypatch.setattr(reading, "WorkbookReader", lambda *_, **__: SheetsInMemory(one))
    source = Source("list.xlsx", None, "0" * 64, 1, Kind.XLSX)
    return read_action_list(source, sheet=ALL_SHEETS)


def written(one: Made, path: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in one.sheets:
        page = book.create_sheet(sheet.name)
        for row in sheet.rows:
            page.append([cell or None for cell in row])
        for top, left, bottom, right in sheet.merges:
            page.merge_cells(
                start_row=top, start_column=left + 1, end_row=bottom, end_column=right + 1
            )
    book.save(path)
    return path


def line(entry: ListedRow) -> tuple[Any, ...]:
    return (
        entry.registration,
        entry.trailer_registration,
        entry.haulier,
        entry.penalty_reference,
        entry.balance_pence,
    )


def hold(one: Made, file: ActionListFile) -> None:
    """Every row accounted for, every line as it was made."""
    rows = rejected = 0
    found: Counter[Any] = Counter()
    with file:
        for batch in file.batches():
            rows += len(set(batch.rows)) + len(batch.rejected)
            rejected += len(batch.rejected)
            for values in zip(*batch.columns.values(), strict=True):
                found[line(entry_of(dict(zip(batch.columns, values, strict=True))))] += 1
    told = "\n".join(described(one))
    assert Counter(set(found)) == one.lines, told
    assert rejected == sum(sheet.rejected for sheet in one.sheets), told
    assert rows == sum(sheet.data for sheet in one.sheets), told


def test_a_few_layouts(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in FEW:
        hold(made(seed), opened(made(seed), monkeypatch))


@pytest.mark.slow
@pytest.mark.long
def test_a_thousand_layouts(monkeypatch: pytest.MonkeyPatch) -> None:
    traits: set[str] = set()
    for seed in MANY:
        one = made(seed)
        hold(one, opened(one, monkeypatch))
        traits |= {*one.traits}
    assert len(traits) == 6 + 5 + 3 + 4  # each kind of each thing was among them


@pytest.mark.slow
def test_some_of_them_as_workbooks(tmp_path: Path) -> None:
    for seed in BOOKS:
        one = made(seed)
        source = open_source(written(one, tmp_path / f"{seed}.xlsx"))
        hold(one, read_action_list(source, sheet=ALL_SHEETS))
