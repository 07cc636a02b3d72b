"""One matcher over real lists: every unit, every spelling, and what is said beside a match."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from portcheck.domain.answer import Answer, Match, Unit, Verdict
from portcheck.domain.matching import Tier
from portcheck.errors import Refused, RegistrationRefused
from portcheck.services.context import Context
from portcheck.services.import_list import ImportResult
from portcheck.services.matching import Query, answer

Take = Callable[[Sequence[Mapping[str, str]]], ImportResult]
Ask = Callable[..., Answer]

LISTED = [
    {"Registration": "AB12 CDE", "Country": "GB", "Trailer": "C123 4567", "Penalty reference": "1"},
    {"Registration": "MÜ-AB 12", "Country": "D", "Penalty reference": "2"},
    {"Registration": "HOEX 77", "Country": "D", "Penalty reference": "3"},
    {"Registration": "WX 12345", "Country": "PL", "Haulier": "Trans-Pol Sp. z o.o."},
    {"Registration": "D999 8877", "Country": "GB", "Unit": "trailer", "Trailer": "not known"},
    {"Registration": "KL65 XYZ", "Country": "GB", "Container": "CSQU 305438 3"},
]


@pytest.fixture
def ask(context: Context, take: Take) -> Ask:
    """Asks about a vehicle when `LISTED` is in force."""
    take(LISTED)

    def asking(vehicle: str, **more: str) -> Answer:
        now = context.now()
        return answer(context.connection, Query(vehicle, **more), now=now, zone=context.zone_here())

    return asking


def only(found: Answer) -> Match:
    """Its one match."""
    (match,) = found.matches
    return match


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("ab12cde", "AB12 CDE"),
        ("MÜ AB 12", "MÜ-AB 12"),
        ("MUE-AB 12", "MÜ-AB 12"),
        ("mu ab12", "MÜ-AB 12"),
        ("HÖ-X 77", "HOEX 77"),
        ("С123 4567", "C123 4567"),  # a Cyrillic Es
    ],
)
def test_found_in_every_spelling(ask: Ask, typed: str, listed: str) -> None:
    found = only(ask(typed))
    assert (found.registration, found.tier, found.typed) == (listed, Tier.EXACT, typed)


@pytest.mark.parametrize(
    ("query", "unit", "listed_as", "registration"),
    [
        ({"trailer": "C1234567"}, Unit.TRAILER, "trailer", "C123 4567"),
        ({"trailer": "AB12CDE"}, Unit.TRAILER, "vehicle", "AB12 CDE"),
        ({"vehicle": "D9998877"}, Unit.VEHICLE, "trailer", "D999 8877"),
        ({"container": "CSQU3054383"}, Unit.CONTAINER, "container", "CSQU 305438 3"),
        ({"vehicle": "CSQU3054383"}, Unit.VEHICLE, "container", "CSQU 305438 3"),
    ],
)
def test_every_unit_is_held_against_entries_of_every_kind(
    ask: Ask, query: dict[str, str], unit: Unit, listed_as: str, registration: str
) -> None:
    found = only(ask(**{"vehicle": "NO11 ONE", **query}))
    assert (found.unit, found.listed_as, found.registration) == (unit, listed_as, registration)


@pytest.mark.parametrize(
    ("query", "tier", "why"),
    [
        ({"vehicle": "AB12CXE", "country": "GB"}, Tier.NEAR, "same country"),
        ({"vehicle": "AB12CXE"}, Tier.WEAK, "place 6: X where the list has D"),
        ({"vehicle": "AB12CED", "country": "RO"}, Tier.WEAK, "the list gives another country"),
        ({"vehicle": "AB12CED", "trailer": "c1234567"}, Tier.LOOKALIKE, "same trailer"),
        ({"vehicle": "WX1234", "country": "SK", "haulier": "TRANSPOL"}, Tier.NEAR, "same haulier"),
        ({"vehicle": "WX1234", "country": "SK"}, Tier.WEAK, "another country"),
    ],
)
def test_what_corroborates_and_what_does_not(
    ask: Ask, query: dict[str, str], tier: Tier, why: str
) -> None:
    found = next(match for match in ask(**query).matches if match.unit is Unit.VEHICLE)
    assert found.tier is tier
    assert why in found.why


def test_a_trailers_country_is_not_its_tractors(ask: Ask) -> None:
    found = only(ask("NO11 ONE", trailer="C123 4576", trailer_country="NL"))
    assert (found.tier, "country" in found.why) == (Tier.NEAR, False)


def test_the_vehicle_corroborates_its_trailer(ask: Ask) -> None:
    found = ask("AB12CDE", trailer="C123 4576").matches
    assert [(m.unit, m.tier) for m in found] == [
        (Unit.VEHICLE, Tier.EXACT),
        (Unit.TRAILER, Tier.LOOKALIKE),
    ]
    assert found[1].why.endswith("same vehicle")


def test_a_container_with_a_wrong_check_digit_is_a_mistyped_one(ask: Ask) -> None:
    mistyped = ask("NO11 ONE", container="CSQU 305538 3")
    assert mistyped.verdict is Verdict.POSSIBLE
    assert "only one of the two can be" in only(mistyped).why
    assert any("check digit" in remark for remark in mistyped.remarks)
    another = ask("NO11 ONE", container="CSQU 315438 0")
    assert another.verdict is Verdict.CLEAR


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ({"vehicle": "LB1OCDE", "country": "GB"}, "LB1OCDE looks mistyped: place 4: letter O"),
        ({"vehicle": "LB1OCDEX", "country": "GB"}, "not a usual shape for United Kingdom"),
        ({"vehicle": "1A2B3C4D5"}, "not a usual shape for any country held here"),
        ({"vehicle": "NO11ONE", "trailer": "QQ1Z", "trailer_country": "PL"}, "QQ1Z looks mistyped"),
    ],
)
def test_what_looks_mistyped_is_said_and_not_refused(
    ask: Ask, query: dict[str, str], remark: str
) -> None:
    found = ask(**query)
    assert found.verdict is Verdict.CLEAR
    assert any(remark in said for said in found.remarks)


@pytest.mark.parametrize(
    "query",
    [
        {"vehicle": "QB12CDE", "country": "GB"},
        {"vehicle": "QB12CDE"},
        {"vehicle": "LB1OCDE", "country": "AM"},
        {"vehicle": "A812CDE", "country": "GB"},  # a lookalike of a listed one: that is said
    ],
)
def test_nothing_is_said_of_a_usual_mark_or_a_found_one(ask: Ask, query: dict[str, str]) -> None:
    assert ask(**query).remarks == ()


def test_an_entry_whose_trailer_is_no_registration_does_no_harm(
    context: Context, take: Take
) -> None:
    take([{"Registration": "AB12 CDE", "Trailer": "see notes; 2 of them (red)"}])
    found = answer(
        context.connection,
        Query("AB12 CED", trailer="X1"),
        now=context.now(),
        zone=context.zone_here(),
    )
    assert found.verdict is Verdict.POSSIBLE


def test_odds_are_those_of_the_list(ask: Ask, context: Context) -> None:
    (one,) = ask("AB12CDE").lists
    assert one.odds is not None
    assert one.odds.entries == one.rows == len(LISTED)
    assert one.odds.of(Tier.NEAR) >= 0


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"vehicle": "AB?2"}, RegistrationRefused),
        ({"vehicle": ""}, RegistrationRefused),
        ({"vehicle": "AB12CDE", "trailer": "#"}, RegistrationRefused),
        ({"vehicle": "AB12CDE", "country": "Atlantis"}, Refused),
    ],
)
def test_refused(ask: Ask, query: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(**query)


def test_a_fleet_is_not_alerted(context: Context, take: Take) -> None:
    """Neither country nor haulier makes the next lorry of a listed haulier a match."""
    take([{"Registration": "WX 12345", "Country": "PL", "Haulier": "Trans-Pol Sp. z o.o."}])
    for number in (12344, 12346, 12355, 12385):
        query = Query(f"WX {number}", "PL", haulier="Trans-Pol")
        found = answer(context.connection, query, now=context.now(), zone=context.zone_here())
        assert found.verdict is Verdict.CLEAR, number
        assert [match.tier for match in found.matches] == [Tier.WEAK]
