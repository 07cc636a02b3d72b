"""Is the haulier on the cab a listed one?  Advice to refer, never a hit on the vehicle.

Section 36A of the Immigration and Asylum Act 1999 turns on the debtor's
business, so what a haulier owes on other vehicles matters.  Names are folded
(`domain.haulier`); those that are not the same then are compared by rapidfuzz,
which is loaded only when it is needed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final

from portcheck.domain.answer import HaulierAdvice
from portcheck.domain.enforceability import ListAge, Rule, assess
from portcheck.domain.haulier import fold_haulier, words_apart
from portcheck.services.context import Context
from portcheck.store import finder
from portcheck.store.finder import CurrentList, HaulierLines

LEAST_ALIKE: Final = 0.85
"""How alike the words must be that two names do not share: one slip in seven letters.

A test holds pairs that are one firm and pairs that are two against it.  Under
0.84 Jansen and Hansen are one firm, over 0.87 Nrothsea and Northsea are two.
Compared as wholes they cannot be told apart: with “Transport” after them, both
pairs are 94 % alike.
"""
_NOTHING_TO_PAY: Final = frozenset({Rule.NOTHING_OWED, Rule.RAN_OUT})


@dataclass(frozen=True, slots=True)
class _Arranged:
    """Folded names; their words run together as they stand, and in alphabetical order."""

    names: list[str]
    as_they_stand: list[str]
    in_order: list[str]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names in force, and in which lists: as listed, by what they fold to.

    `found` and `advised` remember what was asked before: a manifest or a lane asks for many
    hauliers of the same lists.
    """

    lists: frozenset[str]
    by_fold: dict[str, list[str]]
    arranged: _Arranged
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)
    advised: dict[tuple[str, date], tuple[HaulierAdvice, ...]] = field(default_factory=dict)


def advice(
    context: Context,
    haulier: str,
    lists: Sequence[CurrentList],
    *,
    shown: Collection[int],
    today: date,
) -> tuple[HaulierAdvice, ...]:
    """What the listed hauliers that are `haulier` owe, one for each name in each list.

    `shown` are entries that the answer shows as matches already: they are not
    counted again.  Names that are the same come first, then the larger sums.
    """
    if not fold_haulier(haulier):
        return ()
    read = context.of_lists(_Names, lists, lambda: _names(context, lists))
    if shown:
        return _advised(context, read, haulier, shown, today)
    asked = (haulier, today)
    if asked not in read.advised:
        read.advised[asked] = _advised(context, read, haulier, shown, today)
    return read.advised[asked]


def _advised(
    context: Context, read: _Names, haulier: str, shown: Collection[int], today: date
) -> tuple[HaulierAdvice, ...]:
    folded = fold_haulier(haulier)
    names = _names_like(folded, read)
    if not names:
        return ()
    lines = [
        found
        for found in finder.lines_of_hauliers(context.connection, names, without=shown)
        if found.list_name in read.lists
        and assess(found.line, today=today, age=ListAge(0, 0)).rule not in _NOTHING_TO_PAY
    ]
    lines.sort(key=_firm)
    advices = [_advice(haulier, folded, list(group)) for _, group in groupby(lines, key=_firm)]
    return tuple(sorted(advices, key=lambda one: (not one.same, -one.owed_pence, one.name)))


def _firm(found: HaulierLines) -> tuple[str, str]:
    return found.list_name, fold_haulier(found.line.haulier)


def _advice(typed: str, folded: str, lines: Sequence[HaulierLines]) -> HaulierAdvice:
    sums = [(found.line.owed_pence, found.number) for found in lines]
    name = lines[0].line.haulier
    return HaulierAdvice(
        typed=typed,
        name=name,
        list_name=lines[0].list_name,
        same=fold_haulier(name) == folded,
        penalties=sum(number for _, number in sums),
        owed_pence=sum((owed or 0) * number for owed, number in sums),
        unknown=sum(number for owed, number in sums if owed is None),
    )


def same_haulier(one: str, other: str) -> bool:
    """Whether two folded names are one haulier's, whatever their order and small slips.

    >>> same_haulier("northsea haulage", "haulage nortsea")
    True
    >>> same_haulier("jansen transport", "hansen transport")
    False
    """
    return one == other or bool(one and other and _alike(one, _arranged([other])))


def _names(context: Context, lists: Sequence[CurrentList]) -> _Names:
    by_fold: dict[str, list[str]] = {}
    for name in finder.hauliers(context.connection):
        by_fold.setdefault(fold_haulier(name), []).append(name)
    by_fold.pop("", None)
    return _Names(frozenset(one.name for one in lists), by_fold, _arranged(list(by_fold)))


def _names_like(folded: str, names: _Names) -> tuple[str, ...]:
    """Names as listed that fold to `folded` or, failing that, are much like it."""
    if folded not in names.found:
        same = [folded] if folded in names.by_fold else _alike(folded, names.arranged)
        names.found[folded] = tuple(name for one in same for name in names.by_fold[one])
    return names.found[folded]


def _arranged(names: list[str]) -> _Arranged:
    return _Arranged(names, list(map(_as_it_stands, names)), list(map(_in_order, names)))


def _alike(folded: str, others: _Arranged) -> list[str]:
    """Those of `others` whose words are those of `folded` but for small slips.

    What is alike as a whole is found first; then what is not shared decides.
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only a check with a haulier needs it
    from rapidfuzz.process import extract  # noqa: PLC0415

    found: dict[str, None] = {}
    for wanted, arranged in (
        (_as_it_stands(folded), others.as_they_stand),
        (_in_order(folded), others.in_order),
    ):
        hits = extract(
            wanted,
            arranged,
            scorer=OSA.normalized_similarity,
            score_cutoff=LEAST_ALIKE,
            limit=None,
        )
        found |= dict.fromkeys(others.names[place] for _, _, place in hits)
    return [
        name
        for name in found
        if OSA.normalized_similarity(*words_apart(folded, name)) >= LEAST_ALIKE
    ]


def _as_it_stands(name: str) -> str:
    return name.replace(" ", "")


def _in_order(name: str) -> str:
    return "".join(sorted(name.split()))
