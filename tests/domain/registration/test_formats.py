"""Formats suggest, show and warn; each row's example is its own test."""

import subprocess
import sys

import pytest

from portcheck.domain.registration import formats
from portcheck.domain.registration.countries import COUNTRIES
from portcheck.domain.registration.country_names import NAMES
from portcheck.domain.registration.format_table import FORMATS, Format
from portcheck.domain.registration.formats import (
    country_code,
    country_name,
    display,
    fits,
    looks_mistyped,
    suggest_countries,
)
from portcheck.domain.registration.key import key_of


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: f"{row.country}-{row.example}")
def test_row(row: Format) -> None:
    key = key_of(row.example)
    assert formats._compiled(row.pattern)[0].fullmatch(key), "the example fits its own pattern"
    assert fits(key, row.country)
    assert fits(key)
    assert looks_mistyped(key, row.country) == ""
    assert display(key, row.country).replace(" ", "").replace("-", "") == key


LEAST = (
    "GB IE FR DE NL BE LU ES PT IT PL CZ SK HU RO BG GR LT LV EE DK SE NO FI AT CH SI HR RS BA MK"
    " TR UA BY MD RU GE"
)


def test_the_countries_whose_lorries_come_all_have_formats() -> None:
    held = {row.country for row in FORMATS if row.kind == "vehicle"}
    assert len(LEAST.split()) == 37
    assert set(LEAST.split()) <= held
    trailers = {row.country for row in FORMATS if row.kind == "trailer"}
    assert {"GB", "NL", "BE", "ES", "FI", "RS"} <= trailers


@pytest.mark.parametrize(
    ("shown", "country"),
    [
        ("AB12 CDE", "GB"),
        ("A123 4567", "GB"),
        ("H123 JKL", "GB"),
        ("AB-123-CD", "FR"),
        ("131-D-12345", "IE"),
        ("WGM 1A23", "PL"),
        ("B 123 ABC", "RO"),
        ("CJ 12 ABC", "RO"),
        ("1-ABC-234", "BE"),
        ("Q-ABC-123", "BE"),
        ("12-BCD-3", "NL"),
        ("CB 1234 HP", "BG"),
        ("34 ABC 123", "TR"),
        ("AB 1234-5", "BY"),
        ("A1234B-5", "BY"),
        ("BG 1234-AB", "RS"),
        ("MUAB 12", "DE"),
    ],
)
def test_display(shown: str, country: str) -> None:
    assert display(key_of(shown), country) == shown


@pytest.mark.parametrize(
    ("key", "country", "shown"),
    [
        ("AB12CDE", "", "AB12 CDE"),
        ("XX1X1X1X1X", "", "XX1X1X1X1X"),
        ("XX1X1X1X1X", "GB", "XX1X1X1X1X"),
        ("AB12CDE", "ZZ", "AB12CDE"),
        ("AB123CD", "", "AB123CD"),
        ("", "GB", ""),
    ],
)
def test_display_leaves_what_it_does_not_know(key: str, country: str, shown: str) -> None:
    assert display(key, country) == shown


@pytest.mark.parametrize(
    ("key", "first", "among"),
    [
        ("AB12CDE", "GB", {"RO"}),
        ("AB123CD", "FR", {"IT", "SK", "AL", "GE"}),
        ("A1234567", "GB", set[str]()),
        ("WGM1AC2", "PL", set[str]()),
        ("CB1234HP", "BG", {"UA", "HR", "RS"}),
        ("1ABC234", "BE", set[str]()),
        ("34ABC123", "TR", set[str]()),
    ],
)
def test_suggestions(key: str, first: str, among: set[str]) -> None:
    found = suggest_countries(key)
    assert found[0] == first
    assert among <= set(found)
    assert all(fits(key, code) for code in found)


def test_a_personal_format_is_suggested_only_when_nothing_else_fits() -> None:
    assert "SK" not in suggest_countries("CJ12ABC")
    assert suggest_countries("12TRANS3") == ("CZ",)


def test_nothing_fits() -> None:
    assert suggest_countries("XX1X1X1X1X") == ()
    assert not fits("XX1X1X1X1X")
    assert not fits("AB12CDE", "ZZ")


