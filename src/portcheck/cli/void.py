"""`portcheck void`."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    OperationOption,
    opened,
    print_json,
    say_who,
    warn,
)
from portcheck.domain.text import one_line

app = App()


@app.command()
def void(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The check, as L2-031.")],
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why it should not count, or should again.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Count it again, with all that was recorded of it.")
    ] = False,
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take a check out of the count; it stays visible.

    Example: portcheck void L2-031 --reason "entered twice"
    """
    from portcheck.services.checks.correct import count_again
    from portcheck.services.checks.correct import void as make_void
    from portcheck.services.operation import named

    if reason is None and not undo:
        raise typer.BadParameter("say why with --reason TEXT, or count it again with --undo")
    said = one_line(reason or "")
    with opened(ctx) as context:
        where = (context, ref, named(context, operation).operation_id, said)
        check, warnings = count_again(*where) if undo else (make_void(*where), [])
        if as_json:
            print_json(
                {
                    "ref": check.ref,
                    "id": check.check_id,
                    "voided": not undo,
                    "reason": said,
                    "saved": True,
                    "warnings": warnings,
                }
            )
        else:
            typer.echo(f"{check.ref}: {'counts again' if undo else 'void'}")
        for warning in warnings:
            warn(warning)
        say_who(ctx, context)
