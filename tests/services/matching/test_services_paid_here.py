"""What was recorded here about a penalty is told with every answer, and never enforced again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portcheck.domain.answer import Answer, AssessedPenalty
from portcheck.domain.enforceability import Enforceable, Rule
from portcheck.domain.tally import PenaltyFigures, Tally
from portcheck.intake.feed import CameraLine
from portcheck.services import operation
from portcheck.services.checks.check import Observed, SavedCheck, prepare, record
from portcheck.services.checks.correct import Correction, amend, void
from portcheck.services.checks.decide import decide, record_outcome
from portcheck.services.checks.feed import Answered, Feed, FeedOptions
from portcheck.services.checks.import_log import import_log
from portcheck.services.checks.penalties import PaidAlready
from portcheck.services.context import Context
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement, tally
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching.lookup import look_up
from portcheck.services.matching.matcher import Query

Check = Callable[..., SavedCheck]
Take = Callable[..., ImportResult]
YES, NO, REFER = Enforceable.YES, Enforceable.NO, Enforceable.REFER


def pay(action: str = "paid_in_full", **more: Any) -> dict[str, Any]:
    return {"penalties": [{"reference": "CP-1042", "action": action, **more}]}


def line(balance: str, **more: str) -> dict[str, str]:
    return {
        "Registration": "AB12 CDE",
        "Penalty reference": "CP-1042",
        "Haulier": "Acme Ltd",
        "Issued on": "04/01/2021",
        "Balance": balance,
    } | more


def answered(context: Context) -> Answer:
    (found,) = look_up(context, [Query("AB12CDE")])
    assert isinstance(found, Answer)
    return found


def looked_up(context: Context) -> AssessedPenalty:
    """The penalty as a look-up shows it."""
    return answered(context).matches[0].penalties[0]


@pytest.fixture
def later(clock: list[datetime]) -> Callable[[], None]:
    """A day goes by."""
    return lambda: clock.append(clock[-1] + timedelta(days=1))


def test_paid_in_full_is_no_in_every_answer(under_way: Context, check: Check) -> None:
    check("AB12CDE", outcome=pay())
    found = looked_up(under_way)
    assert (found.assessment.enforceable, found.assessment.rule) == (NO, Rule.RECORDED_HERE)
    assert found.left_pence == 0
    paid = "£2,400.00 at L1-001 (Portsmouth 17 June) on 17 Jun 2021 13:00"
    assert found.assessment.reasons == (
        f"recorded here as paid in full: {paid}",
        "the list of 17 Jun 2021 does not show that yet",
    )
    checked = prepare(under_way, Query("AB12CDE"), Observed()).answer
    assert checked.matches[0].penalties[0].assessment.enforceable is NO
    feed = Feed(under_way, FeedOptions())
    (reply,) = feed.take([CameraLine(1, b'{"plate": "AB12CDE"}')])
    assert isinstance(reply, Answered)
    assert reply.answer.matches[0].penalties[0].assessment.enforceable is NO
    assert reply.answer.enforceable_pence == 0


def test_it_is_known_in_another_operation_and_on_another_device(
    under_way: Context, check: Check, new_context: Callable[..., Context]
) -> None:
    check("AB12CDE", outcome=pay("part_paid", amount_pence=40000))
    operation.start(under_way, "Dover")
    other = new_context(device="L2")
    operation.use(other, "Dover")
    found = looked_up(other)
    assert (found.assessment.enforceable, found.left_pence) == (YES, 200000)
    assert found.assessment.reasons[0] == "£2,000.00 is owed, plus detention expenses (s.36A)"
    check("AB12CDE", by=other, decision="confirmed", outcome=pay())
    assert tally(other).penalties == PenaltyFigures(200000, 1, 200000, 1, 200000, 0, 0)
    assert looked_up(under_way).assessment.enforceable is NO


def test_a_line_paid_elsewhere_is_not_enforceable_in_the_tally(
    under_way: Context, check: Check
) -> None:
    check("AB12CDE", outcome=pay())
    operation.start(under_way, "Dover")
    check("AB12CDE", decision="confirmed")
    found = statement(under_way, select(under_way))
    assert found.tally.penalties == PenaltyFigures()
    assert [(one.reason, one.lines) for one in found.not_enforceable] == [("recorded_here", 1)]
    assert tally(under_way, "Portsmouth 17 June").penalties.enforced_pence == 240000


NEWER: list[tuple[str, Enforceable, int, str]] = [
    ("2400.00", YES, 200000, "the list of 18 Jun 2021 does not show that yet"),
    ("2000.00", YES, 200000, "the list of 18 Jun 2021 has taken that off already"),
    ("2500.00", REFER, 210000, "gives £2,500.00, which that does not explain"),
    ("2100.00", REFER, 170000, "gives £2,100.00, which that does not explain"),
    ("0.00", NO, 0, "nothing is owed on it"),
]


@pytest.mark.parametrize(("balance", "answer", "left", "said"), NEWER)
def test_a_newer_list_is_held_against_what_was_paid(
    under_way: Context,
    check: Check,
    take: Take,
    later: Callable[[], None],
    balance: str,
    answer: Enforceable,
    left: int,
    said: str,
) -> None:
    check("AB12CDE", outcome=pay("part_paid", amount_pence=40000))
    later()
    take([line(balance)])
    found = looked_up(under_way)
    assert (found.assessment.enforceable, found.left_pence) == (answer, left)
    assert said in " ".join(found.assessment.reasons)


@pytest.mark.parametrize("balance", ["2400.00", "2400.01", "2399.99", "1.00", "9000.00", ""])
@pytest.mark.parametrize("name", ["CECPT", "POLICE"])
def test_paid_in_full_is_never_yes_whatever_a_list_says_afterwards(
    under_way: Context,
    check: Check,
    take: Take,
    later: Callable[[], None],
    balance: str,
    name: str,
) -> None:
    check("AB12CDE", outcome=pay())
    later()
    take([line(balance, **{"Penalty reference": "cp 1042"})], name=name)
    found = answered(under_way)
    answers = {p.assessment.enforceable for m in found.matches for p in m.penalties}
    assert answers <= {NO, REFER}


def test_void_checks_and_rejected_matches_do_not_count(under_way: Context, check: Check) -> None:
    here = under_way.operation().operation_id
    check("AB12CDE", outcome=pay())
    assert looked_up(under_way).assessment.enforceable is NO
    void(under_way, "L1-001", here, "entered twice")
    assert (looked_up(under_way).assessment.enforceable, looked_up(under_way).recorded) == (
        YES,
        None,
    )
    check("AB12CDE", outcome=pay("refused"))
    decide(under_way, "L1-002", here, confirm=False, reason="another lorry")
    assert looked_up(under_way).recorded is None


def test_a_payment_made_void_counts_no_longer_in_the_figures(
    under_way: Context, check: Check
) -> None:
    """What was shown as paid is enforceable again, as it would have been."""
    check("AB12CDE", decision="confirmed", outcome=pay())
    check("AB12CDE", decision="confirmed")
    assert tally(under_way).penalties == PenaltyFigures(240000, 1, 240000, 1, 240000, 0, 0)
    void(under_way, "L1-001", under_way.operation().operation_id, "another lorry")
    assert tally(under_way).penalties == PenaltyFigures(240000, 1, 240000, 0, 0, 240000, 0)


def test_paid_in_full_with_less_is_a_part_payment_and_said(
    under_way: Context, check: Check
) -> None:
    saved = check("AB12CDE", outcome=pay(amount_pence=100000))
    assert any("that is a part payment" in warning for warning in saved.warnings)
    found = looked_up(under_way)
    assert found.recorded is not None
    assert (found.recorded.action(0), found.left_pence) == ("part_paid", 140000)
    assert found.assessment.enforceable is YES


def test_what_else_was_done_is_told_too(under_way: Context, check: Check) -> None:
    check("AB12CDE", outcome=pay("vehicle_detained"))
    found = looked_up(under_way)
    assert found.recorded is not None
    assert [one.action for one in found.recorded.records] == ["vehicle_detained"]
    assert (found.assessment.enforceable, found.left_pence) == (YES, 240000)


SECOND: list[Callable[[Context, bool], object]] = [
    lambda c, again: record(
        c, prepare(c, Query("AB12CDE"), Observed(outcome=again_pays(), again=again))
    ),
    lambda c, again: record_outcome(
        c, "L1-002", c.operation().operation_id, again_pays(), again=again
    ),
    lambda c, again: amend(
        c,
        "L1-002",
        c.operation().operation_id,
        Correction({}, {}, again_pays(), again=again),
        "forgotten",
    ),
]


def again_pays() -> dict[str, Any]:
    return pay("part_paid", amount_pence=500)


@pytest.mark.parametrize("act", SECOND, ids=["check", "outcome", "amend"])
def test_a_second_payment_is_refused_unless_it_is_meant(
    under_way: Context, check: Check, act: Callable[[Context, bool], object]
) -> None:
    check("AB12CDE", decision="confirmed", outcome=pay())
    check("AB12CDE", decision="confirmed")
    with pytest.raises(PaidAlready, match=r"CP-1042 is paid already: .* at L1-001") as error:
        act(under_way, False)
    assert "--again" in error.value.hint
    act(under_way, True)
    found = tally(under_way).penalties
    assert (found.enforced_pence, found.overpaid_pence) == (240000, 500)


def test_paid_twice_in_one_go_is_refused_too(under_way: Context, check: Check) -> None:
    both = {"penalties": pay()["penalties"] + again_pays()["penalties"]}
    with pytest.raises(PaidAlready, match="by what is recorded with it"):
        check("AB12CDE", outcome=both)


def test_the_rest_is_what_paid_in_full_means(under_way: Context, check: Check) -> None:
    check("AB12CDE", outcome=pay("part_paid", amount_pence=40000))
    check("AB12CDE", decision="confirmed", outcome=pay())
    assert tally(under_way).penalties.overpaid_pence == 0
    assert looked_up(under_way).left_pence == 0


def test_two_who_take_the_money_at_once(under_way: Context, new_context: Any) -> None:
    """Both saw it as enforceable; the second is refused when it is written."""
    other = new_context(device="L2")
    operation.use(other, "Portsmouth 17 June")
    seen = [
        prepare(context, Query("AB12CDE"), Observed(outcome=pay()))
        for context in (under_way, other)
    ]
    record(under_way, seen[0])
    with pytest.raises(PaidAlready):
        record(other, seen[1])
    assert tally(under_way).checks == 1


def test_a_correction_of_a_payment_does_not_see_itself(under_way: Context, check: Check) -> None:
    check("AB12CDE", decision="confirmed", outcome=pay())
    wanted = Correction({}, {}, pay(amount_pence=240000, method="card"))
    amend(under_way, "L1-001", under_way.operation().operation_id, wanted, "by card")
    assert tally(under_way).penalties.enforced_pence == 240000


def test_an_amended_check_is_assessed_as_of_its_own_time(
    under_way: Context, check: Check, later: Callable[[], None], counted: Callable[[], Tally]
) -> None:
    check("NO11 ONE")
    later()
    check("AB12CDE", outcome=pay())
    wanted = Correction({"vehicle": "AB12 CDE"}, {}, {})
    amend(under_way, "L1-001", under_way.operation().operation_id, wanted, "misread")
    row = under_way.connection.execute(
        "SELECT enforceable FROM match_penalty JOIN vehicle_check USING (check_id)"
        " WHERE ref = 'L1-001'"
    ).fetchone()
    assert row == ("yes",)
    assert counted().penalties.enforced_pence == 240000


def test_a_log_row_that_pays_again_is_rejected_with_its_reason(
    under_way: Context, check: Check, make_source: Any
) -> None:
    check("AB12CDE", decision="confirmed", outcome=pay())
    row = {"At": "12:30", "Registration": "AB12 CDE", "Penalty": "CP-1042:part_paid:5.00"}
    other = {"At": "12:40", "Registration": "NO11 ONE", "Penalty": ""}
    source = make_source([row, other], "log.csv")
    found = import_log(under_way, source)
    assert (found.accepted, found.rejected) == (1, 1)
    assert "paid already" in found.problems[0].reason
    again = import_log(under_way, make_source([row], "log2.csv"), again=True)
    assert again.accepted == 1
    assert tally(under_way).penalties.overpaid_pence == 500


def test_a_log_that_pays_twice_in_itself_loses_the_later_row_alone(
    under_way: Context, make_source: Any
) -> None:
    """And "paid in full" without a sum is what the earlier rows leave."""
    at = {"Registration": "AB12 CDE", "Decision": "confirmed"}
    rows = [
        at | {"At": "12:10", "Penalty": "CP-1042:part_paid:1000.00"},
        at | {"At": "12:20", "Penalty": "cp 1042:paid_in_full"},
        at | {"At": "12:30", "Penalty": "CP-1042:part_paid:5.00"},
        at | {"At": "12:40", "Penalty": ""},
    ]
    found = import_log(under_way, make_source(rows, "log.csv"))
    assert (found.accepted, found.rejected) == (3, 1)
    assert [one.row for one in found.problems if "paid already in earlier rows" in one.reason] == [
        4
    ]
    sums = tally(under_way).penalties
    assert (sums.enforced_pence, sums.overpaid_pence) == (240000, 0)
    again = import_log(under_way, make_source(rows[2:3], "log2.csv"), again=True)
    assert again.accepted == 1
    assert tally(under_way).penalties.overpaid_pence == 500


def test_the_newer_of_two_lists_counts(under_way: Context, take: Take, clock: Any) -> None:
    """The older one is not enforced beside it."""
    clock.append(clock[-1] + timedelta(hours=20))
    take([line("2000.00")], name="POLICE")
    found = answered(under_way)
    said = {m.list_name: m.penalties[0].assessment for m in found.matches}
    assert (said["CECPT"].enforceable, said["POLICE"].enforceable) == (REFER, YES)
    assert said["CECPT"].reasons == ("list POLICE of 18 Jun 2021, which is newer, gives £2,000.00",)
    assert found.enforceable_pence == 200000


def test_lists_of_one_day_that_contradict_each_other_are_referred(
    under_way: Context, take: Take
) -> None:
    take([line("2000.00")], name="POLICE")
    found = answered(under_way)
    assert {m.penalties[0].assessment.enforceable for m in found.matches} == {REFER}


OTHERS: list[tuple[str, dict[str, str], int, str]] = [
    (
        "POLICE",
        {"Balance": "0", "Status": "Paid", "Penalty reference": "cp 1042"},
        1,
        "list POLICE of 18 Jun 2021, which is newer, gives £0.00 (Paid) for XY34 ZZZ, row 2",
    ),
    (
        "POLICE",
        {"Balance": "2400.00", "Status": "Under appeal"},
        0,
        "list POLICE of 17 Jun 2021 gives £2,400.00 (Under appeal) for XY34 ZZZ, row 2",
    ),
    ("POLICE", {"Balance": "2400.00", "Status": "unpaid"}, 1, ""),
    ("POLICE", {"Balance": "0", "Penalty reference": "CP-1043"}, 1, ""),
    ("POLICE", {"Balance": "0"}, -1, ""),
]


@pytest.mark.parametrize(("name", "changes", "days", "reason"), OTHERS)
def test_a_penalty_that_a_list_gives_otherwise_for_another_vehicle_is_referred(
    under_way: Context, take: Take, clock: Any, name: str, changes: dict[str, str], days: int,
    reason: str,
) -> None:  # fmt: skip
    """Rule 10: lists contradict each other about one penalty, whatever its registration."""
    if days > 0:
        clock.append(clock[-1] + timedelta(days=days))
    as_of = {"as_of": clock[-1] + timedelta(days=days)} if days < 0 else {}
    take([line("1.00") | {"Registration": "XY34 ZZZ"} | changes], name=name, **as_of)
    found = looked_up(under_way).assessment
    if reason:
        expected = (REFER, Rule.DOUBTFUL, (reason,))
        assert (found.enforceable, found.rule, found.reasons) == expected
    else:
        assert found.enforceable is YES


def test_other_entries_are_asked_about_once_and_only_where_there_is_a_yes(
    under_way: Context, take: Take
) -> None:
    def queries(registration: str) -> list[str]:
        asked: list[str] = []
        under_way.connection.set_trace_callback(asked.append)
        look_up(under_way, [Query(registration)])
        under_way.connection.set_trace_callback(None)
        return [one for one in asked if "reference_key = wanted" in one and " entry" in one]

    assert [len(queries(text)) for text in ("NO11 ONE", "WX12345", "AB12CDE")] == [0, 0, 1]
    rows = [line("5.00", **{"Penalty reference": f"CP-{number}"}) for number in range(40)]
    take(rows, name="POLICE")
    (query,) = queries("AB12CDE")
    plan = under_way.connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    assert "SEARCH entry USING INDEX entry_reference (reference_key=?)" in [r[3] for r in plan]
    assert not [r[3] for r in plan if r[3].startswith("SCAN e")]


def test_one_penalty_in_two_lists_is_enforced_once(under_way: Context, take: Take) -> None:
    take([line("2400.00", Status="overdue")], name="POLICE")
    found = answered(under_way)
    assert len(found.matches) == 2
    assert found.enforceable_pence == 240000


def test_a_look_up_asks_about_payments_once(under_way: Context, check: Check, take: Take) -> None:
    """However many penalty lines are shown, and however many were paid."""
    rows = [line("5.00", **{"Penalty reference": f"CP-{number}"}) for number in range(40)]
    take(rows, name="POLICE")
    asked: list[str] = []

    def queries() -> int:
        asked.clear()
        under_way.connection.set_trace_callback(asked.append)
        look_up(under_way, [Query("AB12CDE")])
        under_way.connection.set_trace_callback(None)
        return sum("penalty_action" in one or "match_penalty" in one for one in asked)

    assert queries() == 1
    check("AB12CDE", outcome=pay())
    assert queries() == 2


def test_payments_are_found_by_their_index(under_way: Context, check: Check) -> None:
    check("AB12CDE", outcome=pay())
    asked: list[str] = []
    under_way.connection.set_trace_callback(asked.append)
    look_up(under_way, [Query("AB12CDE")])
    under_way.connection.set_trace_callback(None)
    for statement_ in asked:
        if "penalty_action" in statement_ or "match_penalty" in statement_:
            plan = under_way.connection.execute(f"EXPLAIN QUERY PLAN {statement_}").fetchall()
            steps = [row[3] for row in plan]
            assert not [s for s in steps if s.startswith("SCAN") and "wanted" not in s], steps
