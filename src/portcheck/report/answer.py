"""An answer as other programs read it (the output contract's keys)."""

from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from portcheck.domain.answer import Answer, HaulierAdvice, ListInForce, Match, Unit
from portcheck.domain.matching import Tier
from portcheck.domain.seen import SeenCheck
from portcheck.domain.settlement import Settlement
from portcheck.domain.text import one_line
from portcheck.domain.times import iso
from portcheck.errors import Refused
from portcheck.services.matching.matcher import Query

if TYPE_CHECKING:
    from portcheck.services.checks.check import SavedCheck


def saved_document(saved: "SavedCheck") -> dict[str, Any]:
    """What is told of a check that is on disk."""
    return {
        "id": saved.check_id,
        "ref": saved.ref,
        "operation": saved.operation,
        "saved": True,
        "warnings": list(saved.warnings),
    }


def answer_document(answer: Answer, zone: tzinfo) -> dict[str, Any]:
    """The answer's document: query, key, verdict, matches, lists, remarks, seen."""
    vehicle = next(mark for mark in answer.marks if mark.unit is Unit.VEHICLE)
    return {
        "query": vehicle.text,
        "key": vehicle.key,
        "verdict": answer.verdict.value,
        "matches": [
            *(_match(match, zone) for match in answer.matches),
            *(_advice(advice) for advice in answer.advice),
        ],
        "lists": [_list(one, zone) for one in answer.lists],
        "remarks": list(answer.remarks),
        "seen": [_seen(one, zone) for one in answer.seen.checks],
        "seen_more": answer.seen.more,
    }


def looked_up(query: Query, found: Answer | Refused, zone: tzinfo) -> dict[str, Any]:
    """The answer's document, or that of its refusal."""
    if isinstance(found, Answer):
        return answer_document(found, zone)
    return {"error": {"query": one_line(query.vehicle), "reason": str(found), "hint": found.hint}}


def _match(match: Match, zone: tzinfo) -> dict[str, Any]:
    return {
        "tier": match.tier.value,
        "unit": match.unit.value,
        "typed": match.typed,
        "registration": match.registration,
        "country": match.country,
        "list": match.list_name,
        "why": match.why,
        "haulier": match.haulier,
        "penalties": [
            {
                "reference": penalty.line.reference,
                "amount_pence": penalty.line.amount_pence,
                "balance_pence": penalty.line.owed_pence,
                "status": penalty.line.status,
                "enforceable": penalty.assessment.enforceable.value,
                "reasons": list(penalty.assessment.reasons),
                **penalty.line.told.values(),
                "left_pence": penalty.left_pence,
                "recorded": recorded_document(penalty.recorded, zone),
            }
            for penalty in match.penalties
        ],
        "told": [told.values() for told in match.told],
    }


def recorded_document(found: Settlement | None, zone: tzinfo) -> list[dict[str, Any]]:
    """What was recorded here about a penalty line, oldest first."""
    records = found.records if found else ()
    return [
        {
            "ref": one.ref,
            "operation": one.operation,
            "at": iso(one.at, zone),
            "action": found.action(number) if found else one.action,
            "amount_pence": one.amount_pence,
        }
        for number, one in enumerate(records)
    ]


def _advice(advice: HaulierAdvice) -> dict[str, Any]:
    """A listed haulier: weak, so that it has no part in the verdict."""
    return {
        "tier": Tier.WEAK.value,
        "unit": Unit.HAULIER.value,
        "typed": advice.typed,
        "registration": "",
        "country": "",
        "list": advice.list_name,
        "why": advice.why,
        "haulier": advice.name,
        "penalties": [],
        "told": [],
    }


def _seen(one: SeenCheck, zone: tzinfo) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "operation": one.operation,
        "at": iso(one.at, zone),
        "direction": one.direction,
        "verdict": one.verdict,
        "primary_outcome": one.primary_outcome,
    }


def _list(one: ListInForce, zone: tzinfo) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.version,
        "rows": one.rows,
        "sha256": one.sha256,
        "imported_at": iso(one.imported_at, zone),
        "stale": one.stale,
    }
