"""Where the cells of a sheet stand: rows from 1, columns from 0."""

from collections.abc import Sequence

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_MOST_NAMED_RANGES = 12


def column_number(letters: str) -> int:
    """A column's number, from 0.

    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (0, 26, 16383)
    """
    number = 0
    for letter in letters.upper():
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


def row_ranges(rows: Sequence[int]) -> str:
    """Row numbers, which ascend, in words.

    >>> row_ranges([5, 6, 7, 9])
    '5-7, 9 (4 in all)'
    """
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    named = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_MOST_NAMED_RANGES])
    more = ", …" if len(ranges) > _MOST_NAMED_RANGES else ""
    return f"{named}{more} ({len(rows):,} in all)"
