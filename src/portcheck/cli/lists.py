"""`portcheck list`: action lists."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.list_import import add_import
from portcheck.cli.list_versions import add_commands
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
from portcheck.domain.text import one_line

app = App(
    no_args_is_help=True,
    help="Action lists: import, show, find, compare, history.\n\n"
    'Example: portcheck list import "actions 17 June.xlsx"',
)

ListOption = Annotated[str, typer.Option("--list", metavar="NAME", help="Which list.")]

add_import(app)


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
    from portcheck.services.lists import browse
    from portcheck.services.matching.lookup import note_consulted

    with opened(ctx) as context:
        zone = context.zone_here()
        found = browse.versions(context, name, newest_only=True)
        documents = []
        out = console(ctx)
        for one in found:
            entries = browse.entries(context, one.name, min(rows, MOST_ROWS)) if rows else []
            faults = browse.problems(context, one.name, one.version) if problems else []
            if as_json:
                document = version_document(one, zone)
                if rows:
                    document["entries"] = [browse.entry_document(entry) for entry in entries]
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
    from portcheck.services.lists import browse
    from portcheck.services.matching.lookup import note_consulted

    with opened(ctx) as context:
        limit = min(limit, MOST_ROWS)
        found = browse.find(context, text, limit + 1)
        shown = found[:limit]
        note_consulted(context, "list find", [one_line(text)])
        if as_json:
            print_json([browse.entry_document(entry) for entry in shown])
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
    from portcheck.services.lists.browse import versions

    with opened(ctx) as context:
        zone = context.zone_here()
        found = versions(context, name)
        if as_json:
            print_json([version_document(one, zone) for one in found])
        elif found:
            console(ctx).print(versions_table(found, zone))
        else:
            note(ctx, "No list was ever imported here.")


add_commands(app)
