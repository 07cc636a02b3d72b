"""How many checks and findings an operation has, so that a tally need not count them
(`store.counts`): what a check adds to the sums is taken out before an event about it is
projected, and what it then adds is put in.
"""

import sqlite3
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from portcheck.journal.chain import canonical
from portcheck.store.counts import FIELDS, FINDING, KEYS, SUMS, VALUES, VOID

Rows = frozenset[tuple[Any, ...]]


class Contribution(NamedTuple):
    """What one check adds: (operation, kind, value) of each sum of checks that it counts in,
    and its findings as rows of `finding_sum`.
    """

    checks: Rows = frozenset()
    findings: Rows = frozenset()


NOTHING = Contribution()
"""What a check adds that is not there."""

_CHECK = (
    "SELECT c.operation_id, c.voided,"
    f" {', '.join(f'CAST({value} AS TEXT)' for value in VALUES.values())}"
    " FROM vehicle_check AS c WHERE c.check_id = ?"
)
_FINDINGS = f"SELECT f.operation_id, {FINDING}, {SUMS} FROM finding AS f"
_OF_CHECK = f"{_FINDINGS} WHERE f.check_id = ? GROUP BY {FINDING}"
_ADD_CHECKS = (
    "INSERT INTO check_sum (operation_id, kind, value, number) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET number = number + excluded.number"
)
_ADD_FINDINGS = (
    "INSERT INTO finding_sum (operation_id, field, value, detail, currency,"
    " checks, items, quantity, amount_minor, measured) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET checks = checks + excluded.checks, items = items + excluded.items,"
    " quantity = quantity + excluded.quantity,"
    " amount_minor = amount_minor + excluded.amount_minor, measured = measured + excluded.measured"
)
_NAMES = 5  # so many columns of `finding_sum` say what is summed


def contribution(connection: sqlite3.Connection, check_id: str) -> Contribution:
    """What the check adds to the sums as it stands; nothing where there is none."""
    row = connection.execute(_CHECK, (check_id,)).fetchone()
    if row is None:
        return NOTHING
    operation_id, voided, *values = row
    if voided:
        return Contribution(frozenset({(operation_id, VOID, "")}))
    findings = connection.execute(_OF_CHECK, (check_id,)).fetchall()
    said = frozenset(zip(repeat(operation_id), VALUES, values, strict=False))
    checks = said.difference((operation_id, kind, "") for kind in KEYS)
    if findings:
        fields = tuple(sorted({finding[1] for finding in findings}))
        checks |= {(operation_id, FIELDS, _listed(fields))}
    return Contribution(checks, frozenset(findings))


@lru_cache(maxsize=1024)
def _listed(fields: tuple[str, ...]) -> str:
    """The fields as a JSON list; the same few, all day."""
    return canonical(list(fields))


def change(connection: sqlite3.Connection, before: Contribution, now: Contribution) -> None:
    """Take out of the sums what a check added `before`, and put in what it adds `now`."""
    gone, come = before.checks - now.checks, now.checks - before.checks
    connection.executemany(
        _ADD_CHECKS, [*((*one, 1) for one in come), *((*one, -1) for one in gone)]
    )
    connection.executemany(
        "DELETE FROM check_sum WHERE operation_id = ? AND kind = ? AND value = ? AND number = 0",
        gone,
    )
    gone, come = before.findings - now.findings, now.findings - before.findings
    taken = [(*one[:_NAMES], *(-number for number in one[_NAMES:])) for one in gone]
    connection.executemany(_ADD_FINDINGS, [*come, *taken])
    connection.executemany(
        "DELETE FROM finding_sum WHERE operation_id = ? AND field = ? AND value = ?"
        " AND detail = ? AND currency = ? AND items = 0",
        [one[:_NAMES] for one in gone],
    )


def anew(connection: sqlite3.Connection) -> None:
    """Count everything again, from the checks and their findings as they stand."""
    connection.execute("DELETE FROM check_sum")
    connection.execute("DELETE FROM finding_sum")
    for kind, value in VALUES.items():
        shown = f"AND {value} <> ''" if kind in KEYS else ""
        connection.execute(
            f"INSERT INTO check_sum SELECT c.operation_id, ?, {value}, COUNT(*)"
            f" FROM vehicle_check AS c WHERE c.voided = 0 {shown} GROUP BY 1, 3",
            (kind,),
        )
    connection.execute(
        "INSERT INTO check_sum SELECT operation_id, ?, '', COUNT(*) FROM vehicle_check"
        " WHERE voided = 1 GROUP BY 1",
        (VOID,),
    )
    connection.execute(
        "INSERT INTO check_sum SELECT operation_id, ?, fields, COUNT(*) FROM"
        " (SELECT operation_id, json_group_array(field) AS fields FROM"
        " (SELECT DISTINCT check_id, operation_id, field FROM finding ORDER BY 1, 2, 3)"
        " GROUP BY check_id, operation_id) GROUP BY 1, 3",
        (FIELDS,),
    )
    connection.execute(f"INSERT INTO finding_sum {_FINDINGS} GROUP BY f.operation_id, {FINDING}")
