"""`portcheck outcome`."""

from typing import Annotated, Any

import typer

from portcheck.cli.app import App
from portcheck.cli.options import takes_fields
from portcheck.cli.session import (
    AgainOption,
    JsonOption,
    OperationOption,
    opened,
    print_json,
    say_who,
    warn,
)

app = App()


@app.command()
@takes_fields(details=False, outcome=True)
def outcome(
    *,
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The check, as L2-031.")],
    outcome: dict[str, Any],
    again: AgainOption = False,
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Record what the search found and what was done.

    What is given again adds to what is recorded; changing it is “portcheck amend”.

    Example: portcheck outcome L2-031 --search physical --penalty CP-1042:paid_in_full:2400.00
    """
    from portcheck.services.checks.decide import record_outcome
    from portcheck.services.checks.records import find_check
    from portcheck.services.operation import named

    with opened(ctx) as context:
        chosen = named(context, operation)
        check, warnings = record_outcome(context, ref, chosen.operation_id, outcome, again=again)
        if as_json:
            recorded = find_check(context, check.check_id, chosen.operation_id)
            print_json(
                {
                    "ref": check.ref,
                    "id": check.check_id,
                    "outcome": recorded.outcome,
                    "saved": True,
                    "warnings": warnings,
                }
            )
        else:
            typer.echo(f"{check.ref}: saved")
        for warning in warnings:
            warn(warning)
        say_who(ctx, context)
