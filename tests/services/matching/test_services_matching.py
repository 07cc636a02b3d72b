"""One matcher over real lists: every unit, every spelling, and what is said beside a match."""

import csv
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

import portcheck
from portcheck.domain.answer import Answer, Match, Unit, Verdict
from portcheck.domain.matching import Tier
from portcheck.errors import Refused, RegistrationRefused
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching.matcher import Query, answer

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
        return answer(context, Query(vehicle, **more), now=now, zone=context.zone_here())

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
        ({"vehicle": "HÖ-X 78"}, Tier.WEAK, "place 6: 8 where the list has 7; read as HOEX78"),
        ({"vehicle": "HOEX 78"}, Tier.WEAK, "place 6: 8 where the list has 7"),
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
        ({"vehicle": "TASU1170001"}, "container TASU1170001: check digit should be 0, not 1"),
        ({"vehicle": "1A2B 3C4D 5E6F 7"}, "longer than any registration: is it two?"),
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
        {"vehicle": "TASU1170000"},  # a container's number is no vehicle's, and is no mistake
    ],
)
def test_nothing_is_said_of_a_usual_mark_or_a_found_one(ask: Ask, query: dict[str, str]) -> None:
    assert ask(**query).remarks == ()


def test_an_entry_whose_trailer_is_no_registration_does_no_harm(
    context: Context, take: Take
) -> None:
    take([{"Registration": "AB12 CDE", "Trailer": "see notes; 2 of them (red)"}])
    found = answer(
        context,
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
        ({"vehicle": "AB12CDE / C1234567"}, RegistrationRefused),
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
        found = answer(context, query, now=context.now(), zone=context.zone_here())
        assert found.verdict is Verdict.CLEAR, number
        assert [match.tier for match in found.matches] == [Tier.WEAK]


@pytest.mark.parametrize(
    ("query", "tier", "why"),
    [
        ({"vehicle": "GB AB12 CDE"}, Tier.EXACT, "same registration; GB taken for the country"),
        ({"vehicle": "UK-AB12CDE"}, Tier.EXACT, "; UK taken for the country"),
        ({"vehicle": "AB12 CDE (GB)"}, Tier.EXACT, "; GB taken for the country"),
        ({"vehicle": "AB12 CDE/UK"}, Tier.EXACT, "; UK taken for the country"),
        ({"vehicle": "PLWX12345"}, Tier.EXACT, "; PL taken for the country"),
        ({"vehicle": "GB AB12 CED"}, Tier.NEAR, "6–7 swapped; GB taken for"),
        ({"vehicle": "RO KL65 XYZ"}, Tier.EXACT, "the list gives another country; RO taken for"),
        ({"vehicle": "RO KL65 XYZ", "country": "GB"}, Tier.EXACT, "same registration; RO taken"),
        ({"vehicle": "RO AB12 CDE"}, Tier.NEAR, "the list gives another country; RO taken for"),
    ],
)
def test_a_countrys_sign_typed_before_the_mark(
    ask: Ask, query: dict[str, str], tier: Tier | None, why: str
) -> None:
    found = ask(**query).matches
    assert [match.tier for match in found] == ([tier] if tier else [])
    assert all(why in match.why for match in found)
    assert all(match.typed == query["vehicle"] for match in found)


def test_a_containers_number_in_the_vehicles_field_is_read_as_one(ask: Ask) -> None:
    found = only(ask("CSQU 305538 3"))
    assert (found.unit, found.listed_as, found.tier) == (Unit.VEHICLE, "container", Tier.NEAR)
    assert "only one of the two can be" in found.why


def test_a_trailer_that_repeats_its_tractors_mark_is_of_its_country(
    context: Context, take: Take
) -> None:
    take([
        {"Registration": "AB12 CDE", "Country": "GB", "Trailer": "AB12CDE", "Unit": "tractor",
         "Penalty reference": "1"},
        {"Registration": "AB12 CDE", "Country": "GB", "Unit": "tractor", "Penalty reference": "2"},
    ])  # fmt: skip
    for typed, tier in (
        ("AB12CDE", Tier.NEAR),  # in Romania AB is Alba
        ("AB1ZCDE", Tier.LOOKALIKE),
        ("AB12CED", Tier.WEAK),
    ):
        query = Query(typed, "RO", trailer=typed)
        found = answer(context, query, now=context.now(), zone=context.zone_here())
        vehicle, trailer = sorted(found.matches, key=lambda match: match.unit == "trailer")
        assert (vehicle.unit, vehicle.tier, len(vehicle.penalties)) == (Unit.VEHICLE, tier, 2)
        assert "the list gives another country" in vehicle.why
        assert (trailer.unit, len(trailer.penalties)) == (Unit.TRAILER, 2)
        assert "same" not in trailer.why.replace("same registration", "")


@pytest.mark.parametrize(
    ("row", "typed"),
    [
        ({"Unit": "trailer", "Trailer": "XAB 12"}, "XAB12"),
        ({"Trailer": "XAB 12"}, "XAB12"),
        ({"Unit": "container", "Container": "CSQU3054383"}, "CSQU3054383"),
    ],
)
def test_an_entry_without_a_registration_of_its_own_is_found_by_what_it_has(
    context: Context, take: Take, row: dict[str, str], typed: str
) -> None:
    take([{"Registration": "", "Country": "PL"} | row])
    zone = context.zone_here()
    (match,) = answer(context, Query(typed), now=context.now(), zone=zone).matches
    listed = row.get("Trailer") or row["Container"]
    assert (match.registration, match.country, match.tier) == (listed, "PL", Tier.EXACT)


def test_an_entry_for_a_trailer_that_names_another_besides(context: Context, take: Take) -> None:
    take([{"Registration": "D999 8877", "Country": "GB", "Unit": "trailer", "Trailer": "XAB 12"}])
    own = answer(context, Query("D9998877"), now=context.now(), zone=context.zone_here())
    assert only(own).registration == "D999 8877"
    other = answer(context, Query("XAB21", "LT"), now=context.now(), zone=context.zone_here())
    assert (only(other).registration, only(other).tier) == ("XAB 12", Tier.NEAR)


def test_one_mark_in_two_spellings_does_not_bear_itself_out(ask: Ask) -> None:
    found = ask("MU AB 21", trailer="MUE AB 12").matches
    assert {match.unit: match.tier for match in found} == {
        Unit.TRAILER: Tier.EXACT,
        Unit.VEHICLE: Tier.NEAR,
    }


def other_process(context: Context, *words: str | Path) -> None:
    """The program on the same database, by somebody else."""
    call = [sys.executable, "-m", "portcheck", "--db", context.path, *words]
    subprocess.run(call, check=True, capture_output=True, timeout=60, cwd=context.path.parent)


@pytest.mark.slow
def test_what_another_process_does_to_a_list_is_seen_at_once(
    ask: Ask, context: Context, tmp_path: Path
) -> None:
    """The skeletons and the names in memory are those of the newest version, always."""
    file = tmp_path / "newer.csv"

    def write(*marks: str) -> Path:
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(
                [
                    ["Registration", "Penalty reference", "Haulier"],
                    *([mark, "9", "Newcomer Ltd"] for mark in marks),
                ]
            )
        return file

    def listed() -> list[str]:
        return [mark for mark in ("AB12CDE", "ST18UVW", "NO66MOR") if ask(mark).matches]

    def advised() -> bool:
        return bool(ask("QQ11QQQ", haulier="Newcomer").advice)

    assert (listed(), advised()) == (["AB12CDE"], False)
    other_process(context, "list", "import", write("ST18 UVW"), "--yes")
    assert (listed(), advised()) == (["ST18UVW"], True)
    other_process(context, "list", "import", write("NO66 MOR"), "--add")
    assert (listed(), advised()) == (["ST18UVW", "NO66MOR"], True)
    other_process(context, "list", "rollback", "1")
    assert (listed(), advised()) == (["AB12CDE"], False)


@pytest.mark.parametrize(
    ("called", "by"),
    [
        ("compare(", {"domain/matching/comparing.py", "services/matching/grading.py"}),
        ("finder.candidates(", {"services/matching/grading.py"}),
        ("graded(", {"services/matching/grading.py", "services/matching/matcher.py"}),
    ],
)
def test_there_is_one_matcher(called: str, by: set[str]) -> None:
    """Look-up, check, screen, feed, lane and corrections all come through it."""
    source = Path(portcheck.__file__).parent
    callers = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if re.search(rf"(?<![\w.]){re.escape(called)}", path.read_text(encoding="utf-8"))
    }
    assert callers == by


