"""The matcher loses nothing: held against every listed key compared in turn.

The oracle knows nothing of skeletons, neighbours, the sieve or the query: it
compares what was typed with each registration of each entry.
"""

import json
import random
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portcheck.domain.answer import Unit
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.matching import SURENESS, Corroboration, Tier, compare, crowding
from portcheck.domain.registration.confusables import LOOKALIKE_CLASSES
from portcheck.domain.registration.countries import country_code
from portcheck.domain.registration.formats import is_container
from portcheck.domain.registration.one_mark import hold_one_mark
from portcheck.domain.registration.readings import Reading, readings, spellings
from portcheck.errors import RegistrationRefused
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching.containers import container_remark
from portcheck.services.matching.hauliers import same_haulier
from portcheck.services.matching.matcher import Query, answer
from portcheck.store.finder import lists_in_force

Take = Callable[[Sequence[Mapping[str, str]]], ImportResult]
Row = Mapping[str, str]
Best = dict[tuple[Unit, str], Tier]

LETTERS, DIGITS = string.ascii_uppercase, string.digits
SHAPES = (
    "LL99 LLL", "L999 LLL", "LLL999", "LL 99999", "LL-999-LL", "9-LLL-999", "99-LL-9",
    "L999 9999", "LL 9999 LL", "L 999", "LL9", "99LL", "99LLLL9999LLLL9", "LLLLLLLLL99999999",
)  # fmt: skip
ODD = (
    "MÜ-AB 12", "HOEX 77", "SÜW-Ö 1", "СВ 1234 НР", "ΙΚΑ-1234", "ŁÓDŹ 12", "00112", "AAB1122",
    "A1122AA", "OO0OO0O", "11II1I1", "GB KL65 XYZ", "PL WX 55443", "AB١٢٣CD",
)  # fmt: skip
COUNTRIES = ("", "", "GB", "D", "PL", "RO", "AM")
HAULIERS = ("", "", "Acme Ltd", "Trans-Pol Sp. z o.o.")


