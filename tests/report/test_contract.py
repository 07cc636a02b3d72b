"""What the program prints, held against the contract that other programs rely on."""

import copy
import json
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from typer.testing import CliRunner

from portcheck.cli.commands import COMMANDS
from portcheck.cli.main import app, load
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind, parse
from portcheck.domain.outcome import OUTCOME
from portcheck.report.contract import DOCUMENTS
from portcheck.report.contract.values import Details, Outcome

HEADING = (
    "Registration,Country,Unit,Trailer,Container,Haulier,Liable party,Liable role,"
    "Penalty reference,Section,Issued on,Amount,Balance,Status,Colour\n"
)
COMPANY = "Acme Haulage Ltd,Acme Haulage Ltd,owner"
HIT = f'AB12 CDE,GB,tractor,,,{COMPANY},CP-1,32,04/01/2021,"£2,400.00",2400,Overdue,red\n'
MORNING = (
    HEADING
    + HIT
    + f"WGM 12345,PL,,,,{COMPANY},CP-2,31A,01/02/2021,2000,2.400,outstanding,\n"
    + f",,,C1234567,CSQU3054383,{COMPANY},CP-3,,,,0,paid,\n"
    + HIT
    + ",,,,,Nobody,,,CP-9,32,01/02/2021,1,1,paid,\n"
)
NOON = MORNING + f"ZZ99 ZZZ,FR,,,,{COMPANY},CP-4,32,04/01/2021,500,500,instalments,\n"
PAPER = (
    "At,Registration,Country,Direction,Persons found,Minors found,Officer,Decision\n"
    "17/06/2021 10:05,BB 11 BBB,D,inbound,2,1,77,\n"
    "17/06/2021 10:05,BB 11 BBB,D,inbound,2,1,77,\n"
    "17/06/2021 10:10,AB12CDE,GB,outbound,,,77,rejected: other make\n"
    ",,,,,,77,confirmed\n"
)
EVERYTHING = shlex.split(
    "--direction inbound --unit tractor --body curtain_sided --load laden --accompanied"
    " --haulier Acme --origin Lyon --destination Leeds --sailing MV1 --lane 2 --site T2"
    " --search visual --search dog --place roof --persons 2 --minors 1 --medical-help"
    " --nrm-referrals 1 --nrm-notifications 1 --checklist incomplete --seal replaced"
    " --seal-old A1 --seal-new A2 --damage-over-25cm --cash EUR:1250.00:seized"
    " --cash GBP:10:counted --penalty CP-1:part_paid:100:card:R-1:CIO --penalty CP-1:referred"
    " --offence tachograph:fixed_penalty:100 --offence other:arrest --education leaflet"
    " --language Polish --detained --arrest 1:facilitation --seizure 2:tobacco --note seen"
    " --seizure drugs:kg:2.5:1000:cannabis --seizure phones --deaths 1 --found-by dog"
    " --found-in roof --nrm-crew 1 --handed-over foreign_police:1 --nationality VN:1"
    " --asylum-claimed 1 --new-penalty notice_issued:32:driver:CP-9:6000"
    " --new-penalty case_referred:31A:owner --detention-expenses 125.50 --held-for dvsa"
    " --offence cabotage:conditional_offer:200"
)

MANIFEST = "Registration,Trailer,Sailing\nAB12CDE,,MV1\nXX1,,\nXX1,,\n,C1234567,MV1\n?,,\n"
CAMERA = """\
{"plate": "AB12CDE", "confidence": 0.9, "lane": "In 1", "country": "GB"}
{"plate": "AB12CDE", "confidence": 0.9, "lane": "In 1"}
{"plate": "XX77XXX", "candidates": [{"plate": "AB12CED", "confidence": 0.5}]}
no JSON
"""
ALWAYS_JSON = {"feed"}


@dataclass
class Day:
    """One small day at a port: every document it printed, by the schema's name."""

    folder: Path
    printed: dict[str, list[str]] = field(default_factory=dict)

    def run(self, name: str, *arguments: str, code: int = 0, stdin: str = "") -> Any:
        """Run a command in this process and keep what it prints as a document of `name`."""
        found = CliRunner().invoke(
            app,
            [*arguments, *([] if arguments[0] in ALWAYS_JSON else ["--json"])],
            input=stdin,
            env={
                "PORTCHECK_DB": str(self.folder / "day.db"),
                "PORTCHECK_CONFIG": str(self.folder / "day.toml"),
                "PORTCHECK_OFFICER": "4711",
                "PORTCHECK_AGENCY": "Police",
                "PORTCHECK_DEVICE": "L2",
            },
        )
        assert found.exit_code == code, found.output
        by_line = arguments == ("log",) or arguments[0] in {"screen", "feed"}
        texts = found.stdout.splitlines() if by_line else [found.stdout]
        self.printed.setdefault(name, []).extend(texts)
        return json.loads(texts[0])

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    told = Day(tmp_path_factory.mktemp("day"))
    told.run("config", "config")
    told.run("doctor", "doctor")
    told.run("op", "op", "start", "Tuesday", "--site", "Port", "--agency", "Police", "--at",
             "2021-06-17 06:00")  # fmt: skip
    told.run("check", "check", "QQ1 QQQ", "--no-list", "--at", "2021-06-17 06:05")
    _lists(told)
    _checks(told)
    _afterwards(told)
    _together(told)
    return told


