"""Times as people type and read them, in an operation's time zone; stored in UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from portcheck.errors import Refused

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?)?"
    r" ?(?P<half>[ap]\.?m\.?)?|(?P<four>\d{4})(?: ?h(?:rs|ours)?)?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ T,]+(.+)")
_NOON = 12
_AHEAD = timedelta(minutes=5)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

SET_EVERY_DAY = timedelta(seconds=10)
"""Clocks are set by less than this again and again, and nobody is told."""


def parse_time(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """A time as typed: "14:05", "1405", "2:05pm" (today), "17/06/2021 14:05", or ISO 8601,
    with or without an offset.  Raises Refused for anything else, for times to come and before
    1970, and for a time that the clocks of `zone` showed twice, or never.

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
        if clock := _clock(text):
            return _placed(datetime.combine(now.astimezone(zone).date(), clock), zone)
        if match := _DAY_FIRST.fullmatch(text):
            day, month, year = map(int, match.groups()[:3])
            clock = _clock(match[4])
            return _placed(datetime.combine(date(year, month, day), clock), zone) if clock else None
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else _placed(found, zone)
    except (ValueError, OverflowError):
        return None


def _clock(text: str) -> time | None:
    """The time of day behind "14:05", "14:05:30", "14.05", "1405", "2:05pm" or "2 pm"; None for
    anything else.  Raises ValueError for a clock that none shows.

    >>> str(_clock("9:15am")), str(_clock("0905")), _clock("9")
    ('09:15:00', '09:05:00', None)
    """
    match = _CLOCK.fullmatch(text)
    if match is None or not (match["minute"] or match["half"] or match["four"]):
        return None
    if match["four"]:
        return time(int(match["four"][:2]), int(match["four"][2:]))
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= _NOON:
            raise ValueError(text)
        hour = hour % _NOON + (_NOON if match["half"][0] in "pP" else 0)
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0))


def _placed(clock: datetime, zone: tzinfo) -> datetime:
    """What a clock in `zone` showed, in UTC.  Raises Refused where it showed it twice or never:
    the hour that is doubled in autumn, and the one that is left out in spring.
    """
    one, other = (clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if one.utcoffset() == other.utcoffset():
        return one.astimezone(UTC)
    twice = one.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == clock
    shown = f"{clock:%Y-%m-%d %H:%M}"
    readings = " or ".join(one.isoformat(timespec="minutes") for one in (one, other))
    raise Refused(
        f"{shown} came {'twice' if twice else 'never'}: the clocks went "
        f"{'back' if twice else 'forward'} then",
        hint=f"Write it with its offset: {readings}.",
    )


def local(when: datetime, zone: tzinfo) -> str:
    """A time as people read it: "2021-06-17 14:05"."""
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def iso(when: datetime, zone: tzinfo) -> str:
    """A time for other programs: ISO 8601 with offset."""
    return when.astimezone(zone).isoformat(timespec="seconds")


def utc_text(when: datetime) -> str:
    """An aware time as UTC text that sorts: 2021-06-17T08:05:00.000000Z.

    Raises ValueError for a naive time.
    """
    if when.tzinfo is None:
        raise ValueError("a time without a zone")
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_utc(text: str) -> datetime:
    """The time behind `utc_text`, also where only its beginning is given."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def believable(now: datetime) -> datetime:
    """The time that the clock says.  Raises Refused where nothing can be recorded under it."""
    if now.tzinfo and now < _EARLIEST:
        raise Refused(
            f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC: nothing was recorded",
            hint="Set the clock of this machine, and try again.",
        )
    return now
