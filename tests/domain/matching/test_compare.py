"""How a typed key resembles a listed one: the tier, the cost and the words."""

import pytest

from portcheck.domain.matching import Corroboration, Tier, compare
from portcheck.domain.matching.costs import LONG_LIST

EXACT, LOOKALIKE, NEAR, WEAK = Tier


@pytest.mark.parametrize(
    ("typed", "listed", "tier", "cost", "why"),
    [
        ("AB12CDE", "AB12CDE", EXACT, 0.0, "same registration"),
        ("A1", "A1", EXACT, 0.0, "same registration"),
        # lookalikes
        ("AB1ZCDE", "AB12CDE", LOOKALIKE, 0.3, "lookalike: Z for 2, place 4"),
        ("A812CDE", "AB12CDE", LOOKALIKE, 0.3, "lookalike: 8 for B, place 2"),
        ("AB12CGE", "AB12C6E", LOOKALIKE, 0.3, "lookalike: G for 6, place 6"),
        ("A812CQE", "ABI2CDE", LOOKALIKE, 0.9,
         "lookalike: 8 for B, place 2; 1 for I, place 3; Q for D, place 6"),
        # near: one edit that eyes or hands make
        ("AB12CED", "AB12CDE", NEAR, 0.6, "read the plate again: 6–7 swapped"),
        ("MUAB21", "MUAB12", NEAR, 0.6, "read the plate again: 5–6 swapped"),
        ("AH12CDE", "AB12CDE", NEAR, 0.6, "read the plate again: place 2: H where the list has B"),
        ("AB12CXE", "AB12CDE", NEAR, 0.7, "read the plate again: place 6: X where the list has D"),
        ("AB7ICDE", "AB1ICDE", WEAK, 0.6, "place 3: 7 where the list has 1"),
        ("AB12CCDE", "AB12CDE", NEAR, 0.6,
         "read the plate again: place 6: C twice where the list has it once"),
        ("AB12CDE", "AB12CCDE", NEAR, 0.6, "read the plate again: place 5: the list has C twice"),
        ("B12CDE", "AB12CDE", NEAR, 0.7,
         "read the plate again: one character missing before place 1: the list has A"),
        ("AB12CD", "AB12CDE", NEAR, 0.7,
         "read the plate again: one character missing after place 6: the list has E"),
        ("AB12CDEK", "AB12CDE", NEAR, 0.7,
         "read the plate again: one character too many, place 8: K"),
        ("ABI2CDE", "AB2CDE", NEAR, 0.7, "read the plate again: one character too many, place 3: I"),
        # weak: any other edit, an edit beside a lookalike, or one digit for another
        ("AM12CDE", "AB12CDE", WEAK, 1.0, "place 2: M where the list has B"),
        ("AB12DE", "AB12CDE", WEAK, 1.0, "one character missing after place 4: the list has C"),
        ("AB12KCDE", "AB12CDE", WEAK, 1.0, "one character too many, place 5: K"),
        ("AB1ZCED", "AB12CDE", WEAK, 0.9, "Z for 2, place 4; 6–7 swapped"),
        ("AB12CDE", "AB13CDE", WEAK, 0.7, "place 4: 2 where the list has 3"),
        ("AB18CDE", "AB13CDE", WEAK, 0.6, "place 4: 8 where the list has 3"),
        ("AB19CDE", "AB13CDE", WEAK, 1.0, "place 4: 9 where the list has 3"),
    ],
)  # fmt: skip
def test_tiers(typed: str, listed: str, tier: Tier, cost: float, why: str) -> None:
    found = compare(typed, listed)
    assert found is not None
    assert (found.tier, found.cost, found.why) == (tier, cost, why)
    assert found.raised_by == found.lowered_by == ()


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("AB12CDE", "XY99ZZZ"),
        ("AB12CDE", "AB34CDE"),
        ("AB12CDE", "BA12CED"),
        ("AM1ZCDE", "AB12CDE"),
        ("AB12CDE", "AB12"),
        ("AB12CDE", "AB12CDEKK"),
        ("A1Z", "A12"),
        ("AB12", "ABI2"),
        ("AB12", "AB12C"),
        ("AB12C", "AB12"),
        ("A812", "AB12"),
    ],
)
def test_not_even_weak(typed: str, listed: str) -> None:
    assert compare(typed, listed) is None


