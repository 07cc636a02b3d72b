"""The penalty lines behind a tally's money: each counted once, however often it was shown."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from functools import lru_cache
from typing import Any

from portcheck.domain.decision import Decision
from portcheck.domain.matching import Tier
from portcheck.domain.settlement import (
    Act,
    Key,
    Recorded,
    Settlement,
    Shown,
    by_line,
    records_of,
    reference_key,
    settle,
    together,
)
from portcheck.domain.statement import LineAccount
from portcheck.domain.tally import PenaltyFigures
from portcheck.domain.times import read_utc
from portcheck.services.context import Context
from portcheck.services.uncollected import uncollected
from portcheck.store import figures
from portcheck.store.figures import LineSeen, Scope
from portcheck.store.recorded import keys_from

Done = Mapping[str, list[dict[str, Any]]]
"""What was recorded about penalties, by check."""


Lines = Mapping[Key, list[LineSeen]]
"""The showings of each line, oldest check first."""


def accounts(context: Context, scope: Scope, here: tzinfo) -> list[LineAccount]:
    """The lines of matches that were not rejected, by the check that first showed them.

    What was paid or secured at a check is taken against its lines, as
    `domain.settlement` has it; days are those of the time zone `here`.
    """
    with uncollected():
        return _accounts(context, scope, here)


def _accounts(context: Context, scope: Scope, here: tzinfo) -> list[LineAccount]:
    lines: dict[Key, list[LineSeen]] = defaultdict(list)
    seen = figures.lines_seen(context.connection, scope)
    keys = _keys(seen)
    for one in seen:
        lines[keys[one.line_key]].append(one)
    done = figures.penalties_recorded(context.connection, scope) if lines else {}
    actions: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    about: dict[str, dict[Key, Sequence[Recorded]]] = defaultdict(dict)
    for key, records in (by_line(_acts(lines, done, actions, here)) if done else {}).items():
        about[key[0]][key] = records
    return [
        _account(key, showings, actions.get(key, []), about.get(key[0], {}), scope, here)
        for key, showings in lines.items()
    ]


def _keys(seen: Iterable[LineSeen]) -> dict[str, Key]:
    """The line that each stored key stands for; one without a reference is its list's entry."""
    found = keys_from(one.line_key for one in seen)
    one_line = together(key for key in found.values() if key[0])
    return {text: one_line.get(key, key) for text, key in found.items()}


def _acts(
    lines: Lines, done: Done, actions: Mapping[Key, list[dict[str, Any]]], here: tzinfo
) -> Iterator[Act]:
    """What was recorded, oldest first, each with the lines of its penalty at the check; it is
    put down among the `actions` on the first of them.
    """
    shown: dict[str, dict[Key, LineSeen]] = defaultdict(dict)
    for key, showings in lines.items():
        for one in showings:
            if key[0] and one.check_id in done:
                known = shown[one.check_id].get(key)
                if known is None or _base(one) >= _base(known):
                    shown[one.check_id][key] = one
    order = sorted(shown, key=lambda check: (next(iter(shown[check].values())).at, check))
    for check_id in order:
        for action in done[check_id]:
            wanted = reference_key(action["reference"])
            there = {key: one for key, one in shown[check_id].items() if key[0] == wanted}
            if there:
                some = sorted(there.items(), key=lambda pair: (pair[1].owed_pence is None, pair[0]))
                actions[some[0][0]].append({"ref": some[0][1].ref, **action})
                yield Act(
                    _record(some[0][1], action, here),
                    tuple((key, _shown(one, here)) for key, one in some),
                )


def _record(one: LineSeen, action: Mapping[str, Any], here: tzinfo) -> Recorded:
    return Recorded(
        one.check_id,
        one.operation_id,
        "",
        one.ref,
        read_utc(one.at).astimezone(here),
        action["action"],
        action.get("amount_pence"),
        0,
        _shown(one, here),
    )


def _shown(one: LineSeen, here: tzinfo) -> Shown:
    return Shown(one.owed_pence, _day(one.dated, here))


@lru_cache(maxsize=1024)
def _day(text: str, here: tzinfo) -> date:
    """The day of a UTC text; most lines are dated by the same few lists."""
    return read_utc(text).astimezone(here).date()


def _newness(one: LineSeen) -> tuple[Any, ...]:
    """To find the showing that counts: that of a match taken for the vehicle, and of these the
    last, of the newest list; where one list gives a line twice, the one that owes more.
    """
    owed = one.owed_pence or 0, one.owed_pence is None
    return (
        not _undecided(one),
        one.shown_at,
        one.dated,
        one.version,
        *owed,
        one.decision == Decision.CONFIRMED,
    )


def _base(one: LineSeen) -> tuple[Any, ...]:
    """To find what a check was shown when it paid: not what a later list gave, if it can be."""
    return not one.later, *_newness(one)


