"""Registrations drawn at random in the countries' formats, each far from all others.

Far means: no two have skeletons within one edit, so none is a lookalike, near
or weak match of another.  Where the sample wants a match it names both marks.
"""

import random
import re

from portcheck.domain.matching import neighbours
from portcheck.domain.registration.formats import fits
from portcheck.domain.registration.key import key_of, skeleton_of

# In a template `?` is a letter, `#` a digit, `%` a digit from 1, and braces hold a choice.
# Letters are consonants, so that no word comes of them.
_LETTERS = "BCDFGHJKLMNPRSTVWXZ"
_LETTERS_OF = {"BG": "BCHKMPTX", "CZ": "BCDFHJKLMNPRSTVXZ"}

_VEHICLES = {
    "GB": "{AE|BX|CU|DK|FJ|GN|HF|KP|LR|MX|NK|PO|RV|SN|VX|WK|YJ}{15|66|67|18|68|19|69|70|21} ???",
    "IE": "{171|181|191|201}-{D|C|G|LH|WX}-%####",
    "FR": "{D|E|F}?-###-??",
    "ES": "%### {H|J|K|L}??",
    "PT": "{##-??-##|??-##-??}",
    "PL": "{WGM|PZ|GD|KR|DW|SK|LU|EL|CB|NO}#####",
    "RO": "{{CJ|BH|TM|AR|SB|MS|IS|BV|PH} ## ???|B ### ???}",
    "LT": "??? ###",
    "DE": "{HH|KS|DO|MS|FD|UL|REG|WOB}-?? %##{|#}",
    "NL": "##-B??-%",
    "BE": "{1|2}-???-###",
    "BG": "{CB|PB|PK|BT|A|B} #### ??",
    "HU": "{M|N|P|R}??-###",
    "IT": "{E|F|G}? ### ??",
    "CZ": "{1|2|3|5|6|7|8}{A|B|C|E|H|J|K|L|M|P|S|T|U|Z}{#|?} ####",
    "SK": "{BA|KE|NR|TT|ZA} ###??",
    "TR": "{34|06|35|16|01} ??? ###",
}  # fmt: skip

_TRAILERS = _VEHICLES | {
    "GB": "?### ####",
    "ES": "R #### ???",
    "PT": "{L|P|C|VR}-######",
    "LT": "?? ###",
    "NL": "O?-##-??",
    "BE": "Q-???-###",
    "BG": "{CB|PB|PK|BT|A|B} #### E?",
    "HU": "X??-###",
    "IT": "X? #####",
    "SK": "{BA|KE|NR|TT|ZA} ###Y?",
}

_OWNERS = ("QXZU", "ZQXU", "XQZU")  # owner codes made up for the sample
_KEPT = re.compile(r"C\d{3} ")  # British trailers with a C are kept for what is named
_INNERMOST = re.compile(r"\{([^{}]*)\}")


class Marks:
    """Gives out registrations that resemble none given out before."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._taken: set[str] = set()

    def reserve(self, *texts: str) -> None:
        """Keep all later marks away from these, which the sample names itself."""
        for text in texts:
            self._taken.add(skeleton_of(key_of(text)))

    def vehicle(self, country: str) -> str:
        """A registration as `country` shows it."""
        return self._far(_VEHICLES[country], country)

    def trailer(self, country: str) -> str:
        """A trailer's registration as `country` shows it."""
        return self._far(_TRAILERS[country], country)

    def container(self) -> str:
        """An ISO 6346 number with its check digit."""
        from stdnum import iso6346  # noqa: PLC0415 - as slow to import as all the rest

        number = f"{self._random.choice(_OWNERS)}{self._random.randrange(10**6):06}"
        text = f"{number[:4]} {number[4:]} {iso6346.calc_check_digit(number)}"
        self.reserve(text)
        return text

    def _far(self, template: str, country: str) -> str:
        while True:
            text = self._drawn(template, _LETTERS_OF.get(country, _LETTERS))
            key = key_of(text)
            kept = _KEPT.match(text) or not fits(key, country)
            if not kept and self._taken.isdisjoint(neighbours(skeleton_of(key))):
                self.reserve(text)
                return text

    def _drawn(self, template: str, letters: str) -> str:
        choose = self._random.choice
        while match := _INNERMOST.search(template):
            template = template.replace(match[0], choose(match[1].split("|")), 1)
        sets = {"?": letters, "#": "0123456789", "%": "123456789"}
        return "".join(choose(sets[c]) if c in sets else c for c in template)