def _mark(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(ODD)
    slots = {"L": LETTERS, "9": DIGITS}
    return "".join(chance.choice(slots.get(s, s)) for s in chance.choice(SHAPES))


def _container(chance: random.Random) -> str:
    number = "".join(chance.choices(LETTERS, k=3)) + "U" + "".join(chance.choices(DIGITS, k=6))
    return next(number + digit for digit in DIGITS if not container_remark(number + digit))


def _rows(chance: random.Random, number: int) -> Iterator[Row]:
    for reference in range(number):
        own = chance.random()
        registration = _container(chance) if own < 0.1 else _mark(chance)
        unit = "container" if own < 0.05 else chance.choice(("", "", "tractor", "trailer"))
        trailer = registration if chance.random() < 0.1 else _mark(chance)
        yield {
            "Registration": registration,
            "Unit": unit,
            "Country": chance.choice(COUNTRIES),
            "Trailer": trailer if chance.random() < 0.5 else "",
            "Container": _container(chance) if chance.random() < 0.2 else "",
            "Haulier": chance.choice(HAULIERS),
            "Penalty reference": str(reference),
        }


ROWS = list(_rows(random.Random(6346), 220))
LISTED_TEXTS = sorted({row[name] for row in ROWS for name in ("Registration", "Trailer")} - {""})
BOXES = sorted({row["Container"] for row in ROWS} - {""})


@st.composite
def slipped(draw: st.DrawFn, texts: Sequence[str]) -> str:
    """A listed text, read with up to two slips."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.sampled_from((0, max(len(text) - 1, 0), *range(len(text) + 1))))
        cut = draw(st.integers(0, 2))
        gone = text[place : place + cut]
        alike = [c for group in LOOKALIKE_CLASSES if gone and gone in group for c in group]
        put = draw(st.sampled_from(alike or ("", gone[::-1], gone[:1] * 2, *LETTERS, *"07ÜВ")))
        text = text[:place] + put + text[place + cut :]
    return text


queries = st.builds(
    Query,
    vehicle=slipped(LISTED_TEXTS + BOXES),
    country=st.sampled_from(COUNTRIES),
    trailer=st.one_of(st.just(""), slipped(LISTED_TEXTS)),
    trailer_country=st.sampled_from(("", "GB", "PL")),
    container=st.one_of(st.just(""), slipped(BOXES)),
    haulier=st.sampled_from(HAULIERS),
)


@cache
def _keys(text: str) -> tuple[str, ...]:
    try:
        return spellings(text) if text else ()
    except RegistrationRefused:
        return ()


def _is_one(text: str) -> bool:
    """Two slips may make two marks of one: then it is asked for again."""
    try:
        hold_one_mark(text)
    except RegistrationRefused:
        return False
    return True


def _listed(row: Row) -> Iterator[tuple[Reading, str, str]]:
    """(reading, country, field) of every registration of a row, each key once."""
    seen: set[str] = set()
    own = row["Country"]
    for name, country in (("Registration", own), ("Trailer", ""), ("Container", "")):
        for one in readings(row[name]) if row[name] else ():
            if one.key not in seen:
                yield one, country_code(country) or "", name
        seen |= set(_keys(row[name]))


def _given(country: str, read: Iterable[Reading]) -> str:
    """The country that was typed, "" where the sign says the same."""
    code = country_code(country) or ""
    return "" if code in {one.country for one in read if one.sign and one.sure} else code


def by_comparing_all(query: Query, against: int) -> Best:
    """The surest tier for every unit typed and every row it resembles."""
    typed = {
        Unit.VEHICLE: (query.vehicle, query.country),
        Unit.TRAILER: (query.trailer, query.trailer_country),
        Unit.CONTAINER: (query.container, ""),
    }
    best: Best = {}
    for (unit, (text, country)), row in product(typed.items(), ROWS):
        besides = {key for u, (other, _) in typed.items() if u is not unit for key in _keys(other)}
        read = readings(text) if text else ()
        given = _given(country, read)
        for one, (other_one, column, field) in product(read, _listed(row)):
            key, listed = one.key, other_one.key
            sure = one.sure and other_one.sure
            if abs(len(key) - len(listed)) > 1 or (not sure and key != listed):
                continue
            if not one.sure and (given or one.country) != one.country:
                continue
            if not sure and column not in {"", (other_one if one.sure else one).country}:
                continue
            others = [
                one
                for name in {"Registration", "Trailer", "Container"} - {field}
                if listed not in _keys(row[name])
                for one in _keys(row[name])
            ]
            boxes = unit is Unit.CONTAINER or is_container(key) or is_container(listed)
            known = Corroboration(
                beside="another" if besides & set(others) else "",
                haulier=bool(query.haulier and row["Haulier"])
                and same_haulier(fold_haulier(query.haulier), fold_haulier(row["Haulier"])),
                crowding=against,
            )
            found = compare(
                key,
                listed,
                typed_country=given or one.country,
                listed_country=column or other_one.country,
                known=known,
                is_mark=(lambda one, _: not container_remark(one)) if boxes else None,
            )
            place = unit, row["Penalty reference"]
            if found:
                tier = found.tier if sure else max(found.tier, Tier.NEAR, key=SURENESS.__getitem__)
                tiers = (tier, best.get(place, Tier.WEAK))
                best[place] = min(tiers, key=SURENESS.__getitem__)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("resembling", [0.0, 0.3])
def test_nothing_is_lost_between_what_was_typed_and_what_is_listed(
    context: Context, take: Take, resembling: float
) -> None:
    """Also on a list that many unlisted vehicles are said to resemble."""
    result = take(ROWS)
    assert result.rejected == 0
    odds = json.dumps({"lookalike": 0.0, "near": 0.0, "weak": resembling})
    context.connection.execute("UPDATE list_version SET odds = ?", (odds,))
    (current,) = lists_in_force(context.connection)
    against = crowding(sum(current.odds.values()))
    assert bool(against) == bool(resembling)
    tiers: Counter[Tier] = Counter()

    @settings(max_examples=300, deadline=None)
    @given(queries)
    def holds(query: Query) -> None:
        texts = (query.vehicle, query.trailer, query.container)
        assume(all(_keys(text) for text in texts if text) and query.vehicle)
        assume(all(map(_is_one, texts)))
        expected = by_comparing_all(query, against)
        found = answer(context, query, now=context.now(), zone=context.zone_here())
        places = {
            (match.unit, penalty.line.reference): match.tier
            for match in found.matches
            for penalty in match.penalties
        }
        assert places.keys() == expected.keys()
        for match in found.matches:
            group = [expected[match.unit, p.line.reference] for p in match.penalties]
            assert match.tier is min(group, key=SURENESS.__getitem__), (match, group)
            tiers[match.tier] += 1

    holds()
    assert {Tier.EXACT, Tier.NEAR, Tier.WEAK} <= set(tiers)
