"""When seized cash must be given back or brought before a court."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.bank_holidays import UkPart, is_bank_holiday, is_weekend
from portcheck.domain.cash import below_minimum, minimum_pence, runs_out_at

LONDON = ZoneInfo("Europe/London")

DEADLINES = [
    ("a Thursday", "2021-06-17 12:06", "2021-06-21 12:06"),
    ("a Monday", "2021-06-14 09:00", "2021-06-16 09:00"),
    ("a Friday", "2021-06-18 15:00", "2021-06-22 15:00"),
    ("a Saturday", "2021-06-19 10:00", "2021-06-23 00:00"),
    ("a Sunday, late", "2021-06-20 23:59", "2021-06-23 00:00"),
    ("midnight as Friday begins", "2021-06-18 00:00", "2021-06-22 00:00"),
    ("before Easter", "2021-04-01 16:00", "2021-04-07 16:00"),
    ("Christmas Eve, a Friday", "2021-12-24 18:00", "2021-12-30 18:00"),
    ("Christmas Day, a Saturday", "2021-12-25 08:00", "2021-12-31 00:00"),
    ("before the State Funeral", "2022-09-16 12:00", "2022-09-21 12:00"),
    ("over the change to summer time", "2021-03-26 12:00", "2021-03-30 12:00"),
    ("over the change to winter time", "2021-10-29 12:00", "2021-11-02 12:00"),
    ("before the Jubilee", "2022-06-01 20:00", "2022-06-07 20:00"),
]


@pytest.mark.parametrize(
    ("seized", "runs_out"), [one[1:] for one in DEADLINES], ids=[one[0] for one in DEADLINES]
)
def test_deadlines(seized: str, runs_out: str) -> None:
    found = runs_out_at(datetime.fromisoformat(seized).replace(tzinfo=LONDON), LONDON)
    assert found
    assert f"{found.astimezone(LONDON):%Y-%m-%d %H:%M}" == runs_out


@pytest.mark.parametrize(
    ("part", "seized", "runs_out"),
    [
        (UkPart.SCOTLAND, "2021-08-27 12:00", "2021-08-31 12:00"),  # its holiday was on 2 August
        (UkPart.ENGLAND_AND_WALES, "2021-08-27 12:00", "2021-09-01 12:00"),
        (UkPart.SCOTLAND, "2021-07-30 12:00", "2021-08-04 12:00"),
        (UkPart.NORTHERN_IRELAND, "2021-07-09 12:00", "2021-07-14 12:00"),
        (UkPart.ENGLAND_AND_WALES, "2021-07-09 12:00", "2021-07-13 12:00"),
        (UkPart.SCOTLAND, "2021-04-05 12:00", "2021-04-07 12:00"),  # Easter Monday is none there
    ],
)
def test_the_days_are_those_of_the_part_where_it_was_seized(
    part: UkPart, seized: str, runs_out: str
) -> None:
    found = runs_out_at(datetime.fromisoformat(seized).replace(tzinfo=LONDON), LONDON, part)
    assert found
    assert f"{found.astimezone(LONDON):%Y-%m-%d %H:%M}" == runs_out


MOMENTS = st.integers(min_value=0, max_value=20 * 365 * 86_400).map(
    lambda seconds: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(MOMENTS)
def test_forty_eight_hours_of_days_that_count(seized: datetime) -> None:
    """Counted again, from one full hour to the next."""
    out = runs_out_at(seized, UTC)
    assert out
    counted = timedelta()
    moment = seized
    while moment < out:
        following = min(out, moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
        if not (is_weekend(moment.date()) or is_bank_holiday(moment.date())):
            counted += following - moment
        moment = following
    assert counted == timedelta(hours=48)


@pytest.mark.parametrize(
    ("amounts", "below"),
    [
        ({"GBP": 99_999}, True),
        ({"GBP": 100_000}, False),
        ({"GBP": 0}, True),
        ({"EUR": 1}, False),
        ({"GBP": 5, "EUR": 5}, False),
    ],
)
def test_the_least_sum_that_is_recoverable(amounts: dict[str, int], below: bool) -> None:
    assert below_minimum(amounts, date(2021, 6, 17)) is below


def test_the_least_sum_began_on_a_day() -> None:
    assert minimum_pence(date(2006, 7, 30)) == 0
    assert minimum_pence(date(2006, 7, 31)) == 100_000
