"""Amended and voided checks: the check as it now stands, the original beside it."""

import json
import sqlite3
from typing import Any

from portcheck.domain.details import DETAILS
from portcheck.domain.outcome import BY_NAME as OUTCOME_FIELDS
from portcheck.journal import events
from portcheck.journal.append import Recorded
from portcheck.store.checkrows import VOID
from portcheck.store.projections.checks import (
    REPLACED,
    add_matches,
    detail_columns,
    guessed,
    lists_column,
    outcome_of,
    remember,
    settle,
)

_COLUMNS = frozenset(
    {
        "vehicle",
        "vehicle_key",
        "country",
        "trailer",
        "trailer_key",
        "trailer_country",
        "container",
        "container_key",
        "at",
    }
)
_DETAIL_FIELDS = frozenset(field.name for field in DETAILS)


def amended(connection: sqlite3.Connection, event: events.CheckAmended, recorded: Recorded) -> None:
    """Set the corrected fields, keep what they said before, and replace outdated matches."""
    row = connection.execute(
        "SELECT details, vehicle_key, country FROM vehicle_check WHERE check_id = ?",
        (event.check_id,),
    ).fetchone()
    details: dict[str, Any] = json.loads(row[0])
    mark = dict(zip(("vehicle_key", "country"), row[1:], strict=True))
    outcome = outcome_of(connection, event.check_id)
    columns: dict[str, Any] = {}
    for change in event.changes:
        if change.field in _COLUMNS:
            columns[change.field] = change.after or ""
        elif change.field in _DETAIL_FIELDS:
            _set(details, change)
        elif change.field in OUTCOME_FIELDS:
            _set(outcome, change)
        remember(connection, recorded, event, (change.field, change.before, change.after))
    mark |= {name: columns[name] for name in mark if name in columns}
    columns |= detail_columns(details) | {"amended": 1}
    columns["country_guess"] = guessed(mark["vehicle_key"], mark["country"])
    if event.rematched:
        columns |= {
            "verdict": event.verdict,
            "screened": int(bool(event.lists)),
            "lists": lists_column(event.lists),
        }
        _replace_matches(connection, event)
    names = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(
        f"UPDATE vehicle_check SET {names} WHERE check_id = ?",
        (*columns.values(), event.check_id),
    )
    settle(connection, event.check_id, outcome)


def voided(connection: sqlite3.Connection, event: events.CheckVoided, recorded: Recorded) -> None:
    """The check stays, and counts no longer."""
    _make_void(connection, event, event.reason, recorded)


def void_withdrawn(
    connection: sqlite3.Connection, event: events.VoidWithdrawn, recorded: Recorded
) -> None:
    """The check counts again, and so does what was found."""
    _make_void(connection, event, "", recorded)


def _make_void(
    connection: sqlite3.Connection,
    event: events.CheckVoided | events.VoidWithdrawn,
    void_reason: str,
    recorded: Recorded,
) -> None:
    void = bool(void_reason)
    connection.execute(
        "UPDATE vehicle_check SET voided = ?, void_reason = ? WHERE check_id = ?",
        (int(void), void_reason, event.check_id),
    )
    remember(connection, recorded, event, (VOID, not void, void))
    settle(connection, event.check_id, outcome_of(connection, event.check_id))


def _set(values: dict[str, Any], change: events.Change) -> None:
    if change.after is None:
        values.pop(change.field, None)
    else:
        values[change.field] = change.after


def _replace_matches(connection: sqlite3.Connection, event: events.CheckAmended) -> None:
    connection.execute(
        "UPDATE check_match SET decision = ? WHERE check_id = ?", (REPLACED, event.check_id)
    )
    add_matches(connection, event.check_id, event.matches, later=False)
