"""`portcheck report`: the day in a file."""

from pathlib import Path
from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.selecting import (
    OperationsOption,
    RecountOption,
    SinceOption,
    UntilOption,
    tell_of_corrections,
    tell_of_operation,
)
from portcheck.cli.session import note, opened, say_who, warn
from portcheck.domain.text import count

app = App()


@app.command()
def report(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A .xlsx, .html, .json, .csv or .md file.")
    ],
    operation: OperationsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    recount: RecountOption = False,
    recipient: Annotated[
        str, typer.Option(metavar="NAME", help="Who it is for; goes into the audit log.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """The same figures in a file, with charts and rows.

    The file's name says the format. The report is recorded, with whom it was
    for. That of an ended operation is always the same file, whatever was imported
    or corrected since; only when it was last held against the journal may be newer.

    Example: portcheck report "17 June.xlsx" --recipient "Border Force"
    """
    from portcheck.report.publish import publish
    from portcheck.services.day.selection import select

    with opened(ctx) as context:
        selection = select(context, operation or (), since=since, until=until, recount=recount)
        tell_of_operation(ctx, selection)
        made = publish(context, selection, Path(file), recipient=recipient, force=force)
        note(ctx, f"{count(made.statement.tally.checks, 'check')} reported in {file}")
        for fault in made.faults:
            warn(f"{fault}; “portcheck doctor” looks closer")
        tell_of_corrections(ctx, context, selection)
        say_who(ctx, context)
