"""An answer as it goes into the journal: a snapshot that depends on no list's future."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal, cast

from portcheck.domain.answer import Answer, AssessedPenalty, ListInForce, Mark, Match, Unit
from portcheck.journal.parts import ActionSeen, ListSeen, MarkTyped, MatchSeen, PenaltySeen, Told


def match_seen(match: Match, number: int) -> MatchSeen:
    """`match` with every value it was shown with; `number` names it within its check."""
    return MatchSeen(
        number=number,
        unit=cast("Literal['vehicle', 'trailer', 'container']", match.unit.value),
        tier=match.tier.value,
        typed=match.typed,
        registration=match.registration,
        listed_as=match.listed_as,
        country=match.country,
        list_name=match.list_name,
        list_version=match.list_version,
        entries_sha256=match.entries_sha256,
        haulier=match.haulier,
        why=match.why,
        cost=match.cost,
        penalties=tuple(_penalty_seen(penalty) for penalty in match.penalties),
        told=tuple(Told(**asdict(told)) for told in match.told),
    )


def matches_seen(matches: Iterable[Match], first: int = 1) -> tuple[MatchSeen, ...]:
    """All `matches`, numbered from `first`."""
    return tuple(match_seen(match, number) for number, match in enumerate(matches, first))


def lists_seen(lists: Iterable[ListInForce]) -> tuple[ListSeen, ...]:
    """The versions that were asked."""
    return tuple(
        ListSeen(
            name=one.name,
            version=one.version,
            sha256=one.sha256,
            stale=one.stale,
            entries_sha256=one.entries_sha256,
        )
        for one in lists
    )


def mark_typed(answer: Answer, unit: Unit) -> MarkTyped | None:
    """The registration of `unit` as typed, or None."""
    mark = next((mark for mark in answer.marks if mark.unit is unit), None)
    return mark_seen(mark) if mark else None


def mark_seen(mark: Mark) -> MarkTyped:
    """One registration as typed."""
    return MarkTyped(text=mark.text, key=mark.key, country=mark.country)


def _penalty_seen(penalty: AssessedPenalty) -> PenaltySeen:
    values: dict[str, Any] = asdict(penalty.line)
    del values["haulier"]
    values["unread"] = dict(penalty.line.unread)
    return PenaltySeen(
        **values,
        entry=penalty.entry,
        owed_pence=penalty.line.owed_pence,
        enforceable=penalty.assessment.enforceable.value,
        reasons=penalty.assessment.reasons,
        rule=penalty.assessment.rule,
        recorded=_recorded(penalty),
        left_pence=penalty.left_pence,
        otherwise=penalty.otherwise.enforceable.value if penalty.otherwise else "",
        otherwise_rule=penalty.otherwise.rule if penalty.otherwise else 0,
    )


def _recorded(penalty: AssessedPenalty) -> tuple[ActionSeen, ...]:
    found = penalty.recorded.records if penalty.recorded else ()
    return tuple(
        ActionSeen(
            check_id=one.check_id,
            operation_id=one.operation_id,
            operation=one.operation,
            ref=one.ref,
            at=one.at,
            action=one.action,
            amount_pence=one.amount_pence,
            given_pence=one.given_pence,
            owed_pence=one.shown.owed_pence,
            dated=one.shown.dated,
        )
        for one in found
    )
