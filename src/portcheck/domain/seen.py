"""Where a vehicle, its trailer or its container was checked before."""

from dataclasses import dataclass
from datetime import datetime

from portcheck.domain.text import ago, day

MOST = 5
"""Checks that are told one by one; of the others how many there are."""


@dataclass(frozen=True, slots=True)
class SeenCheck:
    """An earlier check, as it stands; `at` is in the time zone in which times are read.

    `verdict` and `primary_outcome` are the words of the projections.  `elsewhere` says that
    it is of another operation than the one under way.  `only` names what of those asked about
    was there, where the vehicle was not: "trailer C1234567".
    """

    ref: str
    operation: str
    at: datetime
    direction: str
    verdict: str
    screened: bool
    primary_outcome: str
    elsewhere: bool
    only: str = ""

    def when(self, now: datetime) -> str:
        """How long ago it was, and its time, with the date where that is not today's.

        >>> from datetime import UTC
        >>> one = SeenCheck("L1-012", "Day", datetime(2021, 6, 17, 9, 5, tzinfo=UTC), "", "clear",
        ...                 True, "not_searched", False)
        >>> one.when(datetime(2021, 6, 17, 11, 30, tzinfo=UTC))
        '2 h ago (09:05)'
        >>> one.when(datetime(2021, 6, 19, 11, 30, tzinfo=UTC))
        '2 days ago (17 Jun 2021 09:05)'
        """
        today = now.astimezone(self.at.tzinfo).date() == self.at.date()
        date = "" if today else f"{day(self.at.date())} "
        return f"{ago(now - self.at)} ({date}{self.at:%H:%M})"


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest checks before the time that is asked about, and how many more there are."""

    checks: tuple[SeenCheck, ...] = ()
    more: int = 0
    asked_at: datetime | None = None


NOWHERE = Seen()
