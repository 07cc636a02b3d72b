"""The program in other shapes: packed in one file, and without its docstrings."""

import shutil
import subprocess
import sys
import zipapp
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import portcheck

if TYPE_CHECKING:
    from tests.conftest import Program

PACKAGE = Path(portcheck.__file__).parent
SAMPLES = PACKAGE.parents[1] / "sample_data"


@pytest.fixture
def packed(program: "Program", tmp_path: Path) -> "Program":
    """The program packed in one file; what it depends on is installed."""
    source = tmp_path / "source"
    shutil.copytree(PACKAGE, source / "portcheck", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SAMPLES, source / "portcheck" / "sample_data")
    (source / "portcheck" / "__init__.py").write_text('__version__ = "9.9.9"\n', encoding="utf-8")
    zipapp.create_archive(source, tmp_path / "app.pyz", main="portcheck.cli.main:run")
    shutil.rmtree(source)
    return type(program)(program.folder, program.env, (sys.executable, str(tmp_path / "app.pyz")))


@pytest.mark.slow
def test_it_works_from_one_packed_file(packed: "Program") -> None:
    assert packed.good("--version").out == "portcheck 9.9.9\n"
    shutil.copy(SAMPLES / "action_list.xlsx", packed.folder / "list.xlsx")
    imported = packed.json("list", "import", "list.xlsx", "--list", "CECPT")
    assert (imported["stored"], imported["accepted"] > 0) == (True, True)
    assert packed.json("doctor")["good"] is True


@pytest.mark.slow
def test_the_demo_from_one_packed_file(packed: "Program") -> None:
    assert packed.json("demo")["checks"] == 132


HELPS = (["--help"], ["check", "--help"], ["list", "--help"], ["list", "import", "--help"])


@pytest.mark.slow
@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_the_help_does_not_need_docstrings(words: list[str]) -> None:
    usual, bare = (
        subprocess.run(
            [sys.executable, *how, "-m", "portcheck", *words],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for how in ([], ["-OO"])
    )
    assert bare == usual
    assert len(bare.splitlines()) > 5
