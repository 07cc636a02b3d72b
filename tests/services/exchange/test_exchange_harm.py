"""What devices that share an operation must withstand: changed pieces, strangers, clones, kills."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portcheck.errors import FileRefused, NotFound, PortcheckError, Refused, TargetUnreachable
from portcheck.journal.notes import note, read
from portcheck.journal.pieces import named, pack, unpack
from portcheck.services import operation
from portcheck.services.checks.correct import void
from portcheck.services.custody.audit import verify as audit_verify
from portcheck.services.exchange import devices
from portcheck.services.exchange.rejoining import rejoin
from portcheck.services.installation import DeviceKey
from portcheck.store.listrows import version_of
from portcheck.store.whole import hold_whole
from stations import DAY, MORE, Station, as_a_rebuild, journals, round_trip, story

if TYPE_CHECKING:
    from tests.services.exchange.conftest import NewStation


def newest_of(stick: Path, lane: Station) -> Path:
    """The newest piece that a laptop put on the stick."""
    chain = devices.own_chain(lane.context)
    assert chain is not None
    return [path for path in journals(stick) if path.parent.name == chain.hex()][-1]


def test_every_changed_byte_is_refused_or_without_effect(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    lane.sync(stick)
    piece = newest_of(stick, lane)
    whole = piece.read_bytes()
    before = story(lead)
    chosen = random.Random(7)
    places = {*range(0, 420, 7), *chosen.sample(range(len(whole)), 60), len(whole) - 1}
    taken = 0
    for place in sorted(place for place in places if place < len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << chosen.randrange(8)
        piece.write_bytes(changed)
        lead.shut()
        image = (lead.folder / "day.db").read_bytes()
        synced = lead.sync(stick)
        if not synced.refused:
            taken += 1
            assert lead.tally.checks == 1
            lead.shut()
            (lead.folder / "day.db").write_bytes(image)
            continue
        assert story(lead) == before
    assert taken < 10  # where only an unused bit of the signature's text was changed
    piece.write_bytes(whole)
    assert lead.sync(stick).refused == []
    assert lead.tally.checks == 1
    assert audit_verify(lead.context).intact


def test_what_another_key_signed_is_refused_and_named(
    lead: Station, lane: Station, stick: Path, tmp_path: Path
) -> None:
    lane.check("ZZ99ZZZ")
    lane.sync(stick)
    path = newest_of(stick, lane)
    name = named(f"{path.parent.name}/{path.name}")
    assert name is not None
    piece = unpack(path.read_bytes(), name)
    key = DeviceKey(tmp_path / "thief" / "config.toml")
    key.make()
    signing = key.signing()
    assert signing is not None
    head = (piece.head.chain, piece.head.label, piece.head.seq, piece.head.hash)
    for stolen in (note(head, piece.head.at, *signing), note(head, piece.head.at, b"", None)):
        path.write_bytes(pack(stolen, piece.events))
        (refused,) = lead.sync(stick).refused
        assert (refused.label, refused.why) == (
            "L2",
            "it is not signed by the device whose chain it is",
        )
        assert lead.tally.checks == 0


def test_a_forged_operation_does_not_take_over_the_one_that_was_joined(
    lead: Station, lane: Station, station: "NewStation", stick: Path, tmp_path: Path
) -> None:
    """A stranger opens an operation of the same identity, at an earlier place in the order."""
    here = lead.context.operation().operation_id
    thief = station("thief")
    thief.opened.clear()
    context = thief.context
    object.__setattr__(context, "new_id", lambda: here)
    thief.label = "L7"
    thief.start("Mine")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    thief.sync(elsewhere)
    shutil.copytree(elsewhere, stick, dirs_exist_ok=True)
    round_trip(stick, [lead, lane])
    for one in (lead, lane):
        assert one.context.operation().name == "Portsmouth 17 June"
        assert not one.devices()["L2"].opener
    assert story(lead) == story(lane)


def test_an_operation_that_somebody_signed_anew_is_not_joined(
    lead: Station, station: "NewStation", stick: Path, tmp_path: Path
) -> None:
    """All its pieces are by another key; what is told of its opener is as it was, or is not."""
    key = DeviceKey(tmp_path / "thief" / "config.toml")
    key.make()
    signing = key.signing()
    assert signing is not None
    for path in journals(stick):
        name = named(f"{path.parent.name}/{path.name}")
        assert name is not None
        piece = unpack(path.read_bytes(), name)
        head = (piece.head.chain, piece.head.label, piece.head.seq, piece.head.hash)
        path.write_bytes(pack(note(head, piece.head.at, *signing), piece.events))
    lane = station("lane8")
    with pytest.raises(Refused, match="not signed by the device whose chain it is"):
        lane.join(stick)
    assert lane.context.current() is None
    (about,) = stick.glob("*/about/*.json")
    about.write_bytes(about.read_bytes().replace(lead.devices()["L1"].key.encode(), b"00" * 32))
    with pytest.raises(Refused):
        lane.join(stick)
    about.write_bytes(b"{")
    with pytest.raises(NotFound, match=f"{about.name} is damaged"):
        lane.join(stick)


def test_a_disk_that_was_cloned_is_told_at_the_first_sync(
    lead: Station, lane: Station, stick: Path
) -> None:
    twin = lane.clone("twin")
    connection = sqlite3.connect(twin.folder / "day.db")
    with connection:
        connection.execute("UPDATE own_chain SET place = ''")
    connection.close()
    lane.check("ZZ99ZZZ")
    twin.check("ZZ99ZZX")
    lane.sync(stick)
    (refused,) = twin.sync(stick).refused
    assert "its chain was continued twice" in refused.why
    assert twin.check("ZZ99ZZW") == "L2-002"
    assert lead.sync(stick).refused == []
    assert lead.tally.checks == 1
    assert twin.devices()["L2"].state == devices.FORKED
    done = rejoin(twin.context)
    assert (done.before, done.label) == ("L2", "L3")
    twin.again()
    assert twin.check("ZZ99ZZV") == "L3-003"
    round_trip(stick, [twin, lane, lead])
    lead.trust("L3")
    round_trip(stick, [lead, lane, twin])
    assert [one.tally.checks for one in (lead, lane, twin)] == [4, 4, 4]
    assert story(lead) == story(lane) == story(twin)
    refs = sorted(row[4] for row in story(lead)["vehicle_check"])
    assert refs == ["L2-001", "L2-001", "L2-002", "L3-003"]
    for one in (lead, lane, twin):
        as_a_rebuild(one)
        assert audit_verify(one.context).intact
    with pytest.raises(Refused, match="nothing to rejoin"):
        rejoin(twin.context)
    twin.shut()
    two_of_one_reference(lead, "L2-001")


def two_of_one_reference(one: Station, ref: str) -> None:
    """Each can be named, neither is taken for the other, and the file is whole afterwards."""
    here = operation.named(one.context, DAY).operation_id
    with pytest.raises(Refused, match=f"“{ref}” is 2 checks") as refused:
        void(one.context, ref, here, "twice")
    ids = re.findall(r"is ([0-9a-f-]{36})", refused.value.hint)
    assert len(ids) == 2
    for check_id in ids:
        void(one.context, check_id, here, "twice")
        hold_whole(one.again().connection, one.context.path)
    assert one.tally.checks == 2


def test_a_database_set_back_to_yesterday_gets_its_own_events_back(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    lane.sync(stick)
    lane.shut()
    backup = (lane.folder / "day.db").read_bytes()
    lane.check("ZZ99ZZX")
    lane.sync(stick)
    after = story(lane)
    lane.shut()
    (lane.folder / "day.db").write_bytes(backup)
    assert lane.tally.checks == 1
    synced = lane.sync(stick)
    assert synced.refused == []
    assert lane.tally.checks == 2
    assert lane.check("ZZ99ZZW") == "L2-003"
    round_trip(stick, [lane, lead])
    assert lead.tally.checks == 3
    assert after["vehicle_check"] == story(lane)["vehicle_check"][:2]


def test_a_piece_that_is_missing_is_waited_for(lead: Station, lane: Station, stick: Path) -> None:
    lane.check("ZZ99ZZZ")
    lane.sync(stick)
    gap = newest_of(stick, lane)
    content = gap.read_bytes()
    lane.check("ZZ99ZZX")
    lane.sync(stick)
    gap.unlink()
    assert lead.sync(stick).pending == 1
    assert lead.tally.checks == 0
    gap.write_bytes(content)
    assert lead.sync(stick).pending == 0
    assert lead.tally.checks == 2


def test_a_half_written_piece_is_written_again_by_its_device(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    lane.sync(stick)
    piece = newest_of(stick, lane)
    whole = piece.read_bytes()
    piece.write_bytes(whole[: len(whole) // 2])
    assert lead.sync(stick).refused
    lane.sync(stick)
    assert piece.read_bytes() == whole
    assert lead.sync(stick).refused == []
    assert lead.tally.checks == 1


def test_a_damaged_piece_of_the_same_size_is_named_by_its_device_and_sent_again(
    lead: Station, lane: Station, stick: Path
) -> None:
    lane.check("ZZ99ZZZ")
    lane.sync(stick)
    (about,) = stick.glob("*/about/*.json")
    for path, owner in ((newest_of(stick, lane), lane), (about, lead)):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + b"\0")
        (refused,) = owner.sync(stick).refused
        name = path.relative_to(stick).as_posix()
        assert f"has {name}, but not as it was sent: take it away" in refused.why
        path.unlink()
        assert owner.sync(stick).refused == []
        assert path.read_bytes() == whole


def test_an_opener_that_changes_its_label_finds_nothing_damaged(lead: Station, stick: Path) -> None:
    lead.shut()
    lead.label = "L8"
    assert lead.context.actor.device == "L8"
    assert lead.sync(stick, name=DAY).refused == []


def test_other_files_on_the_stick_are_nobodys(lead: Station, lane: Station, stick: Path) -> None:
    folder = newest_of(stick, lane).parent
    for path in (stick / "holiday.jpg", folder / "x.piece", folder / "~syncthing~a.piece.tmp"):
        path.write_bytes(b"x")
    os.mkfifo(folder / ("0" * 9 + "-" + "0" * 9 + "-" + "0" * 16 + ".piece"))
    (folder / "dir.piece").mkdir()
    (stick / "loop").symlink_to(stick)
    lane.check("ZZ99ZZZ")
    round_trip(stick, [lane, lead])
    assert lead.tally.checks == 1
    assert (stick / "holiday.jpg").exists()


def test_a_list_that_was_changed_on_its_way_is_refused(
    lead: Station, lane: Station, stick: Path
) -> None:
    before = set(stick.rglob("*.list"))
    lead.take(MORE)
    lead.sync(stick)
    (content,) = set(stick.rglob("*.list")) - before
    whole = content.read_bytes()
    for changed in (whole[:-5], b"", whole[:20] + b"\0" + whole[21:]):
        content.write_bytes(changed)
        synced = lane.sync(stick)
        assert [one.why.partition(":")[0] for one in synced.refused] == ["list CECPT"]
        assert version_of(lane.context.connection, "CECPT") == 1
    content.write_bytes(whole)
    assert len(lane.sync(stick).lists.lists) == 1


def test_a_read_only_stick_is_told_and_everything_is_kept(
    lead: Station, lane: Station, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane.check("ZZ99ZZZ")

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("portcheck.targets.folder.new_file", refuse)
        with pytest.raises(TargetUnreachable, match="Read-only"):
            lane.sync(stick)
    lane.sync(stick)
    lead.sync(stick)
    assert lead.tally.checks == 1


def test_one_file_goes_round(lead: Station, station: "NewStation", tmp_path: Path) -> None:
    file = tmp_path / "day.portcheck"
    lead.sync(file)
    lane = station("lane9")
    lane.join(file)
    lane.check("ZZ99ZZZ")
    lane.sync(file)
    lead.sync(file)
    lead.trust("L2")
    assert lead.tally.checks == 1
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(FileRefused):
        lead.sync(file)


def test_one_file_that_only_one_device_can_read(
    lead: Station, lane: Station, station: "NewStation", tmp_path: Path
) -> None:
    file = tmp_path / "day.portcheck"
    lead.check("ZZ99ZZZ")
    lead.sync(file, recipient="L2")
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    with pytest.raises(FileRefused, match="encrypted to another device"):
        station("third").join(file)
    synced = lane.sync(file)
    assert (synced.received.told, synced.sent.events) == (1, 0)
    assert lane.tally.checks == 1
    lane.check("ZZ99ZZX")
    lane.sync(file, recipient="L1")
    assert lead.sync(file).received.told == 1
    assert lead.tally.checks == 2


KILLED = """
import sys, os, random
from pathlib import Path
sys.path[:0] = [{bench!r}]
from stations import Station
import portcheck.targets.folder as folder
import portcheck.services.exchange.receiving as receiving
one = Station(Path({folder!r}), "lane")
when = random.Random({seed})
left = when.randrange(1, 60)
def maybe(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)
sys.setprofile(lambda frame, event, _: maybe() if event == "call" and frame.f_code.co_filename.startswith({package!r}) and when.random() < {odds} else None)
one.sync(Path({stick!r}))
"""


def killed(one: Station, stick: Path, seed: int, odds: float) -> int:
    """Sync in a process of its own that is killed somewhere in between; its exit code."""
    import portcheck  # noqa: PLC0415

    one.shut()
    program = KILLED.format(
        bench=str(Path(__file__).parents[3] / "bench"),
        folder=str(one.folder),
        stick=str(stick),
        seed=seed,
        odds=odds,
        package=str(Path(portcheck.__file__).parent),
    )
    return subprocess.run([sys.executable, "-c", program], check=False).returncode


def kills(lead: Station, lane: Station, stick: Path, number: int) -> None:
    """Everything that was recorded reaches the other once, however often a sync is killed."""
    died = 0
    for seed in range(number):
        who = (lane, lead)[seed % 2]
        who.check(f"ZZ{seed:02}ZZZ")
        died += killed(who, stick, seed, 0.02) == -9
    round_trip(stick, [lane, lead])
    assert died > number // 3
    assert lead.tally.checks == lane.tally.checks == number
    assert story(lead) == story(lane)
    for one in (lead, lane):
        as_a_rebuild(one)
        assert audit_verify(one.context).intact


@pytest.mark.slow
def test_fifty_kills_lose_nothing(lead: Station, lane: Station, stick: Path) -> None:
    kills(lead, lane, stick, 50)


ACTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(("check", "check", "sync", "sync", "finish", "trust", "revoke", "lose")),
        st.integers(0, 5),
    ),
    max_size=25,
)


Acts = list[tuple[int, str, int]]


def any_day(three: Callable[[], list[Station]], acts: Acts) -> None:
    """Three laptops do this and that; in the end all tell the same story."""
    stations = three()
    lead, stick = stations[0], stations[0].folder.parent / "stick"
    checks = 0
    for who, act, how in acts:
        one = stations[who]
        if act == "check":
            one.check(f"AB{how}2CDE")
            checks += 1
        elif act == "sync":
            one.sync(stick)
        elif act == "finish":
            devices.finish(one.context, one.context.operation())
        elif act == "lose":
            journals(stick)[how % len(journals(stick))].unlink()
        else:
            judge = devices.trust if act == "trust" else devices.revoke
            with suppress(PortcheckError):
                judge(one.context, one.context.operation(), ("L2", "L3")[how % 2])
    round_trip(stick, stations)
    for label in ("L2", "L3"):
        lead.trust(label)
    round_trip(stick, stations)
    assert [one.tally.checks for one in stations] == [checks] * 3
    stories = [story(one) for one in stations]
    assert stories[0] == stories[1] == stories[2]
    for one in stations:
        as_a_rebuild(one)
        assert audit_verify(one.context).intact
        one.shut()


FEW = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(acts=ACTS)
def test_any_day_of_three_laptops(three: Callable[[], list[Station]], acts: Acts) -> None:
    any_day(three, acts)


@pytest.mark.slow
@settings(FEW, max_examples=40)
@given(acts=ACTS)
def test_many_days_of_three_laptops(three: Callable[[], list[Station]], acts: Acts) -> None:
    any_day(three, acts)


def test_a_note_says_who_signed_it(lane: Station, stick: Path) -> None:
    path = newest_of(stick, lane)
    head = read(path.read_bytes().split(b"\n\n")[0].decode() + "\n\n")
    assert (head.label, head.key_id) == ("L2", b"")


def test_killed_before_it_noted_what_it_had_sent(
    lead: Station, lane: Station, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane.check("AB12CDE")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("portcheck.services.exchange.sending.rows.note_piece", killed)
        with pytest.raises(KeyboardInterrupt):
            lane.sync(stick)
    lane.shut()
    assert lane.sync(stick).refused == []
    assert lead.sync(stick).refused == []
    assert lead.tally.checks == 1
