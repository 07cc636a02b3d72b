"""Times as they are typed, through the changes of the clocks."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.errors import Refused
from portcheck.services.times import iso, local, parse_time

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2021, 6, 17, 15, 30, 20, 5, tzinfo=UTC)  # 16:30 in London
AUTUMN = datetime(2021, 12, 1, tzinfo=UTC)

READ = [
    ("14:05", NOW, "2021-06-17T13:05:00+00:00"),
    ("9:05", NOW, "2021-06-17T08:05:00+00:00"),
    ("14.05", NOW, "2021-06-17T13:05:00+00:00"),
    (" 00:00 ", NOW, "2021-06-16T23:00:00+00:00"),
    ("16:30", NOW, "2021-06-17T15:30:00+00:00"),
    ("16:35", NOW, "2021-06-17T15:35:00+00:00"),  # a clock may go a little ahead
    ("17/06/2021 14:05", NOW, "2021-06-17T13:05:00+00:00"),
    ("7/6/2021 9:05", NOW, "2021-06-07T08:05:00+00:00"),
    ("17.06.2021T14.05", NOW, "2021-06-17T13:05:00+00:00"),
    ("1/2/2021 12:00", NOW, "2021-02-01T12:00:00+00:00"),  # the day comes first
    ("2021-06-17 14:05", NOW, "2021-06-17T13:05:00+00:00"),
    ("2021-06-17T14:05:30", NOW, "2021-06-17T13:05:30+00:00"),
    ("2021-06-17T14:05Z", NOW, "2021-06-17T14:05:00+00:00"),
    ("2021-06-17T14:05+02:00", NOW, "2021-06-17T12:05:00+00:00"),
    ("2021-06-17", NOW, "2021-06-16T23:00:00+00:00"),
    # 28 March 2021: 01:30 never was; it is read by the clock that was not put forward yet
    ("28/03/2021 00:30", NOW, "2021-03-28T00:30:00+00:00"),
    ("28/03/2021 01:30", NOW, "2021-03-28T01:30:00+00:00"),
    ("28/03/2021 02:30", NOW, "2021-03-28T01:30:00+00:00"),
    # 31 October 2021: 01:30 was twice; the first is meant, unless the offset is given
    ("31/10/2021 00:59", AUTUMN, "2021-10-30T23:59:00+00:00"),
    ("31/10/2021 01:30", AUTUMN, "2021-10-31T00:30:00+00:00"),
    ("2021-10-31T01:30+00:00", AUTUMN, "2021-10-31T01:30:00+00:00"),
    ("31/10/2021 02:00", AUTUMN, "2021-10-31T02:00:00+00:00"),
    ("1970-01-01T00:00Z", NOW, "1970-01-01T00:00:00+00:00"),
]


@pytest.mark.parametrize(("text", "now", "result"), READ)
def test_times_that_are_read(text: str, now: datetime, result: str) -> None:
    assert parse_time(text, now=now, zone=LONDON).isoformat() == result


def test_today_is_the_day_in_the_zone() -> None:
    late = datetime(2021, 6, 17, 23, 30, tzinfo=UTC)  # already the 18th in London
    assert parse_time("00:10", now=late, zone=LONDON).isoformat() == "2021-06-17T23:10:00+00:00"
    repeated = datetime(2021, 10, 31, 1, 45, tzinfo=UTC)  # the second 01:45
    assert parse_time("01:30", now=repeated, zone=LONDON).isoformat() == "2021-10-31T00:30:00+00:00"


NO_TIMES = [
    "",
    "now",
    "24:00",
    "12:60",
    "1405",
    "14:05:30",
    "14:5",
    "14h05",
    "31/02/2021 12:00",
    "17/13/2021 12:00",
    "06-17-2021 12:00",
    "17/06/21 12:00",
    "yesterday 14:05",
    "14:05 pm",
    "9" * 5000,
]


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_time(text, now=NOW, zone=LONDON)
    assert "is not a time" in refusal.value.message
    assert "14:05 for today" in refusal.value.hint


@pytest.mark.parametrize("text", ["16:36", "18/06/2021 00:00", "2099-01-01", "9999-12-31T23:59Z"])
def test_what_has_not_come_yet(text: str) -> None:
    with pytest.raises(Refused, match="has not come yet"):
        parse_time(text, now=NOW, zone=LONDON)


@pytest.mark.parametrize("text", ["1969-12-31", "0999-06-17 12:00", "01/01/0001 12:00"])
def test_what_is_too_long_ago(text: str) -> None:
    with pytest.raises(Refused, match="is too long ago"):
        parse_time(text, now=NOW, zone=LONDON)


moments = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda when: when.replace(microsecond=0, fold=0))
zones: st.SearchStrategy[tzinfo] = st.sampled_from(
    [LONDON, UTC, ZoneInfo("Asia/Kolkata"), timezone(timedelta(hours=-11))]
)


@given(moments, zones)
def test_what_is_written_for_programs_is_read_back(when: datetime, zone: tzinfo) -> None:
    now = datetime(2050, 1, 1, tzinfo=UTC)
    assert parse_time(iso(when, zone), now=now, zone=LONDON) == when


@given(moments, zones)
def test_what_is_written_for_people_is_read_back_to_the_minute(
    when: datetime, zone: tzinfo
) -> None:
    """All but the second time of an hour that is repeated."""
    now = datetime(2050, 1, 1, tzinfo=UTC)
    read = parse_time(local(when, zone), now=now, zone=zone)
    fold = when.astimezone(zone).fold
    assert read == when.replace(second=0) - timedelta(hours=fold)


def test_the_hour_is_the_zones() -> None:
    winter = datetime(2021, 1, 4, 12, tzinfo=UTC)
    assert (local(NOW, LONDON), local(winter, LONDON)) == ("2021-06-17 16:30", "2021-01-04 12:00")
    assert iso(NOW, LONDON) == "2021-06-17T16:30:20+01:00"
