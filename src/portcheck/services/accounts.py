"""The penalty lines behind a tally's money: each counted once, however often it was shown."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from portcheck.domain.outcome import ENFORCING
from portcheck.domain.statement import LineAccount
from portcheck.domain.tally import PenaltyFigures
from portcheck.journal.append import read_utc
from portcheck.services.times import iso
from portcheck.store import figures
from portcheck.store.figures import LineSeen, Scope


@dataclass(slots=True)
class _Line:
    """What is gathered of a line: the showing where most was owed, and what was done."""

    shown: LineSeen
    refs: dict[str, str] = field(default_factory=dict)
    enforced: dict[str, int] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)


def accounts(
    connection: sqlite3.Connection, scope: Scope, here: tzinfo, names: dict[str, str]
) -> list[LineAccount]:
    """The lines of matches that were not rejected, by the check that first showed them.

    `names` are the operations' by identity.  What was paid or secured at a check
    is taken against its lines in order, up to the most that each was shown to owe:
    a list that is issued again gives the balance less what was paid.
    """
    seen = figures.lines_seen(connection, scope)
    if not seen:
        return []
    done = _done(connection, scope)
    paid = Counter(
        {
            key: sum(one.get("amount_pence", 0) for one in actions if one["action"] in ENFORCING)
            for key, actions in done.items()
        }
    )
    lines: dict[str, _Line] = {}
    for one in seen:
        line = lines.setdefault(one.line_key, _Line(one))
        if _weight(one) >= _weight(line.shown):
            line.shown = one
        line.refs[one.check_id] = one.ref
        left = (line.shown.owed_pence or 0) - sum(line.enforced.values())
        taken = min(paid[one.check_id, one.reference], left)
        if taken > 0:
            line.enforced[one.check_id] = line.enforced.get(one.check_id, 0) + taken
            paid[one.check_id, one.reference] -= taken
        line.actions += [
            {"ref": one.ref, **action} for action in done.pop((one.check_id, one.reference), [])
        ]
    return [_account(line, here, names) for line in lines.values()]


def _weight(one: LineSeen) -> tuple[int, bool]:
    """The showing where most was owed stands for a line; of several, a confirmed one."""
    return one.owed_pence or 0, one.decision == "confirmed"


def _done(
    connection: sqlite3.Connection, scope: Scope
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What was recorded about penalty lines, by check and reference."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for check_id, text in figures.penalties_recorded(connection, scope):
        for action in json.loads(text):
            found[check_id, action["reference"]].append(action)
    return found


def _account(line: _Line, here: tzinfo, names: dict[str, str]) -> LineAccount:
    shown, enforced = line.shown, sum(line.enforced.values())
    owed = shown.owed_pence or 0
    acted_upon = bool(line.enforced) or shown.enforceable == "yes"
    snapshot = json.loads(shown.snapshot)
    return LineAccount(
        check_id=shown.check_id,
        ref=shown.ref,
        at=iso(read_utc(shown.at), here),
        operation=names[shown.operation_id],
        list_name=shown.list_name,
        reference=shown.reference,
        registration=shown.registration,
        haulier=shown.haulier,
        liable_party=snapshot["liable_party"],
        liable_role=snapshot["liable_role"],
        section=snapshot["section"],
        status=snapshot["status"],
        issued_on=snapshot["issued_on"],
        decision=shown.decision,
        owed_pence=shown.owed_pence,
        enforceable=shown.enforceable,
        rule=snapshot["rule"],
        reasons=snapshot["reasons"],
        enforced_pence=enforced,
        outstanding_pence=owed - enforced if acted_upon else 0,
        not_enforceable_pence=0 if acted_upon else owed,
        refs=list(line.refs.values()),
        enforced_by=line.enforced,
        actions=line.actions,
    )


def penalty_figures(lines: Sequence[LineAccount]) -> PenaltyFigures:
    """The sums over the lines."""
    enforceable = [line for line in lines if line.enforceable == "yes"]
    return PenaltyFigures(
        listed_pence=_sum(line.owed_pence for line in lines),
        enforceable_count=len(enforceable),
        enforceable_pence=_sum(line.owed_pence for line in enforceable),
        enforced_count=sum(bool(line.enforced_by) for line in lines),
        enforced_pence=_sum(line.enforced_pence for line in lines),
        outstanding_pence=_sum(line.outstanding_pence for line in lines),
        not_enforceable_pence=_sum(line.not_enforceable_pence for line in lines),
    )


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)
