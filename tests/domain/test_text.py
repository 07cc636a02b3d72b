"""What a hostile text may no longer hold."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portcheck.domain.text import as_name, clean, count, fold, one_line, shorten

CLEANED = [
    ("", ""),
    ("AB12 CDE", "AB12 CDE"),
    ("Przewóz Łódź", "Przewóz Łódź"),
    ("Транспорт", "Транспорт"),
    ("a\x1b[31mred\x1b[0m", "a[31mred[0m"),
    ("a\x9b31mred", "a31mred"),
    ("bell\x07 null\x00 del\x7f", "bell null del"),
    ("two\nlines", "two lines"),
    ("two\r\nlines", "two  lines"),
    ("tab\there", "tab here"),
    ("next\x85line", "next line"),
    ("para\u2029graph\u2028s", "para graph s"),
    ("\u202eEDC 21BA", "EDC 21BA"),
    ("a\u2066b\u2069c\u200e\u200f\u061c", "abc"),
    ("zero\u200bwidth\u2060\ufeff", "zerowidth"),
    ("tag\U000e0041\U000e007f", "tag"),
    ("lone \ud800 half", "lone \ufffd half"),
    ("\udc80", "\ufffd"),
    ("[/red] stays", "[/red] stays"),
    ("=1+1", "=1+1"),
    ("a\u00a0b", "a\u00a0b"),
    ("😀", "😀"),
]


@pytest.mark.parametrize(("text", "result"), CLEANED)
def test_clean(text: str, result: str) -> None:
    assert clean(text) == result


DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
any_text = st.text(
    st.characters() | st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=40
)


@given(any_text)
@example("\x1b\x9b\u202e\ud800\udfff\x85\u2028")
def test_nothing_is_left_that_steers_or_hides(text: str) -> None:
    result = clean(text)
    assert not DIRECTIONS & set(result)
    assert not {unicodedata.category(c) for c in result} & {"Cc", "Cs", "Zl", "Zp"}
    result.encode()
    assert clean(result) == result


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40))
def test_what_can_be_read_stays_as_it_was(text: str) -> None:
    assert clean(text) == text


@given(any_text)
def test_one_line_is_trimmed_and_has_single_spaces(text: str) -> None:
    result = one_line(text)
    assert result == result.strip()
    assert result.split() == clean(text).split()
    assert "  " not in result
    assert one_line(result) == result


@pytest.mark.parametrize(
    ("text", "width", "result"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("a bcd", 3, "a…"),
        ("abc", 1, "…"),
        ("abc", 0, "…"),
        ("", 0, ""),
    ],
)
def test_shorten(text: str, width: int, result: str) -> None:
    assert shorten(text, width) == result


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Part paid", "PART-PAID"),
        ("Échéance", "echeance"),
        ("straße", "STRASSE"),
        ("Reg. No.", "reg no"),
        ("ﬁne", "fine"),
        ("x\u202ey", "xy"),
    ],
)
def test_words_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(any_text)
def test_folded_words_hold_letters_and_digits_only(text: str) -> None:
    assert fold(text) == "".join(c for c in fold(text) if c.isalnum())
    assert fold(text) == fold(one_line(text))


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (0, "check", "0 checks"),
        (1, "check", "1 check"),
        (2, "match", "2 matches"),
        (1, "match", "1 match"),
        (3, "registry", "3 registries"),
        (3, "day", "3 days"),
        (1, "day", "1 day"),
        (2, "HGV", "2 HGVs"),
        (12345, "box", "12,345 boxes"),
        (2, "pass", "2 passes"),
        (1, "person", "1 person"),
        (0, "person", "0 people"),
    ],
)
def test_counted_nouns(number: int, noun: str, text: str) -> None:
    assert count(number, noun) == text


UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u2060\u2061\u206a\u3164\ufe0f\ufeff\uffa0\U000e0041\U000e0100"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_has_no_character_that_cannot_be_seen(unseen: str) -> None:
    assert as_name(f"{unseen}Do{unseen}ver 1{unseen}") == "Dover 1"
    assert as_name(unseen * 3) == ""


@given(st.text(st.characters(exclude_categories=["C", "Z", "M"]), max_size=40))
def test_a_name_is_composed_and_stays_as_it_is(text: str) -> None:
    assert as_name(as_name(text)) == as_name(text)
    assert as_name(unicodedata.normalize("NFD", text)) == as_name(text)
