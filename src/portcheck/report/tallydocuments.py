"""Tallies for other programs: the whole, by group, beside an earlier one, and check by check."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

from portcheck.domain.statement import Statement
from portcheck.domain.times import iso
from portcheck.services.day.explain import Explained
from portcheck.services.day.groups import Group


def scope_document(statement: Statement) -> dict[str, Any]:
    """Which checks a tally is about, where they are not all of one operation's."""
    return {
        "operations": statement.operations,
        "since": statement.since or None,
        "until": statement.until or None,
    }


def held_document(statement: Statement) -> dict[str, Any] | None:
    """When the figures were last held against the journal; None where they never were."""
    return asdict(statement.held) if statement.held else None


def tally_document(statement: Statement) -> dict[str, Any]:
    """The tally as JSON values, with its `scope` where it is narrowed."""
    document = statement.tally.document() | {"held": held_document(statement)}
    return document | {"scope": scope_document(statement)} if statement.narrowed else document


def by_document(statement: Statement, by: str, groups: Sequence[Group]) -> dict[str, Any]:
    """The tally, and its checks by group."""
    return tally_document(statement) | {
        "by": by,
        "groups": [asdict(one) for one in groups],
    }


def compared_document(now: Statement, then: Statement) -> dict[str, Any]:
    """The tally, and the earlier one."""
    return tally_document(now) | {"compared_with": then.tally.document()}


def explained_document(found: Explained, zone: tzinfo) -> dict[str, Any]:
    """A figure and the checks behind it."""
    return {
        "figure": found.figure,
        "total": found.total,
        "currency": found.currency or None,
        "checks": [
            {
                "id": one.check_id,
                "ref": one.ref,
                "at": iso(one.at, zone),
                "vehicle": one.vehicle,
                "operation": one.operation,
                "number": one.number,
            }
            for one in found.shares
        ],
    }
