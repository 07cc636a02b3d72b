"""The country of a mark that came without one: guessed where one alone fits, else not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.registration.format_table import FORMATS, PERSONAL, Format
from portcheck.domain.registration.formats import fits, suggest_countries
from portcheck.domain.registration.guess import as_guessed, guess_country
from portcheck.domain.registration.key import key_of

GUESSED = (
    ("LK12 ABC", "GB"),  # no Austrian district, no Romanian county
    ("C123 4567", "GB"),
    ("131-D-12345", "IE"),
    ("12-BCD-3", "NL"),
    ("1-ABC-234", "BE"),
    ("34 AB 1234", "TR"),
    ("AB12 CDE", ""),  # AB is Alba, too
    ("BM12 CDE", ""),  # and BM an Austrian district
    ("CJ47 TKV", ""),
    ("AB-123-CD", ""),
    ("1234 BCD", ""),
    ("ABC 123", ""),
    ("W TRANS 1", ""),  # personalised
    ("XX1X1X1X", ""),
    ("MSCU 123456 6", ""),  # a container
)


@pytest.mark.parametrize(("mark", "country"), GUESSED)
def test_a_country_is_guessed_where_one_alone_fits(mark: str, country: str) -> None:
    assert guess_country(key_of(mark)) == country


ISSUED = [row for row in FORMATS if row.kind != PERSONAL]


@pytest.mark.parametrize("row", ISSUED, ids=lambda row: f"{row.country} {row.example}")
def test_no_format_is_guessed_to_be_of_another_country(row: Format) -> None:
    assert guess_country(key_of(row.example)) in {"", row.country}


@given(st.text("ABDLMWXZ0129", max_size=9))
def test_a_guess_is_the_only_country_that_fits_but_for_austria(key: str) -> None:
    guess = guess_country(key)
    assert not guess or (
        fits(key, guess, personal=False) and set(suggest_countries(key)) <= {guess, "AT"}
    )


def test_a_guess_is_told_as_one() -> None:
    assert (as_guessed("GB"), as_guessed("")) == ("GB (guessed)", "")
