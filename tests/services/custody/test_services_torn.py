"""A database of which a part is of another time: told at its opening, or by holding it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from portcheck.errors import DatabaseUnusable, JournalBroken
from portcheck.services import operation
from portcheck.services.checks.check import SavedCheck
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportResult
from portcheck.store.connection import connect
from portcheck.store.holding import held
from portcheck.store.known import Known
from portcheck.store.schema import open_store
from portcheck.store.whole import storing_lists

Take = Callable[..., ImportResult]
Check = Callable[..., SavedCheck]
Torn = dict[str, bytes]

MANY = [
    {"Registration": f"AB{10 + n % 90} C{chr(65 + n % 26)}{chr(65 + n // 26)}",
     "Penalty reference": f"CP-{n}"}
    for n in range(200)
]  # fmt: skip


def torn(before: bytes, after: bytes) -> Torn:
    """Every state in which the pages of a change were written up to one (SQLite writes them
    in order), all but those up to one, all but one, and one alone; not those that differ
    by the first page only, which does no more than count the changes.
    """
    size = int.from_bytes(before[16:18])
    old, new = (
        [data[at : at + size] for at in range(0, len(data), size)] for data in (before, after)
    )
    changed = [n for n in range(len(new)) if n >= len(old) or old[n] != new[n]]
    chosen = {f"up to {n}": set(changed[:place]) for place, n in enumerate(changed) if place}
    chosen |= {f"from {n}": set(changed[place:]) for place, n in enumerate(changed) if place}
    chosen |= {f"all but {n}": {*changed} - {n} for n in changed}
    chosen |= {f"only {n}": {n} for n in changed}
    states = {}
    for name, pages in chosen.items():
        if pages in ({0}, {*changed} - {0}):
            continue
        until = max(len(old), *(n + 1 for n in pages))
        file = [
            new[n] if n in pages else (old[n : n + 1] or [bytes(size)])[0] for n in range(until)
        ]
        states[name] = b"".join(file)
    assert len(states) > 20
    return states


def found(path: Path, state: bytes) -> str:
    """ "told" at the opening, "held" where holding finds it, "" where nothing does."""
    path.write_bytes(state)
    try:
        connection = open_store(path)
    except DatabaseUnusable:
        return "told"
    with closing(connection):
        return "held" if any(True for _ in held(connection, path)) else ""


@pytest.fixture
def day(context: Context, take: Take, check: Check) -> Context:
    take(MANY)
    operation.start(context, "Portsmouth 17 June")
    for number in range(12):
        check(f"ZZ{10 + number} QQQ", outcome={"searched": ["dog"]})
    return context


def test_a_check_that_was_broken_off(day: Context, check: Check, tmp_path: Path) -> None:
    before = day.path.read_bytes()
    check("AB10 CAA", outcome={"persons": 2})
    states = torn(before, day.path.read_bytes())
    seen = {name: found(tmp_path / "torn.db", state) for name, state in states.items()}
    in_order = {name: how for name, how in seen.items() if name.startswith(("up to", "from"))}
    assert {name for name, how in in_order.items() if how != "told"} == set()
    assert {name for name, how in seen.items() if not how} == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "rows",
    [
        [*MANY, {"Registration": "LI51 TED", "Penalty reference": "CP-X"}],
        MANY[:-9],
        [{**row, "Status": "paid"} for row in MANY[:100]] + MANY[100:],
    ],
    ids=["one more", "some fewer", "half of them changed"],
)
def test_a_list_that_was_broken_off(
    day: Context, take: Take, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    before = under_way(day.path)
    take(rows)
    states = torn(before, under_way(day.path))
    seen = {name: found(tmp_path / "torn.db", state) for name, state in states.items()}
    assert {name for name, how in seen.items() if how != "told"} == set()


def under_way(path: Path) -> bytes:
    """The file as it is while a list is stored: it says so."""
    other = path.with_name("under_way.db")
    shutil.copy(path, other)
    with closing(connect(other)) as connection:
        connection.execute("PRAGMA user_version = 1")
    return other.read_bytes()


def marker(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[60:64])


def test_the_file_says_that_a_list_is_being_stored(day: Context) -> None:
    assert marker(day.path) == 0
    with storing_lists(day.connection):
        assert marker(day.path) == 1
    assert marker(day.path) == 0
    with pytest.raises(ZeroDivisionError), storing_lists(day.connection):
        raise ZeroDivisionError
    assert marker(day.path) == 0


def test_while_a_list_is_stored_others_answer(day: Context) -> None:
    with storing_lists(day.connection):
        open_store(day.path).close()
    day.connection.execute("BEGIN IMMEDIATE")
    day.connection.execute("ROLLBACK")


KILLED = """
import os, signal, sys
from pathlib import Path
from portcheck.store.schema import open_store
from portcheck.store.whole import storing_lists
connection = open_store(Path(sys.argv[1]))
connection.execute("PRAGMA cache_size = 1")
with storing_lists(connection):
    connection.execute("DELETE FROM entry_mark WHERE entry_id % 3 = 0")
    connection.execute("UPDATE entry SET removed_version = 2 WHERE entry_id % 3 = 0")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def killed(day: Context) -> Path:
    """The database beside which a killed import left its rollback journal."""
    day.connection.close()
    subprocess.run([sys.executable, "-c", KILLED, str(day.path)], check=False)
    assert day.path.with_name(f"{day.path.name}-journal").stat().st_size
    return day.path