def _undecided(one: LineSeen) -> bool:
    """Whether it was shown for a vehicle that only looks like it."""
    return one.tier == Tier.NEAR and one.decision == Decision.OPEN


def _before(shown: LineSeen, scope: Scope, here: tzinfo) -> Iterator[Recorded]:
    """What checks outside the scope had recorded about a line, as was known when it was shown."""
    for one in json.loads(shown.recorded or "[]"):
        if not scope.covers(one["operation_id"], one["at"]):
            yield Recorded(
                one["check_id"],
                one["operation_id"],
                one["operation"],
                one["ref"],
                read_utc(one["at"]).astimezone(here),
                one["action"],
                one["amount_pence"],
                one["given_pence"],
                Shown(one["owed_pence"], date.fromisoformat(one["dated"])),
            )


def _account(
    key: Key,
    showings: Sequence[LineSeen],
    actions: list[dict[str, Any]],
    records: Mapping[Key, Sequence[Recorded]],
    scope: Scope,
    here: tzinfo,
) -> LineAccount:
    """How a line stands: what went to it, and what is left by all that may be about it, of the
    `records` about its penalty.
    """
    shown = max(reversed(showings), key=_newness) if len(showings) > 1 else showings[0]
    if not (records or shown.recorded):  # as it is with nearly all lines
        return _standing(shown, showings, actions, shown.owed_pence, {}, {})
    before = list(_before(shown, scope, here))

    def settled(some: Iterable[Recorded]) -> Settlement:
        in_order = sorted((*before, *some), key=lambda one: (one.at, one.check_id))
        return settle(in_order, _shown(shown, here))

    own = settled(records.get(key, ()))
    others = key[0] and records and records.keys() != {key}
    found = settled(records_of(key, records)) if others else own
    outside = {one.check_id for one in before}
    enforced = _by_check(own, own.taken, outside)
    overpaid = _by_check(own, own.over, outside)
    return _standing(
        shown,
        showings,
        actions,
        found.left_pence,
        enforced,
        overpaid,
        settled=found.settled,
        doubt=found.doubt,
    )


def _standing(
    shown: LineSeen,
    showings: Sequence[LineSeen],
    actions: list[dict[str, Any]],
    left: int | None,
    enforced: dict[str, int],
    overpaid: dict[str, int],
    *,
    settled: bool = False,
    doubt: bool = False,
) -> LineAccount:
    """A line by the showing that counts, what is left by all that may be about it, and the pence
    of each check that went to it and above it.
    """
    said, rule = shown.enforceable, shown.rule
    if shown.otherwise and (enforced or not settled):
        said, rule = shown.otherwise, shown.otherwise_rule or rule
    undecided = _undecided(shown) and not (enforced or overpaid)
    taken, remaining = sum(enforced.values()), left or 0
    unsure = undecided or doubt
    collectable = (bool(enforced) or said == "yes") and not unsure
    return LineAccount(
        check_id=shown.check_id,
        match=shown.match,
        number=shown.number,
        owed_pence=None if left is None else taken + left,
        enforceable="refer" if unsure and said == "yes" else said,
        rule=rule,
        enforced_pence=taken,
        outstanding_pence=remaining if collectable else 0,
        not_enforceable_pence=0 if collectable else remaining,
        refs=list(dict.fromkeys([one.ref for one in showings])),
        enforced_by=enforced,
        actions=actions,
        overpaid_pence=sum(overpaid.values()),
        overpaid_by=overpaid,
        disagrees=doubt,
        undecided=undecided,
    )


def _by_check(found: Settlement, pence: Sequence[int], without: Collection[str]) -> dict[str, int]:
    """Pence of the records by check, where there are any, and not of the checks `without`."""
    given: dict[str, int] = {}
    for record, number in zip(found.records, pence, strict=True):
        if number and record.check_id not in without:
            given[record.check_id] = given.get(record.check_id, 0) + number
    return given


def penalty_figures(lines: Sequence[LineAccount]) -> PenaltyFigures:
    """The sums over the lines."""
    enforceable = [line for line in lines if line.enforceable == "yes"]
    undecided = [line for line in lines if line.undecided]
    return PenaltyFigures(
        listed_pence=_sum(line.owed_pence for line in lines),
        enforceable_count=len(enforceable),
        enforceable_pence=_sum(line.owed_pence for line in enforceable),
        enforced_count=sum(bool(line.enforced_by) for line in lines),
        enforced_pence=_sum(line.enforced_pence for line in lines),
        outstanding_pence=_sum(line.outstanding_pence for line in lines),
        not_enforceable_pence=_sum(line.not_enforceable_pence for line in lines),
        enforced_without_sum_pence=_sum(
            line.enforced_pence for line in lines if line.owed_pence is None
        ),
        overpaid_pence=_sum(line.overpaid_pence for line in lines),
        undecided_count=len(undecided),
        undecided_pence=_sum(line.owed_pence for line in undecided),
    )


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)
