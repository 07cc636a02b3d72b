"""Cash that was seized: when its first detention runs out, and from what sum it is recoverable.

Proceeds of Crime Act 2002 (legislation.gov.uk/ukpga/2002/29) s.295(1) and (1B): cash may
first be detained for 48 hours, Saturdays, Sundays, Christmas Day, Good Friday and bank
holidays left out; longer only by an order of a magistrates' court (in Scotland the sheriff).
The bank holidays are those of the part of the United Kingdom where it was seized; in Scotland
the court holidays of the sheriff court's district are left out as well, which no table has.
s.303: the minimum amount, set by order.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from portcheck.domain.bank_holidays import UkPart, is_bank_holiday, is_weekend

FIRST_DETENTION = timedelta(hours=48)
MINIMUM_PENCE: tuple[tuple[date, int], ...] = ((date(2006, 7, 31), 100_000),)
"""The minimum amount in pence from each day on (uksi/2006/1699)."""

_DAY = timedelta(days=1)


def runs_out_at(
    seized_at: datetime, zone: tzinfo, part: UkPart = UkPart.ENGLAND_AND_WALES
) -> datetime | None:
    """When the first detention of cash seized at `seized_at` in a `part` of the United Kingdom
    runs out, in UTC; None outside it, where other law holds.

    A day begins and ends at midnight in `zone`; days left out count nothing.

    >>> friday = datetime(2021, 6, 18, 15, 0, tzinfo=UTC)
    >>> str(runs_out_at(friday, UTC)), runs_out_at(friday, UTC, UkPart.OUTSIDE)
    ('2021-06-22 15:00:00+00:00', None)
    """
    if part is UkPart.OUTSIDE:
        return None
    moment, left = seized_at.astimezone(UTC), FIRST_DETENTION
    while True:
        day = moment.astimezone(zone).date()
        midnight = datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
        if not (is_weekend(day) or is_bank_holiday(day, part)):
            if left <= midnight - moment:
                return moment + left
            left -= midnight - moment
        moment = midnight


def minimum_pence(day: date) -> int:
    """The sum from which cash is recoverable on `day`, in pence; 0 before there was one."""
    return next((pence for since, pence in reversed(MINIMUM_PENCE) if since <= day), 0)


def below_minimum(amounts: dict[str, int], day: date) -> bool:
    """Whether the cash of one seizure (minor units by currency) is surely not recoverable.

    Foreign money counts at its sterling equivalent, which portcheck does not know.

    >>> below_minimum({"GBP": 99_999}, date(2021, 6, 17))
    True
    >>> below_minimum({"GBP": 99_999, "EUR": 1}, date(2021, 6, 17))
    False
    """
    return amounts.keys() <= {"GBP"} and amounts.get("GBP", 0) < minimum_pence(day)
