"""What devices that share an operation over a server withstand: set back, altered, shut out."""

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.targets import servers
from tests.targets.conftest import Exchange, new_place

from chains import chain, piece
from portcheck.errors import FileRefused, Refused, TargetUnreachable
from portcheck.services.exchange import devices, keeping, sending
from portcheck.targets.server import rows
from portcheck.targets.target import open_target
from stations import Station
from writers import write_and_pull

if TYPE_CHECKING:
    from tests.services.exchange.conftest import NewStation

pytestmark = pytest.mark.slow


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with new_place("database") as made:
        assert isinstance(made, Exchange)
        yield made


@pytest.fixture
def two(exchange: Exchange, station: "NewStation") -> tuple[Station, Station]:
    """A lead and a lane that share a day over the exchange, with a check each."""
    lead, lane = station("lead"), station("lane")
    lead.take()
    lead.start()
    lead.sync(exchange.text)
    lane.join(exchange.text)
    lead.sync(exchange.text)
    lead.trust("L2")
    lead.check("AB12CDE")
    for one in (lead, lane):
        one.sync(exchange.text)
    lane.check("WX12345")
    for one in (lane, lead):
        one.sync(exchange.text)
    assert lead.tally.checks == lane.tally.checks == 2
    return lead, lane


def settled(exchange: Exchange, *stations: Station) -> None:
    """Everybody syncs until nobody has news."""
    for _ in range(2):
        for one in stations:
            assert one.sync(exchange.text).refused == []


def test_set_back_by_an_hour_it_is_filled_again(
    exchange: Exchange, two: tuple[Station, Station], station: "NewStation"
) -> None:
    lead, lane = two
    cluster, name = servers.database(), exchange.database
    cluster.sql("postgres", f"CREATE DATABASE {name}_old TEMPLATE {name}")
    for number in range(3):
        lead.check(f"AB1{number}CDE")
        lane.check(f"WX1{number}345")
        settled(exchange, lead, lane)
    before = exchange.pieces()
    cluster.sql("postgres", f"DROP DATABASE {name} WITH (FORCE)")
    cluster.sql("postgres", f"ALTER DATABASE {name}_old RENAME TO {name}")
    assert len(exchange.pieces()) < len(before)
    lane.check("KL65XYZ")
    settled(exchange, lane, lead)
    assert before.items() <= exchange.pieces().items()
    late = station("late")
    late.join(exchange.text)
    assert {one.tally.checks for one in (lead, lane, late)} == {9}


