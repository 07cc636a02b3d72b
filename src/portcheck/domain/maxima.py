"""What a penalty can be at most, and since when, and what therefore cannot be as listed.

Immigration and Asylum Act 1999 s.31A (failing to secure a goods vehicle), in force with the
Carriers' Liability (Amendment) Regulations 2023 (uksi/2023/29) from 13 February 2023.
The most under s.32 is for each entrant, whose number no list gives: it is not tested.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from portcheck.domain.money import pounds
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.text import day

SECURING: Final = "31A"


@dataclass(frozen=True, slots=True)
class Maximum:
    """From a day on: the most that one liable party can owe for an incident."""

    section: str
    since: date
    one_party_pence: int


MAXIMA: Final = (Maximum(SECURING, date(2023, 2, 13), 6_000_00),)
"""Oldest first: a new rate is a line more."""

BOTH_SECTIONS: Final = (
    "s.31A and s.32 are both on one party for one incident, and only one can be"
    " (s.31A(11), s.32(6B))"
)


def cannot_be(line: PenaltyLine) -> tuple[str, ...]:
    """Why a penalty cannot be as the list gives it, a sentence each; () where it can.

    >>> cannot_be(PenaltyLine(section="31A", issued_on=date(2022, 5, 1)))
    ('s.31A is in force since 13 Feb 2023, and the list has its issue on 1 May 2022',)
    >>> cannot_be(PenaltyLine(section="31A", amount_pence=600000))
    ()
    """
    rates = [one for one in MAXIMA if one.section == line.section]
    return (*_too_early(line, rates), *_too_much(line, rates)) if rates else ()


def _too_early(line: PenaltyLine, rates: list[Maximum]) -> Iterator[str]:
    since = rates[0].since
    for what, on in (("incident", line.incident_on), ("issue", line.issued_on)):
        if on and on < since:
            began = f"s.{line.section} is in force since {day(since)}"
            yield f"{began}, and the list has its {what} on {day(on)}"


def _too_much(line: PenaltyLine, rates: list[Maximum]) -> Iterator[str]:
    on = line.incident_on or line.issued_on or date.max
    in_force = [one for one in rates if one.since <= on] or rates[:1]
    sums = [one for one in (line.amount_pence, line.balance_pence) if one is not None]
    most = in_force[-1].one_party_pence
    if sums and max(sums) > most:
        too_much = f"{pounds(max(sums))} is more than one party can owe"
        yield f"{too_much} under s.{line.section} ({pounds(most)})"
