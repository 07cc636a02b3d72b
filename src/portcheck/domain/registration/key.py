"""From the text of a registration to the key by which it is compared.

The text as typed is kept elsewhere, for ever; a key is for comparing only.
It holds A-Z and 0-9, and the letter O stays apart from the digit 0.
"""

import unicodedata
from itertools import product
from typing import Final

from portcheck.domain.registration.confusables import (
    CYRILLIC_SHAPES,
    GREEK_SHAPES,
    LATIN_LETTERS,
    SEPARATORS,
    SKELETON,
)
from portcheck.domain.registration.countries import country_code
from portcheck.domain.text import one_line, shorten
from portcheck.errors import RegistrationRefused

LONGEST_KEY: Final = 17
"""Characters a key may have: a chassis number, the longest thing that is typed here."""

_LONGEST_TEXT: Final = 120
_MOST_UMLAUTS: Final = 3
_WILDCARDS: Final = "?*"
_KEY_CHARACTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_SHAPES: Final = CYRILLIC_SHAPES | GREEK_SHAPES | LATIN_LETTERS
_PARTING: Final = frozenset({"Pc", "Pd", "Zs", "Zl", "Zp"})
_UMLAUTS: Final = "\u00c4\u00d6\u00dc"  # A, O and U with two dots, in one piece
_JOINER: Final = "\u034f"
_BRACKETS: Final = str.maketrans("[{<（［｛＜]}>）］｝＞", "(((((((" + ")))))))")

# One pass over plain ASCII: small letters up, separators and white space out.
# Anything else stays, to be seen and named afterwards.
_ASCII: Final[dict[int, str | None]] = {
    **{ord(c): c.upper() for c in "abcdefghijklmnopqrstuvwxyz"},
    **dict.fromkeys(map(ord, " \t\n\v\f\r\x1c\x1d\x1e\x1f-_")),
    **{ord(c): None for c in SEPARATORS if c.isascii()},
}


def key_of(text: str) -> str:
    """The key under which `text` is compared: A-Z and 0-9, at most 17 of them.

    Compatibility forms, small letters, digits of other scripts, separators,
    marks, and Cyrillic and Greek letters (by shape) are folded.  Raises
    `RegistrationRefused`, naming the character, when something is left over
    that is neither a letter, a digit nor a separator; and when the text is
    empty or too long.  Whether it is one registration `one_mark` tells.

    >>> key_of(" ab12-cde ")
    'AB12CDE'
    >>> key_of("СВ 1234 НР")
    'CB1234HP'
    """
    key = text.translate(_ASCII) if text.isascii() else ""
    if not (key.isalnum() and len(key) <= LONGEST_KEY):
        key = _checked(_folded(_capitals(unbracketed(text)[0]), text).replace(" ", ""), text)
    return key


def groupings(text: str) -> tuple[str, ...]:
    """The keys of `text` with one space where it is parted: as it stands, then with an E
    after its umlauts, as German and Austrian marks are written too (the first three).

    A country's sign in brackets is left out.  Raises `RegistrationRefused` as `key_of` does.

    >>> groupings("mü-ab 12"), groupings("(D) M-AB 12")
    (('MU AB 12', 'MUE AB 12'), ('M AB 12',))
    """
    bare, _ = unbracketed(text)
    capitals = _capitals(bare)
    first = _parted(_folded(capitals, text))
    _checked(first.replace(" ", ""), text)
    parts = [(c, c + "E") if c in _UMLAUTS else (c,) for c in capitals]
    seen = 0
    for index, part in enumerate(parts):
        seen += len(part) > 1
        if seen > _MOST_UMLAUTS:
            parts[index] = part[:1]
    others = (_parted(_folded("".join(choice), text)) for choice in product(*parts))
    fitting = (one for one in others if len(one) - one.count(" ") <= LONGEST_KEY)
    return tuple(dict.fromkeys([first, *fitting]))


def unbracketed(text: str) -> tuple[str, str]:
    """`text` without the country that stands in brackets before or after it, and that country.

    >>> unbracketed("AB12 CDE (GB)"), unbracketed("[Polska] WI 12345"), unbracketed("AB12 (new)")
    (('AB12 CDE', 'GB'), ('WI 12345', 'Polska'), ('AB12 (new)', ''))
    """
    text = text.strip()
    if len(text) > _LONGEST_TEXT:
        return text, ""
    plain = text.translate(_BRACKETS)
    if plain.startswith("("):
        end = plain.find(")") + 1 or len(text)
        inside, bare = text[1 : end - 1], text[end:]
    elif plain.endswith(")"):
        start = max(plain.rfind("("), 0)
        inside, bare = text[start + 1 : -1], text[:start]
    else:
        return text, ""
    return (bare.strip(), inside.strip()) if bare.strip() and country_code(inside) else (text, "")


