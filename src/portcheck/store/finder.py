"""The read path an officer waits for: plain DB-API, no ORM, two or three small queries."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portcheck.domain.contradicted import MOST_ELSEWHERE, Elsewhere
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.registration.readings import spellings
from portcheck.domain.times import read_utc

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
    "unread",
    "extra",
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
    "content",
)
_FIND = (
    "SELECT m.key, m.unit, "
    + ", ".join(f"e.{name}" for name in _ENTRY_FIELDS)
    + ", "
    + ", ".join(f"e.{name}" for name in _LINE_FIELDS)
    # CROSS JOIN keeps this order: a seek for each skeleton, without a table of them first.
    + " FROM json_each(?) AS near CROSS JOIN entry_mark AS m ON m.skeleton = near.value"
    " CROSS JOIN entry AS e ON e.entry_id = m.entry_id ORDER BY e.entry_id"
)
_FIRST_LINE_FIELD = 2 + len(_ENTRY_FIELDS)
_OWING = (
    "haulier", "status", "amount_pence", "paid_pence", "balance_pence", "expires_on", "unread"
)  # fmt: skip
"""What tells whether anything is owed on a penalty line."""
_OF_HAULIERS = (
    f"SELECT list_name, COUNT(*), {', '.join(_OWING)} FROM entry"
    " WHERE removed_version IS NULL AND haulier IN (SELECT value FROM json_each(?))"
    " AND entry_id NOT IN (SELECT value FROM json_each(?))"
    " AND (penalty_reference > '' OR status > '' OR section > '' OR issued_on IS NOT NULL"
    " OR amount_pence IS NOT NULL OR balance_pence IS NOT NULL)"  # it tells of a penalty
    f" GROUP BY list_name, {', '.join(_OWING)} ORDER BY MIN(entry_id)"
)


_TELLING = (
    "penalty_reference", "liable_party", "liable_role", "amount_pence", "paid_pence",
    "balance_pence", "status", "unread",
)  # fmt: skip
"""What tells whose a penalty line is, and how it stands."""
_OF_REFERENCES = (
    "SELECT e.list_name, e.row, COALESCE(NULLIF(e.registration, ''),"
    f" NULLIF(e.trailer_registration, ''), e.container), {', '.join(_TELLING)}"
    " FROM json_each(?1) AS wanted CROSS JOIN entry AS e ON e.entry_id IN"
    " (SELECT entry_id FROM entry WHERE removed_version IS NULL AND reference_key > ''"
    " AND reference_key = wanted.value AND entry_id NOT IN (SELECT value FROM json_each(?2))"
    f" LIMIT {MOST_ELSEWHERE + 1}) ORDER BY e.list_name, e.row"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed mark near a typed one: the key it is found by, which of its entry's
    registrations that is ("vehicle", "trailer", "container"), and the entry; `content` is the
    hash of its values.
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
    content: bytes
    line: PenaltyLine

    @property
    def mark_country(self) -> str:
        """The country of the mark that matched: the entry's, where the mark is its own."""
        return self.country if self.is_own_mark else ""

    @property
    def is_own_mark(self) -> bool:
        """Whether it is the entry's own registration, not that of its trailer or container.

        Where an entry for a trailer names a trailer besides, the key tells which it is.
        """
        own_unit = self.unit if self.unit in {"trailer", "container"} else "vehicle"
        if self.mark_unit != own_unit:
            return False
        if not (self._beside and self.registration):
            return True
        return self.key in spellings(self.registration)

    @property
    def shown(self) -> str:
        """The registration that matched, as the list writes it."""
        own = self.registration if self.is_own_mark else ""
        return own or self._beside

    @property
    def _beside(self) -> str:
        """What the entry's column for this kind of mark holds, "" for vehicles."""
        columns = {"trailer": self.trailer_registration, "container": self.container}
        return columns.get(self.mark_unit, "")


@dataclass(frozen=True, slots=True)
class HaulierLines:
    """A `number` of penalty lines in force of one haulier in one list, alike in what is owed.

    `line` has what tells that, and nothing else of them.
    """

    list_name: str
    number: int
    line: PenaltyLine


@dataclass(frozen=True, slots=True)
class CurrentList:
    """A list in force, as its newest version says; `entries` is its length now, and
    `rows` counts those that were rejected or said twice as well.

    `odds` are by tier: how probable it is that an unlisted vehicle looks like it.
    """

    name: str
    version: int
    rows: int
    entries: int
    rejected: int
    sha256: str
    imported_at: datetime
    as_of: datetime
    max_age_days: int
    odds: Mapping[str, float]
    entries_sha256: str = ""


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


