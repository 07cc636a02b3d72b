"""Matching a registration against a list: which listed marks it may be, and how surely."""

from portcheck.domain.matching.comparing import Comparison, compare
from portcheck.domain.matching.costs import crowding
from portcheck.domain.matching.edits import Difference, Kind
from portcheck.domain.matching.nearby import neighbours
from portcheck.domain.matching.tiers import SURENESS, Corroboration, Tier

__all__ = [
    "SURENESS",
    "Comparison",
    "Corroboration",
    "Difference",
    "Kind",
    "Tier",
    "compare",
    "crowding",
    "neighbours",
]
