"""How long `portcheck screen` takes for a long manifest against a long list.

    python bench/screen.py [--quick]

The program runs as the shell would run it; every row has a lorry and a trailer,
one row in a hundred is listed and one in a hundred looks like a listed one.
"""

import argparse
import csv
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from stores import context_for, fill_list, registrations

LIMIT_SECONDS = 15.0
ROWS, ENTRIES = 10_000, 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows and entries")
    part = 10 if parser.parse_args().quick else 1
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}\n"
    )
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
        path = Path(folder) / "screen.db"
        context = context_for(path)
        fill_list(context, ENTRIES // part)
        context.connection.close()
        measure(path, ROWS // part, ENTRIES // part)


def measure(path: Path, rows: int, entries: int) -> None:
    """Time a manifest of so many rows on the database at `path`."""
    manifest = path.with_suffix(".csv")
    write_manifest(manifest, rows)
    environment = os.environ | {
        "PORTCHECK_DB": str(path),
        "PORTCHECK_CONFIG": str(path.with_suffix(".toml")),
        "PORTCHECK_OFFICER": "bench",
    }
    words = [sys.executable, "-m", "portcheck", "screen", str(manifest)]
    for state in ("first", "again"):
        start = time.perf_counter()
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - start
        assert f"{rows:,} accepted" in done.stdout, done.stdout
        print(
            f"{rows:,} rows, {entries:,} entries, {state}: {seconds:.1f} s "
            f"(at most {LIMIT_SECONDS:.0f}), {seconds / rows / 2 * 1000:.2f} ms a registration",
            flush=True,
        )


def write_manifest(path: Path, rows: int) -> None:
    """A manifest whose lorries are on no list, but for two in a hundred."""
    listed = list(islice(registrations(1), rows // 100))
    lorries, trailers = registrations(11), registrations(12)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Registration", "Trailer", "Country", "Haulier", "Sailing"))
        for number in range(rows):
            lorry = next(lorries)
            if number % 100 == 7:
                lorry = listed[number // 100]
            elif number % 100 == 57:
                lorry = listed[number // 100].translate(str.maketrans("BS", "85"))
            haulier = f"Haulier {number % 700}"
            writer.writerow((lorry, next(trailers), "GB", haulier, "Caen 10:40 17/06/2021"))


if __name__ == "__main__":
    main()
