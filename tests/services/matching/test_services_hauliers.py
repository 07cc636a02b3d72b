"""A listed haulier: found by a tolerant name, told as advice, and never a hit."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

import pytest

from portcheck.domain.answer import Answer, HaulierAdvice, Verdict
from portcheck.domain.haulier import fold_haulier
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching.hauliers import same_haulier
from portcheck.services.matching.matcher import Query, answer

Take = Callable[..., ImportResult]

ONE_FIRM = [
    ("Northsea Haulage Ltd", "NORTHSEA HAULAGE LIMITED"),
    ("Northsea Haulage", "Haulage Northsea Ltd"),
    ("Nortsea Haulage", "Northsea Haulage"),
    ("Nrothsea Haulage", "Northsea Haulage"),
    ("Trans-Pol Sp. z o.o.", "Transpol"),
    ("Jansen Transport BV", "Transport Jansen"),
    ("Drumuri Inchipuite", "Drumuri Închipuit SRL"),
    ("Muller Spedition", "Mueller Spedition GmbH"),
    ("Weald Freight", "Weald Frieght Ltd"),
    ("Girteka Logistics UAB", "Girteka Logisitcs"),
    ("Waberers International", "Waberer's International Nyrt"),
    ("Krzysztof Nowak Transport", "Nowak Krzysztof Transport"),
    ("Hegelmann Transporte", "Hegelman Transporte GmbH"),
    ("Smith Haulage", "J Smith t/a Smith Haulage"),
    ("A", "A Ltd"),
]
TWO_FIRMS = [
    ("Jansen Transport", "Hansen Transport"),
    ("Smith Haulage", "Smyth Haulage"),
    ("Smith Haulage", "Smith Transport"),
    ("Smith Haulage", "Smith Haulage Services"),
    ("Trans Nord SRL", "Trans Sud SRL"),
    ("Acme Logistics", "Acme Foods"),
    ("Kaya Nakliyat", "Kara Nakliyat"),
    ("North Freight", "South Freight"),
    ("Eurotrans", "Euroline"),
    ("Weald Freight", "Weald Farms"),
    ("Novak Transport", "Nowak Transport"),
    ("Meyer Logistik", "Mayer Logistik"),
    ("Balkan Express", "Baltic Express"),
    ("DHL", "DFDS"),
    ("A", "B"),
    ("TransLog 1", "TransLog 2"),
    ("A B Transport", "A C Transport"),
    ("Van den Berg Transport", "Van der Berg Transport"),
]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(*pair, True) for pair in ONE_FIRM] + [(*pair, False) for pair in TWO_FIRMS],
)
def test_names_of_one_firm_and_of_two(one: str, other: str, same: bool) -> None:
    assert same_haulier(fold_haulier(one), fold_haulier(other)) is same
    assert same_haulier(fold_haulier(other), fold_haulier(one)) is same


def test_no_name_is_nobodys() -> None:
    assert same_haulier("", "")
    assert not same_haulier("", "acme")
    assert not same_haulier("acme", "")


def line(registration: str, haulier: str, reference: str, **more: str) -> dict[str, str]:
    row = {"Registration": registration, "Haulier": haulier, "Penalty reference": reference}
    return row | {"Status": "Overdue", "Issued on": "04/01/2021"} | more


LISTED: Sequence[Mapping[str, str]] = [
    line("AB12 CDE", "ACME LTD", "1", Balance="2400.00"),
    line("AB12 CDE", "ACME LTD", "2", Balance="1200.00"),
    line("KL65 XYZ", "Acme Limited", "3", Balance="3600.00"),
    line("KL65 XYZ", "Acme Limited", "4", Balance="0", Status="Paid"),
    line("KL65 XYZ", "Acme Limited", "5", Balance="800.00", Status="Cancelled"),
    line("MN70 OPR", "Northsea Haulage Ltd", "6"),
]


@pytest.fixture
def ask(context: Context, take: Take) -> Callable[..., Answer]:
    """Asks about a vehicle and the haulier on its cab when `LISTED` is in force."""
    take(LISTED)

    def asking(vehicle: str, haulier: str) -> Answer:
        query = Query(vehicle, haulier=haulier)
        return answer(context, query, now=context.now(), zone=context.zone_here())

    return asking


Ask = Callable[..., Answer]


@pytest.mark.parametrize("haulier", ["Acme", "acme ltd.", "ACME GmbH"])
def test_what_a_haulier_owes_is_advice_and_no_hit(ask: Ask, haulier: str) -> None:
    found = ask("QQ11 QQQ", haulier)
    assert found.verdict is Verdict.CLEAR
    assert found.matches == ()
    (advice,) = found.advice
    assert advice == HaulierAdvice(haulier, "ACME LTD", "CECPT", True, 3, 720_000)
    assert advice.why == (
        "ACME LTD is listed: 3 outstanding penalties (£7,200.00) on other vehicles: refer"
    )


def test_what_is_shown_as_a_match_is_not_told_twice(ask: Ask) -> None:
    found = ask("AB12 CDE", "Acme")
    assert found.verdict is Verdict.LISTED
    (advice,) = found.advice
    assert (advice.penalties, advice.owed_pence) == (1, 360_000)
    assert "1 outstanding penalty (£3,600.00)" in advice.why


def test_a_name_written_almost_so_is_said_to_be_that(ask: Ask) -> None:
    (advice,) = ask("QQ11 QQQ", "Nortsea Haulage").advice
    assert advice.why == (
        "Northsea Haulage Ltd is listed and written much like “Nortsea Haulage”:"
        " 1 outstanding penalty (1 without a sum) on other vehicles: refer"
    )


@pytest.mark.parametrize("haulier", ["", " ", "-", "Ltd", "Somebody Else", "Acme Foods", "\x1b[1m"])
def test_nothing_is_said_of_others(ask: Ask, haulier: str) -> None:
    assert ask("QQ11 QQQ", haulier).advice == ()


def test_every_list_speaks_for_itself_and_a_new_version_at_once(
    ask: Ask, context: Context, take: Take
) -> None:
    assert len(ask("QQ11 QQQ", "Acme").advice) == 1
    take([line("ST18 UVW", "Acme plc", "9", Balance="10.00")], "Other")
    assert [(a.list_name, a.owed_pence) for a in ask("QQ11 QQQ", "Acme").advice] == [
        ("CECPT", 720_000),
        ("Other", 1_000),
    ]
    context.connection.execute("SELECT 1")


def test_without_a_haulier_nothing_is_loaded_for_it() -> None:
    program = """
import sys
import portcheck.services.matching.matcher
from portcheck.services.matching.hauliers import same_haulier
same_haulier("acme", "acme")
print("rapidfuzz" in sys.modules)
"""
    seen = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert seen.stdout.strip() == "False"


def test_a_row_that_tells_of_no_penalty_is_no_advice(context: Context, take: Take) -> None:
    take([{"Registration": "AB12 CDE", "Haulier": "Acme Ltd", "Notes": "seen before"}])
    now = context.now()
    query = Query("XX1", haulier="Acme")
    found = answer(context, query, now=now, zone=context.zone_here())
    assert found.advice == ()


def test_a_name_without_end_is_cut_in_the_sentence() -> None:
    advice = HaulierAdvice("x" * 5_000, "y" * 5_000, "CECPT", False, 1, 100)
    assert len(advice.why) < 300
