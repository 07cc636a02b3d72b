"""`portcheck amend`."""

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
    show_lines,
    warn,
)
from portcheck.domain.text import one_line

app = App()


@app.command()
@takes_fields(details=True, outcome=True)
def amend(
    *,
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The check, as L2-031.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it is corrected.")],
    details: dict[str, Any],
    outcome: dict[str, Any],
    registration: Annotated[
        str, typer.Option(metavar="REG", help="The vehicle; it is matched again.")
    ] = "",
    country: Annotated[str, typer.Option(metavar="CODE", help="The vehicle's country.")] = "",
    trailer: Annotated[str, typer.Option(metavar="REG", help="Its trailer.")] = "",
    trailer_country: Annotated[
        str, typer.Option(metavar="CODE", help="The trailer's country.")
    ] = "",
    container: Annotated[str, typer.Option(metavar="NO", help="Its container.")] = "",
    at: Annotated[str, typer.Option(metavar="TIME", help="When it was.")] = "",
    clear: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="Take a field away. May be given again."),
    ] = None,
    again: AgainOption = False,
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Correct a check; the original stays visible.

    A value given here takes the place of the one recorded.

    Example: portcheck amend L2-031 --registration "AB12 CDF" --reason "misread"
    """
    from portcheck.domain.times import parse_time
    from portcheck.report.checks import change_lines
    from portcheck.services.checks.correct import Correction
    from portcheck.services.checks.correct import amend as correct
    from portcheck.services.matching.matcher import known_country
    from portcheck.services.operation import named
    from portcheck.services.settings import zone

    typed = {
        "vehicle": one_line(registration),
        "country": known_country(country),
        "trailer": one_line(trailer),
        "trailer_country": known_country(trailer_country),
        "container": one_line(container),
    }
    with opened(ctx) as context:
        chosen = named(context, operation)
        here = zone(chosen.timezone)
        correction = Correction(
            {name: text for name, text in typed.items() if text},
            details,
            outcome,
            parse_time(at, now=context.now(), zone=here) if at else None,
            tuple(clear or ()),
            again=again,
        )
        check, changes, warnings = correct(
            context, ref, chosen.operation_id, correction, one_line(reason)
        )
        if as_json:
            print_json(
                {
                    "ref": check.ref,
                    "id": check.check_id,
                    "changes": [change.model_dump(mode="json") for change in changes],
                    "reason": one_line(reason),
                    "saved": True,
                    "warnings": warnings,
                }
            )
        else:
            show_lines(ctx, change_lines(check.ref, changes))
        for warning in warnings:
            warn(warning)
        say_who(ctx, context)
