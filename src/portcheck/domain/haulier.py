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
    "dac", "teoranta", "teo", "cic", "unlimited company", "uc", "inc",
    # Germany, Austria, Switzerland, Liechtenstein
    "gmbh", "gmbh & co kg", "gmbh und co kg", "gmbh u co kg", "gmbh & co ohg",
    "mbh", "ag", "ag & co kg", "kg",
    "kgaa", "kg aa", "& co kgaa", "ohg", "og", "gbr", "ug", "ug haftungsbeschrankt", "ek", "gesmbh",
    "gesellschaft mit beschrankter haftung", "eg", "se", "se & co kg", "co kg",
    # France, Belgium, Luxembourg, Netherlands
    "sa", "sas", "sasu", "sarl", "sa rl", "eurl", "snc", "sca", "scs", "srl", "sprl", "bvba",
    "bv", "nv", "vof", "cv", "cvba", "scrl", "comm v", "gcv",
    # Spain, Portugal, Italy
    "sl", "slu", "sau", "sociedad limitada", "sociedad anonima", "s coop", "scoop", "lda",
    "unipessoal lda", "limitada", "spa", "srls", "sapa", "scarl",
    # Poland
    "sp z oo", "spolka z oo", "sp zoo", "spzoo", "sp k", "sp j", "spk", "spj", "sp z oo sp k",
    "spz oospk", "spz oo spk", "ska", "sp z oo ska",
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
    "doo", "jdoo", "dd", "dooel", "sp", "kd", "zoo", "доо", "дооел",
    # Albania, Kosovo
    "shpk", "sha",
    # Lithuania, Latvia, Estonia
    "uab", "ab", "mb", "ij", "sia", "ou", "osauhing", "uzdaroji akcine bendrove",
    # Denmark, Sweden, Norway, Finland, Iceland
    "a/s", "a / s", "aps", "is", "i/s", "k/s", "p/s", "asa", "ans", "da", "hb", "kb", "aktiebolag",
    "oy", "oyj", "oy ab", "ky", "tmi", "ehf", "hf",
    # Greece, Cyprus, Turkey
    "ae", "epe", "oe", "ee", "ike", "as", "ltd sti", "limited sirketi", "anonim sirketi", "sti",
    "αε", "επε", "ικε", "οε", "εε",
    # Ukraine, Belarus, Russia, Georgia
    "tov", "ooo", "llc", "oao", "zao", "pp", "fop", "ip", "chup", "odo", "тов", "ооо", "оод",
    "еоод", "ад", "еад", "чп", "ип", "пп", "зао", "оао",
)  # fmt: skip

# What half the trade calls itself, in the languages of its names.
_HAULING: Final = frozenset((
    "haulage", "hauliers", "haulier", "transport", "transports", "transporte", "transportes",
    "trasporti", "transporturi", "transporten", "trans", "logistics", "logistic", "logistik",
    "logistique", "logistica", "logistyka", "logisztika", "freight", "freights", "forwarding",
    "spedition", "spedycja", "spedizioni", "speditie", "expeditie", "cargo", "trucking", "przewozy",
))  # fmt: skip
_OF_THE_TRADE: Final = _HAULING | frozenset((
    "express", "truck", "trucks", "international", "internationaal", "internationale",
    "internazionali",
    "intl", "europe", "european", "euro", "group", "gruppe", "groupe", "holding", "services",
    "service", "company", "co", "and", "und", "et", "de", "the", "sons", "son", "bros", "brothers",
    "road", "lines", "line", "global", "uslugi", "transportowe", "firma",
))  # fmt: skip
_LONG_ENOUGH: Final = 5

# Forms that are written before the name, in the countries where they are.
_FORMS_IN_FRONT: Final = frozenset((
    "uab", "sia", "ou", "sc", "oy", "tov", "ooo", "oao", "zao", "ip", "pp", "fop", "chup", "sas",
    "sarl", "тов", "ооо", "оао", "зао", "ип", "пп", "чп", "фоп", "ет",
))  # fmt: skip

