"""What is kept of operations besides their name and place: agencies, ends, imported logs."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any


def agencies_of(connection: sqlite3.Connection, operation_ids: Iterable[str]) -> list[str]:
    """The agencies of the operations, those of the one that started first before others."""
    rows = connection.execute(
        "SELECT agencies FROM operation WHERE operation_id IN (SELECT value FROM json_each(?))"
        " ORDER BY started_at, operation_id",
        (json.dumps(list(operation_ids)),),
    )
    return [name for (text,) in rows for name in json.loads(text)]


def operation_ids(connection: sqlite3.Connection) -> list[str]:
    """The identities of all operations, the one that started first before others."""
    rows = connection.execute(
        "SELECT operation_id FROM operation ORDER BY started_at, operation_id"
    )
    return [operation_id for (operation_id,) in rows]


def tally_kept(connection: sqlite3.Connection, operation_id: str) -> dict[str, Any]:
    """The document that was kept at the end of an operation that has ended."""
    (text,) = connection.execute(
        "SELECT tally FROM operation WHERE operation_id = ?", (operation_id,)
    ).fetchone()
    document: dict[str, Any] = json.loads(text)
    return document


def newest_end(connection: sqlite3.Connection, operation_ids: Iterable[str]) -> tuple[str, str]:
    """(fingerprint, UTC text) of the end that came last of operations that have all ended."""
    row: tuple[str, str] = connection.execute(
        "SELECT fingerprint, ended_at FROM operation"
        " WHERE operation_id IN (SELECT value FROM json_each(?))"
        " ORDER BY ended_at DESC, operation_id LIMIT 1",
        (json.dumps(list(operation_ids)),),
    ).fetchone()
    return row


def log_taken(
    connection: sqlite3.Connection, operation_id: str, sha256: str
) -> tuple[int, int, int, int] | None:
    """(rows, accepted, duplicates, rejected) of a file's import into the operation, or None."""
    row: tuple[int, int, int, int] | None = connection.execute(
        "SELECT rows, accepted, duplicates, rejected FROM log_import"
        " WHERE operation_id = ? AND sha256 = ?",
        (operation_id, sha256),
    ).fetchone()
    return row


def next_number(connection: sqlite3.Connection, operation_id: str, device: str) -> int | None:
    """The number of the device's next check in the operation; None where that has ended."""
    ended, newest = connection.execute(
        "SELECT o.ended_at, (SELECT MAX(number) FROM vehicle_check AS c"
        " WHERE c.operation_id = o.operation_id AND c.device = ?)"
        " FROM operation AS o WHERE o.operation_id = ?",
        (device, operation_id),
    ).fetchone()
    return None if ended else int(newest or 0) + 1
