"""Amounts in and out, without a float and without a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.money import (
    amount,
    currency_code,
    decimals,
    parse_minor,
    plain_amount,
    pounds,
)
from portcheck.errors import Refused

READ = [
    ("2400", "GBP", 240000),
    ("2400.00", "GBP", 240000),
    ("2400.5", "GBP", 240050),
    ("£2,400.00", "GBP", 240000),
    ("£ 2,400", "GBP", 240000),
    (" 2400 ", "GBP", 240000),
    ("0", "GBP", 0),
    ("0.00", "GBP", 0),
    ("0.01", "GBP", 1),
    ("1,234,567.89", "GBP", 123456789),
    ("999,999,999,999", "GBP", 99999999999900),
    ("999999999999.99", "GBP", 99999999999999),
    ("€5", "EUR", 500),
    ("$5.10", "USD", 510),
    ("5", "JPY", 5),
    ("1,250", "JPY", 1250),
    ("1.250", "KWD", 1250),
    ("1", "KWD", 1000),
]


@pytest.mark.parametrize(("text", "currency", "minor"), READ)
def test_amounts_that_are_read(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency) == minor


REFUSED = [
    ("", "GBP"),
    ("£", "GBP"),
    (".5", "GBP"),
    ("5.", "GBP"),
    ("-5", "GBP"),
    ("+5", "GBP"),
    ("(5)", "GBP"),
    ("1e3", "GBP"),
    ("2.400", "GBP"),
    ("2400,00", "GBP"),
    ("2.400,00", "GBP"),
    ("24,00", "GBP"),
    ("1,2345", "GBP"),
    ("2 400", "GBP"),
    ("££5", "GBP"),
    ("€5", "GBP"),
    ("£5", "EUR"),
    ("five", "GBP"),
    ("nan", "GBP"),
    ("1" * 13, "GBP"),
    ("5.5", "JPY"),
    ("5.0", "JPY"),
    ("1.2345", "KWD"),
]


@pytest.mark.parametrize(("text", "currency"), REFUSED)
def test_amounts_that_are_not(text: str, currency: str) -> None:
    with pytest.raises(Refused, match="is not an amount in"):
        parse_minor(text, currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [("£", "GBP"), ("€", "EUR"), ("$", "USD"), (" gbp ", "GBP"), ("pln", "PLN"), ("CHF", "CHF")],
)
def test_currencies(text: str, code: str) -> None:
    assert currency_code(text) == code


@pytest.mark.parametrize("text", ["", "£5", "EU", "EURO", "12A", "¥", "G-P", "éur"])
def test_no_currencies(text: str) -> None:
    with pytest.raises(Refused, match="is not a currency"):
        currency_code(text)


@pytest.mark.parametrize(
    ("pence", "text"),
    [
        (None, "amount not known"),
        (0, "£0.00"),
        (5, "£0.05"),
        (99, "£0.99"),
        (240000, "£2,400.00"),
        (123456789, "£1,234,567.89"),
        (-5, "-£0.05"),
        (-240050, "-£2,400.50"),
    ],
)
def test_pounds(pence: int | None, text: str) -> None:
    assert pounds(pence) == text


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (125050, "EUR", "EUR 1,250.50"),
        (1250, "KWD", "KWD 1.250"),
        (1250, "JPY", "JPY 1,250"),
        (0, "JPY", "JPY 0"),
        (0, "EUR", "EUR 0.00"),
        (5, "GBP", "£0.05"),
    ],
)
def test_amount_in_any_currency(minor: int, currency: str, text: str) -> None:
    assert amount(minor, currency) == text


currencies = st.sampled_from(["GBP", "EUR", "USD", "PLN", "JPY", "XOF", "KWD", "BHD", "CHF"])


@given(currencies, st.integers(0, 10**12 - 1))
def test_what_is_written_is_read_back(currency: str, minor: int) -> None:
    assert parse_minor(plain_amount(minor, currency), currency) == minor


@given(st.integers(0, 10**12 - 1))
def test_pounds_are_read_back(pence: int) -> None:
    assert parse_minor(pounds(pence)) == pence


@given(currencies, st.integers(0, 10**10))
def test_as_many_decimals_as_the_currency_has(currency: str, minor: int) -> None:
    _, point, rest = plain_amount(minor, currency).partition(".")
    assert len(rest) == decimals(currency)
    assert bool(point) == bool(decimals(currency))


@given(st.text(max_size=12), currencies)
def test_any_text_is_an_amount_or_refused(text: str, currency: str) -> None:
    try:
        minor = parse_minor(text, currency)
    except Refused as refusal:
        str(refusal).encode()
        return
    assert parse_minor(plain_amount(minor, currency), currency) == minor
