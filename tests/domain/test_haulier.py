"""Hauliers' names without their legal forms."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.haulier import fold_haulier, words_apart


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Smith Haulage Ltd", "smith haulage"),
        ("SMITH HAULAGE LIMITED", "smith haulage"),
        ("Smith  Haulage, Ltd.", "smith haulage"),
        ("J & R Smith (Haulage) PLC", "j & r smith haulage"),
        ("Müller Spedition GmbH", "muller spedition"),
        ("Müller Spedition GmbH & Co. KG", "muller spedition"),
        ("Müller Spedition GmbH und Co. KG", "muller spedition"),
        ("Schmidt e.K.", "schmidt"),
        ("Huber Transporte OG", "huber transporte"),
        ("Straßen AG", "strassen"),
        ("Trans Nord SRL", "trans nord"),
        ("S.C. Trans Nord S.R.L.", "trans nord"),
        ("Trans Nord S. R. L.", "trans nord"),
        ("Trans-Pol Sp. z o.o.", "trans pol"),
        ("Trans-Pol Sp.zo.o.", "trans pol"),
        ("TRANS-POL SP. Z O.O. SP. K.", "trans pol"),
        ("Łódź Trans S.A.", "lodz trans"),
        ("Transports Dupont SAS", "transports dupont"),
        ("Dupont & Fils S.A.R.L.", "dupont & fils"),
        ("Jansen Transport B.V.", "jansen transport"),
        ("Peeters NV", "peeters"),
        ("UAB Vežėjas", "vezejas"),
        ("„Vežėjas“, UAB", "vezejas"),
        ("SIA Pārvadātājs", "parvadatajs"),
        ("Vedaja OÜ", "vedaja"),
        ("OÜ Vedaja", "vedaja"),
        ("Prijevoz d.o.o.", "prijevoz"),
        ("Novák s.r.o.", "novak"),
        ("Novák, spol. s r.o.", "novak"),
        ("Doprava a.s.", "doprava"),
        ("Kovács Kft.", "kovacs"),
        ("Kovács Zrt", "kovacs"),
        ("Иванов ЕООД", "иванов"),
        ("Ivanov OOD", "ivanov"),
        ("Silva Lda.", "silva"),
        ("García S.L.", "garcia"),
        ("Rossi S.p.A.", "rossi"),
        ("Olsen A/S", "olsen"),
        ("Olsen ApS", "olsen"),
        ("Svensson AB", "svensson"),
        ("Berg AS", "berg"),
        ("Virtanen Oy", "virtanen"),
        ("Virtanen Oy Ab", "virtanen"),
        ("Kaya Nakliyat Ltd. Şti.", "kaya nakliyat"),
        ("ТОВ Перевізник", "перевізник"),
        ("A B Texel B.V.", "ab texel"),
        ("Müller GmbH u. Co. KG", "muller"),
        ("Müller mbH & Co. KGaA", "muller"),
        ("Pol Sp.z o.o.Sp.k.", "pol"),
        ("Pol sp. z o.o. S.K.A.", "pol"),
        ("Dupont S.à r.l.", "dupont"),
        ("Olsen A / S", "olsen"),
        ("Oy Virtanen Ab", "virtanen"),
        ("Транс ДООЕЛ", "транс"),
        ("ООО «Транс»", "транс"),
        ("Trans Sh.p.k.", "trans"),
        ("Γιώργος ΑΕ", "γιωργοσ"),
        ("J Smith t/a Smith Haulage Ltd", "smith haulage"),
        ("J Smith, trading as Smith Haulage", "smith haulage"),
        ("t/a", "t/a"),
        ("trading as", "trading"),
        ("A", "a"),
        ("A Ltd", "a"),
        ("Ltd", "ltd"),
        ("Sp. z o.o.", "sp z oo"),
        ("& Co", "& co"),
        ("", ""),
        (" .- ", ""),
    ],
)
def test_folded(name: str, folded: str) -> None:
    assert fold_haulier(name) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trans North Ltd", "North Trans Ltd"),
        ("Smith & Sons Ltd", "Smith Ltd"),
        ("AS Trans", "BS Trans"),
        ("Vos Logistics BV", "Logistics BV"),
    ],
)
def test_different_firms_stay_different(one: str, other: str) -> None:
    assert fold_haulier(one) != fold_haulier(other)


FORMS = ("Ltd", "GmbH & Co. KG", "S. R. L.", "UAB", "SA", "Sp. z o.o.", "A/S", "t/a", "ООО", "&")


@given(st.lists(st.sampled_from((*FORMS, "Müller", "Trans-Pol", "a", "7", "trading as"))))
def test_folding_again_changes_nothing(words: list[str]) -> None:
    folded = fold_haulier(" ".join(words))
    assert fold_haulier(folded) == folded
    assert bool(folded) == bool(words)


@pytest.mark.parametrize("part", ["x", "ab ", "Ltd ", "& ", "ü", "SIA ", "漢", "a/", "t/a "])
def test_a_name_without_end_is_folded_in_no_time(part: str) -> None:
    started = time.perf_counter()
    assert fold_haulier(part * (10_000 // len(part)))
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("jansen transport", "transport hansen", ("jansen", "hansen")),
        ("smith haulage", "smith haulage services", ("", "services")),
        ("trans pol", "transpol", ("transpol", "transpol")),
        ("a a b", "a b b", ("a", "b")),
        ("acme", "acme", ("", "")),
        ("", "acme", ("", "acme")),
    ],
)
def test_words_that_two_names_do_not_share(one: str, other: str, apart: tuple[str, str]) -> None:
    assert words_apart(one, other) == apart
    assert words_apart(other, one) == apart[::-1]


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_plain_names_fold_as_all_others(name: str) -> None:
    """A character that does not show takes the name off the short way."""
    assert fold_haulier(name) == fold_haulier(f"\u200b{name}")
