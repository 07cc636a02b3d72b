"""How many checks and findings there are: read from the sums that are kept, where a whole
operation is asked, and counted from the tables where times narrow it.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from portcheck.store.figures import Scope, findings_in, marks

_GROUPS = (
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
KEYS = ("vehicle_key", "trailer_key", "container_key")
VALUES = {
    **{name: f"c.{name}" for name in _GROUPS},
    "minute": "substr(c.at, 1, 16)",
    "lists": "c.lists",
    **{name: f"c.{name}" for name in KEYS},
}
"""What checks `c` that count are summed by, in SQL; of KEYS only those that are not blank."""

FIELDS, VOID = "fields", "void"
"""Further kinds of sums: by the fields of a check's findings (a sorted JSON list), and of checks
that are void.
"""


@dataclass(slots=True)
class CheckCounts:
    """How many checks by the text of each of VALUES but KEYS, and how many distinct KEYS."""

    by: dict[str, Counter[str]] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)

    @property
    def checks(self) -> int:
        """How many there are in all."""
        return self.by[_GROUPS[0]].total()


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


FINDING = "f.field, f.value, f.detail, f.currency"
SUMS = (
    "SUM(f.position = 0), COUNT(*), SUM(f.quantity), COALESCE(SUM(f.amount_minor), 0),"
    " COALESCE(SUM(f.measured), 0)"
)
"""What is summed of findings `f` by FINDING, in the order of `FindingCount`."""


def count_checks(connection: sqlite3.Connection, scope: Scope) -> CheckCounts:
    """Checks by every group, by minute and the lists asked, and distinct registrations."""
    result = CheckCounts({name: Counter() for name in VALUES if name not in KEYS})
    if scope.summed:
        _kept(connection, scope, result)
    else:
        _counted(connection, scope, result)
    return result


def _kept(connection: sqlite3.Connection, scope: Scope, result: CheckCounts) -> None:
    for kind, value, number in connection.execute(
        f"SELECT kind, value, SUM(number) FROM check_sum {_of(scope, result.by)} GROUP BY 1, 2",
        [*scope.operation_ids, *result.by],
    ):
        result.by[kind][value] = number
    one = len(scope.operation_ids) == 1  # every value stands once then
    distinct = "COUNT(*)" if one else "COUNT(DISTINCT value)"
    for name in KEYS:
        (result.distinct[name],) = connection.execute(
            f"SELECT {distinct} FROM check_sum {_of(scope, (name,))}", [*scope.operation_ids, name]
        ).fetchone()


def _counted(connection: sqlite3.Connection, scope: Scope, result: CheckCounts) -> None:
    where, values = scope.where()
    for names in (_GROUPS, ("minute", "lists")):
        groups = ", ".join(VALUES[name] for name in names)
        for *group, number in connection.execute(
            f"SELECT {groups}, COUNT(*) FROM vehicle_check AS c WHERE {where} GROUP BY {groups}",
            values,
        ):
            for name, value in zip(names, group, strict=True):
                result.by[name][str(value)] += number
    for name in KEYS:
        row = connection.execute(
            f"SELECT COUNT(*) FROM (SELECT c.{name} FROM vehicle_check AS c"
            f" WHERE {where} AND c.{name} <> '' GROUP BY c.{name})",
            values,
        ).fetchone()
        result.distinct[name] = int(row[0])


def count_findings(connection: sqlite3.Connection, scope: Scope) -> list[FindingCount]:
    """Findings by field, value, detail and currency."""
    if scope.summed:
        query = (
            "SELECT f.field, f.value, f.detail, f.currency, SUM(f.checks), SUM(f.items),"
            " SUM(f.quantity), SUM(f.amount_minor), SUM(f.measured) FROM finding_sum AS f"
            f" WHERE f.operation_id IN ({marks(scope.operation_ids)})"
        )
        values = [*scope.operation_ids]
    else:
        source, values = findings_in(scope)
        query = f"SELECT {FINDING}, {SUMS} FROM {source}"
    rows = connection.execute(f"{query} GROUP BY {FINDING}", values)
    return [FindingCount(*row) for row in rows]


def count_with(
    connection: sqlite3.Connection,
    scope: Scope,
    fields: Sequence[str],
    also: Sequence[str] = (),
) -> int:
    """How many checks have a finding of one of `fields`; with `also`, one of those too."""
    if not scope.summed:
        return _counted_with(connection, scope, fields, also)
    rows = connection.execute(
        f"SELECT value, number FROM check_sum {_of(scope, (FIELDS,))}",
        [*scope.operation_ids, FIELDS],
    )
    found = ((set(json.loads(value)), number) for value, number in rows)
    return sum(
        number
        for there, number in found
        if not (there.isdisjoint(fields) or (also and there.isdisjoint(also)))
    )


def _counted_with(
    connection: sqlite3.Connection, scope: Scope, fields: Sequence[str], also: Sequence[str]
) -> int:
    """A check counts at the first finding of the first of `fields` that it has: nothing has to
    be sorted.
    """
    source, values = findings_in(scope)
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
        f" AND o.field IN ({marks(fields)}))"
    )


def count_voided(connection: sqlite3.Connection, scope: Scope) -> int:
    """How many checks of the scope are void."""
    if scope.summed:
        source = f"SUM(number) FROM check_sum {_of(scope, (VOID,))}"
        values = [*scope.operation_ids, VOID]
    else:
        where, values = scope.where()
        where = where.replace("c.voided = 0", "c.voided = 1")
        source = f"COUNT(*) FROM vehicle_check AS c WHERE {where}"
    return int(connection.execute(f"SELECT {source}", values).fetchone()[0] or 0)


def _of(scope: Scope, kinds: Collection[str]) -> str:
    """The sums of these kinds in the scope, as an SQL condition."""
    return f"WHERE operation_id IN ({marks(scope.operation_ids)}) AND kind IN ({marks(kinds)})"
