"""Cells as they travel from a reader to the rows: texts, numbers, and the rest.

A cell is a text ("" is blank), a number, or a pair (kind, text) for what is
neither: ("date", "2024-03-12"), ("datetime", "2024-03-12T14:05:00"),
("time", "14:05:00"), ("duration", "1 day, 6:00:00"), ("bool", "TRUE"),
("error", "#N/A") and ("formula", ""), a formula that was never calculated.
Nothing else crosses from the child process that reads workbooks.
"""

from portcheck.domain.text import clean, one_line, shorten

Special = tuple[str, str]
Cell = str | float | Special
Cells = tuple[Cell, ...]

LONGEST_TEXT = 10_000
"""Characters of one cell that are kept; the rest is cut, with a warning."""

_WIDE = "\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"  # wide and small = + - @

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_WIDE)
"""What a spreadsheet program may run when it stands first in a cell of a delimited text; some
take the wide and the small signs of East Asian keyboards for the usual ones."""

OTHER_CURRENCY = (
    r"[€¥₽₴₺]|\$|zł|Kč|\b(?:EUR|USD|PLN|CHF|RON|CZK|HUF|DKK|SEK|NOK|ISK|BGN|RSD|MKD|MDL|BAM"
    r"|TRY|UAH|RUB|euros?|dollars?|lei|Ft|kr)\b"
)
"""What tells that an amount is in another currency than pounds, in any case."""

_EXACT = 1e15
_DIGITS = 15  # as many as a spreadsheet shows; what comes after them is no part of the value


def text_of(cell: Cell) -> str:
    r"""A cell as one line of text, cleaned; dates in ISO 8601, whole numbers without ".0".

    >>> text_of(" Dover\n "), text_of(2400.0), text_of(("date", "2024-03-12"))
    ('Dover', '2400', '2024-03-12')
    """
    if isinstance(cell, str):
        return one_line(cell)
    return _plain(cell)


def verbatim(cell: Cell) -> str:
    """A cell's text with its inner spaces as written; controls dropped, ends trimmed."""
    if isinstance(cell, str):
        return clean(cell).strip()
    return _plain(cell)


def shown(cell: Cell) -> str:
    """A cell for a message: one line, at most 80 characters."""
    return shorten(text_of(cell), 80)


def disarmed(text: str) -> str:
    r"""`text` with an apostrophe before it where a spreadsheet program might run it.

    >>> disarmed("=1+1"), disarmed("1+1"), disarmed("\uff1d1+1") == "'\uff1d1+1"
    ("'=1+1", '1+1', True)
    """
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def restored(cell: Cell) -> Cell:
    """The cell without the apostrophe that `disarmed` gave it."""
    if isinstance(cell, str) and cell[:1] == "'" and cell[1:].startswith(STARTS_A_FORMULA):
        return cell[1:]
    return cell


def is_blank(cell: Cell) -> bool:
    """Nothing in it but white space or characters that cannot be seen."""
    return cell == "" or (isinstance(cell, str) and not one_line(cell))


def _plain(cell: float | Special) -> str:
    if isinstance(cell, tuple):
        kind, text = cell
        return "(formula without a value)" if kind == "formula" else one_line(text)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    return f"{cell:.{_DIGITS}g}"
