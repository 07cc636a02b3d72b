"""Importing, against the bare readers in the same run, with the memory it takes.

python bench/intake.py [--quick]
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]

from stores import registrations

HEADINGS = (
    "Registration",
    "Country",
    "Haulier",
    "Penalty reference",
    "Section",
    "Issued on",
    "Amount",
    "Balance",
    "Status",
)
PROGRAM = str(Path(sys.executable).with_name("portcheck"))
CALAMINE = (
    "import sys, python_calamine as c; b = c.CalamineWorkbook.from_path(sys.argv[1]);"
    "print(sum(1 for _ in b.get_sheet_by_index(0).to_python()))"
)
OPENPYXL = (
    "import sys, openpyxl; b = openpyxl.load_workbook(sys.argv[1], read_only=True);"
    "print(sum(1 for _ in b.worksheets[0].iter_rows(values_only=True)))"
)
_HAULIERS = ("Acme Haulage Ltd", "Przykład Sp. z o.o.", "Beispiel GmbH", "Esempio SRL")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller files, fewer turns")
    quick = parser.parse_args().quick
    rows, many, turns = (10_000, 50_000, 2) if quick else (100_000, 1_000_000, 3)
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as name:
        folder = Path(name)
        workbook(folder, rows, turns)
        daily(folder, rows)
        text(folder, many)


def workbook(folder: Path, rows: int, turns: int) -> None:
    """A whole import beside the bare reading of the file by both libraries, turn by turn."""
    path = folder / "list.xlsx"
    write_workbook(path, list(lines(rows)))
    bare, slow, ours = [], [], []
    for turn in range(turns):
        bare.append(measure(folder, sys.executable, "-c", CALAMINE, str(path)))
        if turn == 0:
            slow.append(measure(folder, sys.executable, "-c", OPENPYXL, str(path)))
        ours.append(imported(folder, f"list-{turn}.db", path))
    calamine, openpyxl, portcheck = map(median, (bare, slow, ours))
    print(f"{rows:,} rows × {len(HEADINGS)} columns .xlsx        seconds   of processor")
    for name, took in (
        ("calamine, bare", calamine),
        ("openpyxl, bare", openpyxl),
        ("list import, whole", portcheck),
    ):
        print(f"  {name:<26} {took.seconds:14.2f} {took.cpu:14.2f}")
    print(
        f"  import / calamine          {portcheck.seconds / calamine.seconds:14.2f}"
        f" {portcheck.cpu / calamine.cpu:14.2f}   limit 4"
    )
    print(
        f"  openpyxl / import          {openpyxl.seconds / portcheck.seconds:14.2f}"
        f" {openpyxl.cpu / portcheck.cpu:14.2f}   at least 3"
    )
    print(f"  peak memory                {portcheck.memory:11,} MB   limit 350\n", flush=True)


def daily(folder: Path, rows: int) -> None:
    """A list imported again with 1% of its rows changed: what the database grows by."""
    first, second = folder / "monday.csv", folder / "tuesday.csv"
    table = list(lines(rows))
    write_text(first, iter(table))
    for index in range(0, rows, 100):
        table[index] = (*table[index][:-2], "1200.00", "part paid")
    write_text(second, iter(table))
    sizes = []
    for path in (first, second):
        imported(folder, "daily.db", path)
        sizes.append((folder / "daily.db").stat().st_size)
    growth = (sizes[1] - sizes[0]) / sizes[0] * 100
    print(
        f"daily import, 1% changed: the database grows by {growth:.1f}%"
        f" ({sizes[0] // 1024:,} kB, then {sizes[1] // 1024:,} kB)\n",
        flush=True,
    )


def text(folder: Path, rows: int) -> None:
    """A very long text file."""
    path = folder / "long.csv"
    write_text(path, lines(rows))
    took = imported(folder, "long.db", path)
    print(
        f"{rows:,}-row .csv: {took.seconds:.1f} s, {took.cpu:.1f} s of processor,"
        f" peak memory {took.memory:,} MB",
        flush=True,
    )


def lines(rows: int) -> Iterator[tuple[str, ...]]:
    """Rows of a plausible list."""
    rng = random.Random(rows)
    for number, mark in zip(range(rows), registrations(7), strict=False):
        yield (
            f"{mark[:4]} {mark[4:]}",
            "GB",
            f"{rng.choice(_HAULIERS)} {number % 2000}",
            f"CP-{number}",
            "32",
            f"{rng.randrange(1, 29):02d}/{rng.randrange(1, 13):02d}/2025",
            "2400.00",
            "2400.00",
            rng.choice(("overdue", "outstanding", "part paid")),
        )


def write_workbook(path: Path, table: list[tuple[str, ...]]) -> None:
    """An .xlsx as a spreadsheet program would write it, with numbers for money."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("List")
    sheet.write_row(0, 0, HEADINGS)
    for number, row in enumerate(table, 1):
        sheet.write_row(number, 0, [float(c) if c.endswith(".00") else c for c in row])
    book.close()


def write_text(path: Path, table: Iterator[tuple[str, ...]]) -> None:
    """The same as a CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(table)


class Took(NamedTuple):
    """What a command and its children took; memory in MB, of the largest of them."""

    seconds: float
    cpu: float
    memory: int


MEASURED = """
import resource, subprocess, sys, time
begin = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, capture_output=True)
took = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - begin, took.ru_utime + took.ru_stime, took.ru_maxrss // 1024)
"""


def measure(folder: Path, *words: str, **environment: str) -> Took:
    """Run a command to its end."""
    done = subprocess.run(
        (sys.executable, "-c", MEASURED, *words),
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, cpu, memory = done.stdout.split()
    return Took(float(seconds), float(cpu), int(memory))


def imported(folder: Path, database: str, path: Path) -> Took:
    """Import a list into a database that is there already."""
    environment = {
        "PORTCHECK_DB": str(folder / database),
        "PORTCHECK_CONFIG": str(folder / "none.toml"),
        "PORTCHECK_OFFICER": "bench",
    }
    if not (folder / database).exists():
        measure(folder, PROGRAM, "op", "start", "Bench", **environment)
    return measure(folder, PROGRAM, "list", "import", str(path), **environment)


def median(turns: list[Took]) -> Took:
    """The turn in the middle by time."""
    return sorted(turns)[len(turns) // 2]


if __name__ == "__main__":
    main()
