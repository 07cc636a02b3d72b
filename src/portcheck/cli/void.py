"""`portcheck void`."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import JsonOption, OperationOption, opened, print_json, say_who
from portcheck.domain.text import one_line

app = App()


@app.command()
def void(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The check, as L2-031.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it should not count.")],
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take a check out of the count; it stays visible.

    Example: portcheck void L2-031 --reason "entered twice"
    """
    from portcheck.services.correct import void as make_void
    from portcheck.services.operation import named

    with opened(ctx) as context:
        chosen = named(context, operation)
        check = make_void(context, ref, chosen.operation_id, one_line(reason))
        if as_json:
            print_json(
                {"ref": check.ref, "id": check.check_id, "reason": one_line(reason), "saved": True}
            )
        else:
            typer.echo(f"{check.ref}: void")
        say_who(ctx, context)
