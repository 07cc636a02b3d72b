"""`portcheck tally`: the day in figures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portcheck.cli.app import App
from portcheck.cli.selecting import (
    OperationsOption,
    RecountOption,
    SinceOption,
    UntilOption,
    tell_of_corrections,
    tell_of_operation,
)
from portcheck.cli.session import JsonOption, console, opened, print_json
from portcheck.errors import WrongUsage

if TYPE_CHECKING:
    from portcheck.services.context import Context
    from portcheck.services.day.selection import Selection

app = App()


@app.command()
def tally(
    ctx: typer.Context,
    operation: OperationsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="WORD",
            help="By officer, agency, site, lane, direction, hour, country or body.",
        ),
    ] = "",
    explain: Annotated[
        str,
        typer.Option(
            metavar="FIGURE", help="List the checks behind a figure of --json, as enforced_pence."
        ),
    ] = "",
    compare: Annotated[
        str, typer.Option(metavar="OPERATION", help="Beside an earlier operation.")
    ] = "",
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it anew whenever it changes, until the end.")
    ] = False,
    every: Annotated[
        float,
        typer.Option(
            min=0.1, max=3600, metavar="SECONDS", help="How often --watch looks for changes."
        ),
    ] = 2,
    recount: RecountOption = False,
    as_json: JsonOption = False,
) -> None:
    """The day in figures.

    With its lists, what is unresolved, and the journal's fingerprint.

    Example: portcheck tally --since 12:00 --by officer
    """
    _one_of(by=by, explain=explain, compare=compare, watch=watch)
    from portcheck.services.day.selection import select

    with opened(ctx) as context:
        selection = select(context, operation or (), since=since, until=until, recount=recount)
        tell_of_operation(ctx, selection)
        if by:
            _show_by(ctx, context, selection, by, as_json)
        elif explain:
            _show_explained(ctx, context, selection, explain, as_json)
        elif compare:
            _show_compared(ctx, context, selection, compare, as_json)
        elif watch:
            from portcheck.cli.watch import watch_tally

            watch_tally(ctx, context, selection, every=every, as_json=as_json)
        else:
            _show(ctx, context, selection, as_json)
        tell_of_corrections(ctx, context, selection)


def _one_of(**views: str | bool) -> None:
    given = [f"--{name}" for name, wanted in views.items() if wanted]
    if len(given) > 1:
        raise WrongUsage(f"{' and '.join(given)} do not go together", hint="Give one of them.")


def _show(ctx: typer.Context, context: "Context", selection: "Selection", as_json: bool) -> None:
    from portcheck.services.day.tally import statement

    found = statement(context, selection)
    if as_json:
        from portcheck.report.tallydocuments import tally_document

        print_json(tally_document(found))
        return
    from portcheck.report.tally import tally_view

    _print(ctx, list(tally_view(found.tally, console(ctx).width, found)))


def _show_by(
    ctx: typer.Context, context: "Context", selection: "Selection", by: str, as_json: bool
) -> None:
    from portcheck.services.day.groups import BY, groups

    if by not in BY:
        raise WrongUsage(f"--by “{by}” is none of {', '.join(BY)}")
    found, parts = groups(context, selection, by)
    if as_json:
        from portcheck.report.tallydocuments import by_document

        print_json(by_document(found, by, parts))
    else:
        from portcheck.report.tallyviews import by_view

        _print(ctx, list(by_view(found, by, parts)))


def _show_explained(
    ctx: typer.Context, context: "Context", selection: "Selection", figure: str, as_json: bool
) -> None:
    from portcheck.services.day.explain import explain
    from portcheck.services.matching.lookup import note_consulted

    found = explain(context, selection, figure)
    note_consulted(context, "tally --explain", [found.figure])
    if as_json:
        from portcheck.report.tallydocuments import explained_document

        print_json(explained_document(found, selection.zone))
    else:
        from portcheck.report.tallyviews import explained_view

        _print(ctx, list(explained_view(found, selection.zone)))


def _show_compared(
    ctx: typer.Context, context: "Context", selection: "Selection", name: str, as_json: bool
) -> None:
    from portcheck.services.day.selection import select
    from portcheck.services.day.tally import statement

    now, then = statement(context, selection), statement(context, select(context, (name,)))
    if as_json:
        from portcheck.report.tallydocuments import compared_document

        print_json(compared_document(now, then))
    else:
        from portcheck.report.tallyviews import compared_view

        _print(ctx, list(compared_view(now, then)))


def _print(ctx: typer.Context, parts: Sequence[Any]) -> None:
    out = console(ctx)
    for part in parts:
        out.print(part)
