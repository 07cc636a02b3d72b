"""Times as people type and read them, in an operation's time zone; stored in UTC."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from portcheck.errors import Refused

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})[ T]+(\d{1,2})[:.](\d{2})")
_AHEAD = timedelta(minutes=5)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def parse_time(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """A time as typed: "14:05" (today), "17/06/2021 14:05", or ISO 8601, with or
    without an offset.  Raises Refused for anything else, for times to come and before 1970.

    >>> from zoneinfo import ZoneInfo
    >>> parse_time("14:05", now=datetime(2021, 6, 17, 15, tzinfo=UTC),
    ...            zone=ZoneInfo("Europe/London")).isoformat()
    '2021-06-17T13:05:00+00:00'
    """
    when = _read(text.strip(), now, zone)
    if when is None:
        raise Refused(
            f"“{text}” is not a time",
            hint="Write 14:05 for today, or 2021-06-17 14:05, or 17/06/2021 14:05.",
        )
    if when > now + _AHEAD:
        raise Refused(f"{local(when, zone)} has not come yet")
    if when < _EARLIEST:
        raise Refused(f"{when.isoformat()} is too long ago", hint="Look at the year.")
    return when


def _read(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    try:
        if match := _CLOCK.fullmatch(text):
            today = now.astimezone(zone)
            found = today.replace(
                hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0, fold=0
            )
        elif match := _DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute = map(int, match.groups())
            found = datetime(year, month, day, hour, minute, tzinfo=zone)
        else:
            found = datetime.fromisoformat(text)
            found = found if found.tzinfo else found.replace(tzinfo=zone)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def local(when: datetime, zone: tzinfo) -> str:
    """A time as people read it: "2021-06-17 14:05"."""
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def iso(when: datetime, zone: tzinfo) -> str:
    """A time for other programs: ISO 8601 with offset."""
    return when.astimezone(zone).isoformat(timespec="seconds")
