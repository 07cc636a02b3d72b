"""From the global options to an open database, and from results to standard output."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portcheck.domain.text import clean
from portcheck.journal.append import Actor
from portcheck.services.context import Ask, Context
from portcheck.services.installation import DeviceKey
from portcheck.services.settings import Settings, load
from portcheck.store.schema import open_store, open_trial

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MOST_ROWS = 10**9
"""More than any table has; SQLite takes no number beyond 64 bits."""

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document for programs.")]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Money on a penalty that is paid already is meant.")
]
OperationOption = Annotated[
    str, typer.Option("--op", metavar="NAME", help="Another operation than the current one.")
]


@dataclass(frozen=True, slots=True)
class Globals:
    """The options that stand before the command."""

    options: Mapping[str, str | None] = field(default_factory=dict)
    no_color: bool = False
    quiet: bool = False

    @property
    def plain(self) -> bool:
        """Text without any escape sequence, because it was asked for."""
        return self.no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def settings_of(ctx: typer.Context) -> Settings:
    """The settings in force."""
    found: Globals = ctx.obj
    return load(found.options)


@contextmanager
def opened(
    ctx: typer.Context, *, create: bool = False, examine: bool = False, trial: bool = False
) -> Iterator[Context]:
    """The database of this call, closed at the end.  Raises what `open_store` raises.

    On a `trial` nothing will be stored, and no file is made or changed.
    """
    settings = settings_of(ctx)
    if trial:
        connection = open_trial(settings.database, create=create)
    else:
        connection = open_store(settings.database, create=create, examine=examine)
    try:
        context = Context(
            connection,
            settings.database,
            settings,
            actor_of(settings),
            key=DeviceKey(settings.file),
            tell=warn,
            ask=asker(),
        )
        if not examine:
            context.known.hold(connection, context.path)
        yield context
    finally:
        connection.close()


def asker() -> Ask | None:
    """What asks for a password on the terminal; None where nobody is there to be asked."""
    return _asked if sys.stdin.isatty() and sys.stderr.isatty() else None


def _asked(words: str) -> str:
    given: str = typer.prompt(
        clean(words), hide_input=True, err=True, default="", show_default=False
    )
    return given


def actor_of(settings: Settings) -> Actor:
    """Who writes, on the device that the settings name."""
    return Actor(settings["officer"], settings["agency"], settings["device"])


def say_who(ctx: typer.Context, context: Context) -> None:
    """Tell when the officer is only this computer's user."""
    officer = context.settings.values["officer"]
    if officer.source == "system":
        note(
            ctx,
            f"recorded under this computer's user name, {officer.value}: give your officer ID "
            "with --officer, PORTCHECK_OFFICER, or “portcheck config set officer ID”",
        )


def note(ctx: typer.Context, text: str) -> None:
    """A message to standard error, unless --quiet."""
    if not ctx.obj.quiet:
        sys.stderr.write(f"{clean(text)}\n")


def warn(text: str) -> None:
    """A warning to standard error, also with --quiet."""
    sys.stderr.write(f"! {clean(text)}\n")


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_json_line(document: Any) -> None:
    """One line of JSON, flushed at once."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def console(ctx: typer.Context) -> "Console":
    """Where answers are printed: plain on a pipe, without colour when so asked."""
    from portcheck.report.console import make_console

    return make_console(plain=ctx.obj.plain)


def show_lines(ctx: typer.Context, lines: "Iterable[Text]") -> None:
    """Print lines of an answer; they are on the screen when this returns."""
    from portcheck.report.console import make_console, print_lines

    print_lines(make_console(plain=ctx.obj.plain), lines)
