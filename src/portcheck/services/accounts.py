"""The penalty lines behind a tally's money: each counted once, however often it was shown."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portcheck.domain.outcome import ENFORCING
from portcheck.domain.statement import LineAccount
from portcheck.domain.tally import PenaltyFigures
from portcheck.store import figures
from portcheck.store.figures import LineSeen, Scope


@dataclass(slots=True)
class _Line:
    """What is gathered of a line: the showing that stands for it, and what was done."""

    shown: LineSeen
    refs: dict[str, str] = field(default_factory=dict)
    enforced: dict[str, int] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def left(self) -> int | None:
        """What is still to be enforced of it; None where the list gave no sum."""
        owed = self.shown.owed_pence
        return None if owed is None else owed - sum(self.enforced.values())


def accounts(connection: sqlite3.Connection, scope: Scope) -> list[LineAccount]:
    """The lines of matches that were not rejected, by the check that first showed them.

    What was paid or secured at a check is taken against its lines in order, up to
    the most that each was shown to owe: a list that is issued again gives the
    balance less what was paid.  Lines for which the list gave no sum come last, and
    take whatever is left.
    """
    seen = figures.lines_seen(connection, scope)
    if not seen:
        return []
    done = _done(connection, scope)
    lines: dict[str, _Line] = {}
    concerned: dict[tuple[str, str], dict[str, _Line]] = defaultdict(dict)
    for one in seen:
        line = lines.get(one.line_key)
        if line is None:
            line = lines[one.line_key] = _Line(one)
        elif _weight(one) >= _weight(line.shown):
            line.shown = one
        line.refs[one.check_id] = one.ref
        if (one.check_id, one.reference) in done:
            concerned[one.check_id, one.reference][one.line_key] = line
    for key, some in concerned.items():
        _settle(key[0], list(some.values()), done[key])
    return [_account(line) for line in lines.values()]


def _weight(one: LineSeen) -> tuple[int, bool, bool]:
    """The showing where most was owed stands for a line: a sum, none given, nothing owed;
    of several that say the same, a confirmed one.
    """
    return one.owed_pence or 0, one.owed_pence is None, one.decision == "confirmed"


def _done(
    connection: sqlite3.Connection, scope: Scope
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What was recorded about penalty lines, by check and reference."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for check_id, text in figures.penalties_recorded(connection, scope):
        for action in json.loads(text):
            found[check_id, action["reference"]].append(action)
    return found


def _settle(check_id: str, lines: list[_Line], actions: list[dict[str, Any]]) -> None:
    """Put what was done at a check to the account of the lines of one reference."""
    lines.sort(key=lambda line: line.left is None)
    lines[0].actions += [{"ref": lines[0].refs[check_id], **action} for action in actions]
    paid = sum(one.get("amount_pence", 0) for one in actions if one["action"] in ENFORCING)
    for line in lines:
        left = line.left
        taken = paid if left is None else min(paid, left)
        if taken > 0:
            line.enforced[check_id] = taken
            paid -= taken


def _account(line: _Line) -> LineAccount:
    shown = line.shown
    left = line.left or 0
    acted_upon = bool(line.enforced) or shown.enforceable == "yes"
    return LineAccount(
        check_id=shown.check_id,
        match=shown.match,
        number=shown.number,
        owed_pence=shown.owed_pence,
        enforceable=shown.enforceable,
        rule=shown.rule,
        enforced_pence=sum(line.enforced.values()),
        outstanding_pence=left if acted_upon else 0,
        not_enforceable_pence=0 if acted_upon else left,
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
        enforced_without_sum_pence=_sum(
            line.enforced_pence for line in lines if line.owed_pence is None
        ),
    )


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)
