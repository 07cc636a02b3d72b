"""Problems with rows, for people and for programs."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

from rich.text import Text

from portcheck.domain.text import shorten
from portcheck.intake.table.layout import Layout
from portcheck.report.console import safe

_WORDS = {"rejected": "rejected", "duplicate": "duplicate", "warning": "look at"}
_WIDEST_VALUE = 40
_WIDEST_HEADING = 60
_MOST_HEADINGS = 20
_MOST_RANGES = 5


class RowProblem(Protocol):
    """A problem, fresh from a file or read back from the store."""

    @property
    def row(self) -> int:
        """The row's number in its sheet."""

    @property
    def column(self) -> str:
        """The heading, or ""."""

    @property
    def value(self) -> str:
        """What stood there."""

    @property
    def reason(self) -> str:
        """Why it cannot be taken."""

    @property
    def severity(self) -> str:
        """One of "rejected", "duplicate" and "warning"."""

    @property
    def sheet(self) -> str:
        """The sheet, where several were read."""


def problem_document(problem: RowProblem) -> dict[str, Any]:
    """A problem as JSON values."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
        "severity": str(problem.severity),
    }


def problem_lines(problems: Sequence[RowProblem], *, most: int = 0) -> Iterator[Text]:
    """What it means for the row, where, what, and why; the same of several rows is one line.

    At most `most` lines, each with the first of its rows; with 0, all lines and all rows.
    """
    alike: dict[tuple[str, str, str, str, str], list[int]] = {}
    for one in problems:
        said = (_WORDS[one.severity], one.sheet, one.column, one.value, one.reason)
        alike.setdefault(said, []).append(one.row)
    shown = islice(alike.items(), most or None)
    told = 0
    for (word, sheet, column, value, reason), rows in shown:
        told += len(rows)
        if rows == [0]:  # about the file
            yield safe(f"   ! {reason}")
            continue
        named = row_places(rows, most=_MOST_RANGES if most else 0)
        place = ", ".join(filter(None, (sheet, named, column)))
        text = f" “{shorten(value, _WIDEST_VALUE)}”" if value else ""
        yield safe(f"   {word:<10} {place}{text}: {reason}")
    if told < len(problems):
        yield safe(f"   … and {len(problems) - told:,} more: “list show --problems” names all")


def row_places(rows: Sequence[int], *, most: int = 0) -> str:
    """Row numbers in words: "row 5", "3 rows (5-6, 9)"; at most `most` ranges, or all."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    named = [str(a) if a == b else f"{a}-{b}" for a, b in ranges[: most or None]]
    more = ", …" if len(named) < len(ranges) else ""
    return f"{len(rows):,} rows ({', '.join(named)}{more})"


def layout_lines(
    layout: Layout, *, of_sheet: bool = False, others: str = "kept too"
) -> Iterator[Text]:
    """What was read of a file (or `of_sheet`, one of several): its columns by the fields they
    hold, and what became of the `others`.
    """
    columns = [(name, text) for name, (_, text) in layout.columns.items()]
    columns += [(one.fields[0], one.heading) for one in layout.further]
    named = (f"{name} = {shorten(text, _WIDEST_HEADING)}" for name, text in columns)
    where = f"{layout.sheet}: " if of_sheet else ""
    yield safe("   columns    " + where + ", ".join(named))
    headings = [shorten(heading, _WIDEST_HEADING) for _, heading in layout.unknown]
    hidden = len(headings) - _MOST_HEADINGS
    if headings:
        more = f" and {hidden:,} more" if hidden > 0 else ""
        yield safe(f"   {others:<10} " + ", ".join(headings[:_MOST_HEADINGS]) + more)
