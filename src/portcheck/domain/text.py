"""Foreign text made harmless: what came from a file or a keyboard is data."""

import unicodedata
from datetime import date, timedelta

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_SPACES = {ord(c): " " for c in "\t\n\v\f\r\x85\u2028\u2029"}
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_OTHERS = "\u200b\u2060\ufeff\ufffe\uffff"  # the last two cannot stand in a workbook
_UNSEEN = dict.fromkeys(
    place
    for first, last in (
        (0xAD, 0xAD), (0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
        (0x200B, 0x200F), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    )
    for place in range(first, last + 1)
)  # fmt: skip
"""Characters that show nothing (unicode.org/reports/tr44, Default_Ignorable_Code_Point)."""

_WIDE = "\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"  # wide and small = + - @

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_WIDE)
"""What a spreadsheet program may run when it stands first in a cell of a delimited text; some
take the wide and the small signs of East Asian keyboards for the usual ones."""

_CONTROLS = (
    dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
    | dict.fromkeys(map(ord, _BIDI + _OTHERS))
    | dict.fromkeys(range(0xE0000, 0xE0080))
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    | _SPACES
)


def clean(text: str) -> str:
    r"""`text` without what could steer a terminal or hide a character.

    C0 and C1 controls (ESC and 0x9B among them), direction marks and
    overrides, zero-width spaces and tag characters are dropped; line breaks
    and tabs become one space; lone surrogates become U+FFFD.  What can be
    read stays as it was written.

    >>> clean("AB12\x1b[31m CDE\u202e")
    'AB12[31m CDE'
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_CONTROLS)


def disarmed(text: str) -> str:
    r"""`text` with an apostrophe before it where a spreadsheet program might run it.

    >>> disarmed("=1+1"), disarmed("1+1"), disarmed("\uff1d1+1") == "'\uff1d1+1"
    ("'=1+1", '1+1', True)
    """
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def one_line(text: str) -> str:
    """`clean(text)` with runs of white space folded to one space, trimmed."""
    return " ".join(clean(text).split())


def as_name(text: str) -> str:
    r"""A name (of a list, an operation, an officer) so that what looks the same is the same.

    As `one_line`, composed (NFC), and without any character that shows nothing; inside a
    text those may matter, as joiners do, but no two names differ by them.

    >>> as_name("Do\u00adver\u200d 1\ufe0f"), as_name("Zoe\u0308") == as_name("Zo\u00eb")
    ('Dover 1', True)
    """
    if text.isascii():
        return one_line(text)
    return one_line(unicodedata.normalize("NFC", text.translate(_UNSEEN)))


def as_argument(name: str, otherwise: str = "NAME") -> str:
    """A name in quotes, as every shell takes it; `otherwise` where no quotes hold it.

    >>> as_argument("17 June"), as_argument('a "b"')
    ('"17 June"', 'NAME')
    """
    return otherwise if set(name) & set("\"'`$%!\\") else f'"{name}"'


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` characters, with an ellipsis where it was cut.

    >>> shorten("Przewozy Krajowe", 9)
    'Przewozy…'
    """
    return text if len(text) <= width else text[: max(width - 1, 0)].rstrip() + "…"


def fold(text: str) -> str:
    """A form for comparing words: case, marks, spacing and punctuation folded.

    >>> fold("  Part-Paid ") == fold("PART PAID") == fold("part_paid")
    True
    """
    bare = unicodedata.normalize("NFKD", clean(text)).casefold()
    return "".join(c for c in bare if c.isalnum())


def count(number: int, noun: str) -> str:
    """A number and its noun in the right form.

    >>> count(1, "penalty"), count(0, "penalty"), count(1200, "check"), count(2, "person")
    ('1 penalty', '0 penalties', '1,200 checks', '2 people')
    """
    if number == 1:
        return f"1 {noun}"
    if noun == "person":
        return f"{number:,} people"
    plural = _plural(noun)
    return f"{number:,} {plural}"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "ch", "x")) else "s")


def day(when: date) -> str:
    """A date as people read it, with no doubt about day and month.

    >>> day(date(2021, 6, 7))
    '7 Jun 2021'
    """
    return f"{when.day} {_MONTHS[3 * when.month - 3 : 3 * when.month]} {when.year}"


def ago(since: timedelta) -> str:
    """How long ago, in the largest unit that fits.

    >>> [ago(timedelta(minutes=n)) for n in (0, 59, 60, 24 * 60, 50 * 60)]
    ['just now', '59 min ago', '1 h ago', '1 day ago', '2 days ago']
    """
    minutes = int(since.total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if since.days < 1 else f"{count(since.days, 'day')} ago"
