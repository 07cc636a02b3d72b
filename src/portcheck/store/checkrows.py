"""Checks as rows, oldest first, one after another: bounded memory for any day."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from portcheck.domain.times import read_utc
from portcheck.store.figures import Scope
from portcheck.store.standing import STANDS

if TYPE_CHECKING:
    from portcheck.store.tables import CheckMatch

VOID = "void"
"""The field of a correction that makes a check void, or counts it again."""


class MatchRow(NamedTuple):
    """A match of a check and what was decided about it (`domain.decision`).

    `name` is what it is known by everywhere.  `decided_in` names the events whose decisions
    stand, by their hashes in hex: none, one, or several that contradict each other.
    `penalties` and `told`, where they were asked for, are its lines and the instructions of
    entries without one, as they were shown.
    """

    number: int
    name: str
    unit: str
    tier: str
    typed: str
    registration: str
    country: str
    list_name: str
    list_version: int
    haulier: str
    why: str
    decision: str
    decided_by: str
    decided_in: str
    decided_at: str | None
    reason: str
    later: bool
    penalties: Sequence[dict[str, Any]] = ()
    told: Sequence[dict[str, Any]] = ()


class LineShown(NamedTuple):
    """A penalty line on a check's match as it was shown."""

    ref: str
    at: str
    operation_id: str
    list_name: str
    reference: str
    registration: str
    haulier: str
    decision: str
    liable_party: str
    liable_role: str
    section: str
    status: str
    issued_on: str | None
    reasons: list[str]


