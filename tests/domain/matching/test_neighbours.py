"""The skeletons looked for: every one-edit neighbour, and nothing twice."""

import pytest

from portcheck.domain.matching import neighbours
from portcheck.domain.registration.confusables import SKELETON_ALPHABET


def test_counts_for_seven_characters() -> None:
    found = neighbours("A812CDE")
    n, letters = 7, len(SKELETON_ALPHABET)
    changed = n * (letters - 1) + 1  # D is not of the alphabet, so its place has one more
    inserted = (n + 1) * letters - (n - 1)
    assert len(found) == 1 + n + (n - 1) + changed + inserted
    assert found[0] == "A812CDE"


@pytest.mark.parametrize(
    "neighbour",
    ["812C5E", "A12C5E", "A812C5", "8A12C5E", "A812CE5", "XA812C5E", "A812C5EX", "A812X5E"],
)
def test_each_kind_of_edit(neighbour: str) -> None:
    assert neighbour in neighbours("A812C5E")


@pytest.mark.parametrize("skeleton", ["", "A", "A8", "A81", "A812"])
def test_short_keys_have_none(skeleton: str) -> None:
    assert neighbours(skeleton) == [skeleton]


def test_five_characters_are_not_shortened() -> None:
    assert min(map(len, neighbours("A812C"))) == 5


def test_nothing_twice() -> None:
    found = neighbours("0000000")
    assert len(found) == len(set(found))
