"""Every entry that a typed registration resembles, with how surely and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from portcheck.domain.answer import Mark, Unit
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.matching import (
    SURENESS,
    Comparison,
    Corroboration,
    Tier,
    compare,
    neighbours,
)
from portcheck.domain.matching.explain import OTHER_GAPS, READ_AGAIN
from portcheck.domain.registration.formats import is_container
from portcheck.domain.registration.key import skeleton_of
from portcheck.domain.registration.readings import Reading, are_two_marks, readings, spellings
from portcheck.errors import RegistrationRefused
from portcheck.services.context import Context
from portcheck.services.matching.containers import container_remark
from portcheck.store import finder
from portcheck.store.finder import Candidate, CurrentList
from portcheck.store.sieve import Sieve

Graded = tuple[Candidate, Comparison]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the registrations, and the haulier's folded name ("" for none).

    `lists` are all lists in force; `crowding` gives those to look in, each with
    the tenths that its odds put against a match (`domain.matching.crowding`).
    """

    marks: tuple[Mark, ...]
    haulier: str
    lists: Sequence[CurrentList]
    crowding: Mapping[str, int]


def sieve(context: Context, lists: Sequence[CurrentList]) -> Sieve:
    """What is known of the skeletons in force."""
    return context.of_lists(Sieve, lists, lambda: Sieve(context.connection, lists))


def graded(context: Context, mark: Mark, typed: Typed) -> list[Graded]:
    """The best comparison for every entry that is at least a weak match, by entry."""
    others = {key: o.unit.value for o in typed.marks if o is not mark for key in _keys(o.text)}
    asked = _asked(mark)
    best: dict[int, tuple[tuple[int, float, bool], Graded]] = {}
    wanted = sieve(context, typed.lists).sifted(_near(asked))
    for candidate in finder.candidates(context.connection, wanted):
        if candidate.list_name not in typed.crowding or _repeats_its_own(candidate):
            continue
        listed = as_listed(candidate)
        if listed.sure and listed.country and not candidate.country and candidate.is_own_mark:
            candidate = replace(candidate, country=listed.country)  # noqa: PLW2901 - the same one
        for reading in asked:
            comparison = _compared(reading, listed, mark.unit, candidate, others, typed)
            if comparison is None:
                continue
            rank = (*surer(comparison), not listed.sign)  # of equals the one that knows a country
            known = best.get(candidate.entry_id)
            if known is None or rank < known[0]:
                told = _told(comparison, reading, listed, asked[0])
                best[candidate.entry_id] = (rank, (candidate, told))
    return [best[entry][1] for entry in sorted(best)]


def _asked(mark: Mark) -> list[Reading]:
    """The readings of what was typed, each with its country as far as it is known.

    A country that only its sign tells is not that of the mark with the sign in it.
    """
    found = readings(mark.text)
    told = {one.country for one in found if one.sign and one.sure}
    given = "" if mark.country in told else mark.country
    return [
        one._replace(country=given or one.country)
        for one in found
        if one.sure or given in {"", one.country}
    ]


def _near(asked: Sequence[Reading]) -> Iterable[str]:
    """The skeletons to look for; a reading that is not sure counts only as it is."""
    found = (
        neighbours(skeleton_of(one.key)) if one.sure else (skeleton_of(one.key),) for one in asked
    )
    return dict.fromkeys(chain.from_iterable(found))


def as_listed(candidate: Candidate) -> Reading:
    """The reading of the listed text by which the candidate was found."""
    found = (one for one in readings(candidate.shown) if one.key == candidate.key)
    return next(found, Reading((candidate.key,)))


def surer(comparison: Comparison) -> tuple[int, float]:
    """To sort by: the surest first, then the cheapest."""
    return SURENESS[comparison.tier], comparison.cost


def _compared(
    reading: Reading,
    listed: Reading,
    unit: Unit,
    candidate: Candidate,
    others: Mapping[str, str],
    typed: Typed,
) -> Comparison | None:
    """How a reading of what was typed resembles one of what is listed."""
    sure = reading.sure and listed.sure
    meant = listed.country if reading.sure else reading.country
    if not sure and (reading.key != candidate.key or candidate.mark_country not in {"", meant}):
        return None
    listed_country = candidate.mark_country or listed.country
    by_number = unit is Unit.CONTAINER or any(map(is_container, (reading.key, candidate.key)))
    found = compare(
        reading.key,
        candidate.key,
        typed_country=reading.country,
        listed_country=listed_country,
        known=Corroboration(
            beside=_beside(candidate, others),
            haulier=_same_haulier(typed.haulier, candidate.haulier),
            crowding=typed.crowding[candidate.list_name],
        ),
        is_mark=_is_container_number if by_number else None,
    )
    if found is None or found.tier is not Tier.EXACT:
        return found
    if not sure:
        why = f"{READ_AGAIN}: the same registration if {reading.sign or listed.sign} is a country's"
        return replace(found, tier=Tier.NEAR, why=f"{why} sign and no part of it")
    if {reading.country, listed_country} <= {"", "DE"} and are_two_marks(reading, listed):
        return replace(found, tier=Tier.NEAR, why=f"{READ_AGAIN}: {OTHER_GAPS}")
    return found


def _told(found: Comparison, reading: Reading, listed: Reading, first: Reading) -> Comparison:
    """With how a text was read, where it was not read as it stands."""
    remarks = [
        f"{sign} {whose}taken for the country"
        for sign, whose in ((reading.sign, ""), (listed.sign, "in the list "))
        if sign
    ]
    if found.differences and not reading.sign and reading.key != first.key:
        remarks.append(f"read as {reading.key}")  # so that places can be counted
    return replace(found, why="; ".join([found.why, *remarks]))


def _repeats_its_own(candidate: Candidate) -> bool:
    """Whether the entry's own registration is found by this key too: a trailer may repeat
    its tractor's mark, and the entry's country is then that mark's.
    """
    return not candidate.is_own_mark and candidate.key in _keys(candidate.registration)


def _beside(candidate: Candidate, others: Mapping[str, str]) -> str:
    """The unit of another registration of the entry that was typed too, "" for none."""
    if not others:
        return ""
    listed = (candidate.registration, candidate.trailer_registration, candidate.container)
    besides = (keys for text in listed if candidate.key not in (keys := _keys(text)))
    return next((others[key] for keys in besides for key in keys if key in others), "")


def _keys(text: str) -> tuple[str, ...]:
    """The keys of a text, none when a list gives what is no registration."""
    try:
        return spellings(text) if text else ()
    except RegistrationRefused:
        return ()


def _same_haulier(folded: str, listed: str) -> bool:
    if not folded or not listed:
        return False
    from portcheck.services.matching.hauliers import same_haulier  # noqa: PLC0415 - few checks name one

    return same_haulier(folded, fold_haulier(listed))


def _is_container_number(key: str, _country: str) -> bool:
    return not container_remark(key)