def candidates(connection: sqlite3.Connection, skeletons: Iterable[str]) -> list[Candidate]:
    """Every mark in force that has one of `skeletons` (letters and digits), by entry."""
    wanted = '["' + '","'.join(skeletons) + '"]'  # one parameter: the statement stays prepared
    return [_candidate(row) for row in connection.execute(_FIND, (wanted,))]


def hauliers(connection: sqlite3.Connection) -> list[str]:
    """Every name of a haulier in force, once."""
    rows = connection.execute(
        "SELECT DISTINCT haulier FROM entry WHERE removed_version IS NULL AND haulier > ''"
    )
    return [name for (name,) in rows]


def lines_of_hauliers(
    connection: sqlite3.Connection, names: Sequence[str], *, without: Iterable[int] = ()
) -> list[HaulierLines]:
    """The penalty lines in force of hauliers, their names as listed, `without` some entries."""
    wanted = json.dumps(names), json.dumps(list(without))
    return [
        HaulierLines(list_name, number, _line(_OWING, values))
        for list_name, number, *values in connection.execute(_OF_HAULIERS, wanted)
    ]


def lines_of_references(
    connection: sqlite3.Connection, keys: Iterable[str], *, without: Iterable[int] = ()
) -> list[Elsewhere]:
    """The entries in force that give penalties of these reference keys, `without` some entries;
    of a key at most one more than are held against each other.
    """
    wanted = json.dumps(list(keys)), json.dumps(list(without))
    return [
        Elsewhere(list_name, row, registration, _line(_TELLING, values))
        for list_name, row, registration, *values in connection.execute(_OF_REFERENCES, wanted)
    ]


def lists_in_force(connection: sqlite3.Connection) -> list[CurrentList]:
    """The newest version of every list that was not retired, by name."""
    rows = connection.execute(
        "SELECT v.list_name, v.version, v.rows + v.kept, v.lines + v.kept, v.rejected,"
        " v.sha256, v.imported_at, v.as_of, l.max_age_days, v.odds, v.entries_sha256"
        " FROM action_list AS l"
        " JOIN list_version AS v ON v.list_name = l.name AND v.version = l.version"
        " WHERE v.retired = '' ORDER BY v.list_name"
    )
    return [
        CurrentList(
            name=row[0],
            version=row[1],
            rows=row[2],
            entries=row[3],
            rejected=row[4],
            sha256=row[5],
            imported_at=read_utc(row[6]),
            as_of=read_utc(row[7]),
            max_age_days=row[8],
            odds=json.loads(row[9]),
            entries_sha256=row[10],
        )
        for row in rows
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


def newest_open(connection: sqlite3.Connection) -> OperationRow | None:
    """The operation that was started last of those that have not ended, on any device."""
    row = connection.execute(
        f"{_OPERATION} WHERE ended_at IS NULL ORDER BY started_at DESC, operation_id DESC LIMIT 1"
    ).fetchone()
    return _operation(row) if row else None


def newest_ended(connection: sqlite3.Connection) -> OperationRow | None:
    """The operation that ended last, or None."""
    row = connection.execute(
        f"{_OPERATION} WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, operation_id DESC LIMIT 1"
    ).fetchone()
    return _operation(row) if row else None


def operations_named(connection: sqlite3.Connection, name: str) -> list[OperationRow]:
    """The operations of this identity or this name (without regard to case): one at most, unless
    devices that did not know of each other opened some of one name.
    """
    rows = connection.execute(
        f"{_OPERATION} WHERE operation_id = ?1 OR name = ?1 COLLATE NOCASE"
        " ORDER BY started_at, operation_id",
        (name,),
    ).fetchall()
    exactly = [row for row in rows if row[0] == name]
    return [_operation(row) for row in exactly or rows]


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
    entry = dict(zip(("key", "mark_unit", *_ENTRY_FIELDS), row, strict=False))
    return Candidate(**entry, line=_line(_LINE_FIELDS, row[_FIRST_LINE_FIELD:]))


def _line(fields: Sequence[str], row: Sequence[Any]) -> PenaltyLine:
    values: dict[str, Any] = dict(zip(fields, row, strict=True))
    for name, value in values.items():
        if name.endswith("_on") and isinstance(value, str):
            values[name] = date.fromisoformat(value)
    for name in ("unread", "extra"):
        if (pairs := values.get(name, "[]")) == "[]":
            values[name] = ()
        else:
            values[name] = tuple(map(tuple, json.loads(pairs)))
    if "penalty_reference" in values:
        values["reference"] = values.pop("penalty_reference")
    return PenaltyLine(**values)
