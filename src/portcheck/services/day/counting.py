"""Counting the figures of a tally: a few passes over the tables, in bounded memory."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from portcheck.domain.decision import Decision
from portcheck.domain.findings import COUNTED, FAMILIES, by_word, total
from portcheck.domain.outcome import FINDS, SEARCHED, Primary
from portcheck.domain.outcome_words import SEIZED
from portcheck.domain.statement import Statement
from portcheck.domain.tally import (
    NOT_RECORDED,
    CashFigures,
    ListUsed,
    MatchFigures,
    Tally,
    Unresolved,
    by_frequency,
    press_sentence,
)
from portcheck.domain.times import iso, read_utc
from portcheck.services.context import Context
from portcheck.services.day.accounts import accounts, penalty_figures
from portcheck.services.day.cash import cash_seized
from portcheck.services.day.selection import Selection
from portcheck.store import counts, figures
from portcheck.store.counts import CheckCounts, FindingCount
from portcheck.store.figures import Scope
from portcheck.store.finder import OperationRow
from portcheck.store.operationrows import agencies_of


def count_statement(
    context: Context,
    selection: Selection,
    *,
    fingerprint: str,
    as_of: str,
    by_rows: bool = False,
) -> Statement:
    """Count the selection as it stands; the caller holds a transaction or a copy.

    `fingerprint` and `as_of` say which state of the journal that is; `by_rows` counts the
    checks themselves, whatever sums are kept.
    """
    connection = context.connection
    here, operations = selection.zone, selection.operations
    scope = replace(selection.scope, by_rows=by_rows)
    checks = counts.count_checks(connection, scope)
    found = counts.count_findings(connection, scope)
    lines = accounts(context, scope, here)
    counted = Tally(
        **_about(context, operations, here),
        **_checks(checks, here),
        **_findings(context, scope, found),
        lists=[_list_used(row, here) for row in figures.lists_used(connection, checks.by["lists"])],
        matches=_matches(figures.count_matches(connection, scope)),
        unresolved=[Unresolved(*row) for row in figures.unresolved(connection, scope)],
        penalties=penalty_figures(lines),
        voided=counts.count_voided(connection, scope),
        fingerprint=fingerprint,
    )
    return Statement(
        tally=replace(counted, press_sentence=press_sentence(counted)),
        operations=[one.name for one in operations],
        timezone=operations[0].timezone,
        as_of=as_of,
        since=iso(selection.since, here) if selection.since else "",
        until=iso(selection.until, here) if selection.until else "",
        lines=lines,
        cash_seized=cash_seized(context, scope, here),
    )


def _about(context: Context, operations: Sequence[OperationRow], here: tzinfo) -> dict[str, Any]:
    """What the operations are; of several, the names beside each other."""
    agencies = agencies_of(context.connection, [one.operation_id for one in operations])
    ends = [one.ended_at for one in operations if one.ended_at]
    ended = iso(max(ends), here) if len(ends) == len(operations) else None
    return {
        "operation": " + ".join(one.name for one in operations),
        "site": ", ".join(dict.fromkeys(one.site for one in operations if one.site)),
        "started_at": iso(min(one.started_at for one in operations), here),
        "ended_at": ended,
        "agencies": list(dict.fromkeys(agencies)),
        "marking": ", ".join(dict.fromkeys(one.marking for one in operations)),
    }


def _checks(checks: CheckCounts, here: tzinfo) -> dict[str, Any]:
    """What is counted of the checks themselves."""
    by = checks.by
    return {
        "checks": checks.checks,
        "vehicles": checks.distinct["vehicle_key"],
        "trailers": checks.distinct["trailer_key"],
        "containers": checks.distinct["container_key"],
        "inbound": by["direction"]["inbound"],
        "outbound": by["direction"]["outbound"],
        "uk": by["country"]["GB"],
        "foreign": sum(n for country, n in by["country"].items() if country not in {"", "GB"}),
        "country_not_recorded": by["country"][""],
        "not_screened": by["screened"]["0"],
        "by_country": named(by["country"]),
        "country_guessed": by["country_guess"].total() - by["country_guess"][""],
        "by_country_guessed": by_frequency(
            {country: n for country, n in by["country_guess"].items() if country}
        ),
        "by_body": named(by["body"]),
        "by_hour": by_hour(by["minute"], here),
        "by_officer": named(by["officer"]),
        "by_agency": named(by["agency"]),
        "by_unit": named(by["unit"]),
        "by_lane": named(by["lane"]),
        "amended": by["amended"]["1"],
        "primary_outcomes": {p.value: by["primary_outcome"][p.value] for p in Primary},
    }


def _findings(context: Context, scope: Scope, found: list[FindingCount]) -> dict[str, Any]:
    """What is counted of the checks' outcomes: the figures of the registry, and cash."""
    items: dict[str, list[FindingCount]] = defaultdict(list)
    for one in found:
        items[one.field].append(one)
    return {
        "counts": {
            key: total(one, items[field.name])
            if one.measure.adds_up
            else _RULES.get(key, _vehicles(field.name))(context, scope)
            for key, (field, one) in COUNTED.items()
        },
        "families": {
            key: named(by_word(one, items[field.name])) for key, (field, one) in FAMILIES.items()
        },
        "cash": [
            CashFigures(f.currency, f.items, f.amount_minor)
            for f in items["cash"]
            if f.value == SEIZED
        ],
    }


