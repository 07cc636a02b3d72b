"""When the figures were last held against the journal: on the screen, in JSON, in every report."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from portcheck.domain.statement import Held
from portcheck.report.contract.report import NarrowedTally, Report
from portcheck.report.sections import held_line
from portcheck.report.tallydocuments import tally_document
from portcheck.services import operation
from portcheck.services.checks.check import SavedCheck
from portcheck.services.context import Context
from portcheck.services.custody.audit import verify
from portcheck.services.day.end_operation import end
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement

Written = Callable[..., bytes]
Check = Callable[..., SavedCheck]
NEVER = "Not held against the journal yet: “portcheck audit verify” does"
NOON = "2021-06-17T12:00:00+01:00"
AT_NOON = "Last held against the journal 2021-06-17 12:00 by 4711; 0 events since"


def held(context: Context, *names: str, **options: Any) -> Held | None:
    return statement(context, select(context, names, **options)).held


def test_it_is_told_with_the_events_since(
    context: Context, check: Check, clock: list[datetime]
) -> None:
    assert held(context) is None
    assert verify(context).recorded
    assert held(context) == Held(NOON, "4711", 0)
    clock.append(clock[-1] + timedelta(hours=1))
    check("KX65 ZZA")
    check("KX65 ZZB")
    assert held(context) == Held(NOON, "4711", 2)
    assert held(context, since="11:00") == Held(NOON, "4711", 2)
    assert verify(context, journal_only=True).intact
    assert held(context) == Held(NOON, "4711", 2)
    assert verify(context).recorded
    assert held(context) == Held("2021-06-17T13:00:00+01:00", "4711", 0)


def test_an_end_counts_what_it_rests_on_and_no_later_event(
    context: Context, check: Check, clock: list[datetime]
) -> None:
    verify(context)
    check("KX65 ZZA")
    end(context)
    assert held(context, "Dover") == Held(NOON, "4711", 2)
    operation.start(context, "Folkestone")
    check("KX65 ZZB")
    assert held(context, "Dover") == Held(NOON, "4711", 2)
    end(context)
    assert held(context, "Dover", "Folkestone") == Held(NOON, "4711", 5)
    assert held(context, "Dover", recount=True) == Held(NOON, "4711", 5)
    clock.append(clock[-1] + timedelta(days=1))
    verify(context)
    assert held(context, "Dover") == Held("2021-06-18T12:00:00+01:00", "4711", 0)
    assert '"held":' not in context.connection.execute("SELECT tally FROM operation").fetchone()[0]


@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".md"])
def test_every_report_says_so(
    suffix: str, context: Context, written: Written, readers: ModuleType
) -> None:
    assert NEVER in readers.as_text(suffix, written(context, suffix))
    verify(context)
    assert AT_NOON in readers.as_text(suffix, written(context, suffix))


def test_the_documents_carry_it(context: Context, written: Written) -> None:
    printed = tally_document(statement(context, select(context)))
    assert printed["held"] is None
    assert json.loads(written(context, ".json"))["held"] is None
    verify(context)
    found = tally_document(statement(context, select(context)))
    assert NarrowedTally.model_validate(found).model_dump(mode="json")["held"] == {
        "at": NOON,
        "officer": "4711",
        "events_since": 0,
    }
    report = Report.model_validate_json(written(context, ".json"))
    assert report.held is not None
    assert report.held.model_dump() == found["held"]


def test_what_was_altered_afterwards_is_counted_all_the_same(
    context: Context, check: Check
) -> None:
    check("KX65 ZZA")
    verify(context)
    context.connection.execute("UPDATE check_sum SET value = 'FR' WHERE kind = 'country'")
    found = statement(context, select(context))
    assert (found.tally.by_country, held_line(found)) == ({"FR": 1}, AT_NOON)
    assert not verify(context).intact
    assert held(context) == Held(NOON, "4711", 0)
