"""What commands write, and what they leave alone: files that are read, and all of it on a dry run."""

import gzip
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

REFUSED = 3
EPOCH = Path(__file__).parents[1] / "store" / "epochs" / "0001.db.gz"

WRITING = [
    ["report", "{}", "--force"],
    ["log", "export", "{}", "--force"],
    ["list", "template", "{}", "--force"],
    ["list", "import", "list.csv", "--list", "CECPT", "--rejects", "{}", "--force"],
    ["screen", "list.csv", "--out", "{}", "--force"],
]
"""Every command that writes a file, as it would replace the file at {}."""


@pytest.mark.parametrize("words", WRITING, ids=lambda words: " ".join(words[:2]))
@pytest.mark.parametrize("name", ["checks.xlsx", "link.xlsx", "settings.xlsx"])
def test_no_command_writes_over_what_is_read(
    station: "Program", in_process: Callable[["Program"], "Program"], words: list[str], name: str
) -> None:
    folder = station.folder
    shutil.copy(station.database, folder / "checks.xlsx")
    (folder / "settings.xlsx").write_text('officer = "4711"\n', encoding="utf-8")
    (folder / "link.xlsx").symlink_to("checks.xlsx")
    env = {
        "PORTCHECK_DB": str(folder / "checks.xlsx"),
        "PORTCHECK_CONFIG": str(folder / "settings.xlsx"),
    }
    before = (folder / "checks.xlsx").read_bytes(), (folder / "settings.xlsx").read_bytes()
    ran = in_process(station).run(*(word.format(name) for word in words), env=env)
    assert (ran.code, "would take the place of the" in ran.err) == (REFUSED, True), ran
    assert (folder / "link.xlsx").is_symlink()
    assert (
        (folder / "checks.xlsx").read_bytes(),
        (folder / "settings.xlsx").read_bytes(),
    ) == before


@pytest.mark.parametrize("words", WRITING[3:], ids=lambda words: words[0])
def test_an_input_is_not_written_over(desk: "Program", words: list[str]) -> None:
    os.link(desk.folder / "list.csv", desk.folder / "same.csv")
    before = desk.state()
    for name in ("list.csv", "same.csv", "./LIST.csv"):
        ran = desk.run(*(word.format(name) for word in words))
        assert (ran.code, "take the place of the file that is read" in ran.err) == (REFUSED, True)
    assert desk.state() == before


def test_a_half_filled_outcome_is_not_written_over(
    station: "Program", in_process: Callable[["Program"], "Program"]
) -> None:
    drafts = station.database.with_name(f"{station.database.name}.drafts")
    drafts.mkdir()
    (drafts / "01.json").write_text("{}", encoding="utf-8")
    (station.folder / "link.json").symlink_to(drafts / "01.json")
    for name in (str(drafts / "01.json"), "link.json"):
        ran = in_process(station).run("report", name, "--force")
        assert (ran.code, "place of an outcome that is half-filled" in ran.err) == (REFUSED, True)
    assert (drafts / "01.json").read_text(encoding="utf-8") == "{}"


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "words", [["list", "import", "list.csv"], ["log", "import", "list.csv"]], ids=" ".join
)
def test_a_dry_run_writes_nothing_at_all(desk: "Program", words: list[str]) -> None:
    before = everything(desk.folder)
    assert desk.json(*words, "--dry-run")["stored"] is False
    assert everything(desk.folder) == before


@pytest.mark.slow
def test_a_dry_run_makes_no_database(program: "Program") -> None:
    (program.folder / "list.csv").write_text("Registration\nAB12 CDE\n", encoding="utf-8")
    before = everything(program.folder)
    env = {"PORTCHECK_DB": str(program.folder / "new" / "checks.db")}
    found = program.json("list", "import", "list.csv", "--dry-run", env=env)
    assert (found["accepted"], found["stored"]) == (1, False)
    assert everything(program.folder) == before
    assert not (program.folder / "new").exists()
    ran = program.run("list", "import", "list.csv", "--dry-run", "--add", env=env)
    assert (ran.code, "there is no database" in ran.err) == (4, True)


@pytest.mark.slow
def test_a_dry_run_does_not_migrate(program: "Program") -> None:
    program.database.write_bytes(gzip.decompress(EPOCH.read_bytes()))
    (program.folder / "list.csv").write_text("Registration\nZZ98 XYZ\n", encoding="utf-8")
    before = everything(program.folder)
    found = program.json("list", "import", "list.csv", "--list", "NEW", "--dry-run")
    assert found["accepted"] == 1
    assert everything(program.folder) == before
