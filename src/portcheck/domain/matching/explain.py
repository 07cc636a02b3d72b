"""Differences in the words an officer uses, naming the place."""

from portcheck.domain.matching.edits import Difference, Kind
from portcheck.domain.matching.tiers import Tier

SAME = "same registration"
OTHER_COUNTRY = "the list gives another country"
OTHER_GAPS = "the list parts it otherwise, and so it is another German registration"
READ_AGAIN = "read the plate again"
CROWDED = "lowered: many unlisted vehicles look like this list"
_RAISED = {"format": "only one of the two can be a real registration"}


def sentence(
    tier: Tier,
    found: tuple[Difference, ...],
    raised_by: tuple[str, ...] = (),
    *,
    other_country: bool = False,
    crowded: bool = False,
) -> str:
    """Why two keys match, with what was typed, what is listed, and what made it surer or
    less sure.

    >>> sentence(Tier.LOOKALIKE, (Difference(Kind.LOOKALIKE, 4, "Z", "2", 3),))
    'lookalike: Z for 2, place 4'
    """
    said = "; ".join(words(difference) for difference in found) or SAME
    if found and all(difference.kind is Kind.LOOKALIKE for difference in found):
        said = f"lookalike: {said}"
    if tier is Tier.NEAR:
        said = f"{READ_AGAIN}: {said}"
    remarks = [_RAISED.get(name, f"same {name}") for name in raised_by]
    if other_country:
        remarks.append(OTHER_COUNTRY)
    if crowded:
        remarks.append(CROWDED)
    return "; ".join([said, *remarks])


def slot_sentence(found: tuple[Difference, ...], *, typed_is_wrong: bool) -> str:
    """Why O and 0 (or I and 1) are the same mark here: only one of them can stand there.

    >>> slot_sentence((Difference(Kind.LOOKALIKE, 3, "O", "0", 3),), typed_is_wrong=True)
    'letter O typed where only a digit 0 can stand, place 3: the same mark'
    """
    verb = "typed" if typed_is_wrong else "listed"
    slips = []
    for one in found:
        wrong, right = (one.typed, one.listed) if typed_is_wrong else (one.listed, one.typed)
        where = f"only a {_named(right)} can stand, place {one.place}"
        slips.append(f"{_named(wrong)} {verb} where {where}")
    return f"{'; '.join(slips)}: the same mark"


def words(one: Difference) -> str:
    """One difference; what was typed comes first.

    >>> words(Difference(Kind.MISSING, 4, "", "K", 10))
    'one character missing after place 4: the list has K'
    """
    match one.kind:
        case Kind.LOOKALIKE:
            return f"{one.typed} for {one.listed}, place {one.place}"
        case Kind.CHANGED:
            return f"place {one.place}: {one.typed} where the list has {one.listed}"
        case Kind.SWAPPED:
            return f"{one.place}–{one.place + 1} swapped"
        case Kind.MISSING if one.is_doubled:
            return f"place {one.place}: the list has {one.listed} twice"
        case Kind.MISSING if one.place == 0:
            return f"one character missing before place 1: the list has {one.listed}"
        case Kind.MISSING:
            return f"one character missing after place {one.place}: the list has {one.listed}"
        case Kind.EXTRA if one.is_doubled:
            return f"place {one.place}: {one.typed} twice where the list has it once"
        case Kind.EXTRA:
            return f"one character too many, place {one.place}: {one.typed}"


def _named(character: str) -> str:
    return f"{'digit' if character.isdigit() else 'letter'} {character}"
