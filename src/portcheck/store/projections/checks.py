"""Checks as they stand: their rows, made anew of what `checkfold` finds in their events."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from portcheck.domain.settlement import key_of_line, reference_key
from portcheck.journal import parts
from portcheck.journal.append import Recorded
from portcheck.journal.chain import canonical
from portcheck.store.gathered import NOTHING, Gathered
from portcheck.store.projections import sums
from portcheck.store.projections.checkfold import Check, Fact, Match, dispute, fold
from portcheck.store.projections.pending import NEWER
from portcheck.store.projections.rows import insert, put

_HANGING = dict.fromkeys(
    ("finding", "penalty_action", "match_penalty", "check_match", "amendment"), "check_id"
) | {"dispute": "subject"}
"""Where the rows stand that hang on a check's, and the column that names it."""


def make(
    connection: sqlite3.Connection,
    check_id: str,
    facts: Sequence[Fact],
    *,
    gathered: Gathered | None,
    empty: bool = False,
) -> list[tuple[Recorded, str]]:
    """Make a check's rows anew of its events, given in order.

    What that changes in the sums of its operation is `gathered`; None leaves them to be made
    anew.  Where the tables are `empty` of it, no rows are looked for.

    Returns those that could not be taken, each with what it waits for: the check, its
    operation, or a newer portcheck.
    """
    before = None if gathered is None else gathered.standing(check_id)
    if not empty:
        if gathered is not None and before is None:
            before = sums.contribution(connection, check_id)
        for table, column in _HANGING.items():
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (check_id,))
    left = _rows(connection, check_id, facts, insert if empty else put)
    if gathered is not None:
        gathered.change(check_id, before or NOTHING, sums.contribution(connection, check_id))
    return left


def _rows(
    connection: sqlite3.Connection,
    check_id: str,
    facts: Sequence[Fact],
    write: Callable[[sqlite3.Connection, str, Mapping[str, Any]], None],
) -> list[tuple[Recorded, str]]:
    check, left = fold(facts)
    if check is None or not _operation_known(connection, check.operation_id):
        connection.execute("DELETE FROM vehicle_check WHERE check_id = ?", (check_id,))
        if check is None:
            return [(recorded, check_id) for recorded in left]
        return [(recorded, check.operation_id) for _, recorded in facts]
    write(connection, "vehicle_check", check.row())
    for table, rows in _tables(check):
        for row in rows:
            insert(connection, table, row)
    early = [(recorded, check_id) for recorded in dict.fromkeys(check.early)]
    return early + [(recorded, NEWER) for recorded in left]


def _operation_known(connection: sqlite3.Connection, operation_id: str) -> bool:
    query = "SELECT 1 FROM operation WHERE operation_id = ?"
    return connection.execute(query, (operation_id,)).fetchone() is not None


def _tables(check: Check) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
    for match in check.matches.values():
        yield "check_match", [_match(check, match)]
        yield "match_penalty", _penalties(check, match)
    if not check.voids:
        yield "finding", _findings(check)
        yield "penalty_action", _actions(check)
    yield "amendment", check.corrections
    yield "dispute", _disputes(check)


def _match(check: Check, match: Match) -> dict[str, Any]:
    seen, first = match.seen, match.standing[0] if match.standing else None
    by = None if match.disputed else first
    return {
        "operation_id": check.operation_id,
        "check_id": check.check_id,
        "number": match.number,
        "name": seen.name,
        "unit": seen.unit,
        "tier": seen.tier,
        "typed": seen.typed,
        "registration": seen.registration,
        "country": seen.country,
        "list_name": seen.list_name,
        "list_version": seen.list_version,
        "entries_sha256": seen.entries_sha256,
        "haulier": seen.haulier,
        "why": seen.why,
        "cost": f"{seen.cost:.2f}",
        "decision": match.decision,
        "decided_by": by.officer if by else "",
        "decided_at": by.at if by else None,
        "reason": by.reason if by else "",
        "decided_in": " ".join(one.event for one in match.standing),
        "later": int(match.later),
        "told": canonical([told.model_dump(mode="json") for told in seen.told])
        if seen.told
        else None,
    }


def _penalties(check: Check, match: Match) -> Iterator[dict[str, Any]]:
    for number, penalty in enumerate(match.seen.penalties, 1):
        snapshot = penalty.model_dump(mode="json")
        yield {
            "check_id": check.check_id,
            "match_number": match.number,
            "number": number,
            "line_key": _line_key(match.seen.list_name, penalty),
            "reference": penalty.reference,
            "owed_pence": penalty.owed_pence,
            "enforceable": penalty.enforceable,
            "rule": penalty.rule,
            "otherwise": penalty.otherwise,
            "otherwise_rule": penalty.otherwise_rule,
            "recorded": canonical(snapshot["recorded"]) if penalty.recorded else "",
            "snapshot": canonical(snapshot),
        }


def _line_key(list_name: str, penalty: parts.PenaltySeen) -> str:
    """One penalty line, however often its vehicle is checked and whichever list gives it."""
    key = key_of_line(penalty.reference, penalty.liable_party, penalty.liable_role)
    return canonical(key if key[0] else [list_name, penalty.entry or penalty.entry_id])


def _findings(check: Check) -> Iterator[dict[str, Any]]:
    for item in check.findings:
        yield {
            "check_id": check.check_id,
            "operation_id": check.operation_id,
            "field": item.field,
            "position": item.position,
            "value": item.value,
            "detail": item.detail,
            "quantity": item.quantity,
            "amount_minor": item.amount_minor,
            "currency": item.currency,
            "measured": item.measured,
        }


def _actions(check: Check) -> Iterator[dict[str, Any]]:
    for position, action in enumerate(check.outcome.get("penalties", ())):
        yield {
            "reference_key": reference_key(action["reference"]),
            "check_id": check.check_id,
            "position": position,
            "action": action["action"],
            "amount_pence": action.get("amount_pence"),
        }


def _disputes(check: Check) -> Iterator[dict[str, Any]]:
    for name, contenders in check.disputed():
        yield from dispute(check.check_id, name, contenders)