def skeleton_of(key: str) -> str:
    """The key with each class of lookalikes folded to one character.

    >>> skeleton_of("OB12ZGS")
    '0812265'
    """
    return key.translate(SKELETON)


def pattern_of(text: str) -> str:
    """A pattern over keys for a half-seen plate: A-Z, 0-9, `?` and `*` only.

    `?` stands for one character, `*` for any number; all else is folded as in
    `key_of`, so the result can be handed to SQLite's GLOB as it is.  Raises
    `RegistrationRefused` as `key_of` does.

    >>> pattern_of("ab?? c*")
    'AB??C*'
    """
    pattern = _folded(_capitals(text), text, keep=_WILDCARDS).replace(" ", "")
    while "**" in pattern:
        pattern = pattern.replace("**", "*")
    return _checked(pattern, text)


def _checked(key: str, text: str) -> str:
    if not key:
        shown = shorten(one_line(text), 40)
        raise RegistrationRefused(
            f"“{shown}” has no letter or digit" if shown else "the registration is empty",
            hint="type the registration as it stands on the plate",
        )
    if len(key) > LONGEST_KEY:
        raise _too_long(text)
    return key


def _too_long(text: str) -> RegistrationRefused:
    return RegistrationRefused(
        f"“{shorten(one_line(text), 40)}” is too long for a registration"
        f" (at most {LONGEST_KEY} letters and digits)",
        hint="give one registration at a time",
    )


def _parted(folded: str) -> str:
    return " ".join(folded.split())


def _capitals(text: str) -> str:
    """`text` with a space for each separator, and compatibility forms and small letters
    folded, in one piece where it can be.
    """
    text = text.strip()
    if len(text) > _LONGEST_TEXT:
        raise _too_long(text)
    # Separators go first: NFKC would take an acute accent apart into space and mark.
    bare = "".join(" " if c in SEPARATORS else c for c in unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", bare).upper())


def _folded(capitals: str, text: str, keep: str = "") -> str:
    """What the capitals of `text` fold to, spaces where it is parted; refuses the first
    character that is left over.
    """
    apart = unicodedata.normalize("NFD", capitals)
    folded: list[str] = []
    after_letter = False
    for character in apart:
        if character in _KEY_CHARACTERS or character in keep:
            found: str | None = character
        else:
            found = _fold_character(character, after_letter=after_letter)
        if found is None:
            raise _refusal(character, text)
        folded.append(found)
        if found != " " and unicodedata.category(character) != "Mn":
            after_letter = found.isalpha()
    return "".join(folded)


def _fold_character(character: str, *, after_letter: bool) -> str | None:
    """What one capital folds to: " " for a separator, "" when it is dropped, None when it
    cannot stand.
    """
    if character in _SHAPES:
        return _SHAPES[character]
    category = unicodedata.category(character)
    if category in _PARTING or character in SEPARATORS or character.isspace():
        return " "
    if category == "Cf":
        return ""
    if category == "Mn":
        return "" if after_letter or _is_invisible(character) else None
    digit = unicodedata.digit(character, None)
    return None if digit is None else str(digit)


def _is_invisible(mark: str) -> bool:
    """Variation selectors and the grapheme joiner: marks that print nothing."""
    return mark == _JOINER or "\ufe00" <= mark <= "\ufe0f" or "\U000e0100" <= mark <= "\U000e01ef"


def _refusal(character: str, text: str) -> RegistrationRefused:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "control character")
    shown = f"“{character}” ({code} {name})" if character.isprintable() else f"{code} ({name})"
    hint = "type the registration as it stands on the plate"
    if character in _WILDCARDS:
        hint = "for a half-seen plate use: portcheck list find"
    elif character in ";&+":
        hint = "give one registration at a time"
    elif character in "()[]{}<>":
        hint = "leave the remark out; the country has a field of its own"
    return RegistrationRefused(
        f"{shown} cannot stand in a registration: “{shorten(one_line(text), 40)}”", hint=hint
    )
