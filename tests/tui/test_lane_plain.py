"""The same loop by prompts: line by line, on a pipe too."""

import io
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from portcheck.tui.plain import Plain
from portcheck.tui.surface import Options

if TYPE_CHECKING:
    from tests.conftest import Program
    from tests.tui.conftest import World


def said(world: "World", *lines: str, **options: Any) -> str:
    """What the loop says to these lines, and then to the end of the input."""
    out = io.StringIO()
    console = Console(file=out, width=200, markup=False, emoji=False, highlight=False)
    typed = iter(lines)
    actor, zone = world.actor, world.settings.zone
    chosen = Options(actor.officer, actor.agency, zone, now=lambda: world.clock, **options)
    context = world.context()
    with closing(context.connection):
        Plain(context, chosen, console, lambda _: next(typed, None)).run()
    return out.getvalue()


OUTCOME = "SELECT outcome FROM vehicle_check"


def test_the_loop(world: "World") -> None:
    out = said(
        world,
        "gn67 ssb; trailer C7654321; country gb; body refrigerated",
        "/n",
        "ab12cde",
        "/y",
        "/o penalty CP-1042:paid_in_full; searched dog",
        "/q",
        details={"direction": "inbound"},
    )
    assert out.splitlines() == [
        "operation Portsmouth 17 June, officer 4711",
        "list CECPT version 1, 5 rows, today",
        "no match waits for a decision",
        "·  CLEAR  gn67 ssb  trailer C7654321",
        "   list CECPT version 1, 5 rows, today",
        "   /n searched, nothing found · /o more to record",
        "   saved as L2-001",
        "saved L2-001  gn67 ssb: searched, nothing found",
        "■■ LISTED  AB12 CDE   vehicle · GB · list CECPT",
        "   how: same registration (typed ab12cde)",
        "   haulier: Northsea Haulage Ltd",
        (
            "   penalty CP-1042 · s.32 · owner Northsea Haulage Ltd · outstanding"
            " · issued 10 Jan 2021 · £2,400.00 owed"
        ),
        "     ENFORCEABLE: YES",
        "       £2,400.00 is owed, plus detention expenses (s.36A)",
        "       the payment date, 11 Mar 2021, has passed; no objection or appeal is open",
        "   list CECPT version 1, 5 rows, today",
        "NEXT  compare plate and papers with the list",
        "      /y it is this vehicle · /x it is not",
        "NEXT  then /o: what is done about the penalty",
        "   saved as L2-002",
        "saved L2-002  ab12cde: confirmed",
        "saved L2-002  ab12cde: outcome",
    ]
    tally = world.view().tally
    assert tally is not None
    assert (tally.checks, tally.penalties.enforced_pence) == (2, 240000)
    rows = world.query("SELECT trailer, country, body, direction FROM vehicle_check")
    assert rows[0] == ("C7654321", "GB", "refrigerated", "inbound")


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        (("/o persons 2; minors 1",), '{"minors":1,"persons":2}'),
        (("/o", "persons", "2", "nothing found=no", "", "/l"),
         '{"nothing_found":false,"persons":2}'),
        (("/o", "searched=dog", "search", "xray", ""), '{"searched":["dog","xray"]}'),
        (("/o", "?", "colour", "detained", ""), '{"detained":true}'),
        (("/outcome detained",), '{"detained":true}'),
        (("/n", "/u mistyped"), "{}"),
        (("/n", "/n"), '{"nothing_found":true}'),
        (("/o persons 2", "/o persons 3", "miscounted"), '{"persons":3}'),
        (("/o persons 2", "/o persons 3", ""), '{"persons":2}'),
        (("/o colour red", "/o note fine"), '{"notes":["fine"]}'),
    ],
)  # fmt: skip
def test_outcomes(world: "World", lines: tuple[str, ...], outcome: str) -> None:
    said(world, "zz98zzz", *lines)
    assert world.query(OUTCOME) == [(outcome,)]


