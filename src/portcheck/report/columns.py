"""The columns of a report's sheets: one entry a column, the same in every format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from portcheck.domain.counted import Counted, Measure
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Part, PartKind, format_value
from portcheck.domain.fields import Kind as FieldKind
from portcheck.domain.outcome import OUTCOME
from portcheck.services.day.shares import Book, is_detained, rule_of
from portcheck.store.checkrows import CheckRow

_PLAIN = {FieldKind.CHOICE, FieldKind.TEXT}
_KEYS = {"arrests": "arrested_for", "seizures": "seized"}
"""The keys of columns that are not their field's name."""
_WIDTHS = {"lane": 8, "haulier": 24, "penalties": 28, "offences": 28}


class Kind(StrEnum):
    """What stands in a column's cells; None (nothing) may stand in every one."""

    TEXT = "text"  # str
    COUNT = "count"  # int
    PENCE = "pence"  # int
    MONEY = "money"  # Money
    TIME = "time"  # an aware datetime
    DAY = "day"  # a date as ISO text
    FLAG = "flag"  # bool


class Money(NamedTuple):
    """An amount in minor units of a currency."""

    minor: int
    currency: str


_SHAPES = {
    FieldKind.FLAG: (Kind.FLAG, 9),
    FieldKind.COUNT: (Kind.COUNT, 9),
    FieldKind.MONEY: (Kind.PENCE, 12),
    FieldKind.CHOICE: (Kind.TEXT, 11),
    FieldKind.CHOICES: (Kind.TEXT, 18),
    FieldKind.TEXT: (Kind.TEXT, 14),
    FieldKind.TEXTS: (Kind.TEXT, 40),
    FieldKind.RECORDS: (Kind.TEXT, 24),
}
"""What stands in the column of a field of each kind, and how wide it is."""
Value = str | int | bool | Money | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it for programs, `heading` for people; `width` is in characters."""

    key: str
    heading: str
    kind: Kind = Kind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class CheckColumn(Column):
    """A column of checks, and how its value is taken from one.

    With `fields`, it follows from those of the details and outcome alone ("matches": from
    the matches), and is `absent` in a check that has none of them.  Without `value`, it is
    what its field has; without `fields` too, what the check has under its key.
    """

    value: Callable[[CheckRow, Book], Any] | None = None
    fields: tuple[str, ...] = ()
    absent: int | None = None


def _own(key: str, heading: str, kind: Kind = Kind.TEXT, width: int = 14) -> CheckColumn:
    """What a check says of itself."""
    return CheckColumn(key, heading, kind, width)


def _recorded(field: Field) -> CheckColumn:
    """A field of the check's details or outcome; texts as `log import` reads them."""
    where = attrgetter("details" if field in DETAILS else "outcome")
    kind, width = _SHAPES[field.kind]
    as_it_is = kind is not Kind.TEXT or field.kind in _PLAIN

    def in_words(row: CheckRow, _book: Book) -> str:
        return format_value(field, where(row)[field.name])

    key, width = _KEYS.get(field.name, field.name), _WIDTHS.get(field.name, width)
    value = None if as_it_is else in_words
    return CheckColumn(key, field.label, kind, width, value, (field.name,))


def _figure(
    key: str, heading: str, figure: str, fields: tuple[str, ...], kind: Kind = Kind.COUNT
) -> CheckColumn:
    """What the check gives to a figure of the tally, which follows from these fields."""
    rule, width = rule_of(figure), 12 if kind is Kind.PENCE else 10
    return CheckColumn(
        key, heading, kind, width, lambda row, book: int(rule(row, book)), fields, absent=0
    )


_MATCHES = ("matches",)
_FOLLOWS = {"arrests": ("arrests", "offences")}
"""The fields that a figure follows from, where they are not its own alone."""


def _listed(row: CheckRow, _book: Book) -> str:
    return "; ".join(f"{one['name']} {one['version']}" for one in row.lists)


def _detained(row: CheckRow, _book: Book) -> bool:
    return is_detained(row)


def _of_outcome(field: Field) -> Iterator[CheckColumn]:
    """The columns that follow from a field: what was recorded, and its figures."""
    yield _INSTEAD.get(field.name) or _recorded(field)
    for one in field.counted:
        if isinstance(one, Counted) and one.column:
            kind = Kind.PENCE if one.measure is Measure.MONEY else Kind.COUNT
            yield _figure(*one.column, one.key, _FOLLOWS.get(one.key, (field.name,)), kind)
    yield from _BESIDE.get(field.name, ())


