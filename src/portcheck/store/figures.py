"""Counting an operation: a few passes over the projections, in bounded memory."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_CHUNK = 10_000
GROUPS = (
    "direction",
    "unit",
    "body",
    "country",
    "lane",
    "officer",
    "agency",
    "primary_outcome",
    "screened",
    "amended",
    "minute",
)
_KEYS = ("vehicle_key", "trailer_key", "container_key")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which checks: those of `operation_ids`, from `since` to before `until` (UTC texts)."""

    operation_ids: tuple[str, ...]
    since: str = ""
    until: str = ""

    def where(self, alias: str = "c") -> tuple[str, list[str]]:
        """An SQL condition on a check and its parameters; void checks never count."""
        marks = ",".join("?" * len(self.operation_ids))
        parts = [f"{alias}.voided = 0", f"{alias}.operation_id IN ({marks})"]
        values = [*self.operation_ids]
        if self.since:
            parts.append(f"{alias}.at >= ?")
            values.append(self.since)
        if self.until:
            parts.append(f"{alias}.at < ?")
            values.append(self.until)
        return " AND ".join(parts), values


@dataclass(slots=True)
class CheckCounts:
    """How many checks by each of GROUPS, how many in all, how many distinct registrations."""

    checks: int = 0
    by: dict[str, Counter[Any]] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingCount:
    """Findings of one field, value, detail and currency."""

    field: str
    value: str
    detail: str
    currency: str
    checks: int
    items: int
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A penalty line on a check's match."""

    check_id: str
    line_key: str
    reference: str
    owed_pence: int | None
    enforceable: str
    at: str
    snapshot: str


def count_checks(connection: sqlite3.Connection, scope: Scope) -> CheckCounts:
    """One pass over the checks."""
    where, values = scope.where()
    columns = ["substr(c.at, 1, 16)" if name == "minute" else f"c.{name}" for name in GROUPS]
    columns += [f"c.{name}" for name in _KEYS]
    rows = connection.execute(
        f"SELECT {', '.join(columns)} FROM vehicle_check AS c WHERE {where}",
        values,
    )
    result = CheckCounts(by={name: Counter() for name in GROUPS})
    keys: list[set[str]] = [set() for _ in _KEYS]
    while chunk := rows.fetchmany(_CHUNK):
        result.checks += len(chunk)
        by_column = list(zip(*chunk, strict=True))
        for name, column in zip(GROUPS, by_column, strict=False):
            result.by[name].update(column)
        for known, column in zip(keys, by_column[len(GROUPS) :], strict=True):
            known.update(column)
    result.distinct = {n: len(k - {""}) for n, k in zip(_KEYS, keys, strict=True)}
    return result


def count_findings(connection: sqlite3.Connection, scope: Scope) -> list[FindingCount]:
    """Findings by field, value, detail and currency."""
    source, values = _findings(scope)
    rows = connection.execute(
        "SELECT f.field, f.value, f.detail, f.currency, COUNT(DISTINCT f.check_id), COUNT(*),"
        f" SUM(f.quantity), COALESCE(SUM(f.amount_minor), 0) FROM {source}"
        " GROUP BY f.field, f.value, f.detail, f.currency",
        values,
    )
    return [FindingCount(*row) for row in rows]


def count_with(
    connection: sqlite3.Connection,
    scope: Scope,
    fields: Sequence[str],
    *,
    without: Sequence[str] = (),
) -> int:
    """How many checks have a finding of one of `fields` and none of `without`."""
    source, values = _findings(scope)
    marks = ",".join("?" * (len(fields) + len(without)))
    row = connection.execute(
        "SELECT COUNT(*) FROM (SELECT MAX(f.field IN ("
        + ",".join("?" * len(fields))
        + f")) AS has FROM {source} AND f.field IN ({marks}) GROUP BY f.check_id"
        + " HAVING has AND NOT MAX(f.field IN ("
        + ",".join("?" * len(without))
        + ")))",
        [*fields, *values, *fields, *without, *without],
    ).fetchone()
    return int(row[0])


