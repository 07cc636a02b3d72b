"""The skeletons to look for, so that one query finds every tier."""

from typing import Final

from portcheck.domain.matching.costs import SHORTEST_FUZZY_KEY
from portcheck.domain.registration.confusables import SKELETON_ALPHABET

_OTHERS: Final = {c: SKELETON_ALPHABET.replace(c, "") for c in SKELETON_ALPHABET}


def neighbours(skeleton: str) -> list[str]:
    """`skeleton` first, then every skeleton one edit away, without repeats.

    An edit deletes, changes or inserts a character, or swaps two that stand
    side by side.  About 420 for a mark of seven characters; only itself for a
    mark too short to be matched but exactly.

    >>> neighbours("A8")
    ['A8']
    >>> found = neighbours("A812C0E")
    >>> found[0], len(found) == len(set(found)), "A821C0E" in found
    ('A812C0E', True, True)
    """
    found = [skeleton]
    if len(skeleton) < SHORTEST_FUZZY_KEY:
        return found
    for place, character in enumerate(skeleton):
        head, tail, rest = skeleton[:place], skeleton[place:], skeleton[place + 1 :]
        others = _OTHERS[character]
        # Of two like characters side by side only the last is taken out or swapped,
        # and nothing is put before its like: the same text comes of it elsewhere.
        if rest[:1] != character:
            found.append(head + rest)
            if rest:
                found.append(head + rest[0] + character + rest[1:])
        found += [head + c + rest for c in others]
        found += [head + c + tail for c in others]
    found += [skeleton + c for c in SKELETON_ALPHABET]
    return found
