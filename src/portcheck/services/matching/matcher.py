"""The one matcher: every registration that is looked up, checked or screened goes through it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from portcheck.domain.answer import (
    ALERTING,
    Answer,
    AssessedPenalty,
    ListInForce,
    Mark,
    Match,
    Unit,
    Verdict,
)
from portcheck.domain.contradicted import contradicted, to_hold
from portcheck.domain.enforceability import Assessment, Carried, Circumstances, ListAge, assess
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.matching import SURENESS, Tier, crowding
from portcheck.domain.matching.odds import Odds
from portcheck.domain.registration.formats import country_code, is_container, looks_mistyped
from portcheck.domain.registration.one_mark import hold_one_mark
from portcheck.domain.registration.readings import identity
from portcheck.domain.settlement import Settlement, Shown, key_of_line
from portcheck.domain.text import one_line
from portcheck.domain.times import SET_EVERY_DAY
from portcheck.errors import Refused
from portcheck.services.context import Context
from portcheck.services.matching.containers import container_remark
from portcheck.services.matching.grading import Graded, Typed, as_listed, graded, surer
from portcheck.services.matching.settling import RecordedHere, recorded_here
from portcheck.store import finder
from portcheck.store.finder import Candidate, CurrentList


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
        mark_typed(unit, text, known_country(country))
        for unit, text, country in typed
        if text or unit is Unit.VEHICLE
    )


def mark_typed(unit: Unit, text: str, country: str = "") -> Mark:
    """The registration that was typed; `country` is an ISO code or "".

    A country's sign beside the mark, where it can be nothing else, is no part of the key,
    and is the country where none was given.  Raises RegistrationRefused, also for a word, a
    sentence and two marks.
    """
    hold_one_mark(text)
    read = identity(text)
    return Mark(unit, one_line(text), read.key, country or read.country)


def known_country(text: str) -> str:
    """The ISO code for a country as typed, "" for none.  Raises Refused when nobody knows it."""
    code = country_code(text)
    if code is None or (one_line(text) and not code):
        raise Refused(
            f"“{one_line(text)}” is not a country portcheck knows",
            hint="Use its sign or code, as GB, PL, D.",
        )
    return code


def no_list(undone: str = "recorded", *, otherwise: str = "") -> Refused:
    """That nothing can be matched; `undone` says what was left, `otherwise` how to do it still."""
    return Refused(
        f"no list is in force: nothing can be matched, and nothing was {undone}",
        hint=f"Import one with “portcheck list import FILE”{otherwise}.",
    )


def answer(
    context: Context,
    query: Query,
    *,
    now: datetime,
    zone: tzinfo,
    clock: datetime | None = None,
) -> Answer:
    """Is it listed?  Every list in force is asked about every registration of `query`,
    and about its haulier, which gives advice only.

    `now` is the time that is asked about; `clock` is this machine's, where that is another.
    Raises RegistrationRefused or Refused for what cannot be asked.
    """
    marks = marks_of(query)
    return answer_marks(context, marks, query.haulier, now=now, zone=zone, clock=clock, advise=True)


def answer_marks(
    context: Context,
    marks: tuple[Mark, ...],
    haulier: str,
    *,
    now: datetime,
    zone: tzinfo,
    clock: datetime | None = None,
    only: str = "",
    advise: bool = False,
    at_check: bool = True,
    before: datetime | None = None,
    without: str = "",
) -> Answer:
    """As `answer`, for registrations already read; `only` asks one list alone.

    Without `advise` the haulier only corroborates.  It is evidence of whose business a
    vehicle is used in where it was typed `at_check`: a manifest's customer is none.
    What was recorded about penalties here counts, where it was `before` a time that is given,
    but for what the check `without` (its identity) recorded.
    """
    in_force = finder.lists_in_force(context.connection)
    current = [c for c in in_force if only in {"", c.name}]
    lists = {c.name: _in_force(c, now, clock or now, zone) for c in current}
    crowded = {c.name: crowding(sum(c.odds.values())) for c in current}
    typed = Typed(marks, fold_haulier(haulier) if haulier else "", in_force, crowded)
    today = now.astimezone(zone).date()
    found_at = [(mark, graded(context, mark, typed)) for mark in marks]
    references = {one.line.reference for _, found in found_at for one, _ in found}
    asked = _Asked(
        lists,
        {c.name: c.as_of.astimezone(zone).date() for c in in_force},
        today,
        haulier if at_check else "",
        recorded_here(context, references, zone, before=before, without=without),
    )
    matches = [match for mark, found in found_at for match in _grouped(mark, found, asked)]
    matches = _as_the_tractor_has_it(_held_against_others(context, matches, asked.dated))
    matches.sort(key=lambda m: (SURENESS[m.tier], m.cost, m.unit, m.registration))
    remarks = tuple(_remarks(marks, matches))
    said = Answer(marks, tuple(matches), tuple(lists.values()), remarks)
    if not (advise and haulier):
        return said
    from portcheck.services.matching.hauliers import advice  # noqa: PLC0415 - few checks name one

    shown = {p.entry_id for match in matches if match.alerts for p in match.penalties}
    advised = advice(context, haulier, current, shown=shown, today=today)
    return replace(said, advice=advised)


def _in_force(current: CurrentList, now: datetime, clock: datetime, zone: tzinfo) -> ListInForce:
    days = (now.astimezone(zone).date() - current.as_of.astimezone(zone).date()).days
    ahead = max(current.as_of, current.imported_at) > clock + SET_EVERY_DAY
    chances = [current.odds.get(tier.value) for tier in (Tier.LOOKALIKE, Tier.NEAR, Tier.WEAK)]
    known = [chance for chance in chances if chance is not None]
    return ListInForce(
        current.name,
        current.version,
        current.rows,
        current.rejected,
        current.sha256,
        current.imported_at,
        None if ahead else max(days, 0),
        current.max_age_days,
        Odds(current.entries, *known) if len(known) == len(chances) else None,
        current.entries_sha256,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every match of an answer is assessed with; `haulier` as typed at the check, or ""."""

    lists: dict[str, ListInForce]
    dated: dict[str, date]
    today: date
    haulier: str
    recorded: RecordedHere


