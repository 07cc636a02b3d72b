"""Corrections: the original stays beside them, and a changed registration is matched again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from portcheck.domain.tally import Tally
from portcheck.errors import NotFound, Refused, RegistrationRefused
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.correct import Correction, amend, count_again, void
from portcheck.services.checks.decide import decide
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end
from portcheck.services.day.explain import explain
from portcheck.services.day.overview import CheckView
from portcheck.services.day.selection import select
from portcheck.services.lists.import_list import ImportResult
from portcheck.store import projections
from portcheck.store.connection import transaction

Check = Callable[..., SavedCheck]
Seen = Callable[..., CheckView]
Counted = Callable[[], Tally]
Take = Callable[..., ImportResult]
Amend = Callable[..., list[str]]


@pytest.fixture
def change(under_way: Context) -> Amend:
    """Amends the first check; returns the names of the fields that changed."""

    def changing(
        reason: str = "misread",
        details: dict[str, Any] | None = None,
        outcome: dict[str, Any] | None = None,
        at: datetime | None = None,
        cleared: tuple[str, ...] = (),
        **registrations: str,
    ) -> list[str]:
        wanted = Correction(registrations, details or {}, outcome or {}, at, cleared)
        operation = under_way.operation().operation_id
        return [one.field for one in amend(under_way, "L1-001", operation, wanted, reason)[1]]

    return changing


def journal_length(context: Context) -> int:
    return int(context.connection.execute("SELECT COUNT(*) FROM journal").fetchone()[0])


BEFORE: dict[str, Any] = {
    "details": {"lane": "4", "direction": "inbound", "accompanied": True, "haulier": "Acme"},
    "outcome": {
        "searched": ["dog"],
        "persons": 1,
        "detained": True,
        "seal": "intact",
        "notes": ["a"],
        "arrests": [{"count": 1}],
    },
}
AMENDED: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("text", {"details": {"lane": "5"}}, "4", "5"),
    ("choice", {"details": {"direction": "outbound"}}, "inbound", "outbound"),
    ("flag", {"details": {"accompanied": False}}, True, False),
    ("new text", {"details": {"origin": "Caen"}}, None, "Caen"),
    ("count", {"outcome": {"persons": 0}}, 1, 0),
    ("choices", {"outcome": {"searched": ["co2"]}}, ["dog"], ["co2"]),
    ("texts", {"outcome": {"notes": ["b", "c"]}}, ["a"], ["b", "c"]),
    ("records", {"outcome": {"arrests": [{"count": 2}]}}, [{"count": 1}], [{"count": 2}]),
    ("flag of an outcome", {"outcome": {"detained": False}}, True, False),
    ("new count", {"outcome": {"minors": 1}}, None, 1),
    ("nought where there was nothing", {"outcome": {"minors": 0}}, None, 0),
    ("no where there was nothing", {"outcome": {"medical_help": False}}, None, False),
    ("a detail cleared", {"cleared": ("lane",)}, "4", None),
    ("an outcome cleared", {"cleared": ("arrests",)}, [{"count": 1}], None),
    ("a flag cleared", {"cleared": ("accompanied",)}, True, None),
    ("blank is cleared", {"details": {"haulier": ""}}, "Acme", None),
]


@pytest.mark.parametrize(
    ("wanted", "before", "after"), [case[1:] for case in AMENDED], ids=[case[0] for case in AMENDED]
)
def test_any_field_is_corrected_and_the_original_stays(
    check: Check, seen: Seen, change: Amend, wanted: dict[str, Any], before: Any, after: Any
) -> None:
    check("NO11 ONE", **BEFORE)
    (name,) = change(**wanted)
    found = seen("L1-001")
    (amendment,) = found.amendments
    assert (amendment.field, amendment.before, amendment.after) == (name, before, after)
    assert (amendment.officer, amendment.reason) == ("4711", "misread")
    values = BEFORE["details"] | BEFORE["outcome"] | {name: after}
    if values[name] in (None, ""):
        del values[name]
    assert found.details | found.outcome == values


def test_a_recorded_no_can_be_cleared_and_said_again(
    check: Check, seen: Seen, change: Amend
) -> None:
    check("NO11 ONE", details={"accompanied": False}, outcome={"persons": 0})
    assert change(cleared=("accompanied", "persons")) == ["accompanied", "persons"]
    found = seen("L1-001")
    assert (found.details, found.outcome) == ({}, {})
    assert [(a.before, a.after) for a in found.amendments] == [(False, None), (0, None)]
    assert change(details={"accompanied": False}) == ["accompanied"]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"details": {"lane": "4"}},
        {"outcome": {"persons": 1}},
        {"outcome": {"searched": ["dog"]}},
        {"vehicle": "NO11 ONE"},
        {"trailer": ""},
        {"cleared": ("origin", "trailer", "minors")},
        {"at": datetime(2021, 6, 17, 12, tzinfo=UTC)},
    ],
)
def test_no_change_is_refused(
    under_way: Context, check: Check, change: Amend, wanted: dict[str, Any]
) -> None:
    check("NO11 ONE", **BEFORE)
    before = journal_length(under_way)
    with pytest.raises(Refused, match="already says so"):
        change(**wanted)
    assert journal_length(under_way) == before


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"reason": "", "details": {"lane": "5"}}, Refused, "needs a reason"),
    ({"outcome": {"minors": 2}}, Refused, "more minors"),
    ({"outcome": {"nothing_found": True}}, Refused, "nothing found, and yet persons found"),
    ({"cleared": ("persons",), "outcome": {"minors": 1}}, Refused, "more minors"),
    ({"cleared": ("vehicle",)}, Refused, "not a field that can be cleared"),
    ({"cleared": ("ref",)}, Refused, "not a field that can be cleared"),
    ({"vehicle": "--"}, RegistrationRefused, "has no letter or digit"),
    ({"country": "Atlantis"}, Refused, "is not a country"),
    (
        {"outcome": {"penalties": [{"reference": "X", "action": "refused"}]}},
        Refused,
        "no penalty line",
    ),
]


@pytest.mark.parametrize(("wanted", "error", "said"), REFUSED)
def test_what_is_refused_changes_nothing(
    under_way: Context,
    check: Check,
    change: Amend,
    wanted: dict[str, Any],
    error: type[Exception],
    said: str,
) -> None:
    check("NO11 ONE", **BEFORE)
    before = journal_length(under_way)
    with pytest.raises(error, match=said):
        change(**wanted)
    assert journal_length(under_way) == before


def test_the_time_is_corrected(check: Check, seen: Seen, change: Amend) -> None:
    check("NO11 ONE")
    earlier = datetime(2021, 6, 17, 9, 5, tzinfo=UTC)
    assert change(at=earlier) == ["at"]
    found = seen("L1-001")
    assert found.at == earlier
    assert found.amendments[0].before == "2021-06-17T12:00:00.000000Z"


def test_a_corrected_time_or_haulier_is_assessed_anew(
    under_way: Context, take: Take, check: Check, seen: Seen, change: Amend
) -> None:
    """A check is assessed as of its own time; what says the same reopens no decision."""
    row = {"Registration": "XY11 XYZ", "Penalty reference": "CP-9", "Haulier": "Weald",
           "Issued on": "17/04/2021", "Balance": "100.00", "Status": "overdue"}  # fmt: skip
    take([row], name="POLICE")
    check("XY11XYZ", decision="confirmed")

    def stands() -> list[tuple[str, str]]:
        matches = [one for one in seen("L1-001").matches if one.decision != "replaced"]
        return [(one.decision, p["enforceable"]) for one in matches for p in one.penalties]

    assert stands() == [("confirmed", "yes")]  # due the day before
    change(at=datetime(2021, 6, 17, 6, 30, tzinfo=UTC))
    assert stands() == [("confirmed", "yes")]
    change(details={"haulier": "Downs"})
    assert stands() == [("open", "refer")]
    change(details={"haulier": "Weald"})
    assert stands() == [("open", "yes")]
    change(at=datetime(2021, 6, 16, 6, 30, tzinfo=UTC))
    assert stands() == [("open", "no")]


def test_a_misread_registration_is_matched_again(
    check: Check, seen: Seen, change: Amend, counted: Counted
) -> None:
    check("NO11 ONE")
    assert counted().matches.unresolved == 0
    assert change(vehicle="AB12 CDE", country="GB") == ["vehicle", "country", "vehicle_key"]
    found = seen("L1-001")
    assert (found.vehicle, found.vehicle_key, found.country) == ("AB12 CDE", "AB12CDE", "GB")
    assert (found.verdict, found.unresolved) == ("listed", 1)
    assert [m.decision for m in found.matches] == ["open"]
    assert counted().amended == 1
    assert counted().by_country == {"GB": 1}


def test_a_match_of_the_misread_registration_is_replaced(
    under_way: Context, check: Check, seen: Seen, change: Amend, counted: Counted
) -> None:
    check(
        "AB12 CDE",
        decision="confirmed",
        outcome={"penalties": [{"reference": "CP-1042", "action": "paid_in_full"}]},
    )
    assert counted().penalties.enforced_pence == 240000
    with pytest.raises(Refused, match="no longer be on a match"):
        change(vehicle="AB12 XYZ")
    with pytest.raises(Refused, match="no longer be on a match"):
        decide(
            under_way,
            "L1-001",
            under_way.operation().operation_id,
            confirm=False,
            reason="another make",
            number=1,
        )
    change(vehicle="AB12 XYZ", cleared=("penalties",))
    found = seen("L1-001")
    assert [(m.number, m.decision) for m in found.matches] == [(1, "replaced")]
    assert (found.verdict, found.unresolved) == ("clear", 0)
    after = counted()
    assert (after.matches.exact, after.matches.confirmed) == (0, 0)
    assert (after.penalties.listed_pence, after.penalties.enforced_pence) == (0, 0)
    with pytest.raises(Refused, match="no match number 1"):
        decide(under_way, "L1-001", under_way.operation().operation_id, confirm=True, number=1)


def test_a_spelling_reopens_no_decision(check: Check, seen: Seen, change: Amend) -> None:
    check("AB12CDE", decision="confirmed")
    assert change(vehicle="ab12-cde") == ["vehicle"]
    found = seen("L1-001")
    assert (found.vehicle, found.vehicle_key, found.unresolved) == ("ab12-cde", "AB12CDE", 0)
    assert [m.decision for m in found.matches] == ["confirmed"]
    assert change(country="GB") == ["country"]
    assert [m.decision for m in seen("L1-001").matches] == ["replaced", "open"]


def test_and_back_again(check: Check, seen: Seen, change: Amend) -> None:
    check("AB12 CDE")
    change(vehicle="AB12 XYZ")
    change(vehicle="AB12 CDE")
    found = seen("L1-001")
    assert [(m.number, m.decision) for m in found.matches] == [(1, "replaced"), (2, "open")]
    assert len(found.amendments) == 4


def test_a_trailer_and_a_container_come_and_go(
    check: Check, seen: Seen, change: Amend, take: Callable[..., ImportResult]
) -> None:
    take([{"Registration": "C123 4567", "Vehicle type": "trailer"}], "TRAILERS")
    check("NO11 ONE")
    changed = change(trailer="C1234567", trailer_country="PL", container="CSQU3054383")
    assert set(changed) == {
        "trailer",
        "trailer_country",
        "container",
        "trailer_key",
        "container_key",
    }
    found = seen("L1-001")
    assert (found.trailer, found.trailer_country, found.container) == (
        "C1234567",
        "PL",
        "CSQU3054383",
    )
    assert [(m.unit, m.list_name) for m in found.matches] == [("trailer", "TRAILERS")]
    assert set(change(cleared=("trailer", "trailer_country"))) == {
        "trailer",
        "trailer_country",
        "trailer_key",
    }
    found = seen("L1-001")
    assert (found.trailer, found.container, found.unresolved) == ("", "CSQU3054383", 0)


def test_a_check_made_without_a_list_is_screened_by_its_correction(
    under_way: Context, check: Check, seen: Seen, change: Amend, counted: Counted
) -> None:
    under_way.connection.execute("UPDATE action_list SET version = 99")
    check("NO11 ONE", no_list=True)
    assert counted().not_screened == 1
    under_way.connection.execute("UPDATE action_list SET version = 1")
    change(vehicle="AB12 CDE")
    assert seen("L1-001").verdict == "listed"
    assert seen("L1-001").screened
    assert counted().not_screened == 0


# Void.


def test_a_void_check_stays_and_does_not_count(
    under_way: Context, check: Check, seen: Seen, counted: Counted
) -> None:
    check("AB12 CDE", outcome={"persons": 2})
    check("NO11 ONE")
    identity = under_way.operation().operation_id
    void(under_way, "L1-001", identity, "typed twice")
    found = seen("L1-001")
    assert (found.voided, found.void_reason, found.outcome) == (True, "typed twice", {"persons": 2})
    after = counted()
    assert (after.checks, after.voided, after.counts["persons_found"]) == (1, 1, 0)
    assert (after.matches.unresolved, after.unresolved) == (0, [])
    assert check("A1 AAA").ref == "L1-003"  # its number is not given again


def test_a_void_check_counts_again_with_all_that_was_recorded(
    under_way: Context, check: Check, seen: Seen, counted: Counted
) -> None:
    check("AB12 CDE", outcome={"persons": 2, "notes": ["in the roof"]})
    identity = under_way.operation().operation_id
    before, tally = seen("L1-001"), counted()
    with pytest.raises(Refused, match="check L1-001 is not void"):
        count_again(under_way, "L1-001", identity)
    void(under_way, "L1-001", identity, "typed twice")
    assert under_way.connection.execute("SELECT COUNT(*) FROM finding").fetchone() == (0,)
    _, warnings = count_again(under_way, "1", identity, " it was\n not ")
    assert warnings == []
    found = seen("L1-001")
    assert replace(found, amendments=[]) == before
    assert [(a.field, a.before, a.after, a.reason) for a in found.amendments] == [
        ("void", False, True, "typed twice"),
        ("void", True, False, "it was not"),
    ]
    after = counted()
    assert replace(after, fingerprint="") == replace(tally, fingerprint="")
    kept = projections.dump(under_way.connection)
    with transaction(under_way.connection):
        projections.rebuild(under_way.connection)
    assert projections.dump(under_way.connection) == kept
    void(under_way, "L1-001", identity, "typed twice after all")
    assert (seen("L1-001").void_reason, counted().voided) == ("typed twice after all", 1)
    assert explain(under_way, select(under_way), "voided").total == 1


def test_it_is_matched_with_the_lists_that_came_in_meanwhile(
    under_way: Context, check: Check, take: Take, seen: Seen
) -> None:
    check("NO11 ONE")
    identity = under_way.operation().operation_id
    void(under_way, "L1-001", identity, "typed twice")
    result = take([{"Registration": "NO11 ONE"}], "POLICE")
    assert result.now_listed == ()
    _, warnings = count_again(under_way, "L1-001", identity)
    assert warnings == ["list POLICE was imported meanwhile and names it: “log show L1-001”"]
    (match,) = seen("L1-001").matches
    assert (match.list_name, match.decision, match.later) == ("POLICE", "open", True)


def test_an_ended_operation_keeps_the_check_that_was_void_at_its_end(
    under_way: Context, check: Check
) -> None:
    check("NO11 ONE")
    check("NO22 TWO")
    operation = under_way.operation()
    void(under_way, "L1-001", operation.operation_id, "typed twice")
    end(under_way)
    count_again(under_way, "L1-001", operation.operation_id, "late")
    signed = explain(under_way, select(under_way, (operation.name,)), "voided")
    assert [share.ref for share in signed.shares] == ["L1-001"]
    anew = select(under_way, (operation.name,), recount=True)
    assert explain(under_way, anew, "voided").shares == []
    assert explain(under_way, anew, "checks").total == 2


def test_a_void_check_takes_nothing_more(under_way: Context, check: Check, change: Amend) -> None:
    check("NO11 ONE")
    identity = under_way.operation().operation_id
    with pytest.raises(Refused, match="with a reason"):
        void(under_way, "L1-001", identity, "")
    void(under_way, "L1-001", identity, "typed twice")
    with pytest.raises(Refused, match="is void"):
        void(under_way, "L1-001", identity, "again")
    with pytest.raises(Refused, match="is void"):
        change(details={"lane": "5"})
    with pytest.raises(NotFound):
        void(under_way, "L1-002", identity, "x")
