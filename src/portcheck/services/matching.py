"""The one matcher: every registration that is looked up, checked or screened goes through it."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from portcheck.domain.answer import Answer, AssessedPenalty, ListInForce, Mark, Match, Unit
from portcheck.domain.enforceability import ListAge, assess
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.matching import Comparison, Corroboration, Tier, compare, neighbours
from portcheck.domain.registration.formats import country_code
from portcheck.domain.registration.key import key_of, skeleton_of
from portcheck.domain.text import one_line
from portcheck.errors import Refused
from portcheck.services.containers import container_remark
from portcheck.store import finder
from portcheck.store.finder import Candidate, CurrentList

_ORDER = {tier: place for place, tier in enumerate(Tier)}


@dataclass(frozen=True, slots=True)
class Query:
    """What an officer typed: the vehicle, and what is known besides."""

    vehicle: str
    country: str = ""
    trailer: str = ""
    trailer_country: str = ""
    container: str = ""
    haulier: str = ""


def marks_of(query: Query) -> tuple[Mark, ...]:
    """The registrations of `query` with their keys.

    Raises RegistrationRefused for a text that cannot be a registration, Refused
    for an unknown country.
    """
    typed = (
        (Unit.VEHICLE, query.vehicle, query.country),
        (Unit.TRAILER, query.trailer, query.trailer_country),
        (Unit.CONTAINER, query.container, ""),
    )
    return tuple(
        Mark(unit, one_line(text), key_of(text), known_country(country))
        for unit, text, country in typed
        if text or unit is Unit.VEHICLE
    )


def known_country(text: str) -> str:
    """The ISO code for a country as typed, "" for none.  Raises Refused when nobody knows it."""
    code = country_code(text)
    if code is None:
        raise Refused(
            f"“{one_line(text)}” is not a country portcheck knows",
            hint="Use its sign or code, as GB, PL, D.",
        )
    return code


def answer(connection: sqlite3.Connection, query: Query, *, now: datetime, zone: tzinfo) -> Answer:
    """Is it listed?  Every list in force is asked about every registration of `query`.

    Raises RegistrationRefused or Refused for what cannot be asked.
    """
    return answer_marks(connection, marks_of(query), query.haulier, now=now, zone=zone)


def answer_marks(
    connection: sqlite3.Connection,
    marks: tuple[Mark, ...],
    haulier: str,
    *,
    now: datetime,
    zone: tzinfo,
    only: str = "",
) -> Answer:
    """As `answer`, for registrations already read; `only` asks one list alone."""
    current = [c for c in finder.lists_in_force(connection) if only in {"", c.name}]
    lists = {c.name: _in_force(c, now, zone) for c in current}
    sizes = {c.name: c.entries for c in current}
    today = now.astimezone(zone).date()
    matches: list[Match] = []
    for mark in marks:
        found = finder.candidates(connection, neighbours(skeleton_of(mark.key)))
        graded = _graded(mark, marks, haulier, found, sizes)
        matches += _grouped(mark, graded, lists, today)
    matches.sort(key=lambda m: (_ORDER[m.tier], m.cost, m.unit, m.registration))
    return Answer(marks, tuple(matches), tuple(lists.values()), tuple(_remarks(marks)))


def _in_force(current: CurrentList, now: datetime, zone: tzinfo) -> ListInForce:
    days = (now.astimezone(zone).date() - current.as_of.astimezone(zone).date()).days
    return ListInForce(
        current.name,
        current.version,
        current.rows,
        current.rejected,
        current.sha256,
        current.imported_at,
        max(days, 0),
        current.max_age_days,
    )


def _graded(
    mark: Mark,
    marks: Sequence[Mark],
    haulier: str,
    found: Iterable[Candidate],
    sizes: dict[str, int],
) -> dict[int, tuple[Candidate, Comparison]]:
    """The best comparison for every entry that is at least a weak match."""
    folded = fold_haulier(haulier) if haulier else ""
    others = {other.key for other in marks if other is not mark}
    best: dict[int, tuple[Candidate, Comparison]] = {}
    for candidate in found:
        if candidate.list_name not in sizes:
            continue
        comparison = compare(
            mark.key,
            candidate.key,
            corroboration=_corroboration(mark, others, folded, candidate),
            list_size=sizes[candidate.list_name],
            country=candidate.country,
        )
        if comparison is None:
            continue
        rank = (_ORDER[comparison.tier], comparison.cost)
        known = best.get(candidate.entry_id)
        if known is None or rank < (_ORDER[known[1].tier], known[1].cost):
            best[candidate.entry_id] = (candidate, comparison)
    return best


def _corroboration(
    mark: Mark, others: set[str], haulier: str, candidate: Candidate
) -> Corroboration:
    """What a second field says about `candidate`: True, False, or None where it is silent."""
    country = None
    if mark.country and candidate.country:
        country = mark.country == candidate.country
    listed = candidate.registration if candidate.mark_unit == "trailer" else ""
    listed = listed or (candidate.trailer_registration if candidate.mark_unit == "vehicle" else "")
    trailer = True if listed and key_of(listed) in others else None
    same_haulier = None
    if haulier and candidate.haulier:
        same_haulier = True if fold_haulier(candidate.haulier) == haulier else None
    return Corroboration(country=country, trailer=trailer, haulier=same_haulier)


def _grouped(
    mark: Mark,
    graded: dict[int, tuple[Candidate, Comparison]],
    lists: dict[str, ListInForce],
    today: date,
) -> list[Match]:
    """One match a listed registration; its entries are its penalty lines."""
    groups: dict[tuple[str, ...], list[tuple[Candidate, Comparison]]] = {}
    for candidate, comparison in graded.values():
        shown = (candidate.list_name, candidate.mark_unit, candidate.key, candidate.country)
        groups.setdefault(shown, []).append((candidate, comparison))
    return [_match(mark, group, lists, today) for group in groups.values()]


def _match(
    mark: Mark,
    group: list[tuple[Candidate, Comparison]],
    lists: dict[str, ListInForce],
    today: date,
) -> Match:
    first, comparison = min(group, key=lambda pair: (_ORDER[pair[1].tier], pair[1].cost))
    version = lists[first.list_name]
    age = ListAge(version.days_old, version.max_age_days)
    penalties = tuple(
        AssessedPenalty(c.line, assess(c.line, today=today, age=age), c.entry_id)
        for c, _ in group
        if _says_something(c)
    )
    return Match(
        unit=mark.unit,
        typed=mark.text,
        registration=first.shown,
        listed_as=first.unit or first.mark_unit,
        country=first.country,
        tier=comparison.tier,
        cost=comparison.cost,
        why=comparison.why,
        list_name=first.list_name,
        list_version=version.version,
        haulier=first.haulier,
        penalties=penalties,
    )


def _says_something(candidate: Candidate) -> bool:
    """Whether the entry tells of a penalty at all (a row may hold a registration alone)."""
    line = candidate.line
    return bool(
        line.reference
        or line.status
        or line.section
        or line.issued_on
        or line.owed_pence is not None
    )


def _remarks(marks: Iterable[Mark]) -> Iterable[str]:
    for mark in marks:
        if mark.unit is Unit.CONTAINER:
            remark = container_remark(mark.text)
            if remark:
                yield f"container {mark.text}: {remark}"
