"""Every total is traced to its checks; groups sum to the whole; what has ended stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from portcheck.errors import Refused, WrongUsage
from portcheck.intake.files.source import source_of_bytes
from portcheck.journal.events import OperationEnded
from portcheck.services import operation
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.correct import Correction, amend, void
from portcheck.services.checks.decide import decide, record_outcome
from portcheck.services.context import Context
from portcheck.services.custody.doctor import rebuild
from portcheck.services.day.end_operation import end
from portcheck.services.day.explain import explain
from portcheck.services.day.groups import BY, groups
from portcheck.services.day.selection import Selection, select
from portcheck.services.day.tally import corrected_since, statement, tally
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.store import frozen

Written = Callable[..., bytes]
Check = Callable[..., SavedCheck]
DOVER = "Dover"


@pytest.mark.slow
@pytest.mark.parametrize("day", ["portsmouth", "eventful", "without_sum", "context"])
def test_every_figure_is_traced_to_its_checks(day: str, request: pytest.FixtureRequest) -> None:
    context: Context = request.getfixturevalue(day)
    selection = select(context, ("Portsmouth 17 June 2021",) if day == "portsmouth" else ())
    figures = statement(context, selection).figures()
    for key, number in figures.items():
        found = explain(context, selection, key)
        assert found.figure == key
        assert found.total == number
        assert sum(one.number for one in found.shares) == number, key
        assert all(one.number > 0 for one in found.shares), key
    assert len(figures) > 45


def test_a_figure_names_its_checks(eventful: Context) -> None:
    here = select(eventful)

    def refs(figure: str) -> list[tuple[str, int]]:
        return [(one.ref, one.number) for one in explain(eventful, here, figure).shares]

    assert refs("enforced_pence") == [("L1-001", 100000)]
    assert refs("cash.EUR") == [("L1-001", 125050)]
    assert refs("vehicles")[:2] == [("L1-001", 1), ("L1-003", 1)]
    assert refs("voided") == [("L1-006", 1)]
    assert refs("amended") == [("L1-003", 1)]
    assert refs("arrests") == [("L1-002", 2), ("L1-005", 1)]
    assert refs("not_enforceable.objection") == [("L1-001", 100000)]


def test_money_taken_without_a_sum_names_its_check_and_says_so(without_sum: Context) -> None:
    here = select(without_sum)
    enforced = explain(without_sum, here, "enforced_pence")
    assert [(one.ref, one.number) for one in enforced.shares] == [
        ("L1-001", 100000),
        ("L1-007", 20000),
    ]
    assert enforced.note == (
        "The list gives no sum for 1 penalty line: what is owed there is not known;"
        " £200.00 taken there is enforced"
    )
    apart = explain(without_sum, here, "enforced_without_sum_pence")
    assert [(one.ref, one.number) for one in apart.shares] == [("L1-007", 20000)]
    assert explain(without_sum, here, "penalty_enforced").total == 1  # L1-001 counts as cash
    assert explain(without_sum, here, "checks").note == ""


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("sunshine", "is not a figure"),
        ("by_country.XX", "is not a figure"),
        ("", "is not a figure"),
        ("not_recorded", "may be by_"),
    ],
)
def test_what_is_no_figure_is_refused(eventful: Context, figure: str, said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        explain(eventful, select(eventful), figure)


@pytest.mark.slow
@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("day", ["portsmouth", "eventful", "without_sum", "context"])
def test_groups_sum_to_the_tally(by: str, day: str, request: pytest.FixtureRequest) -> None:
    context: Context = request.getfixturevalue(day)
    names = ("Portsmouth 17 June 2021",) if day == "portsmouth" else ()
    whole, parts = groups(context, select(context, names), by)
    found = whole.tally
    matches = found.matches
    sums = {
        "checks": found.checks,
        "searched": found.counts["searched"],
        "matches": matches.exact + matches.lookalike + matches.near,
        "confirmed": matches.confirmed,
        "persons_found": found.counts["persons_found"],
        "traffic_offences": found.counts["traffic_offences"],
        "drivers_educated": found.counts["drivers_educated"],
        "enforced_pence": found.penalties.enforced_pence,
    }
    for name, number in sums.items():
        assert sum(getattr(one, name) for one in parts) == number, name
    checks = {one.name: one.checks for one in parts}
    if by == "direction":
        directions = {"inbound": found.inbound, "outbound": found.outbound}
        assert {name: checks.get(name, 0) for name in directions} == directions
    elif by == "site":
        assert list(checks) == ([found.site] if found.checks else [])
    else:
        assert list(checks.items()) == list(getattr(found, f"by_{by}").items())


# Parts of a day, and several days


def test_a_part_of_the_day(context: Context, check: Check, clock: list[datetime]) -> None:
    for _ in range(4):
        check("A1 AAA", outcome={"searched": ["dog"]})
        clock.append(clock[-1] + timedelta(hours=1))
    part = statement(context, select(context, since="13:00", until="15:00"))
    assert (part.tally.checks, part.tally.counts["searched"]) == (2, 2)
    assert part.tally.by_hour == {"2021-06-17T13": 1, "2021-06-17T14": 1}
    assert (part.since, part.until) == ("2021-06-17T13:00:00+01:00", "2021-06-17T15:00:00+01:00")
    assert part.narrowed
    assert part.contradictions() == []
    assert not statement(context, select(context)).narrowed


def test_a_clock_time_is_one_of_the_operation_s_day(
    context: Context, clock: list[datetime]
) -> None:
    """Of the next day where the operation went on into it, and had not begun by then."""
    assert select(context, since="11:30").since == clock[0] - timedelta(minutes=30)
    clock.append(clock[0] + timedelta(days=30))
    assert select(context, since="13:30").since == clock[0] + timedelta(minutes=90)
    assert select(context, since="02:00").since == clock[0] + timedelta(hours=14)
    assert select(context, since="17/06/2021 12:30").since == clock[0] + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("since", "until", "error", "said"),
    [
        ("13:00", "12:00", WrongUsage, "not before"),
        ("12:30", "12:30", WrongUsage, "not before"),
        ("soon", "", Refused, "not a time"),
        ("", "25:00", Refused, "not a time"),
    ],
)
def test_times_that_cannot_be_are_refused(
    context: Context, since: str, until: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        select(context, since=since, until=until)


def test_several_operations_count_together(
    eventful: Context, check: Check, clock: list[datetime]
) -> None:
    first = statement(eventful, select(eventful))
    end(eventful, reason="night")
    clock.append(clock[-1] + timedelta(days=1))
    operation.start(eventful, "Folkestone", site="Tunnel", agencies=("Police", "Port"))
    check("AB12 CDE", decision="confirmed", country="GB")
    both = statement(eventful, select(eventful, ("Dover", "Folkestone", "dover")))
    assert both.operations == ["Dover", "Folkestone"]
    assert both.tally.checks == first.tally.checks + 1
    assert both.tally.vehicles == first.tally.vehicles  # the lorry came to both
    assert both.tally.penalties == first.tally.penalties
    assert both.tally.agencies == ["Police", "Port"]
    assert both.tally.site == "Dover Western Docks, Tunnel"
    assert both.tally.ended_at is None
    assert both.contradictions() == []


# What has ended


def changed_afterwards(context: Context, current: str) -> None:
    """Everything that can happen to the checks of an operation after its end."""
    amend(context, "L1-001", current, Correction({}, {"lane": "9"}, {}), "late")
    amend(context, "L1-002", current, Correction({"vehicle": "QQ1 QQQ"}, {}, {}), "late")
    decide(context, "L1-004", current, confirm=False, reason="late")
    record_outcome(context, "L1-004", current, {"education": ["talk"]})
    void(context, "L1-005", current, "late")
    import_list(
        context,
        source_of_bytes("next.csv", b"Registration,Penalty reference,Balance\nGA777QQ,CP-9,500\n"),
        ImportOptions(list_name="CECPT", confirm=lambda _: True),
    )


@pytest.fixture
def ended(eventful: Context) -> str:
    """Dover over, with a match that was never decided; its identity."""
    current = eventful.operation().operation_id
    end(eventful, reason="the shift is over")
    return current


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".json", ".csv", ".md"])
def test_a_report_stays_byte_for_byte(
    suffix: str, eventful: Context, ended: str, clock: list[datetime], written: Written
) -> None:
    first = written(eventful, suffix, DOVER)
    clock.append(clock[-1] + timedelta(days=400))
    changed_afterwards(eventful, ended)
    assert written(eventful, suffix, DOVER) == first
    rebuild(eventful)
    assert written(eventful, suffix, DOVER) == first
    assert corrected_since(eventful, select(eventful, (DOVER,))) == 4
    assert written(eventful, suffix, DOVER, recount=True) != first


@pytest.mark.slow
def test_whatever_is_asked_of_what_has_ended_is_as_at_its_end(
    eventful: Context, ended: str, clock: list[datetime]
) -> None:
    def asked() -> list[Any]:
        here = select(eventful, (DOVER,))
        part = replace(here, until=clock[0] + timedelta(seconds=1))
        return [
            statement(eventful, here),
            statement(eventful, part),
            *(groups(eventful, here, by) for by in BY),
            *(explain(eventful, here, key) for key in statement(eventful, here).figures()),
        ]

    before = asked()
    clock.append(clock[-1] + timedelta(days=1))
    changed_afterwards(eventful, ended)
    assert asked() == before
    kept, anew = tally(eventful, DOVER), tally(eventful, DOVER, recount=True)
    assert (kept.checks, anew.checks) == (5, 4)
    assert kept.matches.unresolved == 2
    assert anew.matches.unresolved == 0
    assert "9" in anew.by_lane


def test_several_that_have_ended_stay_as_they_were(
    eventful: Context, ended: str, check: Check, clock: list[datetime]
) -> None:
    clock.append(clock[-1] + timedelta(days=1))
    operation.start(eventful, "Folkestone")
    check("AB12 CDE", decision="confirmed")
    end(eventful)
    both = (DOVER, "Folkestone")
    before = statement(eventful, select(eventful, both))
    assert before.tally.fingerprint == tally(eventful, "Folkestone").fingerprint
    assert before.as_of == "2021-06-18T12:00:00+01:00"
    clock.append(clock[-1] + timedelta(days=1))
    changed_afterwards(eventful, ended)
    assert statement(eventful, select(eventful, both)) == before


def test_a_tally_kept_without_its_lines_is_completed(
    eventful: Context, clock: list[datetime]
) -> None:
    """An operation's end may have been written by a program that kept the tally alone."""
    open_ = statement(eventful, select(eventful))
    kept = replace(open_.tally, ended_at="2021-06-17T12:00:00+01:00")
    with eventful.writing() as writer:
        writer.append(
            OperationEnded(
                operation_id=eventful.operation().operation_id,
                ended_at=clock[-1],
                reason="one match waits",
                tally=kept.document(),
                fingerprint=kept.fingerprint,
            )
        )
    found = statement(eventful, select(eventful, (DOVER,)))
    assert found.tally == kept
    assert found.lines == open_.lines
    assert found.contradictions() == []


def test_the_end_is_refused_while_a_match_waits(eventful: Context) -> None:
    with pytest.raises(Refused, match="2 matches unresolved: L1-002, L1-004"):
        end(eventful)
    assert eventful.operation().ended_at is None


def test_reading_leaves_nothing_behind(eventful: Context, ended: str, written: Written) -> None:
    void(eventful, "L1-005", ended, "late")
    written(eventful, ".csv", DOVER)
    selection: Selection = select(eventful, (DOVER,))
    groups(eventful, selection, "lane")
    assert not eventful.connection.in_transaction
    names = eventful.connection.execute("SELECT name FROM sqlite_temp_schema").fetchall()
    assert names == []


def test_the_copy_has_every_table_about_a_check(context: Context) -> None:
    """One that is not copied would change the reports of what has ended."""
    tables = context.connection.execute(
        "SELECT t.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c"
        " WHERE t.type = 'table' AND c.name = 'check_id'"
    )
    assert {name for (name,) in tables} | {"dispute"} == set(frozen._OF_CHECKS)
