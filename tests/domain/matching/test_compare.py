"""How a typed key resembles a listed one: the tier, the cost and the words."""

import pytest

from portcheck.domain.matching import Corroboration, Tier, compare, crowding

EXACT, LOOKALIKE, NEAR, WEAK = Tier
AGAIN = "read the plate again: "


def any_mark(_key: str, _country: str) -> bool:
    """Formats that tell nothing."""
    return True


@pytest.mark.parametrize(
    ("typed", "listed", "tier", "cost", "why"),
    [
        ("AB12CDE", "AB12CDE", EXACT, 0.0, "same registration"),
        ("A1", "A1", EXACT, 0.0, "same registration"),
        # lookalikes
        ("AB1ZCDE", "AB12CDE", LOOKALIKE, 0.3, "lookalike: Z for 2, place 4"),
        ("A812CDE", "AB12CDE", LOOKALIKE, 0.3, "lookalike: 8 for B, place 2"),
        ("AB12CGE", "AB12C6E", LOOKALIKE, 0.3, "lookalike: G for 6, place 6"),
        ("A81ZCDE", "AB12CDE", LOOKALIKE, 0.6,
         "lookalike: 8 for B, place 2; Z for 2, place 4"),
        # two letters that look alike may both be on the road
        ("AB12COE", "AB12CDE", NEAR, 0.3, AGAIN + "lookalike: O for D, place 6"),
        # one edit that eyes or hands make
        ("AB12CED", "AB12CDE", NEAR, 0.6, AGAIN + "6–7 swapped"),
        ("MUAB21", "MUAB12", NEAR, 0.6, AGAIN + "5–6 swapped"),
        ("AH12CDE", "AB12CDE", NEAR, 0.6, AGAIN + "place 2: H where the list has B"),
        ("ABE2CDE", "AB32CDE", NEAR, 0.7, AGAIN + "place 3: E where the list has 3"),
        ("AB12CCDE", "AB12CDE", NEAR, 0.6,
         AGAIN + "place 6: C twice where the list has it once"),
        ("AB12CDE", "AB12CCDE", NEAR, 0.6, AGAIN + "place 5: the list has C twice"),
        ("B12CDE", "AB12CDE", NEAR, 0.7,
         AGAIN + "one character missing before place 1: the list has A"),
        ("AB12CD", "AB12CDE", NEAR, 0.7,
         AGAIN + "one character missing after place 6: the list has E"),
        ("AB12DE", "AB12CDE", NEAR, 0.7,
         AGAIN + "one character missing after place 4: the list has C"),
        ("AB12CDEK", "AB12CDE", NEAR, 0.7, AGAIN + "one character too many, place 8: K"),
        ("AB12ICDE", "AB12CDE", NEAR, 0.7, AGAIN + "one character too many, place 5: I"),
        # any other character, an edit beside a lookalike, or one digit for another
        ("AM12CDE", "AB12CDE", WEAK, 1.0, "place 2: M where the list has B"),
        ("AB12KCDE", "AB12CDE", WEAK, 0.8, "one character too many, place 5: K"),
        ("AB12CXE", "AB12CDE", WEAK, 0.8, "place 6: X where the list has D"),
        ("AB1ZCED", "AB12CDE", WEAK, 0.9, "Z for 2, place 4; 6–7 swapped"),
        ("AB12CDE", "AB13CDE", WEAK, 1.0, "place 4: 2 where the list has 3"),
        ("AB18CDE", "AB13CDE", WEAK, 0.9, "place 4: 8 where the list has 3"),
        ("AB7ICDE", "AB1ICDE", WEAK, 0.9, "place 3: 7 where the list has 1"),
        # short marks lie close together
        ("A812", "AB12", NEAR, 0.3, AGAIN + "lookalike: 8 for B, place 2"),
        ("AB21", "AB12", NEAR, 0.6, AGAIN + "3–4 swapped"),
        ("AB112", "AB12", NEAR, 0.6, AGAIN + "place 4: 1 twice where the list has it once"),
        ("AB12", "AB12C", WEAK, 0.7, "one character missing after place 4: the list has C"),
    ],
)  # fmt: skip
def test_tiers(typed: str, listed: str, tier: Tier, cost: float, why: str) -> None:
    found = compare(typed, listed, is_mark=any_mark)
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
        ("A1", "AI"),
        ("A1", "A12"),
        ("AB1", "AC2"),
    ],
)
def test_not_even_weak(typed: str, listed: str) -> None:
    assert compare(typed, listed) is None


