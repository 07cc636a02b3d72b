"""What a tally rests on beside its counts: vehicles, matches, penalty lines, cash, lists."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from portcheck.store.standing import BEARS, STANDS

MATCHES = (
    "check_match AS m CROSS JOIN vehicle_check AS c"
    " ON c.check_id = m.check_id AND c.operation_id = m.operation_id"
)  # in this order: matches are few, checks are many


@dataclass(frozen=True, slots=True)
class Scope:
    """Which checks: those of `operation_ids`, from `since` to before `until` (UTC texts).

    `by_rows` asks for a count of the checks themselves also where sums are kept.
    """

    operation_ids: tuple[str, ...]
    since: str = ""
    until: str = ""
    by_rows: bool = False

    @property
    def whole(self) -> bool:
        """Whether no times narrow the operations."""
        return not (self.since or self.until)

    @property
    def summed(self) -> bool:
        """Whether the sums that are kept answer for it."""
        return self.whole and not self.by_rows

    def covers(self, operation_id: str, at: str) -> bool:
        """Whether a check of the operation at this time (UTC text) is among them."""
        early, late = self.since and at < self.since, self.until and at >= self.until
        return operation_id in self.operation_ids and not (early or late)

    def where(self, owner: str = "c") -> tuple[str, list[str]]:
        """An SQL condition on a check `c` and its parameters; void checks never count.

        `owner` is the table whose operation is asked, where an index begins with it.
        """
        parts = ["c.voided = 0", f"{owner}.operation_id IN ({marks(self.operation_ids)})"]
        values = [*self.operation_ids]
        if self.since:
            parts.append("c.at >= ?")
            values.append(self.since)
        if self.until:
            parts.append("c.at < ?")
            values.append(self.until)
        return " AND ".join(parts), values


class LineSeen(NamedTuple):
    """What a tally needs of a penalty line on a check's match; the first three identify it.

    `shown_at` is when it was shown: at the check, or with the list that came `later`; `dated`
    is the date of that list's `version`.  `at` and both are UTC texts.  `otherwise` and
    `otherwise_rule` are the assessment but for what was `recorded` before (JSON; "" for nothing).
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
    owed_pence: int | None
    enforceable: str
    rule: int
    otherwise: str
    otherwise_rule: int
    recorded: str


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
    connection: sqlite3.Connection, scope: Scope, found: Mapping[str, str]
) -> list[tuple[str, str, int]]:
    """(check, field, quantity) of every finding of the fields `found`, as in `count_vehicles`."""
    source, of_scope = findings_in(scope)
    queries, values = [], []
    for name, detail in found.items():
        condition = " AND f.detail = ?" if detail else ""
        queries.append(
            f"SELECT f.check_id, f.field, f.quantity FROM {source} AND f.field = ?{condition}"
        )
        values += [*of_scope, name, *([detail] if detail else [])]
    return connection.execute(" UNION ALL ".join(queries), values).fetchall()


def count_matches(connection: sqlite3.Connection, scope: Scope) -> Counter[tuple[str, str]]:
    """Matches by (tier, decision); weak and replaced ones left out."""
    where, values = scope.where("m")
    rows = connection.execute(
        f"SELECT m.tier, m.decision, COUNT(*) FROM {MATCHES} WHERE {where}"
        f" AND m.{STANDS} GROUP BY m.tier, m.decision",
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
        " p.line_key, p.owed_pence, p.enforceable, p.rule, p.otherwise,"
        " p.otherwise_rule, p.recorded"
        f" FROM {MATCHES} CROSS JOIN match_penalty AS p"
        " ON p.check_id = m.check_id AND p.match_number = m.number"
        " LEFT JOIN list_version AS v"
        " ON v.list_name = m.list_name AND v.version = m.list_version"
        " AND m.entries_sha256 IN ('', v.entries_sha256)"
        f" WHERE m.{BEARS} AND {where}"
        " ORDER BY c.at, c.check_id, m.number, p.number",
        values,
    )
    return list(map(LineSeen._make, rows))


def penalties_recorded(
    connection: sqlite3.Connection, scope: Scope
) -> dict[str, list[dict[str, Any]]]:
    """What was done about penalty lines, by check, for every check that has any."""
    source, values = findings_in(scope)
    rows = connection.execute(
        "SELECT p.check_id, p.outcome -> 'penalties' FROM vehicle_check AS p WHERE p.check_id IN"
        f" (SELECT f.check_id FROM {source} AND f.field = 'penalties')",
        values,
    )
    return {check_id: json.loads(text) for check_id, text in rows}


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


def findings_in(scope: Scope) -> tuple[str, list[str]]:
    """The findings in scope as an SQL source that ends in a condition, with its parameters.

    Findings carry their operation, and void checks have none: the checks are
    joined only where times narrow the scope.
    """
    if not scope.whole:
        where, values = scope.where()
        joined = "finding AS f JOIN vehicle_check AS c ON c.check_id = f.check_id"
        return f"{joined} WHERE {where}", values
    of_operations = f"f.operation_id IN ({marks(scope.operation_ids)})"
    return f"finding AS f WHERE {of_operations}", [*scope.operation_ids]


def marks(values: Collection[str]) -> str:
    """A mark for each of the values, in an SQL list."""
    return ",".join("?" * len(values))
