"""An exchange on a PostgreSQL server: what the engine refuses, who reads what, what is said."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors
from tests.targets import servers
from tests.targets.conftest import Exchange

from chains import NOON, OPERATION, chain, piece, sealed, withheld
from portcheck.errors import FileRefused, NotFound, Refused, TargetUnreachable, WrongUsage
from portcheck.services.exchange import keeping
from portcheck.targets.server import connection as server
from portcheck.targets.target import open_target, words_of

OTHER = OPERATION.replace("0", "f")


def put(exchange: Exchange, *pieces: tuple[str, bytes]) -> None:
    target = exchange.open()
    for name, content in pieces:
        target.put(name, content)
    target.close()


def test_pieces_are_rows_and_come_back_as_they_were(exchange: Exchange) -> None:
    one, other = chain(5), chain(3, "L3")
    pieces = [piece(one[:2]), piece(one[2:]), piece(other), piece(withheld(one), OTHER)]
    put(exchange, *pieces)
    assert exchange.pieces() == dict(sorted(pieces))
    assert exchange.sql("SELECT count(*), min(agency) FROM portcheck.event") == [
        (8, one[0].header.agency)
    ]
    assert exchange.sql("SELECT count(*) FROM portcheck.payload") == [(8,)]
    with exchange.reading() as target:
        assert list(target.have(f"{OTHER}/events")) == [pieces[3][0]]
        assert target.have(f"{OPERATION}/events/{one[0].chain.hex()}").keys() == {
            pieces[0][0],
            pieces[1][0],
        }


def test_a_piece_comes_twice_with_another_time_of_sending(exchange: Exchange) -> None:
    """As when the device was killed before it had noted that the piece is there."""
    name, content = piece(chain(3))
    again = piece(chain(3))
    put(exchange, (name, content), again)
    events = chain(3, "L9")
    later = piece(events, at=NOON + timedelta(hours=1))
    put(exchange, piece(events), later, piece(events))
    assert exchange.pieces()[later[0]] == piece(events)[1]


def refusal(exchange: Exchange, content: tuple[str, bytes]) -> str:
    before = exchange.sql("SELECT * FROM portcheck.event ORDER BY chain, seq")
    with pytest.raises(FileRefused) as error:
        put(exchange, content)
    assert exchange.sql("SELECT * FROM portcheck.event ORDER BY chain, seq") == before
    return error.value.message


def test_gaps_forks_and_wrong_links_are_refused(exchange: Exchange) -> None:
    events = chain(6)
    put(exchange, piece(events[:4]))
    assert "events before 6 are not there yet, and no gap" in refusal(exchange, piece(events[5:]))
    fork = sealed(events[2], "another four")
    assert "continued twice: event 4" in refusal(exchange, piece([fork]))
    assert "continued twice: event 4" in refusal(exchange, piece([fork, sealed(fork, "five")]))
    assert "continued twice: event 4" in refusal(exchange, piece([sealed(fork, "five")]))
    put(exchange, piece(events[4:]), piece(events[2:5]))
    assert len(exchange.pieces()) == 3


INSERT = (
    'INSERT INTO portcheck.event (chain, seq, "position", device, kind, recorded_at, officer,'
    " agency, previous, digest, hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


@pytest.mark.slow
def test_what_no_portcheck_would_send_is_refused_too(exchange: Exchange) -> None:
    """By the engine, whatever program a device's role is used by."""
    events = chain(4)
    put(exchange, piece(events[:3]))
    fork, gap = sealed(events[1], "x"), sealed(sealed(events[2], "x"), "y")
    first = sealed(None, "x")
    cases = {
        "another third event": (fork, errors.UniqueViolation),
        "a gap": (gap, errors.ForeignKeyViolation),
        "another officer": (
            replace(events[3], header=replace(events[3].header, officer="x")),
            errors.CheckViolation,
        ),
        "another hash": (replace(events[3], hash=bytes(32)), errors.CheckViolation),
        "a chain of another name": (replace(first, chain=bytes(32)), errors.CheckViolation),
        "the same once more": (events[2], errors.UniqueViolation),
    }
    with psycopg.connect(exchange.text, autocommit=True) as connection:
        for what, (one, error) in cases.items():
            head = one.header
            values = (
                *(one.chain, head.seq, head.position, head.device, head.kind, head.recorded_at),
                *(head.officer, head.agency, one.previous, one.digest, one.hash),
            )
            with pytest.raises(error):
                connection.execute(INSERT, values)
            assert connection.execute("SELECT count(*) FROM portcheck.event").fetchone() == (3,), (
                what
            )
        one = events[3]
        with connection.transaction(force_rollback=True):
            connection.execute(
                INSERT,
                (one.chain, 4, 4, "L2", one.header.kind, one.header.recorded_at, "4711",
                 one.header.agency, one.previous, one.digest, one.hash),
            )  # fmt: skip


