"""`portcheck list diff`, `list rollback`, `list retire` and `list template`."""

from pathlib import Path
from typing import Annotated

import typer

from portcheck.cli.app import App
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
from portcheck.errors import WrongUsage

ListOption = Annotated[
    str, typer.Option("--list", metavar="NAME", help="Which list; needed with several.")
]


def add_commands(app: App) -> None:
    """Add the commands to `portcheck list`."""
    app.command("diff")(diff)
    app.command("rollback")(rollback)
    app.command("retire")(retire)
    app.command("template")(template)


def diff(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A file to hold against the version in force; nothing is stored."
        ),
    ] = "",
    list_name: ListOption = "",
    older: Annotated[
        int, typer.Option("--from", min=0, metavar="VERSION", help="The one before, if left out.")
    ] = 0,
    newer: Annotated[
        int, typer.Option("--to", min=0, metavar="VERSION", help="The newest, if left out.")
    ] = 0,
    all_: Annotated[bool, typer.Option("--all", help="Name every difference.")] = False,
    password_file: PasswordFileOption = "",
    as_json: JsonOption = False,
) -> None:
    """Compare two versions of a list, or a file with the version in force.

    Example: portcheck list diff "actions 18 June.xlsx" --list CECPT
    """
    from portcheck.intake.files.source import open_source
    from portcheck.report.list_changes import diff_document, diff_lines
    from portcheck.services.lists.list_versions import diff_file, diff_versions

    if file and (older or newer):
        raise WrongUsage("a FILE is held against the version in force: leave --from and --to out")
    with opened(ctx) as context:
        if file:
            source = open_source("-" if file == "-" else Path(file))
            found = with_password(
                password_file,
                lambda password: diff_file(context, source, list_name, password=password),
            )
        else:
            found = diff_versions(context, list_name, older, newer)
    for warning in found.warnings:
        warn(warning)
    if as_json:
        print_json(diff_document(found))
    else:
        show_lines(ctx, diff_lines(found, everything=all_))


def rollback(
    ctx: typer.Context,
    version: Annotated[int, typer.Argument(min=1, metavar="VERSION", help="The one to restore.")],
    list_name: ListOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put an earlier version in force again, as a new version.

    Example: portcheck list rollback 3 --list CECPT
    """
    from portcheck.report.list_changes import rolled_back_document, rolled_back_lines
    from portcheck.services.lists.list_versions import roll_back

    with opened(ctx) as context:
        done = roll_back(context, list_name, version)
        if as_json:
            print_json(rolled_back_document(done))
        else:
            show_lines(ctx, rolled_back_lines(done))
        say_who(ctx, context)


def retire(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The list.")],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why it holds no longer; kept in the journal.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Take a list out of force: nothing of it is answered any more. Its versions stay.

    In an operation that devices share, only who leads it can; it then holds for all of them.

    Example: portcheck list retire "Ferry 2019" --reason "replaced by CECPT"
    """
    from portcheck.report.lists import retired_document, retired_lines
    from portcheck.services.exchange.retiring import retire as retire_list

    with opened(ctx) as context:
        done = retire_list(context, name, reason)
        if as_json:
            print_json(retired_document(done))
        else:
            show_lines(ctx, retired_lines(done))
        say_who(ctx, context)


def template(
    ctx: typer.Context,
    out: Annotated[str, typer.Argument(metavar="OUT.xlsx", help="The workbook to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write an empty workbook with the right columns, drop-downs and a guide.

    Example: portcheck list template "action list.xlsx"
    """
    from portcheck.report.template import write_template
    from portcheck.services.custody.targets import check_target

    check_target(settings_of(ctx), Path(out), formats=(".xlsx",), force=force)
    write_template(Path(out))
    note(ctx, f"The empty list is in {out}: fill it in and import it.")
