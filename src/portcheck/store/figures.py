"""Counting an operation: a few passes over the projections, in bounded memory."""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

GROUPS = (
    "direction",
    "unit",
    "body",
    "country",
    "country_guess",
    "lane",
    "officer",
    "agency",
    "primary_outcome",
    "screened",
    "amended",
)
MATCHES = (
    "check_match AS m CROSS JOIN vehicle_check AS c"
    " ON c.check_id = m.check_id AND c.operation_id = m.operation_id"
)  # in this order: matches are few, checks are many
_KEYS = ("vehicle_key", "trailer_key", "container_key")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which checks: those of `operation_ids`, from `since` to before `until` (UTC texts)."""

    operation_ids: tuple[str, ...]
    since: str = ""
    until: str = ""

    def covers(self, operation_id: str, at: str) -> bool:
        """Whether a check of the operation at this time (UTC text) is among them."""
        early, late = self.since and at < self.since, self.until and at >= self.until
        return operation_id in self.operation_ids and not (early or late)

    def where(self, owner: str = "c") -> tuple[str, list[str]]:
        """An SQL condition on a check `c` and its parameters; void checks never count.

        `owner` is the table whose operation is asked, where an index begins with it.
        """
        marks = _marks(self.operation_ids)
        parts = ["c.voided = 0", f"{owner}.operation_id IN ({marks})"]
        values = [*self.operation_ids]
        if self.since:
            parts.append("c.at >= ?")
            values.append(self.since)
        if self.until:
            parts.append("c.at < ?")
            values.append(self.until)
        return " AND ".join(parts), values


@dataclass(slots=True)
class CheckCounts:
    """How many checks by each of GROUPS, by "minute" and by "lists", how many in all, and how
    many distinct registrations.
    """

    checks: int = 0
    by: dict[str, Counter[Any]] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingCount:
    """Findings of one field, value, detail and currency; `checks` counts a check once a field."""

    field: str
    value: str
    detail: str
    currency: str
    checks: int
    items: int
    quantity: int
    amount_minor: int
    measured: int


class LineSeen(NamedTuple):
    """What a tally needs of a penalty line on a check's match; the first three identify it.

    `shown_at` is when it was shown: at the check, or with the list that came `later`; `dated`
    is the date of that list's `version`.  `at` and both are UTC texts.  `otherwise` and
    `otherwise_rule` are the assessment but for what was `recorded` before (JSON).
    """

    check_id: str
    match: int
    number: int
    ref: str
    at: str
    operation_id: str
    tier: str
    later: int
    decision: str
    shown_at: str
    dated: str
    version: int
    line_key: str
    reference: str
    owed_pence: int | None
    enforceable: str
    rule: int
    otherwise: str | None
    otherwise_rule: int | None
    recorded: str | None


@dataclass(frozen=True, slots=True)
class CashFound:
    """A sum of cash at a check, in minor units of its currency; `disposal` as recorded, `part`
    of the United Kingdom as the operation has it.
    """

    check_id: str
    ref: str
    at: str
    vehicle: str
    disposal: str
    currency: str
    amount_minor: int
    part: str


def count_checks(connection: sqlite3.Connection, scope: Scope) -> CheckCounts:
    """Checks by every group at once, by minute and the lists asked, and distinct registrations."""
    where, values = scope.where()
    groups = ", ".join(f"c.{name}" for name in GROUPS)
    result = CheckCounts(by={name: Counter() for name in (*GROUPS, "minute", "lists")})
    for *group, number in connection.execute(
        f"SELECT {groups}, COUNT(*) FROM vehicle_check AS c WHERE {where} GROUP BY {groups}", values
    ):
        result.checks += number
        for name, value in zip(GROUPS, group, strict=True):
            result.by[name][value] += number
    for minute, lists, number in connection.execute(
        "SELECT substr(c.at, 1, 16), c.lists, COUNT(*) FROM vehicle_check AS c"
        f" WHERE {where} GROUP BY 1, 2",
        values,
    ):
        result.by["minute"][minute] += number
        result.by["lists"][lists] += number
    for name in _KEYS:
        row = connection.execute(
            f"SELECT COUNT(*) FROM (SELECT c.{name} FROM vehicle_check AS c"
            f" WHERE {where} AND c.{name} <> '' GROUP BY c.{name})",
            values,
        ).fetchone()
        result.distinct[name] = int(row[0])
    return result


def count_findings(connection: sqlite3.Connection, scope: Scope) -> list[FindingCount]:
    """Findings by field, value, detail and currency."""
    source, values = _findings(scope)
    rows = connection.execute(
        "SELECT f.field, f.value, f.detail, f.currency, SUM(f.position = 0), COUNT(*),"
        f" SUM(f.quantity), COALESCE(SUM(f.amount_minor), 0),"
        f" COALESCE(SUM(f.measured), 0) FROM {source}"
        " GROUP BY f.field, f.value, f.detail, f.currency",
        values,
    )
    return [FindingCount(*row) for row in rows]


def count_with(
    connection: sqlite3.Connection,
    scope: Scope,
    fields: Sequence[str],
    also: Sequence[str] = (),
) -> int:
    """How many checks have a finding of one of `fields`; with `also`, one of those too.

    A check counts at the first finding of the first of `fields` that it has:
    nothing has to be sorted.
    """
    source, values = _findings(scope)
    total = 0
    for place, name in enumerate(fields):
        earlier = fields[:place]
        conditions = f" AND NOT {_has(earlier)}" if earlier else ""
        conditions += f" AND {_has(also)}" if also else ""
        row = connection.execute(
            f"SELECT COUNT(*) FROM {source} AND f.field = ? AND f.position = 0{conditions}",
            [*values, name, *earlier, *also],
        ).fetchone()
        total += int(row[0])
    return total


def _has(fields: Sequence[str]) -> str:
    """That the check of a finding `f` has one of `fields`."""
    return (
        "EXISTS (SELECT 1 FROM finding AS o WHERE o.check_id = f.check_id"
        f" AND o.field IN ({_marks(fields)}))"
    )


def count_vehicles(connection: sqlite3.Connection, scope: Scope, found: Mapping[str, str]) -> int:
    """How many distinct vehicles have a finding of one of the fields `found`, with the detail
    that stands there (any, where it is "").
    """
    where, values = scope.where("f")
    row = connection.execute(
        "SELECT COUNT(DISTINCT c.vehicle_key) FROM json_each(?) AS wanted"
        " CROSS JOIN finding AS f ON f.field = wanted.key AND wanted.value IN ('', f.detail)"
        f" CROSS JOIN vehicle_check AS c ON c.check_id = f.check_id WHERE {where}",
        [json.dumps(found), *values],
    ).fetchone()
    return int(row[0])


def findings_of(
    connection: sqlite3.Connection, scope: Scope, fields: Sequence[str]
) -> list[tuple[str, str, str, str, int, int | None]]:
    """(check, field, value, detail, quantity, amount) of every finding of `fields`."""
    source, values = _findings(scope)
    return connection.execute(
        "SELECT f.check_id, f.field, f.value, f.detail, f.quantity, f.amount_minor"
        f" FROM {source} AND f.field IN ({_marks(fields)})",
        [*values, *fields],
    ).fetchall()


def count_matches(connection: sqlite3.Connection, scope: Scope) -> Counter[tuple[str, str]]:
    """Matches by (tier, decision); weak and replaced ones left out."""
    where, values = scope.where("m")
    rows = connection.execute(
        f"SELECT m.tier, m.decision, COUNT(*) FROM {MATCHES} WHERE {where}"
        " AND m.decision IN ('open', 'confirmed', 'rejected') GROUP BY m.tier, m.decision",
        values,
    )
    return Counter({(tier, decision): number for tier, decision, number in rows})


def unresolved(connection: sqlite3.Connection, scope: Scope) -> list[tuple[str, ...]]:
    """(ref, unit, typed, registration, list, tier, why) of every match that waits."""
    where, values = scope.where("m")
    return connection.execute(
        "SELECT c.ref, m.unit, m.typed, m.registration, m.list_name, m.tier, m.why"
        f" FROM {MATCHES} WHERE m.decision = 'open' AND {where} ORDER BY c.at, c.ref, m.number",
        values,
    ).fetchall()


def lines_seen(connection: sqlite3.Connection, scope: Scope) -> list[LineSeen]:
    """The penalty lines of exact, lookalike and near matches not rejected, oldest check first."""
    where, values = scope.where("m")
    rows = connection.execute(
        "SELECT p.check_id, p.match_number, p.number, c.ref, c.at, c.operation_id, m.tier, m.later,"
        " m.decision, MAX(c.at, COALESCE(v.imported_at, c.at)), COALESCE(v.as_of, c.at),"
        " m.list_version,"
        " p.line_key, p.reference, p.owed_pence, p.enforceable, p.snapshot ->> 'rule',"
        " p.snapshot ->> 'otherwise', p.snapshot ->> 'otherwise_rule',"
        " NULLIF(p.snapshot -> 'recorded', '[]')"
        f" FROM {MATCHES} CROSS JOIN match_penalty AS p"
        " ON p.check_id = m.check_id AND p.match_number = m.number"
        " LEFT JOIN list_version AS v"
        " ON v.list_name = m.list_name AND v.version = m.list_version"
        f" WHERE m.decision IN ('open', 'confirmed') AND {where}"
        " ORDER BY c.at, c.check_id, m.number, p.number",
        values,
    )
    return list(map(LineSeen._make, rows))


def penalties_recorded(connection: sqlite3.Connection, scope: Scope) -> list[tuple[str, str]]:
    """(check, JSON list) of what was done about penalty lines, for every check that has any."""
    source, values = _findings(scope)
    return connection.execute(
        "SELECT p.check_id, p.outcome -> 'penalties' FROM vehicle_check AS p WHERE p.check_id IN"
        f" (SELECT f.check_id FROM {source} AND f.field = 'penalties')",
        values,
    ).fetchall()


def cash_found(connection: sqlite3.Connection, scope: Scope) -> list[CashFound]:
    """Every sum of cash, oldest check first."""
    where, values = scope.where("f")
    rows = connection.execute(
        "SELECT c.check_id, c.ref, c.at, c.vehicle, f.value, f.currency, f.amount_minor, o.part"
        " FROM finding AS f CROSS JOIN vehicle_check AS c ON c.check_id = f.check_id"
        " JOIN operation AS o ON o.operation_id = c.operation_id"
        f" WHERE f.field = 'cash' AND {where} ORDER BY c.at, c.check_id, f.position",
        values,
    )
    return [CashFound(*row) for row in rows]


def lists_used(connection: sqlite3.Connection, lists: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """(name, version, imported_at, rows, rejected, sha256, checks) of every version used.

    `lists` are the counts of checks by the lists asked, as in `CheckCounts`.  A
    version that was added to another counts the rows of both.
    """
    return connection.execute(
        "SELECT v.list_name, v.version, v.imported_at, v.rows + v.kept, v.rejected, v.sha256,"
        " SUM(used.value ->> 1)"
        " FROM json_each(?) AS used, json_each(used.value ->> 0) AS one"
        " JOIN list_version AS v ON v.list_name = one.value ->> 'name'"
        " AND v.version = one.value ->> 'version'"
        " GROUP BY v.list_name, v.version ORDER BY v.list_name, v.version",
        (json.dumps(list(lists.items())),),
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
    marks = _marks(scope.operation_ids)
    return f"finding AS f WHERE f.operation_id IN ({marks})", [*scope.operation_ids]


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))
