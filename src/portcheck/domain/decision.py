"""What officers say of a match: whether the listed vehicle really is this one."""

from enum import StrEnum
from typing import Literal

from portcheck.domain.answer import ALERTING, Verdict
from portcheck.domain.matching import Tier


class Decision(StrEnum):
    """How a match stands.

    `open` waits for somebody's word; `replaced` was matched again after a correction, and
    counts no more.  A match that alerts nobody, and one of a void check, has none.
    """

    NONE = ""
    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REPLACED = "replaced"

    @classmethod
    def of(cls, *, confirm: bool) -> "Decided":
        """The one that confirms a match, or that rejects it."""
        return cls.CONFIRMED if confirm else cls.REJECTED


Decided = Literal[Decision.CONFIRMED, Decision.REJECTED]
Said = Decided | Literal[Decision.NONE]
"""What an officer may say with a check."""

DECIDED = frozenset({Decision.CONFIRMED, Decision.REJECTED})
STANDING = frozenset({Decision.OPEN, *DECIDED})
"""Those of the matches that count."""

BEARING = frozenset({Decision.OPEN, Decision.CONFIRMED})
"""Those of the matches whose penalty lines may be this vehicle's."""


def certain(tier: Tier, decision: str) -> bool:
    """Whether a match is taken for this vehicle: it is listed and undecided, or was confirmed.

    >>> certain(Tier.LOOKALIKE, "open"), certain(Tier.NEAR, "open"), certain(Tier.NEAR, "confirmed")
    (True, False, True)
    """
    undecided = decision == Decision.OPEN and ALERTING.get(tier) is Verdict.LISTED
    return undecided or decision == Decision.CONFIRMED
