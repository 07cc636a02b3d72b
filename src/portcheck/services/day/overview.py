"""Reading operations, lists and checks for people: the SQLModel side of the store."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlmodel import col, func, or_, select

from portcheck.domain.completeness import Disputed
from portcheck.domain.instructions import as_object
from portcheck.domain.times import read_utc
from portcheck.services.context import Context
from portcheck.services.exchange.standing import disputes
from portcheck.services.matching.seen import CAMERA
from portcheck.services.settings import zone
from portcheck.store.checkrows import MatchRow, match_from
from portcheck.store.engine import reading
from portcheck.store.finder import OperationRow
from portcheck.store.tables import (
    Amendment,
    CheckMatch,
    JournalEvent,
    MatchPenalty,
    Operation,
    Payload,
    VehicleCheck,
)


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation with how far it has come."""

    operation_id: str
    name: str
    site: str
    agencies: list[str]
    timezone: str
    marking: str
    part: str
    started_at: datetime
    ended_at: datetime | None
    end_reason: str
    fingerprint: str | None
    checks: int
    unresolved: int
    current: bool

    @property
    def zone(self) -> tzinfo:
        """Its time zone."""
        return zone(self.timezone)


def operations(context: Context, operation_id: str = "") -> list[OperationView]:
    """All operations, the newest first, or the one of this identity."""
    with reading(context.connection) as session:
        current = context.current()
        query = (
            select(
                Operation,
                func.count(col(VehicleCheck.check_id)),
                func.coalesce(func.sum(VehicleCheck.unresolved), 0),
            )
            .outerjoin(
                VehicleCheck,
                (col(VehicleCheck.operation_id) == Operation.operation_id)
                & (col(VehicleCheck.voided) == 0),
            )
            .group_by(Operation.operation_id)
            .order_by(col(Operation.started_at).desc())
        )
        if operation_id:
            query = query.where(Operation.operation_id == operation_id)
        return [
            _operation(row, checks, int(open_), current)
            for row, checks, open_ in session.exec(query)
        ]


def _operation(
    row: Operation, checks: int, unresolved: int, current: OperationRow | None
) -> OperationView:
    return OperationView(
        row.operation_id,
        row.name,
        row.site,
        json.loads(row.agencies),
        row.timezone,
        row.marking,
        row.part,
        read_utc(row.started_at),
        read_utc(row.ended_at) if row.ended_at else None,
        row.end_reason,
        row.fingerprint,
        checks,
        unresolved,
        bool(current and row.operation_id == current.operation_id),
    )


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """One corrected field."""

    at: datetime
    officer: str
    field: str
    before: Any
    after: Any
    reason: str


@dataclass(frozen=True, slots=True)
class ReadView:
    """What a camera read: the plate, what else it may have been, and the lane it stands at.

    `confidence` is from 0 to 1, None where it was not given; so is each candidate's.
    """

    plate: str
    confidence: float | None
    lane: str
    candidates: list[tuple[str, float | None]]


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as it stands, with everything known of it.

    `read` is filled in for one check that is asked for by its identity.
    """

    check_id: str
    ref: str
    at: datetime
    recorded_at: datetime
    officer: str
    agency: str
    vehicle: str
    vehicle_key: str
    country: str
    trailer: str
    trailer_country: str
    container: str
    details: dict[str, Any]
    outcome: dict[str, Any]
    screened: bool
    lists: list[dict[str, Any]]
    verdict: str
    primary_outcome: str
    unresolved: int
    amended: bool
    voided: bool
    void_reason: str
    source: str
    country_guess: str = ""
    matches: list[MatchRow] = field(default_factory=list)
    amendments: list[AmendmentView] = field(default_factory=list)
    disputes: list[Disputed] = field(default_factory=list)
    read: ReadView | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which checks: by text in a registration or reference, open or disputed ones only, the
    newest `limit`.
    """

    text: str = ""
    check_id: str = ""
    unresolved: bool = False
    disputed: bool = False
    limit: int = 0


