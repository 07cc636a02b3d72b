"""`portcheck audit`: is the journal intact, and who did what, when."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import MOST_ROWS, JsonOption, console, opened, print_json, show_lines
from portcheck.errors import ExitCode

app = App(
    no_args_is_help=True,
    help="Is the journal intact? Who did what, and when?\n\nExample: portcheck audit verify",
)


@app.command()
def verify(
    ctx: typer.Context,
    fingerprint: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="A fingerprint from a printed tally: finds a journal that was cut short.",
        ),
    ] = "",
    journal_only: Annotated[
        bool,
        typer.Option("--journal-only", help="The quick way: only the chain of events."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find any event that was altered, removed, inserted or moved; exit 3 names the first.

    Lists, checks and figures are then held against it, row by row. That all was whole is
    recorded, and the tally says when. A journal that was cut short can only be found
    against a fingerprint held elsewhere, as on a printed tally.

    Example: portcheck audit verify --fingerprint L1:412:9F3A-…
    """
    from portcheck.report.audit import verified_document, verified_lines
    from portcheck.services.custody.audit import verify as verify_journal

    with opened(ctx, examine=True) as context:
        found = verify_journal(context, fingerprint, journal_only=journal_only)
    if as_json:
        print_json(verified_document(found))
    else:
        show_lines(ctx, verified_lines(found))
    if not found.intact:
        raise typer.Exit(ExitCode.REFUSED)


@app.command()
def log(
    ctx: typer.Context,
    last: Annotated[int, typer.Option(min=1, metavar="N", help="Only the last N events.")] = 50,
    all_: Annotated[bool, typer.Option("--all", help="Every event.")] = False,
    officer: Annotated[str, typer.Option(metavar="ID", help="Only what this officer did.")] = "",
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Only this kind, as record_consulted.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Who did what, and when: every event of the journal, the newest last.

    Example: portcheck audit log --last 20
    """
    from portcheck.report.audit import event_document, events_table
    from portcheck.services.custody.audit import events

    with opened(ctx) as context:
        found = events(context, 0 if all_ else min(last, MOST_ROWS), officer, kind)
        zone = context.zone_here()
        if as_json:
            print_json([event_document(event, zone) for event in found])
        else:
            console(ctx).print(events_table(found, zone))
