"""Whatever is done to the database outside portcheck is found, and said by its place."""

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program, RunHere

REFUSED, DATABASE = 3, 4
TRIGGERS = (
    "journal_refuses_update",
    "journal_refuses_delete",
    "journal_refuses_replace",
    "payload_refuses_update",
    "payload_refuses_delete",
    "payload_refuses_replace",
)
COLUMNS = (
    "arrival, chain, seq, position, device, kind, recorded_at, officer, agency, digest, previous,"
    " hash, subject"
)


def again(arrival: int, *, new: int) -> list[str]:
    """An event a second time, with numbers of its own."""
    head = "device, kind, recorded_at, officer, agency, digest, hash, hash, subject FROM journal"
    return [
        f"INSERT INTO journal SELECT {new}, chain, {new}, {new}, {head} WHERE arrival = {arrival}",
        f"INSERT INTO payload SELECT {new}, salt, text FROM payload WHERE arrival = {arrival}",
    ]


def both(statement: str) -> list[str]:
    """Of the texts too."""
    return [statement.format("journal"), statement.format("payload")]


CONTENT = "its content is not what was written"
HEADER = "its header or hash was changed"
LINK = "it does not follow the event before it"
GAP = "an event is missing before it"
ABOUT = "what it is about was changed"


def alter(station: "Program", *statements: str, triggers: bool = False) -> None:
    """Run SQL on the file as any program could, the journal's guards out of the way."""
    with closing(sqlite3.connect(station.database)) as connection, connection:
        if not triggers:
            for name in TRIGGERS:
                connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


