"""The tally while the day runs: shown anew whenever something was recorded."""

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from portcheck.cli.session import console, print_json_line

if TYPE_CHECKING:
    from portcheck.domain.statement import Statement
    from portcheck.services.context import Context
    from portcheck.services.day.selection import Selection


def watch_tally(
    ctx: typer.Context,
    context: "Context",
    selection: "Selection",
    *,
    every: float,
    as_json: bool,
) -> None:
    """Show the tally until its operations have ended, or until Ctrl-C.

    On a terminal it stays in its place; on a pipe every state is printed, with
    `as_json` as a line of JSON.
    """
    states = _states(context, selection, every)
    try:
        if as_json:
            from portcheck.report.tallydocuments import tally_document

            for found in states:
                print_json_line(tally_document(found))
        elif console(ctx).is_terminal:
            _on_screen(ctx, states)
        else:
            for found in states:
                _print(ctx, found)
                sys.stdout.write("\n")
                sys.stdout.flush()
    except KeyboardInterrupt:  # the way to stop watching
        return


def _states(context: "Context", selection: "Selection", every: float) -> "Iterator[Statement]":
    """The statement now, and after every change, until nothing can change it any more."""
    from dataclasses import replace

    from portcheck.services.day.tally import statement
    from portcheck.services.operation import named
    from portcheck.store.connection import changes_of_others

    seen = -1
    while True:
        version = changes_of_others(context.connection)
        if version != seen:
            seen = version
            operations = tuple(named(context, one.operation_id) for one in selection.operations)
            selection = replace(selection, operations=operations)
            yield statement(context, selection)
            if all(one.ended_at for one in operations):
                return
        time.sleep(every)


def _on_screen(ctx: typer.Context, states: "Iterator[Statement]") -> None:
    """The newest state in place of the one before; the last one stays."""
    from rich.console import Group
    from rich.live import Live

    from portcheck.report.tally import tally_view

    out = console(ctx)
    newest = None
    try:
        with Live(console=out, screen=True, auto_refresh=False) as live:
            for newest in states:
                parts = tally_view(newest.tally, out.width, newest)
                live.update(Group(*parts), refresh=True)
    finally:
        if newest is not None:
            _print(ctx, newest)


def _print(ctx: typer.Context, found: "Statement") -> None:
    from portcheck.report.tally import tally_view

    out = console(ctx)
    for part in tally_view(found.tally, out.width, found):
        out.print(part)
