"""`--map FIELD=HEADER`, at every command that reads a table."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

from portcheck.cli.mapping import mapping_of
from portcheck.errors import WrongUsage

if TYPE_CHECKING:
    from tests.conftest import Program

    Inside = Callable[[Program], Program]

USAGE, REFUSED = 2, 3
COMMANDS = (["list", "import"], ["log", "import"], ["screen"])


@pytest.mark.parametrize(
    ("pairs", "mapping"),
    [
        (None, {}),
        ([], {}),
        (["registration=Reg no"], {"registration": "Reg no"}),
        ([" registration = Reg \t no "], {"registration": "Reg no"}),
        (["notes=a=b", "balance=col:B"], {"notes": "a=b", "balance": "col:B"}),
        (["notes=\x1b[31mred\u202e"], {"notes": "[31mred"}),
    ],
)
def test_pairs(pairs: list[str] | None, mapping: dict[str, str]) -> None:
    assert mapping_of(pairs) == mapping_of(pairs, may_forget=True) == mapping


@pytest.mark.parametrize(
    "pair", ["", "=", "registration", "=Reg", " =Reg", "\x1b=Reg", "notes=\x1b"]
)
def test_what_is_no_pair(pair: str) -> None:
    for may_forget in (False, True):
        with pytest.raises(WrongUsage, match="is not FIELD=HEADER") as wrong:
            mapping_of([pair], may_forget=may_forget)
        assert "As --map" in wrong.value.hint
        assert "\x1b" not in wrong.value.message


@pytest.mark.parametrize("pair", ["notes=", "notes= ", " notes =\t"])
def test_a_blank_heading_forgets_where_something_is_remembered(pair: str) -> None:
    assert mapping_of([pair], may_forget=True) == {"notes": ""}
    with pytest.raises(WrongUsage, match="is not FIELD=HEADER"):
        mapping_of([pair])


@pytest.mark.parametrize(
    "pairs", [["notes=A", "notes=B"], ["notes=A", " notes =A"], ["notes=", "notes=A"]]
)
def test_a_field_is_named_once(pairs: list[str]) -> None:
    with pytest.raises(WrongUsage, match="says twice which column is “notes”"):
        mapping_of(pairs, may_forget=True)


words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=6)


@pytest.mark.slow
@given(st.dictionaries(words.filter(lambda word: "=" not in word), words))
def test_what_is_written_is_what_is_meant(mapping: dict[str, str]) -> None:
    assert mapping_of([f"{name}={heading}" for name, heading in mapping.items()]) == mapping


@pytest.mark.parametrize(
    ("pairs", "code", "said"),
    [
        (["registration"], USAGE, "is not FIELD=HEADER"),
        (["=Mark"], USAGE, "“=Mark” is not FIELD=HEADER"),
        (["registration=Mark", "registration=Bay"], USAGE, "says twice which column"),
        (["colour=Mark"], USAGE, "there is no field “colour”"),
        (["registration=Sign"], REFUSED, "looked for “Sign”, “Registration”"),
        (["registration=Mark", "country=Sign"], REFUSED, "no heading “Sign” for country"),
        (["registration=Bay"], REFUSED, "B “Bay” and C “Bay” could both be registration"),
        (["registration=col:Z"], REFUSED, "there is no column “Z” for registration"),
    ],
)
def test_every_command_says_the_same(
    desk: "Program", pairs: list[str], code: int, said: str
) -> None:
    (desk.folder / "file.csv").write_text("Mark,Bay,Bay\nAB12 CDE,1,2\n", encoding="utf-8")
    before = desk.state()
    options = [word for pair in pairs for word in ("--map", pair)]
    for command in COMMANDS:
        ran = desk.run(*command, "file.csv", *options)
        assert (ran.code, said in " ".join(ran.err.split())) == (code, True), (command, ran)
    assert desk.state() == before


def test_only_a_list_has_something_to_forget(desk: "Program") -> None:
    (desk.folder / "file.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    forget = ["file.csv", "--map", "country="]
    assert desk.run("screen", *forget).code == USAGE
    assert desk.run("log", "import", *forget).code == USAGE
    ran = desk.good("list", "import", *forget, "--list", "CECPT", "--yes", "--dry-run")
    assert "nothing was remembered for country" in ran.out


def mapping_in_force(world: "Program") -> str:
    ((mapping,),) = world.query("SELECT column_map FROM action_list WHERE name = 'OURS'")
    return str(mapping)


def test_an_agency_renames_its_columns(program: "Program", in_process: "Inside") -> None:
    office = in_process(program)

    def take(headings: str, *options: str) -> list[str]:
        (office.folder / "list.csv").write_text(f"{headings}\nAB12 CDE,5,x\n", encoding="utf-8")
        found = office.json("list", "import", "list.csv", "--list", "OURS", *options)
        assert (found["accepted"], found["stored"]) == (1, "--dry-run" not in options)
        return list(found["warnings"])

    first = ["registration=Kennung", "balance=Wert", "notes=Bem"]
    assert take("Kennung,Wert,Bem", *(word for pair in first for word in ("--map", pair))) == []
    before = office.state()
    warning, once_stored = take("Registration,Wert,Bem", "--dry-run")
    assert "“Kennung” is remembered for registration no longer" in once_stored
    assert "“Kennung”, as remembered for registration: “Registration” was recognised" in warning
    assert office.state() == before
    assert "“Registration” was recognised" in take("Registration,Wert,Bem")[0]
    assert mapping_in_force(office) == '{"balance":"Wert","notes":"Bem"}'
    assert take("Registration,Wert,Bem ") == []  # told once
    ran = office.run("list", "import", str(renamed(office, "Registration,Rest,Bem")))
    assert ran.code == REFUSED
    assert "there is no heading “Wert”, as remembered for balance" in ran.err
    assert '--map "balance="' in ran.err
    assert take("Registration,Rest,Bem", "--map", "balance=Rest") == []
    assert mapping_in_force(office) == '{"balance":"Rest","notes":"Bem"}'
    (warning,) = take("Registration,Rest,Text")
    assert 'notes was left blank. It stays remembered; --map "notes=" forgets it' in warning
    assert mapping_in_force(office) == '{"balance":"Rest","notes":"Bem"}'
    (warning,) = take("Registration,Rest,Text", "--map", "notes=")
    assert "“Bem” was remembered for notes; once this file is stored it is forgotten" in warning
    assert mapping_in_force(office) == '{"balance":"Rest"}'


def renamed(world: "Program", headings: str) -> Path:
    path = world.folder / "renamed.csv"
    path.write_text(f"{headings}\nAB12 CDE,5,x\n", encoding="utf-8")
    return path


def test_the_file_in_force_is_read_again_when_its_columns_are_said_otherwise(
    program: "Program", in_process: "Inside"
) -> None:
    office = in_process(program)
    path = str(renamed(office, "Reg,Wert,Bem"))
    take = ["list", "import", path, "--list", "OURS"]
    assert office.json(*take)["version"] == 1
    assert office.json(*take, "--map", "balance=Wert")["version"] == 2
    again = office.json(*take, "--map", "balance=Wert")
    assert (again["version"], again["same_file"]) == (2, True)
    forgotten = office.json(*take, "--map", "balance=")
    assert (forgotten["version"], forgotten["columns"]) == (3, {"registration": "Reg"})
    for options in ([], ["--map", "balance="]):
        assert office.json(*take, *options)["same_file"] is True
    assert mapping_in_force(office) == "{}"


LOG = [["Zeit", "Kennung", "Bay"], ["17/06/2021 09:00", "AB12 CDE", "4"]]
LOG_MAP = ["--map", "registration=Kennung", "--map", "at=col:A"]


def locked(world: "Program") -> Path:
    """LOG in a workbook whose password, "Sesame", stands in the file “right”."""
    book = openpyxl.Workbook()
    for row in LOG:
        book.worksheets[0].append(row)
    book.save(world.folder / "open.xlsx")
    path = world.folder / "locked.xlsx"
    with (world.folder / "open.xlsx").open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("Sesame", target)
    (world.folder / "right").write_text("Sesame\n", encoding="utf-8")
    (world.folder / "wrong").write_text("sesame\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_protected_log_with_columns_of_its_own(desk: "Program") -> None:
    take = ["log", "import", str(locked(desk)), *LOG_MAP]
    before = desk.state()
    for options in ([], ["--password-file", "wrong"]):
        ran = desk.run(*take, *options)
        assert (ran.code, "--password-file FILE" in ran.err) == (REFUSED, True)
    assert desk.state() == before
    found = desk.json(*take, "--password-file", "right")
    assert (found["accepted"], found["stored"]) == (1, True)
    assert [problem["reason"] for problem in found["problems"]] == [
        "columns that were not recognised were NOT read: “Bay”"
    ]
    assert desk.query("SELECT vehicle FROM vehicle_check WHERE at LIKE '2021-06-17T08:00%'") == [
        ("AB12 CDE",)
    ]
    assert "Sesame" not in str(desk.query("SELECT payload FROM fact"))


def test_a_log_in_words(desk: "Program") -> None:
    text = "\n".join(",".join(row) for row in LOG)
    (desk.folder / "log.csv").write_text(text, encoding="utf-8")
    printed = desk.good("log", "import", "log.csv", *LOG_MAP, "--dry-run").out
    assert "   columns    at = Zeit, registration = Kennung\n   not read   Bay\n" in printed
    assert "! columns that were not recognised were NOT read: “Bay”; --map FIELD=HEADER" in printed
    assert "row 0" not in printed
    stored = desk.good("log", "import", "log.csv", *LOG_MAP).out
    assert "were NOT read: “Bay”\n" in stored
    assert "taken into Dover 1 already" in desk.good("log", "import", "log.csv", *LOG_MAP).out