@pytest.mark.slow
def test_nobody_changes_what_is_there(exchange: Exchange) -> None:
    put(exchange, piece(chain(2)), (f"{OPERATION}/about/a.json", b"{}"))
    with psycopg.connect(exchange.text, autocommit=True) as connection:
        for table, column in (
            ("event", "officer"), ("payload", "text"), ("piece", "note"), ("content", "content"),
            ("member", "operation"), ("exchange", "version"),
        ):  # fmt: skip
            for query in (
                f"UPDATE portcheck.{table} SET {column} = DEFAULT",
                f"DELETE FROM portcheck.{table}",
                f"TRUNCATE portcheck.{table}",
                f"DROP TABLE portcheck.{table}",
            ):
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(query.encode())
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE portcheck.mine (a int)")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("INSERT INTO portcheck.member (role, operation) VALUES ('x', '*')")
    exchange.sql("CREATE ROLE eraser_1 LOGIN; GRANT portcheck_eraser TO eraser_1")
    try:
        eraser = replace(exchange, role="eraser_1")
        with psycopg.connect(eraser.text, autocommit=True) as connection:
            gone = connection.execute("DELETE FROM portcheck.payload WHERE seq = 1")
            assert gone.rowcount == 1
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute("SELECT text FROM portcheck.payload")
    finally:
        exchange.sql("DROP ROLE eraser_1")
    (content,) = [text for name, text in exchange.pieces().items() if name.endswith(".piece")]
    assert content != piece(chain(2))[1]


@pytest.fixture
def roles(exchange: Exchange) -> Iterator[Callable[[str], Exchange]]:
    """Makes roles of devices, which are gone afterwards."""
    made = []

    def new(name: str) -> Exchange:
        made.append(name)
        return replace(exchange, role=name)

    yield new
    for name in made:
        exchange.sql(f"DROP OWNED BY {name}; DROP ROLE {name}")


@pytest.mark.slow
def test_each_role_reads_what_it_was_granted(
    exchange: Exchange, roles: Callable[[str], Exchange]
) -> None:
    owner = exchange.owner
    one, two = chain(3, "L2"), chain(3, "L3")
    put(exchange, piece(one), piece(two, OTHER), (f"{OTHER}/about/b.json", b'{"name": "Dover"}'))
    lane = roles("lane5")
    assert keeping.grant(owner, None, None, "lane5", [OPERATION])
    assert lane.pieces() == dict([piece(one)]) or set(lane.pieces()) == {piece(one)[0]}
    with psycopg.connect(lane.text) as connection:
        counted = "SELECT count(*), count(DISTINCT chain) FROM portcheck."
        assert connection.execute((counted + "event").encode()).fetchone() == (6, 2)
        assert connection.execute((counted + "payload").encode()).fetchone() == (3, 1)
    for content in (piece(chain(1), OTHER), (f"{OTHER}/lists/ff.list", b"x")):
        with pytest.raises(Refused, match="lane5 may not do that") as error:
            put(lane, content)
        assert "exchange grant lane5 --operation" in error.value.hint
    put(lane, piece(chain(1)))
    assert not keeping.grant(owner, None, None, "lane5", ["dover"])
    assert len(lane.pieces()) == 4
    assert keeping.revoke(owner, None, None, "lane5", [OTHER]) == 1
    assert len(lane.pieces()) == 2
    assert keeping.revoke(owner, None, None, "lane5", []) == 1
    with pytest.raises(Refused, match="permission denied for schema portcheck"):
        lane.pieces()
    with pytest.raises(NotFound, match="there is no operation “Calais”"):
        keeping.grant(owner, None, None, "lane5", ["Calais"])
    with pytest.raises(NotFound, match="knows no role “lane6”"):
        keeping.revoke(owner, None, None, "lane6", [])
    for name in ("", "public", "portcheck_device", 'a"b', "a b"):
        with pytest.raises(WrongUsage, match="cannot be the role of a device"):
            keeping.grant(owner, None, None, name, [])
    with pytest.raises(Refused, match="lane may not grant anything there"):
        keeping.grant(exchange.text, None, None, "lane5", [])


