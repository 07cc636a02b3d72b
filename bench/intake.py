"""Importing, against the bare readers in the same run, with the memory it takes.

python bench/intake.py [--quick]
"""

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

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
    """A whole import beside the bare reading of the file by both libraries."""
    path = folder / "list.xlsx"
    write_workbook(path, list(lines(rows)))
    bare = median(lambda: run(folder, sys.executable, "-c", CALAMINE, str(path)), turns)
    slow = median(lambda: run(folder, sys.executable, "-c", OPENPYXL, str(path)), 1)
    memory = 0
    times = []
    for turn in range(turns):
        begin = time.perf_counter()
        memory = peak(folder, f"list-{turn}.db", "list", "import", str(path))
        times.append(time.perf_counter() - begin)
    ours = statistics.median(times)
    print(f"{rows:,} rows × {len(HEADINGS)} columns .xlsx")
    print(f"  calamine, bare            {bare:7.2f} s")
    print(f"  openpyxl, bare            {slow:7.2f} s")
    print(f"  list import, whole        {ours:7.2f} s")
    print(f"  import / calamine         {ours / bare:7.2f}   limit 4")
    print(f"  openpyxl / import         {slow / ours:7.2f}   at least 3")
    print(f"  peak memory               {memory:7,} MB  limit 350\n", flush=True)


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
        peak(folder, "daily.db", "list", "import", str(path))
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
    begin = time.perf_counter()
    memory = peak(folder, "long.db", "list", "import", str(path))
    took = time.perf_counter() - begin
    print(f"{rows:,}-row .csv: {took:.1f} s, peak memory {memory:,} MB", flush=True)


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


def run(folder: Path, *words: str) -> None:
    """Run a command to its end."""
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def peak(folder: Path, database: str, *words: str) -> int:
    """Run portcheck and return the most memory it and its children took, in MB each at most."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
        "PORTCHECK_DB": str(folder / database),
        "PORTCHECK_CONFIG": str(folder / "none.toml"),
        "PORTCHECK_OFFICER": "bench",
    }
    measured = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        (sys.executable, "-c", measured, PROGRAM, *words),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout) // 1024


def median(call: Callable[[], None], turns: int) -> float:
    """The median time of `call`, in seconds."""
    times = []
    for _ in range(turns):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


if __name__ == "__main__":
    main()