def _grouped(mark: Mark, found: Iterable[Graded], asked: _Asked) -> list[Match]:
    """One match a listed registration; its entries are its penalty lines."""
    groups: dict[tuple[str, ...], list[Graded]] = {}
    for candidate, comparison in found:
        country = candidate.country or as_listed(candidate).country
        shown = (candidate.list_name, candidate.mark_unit, candidate.key, country)
        groups.setdefault(shown, []).append((candidate, comparison))
    return [_match(mark, group, asked) for group in groups.values()]


def _match(mark: Mark, group: list[Graded], asked: _Asked) -> Match:
    first, comparison = min(group, key=lambda pair: surer(pair[1]))
    version = asked.lists[first.list_name]
    listed = [candidate for candidate, _ in group if _says_something(candidate)]
    told = (one.line.told for one, _ in group if not _says_something(one))
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
        penalties=tuple(_penalties(listed, version, asked)),
        told=tuple(dict.fromkeys(filter(None, told))),
        entries_sha256=version.entries_sha256,
    )


def _penalties(
    listed: list[Candidate], version: ListInForce, asked: _Asked
) -> Iterator[AssessedPenalty]:
    """The penalty lines of a match, assessed with what was recorded here and without."""
    age = ListAge(version.days_old, version.max_age_days)
    known = [Circumstances(_carried(one), one.unit, asked.haulier) for one in listed]
    here = [_recorded(one, asked) for one in listed]

    def assessed(about: list[Circumstances]) -> list[Assessment]:
        return [
            assess(one.line, today=asked.today, age=age, about=circumstances)
            for one, circumstances in zip(listed, about, strict=True)
        ]

    said = otherwise = assessed(known)
    if any(here):
        said = assessed([replace(k, recorded=r) for k, r in zip(known, here, strict=True)])
    for one, it, recorded, without in zip(listed, said, here, otherwise, strict=True):
        before = without if recorded else None
        entry = one.content.hex()
        yield AssessedPenalty(one.line, it, one.entry_id, recorded, before, entry)


def _recorded(one: Candidate, asked: _Asked) -> Settlement | None:
    if not asked.recorded.records:
        return None
    line = one.line
    key = key_of_line(line.reference, line.liable_party, line.liable_role)
    return asked.recorded.about(key, Shown(line.owed_pence, asked.dated[one.list_name]))


def _held_against_others(
    context: Context, matches: list[Match], dated: dict[str, date]
) -> list[Match]:
    """The matches with lines that other entries in force contradict, whatever vehicle those are
    about; one query, and none where there is no "yes" to lose.
    """
    keys = to_hold(matches)
    shown = [one.entry_id for match in matches for one in match.penalties]
    elsewhere = finder.lines_of_references(context.connection, keys, without=shown) if keys else ()
    return contradicted(matches, dated, elsewhere)


def _carried(found: Candidate) -> Carried | None:
    """What matched, where it is not the vehicle that the entry is about."""
    if found.mark_unit == "container":
        return Carried.CONTAINER
    beside = found.mark_unit == "trailer" and not found.is_own_mark and found.registration
    return Carried.TRAILER if beside else None


def _as_the_tractor_has_it(matches: list[Match]) -> list[Match]:
    """Where tractor and trailer match one line, the tractor's answer stands for both."""
    tractors = {
        penalty.entry_id: penalty
        for match in matches
        if match.unit is Unit.VEHICLE and ALERTING.get(match.tier) is Verdict.LISTED
        for penalty in match.penalties
    }
    return [
        replace(match, penalties=tuple(tractors.get(one.entry_id, one) for one in match.penalties))
        if match.unit is not Unit.VEHICLE
        else match
        for match in matches
    ]


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


def _remarks(marks: Iterable[Mark], matches: Iterable[Match]) -> Iterator[str]:
    matched = {match.unit for match in matches if match.alerts}
    for mark in marks:
        if mark.unit is Unit.CONTAINER or is_container(mark.key):
            remark = container_remark(mark.text)
            if remark:
                yield f"container {mark.text}: {remark}"
        elif mark.unit not in matched and (hint := looks_mistyped(mark.key, mark.country)):
            yield f"{mark.text} looks mistyped: {hint}"
