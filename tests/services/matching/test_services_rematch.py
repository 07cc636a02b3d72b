"""After an import, checks that were clear and are now listed are named."""

import json
from collections.abc import Callable
from typing import Any

from portcheck.domain.tally import Tally
from portcheck.services import operation
from portcheck.services.checks.check import Observed, SavedCheck, prepare, record
from portcheck.services.checks.correct import Correction, amend, void
from portcheck.services.checks.decide import decide
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end
from portcheck.services.day.overview import CheckView
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.lists.list_versions import roll_back
from portcheck.services.matching.matcher import Query

Check = Callable[..., SavedCheck]
Seen = Callable[..., CheckView]
Take = Callable[..., ImportResult]
Counted = Callable[[], Tally]


def named(*registrations: str, **more: str) -> list[dict[str, str]]:
    return [{"Registration": text} | more for text in registrations]


def test_an_earlier_clear_that_is_now_listed_is_named(
    under_way: Context, check: Check, take: Take, seen: Seen, counted: Counted
) -> None:
    check("NO11 ONE")
    check("ZZ99 ZZZ", trailer="C123 4567")
    check("OK11 OKK")
    found = take(named("NO11 ONE", "C123 4567"))
    assert found.now_listed == ("L1-001", "L1-002")

    later = seen("L1-001")
    (match,) = later.matches
    assert (match.later, match.decision, match.list_version) == (True, "open", 2)
    assert (later.unresolved, later.verdict) == (1, "clear")  # what the officer was shown stays
    assert later.primary_outcome == "match_unresolved"
    assert [m.unit for m in seen("L1-002").matches] == ["trailer"]
    assert counted().matches.unresolved == 2
    assert [one.ref for one in counted().unresolved] == ["L1-001", "L1-002"]
    facts = under_way.connection.execute(
        "SELECT payload FROM fact WHERE kind = 'matches_found_later' ORDER BY position"
    ).fetchall()
    assert [json.loads(payload)["list_version"] for (payload,) in facts] == [2, 2]


def test_what_was_listed_before_is_not_named_again(
    under_way: Context, check: Check, take: Take, seen: Seen
) -> None:
    check("AB12CDE")
    check("AB1ZCDE")  # a lookalike of the same entry
    decide(under_way, "L1-002", under_way.operation().operation_id, confirm=False, reason="no")
    row = {"Registration": "AB12 CDE", "Penalty reference": "CP-1042", "Balance": "1"}
    assert take([row]).now_listed == ()
    assert take([row, *named("ZZ99 ZZZ")]).now_listed == ()
    assert [m.decision for m in seen("L1-002").matches] == ["rejected"]


def test_a_weak_match_names_nobody(under_way: Context, check: Check, take: Take) -> None:
    check("FL33 TAA")
    assert take(named("FL34 TAA")).now_listed == ()


def test_a_match_on_another_list_is_another_match(
    under_way: Context, check: Check, take: Take, seen: Seen
) -> None:
    check("AB12CDE")
    assert take(named("AB12 CDE"), "POLICE").now_listed == ("L1-001",)
    assert [(m.number, m.list_name) for m in seen("L1-001").matches] == [
        (1, "CECPT"),
        (2, "POLICE"),
    ]


def test_void_checks_and_ended_operations_are_left_alone(
    under_way: Context, check: Check, take: Take
) -> None:
    check("NO11 ONE")
    end(under_way)
    second = operation.start(under_way, "Dover")
    check("NO11 ONE")
    check("NO11 ONE")
    void(under_way, "L1-001", second.operation_id, "typed twice")
    assert take(named("NO11 ONE")).now_listed == ("L1-002",)


def test_every_open_operation_is_looked_at(under_way: Context, check: Check, take: Take) -> None:
    check("NO11 ONE")
    operation.start(under_way, "Dover")
    check("ZZ99 ZZZ")
    assert take(named("NO11 ONE", "ZZ99 ZZZ")).now_listed == ("L1-001", "L1-001")


def test_a_corrected_registration_is_the_one_that_is_matched(
    under_way: Context, check: Check, take: Take
) -> None:
    check("NO11 ONE")
    wanted = Correction({"vehicle": "WR11 ONG"}, {}, {})
    amend(under_way, "L1-001", under_way.operation().operation_id, wanted, "misread")
    assert take(named("NO11 ONE")).now_listed == ()
    assert take(named("WR11 ONG")).now_listed == ("L1-001",)


def test_a_match_that_was_replaced_is_found_again(
    under_way: Context, check: Check, take: Take, seen: Seen
) -> None:
    """Listed, off the list while another mark was corrected, and listed again."""
    check("AB12CDE")
    take(named("ZZ99 ZZZ"))
    wanted = Correction({"container": "CSQU3054383"}, {}, {})
    amend(under_way, "L1-001", under_way.operation().operation_id, wanted, "forgotten")
    assert [m.decision for m in seen("L1-001").matches] == ["replaced"]
    assert take(named("AB12 CDE")).now_listed == ("L1-001",)
    assert [(m.number, m.decision) for m in seen("L1-001").matches] == [
        (1, "replaced"),
        (2, "open"),
    ]


def test_a_list_imported_between_the_answer_and_its_recording(
    under_way: Context, take: Take, seen: Seen
) -> None:
    prepared = prepare(under_way, Query("NO11 ONE"), Observed())
    take(named("NO11 ONE"))
    saved = record(under_way, prepared)
    assert any("imported meanwhile" in warning for warning in saved.warnings)
    found = seen(saved.ref)
    assert [m.later for m in found.matches] == [True]
    assert found.lists == [{"name": "CECPT", "version": 1}]


def test_going_back_to_an_earlier_version_names_checks_too(
    under_way: Context, check: Check, take: Take, counted: Counted
) -> None:
    take(named("ZZ99 ZZZ"))
    check("AB12CDE")
    assert counted().matches.exact == 0
    assert roll_back(under_way, "CECPT", 1).now_listed == ("L1-001",)
    assert counted().matches.unresolved == 1


def test_a_haulier_typed_with_a_check_is_no_match(
    under_way: Context, check: Check, take: Take
) -> None:
    check("NO11 ONE", haulier="Acme Ltd", details={"haulier": "Acme Ltd"})
    assert take(named("ZZ99 ZZZ", Haulier="ACME LIMITED")).now_listed == ()


def test_nothing_is_listed_twice_by_importing_twice(
    under_way: Context, check: Check, take: Take, counted: Counted
) -> None:
    check("NO11 ONE")
    take(named("NO11 ONE"))
    rows: list[dict[str, Any]] = named("NO11 ONE", "B2 BBB")
    assert take(rows).now_listed == ()
    assert counted().matches.exact == 1
