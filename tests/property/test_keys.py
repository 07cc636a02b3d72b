"""What holds for every key and every pair of keys."""

import string
from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portcheck.domain.matching import (
    SURENESS,
    Corroboration,
    Difference,
    Kind,
    Tier,
    compare,
    neighbours,
)
from portcheck.domain.registration.countries import country_code, signs
from portcheck.domain.registration.format_table import FORMATS, Format
from portcheck.domain.registration.formats import (
    display,
    fits,
    is_container,
    looks_mistyped,
    suggest_countries,
)
from portcheck.domain.registration.key import LONGEST_KEY, key_of, pattern_of, skeleton_of
from portcheck.domain.registration.readings import readings, spellings
from portcheck.domain.text import one_line
from portcheck.errors import RegistrationRefused
from portcheck.services.matching.containers import container_remark

KEY_CHARACTERS = string.ascii_uppercase + string.digits
keys = st.text(KEY_CHARACTERS, min_size=1, max_size=LONGEST_KEY)
long_keys = st.text(KEY_CHARACTERS, min_size=5, max_size=10)
yes_no = st.sampled_from([True, False, None])
known = st.builds(
    Corroboration,
    country=yes_no,
    impossible=st.booleans(),
    beside=st.sampled_from(["", "trailer"]),
    haulier=st.booleans(),
    crowding=st.integers(0, 8),
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Two keys that a slip or two part: most pairs drawn at random are nothing alike."""
    listed = draw(long_keys)
    typed = listed
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(typed)))
        put = draw(st.sampled_from(["", draw(st.sampled_from(KEY_CHARACTERS))]))
        cut = draw(st.integers(0, 2))
        moved = typed[place : place + cut][::-1] if draw(st.booleans()) else put
        typed = typed[:place] + moved + typed[place + cut :]
    return typed, listed


@given(st.text())
@example("ﬁ1")
@example("ŉ1")
@example("½")
@example("AB12´CDE")
@example("\u1ffd\u03841")
@example("\ufdfa" * 100)
def test_any_text_is_a_key_or_refused(text: str) -> None:
    try:
        key = key_of(text)
    except RegistrationRefused as refusal:
        str(refusal).encode()  # fit to be printed, whatever was typed
        return
    assert 0 < len(key) <= LONGEST_KEY
    assert set(key) <= set(KEY_CHARACTERS)
    assert key_of(key) == key
    assert key_of(one_line(text)) == key  # as it is kept
    assert spellings(text)[0] == key
    assert pattern_of(text) == key


@given(st.text())
def test_what_is_asked_of_a_text_has_an_answer(text: str) -> None:
    """None of these is ever the end of a feed or a file."""
    code = country_code(text)
    assert code is None or code == "" or country_code(code) == code
    assert isinstance(container_remark(text), str)
    assert isinstance(looks_mistyped(text), str)
    assert isinstance(display(text), str)
    assert not is_container(text) or len(text) == 11


@given(keys, st.sampled_from([" ", "-", "\u00a0", "–", ".", "\u200b"]), st.integers(0, 17))
def test_spacing_and_case_do_not_matter(key: str, separator: str, place: int) -> None:
    assert key_of(key[:place] + separator + key[place:].lower()) == key


@given(st.text(KEY_CHARACTERS + "ÄÖÜäöüŠł -", min_size=1, max_size=12))
def test_spellings_begin_with_the_key(text: str) -> None:
    try:
        key = key_of(text)
    except RegistrationRefused:
        return
    found = spellings(text)
    assert found[0] == key
    assert 1 <= len(found) <= 8 * 4  # ways to write umlauts; with and without signs
    assert len(set(found)) == len(found)
    assert all(set(one) <= set(KEY_CHARACTERS) for one in found)


@given(st.sampled_from(sorted(signs())), st.sampled_from(FORMATS), st.sampled_from(["", " ", "-"]))
def test_a_sign_in_front_hides_no_mark(sign: str, row: Format, separator: str) -> None:
    """The whole is a key all the same, and is told without the sign where nothing fits it."""
    mark = key_of(row.example)
    first, *others = readings(f"{sign}{separator}{mark}")
    assert first.key == sign + mark
    for other in others:
        assert other.key in first.key
        assert len(other.key) >= 4
        assert other.sign in signs()
    is_plain = any(map(str.isdigit, mark)) and len(mark) >= 4 and len(sign) > 1
    if separator and is_plain and not suggest_countries(first.key):
        assert (mark, sign) in {(other.key, other.sign) for other in others}


@given(st.text(max_size=20))
def test_a_pattern_is_safe_to_hand_on(text: str) -> None:
    try:
        pattern = pattern_of(text)
    except RegistrationRefused:
        return
    assert set(pattern) <= set(KEY_CHARACTERS + "?*")
    assert "**" not in pattern


@given(keys)
def test_a_skeleton_is_its_own_skeleton(key: str) -> None:
    assert skeleton_of(skeleton_of(key)) == skeleton_of(key)
    assert len(skeleton_of(key)) == len(key)


def any_mark(_key: str, _country: str) -> bool:
    """Formats that tell nothing."""
    return True


@given(keys, known)
def test_a_key_is_itself(key: str, corroboration: Corroboration) -> None:
    found = compare(key, key, known=corroboration)
    assert found is not None
    assert (found.tier, found.cost) == (Tier.EXACT, 0.0)


@settings(max_examples=400)
@given(pairs())
def test_the_neighbours_find_every_tier(pair: tuple[str, str]) -> None:
    typed, listed = pair
    if compare(typed, listed) is not None:
        assert skeleton_of(listed) in neighbours(skeleton_of(typed))


@settings(max_examples=400)
@given(pairs())
def test_the_cost_is_the_same_both_ways_unless_a_character_is_lost(pair: tuple[str, str]) -> None:
    there, back = compare(*pair), compare(*pair[::-1])
    if len(pair[0]) != len(pair[1]):
        return  # a character is lost more easily than one comes from nowhere
    assert (there is None) == (back is None)
    if there and back:
        assert there.cost == back.cost
        assert there.tier == back.tier


@settings(max_examples=400)
@given(pairs())
def test_tier_and_cost_agree(pair: tuple[str, str]) -> None:
    typed, listed = pair
    found = compare(typed, listed, is_mark=any_mark)
    short = min(map(len, pair)) <= 4
    if found is None:
        assert skeleton_of(typed) != skeleton_of(listed) or min(map(len, pair)) < 3
        return
    assert found.why
    if typed == listed:
        assert found.tier is Tier.EXACT
    elif skeleton_of(typed) == skeleton_of(listed):
        kept = any(d.keeps_the_format for d in found.differences)
        assert found.tier is (Tier.NEAR if short or kept else Tier.LOOKALIKE)
    else:
        assert found.cost <= 1.0
        assert found.tier is (Tier.NEAR if found.cost + 0.1 * short < 0.71 else Tier.WEAK)


@given(pairs(), known)
def test_the_differences_lead_from_the_typed_to_the_listed_key(
    pair: tuple[str, str], corroboration: Corroboration
) -> None:
    typed, listed = pair
    found = compare(typed, listed, known=corroboration)
    if found is None:
        return
    rebuilt = list(typed)
    for one in sorted(found.differences, key=lambda d: (d.kind is not Kind.LOOKALIKE, -d.place)):
        start = one.place if one.kind is Kind.MISSING else one.place - 1
        end = start + len(one.typed)
        if one.kind is not Kind.LOOKALIKE or not _within_swap(one.place, found.differences):
            rebuilt[start:end] = list(one.listed)
    assert "".join(rebuilt) == listed


def _within_swap(place: int, differences: tuple[Difference, ...]) -> bool:
    return any(d.kind is Kind.SWAPPED and place - d.place in (0, 1) for d in differences)


@given(pairs(), known)
def test_what_else_is_known_hides_nothing_and_makes_nothing_exact(
    pair: tuple[str, str], corroboration: Corroboration
) -> None:
    plain = compare(*pair, is_mark=any_mark)
    weighed = compare(*pair, known=corroboration, is_mark=any_mark)
    assert (plain is None) == (weighed is None)
    if plain and weighed:
        assert (plain.tier is Tier.EXACT) == (weighed.tier is Tier.EXACT)
        assert bool(weighed.raised_by) <= (weighed.tier is not Tier.WEAK)


@given(pairs(), known)
def test_more_for_a_match_never_lowers_it(
    pair: tuple[str, str], corroboration: Corroboration
) -> None:
    found = compare(*pair, known=corroboration, is_mark=any_mark)
    better: tuple[dict[str, Any], ...] = (
        {"beside": "trailer"},
        {"haulier": True},
        {"country": True},
        {"crowding": 0},
    )
    for more in better:
        surer = compare(*pair, known=replace(corroboration, **more), is_mark=any_mark)
        assert (found is None) == (surer is None)
        if found and surer:
            assert SURENESS[surer.tier] <= SURENESS[found.tier]


@given(keys)
def test_formats_agree_with_each_other(key: str) -> None:
    countries = suggest_countries(key)
    assert all(fits(key, country) for country in countries)
    assert fits(key) == bool(countries)
    for country in ("", *countries):
        assert key_of(display(key, country)) == key
