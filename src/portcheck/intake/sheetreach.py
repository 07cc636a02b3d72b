"""How far the cells of a sheet reach: rows from 1, columns from 0.

A sheet may hold millions of cells, each with its place.  Where a block of them
lies within what was reached before, rounded up, no place is read on its own.
"""

import re

from portcheck.errors import FileRefused

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
_ANY_REFERENCE = re.compile(rb"<c\s[^>]*?\br\s*=\s*[\"']\s*([A-Za-z]{1,3}[0-9]{1,7})")
_FILLED_REFERENCE = re.compile(rb"<c\s(?![^>]*/>)[^>]*?\br\s*=\s*[\"']\s*([A-Za-z]{1,3}[0-9]{1,7})")
_DIGITS = b"0123456789"
_LETTERS = bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B))
_MOST_DIGITS = 6  # rows above a million are always read: there is a last one


class Reach:
    """The furthest row and column of the cells seen so far, rounded up to what is quick to hold
    other cells against: at most five times too many cells.
    """

    def __init__(self) -> None:
        self._row = 0
        self._column = -1
        self._beyond: re.Pattern[bytes] | None = None

    @property
    def cells(self) -> int:
        """Cells between the first corner and the last."""
        return self._row * (self._column + 1)

    def see(self, where: str, block: bytes) -> None:
        """Take in the cells of some rows of XML.

        Raises FileRefused when one lies beyond what a sheet has.
        """
        if self._beyond is not None and self._beyond.search(block) is None:
            return
        references = _REFERENCE.findall(block)
        if len(references) != block.count(b"<c"):
            references = _ANY_REFERENCE.findall(block)
        self._extend(where, references)
        self._round_up()

    def see_filled(self, where: str, block: bytes) -> None:
        """As `see`, for the cells that hold anything, and without rounding."""
        self._extend(where, _FILLED_REFERENCE.findall(block))

    def _extend(self, where: str, references: list[bytes]) -> None:
        if not references:
            return
        joined = b" ".join(references)
        columns = set(joined.translate(None, _DIGITS).split())
        rows = set(joined.translate(None, _LETTERS).split())
        self._row = max(self._row, *map(int, rows))
        self._column = max(self._column, *map(column_number, columns))
        if self._row > LAST_ROW or self._column >= LAST_COLUMN:
            raise FileRefused(
                "a cell lies beyond the last row or column a sheet has",
                where=where,
                hint="Open it in the spreadsheet program and save it anew.",
            )

    def _round_up(self) -> None:
        """Set the furthest row to 199…, 499… or 999…, the column to the last of its letter."""
        letters, digits = column_letters(self._column), str(self._row)
        if not letters or len(letters) > len("AZ") or len(digits) > _MOST_DIGITS:
            self._beyond = None
            return
        columns = f"[A-{letters}]"
        if len(letters) > 1:
            columns = f"(?:[A-Z]|[A-{letters[0]}][A-Z])"
            self._column = column_number(f"{letters[0]}Z")
        lead = next(highest for highest in "149" if digits[0] <= highest)
        rows = f"[1-{lead}][0-9]{{{len(digits) - 1}}}"
        if len(digits) > 1:
            rows = f"(?:[0-9]{{1,{len(digits) - 1}}}|{rows})"
        self._row = int(lead + "9" * (len(digits) - 1))
        self._beyond = re.compile(f'<c(?! r="{columns}{rows}")'.encode())


def column_number(letters: bytes | str) -> int:
    """A column's number, from 0.

    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (0, 26, 16383)
    """
    text = letters.decode("ascii") if isinstance(letters, bytes) else letters
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """A column's letters as a spreadsheet shows them, from its number from 0.

    >>> column_letters(0), column_letters(26), column_letters(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