def test_decisions_corrections_and_undo(world: "World") -> None:
    out = said(
        world,
        "ab12cde",
        "ab12cdf",
        "/x",
        "1",
        "/u",
        "it was it",
        "/a trailer=C7654321; at=yesterday",
        "/a trailer=C7654321; country=fr",
        "misread",
        "/f 1",
        "/x another make",
        "/v twice",
        "/w",
        "/u",
        "",
        "zz98zzz; trailer c1234567",
        "/y",
        "2",
        "/x not that one",
        "/f ab12",
        "/u",
        "gone",
    )
    assert "1  the plate was read again: it is another one" in out
    for line in (
        "saved L2-002  ab12cdf: rejected",
        "saved L2-002  ab12cdf: undone; the match waits for a decision again",
        "saved L2-002  ab12cdf: corrected",
        "L2-001 in hand  ",
        "saved L2-001  ab12cde: rejected",
        "saved L2-001  ab12cde: void",
        "no match waits for a decision",
        "! not recorded: nothing was said, and nothing was done",
        "saved L2-003  zz98zzz: confirmed",
        "saved L2-003  zz98zzz: rejected",
        "/f and a number takes one of them in hand",
        "saved L2-003  zz98zzz: undone; the match waits for a decision again",
    ):
        assert line in out.splitlines(), (line, out)
    assert "“yesterday” is not a time" in out
    rows = world.query("SELECT trailer, country, voided, void_reason FROM vehicle_check")
    assert rows == [("", "", 1, "twice"), ("C7654321", "FR", 0, ""), ("c1234567", "", 0, "")]


DECISION = "SELECT decision FROM check_match"


@pytest.mark.parametrize(
    ("lines", "words", "decision"),
    [
        (("/y", "/x", "y", "1"), "rejected", "rejected"),
        (("/x 1", "/y", "yes"), "confirmed", "confirmed"),
        (("/y", "/x", "n"), "! not recorded: it was not decided again", "confirmed"),
        (("/y", "/x", ""), "! not recorded: nothing was said", "confirmed"),
        (("/y", "/x", "u"), "waits for a decision again", "open"),
        (("/x 1", "/y", "u", "/u", "it was not there"), "undone; the check becomes void", "open"),
        (("/y", "/y"), "! not recorded: confirmed already. /x decides again", "confirmed"),
        (("/x 1", "/x"), "! not recorded: rejected already. /y decides again", "rejected"),
        (("/y 2",), "is not the number of one of them", "open"),
        (("/y 1",), "confirmed", "confirmed"),
    ],
)
def test_deciding_again(world: "World", lines: tuple[str, ...], words: str, decision: str) -> None:
    assert words in said(world, "ab12cdf", *lines)
    assert world.query(DECISION) == [(decision,)]


def test_a_void_check_counts_again(world: "World") -> None:
    out = said(world, "ab12cdf", "/v twice", "/y", "/v", "it was not", "/y", "/v twice", "/u", "no")
    assert "! not recorded: no match of it waits for a decision" in out
    assert "saved L2-001  ab12cdf: counts again" in out
    assert "saved L2-001  ab12cdf: undone; the check counts again" in out
    assert world.query("SELECT voided, unresolved FROM vehicle_check") == [(0, 0)]
    assert world.query(DECISION) == [("confirmed",)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/n", "there is no check in hand"),
        ("/o persons 1", "there is no check in hand"),
        ("/u", "nothing was done since the start"),
        ("/zz", "is no command here"),
        ("/", "is no command here"),
        ("/f 99", "no check has “99”"),
        ("AB?2 CDE", "QUESTION MARK"),
        ("AB12 CDE; colour red", "begins with no field's name"),
        ("AB12 CDE; body red", "is not one of"),
        ("[/red]\x1b[31m", "cannot stand in a registration"),
    ],
)
def test_what_is_refused(world: "World", line: str, words: str) -> None:
    out = said(world, line)
    assert words in out
    assert "\x1b" not in out
    assert world.query("SELECT 1 FROM vehicle_check") == []


