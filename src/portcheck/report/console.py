"""Printing for people: plain text on a pipe, and never a foreign escape sequence."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from portcheck.domain.text import clean


def make_console(*, plain: bool = False) -> Console:
    """A console for standard output.

    Markup, emoji codes and automatic highlighting are off: what is printed came
    from files and keyboards.  With `plain`, no escape sequence is written.
    """
    if plain:
        return Console(
            color_system=None,
            force_terminal=False,
            markup=False,
            emoji=False,
            highlight=False,
        )
    return Console(markup=False, emoji=False, highlight=False)


def safe(text: object, style: str = "") -> Text:
    """Foreign text for the screen: controls stripped, nothing in it read as markup."""
    return Text(clean(str(text)), style=style)


def print_lines(console: Console, lines: Iterable[Text]) -> None:
    """Print lines of text; one too long for the screen goes on under its own beginning."""
    for line in lines:
        indent = len(line.plain) - len(line.plain.lstrip(" "))
        if indent and len(line.plain) > console.width:
            console.print(Padding(line[indent:], (0, 0, 0, indent), expand=False))
        else:
            console.print(line)
