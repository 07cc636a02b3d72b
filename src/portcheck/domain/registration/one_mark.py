"""Whether a text is one registration: no word, no sentence, and not two of them.

A text that is none would be looked up as a key that nobody has, and be CLEAR.  What was
seen in it is named.  Real marks fit no format in 10 to 30 % of all cases, so none is
refused for that: what has one group of characters is taken as it stands, and of several
only those that hold whole marks beside other marks or words.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from portcheck.domain.registration.countries import signs
from portcheck.domain.registration.formats import (
    fits,
    fits_but_for_slips,
    is_container,
    stands,
)
from portcheck.domain.registration.key import LONGEST_KEY, key_of
from portcheck.domain.registration.readings import readings
from portcheck.domain.text import fold, one_line, shorten
from portcheck.errors import RegistrationRefused

_WORDS: Final = (
    # that nothing is known, or nothing is there
    "unknown, not known, unk, TBC, TBA, to be confirmed, to be advised, none, nil, null, NA, NK,"
    "nothing, not provided, not recorded, not available, not applicable, not seen, not visible,"
    "not readable, missing, blank, illegible, unreadable, obscured, no reg, no regs,"
    "no registration, no registration plate, no vrm, no vrn, no mark, no plate, no plates,"
    "no number plate, no numberplate, no trailer, no vehicle, no container, unregistered,"
    "without plates, plate, plates, number plate, registration, reg, reg no, reg nr, nr, vrm, vrn,"
    "dirty, dirty plate, covered, damaged, ditto, as above, see above, same, same as above,"
    "foreign, foreign plate, foreign plates, foreign reg, trade plate, trade plates, temporary,"
    "unbekannt, Kennzeichen, kein Kennzeichen, keine, ohne, ohne Kennzeichen, inconnu, inconnue,"
    "sans plaque, aucun, aucune,"
    "onbekend, geen, kenteken, geen kenteken, brak, brak tablic, nieznany, necunoscut, desconocido,"
    "sin matrícula, sconosciuto, senza targa,"
    # what carries a registration, and who is in it
    "vehicle, lorry, truck, tractor, tractor unit, unit, trailer, semi trailer, artic, rigid, van,"
    "car, coach, bus, tanker, container, wagon, HGV, LGV, driver, passenger, foot passenger,"
    "pedestrian, cyclist, motorcycle, bicycle, unaccompanied, unaccompanied trailer, accompanied,"
    "solo, empty, laden"
)
"""Words that stand where a registration belongs and are none."""

_STRONG: Final = re.compile(
    r"[/\\,،;&+|¦⁄∕\r\n\u2028\u2029]|\s(?:and|und|et|plus|with)\s", re.IGNORECASE
)
_LEAST: Final = 5
_LEAST_RUN_TOGETHER: Final = 7
_LONGEST_MARK: Final = 12
_LONGEST_OF_LETTERS: Final = 8
_LONGEST_SLIPPED: Final = 9
_LEAST_OF_WORDS: Final = 6
_LEAST_WORD: Final = 3
_MOST_GROUPS: Final = 40
_CHASSIS: Final = re.compile("(?=.*[0-9])[A-HJ-NPR-Z0-9]{17}")
"""A chassis number (ISO 3779), which is typed for a vehicle without plates."""
_HINT: Final = "Give one at a time; a trailer or a container has a field of its own."
_ALONE: Final = "Give the registration alone; a real one that is written so, without its gaps."
_AS_IT_STANDS: Final = (
    "Type the registration as it stands on the plate; where there is none, leave it out."
)


class _Seen(NamedTuple):
    """The whole marks in a text, as they are written, and the groups that are in none."""

    covered: int
    marks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def is_no_registration(text: str) -> bool:
    """Whether a text is a word that can be no registration, in whatever spelling.

    >>> is_no_registration("N/A"), is_no_registration("No plate"), is_no_registration("NONE1")
    (True, True, False)
    """
    return fold(text) in _words()


def holds_a_word(text: str) -> bool:
    """Whether such a word stands in a text of plain groups with spaces between.

    >>> holds_a_word("nr AB12CDE"), holds_a_word("AB12 CDE")
    (True, False)
    """
    return not _words().isdisjoint(text.lower().split())


def hold_one_mark(text: str) -> None:
    """Raise RegistrationRefused for a text that is a word, a sentence or several marks, naming
    the marks that were seen.  What else is wrong with it `key_of` says.

    >>> hold_one_mark("AB12 CDE"); hold_one_mark("GB C1234567"); hold_one_mark("NONE1")
    >>> hold_one_mark("AB12CDE C1234567")
    Traceback (most recent call last):
    portcheck.errors.RegistrationRefused: “AB12CDE C1234567” holds two registrations: \
