"""`portcheck tally`: the day in figures."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import JsonOption, OperationOption, console, opened, print_json

app = App()


@app.command()
def tally(
    ctx: typer.Context,
    operation: OperationOption = "",
    recount: Annotated[
        bool,
        typer.Option(
            "--recount", help="Count an ended operation anew, with corrections made since."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """The operation in figures, with its lists, what is unresolved, and the fingerprint.

    Example: portcheck tally
    """
    from portcheck.services.tally import tally as count

    with opened(ctx) as context:
        counted = count(context, operation, recount=recount)
    if as_json:
        print_json(counted.document())
        return
    from portcheck.report.tally import tally_view

    out = console(ctx)
    for part in tally_view(counted, out.width):
        out.print(part)
