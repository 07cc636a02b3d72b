"""A kill in the middle of writing: nothing of a check is left behind, wherever it is looked for."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

pytestmark = pytest.mark.skipif(
    not hasattr(os, "O_TMPFILE"), reason="there are no files without a name on this system"
)

DYING = """
import os, signal, sys
from openpyxl.worksheet._writer import WorksheetWriter
from portcheck.cli.main import run
from portcheck.disk import whole

def die(size):
    print("written", size, file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

class Dying:
    def __getattr__(self, name):
        return getattr(os, name)
    def fsync(self, handle):
        die(os.fstat(handle).st_size)

moment = sys.argv.pop(1)
if moment == "whole":
    whole.os = Dying()
else:
    close = WorksheetWriter.close
    def closing(writer):
        close(writer)
        out = writer.out
        die(os.path.getsize(out) if isinstance(out, str) else out.seek(0, 2))
    WorksheetWriter.close = closing
run()
"""


def files(*folders: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


SLOW = pytest.mark.slow
CASES = (
    ("sheet", ("report", "out.xlsx"), False),
    ("whole", ("report", "out.xlsx"), True),
    ("sheet", ("log", "export", "out.xlsx"), False),
    ("whole", ("log", "export", "out.csv"), True),
    pytest.param("whole", ("report", "out.html"), False, marks=SLOW),
    pytest.param("whole", ("report", "out.csv"), False, marks=SLOW),
    pytest.param("whole", ("log", "export", "out.xlsx"), False, marks=SLOW),
    pytest.param("whole", ("log", "export", "out.jsonl"), False, marks=SLOW),
    pytest.param("sheet", ("screen", "manifest.csv", "--out", "out.xlsx"), True, marks=SLOW),
    pytest.param("whole", ("screen", "manifest.csv", "--out", "out.csv"), False, marks=SLOW),
)


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "words", "there"), CASES)
def test_a_kill_leaves_no_row_of_a_check(
    program: "Program",
    in_process: "Callable[[Program], Program]",
    tmp_path: Path,
    moment: str,
    words: tuple[str, ...],
    there: bool,
) -> None:
    here = in_process(program)
    (here.folder / "list.csv").write_text("Registration\nWX12345\n", encoding="utf-8")
    here.good("list", "import", "list.csv", "--list", "CECPT")
    here.good("op", "start", "Dover 1")
    here.good("check", "WX12345")
    temporary, targets = tmp_path / "temporary", tmp_path / "targets"
    temporary.mkdir()
    targets.mkdir()
    (targets / "manifest.csv").write_text("Registration\nWX12345\n", encoding="utf-8")
    target = targets / next(word for word in words if word.startswith("out."))
    if there:
        target.write_text("older", encoding="utf-8")
    before = files(temporary, targets)
    ran = subprocess.run(
        [sys.executable, "-c", DYING, moment, *words, *(["--force"] if there else [])],
        cwd=targets,
        env={**program.env, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert int(ran.stderr.rpartition("written ")[2]) > 0
    assert files(temporary, targets) == before
    assert here.json("doctor")["good"]
    assert "data_disclosed" not in {one["kind"] for one in here.json("audit", "log")}
