"""Makes the small database of this schema that tests keep for ever: `make_epoch.py FOLDER`.

Run it before the schema changes, with the program as it is released: the tests then open
what this version wrote with every later one.  FOLDER gets NNNN.db.gz and NNNN.json, with
what the version itself said of it: its verified events and fingerprints, and its tally.
"""

import gzip
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from portcheck.store.revisions import HEAD

HEADINGS = (
    "Registration,Country,Unit,Trailer,Haulier,Liable party,Role,Penalty reference,Section,"
    "Issued,Due,Amount,Balance,Status,Action,Notes,Our file\n"
)
MORNING = HEADINGS + (
    "AB12 CDE,GB,tractor,,Northsea Haulage Ltd,Northsea Haulage Ltd,owner,CP-1042,32,"
    "2021-01-10,2021-03-11,2400.00,2400.00,outstanding,STOP,ring the office,F-1\n"
    "KL65 XYZ,GB,rigid,,Weald Freight Ltd,Weald Freight Ltd,owner,CP-1043,32,"
    "2021-01-10,2021-03-11,1000.00,0,paid,,,F-2\n"
    "WX 12345,PL,tractor,,Trans Pol Sp. z o.o.,Jan Kowalski,driver,CP-1044,32,"
    "2021-01-12,2021-03-13,2000.00,2000.00,objection,,,F-3\n"
    "C1234567,GB,trailer,,Weald Freight Ltd,Weald Freight Ltd,owner,CP-1045,32,"
    "2021-01-12,2021-03-13,500,see file,outstanding,,,F-4\n"
    "a sentence that is no registration,GB,,,,,,CP-1046,32,,,,,,,,F-5\n"
)
NOON = MORNING + (
    "B MW 1234,DE,tractor,,Spree Spedition GmbH,Spree Spedition GmbH,owner,CP-1047,32,"
    "2021-02-01,2021-04-02,4000,4000,outstanding,,,F-6\n"
)
LOG = (
    "Registration,Country,Time,Direction,Searched,Persons\n"
    "PO57 ABC,GB,17/06/2021 09:20,inbound,visual,\n"
    "RO 12 XYZ,RO,17/06/2021 09:40,outbound,dog,2\n"
)
COMMANDS = (
    "list import morning.csv --list CECPT --yes",
    "op start Portsmouth --site Harbour --agency Police --agency 'Border Force'",
    "lookup AB12CDE ZZ99ZZZ",
    "check 'AB12 CDE' --country GB --direction inbound --trailer C1234567 --search visual",
    "check AB12CDF --direction outbound",
    "check KL65XYZ --country GB --container MSKU1234565 --nothing-found --search dog",
    "check 'B-MW 1234' --direction inbound --persons 2 --minors 1 --search visual",
    "check 'WX 12345' --country PL --offence mobile_phone:fixed_penalty:200",
    "check 'WX 12346' --country PL --seizure 2:tobacco --cash GBP:1500.00:seized",
    "check 'TO 1 VOID' --search visual",
    "decide L1-001 --confirm --match 2",
    "decide L1-001 --reject 'another trailer' --match 1",
    "outcome L1-001 --penalty CP-1042:paid_in_full:2400.00:card:R-77 --education leaflet",
    "decide L1-002 --reject 'read again'",
    "decide L1-003 --confirm",
    "amend L1-003 --direction outbound --reason 'wrong key'",
    "amend L1-006 --registration 'WX 12347' --reason misread",
    "void L1-007 --reason practice",
    "list import noon.csv --list CECPT --yes",
    "list import noon.csv --list Second --yes",
    "log import log.csv",
    "report day.json --recipient 'Border Force'",
    "op end --reason 'ferry left'",
    "op start Second --site Elsewhere",
    "check 'AB12 CDE' --direction inbound",
)


def main(folder: Path) -> None:
    """Make the database by COMMANDS and keep it with what the program says of it."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for file, text in (("morning.csv", MORNING), ("noon.csv", NOON), ("log.csv", LOG)):
            (home / file).write_text(text, encoding="utf-8")
        run = _Runner(home)
        for command in COMMANDS:
            run(command)
        said = {
            "tally": json.loads(run("tally --op Portsmouth --json")),
            "log": [json.loads(line) for line in run("log --op Portsmouth --json").splitlines()],
            "verify": json.loads(run("audit verify --json")),
        }
        packed = gzip.compress((home / "day.db").read_bytes(), mtime=0)
    (folder / f"{HEAD}.db.gz").write_bytes(packed)
    text = json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / f"{HEAD}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{HEAD}: {len(packed):,} bytes, {said['verify']}")


class _Runner:
    """Runs one command line of portcheck in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = os.environ | {"HOME": str(home), "PORTCHECK_DB": str(home / "day.db")}
        self.env |= {"PORTCHECK_OFFICER": "4711", "PORTCHECK_AGENCY": "Police", "NO_COLOR": "1"}
        self("config set device L1")

    def __call__(self, line: str) -> str:

        command = [sys.executable, "-m", "portcheck", *shlex.split(line)]
        ran = subprocess.run(
            command, cwd=self.home, env=self.env, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise SystemExit(f"{line}\n{ran.returncode}\n{ran.stdout}\n{ran.stderr}")
        return ran.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