def _list_used(row: Sequence[Any], here: tzinfo) -> ListUsed:
    name, version, imported_at, rows, rejected, sha256, checks = row
    return ListUsed(name, version, iso(read_utc(imported_at), here), rows, rejected, sha256, checks)


def named(counter: Mapping[str, int]) -> dict[str, int]:
    """Counts by name, in reading order; a blank is "not_recorded"."""
    found: Counter[str] = Counter()
    for name, number in counter.items():
        found[name or NOT_RECORDED] += number
    return by_frequency(found)


def by_hour(minutes: Counter[str], here: tzinfo) -> dict[str, int]:
    """Checks by local hour, "2021-06-17T09", in order of time; `minutes` are UTC texts."""
    hours: Counter[str] = Counter()
    for minute, number in minutes.items():
        hours[hour_of(read_utc(minute), here)] += number
    return dict(sorted(hours.items()))


def hour_of(at: datetime, here: tzinfo) -> str:
    """The local hour, as 2021-06-17T09."""
    return f"{at.astimezone(here):%Y-%m-%dT%H}"


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
        decisions[Decision.CONFIRMED],
        decisions[Decision.REJECTED],
        decisions[Decision.OPEN],
    )


def _searched(context: Context, scope: Scope) -> int:
    return counts.count_with(context.connection, scope, SEARCHED)


def _nothing_found(context: Context, scope: Scope) -> int:
    """The checks searched without a find."""
    found_something = counts.count_with(context.connection, scope, FINDS, also=SEARCHED)
    return _searched(context, scope) - found_something


def _vehicles(name: str) -> Callable[[Context, Scope], int]:
    """The distinct vehicles with something recorded in a field."""
    return lambda context, scope: figures.count_vehicles(context.connection, scope, {name: ""})


def _detained(context: Context, scope: Scope) -> int:
    detained = {"detained": "", "penalties": "vehicle_detained"}
    return figures.count_vehicles(context.connection, scope, detained)


def _arrests(context: Context, scope: Scope) -> int:
    """Arrests as recorded; where only an offence says so, one for each of those offences."""
    recorded: Counter[str] = Counter()
    by_offence: Counter[str] = Counter()
    said = figures.findings_of(context.connection, scope, {"arrests": "", "offences": "arrest"})
    for check_id, field, quantity in said:
        if field == "arrests":
            recorded[check_id] += quantity
        else:
            by_offence[check_id] += 1
    return (recorded | by_offence).total()


_RULES: dict[str, Callable[[Context, Scope], int]] = {
    "searched": _searched,
    "nothing_found": _nothing_found,
    "vehicles_detained": _detained,
    "arrests": _arrests,
}
"""The figures that rest on several fields (`Measure.RULE`)."""