@pytest.mark.skipif(sys.platform == "win32", reason="a kill of its own kind")
def test_a_killed_import_is_undone_from_its_journal(killed: Path) -> None:
    assert marker(killed) == 1
    with closing(open_store(killed)) as connection:
        assert list(held(connection, killed)) == []
    assert marker(killed) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a kill of its own kind")
def test_a_killed_import_without_its_journal_is_told(killed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(killed, copy)
    with pytest.raises(DatabaseUnusable, match=r"is not whole.*copied while it was written to"):
        open_store(copy)
    journal = killed.with_name(f"{killed.name}-journal")
    shutil.copy(journal, f"{copy}-journal")  # as the hint says
    open_store(copy).close()


def test_a_file_longer_than_it_says(day: Context) -> None:
    day.connection.close()
    with day.path.open("ab") as file:
        file.write(bytes(4096))
    with pytest.raises(DatabaseUnusable, match="bytes and says that it has"):
        open_store(day.path)


def test_a_file_shorter_than_it_says(day: Context) -> None:
    day.connection.close()
    day.path.write_bytes(day.path.read_bytes()[:-4096])
    with pytest.raises(DatabaseUnusable, match="it is damaged"):
        open_store(day.path)


def test_an_emptied_journal(day: Context) -> None:
    for name in ("update", "delete", "replace"):
        day.connection.execute(f"DROP TRIGGER journal_refuses_{name}")
    day.connection.execute("DROP TRIGGER payload_refuses_delete")
    for table in ("payload", "journal"):
        day.connection.execute(f"DELETE FROM {table}")
    with pytest.raises(JournalBroken, match="the journal was emptied"):
        open_store(day.path)


def test_a_new_database_is_whole(tmp_path: Path) -> None:
    open_store(tmp_path / "new.db", create=True).close()
    with closing(open_store(tmp_path / "new.db")) as connection:
        assert list(held(connection, tmp_path / "new.db")) == []


# another file under a running program


@pytest.fixture
def older(day: Context, check: Check) -> bytes:
    """The database as it was before a check more, which the program has recorded."""
    kept = day.path.read_bytes()
    check("AB10 CAA")
    return kept


def test_an_older_copy_laid_over_it(day: Context, check: Check, older: bytes) -> None:
    day.path.write_bytes(older)
    with pytest.raises(DatabaseUnusable, match=r"event L1 27 is no longer in it"):
        check("ZZ99 ZZZ")
    with pytest.raises(DatabaseUnusable), day.writing():
        pytest.fail("a number could be given twice")


def test_one_that_went_on_since(
    day: Context, new_context: Callable[..., Context], check: Check, older: bytes
) -> None:
    """It has as many events, and others."""
    other = day.path.with_name("other.db")
    other.write_bytes(older)
    with closing(open_store(other)) as connection:
        fresh = replace(new_context(), connection=connection, path=other, known=Known())
        for number in range(3):
            check(f"YY1{number} YYY", by=fresh)
    day.path.write_bytes(other.read_bytes())
    with pytest.raises(DatabaseUnusable, match="another one than a moment ago"):
        check("ZZ99 ZZZ")


def test_every_thread_knows_what_one_recorded(day: Context, older: bytes) -> None:
    day.path.write_bytes(older)
    with closing((again := day.again()).connection), pytest.raises(DatabaseUnusable):
        again.operation()


def test_another_file_in_its_place(day: Context, check: Check, older: bytes) -> None:
    other = day.path.with_name("other.db")
    shutil.copy(day.path, other)
    other.replace(day.path)
    with pytest.raises(DatabaseUnusable, match="another file was put in the place of"):
        check("ZZ99 ZZZ")


def test_a_file_that_was_deleted(day: Context, check: Check) -> None:
    day.path.unlink()
    with pytest.raises(DatabaseUnusable, match="was deleted or moved away while it was open"):
        check("ZZ99 ZZZ")


def test_what_others_record_is_no_older_copy(
    day: Context, new_context: Callable[..., Context], check: Check
) -> None:
    other = new_context(device="L2")
    operation.use(other, "Portsmouth 17 June")
    refs = [check(f"YY1{number} YYY", by=(day, other)[number % 2]).ref for number in range(6)]
    assert refs == ["L1-013", "L2-001", "L1-014", "L2-002", "L1-015", "L2-003"]
