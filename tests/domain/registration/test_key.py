"""From the text of a registration to its key: what folds, and what is refused by name."""

import timeit

import pytest

from portcheck.domain.registration.key import key_of, pattern_of, skeleton_of
from portcheck.errors import RegistrationRefused


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("ab12 cde", "AB12CDE", id="small letters and a space"),
        pytest.param("\tAB12\u00a0CDE\r\n", "AB12CDE", id="white space of every kind"),
        pytest.param("AB–12—CD−E", "AB12CDE", id="en dash, em dash, minus"),
        pytest.param("AB.12/CD_E,F:G", "AB12CDEFG", id="punctuation between groups"),
        pytest.param("AB·12•CD|E\\F", "AB12CDEF", id="dots and bars"),
        pytest.param("'AB12 CDE", "AB12CDE", id="the apostrophe of a text cell"),
        pytest.param("AB´12", "AB12", id="an acute accent as apostrophe"),
        pytest.param("ＡＢ１２　ＣＤＥ", "AB12CDE", id="full width"),
        pytest.param(
            "AB\u200b12\u00ad\ufeffCDE\u202e", "AB12CDE", id="characters that do not show"
        ),
        pytest.param("A\ufe0fB12", "AB12", id="variation selector"),
        pytest.param("СВ 0000 НР", "CB0000HP", id="Cyrillic by shape, not by sound"),
        pytest.param("св 0000 нр", "CB0000HP", id="small Cyrillic"),
        pytest.param("АВЕІКМНОРСТХ", "ABEIKMHOPCTX", id="the letters of Ukrainian marks"),
        pytest.param("ΙΚΑ-1234", "IKA1234", id="Greek by shape"),
        pytest.param("νχρ 1234", "NXP1234", id="small Greek"),
        pytest.param("MÜ-AB 12", "MUAB12", id="umlaut"),
        pytest.param("MU\u0308-AB 12", "MUAB12", id="umlaut in two pieces"),
        pytest.param("ŠT 12 ĄŽ", "ST12AZ", id="carons and ogoneks"),
        pytest.param("ŁÓ ĐØ 1", "LODO1", id="strokes"),
        pytest.param("straße1", "STRASSE1", id="sharp s"),
        pytest.param("STRAẞE1", "STRASSE1", id="capital sharp s"),
        pytest.param("ЇЁ 12", "IE12", id="Cyrillic with dots"),
        pytest.param("«B● MA°1234»~", "BMA1234", id="seals, guillemets, a tilde"),
        pytest.param("..AB12 CDE..", "AB12CDE", id="dots around"),
        pytest.param("\u2067AB12\u2069\u200f", "AB12", id="right to left"),
        pytest.param("AB ۱۲", "AB12", id="Persian digits"),
        pytest.param("AB12/34567", "AB1234567", id="one mark with a slash"),
        pytest.param("CSQU/305438/3", "CSQU3054383", id="a container with slashes"),
        pytest.param("İi1", "II1", id="dotted capital I"),
        pytest.param("ıA1", "IA1", id="dotless i"),
        pytest.param("AB ١٢٣", "AB123", id="Arabic digits"),
        pytest.param("AB १२③", "AB123", id="Devanagari and circled digits"),
        pytest.param("0O1I", "0O1I", id="O and 0, I and 1 stay apart"),
        pytest.param("AB12CDE (GB)", "AB12CDE", id="a country in brackets"),
        pytest.param("［Polska］WI 12345", "WI12345", id="a country in other brackets"),
        pytest.param("7", "7", id="one character"),
        pytest.param("A" * 17, "A" * 17, id="as long as a chassis number"),
    ],
)
def test_key(text: str, key: str) -> None:
    assert key_of(text) == key
    assert key_of(key) == key


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("AB12€", "U+20AC EURO SIGN"),
        ("AB#12", "U+0023 NUMBER SIGN"),
        ("AB?2", "U+003F QUESTION MARK"),
        ("AB*", "U+002A ASTERISK"),
        ("AB12CDE;CD34EFG", "U+003B SEMICOLON"),
        ("AB12 + CD34", "U+002B PLUS SIGN"),
        ("AB12CDE (new)", "U+0028 LEFT PARENTHESIS"),
        ("AB12 (GB) CDE", "U+0028 LEFT PARENTHESIS"),
        ("(GB)", "U+0028 LEFT PARENTHESIS"),
        ("(AB12CDE)", "U+0028 LEFT PARENTHESIS"),
        ("AB12\x1b[31m", "U+001B (control character)"),
        ("AB\x00C1", "U+0000"),
        ("ЖА 1234", "CYRILLIC CAPITAL LETTER ZHE"),
        ("\u2126A 1234", "GREEK CAPITAL LETTER OMEGA"),
        ("ΣΑ 1234", "GREEK CAPITAL LETTER SIGMA"),
        ("湘A12345", "CJK UNIFIED IDEOGRAPH-6E58"),
        ("🚚123", "U+1F69A DELIVERY TRUCK"),
        ("1\u20e3", "COMBINING ENCLOSING KEYCAP"),
        ("1\u0301", "COMBINING ACUTE ACCENT"),
        ("A\ud800B", "U+D800"),
        ("A" * 18, "too long"),
        ("A1\u0301" + "\u0301" * 5000, "too long"),
        ("-" * 5000, "too long"),
        ("- . -", "no letter or digit"),
        ("", "empty"),
        ("   ", "empty"),
    ],
)
def test_refused(text: str, said: str) -> None:
    with pytest.raises(RegistrationRefused) as refusal:
        key_of(text)
    assert said in str(refusal.value)
    assert refusal.value.hint
    assert "\x1b" not in str(refusal.value)
    str(refusal.value).encode()


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("ab?? c*", "AB??C*"),
        ("*", "*"),
        ("a***b", "A*B"),
        ("СВ??？＊", "CB???*"),
        ("mü-*", "MU*"),
    ],
)
def test_pattern(text: str, pattern: str) -> None:
    assert pattern_of(text) == pattern


@pytest.mark.parametrize("text", ["AB[0-9]", "AB%", "", "A^B", "?" * 18])
def test_pattern_refused(text: str) -> None:
    with pytest.raises(RegistrationRefused):
        pattern_of(text)


def test_skeleton_folds_each_class_to_one_character() -> None:
    assert skeleton_of("0ODQ1I2Z5S8B6G") == "00001122558866"
    assert skeleton_of("ACEFHJKLMNPRTUVWXY3479") == "ACEFHJKLMNPRTUVWXY3479"


def test_plain_text_takes_the_fast_path() -> None:
    once = min(timeit.repeat(lambda: key_of("ab12 cde"), number=20_000, repeat=5)) / 20_000
    folded = min(timeit.repeat(lambda: key_of("ÄB12 CDE"), number=2_000, repeat=5)) / 2_000
    assert once < folded / 2
