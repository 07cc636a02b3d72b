"""What devices did without knowing of each other: what stands, what is shown, what settles it."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from devices import NOON, Device, as_a_rebuild, bring, match, new_device, three
from portcheck.journal import events, parts
from portcheck.journal.append import append
from portcheck.journal.chain import GENESIS, Sealed, link
from portcheck.journal.exchange import receive, sealed
from portcheck.store import projections
from portcheck.store.connection import transaction
from portcheck.store.schema import open_in_memory

CHECK = "c-1-1"


@pytest.fixture
def empty() -> bytes:
    with closing(open_in_memory()) as made:
        return made.serialize()


@pytest.fixture
def devices(empty: bytes) -> Iterator[list[Device]]:
    """Three devices, the first two of which know of two listed vehicles."""
    with three(empty) as found:
        yield found


@pytest.fixture
def fresh(empty: bytes) -> Iterator[Device]:
    """One more, that knows of nothing."""
    with new_device(empty, 4) as found:
        yield found


@pytest.fixture
def lead(devices: list[Device]) -> Device:
    return devices[0]


@pytest.fixture
def lane(devices: list[Device]) -> Device:
    return devices[1]


def decided(device: Device, decision: str, *over: str, number: int = 1) -> None:
    name = device.one("SELECT name FROM check_match WHERE number = ?", number)[0]
    device.write(
        events.MatchDecided(
            check_id=CHECK,
            matches=(number,),
            named=(name,),
            decision=decision,  # type: ignore[arg-type]
            reason="seen",
            over=over,
        )
    )


def own(one: Device) -> list[Sealed]:
    """What a device wrote."""
    return [event for event in sealed(one.connection, {}) if event.chain == one.chain]


def amended(device: Device, field: str, before: Any, after: Any, *over: str) -> None:
    change = events.Change(field=field, before=before, after=after)
    device.write(
        events.CheckAmended(check_id=CHECK, changes=(change,), reason="typed wrong", over=over)
    )


def stands(device: Device, column: str) -> Any:
    return device.one(f"SELECT {column} FROM vehicle_check WHERE check_id = ?", CHECK)[0]


def first_match(device: Device) -> tuple[str, str, list[str]]:
    """The decision on it, by whom, and the events that stand."""
    decision, by, names = device.one(
        "SELECT decision, decided_by, decided_in FROM check_match WHERE check_id = ? AND number = 1",
        CHECK,
    )
    return decision, by, names.split()


def disputes(device: Device) -> list[tuple[str, Any, str]]:
    """(field, value, device) of all that contradicts, what stands first."""
    rows = device.connection.execute(
        "SELECT field, value, device FROM dispute ORDER BY subject, field, place"
    )
    return [(field, json.loads(value), label) for field, value, label in rows]


def test_one_confirms_and_the_other_rejects(lead: Device, lane: Device) -> None:
    decided(lead, "confirmed")
    decided(lane, "rejected")
    bring(lead, lane)
    decision, by, names = first_match(lane)
    assert (decision, by, len(names)) == ("open", "", 2)
    assert stands(lane, "primary_outcome") == "match_unresolved"
    assert sorted(disputes(lane)) == [("match_1", "confirmed", "L1"), ("match_1", "rejected", "L2")]
    decided(lane, "rejected", *names)
    bring(lead, lane)
    assert first_match(lead)[:2] == ("rejected", "2")
    assert disputes(lead) == []


def test_a_decision_that_saw_only_one_of_two_settles_nothing(lead: Device, lane: Device) -> None:
    decided(lead, "confirmed")
    decided(lane, "rejected")
    bring(lead, lane)
    decided(lead, "confirmed")
    bring(lead, lane)
    assert len({value for _, value, _ in disputes(lane)}) == 2


def test_two_who_say_the_same_contradict_nobody(lead: Device, lane: Device) -> None:
    decided(lead, "confirmed")
    decided(lane, "confirmed")
    bring(lead, lane)
    decision, by, names = first_match(lead)
    assert (decision, len(names), disputes(lead)) == ("confirmed", 2, [])
    assert by in {"1", "2"}


def test_a_decision_taken_back_leaves_the_other_standing(lead: Device, lane: Device) -> None:
    decided(lead, "confirmed")
    own = first_match(lead)[2]
    decided(lane, "rejected")
    lead.write(events.DecisionWithdrawn(check_id=CHECK, matches=(1,), over=tuple(own)))
    bring(lead, lane)
    assert first_match(lead)[0] == "rejected"
    assert disputes(lead) == []


def test_of_two_values_for_one_field_the_first_stands(lead: Device, lane: Device) -> None:
    amended(lead, "lane", "In 1", "In 2")
    amended(lane, "lane", "In 1", "In 3")
    bring(lead, lane)
    (_, standing, _), (_, beside, _) = disputes(lead)
    assert stands(lead, "lane") == standing
    assert {standing, beside} == {"In 2", "In 3"}
    assert stands(lead, "amended") == 1
    rows = lead.connection.execute("SELECT event FROM dispute").fetchall()
    amended(lane, "lane", standing, "In 4", *(event for (event,) in rows))
    bring(lead, lane)
    assert (stands(lead, "lane"), disputes(lead)) == ("In 4", [])


def test_a_correction_that_did_not_see_the_contradiction_leaves_it(
    lead: Device, lane: Device
) -> None:
    amended(lead, "lane", "In 1", "In 2")
    amended(lane, "lane", "In 1", "In 3")
    bring(lead, lane)
    amended(lane, "lane", stands(lane, "lane"), "In 4")
    bring(lead, lane)
    assert stands(lead, "lane") == "In 4"
    assert next(value for _, value, _ in disputes(lead)) == "In 4"
    assert len(disputes(lead)) == 2


@pytest.mark.parametrize("how", ["amended", "outcome"])
def test_the_same_value_from_both_contradicts_nobody(lead: Device, lane: Device, how: str) -> None:
    for device in (lead, lane):
        if how == "amended":
            amended(device, "lane", "In 1", "In 2")
        else:
            device.write(events.OutcomeRecorded(check_id=CHECK, outcome={"seal": "intact"}))
    bring(lead, lane)
    assert disputes(lead) == disputes(lane) == []
    as_a_rebuild(lead)


def corrected(device: Device, *more: events.Change) -> None:
    """The vehicle, and what else, and matched again."""
    device.write(
        events.CheckAmended(
            check_id=CHECK,
            changes=(
                events.Change(field="vehicle", before="AB12 CDE", after="KL65 XYZ"),
                events.Change(field="vehicle_key", before="AB12CDE", after="KL65XYZ"),
                *more,
            ),
            reason="typed wrong",
            rematched=True,
            verdict="listed",
            matches=(match(3, "CP-3", "KL65 XYZ"),),
        )
    )


def test_the_same_correction_of_the_mark_leaves_what_was_decided_since(
    lead: Device, lane: Device
) -> None:
    corrected(lead)
    corrected(lane)
    decided(lead, "confirmed", number=3)
    bring(lead, lane)
    rows = lead.connection.execute(
        "SELECT number, decision FROM check_match WHERE check_id = ? AND decision <> 'replaced'",
        (CHECK,),
    )
    assert rows.fetchall() == [(3, "confirmed")]
    assert disputes(lead) == []
    as_a_rebuild(lead)


def test_what_is_disputed_of_a_check_waits_while_it_is_void(lead: Device, lane: Device) -> None:
    amended(lead, "lane", "In 1", "In 2")
    amended(lane, "lane", "In 1", "In 3")
    decided(lead, "confirmed")
    decided(lane, "rejected")
    bring(lead, lane)
    shown = disputes(lead)
    lane.write(events.CheckVoided(check_id=CHECK, reason="twice"))
    bring(lead, lane)
    assert (len(shown), disputes(lead)) == (4, [])
    lead.write(events.VoidWithdrawn(check_id=CHECK))
    bring(lead, lane)
    assert disputes(lane) == shown


def test_corrections_of_different_fields_contradict_nobody(lead: Device, lane: Device) -> None:
    amended(lead, "lane", "In 1", "In 2")
    amended(lane, "direction", None, "inbound")
    bring(lead, lane)
    assert (stands(lead, "lane"), stands(lead, "direction")) == ("In 2", "inbound")
    assert disputes(lead) == []


def test_a_registration_corrected_twice_is_matched_by_the_one_that_stands(
    lead: Device, lane: Device
) -> None:
    for device, mark in ((lead, "KL65 XYZ"), (lane, "QQ1 QQQ")):
        device.write(
            events.CheckAmended(
                check_id=CHECK,
                changes=(
                    events.Change(field="vehicle", before="AB12 CDE", after=mark),
                    events.Change(
                        field="vehicle_key", before="AB12CDE", after=mark.replace(" ", "")
                    ),
                ),
                reason="typed wrong",
                rematched=True,
                verdict="listed",
                matches=(match(3, f"for {mark}", mark),),
            )
        )
    bring(lead, lane)
    rows = lead.connection.execute(
        "SELECT typed FROM check_match WHERE check_id = ? AND decision = 'open'", (CHECK,)
    ).fetchall()
    assert rows == [(stands(lead, "vehicle"),)]
    assert stands(lead, "vehicle").replace(" ", "") == stands(lead, "vehicle_key")
    assert {field for field, _, _ in disputes(lead)} == {"vehicle", "vehicle_key"}


def test_of_an_outcome_lists_grow_and_the_first_of_other_values_stands(
    lead: Device, lane: Device
) -> None:
    for device, seal, note in ((lead, "intact", "one"), (lane, "broken", "two")):
        device.write(
            events.OutcomeRecorded(check_id=CHECK, outcome={"seal": seal, "notes": [note]})
        )
    bring(lead, lane)
    outcome = json.loads(stands(lead, "outcome"))
    assert sorted(outcome["notes"]) == ["one", "two"]
    assert next((field, value) for field, value, _ in disputes(lead)) == ("seal", outcome["seal"])
    assert len(disputes(lead)) == 2


def test_a_void_check_keeps_what_was_recorded_beside(lead: Device, lane: Device) -> None:
    lead.write(events.CheckVoided(check_id=CHECK, reason="twice"))
    lane.write(events.OutcomeRecorded(check_id=CHECK, outcome={"persons": 2}))
    bring(lead, lane)
    assert (stands(lead, "voided"), stands(lead, "void_reason")) == (1, "twice")
    assert lead.one("SELECT COUNT(*) FROM finding")[0] == 0
    lane.write(events.VoidWithdrawn(check_id=CHECK))
    bring(lead, lane)
    assert (stands(lead, "voided"), json.loads(stands(lead, "outcome"))) == (0, {"persons": 2})


def test_an_operation_ended_twice_and_a_log_taken_in_twice(lead: Device, lane: Device) -> None:
    counts: dict[str, Any] = {"rows": 1, "accepted": 1, "duplicates": 0, "rejected": 0}
    for device in (lead, lane):
        device.write(
            events.OperationEnded(
                operation_id="o", ended_at=NOON, tally={}, fingerprint=device.actor.device
            )
        )
        device.write(
            events.ChecksImported(
                operation_id="o", file_name=f"{device.number}.csv", sha256="7" * 64, **counts
            )
        )
    bring(lead, lane)
    assert lead.one("SELECT fingerprint FROM operation") == lane.one(
        "SELECT fingerprint FROM operation"
    )
    assert {field for field, _, _ in disputes(lead)} == {"operation_ended", f"log {'7' * 64}"}
    assert lead.one("SELECT COUNT(*) FROM log_import")[0] == 1


def test_a_match_that_both_found_is_one_and_others_get_numbers_of_their_own(
    lead: Device, lane: Device
) -> None:
    for device, more in ((lead, "CP-8"), (lane, "CP-9")):
        device.write(
            events.MatchesFoundLater(
                check_id=CHECK,
                list_name="CECPT",
                list_version=2,
                matches=(match(3, "CP-7"), match(4, more)),
            )
        )
    decided(lane, "confirmed", number=4)
    bring(lead, lane)
    rows = lead.connection.execute(
        "SELECT number, registration, decision FROM check_match WHERE check_id = ? AND number > 2",
        (CHECK,),
    ).fetchall()
    assert [number for number, _, _ in rows] == [3, 4, 5]
    assert {reference: decision for _, reference, decision in rows} == {
        "CP-7": "open",
        "CP-8": "open",
        "CP-9": "confirmed",
    }


def test_what_is_about_something_that_is_not_here_waits_for_it(
    devices: list[Device], fresh: Device
) -> None:
    """A check waits for its operation, an outcome for its check, whatever comes first."""
    lead, lane, _ = devices
    lane.check(1)
    lane.write(events.OutcomeRecorded(check_id=CHECK, outcome={"persons": 2}))
    sent = own(lane)
    with transaction(fresh.connection):
        receive(fresh.connection, sent, source="test", now=NOON)
        projections.take(fresh.connection, 0)
    waiting = fresh.connection.execute("SELECT waits_for FROM pending ORDER BY seq").fetchall()
    assert waiting == [("o",), ("o",), (CHECK,)]
    assert fresh.one("SELECT COUNT(*) FROM vehicle_check")[0] == 0
    as_a_rebuild(fresh)
    bring(lead, lane, fresh)
    assert fresh.one("SELECT COUNT(*) FROM pending")[0] == 0
    assert json.loads(stands(fresh, "outcome")) == {"persons": 2}


def test_an_event_of_a_newer_portcheck_is_kept_and_read_after_an_update(
    lead: Device, lane: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane.newer(CHECK, 0, ())
    amended(lane, "lane", "In 1", "In 2")
    bring(lead, lane)
    assert lead.connection.execute("SELECT subject, waits_for FROM pending").fetchall() == [
        (CHECK, "")
    ]
    assert stands(lead, "lane") == "In 2"


HOSTILE: list[dict[str, Any]] = [
    {"persons": "many"},
    {"persons": -(10**30)},
    {"penalties": [{}]},
    {"penalties": 7},
    {"notes": {"a": 1}},
    {"cash": [{"currency": 1}]},
    {"seizures": [{"kind": "drugs", "quantity": ["1"]}]},
    {"seal": True},
    {"arrests": [{"offence": None}]},
]


@pytest.mark.parametrize("outcome", HOSTILE)
def test_values_that_no_portcheck_would_write_are_kept_and_left_out(
    lead: Device, lane: Device, outcome: dict[str, Any]
) -> None:
    strange = events.OutcomeRecorded(check_id=CHECK, outcome=outcome)
    with transaction(lane.connection):
        append(lane.connection, strange.kind, events.payload_of(strange), lane.actor, NOON)
        projections.make(lane.connection, [CHECK])
    lane.write(events.OutcomeRecorded(check_id=CHECK, outcome={"seal": "intact"}))
    bring(lead, lane)
    assert json.loads(stands(lead, "outcome")) == {"seal": "intact"}
    assert lead.one("SELECT COUNT(*) FROM pending WHERE waits_for = ''")[0] == 1


def test_a_check_of_strange_details_is_kept_and_left_out(lead: Device, lane: Device) -> None:
    strange = events.CheckRecorded(
        check_id="strange",
        operation_id="o",
        number=7,
        ref="L2-007",
        at=NOON,
        vehicle=parts.MarkTyped(text="AB12 CDE", key="AB12CDE"),
        details={"lane": ["In", 1]},
        screened=True,
        verdict="clear",
    )
    with transaction(lane.connection):
        append(lane.connection, strange.kind, events.payload_of(strange), lane.actor, NOON)
        projections.make(lane.connection, ["strange"])
    bring(lead, lane)
    assert lead.one("SELECT COUNT(*) FROM vehicle_check WHERE check_id = 'strange'")[0] == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "{}"}, "its text was changed"),
        ({"salt": b"7" * 16}, "its text was changed"),
        ({"salt": None}, "its text was changed"),
        ({"text": None}, "its text was changed"),
        ({"hash": b"\1" * 32}, "its header or hash was changed"),
        ({"previous": b"\1" * 32}, "it does not follow the event before it"),
        ({"digest": b"\1" * 32}, "its header or hash was changed"),
    ],
)
def test_an_event_that_was_changed_on_its_way_is_refused(
    devices: list[Device], fresh: Device, change: dict[str, Any], why: str
) -> None:
    lead, *_ = devices
    sent = own(lead)
    sent[1] = replace(sent[1], **change)
    with transaction(fresh.connection):
        received = receive(fresh.connection, sent, source="test", now=NOON)
    assert [(one.seq, one.why) for one in received.refused] == [(2, why)]
    assert fresh.one("SELECT COUNT(*) FROM journal")[0] == 1


@pytest.mark.parametrize("position", [2**33, 2**63 - 1, 2**63, 2**200])
def test_a_place_that_no_number_of_events_could_bring_is_refused(
    lead: Device, lane: Device, position: int
) -> None:
    """What follows could have no place: nobody who took it could record any more."""
    first = own(lane)[0]
    header = replace(first.header, position=position, seq=1)
    own_hash = link(GENESIS, header, first.digest)
    strange = replace(first, chain=own_hash, header=header, previous=GENESIS, hash=own_hash)
    with transaction(lead.connection):
        received = receive(lead.connection, [strange], source="test", now=NOON)
    assert (received.events, len(received.refused)) == (0, 1)
    assert "place in the order" in received.refused[0].why
    amended(lead, "lane", "In 1", "In 2")


def test_a_chain_that_was_continued_twice_is_named(devices: list[Device], fresh: Device) -> None:
    lead, *_ = devices
    image = lead.connection.serialize()
    amended(lead, "lane", "In 1", "In 2")
    fresh.take(lead)
    lead.connection.deserialize(image)
    amended(lead, "lane", "In 1", "In 3")
    with transaction(fresh.connection):
        received = receive(fresh.connection, own(lead), source="test", now=NOON)
    (refused,) = received.refused
    assert refused.why.startswith("its chain was continued twice: ")
    assert (refused.label, refused.seq, received.events) == ("L1", 6, 0)


def test_events_before_which_others_are_missing_are_left_for_later(
    devices: list[Device], fresh: Device
) -> None:
    lead, *_ = devices
    sent = own(lead)
    with transaction(fresh.connection):
        received = receive(fresh.connection, sent[1:], source="test", now=NOON)
    assert (received.events, received.refused, len(received.missing)) == (0, [], 1)


def test_a_strange_event_of_a_check_whose_operation_is_not_here_waits_once(
    devices: list[Device],
    fresh: Device,
) -> None:
    lead, lane, _ = devices
    lane.check(1)
    strange = events.OutcomeRecorded(check_id="c-2-1", outcome={"persons": "many"})
    with transaction(lane.connection):
        append(lane.connection, strange.kind, events.payload_of(strange), lane.actor, NOON)
        projections.make(lane.connection, ["c-2-1"])
    sent = own(lane)
    with transaction(fresh.connection):
        receive(fresh.connection, sent, source="test", now=NOON)
        projections.take(fresh.connection, 0)
    assert fresh.one("SELECT COUNT(*) FROM pending WHERE waits_for = 'o'")[0] == 3
    bring(lead, lane, fresh)
    assert fresh.one("SELECT COUNT(*) FROM pending WHERE waits_for = ''")[0] == 1


def test_a_decision_on_a_match_that_is_not_here_waits_for_it(devices: list[Device]) -> None:
    """The match was found on one device, decided on another, and that came here first."""
    lead, lane, third = devices
    third.take(lead)
    lead.later_match(CHECK, 1, ())
    lane.take(lead)
    decided(lane, "confirmed", number=3)
    with transaction(third.connection):
        own = [one for one in sealed(lane.connection, {}) if one.header.device == "L2"]
        receive(third.connection, own, source="test", now=NOON)
        projections.take(third.connection, 0)
    assert third.connection.execute("SELECT subject, waits_for FROM pending").fetchall() == [
        (CHECK, CHECK)
    ]
    as_a_rebuild(third)
    bring(lead, lane, third)
    assert third.one("SELECT COUNT(*) FROM pending")[0] == 0
    assert third.one("SELECT decision FROM check_match WHERE number = 3")[0] == "confirmed"
