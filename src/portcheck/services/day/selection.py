"""Which checks a tally is about: one operation or several, whole or from one time to another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from portcheck.domain.times import local, parse_time, utc_text
from portcheck.errors import WrongUsage
from portcheck.services.context import Context
from portcheck.services.operation import just_ended, named
from portcheck.services.settings import zone
from portcheck.store.figures import Scope
from portcheck.store.finder import OperationRow

_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")


@dataclass(frozen=True, slots=True)
class Selection:
    """Operations, and the times their checks lie between (`since` included, `until` not).

    An operation that has ended counts as at its end unless `recount` is set.
    `just_ended` tells that none was named and none is current: it is the last that ended.
    """

    operations: tuple[OperationRow, ...]
    since: datetime | None = None
    until: datetime | None = None
    recount: bool = False
    just_ended: bool = False

    @property
    def whole(self) -> bool:
        """All the checks of one operation."""
        return len(self.operations) == 1 and not (self.since or self.until)

    @property
    def settled(self) -> bool:
        """Nothing can change it any more: every operation counts as at its end."""
        return not self.recount and all(one.ended_at for one in self.operations)

    @property
    def zone(self) -> tzinfo:
        """The time zone of the first operation, in which all times are shown."""
        return zone(self.operations[0].timezone)

    @property
    def scope(self) -> Scope:
        """The checks, as the store is asked for them."""
        return Scope(
            tuple(one.operation_id for one in self.operations),
            utc_text(self.since) if self.since else "",
            utc_text(self.until) if self.until else "",
        )


def select(
    context: Context,
    names: Sequence[str] = (),
    *,
    since: str = "",
    until: str = "",
    recount: bool = False,
) -> Selection:
    """The operations of these names, and times as typed.

    For no names it is the current one, else the one that ended last.
    Raises NotFound; Refused where there is neither and for what is no
    time; WrongUsage for times in the wrong order.
    """
    ended = None if names else just_ended(context)
    found = [named(context, name) for name in names] or [ended or context.operation()]
    operations = tuple({one.operation_id: one for one in found}.values())
    times = [_time(context, text, operations) if text else None for text in (since, until)]
    selection = Selection(operations, times[0], times[1], recount, just_ended=bool(ended))
    if selection.since and selection.until and selection.since >= selection.until:
        here = selection.zone
        raise WrongUsage(
            f"since {local(selection.since, here)}, until {local(selection.until, here)}: "
            "the first is not before the second"
        )
    return selection


def _time(context: Context, text: str, operations: Sequence[OperationRow]) -> datetime:
    """A clock time is one of the operation's day, or of the next where that one was before it."""
    first = min(operations, key=lambda one: one.started_at)
    here, now = zone(first.timezone), context.now()
    if not _CLOCK.fullmatch(text.strip()):
        return parse_time(text, now=now, zone=here)
    began = first.started_at.astimezone(here)
    last = max(one.ended_at or now for one in operations).astimezone(here)
    evening = began.replace(hour=23, minute=59)
    found = parse_time(text, now=evening, zone=here)
    if found < began and last.date() > began.date():
        return parse_time(text, now=evening + timedelta(days=1), zone=here)
    return found
