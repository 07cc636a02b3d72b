"""`portcheck log`: the operation's checks."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.mapping import MapOption, mapping_of
from portcheck.cli.passwords import PasswordFileOption, with_password
from portcheck.cli.session import (
    MOST_ROWS,
    AgainOption,
    JsonOption,
    OperationOption,
    console,
    note,
    opened,
    print_json,
    print_json_line,
    say_who,
    show_lines,
)
from portcheck.domain.text import one_line

app = App(invoke_without_command=True)


@app.callback()
def log(
    ctx: typer.Context,
    operation: OperationOption = "",
    find: Annotated[
        str, typer.Option(metavar="REG", help="Those with this in a registration.")
    ] = "",
    open_: Annotated[
        bool, typer.Option("--open", help="Those with a match that waits for a decision.")
    ] = False,
    disputed: Annotated[
        bool,
        typer.Option("--disputed", help="Those of which devices say different things."),
    ] = False,
    last: Annotated[int, typer.Option(min=0, metavar="N", help="Only the last N.")] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="A line of JSON for every check.")
    ] = False,
) -> None:
    """The operation's checks: list, show, import, export.

    Example: portcheck log --last 10
    """
    if ctx.invoked_subcommand:
        return
    from portcheck.domain.registration.key import key_of
    from portcheck.report.checks import check_document, checks_table, dispute_lines
    from portcheck.services.day.overview import Wanted, checks
    from portcheck.services.matching.lookup import note_consulted
    from portcheck.services.operation import named
    from portcheck.services.settings import zone

    with opened(ctx) as context:
        chosen = named(context, operation)
        here = zone(chosen.timezone)
        wanted = Wanted(
            text=key_of(find) if find else "",
            unresolved=open_,
            disputed=disputed,
            limit=min(last, MOST_ROWS),
        )
        found = checks(context, chosen.operation_id, wanted)
        note_consulted(context, "log", [one_line(find)] if find else [])
        if as_json:
            for check in found:
                print_json_line(check_document(check, here))
        elif found:
            console(ctx).print(checks_table(found, here))
            if disputed:
                show_lines(ctx, (line for check in found for line in dispute_lines(check)))
        else:
            note(ctx, f"No check in {chosen.name} fits.")


@app.command()
def show(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The check, as L2-031.")],
    operation: OperationOption = "",
    as_json: JsonOption = False,
) -> None:
    """Everything about one check: matches, outcome, and corrections beside the original.

    Example: portcheck log show L2-031
    """
    from portcheck.report.checks import check_document, check_lines
    from portcheck.services.checks.records import find_check, lines_of
    from portcheck.services.day.overview import Wanted, checks
    from portcheck.services.matching.lookup import note_consulted
    from portcheck.services.operation import named
    from portcheck.services.settings import zone

    with opened(ctx) as context:
        chosen = named(context, operation)
        row = find_check(context, ref, chosen.operation_id)
        (found,) = checks(context, row.operation_id, Wanted(check_id=row.check_id))
        here = zone(chosen.timezone)
        note_consulted(context, "log show", [found.ref])
        if as_json:
            print_json(check_document(found, here))
        else:
            lines = lines_of(context, row.check_id, here)
            show_lines(ctx, check_lines(found, here, lines))


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A spreadsheet or CSV of checks; - reads stdin.")
    ],
    sheet: Annotated[str, typer.Option(metavar="NAME", help="The sheet to read.")] = "",
    mapping: MapOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come of it; store nothing.")
    ] = False,
    no_list: Annotated[
        bool, typer.Option("--no-list", help="Record them although no list is in force.")
    ] = False,
    again: AgainOption = False,
    password_file: PasswordFileOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take checks written down elsewhere, outcomes included, into the current operation.

    Every row is matched, recorded and accounted for.

    Example: portcheck log import "paper log.xlsx"
    """
    from portcheck.intake.files.source import open_source
    from portcheck.report.checks import log_import_document, log_import_lines
    from portcheck.services.checks.import_log import import_log

    columns = mapping_of(mapping)
    with opened(ctx, trial=dry_run) as context:
        source = open_source("-" if file == "-" else Path(file))
        take = partial(
            import_log,
            context,
            source,
            sheet=sheet,
            mapping=columns,
            dry_run=dry_run,
            no_list=no_list,
            again=again,
        )
        result = with_password(password_file, lambda password: take(password=password))
        if as_json:
            print_json(log_import_document(result))
        else:
            show_lines(ctx, log_import_lines(result))
        if result.stored:
            say_who(ctx, context)


@app.command("export")
def export(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .csv, .xlsx or .jsonl file.")],
    operation: OperationOption = "",
    recipient: Annotated[
        str, typer.Option(metavar="NAME", help="Who it is for; goes into the audit log.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write the operation's checks to a file that “log import” reads back.

    The export is recorded, with whom it was for.

    Example: portcheck log export checks.xlsx --recipient "Border Force"
    """
    from portcheck.domain.text import count
    from portcheck.report.export import export_checks
    from portcheck.services.operation import named

    with opened(ctx) as context:
        chosen = named(context, operation)
        number = export_checks(context, chosen, Path(file), recipient=recipient, force=force)
        note(ctx, f"{count(number, 'check')} written to {file}")
        say_who(ctx, context)
