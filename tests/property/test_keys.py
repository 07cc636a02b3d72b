"""What holds for every key and every pair of keys."""

import string

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portcheck.domain.matching import (
    Corroboration,
    Difference,
    Kind,
    Tier,
    compare,
    neighbours,
)
from portcheck.domain.registration.formats import display, fits, suggest_countries
from portcheck.domain.registration.key import (
    LONGEST_KEY,
    key_of,
    pattern_of,
    skeleton_of,
    spellings,
)
from portcheck.errors import RegistrationRefused

KEY_CHARACTERS = string.ascii_uppercase + string.digits
keys = st.text(KEY_CHARACTERS, min_size=1, max_size=LONGEST_KEY)
long_keys = st.text(KEY_CHARACTERS, min_size=5, max_size=10)
yes_no = st.sampled_from([True, False, None])
known = st.builds(Corroboration, yes_no, yes_no, yes_no)


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
def test_any_text_is_a_key_or_refused(text: str) -> None:
    try:
        key = key_of(text)
    except RegistrationRefused as refusal:
        str(refusal).encode()  # fit to be printed, whatever was typed
        return
    assert 0 < len(key) <= LONGEST_KEY
    assert set(key) <= set(KEY_CHARACTERS)
    assert key_of(key) == key


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
    assert 1 <= len(found) <= 8
    assert len(set(found)) == len(found)
    assert all(set(one) <= set(KEY_CHARACTERS) for one in found)


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


@given(keys, known, st.integers(0, 1_000_000))
def test_a_key_is_itself(key: str, corroboration: Corroboration, list_size: int) -> None:
    found = compare(key, key, corroboration=corroboration, list_size=list_size)
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
def test_the_cost_is_the_same_both_ways(pair: tuple[str, str]) -> None:
    there, back = compare(*pair), compare(*pair[::-1])
    assert (there is None) == (back is None)
    if there and back:
        assert there.cost == back.cost
        assert there.tier == back.tier


@settings(max_examples=400)
@given(pairs())
def test_tier_and_cost_agree(pair: tuple[str, str]) -> None:
    typed, listed = pair
    found = compare(typed, listed)
    if found is None:
        assert skeleton_of(typed) != skeleton_of(listed) or min(map(len, pair)) < 5
        return
    assert found.why
    if skeleton_of(typed) == skeleton_of(listed):
        assert found.tier in (Tier.EXACT, Tier.LOOKALIKE)
    else:
        one_digit = [d for d in found.differences if d.is_digit_for_digit]
        assert found.tier is (Tier.NEAR if found.cost <= 0.7 and not one_digit else Tier.WEAK)
        assert found.cost <= 1.0


@given(pairs(), known)
def test_the_differences_lead_from_the_typed_to_the_listed_key(
    pair: tuple[str, str], corroboration: Corroboration
) -> None:
    typed, listed = pair
    found = compare(typed, listed, corroboration=corroboration)
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


@given(pairs(), known, st.integers(0, 200_000))
def test_corroboration_hides_nothing(
    pair: tuple[str, str], corroboration: Corroboration, list_size: int
) -> None:
    plain = compare(*pair)
    weighed = compare(*pair, corroboration=corroboration, list_size=list_size)
    assert (plain is None) == (weighed is None)
    if plain and plain.tier is Tier.EXACT:
        assert weighed
        assert weighed.tier in (Tier.EXACT, Tier.LOOKALIKE)


@given(keys)
def test_formats_agree_with_each_other(key: str) -> None:
    countries = suggest_countries(key)
    assert all(fits(key, country) for country in countries)
    assert fits(key) == bool(countries)
    for country in ("", *countries):
        assert key_of(display(key, country)) == key