def _together(told: Day) -> None:
    """Another device joins the next day's operation."""
    stick, here, there = (told.folder / name for name in ("stick", "lead", "lane"))
    for folder in (stick, here, there):
        folder.mkdir()
    lead, lane = Day(here, told.printed), Day(there, told.printed)
    lead.run("op", "op", "start", "Wednesday")
    lead.run("list-import", "list", "import", told.file("list.csv", MORNING), "--list", "CECPT")
    lead.run("sync", "sync", str(stick))
    lane.run("op-join", "op", "join", str(stick), "--label", "L5")
    lane.run("check", "check", "AB12CDE")
    assert lane.run("op", "op", "done")["checks"] == 1
    assert lane.run("sync", "sync", str(stick))["sent"]["events"] > 1
    assert lead.run("sync", "sync", str(stick))["waiting"] == [{"label": "L5", "checks": 1}]
    lead.run("device-list", "device", "list")
    lead.run("device-list", "device", "trust", "L5", "--lead")
    assert lead.run("tally", "tally")["devices"][1]["finished"]
    lead.run("device-list", "device", "lost", "L5")
    lead.run("device-list", "device", "revoke", "L5")
    lead.run("op", "op", "end", "--reason", "late")
    lead.run("op", "op", "reopen", "Wednesday", "--reason", "one more ship")
    lead.run("op", "op", "end", "--reason", "late")


def _lists(told: Day) -> None:
    told.run("list-import", "list", "import", told.file("list.csv", MORNING), "--dry-run")
    told.run("list-import", "list", "import", told.file("list.csv", MORNING), "--list", "CECPT")
    told.run("list-import", "list", "import", told.file("list.csv", MORNING))
    told.run("check", "check", "ZZ99ZZZ", "--at", "2021-06-17 07:05")
    noon = told.file("noon.csv", NOON)
    assert told.run("list-import", "list", "import", noon)["now_listed"] == ["L2-002"]
    told.run("list-import", "list", "import", noon, told.file("back.csv", MORNING))
    told.run("list-diff", "list", "diff", told.file("new.csv", MORNING.replace("2400,", "1400,")))
    told.run("list-diff", "list", "diff", noon)
    told.run("list-diff", "list", "diff", "--from", "1", "--to", "2")
    told.run("list-retire", "list", "retire", "CECPT", "--reason", "drawn up anew")
    told.run("list-show", "list", "show")
    told.run("list-rollback", "list", "rollback", "2")
    told.run("list-show", "list", "show")
    told.run("list-show", "list", "show", "--rows", "9", "--problems")
    told.run("list-history", "list", "history")
    told.run("list-find", "list", "find", "AB?? C*")
    told.run("list-find", "list", "find", "no such thing")


def _checks(told: Day) -> None:
    told.run("lookup", "lookup", "ab12 cde", "A812CDE", "AB12CED", "AB12CDX", "C1234567", "XX1")
    told.run("check", "check", "AB12 CDE", "--trailer", "C1234567", "--trailer-country", "GB",
             "--container", "CSQU3054383", "--country", "UK", "--confirm",
             *EVERYTHING)  # fmt: skip
    told.run("check", "check", "AB12 CDE", "--search", "visual")
    told.run("decide", "decide", "4", "--confirm")
    told.run("decide", "decide", "4", "--match", "1", "--reject", "another make")
    told.run("decide", "decide", "4", "--match", "1", "--confirm")
    told.run("outcome", "outcome", "4", "--penalty", "CP-1:paid_in_full", "--education", "talk")
    told.run("check", "check", "AB12 CED")
    told.run("screen", "screen", told.file("manifest.csv", MANIFEST))
    told.run("amend", "amend", "5", "--registration", "AB12 CFF", "--clear", "container",
             "--trailer", "C1234568", "--reason", "misread")  # fmt: skip
    told.run("amend", "amend", "4", "--at", "2021-06-17 08:00", "--persons", "0", "--clear",
             "education", "--reason", "other lorry")  # fmt: skip
    told.run("check", "check", "YY1 YYY")
    told.run("void", "void", "6", "--reason", "entered twice")
    told.run("void", "void", "6", "--undo")
    told.run("decide", "decide", "4", "--undo", "--reason", "paid by another")
    told.run("decide", "decide", "4", "--confirm")
    told.run("void", "void", "6", "--reason", "entered twice")
    paper = told.file("paper.csv", PAPER)
    told.run("feed", "feed", "--no-record", stdin=CAMERA)
    told.run("feed", "feed", "--direction", "inbound", stdin=CAMERA)
    told.run("log-import", "log", "import", paper, "--dry-run")
    told.run("log-import", "log", "import", paper)
    told.run("log-import", "log", "import", paper)