ALTERED: dict[str, tuple[list[str], int, str]] = {
    "payload": (
        ["UPDATE payload SET text = replace(text, 'AB12', 'AB13') WHERE arrival = 3"],
        3, CONTENT,
    ),
    "payload of the first": (
        ["UPDATE payload SET text = text || ' ' WHERE arrival = 1"], 1, CONTENT,
    ),
    "payload of the last": (
        ["UPDATE payload SET text = '{}' WHERE arrival = 5"], 5, CONTENT,
    ),
    "salt": (["UPDATE payload SET salt = zeroblob(16) WHERE arrival = 4"], 4, CONTENT),
    "officer": (["UPDATE journal SET officer = 'nobody' WHERE arrival = 3"], 3, HEADER),
    "agency": (["UPDATE journal SET agency = 'none' WHERE arrival = 3"], 3, HEADER),
    "time": (["UPDATE journal SET recorded_at = '2021' WHERE arrival = 2"], 2, HEADER),
    "kind": (["UPDATE journal SET kind = 'check_voided' WHERE arrival = 4"], 4, HEADER),
    "device": (["UPDATE journal SET device = 'L9', seq = 1 WHERE arrival = 1"], 1, HEADER),
    "hash": (["UPDATE journal SET hash = zeroblob(32) WHERE arrival = 3"], 3, HEADER),
    "link": (["UPDATE journal SET previous = zeroblob(32) WHERE arrival = 3"], 3, LINK),
    "removed": (["DELETE FROM journal WHERE arrival = 3"], 4, GAP),
    "removed from the top": (["DELETE FROM journal WHERE arrival = 1"], 2, GAP),
    "removed and the gap closed": (
        [
            *both("DELETE FROM {} WHERE arrival = 3"),
            *both("UPDATE {} SET arrival = arrival - 1 WHERE arrival > 3"),
        ],
        3, "the device's events run from 2 to 4",
    ),
    "removed and all numbers closed": (
        [
            *both("DELETE FROM {} WHERE arrival = 3"),
            *both("UPDATE {} SET arrival = arrival - 1 WHERE arrival > 3"),
            "UPDATE journal SET position = position - 1, seq = seq - 1 WHERE arrival >= 3",
        ],
        3, LINK,
    ),
    "inserted": (
        [
            *both("UPDATE {} SET arrival = -arrival WHERE arrival > 3"),
            "UPDATE journal SET position = position + 1, seq = seq + 1000 WHERE arrival < 0",
            "UPDATE journal SET seq = seq - 999 WHERE arrival < 0",
            *both("UPDATE {} SET arrival = -arrival + 1 WHERE arrival < 0"),
            *again(3, new=4),
        ],
        4, HEADER,
    ),
    "inserted at the end": (again(5, new=6), 6, HEADER),
    "swapped": (
        [
            *both("UPDATE {} SET arrival = 100 WHERE arrival = 3"),
            *both("UPDATE {} SET arrival = 3 WHERE arrival = 4"),
            *both("UPDATE {} SET arrival = 4 WHERE arrival = 100"),
        ],
        3, "the device's events run from 2 to 4",
    ),
    "swapped with their numbers": (
        [
            *both("UPDATE {} SET arrival = 100 WHERE arrival = 3"),
            *both("UPDATE {} SET arrival = 3 WHERE arrival = 4"),
            *both("UPDATE {} SET arrival = 4 WHERE arrival = 100"),
            "UPDATE journal SET seq = 100 WHERE seq = 3",
            "UPDATE journal SET seq = 3 WHERE seq = 4",
            "UPDATE journal SET seq = 4 WHERE seq = 100",
        ],
        3, LINK,
    ),
    "about another check": (["UPDATE journal SET subject = 'x' WHERE arrival = 4"], 4, ABOUT),
    "a text taken out": (["DELETE FROM payload WHERE arrival = 3"], 3, "content was taken out"),
    "a text too many": (["INSERT INTO payload VALUES (9, x'00', '{}')"], 9, "and no event"),
    "nobody's chain": (["DELETE FROM own_chain"], 1, "was neither written here nor received"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERED)
def test_the_first_altered_event_is_named(
    station: "Program", run_here: "RunHere", name: str
) -> None:
    statements, position, what = ALTERED[name]
    alter(station, *statements)
    ran = run_here(station, "audit", "verify")
    assert ran.code == REFUSED
    assert f"■■ ALTERED: event {position} (" in ran.out
    assert what in " ".join(ran.out.split())
    as_json = run_here(station, "audit", "verify", "--json")
    assert as_json.code == REFUSED
    found = as_json.document
    assert found["intact"] is False
    assert found["fault"]["position"] == position
    examined = run_here(station, "doctor", "--json")
    assert examined.code == DATABASE
    bad = {one["what"]: one["seen"] for one in examined.document["findings"] if not one["good"]}
    assert f"event {position} (" in bad["journal"]
    before = station.state()
    rebuilt = run_here(station, "doctor", "--rebuild")
    assert rebuilt.code == REFUSED
    assert "nothing was rebuilt" in rebuilt.err
    assert station.state() == before


def test_an_event_rewritten_with_its_own_hash(desk: "Program") -> None:
    """Payload, digest and hash all made to fit: then the next event does not follow."""
    ((*head, payload, salt, previous),) = desk.query(
        "SELECT position, device, seq, kind, recorded_at, officer, agency, text, salt, previous"
        " FROM journal JOIN payload USING (arrival) WHERE arrival = 3"
    )
    changed = payload.replace("AB12", "AB13")
    digest = hashlib.sha256(salt + changed.encode()).digest()
    header = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    own = hashlib.sha256(previous + header + digest).digest()
    alter(
        desk,
        f"UPDATE payload SET text = '{changed}' WHERE arrival = 3",
        f"UPDATE journal SET digest = x'{digest.hex()}', hash = x'{own.hex()}' WHERE arrival = 3",
    )
    ran = desk.run("audit", "verify")
    assert ran.code == REFUSED
    assert "■■ ALTERED: event 4 (" in ran.out
    assert LINK in " ".join(ran.out.split())


def test_an_intact_journal(desk: "Program") -> None:
    ran = desk.good("audit", "verify")
    assert "· INTACT: 5 events" in ran.out
    assert "A journal that was cut short shows only against a fingerprint" in ran.out
    printed = desk.json("tally")["fingerprint"]
    against = desk.good("audit", "verify", "--fingerprint", printed.lower())
    assert "the journal holds the event that was printed" in against.out


def test_a_tail_cut_off_shows_by_its_records_or_against_a_fingerprint(desk: "Program") -> None:
    printed = desk.json("tally")["fingerprint"]
    assert printed in desk.good("tally").out
    guards = desk.query("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
    cut = both("DELETE FROM {} WHERE arrival > 3")
    alter(desk, *cut, *(sql for (sql,) in guards))
    left = desk.run("audit", "verify")
    assert left.code == REFUSED
    assert "   vehicle_check L1-002: added\n" in left.out
    desk.good("doctor", "--rebuild")  # as whoever cut it would do
    assert desk.run("audit", "verify").code == 0
    ran = desk.run("audit", "verify", "--fingerprint", printed)
    assert ran.code == REFUSED
    assert "■■ NOT WHAT WAS PRINTED: event 5 of device L1 is missing" in ran.out
    assert "cut short" in " ".join(ran.out.split())

    for number in range(4):  # other events in the place of those cut off
        desk.good("lookup", f"RT{number} XYZ")
    assert desk.run("audit", "verify").code == 0
    ran = desk.run("audit", "verify", "--fingerprint", printed, "--json")
    assert ran.code == REFUSED
    assert ran.document["mismatch"] == "event 5 of device L1 is not the one that was printed"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET officer = 'nobody' WHERE arrival = 3",
        "UPDATE OR REPLACE journal SET arrival = 3 WHERE arrival = 4",
        "DELETE FROM journal WHERE arrival = 3",
        "DELETE FROM journal",
        f"INSERT OR REPLACE INTO journal SELECT {COLUMNS} FROM journal WHERE arrival = 3",
        f"REPLACE INTO journal SELECT 9{COLUMNS.removeprefix('arrival')} FROM journal LIMIT 1",
        "UPDATE payload SET text = '{}' WHERE arrival = 3",
        "INSERT OR REPLACE INTO payload SELECT arrival, salt, '{}' FROM payload WHERE arrival = 3",
        "DELETE FROM payload WHERE arrival = 3",
    ],
)
def test_the_journal_is_append_only(station: "Program", statement: str) -> None:
    query = f"SELECT {COLUMNS}, salt, text FROM journal JOIN payload USING (arrival)"
    before = station.query(query)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|erasing event"):
        alter(station, statement, triggers=True)
    assert station.query(query) == before


