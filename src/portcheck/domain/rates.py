"""What road-traffic penalties are published to cost: dated figures to warn by, never to block.

Fixed penalties and conditional offers: Fixed Penalty Order 2000 (uksi/2000/2792) as
amended by uksi/2013/1569 from 16 August 2013; DVSA's roadside guidance of 29 January 2019
names the same four steps.  Deposits: uksi/2009/492, article 2, as amended by uksi/2013/2025
from the same day: the most for an offence, and the most for one person on one occasion.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from portcheck.domain.money import pounds

FIXED_PENALTIES: tuple[tuple[date, tuple[int, ...]], ...] = (
    (date(2013, 8, 16), (5_000, 10_000, 20_000, 30_000)),
)
"""The sums in pence that a fixed penalty may be, from each day on."""
DEPOSITS: tuple[tuple[date, tuple[int, int]], ...] = (
    (date(2009, 3, 31), (30_000, 90_000)),
    (date(2013, 8, 16), (50_000, 150_000)),
)
"""The most in pence that a deposit may be: for one offence, and in all; from each day on."""


def unusual(given: Mapping[str, Any], whole: Mapping[str, Any], day: date) -> Iterator[str]:
    """What in an outcome `given` on `day` is outside the published rates, in words.

    `whole` is the outcome of the check with what is given.

    >>> fine = {"offences": [{"disposal": "fixed_penalty", "amount_pence": 12000}]}
    >>> list(unusual(fine, fine, date(2021, 6, 17)))
    ['a fixed penalty of £120.00: the published ones are £50.00, £100.00, £200.00, £300.00']
    """
    fixed, deposits = _at(FIXED_PENALTIES, day), _at(DEPOSITS, day)
    for offence in given.get("offences", ()):
        amount, disposal = offence.get("amount_pence"), offence["disposal"]
        if amount is None:
            continue
        if disposal in {"fixed_penalty", "conditional_offer"} and fixed and amount not in fixed:
            known = ", ".join(map(pounds, fixed))
            name = disposal.replace("_", " ")
            yield f"a {name} of {pounds(amount)}: the published ones are {known}"
        if disposal == "deposit" and deposits and amount > deposits[0]:
            yield f"a deposit of {pounds(amount)}: the most for an offence is {pounds(deposits[0])}"
    together = _deposited(whole)
    if deposits and together > deposits[1] and _deposited(given):
        yield f"deposits of {pounds(together)}: the most in all is {pounds(deposits[1])}"


def _deposited(outcome: Mapping[str, Any]) -> int:
    return sum(
        one.get("amount_pence", 0)
        for one in outcome.get("offences", ())
        if one["disposal"] == "deposit"
    )


def _at(dated: tuple[tuple[date, Any], ...], day: date) -> Any:
    """What stands on `day`; None before there was anything."""
    return next((value for since, value in reversed(dated) if since <= day), None)
