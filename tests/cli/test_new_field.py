"""One entry in the registry of outcome fields, and nothing else: it is everywhere.

The program is built with a field of every kind that it does not have, in a process of
its own, and used: typed, read from a log, shown, counted and reported.
"""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from python_calamine import CalamineWorkbook

PROGRAM = """
import json, sys
from pathlib import Path

from portcheck.domain import outcome
from portcheck.domain.counted import Counted, Family, Measure
from portcheck.domain.fields import Field, Kind, Part, PartKind

outcome.OUTCOME += (
    Field(
        "pallets", Kind.COUNT, "Pallets opened", "How many pallets were opened.", letter="x9",
        counted=(
            Counted("pallets_opened", "pallets opened", "searches", Measure.QUANTITY),
            Counted("checks_with_pallets", "checks with pallets", "searches", Measure.CHECKS),
        ),
    ),
    Field(
        "dutiable", Kind.RECORDS, "Dutiable goods", "Goods that duty is owed on.", "goods",
        parts=(
            Part("goods", PartKind.CHOICE, ("wine", "beer"), required=True),
            Part("amount_pence", PartKind.MONEY),
        ),
        example="wine:12.50", letter="x8", is_find=True,
        counted=(
            Counted(
                "duty_pence", "duty", "found", Measure.MONEY, column=("duty_pence", "Duty")
            ),
            Family("by_goods", "goods", "Dutiable goods by kind", "found", "goods:"),
        ),
    ),
)
outcome.BY_NAME |= {field.name: field for field in outcome.OUTCOME}
outcome.FINDS = tuple(field.name for field in outcome.OUTCOME if field.is_find)

from typer.testing import CliRunner

from portcheck.cli.main import app
from portcheck.report.contract import DOCUMENTS, FURTHER
from portcheck.tui.form import Form, FormCalls

folder = Path(sys.argv[1])
said, runner = {}, CliRunner()

def run(name, *words, **env):
    done = runner.invoke(app, list(words), env={"COLUMNS": "100"} | env)
    assert done.exit_code == 0, (words, done.output, done.exception)
    said[name] = done.stdout

run("help", "outcome", "--help")
run("start", "op", "start", "Tuesday", "--at", "2021-06-17 06:00")
run("check", "check", "QQ1 QQQ", "--no-list", "--search", "dog", "--pallets", "3",
    "--goods", "wine:12.50", "--goods", "beer", "--at", "2021-06-17 07:00")
run("first", "check", "QQ2 QQQ", "--no-list", "--at", "2021-06-17 07:05")
run("outcome", "outcome", "2", "--pallets", "4")
run("amend", "amend", "2", "--pallets", "5", "--reason", "miscounted")
run("show", "log", "show", "1")
run("log", "log", "show", "2", "--json")
run("explain", "tally", "--explain", "by_goods.wine", "--json")
run("tally", "tally")
run("tally-json", "tally", "--json")
for suffix in ("xlsx", "html", "md", "csv", "json"):
    run(suffix, "report", str(folder / f"day.{suffix}"))
run("export", "log", "export", str(folder / "log.csv"))
run("again", "op", "start", "Wednesday", "--at", "2021-06-17 06:00")
run("import", "log", "import", str(folder / "log.csv"), "--no-list", "--json")
run("imported", "tally", "--json")
form = Form("Outcome", outcome.OUTCOME, {}, FormCalls(lambda reason: ""))
for key in ("x", "9", "4", "x", "8", "1", "9", "enter"):
    form.take(key, key if len(key) == 1 else None)
said["form"] = json.dumps(form.values)
said["screen"] = "\\n".join(line.plain for line in form.lines(78, 60))
published = DOCUMENTS | FURTHER
for name in ("tally", "report", "log"):
    said[f"{name} schema"] = json.dumps(published[name].reader.json_schema())
published["tally"].reader.validate_json(said["tally-json"])
published["report"].reader.validate_json((folder / "day.json").read_text())
json.dump(said, sys.stdout)
"""
pytestmark = pytest.mark.slow