@pytest.mark.parametrize(
    ("typed", "known", "tier", "raised_by", "lowered_by"),
    [
        # a country that agrees is weak evidence: it lifts what is nearly near
        ("AB12CED", Corroboration(country=True), NEAR, (), ()),
        ("AB12CXE", Corroboration(country=True), NEAR, ("country",), ()),
        ("AM12CDE", Corroboration(country=True), WEAK, (), ()),
        ("AB12COE", Corroboration(country=True), LOOKALIKE, ("country",), ()),
        # one that does not is strong
        ("AB12CED", Corroboration(country=False), WEAK, (), ("country",)),
        ("AB1ZCDE", Corroboration(country=False), NEAR, (), ("country",)),
        ("AB12CDE", Corroboration(country=False), EXACT, (), ()),
        # only one of the two can be a mark
        ("AM12CDE", Corroboration(impossible=True), NEAR, ("format",), ()),
        ("AB12COE", Corroboration(impossible=True), LOOKALIKE, ("format",), ()),
        ("AB12CED", Corroboration(country=False, impossible=True), NEAR, ("format",), ()),
        # another registration of the entry: nothing else makes an edit sure
        ("AB12CED", Corroboration(beside="trailer"), LOOKALIKE, ("trailer",), ()),
        ("AB12CED", Corroboration(country=True, beside="vehicle", haulier=True), LOOKALIKE,
         ("country", "vehicle", "haulier"), ()),
        ("AM12CDE", Corroboration(beside="container"), NEAR, ("container",), ()),
        ("AB12CED", Corroboration(country=False, beside="trailer"), LOOKALIKE,
         ("trailer",), ()),
        # the haulier
        ("AB1ZCED", Corroboration(haulier=True), NEAR, ("haulier",), ()),
        ("AB12CED", Corroboration(haulier=True), NEAR, (), ()),
        ("AB12CED", Corroboration(country=False, haulier=True), NEAR, ("haulier",), ()),
        # lorries of one fleet share country and haulier: neither counts between them
        ("AB13CDE", Corroboration(country=True, haulier=True), WEAK, (), ()),
        ("AM12CDE", Corroboration(country=True, haulier=True), WEAK, (), ()),
        ("AB13CDE", Corroboration(beside="trailer"), NEAR, ("trailer",), ()),
        # a list that half the traffic resembles
        ("AB12CED", Corroboration(crowding=2), WEAK, (), ("list",)),
        ("AB12CED", Corroboration(country=True, crowding=2), NEAR, ("country",), ()),
        ("AB12CED", Corroboration(country=False, crowding=2), WEAK, (), ("country", "list")),
        ("AB1ZCDE", Corroboration(crowding=2), LOOKALIKE, (), ()),
        ("AB1ZCDE", Corroboration(crowding=6), NEAR, (), ("list",)),
        ("AB12CDE", Corroboration(crowding=6), EXACT, (), ()),
    ],
)  # fmt: skip
def test_what_else_is_known(
    typed: str,
    known: Corroboration,
    tier: Tier,
    raised_by: tuple[str, ...],
    lowered_by: tuple[str, ...],
) -> None:
    found = compare(
        typed,
        "AB12CDE",
        known=known,
        is_mark=lambda key, _: key != typed or not known.impossible,
    )
    assert found is not None
    assert (found.tier, found.raised_by, found.lowered_by) == (tier, raised_by, lowered_by)
    said = [name for name in raised_by if name != "format"]
    assert all(f"same {name}" in found.why for name in said)
    assert ("only one of the two can be a real registration" in found.why) == (
        "format" in raised_by
    )
    assert ("lowered: many unlisted vehicles" in found.why) == ("list" in lowered_by)
    assert ("the list gives another country" in found.why) == (known.country is False)


