"""`portcheck doctor`: is this machine fit, and is the database whole?"""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    note,
    opened,
    print_json,
    settings_of,
    show_lines,
)
from portcheck.errors import ExitCode

app = App()


@app.command()
def doctor(
    ctx: typer.Context,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the tables anew from the journal.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Is this machine fit for it?

    Looks at this machine and at the database; exit 4 when something needs attention.

    Example: portcheck doctor
    """
    from portcheck.report.doctor import finding_document, finding_line
    from portcheck.services import doctor as examination

    findings = list(examination.examine_machine())
    path = settings_of(ctx).database
    if path.exists():
        with opened(ctx, examine=True) as context:
            if rebuild:
                events, changed = examination.rebuild(context)
                note(
                    ctx,
                    f"rebuilt from {events:,} events: "
                    + ("the tables differed and are right now" if changed else "nothing differed"),
                )
            findings += examination.examine_database(context)
    else:
        note(ctx, f"There is no database yet at {path}.")
    if as_json:
        print_json(
            {
                "database": str(path),
                "good": all(one.good for one in findings),
                "findings": [finding_document(one) for one in findings],
            }
        )
    else:
        show_lines(ctx, map(finding_line, findings))
    if not all(one.good for one in findings):
        raise typer.Exit(ExitCode.DATABASE)
