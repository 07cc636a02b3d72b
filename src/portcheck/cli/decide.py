"""`portcheck decide`."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    OperationOption,
    note,
    opened,
    print_json,
    say_who,
)
from portcheck.domain.text import clean

app = App()


@app.command()
def decide(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The check, as L2-031.")],
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The listed vehicle is this one.")
    ] = False,
    reject: Annotated[
        str, typer.Option(metavar="REASON", help="The listed vehicle is not this one.")
    ] = "",
    match: Annotated[
        int | None, typer.Option(metavar="N", help="Which match, when there are several.")
    ] = None,
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say whether the listed vehicle is this one.

    Example: portcheck decide L2-031 --confirm
    """
    from portcheck.services.decide import decide as take_decision
    from portcheck.services.operation import named

    if confirm == bool(reject):
        raise typer.BadParameter("choose one of --confirm and --reject REASON")
    with opened(ctx) as context:
        chosen_operation = named(context, operation)
        check, chosen = take_decision(
            context,
            ref,
            chosen_operation.operation_id,
            confirm=confirm,
            reason=reject,
            number=match,
        )
        word = "confirmed" if confirm else "rejected"
        if as_json:
            print_json(
                {
                    "ref": check.ref,
                    "id": check.check_id,
                    "decision": word,
                    "reason": reject,
                    "matches": [m.number for m in chosen],
                    "saved": True,
                }
            )
        else:
            for one in chosen:
                typer.echo(
                    clean(f"{check.ref}: {one.unit} {one.registration} ({one.list_name}) {word}")
                )
            note(ctx, "saved")
        say_who(ctx, context)
