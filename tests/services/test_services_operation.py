"""Operations: one is current on each device, and what an ended one came to stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portcheck.domain.tally import Tally, contradictions
from portcheck.errors import NotFound, Refused, WrongUsage
from portcheck.journal.events import OperationOpened
from portcheck.services import operation
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.decide import decide
from portcheck.services.context import Context
from portcheck.services.custody.audit import verify
from portcheck.services.day.end_operation import end
from portcheck.services.day.overview import operations
from portcheck.services.day.tally import tally

Check = Callable[..., SavedCheck]


def test_an_operation_is_opened_and_current(context: Context) -> None:
    row = operation.start(
        context,
        " Portsmouth \n 17 June ",
        site="Portsmouth\x1b",
        agencies=["Police", "", "Border Force", "Police"],
    )
    assert (row.name, row.site, row.timezone) == (
        "Portsmouth 17 June",
        "Portsmouth",
        "Europe/London",
    )
    assert row.marking == "OFFICIAL-SENSITIVE"
    assert context.operation() == row
    (view,) = operations(context)
    assert (view.agencies, view.checks, view.current) == (["Police", "Border Force"], 0, True)
    assert tally(context).agencies == ["Police", "Border Force"]


def test_its_beginning_and_zone_may_be_given(context: Context, clock: list[datetime]) -> None:
    began = clock[-1] - timedelta(hours=3)
    row = operation.start(context, "Calais", started_at=began, timezone="Europe/Paris")
    assert (row.started_at, row.timezone) == (began, "Europe/Paris")
    assert tally(context).started_at == "2021-06-17T11:00:00+02:00"


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("", "england_and_wales"),
        ("Scotland", "scotland"),
        ("Northern Ireland", "northern_ireland"),
        ("outside", "outside"),
    ],
)
def test_it_takes_place_in_a_part_of_the_united_kingdom(
    context: Context, part: str, kept: str
) -> None:
    operation.start(context, "Cairnryan", part=part)
    assert operations(context)[0].part == kept


def test_a_part_nobody_knows_is_refused(context: Context) -> None:
    with pytest.raises(WrongUsage, match="is no part of the United Kingdom"):
        operation.start(context, "Cairnryan", part="Cornwall")
    assert operations(context) == []


@pytest.mark.parametrize("name", ["", "   ", "\u200b\x07"])
def test_an_operation_needs_a_name(context: Context, name: str) -> None:
    with pytest.raises(Refused, match="needs a name"):
        operation.start(context, name)


def test_a_zone_nobody_knows_is_refused(context: Context) -> None:
    with pytest.raises(WrongUsage, match="is not a time zone"):
        operation.start(context, "Dover", timezone="Mars/Olympus")
    assert operations(context) == []


def test_a_name_is_given_once(context: Context) -> None:
    operation.start(context, "Dover")
    for name in ("Dover", "DOVER", " dover "):
        with pytest.raises(Refused, match="there is an operation “Dover” already"):
            operation.start(context, name)
    end(context)
    with pytest.raises(Refused, match="already"):
        operation.start(context, "Dover")


def test_each_device_has_its_own(context: Context, new_context: Callable[..., Context]) -> None:
    first = operation.start(context, "Dover")
    other = new_context(device="L2")
    with pytest.raises(Refused, match="no operation is under way on device L2"):
        other.operation()
    second = operation.start(other, "Calais")
    assert context.operation() == first
    assert operation.use(other, "DOVER") == first
    assert other.operation() == first
    operation.use(context, second.operation_id)
    assert context.operation() == second
    current = {view.name: view.current for view in operations(other)}
    assert current == {"Dover": True, "Calais": False}


def test_an_operation_that_is_not_there(context: Context) -> None:
    for call in (operation.use, operation.named, end, tally):
        with pytest.raises(NotFound, match="there is no operation “Dover”"):
            call(context, "Dover")
    for call in (operation.named, end, tally):
        with pytest.raises(Refused, match="no operation is under way"):
            call(context, "")


# The end.


def test_an_ended_operation_is_current_nowhere(
    under_way: Context, new_context: Callable[..., Context]
) -> None:
    other = new_context(device="L2")
    operation.use(other, "Portsmouth 17 June")
    end(other)
    for context in (under_way, other):
        with pytest.raises(Refused, match="no operation is under way"):
            context.operation()
    with pytest.raises(Refused, match="has ended"):
        operation.use(under_way, "Portsmouth 17 June")
    with pytest.raises(Refused, match="has ended already"):
        end(under_way, "Portsmouth 17 June")


def test_one_may_be_ended_by_its_name(under_way: Context) -> None:
    operation.start(under_way, "Dover")
    end(under_way, "portsmouth 17 june")
    assert under_way.operation().name == "Dover"


def test_it_does_not_end_while_a_match_waits(under_way: Context, check: Check) -> None:
    check("AB12CDE")
    check("AB12CDE")
    with pytest.raises(Refused, match="2 matches unresolved: L1-001, L1-002") as refusal:
        end(under_way)
    assert "--reason" in refusal.value.hint
    assert under_way.operation()
    decide(under_way, "L1-001", under_way.operation().operation_id, confirm=True)
    with pytest.raises(Refused, match="1 match unresolved: L1-002"):
        end(under_way)


def test_it_ends_with_a_reason(under_way: Context, check: Check, clock: list[datetime]) -> None:
    check("AB12CDE")
    before = tally(under_way)
    clock.append(clock[-1] + timedelta(hours=5))
    end(under_way, reason="the ferry left")
    (view,) = operations(under_way)
    assert (view.end_reason, view.ended_at) == ("the ferry left", clock[-1])
    assert view.fingerprint == before.fingerprint
    kept = tally(under_way, "Portsmouth 17 June")
    assert kept.ended_at == "2021-06-17T18:00:00+01:00"
    assert kept.fingerprint == before.fingerprint
    assert (kept.checks, kept.matches, kept.complete) == (1, before.matches, False)
    assert verify(under_way, kept.fingerprint).intact


def test_what_it_came_to_stays_as_it_was(
    under_way: Context,
    check: Check,
    take: Callable[..., Any],
    new_context: Callable[..., Context],
) -> None:
    check(
        "AB12CDE",
        decision="confirmed",
        details={"direction": "inbound", "body": "tanker", "lane": "4"},
        outcome={
            "searched": ["dog"],
            "cash": [{"currency": "EUR", "amount_minor": 5, "disposal": "seized"}],
            "penalties": [{"reference": "CP-1042", "action": "paid_in_full"}],
        },
    )
    check("NO11 ONE", new_context(officer="4712"))
    end(under_way)
    name = "Portsmouth 17 June"
    document = tally(under_way, name).document()
    assert document["penalties"]["enforced_pence"] == 240000

    take([{"Registration": "NO11 ONE"}])  # the checks of an ended operation are left alone
    take([{"Registration": "AB12 CDE"}], "POLICE")
    operation.start(under_way, "Dover")
    check("AB12CDE", decision="confirmed")
    assert tally(under_way, name).document() == document
    assert contradictions(tally(under_way, name)) == []
    again = new_context(officer="9", device="L9")
    assert tally(again, name).document() == document


def test_an_operation_with_nothing_in_it(under_way: Context) -> None:
    found: Tally = tally(under_way)
    assert found.checks == 0
    assert found.complete
    assert contradictions(found) == []
    assert sum(found.primary_outcomes.values()) == 0
    assert found.press_sentence.startswith("0 HGVs checked; 0 outstanding penalties enforced")
    end(under_way)
    assert tally(under_way, "Portsmouth 17 June").checks == 0


def test_operations_are_listed_newest_first(
    context: Context, clock: list[datetime], take: Callable[..., Any], check: Check
) -> None:
    take([{"Registration": "AB12 CDE"}])
    for name in ("First", "Second"):
        operation.start(context, name)
        clock.append(clock[-1] + timedelta(days=1))
    check("AB12CDE")
    check("NO11 ONE")
    views = operations(context)
    assert [(v.name, v.checks, v.unresolved) for v in views] == [("Second", 2, 1), ("First", 0, 0)]
    assert operations(context, views[0].operation_id) == views[:1]


def test_two_operations_of_one_name_are_told_apart(context: Context) -> None:
    """Devices that did not know of each other may have opened them."""
    first = operation.start(context, "Port")
    with context.writing() as writer:
        writer.append(
            OperationOpened(
                operation_id="other",
                name="port",
                timezone="Europe/London",
                marking="M",
                started_at=context.now(),
            )
        )
    with pytest.raises(Refused, match="is 2 operations") as refused:
        operation.use(context, "PORT")
    assert "is other" in refused.value.hint
    assert operation.use(context, "other").operation_id == "other"
    assert operation.use(context, first.operation_id) == first
