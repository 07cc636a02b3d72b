"""Penalty lines: what an action list says is owed, by whom, and how it stands.

Immigration and Asylum Act 1999 ss.31A-43 (legislation.gov.uk/ukpga/1999/33).
A separate penalty may fall on the owner, the hirer, the driver and the
operator, so one vehicle has several lines.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portcheck.domain.instructions import Instructions
from portcheck.domain.status_words import WORDS
from portcheck.domain.text import fold


class Status(StrEnum):
    """How a penalty stands, as far as the list's word tells."""

    OUTSTANDING = "outstanding"
    PART_PAID = "part_paid"
    INSTALMENTS = "instalments"
    PAID = "paid"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    OBJECTION = "objection"
    APPEAL = "appeal"
    WRITTEN_OFF = "written_off"
    SECURITY_HELD = "security_held"
    NOT_STATED = "not_stated"
    UNKNOWN = "unknown"


_MEANS = " = "
_BY_WORD = {
    fold(word): Status(status)
    for language in WORDS.values()
    for status, words in language.items()
    for word in words.split(",")
}
STATUS_WORDS = tuple(words.partition(",")[0] for words in WORDS["en"].values())


def status_of(text: str) -> Status:
    """What the list's word means, in any language and whatever its case, spacing and
    punctuation.  A blank is NOT_STATED; a word nobody knows is UNKNOWN and leads to "refer".

    What an office means by a word of its own stands behind it (`with_meaning`).

    >>> status_of(" Part-Paid "), status_of("UNDER  APPEAL"), status_of("see file")
    (<Status.PART_PAID: 'part_paid'>, <Status.APPEAL: 'appeal'>, <Status.UNKNOWN: 'unknown'>)
    >>> status_of("Überfällig"), status_of(with_meaning("Kat. B", Status.PAID))
    (<Status.OUTSTANDING: 'outstanding'>, <Status.PAID: 'paid'>)
    """
    folded = fold(text.rpartition(_MEANS)[2])
    return _BY_WORD.get(folded, Status.UNKNOWN) if folded else Status.NOT_STATED


def with_meaning(text: str, status: Status) -> str:
    """The list's word, and behind it what the office that wrote it means by it.

    >>> with_meaning("Kat. B", Status.PART_PAID)
    'Kat. B = part paid'
    """
    return f"{text}{_MEANS}{status.value.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class PenaltyLine:
    """One penalty as the list gives it; money in pence, None where the cell was blank.

    `unread` has the cells that were not blank and yet could not be read, as (field,
    text) pairs with the list's fields: "paid", "issued_on".  `extra` has the columns
    without a field, as (heading, text) pairs in the order of the sheet.
    """

    reference: str = ""
    section: str = ""
    liable_party: str = ""
    liable_role: str = ""
    haulier: str = ""
    amount_pence: int | None = None
    paid_pence: int | None = None
    balance_pence: int | None = None
    status: str = ""
    incident_on: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    objection_on: date | None = None
    objection_decided_on: date | None = None
    appeal_on: date | None = None
    appeal_decided_on: date | None = None
    expires_on: date | None = None
    action: str = ""
    priority: str = ""
    contact: str = ""
    notes: str = ""
    unread: tuple[tuple[str, str], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> Instructions:
        """What the list says to do, beside the penalty."""
        return Instructions(self.action, self.priority, self.contact, self.notes, self.extra)

    @property
    def owed_pence(self) -> int | None:
        """What is still owed: the balance as listed, else amount less what was paid.

        None where a cell that it takes could not be read.
        """
        if self.balance_pence is not None:
            return self.balance_pence
        if self.amount_pence is None or self.not_read("balance", "paid"):
            return None
        return max(self.amount_pence - (self.paid_pence or 0), 0)

    def not_read(self, *fields: str) -> bool:
        """Whether the list has something in one of `fields` that could not be read."""
        return any(field in fields for field, _ in self.unread)
