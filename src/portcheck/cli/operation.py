"""`portcheck op`: joint operations."""

from typing import Annotated, Any

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    console,
    note,
    opened,
    print_json,
    say_who,
    show_lines,
    warn,
)
from portcheck.domain.text import one_line

app = App(
    no_args_is_help=True,
    help="Joint operations: start, join, show, list, use, done, end, reopen.\n\n"
    'Example: portcheck op start "Portsmouth 17 June"',
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The operation's name.")]


@app.command()
def start(
    ctx: typer.Context,
    name: NameArgument,
    site: Annotated[str, typer.Option(metavar="TEXT", help="Where it takes place.")] = "",
    agency: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An agency that takes part. May be given again."),
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When it began, if not now: 06:00, or a date too.")
    ] = "",
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="Its time zone, as Europe/London.")
    ] = "",
    part: Annotated[
        str,
        typer.Option(
            metavar="PART",
            help="The part of the United Kingdom whose bank holidays hold for cash:"
            " england_and_wales, scotland, northern_ireland or outside.",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Start an operation; it becomes the current one on this device.

    Example: portcheck op start "Portsmouth 17 June" --site "Portsmouth International Port"
    --agency Police --agency "Border Force"
    """
    from portcheck.domain.times import parse_time
    from portcheck.services import operation
    from portcheck.services.settings import zone
    from portcheck.store.finder import lists_in_force

    with opened(ctx, create=True) as context:
        here = zone(timezone or context.settings["timezone"])
        before = context.current()
        opened_operation = operation.start(
            context,
            name,
            site=site,
            agencies=agency or (),
            started_at=parse_time(at, now=context.now(), zone=here) if at else None,
            timezone=timezone,
            part=part,
        )
        _tell(ctx, context, opened_operation.operation_id, as_json)
        if before:
            note(ctx, f"{before.name} is still open: “portcheck op use” goes back to it")
        if not lists_in_force(context.connection):
            warn("no list is in force yet: import one with “portcheck list import FILE”")
        say_who(ctx, context)


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The current one if left out.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show an operation.

    Example: portcheck op show
    """
    from portcheck.services import operation

    with opened(ctx) as context:
        _tell(ctx, context, operation.named(context, name).operation_id, as_json)


@app.command("list")
def list_operations(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the operations, the newest first.

    Example: portcheck op list
    """
    from portcheck.report.operations import operation_document, operations_table
    from portcheck.services.day.overview import operations

    with opened(ctx) as context:
        found = operations(context)
        if as_json:
            print_json([operation_document(one) for one in found])
        elif found:
            console(ctx).print(operations_table(found))
        else:
            note(ctx, "There is no operation yet. Start one with “portcheck op start NAME”.")


@app.command()
def use(ctx: typer.Context, name: NameArgument, as_json: JsonOption = False) -> None:
    """Make an open operation the current one on this device.

    Example: portcheck op use "Portsmouth 17 June"
    """
    from portcheck.services import operation

    with opened(ctx) as context:
        _tell(ctx, context, operation.use(context, name).operation_id, as_json)
        say_who(ctx, context)


@app.command()
def end(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The current one if left out.")] = "",
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why it ends with matches unresolved.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """End an operation: its tally is kept as it stands, with the journal's fingerprint.

    Example: portcheck op end
    """
    from portcheck.services.day.end_operation import end as end_operation

    with opened(ctx) as context:
        ended = end_operation(context, name, one_line(reason))
        _tell(ctx, context, ended.operation_id, as_json)
        say_who(ctx, context)


@app.command("join")
def join_operation(
    ctx: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            help="A folder (stick, share), a file day.portcheck, or an address, s3://bucket/day.",
        ),
    ],
    label: Annotated[
        str,
        typer.Option(metavar="LABEL", help="This device's label there, as L5; else a free one."),
    ] = "",
    name: Annotated[
        str, typer.Option("--op", metavar="NAME", help="Which operation, where there are several.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Take part in an operation that another device opened and synced there; it becomes the
    current one. Its lists, and what is known of it so far, come with it.

    Exit code 3: something was refused; 5: the target cannot be reached; 6: something is
    pending. Compare the code that is shown with the opener's.

    Example: portcheck op join /media/stick --label L5
    """
    from portcheck.cli.sync import leave, progress_of
    from portcheck.report.exchange import joined_document, joined_lines
    from portcheck.services.exchange.joining import join_from

    with opened(ctx, create=True) as context:
        joined = join_from(context, target, name=name, label=label, progress=progress_of(ctx))
        if as_json:
            print_json(joined_document(joined))
        else:
            show_lines(ctx, joined_lines(joined))
        say_who(ctx, context)
    leave(joined.synced)


@app.command()
def done(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The current one if left out.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Say that this device has finished: nobody has to wait for more of it. Sync afterwards.

    Example: portcheck op done
    """
    from portcheck.services import operation
    from portcheck.services.exchange.devices import finish

    with opened(ctx) as context:
        chosen = operation.named(context, name)
        finish(context, chosen)
        _tell(ctx, context, chosen.operation_id, as_json)
        note(ctx, "This device has finished. “portcheck sync” tells the others.")
        say_who(ctx, context)


@app.command()
def reopen(
    ctx: typer.Context,
    name: NameArgument,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it goes on.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Go on with an operation that has ended; the tally of its end stays in the journal.

    Example: portcheck op reopen "Portsmouth 17 June" --reason "one more ship"
    """
    from portcheck.services.day.end_operation import reopen as reopen_operation

    with opened(ctx) as context:
        again = reopen_operation(context, name, one_line(reason))
        _tell(ctx, context, again.operation_id, as_json)
        say_who(ctx, context)


def _tell(ctx: typer.Context, context: Any, operation_id: str, as_json: bool) -> None:
    from portcheck.report.operations import operation_document, operation_lines
    from portcheck.services.day.overview import operations

    (found,) = operations(context, operation_id)
    if as_json:
        print_json(operation_document(found))
    else:
        show_lines(ctx, operation_lines(found))
