"""What goes wrong at the lane, what is left half-filled, the camera, the day's figures."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from portcheck.intake.feed import CameraLine
from portcheck.services import lane
from portcheck.services.checks import correct
from portcheck.services.checks.feed import Feed, FeedOptions
from portcheck.services.day.tally import tally
from portcheck.store import connection as store_connection

if TYPE_CHECKING:
    from tests.tui.conftest import Officer, Work, World


def outcomes(world: "World") -> list[dict[str, Any]]:
    rows = world.query("SELECT outcome FROM vehicle_check ORDER BY number")
    return [json.loads(row[0]) for row in rows]


# what is no registration


def vehicles(world: "World") -> list[tuple[str, str]]:
    return [tuple(row) for row in world.query("SELECT vehicle, trailer FROM vehicle_check")]


def test_two_registrations_stay_in_the_field_to_be_mended(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde c1234567", "enter")
        assert "holds two registrations" in officer.message
        assert officer.lane.entry.lines["vehicle"].text == "ab12cde c1234567"
        assert vehicles(world) == []
        await officer.press("ctrl+w", "tab", "tab", "c1234567", "enter")
        assert officer.lane.entry.blank

    work(shift)
    assert vehicles(world) == [("ab12cde", "c1234567")]


def test_what_is_typed_after_a_refusal_is_a_new_entry(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("driver", "enter")
        assert officer.lane.entry.lines["vehicle"].text == "driver"
        await officer.press("ab12cde", "enter")
        await officer.press("lorry zz99zzz", "enter")
        officer.app.post_message(events.Paste("NO11 ONE"))
        await officer.press("enter")

    work(shift)
    assert [vehicle for vehicle, _ in vehicles(world)] == ["ab12cde", "NO11 ONE"]


def test_what_was_typed_ahead_of_a_refusal_is_a_new_entry(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        officer.burst("driver", "enter", "ab12cde", "enter")
        await officer.settle()

    work(shift)
    assert [vehicle for vehicle, _ in vehicles(world)] == ["ab12cde"]


def test_details_of_what_was_given_up_are_not_those_of_the_next(
    work: "Work", world: "World"
) -> None:
    async def shift(officer: "Officer") -> None:
        officer.lane.details = {"haulier": "Acme Ltd", "lane": "4"}
        await officer.press("unknown", "enter")
        assert officer.lane.details["haulier"] == "Acme Ltd"  # for when it is mended
        await officer.press("ab12cde", "enter")

    work(shift)
    ((details,),) = world.query("SELECT details FROM vehicle_check")
    assert "haulier" not in json.loads(details)


# what goes wrong


@pytest.fixture
def busy(world: "World", monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Another program that keeps the database locked for writing."""
    monkeypatch.setattr(store_connection, "BUSY_SECONDS", 0.2)

    @contextmanager
    def locked() -> Iterator[None]:
        other = sqlite3.connect(world.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    return locked


def test_a_check_that_cannot_be_saved_is_not_lost(
    work: "Work", world: "World", busy: Callable[[], Any]
) -> None:
    async def shift(officer: "Officer") -> None:
        with busy():
            await officer.press("ab12cde", "enter")
            assert "■■ LISTED  AB12 CDE" in officer.text  # the answer does not wait
            assert "NOT SAVED" in officer.message
            assert "another program kept it locked" in officer.message
            assert "■ 1 check NOT SAVED ■" in officer.text
            await officer.press("f10")
            assert "1 check NOT SAVED and would be lost." in officer.text
            await officer.press("escape")
            officer.burst("f2")
        await officer.press("enter")
        await officer.until(lambda: "nothing found" in officer.message)
        assert "NOT SAVED" not in officer.text

    work(shift)
    assert outcomes(world) == [{"nothing_found": True}]


def test_an_outcome_that_cannot_be_saved_is_kept(
    work: "Work", world: "World", busy: Callable[[], Any]
) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter")
        with busy():
            await officer.press("f3", "s1n", "enter")
            assert "L2-001 outcome: not recorded" in officer.message
            assert "* half-filled: L2-001" in officer.text
        await officer.press("f3")
        assert "1■visual" in officer.text
        await officer.press("enter")
        assert "half-filled" not in officer.text

    work(shift)
    assert outcomes(world) == [{"searched": ["visual"], "nothing_found": True}]


def test_a_full_disk(work: "Work", world: "World", monkeypatch: pytest.MonkeyPatch) -> None:
    full = [True]

    def record(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async def shift(officer: "Officer") -> None:
        monkeypatch.setattr("portcheck.services.checks.check.write", record)
        await officer.press("zz99zzz", "enter")
        assert "the disk is full" in officer.message
        assert full
        monkeypatch.undo()
        await officer.press("enter")
        assert "saved L2-001" in officer.message

    work(shift)
    assert len(outcomes(world)) == 1


# half-filled outcomes


@pytest.mark.slow
def test_a_half_filled_outcome_is_offered_again(work: "Work", world: "World") -> None:
    async def morning(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "f3", "s1", "f", "2", "o2")  # and the machine dies

    async def later(officer: "Officer") -> None:
        assert "the outcome of L2-001 was left half-filled: F3 goes on with it" in officer.message
        assert "HALF-FILLED OUTCOME" in officer.text
        await officer.press("f3")
        assert "■ Persons found 2" in officer.text
        await officer.press("escape")
        assert "kept half-filled" in officer.message
        await officer.press("f10")
        assert "Half-filled, and kept for the next time: L2-001." in officer.text
        await officer.press("escape", "f3", "enter")
        assert "half-filled" not in officer.text

    async def evening(officer: "Officer") -> None:
        assert not officer.lane.drafts

    work(morning)
    (draft,) = world.path.parent.glob("lane.db.drafts/*.json")
    assert draft.stat().st_mode & 0o777 == 0o600
    assert draft.parent.stat().st_mode & 0o777 == 0o700
    work(later)
    work(evening)
    assert outcomes(world) == [{"searched": ["visual"], "persons": 2}]


def test_what_was_recorded_meanwhile_stays(work: "Work", world: "World") -> None:
    """A draft goes on over what another officer has recorded since."""

    async def morning(officer: "Officer") -> None:
        await officer.press("zz99zzz", "enter", "f3", "s1")

    async def later(officer: "Officer") -> None:
        await officer.press("f3", "enter")

    work(morning)
    context = world.context()
    (check_id, operation_id) = world.query("SELECT check_id, operation_id FROM vehicle_check")[0]
    lane.add_outcome(context, operation_id, check_id, {"language": "Polish"})
    work(later)
    assert outcomes(world) == [{"language": "Polish", "searched": ["visual"]}]
    correct.void(context, check_id, operation_id, "test")
    context.connection.close()


# the camera


def test_the_camera_offers_and_the_officer_checks(
    work: "Work", world: "World", tmp_path: Path
) -> None:
    lines = tmp_path / "camera.jsonl"
    lines.write_text('{"plate": "ZZ99ZZZ", "confidence": 0.9, "country": "GB"}\n', encoding="utf-8")

    async def shift(officer: "Officer") -> None:
        await officer.until(lambda: "ZZ99ZZZ (90%) ·  CLEAR · Enter takes it" in officer.text)
        assert not officer.bells
        with lines.open("a", encoding="utf-8") as file:
            file.write('{"plate": "AB12CDE"}\nnonsense\n')
        await officer.until(
            lambda: "AB12CDE ■■ LISTED AB12 CDE · Enter takes it · 1 more" in officer.text
        )
        assert officer.bells == ["bell"]
        assert "camera line 3" in officer.message
        await officer.press("enter")
        assert officer.message.startswith("From the camera")
        assert outcomes(world) == []
        await officer.press("enter", "enter", "backspace", "y", "enter")

    work(shift, camera=lines)
    rows = world.query("SELECT vehicle, country, verdict, source FROM vehicle_check")
    assert rows == [("AB12CDE", "", "listed", "feed"), ("ZZ99ZZy", "GB", "clear", "typed")]


READ = {
    "plate": "ZZ99ZZZ",
    "confidence": 0.9,
    "lane": "cam 7",
    "candidates": [{"plate": "ZZ99ZZ2", "confidence": 0.4}],
}
STORED = {"confidence": 0.9, "candidates": [{"plate": "ZZ99ZZ2", "confidence": 0.4}]}
READS = (
    "SELECT c.vehicle, c.source, c.lane, j.payload -> 'read' FROM vehicle_check AS c"
    " JOIN fact AS j ON j.payload ->> 'check_id' = c.check_id AND j.kind = 'check_recorded'"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "options", "row"),
    [
        (("enter",), {}, ("ZZ99ZZZ", "feed", "cam 7", STORED)),
        (("enter",), {"details": {"lane": "In 3"}}, ("ZZ99ZZZ", "feed", "In 3", STORED)),
        (("tab", "pl", "enter"), {}, ("ZZ99ZZZ", "feed", "cam 7", STORED)),
        (("tab", "??", "enter", "ctrl+n", "ctrl+u", "pl", "enter"), {}, ("ZZ99ZZZ", "feed", "cam 7", STORED)),
        (("backspace", "Y", "enter"), {}, ("ZZ99ZZY", "typed", "", None)),
        (("backspace", "Z", "enter"), {}, ("ZZ99ZZZ", "typed", "", None)),
        (("PASTE", "enter"), {}, ("ZZ99ZZZ1", "typed", "", None)),
    ],
)  # fmt: skip
def test_a_read_that_is_taken_is_stored_with_its_check(
    work: "Work",
    world: "World",
    tmp_path: Path,
    keys: tuple[str, ...],
    options: dict[str, Any],
    row: tuple[Any, ...],
) -> None:
    lines = tmp_path / "camera.jsonl"
    lines.write_text(json.dumps(READ) + "\n", encoding="utf-8")

    async def shift(officer: "Officer") -> None:
        await officer.until(lambda: "Enter takes it" in officer.text)
        await officer.press("enter")
        for key in keys:
            if key == "PASTE":
                officer.lane.keyboard.paste("1")
            else:
                await officer.press(key)
        if row[3]:
            await officer.press("up")
            assert "camera read ZZ99ZZZ (90%)" in officer.left
            assert "or ZZ99ZZ2 (40%)" in officer.left
        await officer.press("XX88XXX", "enter")  # the next vehicle is typed

    work(shift, camera=lines, **options)
    first, second = ((*found[:3], json.loads(found[3])) for found in world.query(READS))
    assert first == row
    assert second == ("XX88XXX", "typed", options.get("details", {}).get("lane", ""), None)


def test_a_read_that_is_taken_up_is_not_seen_before(
    work: "Work", world: "World", tmp_path: Path
) -> None:
    """Another program records what the same camera reads; neither line gives a time."""
    lines = tmp_path / "camera.jsonl"
    lines.write_text('{"plate": "ZZ99ZZZ"}\n', encoding="utf-8")
    context = world.context()
    Feed(context, FeedOptions()).take([CameraLine(1, b'{"plate": "ZZ99ZZZ"}')])
    context.connection.close()

    async def shift(officer: "Officer") -> None:
        await officer.until(lambda: "Enter takes it" in officer.text)
        world.clock += timedelta(minutes=9)  # the officer had something else to do
        await officer.press("enter", "enter")
        assert "CLEAR ZZ99ZZZ" in officer.left
        assert "Seen here before" not in officer.left
        world.clock += timedelta(minutes=1)
        await officer.press("zz99zzz", "enter")
        assert "Seen here before: L2-002, 1 min ago (12:09)" in officer.left
        assert "(and 1 more)" in officer.left

    work(shift, camera=lines)


def test_a_camera_that_cannot_be_read(work: "Work", tmp_path: Path) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.until(lambda: "the camera's lines cannot be read" in officer.message)
        await officer.press("zz99zzz", "enter")
        assert "saved L2-001" in officer.message

    work(shift, camera=tmp_path / "nowhere")


# the day


def test_the_figures_are_the_tallys(work: "Work", world: "World") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("ab12cde", "enter", "f4", "f3", "y11", "enter", "enter")
        await officer.press("zz99zza", "enter", "f3", "f", "2", "o1", "1", "enter", "u1", "enter")
        for words in (
            "DAY: 2 checks, 2 in 0 out",
            "persons 2",
            "penalties 1   £2,400.00",
            "offences 1    advised 1",
        ):
            assert words in officer.text

    work(shift, details={"direction": "inbound"})
    context = world.context()
    found = tally(context)
    assert found == world.view().tally
    assert (found.counts["persons_found"], found.penalties.enforced_pence) == (2, 240000)
    context.connection.close()