def findings_of(
    connection: sqlite3.Connection, scope: Scope, fields: Sequence[str]
) -> list[tuple[str, str, str, str, int, int | None]]:
    """(check, field, value, detail, quantity, amount) of every finding of `fields`."""
    source, values = _findings(scope)
    return connection.execute(
        "SELECT f.check_id, f.field, f.value, f.detail, f.quantity, f.amount_minor"
        f" FROM {source} AND f.field IN ({','.join('?' * len(fields))})",
        [*values, *fields],
    ).fetchall()


def count_matches(connection: sqlite3.Connection, scope: Scope) -> Counter[tuple[str, str]]:
    """Matches by (tier, decision); weak and replaced ones left out."""
    where, values = scope.where()
    rows = connection.execute(
        "SELECT m.tier, m.decision, COUNT(*) FROM check_match AS m JOIN vehicle_check AS c"
        f" ON c.check_id = m.check_id WHERE m.decision NOT IN ('', 'replaced') AND {where}"
        " GROUP BY m.tier, m.decision",
        values,
    )
    return Counter({(tier, decision): number for tier, decision, number in rows})


def unresolved(connection: sqlite3.Connection, scope: Scope) -> list[tuple[str, ...]]:
    """(ref, unit, typed, registration, list, tier, why) of every match that waits."""
    where, values = scope.where()
    return connection.execute(
        "SELECT c.ref, m.unit, m.typed, m.registration, m.list_name, m.tier, m.why"
        " FROM check_match AS m JOIN vehicle_check AS c ON c.check_id = m.check_id"
        f" WHERE m.decision = 'open' AND {where} ORDER BY c.at, c.ref, m.number",
        values,
    ).fetchall()


def lines_seen(connection: sqlite3.Connection, scope: Scope) -> list[LineSeen]:
    """The penalty lines of exact, lookalike and near matches not rejected, oldest check first."""
    where, values = scope.where()
    rows = connection.execute(
        "SELECT p.check_id, p.line_key, p.reference, p.owed_pence, p.enforceable, c.at,"
        " p.snapshot FROM check_match AS m JOIN match_penalty AS p"
        " ON p.check_id = m.check_id AND p.match_number = m.number"
        " JOIN vehicle_check AS c ON c.check_id = m.check_id"
        f" WHERE m.decision IN ('open', 'confirmed') AND {where}"
        " ORDER BY c.at, c.check_id, m.number, p.number",
        values,
    )
    return [LineSeen(*row) for row in rows]


def lists_used(connection: sqlite3.Connection, scope: Scope) -> list[tuple[Any, ...]]:
    """(name, version, imported_at, rows, rejected, sha256, checks) of every version used."""
    where, values = scope.where()
    return connection.execute(
        "WITH used AS (SELECT c.lists, COUNT(*) AS checks FROM vehicle_check AS c"
        f" WHERE {where} GROUP BY c.lists)"
        " SELECT v.list_name, v.version, v.imported_at, v.rows, v.rejected, v.sha256,"
        " SUM(used.checks) FROM used, json_each(used.lists) AS one"
        " JOIN list_version AS v ON v.list_name = one.value ->> 'name'"
        " AND v.version = one.value ->> 'version'"
        " GROUP BY v.list_name, v.version ORDER BY v.list_name, v.version",
        values,
    ).fetchall()


def count_voided(connection: sqlite3.Connection, scope: Scope) -> int:
    """How many checks of the scope are void."""
    where, values = scope.where()
    where = where.replace("c.voided = 0", "c.voided = 1")
    row = connection.execute(
        f"SELECT COUNT(*) FROM vehicle_check AS c WHERE {where}",
        values,
    ).fetchone()
    return int(row[0])


def _findings(scope: Scope) -> tuple[str, list[str]]:
    """The findings in scope as an SQL source that ends in a condition, with its parameters.

    Findings carry their operation, and void checks have none: the checks are
    joined only where times narrow the scope.
    """
    if scope.since or scope.until:
        where, values = scope.where()
        joined = "finding AS f JOIN vehicle_check AS c ON c.check_id = f.check_id"
        return f"{joined} WHERE {where}", values
    marks = ",".join("?" * len(scope.operation_ids))
    return f"finding AS f WHERE f.operation_id IN ({marks})", [*scope.operation_ids]
