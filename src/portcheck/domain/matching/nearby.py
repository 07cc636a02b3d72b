"""The skeletons to look for, so that one query finds every tier."""

from portcheck.domain.matching.costs import SHORTEST_FUZZY_KEY
from portcheck.domain.registration.confusables import SKELETON_ALPHABET


def neighbours(skeleton: str) -> list[str]:
    """`skeleton` first, then every skeleton one edit away, without repeats.

    An edit deletes, changes or inserts a character, or swaps two that stand
    side by side.  About 420 for a mark of seven characters; only itself for a
    mark too short to be matched but exactly.

    >>> neighbours("A812")
    ['A812']
    >>> found = neighbours("A812CDE")
    >>> found[0], len(found) == len(set(found)), "A821CDE" in found
    ('A812CDE', True, True)
    """
    if len(skeleton) < SHORTEST_FUZZY_KEY:
        return [skeleton]
    cuts = [(skeleton[:i], skeleton[i:]) for i in range(len(skeleton) + 1)]
    found = [skeleton]
    if len(skeleton) > SHORTEST_FUZZY_KEY:
        found += [head + tail[1:] for head, tail in cuts[:-1]]
    found += [head + tail[1] + tail[0] + tail[2:] for head, tail in cuts[:-2]]
    for head, tail in cuts:
        rest = tail[1:]
        found += [head + c + tail for c in SKELETON_ALPHABET]
        if tail:
            found += [head + c + rest for c in SKELETON_ALPHABET]
    return list(dict.fromkeys(found))
