"""Seen here before: which checks are told with an answer, which are not, and at what cost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portcheck.domain.answer import Answer
from portcheck.domain.seen import Seen
from portcheck.errors import Refused
from portcheck.intake.feed import CameraLine, CameraRead
from portcheck.intake.files.source import source_of_bytes
from portcheck.services import operation
from portcheck.services.checks import correct
from portcheck.services.checks.check import Observed, SavedCheck, answer_only, prepare
from portcheck.services.checks.feed import Answered, Feed, FeedOptions
from portcheck.services.context import Context
from portcheck.services.day import end_operation
from portcheck.services.matching.lookup import look_up
from portcheck.services.matching.matcher import Query
from portcheck.services.matching.screen import screen
from portcheck.services.settings import Setting
from portcheck.store.connection import transaction
from portcheck.store.projections import dump, rebuild

NOON = datetime(2021, 6, 17, 12, tzinfo=UTC)
DAYS = timedelta(days=1)
Check = Callable[..., SavedCheck]


def seen_by(context: Context, vehicle: str, **more: Any) -> Seen:
    """What a look-up is told of it; registrations besides as for a query."""
    if more:
        return prepare(context, Query(vehicle, **more), Observed()).answer.seen
    (found,) = look_up(context, [Query(vehicle)])
    assert isinstance(found, Answer)
    return found.seen


def refs(seen: Seen) -> list[str]:
    return [one.ref for one in seen.checks]


WHOLE = {"trailer": "C1234567", "container": "CSQU3054383"}


@pytest.mark.parametrize(
    ("before", "asked", "only"),
    [
        ({"vehicle": "XX1"}, {"vehicle": "xx-1"}, ""),
        ({"vehicle": "XX1"} | WHOLE, {"vehicle": "XX1"}, ""),
        ({"vehicle": "XX1"} | WHOLE, {"vehicle": "C1234567"}, ""),
        ({"vehicle": "XX1"} | WHOLE, {"vehicle": "XX2", "trailer": "C123 4567"},
         "trailer C123 4567"),
        ({"vehicle": "C1234567"}, {"vehicle": "XX2", "trailer": "C1234567"}, "trailer C1234567"),
        ({"vehicle": "XX1"} | WHOLE, {"vehicle": "XX2", "container": "CSQU 305438 3"},
         "container CSQU 305438 3"),
        ({"vehicle": "XX1"} | WHOLE, {"vehicle": "XX2"} | WHOLE,
         "trailer C1234567 and container CSQU3054383"),
        ({"vehicle": "XX1", "trailer": "XX2"}, {"vehicle": "XX2", "trailer": "XX1"}, ""),
        ({"vehicle": "GB AB12 CDF"}, {"vehicle": "AB12CDF"}, ""),
        ({"vehicle": "AB12CDF"}, {"vehicle": "AB12CDF (GB)"}, ""),
        ({"vehicle": "MUE-AB 12"}, {"vehicle": "MÜ-AB 12"}, ""),
        ({"vehicle": "XX1"}, {"vehicle": "XX2"}, None),
        ({"vehicle": "AB12CDF"}, {"vehicle": "A812CDF"}, None),  # only looks like it
        ({"vehicle": "M-AB 123"}, {"vehicle": "M-AB 123 H"}, None),  # may be read so, need not
        ({"vehicle": "XX1"} | WHOLE, {"vehicle": "XX2", "trailer": "C1234568"}, None),
    ],
)  # fmt: skip
def test_a_key_in_any_of_the_three_places(
    under_way: Context, check: Check, before: Any, asked: Any, only: str | None
) -> None:
    check(**before)
    found = seen_by(under_way, **asked)
    assert [one.only for one in found.checks] == ([] if only is None else [only])
    assert found.more == 0


def test_a_key_that_an_earlier_program_kept_with_its_sign_is_found(
    under_way: Context, check: Check
) -> None:
    check("AB12CDF")
    under_way.connection.execute("UPDATE vehicle_check SET vehicle_key = 'GBAB12CDF'")
    assert refs(seen_by(under_way, "GB AB12 CDF")) == ["L1-001"]


def test_what_is_told_of_a_check(under_way: Context, check: Check, clock: list[datetime]) -> None:
    check("XX1", details={"direction": "inbound"}, outcome={"searched": ["dog"]})
    check("XX1", at=NOON - timedelta(hours=2), no_list=True)
    check("AB12CDE", decision="confirmed", outcome={"persons": 1})
    clock.append(NOON + timedelta(minutes=5))
    newest, older = seen_by(under_way, "XX1").checks
    assert (newest.ref, newest.operation, newest.direction) == (
        "L1-001", "Portsmouth 17 June", "inbound",
    )  # fmt: skip
    assert newest.at.isoformat() == "2021-06-17T13:00:00+01:00"  # the operation's zone
    assert (newest.verdict, newest.screened, newest.elsewhere) == ("clear", True, False)
    assert (older.ref, older.direction, older.primary_outcome) == ("L1-002", "", "not_searched")
    (hit,) = seen_by(under_way, "AB12CDE").checks
    assert (hit.verdict, hit.primary_outcome) == ("listed", "persons_found")


def test_how_it_stands_now_is_told(under_way: Context, check: Check) -> None:
    """A check that was corrected is another vehicle's from then on."""
    saved = check("XX1")
    there = under_way.operation().operation_id
    wanted = correct.Correction({"vehicle": "XX2"}, {"direction": "outbound"}, {})
    correct.amend(under_way, saved.ref, there, wanted, "misread")
    assert refs(seen_by(under_way, "XX1")) == []
    (found,) = seen_by(under_way, "XX2").checks
    assert found.direction == "outbound"