def _afterwards(told: Day) -> None:
    told.run("log", "log")
    told.run("log", "log", "show", "3")
    told.run("log", "log", "show", "8")
    told.run("op", "op", "show")
    told.run("op", "op", "use", "Tuesday")
    tally = told.run("tally", "tally")
    told.run("op", "op", "end", "--reason", "the shift is over")
    told.run("op-list", "op", "list")
    told.run("tally", "tally", "--op", "Tuesday")
    told.run("tally", "tally", "--op", "Tuesday", "--recount")
    told.run("audit-log", "audit", "log", "--all")
    told.run("audit-verify", "audit", "verify", "--fingerprint", tally["fingerprint"])
    told.run("audit-verify", "audit", "verify", "--fingerprint",
             "L2:9999:0001-0203-0405-0607-0809", code=3)  # fmt: skip
    told.run("doctor", "doctor")
    with closing(sqlite3.connect(told.folder / "day.db")) as connection:
        connection.execute("DROP TRIGGER journal_refuses_update")
        connection.execute("UPDATE journal SET officer = '0815' WHERE position = 4")
        connection.commit()
    told.run("audit-verify", "audit", "verify", code=3)
    told.run("doctor", "doctor", code=4)


AT_A_SERVER = ("exchange-doctor", "exchange-publish")
"""Read by `tests/acceptance/test_published_figures.py`, where a server is started."""


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name not in AT_A_SERVER])
def test_what_is_printed_is_the_document_and_nothing_of_it_is_lost(name: str, day: Day) -> None:
    reader = DOCUMENTS[name].reader
    for text in day.printed[name]:
        assert reader.dump_python(reader.validate_json(text), mode="json") == json.loads(text)


def test_the_day_holds_what_makes_documents_differ(day: Day) -> None:
    """Otherwise the test above would prove little."""
    answers = json.loads(day.printed["lookup"][0])
    assert [one["verdict"] for one in answers] == [
        "listed", "listed", "possible", "clear", "listed", "clear",
    ]  # fmt: skip
    assert any(json.loads(text)["seen"] for text in day.printed["check"])
    assert {m["tier"] for one in answers for m in one["matches"]} == {
        "exact", "lookalike", "near", "weak",
    }  # fmt: skip
    lines = [json.loads(text) for text in day.printed["log"]]
    assert {m["decision"] for line in lines for m in line["matches"]} >= {
        "open", "confirmed", "rejected", "replaced",
    }  # fmt: skip
    assert {"match_1", "void"} <= {one["field"] for line in lines for one in line["amendments"]}
    for name in ("screen", "feed"):
        printed = [json.loads(text) for text in day.printed[name]]
        assert {"error", "duplicate_of", "verdict"} <= {key for one in printed for key in one}
    full = next(line for line in lines if line["ref"] == "L2-003")
    assert full["details"].keys() == {one.name for one in DETAILS}
    assert full["outcome"].keys() == {one.name for one in OUTCOME} - {"nothing_found"}
    assert any(line["amendments"] for line in lines)
    assert any(line["voided"] for line in lines)
    assert any(not line["screened"] for line in lines)
    assert [line["read"]["candidates"] for line in lines if "read" in line] == [
        [{"plate": "AB12CED", "confidence": 0.5}]
    ]
    kinds = {event["kind"] for event in json.loads(day.printed["audit-log"][0])}
    assert kinds >= {"matches_found_later", "checks_imported", "record_consulted", "check_amended"}


def test_every_command_that_prints_json_is_in_the_contract() -> None:
    promised = {command for one in DOCUMENTS.values() for command in one.commands}
    assert promised == {*_with_json(), *ALWAYS_JSON}


def _with_json() -> Iterator[str]:
    for name in COMMANDS:
        command = load(name)
        nested = getattr(command, "commands", {})
        for path, one in [(name, command), *((f"{name} {sub}", c) for sub, c in nested.items())]:
            if any("--json" in option.opts for option in one.params):
                yield path


def test_the_program_does_not_load_the_contract() -> None:
    package = Path(__file__).parents[2] / "src" / "portcheck"
    own = package / "report" / "contract"
    users = [
        path
        for path in package.rglob("*.py")
        if own not in path.parents and "report.contract" in path.read_text(encoding="utf-8")
    ]
    assert users == []


