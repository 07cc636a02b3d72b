"""What keeps an operation's figures from being complete."""

import sqlite3
from typing import NamedTuple

_OF_IT = (
    "EXISTS (SELECT 1 FROM vehicle_check AS v WHERE v.check_id = {0}.subject"
    " AND v.operation_id = ?1)"
)


class Disputed(NamedTuple):
    """A value that was given to a field of a check (`ref`) or of the operation (""), by whom, on
    which device and when (UTC text); `place` 0 is the first, `event` its hash in hex.
    """

    subject: str
    ref: str
    field: str
    place: int
    value: str
    officer: str
    device: str
    at: str
    event: str


def disputes_of(connection: sqlite3.Connection, operation_id: str) -> int:
    """How many fields and matches of an operation and its checks are disputed."""
    (number,) = connection.execute(
        "SELECT COUNT(*) FROM (SELECT DISTINCT d.subject, d.field FROM dispute AS d"
        f" WHERE d.subject = ?1 OR {_OF_IT.format('d')})",
        (operation_id,),
    ).fetchone()
    return int(number)


def disputed(connection: sqlite3.Connection, operation_id: str) -> list[Disputed]:
    """What is disputed, by check and field, the first value first."""
    rows = connection.execute(
        "SELECT d.subject, COALESCE(c.ref, ''), d.field, d.place, d.value, d.officer, d.device,"
        " d.at, d.event FROM dispute AS d LEFT JOIN vehicle_check AS c ON c.check_id = d.subject"
        f" WHERE d.subject = ?1 OR {_OF_IT.format('d')} ORDER BY c.at, 2, d.field, d.place",
        (operation_id,),
    )
    return [Disputed(*row) for row in rows]


def pending_of(connection: sqlite3.Connection, operation_id: str) -> int:
    """How many events about an operation or its checks say nothing yet; those of whom it is not
    known which operation they are about are among them.
    """
    (number,) = connection.execute(
        "SELECT COUNT(*) FROM pending AS p WHERE p.waits_for = ?1 OR p.subject = ?1"
        f" OR {_OF_IT.format('p')} OR NOT EXISTS (SELECT 1 FROM fact AS f"
        " WHERE f.subject = p.subject AND p.subject > '' AND f.kind = 'check_recorded'"
        " AND f.payload ->> 'operation_id' <> ?1)",
        (operation_id,),
    ).fetchone()
    return int(number)
