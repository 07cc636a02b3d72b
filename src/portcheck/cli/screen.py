"""`portcheck screen`: a ferry's manifest, before the ship docks."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.lookup import ExitCodeOption, verdict_code
from portcheck.cli.mapping import MapOption, mapping_of
from portcheck.cli.passwords import PasswordFileOption, with_password
from portcheck.cli.session import (
    console,
    note,
    opened,
    print_json_line,
    say_who,
    settings_of,
    show_lines,
)

if TYPE_CHECKING:
    from rich.progress import Progress

    from portcheck.services.matching.screen import ScreenResult

app = App()

SHOWN_AFTER = 1.0
"""Seconds before progress is shown at all."""


@app.command()
def screen(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The manifest: a spreadsheet or CSV; - reads stdin."),
    ],
    sheet: Annotated[str, typer.Option(metavar="NAME", help="The sheet to read.")] = "",
    mapping: MapOption = None,
    out: Annotated[
        str, typer.Option(metavar="FILE", help="Write what to stop to an .xlsx or .csv file.")
    ] = "",
    recipient: Annotated[
        str, typer.Option(metavar="NAME", help="Who the file is for; goes into the audit log.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    password_file: PasswordFileOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for every row.")] = False,
    exit_code: ExitCodeOption = False,
) -> None:
    """A manifest, before the ship docks: what to stop.

    The surest and dearest come first. Vehicles, trailers and containers are
    matched and every row is accounted for. No check is recorded, only that the file was screened.

    Example: portcheck screen manifest.csv --out "to stop.xlsx"
    """
    from portcheck.intake.files.source import open_source
    from portcheck.output.writing import TABLES
    from portcheck.report.screen import write_stops
    from portcheck.services.custody.targets import check_target
    from portcheck.services.matching import screen as service

    columns = mapping_of(mapping)
    source = open_source("-" if file == "-" else Path(file))
    if out:
        check_target(
            settings_of(ctx),
            Path(out),
            formats=TABLES,
            force=force,
            sources=[source],
            password_file=password_file,
        )
    with opened(ctx) as context:
        with _progress(ctx) as progress:
            read = partial(
                service.screen,
                context,
                source,
                sheet=sheet,
                mapping=columns,
                progress=progress,
            )
            result = with_password(password_file, lambda password: read(password=password))
        try:
            _show(ctx, result, as_json=as_json)
        finally:  # what was shown is logged, also when whoever reads it has gone
            service.note_screened(context, result)
        if out:
            number = write_stops(context, result, Path(out), recipient=recipient)
            note(ctx, f"{number:,} lines written to {out}")
        say_who(ctx, context)
    if exit_code:
        raise typer.Exit(verdict_code([one.answer for one in result.screened]))


def _show(ctx: typer.Context, result: "ScreenResult", *, as_json: bool) -> None:
    from portcheck.report.screen import screen_documents, screen_lines, stops_table

    if as_json:
        for document in screen_documents(result):
            print_json_line(document)
        note(ctx, f"{result.file_name}: {result.accounting}")
        return
    if result.stops:
        console(ctx).print(stops_table(result))
    show_lines(ctx, screen_lines(result))


@contextmanager
def _progress(ctx: typer.Context) -> Iterator[Callable[[int, int], None]]:
    """Tells how far it is, on a terminal, once it has taken a while."""
    if ctx.obj.quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    bar = _bar(plain=ctx.obj.plain)
    task = bar.add_task("screening", total=None)
    started = time.monotonic()

    def tell(done: int, total: int) -> None:
        if time.monotonic() - started > SHOWN_AFTER:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield tell
    finally:
        bar.stop()


def _bar(*, plain: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True, no_color=plain),
        transient=True,
    )
