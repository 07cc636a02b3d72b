"""The tally of an operation, counted from what is recorded."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from portcheck.domain.outcome import ENFORCING, PROHIBITIONS, Primary
from portcheck.domain.tally import (
    NOT_RECORDED,
    CashFigures,
    ListUsed,
    MatchFigures,
    PenaltyFigures,
    Tally,
    Unresolved,
    from_document,
    press_sentence,
)
from portcheck.services.context import Context
from portcheck.services.operation import fingerprint, named
from portcheck.services.settings import zone
from portcheck.services.times import iso
from portcheck.store import figures
from portcheck.store.connection import snapshot
from portcheck.store.figures import FindingCount, Scope
from portcheck.store.finder import OperationRow

_SEARCHED = ("searched", "nothing_found")
_FINDS = ("persons", "cash", "seizures")


def tally(context: Context, name: str = "", *, recount: bool = False) -> Tally:
    """The tally of the current operation, or of the one named.

    An ended operation's tally is the one recorded at its end, unless `recount`
    is set.  Raises NotFound, and Refused when no operation is current.
    """
    with snapshot(context.connection):
        operation = named(context, name)
        if operation.ended_at and not recount:
            row = context.connection.execute(
                "SELECT tally FROM operation WHERE operation_id = ?", (operation.operation_id,)
            ).fetchone()
            return from_document(json.loads(row[0]))
        return count(context, operation)


def count(context: Context, operation: OperationRow) -> Tally:
    """Count the operation as it stands; the caller holds a transaction."""
    connection = context.connection
    here = zone(operation.timezone)
    scope = Scope((operation.operation_id,))
    checks = figures.count_checks(connection, scope)
    found = figures.count_findings(connection, scope)
    searched, nothing_found = figures.count_with(connection, scope, _SEARCHED, _FINDS)
    by = checks.by
    agencies, ended = connection.execute(
        "SELECT agencies, ended_at FROM operation WHERE operation_id = ?", (operation.operation_id,)
    ).fetchone()
    counted = Tally(
        operation=operation.name,
        site=operation.site,
        started_at=iso(operation.started_at, here),
        ended_at=iso(operation.ended_at, here) if operation.ended_at and ended else None,
        agencies=json.loads(agencies),
        lists=[_list_used(row, here) for row in figures.lists_used(connection, scope)],
        checks=checks.checks,
        vehicles=checks.distinct["vehicle_key"],
        trailers=checks.distinct["trailer_key"],
        containers=checks.distinct["container_key"],
        inbound=by["direction"]["inbound"],
        outbound=by["direction"]["outbound"],
        uk=by["country"]["GB"],
        foreign=sum(n for country, n in by["country"].items() if country not in {"", "GB"}),
        country_not_recorded=by["country"][""],
        not_screened=by["screened"][0],
        by_country=_named(by["country"]),
        by_body=_named(by["body"]),
        by_hour=_by_hour(by["minute"], here),
        by_officer=_named(by["officer"]),
        by_agency=_named(by["agency"]),
        by_unit=_named(by["unit"]),
        by_lane=_named(by["lane"]),
        matches=_matches(figures.count_matches(connection, scope)),
        unresolved=[Unresolved(*row) for row in figures.unresolved(connection, scope)],
        searched=searched,
        by_search_method=_by_value(found, "searched"),
        nothing_found=nothing_found,
        vehicles_with_persons=_checks(found, "persons"),
        persons_found=_quantity(found, "persons"),
        minors_found=_quantity(found, "minors"),
        nrm_referrals=_quantity(found, "nrm_referrals"),
        cash=_cash(found),
        penalties=_penalties(connection, scope),
        vehicles_detained=_detained(connection, scope),
        traffic_offences=_items(found, "offences"),
        by_offence=_by_value(found, "offences"),
        by_disposal=_by_detail(found, "offences"),
        prohibitions=sum(
            f.items for f in found if f.field == "offences" and f.detail in PROHIBITIONS
        ),
        fixed_penalties_pence=_money(found, "offences", "fixed_penalty"),
        deposits_pence=_money(found, "offences", "deposit"),
        arrests=_arrests(connection, scope),
        seizures=_quantity(found, "seizures"),
        drivers_educated=figures.count_with(connection, scope, ("education",))[0],
        amended=by["amended"][1],
        voided=figures.count_voided(connection, scope),
        primary_outcomes={p.value: by["primary_outcome"][p.value] for p in Primary},
        fingerprint=fingerprint(context),
        marking=operation.marking,
    )
    return replace(counted, press_sentence=press_sentence(counted))


def _list_used(row: Iterable[Any], here: tzinfo) -> ListUsed:
    name, version, imported_at, rows, rejected, sha256, checks = row
    when = datetime.fromisoformat(imported_at.removesuffix("Z")).replace(tzinfo=UTC)
    return ListUsed(name, version, iso(when, here), rows, rejected, sha256, checks)


def _named(counter: Counter[Any]) -> dict[str, int]:
    """Counts by name, the most frequent first; a blank is "not_recorded"."""
    ordered = sorted(counter.items(), key=lambda pair: (pair[0] == "", -pair[1], pair[0]))
    return {str(name) or NOT_RECORDED: number for name, number in ordered}


def _by_hour(minutes: Counter[str], here: tzinfo) -> dict[str, int]:
    """Checks by local hour, "2021-06-17T09", in order of time."""
    hours: Counter[str] = Counter()
    for minute, number in minutes.items():
        when = datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(here)
        hours[f"{when:%Y-%m-%dT%H}"] += number
    return dict(sorted(hours.items()))


def _matches(counted: Counter[tuple[str, str]]) -> MatchFigures:
    tiers: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    for (tier, decision), number in counted.items():
        tiers[tier] += number
        decisions[decision] += number
    return MatchFigures(
        tiers["exact"],
        tiers["lookalike"],
        tiers["near"],
        decisions["confirmed"],
        decisions["rejected"],
        decisions["open"],
    )


def _checks(found: list[FindingCount], field: str) -> int:
    return sum(f.checks for f in found if f.field == field)


def _items(found: list[FindingCount], field: str) -> int:
    return sum(f.items for f in found if f.field == field)


def _quantity(found: list[FindingCount], field: str) -> int:
    return sum(f.quantity for f in found if f.field == field)


def _money(found: list[FindingCount], field: str, detail: str) -> int:
    return sum(f.amount_minor for f in found if f.field == field and f.detail == detail)


def _by_value(found: list[FindingCount], field: str) -> dict[str, int]:
    counter: Counter[str] = Counter()
    for f in found:
        if f.field == field:
            counter[f.value] += f.items
    return _named(counter)


def _by_detail(found: list[FindingCount], field: str) -> dict[str, int]:
    counter: Counter[str] = Counter()
    for f in found:
        if f.field == field:
            counter[f.detail] += f.items
    return _named(counter)


def _cash(found: list[FindingCount]) -> list[CashFigures]:
    seized = [f for f in found if f.field == "cash" and f.value == "seized"]
    return [CashFigures(f.currency, f.items, f.amount_minor) for f in seized]


def _detained(connection: sqlite3.Connection, scope: Scope) -> int:
    rows = figures.findings_of(connection, scope, ("detained", "penalties"))
    return len({row[0] for row in rows if row[1] == "detained" or row[3] == "vehicle_detained"})


def _arrests(connection: sqlite3.Connection, scope: Scope) -> int:
    """Arrests as recorded; where only an offence says so, one for each of those offences."""
    recorded: Counter[str] = Counter()
    by_offence: Counter[str] = Counter()
    for check_id, field, _, detail, quantity, _ in figures.findings_of(
        connection, scope, ("arrests", "offences")
    ):
        if field == "arrests":
            recorded[check_id] += quantity
        elif detail == "arrest":
            by_offence[check_id] += 1
    return (recorded | by_offence).total()


def _penalties(connection: sqlite3.Connection, scope: Scope) -> PenaltyFigures:
    """Each penalty line once, as it stood when most was owed (see PenaltyFigures)."""
    paid: Counter[tuple[str, str]] = Counter()
    for check_id, _, reference, action, _, amount in figures.findings_of(
        connection, scope, ("penalties",)
    ):
        if action in ENFORCING:
            paid[check_id, reference] += amount or 0
    shown: dict[str, figures.LineSeen] = {}
    enforced: dict[str, int] = {}
    for line in figures.lines_seen(connection, scope):
        key, owed = line.line_key, line.owed_pence or 0
        if key not in shown or owed >= (shown[key].owed_pence or 0):
            shown[key] = line
        taken = min(paid[line.check_id, line.reference], owed - enforced.get(key, 0))
        if taken > 0:
            enforced[key] = enforced.get(key, 0) + taken
            paid[line.check_id, line.reference] -= taken
    return _summed(shown, enforced)


def _summed(shown: dict[str, figures.LineSeen], enforced: dict[str, int]) -> PenaltyFigures:
    listed = outstanding = not_enforceable = enforceable = count = 0
    for key, line in shown.items():
        owed = line.owed_pence or 0
        listed += owed
        if line.enforceable == "yes":
            count += 1
            enforceable += owed
        if key in enforced or line.enforceable == "yes":
            outstanding += owed - enforced.get(key, 0)
        else:
            not_enforceable += owed
    return PenaltyFigures(
        listed,
        count,
        enforceable,
        len(enforced),
        sum(enforced.values()),
        outstanding,
        not_enforceable,
    )