class CheckRow(NamedTuple):
    """A check as it stands after corrections, details and outcome as JSON values, with its
    matches that count, where those were asked for.
    """

    check_id: str
    operation_id: str
    ref: str
    at: datetime
    officer: str
    agency: str
    vehicle: str
    vehicle_key: str
    country: str
    trailer: str
    trailer_key: str
    trailer_country: str
    container: str
    container_key: str
    screened: bool
    voided: bool
    verdict: str
    primary_outcome: str
    amended: bool
    source: str
    country_guess: str
    lists: list[dict[str, Any]]
    details: dict[str, Any]
    outcome: dict[str, Any]
    matches: tuple[MatchRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A field that was corrected, JSON values before and after; a match decided again
    ("match_1"); or a check made void or counted again (VOID).
    """

    check_id: str
    operation_id: str
    ref: str
    checked_at: str
    vehicle: str
    at: str
    officer: str
    field: str
    reason: str
    before: Any
    after: Any


_CHECK = CheckRow._fields[:-1]  # its matches are rows of their own
_MATCH = MatchRow._fields[:-2]  # its lines are rows of their own
_CORRECTION = [field.name for field in fields(CorrectionRow)]
_CORRECTED = """
    SELECT c.check_id, c.operation_id, c.ref, c.at, c.vehicle,
        x.at, x.officer, x.field, x.reason, x.before, x.after
    FROM amendment AS x JOIN vehicle_check AS c ON c.check_id = x.check_id"""
_SHOWN = """
    SELECT c.ref, c.at, c.operation_id, m.list_name, p.reference, m.registration, m.haulier,
        m.decision, p.snapshot ->> 'liable_party', p.snapshot ->> 'liable_role',
        p.snapshot ->> 'section', p.snapshot ->> 'status', p.snapshot ->> 'issued_on',
        p.snapshot -> 'reasons'
    FROM json_each(?) AS place
    CROSS JOIN match_penalty AS p ON p.check_id = place.value ->> 0
        AND p.match_number = place.value ->> 1 AND p.number = place.value ->> 2
    JOIN check_match AS m ON m.check_id = p.check_id AND m.number = p.match_number
    JOIN vehicle_check AS c ON c.check_id = p.check_id
    ORDER BY place.key"""
_AT_ONCE = 500
_OF_CHECK = f"SELECT {', '.join(f'c.{name}' for name in _CHECK)} FROM vehicle_check AS c"
_OF_MATCH = ", ".join(f"m.{name}" for name in _MATCH)
_AT = _CHECK.index("at")
_FLAGS = tuple(map(_CHECK.index, ("screened", "voided", "amended")))
_DETAILS = _CHECK.index("details")
_READ = (_CHECK.index("outcome"), _CHECK.index("lists"))
_values = json.JSONDecoder().raw_decode  # quicker than json.loads, which looks for more


MATCHES = "matches"


def count_rows(
    connection: sqlite3.Connection, scope: Scope, fields: Iterable[str]
) -> dict[str, int]:
    """How many "checks", "matches", "corrections" and records of each of `fields` there are."""
    where, values = scope.where()
    of_checks = "JOIN vehicle_check AS c ON c.check_id = x.check_id"
    queries = {
        "checks": f"vehicle_check AS c WHERE {where}",
        "matches": f"check_match AS x {of_checks} WHERE x.{STANDS} AND {where}",
    }
    found = {
        name: connection.execute(f"SELECT COUNT(*) FROM {query}", values).fetchone()[0]
        for name, query in queries.items()
    }
    of_field = f"SELECT COUNT(*) FROM finding AS x {of_checks} WHERE x.field = ? AND {where}"
    for name in fields:
        found[name] = connection.execute(of_field, [name, *values]).fetchone()[0]
    return found | {"corrections": sum(1 for _ in correction_rows(connection, scope))}


def check_rows(
    connection: sqlite3.Connection, scope: Scope, having: str = ""
) -> Iterator[CheckRow]:
    """The checks that count, with their matches, by time; those `having` MATCHES, or records of
    a field.
    """
    where, values = scope.where()
    if having == MATCHES:
        where += f" AND c.check_id IN (SELECT check_id FROM check_match WHERE {STANDS})"
    elif having:
        where += " AND c.check_id IN (SELECT check_id FROM finding WHERE field = ?)"
        values = [*values, having]
    matches = _matches(connection, scope)
    owner, waiting = next(matches, ("", None))
    for check in checks_where(connection, where, values, _known):
        found = []
        while waiting is not None and owner == check.check_id:
            found.append(waiting)
            owner, waiting = next(matches, ("", None))
        yield check._replace(matches=tuple(found)) if found else check


def checks_where(
    connection: sqlite3.Connection,
    where: str,
    values: Sequence[Any],
    load: Callable[[str], Any] = json.loads,
) -> Iterator[CheckRow]:
    """The checks c of which `where` is true, by time, without their matches; `load` reads the
    JSON values of which the same few come again and again.
    """
    for row in connection.execute(f"{_OF_CHECK} WHERE {where} ORDER BY c.at, c.check_id", values):
        read: list[Any] = list(row)
        read[_AT] = read_utc(read[_AT])
        for place in _FLAGS:
            read[place] = bool(read[place])
        read[_DETAILS] = _values(read[_DETAILS])[0]
        for place in _READ:
            read[place] = load(read[place])
        yield CheckRow(*read)


@lru_cache(maxsize=1024)
def _known(text: str) -> Any:
    """What was found, or the lists a check was matched with: the same few values, all day."""
    return json.loads(text)


def matches_of(connection: sqlite3.Connection, check_id: str) -> list[MatchRow]:
    """All matches of a check, in order."""
    rows = connection.execute(
        f"SELECT {_OF_MATCH} FROM check_match AS m WHERE m.check_id = ? ORDER BY m.number",
        (check_id,),
    )
    return list(map(_match, rows))


def _match(row: Sequence[Any]) -> MatchRow:
    return MatchRow._make((*row[:-1], bool(row[-1]), (), ()))


def match_from(table: "CheckMatch") -> MatchRow:
    """The match of a row of its table, without its lines."""
    return _match([getattr(table, name) for name in _MATCH])


def _matches(connection: sqlite3.Connection, scope: Scope) -> Iterator[tuple[str, MatchRow]]:
    """(check, match), in the order of the checks."""
    where, values = scope.where("m")
    for check_id, *row in connection.execute(
        f"SELECT m.check_id, {_OF_MATCH}"
        " FROM check_match AS m CROSS JOIN vehicle_check AS c ON c.check_id = m.check_id"
        f" WHERE {where} AND m.{STANDS}"
        " ORDER BY c.at, c.check_id, m.number",
        values,
    ):
        yield check_id, _match(row)


def lines_shown(
    connection: sqlite3.Connection, places: Iterable[tuple[str, int, int]]
) -> Iterator[LineShown]:
    """The penalty lines at `places` (check, match, its number there), in that order."""
    reading = iter(places)
    while batch := list(islice(reading, _AT_ONCE)):
        for *said, reasons in connection.execute(_SHOWN, (json.dumps(batch),)).fetchall():
            yield LineShown._make((*said, json.loads(reasons)))


def correction_rows(connection: sqlite3.Connection, scope: Scope) -> Iterator[CorrectionRow]:
    """What was corrected, decided again and made void, in the order of the journal."""
    where, values = scope.where()
    where = where.removeprefix("c.voided = 0 AND ")
    for row in connection.execute(
        f"{_CORRECTED} WHERE {where} ORDER BY x.position, x.chain, x.field", values
    ):
        found = dict(zip(_CORRECTION, row, strict=True))
        for name in ("before", "after"):
            found[name] = json.loads(found[name])
        yield CorrectionRow(**found)
