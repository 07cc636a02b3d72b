"""Cells as they travel from a reader to the rows: texts, numbers, and the rest.

A cell is a text ("" is blank), a number, or a pair (kind, text) for what is
neither: ("date", "2024-03-12"), ("datetime", "2024-03-12T14:05:00"),
("time", "14:05:00"), ("duration", "1 day, 6:00:00"), ("bool", "TRUE"),
("error", "#N/A") and ("formula", ""), a formula that was never calculated.
Nothing else crosses from the child process that reads workbooks.
"""

from portcheck.domain.text import STARTS_A_FORMULA, clean, one_line, shorten

Special = tuple[str, str]
Cell = str | float | Special
Cells = tuple[Cell, ...]

LONGEST_TEXT = 10_000
"""Characters of one cell that are kept; the rest is cut, with a warning."""

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
