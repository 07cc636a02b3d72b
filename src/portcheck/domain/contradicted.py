"""Penalty lines that the lists contradict: the newest list counts, others have to agree."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from portcheck.domain.answer import AssessedPenalty, Match
from portcheck.domain.enforceability import Assessment, Enforceable, Rule
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.maxima import BOTH_SECTIONS
from portcheck.domain.money import pounds
from portcheck.domain.penalty import PenaltyLine, Status, status_of
from portcheck.domain.settlement import Key, anybodys, key_of_line, together
from portcheck.domain.text import day

MOST_ELSEWHERE = 1_000
"""Entries beside an answer's that one penalty is held against; one with more is referred."""
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An entry in force that is about another vehicle and gives a penalty of the answer.

    `line` has what tells whose the penalty is and how it stands, and may have nothing else.
    """

    list_name: str
    row: int
    registration: str
    line: PenaltyLine


@dataclass(frozen=True, slots=True)
class _Place:
    """A penalty line that a list of a date gives, known by `key`.

    `vehicle` tells the vehicle at the check, 0, from those that its lines are not held against;
    `where` says in words where an entry stands that is not in the answer.
    """

    list_name: str
    dated: date
    line: PenaltyLine
    key: Key
    vehicle: int = 0
    where: str = ""

    @property
    def told(self) -> tuple[int | None, Status]:
        """What two showings of one line have to agree in."""
        return self.line.owed_pence, status_of(self.line.status)

    @property
    def incident(self) -> tuple[int, str, date] | None:
        """Which party for which incident; None where the list does not tell both."""
        line = self.line
        if not (line.liable_party and line.incident_on):
            return None
        return self.vehicle, fold_haulier(line.liable_party), line.incident_on


def to_hold(matches: Iterable[Match]) -> set[str]:
    """The reference keys of which it matters what other entries give: there is a "yes" to lose."""
    return {
        one.key[0] for match in matches for one in match.penalties if _is_yes(one) and one.key[0]
    }


def contradicted(
    matches: list[Match], dated: Mapping[str, date], elsewhere: Sequence[Elsewhere] = ()
) -> list[Match]:
    """A line is not enforceable, but referred, where the same list, or one that is newer or as
    new, gives it with another sum or status, for whichever registration, the vehicle's or
    (`elsewhere`) another's; where it names no party and others name several; and where s.31A
    and s.32 are on one party for one incident (s.31A(11), s.32(6B)).

    `dated` are the dates of the lists.
    """
    places = {
        id(one): _Place(
            match.list_name,
            dated[match.list_name],
            one.line,
            one.key,
            0 if match.alerts else number,
        )
        for number, match in enumerate(matches, 1)
        for one in match.penalties
    }
    beside = [_beside(one, dated) for one in elsewhere]
    if len(places) + len(beside) < 2:  # noqa: PLR2004 - one cannot disagree
        return matches
    lines = _by_line(chain(places.values(), beside))
    sections: dict[tuple[int, str, date], set[str]] = {}
    for place in places.values():
        if place.incident and place.line.section:
            sections.setdefault(place.incident, set()).add(place.line.section)
    both = {incident for incident, some in sections.items() if len(some) > 1}
    numbers = Counter(place.key[0] for place in beside)

    def held(one: AssessedPenalty) -> AssessedPenalty:
        place = places[id(one)]
        if not _is_yes(one):
            return one
        if place.incident in both:
            return _referred(one, (BOTH_SECTIONS,), Rule.IMPOSSIBLE)
        if anybodys(place.key, lines):
            return _referred(one, (_whose(one.line.reference),), Rule.DOUBTFUL)
        against = _reasons(place, lines[place.key])
        if not against and numbers[place.key[0]] > MOST_ELSEWHERE:
            against = (f"more than {MOST_ELSEWHERE:,} entries give penalty {one.line.reference}",)
        return _referred(one, against, Rule.DOUBTFUL) if against else one

    return [replace(match, penalties=tuple(map(held, match.penalties))) for match in matches]


def _whose(reference: str) -> str:
    return f"the list does not say whose penalty {reference} is, and others name several parties"


def _beside(one: Elsewhere, dated: Mapping[str, date]) -> _Place:
    line = one.line
    key = key_of_line(line.reference, line.liable_party, line.liable_role)
    where = f" for {one.registration}, row {one.row}"
    return _Place(one.list_name, dated[one.list_name], line, key, where=where)


def _by_line(places: Iterable[_Place]) -> dict[Key, list[_Place]]:
    """For every key, the showings of its penalty line, its own among them."""
    keys: dict[Key, list[_Place]] = {}
    for place in places:
        keys.setdefault(place.key, []).append(place)
    of_line: dict[Key, list[_Place]] = {}
    one_line = together(key for key in keys if key[0])
    for key, some in keys.items():
        of_line.setdefault(one_line.get(key, key), []).extend(some)
    return {key: of_line[one_line.get(key, key)] for key in keys}


def _is_yes(one: AssessedPenalty) -> bool:
    """Whether it is enforceable, or would be without what was recorded here."""
    said = (one.assessment, one.otherwise)
    return any(it.enforceable is Enforceable.YES for it in said if it)


def _referred(one: AssessedPenalty, reasons: tuple[str, ...], rule: Rule) -> AssessedPenalty:
    said = Assessment(Enforceable.REFER, reasons, rule)

    def instead(of: Assessment) -> Assessment:
        return said if of.enforceable is Enforceable.YES else of

    otherwise = instead(one.otherwise) if one.otherwise else None
    return replace(one, assessment=instead(one.assessment), otherwise=otherwise)


def _reasons(place: _Place, lines: Iterable[_Place]) -> tuple[str, ...]:
    """What contradicts a line, the first few in words."""
    found = tuple(dict.fromkeys(_against(place, lines)))
    more = len(found) - _MOST_NAMED
    return (*found[:_MOST_NAMED], f"so do {more:,} more entries") if more > 0 else found


def _against(place: _Place, lines: Iterable[_Place]) -> Iterator[str]:
    for other in lines:
        if other.dated < place.dated or other.told == place.told:
            continue
        if other.list_name == place.list_name and not other.where:
            yield f"the list gives penalty {place.line.reference} more than once, and otherwise"
            continue
        newer = ", which is newer," if other.dated > place.dated else ""
        line = other.line
        gives = "no sum" if line.owed_pence is None else pounds(line.owed_pence)
        status = f" ({line.status})" if line.status else ""
        source = f"list {other.list_name} of {day(other.dated)}{newer}"
        yield f"{source} gives {gives}{status}{other.where}"
