"""The end of the day through the command line: the tally's views, the end, and the report."""

import csv
import json
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from portcheck.store.projections.sums import anew

if TYPE_CHECKING:
    from tests.conftest import Clone, Program

SAMPLES = Path(__file__).parents[2] / "sample_data"
SUFFIXES = (".xlsx", ".html", ".json", ".csv", ".md")
PRINTED = (".xlsx", ".html")
DAY = "Portsmouth 17 June 2021"


@pytest.fixture
def day(program: "Program", tmp_path_factory: pytest.TempPathFactory, clone: "Clone") -> "Program":
    """The published operation, under way, its log taken in (once, and then copied)."""
    kept = tmp_path_factory.getbasetemp() / "published.db"
    if kept.exists():
        clone(kept, program.database)
        return program
    program.good("list", "import", SAMPLES / "action_list.xlsx", "--list", "CECPT")
    program.good("op", "start", DAY, "--at", "17/06/2021 05:30", "--agency", "Port")
    program.good("log", "import", SAMPLES / "checks.csv")
    shutil.copy(program.database, kept)
    return program


@pytest.mark.slow
def test_the_report_of_an_ended_operation_outlives_new_lists_and_corrections(
    day: "Program",
) -> None:
    """In every format by the tests of the formats; here the two that people print."""
    day.good("op", "end")
    for suffix in PRINTED:
        made = day.good("report", f"first{suffix}", "--op", DAY, "--recipient", "Press office")
        assert "132 checks reported" in made.err
        assert made.out == ""
    tally = day.json("tally", "--op", DAY)
    day.good("list", "import", SAMPLES / "action_list_18_june.csv", "--list", "CECPT")
    day.good("op", "start", "18 June")
    day.good("check", "WGM 58213")
    day.good("void", "L1-003", "--op", DAY, "--reason", "entered twice")
    day.good("amend", "L1-004", "--op", DAY, "--lane", "In 9", "--reason", "typed wrong")
    for suffix in PRINTED:
        made = day.good("report", f"second{suffix}", "--op", DAY)
        first, second = (day.folder / f"{name}{suffix}" for name in ("first", "second"))
        assert second.read_bytes() == first.read_bytes()
        assert "2 checks corrected after the end" in made.err
    assert day.json("tally", "--op", DAY) == tally
    assert day.json("tally", "--op", DAY, "--recount")["checks"] == 131
    kinds = [event["kind"] for event in day.json("audit", "log", "--all")]
    assert kinds.count("data_disclosed") == 4
    assert day.json("audit", "verify")["intact"]


@pytest.mark.slow
def test_an_operation_does_not_end_while_a_match_waits(station: "Program") -> None:
    refused = station.run("op", "end")
    assert refused.code == 3
    assert "1 match unresolved: L1-001" in refused.err
    assert "decide" in refused.err
    station.good("op", "end", "--reason", "the driver is gone")
    tally = station.json("tally", "--op", "Dover 1")
    assert not tally["complete"]
    assert station.json("op", "show", "Dover 1")["fingerprint"] == tally["fingerprint"]
    assert "INCOMPLETE: 1 match unresolved" in station.good("tally", "--op", "Dover 1").out
    station.good("report", "end.md", "--op", "Dover 1")
    text = (station.folder / "end.md").read_text(encoding="utf-8")
    assert "**INCOMPLETE: 1 match unresolved**" in text
    assert "L1-001: vehicle AB12 CDE, exact: AB12 CDE on CECPT" in text


@pytest.mark.slow
def test_an_empty_operation_has_a_tally_and_reports(program: "Program") -> None:
    program.good("op", "start", "Nothing yet")
    assert (
        "0 HGVs checked; 0 outstanding penalties enforced; nobody found"
        in program.good("tally").out
    )
    for view in (["--by", "hour"], ["--explain", "checks"], ["--compare", "Nothing yet"]):
        program.good("tally", *view)
    for suffix in PRINTED:
        program.good("report", f"empty{suffix}")
        assert (program.folder / f"empty{suffix}").stat().st_size > 1000


