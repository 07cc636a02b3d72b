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
    warn,
)
from portcheck.domain.decision import Decision
from portcheck.domain.text import clean, one_line

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
    undo: Annotated[
        bool, typer.Option("--undo", help="Take a decision back: the match waits again.")
    ] = False,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why it is taken back; with --undo.")
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
    from portcheck.services.checks.decide import decide as take_decision
    from portcheck.services.checks.decide import withdraw
    from portcheck.services.operation import named

    if [confirm, bool(reject), undo].count(True) != 1:
        raise typer.BadParameter("choose one of --confirm, --reject REASON and --undo")
    if reason and not undo:
        raise typer.BadParameter("--reason goes with --undo; a rejection has its own")
    with opened(ctx) as context:
        where = (context, ref, named(context, operation).operation_id)
        if undo:
            check, chosen, _, warnings = withdraw(*where, reason=reason, number=match)
        else:
            check, chosen, _, warnings = take_decision(
                *where, confirm=confirm, reason=reject, number=match
            )
        word = Decision.OPEN if undo else Decision.of(confirm=confirm)
        if as_json:
            print_json(
                {
                    "ref": check.ref,
                    "id": check.check_id,
                    "decision": word,
                    "reason": one_line(reason if undo else reject),
                    "matches": [m.number for m in chosen],
                    "saved": True,
                    "warnings": warnings,
                }
            )
        else:
            said = "waits for a decision again" if undo else word
            for one in chosen:
                typer.echo(
                    clean(f"{check.ref}: {one.unit} {one.registration} ({one.list_name}) {said}")
                )
            note(ctx, "saved")
        for warning in warnings:
            warn(warning)
        say_who(ctx, context)
