"""The output contract: keys, one document, plain text where it is asked for, pipes that close."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

ANSWER = {"query", "key", "verdict", "matches", "lists"}
MATCH = {"tier", "unit", "registration", "country", "list", "why", "penalties"}
PENALTY = {"reference", "amount_pence", "balance_pence", "status", "enforceable", "reasons"}
LIST = {"name", "version", "rows", "sha256", "imported_at", "stale"}
CHECK = {"id", "ref", "operation", "saved"}
IMPORT = {
    "list", "version", "file", "sha256", "sheet", "rows", "accepted", "duplicates", "rejected",
    "added", "changed", "removed", "unchanged", "problems", "now_listed",
}  # fmt: skip
PROBLEM = {"row", "column", "value", "reason"}
TALLY = {
    "operation", "site", "started_at", "ended_at", "agencies", "lists", "checks", "vehicles",
    "trailers", "containers", "inbound", "outbound", "uk", "foreign", "by_country", "by_body",
    "by_hour", "by_officer", "by_agency", "matches", "searched", "nothing_found",
    "vehicles_with_persons", "persons_found", "minors_found", "cash", "penalties",
    "vehicles_detained", "traffic_offences", "prohibitions", "fixed_penalties_pence", "arrests",
    "seizures", "drivers_educated", "amended", "voided", "primary_outcomes", "fingerprint",
}  # fmt: skip
MATCHES = {"exact", "lookalike", "near", "confirmed", "rejected", "unresolved"}
CASH = {"currency", "seizures", "amount_minor"}
PENALTIES = {
    "listed_pence", "enforceable_count", "enforceable_pence", "enforced_count", "enforced_pence",
    "outstanding_pence",
}  # fmt: skip
OUTCOMES = {
    "persons_found", "cash_seized", "penalty_enforced", "arrest", "offence_dealt_with",
    "match_unresolved", "nothing_found", "not_searched",
}  # fmt: skip

WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")
ESCAPE = "\x1b"


def assert_answer(answer: dict[str, Any]) -> None:
    assert answer.keys() >= ANSWER
    assert answer["verdict"] in {"listed", "possible", "clear"}
    for one in answer["lists"]:
        assert one.keys() >= LIST
        assert WITH_OFFSET.fullmatch(one["imported_at"])
        assert isinstance(one["stale"], bool)
    for match in answer["matches"]:
        assert match.keys() >= MATCH
        assert match["tier"] in {"exact", "lookalike", "near", "weak"}
        assert match["unit"] in {"vehicle", "trailer", "container", "haulier"}
        for penalty in match["penalties"]:
            assert penalty.keys() >= PENALTY
            assert type(penalty["amount_pence"]) is int
            assert type(penalty["balance_pence"]) is int
            assert penalty["enforceable"] in {"yes", "no", "refer"}
            assert penalty["reasons"]


def test_one_of_several_that_cannot_be_looked_up_holds_up_no_other(desk: "Program") -> None:
    asked = ["lookup", "ZZ99 ZZZ", "AB1! CDE", "AB12 CDE"]
    ran = desk.run(*asked, "--json")
    assert ran.code == 3
    clear, refused, listed = ran.document
    assert [clear["verdict"], listed["verdict"]] == ["clear", "listed"]
    assert refused["error"]["query"] == "AB1! CDE"
    assert "“!”" in refused["error"]["reason"]
    assert "not looked up: “!”" in ran.err
    assert desk.run(*asked, "--exit-code").code == 10
    assert "■■ LISTED" in desk.run(*asked).out


def test_lookup(desk: "Program") -> None:
    answers = desk.json("lookup", "ab12 cde", "AB12 CED", "ZZ99 ZZZ")
    for answer in answers:
        assert_answer(answer)
    assert [answer["verdict"] for answer in answers] == ["listed", "possible", "clear"]
    assert [answer["query"] for answer in answers] == ["ab12 cde", "AB12 CED", "ZZ99 ZZZ"]
    assert answers[0]["key"] == "AB12CDE"
    (match,) = answers[0]["matches"]
    assert (match["tier"], match["registration"], match["country"]) == ("exact", "AB12 CDE", "GB")
    (penalty,) = match["penalties"]
    assert (penalty["reference"], penalty["balance_pence"]) == ("CP-1042", 240_000)
    assert answers[1]["matches"][0]["tier"] == "near"


def test_check(desk: "Program") -> None:
    answer = desk.json("check", "KL65 XYZ", "--trailer", "C123 4567")
    assert_answer(answer)
    assert answer["check"].keys() >= CHECK
    assert answer["check"]["saved"] is True
    assert (answer["check"]["ref"], answer["check"]["operation"]) == ("L1-003", "Dover 1")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*", answer["check"]["id"])
    assert {match["unit"] for match in answer["matches"]} == {"vehicle", "trailer"}


def test_list_import(desk: "Program") -> None:
    (desk.folder / "next.csv").write_text(
        "Registration,Penalty reference,Amount,Issued\nAB12 CDE,CP-1042,2400,01/02/2021\n"
        "KL65 XYZ,CP-1043,1000,31/02/2021\nKL65 XYZ,CP-1043,1000,31/02/2021\n?,CP-1,5,\n"
        "WX 12345,CP-1044,2000,\nZZ99 ZZZ,CP-1046,10,\n",
        encoding="utf-8",
    )
    document = desk.json("list", "import", "next.csv")
    assert document.keys() >= IMPORT
    assert document["rows"] == 6
    counted = document["accepted"] + document["duplicates"] + document["rejected"]
    assert counted == document["rows"]
    assert (document["duplicates"], document["rejected"]) == (1, 1)
    assert all(problem.keys() >= PROBLEM for problem in document["problems"])
    assert document["now_listed"] == ["L1-002"]
    assert (document["list"], document["version"]) == ("CECPT", 2)
    again = desk.json("list", "import", "next.csv")
    assert again.keys() >= IMPORT
    assert (again["version"], again["stored"]) == (2, False)


def test_tally(desk: "Program") -> None:
    desk.good("check", "XX11 XXX", "--cash", "EUR:5.50:seized")
    document = desk.json("tally")
    assert document.keys() >= TALLY
    assert document["matches"].keys() >= MATCHES
    assert document["penalties"].keys() >= PENALTIES
    assert document["primary_outcomes"].keys() == OUTCOMES
    assert sum(document["primary_outcomes"].values()) == document["checks"] == 3
    assert [one.keys() >= CASH for one in document["cash"]] == [True]
    assert WITH_OFFSET.fullmatch(document["started_at"])
    assert document["ended_at"] is None
    assert all(SNAKE_CASE.fullmatch(key) for key in document)


def test_log_is_json_lines(desk: "Program") -> None:
    ran = desk.good("log", "--json")
    assert len(ran.out.splitlines()) == len(ran.lines) == 2
    for check in ran.lines:
        assert CHECK - {"operation", "saved"} <= check.keys()
        assert WITH_OFFSET.fullmatch(check["at"])
    assert ran.err == ""


@pytest.mark.parametrize(
    "args",
    [
        ["lookup", "AB12 CDE"],
        ["check", "AB12 CDE"],
        ["decide", "1", "--confirm"],
        ["outcome", "1", "--place", "roof"],
        ["amend", "1", "--lane", "3", "--reason", "x"],
        ["void", "1", "--reason", "x"],
        ["list", "import", "list.csv", "--list", "TWO"],
        ["list", "show"],
        ["list", "find", "AB"],
        ["list", "history"],
        ["list", "diff", "list.csv"],
        ["screen", "manifest.csv"],
        ["op", "start", "Two"],
        ["op", "show"],
        ["op", "list"],
        ["op", "use", "Dover 1"],
        ["op", "end", "--reason", "x"],
        ["log", "show", "1"],
        ["log", "import", "list.csv"],
        ["tally"],
        ["audit", "verify"],
        ["audit", "log"],
        ["doctor"],
        ["config"],
    ],
    ids=" ".join,
)
def test_one_document(desk: "Program", args: list[str]) -> None:
    (desk.folder / "manifest.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    ran = desk.good(*args, "--json")
    json.loads(ran.out)
    assert ran.out.endswith("\n")
    assert ESCAPE not in ran.out


def test_what_is_taken_back_is_one_document_too(desk: "Program") -> None:
    desk.good("decide", "1", "--confirm")
    undone = desk.json("decide", "1", "--undo", "--reason", "too soon")
    assert (undone["decision"], undone["matches"], undone["reason"]) == ("open", [1], "too soon")
    desk.good("void", "1", "--reason", "entered twice")
    undone = desk.json("void", "1", "--undo")
    assert (undone["voided"], undone["reason"], undone["warnings"]) == (False, "", [])


def on_terminal(program: "Program", *args: str, **env: str) -> str:
    """What is printed on a terminal of 80 columns."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*program.words, *args],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**program.env, "TERM": "xterm-256color", "COLUMNS": "80"} | env,
        cwd=program.folder,
    )
    os.close(slave)
    printed = b""
    try:
        while chunk := os.read(master, 4096):
            printed += chunk
    except OSError:  # how Linux ends a terminal that nobody has open
        pass
    finally:
        os.close(master)
    process.wait(timeout=60)
    return printed.decode()