@pytest.mark.slow
def test_what_is_said_where_there_is_no_exchange(exchange: Exchange) -> None:
    for role in ("keeper", "lane"):
        url = f"postgresql://{role}@/postgres"
        with pytest.raises(Refused, match=f"there is no exchange at server {url}"):
            open_target(url)
    with pytest.raises(TargetUnreachable, match='database "nowhere" does not exist'):
        open_target("postgresql://lane@/nowhere")
    with pytest.raises(TargetUnreachable, match='role "nobody5" does not exist') as error:
        replace(exchange, role="nobody5").open()
    assert "is kept and will be sent" in error.value.hint
    assert error.value.hint.count("postgresql://nobody5@") == 1
    with pytest.raises(Refused, match="lane may not make an exchange"):
        keeping.make(exchange.text, None)
    with pytest.raises(WrongUsage, match="is no database"):
        keeping.make("/media/stick", None)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://lane5:secret@server/portcheck",
        "postgres://server/portcheck?password=secret&user=lane5",
        "postgresql://lane5@server/portcheck?sslpassword=secret",
        "postgresql://lane5@server/portcheck?nonsense=x",
        "postgresql://lane5:sec%ret@server:x/portcheck",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(WrongUsage) as error:
        open_target(text)
    assert "secret" not in f"{error.value}{error.value.hint}{words_of(text)}"


@pytest.mark.slow
def test_versions_both_ways_in_words(exchange: Exchange) -> None:
    exchange.sql("UPDATE portcheck.exchange SET version = 9")
    exchange.open().close()  # newer, and this one may still work with it
    exchange.sql("UPDATE portcheck.exchange SET least = 9")
    with pytest.raises(Refused, match=r"of a newer portcheck \(form 9; this one knows 1\)"):
        exchange.open()
    owner = exchange.owner
    with pytest.raises(Refused, match="of a newer portcheck"):
        keeping.make(owner, None)
    exchange.sql("UPDATE portcheck.exchange SET version = 0, least = 0")
    with pytest.raises(Refused, match="of an older portcheck") as error:
        exchange.open()
    assert "exchange init" in error.value.hint
    assert not keeping.make(owner, None)
    exchange.open().close()


def findings(exchange: Exchange) -> dict[str, str]:
    """What the doctor has to say against it."""
    owner = exchange.owner
    return {one.what: one.seen for one in keeping.examine(owner, None, None) if not one.good}


DETACHED = """DO $$ DECLARE part text; BEGIN
  FOR part IN SELECT relname FROM pg_class WHERE relname ~ '^payload_2'
    AND relkind = 'r' LOOP
    EXECUTE 'ALTER TABLE portcheck.payload DETACH PARTITION portcheck.' || part;
  END LOOP;
END $$"""


@pytest.mark.slow
def test_the_doctor_sees_what_was_changed(exchange: Exchange) -> None:
    quick = {
        "durability": "fsync and full_page_writes off: what it took is lost if the power fails"
    }
    assert findings(exchange) == quick
    for change, what, seen in (
        ("ALTER TABLE portcheck.event_03 DROP CONSTRAINT follows", "keys", "missing on event_03"),
        ("ALTER TABLE portcheck.event_04 DISABLE TRIGGER ALL", "keys", "to sleep on event_04"),
        ("GRANT DELETE ON portcheck.event TO portcheck_device", "rights",
         "event: portcheck_device may DELETE"),
        ("GRANT UPDATE ON portcheck.piece TO PUBLIC", "rights", "piece: public may UPDATE"),
        ("ALTER TABLE portcheck.payload DISABLE ROW LEVEL SECURITY", "row security", "on payload"),
        ("DROP POLICY granted ON portcheck.piece", "row security", "on payload, piece"),
        (DETACHED, "months", "no place for texts"),
        ("UPDATE portcheck.exchange SET least = 0", "form", "1"),
    ):  # fmt: skip
        exchange.sql(change)
        assert seen in findings(exchange)[what], change


@pytest.mark.slow
def test_it_is_made_again_without_harm(exchange: Exchange) -> None:
    """And texts of a month that had no place go where they belong."""
    owner = exchange.owner
    pieces = [piece(chain(3)), (f"{OPERATION}/about/a.json", b"{}")]
    put(exchange, *pieces)
    (month,) = exchange.sql(
        "SELECT tableoid::regclass::text FROM portcheck.payload GROUP BY tableoid"
    )[0]
    exchange.sql(f"ALTER TABLE portcheck.payload DETACH PARTITION {month}")
    exchange.sql(f"INSERT INTO portcheck.payload SELECT * FROM {month}")
    exchange.sql(f"DROP TABLE {month}")
    exchange.sql("ALTER TABLE portcheck.payload DISABLE ROW LEVEL SECURITY")
    assert exchange.sql("SELECT count(*) FROM portcheck.payload_rest") == [(3,)]
    for _ in range(2):
        assert not keeping.make(owner, None)
    assert exchange.sql(f"SELECT count(*) FROM ONLY {month}") == [(3,)]
    assert set(findings(exchange)) == {"durability"}
    assert exchange.pieces() == dict(sorted(pieces))