def findings(station: "Program", run_here: "RunHere") -> tuple[int, dict[str, str]]:
    """The doctor's exit code, and what was bad."""
    ran = run_here(station, "doctor", "--json")
    document: dict[str, Any] = ran.document
    assert document["good"] == (ran.code == 0)
    return ran.code, {f["what"]: f["seen"] for f in document["findings"] if not f["good"]}


@pytest.mark.parametrize("name", TRIGGERS)
def test_doctor_misses_a_guard(station: "Program", run_here: "RunHere", name: str) -> None:
    alter(station, f"DROP TRIGGER {name}", triggers=True)
    assert findings(station, run_here) == (DATABASE, {"append-only": f"missing {name}"})


def test_doctor_sees_through_a_guard_that_guards_nothing(
    station: "Program", run_here: "RunHere"
) -> None:
    alter(
        station,
        "DROP TRIGGER journal_refuses_update",
        "CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal BEGIN SELECT 1; END",
        triggers=True,
    )
    assert findings(station, run_here) == (
        DATABASE,
        {"append-only": "missing journal_refuses_update"},
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vehicle_check SET primary_outcome = 'penalty_enforced'",
        "UPDATE vehicle_check SET vehicle = 'AB13 CDE' WHERE number = 1",
        "UPDATE vehicle_check SET voided = 1 WHERE number = 2",
        "UPDATE check_match SET decision = 'rejected'",
        "UPDATE match_penalty SET owed_pence = 1",
        "UPDATE operation SET site = 'Calais'",
        "UPDATE list_version SET rejected = rejected",
        "UPDATE list_version SET file_name = 'other.xlsx'",
        "DELETE FROM finding",
        "DELETE FROM device_state",
    ],
)
def test_doctor_mends_the_tables(station: "Program", run_here: "RunHere", statement: str) -> None:
    told = run_here(station, "tally", "--json").document
    log = run_here(station, "log").out
    alter(station, statement, triggers=True)
    changes = "rejected = rejected" not in statement
    expected = {"projections": "differ: use --rebuild"} if changes else {}
    assert findings(station, run_here) == (DATABASE if changes else 0, expected)
    verified = run_here(station, "audit", "verify", "--json")
    assert verified.code == (REFUSED if changes else 0)
    table = re.search(r"(?:UPDATE|FROM) (\w+)", statement)
    assert table
    assert {one["table"] for one in verified.document["differences"]} == (
        {table[1]} if changes else set()
    )
    rebuilt = run_here(station, "doctor", "--rebuild")
    assert rebuilt.code == 0
    assert "rebuilt from" in rebuilt.err
    assert ("the tables differed and are right now" in rebuilt.err) == changes
    assert findings(station, run_here) == (0, {})
    again = run_here(station, "tally", "--json").document
    beside = {"fingerprint": "", "held": None}  # that the records were held is a fact of its own
    assert again | beside == told | beside
    assert run_here(station, "log").out == log


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET balance_pence = 1 WHERE registration = 'AB12 CDE'",
        "UPDATE entry SET registration = 'AB12 CDF' WHERE registration = 'AB12 CDE'",
        "UPDATE entry SET removed_version = 1 WHERE registration = 'AB12 CDE'",
        "DELETE FROM entry_mark WHERE key = 'AB12CDE'",
        "UPDATE entry_mark SET key = 'AB12CDF', skeleton = '4812CDF' WHERE key = 'AB12CDE'",
        "INSERT INTO entry_mark SELECT 'ZZ99ZZZ', 'ZZ99ZZZ', entry_id, unit FROM entry_mark LIMIT 1",
        "UPDATE entry SET row = 77 WHERE registration = 'AB12 CDE'",
        "UPDATE entry SET identity = 'other' WHERE registration = 'AB12 CDE'",
    ],
)
def test_doctor_sees_a_list_that_is_not_what_was_imported(
    station: "Program", run_here: "RunHere", statement: str
) -> None:
    alter(station, statement, triggers=True)
    code, bad = findings(station, run_here)
    assert code == DATABASE
    assert bad.keys() == {"list CECPT"}
    assert all("altered" in seen for seen in bad.values())
    verified = run_here(station, "audit", "verify")
    assert verified.code == REFUSED
    assert "■■ ALTERED: " in verified.out
    assert re.search(r"^   entry(_mark)? (of|CECPT) .*: ", verified.out, re.MULTILINE)


