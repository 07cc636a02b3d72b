"""The help, one key away, and the card for somebody's first minutes at the lane."""

from collections.abc import Iterator

from rich.text import Text

from portcheck.report.console import safe
from portcheck.tui.keys import COMMANDS, MOVES
from portcheck.tui.parts import Part

_WIDTH = 11


class Help(Part):
    """All the keys, scrolled with the arrows; any other key goes back."""

    title = "Help"

    def __init__(self) -> None:
        super().__init__()
        self._first = 0

    def take(self, key: str, character: str | None) -> None:  # noqa: ARG002 - the key alone counts
        """Scroll, or go back."""
        steps = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}
        if key in steps:
            self._first = max(self._first + steps[key], 0)
        else:
            self.close()

    def lines(self, width: int, height: int) -> list[Text]:
        """As much of it as fits, from where it was scrolled to."""
        drawn = list(_help(width))
        self._first = min(self._first, max(len(drawn) - height + 1, 0))
        below = len(drawn) - self._first - height + 1
        shown = drawn[self._first : self._first + height - 1]
        more = f"↓ {below} more lines · " if below > 0 else ""
        return [*shown, safe(f"{more}Esc: back", "bold")]


def _help(width: int) -> Iterator[Text]:
    for shown, words in MOVES:
        yield from _row(shown, words, width)
    yield Text("")
    for command in COMMANDS:
        yield from _row(command.shown, f"[{command.letter}] {command.help}", width)
    yield Text("")
    yield safe("In a form: a letter goes to its field, digits choose,")
    yield safe("Enter saves, Esc keeps it for later.")
    yield safe("■■ listed   ≈ looks like   · clear   ! waits   * half-filled")


def _row(shown: str, words: str, width: int) -> Iterator[Text]:
    from textwrap import wrap  # noqa: PLC0415 - nobody may ask for help

    for place, line in enumerate(wrap(words, max(width - _WIDTH, 20))):
        head = shown if place == 0 else ""
        yield Text.assemble((f"{head:<{_WIDTH}}", "bold"), safe(line))


FIRST_USE = (
    "Type a registration and press Enter: the answer",
    "stands here, and the check is saved as you read it.",
    "",
    "  Tab      trailer and the rest, if you have them",
    "  F2       searched, nothing found",
    "  F3       anything else: the outcome form",
    "  F4 / F5  the listed vehicle is this one / is not",
    "  F6       take back the last thing you did",
    "  F1       all the keys",
    "",
    "Nothing is ever waited for: type the next one.",
)
"""What stands in the place of the first answer."""
