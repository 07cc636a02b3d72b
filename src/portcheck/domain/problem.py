"""A value that could not be taken, with its place and the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

_FIRST = 3


class Severity(StrEnum):
    """`REJECTED`: the row was not taken.  `DUPLICATE`: an earlier row says the same.
    `WARNING`: the row was taken, and should be looked at.
    """

    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of one row, in words an office can act on.

    `row` is the row's number in its sheet or file, counted from 1 as a
    spreadsheet shows it; `column` is the heading as written, or "" when the
    whole row is meant; `value` is what stood there, cleaned.  `sheet` is named
    where several were read.
    """

    row: int
    column: str
    value: str
    reason: str
    severity: Severity = Severity.REJECTED
    sheet: str = ""


def first_reasons(problems: Iterable[Problem]) -> str:
    """Why the first rows were not taken, in a few words.

    >>> first_reasons([Problem(2, "", "", "no registration"), Problem(3, "", "", "totals row")])
    'row 2: no registration; row 3: totals row'
    """
    rejected = (p for p in problems if p.severity is Severity.REJECTED)
    return "; ".join(f"row {p.row}: {p.reason}" for p in islice(rejected, _FIRST))