_INSTEAD = {
    "detained": CheckColumn(
        "detained", "Vehicle detained", Kind.FLAG, 9, _detained, ("detained", "penalties"), False
    ),
}
"""Columns that say more than their field: detained also for a penalty."""
_BESIDE = {
    "penalties": (
        _figure(
            "enforced_pence", "Enforced", "penalties.enforced_pence", ("penalties",), Kind.PENCE
        ),
    ),
}
CHECKS: tuple[CheckColumn, ...] = (
    _own("ref", "Ref", width=10),
    CheckColumn("at", "At", Kind.TIME, 16),
    _own("vehicle", "Registration"),
    _own("country", "Country", width=8),
    _own("country_guess", "Country guessed", width=8),
    _own("trailer", "Trailer"),
    _own("trailer_country", "Trailer country", width=8),
    _own("container", "Container"),
    *map(_recorded, DETAILS),
    _own("primary_outcome", "Outcome", width=18),
    _own("verdict", "Answer", width=9),
    _figure("matches_confirmed", "Matches confirmed", "matches.confirmed", _MATCHES),
    _figure("matches_rejected", "Matches rejected", "matches.rejected", _MATCHES),
    _figure("matches_unresolved", "Matches unresolved", "matches.unresolved", _MATCHES),
    *(column for field in OUTCOME for column in _of_outcome(field)),
    _own("officer", "Officer", width=11),
    _own("agency", "Agency", width=18),
    _own("screened", "Screened", Kind.FLAG, 9),
    CheckColumn("lists", "Lists asked", width=14, value=_listed),
    _own("amended", "Amended", Kind.FLAG, 9),
    _own("source", "Entered by", width=9),
)
"""A check's row: what it says of itself, then its details and its outcome in the order of the
registries; an operation's name is added by the sheet.
"""

MATCHES: tuple[Column, ...] = (
    Column("ref", "Ref", width=10),
    Column("at", "At", Kind.TIME, 16),
    Column("unit", "Unit", width=10),
    Column("typed", "Typed"),
    Column("registration", "Listed as"),
    Column("country", "Country", width=8),
    Column("tier", "Tier", width=10),
    Column("why", "Why", width=36),
    Column("list", "List"),
    Column("list_version", "Version", Kind.COUNT, 9),
    Column("haulier", "Haulier", width=24),
    Column("decision", "Decision", width=11),
    Column("decided_by", "Decided by", width=11),
    Column("decided_at", "Decided at", Kind.TIME, 16),
    Column("reason", "Reason", width=30),
    Column("later", "Listed after the check", Kind.FLAG, 9),
)
PENALTIES: tuple[Column, ...] = (
    Column("ref", "Ref", width=10),
    Column("at", "At", Kind.TIME, 16),
    Column("list", "List"),
    Column("reference", "Reference"),
    Column("registration", "Registration"),
    Column("haulier", "Haulier", width=24),
    Column("liable_party", "Liable party", width=24),
    Column("liable_role", "Role", width=9),
    Column("section", "Section", width=8),
    Column("status", "Status"),
    Column("issued_on", "Issued on", Kind.DAY, 11),
    Column("decision", "Match", width=11),
    Column("enforceable", "Enforceable", width=11),
    Column("listed_pence", "Listed", Kind.PENCE, 12),
    Column("enforced_pence", "Enforced", Kind.PENCE, 12),
    Column("outstanding_pence", "Outstanding", Kind.PENCE, 12),
    Column("not_enforceable_pence", "Not enforceable", Kind.PENCE, 12),
    Column("why_not", "Why not", width=36),
    Column("reasons", "As it was shown", width=50),
    Column("actions", "Done", width=36),
    Column("checks", "Checks", width=18),
)
_PARTS = {
    PartKind.MONEY: (Kind.PENCE, 12),
    PartKind.COUNT: (Kind.COUNT, 9),
    PartKind.QUANTITY: (Kind.COUNT, 12),
}
"""What stands in the column of a part of a record, and how wide it is; else a text."""


def parts_of(field: Field) -> tuple[Part, ...]:
    """The parts of a field's records, those that they had once at the end."""
    known = {part.name for part in field.parts}
    return (*field.parts, *(part for part in field.earlier if part.name not in known))


def _of_records(field: Field) -> tuple[Column, ...]:
    """The columns of the table of a field's records."""
    return (
        Column("ref", "Ref", width=10),
        Column("at", "At", Kind.TIME, 16),
        Column("vehicle", "Registration"),
        Column("country", "Country", width=8),
        *(
            Column(part.name, part.label, *_PARTS.get(part.kind, (Kind.TEXT, 18)))
            for part in parts_of(field)
        ),
        Column("officer", "Officer", width=11),
    )


RECORDS: dict[str, tuple[Field, tuple[Column, ...]]] = {
    field.name: (field, _of_records(field)) for field in OUTCOME if field.sheet
}
"""The tables of records that follow from the registry; quantities are in the smallest unit."""
CASH: tuple[Column, ...] = (
    Column("ref", "Ref", width=10),
    Column("at", "At", Kind.TIME, 16),
    Column("vehicle", "Registration"),
    Column("country", "Country", width=8),
    Column("currency", "Currency", width=9),
    Column("amount_minor", "Amount", Kind.MONEY, 14),
    Column("disposal", "Disposal", width=10),
    Column("runs_out_at", "First detention runs out", Kind.TIME, 16),
    Column("part", "By the days of", width=18),
    Column("below_minimum", "Below the least recoverable sum", Kind.FLAG, 12),
    Column("officer", "Officer", width=11),
)
CORRECTIONS: tuple[Column, ...] = (
    Column("ref", "Ref", width=10),
    Column("corrected_at", "Corrected at", Kind.TIME, 16),
    Column("officer", "By", width=11),
    Column("field", "Field", width=18),
    Column("before", "Before", width=24),
    Column("after", "After", width=24),
    Column("reason", "Reason", width=36),
    Column("at", "Check at", Kind.TIME, 16),
    Column("vehicle", "Registration"),
)
OPERATION = Column("operation", "Operation", width=24)
