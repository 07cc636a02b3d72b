"""`portcheck config`: who am I, and where is my database?"""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import JsonOption, console, note, print_json, settings_of

app = App(invoke_without_command=True)


@app.callback()
def config(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Who am I, and where is my database?

    Shows the settings in force, and where each comes from.

    Example: portcheck config
    """
    if ctx.invoked_subcommand:
        return
    settings = settings_of(ctx)
    if as_json:
        print_json(
            {
                "file": str(settings.file),
                "settings": {
                    name: {"value": one.shown, "source": one.source}
                    for name, one in settings.values.items()
                },
            }
        )
        return
    from portcheck.report.settings import settings_table

    out = console(ctx)
    out.print(settings_table(settings))
    out.print(
        f"settings file: {settings.file}" + ("" if settings.file.is_file() else " (none yet)")
    )


@app.command("set")
def set_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The setting.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its value.")],
) -> None:
    """Keep a setting in the settings file.

    Example: portcheck config set officer 4711
    """
    from portcheck.services.settings import settings_file, store

    path = settings_file()
    store(path, name, value)
    note(ctx, f"{name} is set in {path}")
