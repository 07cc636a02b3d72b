"""A text as a mark: as it stands, and without a country's sign beside it."""

import pytest

from portcheck.domain.registration.format_table import FORMATS
from portcheck.domain.registration.key import key_of
from portcheck.domain.registration.readings import (
    are_two_marks,
    identity,
    readings,
    spellings,
)


@pytest.mark.parametrize(
    ("text", "further"),
    [
        # Where the whole can be nothing else, the sign is left out for sure (country as given).
        ("GB C1234567", "C1234567 GB"),
        ("C1234567 GB", "C1234567 GB"),
        ("WGM 1234 PL", "WGM1234 PL"),
        ("I AB 123 CF", "AB123CF IT"),
        ("GB/AB12CDE", "AB12CDE GB"),
        ("AB12CDE/GB", "AB12CDE GB"),
        ("uk-ab12cde", "AB12CDE GB"),
        ("AB 12 CDE GB", "AB12CDE GB"),
        ("PL WPR12345", "WPR12345 PL"),
        ("RO-B123XYZ", "B123XYZ RO"),
        ("F AB-123-CD", "AB123CD FR"),
        ("D-B-AB 123", "BAB123 DE"),
        ("D M AB1234", "MAB1234 DE"),
        ("M-AB 1234 D", "MAB1234 DE"),
        ("A W 12345A", "W12345A AT"),
        ("NL 12-34-AB", "1234AB NL"),
        ("LV AB-1234", "AB1234 LV"),
        ("H ABC-123", "ABC123 HU"),
        ("S ABC 12D", "ABC12D SE"),
        ("DK AB 12 345", "AB12345 DK"),
        ("AB 12 345 DK", "AB12345 DK"),
        ("1-ABC-234 B", "1ABC234 BE"),
        ("131-D-12345 IRL", "131D12345 IE"),
        ("RO KL65 XYZ", "KL65XYZ RO"),
        # Run together, where the whole fits nothing.
        ("plwx12345", "WX12345 PL"),
        ("IRL131D12345", "131D12345 IE"),
        ("AB12CDEGB", "AB12CDE GB"),
        # What is a mark as it stands may have a sign in it: a further reading, not a sure one.
        ("M-AB 123 H", "MAB123 HU?"),
        ("ABC 123 H", "ABC123 HU?"),
        ("D AB 1234", "AB1234 DE?"),
        ("B 123 ABC", "123ABC BE?"),
        ("E 1234 BCD", "1234BCD ES?"),
        ("AB 123 LT", "AB123 LT?"),
        # No sign at all.
        ("HH AB 123 E", ""),
        ("B MW 1234", ""),
        ("AB12 CDE", ""),
        ("A 123 BCD", ""),
        ("FAB123CD", ""),
        ("GB A1", ""),
        ("GB", ""),
        ("GB GB", ""),
        ("D D", ""),
    ],
)
def test_a_sign_is_left_out_besides(text: str, further: str) -> None:
    first, *others = readings(text)
    assert (first.key, first.sign, first.sure) == (key_of(text), "", True)
    found = [f"{one.key} {one.country}{'' if one.sure else '?'}" for one in others]
    assert further in found if further else not found
    assert spellings(text) == tuple(one.key for one in readings(text))


@pytest.mark.parametrize(
    ("text", "key", "country"),
    [
        ("(D) M-AB 1234", "MAB1234", "DE"),
        ("AB12CDE (GB)", "AB12CDE", "GB"),
        ("AB12CDE [United Kingdom]", "AB12CDE", "GB"),
        ("{Polska} WI 12345", "WI12345", "PL"),
        ("GB AB12 CDE", "AB12CDE", "GB"),
        ("M-AB 123 H", "MAB123H", ""),
        ("AB12 CDE", "AB12CDE", ""),
    ],
)
def test_the_vehicle_is_counted_without_a_plain_sign(text: str, key: str, country: str) -> None:
    assert (identity(text).key, identity(text).country) == (key, country)


WRITTEN = ("{mark}", "{sign} {mark}", "{mark} {sign}", "{sign}-{mark}", "{mark}/{sign}",
           "({sign}) {mark}", "{mark} ({sign})", "{mark} [{sign}]")  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "mark"),
    [("GB", "C1234567"), ("UK", "AB12 CDE"), ("PL", "WGM 1234"), ("I", "AB 123 CF"), ("D", "M-AB 1234"),
     ("F", "AA-123-AA"), ("NL", "12-34-AB"), ("LT", "ABC 123"), ("IRL", "131-D-12345")],
)  # fmt: skip
@pytest.mark.parametrize("typed", WRITTEN)
@pytest.mark.parametrize("listed", WRITTEN)
def test_typed_and_listed_meet_however_the_sign_is_written(
    sign: str, mark: str, typed: str, listed: str
) -> None:
    both = [set(spellings(form.format(sign=sign, mark=mark))) for form in (typed, listed)]
    assert key_of(mark) in both[0] & both[1]


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: f"{row.country} {row.example}")
def test_what_a_country_issues_is_counted_as_it_stands(row: object) -> None:
    """No example of any format loses a part to a sign for sure."""
    example = row.example  # type: ignore[attr-defined]
    assert identity(example).key == key_of(example)


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ("B MW 1234", "BM W 1234", True),
        ("B-MW 1234", "BM-W 1234", True),
        ("B MW 1234", "B-MW1234", False),
        ("B MW 1234", "BMW 1234", False),
        ("B MW 1234", "BMW1234", False),
        ("MÜ-A 12", "M-ÜA 12", True),
        ("AB12 CDE", "AB 12CDE", False),
        ("B MW 1234", "B MW 1235", False),
    ],
)
def test_two_german_marks_of_one_key(one: str, other: str, two: bool) -> None:
    assert are_two_marks(readings(one)[0], readings(other)[0]) is two


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("MÜ-AB 12", {"MUAB12", "MUEAB12"}),
        ("mü ab 12", {"MUAB12", "MUEAB12"}),
        ("MU\u0308 AB 12", {"MUAB12", "MUEAB12"}),
        ("SÜW-Ö 1", {"SUWO1", "SUEWO1", "SUWOE1", "SUEWOE1"}),
        ("D MÜ-AB 12", {"DMUAB12", "DMUEAB12", "MUAB12", "MUEAB12"}),
        ("(D) MÜ-AB 12", {"MUAB12", "MUEAB12"}),
        ("ŠT 12", {"ST12"}),
        ("AB12 CDE", {"AB12CDE"}),
    ],
)
def test_umlauts_are_spelt_both_ways(text: str, keys: set[str]) -> None:
    found = spellings(text)
    assert found[0] == key_of(text)
    assert set(found) == keys
    assert len(found) == len(set(found))


def test_spellings_are_bounded() -> None:
    assert len(spellings("ÄÖÜÄÖÜÄÖÜ1")) == 8
    assert spellings("Ä" * 17) == ("A" * 17,)
