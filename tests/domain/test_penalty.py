"""The words of a list, and what they leave owing."""

import pytest

from portcheck.domain.penalty import STATUS_WORDS, PenaltyLine, Status, status_of

WORDS = [
    # the words named for offices' lists
    ("outstanding", Status.OUTSTANDING),
    ("unpaid", Status.OUTSTANDING),
    ("due", Status.OUTSTANDING),
    ("overdue", Status.OUTSTANDING),
    ("part paid", Status.PART_PAID),
    ("instalments", Status.INSTALMENTS),
    ("paid", Status.PAID),
    ("settled", Status.PAID),
    ("cancelled", Status.CANCELLED),
    ("withdrawn", Status.CANCELLED),
    ("superseded", Status.SUPERSEDED),
    ("objection", Status.OBJECTION),
    ("under objection", Status.OBJECTION),
    ("appeal", Status.APPEAL),
    ("under appeal", Status.APPEAL),
    ("written off", Status.WRITTEN_OFF),
    ("security held", Status.SECURITY_HELD),
    # case, spacing, punctuation, marks
    ("  OverDue  ", Status.OUTSTANDING),
    ("PART-PAID", Status.PART_PAID),
    ("part_paid", Status.PART_PAID),
    ("Part\u00a0Paid", Status.PART_PAID),
    ("under\tappeal", Status.APPEAL),
    ("ＰＡＩＤ", Status.PAID),
    ("Canceled.", Status.CANCELLED),
    ("Written-off!", Status.WRITTEN_OFF),
    ("un-paid", Status.OUTSTANDING),
    # blank
    ("", Status.NOT_STATED),
    ("   ", Status.NOT_STATED),
    ("-", Status.NOT_STATED),
    ("\u200b", Status.NOT_STATED),
    # anything else
    ("see file", Status.UNKNOWN),
    ("paid?? ask Jo", Status.UNKNOWN),
    ("not cancelled", Status.UNKNOWN),
    ("0", Status.UNKNOWN),
]


@pytest.mark.parametrize(("text", "status"), WORDS)
def test_status_of(text: str, status: Status) -> None:
    assert status_of(text) is status


def test_the_words_offered_are_understood() -> None:
    assert len(STATUS_WORDS) == len(Status) - 2
    assert {status_of(word) for word in STATUS_WORDS} == set(Status) - {
        Status.NOT_STATED,
        Status.UNKNOWN,
    }


@pytest.mark.parametrize(
    ("amount", "paid", "balance", "owed"),
    [
        (None, None, None, None),
        (None, 100, None, None),
        (None, None, 0, 0),
        (0, None, None, 0),
        (240000, None, None, 240000),
        (240000, 0, None, 240000),
        (240000, 40000, None, 200000),
        (240000, 240000, None, 0),
        (240000, 250000, None, 0),
        (240000, None, 100, 100),
        (240000, 240000, 100, 100),
        (240000, None, 0, 0),
    ],
)
def test_owed(amount: int | None, paid: int | None, balance: int | None, owed: int | None) -> None:
    line = PenaltyLine(amount_pence=amount, paid_pence=paid, balance_pence=balance)
    assert line.owed_pence == owed
