"""A value that could not be taken, with its place and the reason."""

from dataclasses import dataclass
from enum import StrEnum


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
    whole row is meant; `value` is what stood there, cleaned.
    """

    row: int
    column: str
    value: str
    reason: str
    severity: Severity = Severity.REJECTED
