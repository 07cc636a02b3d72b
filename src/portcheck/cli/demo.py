"""`portcheck demo`: the published operation, replayed in a throw-away database."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    actor_of,
    console,
    note,
    print_json,
    settings_of,
    show_lines,
)

app = App()


@app.command()
def demo(
    ctx: typer.Context,
    checks: Annotated[
        str, typer.Option(metavar="FILE", help="Replay another log than the one that comes along.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """The 132-vehicle operation, in a throw-away database.

    The sample list is imported, the day replayed, the hit and the tally shown.
    Everything happens in a throw-away database; the data are synthetic.

    Example: portcheck demo
    """
    from pathlib import Path

    from portcheck.report.card import card
    from portcheck.report.lists import import_lines
    from portcheck.report.tally import tally_view
    from portcheck.report.tallydocuments import tally_document
    from portcheck.services.demo import replay

    settings = settings_of(ctx)
    with replay(settings, actor_of(settings), Path(checks) if checks else None) as shown:
        if as_json:
            print_json(tally_document(shown.statement))
            return
        out = console(ctx)
        note(ctx, "A day at a port, replayed: synthetic data, a throw-away database.")
        out.print("1. The list office's file becomes a list in force", style="bold")
        show_lines(ctx, import_lines(shown.imported))
        out.print()
        out.print(f"2. {shown.log.accepted} vehicles are checked; this one is listed", style="bold")
        for answer in shown.hits:
            show_lines(ctx, card(answer))
        out.print()
        out.print("3. The day in figures", style="bold")
        for part in tally_view(shown.statement.tally, out.width, shown.statement):
            out.print(part)
