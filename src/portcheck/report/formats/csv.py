"""The checks as comma-separated values, one row each, that a spreadsheet opens and runs nothing of.

Texts that could be taken for a formula have an apostrophe before them.  Amounts
are in pounds, times in the operation's time zone.
"""

import csv
import io
from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache
from typing import IO, Any

from portcheck.domain.money import plain_amount
from portcheck.domain.text import clean, disarmed
from portcheck.domain.times import local
from portcheck.report.columns import Column, Kind
from portcheck.report.formats import Report


def write(report: Report, out: IO[bytes]) -> None:
    """Write the checks that count, by time."""
    sheet = report.sheet("checks")
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(_heading(column) for column in sheet.columns)
    makers = [_maker(column, report.zone) for column in sheet.columns]
    for row in sheet.rows():
        writer.writerow(
            ["" if value is None else make(value) for make, value in zip(makers, row, strict=True)]
        )
    text.detach()


def _heading(column: Column) -> str:
    return f"{column.heading} (£)" if column.kind is Kind.PENCE else column.heading


def _maker(column: Column, here: tzinfo) -> Callable[[Any], str]:
    """What turns a value of the column into its text."""
    match column.kind:
        case Kind.COUNT:
            return str
        case Kind.PENCE:
            return plain_amount
        case Kind.MONEY:
            return lambda value: plain_amount(*value)
        case Kind.TIME:
            return lambda value: local(value, here)
        case Kind.FLAG:
            return lambda value: "yes" if value else "no"
        case _:
            return lru_cache(maxsize=16_384)(lambda text: disarmed(clean(text)))