STATES = [("AB12 CDE", "■■ LISTED"), ("AB12 CED", "≈  LOOKS LIKE"), ("ZZ99 ZZZ", "·  CLEAR")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "env"),
    [([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}), (["--no-color"], {})],
    ids=["NO_COLOR", "TERM=dumb", "--no-color"],
)
def test_plain_on_a_terminal(station: "Program", options: list[str], env: dict[str, str]) -> None:
    printed = on_terminal(station, *options, "lookup", *(typed for typed, _ in STATES), **env)
    assert ESCAPE not in printed
    for _, words in STATES:
        assert words in printed
    assert ESCAPE not in on_terminal(station, *options, "check", **env)


def test_colour_on_a_terminal(station: "Program") -> None:
    printed = on_terminal(station, "lookup", *(typed for typed, _ in STATES))
    assert ESCAPE in printed
    bare = re.sub("\x1b\\[[0-9;]*m", "", printed)
    assert ESCAPE not in bare
    for _, words in STATES:
        assert words in bare


@pytest.mark.slow
def test_plain_on_a_pipe(station: "Program") -> None:
    ran = station.good("lookup", *(typed for typed, _ in STATES))
    assert ESCAPE not in ran.out
    for _, words in STATES:
        assert words in ran.out
    assert ESCAPE not in station.good("tally").out
    forced = station.good("tally", env={"FORCE_COLOR": "1", "NO_COLOR": "1"})
    assert ESCAPE not in forced.out


