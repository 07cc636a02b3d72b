"""One operation on several devices: joining, trusting, syncing, and what becomes of it."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portcheck.errors import NotFound, Refused, TargetUnreachable, WrongUsage
from portcheck.journal.events import OperationEnded
from portcheck.journal.verify import verify
from portcheck.report.exchange import synced_lines
from portcheck.services import operation
from portcheck.services.checks.correct import Correction, amend
from portcheck.services.checks.decide import decide
from portcheck.services.checks.records import find_check
from portcheck.services.custody.audit import events
from portcheck.services.custody.audit import verify as audit_verify
from portcheck.services.day.end_operation import end, reopen
from portcheck.services.day.selection import select
from portcheck.services.day.tally import late, tally
from portcheck.services.exchange import devices
from portcheck.services.exchange.retiring import retire
from portcheck.services.exchange.standing import sync_standing
from portcheck.services.exchange.sync import Waiting
from portcheck.services.lists.list_versions import roll_back
from portcheck.services.matching.lookup import look_up, note_consulted
from portcheck.services.matching.matcher import Query
from portcheck.store.finder import lists_in_force
from stations import DAY, LIST, MORE, Station, as_a_rebuild, round_trip, story

if TYPE_CHECKING:
    from tests.services.exchange.conftest import NewStation


def test_joining_brings_the_operation_its_lists_and_a_free_label(
    lead: Station, station: "NewStation", stick: Path
) -> None:
    lane = station("lane")
    joined = lane.join(stick)
    assert (joined.label, joined.opener, joined.operation.name) == ("L2", "L1", DAY)
    assert joined.code == lead.devices()["L1"].code
    current = lane.context.current()
    assert current is not None
    assert current.operation_id == joined.operation.operation_id
    assert lane.check("AB12CDE") == "L2-001"
    (answer,) = look_up(lane.context, [Query("AB12 CDE")])
    assert not isinstance(answer, Refused)
    assert [one.registration for one in answer.matches] == ["AB12 CDE"]
    assert lane.again().actor.device == "L2"
    assert lane.check("ZZ99ZZZ") == "L2-002"


def test_what_a_device_recorded_counts_once_it_is_trusted(
    lead: Station, station: "NewStation", stick: Path
) -> None:
    lane = station("lane")
    lane.join(stick)
    lane.check("AB12CDE")
    lane.sync(stick)
    assert lead.sync(stick).waiting == (Waiting("L2", 1, "L2"),)
    assert lead.tally.checks == 0
    assert not lead.tally.complete
    (answer,) = look_up(lead.context, [Query("AB12 CDE")])
    assert not isinstance(answer, Refused)
    assert answer.seen.checks == ()
    lead.trust("L2")
    assert lead.tally.checks == 1
    lead.clock[-1] += timedelta(minutes=1)
    (answer,) = look_up(lead.context, [Query("AB12 CDE")])
    assert not isinstance(answer, Refused)
    assert [one.ref for one in answer.seen.checks] == ["L2-001"]
    as_a_rebuild(lead)


def test_whom_the_opener_trusts_everyone_trusts(
    lead: Station, lane: Station, station: "NewStation", stick: Path
) -> None:
    third = station("third")
    third.join(stick)
    third.check("ZZ99ZZZ")
    round_trip(stick, [third, lane, lead])
    assert (lane.tally.checks, third.tally.checks) == (0, 1)
    lead.trust("L3")
    round_trip(stick, [third, lane, lead])
    assert [one.tally.checks for one in (lead, lane, third)] == [1, 1, 1]
    assert story(lead) == story(lane) == story(third)
    for one in (lead, lane, third):
        as_a_rebuild(one)
        assert audit_verify(one.context).intact


def test_a_label_that_is_taken_is_refused_and_a_free_one_told(
    lead: Station, lane: Station, station: "NewStation", stick: Path
) -> None:
    assert lead.devices().keys() == {"L1", "L2"}
    with pytest.raises(Refused, match="another device is called L2") as refused:
        station("third").join(stick, label="L2")
    assert "L3 is free" in refused.value.hint
    fourth = station("fourth")
    assert fourth.join(stick, label="L9").label == "L9"
    assert lane.context.actor.device == "L2"
    with pytest.raises(WrongUsage):
        station("fifth").join(stick, label="no label")


def test_joining_again_changes_nothing_but_what_is_current(
    lead: Station, lane: Station, stick: Path
) -> None:
    joined = [one.join(stick) for one in (lead, lane)]
    assert [(one.label, one.waits) for one in joined] == [("L1", False), ("L2", False)]
    round_trip(stick, [lead, lane])
    kinds = [one.kind for one in events(lead.context)]
    assert kinds.count("device_joined") == 2
    assert lead.devices().keys() == {"L1", "L2"}


def test_a_device_that_worked_before_begins_a_chain_of_its_own(
    lead: Station, station: "NewStation", stick: Path
) -> None:
    lane = station("lane")
    lane.take()
    lane.start("Solo")
    assert lane.check("ZZ99ZZZ") == "L1-001"
    assert lane.join(stick).label == "L2"
    assert lane.check("ZZ99ZZZ") == "L2-001"
    lane.again()
    assert lane.check("ZZ99ZZX") == "L2-002"
    lane.sync(stick)
    lead.sync(stick)
    lead.trust("L2")
    assert lead.tally.checks == 2
    assert operation.named(lane.context, "Solo")
    with pytest.raises(NotFound):
        operation.named(lead.context, "Solo")


def test_two_who_decide_differently_are_in_dispute_until_one_settles_it(
    lead: Station, lane: Station, stick: Path
) -> None:
    ref = lane.check("AB12CDE")
    round_trip(stick, [lane, lead])
    here = operation.named(lead.context, DAY).operation_id
    decide(lead.context, ref, here, confirm=True)
    decide(lane.context, ref, here, confirm=False, reason="other make")
    round_trip(stick, [lane, lead])
    assert story(lead) == story(lane)
    for one in (lead, lane):
        assert one.tally.matches.unresolved == 1
        ((disputed,),) = (one.seen(ref).disputes,)
        assert disputed.shown.startswith(f"{ref} match 1: ")
        assert one.tally.disputes == [disputed]
    with pytest.raises(Refused, match="1 dispute"):
        end(lead.context)
    decide(lane.context, ref, here, confirm=False, reason="it is a Volvo", number=1)
    synced = [lane.sync(stick), lead.sync(stick)]
    assert [one.disputes for one in synced] == [0, 0]
    assert lead.seen(ref).matches[0].decision == "rejected"
    assert lead.tally.matches.rejected == 1


def test_a_value_that_is_disputed_is_settled_with_the_one_that_stands(
    lead: Station, lane: Station, stick: Path
) -> None:
    ref = lane.check("ZZ99ZZZ", details={"lane": "1"})
    round_trip(stick, [lane, lead])
    here = operation.named(lead.context, DAY).operation_id
    for one, value in ((lead, "2"), (lane, "3")):
        amend(one.context, ref, here, Correction({}, {"lane": value}, {}), "typed wrong")
    round_trip(stick, [lane, lead])
    ((disputed,),) = (lead.tally.disputes,)
    stands = disputed.values[0]["value"]
    amend(lead.context, ref, here, Correction({}, {"lane": stands}, {}), "I was there")
    round_trip(stick, [lead, lane])
    for one in (lead, lane):
        assert one.tally.disputes == []
        assert one.seen(ref).details["lane"] == stands
    with pytest.raises(Refused, match="already says so"):
        amend(lead.context, ref, here, Correction({}, {"lane": stands}, {}), "once more")


def test_a_device_that_is_revoked_is_told_and_what_it_records_since_is_named(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lane, lead])
    here = lead.context.operation()
    devices.revoke(lead.context, here, "L2", "stolen")
    lane.check("ZZ99ZZX")
    lead.sync(stick)
    values = lane.context.settings.values
    values["sync"] = replace(values["sync"], value=str(stick))
    assert lane.sync(stick).revoked
    assert not lead.sync(stick).revoked
    standing = sync_standing(lane.context)
    assert standing is not None
    assert standing.revoked
    assert (lead.tally.checks, lane.tally.checks) == (1, 2)
    told = [one.shown for one in lead.tally.devices if one.label == "L2"]
    assert re.fullmatch(
        r"L2 to \d+, heard [\d:]+, revoked: 1 check after that NOT counted", told[0]
    )
    mine = [one.shown for one in lane.tally.devices if one.label == "L2"]
    assert mine[0].endswith("revoked: 1 check after that counted here alone")
    assert lead.devices()["L2"].counts_to < lead.devices()["L2"].events
    with pytest.raises(NotFound, match="held back: what L2 recorded"):
        find_check(lead.context, "l2-002", here.operation_id)
    before = len(list(events(lead.context)))
    for judge in (devices.revoke, devices.lost):
        assert judge(lead.context, here, "L2").state == devices.REVOKED
    assert len(list(events(lead.context))) == before
    lead.trust("L2")
    assert lead.tally.checks == 2


def test_a_deputy_that_was_revoked_has_done_nothing_since(
    lead: Station, lane: Station, station: "NewStation", stick: Path, tmp_path: Path
) -> None:
    """A stolen laptop with no network: its acts come early in the order, and late to others."""
    lead.trust("L2", lead=True)
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lead, lane])
    aside = tmp_path / "aside"
    shutil.copytree(stick, aside)
    for number in range(8):
        lead.check(f"ZZ{number:02}ZZX")
    devices.revoke(lead.context, lead.context.operation(), "L2", "stolen")
    thief = station("thief")
    thief.join(aside, label="L9")
    thief.check("ZZ99ZZW")
    round_trip(aside, [thief, lane])
    lane.trust("L9")
    end(lane.context, reason="thief")
    lane.sync(aside)
    shutil.copytree(aside, stick, dirs_exist_ok=True)
    lead.sync(stick)
    assert lead.context.operation().ended_at is None
    assert lead.tally.checks == 9
    found = lead.devices()
    assert found["L9"].state == devices.WAITING
    assert found["L2"].unheeded == ("device_trusted", "operation_ended")
    lead.trust("L2")
    assert lead.context.operation().ended_at is None
    as_a_rebuild(lead)
    lead.trust("L2", lead=True)
    round_trip(stick, [lead, lane])
    assert lane.devices()["L2"].lead
    assert lane.context.operation().ended_at is None


def test_deputies_that_revoke_each_other_leave_the_same_everywhere(
    lead: Station, lane: Station, station: "NewStation", stick: Path
) -> None:
    third = station("third")
    third.join(stick)
    round_trip(stick, [third, lead])
    for label in ("L2", "L3"):
        lead.trust(label, lead=True)
    everyone = [lead, lane, third]
    round_trip(stick, everyone)
    devices.revoke(lane.context, lane.context.operation(), "L3")
    devices.revoke(third.context, third.context.operation(), "L2")
    round_trip(stick, everyone)
    assert story(lead) == story(lane) == story(third)
    devices.revoke(lead.context, lead.context.operation(), "L2")
    round_trip(stick, everyone)
    assert story(lead) == story(lane) == story(third)
    for one in everyone:
        as_a_rebuild(one)


def test_of_two_operations_at_one_target_each_is_whole(
    lead: Station, lane: Station, station: "NewStation", stick: Path
) -> None:
    ref = lane.check("AB12CDE")
    round_trip(stick, [lane, lead])
    first = lead.context.operation()
    lead.start("Day two")
    lead.check("ZZ99ZZZ")
    decide(lead.context, ref, first.operation_id, confirm=True)
    lead.sync(stick)
    lane.join(stick, name="Day two")
    third = station("third")
    third.join(stick, name="Day two")
    lane.check("ZZ99ZZX")
    round_trip(stick, [lane, lead, third])
    for label in ("L2", "L3"):
        lead.trust(label)
    round_trip(stick, [lead, lane, third])
    assert [one.tally.checks for one in (lead, lane, third)] == [2, 2, 2]
    assert lane.seen(ref).matches[0].decision == "confirmed"
    third.join(stick, name=DAY)
    round_trip(stick, [lead, third, lane])
    assert third.seen(ref).matches[0].decision == "confirmed"
    devices.finish(lane.context, first)
    lane.check("ZZ99ZZW")
    assert lane.devices()["L2"].state == devices.FINISHED


def test_devices_of_one_label_are_named_by_their_chains(
    lead: Station, station: "NewStation", stick: Path, tmp_path: Path
) -> None:
    """Two joined without knowing of each other, each from a stick of its own."""
    other = tmp_path / "other"
    shutil.copytree(stick, other)
    for name, target in (("one", stick), ("two", other)):
        lane = station(name)
        lane.join(target, label="L4")
        lane.check("ZZ99ZZZ")
        lane.sync(target)
    lead.sync(stick)
    waiting = lead.sync(other).waiting
    assert [(one.label, one.checks) for one in waiting] == [("L4", 1), ("L4", 1)]
    for one in waiting:
        lead.trust(one.ref)
    assert lead.tally.checks == 2
    assert [one.checks for one in lead.tally.devices if one.label == "L4"] == [1, 1]
    with pytest.raises(Refused, match="2 devices are called L4"):
        lead.trust("L4")


def test_a_lane_s_list_is_named_until_the_lead_has_a_newer_one(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.take(MORE)
    lane.sync(stick)
    assert [one.label for one in lead.sync(stick).lists.offered] == ["L2"]
    lead.take(MORE)
    lead.take(LIST)
    round_trip(stick, [lead, lane])
    assert lead.sync(stick).lists.offered == lane.sync(stick).lists.offered == []
    assert in_force(lane) == in_force(lead)


def test_a_list_of_a_lead_is_known_by_its_name_and_its_content(
    lead: Station, lane: Station, stick: Path
) -> None:
    """What one list holds, another may have held before, there or here."""
    lead.take(MORE, "NEW")
    lane.take(MORE + "GH21 AAA,GB,Acme Ltd,Acme Ltd,CP-11,32,04/01/2021,5,5,outstanding\n", "OWN")
    round_trip(stick, [lead, lane])
    lead.take(MORE)
    lead.take(LIST, "NEW")
    round_trip(stick, [lead, lane])
    expected = in_force(lead)
    assert {name: content for name, content in in_force(lane).items() if name != "OWN"} == expected
    lead.take(MORE + "GH21 AAA,GB,Acme Ltd,Acme Ltd,CP-11,32,04/01/2021,5,5,outstanding\n")
    round_trip(stick, [lead, lane])
    assert in_force(lane)["CECPT"] == in_force(lane)["OWN"] == in_force(lead)["CECPT"]


def in_force(one: Station) -> dict[str, str]:
    return {found.name: found.entries_sha256 for found in lists_in_force(one.context.connection)}


def test_only_a_lead_ends_an_operation(lead: Station, lane: Station, stick: Path) -> None:
    with pytest.raises(Refused, match="only L1 can end"):
        end(lane.context)
    here = operation.named(lead.context, DAY).operation_id
    forged = OperationEnded(
        operation_id=here, ended_at=lane.clock[-1], tally={}, fingerprint="f", reason="enough"
    )
    with lane.context.writing() as writer:
        writer.append(forged)
    round_trip(stick, [lane, lead])
    for one in (lead, lane):
        assert operation.named(one.context, DAY).ended_at is None
        assert one.devices()["L2"].unheeded == ("operation_ended",)
    lead.trust("L2", lead=True)
    round_trip(stick, [lead, lane])
    end(lane.context, reason="it is late")
    round_trip(stick, [lane, lead])
    assert operation.named(lead.context, DAY).ended_at
    assert lead.context.current() is None


def test_checks_after_the_end_do_not_change_what_was_signed(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lane, lead])
    with pytest.raises(Refused, match="L2 not finished"):
        end(lead.context)
    end(lead.context, reason="the ship sails")
    signed = tally(lead.context, DAY)
    lane.check("ZZ99ZZX")
    lane.check("ZZ99ZZW")
    lane.sync(stick)
    lead.sync(stick, name=DAY)
    assert tally(lead.context, DAY) == signed
    assert late(lead.context, select(lead.context, (DAY,))) == {"L2": 2}
    assert tally(lead.context, DAY, recount=True).checks == 3
    lane.sync(stick)
    assert lane.context.current() is None
    assert tally(lane.context, DAY).checks == 1
    reopen(lead.context, DAY, "one more ship")
    round_trip(stick, [lead, lane])
    assert lead.tally.checks == lane.tally.checks == 3
    assert lane.check("ZZ99ZZV") == "L2-004"


def test_a_device_that_has_finished_is_waited_for_no_longer(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    devices.finish(lane.context, lane.context.operation())
    round_trip(stick, [lane, lead])
    assert lead.devices()["L2"].state == devices.FINISHED
    assert lead.tally.complete
    lane.check("ZZ99ZZX")
    round_trip(stick, [lane, lead])
    assert lead.devices()["L2"].state == devices.ACTIVE
    assert lead.tally.lacks == ["L2 not finished"]
    devices.lost(lead.context, lead.context.operation(), "L2", "in the harbour")
    assert lead.tally.complete
    assert lead.tally.checks == 2


def test_nothing_that_a_revoked_device_records_counts_any_more(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lane, lead])
    devices.revoke(lead.context, lead.context.operation(), "L2", "stolen")
    lane.check("ZZ99ZZX")
    round_trip(stick, [lane, lead])
    assert lead.tally.checks == 1
    assert lead.devices()["L2"].state == devices.REVOKED
    assert lane.tally.checks == 2
    lead.trust("L2")
    assert lead.tally.checks == 2
    as_a_rebuild(lead)


def test_a_list_of_the_lead_comes_into_force_and_names_what_was_checked(
    lead: Station, lane: Station, stick: Path
) -> None:
    ref = lane.check("KL65XYZ")
    lane.sync(stick)
    lead.take(MORE)
    lead.sync(stick)
    synced = lane.sync(stick)
    assert (synced.lists.now_listed, len(synced.lists.lists)) == ([ref], 1)
    (answer,) = look_up(lane.context, [Query("KL65 XYZ")])
    assert not isinstance(answer, Refused)
    assert answer.matches
    assert answer.lists[0].rows == 3
    lead.sync(stick)
    assert lead.seen(ref).unresolved == 1
    for one in (lead, lane):
        as_a_rebuild(one)
        assert audit_verify(one.context).intact


def test_a_list_of_a_lane_stays_there_and_is_named(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.take(MORE)
    lane.sync(stick)
    synced = lead.sync(stick)
    assert [(one.label, one.list_name, one.rows) for one in synced.lists.offered] == [
        ("L2", "CECPT", 3)
    ]
    (answer,) = look_up(lead.context, [Query("KL65 XYZ")])
    assert not isinstance(answer, Refused)
    assert not answer.matches
    assert lane.check("KL65XYZ")
    assert lane.seen("L2-001").verdict == "listed"
    lead.take(LIST + "MN11 OPQ,GB,,,CP-11,32,04/01/2021,1.00,1.00,outstanding\n")
    lead.sync(stick)
    assert len(lane.sync(stick).lists.lists) == 1
    assert lane.check("MN11OPQ")
    assert lane.seen("L2-002").verdict == "listed"


def test_a_list_that_the_lead_retires_answers_nowhere(
    lead: Station, lane: Station, stick: Path
) -> None:
    retire(lead.context, "cecpt", "drawn up anew")
    lead.sync(stick)
    synced = lane.sync(stick)
    assert "! L1 retired list CECPT: nothing answers of it" in [
        line.plain for line in synced_lines(synced)
    ]
    for one in (lead, lane):
        assert lists_in_force(one.context.connection) == []
        assert look_up(one.context, [Query("AB12 CDE")]) != []
        as_a_rebuild(one)
        assert audit_verify(one.context).intact
    assert lane.sync(stick).lists.lists == []
    roll_back(lead.context, "CECPT", 1)
    lead.sync(stick)
    lane.sync(stick)
    assert [one.name for one in lists_in_force(lane.context.connection)] == ["CECPT"]
    as_a_rebuild(lane)
    assert audit_verify(lane.context).intact


def test_a_list_that_is_not_here_is_not_retired_here(
    lead: Station, lane: Station, stick: Path
) -> None:
    lead.take(MORE.replace("CP-", "FE-"), "Ferry")
    retire(lead.context, "Ferry", "another one comes")
    lead.sync(stick)
    assert lane.sync(stick).lists.lists == []
    as_a_rebuild(lane)


def test_only_who_leads_retires_a_list_of_all(lead: Station, lane: Station, stick: Path) -> None:
    with pytest.raises(Refused, match="only L1 can retire list CECPT in operation"):
        retire(lane.context, "CECPT", "mine")
    lead.clock[-1] += timedelta(hours=1)
    end(lead.context, reason="the ship sails")
    lead.sync(stick)
    lane.sync(stick)
    retire(lane.context, "CECPT", "the day is over")
    lane.sync(stick)
    synced = lead.sync(stick)
    assert lists_in_force(lead.context.connection)
    assert "L2 retired its list CECPT, which stays in force here" in [
        line.plain for line in synced_lines(synced)
    ]


def test_one_list_that_two_devices_import_is_one(lead: Station, lane: Station, stick: Path) -> None:
    lane.take(MORE)
    lead.take(MORE)
    lane.sync(stick)
    lead.sync(stick)
    synced = lane.sync(stick)
    assert (synced.lists.lists, synced.lists.offered) == ([], [])
    assert lane.tally.lists == []
    lane.check("KL65XYZ")
    lane.sync(stick)
    lead.sync(stick)
    assert lead.seen("L2-001").matches[0].list_name == "CECPT"


def test_look_ups_and_other_operations_travel_without_their_texts(
    lead: Station, station: "NewStation", stick: Path
) -> None:
    other = lead.start("Secret")
    lead.check("ZZ99ZZZ")
    note_consulted(lead.context, "lookup", ["AB12 CDE"])
    operation.use(lead.context, DAY)
    lead.check("ZZ99ZZX")
    lead.sync(stick)
    lane = station("lane")
    lane.join(stick)
    told = {
        (one.kind, one.device): bool(one.payload)
        for one in events(lane.context)
        if one.device == "L1"
    }
    assert told["record_consulted", "L1"] is False
    texts = lane.context.connection.execute("SELECT text FROM payload").fetchall()
    assert not any(other in text for (text,) in texts)
    assert lane.tally.checks == 1
    assert verify(lane.context.connection).fault is None


def test_texts_that_come_late_are_taken_in(
    lead: Station, lane: Station, stick: Path, tmp_path: Path
) -> None:
    """A second operation of the same two devices, over another stick."""
    lead.start("Second")
    lead.check("ZZ99ZZZ")
    operation.use(lead.context, DAY)
    lead.check("ZZ99ZZX")
    lead.sync(stick)
    lane.sync(stick)
    assert lane.tally.checks == 1
    operation.use(lead.context, "Second")
    second = tmp_path / "second"
    second.mkdir()
    lead.sync(second)
    joined = lane.join(second)
    assert joined.operation.name == "Second"
    assert lane.tally.checks == 1
    as_a_rebuild(lane)
    assert audit_verify(lane.context).intact


def test_an_older_copy_of_a_stick_gets_what_it_lacks(
    lead: Station, lane: Station, stick: Path, tmp_path: Path, station: "NewStation"
) -> None:
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lane, lead])
    empty = tmp_path / "empty"
    empty.mkdir()
    lane.sync(empty)
    names = [{str(p.relative_to(s)) for p in s.rglob("*.piece")} for s in (stick, empty)]
    assert names[0] <= names[1] | names[0]
    assert {name.split("/")[2] for name in names[1]} == {name.split("/")[2] for name in names[0]}
    third = station("third")
    with pytest.raises(NotFound):
        third.join(empty)
    lead.sync(empty)
    assert third.join(empty).label == "L3"
    assert third.tally.checks == 1


def test_a_stick_that_is_not_there_is_told_and_nothing_is_made(
    lead: Station, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(TargetUnreachable):
        lead.sync(gone)
    assert not gone.exists()
    lead.check("ZZ99ZZZ")


def test_a_dry_run_changes_nothing(lead: Station, lane: Station, stick: Path) -> None:
    lane.check("ZZ99ZZZ")
    before = lane.context.connection.total_changes
    files = sorted(stick.rglob("*"))
    found = lane.sync(stick, dry=True)
    assert found.sent.events > 0
    assert lane.context.connection.total_changes == before
    assert sorted(stick.rglob("*")) == files
    lane.sync(stick)
    events_before = len(events(lead.context))
    dry = lead.sync(stick, dry=True)
    assert dry.received.events > 0
    assert len(events(lead.context)) == events_before


def test_receipts_answer_no_receipts(lead: Station, lane: Station, stick: Path) -> None:
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lane, lead])
    numbers = [len(events(one.context)) for one in (lead, lane)]
    files = sorted(stick.rglob("*"))
    round_trip(stick, [lane, lead])
    assert [len(events(one.context)) for one in (lead, lane)] == numbers
    assert sorted(stick.rglob("*")) == files


def test_a_wrong_clock_is_told_where_it_can_be(lead: Station, lane: Station, stick: Path) -> None:
    lane.clock[-1] = lane.clock[-1].replace(year=2023)
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lane, lead])
    assert (lead.devices()["L2"].clock_offset_s or 0) > 365 * 86400
    assert lead.tally.checks == 1
    lane.clock[-1] = lane.clock[-1].replace(year=2019)
    lead.check("ZZ99ZZX")
    round_trip(stick, [lead, lane])
    lane.check("ZZ99ZZW")
    round_trip(stick, [lane, lead])
    assert (lead.devices()["L2"].clock_offset_s or 0) < -365 * 86400
    assert lead.tally.checks == 3


def test_paid_in_one_lane_is_known_in_the_other(lead: Station, lane: Station, stick: Path) -> None:
    lane.check(
        "AB12CDE",
        decision="confirmed",
        outcome={
            "penalties": [
                {"reference": "CP-1042", "action": "paid_in_full", "amount_pence": 240000}
            ]
        },
    )
    round_trip(stick, [lane, lead])
    lead.clock[-1] += timedelta(minutes=1)
    (answer,) = look_up(lead.context, [Query("AB12 CDE")])
    assert not isinstance(answer, Refused)
    (penalty,) = answer.matches[0].penalties
    assert penalty.assessment.enforceable.value == "no"
    assert answer.seen.checks[0].ref == "L2-001"
