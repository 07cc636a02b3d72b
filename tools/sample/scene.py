"""The marks that the sample's story turns on; all others are drawn at random.

The scene is the operation that Hampshire Constabulary published for Portsmouth
International Port, 17 June 2021: 132 HGVs checked, one penalty of £2,400
enforced, nobody found.  Vehicles, hauliers and all details are invented.
"""

from datetime import date

OPERATION_ON = date(2021, 6, 17)

LISTED = "CJ 47 TKV"
LISTED_COUNTRY = "RO"
LISTED_HAULIER = "Drumuri Închipuite SRL"
LISTED_REFERENCE = "CP-1042"
LISTED_PENCE = 240_000
ENFORCED = f"{LISTED_REFERENCE}:paid_in_full:2400.00:card:R-0001:CIO 7"

LOOKALIKE_LISTED = "4A1 7382"
"""Czech marks have a digit or a letter in the third place, and I is one of the letters."""
LOOKALIKE_SEEN = "4AI 7382"
LOOKALIKE_COUNTRY = "CZ"
LOOKALIKE_REJECTED = "rejected: different make: not the listed vehicle"

TRAILER_LISTED = "R 4417 BKV"
CONTAINER_LISTED = "QZXU 730216 4"
NUMBER_LISTED = "7310000"
"""What a spreadsheet makes of the mark 731E4; a number in the workbook."""
CYRILLIC_LISTED = "СВ 6204 НР"  # noqa: RUF001 - as a Bulgarian office types it
UMLAUT_LISTED = "FÜ-KW 318"

MISREAD = "CU41TKV"
"""What the camera made of the listed mark, two characters off."""

NEW_NEXT_DAY = "WGM 58213"
"""A Polish lorry checked clear on 17 June and listed on the 18th."""
NEW_NEXT_DAY_COUNTRY = "PL"
NEW_NEXT_DAY_HAULIER = "Trans-Bajka Sp. z o.o."

MENDED_DATE = "MAR 12"
"""A mark that the spreadsheet turned into a date; the next day's list has it as text."""
MENDED_ERROR = "B 218 KRX"
"""A mark that was a failed look-up; the next day's list has it."""

RESERVED = (
    LISTED,
    LOOKALIKE_SEEN,
    TRAILER_LISTED,
    CONTAINER_LISTED,
    NUMBER_LISTED,
    CYRILLIC_LISTED,
    UMLAUT_LISTED,
    MISREAD,
    NEW_NEXT_DAY,
    MENDED_DATE,
    MENDED_ERROR,
)