@pytest.mark.parametrize(
    ("typed", "countries", "tier", "raised_by"),
    [
        ("AB1CDE", ("", ""), NEAR, ()),
        ("AB12CD7", ("GB", "GB"), NEAR, ("format", "country")),
        ("AB12CD7", ("GB", ""), NEAR, ("format",)),
        pytest.param("AB12CD7", ("", "GB"), WEAK, (), id="a mark of some country"),
        pytest.param("AB12CD7", ("AM", "AM"), WEAK, (), id="formats are not held"),
        ("XX1X1X1X1X", ("", ""), None, ()),
    ],
)
def test_formats_tell_a_slip_from_another_vehicle(
    typed: str, countries: tuple[str, str], tier: Tier | None, raised_by: tuple[str, ...]
) -> None:
    found = compare(typed, "AB12CDE", typed_country=countries[0], listed_country=countries[1])
    assert (found and found.tier) == tier
    assert (found.raised_by if found else ()) == raised_by


def test_countries_given_are_compared() -> None:
    agree = compare("AB12CXE", "AB12CDE", typed_country="GB", listed_country="GB")
    differ = compare("AB12CED", "AB12CDE", typed_country="IT", listed_country="GB")
    assert agree
    assert differ
    assert (agree.tier, agree.why) == (
        NEAR,
        AGAIN + "place 6: X where the list has D; same country",
    )
    assert differ.why.endswith("the list gives another country")


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
    for countries in ((country, country), ("", country), (country, "")):
        found = compare(typed, listed, typed_country=countries[0], listed_country=countries[1])
        assert found is not None
        assert (found.tier, found.why) == (EXACT, why)
        assert found.cost > 0


@pytest.mark.parametrize(
    ("typed", "listed", "countries", "tier"),
    [
        pytest.param("AB1OCDE", "AB10CDE", ("", ""), LOOKALIKE, id="a Slovak personal mark"),
        pytest.param("AB1OCDE", "AB10CDE", ("SK", "GB"), NEAR, id="other country"),
        pytest.param("AB1ZCDE", "AB12CDE", ("GB", "GB"), LOOKALIKE, id="Z for 2 is not O for 0"),
        pytest.param("LO12ABC", "LD12ABC", ("GB", "GB"), LOOKALIKE, id="the country agrees"),
        pytest.param("LO12ABC", "LD12ABC", ("", "GB"), NEAR, id="both are real marks"),
        pytest.param("0XX0XX0X", "OXX0XX0X", ("AL", "AL"), LOOKALIKE, id="neither is a mark"),
        pytest.param("BATRO12", "BATR012", ("SK", "SK"), LOOKALIKE, id="both may be personal"),
    ],
)
def test_two_marks_that_may_both_exist_are_not_the_same(
    typed: str, listed: str, countries: tuple[str, str], tier: Tier
) -> None:
    found = compare(typed, listed, typed_country=countries[0], listed_country=countries[1])
    assert found is not None
    assert found.tier is tier


def test_differences_name_places_in_the_key_as_typed() -> None:
    found = compare("AB12CDEK", "A812CDE")
    assert found is not None
    assert [(d.place, d.typed, d.listed) for d in found.differences] == [
        (2, "B", "8"),
        (8, "K", ""),
    ]


@pytest.mark.parametrize(
    ("resembling", "tenths"), [(0.0, 0), (0.01, 0), (0.012, 0), (0.0134, 1), (0.1, 4), (1.0, 8)]
)
def test_crowding(resembling: float, tenths: int) -> None:
    assert crowding(resembling) == tenths