def test_help_views_and_details(world: "World") -> None:
    out = said(
        world, "/h", "ab12cde", "/l", "/g", "/b", "/d sailing Caen 06:45", "/d",
        "zz98zzz; haulier Acme", "zz97zzz", "/q", "n", "/q", "y", "zz96zzz",
    )  # fmt: skip
    assert "   /n  Searched, nothing found: recorded at once for the check in hand." in out
    assert "   L2-001  ab12cde   listed  WAITS" in out
    assert "DAY: 1 check, 0 in 0 out, persons 0, nothing 0" in out
    assert "The bell is off." in out
    assert out.count("! 1 match waits: L2-001 ab12cde") == 3
    assert world.query("SELECT details FROM vehicle_check")[1:] == [
        ('{"haulier":"Acme","sailing":"Caen 06:45"}',),
        ('{"sailing":"Caen 06:45"}',),
    ]


def test_a_half_filled_outcome_is_offered_again(world: "World") -> None:
    out = said(world, "zz98zzz", "/o", "persons=2")
    assert "It is kept half-filled." in out
    assert world.query(OUTCOME) == [("{}",)]
    out = said(world, "/o", "minors=1", "")
    assert "the outcome of L2-001 was left half-filled: /o goes on with it" in out
    assert world.query(OUTCOME) == [('{"minors":1,"persons":2}',)]
    assert "half-filled" not in said(world)


def test_a_disk_that_is_full(world: "World", monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("portcheck.services.checks.check.write", full)
    assert "! NOT SAVED: " in said(world, "zz98zzz", "/n")
    assert world.query("SELECT 1 FROM vehicle_check") == []


def test_without_an_operation_or_a_list(world: "World") -> None:
    with closing(sqlite3.connect(world.path)) as connection, connection:
        for table in ("entry_mark", "entry", "list_version", "action_list"):
            connection.execute(f"DELETE FROM {table}")
    out = said(world, "AB12 CDE")
    assert "No list is in force: nothing can be matched." in out
    assert "! not recorded: no list is in force" in out
    out = said(world, "AB12 CDE", no_list=True)
    assert "NOT SCREENED" in out
    assert "saved as L2-001" in out
    with closing(sqlite3.connect(world.path)) as connection, connection:
        connection.execute("UPDATE device_state SET operation_id = NULL")
    assert "No operation is under way" in said(world, "AB12 CDE")


# through the program itself


@pytest.mark.slow
def test_the_answer_is_the_one_of_check(station: "Program") -> None:
    station.good("config", "set", "seen_days", "0")  # else the second tells of the first
    card = station.good("check", "AB12 CDE").out.splitlines()
    ran = station.good("lane", "--plain", stdin="AB12 CDE\n/q\ny\n")
    plain = ran.out.splitlines()
    start = plain.index(card[0])
    assert plain[start : start + len(card) - 1] == card[:-1]
    assert card[-1] == "   saved as L1-003"
    assert "   saved as L1-004" in plain
    assert "Registration" in ran.err  # the prompts are no data
    assert "Registration" not in ran.out


@pytest.mark.slow
def test_a_pipe_and_a_dumb_terminal_are_served_by_prompts(station: "Program") -> None:
    assert "saved as L1-003" in station.good("lane", stdin="zz98zzz\n").out
    ran = station.good("lane", stdin="zz97zzz\n", env={"TERM": "dumb"})
    assert "saved as L1-004" in ran.out
    ran = station.run("lane", "--feed", "camera.jsonl", stdin="")
    assert ran.code == 2
    assert "--feed goes with the full screen" in ran.err


@pytest.mark.parametrize(
    ("args", "words"),
    [(("--search", "smell"), "is not one of"), (("--direction", "up"), "is not one of")],
)
def test_options_that_are_refused(station: "Program", args: tuple[str, ...], words: str) -> None:
    ran = station.run("lane", "--plain", *args)
    assert ran.code == 3
    assert words in ran.err
