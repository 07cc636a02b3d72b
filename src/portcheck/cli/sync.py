"""`portcheck sync`: send what is new here, fetch what is new there."""

import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    note,
    opened,
    print_json,
    print_json_line,
    say_who,
    show_lines,
    warn,
)
from portcheck.errors import ExitCode, TargetUnreachable, WrongUsage

if TYPE_CHECKING:
    from portcheck.services.context import Context
    from portcheck.services.exchange.receiving import Progress
    from portcheck.services.exchange.sync import Synced

app = App(help="Send what is new here to the other devices, and fetch what is new there.")

TargetArgument = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help="A folder (stick, share), one file, day.portcheck, or an address, s3://bucket/day."
        " Left out: “config set sync”.",
    ),
]


@app.command()
def sync(
    ctx: typer.Context,
    target: TargetArgument = "",
    operation: Annotated[
        str, typer.Option("--op", metavar="NAME", help="Another operation than the current one.")
    ] = "",
    watch: Annotated[
        int,
        typer.Option(
            "--watch",
            metavar="SECONDS",
            help="Again and again, so often; at a server as soon as there is news.",
            min=0,
        ),
    ] = 0,
    recipient: Annotated[
        str, typer.Option("--for", metavar="LABEL", help="Encrypt one file to this device.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent and fetched, and do nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Send what is new here to the other devices, and fetch what is new there.

    Exit code 3: something was refused; 5: the target cannot be reached (all is kept, and will
    be sent); 6: something is pending.

    Example: portcheck sync /media/stick
    """
    from portcheck.services.exchange.watching import watching

    with opened(ctx) as context:
        chosen = target or context.settings["sync"]
        if not chosen:
            raise WrongUsage(
                "no target is named",
                hint="Give one, “portcheck sync /media/stick”, or set it once,"
                " “portcheck config set sync /media/stick”.",
            )
        say_who(ctx, context)
        once = partial(_once, ctx, context, chosen, operation, recipient, dry=dry_run)
        if not watch:
            found = once()
            _tell(ctx, found, as_json=as_json, watching=False)
            leave(found)
            return
        with watching(context, chosen, watch) as between:
            while True:
                between.begin()
                try:
                    _tell(ctx, once(), as_json=as_json, watching=True)
                except TargetUnreachable as error:
                    warn(str(error))
                between.wait()


def _once(
    ctx: typer.Context,
    context: "Context",
    chosen: str,
    operation: str,
    recipient: str,
    *,
    dry: bool,
) -> "Synced":
    from portcheck.services.exchange.sync import open_and_sync

    return open_and_sync(
        context,
        chosen,
        name=operation,
        recipient=recipient,
        dry=dry,
        progress=progress_of(ctx),
        tell=lambda text: note(ctx, text),
    )


def _tell(ctx: typer.Context, found: "Synced", *, as_json: bool, watching: bool) -> None:
    from portcheck.report.exchange import synced_document, synced_lines

    if as_json and watching:
        print_json_line(synced_document(found))
    elif as_json:
        print_json(synced_document(found))
    else:
        show_lines(ctx, synced_lines(found))


def leave(found: "Synced") -> None:
    """End with the exit code that says what is left to do."""
    if found.refused:
        raise typer.Exit(ExitCode.REFUSED)
    if found.pending:
        raise typer.Exit(ExitCode.PENDING)


def progress_of(ctx: typer.Context) -> "Progress":
    """How far it is, on a terminal and where it takes more than a second."""
    begun = time.monotonic()
    told = begun

    def progress(done: int, of: int) -> None:
        nonlocal told
        now = time.monotonic()
        if ctx.obj.quiet or not sys.stderr.isatty() or now - begun < 1:
            return
        if done == of:
            sys.stderr.write("\r\x1b[K")
        elif now - told > _EVERY:
            told = now
            sys.stderr.write(f"\r{done:,} of {of:,} …")
        sys.stderr.flush()

    return progress


_EVERY = 0.2  # seconds
