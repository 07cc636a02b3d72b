"""Whether what is asked about was checked before, in any operation of this database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from portcheck.domain.answer import Answer, Mark, Unit
from portcheck.domain.registration.readings import spellings
from portcheck.domain.seen import Seen, SeenCheck
from portcheck.domain.times import read_utc, utc_text
from portcheck.services.context import Context
from portcheck.store.seen import NONE, Reads, SeenRow, seen_checks

CAMERA = "feed"
"""The source of a check whose plate a camera read."""

REPEATED_WITHIN = timedelta(minutes=1)
"""A plate that is read again so soon is the same vehicle, still in view."""


def with_seen(
    context: Context,
    answers: Sequence[Answer],
    at: datetime,
    here: tzinfo,
    *,
    in_view: tuple[datetime, datetime] | None = None,
) -> list[Answer]:
    """The answers, each with the checks that any of its registrations stood in before `at`.

    One query for all of them.  It goes back as many days as the settings say, 0 for none;
    what a camera read is no earlier check of the pass that it was `in_view` at, from a time
    to a time.  What a mark may be read as, but need not, is another vehicle.  Times are those
    of `here`.
    """
    days = int(context.settings["seen_days"])
    asked = [{mark: _keys(mark) for mark in answer.marks} for answer in answers]
    wanted = [set().union(*keys.values()) for keys in asked]
    if not days or not any(wanted):
        return list(answers)
    rows: list[list[SeenRow]] = [[] for _ in answers]
    for row in seen_checks(
        context.connection,
        wanted,
        utc_text(at - timedelta(days=days)),
        utc_text(at),
        device=context.actor.device,
        but_for=_reads(*in_view) if in_view else NONE,
    ):
        rows[row.asked].append(row)
    return [
        replace(answer, seen=_seen(found, keys, at, here)) if found else answer
        for answer, found, keys in zip(answers, rows, asked, strict=True)
    ]


def _reads(first: datetime, last: datetime) -> Reads:
    return Reads(CAMERA, utc_text(first - REPEATED_WITHIN), utc_text(last + REPEATED_WITHIN))


def _keys(mark: Mark) -> set[str]:
    """Every key that an earlier check of the same vehicle, trailer or container may have."""
    return {mark.key, *spellings(mark.text, sure=True)}


def _seen(
    rows: Sequence[SeenRow], keys: Mapping[Mark, set[str]], at: datetime, here: tzinfo
) -> Seen:
    checks = tuple(
        SeenCheck(
            ref=row.ref,
            operation=row.operation,
            at=read_utc(row.at).astimezone(here),
            direction=row.direction,
            verdict=row.verdict,
            screened=bool(row.screened),
            primary_outcome=row.primary_outcome,
            elsewhere=bool(row.elsewhere),
            only=_only(row, keys),
        )
        for row in rows
    )
    return Seen(checks, rows[0].total - len(rows), at)


def _only(row: SeenRow, keys: Mapping[Mark, set[str]]) -> str:
    """What was there of what is asked about, where its vehicle was not; else ""."""
    there = {row.vehicle_key, row.trailer_key, row.container_key}
    found = [mark for mark, some in keys.items() if some & there]
    if any(mark.unit is Unit.VEHICLE for mark in found):
        return ""
    return " and ".join(f"{mark.unit} {mark.text}" for mark in found)
