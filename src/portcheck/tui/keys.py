"""What an officer can do at the lane, and the keys for it: one table for all that shows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do.

    `keys` are Textual's names of the keys that do it at once; `letter` does it
    after Esc or together with Alt, and after "/" in the plain loop; `shown` is
    the first key as people read it.
    """

    name: str
    keys: tuple[str, ...]
    letter: str
    label: str
    help: str

    @property
    def shown(self) -> str:
        """How to do it, as on the screen: "F2", or "Esc v" where it has no key."""
        if not self.keys:
            return f"Esc {self.letter}"
        return "+".join(part.capitalize() for part in self.keys[0].split("+"))


COMMANDS: tuple[Command, ...] = (
    Command("help", ("f1",), "h", "help", "All the keys."),
    Command(
        "nothing_found",
        ("f2",),
        "n",
        "nothing found",
        "Searched, nothing found: recorded at once for the check in hand.",
    ),
    Command(
        "outcome", ("f3",), "o", "outcome", "What the search found and what was done: the form."
    ),
    Command("confirm", ("f4",), "y", "it is", "The listed vehicle is this one."),
    Command("reject", ("f5",), "x", "it is not", "The listed vehicle is not this one; say why."),
    Command(
        "undo", ("f6",), "u", "undo", "Take back the last thing done here; it stays in the journal."
    ),
    Command("find", ("f7",), "f", "find", "Find a check by its number or a registration."),
    Command(
        "amend", ("f8",), "a", "amend", "Correct the check in hand: registrations and details."
    ),
    Command(
        "details", ("f9",), "d", "details", "Direction, body, haulier and the rest, for the next."
    ),
    Command("leave", ("f10", "ctrl+q", "ctrl+c"), "q", "leave", "Leave the screen."),
    Command("trailer", ("ctrl+t",), "t", "trailer", "Type the trailer."),
    Command("country", ("ctrl+n",), "c", "country", "Type the country of what you just typed."),
    Command("container", ("ctrl+o",), "k", "container", "Type the container's number."),
    Command("void", (), "v", "void", "Take the check in hand out of the count; it stays visible."),
    Command("bell", ("ctrl+g",), "b", "bell", "Turn the bell on hits off, or on again."),
    Command(
        "contrast", ("f12", "ctrl+l"), "s", "sunlight", "Black on white for sunlight, or back."
    ),
    Command("palette", ("ctrl+p",), "p", "palette", "All commands by name."),
)
BY_KEY = {key: command for command in COMMANDS for key in command.keys}
BY_LETTER = {command.letter: command for command in COMMANDS}
BY_NAME = {command.name: command for command in COMMANDS}
ALWAYS = frozenset({"help", "bell", "contrast"})
"""Commands that work whatever stands in front."""
ASKED_AGAIN = frozenset(
    {"nothing_found", "outcome", "confirm", "reject", "undo", "amend", "void", "leave"}
)
"""Commands that lead to a record, or away: after Esc and a letter, only Enter does them.  A
letter may be the first of a registration, and a terminal sends Alt and a letter the same way."""
CHOOSING_SECONDS = 1.0
"""How long after Esc a letter is a command."""
F_DIGITS = {str(number % 10): f"f{number}" for number in range(1, 11)}
"""For keyboards without function keys: Esc and a digit, 0 for F10."""

MOVES = (
    ("Enter", "Check what is typed."),
    ("Tab", "The next field: country, trailer, its country, container; Shift+Tab goes back."),
    ("↑ ↓", "Take an earlier check in hand, of the last ten."),
    ("PgUp PgDn", "The rest of a long answer."),
    ("Ctrl+U", "Empty the field."),
    (
        "Esc",
        (
            "Then, within a second, the letter of a command, or the digit of an F key. What leaves "
            "a record is then done by Enter; any other key is typed. Alt does as Esc."
        ),
    ),
)


def shown(name: str) -> str:
    """The key of the command of this name, as people read it.

    >>> shown("confirm"), shown("void")
    ('F4', 'Esc v')
    """
    return BY_NAME[name].shown
