"""Which matches count, as SQL has it (`domain.decision`)."""

from portcheck.domain.decision import BEARING, STANDING


def _among(words: frozenset[str]) -> str:
    quoted = ", ".join(f"'{word}'" for word in sorted(words))
    return f"decision IN ({quoted})"


STANDS = _among(STANDING)
"""A match that counts: weak and replaced ones do not."""

BEARS = _among(BEARING)
"""A match whose penalty lines may be this vehicle's."""
