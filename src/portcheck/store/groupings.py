"""Counting the checks of a scope by one column at a time."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from portcheck.store.figures import MATCHES, Scope
from portcheck.store.standing import STANDS

_GROUPED = (
    ("searched", "'searched', 'nothing_found'", "COUNT(DISTINCT f.check_id)"),
    ("persons", "'persons'", "SUM(f.quantity)"),
    ("offences", "'offences'", "COUNT(*)"),
    ("education", "'education'", "COUNT(DISTINCT f.check_id)"),
)

_SPECIAL = {
    "minute": "substr(c.at, 1, 16)",
    "country": "c.country || iif(c.country_guess = '', '', c.country_guess || ' (guessed)')",
    "site": "iif(c.site <> '', c.site,"
    " (SELECT o.site FROM operation AS o WHERE o.operation_id = c.operation_id))",
}
"""Groups that are no column as it stands."""


def grouped(connection: sqlite3.Connection, scope: Scope, by: str) -> dict[str, Counter[str]]:
    """Counts by one of the columns of checks, or by "minute" (UTC text), under these names:
    "checks", "matches", "confirmed", "searched", "persons", "offences", "education".

    A check that has no site of its own is at its operation's.  Where nobody gave a country,
    one that was guessed is a group of its own, as "GB (guessed)".
    """
    column = _SPECIAL.get(by, f"c.{by}")
    where, values = scope.where()
    found: dict[str, Counter[str]] = {
        "checks": Counter(
            dict(
                connection.execute(
                    f"SELECT {column}, COUNT(*) FROM vehicle_check AS c WHERE {where} GROUP BY 1",
                    values,
                )
            )
        )
    }
    found |= {name: Counter() for name in ("matches", "confirmed", "searched")}
    where, values = scope.where("m")
    for group, confirmed, number in connection.execute(
        f"SELECT {column}, m.decision = 'confirmed', COUNT(*) FROM {MATCHES} WHERE {where}"
        f" AND m.{STANDS} GROUP BY 1, 2",
        values,
    ):
        found["matches"][group] += number
        found["confirmed"][group] += number * confirmed
    where, values = scope.where("f")
    for name, fields, number in _GROUPED:
        rows = connection.execute(
            f"SELECT {column}, {number} FROM finding AS f CROSS JOIN vehicle_check AS c"
            f" ON c.check_id = f.check_id WHERE f.field IN ({fields}) AND {where} GROUP BY 1",
            values,
        )
        found[name] = Counter(dict(rows))
    return found


def groups_of(connection: sqlite3.Connection, check_ids: Sequence[str], by: str) -> dict[str, str]:
    """The group of each check, as in `grouped`."""
    column = _SPECIAL.get(by, f"c.{by}")
    rows = connection.execute(
        f"SELECT c.check_id, {column} FROM vehicle_check AS c"
        " WHERE c.check_id IN (SELECT value FROM json_each(?))",
        (json.dumps(check_ids),),
    )
    return dict(rows.fetchall())
