"""Problems with rows, for people and for programs."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from rich.text import Text

from portcheck.domain.text import shorten
from portcheck.report.console import safe

_WORDS = {"rejected": "rejected", "duplicate": "duplicate", "warning": "look at"}
_WIDEST_VALUE = 40


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


def problem_document(problem: RowProblem) -> dict[str, Any]:
    """A problem as JSON values."""
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
        "severity": str(problem.severity),
    }


def problem_lines(problems: Sequence[RowProblem], *, most: int = 0) -> Iterator[Text]:
    """A line a problem (at most `most`): what it means for the row, where, what, and why."""
    shown = problems[:most] if most else problems
    for problem in shown:
        place = f"row {problem.row}" + (f", {problem.column}" if problem.column else "")
        value = f" “{shorten(problem.value, _WIDEST_VALUE)}”" if problem.value else ""
        yield safe(f"   {_WORDS[problem.severity]:<10} {place}{value}: {problem.reason}")
    if len(problems) > len(shown):
        yield safe(
            f"   … and {len(problems) - len(shown):,} more: “list show --problems” names all"
        )
