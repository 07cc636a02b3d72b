"""Checks, their matches, and what came of them."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from portcheck.domain.fields import combine
from portcheck.domain.findings import findings
from portcheck.domain.outcome import OUTCOME, primary_outcome
from portcheck.domain.registration.guess import guess_country
from portcheck.domain.settlement import key_of_line, reference_key
from portcheck.domain.times import utc_text
from portcheck.journal import events, parts
from portcheck.journal.append import Recorded
from portcheck.journal.chain import canonical
from portcheck.store.projections.rows import insert

OPEN, CONFIRMED, REJECTED = "open", "confirmed", "rejected"
_Corrects = (
    events.MatchDecided
    | events.DecisionWithdrawn
    | events.CheckAmended
    | events.CheckVoided
    | events.VoidWithdrawn
)
NOT_NEEDED = ""  # a weak match alerts nobody
LOGGED = "log_import"
REPLACED = "replaced"  # the registration was corrected, and matched again


def recorded(
    connection: sqlite3.Connection, event: events.CheckRecorded, recorded: Recorded
) -> None:
    """A new check and its matches."""
    marks = {
        f"{unit}{suffix}": value
        for unit, mark in (("trailer", event.trailer), ("container", event.container))
        for suffix, value in (
            ("", mark.text if mark else ""),
            ("_key", mark.key if mark else ""),
        )
    }
    insert(
        connection,
        "vehicle_check",
        {
            "check_id": event.check_id,
            "operation_id": event.operation_id,
            "device": recorded.actor.device,
            "number": event.number,
            "ref": event.ref,
            "at": utc_text(event.at),
            "recorded_at": recorded.recorded_at,
            "officer": event.checked_by or recorded.actor.officer,
            "agency": _agency(event, recorded),
            "vehicle": event.vehicle.text,
            "vehicle_key": event.vehicle.key,
            "country": event.vehicle.country,
            "country_guess": guessed(event.vehicle.key, event.vehicle.country),
            "trailer_country": event.trailer.country if event.trailer else "",
            **marks,
            **detail_columns(event.details),
            "screened": int(event.screened),
            "lists": lists_column(event.lists),
            "verdict": event.verdict,
            "outcome": "{}",
            "primary_outcome": "",
            "unresolved": 0,
            "amended": 0,
            "voided": 0,
            "void_reason": "",
            "source": event.source,
        },
    )
    add_matches(connection, event.check_id, event.matches, later=False)
    settle(connection, event.check_id, {})


def _agency(event: events.CheckRecorded, recorded: Recorded) -> str:
    """Whose check it was: in a log that leaves it open, nobody knows."""
    if event.source == LOGGED:
        return event.checked_by_agency
    return event.checked_by_agency or recorded.actor.agency


def matches_found_later(
    connection: sqlite3.Connection, event: events.MatchesFoundLater, _recorded: Recorded
) -> None:
    """Matches with a list that came after the check."""
    add_matches(connection, event.check_id, event.matches, later=True)
    settle(connection, event.check_id, outcome_of(connection, event.check_id))


def decided(connection: sqlite3.Connection, event: events.MatchDecided, recorded: Recorded) -> None:
    """An officer's decision on some of a check's matches."""
    by = (recorded.actor.officer, recorded.recorded_at, event.reason, recorded.name)
    _decide(connection, event, event.decision, by, recorded)


def withdrawn(
    connection: sqlite3.Connection, event: events.DecisionWithdrawn, recorded: Recorded
) -> None:
    """Decisions taken back: the matches stand as if nobody had decided."""
    _decide(connection, event, OPEN, ("", None, "", ""), recorded)


def _decide(
    connection: sqlite3.Connection,
    event: events.MatchDecided | events.DecisionWithdrawn,
    decision: str,
    by: tuple[str, str | None, str, str],
    recorded: Recorded,
) -> None:
    """Set what was decided, by whom, when, why and in which event; what stood is a correction."""
    for number in event.matches:
        before = connection.execute(
            "SELECT decision FROM check_match WHERE check_id = ? AND number = ?",
            (event.check_id, number),
        ).fetchone()
        connection.execute(
            "UPDATE check_match SET decision = ?, decided_by = ?, decided_at = ?, reason = ?,"
            " decided_in = ? WHERE check_id = ? AND number = ?",
            (decision, *by, event.check_id, number),
        )
        if before and before[0] != OPEN:
            remember(connection, recorded, event, (f"match_{number}", before[0], decision))
    settle(connection, event.check_id, outcome_of(connection, event.check_id))


def outcome_recorded(
    connection: sqlite3.Connection, event: events.OutcomeRecorded, _recorded: Recorded
) -> None:
    """What is new of a check's outcome; it was examined when it was recorded."""
    merged = combine(OUTCOME, outcome_of(connection, event.check_id), event.outcome)
    settle(connection, event.check_id, merged)


def outcome_of(connection: sqlite3.Connection, check_id: str) -> dict[str, Any]:
    """The outcome of a check as it stands."""
    row = connection.execute(
        "SELECT outcome FROM vehicle_check WHERE check_id = ?", (check_id,)
    ).fetchone()
    found: dict[str, Any] = json.loads(row[0])
    return found


