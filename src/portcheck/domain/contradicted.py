"""Penalty lines that the lists contradict: the newest list counts, others have to agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from portcheck.domain.answer import AssessedPenalty, Match
from portcheck.domain.enforceability import Assessment, Enforceable, Rule
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.maxima import BOTH_SECTIONS
from portcheck.domain.money import pounds
from portcheck.domain.penalty import Status, status_of
from portcheck.domain.settlement import Key, together
from portcheck.domain.text import day


@dataclass(frozen=True, slots=True)
class _Place:
    """A penalty line, the name of the list that gives it, and that list's date.

    `vehicle` tells the vehicle at the check, 0, from those that its lines are not held against.
    """

    list_name: str
    dated: date
    one: AssessedPenalty
    vehicle: int = 0

    @property
    def told(self) -> tuple[int | None, Status]:
        """What two showings of one line have to agree in."""
        return self.one.line.owed_pence, status_of(self.one.line.status)

    @property
    def incident(self) -> tuple[int, str, date] | None:
        """Which party for which incident; None where the list does not tell both."""
        line = self.one.line
        if not (line.liable_party and line.incident_on):
            return None
        return self.vehicle, fold_haulier(line.liable_party), line.incident_on


def contradicted(matches: list[Match], dated: Mapping[str, date]) -> list[Match]:
    """A line is not enforceable, but referred, where the same list, or one that is newer or as
    new, gives it with another sum or status, for whichever of the vehicle's registrations;
    and where s.31A and s.32 are on one party for one incident (s.31A(11), s.32(6B)).

    `dated` are the dates of the lists.
    """
    places = [
        _Place(match.list_name, dated[match.list_name], one, 0 if match.alerts else number)
        for number, match in enumerate(matches, 1)
        for one in match.penalties
    ]
    if len(places) < 2:  # noqa: PLR2004 - one cannot disagree
        return matches
    lines = _by_line(places)
    sections: dict[tuple[int, str, date], set[str]] = {}
    for place in places:
        if place.incident and place.one.line.section:
            sections.setdefault(place.incident, set()).add(place.one.line.section)
    both = {incident for incident, some in sections.items() if len(some) > 1}
    held = {
        id(place.one): _held(place, lines[id(place.one)], both=place.incident in both)
        for place in places
    }
    return [
        replace(match, penalties=tuple(held[id(one)] for one in match.penalties))
        for match in matches
    ]


def _by_line(places: Iterable[_Place]) -> dict[int, list[_Place]]:
    """For every penalty line, the showings of it, its own among them."""
    keys: dict[Key, list[_Place]] = {}
    for place in places:
        keys.setdefault(place.one.key, []).append(place)
    of_line: dict[Key, list[_Place]] = {}
    one_line = together(key for key in keys if key[0])
    for key, some in keys.items():
        of_line.setdefault(one_line.get(key, key), []).extend(some)
    return {id(place.one): some for some in of_line.values() for place in some}


def _held(place: _Place, lines: Iterable[_Place], *, both: bool) -> AssessedPenalty:
    one = place.one
    if Enforceable.YES not in {one.assessment.enforceable, _answer(one.otherwise)}:
        return one
    if both:
        said = Assessment(Enforceable.REFER, (BOTH_SECTIONS,), Rule.IMPOSSIBLE)
    elif against := tuple(dict.fromkeys(_against(place, lines))):
        said = Assessment(Enforceable.REFER, against, Rule.DOUBTFUL)
    else:
        return one
    yes = one.assessment.enforceable is Enforceable.YES
    otherwise = said if _answer(one.otherwise) is Enforceable.YES else one.otherwise
    return replace(one, assessment=said if yes else one.assessment, otherwise=otherwise)


def _answer(assessment: Assessment | None) -> Enforceable | None:
    return assessment.enforceable if assessment else None


def _against(place: _Place, lines: Iterable[_Place]) -> Iterator[str]:
    for other in lines:
        if other.dated < place.dated or other.told == place.told:
            continue
        if other.list_name == place.list_name:
            yield (
                f"the list gives penalty {place.one.line.reference} more than once, and otherwise"
            )
            continue
        newer = ", which is newer," if other.dated > place.dated else ""
        line = other.one.line
        gives = "no sum" if line.owed_pence is None else pounds(line.owed_pence)
        status = f" ({line.status})" if line.status else ""
        yield f"list {other.list_name} of {day(other.dated)}{newer} gives {gives}{status}"