_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})
_JOINED: Final = str.maketrans(dict.fromkeys(".'’`´"))
# All of the folding in one pass, for names in plain letters, as most are.
_PLAIN: Final[dict[int, str]] = {
    **dict.fromkeys(range(32, 127), " "),
    **{ord(c): c for c in "abcdefghijklmnopqrstuvwxyz0123456789/"},
    **{ord(c.upper()): c for c in "abcdefghijklmnopqrstuvwxyz"},
    **{ord(c): "" for c in ".'`"},
    ord("&"): " & ",
}


def fold_haulier(name: str) -> str:
    """`name` in small letters without marks, punctuation and legal forms; word order is kept.

    Forms are taken off the end, again and again, and off the front where they
    are written there (`UAB Vežėjas`); something is always left of a name.  Of
    `J Smith t/a Smith Haulage` the trading name is kept: it is the one on a cab.

    >>> fold_haulier("Müller Spedition GmbH & Co. KG")
    'muller spedition'
    >>> fold_haulier("TRANS-POL Sp. z o.o.") == fold_haulier("Trans Pol sp z oo")
    True
    """
    words = _trading_name(_words(name))
    while True:
        shorter = _without_form(words)
        if shorter == words:
            return " ".join(words)
        words = shorter


def is_firm(name: str) -> bool:
    """Whether a text is a firm's name: it has a legal form, or a word of the trade beside another.

    >>> is_firm("BETA TRANS SRL"), is_firm("Smith Haulage"), is_firm("Transport")
    (True, True, False)
    """
    words = _words(name)
    return _without_form(words) != words or (len(words) > 1 and not _HAULING.isdisjoint(words))


def words_apart(one: str, other: str) -> tuple[str, str]:
    """What each of two folded names has that the other has not, its words run together.

    Words that both have say nothing of whether two names are one firm's:
    `jansen transport` and `hansen transport` are alike in the wrong place.

    >>> words_apart("jansen transport", "transport hansen")
    ('jansen', 'hansen')
    """
    left, right = one.split(), other.split()
    for word in one.split():
        if word in right:
            left.remove(word)
            right.remove(word)
    return "".join(left), "".join(right)


def shares_a_word(one: str, other: str) -> bool:
    """Whether two hauliers' names have a word in common that tells firms apart, or are written
    alike but for spaces.  Words of the trade, and single letters, tell nothing.

    >>> shares_a_word("Trans-Pol Sp. z o.o.", "TRANSPOL"), shares_a_word("Acme Haulage", "Acme")
    (True, True)
    >>> shares_a_word("Northsea Haulage Ltd", "Weald Haulage Ltd")
    False
    """
    left, right = fold_haulier(one), fold_haulier(other)
    if left.replace(" ", "") == right.replace(" ", ""):
        return True
    telling = {word for word in left.split() if len(word) > 1 and word not in _OF_THE_TRADE}
    joined = right.replace(" ", "")
    return bool(telling & {*right.split()}) or any(
        word in joined for word in telling if len(word) >= _LONG_ENOUGH
    )


def _words(name: str) -> list[str]:
    if name.isascii() and name.isprintable():
        return _joined_initials(name.translate(_PLAIN).split())
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


def _trading_name(words: list[str]) -> list[str]:
    """What stands after the last `t/a` or `trading as`; all words when nothing does."""
    for place in range(len(words) - 1, 0, -1):
        if words[place - 1] == "t/a" or words[place - 2 : place] == ["trading", "as"]:
            return words[place:]
    return words


def _without_form(words: list[str]) -> list[str]:
    """One legal form less at the end or, failing that, at the front."""
    for form in _forms_ending_in().get(words[-1], ()) if words else ():
        if len(form) < len(words) and words[-len(form) :] == form:
            return _trimmed(words[: -len(form)])
    if len(words) > 1 and words[0] in _FORMS_IN_FRONT:
        return words[1:]
    return _trimmed(words)


def _trimmed(words: list[str]) -> list[str]:
    """Without a joining sign that a form left behind."""
    while len(words) > 1 and words[-1] in ("&", "/"):
        words = words[:-1]
    return words


@cache
def _forms_ending_in() -> dict[str, list[list[str]]]:
    """The forms as words, the longest first, by their last word."""
    forms: dict[str, list[list[str]]] = {}
    for words in sorted(map(_words, _FORMS), key=len, reverse=True):
        forms.setdefault(words[-1], []).append(words)
    return forms
