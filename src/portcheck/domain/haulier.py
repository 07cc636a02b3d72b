"""Hauliers' names, folded for comparing: another lorry of a listed haulier matters.

Section 36A of the 1999 Act turns on the debtor's business, not on one
registration.  What is compared here gives advice to refer, never a hit.
"""

import unicodedata
from functools import cache
from typing import Final

from portcheck.domain.text import clean

# Legal forms as they are written once marks and full stops are gone.  A form
# of several words is folded only where they follow each other.
_FORMS: Final = (
    # Britain and Ireland
    "limited", "ltd", "plc", "llp", "lp", "public limited company", "designated activity company",
    "dac", "teoranta", "teo", "cic",
    # Germany, Austria, Switzerland, Liechtenstein
    "gmbh", "gmbh & co kg", "gmbh und co kg", "gmbh & co ohg", "mbh", "ag", "ag & co kg", "kg",
    "kgaa", "ohg", "og", "gbr", "ug", "ug haftungsbeschrankt", "ek", "gesmbh",
    "gesellschaft mit beschrankter haftung", "eg", "se", "se & co kg", "co kg",
    # France, Belgium, Luxembourg, Netherlands
    "sa", "sas", "sasu", "sarl", "eurl", "snc", "sca", "scs", "srl", "sprl", "bvba", "bv", "nv",
    "vof", "cv", "cvba", "scrl", "comm v", "gcv",
    # Spain, Portugal, Italy
    "sl", "slu", "sau", "sociedad limitada", "sociedad anonima", "s coop", "lda",
    "unipessoal lda", "limitada", "spa", "srls", "sapa", "scarl",
    # Poland
    "sp z oo", "spolka z oo", "sp zoo", "spzoo", "sp k", "sp j", "spk", "spj", "sp z oo sp k",
    "spolka z ograniczona odpowiedzialnoscia", "spolka akcyjna", "spolka komandytowa",
    "spolka jawna", "psa",
    # Czechia, Slovakia
    "sro", "spol sro", "spol s ro", "as", "vos", "ks", "akciova spolecnost",
    "spolecnost s rucenim omezenym",
    # Hungary
    "kft", "zrt", "nyrt", "rt", "bt", "kkt", "korlatolt felelossegu tarsasag",
    # Romania, Moldova
    "societate cu raspundere limitata",
    # Bulgaria
    "eood", "ood", "ead", "ad", "et", "kd", "sd",
    # Croatia, Slovenia, Serbia, Bosnia, North Macedonia, Montenegro
    "doo", "jdoo", "dd", "dooel", "sp", "kd", "zoo",
    # Lithuania, Latvia, Estonia
    "uab", "ab", "mb", "ij", "sia", "ou", "osauhing", "uzdaroji akcine bendrove",
    # Denmark, Sweden, Norway, Finland, Iceland
    "a/s", "aps", "is", "i/s", "k/s", "p/s", "asa", "ans", "da", "hb", "kb", "aktiebolag",
    "oy", "oyj", "oy ab", "ky", "tmi", "ehf", "hf",
    # Greece, Cyprus, Turkey
    "ae", "epe", "oe", "ee", "ike", "as", "ltd sti", "limited sirketi", "anonim sirketi", "sti",
    # Ukraine, Belarus, Russia, Georgia
    "tov", "ooo", "llc", "oao", "zao", "pp", "fop", "ip", "chup", "odo", "тов", "ооо", "оод",
    "еоод", "ад", "еад", "чп", "ип", "пп", "зао", "оао",
)  # fmt: skip

# Forms that are written before the name, in the countries where they are.
_FORMS_IN_FRONT: Final = (
    "uab", "sia", "ou", "sc", "tov", "ooo", "oao", "zao", "ip", "pp", "fop", "chup", "sas", "sarl",
    "тов", "ооо", "оао", "зао", "ип", "пп", "чп", "фоп",
)  # fmt: skip

_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})
_JOINED: Final = str.maketrans(dict.fromkeys(".'’`´"))


def fold_haulier(name: str) -> str:
    """`name` in small letters without marks, punctuation and legal forms; word order is kept.

    Forms are taken off the end, again and again, and off the front where they
    are written there (`UAB Vežėjas`); something is always left of a name.

    >>> fold_haulier("Müller Spedition GmbH & Co. KG")
    'muller spedition'
    >>> fold_haulier("TRANS-POL Sp. z o.o.") == fold_haulier("Trans Pol sp z oo")
    True
    """
    words = _words(name)
    while True:
        shorter = _without_form(words)
        if shorter == words:
            return " ".join(words)
        words = shorter


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", clean(name).casefold().translate(_LETTERS))
    kept = "".join(c for c in plain if not unicodedata.combining(c)).translate(_JOINED)
    spaced = "".join(c if c.isalnum() or c in "&/" else " " for c in kept)
    return _joined_initials(spaced.replace("&", " & ").split())


def _joined_initials(words: list[str]) -> list[str]:
    """Single letters in a row as one word: `S. R. L.` is written apart as often as not."""
    joined: list[str] = []
    letters_before = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and letters_before:
            joined[-1] += word
        else:
            joined.append(word)
        letters_before = is_letter
    return joined


def _without_form(words: list[str]) -> list[str]:
    """One legal form less at the end or, failing that, at the front."""
    for length in range(min(_longest_form(), len(words) - 1), 0, -1):
        if tuple(words[-length:]) in _forms():
            return _trimmed(words[:-length])
    if len(words) > 1 and words[0] in _FORMS_IN_FRONT:
        return words[1:]
    return _trimmed(words)


def _trimmed(words: list[str]) -> list[str]:
    """Without a joining sign that a form left behind."""
    while len(words) > 1 and words[-1] in ("&", "/"):
        words = words[:-1]
    return words


@cache
def _forms() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_words(form)) for form in _FORMS)


@cache
def _longest_form() -> int:
    return max(map(len, _forms()))