def test_void_checks_do_not_count_until_they_do_again(under_way: Context, check: Check) -> None:
    there = under_way.operation().operation_id
    check("XX1")
    correct.void(under_way, "L1-001", there, "entered twice")
    assert seen_by(under_way, "XX1") == Seen()
    correct.count_again(under_way, "L1-001", there)
    assert refs(seen_by(under_way, "XX1")) == ["L1-001"]


@pytest.mark.parametrize(
    ("days", "ago", "told"),
    [
        ("30", timedelta(), True),
        ("30", 30 * DAYS, True),
        ("30", 30 * DAYS + timedelta(seconds=1), False),
        ("2", 2 * DAYS, True),
        ("2", 3 * DAYS, False),
        ("3660", 3659 * DAYS, True),
        ("0", timedelta(minutes=5), False),
        ("0", timedelta(), False),
    ],
)
def test_as_many_days_back_as_the_setting_says(
    under_way: Context, check: Check, days: str, ago: timedelta, told: bool
) -> None:
    check("XX1", at=NOON - ago)
    under_way.settings.values["seen_days"] = Setting(days, "file")
    assert refs(seen_by(under_way, "XX1")) == (["L1-001"] if told else [])


def test_any_operation_of_any_device_counts(
    under_way: Context, check: Check, clock: list[datetime], new_context: Callable[..., Context]
) -> None:
    check("XX1")
    end_operation.end(under_way)
    clock.append(NOON + 2 * DAYS)
    other = new_context(device="L2")
    operation.start(other, "Dover 19 June", site="Dover")
    (found,) = seen_by(other, "XX1").checks
    assert (found.ref, found.operation, found.elsewhere) == ("L1-001", "Portsmouth 17 June", True)
    check("XX1", other)
    clock.append(NOON + 3 * DAYS)
    assert [(one.ref, one.elsewhere) for one in seen_by(other, "XX1").checks] == [
        ("L2-001", False),
        ("L1-001", True),
    ]
    assert [one.elsewhere for one in seen_by(under_way, "XX1").checks] == [True, True]


def test_the_newest_five_and_how_many_more(under_way: Context, check: Check) -> None:
    for minutes in (9, 1, 8, 2, 7, 3, 6, 4):
        check("XX1", trailer="XX1", at=NOON - timedelta(minutes=minutes))
    found = seen_by(under_way, "XX1", trailer="XX1")
    assert refs(found) == ["L1-002", "L1-004", "L1-006", "L1-008", "L1-007"]
    assert found.more == 3  # one that has it in two places is one check


def test_a_check_of_an_earlier_time_knows_nothing_later(under_way: Context, check: Check) -> None:
    check("XX1", at=NOON - timedelta(hours=1))
    check("XX1")
    then = NOON - timedelta(minutes=30)
    prepared = prepare(under_way, Query("XX1"), Observed(at=then))
    assert refs(prepared.answer.seen) == ["L1-001"]
    assert refs(answer_only(under_way, Query("XX1"), then).seen) == ["L1-001"]
    assert refs(answer_only(under_way, Query("XX1")).seen) == ["L1-002", "L1-001"]


def test_no_check_is_before_itself(under_way: Context) -> None:
    prepared = prepare(under_way, Query("XX1", trailer="XX1"), Observed())
    assert prepared.answer.seen == Seen()


# the camera


def feed_of(context: Context, **options: Any) -> Callable[..., Seen]:
    """Takes a read of a plate and returns what its answer tells."""
    feed = Feed(context, FeedOptions(**options))

    def reading(plate: str, at: datetime, **more: Any) -> Seen:
        line = {"plate": plate, "at": at.isoformat()} | more
        (reply,) = feed.take([CameraLine(1, json.dumps(line).encode())])
        assert isinstance(reply, Answered)
        return reply.answer.seen

    return reading


@pytest.mark.parametrize(
    ("later", "told"),
    [(0, False), (59, False), (-59, False), (61, True), (3600, True)],
)
def test_a_read_that_is_taken_up_is_no_earlier_check(
    under_way: Context, later: int, told: bool
) -> None:
    """A feed records what the camera reads, and the officer takes the same read up."""
    feed_of(under_way)("XX1", NOON - timedelta(hours=2))
    read = CameraRead("XX1", at=NOON - timedelta(hours=2) + timedelta(seconds=later))
    taken = prepare(under_way, Query("XX1"), Observed(read=read)).answer.seen
    assert refs(taken) == (["L1-001"] if told else [])
    assert refs(seen_by(under_way, "XX1")) == ["L1-001"]