@pytest.mark.slow
def test_every_state_is_told_in_words(desk: "Program") -> None:
    (desk.folder / "old.csv").write_text("Registration\nOLD 111\n", encoding="utf-8")
    for args in (
        ["list", "import", "old.csv", "--list", "OLD", "--as-of", "2021-01-01"],
        ["check", "AB12 CED", "--reject", "other make"],
        ["check", "KL65 XYZ", "--confirm"],
        ["check", "ZZ98 ZZZ"],
        ["amend", "5", "--registration", "ZZ97 ZZZ", "--reason", "misread"],
        ["check", "ZZ96 ZZZ"],
        ["void", "6", "--reason", "entered twice"],
        ["void", "5", "--reason", "entered twice"],
        ["void", "5", "--undo"],
        ["decide", "1", "--confirm"],
        ["decide", "1", "--undo", "--reason", "too soon"],
    ):
        desk.good(*args)

    def shown(*args: str) -> str:
        return " ".join(desk.good(*args).out.split())

    assert "WAITS FOR A DECISION" in shown("log", "show", "1")
    assert "match 1: confirmed → WAITS FOR A DECISION (too soon)" in shown("log", "show", "1")
    assert "void: yes → no" in shown("log", "show", "5")
    assert "VOID" not in shown("log", "show", "5")
    assert "decision withdrawn too soon" in shown("audit", "log", "--all")
    assert "rejected by 4711 (other make)" in shown("log", "show", "3")
    assert "confirmed" in shown("log", "show", "4")
    assert "corrected" in shown("log", "show", "5")
    assert "VOID" in shown("log", "show", "6")
    assert "void: entered twice" in shown("log", "show", "6")
    log = shown("log")
    assert "VOID" in log
    assert "match unresolved ! open" in log
    assert "STALE" in shown("lookup", "ZZ99 ZZZ")
    assert "ENFORCEABLE: YES" in shown("lookup", "AB12 CDE")
    assert "ENFORCEABLE: NO" in shown("lookup", "KL65 XYZ")
    assert "INCOMPLETE: 1 match unresolved" in shown("tally")


