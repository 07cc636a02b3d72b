"""`portcheck device`: the devices of an operation."""

from typing import TYPE_CHECKING, Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    OperationOption,
    console,
    note,
    opened,
    print_json,
    say_who,
    show_lines,
)
from portcheck.domain.text import one_line
from portcheck.report.console import safe

if TYPE_CHECKING:
    from portcheck.services.context import Context

app = App(
    no_args_is_help=True,
    help="The devices of an operation: list, trust, revoke, lost, rejoin.\n\n"
    "Example: portcheck device list",
)

RefArgument = Annotated[
    str, typer.Argument(metavar="REF", help="Its label (L5), the beginning of its chain, its code.")
]
ReasonOption = Annotated[str, typer.Option(metavar="TEXT", help="Why.")]


@app.command("list")
def list_devices(
    ctx: typer.Context, operation: OperationOption = "", as_json: JsonOption = False
) -> None:
    """Who takes part, up to where each is known here, and when it was heard from.

    Example: portcheck device list
    """
    from portcheck.services.operation import current_or_last

    with opened(ctx) as context:
        _tell(ctx, context, current_or_last(context, operation).operation_id, as_json=as_json)


@app.command()
def trust(
    ctx: typer.Context,
    ref: RefArgument,
    lead: Annotated[
        bool,
        typer.Option(
            "--lead", help="It may also end the operation, bring lists into force and trust."
        ),
    ] = False,
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Have what a device records count, everywhere in the operation.

    Compare its code with the one on its own screen first. Only the device that opened the
    operation, or a deputy, can do it.

    Example: portcheck device trust L5
    """
    from portcheck.services.exchange import devices
    from portcheck.services.operation import current_or_last

    with opened(ctx) as context:
        chosen = current_or_last(context, operation)
        devices.trust(context, chosen, ref, lead=lead)
        _tell(ctx, context, chosen.operation_id, as_json=as_json)
        say_who(ctx, context)


@app.command()
def revoke(
    ctx: typer.Context,
    ref: RefArgument,
    reason: ReasonOption = "",
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Have nothing count that a device records from now on; what it recorded so far stands.

    Example: portcheck device revoke L5 --reason "stolen"
    """
    from portcheck.services.exchange import devices
    from portcheck.services.operation import current_or_last

    with opened(ctx) as context:
        chosen = current_or_last(context, operation)
        devices.revoke(context, chosen, ref, one_line(reason))
        _tell(ctx, context, chosen.operation_id, as_json=as_json)
        say_who(ctx, context)


@app.command()
def lost(
    ctx: typer.Context,
    ref: RefArgument,
    reason: ReasonOption = "",
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Wait for a device no longer: what it sent counts, and the tally says up to where.

    Example: portcheck device lost L5 --reason "fell into the harbour"
    """
    from portcheck.services.exchange import devices
    from portcheck.services.operation import current_or_last

    with opened(ctx) as context:
        chosen = current_or_last(context, operation)
        devices.lost(context, chosen, ref, one_line(reason))
        _tell(ctx, context, chosen.operation_id, as_json=as_json)
        say_who(ctx, context)


@app.command()
def rejoin(ctx: typer.Context) -> None:
    """Go on under a label of its own, after this disk was cloned, or set back and written to.

    What this device recorded under numbers that another has used is recorded anew, with its
    times, officers and references; nothing is lost. Close every other portcheck first, and sync
    afterwards.

    Example: portcheck device rejoin
    """
    from portcheck.domain.text import count
    from portcheck.services.exchange.rejoining import rejoin as rejoin_operation

    with opened(ctx) as context:
        found = rejoin_operation(context)
        say_who(ctx, context)
    show_lines(
        ctx,
        [
            safe(
                f"device {found.before} goes on as {found.label}:"
                f" {count(found.events, 'event')} recorded anew"
            ),
            safe("“portcheck sync” tells the others; the lead has to trust it there"),
        ],
    )


def _tell(ctx: typer.Context, context: "Context", operation_id: str, *, as_json: bool) -> None:
    from portcheck.report.exchange import devices_document, devices_remarks, devices_table
    from portcheck.services.exchange.devices import devices

    found = devices(context, operation_id, clocks=True)
    zone = context.zone_here()
    if as_json:
        print_json(devices_document(found, zone))
    elif found:
        console(ctx).print(devices_table(found, zone))
        show_lines(ctx, devices_remarks(found))
    else:
        note(
            ctx,
            "Only this device takes part. “portcheck sync TARGET” lets others join.",
        )
