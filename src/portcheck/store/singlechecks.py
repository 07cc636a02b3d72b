"""Checks one by one: named by an officer, found again by their plate, asked again of a list."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple

from portcheck.domain.times import read_utc, utc_text
from portcheck.store.checkrows import CheckRow, checks_where


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
    return next(checks_where(connection, "c.check_id = ?", (check_id,)), None)


def checks_referred_to(
    connection: sqlite3.Connection, operation_id: str, ref: str
) -> list[CheckRow]:
    """The checks of an operation that have this reference, in either case of letters: one at most,
    unless two devices have one label, or one that was set back to an earlier day wrote on, and
    its branch was recorded anew with its references.
    """
    where = "c.operation_id = ? AND c.ref = ? COLLATE NOCASE"
    return list(checks_where(connection, where, (operation_id, ref)))


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
