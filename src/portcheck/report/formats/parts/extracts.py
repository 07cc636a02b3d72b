"""The rows that a printed report shows: few columns, and no more rows than anybody reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from portcheck.domain.money import amount, pounds
from portcheck.domain.times import local
from portcheck.report.columns import Column, Kind, Money, Value
from portcheck.report.formats import Report

MOST_ROWS = 500
_EXTRACTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "matches",
        "Matches",
        ("ref", "typed", "registration", "tier", "list", "decision", "reason"),
    ),
    (
        "penalties",
        "Penalty lines",
        (
            *("ref", "reference", "registration", "liable_party", "listed_pence"),
            *("enforced_pence", "outstanding_pence", "not_enforceable_pence", "why_not", "actions"),
        ),
    ),
    (
        "cash",
        "Cash",
        ("ref", "at", "vehicle", "amount_minor", "disposal", "runs_out_at"),
    ),
    (
        "corrections",
        "Corrections",
        ("ref", "corrected_at", "officer", "field", "before", "after", "reason"),
    ),
)


@dataclass(frozen=True, slots=True)
class Extract:
    """Part of a sheet as texts; `left_out` is how many of its rows are not shown."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[str, ...]]
    left_out: int


def extracts(report: Report) -> Iterator[Extract]:
    """The extracts that have rows."""
    for name, title, keys in _EXTRACTS:
        sheet = report.sheet(name)
        if not sheet.count:
            continue
        places = [[column.key for column in sheet.columns].index(key) for key in keys]
        columns = tuple(sheet.columns[place] for place in places)
        rows = [
            tuple(
                shown(column, row[place], report.zone)
                for column, place in zip(columns, places, strict=True)
            )
            for row in islice(sheet.rows(), MOST_ROWS)
        ]
        yield Extract(name, title, columns, rows, sheet.count - len(rows))


def shown(column: Column, value: Value, zone: tzinfo) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return amount(*value)
    if isinstance(value, datetime):
        return local(value, zone)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return pounds(value) if column.kind is Kind.PENCE else f"{value:,}"
    return value
