"""What cannot be taken is refused: in words, with the right exit code, leaving nothing behind.

Exit codes: 1 a fault of the program, 2 usage, 3 the input was refused, 4 the
database cannot be used; 10 and 11 only when --exit-code asks for them.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Program, Ran, RunHere

    Inside = Callable[[Program], Program]

USAGE, REFUSED, DATABASE = 2, 3, 4

SHELL: dict[str, tuple[list[str], int, list[str]]] = {
    "wrong registration": (
        ["check", "AB1! CDE"], REFUSED,
        ["“!” (U+0021 EXCLAMATION MARK)", "“AB1! CDE”", "as it stands on the plate"],
    ),
    "unknown reference": (
        ["outcome", "L1-099", "--search", "dog"], REFUSED,
        ["no check “L1-099”", "“portcheck log” lists the checks"],
    ),
    "value out of range": (
        ["check", "AB12 CDE", "--persons", "10000"], REFUSED,
        ["Persons found", "“10000”", "0 to 9999"],
    ),
    "bad country": (
        ["check", "AB12 CDE", "--country", "QQ"], REFUSED,
        ["“QQ” is not a country", "as GB, PL, D"],
    ),
    "contradicting outcome": (
        ["check", "AB12 CDE", "--nothing-found", "--persons", "2"], REFUSED,
        ["nothing found, and yet persons found"],
    ),
    "unknown penalty reference": (
        ["check", "AB12 CDE", "--penalty", "CP-9:refused"], REFUSED,
        ["no penalty line “CP-9”", "Its lines are CP-1042"],
    ),
    "amend without a change": (
        ["amend", "L1-001", "--reason", "misread"], REFUSED,
        ["check L1-001 already says so", "nothing was changed"],
    ),
    "decide without a match": (
        ["decide", "L1-002", "--confirm"], REFUSED,
        ["check L1-002 has no match that waits"],
    ),
    "amend without a reason": (
        ["amend", "L1-001", "--lane", "3"], USAGE, ["--reason", "portcheck amend --help"],
    ),
    "no decision to take back": (
        ["decide", "L1-001", "--undo"], REFUSED, ["L1-001 has no decision to take back"],
    ),
    "nothing void to count again": (
        ["void", "L1-001", "--undo"], REFUSED, ["L1-001 is not void"],
    ),
    "void without a reason": (
        ["void", "L1-001"], USAGE, ["--reason", "portcheck void --help"],
    ),
    "unknown command": (["chekc", "AB12 CDE"], USAGE, ["No such command 'chekc'", "--help"]),
    "unknown option": (["check", "AB12 CDE", "--persona", "2"], USAGE, ["--persona"]),
    "a database that is not there": (
        ["--db", "nowhere.db", "lookup", "AB12 CDE"], DATABASE,
        ["no database at nowhere.db", "list import FILE", "--db"],
    ),
}  # fmt: skip

TABLE: dict[str, tuple[list[str], int, list[str]]] = SHELL | {
    # registrations
    "a half-seen plate": (["check", "AB1? CDE"], REFUSED, ["“?”", "portcheck list find"]),
    "no registration": (["check", ""], REFUSED, ["registration"]),
    "only separators": (["check", " - "], REFUSED, ["registration"]),
    "a registration too long": (["lookup", "A" * 200], REFUSED, ["registration"]),
    "two registrations": (
        ["check", "AB12 CDE C1234567"], REFUSED,
        ["holds two registrations: AB12 CDE, C1234567", "a field of its own"],
    ),
    "two registrations looked up": (["lookup", "AB12CDE & XY34FGH"], REFUSED, ["AB12CDE, XY34FGH"]),
    "a sentence": (["check", "lorry AB12CDE"], REFUSED, ["AB12CDE was seen in it", "alone"]),
    "a word": (["check", "driver"], REFUSED, ["“driver” is no registration", "leave it out"]),
    "a word for the trailer": (
        ["check", "AB12 CDE", "--trailer", "n/a"], REFUSED, ["“n/a” is no registration"],
    ),
    "a word in an amendment": (
        ["amend", "L1-001", "--registration", "unknown", "--reason", "x"], REFUSED, ["“unknown” is no"],
    ),
    "several, all of them wrong": (["lookup", "AB1?", "AB1! CDE"], REFUSED, ["“?”"]),
    "wrong trailer": (["check", "AB12 CDE", "--trailer", "C12#"], REFUSED, ["“#”", "C12#"]),
    "wrong container": (["check", "AB12 CDE", "--container", "MSCU*1"], REFUSED, ["“*”"]),
    "unknown trailer country": (
        ["check", "AB12 CDE", "--trailer", "C1", "--trailer-country", "QQ"], REFUSED, ["“QQ”"],
    ),
    # details and outcomes
    "unknown choice": (
        ["check", "AB12 CDE", "--direction", "sideways"], REFUSED,
        ["Direction: “sideways” is not one of inbound, outbound"],
    ),
    "a number below zero": (["check", "AB12 CDE", "--persons=-1"], REFUSED, ["“-1”"]),
    "half a person": (["check", "AB12 CDE", "--persons", "1.5"], REFUSED, ["“1.5”"]),
    "more minors than persons": (
        ["check", "AB12 CDE", "--persons", "1", "--minors", "2"], REFUSED,
        ["more minors than persons", "counts everybody"],
    ),
    "more referrals than persons": (
        ["outcome", "L1-001", "--persons", "1", "--nrm-referrals", "1", "--nrm-notifications", "1"],
        REFUSED, ["more referrals and notifications than persons"],
    ),
    "unknown search method": (["check", "AB12 CDE", "--search", "smell"], REFUSED, ["“smell”"]),
    "unknown currency": (["check", "X1", "--cash", "X:5:seized"], REFUSED, ["“X”", "GBP"]),
    "no amount": (["check", "X1", "--cash", "GBP:much:seized"], REFUSED, ["“much”", "2400.00"]),
    "negative amount": (["check", "X1", "--cash", "GBP:-5:seized"], REFUSED, ["“-5”"]),
    "fractions of a penny": (["check", "X1", "--cash", "GBP:1.005:seized"], REFUSED, ["“1.005”"]),
    "an amount beyond all money": (
        ["check", "X1", "--cash", "GBP:9999999999999:seized"], REFUSED, ["9999999999999"],
    ),
    "a record with a part missing": (
        ["check", "X1", "--cash", "GBP:5"], REFUSED,
        ["lacks the disposal", "Write it as GBP:1250.00:seized"],
    ),
    "a record with too many parts": (
        ["check", "X1", "--cash", "GBP:5:seized:more"], REFUSED, ["too many parts"],
    ),
    "an amount that goes with nothing": (
        ["check", "X1", "--offence", "tachograph:words_of_advice:100"], REFUSED,
        ["an amount goes with a fixed penalty, a deposit or a conditional offer"],
    ),
    "a note without end": (["check", "X1", "--note", "x" * 2001], REFUSED, ["longer than 2000"]),
    "nothing to record": (["outcome", "L1-001"], REFUSED, ["nothing to record", "--help"]),
    "recorded differently already": (
        ["outcome", "L1-003", "--checklist", "no"], REFUSED,
        ["already recorded as yes", "portcheck amend"],
    ),
    # penalties
    "a penalty without a match": (
        ["check", "ZZ99 ZZZ", "--penalty", "CP-1042:refused"], REFUSED,
        ["no penalty line “CP-1042”", "write what was done as a note"],
    ),
    "part paid without an amount": (
        ["check", "AB12 CDE", "--penalty", "CP-1042:part_paid"], REFUSED,
        ["part_paid needs an amount", "CP-1042:part_paid:2400.00"],
    ),
    "unknown penalty action": (
        ["check", "AB12 CDE", "--penalty", "CP-1042:forgiven"], REFUSED, ["“forgiven”"],
    ),
    # times
    "no time": (["check", "X1", "--at", "half past"], REFUSED, ["“half past”", "14:05"]),
    "an impossible time": (["check", "X1", "--at", "25:61"], REFUSED, ["“25:61” is not a time"]),
    "an impossible day": (["check", "X1", "--at", "31/02/2021 10:00"], REFUSED, ["31/02/2021"]),
    "a time to come": (["check", "X1", "--at", "2199-01-01 10:00"], REFUSED, ["has not come yet"]),
    "a time long ago": (["check", "X1", "--at", "0500-01-01 10:00"], REFUSED, ["too long ago"]),
    # decisions and corrections
    "confirmed and taken back": (
        ["decide", "L1-001", "--confirm", "--undo"], USAGE, ["--confirm", "--undo"],
    ),
    "a reason for a confirmation": (
        ["decide", "L1-001", "--confirm", "--reason", "x"], USAGE, ["--reason", "--undo"],
    ),
    "neither confirmed nor rejected": (["decide", "L1-001"], USAGE, ["--confirm", "--reject"]),
    "confirmed and rejected": (
        ["decide", "L1-001", "--confirm", "--reject", "no"], USAGE, ["--confirm", "--reject"],
    ),
    "confirmed and rejected at once": (
        ["check", "AB12 CDE", "--confirm", "--reject", "no"], USAGE, ["--confirm", "--reject"],
    ),
    "rejected with an empty reason": (
        ["decide", "L1-001", "--reject", "  "], REFUSED, ["rejected with a reason"],
    ),
    "rejected at once with an empty reason": (
        ["check", "AB12 CDE", "--reject", " \t"], REFUSED, ["rejected with a reason"],
    ),
    "a match that is not there": (
        ["decide", "L1-001", "--match", "7", "--confirm"], REFUSED, ["no match number 7"],
    ),
    "confirmed where there is no match": (
        ["check", "ZZ99 ZZZ", "--confirm"], REFUSED, ["no match to be confirmed"],
    ),
    "amend with an empty reason": (
        ["amend", "L1-001", "--lane", "3", "--reason", " "], REFUSED, ["needs a reason", "--reason"],
    ),
    "amend to what it says": (
        ["amend", "L1-001", "--direction", "inbound", "--reason", "x"], REFUSED, ["already says so"],
    ),
    "amend into a contradiction": (
        ["amend", "L1-001", "--nothing-found", "--persons", "1", "--reason", "x"], REFUSED,
        ["nothing found, and yet"],
    ),
    "clear what is no field": (
        ["amend", "L1-001", "--clear", "verdict", "--reason", "x"], REFUSED, ["“verdict”"],
    ),
    "amend to a wrong registration": (
        ["amend", "L1-001", "--registration", "AB12 CD?", "--reason", "x"], REFUSED, ["“?”"],
    ),
    "amend a void check": (
        ["amend", "L1-004", "--lane", "3", "--reason", "x"], REFUSED, ["L1-004 is void"],
    ),
    "void twice": (["void", "L1-004", "--reason", "again"], REFUSED, ["L1-004 is void"]),
    "decide on a void check": (["decide", "L1-004", "--confirm"], REFUSED, ["L1-004 is void"]),
    "void with an empty reason": (["void", "L1-001", "--reason", ""], REFUSED, ["a reason"]),
    # references
    "a reference beyond all numbers": (["log", "show", "9" * 30], REFUSED, ["no check"]),
    "a reference beyond all digits": (["log", "show", "9" * 5000], REFUSED, ["no check"]),
    "a reference of another kind": (["log", "show", "L1-"], REFUSED, ["no check “L1-”"]),
    "a count below zero": (["log", "--last", "-1"], USAGE, ["--last"]),
    # operations
    "an operation twice": (
        ["op", "start", "dover 1"], REFUSED, ["“Dover 1” already", "op use", "add the date"],
    ),
    "an operation without a name": (["op", "start", " "], REFUSED, ["needs a name"]),
    "an unknown operation": (["tally", "--op", "Calais"], REFUSED, ["“Calais”", "op list"]),
    "an unknown time zone": (
        ["op", "start", "X", "--timezone", "Europe/Dover"], USAGE, ["“Europe/Dover”"],
    ),
    "ending with open matches": (
        ["op", "end"], REFUSED, ["1 match unresolved: L1-001", "portcheck decide", "--reason"],
    ),
    # lists
    "a list that is not there": (
        ["list", "import", "gone.xlsx"], REFUSED, ["gone.xlsx: there is no such file", "Check"],
    ),
    "a folder for a list": (["list", "import", "."], REFUSED, ["folder"]),
    "an empty list": (["list", "import", "empty.csv"], REFUSED, ["empty.csv: the file is empty"]),
    "a list without registrations": (
        ["list", "import", "strange.csv"], REFUSED, ["strange.csv", "--map"],
    ),
    "a picture for a list": (
        ["list", "import", "picture.csv"], REFUSED, ["this is a picture", ".xlsx or .csv"],
    ),
    "a list that drops the most": (
        ["list", "import", "short.csv"], REFUSED,
        ["drop 3 of the 4 entries", "nothing was stored", "--yes"],
    ),
    "a list of nothing but faults": (
        ["list", "import", "faulty.csv"], REFUSED, ["none of its 2 rows can be taken", "row 2"],
    ),
    "a column by hand that is not there": (
        ["list", "import", "list.csv", "--list", "L", "--map", "registration=Plates"], REFUSED,
        ["Plates"],
    ),
    "a column by hand without a field": (
        ["list", "import", "list.csv", "--map", "Plates"], USAGE, ["FIELD=HEADER", "As --map"],
    ),
    "a password that is not there": (
        ["list", "import", "short.csv", "--password-file", "gone"], REFUSED, ["gone"],
    ),
    "an unknown list": (["list", "show", "Nobody's"], REFUSED, ["“Nobody's”", "list show"]),
    # logs
    "a log that is not there": (["log", "import", "gone.csv"], REFUSED, ["gone.csv"]),
    "a log of nothing but faults": (
        ["log", "import", "badlog.csv"], REFUSED, ["badlog.csv", "none of its 2 rows", "row 2"],
    ),
    "an export in an unknown format": (
        ["log", "export", "x.pdf"], REFUSED, ["“x.pdf” is none of .csv, .xlsx, .jsonl"],
    ),
    "an export over a file": (["log", "export", "list.csv"], REFUSED, ["list.csv", "--force"]),
    "an export into no folder": (
        ["log", "export", "no/where.csv"], REFUSED, ["no/where.csv: it cannot be written", "folder"],
    ),
    # settings and the journal
    "no fingerprint": (
        ["audit", "verify", "--fingerprint", "L1:5"], REFUSED, ["“L1:5”", "as the tally prints it"],
    ),
    "an unknown setting": (["config", "set", "colour", "red"], USAGE, ["“colour”", "officer"]),
    "a device without a label": (["config", "set", "device", "1 2"], USAGE, ["as L2"]),
    "a database elsewhere": (
        ["--db", "postgres://x/y", "tally"], DATABASE, ["SQLite, not in postgres", "sqlite:///"],
    ),
    "a folder for a database": (["--db", ".", "tally"], DATABASE, ["is a folder", "--db"]),
    "a device for a database": (["--db", "/dev/null", "tally"], DATABASE, ["is not a file"]),
    "a text for a database": (
        ["--db", "list.csv", "tally"], DATABASE, ["list.csv: it is not a portcheck database"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def prepared(station_of_module: "Program") -> "Program":
    """The station with a check whose checklist is recorded, a void check, and wrong files."""
    station = station_of_module
    station.good("check", "CD34 EFG", "--checklist", "yes")
    station.good("check", "AB12 CDE")
    station.good("void", "L1-004", "--reason", "entered twice")
    for name, content in {
        "empty.csv": b"",
        "strange.csv": b"Fruit,Colour\napple,red\npear,green\n",
        "picture.csv": b"\x89PNG\r\n\x1a\n\0\0\0\0",
        "short.csv": b"Registration,Penalty reference,Balance\nAB12 CDE,CP-1042,5\n",
        "faulty.csv": b"Registration,Haulier\n#N/A,One\n?,Two\n",
        "badlog.csv": b"Registration,At\nAB12 CDE,yesterday\n?,10:00\n",
    }.items():
        (station.folder / name).write_bytes(content)
    return station


def assert_refused(ran: "Ran", code: int, words: list[str]) -> None:
    said = " ".join(ran.err.split())
    assert ran.code == code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert "a fault in portcheck" not in ran.err
    for word in words:
        assert word in said


EVENTS = "SELECT kind FROM journal ORDER BY position"
LOGGED = {"a registration too long", "two registrations looked up", "several, all of them wrong"}
"""Look-ups, which are logged also when they are refused."""


@pytest.mark.parametrize("name", TABLE)
def test_refused(prepared: "Program", run_here: "RunHere", name: str) -> None:
    args, code, words = TABLE[name]
    before, held = prepared.state(), prepared.query(EVENTS) if name in LOGGED else []
    assert_refused(run_here(prepared, *args), code, words)
    if name in LOGGED:
        assert prepared.query(EVENTS) == [*held, ("record_consulted",)]
    else:
        assert prepared.state() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", SHELL)
def test_refused_in_the_shell(prepared: "Program", name: str) -> None:
    args, code, words = SHELL[name]
    before = prepared.state()
    assert_refused(prepared.run(*args), code, words)
    assert prepared.state() == before


@pytest.mark.parametrize("name", ["wrong registration", "bad country", "amend without a change"])
def test_refused_as_json_and_quietly(prepared: "Program", run_here: "RunHere", name: str) -> None:
    """Errors are told with --quiet and --json too, and never on standard output."""
    args, code, words = TABLE[name]
    assert_refused(run_here(prepared, "--quiet", *args, "--json"), code, words)


def test_nothing_without_an_operation(program: "Program", in_process: "Inside") -> None:
    (program.folder / "list.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    program = in_process(program)
    program.good("list", "import", "list.csv")
    before = program.state()
    for args in (
        ["tally"],
        ["log"],
        ["log", "import", "list.csv"],
        ["outcome", "L1-001", "--search", "dog"],
    ):
        ran = program.run(*args)
        assert_refused(ran, REFUSED, ["no operation is under way on device L1", "op start NAME"])
    assert program.state() == before


def test_nothing_without_a_list(program: "Program", in_process: "Inside") -> None:
    program = in_process(program)
    began = program.good("op", "start", "Dover 1")
    assert "no list is in force yet" in began.err
    (program.folder / "log.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    before = program.state()
    for args in (["check", "AB12 CDE"], ["log", "import", "log.csv"]):
        assert_refused(program.run(*args), REFUSED, ["no list is in force", "--no-list"])
    assert program.state() == before
    ran = program.good("check", "AB12 CDE", "--no-list")
    assert "NOT SCREENED: no list is in force" in ran.out
    assert program.json("tally")["not_screened"] == 1


def test_several_files_of_which_one_is_refused(desk: "Program") -> None:
    """A file that is not there stops all of them; one that cannot be taken stops the rest."""
    (desk.folder / "two.csv").write_text("Registration\nRT22 RTT\n", encoding="utf-8")
    (desk.folder / "bad.csv").write_text("Fruit\napple\n", encoding="utf-8")
    words = ["list", "import", "--list", "TWO", "--json", "two.csv"]
    before = desk.state()
    assert_refused(desk.run(*words, "gone.csv"), REFUSED, ["gone.csv: there is no such file"])
    assert desk.state() == before
    ran = desk.run(*words, "bad.csv")
    assert ran.code == REFUSED
    assert "bad.csv" in ran.err
    assert [(one["file"], one["stored"]) for one in ran.document] == [("two.csv", True)]


def test_a_list_that_is_not_there_makes_no_database(program: "Program") -> None:
    ran = program.run("list", "import", "gone.xlsx")
    assert_refused(ran, REFUSED, ["gone.xlsx: there is no such file"])
    assert not program.database.exists()


def test_a_stale_list_is_told_and_nothing_is_enforceable(
    program: "Program", in_process: "Inside"
) -> None:
    (program.folder / "list.csv").write_text(
        "Registration,Penalty reference,Amount,Status,Issued,Due,Haulier\n"
        "AB12 CDE,CP-1042,2400,outstanding,01/02/2021,02/04/2021,Northsea\n",
        encoding="utf-8",
    )
    program = in_process(program)
    program.good("list", "import", "list.csv", "--as-of", "2021-06-01", "--max-age-days", "3")
    ran = program.good("lookup", "AB12 CDE")
    assert "days old: STALE, 3 days are allowed" in ran.out
    assert "ENFORCEABLE: REFER" in ran.out
    (answer,) = program.json("lookup", "AB12 CDE")
    assert answer["verdict"] == "listed"
    assert answer["lists"][0]["stale"] is True
    (penalty,) = answer["matches"][0]["penalties"]
    assert penalty["enforceable"] == "refer"
    assert any("days" in reason for reason in penalty["reasons"])
