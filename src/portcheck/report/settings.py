"""Settings for people."""

from rich.table import Table

from portcheck.report.console import safe
from portcheck.services.settings import HELP, Settings

_SOURCES = {
    "option": "given with the command",
    "environment": "from the environment",
    "file": "from the settings file",
    "default": "the default",
    "system": "this computer's user",
}


def settings_table(settings: Settings) -> Table:
    """Every setting, its value, where it comes from, and what it is."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Setting", "Value", "From", "What it is"):
        table.add_column(heading, overflow="fold")
    for name, one in settings.values.items():
        table.add_row(safe(name), safe(one.shown), safe(_SOURCES[one.source]), safe(HELP[name]))
    return table