@pytest.mark.parametrize(
    ("mark", "of", "other"),
    [
        ("AA-123-AA", "FR", "IT"),
        ("AA-123-AA", "IT", "FR"),
        ("AB-12-34", "NL", "PT"),
        ("12-AB-34", "PT", "NL"),
        ("ABC 123", "LT", "HU"),
        ("ABC-123", "BE", "HU"),
        ("AB 12345", "NO", "IT"),
    ],
)
def test_one_mark_of_two_countries_is_possible_at_most(
    context: Context, take: Take, mark: str, of: str, other: str
) -> None:
    take([{"Registration": mark, "Country": of}])

    def asked(text: str, country: str = "") -> Answer:
        query = Query(text, country)
        return answer(context, query, now=context.now(), zone=context.zone_here())

    assert (asked(mark).verdict, asked(mark, of).verdict) == (Verdict.LISTED, Verdict.LISTED)
    for found in (asked(mark, other), asked(f"{mark} ({other})"), asked(f"({other}) {mark}")):
        assert (found.verdict, only(found).country) == (Verdict.POSSIBLE, of)
        assert "the list gives another country" in only(found).why


def test_another_country_that_has_no_such_mark_hides_nothing(ask: Ask) -> None:
    found = ask("KL65 XYZ", country="PL")
    assert found.verdict is Verdict.LISTED
    assert only(found).why == "same registration; the list gives another country"


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("BM W 1234", Verdict.POSSIBLE),
        ("BM-W1234", Verdict.POSSIBLE),
        ("(D) BM-W 1234", Verdict.POSSIBLE),
        ("B MW 1234", Verdict.LISTED),
        ("D B-MW 1234", Verdict.LISTED),
        ("BMW1234", Verdict.LISTED),
        ("BMW 1234", Verdict.LISTED),
    ],
)
@pytest.mark.parametrize("country", ["", "DE"])
def test_other_gaps_make_another_german_mark(
    context: Context, take: Take, country: str, typed: str, verdict: Verdict
) -> None:
    take([{"Registration": "B-MW 1234", "Country": country}])
    found = answer(context, Query(typed), now=context.now(), zone=context.zone_here())
    assert found.verdict is verdict
    if verdict is Verdict.POSSIBLE:
        assert "parts it otherwise" in only(found).why


