"""How often an unlisted vehicle would look like a list: the figure beside every alert.

The list itself says which shapes of mark come by, and which letters and digits
stand where.  An unlisted vehicle is taken to be drawn from the same marks, and
nothing else to be known of it.  For a sample of listed marks of each shape,
every mark that would resemble one is written out, and how likely each of those
is to come by is added up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise, product, zip_longest
from math import exp
from typing import Final

from portcheck.domain.matching.costs import SHORT_KEY, SHORTEST_FUZZY_KEY, crowding
from portcheck.domain.matching.edits import Difference, differences
from portcheck.domain.matching.tiers import Corroboration, Tier, settle, too_far
from portcheck.domain.registration.confusables import LOOKALIKE_CLASSES
from portcheck.domain.registration.key import skeleton_of

_SEED: Final = 19_991_111
_MARKS_LOOKED_AT: Final = 36
"""Marks whose neighbourhood is written out, beside one of each shape: most where it is crowded."""
_SAMPLE_OF_A_SHAPE: Final = 40
"""Marks of a shape whose lookalikes are written out: those are few, and rare."""
_MOST_VARIANTS: Final = 64
_OFTEN: Final = 4
"""A run of characters seen this often on average is taken as a code, and counted whole."""
_EVEN: Final = 4
"""As many marks with every character equally often are added to what was seen: a few marks
do not tell which characters their shape never has."""

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_KINDS: Final = (("L", _ALPHABET[:26]), ("9", _ALPHABET[26:]))
_SHAPES: Final = str.maketrans(_ALPHABET, "L" * 26 + "9" * 10)
_CLASSES: Final = {c: group for group in LOOKALIKE_CLASSES for c in group}
_RAREST_SAID: Final = 1_000_000
_EVERY_OTHER: Final = 0.5
_TIERS: Final = (Tier.LOOKALIKE, Tier.NEAR, Tier.WEAK)

_Slip = tuple[tuple[Difference, ...], bool]
"""How two marks differ, and whether one of them is short: all that a tier depends on."""


@dataclass(frozen=True, slots=True)
class Odds:
    """The probability (0 to 1) that a check of an unlisted vehicle gives each tier at best.

    Together they are how probable it is that one resembles the list at all,
    which is what `costs.crowding` asks for.
    """

    entries: int
    lookalike: float
    near: float
    weak: float

    def of(self, tier: Tier) -> float:
        """The probability for `tier`; an unlisted vehicle is never an exact match."""
        by_tier = {Tier.LOOKALIKE: self.lookalike, Tier.NEAR: self.near, Tier.WEAK: self.weak}
        return by_tier.get(tier, 0.0)

    def sentence(self, tier: Tier) -> str:
        """How often it happens, in words for the screen, to two figures.

        >>> Odds(10_000, 0.00003, 0.00048, 0.002).sentence(Tier.NEAR)
        'about 1 check in 2,100'
        >>> Odds(10, 0.0, 0.0, 0.0).sentence(Tier.NEAR)
        'less than 1 check in 1,000,000'
        """
        probability = self.of(tier)
        if probability * _RAREST_SAID < 1:
            return f"less than 1 check in {_RAREST_SAID:,}"
        if probability > _EVERY_OTHER:
            return "more than every other check"
        return f"about 1 check in {float(f'{1 / probability:.2g}'):,.0f}"


@dataclass(slots=True)
class _Shape:
    """The marks of one shape (letters and digits told apart): how many, and what stands where.

    `runs` are the stretches of letters or of digits, `tokens` counts what was
    seen in each.  `expected` is how many listed marks an unlisted mark of this
    shape resembles, by how they differ.
    """

    runs: list[tuple[int, int]]
    marks: int = 0
    tokens: list[dict[str, int]] = field(default_factory=list)
    sample: list[str] = field(default_factory=list)
    singly: dict[int, list[dict[str, int]]] = field(default_factory=dict)
    expected: dict[_Slip, float] = field(default_factory=dict)

    def finish(self) -> None:
        """Counts by single character the runs that are too various to be counted whole."""
        for index, tokens in enumerate(self.tokens):
            if self.marks < _OFTEN * len(tokens):
                places: list[dict[str, int]] = [{} for _ in next(iter(tokens))]
                for token, count in tokens.items():
                    for place, character in zip(places, token, strict=True):
                        place[character] = place.get(character, 0) + count
                self.singly[index] = places

    def crowding(self) -> float:
        """How many pairs of marks of this shape would be the same by chance alone."""
        pairs = float(self.marks * self.marks)
        for index, tokens in enumerate(self.tokens):
            for counts in self.singly.get(index, [tokens]):
                pairs *= sum(count * count for count in counts.values()) / self.marks**2
        return pairs

    def probability(self, mark: str, but: str) -> float:
        """How likely `mark` is among marks of this shape; `but`, one of them, is left out."""
        others = self.marks - bool(but)
        product = 1.0
        for index, (start, end) in enumerate(self.runs):
            token, left_out = mark[start:end], but[start:end]
            if index in self.singly:
                even = _EVEN / (10 if token[0].isdigit() else 26)
                for place, character, own in zip_longest(self.singly[index], token, left_out):
                    seen = place.get(character, 0) - (character == own)
                    product *= (seen + even) / (others + _EVEN)
            else:
                seen = self.tokens[index].get(token, 0) - (token == left_out)
                if not seen:
                    return 0.0
                product *= seen / others
        return product


def odds(keys: Iterable[str]) -> Odds:
    """The odds for a list with these keys: one pass over them, in about half a second
    and 5 µs a key.

    Repeated keys count as one mark each time they come, so give each key once: several
    penalty lines are one vehicle.  The same keys in the same order give the same figures.

    >>> odds([]).near
    0.0
    """
    shapes = _counted(keys)
    entries = sum(shape.marks for shape in shapes.values())
    for shape in shapes.values():
        shape.finish()
    common = sorted(
        (shape for outline, shape in shapes.items() if len(outline) >= SHORTEST_FUZZY_KEY),
        key=lambda shape: -shape.marks,
    )[:_MARKS_LOOKED_AT]
    crowded = sum(shape.crowding() for shape in common) or 1.0
    for shape in common:
        for listed in shape.sample:
            _add(shape, listed, _variants(listed, shapes), shape.marks / len(shape.sample))
        enough = 1 + int(_MARKS_LOOKED_AT * shape.crowding() / crowded)
        for listed in shape.sample[:enough]:
            _add(shape, listed, _around(listed, shapes), shape.marks / len(shape.sample[:enough]))
    resembling = sum(
        (1 - exp(-sum(shape.expected.values()))) * shape.marks / entries
        for shape in shapes.values()
    )
    against = Corroboration(crowding=crowding(resembling))
    chances = [0.0, 0.0, 0.0]
    for shape in shapes.values():
        for place, chance in enumerate(_at_best(shape.expected, against)):
            chances[place] += chance * shape.marks / entries
    return Odds(entries, *chances)


def _at_best(expected: dict[_Slip, float], against: Corroboration) -> Iterator[float]:
    """From the listed marks expected to the chance that each tier is the best one met."""
    by_tier = dict.fromkeys(Tier, 0.0)
    for (found, short), number in expected.items():
        settled = settle(found, against, short=short)
        if settled:
            by_tier[settled.tier] += number
    clear = 1.0
    for tier in _TIERS:
        none = exp(-by_tier[tier])
        yield clear * (1 - none)
        clear *= none


def _counted(keys: Iterable[str]) -> dict[str, _Shape]:
    """The marks counted by shape, with a fair sample of each."""
    import random  # noqa: PLC0415 - slow to load, and a lookup only reads odds

    chance = random.Random(_SEED)
    shapes: dict[str, _Shape] = {}
    for key in keys:
        outline = key.translate(_SHAPES)
        shape = shapes.get(outline)
        if shape is None:
            runs = _runs(outline)
            shape = shapes[outline] = _Shape(runs, tokens=[{} for _ in runs])
        shape.marks += 1
        for counts, (start, end) in zip(shape.tokens, shape.runs, strict=True):
            token = key[start:end]
            counts[token] = counts.get(token, 0) + 1
        if len(shape.sample) < _SAMPLE_OF_A_SHAPE:
            shape.sample.append(key)
        elif (place := int(chance.random() * shape.marks)) < _SAMPLE_OF_A_SHAPE:
            shape.sample[place] = key
    return shapes


def _runs(outline: str) -> list[tuple[int, int]]:
    lengths = [len(list(run)) for _, run in groupby(outline)]
    ends = [sum(lengths[: i + 1]) for i in range(len(lengths))]
    return list(pairwise([0, *ends]))


def _add(own: _Shape, listed: str, around: dict[str, _Shape], weight: float) -> None:
    """Adds to each shape how likely its marks among `around` are, by how they differ.

    `own` is the shape of `listed`, and `weight` is how many marks that one stands for.
    """
    for mark, shape in around.items():
        likely = shape.probability(mark, listed if shape is own else "")
        found = differences(mark, listed) if likely else None
        if found and not too_far(found):
            slip = tuple(_anywhere(one) for one in found), min(len(mark), len(listed)) <= SHORT_KEY
            shape.expected[slip] = shape.expected.get(slip, 0.0) + likely * weight


def _anywhere(one: Difference) -> Difference:
    """The same difference wherever it stands, and whatever letters and digits they are."""
    return one._replace(
        place=0, typed=one.typed.translate(_SHAPES), listed=one.listed.translate(_SHAPES)
    )


def _variants(listed: str, shapes: dict[str, _Shape]) -> dict[str, _Shape]:
    """Marks of known shapes that are lookalikes of `listed`, from at most `_MOST_VARIANTS`."""
    choices = product(*(_CLASSES.get(character, character) for character in listed))
    marks = {"".join(choice) for choice in islice(choices, _MOST_VARIANTS)} - {listed}
    found = ((mark, shapes.get(mark.translate(_SHAPES))) for mark in sorted(marks))
    return {mark: shape for mark, shape in found if shape}


def _around(listed: str, shapes: dict[str, _Shape]) -> dict[str, _Shape]:
    """Marks of known shapes one edit from `listed`, or from it with one lookalike put in.

    Lookalikes are left out: they are added up from a larger sample.
    """
    starts = [listed] + [
        listed[:i] + other + listed[i + 1 :]
        for i, character in enumerate(listed)
        for other in _CLASSES.get(character, "")
        if other != character
    ]
    found: dict[str, _Shape] = {}
    for start in starts:
        for i in range(len(start) + 1):
            found.update(_edits_at(i, start, shapes))
    alike = skeleton_of(listed)
    return {mark: shape for mark, shape in found.items() if skeleton_of(mark) != alike}


def _edits_at(i: int, mark: str, shapes: dict[str, _Shape]) -> Iterator[tuple[str, _Shape]]:
    """Marks of known shapes made from `mark` by one edit at place `i`."""
    head, tail = mark[:i], mark[i:]
    ends = [tail, tail[1:]] if tail else [tail]
    for rest in ends:
        outline = f"{head}?{rest}".translate(_SHAPES)
        for kind, characters in _KINDS:
            shape = shapes.get(outline.replace("?", kind))
            if shape:
                yield from ((head + character + rest, shape) for character in characters)
    shorter, swapped = head + tail[1:], head + tail[1:2] + tail[:1] + tail[2:]
    for other in (shorter, swapped):
        shape = shapes.get(other.translate(_SHAPES))
        if shape and len(other) >= SHORTEST_FUZZY_KEY:
            yield other, shape
