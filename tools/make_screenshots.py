"""Make the pictures of docs/screenshots: the real program on the sample data, in a terminal.

Run it as `.venv/bin/python tools/make_screenshots.py`.  What depends on the day
and on chance (the date of an import, the journal's fingerprint) differs from
one run to the next; nothing else does.
"""

import fcntl
import io
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import NamedTuple

import openpyxl
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "screenshots"
PROGRAM = Path(sys.executable).with_name("portcheck")
WIDTH, HEIGHT = 80, 200
_FONT_FACE = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)
# A picture that loads nothing from elsewhere, and keeps its indents in every viewer.
_FORMAT = _FONT_FACE.sub("", CONSOLE_SVG_FORMAT).replace("<svg ", '<svg xml:space="preserve" ', 1)


class Step(NamedTuple):
    """A command as typed, and the name of the picture of it ("" for none)."""

    command: str
    picture: str = ""


STEPS = (
    Step("portcheck --help", "help"),
    Step("portcheck list import action_list.xlsx --list CECPT", "list-import"),
    Step('portcheck op start "Portsmouth 17 June" --agency Police --agency "Border Force"'),
    Step('portcheck lookup cj47tkv "CJ 47 TVK" "AB12 CDE"', "lookup"),
    Step('portcheck check "CJ 47 TKV" --country RO --direction inbound --search visual', "check"),
    Step("portcheck decide L2-001 --confirm"),
    Step("portcheck outcome L2-001 --penalty CP-1042:paid_in_full"),
    Step(
        'portcheck op start "Portsmouth 17 June 2021" --site "Portsmouth International Port"'
        ' --agency Police --agency "Border Force" --agency Port --at "2021-06-17 05:30"'
    ),
    Step("portcheck log import checks.csv"),
    Step("portcheck tally", "tally"),
    Step("portcheck list import fleets.xlsx --list FLEETS --all-sheets", "list-layouts"),
)
FLEETS: dict[str, list[list[str | int | None]]] = {
    "May": [
        ["Penalties outstanding, May 2021"],
        ["Vehicle", None, None, "Fine", None, None],
        ["Reg / Trailer", "Nat.", "Other vehicles", "number", "State", "Still owed"],
        ["ACME HAULAGE LTD"],
        ["AB12 CDE / C123 4567", "GB", None, "CP-9001", "Overdue", "£1,500.00"],
        ["CD34 EFG", "GB", "EF56 GHJ, GH78 JKL", "CP-9002", "Part paid", "£600.00"],
        ["Sub-total", None, None, None, None, "£2,100.00"],
        ["BETA TRANS SRL"],
        ["B 123 XYZ / driver", "RO", None, "CP-9003", "Overdue", "£2,000.00"],
        ["*** End of report ***"],
    ],
    "June": [
        ["Reg / Trailer", "Nat.", "Other vehicles", "Fine number", "State", "Still owed"],
        ["WPR 12345", "PL", None, "CP-9004", "Outstanding", "£600.00"],
    ],
    "Phone numbers": [["Office", "Number"], ["Dover", "not given"]],
}
"""A made-up workbook in a layout of its own, for the picture of how it is read."""


def main() -> None:
    """Run every step in a throw-away folder and write the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portcheck-pictures-") as name:
        folder = Path(name)
        for sample in ("action_list.xlsx", "checks.csv"):
            (folder / sample).write_bytes((ROOT / "sample_data" / sample).read_bytes())
        write_fleets(folder / "fleets.xlsx")
        for step in STEPS:
            shown = run(step.command, folder)
            if step.picture:
                path = PICTURES / f"{step.picture}.svg"
                path.write_text(picture(step, shown), encoding="utf-8", newline="\n")
                print(path.relative_to(ROOT))


def write_fleets(path: Path) -> None:
    """Write FLEETS."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in FLEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["May"].merge_cells("A2:C2")
    book["May"].merge_cells("D2:E2")
    book.save(path)


def run(command: str, folder: Path) -> str:
    """What a person sees of `command`; stops this program when the command fails."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    process = subprocess.Popen(
        [PROGRAM, *shlex.split(command)[1:]],
        cwd=folder,
        env=_environment(folder),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    pieces = []
    while piece := _read(ours):
        pieces.append(piece)
    os.close(ours)
    shown = b"".join(pieces).decode().replace("\r\n", "\n")
    if process.wait():
        raise SystemExit(f"{command}\n{shown}")
    return shown


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "TERM": "xterm-256color",
        "PORTCHECK_DB": str(folder / "portcheck.db"),
        "PORTCHECK_CONFIG": str(folder / "portcheck.toml"),
        "PORTCHECK_OFFICER": "4711",
        "PORTCHECK_AGENCY": "Police",
        "PORTCHECK_DEVICE": "L2",
    }


def _read(terminal: int) -> bytes:
    """What came, b"" at the end: Linux then gives an error, others nothing."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def picture(step: Step, shown: str) -> str:
    """The command and its answer as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
    console.print(Text(f"$ {step.command}", style="bold"))
    console.print(Text.from_ansi(shown.rstrip("\n")))
    console.print()  # the picture's edge would cut the last line
    return console.export_svg(
        title="portcheck", code_format=_FORMAT, unique_id=f"portcheck-{step.picture}"
    )


if __name__ == "__main__":
    main()
