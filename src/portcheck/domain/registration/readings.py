"""The readings of a text as one mark: as it stands, and without a country's sign beside it.

People write the sign with the mark, before or after it, with a space, a dash, a slash
or brackets between, and lists do the same.  What can be a mark as it stands is always
read so; a reading without the sign comes besides.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from portcheck.domain.registration.confusables import SEPARATORS
from portcheck.domain.registration.countries import country_code, signs
from portcheck.domain.registration.formats import fits, german_parting, stands
from portcheck.domain.registration.key import groupings, key_of, unbracketed

_SHORTEST: Final = 4
_SHORTEST_RUN_TOGETHER: Final = 5
_PARTED: Final = str.maketrans(dict.fromkeys(SEPARATORS | set("-_"), " "))


class Reading(NamedTuple):
    """One way to read a text as a mark.

    `groups` are its parts as they were written, folded.  `sign` is the sign or name
    that was left out, as its `country` (ISO code) is written; both "" for the text as it
    stands.  `sure` is False when what was left out may as well be part of the mark.
    """

    groups: tuple[str, ...]
    sign: str = ""
    country: str = ""
    sure: bool = True

    @property
    def key(self) -> str:
        """The key of what is read."""
        return "".join(self.groups)


def readings(text: str) -> tuple[Reading, ...]:
    """Every reading of `text`, the one as it stands first.  Raises RegistrationRefused.

    >>> [(one.key, one.country) for one in readings("GB AB12 CDE")]
    [('GBAB12CDE', ''), ('AB12CDE', 'GB')]
    >>> [(one.key, one.sign, one.sure) for one in readings("M-AB 123 H")]
    [('MAB123H', '', True), ('MAB123', 'H', False)]
    """
    if key_of(text).isalnum() and text.isascii() and text[:1].isalnum() and text[-1:].isalnum():
        first = Reading(tuple(text.upper().translate(_PARTED).split()))
        return (first, *_without_sign(first.groups))
    sign = unbracketed(text)[1]
    country = country_code(sign) or ""
    found = [Reading(tuple(one.split()), sign, country) for one in groupings(text)]
    if not sign:
        found += [further for one in found for further in _without_sign(one.groups)]
    return tuple({one.key: one for one in reversed(found)}.values())[::-1]


def spellings(text: str, *, sure: bool = False) -> tuple[str, ...]:
    """Every key under which a listed text must be found; the first is `key_of(text)`.
    Those that are `sure` are no other vehicle's.

    >>> spellings("MÜ-AB 12"), spellings("AB12 CDE/GB")
    (('MUAB12', 'MUEAB12'), ('AB12CDEGB', 'AB12CDE'))
    """
    key = key_of(text)
    if text.isascii() and not _may_hold_sign(text, key):
        return (key,)
    return tuple(one.key for one in readings(text) if one.sure or not sure)


def identity(text: str) -> Reading:
    """The reading by which a vehicle is counted: without a sign that can be nothing else.

    >>> identity("GB AB12 CDE").key, identity("M-AB 123 H").key
    ('AB12CDE', 'MAB123H')
    """
    first, *others = readings(text)
    return next((one for one in others if one.sign and one.sure), first)


def are_two_marks(one: Reading, other: Reading) -> bool:
    """Whether one key is written as two German marks: B MW 1234 and BM W 1234.

    >>> are_two_marks(Reading(("B", "MW", "1234")), Reading(("BM", "W", "1234")))
    True
    >>> are_two_marks(Reading(("B", "MW", "1234")), Reading(("BMW", "1234")))
    False
    """
    places = german_parting(one.groups), german_parting(other.groups)
    return one.key == other.key and 0 not in places and places[0] != places[1]


def _may_hold_sign(text: str, key: str) -> bool:
    """Whether there may be a sign in plain ASCII at all: mostly there is none."""
    known = signs()
    groups = text.translate(_PARTED).split()
    if len(groups) > 1 and (groups[0].upper() in known or groups[-1].upper() in known):
        return True
    if not (text[0].isalnum() and text[-1].isalnum()):
        return True  # it may be in brackets
    together = key[-2:] in known or key[:2] in known or key[:3] in known or key[-3:] in known
    return together and not fits(key)


def _without_sign(groups: tuple[str, ...]) -> list[Reading]:
    """The readings without a sign at either end, apart from the mark or run together with it."""
    known, found = signs(), []
    for sign, rest in ((groups[0], groups[1:]), (groups[-1], groups[:-1])):
        if sign in known and rest:
            found += _apart(groups, sign, rest)
    if not found:
        found += _together(groups)
    return found


def _apart(groups: tuple[str, ...], sign: str, rest: tuple[str, ...]) -> list[Reading]:
    """The reading without a sign that stands apart.  One of a single letter is left out only
    where the rest is of its country; one of two or three also where it can be nothing else.
    """
    key, country = "".join(rest), signs()[sign]
    right = fits(key, country)
    if len(key) < _SHORTEST or not (right or (len(sign) > 1 and any(map(str.isdigit, key)))):
        return []
    sure = not stands(groups)
    return [Reading(rest, sign, country, sure)] if sure or right else []


def _together(groups: tuple[str, ...]) -> Iterator[Reading]:
    """The readings without a sign of two or three letters that is run together with a mark of
    its country, where the whole fits nothing.
    """
    known, key = signs(), "".join(groups)
    for size in (3, 2):
        for sign, cut in ((key[:size], _cut), (key[-size:], _cut_behind)):
            bare = len(key) - size
            if sign in known and bare >= _SHORTEST_RUN_TOGETHER:
                rest, country = cut(groups, size), known[sign]
                if not fits(key) and fits("".join(rest), country, personal=False):
                    yield Reading(rest, sign, country)


def _cut(groups: tuple[str, ...], size: int) -> tuple[str, ...]:
    """The groups without their first `size` characters."""
    first, *others = groups
    if len(first) > size:
        return (first[size:], *others)
    return _cut(tuple(others), size - len(first)) if size > len(first) and others else tuple(others)


def _cut_behind(groups: tuple[str, ...], size: int) -> tuple[str, ...]:
    """The groups without their last `size` characters."""
    backwards = _cut(tuple(part[::-1] for part in groups[::-1]), size)
    return tuple(part[::-1] for part in backwards[::-1])
