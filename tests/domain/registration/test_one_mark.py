"""A text that is one registration, and those that are a word, a sentence or several."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.registration.format_table import FORMATS
from portcheck.domain.registration.key import key_of
from portcheck.domain.registration.one_mark import hold_one_mark, is_no_registration
from portcheck.errors import RegistrationRefused


def refusal(text: str) -> str:
    """Why it is not one registration, "" when it may be."""
    try:
        hold_one_mark(text)
    except RegistrationRefused as error:
        return error.message if error.hint else "it has no hint"
    return ""


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("AB12CDE XY34FGH", "AB12CDE, XY34FGH"),
        ("AB12 CDE C123 4567", "AB12 CDE, C123 4567"),
        ("AB12CDE-C1234567", "AB12CDE, C1234567"),
        ("AB12CDE and C1234567", "AB12CDE, C1234567"),
        ("AB12CDE und C1234567", "AB12CDE, C1234567"),
        ("AB12CDE & C1234567", "AB12CDE, C1234567"),
        ("AB12CDE+C1234567", "AB12CDE, C1234567"),
        ("AB12CDE;CD34EFG", "AB12CDE, CD34EFG"),
        ("AB12CDE/C1234567", "AB12CDE, C1234567"),
        ("AB12 CDE, AB13 CDE", "AB12 CDE, AB13 CDE"),
        ("AB12CDE\nCD34EFG", "AB12CDE, CD34EFG"),
        ("ÄB12CDE | CD34EFG", "ÄB12CDE, CD34EFG"),
        ("A1B2C3/X9Y8Z7", "A1B2C3, X9Y8Z7"),  # what stands between slashes need fit no format
        ("AB12CDE (trailer C1234567)", "AB12CDE, C1234567"),
        ("tractor AB12CDE trailer C1234567", "AB12CDE, C1234567"),
        ("WX 12345 AB 12345", "WX 12345, AB 12345"),
        ("AB12CDEXY34FGH", "AB12CDE, XY34FGH"),
        ("СВ 1234 НР AB12CDE", "CB 1234 HP, AB12CDE"),
        ("AB12CDE CSQU 305438 3", "AB12CDE, CSQU 305438 3"),
        ("GB AB12CDE PL WX12345", "AB12CDE, WX12345"),
    ],
)
def test_two_marks_are_named(text: str, marks: str) -> None:
    said = refusal(text)
    assert "holds two registrations" in said
    assert all(mark in said for mark in marks.split(", ")), said


def test_more_than_two_are_counted() -> None:
    assert "holds three registrations: AB12CDE, C1234567, CSQU3054383" in refusal(
        "AB12CDE C1234567 CSQU3054383"
    )
    assert "holds 4 registrations" in refusal("AB12CDE AB13CDE AB14CDE AB15CDE")


@pytest.mark.parametrize(
    "text",
    ["lorry AB12CDE", "AB12CDE Smith", "AB12CDE red", "AB12CDE is clear", "AB12CDE (new)",
     "AB12 CDE trailer", "the AB12CDE", "Reg: AB12CDE", "nr AB12CDE", "AB12CDE 14:05",
     "AB12CDE 123"],
)  # fmt: skip
def test_the_mark_in_a_sentence_is_named(text: str) -> None:
    said = refusal(text)
    assert "is more than a registration" in said
    assert "AB12 CDE" in said or "AB12CDE was seen" in said


@pytest.mark.parametrize("text", ["CSQU3054383 45G1", "CSQU 305438 3 22G1", "CSQU305438-3 45G1"])
def test_a_containers_size_and_type_are_no_part_of_its_number(text: str) -> None:
    assert "CSQU" in refusal(text).partition("more than a registration: ")[2]


@pytest.mark.parametrize(
    "text",
    [
        "driver", "Driver", "unknown", "UNKNOWN", "NO PLATE", "no-plate", "n/a", "N.A.", "none", "nil",
        "foreign", "foreign plate", "ditto", "as above", "dirty", "keine",
        "TBC", "trailer", "lorry", "HGV", "foot passenger", "unbekannt", "brak", "sin matrícula",
        "the driver has no papers", "no papers", "2 pallets of fish", "driver 12345", "3 passengers",
        "Paul's lorry", "ACME HAULAGE LTD", "Acme Ltd", "End of list", "refrigerated",
    ],
)  # fmt: skip
def test_words_are_no_registration(text: str) -> None:
    assert refusal(text).endswith("is no registration")


@pytest.mark.parametrize(
    "text",
    [
        # odd, and real
        "NONE1", "NA 12", "DRIVER1", "TRUCKER", "BA TRANS", "CB BABAPA", "W1 ABCDE", "WTRANS1", "VAN 123",
        "CAR 1", "UNIT 5", "101 D 123", "CD 12 34", "X 12", "1", "A", "Y-123 456", "12345 A 67", "MH 12 AB 1234",
        "01 A 123 BC", "31 80 0691 235-2", "123 ABC 02",
        # parted as people part them
        "AB12/34567", "131/D/12345", "CSQU/305438/3", "CSQU 305438 3", "A B 1 2 C D E", "B-MW 1234",
        # with a country's sign
        "GB AB12CDE", "WGM 1234 PL", "AB12CDE (GB)", "(D) M-AB 1234", "I AB 123 CF", "GB/AB12CDE",
        # a chassis number
        "WDB9634031L123456", "WDB 963 403 1L 123456",
        # mistyped
        "ABIZ CDE", "ANQ55 BUI", "AB1O CDE", "AB12 CDEE", "LSSO CDE", "GB KL65Z XYZ",
        # what is wrong with it `key_of` says
        "", " ", "-", "AB#12", "A" * 40, "湘A12345",
    ],
)  # fmt: skip
def test_one_registration_is_not_refused_for_its_shape(text: str) -> None:
    assert refusal(text) == ""


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: f"{row.country} {row.example}")
def test_what_a_country_issues_is_one(row: object) -> None:
    example: str = row.example  # type: ignore[attr-defined]
    assert refusal(example) == ""
    assert refusal(key_of(example)) == ""


def test_a_slip_of_the_finger_is_still_one_registration() -> None:
    """Else a mistyped listed vehicle would not be found; marks of letters alone may be words."""
    random = Random(17)
    marks = [row.example for row in FORMATS if any(map(str.isdigit, row.example))]
    for _ in range(3_000):
        mark = random.choice(marks)
        place = random.randrange(len(mark) + 1)
        put = random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        slipped = random.choice(
            (
                mark[:place] + put + mark[place:],
                mark[:place] + put + mark[place + 1 :],
                mark[:place] + mark[place + 1 :],
                mark[:place] + mark[place : place + 2][::-1] + mark[place + 2 :],
            )
        )
        said = refusal(slipped)
        assert said == "" or is_no_registration(slipped), said


@given(st.text() | st.text("AB12CD3 /-&", max_size=200))
def test_any_text_is_one_or_refused(text: str) -> None:
    said = refusal(text)
    said.encode()
    assert said == "" or text.strip()


@given(
    st.sampled_from(FORMATS), st.sampled_from(FORMATS), st.sampled_from([" / ", ", ", "; ", " & "])
)
def test_two_whole_marks_are_never_taken_for_one(one: object, other: object, between: str) -> None:
    texts = [row.example for row in (one, other)]  # type: ignore[attr-defined]
    keys = list(map(key_of, texts))
    if all(len(key) >= 6 and not key.isalpha() and not key.isdigit() for key in keys):
        assert "registrations" in refusal(between.join(texts))
