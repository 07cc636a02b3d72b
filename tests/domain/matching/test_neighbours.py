"""The skeletons looked for: every one-edit neighbour, and nothing twice."""

import pytest

from portcheck.domain.matching import neighbours
from portcheck.domain.registration.confusables import SKELETON_ALPHABET


def test_counts_for_seven_characters() -> None:
    found = neighbours("A812C0E")
    n, letters = 7, len(SKELETON_ALPHABET)
    changed = n * (letters - 1)
    inserted = (n + 1) * letters - n
    assert len(found) == 1 + n + (n - 1) + changed + inserted
    assert found[0] == "A812C0E"


@pytest.mark.parametrize(
    "neighbour",
    ["812C5E", "A12C5E", "A812C5", "8A12C5E", "A812CE5", "XA812C5E", "A812C5EX", "A812X5E"],
)
def test_each_kind_of_edit(neighbour: str) -> None:
    assert neighbour in neighbours("A812C5E")


@pytest.mark.parametrize("skeleton", ["", "A", "A8"])
def test_the_shortest_have_none(skeleton: str) -> None:
    assert neighbours(skeleton) == [skeleton]


@pytest.mark.parametrize("skeleton", ["0000000", "A00A", "AACC0", "A8A8A8", "112"])
def test_every_edit_once_and_nothing_twice(skeleton: str) -> None:
    found = neighbours(skeleton)
    cuts = [(skeleton[:i], skeleton[i:]) for i in range(len(skeleton) + 1)]
    edited = {skeleton}
    edited |= {head + tail[1:] for head, tail in cuts if tail}
    edited |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if tail[1:]}
    edited |= {head + c + tail[1:] for head, tail in cuts if tail for c in SKELETON_ALPHABET}
    edited |= {head + c + tail for head, tail in cuts for c in SKELETON_ALPHABET}
    assert len(found) == len(set(found))
    assert set(found) == edited