@pytest.mark.slow
def test_parts_of_the_day_sum_to_the_whole(day: "Program") -> None:
    whole = day.json("tally")
    parts = [
        day.json("tally", "--until", "10:00"),
        day.json("tally", "--since", "10:00", "--until", "14:00"),
        day.json("tally", "--since", "14:00"),
    ]
    assert sum(part["checks"] for part in parts) == whole["checks"] == 132
    assert sum(part["drivers_educated"] for part in parts) == whole["drivers_educated"]
    assert sum(part["penalties"]["enforced_pence"] for part in parts) == 240_000
    assert parts[1]["scope"]["since"] == "2021-06-17T10:00:00+01:00"
    assert "scope" not in whole
    shown = day.good("tally", "--since", "10:00").out
    assert "ONLY PART OF THE DAY: checks from 2021-06-17 10:00" in shown


@pytest.mark.slow
@pytest.mark.parametrize(
    "by", ["officer", "agency", "site", "lane", "direction", "hour", "country", "body"]
)
def test_by(day: "Program", by: str) -> None:
    with (SAMPLES / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = day.json("tally", "--by", by)
    assert sum(one["checks"] for one in found["groups"]) == found["checks"] == len(rows)
    if by == "site":
        assert [one["name"] for one in found["groups"]] == [found["site"] or "not_recorded"]
    elif by != "hour":
        names = [row[by.capitalize()] for row in rows]
        assert {one["name"]: one["checks"] for one in found["groups"]} == {
            name: names.count(name) for name in names
        }
    enforced = [one["name"] for one in found["groups"] if one["enforced_pence"]]
    assert len(enforced) == 1
    assert "all" in day.good("tally", "--by", by).out


@pytest.mark.slow
def test_explained(day: "Program") -> None:
    with (SAMPLES / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        paid = [row["Registration"] for row in csv.DictReader(file) if row["Penalty"]]
    found = day.json("tally", "--explain", "enforced_pence")
    assert (found["figure"], found["total"]) == ("penalties.enforced_pence", 240_000)
    assert [one["vehicle"] for one in found["checks"]] == paid
    assert paid[0] in day.good("tally", "--explain", "enforced_pence").out
    (consulted,) = day.json("audit", "log", "--all", "--kind", "record_consulted")[-1:]
    assert consulted["payload"]["command"] == "tally --explain"


@pytest.mark.slow
def test_compared_and_several_together(day: "Program") -> None:
    day.good("op", "end")
    day.good("op", "start", "18 June")
    day.good("check", "CJ 47 TKV", "--confirm", "--country", "RO")
    beside = day.json("tally", "--compare", DAY)
    assert (beside["checks"], beside["compared_with"]["checks"]) == (1, 132)
    assert "-131" in day.good("tally", "--compare", DAY).out
    both = day.json("tally", "--op", DAY, "--op", "18 June")
    assert (both["checks"], both["vehicles"]) == (133, 132)
    assert both["scope"]["operations"] == [DAY, "18 June"]
    day.good("report", "both.json", "--op", DAY, "--op", "18 June")
    rows = json.loads((day.folder / "both.json").read_text(encoding="utf-8"))["checks"]
    assert {row["operation"] for row in rows} == {DAY, "18 June"}


WRONG: list[tuple[list[str], int, str]] = [
    (["tally", "--by", "colour"], 2, "none of officer, agency"),
    (["tally", "--by", "lane", "--watch"], 2, "do not go together"),
    (["tally", "--explain", "beauty"], 2, "is not a figure of this tally"),
    (["tally", "--compare", "never"], 3, "no operation “never”"),
    (["tally", "--since", "12:00", "--until", "11:00"], 2, "not before"),
    (["tally", "--since", "teatime"], 3, "is not a time"),
    (["report", "day.pdf"], 3, "none of .xlsx, .html, .json, .csv, .md"),
    (["report", "no/such/folder/day.md"], 3, "cannot be written"),
    (["report", "taken.md"], 3, "there already"),
    (["report"], 2, "Missing argument"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("words", "code", "said"), WRONG, ids=lambda one: str(one)[:30])
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    station: "Program", words: list[str], code: int, said: str
) -> None:
    (station.folder / "taken.md").write_text("older", encoding="utf-8")
    files, state = sorted(station.folder.iterdir()), station.state()
    ran = station.run(*words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert sorted(station.folder.iterdir()) == files
    assert (station.folder / "taken.md").read_text(encoding="utf-8") == "older"
    assert station.state() == state


@pytest.mark.slow
def test_watching_shows_every_change_until_the_end(station: "Program") -> None:
    watching = subprocess.Popen(
        [*station.words, "tally", "--watch", "--every", "0.1", "--json"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=dict(station.env),
        cwd=station.folder,
    )
    assert watching.stdout is not None
    try:
        seen = [json.loads(watching.stdout.readline())["checks"]]
        station.good("check", "QQ1 QQQ")
        seen.append(json.loads(watching.stdout.readline())["checks"])
        station.good("op", "end", "--reason", "night")
        lines = watching.stdout.read().splitlines()
        assert watching.wait(timeout=20) == 0
    finally:
        watching.kill()
        watching.wait()
        watching.stdout.close()
    assert seen == [2, 3]
    assert json.loads(lines[-1])["ended_at"] is not None


@pytest.mark.slow
def test_watching_in_words(station: "Program") -> None:
    station.good("op", "end", "--reason", "night")
    ran = station.good("tally", "--op", "Dover 1", "--watch")
    assert ran.out.count("2 vehicles checked") == 1


@pytest.mark.slow
def test_watching_on_a_terminal_ends_with_ctrl_c(station: "Program") -> None:
    ours, theirs = os.openpty()
    watching = subprocess.Popen(
        [*station.words, "tally", "--watch", "--every", "0.1"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**station.env, "TERM": "xterm", "COLUMNS": "80", "LINES": "40"},
        cwd=station.folder,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = _until(ours, "2 vehicles checked")
        station.good("check", "QQ1 QQQ")
        shown += _until(ours, "3 vehicles checked")
        watching.send_signal(signal.SIGINT)
        shown += _until(ours, "Signed")
        assert watching.wait(timeout=20) == 0
    finally:
        watching.kill()
        watching.wait()
        os.close(ours)
    assert shown.index("\x1b[?1049h") < shown.index("\x1b[?1049l")
    assert "Traceback" not in shown


def _until(terminal: int, text: str) -> str:
    """What a terminal shows until `text` comes."""
    shown = ""
    deadline = time.monotonic() + 20
    while text not in shown:
        ready, _, _ = select.select([terminal], [], [], deadline - time.monotonic())
        assert ready, shown
        shown += os.read(terminal, 65536).decode(errors="replace")
    return shown


# A hundred thousand checks

MOST_SECONDS, MOST_MEGABYTES = 20, 500
CHECKS = 100_000


def multiplied(program: "Program", wanted: int) -> None:
    """The operation's checks over and over, in the tables that reports are made from."""
    with closing(sqlite3.connect(program.database)) as connection:
        (there,) = connection.execute("SELECT COUNT(*) FROM vehicle_check").fetchone()
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA recursive_triggers = OFF")
        connection.execute("CREATE TEMP TABLE copies AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
                           " SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n",
                           (wanted // there - 1,))  # fmt: skip
        for table, changes in (
            ("vehicle_check", {"check_id": "check_id || '-' || i", "number": "number + 1000 * i",
                               "ref": "ref || '-' || i"}),
            ("check_match", {"check_id": "check_id || '-' || i"}),
            ("match_penalty", {"check_id": "check_id || '-' || i"}),
            ("finding", {"check_id": "check_id || '-' || i"}),
        ):  # fmt: skip
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(changes.get(name, name) for name in names)
            connection.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}, copies"
            )
        anew(connection)
        connection.commit()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_hundred_thousand_checks(day: "Program", suffix: str) -> None:
    multiplied(day, CHECKS)
    found: dict[str, Any] = day.json("tally")
    assert found["checks"] > CHECKS - 132
    limit = (
        "import resource, sys; from portcheck.cli.main import run;"
        f"resource.setrlimit(resource.RLIMIT_CPU, ({MOST_SECONDS}, {MOST_SECONDS}));"
        f"resource.setrlimit(resource.RLIMIT_AS, ({MOST_MEGABYTES} << 20, {MOST_MEGABYTES} << 20));"
        "run()"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", limit, "report", f"day{suffix}"],
        env=dict(day.env),
        cwd=day.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"{found['checks']:,} checks reported" in done.stderr
    assert time.monotonic() - began < 4 * MOST_SECONDS  # others may use the machine too
