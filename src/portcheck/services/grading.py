"""Every entry that a typed registration resembles, with how surely and why."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portcheck.domain.answer import Mark, Unit
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.matching import SURENESS, Comparison, Corroboration, compare, neighbours
from portcheck.domain.registration.countries import signs
from portcheck.domain.registration.key import skeleton_of, spellings
from portcheck.errors import RegistrationRefused
from portcheck.services.containers import container_remark, is_container
from portcheck.store import finder
from portcheck.store.finder import Candidate, CurrentList
from portcheck.store.sieve import sifted

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


def graded(connection: sqlite3.Connection, mark: Mark, typed: Typed) -> list[Graded]:
    """The best comparison for every entry that is at least a weak match, by entry."""
    others = {key: o.unit.value for o in typed.marks if o is not mark for key in _keys(o.text)}
    best: dict[int, Graded] = {}
    for key in spellings(mark.text):
        sign = mark.key[: len(mark.key) - len(key)] if mark.key.endswith(key) else ""
        wanted = sifted(connection, typed.lists, neighbours(skeleton_of(key)))
        for candidate in finder.candidates(connection, wanted):
            if candidate.list_name not in typed.crowding or _repeats_its_own(candidate):
                continue
            comparison = _compared(key, sign, mark, candidate, others, typed)
            known = best.get(candidate.entry_id)
            if comparison and (known is None or surer(comparison) < surer(known[1])):
                best[candidate.entry_id] = (candidate, comparison)
    return [best[entry] for entry in sorted(best)]


def surer(comparison: Comparison) -> tuple[int, float]:
    """To sort by: the surest first, then the cheapest."""
    return SURENESS[comparison.tier], comparison.cost


def _compared(
    key: str,
    sign: str,
    mark: Mark,
    candidate: Candidate,
    others: Mapping[str, str],
    typed: Typed,
) -> Comparison | None:
    """`sign` is the country's sign that was typed before `key`."""
    by_number = mark.unit is Unit.CONTAINER or any(map(is_container, (key, candidate.key)))
    found = compare(
        key,
        candidate.key,
        typed_country=mark.country or signs().get(sign, ""),
        listed_country=candidate.mark_country,
        known=Corroboration(
            beside=_beside(candidate, others),
            haulier=_same_haulier(typed.haulier, candidate.haulier),
            crowding=typed.crowding[candidate.list_name],
        ),
        is_mark=_is_container_number if by_number else None,
    )
    if found and sign:
        return replace(found, why=f"{found.why}; {sign} in front taken for the country")
    if found and found.differences and key != mark.key:
        return replace(found, why=f"{found.why}; read as {key}")  # so that places can be counted
    return found


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
    from portcheck.services.hauliers import same_haulier  # noqa: PLC0415 - few checks name one

    return same_haulier(folded, fold_haulier(listed))


def _is_container_number(key: str, _country: str) -> bool:
    return not container_remark(key)
