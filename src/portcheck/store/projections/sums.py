"""How many checks and findings an operation has, so that a tally need not count them
(`store.counts`): what a check adds to the sums before an event about it is projected is taken
out of them, and what it then adds is put in (`store.gathered`).
"""

import sqlite3
from functools import lru_cache
from itertools import repeat

from portcheck.journal.chain import canonical
from portcheck.store.counts import FIELDS, FINDING, KEYS, SUMS, VALUES, VOID
from portcheck.store.gathered import NOTHING, Contribution

_CHECK = (
    "SELECT c.operation_id, c.voided,"
    f" {', '.join(f'CAST({value} AS TEXT)' for value in VALUES.values())}"
    " FROM vehicle_check AS c WHERE c.check_id = ?"
)
_FINDINGS = f"SELECT f.operation_id, {FINDING}, {SUMS} FROM finding AS f"
_OF_CHECK = f"{_FINDINGS} WHERE f.check_id = ? GROUP BY {FINDING}"


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
