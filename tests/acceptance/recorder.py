"""A process that works on a database until it has done its part or is killed.

It reads a JSON document a line, forks for each, and the fork does what it says
with everything loaded already; where it says "stay", the fork then waits to be
killed.  On standard output: "pid N", then a line for whatever is on disk, then
"end" when the fork is gone.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config

from portcheck.domain.decision import Decision
from portcheck.domain.text import one_line
from portcheck.intake.files.source import open_source
from portcheck.journal.append import Actor
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.matching import evidence, rematch
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import load
from portcheck.store import engine, projections
from portcheck.store.schema import open_store

PRELOADED = (alembic.command, alembic.config, engine, evidence, projections, rematch)
LISTED = "AB12 CDE"


def say(text: str) -> None:
    """Tell the test, at once."""
    os.write(1, f"{one_line(text)}\n".encode())


def context_of(database: Path, *, create: bool = False) -> Context:
    """An open database, as a command has it."""
    environ = {
        "PORTCHECK_DB": str(database),
        "PORTCHECK_CONFIG": str(database.with_name("portcheck.toml")),
        "PORTCHECK_OFFICER": "4711",
    }
    settings = load({}, environ)
    actor = Actor(settings["officer"], settings["agency"], settings["device"])
    return Context(open_store(database, create=create), database, settings, actor)


def record_checks(order: dict[str, Any]) -> None:
    """Checks with an outcome, every third of them listed and decided; each told once saved."""
    draw = random.Random(order["seed"])
    context = context_of(Path(order["database"]))
    with closing(context.connection):
        for number in range(order["count"]):
            listed = number % 3 == 0
            typed = LISTED if listed else f"ZY{draw.randrange(10**5):05d}{number:04d}"
            observed = Observed(
                {"direction": "inbound"},
                {"searched": ["dog"], "notes": [f"seed {order['seed']}, {number}"]},
                decision=Decision.CONFIRMED if listed else Decision.NONE,
            )
            say(record(context, prepare(context, Query(typed), observed)).ref)


def import_version(order: dict[str, Any]) -> None:
    """The next version of a list; told once it is stored."""
    context = context_of(Path(order["database"]))
    options = ImportOptions(list_name="BIG", confirm=lambda _question: True)
    with closing(context.connection):
        result = import_list(context, open_source(Path(order["file"])), options)
        say(f"version {result.version}")


def create(order: dict[str, Any]) -> None:
    """A new database; told once it is there."""
    context_of(Path(order["database"]), create=True).connection.close()
    say("created")


JOBS: dict[str, Callable[[dict[str, Any]], None]] = {
    "record": record_checks,
    "import": import_version,
    "create": create,
}


def main() -> None:
    """Serve until standard input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            say(f"pid {os.getpid()}")
            JOBS[order["do"]](order)
            if order.get("stay"):
                signal.pause()
            os._exit(0)
        os.waitpid(child, 0)
        say("end")


if __name__ == "__main__":
    main()