FIGURES = {"pallets_opened": 8, "checks_with_pallets": 2, "duty_pence": 1250}
GOODS = {"beer": 1, "wine": 1}
SHOWN = (("pallets opened", "8"), ("checks with pallets", "2"), ("duty", "£12.50"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("new-field")


@pytest.fixture(scope="module")
def said(folder: Path) -> Mapping[str, str]:
    """What the program with two fields more printed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={
            "PORTCHECK_DB": str(folder / "day.db"),
            "PORTCHECK_CONFIG": str(folder / "day.toml"),
            "PORTCHECK_OFFICER": "4711",
            "PORTCHECK_DEVICE": "L2",
        },
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return TypeAdapter(dict[str, str]).validate_json(done.stdout)


def test_its_option_and_its_help(said: Mapping[str, str]) -> None:
    for words in ("--pallets", "How many pallets were opened.", "--goods", "wine:12.50"):
        assert words in " ".join(said["help"].split())


def test_its_letter_and_its_keys_in_the_form(said: Mapping[str, str]) -> None:
    assert json.loads(said["form"]) == {
        "pallets": 4,
        "dutiable": [{"goods": "wine", "amount_pence": 900}],
    }
    assert "Pallets opened 4" in said["screen"]
    assert "Dutiable goods 1x" in said["screen"]


def test_what_was_recorded_is_shown(said: Mapping[str, str]) -> None:
    assert "pallets opened 3" in said["show"]
    assert "wine:12.50; beer" in said["show"]
    assert "Pallets opened: 4 → 5" in said["amend"]
    assert json.loads(said["log"])["outcome"] == {"pallets": 5}


def test_its_columns_in_a_log_are_read_back(said: Mapping[str, str], folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((folder / "log.csv").read_text("utf-8-sig"))))
    assert [row["Pallets opened"] for row in rows] == ["3", "5"]
    assert [row["Dutiable goods"] for row in rows] == ["wine:12.50; beer", ""]
    assert json.loads(said["import"])["accepted"] == 2
    counted(json.loads(said["imported"]))


def counted(tally: dict[str, Any]) -> None:
    assert {key: tally[key] for key in FIGURES} == FIGURES
    assert tally["by_goods"] == GOODS
    assert tally["nothing_found"] == 0  # what was found is a find


def test_the_tally_counts_it(said: Mapping[str, str]) -> None:
    counted(json.loads(said["tally-json"]))
    for label, shown in SHOWN:
        line = next(line for line in said["tally"].splitlines() if f" {label}" in line)
        assert f" {shown} " in line
    assert "goods: beer 1, wine 1" in said["tally"]
    explained = json.loads(said["explain"])
    assert (explained["total"], [one["ref"] for one in explained["checks"]]) == (1, ["L2-001"])


def test_every_report_has_it(said: Mapping[str, str], folder: Path) -> None:
    document = json.loads((folder / "day.json").read_text("utf-8"))
    counted(document["tally"])
    first, second = document["checks"]
    assert (first["pallets"], first["dutiable"], first["duty_pence"]) == (
        *(3, "wine:12.50; beer", 1250),
    )
    assert (second["pallets"], second["dutiable"], second["duty_pence"]) == (5, None, 0)
    rows = list(csv.DictReader(io.StringIO((folder / "day.csv").read_text("utf-8-sig"))))
    assert [(row["Pallets opened"], row["Duty (£)"]) for row in rows] == [
        *(("3", "12.50"), ("5", "0.00")),
    ]
    page = (folder / "day.html").read_text("utf-8")
    text = (folder / "day.md").read_text("utf-8")
    for label, shown in SHOWN:
        assert f"| {label} | {shown} |" in text
        assert f">{label}</th>" in page
    assert "## Dutiable goods by kind" in text
    assert "Dutiable goods by kind" in page
    with CalamineWorkbook.from_path(folder / "day.xlsx") as book:
        figures = {row[0]: row[3] for row in book.get_sheet_by_name("Figures").to_python()}
        headings = book.get_sheet_by_name("Checks").to_python()[0]
    assert {key: figures[key] for key in ("pallets_opened", "duty_pence", "by_goods.wine")} == {
        "pallets_opened": 8,
        "duty_pence": 12.5,
        "by_goods.wine": 1,
    }
    assert {"Pallets opened", "Dutiable goods", "Duty"} <= set(headings)


def test_the_published_schemas_have_it(said: Mapping[str, str]) -> None:
    for name in ("tally", "report"):
        for key in ("pallets_opened", "duty_pence", "by_goods"):
            assert f'"{key}"' in said[f"{name} schema"]
    for name in ("log", "report"):
        assert '"pallets"' in said[f"{name} schema"]
