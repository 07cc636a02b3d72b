"""Checks one by one: named by an officer, found again by their plate, asked again of a list."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from portcheck.domain.times import read_utc, utc_text


@dataclass(frozen=True, slots=True)
class OpenMatch:
    """A match of a check and what was decided about it ("open", "confirmed", …).

    `name` is what it is known by everywhere.  `decided_in` names the events whose decisions
    stand, by their hashes in hex: none, one, or several that contradict each other.
    """

    number: int
    name: str
    unit: str
    typed: str
    registration: str
    tier: str
    list_name: str
    decision: str
    decided_by: str
    decided_in: str
    why: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check as it stands after corrections; details and outcome as JSON values."""

    check_id: str
    operation_id: str
    ref: str
    at: datetime
    vehicle: str
    vehicle_key: str
    country: str
    trailer: str
    trailer_key: str
    trailer_country: str
    container: str
    container_key: str
    details: dict[str, Any]
    outcome: dict[str, Any]
    screened: bool
    voided: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A recent check in one line; `verdict` and `primary_outcome` are the projections' words."""

    check_id: str
    ref: str
    device: str
    at: datetime
    vehicle: str
    vehicle_key: str
    country: str
    trailer: str
    officer: str
    verdict: str
    primary_outcome: str
    unresolved: int
    voided: bool


class Asked(NamedTuple):
    """What a check asks of the lists; `haulier` is None where it was not recorded."""

    check_id: str
    ref: str
    vehicle: str
    vehicle_key: str
    country: str
    trailer: str
    trailer_key: str
    trailer_country: str
    container: str
    container_key: str
    haulier: str | None
    timezone: str


_FIELDS = tuple(field.name for field in fields(CheckRow))
_OF_CHECK = f"SELECT {', '.join(_FIELDS)} FROM vehicle_check"
_LINE = tuple(field.name for field in fields(CheckLine))
_OF_LINE = f"SELECT {', '.join(_LINE)} FROM vehicle_check"
_ASKING = (
    "SELECT c.check_id, c.ref, c.vehicle, c.vehicle_key, c.country, c.trailer, c.trailer_key,"
    " c.trailer_country, c.container, c.container_key, c.details ->> 'haulier', o.timezone"
    " FROM vehicle_check AS c JOIN operation AS o ON o.operation_id = c.operation_id"
    " WHERE o.ended_at IS NULL AND c.voided = 0 AND ?1 IN ('', c.check_id)"
    " AND EXISTS (SELECT 1 FROM journal AS j JOIN own_chain USING (chain)"
    " WHERE j.subject = c.check_id AND j.kind = 'check_recorded')"
    " ORDER BY c.at, c.check_id"
)


def check_of(connection: sqlite3.Connection, check_id: str) -> CheckRow | None:
    """The check of this identity, or None."""
    return _check(connection.execute(f"{_OF_CHECK} WHERE check_id = ?", (check_id,)).fetchone())


def checks_numbered(
    connection: sqlite3.Connection, operation_id: str, device: str, number: int
) -> list[CheckRow]:
    """The checks of this number of devices so labelled in the operation: one at most, unless two
    devices have one label.  The label's case is no matter.
    """
    rows = connection.execute(
        f"{_OF_CHECK} WHERE operation_id = ? AND device = ? COLLATE NOCASE AND number = ?"
        " ORDER BY at, check_id",
        (operation_id, device, number),
    )
    return [found for row in rows if (found := _check(row))]


def _check(row: Sequence[Any] | None) -> CheckRow | None:
    if row is None:
        return None
    values: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    values["at"] = read_utc(values["at"])
    for name in ("details", "outcome"):
        values[name] = json.loads(values[name])
    for name in ("screened", "voided"):
        values[name] = bool(values[name])
    return CheckRow(**values)


