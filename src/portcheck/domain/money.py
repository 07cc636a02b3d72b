"""Money in integer minor units (pence), read and written without a float.

Minor units follow ISO 4217: two decimals unless the table says otherwise.
"""

import re
from functools import lru_cache

from portcheck.errors import Refused

_DECIMALS = dict.fromkeys(
    ("CLP", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
_AMOUNT = re.compile(r"(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,3}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def decimals(currency: str) -> int:
    """How many decimals `currency` (ISO 4217 code) is written with."""
    return _DECIMALS.get(currency, 2)


def currency_code(text: str) -> str:
    """The ISO 4217 code for a sign or a code in any case.

    >>> currency_code("£"), currency_code("eur")
    ('GBP', 'EUR')

    Raises Refused when it is neither.
    """
    code = _SIGNS.get(text.strip(), text.strip().upper())
    if not _CURRENCY.fullmatch(code):
        raise Refused(f"“{text}” is not a currency", hint="Use a code of three letters, as GBP.")
    return code


def parse_minor(text: str, currency: str = "GBP") -> int:
    """The amount in minor units.

    Commas may part thousands; a point parts the decimals.

    >>> parse_minor("£2,400.00"), parse_minor("2400"), parse_minor("0")
    (240000, 240000, 0)

    Raises Refused when the text is no amount in `currency`, is negative, or
    has more decimals than the currency has.
    """
    bare = text.strip()
    for sign, code in _SIGNS.items():
        if code == currency:
            bare = bare.removeprefix(sign).strip()
    places = decimals(currency)
    minor = parse_decimal(bare, places)
    if minor is None:
        raise Refused(
            f"“{text}” is not an amount in {currency}",
            hint="Write it as 2400 or 2400.00." if places else "Write it as 2400.",
        )
    return minor


def parse_decimal(text: str, places: int) -> int | None:
    """A number with at most so many decimals, as a whole number of the last of them; else None.

    >>> parse_decimal("1,250.5", 2), parse_decimal("1.5", 0)
    (125050, None)
    """
    match = _AMOUNT.fullmatch(text.strip())
    if not match or len(match[2] or "") > places:
        return None
    return int(match[1].replace(",", "") + (match[2] or "").ljust(places, "0"))


@lru_cache(maxsize=4096)  # nearly all of a report's are 0
def plain_amount(minor: int, currency: str = "GBP") -> str:
    """The amount without sign or thousands marks, as `parse_minor` reads it back.

    >>> plain_amount(240000), plain_amount(5, "JPY"), plain_amount(-150)
    ('2400.00', '5', '-1.50')
    """
    return plain_decimal(minor, decimals(currency))


def plain_decimal(minor: int, places: int) -> str:
    """A number of so many decimals, as `parse_decimal` reads it back."""
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def pounds(pence: int | None) -> str:
    """Pence as people read them.

    >>> pounds(240000), pounds(0), pounds(None)
    ('£2,400.00', '£0.00', 'amount not known')
    """
    if pence is None:
        return "amount not known"
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def amount(minor: int, currency: str) -> str:
    """An amount in any currency as people read it.

    >>> amount(125000, "EUR"), amount(240000, "GBP"), amount(5000, "JPY")
    ('EUR 1,250.00', '£2,400.00', 'JPY 5,000')
    """
    if currency == "GBP":
        return pounds(minor)
    whole, _, rest = plain_amount(minor, currency).partition(".")
    return f"{currency} {int(whole):,}{'.' + rest if rest else ''}"