def checks(context: Context, operation_id: str, wanted: Wanted) -> list[CheckView]:
    """The operation's checks, oldest first, with matches and amendments."""
    with reading(context.connection) as session:
        query = select(VehicleCheck).where(VehicleCheck.operation_id == operation_id)
        if wanted.check_id:
            query = query.where(VehicleCheck.check_id == wanted.check_id)
        if wanted.unresolved:
            query = query.where(VehicleCheck.unresolved > 0, VehicleCheck.voided == 0)
        disputed = disputes(context, context.zone_here(), operation_id)
        if wanted.disputed:
            named = {subject for subject, _ in disputed}
            query = query.where(col(VehicleCheck.check_id).in_(named))
        if wanted.text:
            query = query.where(
                or_(
                    col(VehicleCheck.vehicle_key).contains(wanted.text),
                    col(VehicleCheck.trailer_key).contains(wanted.text),
                    col(VehicleCheck.container_key).contains(wanted.text),
                )
            )
        newest = query.order_by(col(VehicleCheck.at).desc(), col(VehicleCheck.check_id).desc())
        rows = list(reversed(session.exec(newest.limit(wanted.limit or None)).all()))
        chosen = newest.limit(wanted.limit or None).with_only_columns(col(VehicleCheck.check_id))
        found = {row.check_id: _check(row) for row in rows}
        _add_matches(session, found, chosen)
        for amendment in session.exec(
            select(Amendment)
            .where(col(Amendment.check_id).in_(chosen))
            .order_by(col(Amendment.position), col(Amendment.field))
        ):
            found[amendment.check_id].amendments.append(_amendment(amendment))
        for subject, one in disputed:
            if subject in found:
                found[subject].disputes.append(one)
        if wanted.check_id:
            return [replace(found[row.check_id], read=_read(session, row)) for row in rows]
        return list(found.values())


def _read(session: Any, check: VehicleCheck) -> ReadView | None:
    """What a camera made of the plate, from the check's own event, whatever was amended since."""
    if check.source != CAMERA:
        return None
    payload = session.exec(
        select(Payload.text)
        .join(JournalEvent, col(JournalEvent.arrival) == Payload.arrival)
        .where(JournalEvent.subject == check.check_id, JournalEvent.kind == "check_recorded")
    ).first()
    fact = json.loads(payload or "{}")
    if fact.get("read") is None:
        return None
    return ReadView(
        fact["vehicle"]["text"],
        fact["read"]["confidence"],
        str(fact["details"].get("lane", "")),
        [(one["plate"], one["confidence"]) for one in fact["read"]["candidates"]],
    )


def _add_matches(session: Any, found: dict[str, CheckView], chosen: Any) -> None:
    penalties: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for penalty in session.exec(
        select(MatchPenalty)
        .where(col(MatchPenalty.check_id).in_(chosen))
        .order_by(col(MatchPenalty.number))
    ):
        place = (penalty.check_id, penalty.match_number)
        penalties.setdefault(place, []).append(_told(json.loads(penalty.snapshot)))
    for match in session.exec(
        select(CheckMatch)
        .where(col(CheckMatch.check_id).in_(chosen))
        .order_by(col(CheckMatch.number))
    ):
        found[match.check_id].matches.append(
            match_from(match)._replace(
                penalties=penalties.get((match.check_id, match.number), []),
                told=[_told(one) for one in json.loads(match.told or "[]")],
            )
        )


def _check(row: VehicleCheck) -> CheckView:
    return CheckView(
        row.check_id,
        row.ref,
        read_utc(row.at),
        read_utc(row.recorded_at),
        row.officer,
        row.agency,
        row.vehicle,
        row.vehicle_key,
        row.country,
        row.trailer,
        row.trailer_country,
        row.container,
        json.loads(row.details),
        json.loads(row.outcome),
        bool(row.screened),
        json.loads(row.lists),
        row.verdict,
        row.primary_outcome,
        row.unresolved,
        bool(row.amended),
        bool(row.voided),
        row.void_reason,
        row.source,
        row.country_guess,
    )


def _told(kept: dict[str, Any]) -> dict[str, Any]:
    """What was kept of an entry, its other columns as an object."""
    return kept | {"extra": as_object(kept.get("extra", ()))}


def _amendment(row: Amendment) -> AmendmentView:
    return AmendmentView(
        read_utc(row.at),
        row.officer,
        row.field,
        json.loads(row.before),
        json.loads(row.after),
        row.reason,
    )
