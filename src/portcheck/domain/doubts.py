"""What a list leaves unknown of a penalty: none of it is ever taken for a blank."""

from collections.abc import Iterator, Mapping

from portcheck.domain.penalty import PenaltyLine, Status
from portcheck.domain.text import shorten

_MONEY = {"amount": "amount", "paid": "sum paid", "balance": "balance"}
_DAYS = {
    "issued_on": "date of issue",
    "due_on": "payment date",
    "objection_on": "date of the objection",
    "objection_decided_on": "date of the objection's decision",
    "appeal_on": "date of the appeal",
    "appeal_decided_on": "date of the appeal's decision",
    "expires_on": "last day",
}
MOST_QUOTED = 30
"""Characters of the list's own words in a reason."""


def doubts(line: PenaltyLine, status: Status, *, dated: bool) -> Iterator[str]:
    """A sentence each; `dated` is whether the day of payment is known."""
    yield from unread(line, {"section": "section of the Act", **_DAYS})
    if line.balance_pence is None:
        yield from unread(line, _MONEY)
    if not dated and not line.not_read("due_on", "issued_on"):
        yield "the list gives no date of issue and no payment date"
    elif line.objection_decided_on and not (line.objection_on or line.due_on):
        yield "the list does not say how long an objection stopped the payment clock"
    if line.owed_pence is None and not line.not_read(*_MONEY):
        yield "the list does not say how much is owed"
    yield from _doubts_of_status(line, status)


def _doubts_of_status(line: PenaltyLine, status: Status) -> Iterator[str]:
    """What the list's word for the status leaves open beside its figures and dates."""
    if status is Status.UNKNOWN:
        yield f"the status “{line.status}” is not one portcheck knows"
    if status is Status.PAID:
        yield f"the list says {line.status.strip().lower()} and yet gives a balance"
    if status is Status.PART_PAID and line.balance_pence is None and not line.paid_pence:
        yield f"the list says {line.status.strip().lower()} and not how much is left"
    if status in {Status.OBJECTION, Status.APPEAL}:
        yield f"the list says {line.status.strip().lower()} and yet gives its decision"
    if status is Status.WRITTEN_OFF:
        yield "the list says written off: ask whether it is still pursued"


def unread(line: PenaltyLine, words: Mapping[str, str]) -> Iterator[str]:
    """What the list has in fields that it takes, and that could not be read."""
    for field, text in line.unread:
        if field in words:
            yield f"the list's {words[field]}, “{shorten(text, MOST_QUOTED)}”, cannot be read"
