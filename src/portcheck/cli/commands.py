"""The commands: where each one's code is, and what the help says of it.

The help text stands here so that `--help` loads none of them; a test holds it
against the commands themselves.
"""

from typing import NamedTuple


class Command(NamedTuple):
    """A command's module, the Typer app in it, its panel in the help, and its help."""

    module: str
    app: str
    panel: str
    help: str


_LANE, _LIST, _DAY, _KEEP = "At the lane", "Lists", "The operation", "Looking after it"

COMMANDS: dict[str, Command] = {
    "lane": Command(
        "portcheck.cli.lane", "app", _LANE, "The officer's screen: check, decide, record, all day."
    ),
    "lookup": Command("portcheck.cli.lookup", "app", _LANE, "Is it listed? Records no check."),
    "check": Command(
        "portcheck.cli.check", "app", _LANE, "Check a vehicle: match it, show it, save it."
    ),
    "decide": Command(
        "portcheck.cli.decide", "app", _LANE, "Say whether the listed vehicle is this one."
    ),
    "outcome": Command(
        "portcheck.cli.outcome", "app", _LANE, "Record what the search found and what was done."
    ),
    "amend": Command(
        "portcheck.cli.amend", "app", _LANE, "Correct a check; the original stays visible."
    ),
    "void": Command(
        "portcheck.cli.void", "app", _LANE, "Take a check out of the count; it stays visible."
    ),
    "feed": Command("portcheck.cli.feed", "app", _LANE, "Check what a number-plate camera reads."),
    "screen": Command(
        "portcheck.cli.screen", "app", _LANE, "A manifest, before the ship docks: what to stop."
    ),
    "list": Command(
        "portcheck.cli.lists", "app", _LIST, "Action lists: import, show, find, compare, history."
    ),
    "op": Command(
        "portcheck.cli.operation",
        "app",
        _DAY,
        "Joint operations: start, join, show, list, use, done, end, reopen.",
    ),
    "sync": Command(
        "portcheck.cli.sync",
        "app",
        _DAY,
        "Send what is new here to the other devices, and fetch what is new there.",
    ),
    "device": Command(
        "portcheck.cli.device",
        "app",
        _DAY,
        "The devices of an operation: list, trust, revoke, lost, rejoin.",
    ),
    "exchange": Command(
        "portcheck.cli.exchange",
        "app",
        _DAY,
        "An exchange on a PostgreSQL server: init, grant, revoke, doctor, publish.",
    ),
    "log": Command(
        "portcheck.cli.log", "app", _DAY, "The operation's checks: list, show, import, export."
    ),
    "tally": Command("portcheck.cli.tally", "app", _DAY, "The day in figures."),
    "report": Command(
        "portcheck.cli.report", "app", _DAY, "The same figures in a file, with charts and rows."
    ),
    "demo": Command(
        "portcheck.cli.demo", "app", _DAY, "The 132-vehicle operation, in a throw-away database."
    ),
    "audit": Command(
        "portcheck.cli.audit", "app", _KEEP, "Is the journal intact? Who did what, and when?"
    ),
    "doctor": Command("portcheck.cli.doctor", "app", _KEEP, "Is this machine fit for it?"),
    "config": Command("portcheck.cli.config", "app", _KEEP, "Who am I, and where is my database?"),
}
