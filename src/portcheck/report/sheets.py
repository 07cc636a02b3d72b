"""The rows of a report: checks, matches, penalties, offences, cash and corrections.

Rows come one after another, so that a report of any size takes little memory.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from portcheck.domain.decision import Decision
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Part, format_value
from portcheck.domain.money import pounds
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.statement import REASONS, LineAccount, Statement
from portcheck.domain.times import read_utc
from portcheck.domain.units import smallest
from portcheck.report.columns import (
    CASH,
    CHECKS,
    CORRECTIONS,
    MATCHES,
    OPERATION,
    PENALTIES,
    RECORDS,
    CheckColumn,
    Column,
    Money,
    Value,
    parts_of,
)
from portcheck.services.context import Context
from portcheck.services.day.selection import Selection
from portcheck.services.day.shares import Book
from portcheck.store.checkrows import MATCHES as MATCHING
from portcheck.store.checkrows import (
    CheckRow,
    LineShown,
    check_rows,
    correction_rows,
    count_rows,
    lines_shown,
)

_FIELDS = {field.name: field for field in (*DETAILS, *OUTCOME)}
_DECISIONS: dict[str, str] = {Decision.OPEN: "unresolved"}
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a report: `rows` reads its `count` rows anew each time it is called."""

    name: str
    title: str
    columns: tuple[Column, ...]
    count: int
    rows: Callable[[], Iterator[Row]]


def sheets(context: Context, selection: Selection, statement: Statement) -> list[Sheet]:
    """The sheets of a selection, read while they are written."""
    counts = count_rows(context.connection, selection.scope, ("cash", *RECORDS))
    tables = _Tables(context, selection, statement)

    def sheet(
        name: str, columns: tuple[Column, ...], number: int, rows: Callable[[], Iterator[Row]]
    ) -> Sheet:
        title = RECORDS[name][0].sheet if name in RECORDS else name.capitalize()
        return Sheet(name, title, (*columns, OPERATION), number, rows)

    return [
        sheet("checks", CHECKS, counts["checks"], tables.checks),
        sheet("matches", MATCHES, counts["matches"], tables.matches),
        sheet("penalties", PENALTIES, len(statement.lines), tables.penalties),
        *(
            sheet(name, columns, counts[name], partial(tables.records, field))
            for name, (field, columns) in RECORDS.items()
        ),
        sheet("cash", CASH, counts["cash"], tables.cash),
        sheet("corrections", CORRECTIONS, counts["corrections"], tables.corrections),
    ]


def _part(record: dict[str, Any], part: Part) -> Value:
    """What a record has of a part; quantities are given in the smallest unit."""
    found: Value = record.get(part.name)
    return smallest(str(found)) if part.name == "unit" and found else found


_Taken = list[tuple[int, Callable[[CheckRow, Book], Value]]]


class _Plan:
    """How the columns of a check are filled, by their places: those that every check has, its
    `own` and made ones; those that have what a field has, and those that follow from one, by
    its name; and the values of a check that has no field.
    """

    def __init__(self, columns: tuple[CheckColumn, ...]) -> None:
        said = [one.key for one in columns if not (one.value or one.fields)]
        self.own: Callable[[CheckRow], tuple[Value, ...]] = attrgetter(*said)
        self.places: list[int] = []
        self.always: _Taken = []
        self.plain: dict[str, int] = {}
        self.following: dict[str, _Taken] = defaultdict(list)
        self.absent: list[Value] = [column.absent for column in columns]
        for place, column in enumerate(columns):
            if column.value is None and not column.fields:
                self.places.append(place)
            elif column.value is None:
                self.plain[column.fields[0]] = place
            elif not column.fields:
                self.always.append((place, column.value))
            else:
                for name in column.fields:
                    self.following[name].append((place, column.value))