def test_messages_go_to_standard_error(desk: "Program") -> None:
    ran = desk.good("check", "AB12 CDE", env={"PORTCHECK_OFFICER": ""})
    assert "waits for a decision" in ran.err
    assert "recorded under this computer's user name" in ran.err
    assert "waits for a decision" not in ran.out
    assert "saved as L1-003" in ran.out


def test_quiet(desk: "Program") -> None:
    ran = desk.good("--quiet", "check", "AB12 CDE", env={"PORTCHECK_OFFICER": ""})
    assert ran.err == ""
    assert "■■ LISTED" in ran.out
    assert "saved as L1-003" in ran.out
    refused = desk.run("-q", "check", "AB12 CDE", "--persons", "many")
    assert refused.code == 3
    assert "“many”" in refused.err


def into_a_closed_pipe(program: "Program", *args: str) -> tuple[int, str]:
    """Exit code and messages of a call whose reader has gone before it prints."""
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [*program.words, *args],
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=dict(program.env),
        cwd=program.folder,
    )
    os.close(write)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


@pytest.mark.slow
@pytest.mark.parametrize(
    "args",
    [
        ["log"],
        ["log", "--json"],
        ["tally", "--json"],
        ["lookup", "AB12 CDE"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_pipe_that_closes_is_no_fault(station: "Program", args: list[str]) -> None:
    assert into_a_closed_pipe(station, *args) == (0, "")


@pytest.mark.slow
def test_the_first_line_of_a_long_log(station: "Program") -> None:
    rows = "".join(f"RT{i:04d},{'x' * 1500}\n" for i in range(100))
    (station.folder / "long.csv").write_text(f"Registration,Note\n{rows}", encoding="utf-8")
    station.good("log", "import", "long.csv")
    for args in (["log"], ["log", "--json"]):
        process = subprocess.Popen(
            [*station.words, *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=dict(station.env),
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        process.stderr.close()
        assert process.wait(timeout=60) == 0


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_was_shown_is_saved_when_the_reader_goes(
    station: "Program", options: list[str]
) -> None:
    assert into_a_closed_pipe(station, "check", "ZZ98 ZZZ", *options)[0] == 0
    assert station.query("SELECT vehicle FROM vehicle_check WHERE ref = 'L1-003'") == [
        ("ZZ98 ZZZ",)
    ]
    assert into_a_closed_pipe(station, "lookup", "AB12 CDE", *options)[0] == 0
    ((newest,),) = station.query(
        "SELECT payload ->> 'queries' FROM fact ORDER BY position DESC LIMIT 1"
    )
    assert json.loads(newest) == ["AB12 CDE"]


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_answer_that_cannot_be_written(station: "Program", options: list[str]) -> None:
    """A full disk behind standard output is not the database's: the check is saved, and said so."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = subprocess.run(
            [*station.words, "check", "ZZ98 ZZZ", *options],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=dict(station.env),
            check=False,
        )
    assert process.returncode == 1
    assert "the answer could not be written" in process.stderr
    assert "What was saved is safe" in process.stderr
    assert "Traceback" not in process.stderr
    assert station.query("SELECT COUNT(*) FROM vehicle_check") == [(3,)]


@pytest.mark.slow
@pytest.mark.parametrize("closed", [[1], [2], [0, 1, 2]])
def test_streams_that_are_closed(station: "Program", closed: list[int]) -> None:
    code = "import os, sys; [os.close(int(n)) for n in sys.argv[1].split(',')];"
    code += "os.execv(sys.argv[2], sys.argv[2:])"
    numbers = ",".join(map(str, closed))
    words = [sys.executable, "-c", code, numbers, *station.words, "check", "ZZ98 ZZZ"]
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=dict(station.env),
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done
    assert "Traceback" not in done.stderr
    assert station.query("SELECT COUNT(*) FROM vehicle_check") == [(3,)]
    assert station.query("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("locale", ["C", "en_GB.ISO-8859-1"])
def test_any_locale(station: "Program", locale: str) -> None:
    env = {"LC_ALL": locale, "LANG": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = station.good("lookup", "AB12 CDE", env=env)
    assert "■■ LISTED" in ran.out
    assert "£2,400.00" in ran.out
