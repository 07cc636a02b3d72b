"""The columns of a report's sheets: one entry a column, the same in every format."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Kind as FieldKind
from portcheck.domain.fields import format_value
from portcheck.domain.outcome import OUTCOME
from portcheck.journal.append import read_utc
from portcheck.services.shares import Book, rule_of
from portcheck.store.checkrows import CheckRow

_PLAIN = {FieldKind.CHOICE, FieldKind.TEXT}
_FIELDS = {field.name: field for field in (*DETAILS, *OUTCOME)}


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
    """A column of checks, and how its value is taken from one."""

    value: Callable[[CheckRow, Book], Any] = lambda _row, _book: None


def _own(
    key: str, heading: str, kind: Kind = Kind.TEXT, width: int = 14, name: str = ""
) -> CheckColumn:
    """What a check says of itself."""
    taken = name or key
    get = attrgetter(taken)
    return CheckColumn(key, heading, kind, width, lambda row, _: get(row))


def _recorded(name: str, kind: Kind = Kind.TEXT, width: int = 14, key: str = "") -> CheckColumn:
    """A field of the check's details or outcome; texts as `log import` reads them."""
    field = _FIELDS[name]
    where = attrgetter("details" if field in DETAILS else "outcome")
    as_it_is = kind is not Kind.TEXT or field.kind in _PLAIN

    def value(row: CheckRow, _book: Book) -> Any:
        found = where(row).get(name)
        return found if found is None or as_it_is else format_value(field, found)

    return CheckColumn(key or name, field.label, kind, width, value)


def _figure(
    key: str, heading: str, figure: str, kind: Kind = Kind.COUNT, width: int = 10
) -> CheckColumn:
    """What the check gives to a figure of the tally."""
    rule = rule_of(figure)
    return CheckColumn(key, heading, kind, width, lambda row, book: int(rule(row, book)))


def _listed(row: CheckRow, _book: Book) -> str:
    return "; ".join(f"{one['name']} {one['version']}" for one in row.lists)


def _detained(row: CheckRow, book: Book) -> bool:
    return bool(rule_of("vehicles_detained")(row, book))


CHECKS: tuple[CheckColumn, ...] = (
    _own("ref", "Ref", width=10),
    CheckColumn("at", "At", Kind.TIME, 16, lambda row, _: read_utc(row.at)),
    _recorded("direction", width=10),
    _own("vehicle", "Registration"),
    _own("country", "Country", width=8),
    _own("trailer", "Trailer"),
    _own("trailer_country", "Trailer country", width=8),
    _own("container", "Container"),
    _recorded("unit", width=10),
    _recorded("body"),
    _own("primary_outcome", "Outcome", width=18),
    _own("verdict", "Answer", width=9),
    _figure("matches_confirmed", "Matches confirmed", "matches.confirmed"),
    _figure("matches_rejected", "Matches rejected", "matches.rejected"),
    _figure("matches_unresolved", "Matches unresolved", "matches.unresolved"),
    _recorded("searched", width=18),
    _recorded("places", width=18),
    _recorded("nothing_found", Kind.FLAG, 9),
    _recorded("persons", Kind.COUNT, 9),
    _recorded("minors", Kind.COUNT, 9),
    _recorded("medical_help", Kind.FLAG, 9),
    _recorded("nrm_referrals", Kind.COUNT, 9),
    _recorded("nrm_notifications", Kind.COUNT, 9),
    _recorded("cash", width=24),
    _recorded("penalties", width=28),
    _figure("enforced_pence", "Enforced", "penalties.enforced_pence", Kind.PENCE, 12),
    _recorded("offences", width=28),
    _figure("offences_count", "Offences (number)", "traffic_offences"),
    _figure("fixed_penalties_pence", "Fixed penalties", "fixed_penalties_pence", Kind.PENCE, 12),
    _figure("deposits_pence", "Deposits", "deposits_pence", Kind.PENCE, 12),
    _recorded("education", width=18),
    _recorded("language"),
    CheckColumn("detained", "Vehicle detained", Kind.FLAG, 9, _detained),
    _figure("arrests_count", "Arrests (number)", "arrests"),
    _recorded("arrests", width=20, key="arrested_for"),
    _figure("seizures_count", "Seizures (number)", "seizures"),
    _recorded("seizures", width=20, key="seized"),
    _recorded("checklist", width=11),
    _recorded("seal", width=9),
    _recorded("seal_old"),
    _recorded("seal_new"),
    _recorded("damage_over_25cm", Kind.FLAG, 9),
    _recorded("load_state", width=10),
    _recorded("accompanied", Kind.FLAG, 9),
    _recorded("haulier", width=24),
    _recorded("origin"),
    _recorded("destination"),
    _recorded("sailing"),
    _recorded("lane", width=8),
    _own("officer", "Officer", width=11),
    _own("agency", "Agency", width=18),
    _own("screened", "Screened", Kind.FLAG, 9),
    CheckColumn("lists", "Lists asked", width=14, value=_listed),
    _own("amended", "Amended", Kind.FLAG, 9),
    _recorded("notes", width=40),
    _own("source", "Entered by", width=9),
)
"""A check's row; an operation's name is added by the sheet."""

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
OFFENCES: tuple[Column, ...] = (
    Column("ref", "Ref", width=10),
    Column("at", "At", Kind.TIME, 16),
    Column("vehicle", "Registration"),
    Column("country", "Country", width=8),
    Column("offence", "Offence", width=18),
    Column("disposal", "Disposal", width=22),
    Column("amount_pence", "Amount", Kind.PENCE, 12),
    Column("officer", "Officer", width=11),
)
CASH: tuple[Column, ...] = (
    Column("ref", "Ref", width=10),
    Column("at", "At", Kind.TIME, 16),
    Column("vehicle", "Registration"),
    Column("country", "Country", width=8),
    Column("currency", "Currency", width=9),
    Column("amount_minor", "Amount", Kind.MONEY, 14),
    Column("disposal", "Disposal", width=10),
    Column("runs_out_at", "First detention runs out", Kind.TIME, 16),
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