AB12CDE, C1234567
    """
    if is_no_registration(text):
        raise _refused(text, "is no registration", _AS_IT_STANDS)
    groups = _groups(text)
    if not groups or len(groups) > _MOST_GROUPS or _is_one(text, groups):
        return
    if len(groups) == 1 and len(groups[0]) > LONGEST_KEY:
        return  # too long for anything, which `key_of` says
    apart = _apart(text)
    if len(apart) > 1:
        raise _several(text, apart)
    seen = _seen(groups)
    if seen.others and _CHASSIS.fullmatch("".join(groups)):
        return
    if len(seen.marks) > 1:
        raise _several(text, seen.marks)
    if seen.marks and _is_more_than_a_mark(groups, seen):
        told = f"is more than a registration: {seen.marks[0]} was seen in it"
        raise _refused(text, told, _ALONE)
    if not seen.marks and _are_words(groups):
        raise _refused(text, "is no registration", _AS_IT_STANDS)


def several_marks(text: str) -> tuple[str, ...]:
    """The registrations in a text that plainly holds several, and nothing else: each between
    slashes, commas, line breaks and the like; () for any other text.

    >>> several_marks("AB12CDE / C1234567"), several_marks("AB12CDE"), several_marks("AB12CDE/TBC")
    (('AB12CDE', 'C1234567'), (), ())
    """
    if not _STRONG.search(text) or _is_one(text, _groups(text)):
        return ()
    parts = tuple(filter(None, map(one_line, _STRONG.split(f" {text.strip()} "))))
    if len(parts) < 2 or len(parts) > _MOST_GROUPS or not all(map(_stands_alone, parts)):  # noqa: PLR2004
        return ()
    return parts


def _stands_alone(text: str) -> bool:
    """Whether a text is one mark, and no word or number beside one."""
    try:
        hold_one_mark(text)
        key_of(text)
    except RegistrationRefused:
        return False
    return _is_mixed("".join(_groups(text)), _LEAST)


def _groups(text: str) -> tuple[str, ...]:
    """The parts of a text between whatever is neither letter nor digit, folded where it can be."""
    plain = unicodedata.normalize("NFKC", text)
    bare = "".join(
        c if c.isalnum() or unicodedata.category(c) == "Mn" else " "
        for c in plain
        if unicodedata.category(c) != "Cf"
    )
    return tuple(map(_folded, bare.split()))


def _folded(group: str) -> str:
    try:
        return key_of(group)
    except RegistrationRefused:
        return group.upper()


def _is_one(text: str, groups: Sequence[str]) -> bool:
    """Whether it is plainly one mark: written as one, or one that some country issues."""
    if len(groups) == 1 and len(groups[0]) <= _LONGEST_OF_LETTERS:
        return True
    try:
        found = readings(text)
    except RegistrationRefused:
        return False  # it holds what no mark holds: perhaps between two of them
    return any(
        fits(one.key, personal=False) or is_container(one.key) or stands(one.groups, personal=True)
        for one in found
    )


def _apart(text: str) -> tuple[str, ...]:
    """The marks between slashes, commas, and the like; there none need be of a known shape."""
    parts = map(one_line, _STRONG.split(f" {text.strip()} "))
    return tuple(part for part in parts if _is_mixed("".join(_groups(part)), _LEAST))


def _seen(groups: Sequence[str]) -> _Seen:
    """The marks in a run of groups that cover the most characters, the more of them the better."""
    if len(groups) == 1:
        return _run_together(groups[0])
    best = [_Seen(0)]
    for end in range(1, len(groups) + 1):
        before = best[-1]
        options = [before._replace(others=(*before.others, groups[end - 1]))]
        for start in range(end):
            key = "".join(groups[start:end])
            if _is_mark(key):
                first = best[start]
                mark = " ".join(groups[start:end])
                options.append(_Seen(first.covered + len(key), (*first.marks, mark), first.others))
        best.append(max(options, key=lambda seen: (seen.covered, len(seen.marks))))
    return best[-1]


def _run_together(key: str) -> _Seen:
    """Two marks without anything between, both as long as most are."""
    if not _CHASSIS.fullmatch(key):
        for place in range(_LEAST_RUN_TOGETHER, len(key) - _LEAST_RUN_TOGETHER + 1):
            both = key[:place], key[place:]
            if all(map(_is_mark, both)):
                return _Seen(len(key), both)
    return _Seen(0, (), (key,))


def _is_mark(key: str) -> bool:
    """Whether some country issues this, and it is long enough to be no chance."""
    if not _is_mixed(key, _LEAST) or len(key) > _LONGEST_MARK:
        return False
    return is_container(key) or fits(key, personal=False)


def _is_mixed(key: str, least: int) -> bool:
    return len(key) >= least and key.isalnum() and not (key.isalpha() or key.isdigit())


def _is_more_than_a_mark(groups: Sequence[str], seen: _Seen) -> bool:
    """Whether a word stands beside a whole mark, or what cannot belong to one without a gap."""
    if any(map(is_no_registration, seen.others)):
        return True
    whole = seen.covered >= _LEAST_RUN_TOGETHER and (
        seen.marks[0] in groups or is_container("".join(seen.marks[0].split()))
    )
    return _is_longer_than_a_mark(groups) and (whole or any(map(_is_word, seen.others)))


def _is_longer_than_a_mark(groups: Sequence[str]) -> bool:
    """Also than one with a character too many: "ANQ55 BUI" is a slip, not a mark and a word."""
    return sum(len(group) for group in groups if group not in signs()) > _LONGEST_SLIPPED


def _is_word(group: str) -> bool:
    return group.isalpha() and len(group) >= _LEAST_WORD


def _are_words(groups: Sequence[str]) -> bool:
    """Whether groups of which none is a mark are words: too many letters for any mark."""
    key = "".join(groups)
    if len(key) <= _LONGEST_SLIPPED and fits_but_for_slips(key):
        return False
    letters = [group for group in groups if group.isalpha()]
    if len(letters) == len(groups):
        least = _LEAST_OF_WORDS if len(groups) > 1 else _LONGEST_OF_LETTERS + 1
        return least <= len(key)
    words = [len(group) for group in letters if len(group) >= _LEAST_WORD]
    return (
        max(words, default=0) >= _LONGEST_OF_LETTERS
        or (len(words) > 1 and max(words) > _LEAST_WORD)
        or any(len(group) >= _LEAST and is_no_registration(group) for group in letters)
    )


@cache
def _words() -> frozenset[str]:
    return frozenset(map(fold, _WORDS.split(",")))


def _several(text: str, marks: Sequence[str]) -> RegistrationRefused:
    number = {2: "two", 3: "three"}.get(len(marks), f"{len(marks)}")
    return _refused(text, f"holds {number} registrations: {', '.join(marks)}", _HINT)


def _refused(text: str, what: str, hint: str) -> RegistrationRefused:
    return RegistrationRefused(f"“{shorten(one_line(text), 40)}” {what}", hint=hint)
