"""The words of a list, and what they leave owing."""

import pytest

from portcheck.domain.penalty import STATUS_WORDS, PenaltyLine, Status, status_of, with_meaning
from portcheck.domain.status_words import WORDS as LANGUAGES
from portcheck.domain.text import fold

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
    # as ledgers and offices abroad write it
    ("O/S", Status.OUTSTANDING),
    ("Part", Status.PART_PAID),
    ("Paid in full", Status.PAID),
    ("Obj rec'd", Status.OBJECTION),
    ("überfällig", Status.OUTSTANDING),
    ("IMPAYÉE", Status.OUTSTANDING),
    ("gedeeltelijk betaald", Status.PART_PAID),
    ("Niezapłacona", Status.OUTSTANDING),
    ("en recurso", Status.APPEAL),
    ("rateizzata", Status.INSTALMENTS),
    ("neachitat", Status.OUTSTANDING),
    ("em dívida", Status.OUTSTANDING),
    ("uhrazeno", Status.PAID),
    ("részben fizetve", Status.PART_PAID),
    ("atšaukta", Status.CANCELLED),
    ("ОБЖАЛВАНО", Status.APPEAL),
    ("не сплачено", Status.OUTSTANDING),
    ("İptal edildi", Status.CANCELLED),
    ("ανεξόφλητο", Status.OUTSTANDING),
    # an office's own word, with what it means by it
    ("Kat. B = part paid", Status.PART_PAID),
    ("paid = see file", Status.UNKNOWN),
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


def test_no_word_means_two_things() -> None:
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES.values():
        for status, words in language.items():
            for word in words.split(","):
                meanings.setdefault(fold(word), set()).add(status)
    assert "" not in meanings
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.NOT_STATED, Status.UNKNOWN}))
def test_what_an_office_means_by_a_word_is_understood(status: Status) -> None:
    assert status_of(with_meaning("offen", status)) is status


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