def test_an_officers_own_check_is_told_however_near_the_read_is(
    under_way: Context, check: Check
) -> None:
    check("XX1", at=NOON - timedelta(seconds=10))
    read = CameraRead("XX1", at=NOON)
    assert refs(prepare(under_way, Query("XX1"), Observed(read=read)).answer.seen) == ["L1-001"]


@pytest.mark.parametrize("record", [True, False])
def test_a_feed_tells_what_came_before(under_way: Context, check: Check, record: bool) -> None:
    check("XX1", at=NOON - timedelta(hours=3))
    reading = feed_of(under_way, record=record)
    assert refs(reading("XX1", NOON - timedelta(hours=2))) == ["L1-001"]
    expected = ["L1-002", "L1-001"] if record else ["L1-001"]
    assert refs(reading("XX1", NOON - timedelta(hours=1))) == expected
    assert refs(reading("XX2", NOON)) == []


def test_a_repeated_read_does_not_tell_the_check_that_it_repeats(
    under_way: Context, check: Check
) -> None:
    """However long the vehicle stays in view."""
    check("XX1", at=NOON - timedelta(hours=3))
    reading = feed_of(under_way)
    for seconds in range(0, 300, 30):
        at = NOON - timedelta(minutes=10) + timedelta(seconds=seconds)
        assert refs(reading("XX1", at)) == ["L1-001"]
    assert under_way.connection.execute("SELECT COUNT(*) FROM vehicle_check").fetchone() == (2,)


def test_reads_that_come_together_know_each_other(under_way: Context) -> None:
    times = (NOON - timedelta(hours=2), NOON - timedelta(hours=1), NOON)
    lines = [
        CameraLine(n, json.dumps({"plate": "XX1", "at": at.isoformat()}).encode())
        for n, at in enumerate(times, 1)
    ]
    replies = Feed(under_way, FeedOptions()).take(lines)
    assert [refs(one.answer.seen) for one in replies if isinstance(one, Answered)] == [
        [],
        ["L1-001"],
        ["L1-002", "L1-001"],
    ]


# the cost


def statements(context: Context, run: Callable[[], Any]) -> list[str]:
    """The statements about checks seen before that `run` sends."""
    sent: list[str] = []
    context.connection.set_trace_callback(sent.append)
    run()
    context.connection.set_trace_callback(None)
    return [one for one in sent if "vehicle_check" in one]


def test_one_query_for_everything_that_is_asked(under_way: Context, check: Check) -> None:
    """And one more where there is something to tell."""
    check("YY1", trailer="C1234567")
    queries = [Query("XX1", trailer="XX2", container="CSQU3054383"), Query("XX3"), Query("XX1")]
    sent = statements(under_way, lambda: look_up(under_way, queries))
    assert len(sent) == 1
    check("XX1")
    assert len(statements(under_way, lambda: look_up(under_way, queries))) == 2
    refused: list[Any] = [Query("")]
    assert statements(under_way, lambda: look_up(under_way, refused)) == []
    assert isinstance(look_up(under_way, refused)[0], Refused)
    under_way.settings.values["seen_days"] = Setting("0", "file")
    assert statements(under_way, lambda: look_up(under_way, queries)) == []


def test_a_manifest_asks_once_for_many_rows(under_way: Context, check: Check) -> None:
    check("XX7", trailer="C1234567")
    rows = "".join(f"XX{n},\n" for n in range(250)) + "ZZ1,C1234567\n"
    source = source_of_bytes("manifest.csv", f"Registration,Trailer\n{rows}".encode())
    found: list[Any] = []
    sent = statements(under_way, lambda: found.append(screen(under_way, source)))
    assert len(sent) == 3 + 2  # a hundred rows at a time, and two of these have something
    told = {one.line.row: one.answer.seen for one in found[0].screened if one.answer.seen.checks}
    assert {row: [one.only for one in seen.checks] for row, seen in told.items()} == {
        9: [""],
        252: ["trailer C1234567"],
    }


def test_the_query_reads_indexes_only_until_it_knows_which_to_tell(
    under_way: Context, check: Check
) -> None:
    check("XX1")
    whole = ["SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"]
    sent = statements(under_way, lambda: look_up(under_way, [Query("XX1")]))
    for statement, rest in zip(sent, ([], whole), strict=True):
        plan = under_way.connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        steps = [row[3] for row in plan if " c " in row[3]]
        assert steps[3:] == rest
        for step, place in zip(steps[:3], ("vehicle", "trailer", "container"), strict=True):
            assert step.startswith(f"SEARCH c USING COVERING INDEX vehicle_check_seen_{place} (")


def test_a_rebuild_tells_the_same(under_way: Context, check: Check) -> None:
    for _ in range(7):
        check("XX1")
    before, told = dump(under_way.connection), seen_by(under_way, "XX1")
    with transaction(under_way.connection):
        rebuild(under_way.connection)
    assert (dump(under_way.connection), seen_by(under_way, "XX1")) == (before, told)
    assert refs(told) == ["L1-007", "L1-006", "L1-005", "L1-004", "L1-003"]
