"""One penalty in several lists: the newest list counts, and two of one day have to agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from portcheck.domain.answer import AssessedPenalty, Match
from portcheck.domain.enforceability import Assessment, Enforceable, Rule
from portcheck.domain.money import pounds
from portcheck.domain.penalty import status_of
from portcheck.domain.settlement import Key, together
from portcheck.domain.text import day

_Place = tuple[str, AssessedPenalty]
"""A list's name, and a penalty line that it gives."""


def as_the_newest_has_it(matches: list[Match], dated: Mapping[str, date]) -> list[Match]:
    """A line is not enforceable, but referred, where a list that is newer, or as new, gives it
    with another sum or status.  `dated` are the dates of the lists.
    """
    if len({match.list_name for match in matches}) < 2:  # noqa: PLR2004 - one cannot disagree
        return matches
    lines = _lines(matches)
    return [
        replace(
            match,
            penalties=tuple(
                _held(one, match.list_name, lines.get(id(one), ()), dated)
                for one in match.penalties
            ),
        )
        for match in matches
    ]


def _lines(matches: Iterable[Match]) -> dict[int, list[_Place]]:
    """For every penalty line, the showings of it, its own among them."""
    keys: dict[Key, list[_Place]] = {}
    for match in matches:
        for one in match.penalties:
            keys.setdefault(one.key, []).append((match.list_name, one))
    of_line: dict[Key, list[_Place]] = {}
    one_line = together(keys)
    for key, places in keys.items():
        of_line.setdefault(one_line[key], []).extend(places)
    return {id(one): places for places in of_line.values() for _, one in places}


def _held(
    one: AssessedPenalty, list_name: str, lines: Iterable[_Place], dated: Mapping[str, date]
) -> AssessedPenalty:
    if one.assessment.enforceable is not Enforceable.YES:
        return one
    against = tuple(_against(one, list_name, lines, dated))
    if not against:
        return one
    said = Assessment(Enforceable.REFER, against, Rule.DOUBTFUL)
    return replace(one, assessment=said, otherwise=said if one.otherwise else None)


def _against(
    one: AssessedPenalty, list_name: str, lines: Iterable[_Place], dated: Mapping[str, date]
) -> Iterator[str]:
    for other_list, other in lines:
        if other_list == list_name or dated[other_list] < dated[list_name]:
            continue
        told = one.line.owed_pence, status_of(one.line.status)
        if (other.line.owed_pence, status_of(other.line.status)) != told:
            newer = ", which is newer," if dated[other_list] > dated[list_name] else ""
            owed = other.line.owed_pence
            gives = "no sum" if owed is None else pounds(owed)
            status = f" ({other.line.status})" if other.line.status else ""
            yield f"list {other_list} of {day(dated[other_list])}{newer} gives {gives}{status}"
