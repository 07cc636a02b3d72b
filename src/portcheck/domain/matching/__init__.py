"""Matching a registration against a list: which listed marks it may be, and how surely."""

from portcheck.domain.matching.comparing import Comparison, compare
from portcheck.domain.matching.edits import Difference, Kind
from portcheck.domain.matching.nearby import neighbours
from portcheck.domain.matching.tiers import Corroboration, Tier

__all__ = ["Comparison", "Corroboration", "Difference", "Kind", "Tier", "compare", "neighbours"]