@pytest.mark.slow
def test_a_month_that_was_detached(exchange: Exchange) -> None:
    """Its texts are gone, and its headers are there."""
    events = chain(3)
    put(exchange, piece(events))
    (month,) = exchange.sql(
        "SELECT tableoid::regclass::text FROM portcheck.payload GROUP BY tableoid"
    )[0]
    exchange.sql(f"ALTER TABLE portcheck.payload DETACH PARTITION {month}")
    name, content = piece(withheld(events))
    assert exchange.pieces() == {name: content}


@pytest.fixture
def passwords(exchange: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address at which the server wants a password of a role."""
    exchange.sql("CREATE ROLE secretive LOGIN PASSWORD 'right words'")
    exchange.sql("GRANT portcheck_device TO secretive")
    for name in ("PGPASSFILE", "PGSERVICEFILE", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(server, "_typed", {})
    yield f"postgresql://secretive@127.0.0.1:{servers.database().port}/{exchange.database}"
    exchange.sql("DROP OWNED BY secretive; DROP ROLE secretive")


@pytest.mark.slow
def test_passwords_come_from_files_or_a_prompt(
    passwords: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: Exchange
) -> None:
    with pytest.raises(TargetUnreachable, match="no password supplied") as error:
        open_target(passwords)
    assert "PGPASSFILE" in error.value.hint
    asked: list[str] = []

    def answer(*words: str) -> Callable[[str], str]:
        given = iter(words)

        def ask(prompt: str) -> str:
            asked.append(prompt)
            return next(given)

        return ask

    with pytest.raises(TargetUnreachable, match="password authentication failed"):
        open_target(passwords, ask=answer("wrong words"))
    for _ in range(2):  # it is asked for once
        target = open_target(passwords, ask=answer("right words"))
        assert not target.plain
        assert target.have("") == {}
        target.close()
        assert target.have("") == {}
        target.close()
    assert asked == [f"Password for server {passwords}"] * 2
    monkeypatch.setattr(server, "_typed", {})
    passfile = tmp_path / "pgpass"
    passfile.write_text(
        f"127.0.0.1:{servers.database().port}:*:secretive:right words\n", encoding="utf-8"
    )
    passfile.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passfile))
    open_target(passwords).close()
    monkeypatch.delenv("PGPASSFILE")
    services = tmp_path / "services"
    services.write_text(
        f"[port]\nhost=127.0.0.1\nport={servers.database().port}\ndbname={exchange.database}\nuser=secretive\n"
        "password=right words\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    open_target("postgresql://?service=port").close()


@pytest.mark.parametrize(
    ("host", "address", "here"),
    [
        ("/run/postgresql", "", True),
        ("", "", True),
        ("localhost", "127.0.0.1", True),
        ("localhost", "::1", True),
        ("server", "192.0.2.7", False),
        ("server", "", False),
    ],
)
def test_who_may_listen(host: str, address: str, here: bool) -> None:
    class Info:
        def __init__(self) -> None:
            self.host, self.hostaddr = host, address

    info: Any = Info()
    assert server._is_here(info) is here


@pytest.mark.slow
def test_off_this_machine_and_not_encrypted_is_told(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_is_here", lambda _: False)
    assert exchange.open().plain
    owner = exchange.owner
    found = {one.what: one for one in keeping.examine(owner, None, None)}
    assert not found["connection"].good


@pytest.mark.slow
def test_writers_who_stand_in_each_others_way_are_tried_again(exchange: Exchange) -> None:
    """Also where the server has every transaction see a world of its own."""
    exchange.sql(f"ALTER DATABASE {exchange.database} SET default_transaction_isolation ="
                 " serializable")  # fmt: skip
    chains = [chain(4, f"L{number}") for number in range(4)]
    failed: list[BaseException] = []

    def write(own: int) -> None:
        try:
            target = exchange.open()
            for at in range(4):
                for events in [*chains[own:], *chains[:own]]:
                    target.put(*piece(events[at : at + 1]))
            target.close()
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert len(exchange.pieces()) == 16
    assert exchange.sql("SELECT count(*) FROM portcheck.event") == [(16,)]


@contextmanager
def stopped() -> Iterator[None]:
    cluster = servers.database()
    cluster.stop("immediate")
    try:
        yield
    finally:
        cluster.start()


@pytest.mark.slow
def test_a_server_that_goes_and_comes_back(exchange: Exchange) -> None:
    events = chain(3)
    target = exchange.open()
    target.put(*piece(events[:1]))
    with stopped():
        for call in (lambda: target.have(""), lambda: target.put(*piece(events[1:2]))):
            with pytest.raises(TargetUnreachable) as error:
                call()
            assert "is kept and will be sent" in error.value.hint
        with pytest.raises(TargetUnreachable):
            exchange.open()
    target.put(*piece(events[1:2]))
    with stopped():
        pass
    target.put(*piece(events[2:]))  # it is gone to again without a word
    assert len(target.have("")) == 3
    target.close()