@pytest.mark.parametrize(
    ("typed", "known", "tier", "raised_by", "lowered_by"),
    [
        ("AB12CED", Corroboration(country=True), LOOKALIKE, ("country",), ()),
        ("AB12CED", Corroboration(trailer=True), LOOKALIKE, ("trailer",), ()),
        ("AB12CED", Corroboration(True, True, True), LOOKALIKE,
         ("country", "trailer", "haulier"), ()),
        ("AB12CED", Corroboration(country=False), WEAK, (), ("country",)),
        ("AB12CED", Corroboration(trailer=False, haulier=False), NEAR, (), ()),
        ("AB12CED", Corroboration(country=False, haulier=True), NEAR,
         ("haulier",), ("country",)),
        ("AM12CDE", Corroboration(country=True), NEAR, ("country",), ()),
        ("AM12CDE", Corroboration(country=False), WEAK, (), ("country",)),
        # fleet neighbours share their country: only trailer or haulier raise them
        ("AB13CDE", Corroboration(country=True), WEAK, (), ()),
        ("AB13CDE", Corroboration(haulier=True), NEAR, ("haulier",), ()),
        ("AB13CDE", Corroboration(True, True, None), NEAR, ("trailer",), ()),
        # what is sure stays sure; the other country is said
        ("AB12CDE", Corroboration(country=False), EXACT, (), ()),
        ("AB1ZCDE", Corroboration(country=False), LOOKALIKE, (), ()),
    ],
)  # fmt: skip
def test_corroboration(
    typed: str,
    known: Corroboration,
    tier: Tier,
    raised_by: tuple[str, ...],
    lowered_by: tuple[str, ...],
) -> None:
    found = compare(typed, "AB12CDE", corroboration=known)
    assert found is not None
    assert (found.tier, found.raised_by, found.lowered_by) == (tier, raised_by, lowered_by)
    assert all(f"same {name}" in found.why for name in raised_by)
    assert ("the list gives another country" in found.why) == (known.country is False)


@pytest.mark.parametrize(
    ("typed", "known", "tier", "raised_by", "lowered_by"),
    [
        ("AB12CED", Corroboration(), WEAK, (), ("list size",)),
        ("AB12CED", Corroboration(haulier=True), NEAR, ("haulier",), ("list size",)),
        ("AB12CED", Corroboration(country=False), WEAK, (), ("list size", "country")),
        ("AB1ZCDE", Corroboration(), LOOKALIKE, (), ()),
        ("AB12CDE", Corroboration(), EXACT, (), ()),
    ],
)
def test_long_lists(
    typed: str,
    known: Corroboration,
    tier: Tier,
    raised_by: tuple[str, ...],
    lowered_by: tuple[str, ...],
) -> None:
    found = compare(typed, "AB12CDE", corroboration=known, list_size=LONG_LIST + 1)
    assert found is not None
    assert (found.tier, found.raised_by, found.lowered_by) == (tier, raised_by, lowered_by)


def test_a_list_of_just_the_limit_is_not_long() -> None:
    found = compare("AB12CED", "AB12CDE", list_size=LONG_LIST)
    assert found is not None
    assert found.tier is NEAR


@pytest.mark.parametrize(
    ("typed", "listed", "country", "why"),
    [
        ("AB1OCDE", "AB10CDE", "GB",
         "letter O typed where only a digit 0 can stand, place 4: the same mark"),
        ("ABI0CDE", "AB10CDE", "GB",
         "letter I typed where only a digit 1 can stand, place 3: the same mark"),
        ("ABZ1O1", "ABZ101", "",
         "letter O typed where only a digit 0 can stand, place 5: the same mark"),
        ("AB10CDE", "AB1OCDE", "GB",
         "letter O listed where only a digit 0 can stand, place 4: the same mark"),
        ("0B12CDE", "OB12CDE", "GB",
         "digit 0 typed where only a letter O can stand, place 1: the same mark"),
        ("WI1OO45", "WI10045", "PL",
         ("letter O typed where only a digit 0 can stand, place 4; "
          "letter O typed where only a digit 0 can stand, place 5: the same mark")),
    ],
)  # fmt: skip
def test_a_letter_in_a_digit_slot_is_the_same_mark(
    typed: str, listed: str, country: str, why: str
) -> None:
    found = compare(typed, listed, country=country)
    assert found is not None
    assert (found.tier, found.why) == (EXACT, why)
    assert found.cost > 0


@pytest.mark.parametrize(
    ("typed", "listed", "country", "known"),
    [
        pytest.param("AB1OCDE", "AB10CDE", "", Corroboration(), id="a Slovak personal mark"),
        pytest.param("AB1OCDE", "AB10CDE", "GB", Corroboration(country=False), id="other country"),
        pytest.param("AB1ZCDE", "AB12CDE", "GB", Corroboration(), id="Z for 2 is not O for 0"),
        pytest.param("LO12ABC", "LD12ABC", "GB", Corroboration(), id="both are real marks"),
        pytest.param("0XX0XX0X", "OXX0XX0X", "AL", Corroboration(), id="neither is a known mark"),
        pytest.param("BATRO12", "BATR012", "SK", Corroboration(), id="both may be personal"),
    ],
)
def test_two_marks_that_may_both_exist_stay_lookalikes(
    typed: str, listed: str, country: str, known: Corroboration
) -> None:
    found = compare(typed, listed, country=country, corroboration=known)
    assert found is not None
    assert found.tier is LOOKALIKE


def test_differences_name_places_in_the_key_as_typed() -> None:
    found = compare("AB12CDEK", "A812CDE")
    assert found is not None
    assert [(d.place, d.typed, d.listed) for d in found.differences] == [
        (2, "B", "8"),
        (8, "K", ""),
    ]
