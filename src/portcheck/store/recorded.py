"""What was recorded about penalties, in whatever operation, by the penalty's reference."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from portcheck.domain.settlement import Key
from portcheck.store.standing import BEARS, STANDS


class ActRow(NamedTuple):
    """Something done about a penalty at a check; `at` is a UTC text."""

    reference_key: str
    check_id: str
    operation_id: str
    operation: str
    ref: str
    at: str
    action: str
    amount_pence: int | None


class LineRow(NamedTuple):
    """A penalty line as a check showed it, or a list that came `later`; `dated` is the UTC text
    of its list's date.
    """

    check_id: str
    later: int
    line_key: str
    owed_pence: int | None
    dated: str


def acts_on(
    connection: sqlite3.Connection, reference_keys: Iterable[str], *, before: str = ""
) -> list[ActRow]:
    """What was done about these penalties, oldest first; `before` leaves out checks from that
    time (UTC text) on.  Void checks have done nothing.
    """
    rows = connection.execute(
        "SELECT a.reference_key, a.check_id, c.operation_id, o.name, c.ref, c.at, a.action,"
        " a.amount_pence FROM json_each(?1) AS wanted CROSS JOIN penalty_action AS a"
        " ON a.reference_key = wanted.value CROSS JOIN vehicle_check AS c"
        " ON c.check_id = a.check_id CROSS JOIN operation AS o"
        " ON o.operation_id = c.operation_id WHERE ?2 = '' OR c.at < ?2"
        " ORDER BY c.at, c.check_id, a.position",
        (json.dumps(list(reference_keys)), before),
    )
    return list(map(ActRow._make, rows))


def lines_at(connection: sqlite3.Connection, check_ids: Sequence[str]) -> list[LineRow]:
    """The penalty lines of matches that were not rejected, at these checks."""
    rows = connection.execute(
        "SELECT p.check_id, m.later, p.line_key, p.owed_pence, COALESCE(v.as_of, c.at)"
        " FROM json_each(?) AS wanted CROSS JOIN vehicle_check AS c ON c.check_id = wanted.value"
        " CROSS JOIN check_match AS m ON m.check_id = c.check_id"
        f" AND m.{BEARS} CROSS JOIN match_penalty AS p"
        " ON p.check_id = m.check_id AND p.match_number = m.number"
        " LEFT JOIN list_version AS v"
        " ON v.list_name = m.list_name AND v.version = m.list_version"
        " AND m.entries_sha256 IN ('', v.entries_sha256)",
        (json.dumps(check_ids),),
    )
    return list(map(LineRow._make, rows))


class StandingRow(NamedTuple):
    """A penalty line of a match that was decided or waits; `dated` as in LineRow."""

    reference: str
    line_key: str
    owed_pence: int | None
    enforceable: str
    decision: str
    match: int
    dated: str


def lines_standing(connection: sqlite3.Connection, check_id: str) -> list[StandingRow]:
    """The penalty lines of a check's matches, in order, without those of weak and replaced ones."""
    rows = connection.execute(
        "SELECT p.reference, p.line_key, p.owed_pence, p.enforceable, m.decision, m.number,"
        " COALESCE(v.as_of, c.at) FROM vehicle_check AS c JOIN check_match AS m"
        " ON m.check_id = c.check_id JOIN match_penalty AS p"
        " ON p.check_id = m.check_id AND p.match_number = m.number"
        " LEFT JOIN list_version AS v"
        " ON v.list_name = m.list_name AND v.version = m.list_version"
        " AND m.entries_sha256 IN ('', v.entries_sha256)"
        f" WHERE c.check_id = ? AND m.{STANDS}"
        " ORDER BY m.number, p.number",
        (check_id,),
    )
    return list(map(StandingRow._make, rows))


def key_from(line_key: str) -> Key:
    """The key that a projection keeps; a line without a reference is its list's entry."""
    return _key(json.loads(line_key), line_key)


def keys_from(line_keys: Iterable[str]) -> dict[str, Key]:
    """As `key_from`, of many at once."""
    kept = list(dict.fromkeys(line_keys))
    return dict(zip(kept, map(_key, json.loads(f"[{','.join(kept)}]"), kept), strict=True))


def _key(said: list[str], line_key: str) -> Key:
    reference, *liable = said
    return (reference, liable[0], liable[1]) if len(liable) > 1 else ("", line_key, "")
