"""The country of a mark that came without one, guessed from its shape where one alone fits.

It is told and counted as a guess, and never used to find a vehicle on a list.
"""

import re
from functools import lru_cache
from typing import Final

from portcheck.domain.registration.formats import issuers

_AUSTRIA: Final = "AT"
_AUSTRIAN: Final = re.compile(
    "(?:A[M]?|B[ABDGHLMNPRZ]?|D[LO]|E[FU]?|F[BEFKRVW]|G[BCDFMRSU]?|H[ABEFLO]|I[LM]?|J[EOUW]"
    "|K[BFGILNORSU]?|L[ABEFILNZ]?|M[ADEITUZ]|N[DK]|O[PW]|P[ELT]?|R[AEIO]|S[BDELOPRVWZ]?|T[AU]"
    "|UU|V[BIKLO]|W[BELNOTUYZ]?|Z[ETW])[0-9].*"
)
"""Marks of an Austrian district or office.  The shape alone, one letter or two and then
figures and letters, is that of most British marks too.  From memory, not checked at a source.
"""


@lru_cache(maxsize=4096)
def guess_country(key: str) -> str:
    """The ISO code of the only country that issues marks of this shape; "" for none or several.

    Personalised marks, which take almost any shape, tell of no country.

    >>> guess_country("LK12ABC"), guess_country("12BCD3"), guess_country("AB12CDE")
    ('GB', 'NL', '')
    """
    found = list(issuers(key))
    if _AUSTRIA in found and not _AUSTRIAN.fullmatch(key):
        found.remove(_AUSTRIA)
    return found[0] if len(found) == 1 else ""


def as_guessed(code: str) -> str:
    """A country's code as people read it where it was guessed; "" for none.

    >>> as_guessed("GB"), as_guessed("")
    ('GB (guessed)', '')
    """
    return f"{code} (guessed)" if code else ""
