"""Times as they are typed, through the changes of the clocks."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.times import iso, local, parse_time
from portcheck.errors import Refused

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
    # as spreadsheets and people write them
    ("09:20:00", NOW, "2021-06-17T08:20:00+00:00"),
    ("0905", NOW, "2021-06-17T08:05:00+00:00"),
    ("1405", NOW, "2021-06-17T13:05:00+00:00"),
    ("0905 hrs", NOW, "2021-06-17T08:05:00+00:00"),
    ("9:15am", NOW, "2021-06-17T08:15:00+00:00"),
    ("9.15 a.m.", NOW, "2021-06-17T08:15:00+00:00"),
    ("2 pm", NOW, "2021-06-17T13:00:00+00:00"),
    ("12:05 AM", NOW, "2021-06-16T23:05:00+00:00"),
    ("12:05pm", NOW, "2021-06-17T11:05:00+00:00"),
    ("14h05", NOW, "2021-06-17T13:05:00+00:00"),
    ("17/06/2021 09:20:15", NOW, "2021-06-17T08:20:15+00:00"),
    ("17-06-2021 9:20pm", AUTUMN, "2021-06-17T20:20:00+00:00"),
    # 28 March 2021: 01:30 never was
    ("28/03/2021 00:30", NOW, "2021-03-28T00:30:00+00:00"),
    ("28/03/2021 02:30", NOW, "2021-03-28T01:30:00+00:00"),
    # 31 October 2021: 01:30 was twice
    ("31/10/2021 00:59", AUTUMN, "2021-10-30T23:59:00+00:00"),
    ("2021-10-31T01:30+01:00", AUTUMN, "2021-10-31T00:30:00+00:00"),
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


@pytest.mark.parametrize(
    ("text", "now", "said", "readings"),
    [
        (
            "31/10/2021 01:30",
            AUTUMN,
            "2021-10-31 01:30 came twice: the clocks went back then",
            "2021-10-31T01:30+01:00 or 2021-10-31T01:30+00:00",
        ),
        (
            "28/03/2021 01:30",
            NOW,
            "2021-03-28 01:30 came never: the clocks went forward then",
            "2021-03-28T01:30+00:00 or 2021-03-28T01:30+01:00",
        ),
        (
            "01:30",
            datetime(2021, 10, 31, 1, 45, tzinfo=UTC),
            "2021-10-31 01:30 came twice: the clocks went back then",
            "2021-10-31T01:30+01:00 or 2021-10-31T01:30+00:00",
        ),
    ],
)
def test_a_time_that_came_twice_or_never_is_asked_about(
    text: str, now: datetime, said: str, readings: str
) -> None:
    with pytest.raises(Refused) as refusal:
        parse_time(text, now=now, zone=LONDON)
    assert refusal.value.message == said
    assert refusal.value.hint == f"Write it with its offset: {readings}."
    for one in readings.split(" or "):
        assert parse_time(one, now=now, zone=LONDON)


NO_TIMES = [
    "",
    "now",
    "24:00",
    "12:60",
    "2460",
    "905",
    "13:05pm",
    "0:05am",
    "9",
    "14:5",
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
    """All but the hour that is repeated, which is asked about."""
    now = datetime(2050, 1, 1, tzinfo=UTC)
    shown = local(when, zone)
    shifted = {(when + timedelta(hours=by)).astimezone(zone).utcoffset() for by in (-1, 1)}
    if len(shifted) > 1:
        return
    assert parse_time(shown, now=now, zone=zone) == when.replace(second=0)


@given(moments, st.sampled_from([LONDON, ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")]))
def test_every_time_has_one_reading_or_is_asked_about(when: datetime, zone: tzinfo) -> None:
    clock = when.replace(tzinfo=None)
    text, now = f"{clock:%d/%m/%Y %H:%M}", datetime(2050, 1, 1, tzinfo=UTC)
    one, other = (clock.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if one != other:
        with pytest.raises(Refused, match=r"came (twice|never)"):
            parse_time(text, now=now, zone=zone)
        return
    read = parse_time(text, now=now, zone=zone)
    assert read.astimezone(zone).replace(tzinfo=None) == clock.replace(second=0)


def test_the_hour_is_the_zones() -> None:
    winter = datetime(2021, 1, 4, 12, tzinfo=UTC)
    assert (local(NOW, LONDON), local(winter, LONDON)) == ("2021-06-17 16:30", "2021-01-04 12:00")
    assert iso(NOW, LONDON) == "2021-06-17T16:30:20+01:00"