def test_two_countries_signs_beside_one_mark_are_two_vehicles(context: Context, take: Take) -> None:
    """Each is a match of its own, with its own penalty, to be decided by itself."""
    take(
        [
            {"Registration": "ABC-123 H", "Penalty reference": "CP-1"},
            {"Registration": "ABC 123 LT", "Penalty reference": "CP-2"},
        ]
    )
    for typed in ("ABC-123", "LT ABC 123"):
        found = answer(context, Query(typed), now=context.now(), zone=context.zone_here())
        shown = {
            one.registration: [p.line.reference for p in one.penalties] for one in found.matches
        }
        assert shown == {"ABC-123 H": ["CP-1"], "ABC 123 LT": ["CP-2"]}


WRITTEN = ("{mark}", "{sign} {mark}", "{mark} {sign}", "{mark} ({sign})", "({sign}) {mark}",
           "{sign}/{mark}", "{mark}-{sign}")  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "mark", "country"),
    [("GB", "C1234567", "GB"), ("PL", "WGM 1234", "PL"), ("I", "AB 123 CF", "IT")],
)
@pytest.mark.parametrize("listed", WRITTEN)
def test_a_listed_sign_is_passed_over_in_every_combination(
    context: Context, take: Take, listed: str, sign: str, mark: str, country: str
) -> None:
    take([{"Registration": listed.format(sign=sign, mark=mark), "Penalty reference": "1"}])
    for typed in WRITTEN:
        query = Query(typed.format(sign=sign, mark=mark))
        found = answer(context, query, now=context.now(), zone=context.zone_here())
        assert only(found).tier is Tier.EXACT, (typed, listed)
        assert only(found).country == ("" if listed == "{mark}" else country)
        assert found.marks[0].key == mark.replace(" ", "")
        assert found.marks[0].country == ("" if typed == "{mark}" else country)


@pytest.mark.parametrize(
    ("listed", "typed", "verdict"),
    [
        ("M-AB 123 H", "M-AB 123 H", Verdict.LISTED),
        ("M-AB 123 H", "MAB123H", Verdict.LISTED),
        ("M-AB 123 H", "ABC 999", Verdict.CLEAR),
        ("HH AB 123 E", "HH AB 123 E", Verdict.LISTED),
        ("HH AB 123 E", "E HH AB 123", Verdict.CLEAR),
        ("B MW 1234", "B MW 1234", Verdict.LISTED),
        ("ABC 123", "ABC 123 H", Verdict.POSSIBLE),  # British, or Hungarian with its sign
        ("1234 BCD", "E 1234 BCD", Verdict.POSSIBLE),
        ("1234 BCD", "E 1234 BCF", Verdict.CLEAR),  # a reading that is not sure is not stretched
        ("ABC 123 H", "ABC 123", Verdict.POSSIBLE),
        ("ABC 123 H", "ABC 123 (H)", Verdict.POSSIBLE),
    ],
)
def test_what_is_a_mark_as_it_stands_is_found_as_it_stands(
    context: Context, take: Take, listed: str, typed: str, verdict: Verdict
) -> None:
    take([{"Registration": listed}])
    found = answer(context, Query(typed), now=context.now(), zone=context.zone_here())
    assert found.verdict is verdict


def test_a_sign_that_may_be_part_of_the_mark_is_told(context: Context, take: Take) -> None:
    take([{"Registration": "1234 BCD", "Country": "ES"}])
    asked = context, Query("E 1234 BCD")
    found = only(answer(*asked, now=context.now(), zone=context.zone_here()))
    assert found.why.startswith("read the plate again: the same registration if E is a country's")
    french = answer(context, Query("E 1234 BCD", "FR"), now=context.now(), zone=context.zone_here())
    assert "if E is" not in "".join(match.why for match in french.matches)


def test_one_query_finds_every_reading(context: Context, take: Take) -> None:
    take([{"Registration": "MÜ-AB 12"}, {"Registration": "AB12 CDE"}])
    for typed in ("(D) MÜ-AB 12", "D-MÜ-AB 12", "GB AB12 CDE", "AB12CDE"):
        said: list[str] = []
        context.connection.set_trace_callback(said.append)
        answer(context, Query(typed), now=context.now(), zone=context.zone_here())
        context.connection.set_trace_callback(None)
        assert sum("entry_mark AS m" in one for one in said) == 1