def test_what_was_altered_is_named_by_its_check_and_column(desk: "Program") -> None:
    alter(
        desk,
        "UPDATE vehicle_check SET vehicle = 'AB13 CDE', verdict = 'clear' WHERE number = 1",
        "DELETE FROM check_match",
        "INSERT INTO device_state VALUES ('L9', NULL)",
        triggers=True,
    )
    ran = desk.run("audit", "verify")
    assert ran.code == REFUSED
    assert "■■ ALTERED: 3 records outside the journal not as it says" in ran.out
    assert "   vehicle_check L1-001: altered: vehicle, verdict\n" in ran.out
    assert "   check_match L1-001 1: missing\n" in ran.out
    assert "   device_state L9: added\n" in ran.out
    assert "· INTACT" not in ran.out
    quick = desk.good("audit", "verify", "--journal-only")
    assert "lists, checks and figures were not held against it" in quick.out


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["DROP TRIGGER journal_refuses_delete"], "trigger journal_refuses_delete is missing"),
        (
            [
                "DROP TRIGGER journal_refuses_update",
                "CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal BEGIN SELECT 1; END",
            ],
            "trigger journal_refuses_update was altered",
        ),
        (
            [
                "CREATE TRIGGER quiet AFTER INSERT ON journal BEGIN DELETE FROM finding; END",
            ],
            "trigger quiet is not portcheck's",
        ),
        (["DROP INDEX vehicle_check_ref"], "index vehicle_check_ref is missing"),
        (["CREATE TABLE more (a)"], "table more is not portcheck's"),
    ],
)
def test_a_schema_that_was_altered(
    station: "Program", run_here: "RunHere", statements: list[str], fault: str
) -> None:
    alter(station, *statements, triggers=True)
    ran = run_here(station, "audit", "verify", "--json")
    assert ran.code == REFUSED
    assert ran.document["differences"] == [{"table": "schema", "row": "", "what": fault}]


