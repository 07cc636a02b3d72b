"""A vehicle is checked: shown, then written down as it was shown."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from portcheck.domain.answer import Verdict
from portcheck.domain.enforceability import Enforceable
from portcheck.errors import NotFound, Refused, RegistrationRefused
from portcheck.journal.append import Actor
from portcheck.journal.events import adapter
from portcheck.journal.exchange import receive, sealed
from portcheck.services import operation
from portcheck.services.checks.check import Observed, SavedCheck, answer_only, prepare, record
from portcheck.services.checks.records import find_check
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end
from portcheck.services.day.overview import CheckView
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching.matcher import Query
from portcheck.store import projections
from portcheck.store.finder import lists_in_force
from portcheck.store.known import Known
from portcheck.store.schema import open_in_memory

Check = Callable[..., SavedCheck]
Seen = Callable[..., CheckView]


def events(context: Context) -> list[str]:
    return [
        row[0] for row in context.connection.execute("SELECT kind FROM journal ORDER BY position")
    ]


def test_a_listed_vehicle_is_shown_and_then_recorded(under_way: Context, seen: Seen) -> None:
    before = events(under_way)
    prepared = prepare(under_way, Query("ab12cde", "UK"), Observed())
    assert prepared.answer.verdict is Verdict.LISTED
    assert prepared.answer.enforceable_pence == 240000
    assert events(under_way) == before

    saved = record(under_way, prepared)
    assert (saved.ref, saved.operation, saved.warnings) == ("L1-001", "Portsmouth 17 June", ())
    assert events(under_way) == [*before, "check_recorded"]
    check = seen("L1-001")
    assert (check.vehicle, check.vehicle_key, check.country) == ("ab12cde", "AB12CDE", "GB")
    assert (check.verdict, check.unresolved) == ("listed", 1)
    assert check.primary_outcome == "match_unresolved"
    assert check.lists == [{"name": "CECPT", "version": 1}]
    (match,) = check.matches
    assert (match.tier, match.registration, match.decision) == ("exact", "AB12 CDE", "open")
    (penalty,) = match.penalties
    assert (penalty["reference"], penalty["owed_pence"]) == ("CP-1042", 240000)
    assert (penalty["enforceable"], penalty["rule"]) == ("yes", 8)
    assert penalty["reasons"]


def test_the_evidence_does_not_depend_on_the_list(
    under_way: Context, check: Check, seen: Seen, take: Callable[..., Any]
) -> None:
    check("AB12CDE")
    before = seen("L1-001").matches
    take([{"Registration": "ZZ99 ZZZ"}])
    assert seen("L1-001").matches == before


def test_a_clear_vehicle_remembers_the_list_it_was_held_against(
    under_way: Context, check: Check, seen: Seen
) -> None:
    check("NO11 ONE")
    found = seen("L1-001")
    assert (found.verdict, found.matches, found.unresolved) == ("clear", [], 0)
    assert found.lists == [{"name": "CECPT", "version": 1}]
    assert found.primary_outcome == "not_searched"


def test_everything_can_be_said_at_once(under_way: Context, check: Check, seen: Seen) -> None:
    saved = check(
        "AB12CDE",
        trailer="C123 4567",
        trailer_country="PL",
        container="CSQU3054383",
        details={"direction": "inbound", "lane": "4", "accompanied": False},
        outcome={
            "searched": ["dog"],
            "penalties": [{"reference": "cp 1042", "action": "paid_in_full", "method": "card"}],
        },
        decision="confirmed",
    )
    assert saved.warnings == ()
    assert events(under_way)[-3:] == ["check_recorded", "match_decided", "outcome_recorded"]
    found = seen("L1-001")
    assert (found.trailer, found.trailer_country, found.container) == (
        "C123 4567",
        "PL",
        "CSQU3054383",
    )
    assert found.details == {"direction": "inbound", "lane": "4", "accompanied": False}
    assert found.outcome["penalties"] == [
        {
            "reference": "CP-1042",
            "action": "paid_in_full",
            "method": "card",
            "amount_pence": 240000,
        }
    ]
    assert found.primary_outcome == "penalty_enforced"
    assert found.matches[0].decision == "confirmed"


def test_numbers_run_by_device_and_operation(
    under_way: Context, check: Check, new_context: Callable[..., Context]
) -> None:
    other = new_context(device="L2")
    operation.use(other, "Portsmouth 17 June")
    refs = [check("A1 AAA").ref, check("A1 AAB", other).ref, check("A1 AAC").ref]
    assert refs == ["L1-001", "L2-001", "L1-002"]
    operation.start(under_way, "Dover")
    assert check("A1 AAD").ref == "L1-001"
    operation.use(under_way, "Portsmouth 17 June")
    assert check("A1 AAE").ref == "L1-003"


def test_a_number_may_have_more_than_three_digits(under_way: Context, check: Check) -> None:
    check("A1 AAA")
    under_way.connection.execute("UPDATE vehicle_check SET number = 999")
    assert check("A1 AAB").ref == "L1-1000"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"outcome": {"minors": 1}}, "more minors than persons"),
    ({"outcome": {"nothing_found": True, "persons": 1}}, "nothing found, and yet"),
    (
        {"outcome": {"penalties": [{"reference": "CP-9", "action": "refused"}]}},
        "no penalty line “CP-9”",
    ),
    (
        {"outcome": {"penalties": [{"reference": "CP-1042", "action": "part_paid"}]}},
        "part_paid needs an amount",
    ),
    ({"decision": "rejected"}, "rejected with a reason"),
]


@pytest.mark.parametrize(("observed", "said"), REFUSED)
def test_what_is_refused_leaves_nothing_behind(
    under_way: Context, check: Check, observed: dict[str, Any], said: str
) -> None:
    before = events(under_way)
    with pytest.raises(Refused, match=said):
        check("AB12CDE", **observed)
    assert events(under_way) == before


def test_there_must_be_a_match_to_decide_on(under_way: Context, check: Check) -> None:
    with pytest.raises(Refused, match="no match to be confirmed"):
        check("NO11 ONE", decision="confirmed")


@pytest.mark.parametrize("text", ["", "  ", "?!", "AB12CDE & CO", "X" * 18])
def test_what_is_no_registration_is_refused(under_way: Context, check: Check, text: str) -> None:
    with pytest.raises(RegistrationRefused):
        check(text)


def test_an_unknown_country_is_refused(under_way: Context, check: Check) -> None:
    with pytest.raises(Refused, match="is not a country"):
        check("AB12CDE", country="Atlantis")


def test_without_an_operation_nothing_is_recorded(
    context: Context, take: Callable[..., Any], check: Check
) -> None:
    take([{"Registration": "AB12 CDE"}])
    with pytest.raises(Refused, match="no operation is under way on device L1") as refusal:
        check("AB12CDE")
    assert "portcheck op start" in refusal.value.hint


def test_without_a_list_it_must_be_asked_for(context: Context, check: Check, seen: Seen) -> None:
    operation.start(context, "Dover")
    with pytest.raises(Refused, match="no list is in force"):
        check("AB12CDE")
    check("AB12CDE", no_list=True)
    found = seen("L1-001")
    assert (found.screened, found.verdict, found.lists) == (False, "clear", [])


def test_an_operation_that_ended_meanwhile_takes_no_check(under_way: Context) -> None:
    prepared = prepare(under_way, Query("NO11 ONE"), Observed())
    end(under_way)
    before = events(under_way)
    with pytest.raises(Refused, match="ended meanwhile"):
        record(under_way, prepared)
    assert events(under_way) == before


@pytest.mark.parametrize(
    ("back", "days", "answer"),
    [
        (timedelta(seconds=9), 0, Enforceable.YES),  # clocks are set by a little every day
        (timedelta(hours=1), None, Enforceable.REFER),
        (timedelta(days=30), None, Enforceable.REFER),
    ],
)
def test_a_list_of_after_now_is_of_no_known_age(
    under_way: Context,
    clock: list[datetime],
    back: timedelta,
    days: int | None,
    answer: Enforceable,
) -> None:
    clock.append(clock[-1] - back)
    found = prepare(under_way, Query("AB12CDE"), Observed()).answer
    assert found.lists[0].days_old == days
    assert found.lists[0].stale is (days is None)
    assert any("CLOCK IS BEHIND" in remark for remark in found.remarks) is (days is None)
    (penalty,) = found.matches[0].penalties
    assert penalty.assessment.enforceable is answer


def test_a_check_of_before_the_import_is_no_wrong_clock(
    under_way: Context, clock: list[datetime]
) -> None:
    morning = Observed(at=clock[-1] - timedelta(hours=3))
    found = prepare(under_way, Query("AB12CDE"), morning).answer
    assert (found.lists[0].days_old, found.lists[0].stale) == (0, False)
    assert found.remarks == ()
    assert answer_only(under_way, Query("AB12CDE"), morning.at).lists == found.lists


@pytest.mark.parametrize(
    ("days", "answer", "rule"), [(7, Enforceable.YES, 8), (8, Enforceable.REFER, 7)]
)
def test_a_stale_list_refers(
    under_way: Context, clock: list[datetime], days: int, answer: Enforceable, rule: int
) -> None:
    clock.append(clock[-1] + timedelta(days=days))
    found = prepare(under_way, Query("AB12CDE"), Observed()).answer
    assert found.lists[0].stale is (days > 7)
    (penalty,) = found.matches[0].penalties
    assert (penalty.assessment.enforceable, penalty.assessment.rule) == (answer, rule)


def test_the_day_is_that_of_the_operations_zone(
    under_way: Context, clock: list[datetime], take: Callable[..., Any]
) -> None:
    """Due on 17 June: an hour before midnight UTC it is the 18th in London."""
    row = {
        "Registration": "DU17 EEE",
        "Haulier": "Acme",
        "Issued on": "04/01/2021",
        "Due on": "17/06/2021",
        "Balance": "5",
    }
    take([row])
    for hour, answer in ((22, Enforceable.NO), (23, Enforceable.YES)):
        clock.append(clock[0].replace(hour=hour, minute=30))
        found = prepare(under_way, Query("DU17EEE"), Observed()).answer
        assert found.matches[0].penalties[0].assessment.enforceable is answer


def test_a_check_is_found_by_its_reference(under_way: Context, check: Check) -> None:
    saved = check("AB12CDE")
    identity = under_way.operation().operation_id
    for ref in ("L1-001", "l1-1", "1", " 001 ", saved.check_id, saved.check_id.upper()):
        found = find_check(under_way, ref, identity)
        assert found.check_id == saved.check_id


@pytest.mark.parametrize(
    "ref", ["", "2", "L2-001", "0", "-1", "L1-", "x", "9" * 30, "L1-" + "9" * 5000, "AB12CDE", "%"]
)
def test_a_check_that_is_not_there(under_way: Context, check: Check, ref: str) -> None:
    check("AB12CDE")
    identity = under_way.operation().operation_id
    with pytest.raises(NotFound, match="there is no check"):
        find_check(under_way, ref, identity)


def test_a_check_of_another_operation_is_not_there(under_way: Context, check: Check) -> None:
    check("AB12CDE")
    other = operation.start(under_way, "Dover")
    with pytest.raises(NotFound):
        find_check(under_way, "L1-001", other.operation_id)


def test_hostile_text_is_cleaned_on_the_way_in(
    under_way: Context, check: Check, seen: Seen
) -> None:
    with pytest.raises(RegistrationRefused):
        check("AB12CDE\x1b[31m")
    check("AB12\u202eCDE", trailer="C1\n234567")
    found = seen("L1-001")
    assert (found.vehicle, found.trailer) == ("AB12CDE", "C1 234567")
    payloads = [
        json.loads(row[0]) for row in under_way.connection.execute("SELECT payload FROM fact")
    ]
    assert not any("\x1b" in json.dumps(p, ensure_ascii=False) for p in payloads)


def test_what_a_check_shows_of_a_list_is_known_by_content(
    context: Context, take: Callable[..., ImportResult], check: Check
) -> None:
    """Row numbers and numbers of versions are this file's own: no event depends on them."""
    take([{"Registration": "AB12 CDE", "Haulier": "Acme Ltd", "Balance": "2400",
           "Status": "outstanding"}])  # fmt: skip
    operation.start(context, "Portsmouth")
    check("AB12 CDE")
    of_list = context.connection.execute("SELECT entries_sha256 FROM list_version").fetchone()[0]
    entry = context.connection.execute("SELECT content FROM entry").fetchone()[0].hex()
    (text,) = context.connection.execute(
        "SELECT payload FROM fact WHERE kind = 'check_recorded'"
    ).fetchone()
    fact = json.loads(text)
    (match,) = fact["matches"]
    (line,) = match["penalties"]
    assert [one["entries_sha256"] for one in fact["lists"]] == [of_list]
    assert (match["entries_sha256"], line["entry"], line["entry_id"]) == (of_list, entry, 0)
    kept = context.connection.execute("SELECT line_key FROM match_penalty").fetchone()[0]
    assert json.loads(kept) == ["CECPT", entry]


def test_a_list_that_is_not_held_is_not_in_force(
    context: Context, take: Callable[..., ImportResult]
) -> None:
    """Another device imported it; only its event came here, and says nothing of any vehicle."""
    take([{"Registration": "AB12 CDE"}])
    with closing(open_in_memory()) as elsewhere:
        theirs = replace(context, connection=elsewhere, who=Actor("2", "Port", "L2"), known=Known())
        with theirs.writing() as writer:
            imported = context.connection.execute(
                "SELECT payload FROM fact WHERE kind = 'list_imported'"
            ).fetchone()[0]
            event = adapter().validate_json(imported)
            writer.append(event.model_copy(update={"version": 7, "entries_sha256": "77"}))
        with context.writing():
            came = receive(
                context.connection, list(sealed(elsewhere, {})), source="t", now=context.now()
            )
            projections.take(context.connection, 1)
    assert (came.events, came.refused) == (1, [])
    (found,) = lists_in_force(context.connection)
    assert (found.version, found.name) == (1, "CECPT")