def remember(
    connection: sqlite3.Connection,
    recorded: Recorded,
    event: _Corrects,
    change: tuple[str, Any, Any],
) -> None:
    """Keep what a field said before and after (JSON values) beside the check."""
    field, before, after = change
    insert(
        connection,
        "amendment",
        {
            "position": recorded.position,
            "field": field,
            "check_id": event.check_id,
            "at": recorded.recorded_at,
            "officer": recorded.actor.officer,
            "before": canonical(before),
            "after": canonical(after),
            "reason": event.reason,
        },
    )


def guessed(key: str, country: str) -> str:
    """The country guessed for a mark that nobody gave one."""
    return "" if country else guess_country(key)


def detail_columns(details: dict[str, Any]) -> dict[str, Any]:
    """The columns kept of a check's details: the ones that are counted, and all as JSON."""
    names = ("direction", "unit", "body", "lane", "site")
    counted = {name: details.get(name, "") for name in names}
    return counted | {"details": canonical(details)}


def lists_column(lists: Iterable[parts.ListSeen]) -> str:
    """The versions a check was made against, as the column keeps them."""
    return canonical([{"name": seen.name, "version": seen.version} for seen in lists])


def add_matches(
    connection: sqlite3.Connection,
    check_id: str,
    matches: Iterable[parts.MatchSeen],
    *,
    later: bool,
) -> None:
    """Matches with their penalty lines; all but weak ones wait for a decision."""
    (operation_id,) = connection.execute(
        "SELECT operation_id FROM vehicle_check WHERE check_id = ?", (check_id,)
    ).fetchone()
    for match in matches:
        insert(
            connection,
            "check_match",
            {
                "operation_id": operation_id,
                "check_id": check_id,
                "number": match.number,
                "unit": match.unit,
                "tier": match.tier,
                "typed": match.typed,
                "registration": match.registration,
                "country": match.country,
                "list_name": match.list_name,
                "list_version": match.list_version,
                "haulier": match.haulier,
                "why": match.why,
                "cost": f"{match.cost:.2f}",
                "decision": NOT_NEEDED if match.tier == "weak" else OPEN,
                "later": int(later),
                "told": canonical([told.model_dump(mode="json") for told in match.told])
                if match.told
                else None,
            }
            | {"decided_by": "", "reason": "", "decided_in": ""},
        )
        for number, penalty in enumerate(match.penalties, 1):
            snapshot = penalty.model_dump(mode="json")
            insert(
                connection,
                "match_penalty",
                {
                    "check_id": check_id,
                    "match_number": match.number,
                    "number": number,
                    "line_key": _line_key(match.list_name, penalty),
                    "reference": penalty.reference,
                    "owed_pence": penalty.owed_pence,
                    "enforceable": penalty.enforceable,
                    "rule": penalty.rule,
                    "otherwise": penalty.otherwise,
                    "otherwise_rule": penalty.otherwise_rule,
                    "recorded": canonical(snapshot["recorded"]) if penalty.recorded else "",
                    "snapshot": canonical(snapshot),
                },
            )


def settle(connection: sqlite3.Connection, check_id: str, outcome: dict[str, Any]) -> None:
    """Store the outcome with what follows from it: findings, open matches, primary outcome."""
    unresolved = connection.execute(
        "SELECT COUNT(*) FROM check_match WHERE check_id = ? AND decision = ?", (check_id, OPEN)
    ).fetchone()[0]
    primary = primary_outcome(outcome, unresolved=unresolved > 0)
    connection.execute(
        "UPDATE vehicle_check SET outcome = ?, primary_outcome = ?, unresolved = ?"
        " WHERE check_id = ?",
        (canonical(outcome), primary.value, unresolved, check_id),
    )
    for table in ("finding", "penalty_action"):
        connection.execute(f"DELETE FROM {table} WHERE check_id = ?", (check_id,))
    operation_id, voided = connection.execute(
        "SELECT operation_id, voided FROM vehicle_check WHERE check_id = ?", (check_id,)
    ).fetchone()
    for item in () if voided else findings(outcome):
        insert(
            connection,
            "finding",
            {
                "check_id": check_id,
                "operation_id": operation_id,
                "field": item.field,
                "position": item.position,
                "value": item.value,
                "detail": item.detail,
                "quantity": item.quantity,
                "amount_minor": item.amount_minor,
                "currency": item.currency,
                "measured": item.measured,
            },
        )
    for position, action in enumerate(() if voided else outcome.get("penalties", ())):
        insert(
            connection,
            "penalty_action",
            {
                "reference_key": reference_key(action["reference"]),
                "check_id": check_id,
                "position": position,
                "action": action["action"],
                "amount_pence": action.get("amount_pence"),
            },
        )


def _line_key(list_name: str, penalty: parts.PenaltySeen) -> str:
    """One penalty line, however often its vehicle is checked and whichever list gives it."""
    key = key_of_line(penalty.reference, penalty.liable_party, penalty.liable_role)
    return canonical(key if key[0] else [list_name, penalty.entry_id])