@pytest.mark.parametrize(
    ("key", "country", "hint"),
    [
        ("AB12CDE", "GB", ""),
        ("AB1OCDE", "GB", "place 4: letter O where a digit 0 would fit United Kingdom"),
        ("0B12CDE", "GB", "place 1: digit 0 where a letter O would fit United Kingdom"),
        ("WI1234O", "PL", "place 7: letter O where a digit 0 would fit Poland"),
        ("WIO234S", "PL", "place 3: letter O where a digit 0 would fit Poland"),
        ("AB12CDEF", "GB", "not a usual shape for United Kingdom"),
        ("AB12CDEF", "AM", ""),
        ("AB12CDEF", "ZZ", ""),
        ("XX1X1X1X1X", "", "not a usual shape for any country held here"),
        ("OSBIZGOSBIZG", "GB", "not a usual shape for United Kingdom"),
        ("AB12CDEAB13CDE", "", "longer than any registration: is it two?"),
    ],
)
def test_looks_mistyped(key: str, country: str, hint: str) -> None:
    assert looks_mistyped(key, country).startswith(hint)
    assert bool(looks_mistyped(key, country)) == bool(hint)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB", "GB"),
        ("UK", "GB"),
        ("gbr", "GB"),
        ("United Kingdom", "GB"),
        ("united-kingdom", "GB"),
        ("D", "DE"),
        ("DE", "DE"),
        ("Deutschland", "DE"),
        ("GERMANY", "DE"),
        ("POL", "PL"),
        ("PL", "PL"),
        ("Polska", "PL"),
        ("F", "FR"),
        ("E", "ES"),
        ("España", "ES"),
        ("espana", "ES"),
        ("S", "SE"),
        ("SLO", "SI"),
        ("EST", "EE"),
        ("NMK", "MK"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("EL", "GR"),
        ("България", "BG"),
        ("Česká republika", "CZ"),
        ("Holland", "NL"),
        ("Éire", "IE"),
        ("BIH", "BA"),
        ("IRL", "IE"),
        ("UA", "UA"),
        ("RKS", "XK"),
        ("KS", "XK"),
        ("NI", "GB"),
        ("N. Ireland", "GB"),
        ("GB-NIR", "GB"),
        ("The Netherlands", "NL"),
        ("Rep. of Ireland", "IE"),
        ("British", "GB"),
        ("polish", "PL"),
        ("Niemcy", "DE"),
        ("Rumunia", "RO"),
        ("Велика Британія", "GB"),
        ("Κάτω Χώρες", "NL"),
        ("", ""),
        ("  ", ""),
        ("-", ""),
    ],
)
def test_country_code(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["Atlantis", "XX", "G B R X", "1", "EU"])
def test_unknown_country(text: str) -> None:
    assert country_code(text) is None


def test_every_country_is_found_by_its_code_and_its_sign() -> None:
    codes = [country.code for country in COUNTRIES]
    assert len(codes) == len(set(codes))
    assert {row.country for row in FORMATS} <= set(codes)
    for country in COUNTRIES:
        assert country_code(country.code) == country.code
        assert country_code(country.sign) == country.code, country.sign
        assert country_code(country.name) == country.code
        assert country_name(country.code) == country.name
        assert country.source


def test_no_name_abroad_belongs_to_two_countries() -> None:
    names = {code: words.split(",") for code, words in NAMES.items()}
    for code, words in names.items():
        for word in words:
            assert country_code(word) == code, word


def test_no_name_belongs_to_two_countries() -> None:
    seen: dict[str, str] = {}
    for country in COUNTRIES:
        for name in (country.code, country.name, country.sign, *country.names.split(",")):
            folded = name.strip().casefold()
            if folded:
                assert seen.setdefault(folded, country.code) == country.code, folded


def test_nothing_is_compiled_when_it_is_imported() -> None:
    program = """
import dataclasses, enum, re, unicodedata
compile_, calls = re.compile, []
re.compile = lambda *given: calls.append(given) or compile_(*given)
import portcheck.domain.registration.formats
print(len(calls))
"""
    seen = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert seen.stdout.strip() == "0"
