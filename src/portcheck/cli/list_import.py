"""`portcheck list import`: a file becomes a version of a list, every row accounted for."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.mapping import RememberedMapOption, StatusOption, mapping_of, statuses_of
from portcheck.cli.passwords import PasswordFileOption, with_password
from portcheck.cli.session import (
    JsonOption,
    note,
    opened,
    print_json,
    say_who,
    settings_of,
    show_lines,
    warn,
)
from portcheck.domain.text import clean, count
from portcheck.errors import WrongUsage

if TYPE_CHECKING:
    from portcheck.intake.files.source import Source
    from portcheck.services.context import Context
    from portcheck.services.lists.import_list import ImportOptions, ImportResult


def add_import(app: App) -> None:
    """Add the command to `portcheck list`."""
    app.command("import")(import_)


def import_(
    ctx: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Spreadsheets or CSV; - reads stdin.")
    ],
    list_name: Annotated[
        str,
        typer.Option(
            "--list", metavar="NAME", help="The list it is a version of; needed with several lists."
        ),
    ] = "",
    sheet: Annotated[str, typer.Option(metavar="NAME", help="The sheet to read.")] = "",
    all_sheets: Annotated[
        bool,
        typer.Option(
            "--all-sheets", help="Read every sheet with a list's headings; remembered for the list."
        ),
    ] = False,
    join: Annotated[
        str | None,
        typer.Option(
            metavar="SHEET:COLUMN",
            help="Join another sheet by a column that both have; remembered for the list. An empty "
            "text forgets it.",
        ),
    ] = None,
    mapping: RememberedMapOption = None,
    status: StatusOption = None,
    max_age_days: Annotated[
        int | None,
        typer.Option(min=0, max=3660, metavar="DAYS", help="How old the list may become."),
    ] = None,
    as_of: Annotated[
        str, typer.Option(metavar="TIME", help="When the list was drawn up, if not now.")
    ] = "",
    add: Annotated[
        bool,
        typer.Option(
            "--add",
            help="Add the rows to the version in force, as rejected rows that were mended, "
            "instead of taking its place.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come of it; store nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take a list that is suspiciously short.")
    ] = False,
    rejects: Annotated[
        str,
        typer.Option(metavar="OUT", help="Write the rejected rows to a workbook to be mended."),
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file of rejected rows.")
    ] = False,
    password_file: PasswordFileOption = "",
    as_json: JsonOption = False,
) -> None:
    """Import a new version of an action list, every row accounted for.

    The file takes the place of the version in force, unless its rows are added to it.

    Example: portcheck list import "actions 17 June.xlsx" --list CECPT
    """
    from portcheck.domain.times import parse_time
    from portcheck.intake.files.source import open_source
    from portcheck.intake.table.sheets import ALL_SHEETS
    from portcheck.output.writing import TABLES
    from portcheck.services.custody.targets import check_target
    from portcheck.services.lists.import_list import ImportOptions

    if len(files) > 1 and rejects:
        raise WrongUsage("--rejects goes with one file")
    if all_sheets and (sheet or join):
        raise WrongUsage("--all-sheets goes with neither --sheet nor --join")
    columns, statuses = mapping_of(mapping, may_forget=True), statuses_of(status)
    sources = [open_source("-" if name == "-" else Path(name)) for name in files]
    if rejects:
        check_target(
            settings_of(ctx),
            Path(rejects),
            formats=TABLES,
            force=force,
            sources=sources,
            password_file=password_file,
        )
    with opened(ctx, create=not add, trial=dry_run) as context:
        options = ImportOptions(
            list_name=list_name,
            sheet=ALL_SHEETS if all_sheets else sheet,
            join=join,
            mapping=columns,
            statuses=statuses,
            max_age_days=max_age_days,
            as_of=parse_time(as_of, now=context.now(), zone=context.settings.zone)
            if as_of
            else None,
            add=add,
            rejects=bool(rejects),
            dry_run=dry_run,
            confirm=(lambda _question: True) if yes else _asked() if not as_json else None,
        )
        read = [partial(_import, context, source, options) for source in sources]
        results = _take(ctx, read, password_file, rejects, as_json=as_json)
        if any(result.stored for result in results):
            say_who(ctx, context)


def _take(
    ctx: typer.Context,
    files: "Sequence[Callable[[str | None], ImportResult]]",
    password_file: str,
    rejects: str,
    *,
    as_json: bool,
) -> "list[ImportResult]":
    """Import each file with its password, and tell what came of it."""
    from portcheck.report.lists import import_document, import_lines

    results = []
    try:
        for read in files:
            result = with_password(password_file, read)
            results.append(result)
            if not as_json:
                show_lines(ctx, import_lines(result))
            if rejects:
                _write_rejects(ctx, rejects, result)
    finally:  # what was stored is told, also when a later file is refused
        if as_json and results:
            documents = [import_document(result) for result in results]
            print_json(documents[0] if len(files) == 1 else documents)
    for result in results:
        if result.now_listed:
            warn(f"now listed: {', '.join(result.now_listed)}; see “portcheck log --open”")
    return results


def _import(
    context: "Context", source: "Source", options: "ImportOptions", password: str | None
) -> "ImportResult":
    from portcheck.services.lists.import_list import import_list

    return import_list(context, source, replace(options, password=password))


def _asked() -> Callable[[str], bool] | None:
    """A question on the terminal, or None where nobody could answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return lambda question: typer.confirm(f"{clean(question)}. Store it?", err=True)


def _write_rejects(ctx: typer.Context, path: str, result: "ImportResult") -> None:
    from portcheck.report.rejects import write_rejects

    if not result.rejected_rows:
        note(ctx, "No row was rejected: no workbook of rejects was written.")
        return
    write_rejects(Path(path), result, ((row, row.reason) for row in result.rejected_rows))
    rows = count(len(result.rejected_rows), "rejected row")
    note(ctx, f"{rows} written to {path}: mend them there and import that with --add.")