ALTERED = {
    "a text": (
        "UPDATE portcheck.payload SET text = replace(text, 'AB12', 'AB13') WHERE text LIKE '%AB12%'",
        "has another text than it was written with",
    ),
    "a salt": (
        "UPDATE portcheck.payload SET salt = decode(repeat('00', 16), 'hex')",
        "has another text than it was written with",
    ),
    "an officer": (
        """ALTER TABLE portcheck.event DROP CONSTRAINT as_hashed;
        UPDATE portcheck.event SET officer = 'somebody else'""",
        "has another header or hash than it was written with",
    ),
    "a deleted event": (
        """SET session_replication_role = replica;
        DELETE FROM portcheck.event WHERE kind = 'check_recorded'""",
        "is missing: it was deleted there",
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_an_administrator_alters_is_found_by_all_and_named(
    exchange: Exchange, two: tuple[Station, Station], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_READ_AGAIN", 1_000)
    change, said = ALTERED[what]
    exchange.sql(change)
    for one in two:
        found = one.sync(exchange.text).refused
        assert found
        assert all(said in fault.why for fault in found), found
        seen = [
            finding.seen
            for finding in keeping.examine(exchange.text, None, one.context)
            if finding.what.startswith("rows of")
        ]
        assert said in seen[0]
        assert one.tally.checks == 2


def test_a_few_rows_that_were_altered_are_found_in_time(
    exchange: Exchange, two: tuple[Station, Station]
) -> None:
    """Each sync reads some of what it knows again, and it is another part each time."""
    lead, lane = two
    for number in range(12):
        lead.check(f"AB1{number:02}CD")
        settled(exchange, lead)
    settled(exchange, lane)
    exchange.sql("UPDATE portcheck.payload SET text = text || ' ' WHERE text LIKE '%AB107CD%'")
    for one in two:
        random.seed(1)
        assert any(one.sync(exchange.text).refused for _ in range(30))


def test_pieces_that_were_deleted_are_put_there_again(
    exchange: Exchange, two: tuple[Station, Station]
) -> None:
    before = exchange.pieces()
    exchange.sql("DELETE FROM portcheck.piece; DELETE FROM portcheck.payload;"
                 " SET session_replication_role = replica; DELETE FROM portcheck.event")  # fmt: skip
    settled(exchange, *two)
    assert exchange.pieces() == before


def test_shut_out_while_it_syncs(
    exchange: Exchange, two: tuple[Station, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, lane = two
    keeping.grant(exchange.owner, None, None, "lane5", [])
    address = exchange.text.replace("lane@", "lane5@")
    lane.check("KL65XYZ")
    put = rows.put

    def shut_out(*words: object) -> bool:
        monkeypatch.setattr(rows, "put", put)
        keeping.revoke(exchange.owner, None, None, "lane5", [])
        return put(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "put", shut_out)
    with pytest.raises(Refused, match="lane5 may not do that"):
        lane.sync(address)
    lead.sync(exchange.text)
    assert (lead.tally.checks, lane.tally.checks) == (2, 3)
    keeping.grant(exchange.owner, None, None, "lane5", [])
    lane.sync(address)
    lead.sync(exchange.text)
    assert lead.tally.checks == 3
    lane.shut()
    keeping.revoke(exchange.owner, None, None, "lane5", [])
    exchange.sql("DROP ROLE lane5")


def test_a_device_that_is_revoked_while_it_syncs(
    exchange: Exchange, two: tuple[Station, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it recorded before it was revoked counts, and nothing after."""
    lead, lane = two
    lane.check("KL65XYZ")
    put = rows.put

    def revoked(*words: object) -> bool:
        monkeypatch.setattr(rows, "put", put)
        devices.revoke(lead.context, lead.context.operation(), "L2")
        lead.sync(exchange.text)
        return put(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "put", revoked)
    lane.sync(exchange.text)
    lead.sync(exchange.text)
    assert lead.tally.checks == 2
    assert lane.sync(exchange.text).refused == []


def test_a_branch_that_the_server_does_not_take_keeps_nobody_else(
    exchange: Exchange, two: tuple[Station, Station]
) -> None:
    """Somebody used the lane's role to put another event in the place of its next one."""
    lead, lane = two
    (last,) = exchange.sql(
        "SELECT chain, seq, hash FROM portcheck.event WHERE device = 'L2' ORDER BY seq DESC LIMIT 1"
    )
    lane.check("KL65XYZ")
    exchange.sql(
        'INSERT INTO portcheck.event (chain, seq, "position", device, kind, recorded_at, officer,'
        " agency, previous, digest, hash) SELECT %s, %s + 1, 99, 'L2', 'x', '', '', '', %s,"
        " sha256('x'), sha256(%s || convert_to('[99,\"L2\",' || %s + 1 || ',\"x\",\"\",\"\",\"\"]',"
        " 'UTF8') || sha256('x'))",
        last[0], last[1], last[2], last[2], last[1],
    )  # fmt: skip
    with pytest.raises(FileRefused, match="its chain was continued twice"):
        lane.sync(exchange.text)
    lead.check("AB13CDE")
    assert lead.sync(exchange.text).refused == []


WRITERS, ROUNDS = 8, 40


def test_nothing_is_skipped_however_long_others_take(exchange: Exchange) -> None:
    """Writers hold their transactions open; whoever pulls meanwhile finds chains without gaps,
    and in the end all of it, once.  `bench/server.py` does a thousand rounds.
    """
    pulled = write_and_pull(exchange.text, WRITERS, ROUNDS)
    assert list(pulled.values()) == [ROUNDS] * WRITERS
    assert exchange.sql("SELECT count(*) FROM portcheck.event") == [(WRITERS * ROUNDS,)]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """A database on a disk of its own, and how to make room there."""
    disk = servers.database().folder / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(disk)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        disk.rmdir()
        pytest.skip("no disk can be mounted here")
    try:
        place = disk / "place"
        place.mkdir()
        shutil.chown(place, "nobody")
        (disk / "film").write_bytes(bytes(26 * 2**20))
        cluster = servers.database()
        cluster.sql("postgres", f"CREATE TABLESPACE small LOCATION '{place}'")
        yield (disk / "film").unlink
        cluster.sql("postgres", "DROP DATABASE IF EXISTS full_disk WITH (FORCE)")
        cluster.sql("postgres", "DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
        disk.rmdir()


def test_a_full_disk_at_the_server(exchange: Exchange, small: Callable[[], None]) -> None:
    cluster = servers.database()
    cluster.sql(
        "postgres",
        "CREATE DATABASE full_disk TEMPLATE exchange STRATEGY file_copy TABLESPACE small",
    )
    target = open_target("postgresql://lane@/full_disk")
    events = chain(120, text="{seq} " + random.randbytes(30_000).hex())
    pieces = [piece(events[at : at + 10]) for at in range(0, 120, 10)]

    def put_all() -> None:
        for name, content in pieces:
            target.put(name, content)

    with pytest.raises(TargetUnreachable, match="No space left on device") as error:
        put_all()
    assert "is kept and will be sent" in error.value.hint
    there = target.have("")
    assert 0 < len(there) < len(pieces)
    assert {name: target.fetch(name) for name in there}.items() <= dict(pieces).items()
    small()
    put_all()
    assert len(target.have("")) == len(pieces)
    target.close()