def test_an_index_that_does_not_say_what_its_table_says(
    station: "Program", run_here: "RunHere"
) -> None:
    """Checks are found from an index: changed there alone, the table is as it was."""
    with closing(sqlite3.connect(station.database)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'vehicle_check_ref'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    whole = station.state()
    page = whole[(root - 1) * size : root * size]
    assert b"L1-001" in page
    page = page.replace(b"L1-001", b"L1-00I", 1)
    station.database.write_bytes(whole[: (root - 1) * size] + page + whole[root * size :])
    ran = run_here(station, "audit", "verify", "--json")
    assert ran.code == REFUSED
    assert {one["table"] for one in ran.document["differences"]} == {"file"}


def test_an_emptied_journal_is_told_for_what_it_is(station: "Program", run_here: "RunHere") -> None:
    guards = station.query("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
    alter(station, *both("DELETE FROM {}"), *(sql for (sql,) in guards))
    for options in ([], ["--journal-only"]):
        ran = run_here(station, "audit", "verify", *options)
        assert ran.code == REFUSED
        assert "■■ EMPTIED: the journal holds no event, and there are records" in ran.out
        assert "INTACT" not in ran.out
    found = run_here(station, "audit", "verify", "--json").document
    assert (found["intact"], found["emptied"], found["events"]) == (False, True, 0)


def test_that_all_was_whole_is_recorded(desk: "Program") -> None:
    assert desk.json("audit", "verify", "--journal-only")["recorded"] is False
    assert desk.query("SELECT kind FROM journal WHERE kind = 'records_held'") == []
    first = desk.json("audit", "verify")
    assert (first["intact"], first["held"], first["recorded"]) == (True, True, True)
    second = desk.json("audit", "verify")
    assert second["events"] == first["events"] + 1
    assert second["fingerprints"] != first["fingerprints"]
    payloads = desk.query("SELECT payload FROM fact WHERE kind = 'records_held'")
    assert [json.loads(text)["fingerprint"] for (text,) in payloads] == [
        " ".join(found["fingerprints"]) for found in (first, second)
    ]


COMMANDS = (
    ["lookup", "AB12CDE"],
    ["check", "AB12CDE"],
    ["screen", "list.csv"],
    ["decide", "L1-001", "--confirm"],
    ["outcome", "L1-001", "--search", "dog"],
    ["amend", "L1-001", "--direction", "outbound", "--reason", "wrong key"],
    ["void", "L1-001", "--reason", "practice"],
    ["log"],
    ["log", "show", "L1-001"],
    ["log", "export", "log.csv"],
    ["log", "import", "list.csv"],
    ["list", "show"],
    ["list", "find", "acme"],
    ["list", "history"],
    ["list", "import", "list.csv"],
    ["op", "show"],
    ["op", "list"],
    ["op", "start", "Another"],
    ["op", "end"],
    ["tally"],
    ["report", "day.json"],
    ["feed"],
    ["lane", "--plain"],
    ["audit", "log"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_tells_what_is_not_whole(
    station: "Program", run_here: "RunHere", command: list[str]
) -> None:
    """Copied while it was written to, or its journal deleted: pages of a broken-off change."""
    with station.database.open("ab") as file:
        file.write(bytes(8192))
    before = station.state()
    ran = run_here(station, *command)
    assert ran.code == DATABASE
    assert "is not whole: it has " in ran.err
    assert "put the rollback journal beside it again (checks.db-journal)" in ran.err
    assert ran.out == ""
    assert station.state() == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_tells_of_an_emptied_journal(
    station: "Program", run_here: "RunHere", command: list[str]
) -> None:
    guards = station.query("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
    alter(station, *both("DELETE FROM {}"), *(sql for (sql,) in guards))
    ran = run_here(station, *command)
    assert ran.code == REFUSED
    assert "the journal was emptied: it holds no event, and there are records" in ran.err
    assert ran.out == ""


def test_a_file_that_is_not_whole_is_examined(station: "Program", run_here: "RunHere") -> None:
    with station.database.open("ab") as file:
        file.write(bytes(8192))
    verified = run_here(station, "audit", "verify", "--json")
    assert verified.code == REFUSED
    assert [one["table"] for one in verified.document["differences"]] == ["file"]
    code, bad = findings(station, run_here)
    assert code == DATABASE
    assert "says that it has" in bad["database file"]