def matches_of(connection: sqlite3.Connection, check_id: str) -> list[OpenMatch]:
    """The matches of a check, in order."""
    rows = connection.execute(
        "SELECT number, name, unit, typed, registration, tier, list_name, decision, decided_by,"
        " decided_in, why FROM check_match WHERE check_id = ? ORDER BY number",
        (check_id,),
    )
    return [OpenMatch(*row) for row in rows]


def contenders(connection: sqlite3.Connection, check_id: str) -> dict[str, list[str]]:
    """What devices that did not know of each other gave to a check's fields: the events."""
    found: dict[str, list[str]] = {}
    for name, event in connection.execute(
        "SELECT field, event FROM dispute WHERE subject = ? ORDER BY field, place", (check_id,)
    ):
        found.setdefault(name, []).append(event)
    return found


def last_checks(
    connection: sqlite3.Connection, operation_id: str, most: int
) -> tuple[CheckLine, ...]:
    """The newest checks of an operation, the newest first."""
    rows = connection.execute(
        f"{_OF_LINE} WHERE operation_id = ? ORDER BY at DESC, check_id DESC LIMIT ?",
        (operation_id, most),
    )
    found = (dict(zip(_LINE, row, strict=True)) for row in rows)
    return tuple(
        CheckLine(**one | {"at": read_utc(one["at"]), "voided": bool(one["voided"])})
        for one in found
    )


def asking(connection: sqlite3.Connection, check_id: str = "") -> list[Asked]:
    """The checks of open operations that were made here and count, by time, or the one of this
    identity.
    """
    return [Asked(*row) for row in connection.execute(_ASKING, (check_id,))]


def matched_before(
    connection: sqlite3.Connection, check_id: str, list_name: str
) -> tuple[set[tuple[str, str]], int]:
    """The alerting matches (unit, registration) that stand between check and list, and the
    number of the check's last match.
    """
    rows = connection.execute(
        "SELECT unit, registration, number, list_name = ? AND tier <> 'weak'"
        " AND decision <> 'replaced' FROM check_match WHERE check_id = ?",
        (list_name, check_id),
    ).fetchall()
    known = {(unit, registration) for unit, registration, _, stands in rows if stands}
    return known, max((number for _, _, number, _ in rows), default=0)


def recorded_at(
    connection: sqlite3.Connection, operation_id: str, key: str, country: str, at: datetime
) -> str:
    """The reference of the operation's check of a vehicle at this very time; "" for none.

    A country that is not known stands for any.
    """
    row = connection.execute(
        "SELECT ref FROM vehicle_check WHERE operation_id = ? AND vehicle_key = ? AND at = ?"
        " AND voided = 0 AND (country IN (?, '') OR ? = '')",
        (operation_id, key, utc_text(at), country, country),
    ).fetchone()
    return str(row[0]) if row else ""


def recorded_between(
    connection: sqlite3.Connection,
    operation_id: str,
    key: str,
    source: str,
    between: tuple[datetime, datetime],
) -> Iterator[tuple[datetime, str, str]]:
    """(time, reference, verdict) of the operation's checks of a vehicle, the newest first."""
    rows = connection.execute(
        "SELECT at, ref, verdict FROM vehicle_check WHERE operation_id = ? AND voided = 0"
        " AND vehicle_key = ? AND source = ? AND at BETWEEN ? AND ? ORDER BY at DESC",
        (operation_id, key, source, *map(utc_text, between)),
    )
    for at, ref, verdict in rows:
        yield read_utc(at), ref, verdict


def confirmed_checks(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    """(time, vehicle, country, trailer, its country, container) of every check with a confirmed
    match, by time (UTC text).
    """
    return connection.execute(
        "SELECT DISTINCT c.at, c.vehicle, c.country, c.trailer, c.trailer_country, c.container"
        " FROM vehicle_check AS c JOIN check_match AS m ON m.check_id = c.check_id"
        " WHERE m.decision = 'confirmed' ORDER BY c.at"
    ).fetchall()
