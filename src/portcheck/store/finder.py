"""The read path an officer waits for: plain DB-API, no ORM, two or three small queries."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portcheck.domain.penalty import PenaltyLine
from portcheck.journal.append import read_utc

_LINE_FIELDS = (
    "penalty_reference",
    "section",
    "liable_party",
    "liable_role",
    "haulier",
    "amount_pence",
    "paid_pence",
    "balance_pence",
    "status",
    "incident_on",
    "issued_on",
    "due_on",
    "objection_on",
    "objection_decided_on",
    "appeal_on",
    "appeal_decided_on",
    "expires_on",
    "action",
    "priority",
    "contact",
    "notes",
)
_ENTRY_FIELDS = (
    "entry_id",
    "list_name",
    "registration",
    "country",
    "unit",
    "trailer_registration",
    "container",
    "haulier",
)
_FIND = (
    "SELECT m.key, m.unit, "
    + ", ".join(f"e.{name}" for name in _ENTRY_FIELDS)
    + ", "
    + ", ".join(f"e.{name}" for name in _LINE_FIELDS)
    + " FROM entry_mark AS m JOIN entry AS e ON e.entry_id = m.entry_id WHERE m.skeleton IN ({})"
    " ORDER BY e.entry_id"
)
_FIRST_LINE_FIELD = 2 + len(_ENTRY_FIELDS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed mark near a typed one: the key it is found by, which of its entry's
    registrations that is ("vehicle", "trailer", "container"), and the entry.
    """

    key: str
    mark_unit: str
    entry_id: int
    list_name: str
    registration: str
    country: str
    unit: str
    trailer_registration: str
    container: str
    haulier: str
    line: PenaltyLine

    @property
    def shown(self) -> str:
        """The registration that matched, as the list writes it."""
        if self.mark_unit == "trailer":
            return self.trailer_registration or self.registration
        if self.mark_unit == "container":
            return self.container or self.registration
        return self.registration


@dataclass(frozen=True, slots=True)
class CurrentList:
    """A list in force, as its newest version says; `entries` is its length now."""

    name: str
    version: int
    rows: int
    entries: int
    rejected: int
    sha256: str
    imported_at: datetime
    as_of: datetime
    max_age_days: int


@dataclass(frozen=True, slots=True)
class OperationRow:
    """An operation as every command needs it."""

    operation_id: str
    name: str
    site: str
    timezone: str
    marking: str
    started_at: datetime
    ended_at: datetime | None


def candidates(connection: sqlite3.Connection, skeletons: Sequence[str]) -> list[Candidate]:
    """Every mark in force that has one of `skeletons`, by entry."""
    rows = connection.execute(_FIND.format(",".join("?" * len(skeletons))), skeletons)
    return [_candidate(row) for row in rows]


def lists_in_force(connection: sqlite3.Connection) -> list[CurrentList]:
    """The newest version of every list, by name."""
    rows = connection.execute(
        "SELECT v.list_name, v.version, v.rows, v.accepted, v.rejected, v.sha256, v.imported_at,"
        " v.as_of, l.max_age_days FROM action_list AS l JOIN list_version AS v"
        " ON v.list_name = l.name AND v.version = l.version ORDER BY v.list_name"
    )
    return [
        CurrentList(
            name, version, lines, entries, rejected, sha256, read_utc(at), read_utc(as_of), days
        )
        for name, version, lines, entries, rejected, sha256, at, as_of, days in rows
    ]


_OPERATION = (
    "SELECT operation_id, name, site, timezone, marking, started_at, ended_at FROM operation"
)


def current_operation(connection: sqlite3.Connection, device: str) -> OperationRow | None:
    """The operation that is current on `device`, or None."""
    row = connection.execute(
        f"{_OPERATION} JOIN device_state USING (operation_id) WHERE device = ?", (device,)
    ).fetchone()
    return _operation(row) if row else None


def operation_named(connection: sqlite3.Connection, name: str) -> OperationRow | None:
    """The operation with this name (without regard to case) or identity, or None."""
    row = connection.execute(
        f"{_OPERATION} WHERE operation_id = ?1 OR name = ?1 COLLATE NOCASE", (name,)
    ).fetchone()
    return _operation(row) if row else None


def _operation(row: Sequence[str]) -> OperationRow:
    identity, name, site, timezone, marking, started_at, ended_at = row
    return OperationRow(
        identity,
        name,
        site,
        timezone,
        marking,
        read_utc(started_at),
        read_utc(ended_at) if ended_at else None,
    )


def _candidate(row: Sequence[Any]) -> Candidate:
    values: dict[str, Any] = dict(zip(_LINE_FIELDS, row[_FIRST_LINE_FIELD:], strict=True))
    values["reference"] = values.pop("penalty_reference")
    for name, value in values.items():
        if name.endswith("_on") and isinstance(value, str):
            values[name] = date.fromisoformat(value)
    entry = dict(zip(("key", "mark_unit", *_ENTRY_FIELDS), row, strict=False))
    return Candidate(**entry, line=PenaltyLine(**values))
