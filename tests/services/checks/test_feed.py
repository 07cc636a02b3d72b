"""A camera's reads become checks: once each, on disk before they are answered."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from portcheck.domain.answer import Verdict
from portcheck.errors import Refused
from portcheck.intake.feed import CameraLine
from portcheck.services import operation
from portcheck.services.checks import correct
from portcheck.services.checks import feed as feeding
from portcheck.services.checks.check import SavedCheck
from portcheck.services.checks.feed import Answered, Feed, FeedOptions, NotRead, Reply
from portcheck.services.checks.records import find_check
from portcheck.services.context import Context
from portcheck.services.day import end_operation
from portcheck.services.day.overview import CheckView, ReadView, Wanted, checks
from portcheck.services.lists.import_list import ImportResult
from portcheck.services.matching.seen import CAMERA
from portcheck.store.connection import transaction
from portcheck.store.projections import dump, rebuild

RECORD = FeedOptions()


def a_line(number: int, read: Any) -> CameraLine:
    return CameraLine(number, json.dumps(read).encode())


def reads(*plates: str, **more: Any) -> list[CameraLine]:
    return [a_line(n, {"plate": plate} | more) for n, plate in enumerate(plates, 1)]


def answered(replies: list[Reply]) -> list[Answered]:
    assert all(isinstance(reply, Answered) for reply in replies), replies
    return [reply for reply in replies if isinstance(reply, Answered)]


def payloads(context: Context, kind: str) -> list[Any]:
    found = context.connection.execute(
        "SELECT payload FROM fact WHERE kind = ? ORDER BY position", (kind,)
    )
    return [json.loads(payload) for (payload,) in found]


def test_a_read_is_a_check_with_what_the_camera_made_of_it(
    under_way: Context, seen: Callable[[str], CheckView]
) -> None:
    read = {
        "plate": "ab12cde",
        "confidence": 0.91,
        "candidates": [{"plate": "AB12CDF", "confidence": 0.4}, {"plate": "A812CDE"}],
        "at": "2021-06-17T11:30:00Z",
        "lane": "In 1",
        "country": "GB",
    }
    feed = Feed(under_way, FeedOptions({"direction": "inbound", "lane": "9"}))
    (reply,) = answered(feed.take([a_line(1, read)]))
    assert reply.saved == SavedCheck(reply.saved.check_id, "L1-001", operation_of(under_way))  # type: ignore[union-attr]
    assert reply.answer.verdict.value == "listed"
    check = seen("L1-001")
    assert (check.vehicle, check.vehicle_key, check.country) == ("ab12cde", "AB12CDE", "GB")
    assert check.at.isoformat() == "2021-06-17T11:30:00+00:00"
    assert check.details == {"direction": "inbound", "lane": "In 1"}
    assert (check.source, check.unresolved) == ("feed", 1)
    (fact,) = payloads(under_way, "check_recorded")
    assert fact["read"] == {
        "confidence": 0.91,
        "candidates": [
            {"plate": "AB12CDF", "confidence": 0.4},
            {"plate": "A812CDE", "confidence": None},
        ],
    }


def shown(context: Context, ref: str) -> CheckView:
    """One check, asked for by its identity."""
    operation_id = context.operation().operation_id
    check_id = find_check(context, ref, operation_id).check_id
    (found,) = checks(context, operation_id, Wanted(check_id=check_id))
    return found


def test_one_check_is_shown_with_what_the_camera_read(
    under_way: Context, check: Callable[..., SavedCheck]
) -> None:
    """From a burst within one tick of the clock, and whatever is corrected afterwards."""
    given = [{"plate": RIGHT, "confidence": 0.5}, {"plate": "A812CDE"}]
    lines = [
        a_line(1, {"plate": "XX1"}),
        a_line(2, {"plate": OTHER, "confidence": 0.58, "candidates": given, "lane": "In 1"}),
    ]
    Feed(under_way, FeedOptions({"lane": "9"})).take(lines)
    read = ReadView(OTHER, 0.58, "In 1", [(RIGHT, 0.5), ("A812CDE", None)])
    assert shown(under_way, "L1-001").read == ReadView("XX1", None, "9", [])
    assert shown(under_way, "L1-002").read == read
    wanted = correct.Correction({"vehicle": RIGHT}, {"lane": "3"}, {})
    correct.amend(under_way, "L1-002", under_way.operation().operation_id, wanted, "misread")
    amended = shown(under_way, "L1-002")
    assert (amended.vehicle, amended.details, amended.read) == (RIGHT, {"lane": "3"}, read)
    check("XX2")
    assert shown(under_way, "L1-003").read is None


def test_a_read_of_an_earlier_journal_may_be_missing(
    under_way: Context, check: Callable[..., SavedCheck]
) -> None:
    check("XX1", source=CAMERA)
    assert shown(under_way, "L1-001").source == "feed"
    assert shown(under_way, "L1-001").read is None


def operation_of(context: Context) -> str:
    return context.operation().name


def test_what_was_read_survives_a_rebuild(under_way: Context) -> None:
    Feed(under_way, RECORD).take(reads("AB12CDE", "XX1", confidence=0.5, lane="3"))
    before = dump(under_way.connection)
    with transaction(under_way.connection):
        rebuild(under_way.connection)
    assert dump(under_way.connection) == before


def test_a_read_without_lane_or_time_has_the_options_and_the_arrival(
    under_way: Context, seen: Callable[[str], CheckView]
) -> None:
    Feed(under_way, FeedOptions({"lane": "9"})).take(reads("XX1"))
    check = seen("L1-001")
    assert (check.details, check.at) == ({"lane": "9"}, under_way.now())


def test_lines_that_come_together_are_one_commit_and_on_disk_when_answered(
    under_way: Context,
) -> None:
    statements: list[str] = []
    feed = Feed(under_way, RECORD)
    under_way.connection.set_trace_callback(statements.append)
    replies = answered(feed.take(reads(*(f"XX{n}" for n in range(100, 140)))))
    under_way.connection.set_trace_callback(None)
    assert statements.count("COMMIT") == 1
    with closing(sqlite3.connect(under_way.path)) as elsewhere:
        stored = {ref for (ref,) in elsewhere.execute("SELECT ref FROM vehicle_check")}
    assert {reply.saved and reply.saved.ref for reply in replies} == stored
    assert len(stored) == 40


NEAR, RIGHT, OTHER = "AB12CED", "AB12CDE", "QQ77QQQ"


@pytest.mark.parametrize(
    ("plate", "candidates", "verdict", "typed"),
    [
        (OTHER, [(RIGHT, 0.5)], "listed", [RIGHT]),
        (OTHER, [(RIGHT, 0.3)], "listed", [RIGHT]),
        (OTHER, [(RIGHT, None)], "listed", [RIGHT]),
        (OTHER, [("A812CDE", 0.5)], "listed", ["A812CDE"]),
        (OTHER, [(RIGHT, 0.29)], "clear", []),
        (OTHER, [(NEAR, 0.9)], "clear", []),
        (OTHER, [("QQ77QQP", 0.9)], "clear", []),
        (NEAR, [], "possible", [NEAR]),
        (NEAR, [("A812CDE", 0.9), (RIGHT, 0.5)], "listed", [RIGHT]),
        (NEAR, [(RIGHT, 0.1)], "possible", [NEAR]),
        (RIGHT, [("WX12345", 0.9)], "listed", [RIGHT]),
        (OTHER, [(RIGHT, 0.5), ("WX12345", 0.6)], "listed", [RIGHT, "WX12345"]),
    ],
)
def test_a_candidate_that_is_listed_counts(
    plate: str,
    candidates: list[tuple[str, float | None]],
    verdict: str,
    typed: list[str],
    under_way: Context,
) -> None:
    given = [{"plate": text, "confidence": share} for text, share in candidates]
    read = {"plate": plate, "confidence": 0.58, "candidates": given}
    (reply,) = answered(Feed(under_way, RECORD).take([a_line(1, read)]))
    assert reply.answer.verdict.value == verdict
    assert [m.typed for m in reply.answer.matches if m.alerts] == typed
    assert reply.answer.marks[0].text == plate
    for match in reply.answer.matches:
        if match.typed != plate:
            share = dict(candidates)[match.typed]
            shown = match.typed if share is None else f"{match.typed} ({share:.0%})"
            assert match.why.startswith(f"read as {plate} (58%), candidate {shown} matches: ")


def test_how_sure_a_candidate_must_be_can_be_said(under_way: Context) -> None:
    read = {"plate": OTHER, "candidates": [{"plate": RIGHT, "confidence": 0.5}]}
    lines = [a_line(1, read)]
    for least, verdict in ((0.6, "clear"), (0.5, "listed")):
        feed = Feed(under_way, FeedOptions(least_confidence=least, record=False))
        assert answered(feed.take(lines))[0].answer.verdict.value == verdict


@pytest.mark.parametrize(
    ("first", "second", "seconds", "repeats"),
    [
        ({"plate": "XX77XXX"}, {"plate": "XX77XXX"}, 0, True),
        ({"plate": "XX77XXX"}, {"plate": "xx77 xxx"}, 60, True),
        ({"plate": "XX77XXX"}, {"plate": "XX77XXX"}, 61, False),
        ({"plate": "XX77XXX"}, {"plate": "XX77XXX"}, -30, True),
        ({"plate": "XX77XXX"}, {"plate": "XX77XXX"}, -61, False),
        ({"plate": "XX77XXX", "lane": "1"}, {"plate": "XX77XXX", "lane": "2"}, 5, True),
        ({"plate": "XX70XXX"}, {"plate": "XX7OXXX"}, 60, True),
        ({"plate": "XX70XXX"}, {"plate": "XX7OXXX"}, 61, False),
        ({"plate": "XX70XXX", "lane": "1"}, {"plate": "XX7OXXX", "lane": "2"}, 5, False),
        ({"plate": "XX77XXX"}, {"plate": "XX77XXY"}, 5, False),
        ({"plate": "AB12CDE"}, {"plate": "AB12CDE"}, 5, True),
        # What is answered more strongly than the check was is no repeat.
        (
            {"plate": OTHER},
            {"plate": OTHER, "candidates": [{"plate": RIGHT, "confidence": 0.5}]},
            5,
            False,
        ),
        (
            {"plate": OTHER, "candidates": [{"plate": RIGHT, "confidence": 0.5}]},
            {"plate": OTHER},
            5,
            True,
        ),
        # First misread with the right plate among its candidates, then read rightly, or so.
        (
            {"plate": OTHER, "candidates": [{"plate": RIGHT, "confidence": 0.5}]},
            {"plate": RIGHT},
            5,
            True,
        ),
        (
            {"plate": RIGHT},
            {"plate": OTHER, "candidates": [{"plate": RIGHT, "confidence": 0.5}]},
            5,
            True,
        ),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_plate_read_again_within_a_minute_is_not_counted_twice(
    first: dict[str, Any],
    second: dict[str, Any],
    seconds: int,
    repeats: bool,
    together: bool,
    under_way: Context,
) -> None:
    start = under_way.now() - timedelta(minutes=10)
    again = start + timedelta(seconds=seconds)
    lines = [
        a_line(1, first | {"at": start.isoformat()}),
        a_line(2, second | {"at": again.isoformat()}),
    ]
    feed = Feed(under_way, RECORD)
    taken = feed.take(lines) if together else [*feed.take(lines[:1]), *feed.take(lines[1:])]
    one, two = answered(taken)
    assert one.saved
    assert two.duplicate_of == ("L1-001" if repeats else "")
    assert bool(two.saved) is not repeats
    assert len(payloads(under_way, "check_recorded")) == 2 - repeats
    assert two.answer.marks[0].text == second["plate"]


@pytest.mark.parametrize(
    ("seconds", "checks_made"),
    [
        (range(0, 600, 30), 1),
        (range(600, 0, -30), 1),
        ([0, 60, 120, 180], 1),
        ([0, 60, 121], 2),
        ([0, 90, 45], 2),
        ([0, 50, 100, 10, 160], 1),
    ],
    ids=["parked", "backwards", "each minute", "gone", "late in between", "mixed"],
)
def test_a_parked_lorry_is_one_check_however_long_it_is_read(
    under_way: Context, seconds: Sequence[int], checks_made: int
) -> None:
    began = under_way.now() - timedelta(hours=1)
    lines = [
        a_line(n, {"plate": "ZZ11AAA", "at": (began + timedelta(seconds=second)).isoformat()})
        for n, second in enumerate(seconds, 1)
    ]
    feed = Feed(under_way, RECORD)
    for line in lines:
        feed.take([line])
    assert (feed.counts.saved, feed.counts.repeated) == (checks_made, len(lines) - checks_made)


def test_a_repeat_is_known_by_a_feed_begun_anew_and_on_another_device(
    under_way: Context, new_context: Callable[..., Context]
) -> None:
    elsewhere = new_context(device="L2")
    operation.use(elsewhere, operation_of(under_way))
    Feed(under_way, RECORD).take(reads("XX77XXX"))
    for context in (under_way, elsewhere):
        (reply,) = answered(Feed(context, RECORD).take(reads("XX77XXX")))
        assert reply.duplicate_of == "L1-001"


def test_a_typed_check_and_a_void_one_are_no_reads_to_be_repeated(
    under_way: Context, check: Callable[..., SavedCheck]
) -> None:
    check("XX77XXX")
    feed = Feed(under_way, RECORD)
    (first,) = answered(feed.take(reads("XX77XXX")))
    assert first.saved
    assert first.saved.ref == "L1-002"
    correct.void(under_way, "L1-002", under_way.operation().operation_id, "another vehicle")
    (again,) = answered(Feed(under_way, RECORD).take(reads("XX77XXX")))
    assert again.saved
    assert again.saved.ref == "L1-003"


def test_only_so_many_vehicles_are_remembered(
    under_way: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_REMEMBERED", 2)
    feed = Feed(under_way, RECORD)
    feed.take(reads("XX10XXX", "XX20XXX", "XX30XXX"))
    taken = answered(feed.take(reads("XX1OXXX", "XX3OXXX")))
    assert [reply.duplicate_of for reply in taken] == ["", "L1-003"]


def test_a_bad_line_is_answered_with_its_reason_and_the_feed_goes_on(under_way: Context) -> None:
    feed = Feed(under_way, RECORD)
    lines = [
        a_line(1, {"plate": "XX1"}),
        CameraLine(2, b"{"),
        CameraLine(3, None),
        CameraLine(4, b"\xff"),
        a_line(5, {"results": [{"plate": "XX2"}, {"plate": "?"}, {"plate": "XX3"}]}),
    ]
    replies = feed.take(lines)
    assert [reply.line for reply in replies] == [1, 2, 3, 4, 5, 5, 5]
    refused = {reply.line: str(reply.refusal) for reply in replies if isinstance(reply, NotRead)}
    assert [*refused] == [2, 3, 4, 5]
    assert "not JSON" in refused[2]
    assert "longer than" in refused[3]
    saved = [r.saved.ref for r in replies if isinstance(r, Answered) and r.saved]
    assert saved == ["L1-001", "L1-002", "L1-003"]
    counts = feed.counts
    assert (counts.lines, counts.reads, counts.saved, counts.refused) == (5, 3, 3, 4)


def test_only_bad_lines_write_nothing(under_way: Context) -> None:
    statements: list[str] = []
    under_way.connection.set_trace_callback(statements.append)
    assert len(Feed(under_way, RECORD).take([CameraLine(1, b"{")])) == 1
    assert not [s for s in statements if s.startswith(("BEGIN IMMEDIATE", "INSERT"))]


def test_counts_add_up(under_way: Context) -> None:
    feed = Feed(under_way, RECORD)
    feed.take([*reads("AB12CDE", "AB12CED", "XX1", "XX1"), CameraLine(5, b"")])
    counts = feed.counts
    assert counts.reads == counts.saved + counts.repeated == 4
    assert (counts.listed, counts.possible, counts.repeated, counts.refused) == (1, 1, 1, 1)


def test_without_recording_it_answers_and_notes_who_asked(under_way: Context) -> None:
    feed = Feed(under_way, FeedOptions(record=False))
    taken = answered(feed.take(reads("AB12CDE", "XX1", "XX1")))
    assert [(reply.saved, reply.duplicate_of) for reply in taken] == [(None, "")] * 3
    assert payloads(under_way, "check_recorded") == []
    assert payloads(under_way, "record_consulted") == [
        {
            "kind": "record_consulted",
            "command": "feed",
            "queries": ["AB12CDE", "XX1", "XX1"],
            "verdicts": ["listed", "clear", "clear"],
        }
    ]
    feed.take([CameraLine(4, b"{")])
    assert len(payloads(under_way, "record_consulted")) == 1


def test_answering_only_needs_no_operation(
    context: Context, take: Callable[..., ImportResult]
) -> None:
    take([{"Registration": "AB12 CDE"}])
    (reply,) = answered(Feed(context, FeedOptions(record=False)).take(reads("AB12CDE")))
    assert reply.answer.verdict.value == "listed"
    with pytest.raises(Refused, match="no operation is under way"):
        Feed(context, RECORD)


def test_without_a_list_it_is_refused_unless_told(context: Context) -> None:
    operation.start(context, "Tuesday")
    for options in (RECORD, FeedOptions(record=False)):
        with pytest.raises(Refused, match="no list is in force"):
            Feed(context, options)
    (reply,) = answered(Feed(context, FeedOptions(no_list=True)).take(reads("AB12CDE")))
    assert reply.saved
    assert not reply.answer.screened


def test_it_follows_the_current_operation_and_stops_when_there_is_none(
    under_way: Context,
) -> None:
    feed = Feed(under_way, RECORD)
    feed.take(reads("XX70XXX"))
    operation.start(under_way, "The next day")
    (reply,) = answered(feed.take(reads("XX7OXXX")))
    assert reply.saved
    assert reply.saved.operation == "The next day"
    end_operation.end(under_way, "The next day", reason="over")
    with pytest.raises(Refused, match="no operation is under way"):
        feed.take(reads("XX2"))


def test_an_operation_that_ends_between_answer_and_record_leaves_nothing(
    under_way: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Feed(under_way, RECORD)
    match = Feed._match

    def ended_meanwhile(self: Feed, *asked: Any) -> Any:
        found = match(self, *asked)
        under_way.connection.execute("ROLLBACK")
        if under_way.operation():
            end_operation.end(under_way, operation_of(under_way), reason="over")
        under_way.connection.execute("BEGIN")
        return found

    monkeypatch.setattr(Feed, "_match", ended_meanwhile)
    with pytest.raises(Refused, match="ended meanwhile"):
        feed.take(reads("XX1"))
    assert payloads(under_way, "check_recorded") == []


def test_a_read_is_matched_as_of_its_own_day(
    under_way: Context, clock: list[Any], take: Callable[..., ImportResult]
) -> None:
    clock.append(clock[-1] + timedelta(days=30))
    late, early = (
        answered(Feed(under_way, FeedOptions(record=False)).take(reads("AB12CDE", at=at)))[0]
        for at in (clock[-1].isoformat(), clock[0].isoformat())
    )
    assert [late.answer.lists[0].stale, early.answer.lists[0].stale] == [True, False]


def test_remarks_of_the_camera_are_passed_on(under_way: Context) -> None:
    (reply,) = answered(
        Feed(under_way, FeedOptions(record=False)).take(reads("AB12CDE", at="soon"))
    )
    assert "the camera's time “soon” cannot be read" in " ".join(reply.answer.remarks)
    assert reply.at == under_way.now()


def test_what_is_no_plate_is_refused_and_the_feed_goes_on(under_way: Context) -> None:
    """What readers write where they saw none, and two plates in one picture."""
    feed = Feed(under_way, RECORD)
    plates = ("unknown", "NO PLATE", "none", "AB12CDE XY34FGH", "AB12CDE lorry", "NONE1", "AB12CDE")
    replies = feed.take(reads(*plates))
    assert [isinstance(reply, NotRead) for reply in replies] == [True] * 5 + [False] * 2
    said = [str(reply.refusal) for reply in replies if isinstance(reply, NotRead)]
    assert said[0] == "“unknown” is no registration"
    assert said[3].endswith("holds two registrations: AB12CDE, XY34FGH")
    assert (feed.counts.saved, feed.counts.refused) == (2, 5)


def test_a_candidate_that_is_no_plate_is_passed_over(under_way: Context) -> None:
    (reply,) = answered(
        Feed(under_way, RECORD).take(
            [
                a_line(
                    1,
                    {
                        "plate": "AB12CDF",
                        "candidates": [{"plate": "unknown"}, {"plate": "AB12CDE"}],
                    },
                )
            ]
        )
    )
    assert [plate for plate, _ in reply.read.candidates] == ["AB12CDE"]
    assert reply.answer.verdict is Verdict.LISTED