class _Tables:
    """Where the rows come from."""

    def __init__(self, context: Context, selection: Selection, statement: Statement) -> None:
        self._connection = context.connection
        self._selection = selection
        self._statement = statement
        self._names = {one.operation_id: one.name for one in selection.operations}

    def _checks(self, having: str = "") -> Iterator[CheckRow]:
        return check_rows(self._connection, self._selection.scope, having)

    def checks(self) -> Iterator[Row]:
        """Most checks have few of the fields: of the others, the columns stand as `absent`."""
        book = Book.of(self._statement.lines, self._selection.zone)
        plan = _Plan(CHECKS)
        for row in self._checks():
            values = plan.absent.copy()
            for place, said in zip(plan.places, plan.own(row), strict=True):
                values[place] = said
            for place, take in plan.always:
                values[place] = take(row, book)
            had = row.details | row.outcome | ({MATCHING: row.matches} if row.matches else {})
            for name, value in had.items():
                if name in plan.plain:
                    values[plan.plain[name]] = value
                for place, take in plan.following.get(name, ()):
                    values[place] = take(row, book)
            yield (*values, self._names[row.operation_id])

    def matches(self) -> Iterator[Row]:
        for row in self._checks(MATCHING):
            for one in row.matches:
                yield (
                    row.ref,
                    row.at,
                    one.unit,
                    one.typed,
                    one.registration,
                    one.country,
                    one.tier,
                    one.why,
                    one.list_name,
                    one.list_version,
                    one.haulier,
                    _DECISIONS.get(one.decision, one.decision),
                    one.decided_by,
                    read_utc(one.decided_at) if one.decided_at else None,
                    one.reason,
                    one.later,
                    self._names[row.operation_id],
                )

    def penalties(self) -> Iterator[Row]:
        lines = self._statement.lines
        places = ((one.check_id, one.match, one.number) for one in lines)
        for one, shown in zip(lines, lines_shown(self._connection, places), strict=True):
            yield _penalty(one, shown, self._names[shown.operation_id])

    def records(self, field: Field) -> Iterator[Row]:
        """The records of a field, one row each."""
        parts = parts_of(field)
        for row in self._checks(field.name):
            for one in row.outcome.get(field.name, ()):
                yield (
                    row.ref,
                    row.at,
                    row.vehicle,
                    row.country,
                    *(_part(one, part) for part in parts),
                    row.officer,
                    self._names[row.operation_id],
                )

    def cash(self) -> Iterator[Row]:
        seized = {one.check_id: one for one in self._statement.cash_seized}
        for row in self._checks("cash"):
            for one in row.outcome.get("cash", ()):
                held = seized.get(row.check_id) if one["disposal"] == "seized" else None
                yield (
                    row.ref,
                    row.at,
                    row.vehicle,
                    row.country,
                    one["currency"],
                    Money(one["amount_minor"], one["currency"]),
                    one["disposal"],
                    read_iso(held.runs_out_at) if held and held.runs_out_at else None,
                    held.part if held else None,
                    held.below_minimum if held else None,
                    row.officer,
                    self._names[row.operation_id],
                )

    def corrections(self) -> Iterator[Row]:
        for row in correction_rows(self._connection, self._selection.scope):
            yield (
                row.ref,
                read_utc(row.at),
                row.officer,
                _label(row.field),
                _said(row.field, row.before),
                _said(row.field, row.after),
                row.reason,
                read_utc(row.checked_at),
                row.vehicle,
                self._names[row.operation_id],
            )


def _penalty(one: LineAccount, shown: LineShown, operation: str) -> Row:
    known = one.owed_pence is not None
    return (
        shown.ref,
        read_utc(shown.at),
        shown.list_name,
        shown.reference,
        shown.registration,
        shown.haulier,
        shown.liable_party,
        shown.liable_role,
        shown.section,
        shown.status,
        shown.issued_on,
        _DECISIONS.get(shown.decision, shown.decision),
        one.enforceable,
        one.owed_pence,
        one.enforced_pence,
        one.outstanding_pence if known else None,
        one.not_enforceable_pence if known else None,
        REASONS[one.reason] if one.reason else "",
        "; ".join(shown.reasons),
        "; ".join(map(_action, one.actions)),
        ", ".join(one.refs),
        operation,
    )


def _action(done: dict[str, Any]) -> str:
    """What an officer recorded about a penalty line, in words."""
    parts = [done["ref"], done["action"].replace("_", " ")]
    if "amount_pence" in done:
        parts.append(pounds(done["amount_pence"]))
    parts += [f"by {done['method']}"] if done.get("method") else []
    parts += [f"receipt {done['receipt']}"] if done.get("receipt") else []
    parts += [f"authorised by {done['authorised_by']}"] if done.get("authorised_by") else []
    return " ".join(parts)


def _label(name: str) -> str:
    return _FIELDS[name].label if name in _FIELDS else name.replace("_", " ")


def _said(name: str, value: Any) -> str:
    """What a field said before or after a correction."""
    if value is None:
        return ""
    if name in _FIELDS:
        return format_value(_FIELDS[name], value)
    if name.startswith("match_"):
        return _DECISIONS.get(value, str(value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def read_iso(text: str) -> datetime:
    """The time behind ISO 8601 with offset."""
    return datetime.fromisoformat(text)
