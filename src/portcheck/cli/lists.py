"""`portcheck list`: action lists."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.list_versions import add_commands
from portcheck.cli.passwords import PasswordFileOption, with_password
from portcheck.cli.session import (
    MOST_ROWS,
    JsonOption,
    console,
    note,
    opened,
    print_json,
    say_who,
    show_lines,
    warn,
)
from portcheck.domain.text import clean, one_line
from portcheck.errors import WrongUsage

if TYPE_CHECKING:
    from portcheck.intake.source import Source
    from portcheck.services.context import Context
    from portcheck.services.import_list import ImportOptions, ImportResult

app = App(
    no_args_is_help=True,
    help="Action lists: import, show, find, compare, history.\n\n"
    'Example: portcheck list import "actions 17 June.xlsx"',
)

ListOption = Annotated[str, typer.Option("--list", metavar="NAME", help="Which list.")]


@app.command("import")
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
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=HEADER",
            help="Which column is which field; remembered. May be given again.",
        ),
    ] = None,
    max_age_days: Annotated[
        int | None,
        typer.Option(min=0, max=3660, metavar="DAYS", help="How old the list may become."),
    ] = None,
    as_of: Annotated[
        str, typer.Option(metavar="TIME", help="When the list was drawn up, if not now.")
    ] = "",
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
    password_file: PasswordFileOption = "",
    as_json: JsonOption = False,
) -> None:
    """Import a new version of an action list, every row accounted for.

    Example: portcheck list import "actions 17 June.xlsx" --list CECPT
    """
    from portcheck.intake.source import open_source
    from portcheck.report.lists import import_document, import_lines
    from portcheck.services.import_list import ImportOptions
    from portcheck.services.times import parse_time

    if len(files) > 1 and rejects:
        raise WrongUsage("--rejects goes with one file")
    sources = [open_source("-" if name == "-" else Path(name)) for name in files]
    with opened(ctx, create=True) as context:
        options = ImportOptions(
            list_name=list_name,
            sheet=sheet,
            mapping=_mapping(mapping or []),
            max_age_days=max_age_days,
            as_of=parse_time(as_of, now=context.now(), zone=context.settings.zone)
            if as_of
            else None,
            dry_run=dry_run,
            confirm=(lambda _question: True) if yes else _asked() if not as_json else None,
        )
        results = []
        try:
            for source in sources:
                result = with_password(password_file, partial(_import, context, source, options))
                results.append(result)
                if rejects:
                    _write_rejects(ctx, rejects, result)
                if not as_json:
                    show_lines(ctx, import_lines(result))
        finally:  # what was stored is told, also when a later file is refused
            if as_json and results:
                documents = [import_document(result) for result in results]
                print_json(documents[0] if len(files) == 1 else documents)
        for result in results:
            if result.now_listed:
                warn(f"now listed: {', '.join(result.now_listed)}; see “portcheck log --open”")
        if any(result.stored for result in results):
            say_who(ctx, context)


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="One list; all if left out.")] = "",
    rows: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many of its entries to show.")
    ] = 0,
    problems: Annotated[
        bool, typer.Option("--problems", help="The rows that were rejected or need a look.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the lists in force.

    Example: portcheck list show CECPT --rows 20
    """
    from portcheck.report.lists import (
        entries_table,
        version_document,
        version_lines,
    )
    from portcheck.report.problems import problem_document, problem_lines
    from portcheck.services import lists
    from portcheck.services.lookup import note_consulted

    with opened(ctx) as context:
        zone = context.zone_here()
        found = lists.versions(context, name, newest_only=True)
        documents = []
        out = console(ctx)
        for one in found:
            entries = lists.entries(context, one.name, min(rows, MOST_ROWS)) if rows else []
            faults = lists.problems(context, one.name, one.version) if problems else []
            if as_json:
                document = version_document(one, zone)
                if rows:
                    document["entries"] = [lists.entry_document(entry) for entry in entries]
                if problems:
                    document["problems"] = [problem_document(fault) for fault in faults]
                documents.append(document)
                continue
            show_lines(ctx, version_lines(one, zone))
            if entries:
                out.print(entries_table(entries))
            for line in problem_lines(faults):
                out.print(line)
        if rows or problems:
            note_consulted(context, "list show", [one.name for one in found])
        if as_json:
            print_json(documents)
        elif not found:
            note(ctx, "No list is in force. Import one with “portcheck list import FILE”.")


@app.command()
def find(
    ctx: typer.Context,
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="Part of a registration, with ? and * for what was not seen; a haulier; a penalty "
            "reference.",
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Find entries by part of a registration, by haulier or by penalty reference.

    Example: portcheck list find "AB?? C*"
    """
    from portcheck.report.lists import entries_table
    from portcheck.services import lists
    from portcheck.services.lookup import note_consulted

    with opened(ctx) as context:
        limit = min(limit, MOST_ROWS)
        found = lists.find(context, text, limit + 1)
        shown = found[:limit]
        note_consulted(context, "list find", [one_line(text)])
        if as_json:
            print_json([lists.entry_document(entry) for entry in shown])
        elif shown:
            console(ctx).print(entries_table(shown))
        else:
            note(ctx, f"Nothing in the lists in force fits “{text}”.")
        if len(found) > limit:
            warn(f"there are more than {limit}: ask more narrowly, or raise --limit")
        say_who(ctx, context)


@app.command()
def history(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="One list; all if left out.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Every version of the lists, with its accounting.

    Example: portcheck list history CECPT
    """
    from portcheck.report.lists import version_document, versions_table
    from portcheck.services.lists import versions

    with opened(ctx) as context:
        zone = context.zone_here()
        found = versions(context, name)
        if as_json:
            print_json([version_document(one, zone) for one in found])
        elif found:
            console(ctx).print(versions_table(found, zone))
        else:
            note(ctx, "No list was ever imported here.")


def _import(
    context: "Context", source: "Source", options: "ImportOptions", password: str | None
) -> "ImportResult":
    from portcheck.services.import_list import import_list

    return import_list(context, source, replace(options, password=password))


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, header = pair.partition("=")
        if not equals or not field.strip() or not header.strip():
            raise WrongUsage(
                f"--map “{clean(pair)}” is not FIELD=HEADER", hint='As --map registration="Reg no".'
            )
        mapping[one_line(field)] = one_line(header)
    return mapping


def _asked() -> Callable[[str], bool] | None:
    """A question on the terminal, or None where nobody could answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return lambda question: typer.confirm(f"{clean(question)}. Store it?", err=True)


def _write_rejects(ctx: typer.Context, path: str, result: "ImportResult") -> None:
    from portcheck.intake.rejects import write_rejects

    if not result.rejected_rows:
        note(ctx, "No row was rejected: no workbook of rejects was written.")
        return
    write_rejects(Path(path), result, ((row, row.reason) for row in result.rejected_rows))
    note(ctx, f"{len(result.rejected_rows):,} rejected rows are in {path}: mend and import them.")


add_commands(app)