def _set(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = to

    return change


def _without(*path: str | int) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]

    return change


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("lookup", _set(0, "new", to=1), "extra"),
        ("lookup", _without(0, "remarks"), "remarks"),
        ("lookup", _set(0, "verdict", to="maybe"), "verdict"),
        ("lookup", _set(0, "verdict", to="clear"), "surest match"),
        ("lookup", _set(0, "key", to="AB12 CDE"), "key"),
        ("lookup", _set(0, "matches", 0, "penalties", 0, "balance_pence", to=240000.5), "int"),
        ("lookup", _set(0, "matches", 0, "penalties", 0, "balance_pence", to="240000"), "int"),
        ("lookup", _set(0, "matches", 0, "penalties", 0, "reasons", to=[]), "reasons"),
        ("lookup", _set(0, "lists", 0, "imported_at", to="2021-06-17T08:00:00"), "offset"),
        ("lookup", _set(0, "lists", 0, "sha256", to="abc"), "sha256"),
        ("lookup", _set(0, "matches", 0, "unit", to="haulier"), "haulier"),
        ("lookup", _set(0, "matches", 0, "registration", to=""), "haulier"),
        ("check", _set("check", "saved", to=False), "saved"),
        ("check", _set("check", "ref", to="31"), "ref"),
        ("list-import", _set("rows", to=99), "rows = accepted"),
        ("list-import", _set("added", to=99), "lines = added"),
        ("list-import", _set("problems", 0, "severity", to="bad"), "severity"),
        ("list-find", _set(0, "issued_on", to="04/01/2021"), "isoformat"),
        ("list-find", _set(0, "registration", to=""), "has a registration"),
        ("list-diff", _set("changed", 0, "fields", to=["unit"]), "those that differ"),
        ("list-diff", _without("from"), "from"),
        ("screen", _without("row"), "row"),
        ("feed", _without("lane"), "lane"),
        ("feed", _set("check", to=None), "check"),
        ("list-rollback", _set("restored", to=9), "earlier version"),
        ("decide", _set("decision", to="weak"), "decision"),
        ("decide", _set("matches", to=[]), "matches"),
        ("outcome", _set("outcome", "person", to=1), "extra"),
        ("outcome", _set("outcome", "education", to=["shouting"]), "education"),
        ("amend", _set("changes", to=[]), "changes"),
        ("log", _set("unresolved", to=7), "open matches"),
        ("log", _set("primary_outcome", to="unclear"), "primary_outcome"),
        ("log", _set("details", "direction", to="sideways"), "direction"),
        ("op", _set("ended_at", to="2021-06-17T18:00:00+01:00"), "fingerprint"),
        ("tally", _set("checks", to=0), "sum to the checks"),
        ("tally", _set("primary_outcomes", "arrest", to=9), "primary outcomes"),
        ("tally", _set("matches", "exact", to=9), "exact [+] lookalike"),
        ("tally", _set("penalties", "listed_pence", to=1), "= enforced [+] outstanding"),
        ("tally", _set("penalties", "enforced_without_sum_pence", to=1), "= enforced"),
        ("tally", _set("complete", to=True), "complete"),
        ("tally", _set("fingerprint", to="L2:1:beef"), "fingerprint"),
        ("tally", _set("by_hour", "noon", to=0), "by_hour"),
        ("audit-verify", _set("intact", to=False), "intact"),
        ("audit-log", _set(0, "payload", "kind", to="check_voided"), "event's kind"),
        ("doctor", _set("good", to=False), "good"),
        ("config", _without("settings", "officer"), "officer"),
    ],
)
def test_a_document_that_breaks_the_contract_is_found_out(
    name: str, change: Callable[[Any], None], why: str, day: Day
) -> None:
    document = copy.deepcopy(json.loads(day.printed[name][0]))
    change(document)
    with pytest.raises(ValidationError) as found:
        DOCUMENTS[name].reader.validate_json(json.dumps(document))
    assert re.search(why, str(found.value))


VALUES = {
    Kind.FLAG: "yes",
    Kind.COUNT: "3",
    Kind.MONEY: "12.50",
    Kind.TEXT: "a text",
    Kind.TEXTS: "one; two",
}


@pytest.mark.parametrize("field", [*DETAILS, *OUTCOME], ids=lambda one: one.name)
def test_every_field_of_the_registries_has_its_shape(field: Field) -> None:
    reader: TypeAdapter[object] = TypeAdapter(Details if field in DETAILS else Outcome)
    text = field.example or "; ".join(field.choices[:1]) or VALUES[field.kind]
    document = {field.name: parse(field, text)}
    assert reader.dump_python(reader.validate_json(json.dumps(document)), mode="json") == document
    with pytest.raises(ValidationError):
        reader.validate_json(json.dumps({field.name: {"not": "this"}}))
    assert reader.json_schema()["properties"][field.name]["description"] == field.help
