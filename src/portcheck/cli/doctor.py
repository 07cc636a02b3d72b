"""`portcheck doctor`: is this machine fit, and is the database whole?"""

from typing import TYPE_CHECKING, Annotated

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
from portcheck.errors import ExitCode, PortcheckError

if TYPE_CHECKING:
    from portcheck.services.context import Context

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
    from portcheck.services.custody import doctor as examination
    from portcheck.services.installation import DeviceKey

    settings = settings_of(ctx)
    findings = [*examination.examine_machine(), examination.examine_key(DeviceKey(settings.file))]
    path = settings.database
    if path.exists():
        try:
            with opened(ctx, examine=True) as context:
                if rebuild:
                    _rebuild(ctx, context)
                findings += examination.examine_database(context)
        except PortcheckError as error:
            if rebuild:
                raise
            findings.append(examination.unfit(error))
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


def _rebuild(ctx: typer.Context, context: "Context") -> None:
    from portcheck.services.custody.doctor import rebuild

    events, changed = rebuild(context)
    what = "the tables differed and are right now" if changed else "nothing differed"
    note(ctx, f"rebuilt from {events:,} events: {what}")
