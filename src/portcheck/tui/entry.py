"""The vehicle being typed: its registration, and what else identifies it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portcheck.domain.text import one_line
from portcheck.services.matching.matcher import Query
from portcheck.tui.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from portcheck.intake.feed import CameraRead

FIELDS = ("vehicle", "country", "trailer", "trailer_country", "container")
LABELS = {
    "vehicle": "REGISTRATION",
    "country": "Country",
    "trailer": "Trailer",
    "trailer_country": "Country",
    "container": "Container",
}
_LONGEST = 60


def _lines() -> dict[str, Line]:
    return {name: Line(longest=_LONGEST) for name in FIELDS}


@dataclass(slots=True)
class Entry:
    """Five lines, of which one is typed in; the registration first.

    `read` is what a camera read, as long as the registration is what it read.
    `given_up` is there while what stands here was refused and put back: keys that move or
    take away mend it, and what is typed instead is a new entry, which is when it is called.
    """

    lines: dict[str, Line] = field(default_factory=_lines)
    active: str = FIELDS[0]
    read: "CameraRead | None" = None
    given_up: "Callable[[], None] | None" = None

    @property
    def blank(self) -> bool:
        """Nothing is typed in any of them."""
        return not any(line.text.strip() for line in self.lines.values())

    def go(self, name: str) -> None:
        """Type in `name` from now on."""
        self.active = name
        line = self.lines[name]
        line.cursor = len(line.text)

    def go_to_country(self) -> None:
        """Type the country of what was being typed: the trailer's, or the vehicle's."""
        self.go("trailer_country" if self.active.startswith("trailer") else "country")

    def take(self, key: str, character: str | None) -> bool:
        """Move between the lines, or type in the active one; False for other keys."""
        place = FIELDS.index(self.active)
        if character and character.isprintable():
            self._begin_anew()
        if key == "tab":
            self.go(FIELDS[(place + 1) % len(FIELDS)])
        elif key == "shift+tab":
            self.go(FIELDS[place - 1])
        elif not self._edit(key, character):
            return False
        self.given_up = None
        return True

    def _edit(self, key: str, character: str | None) -> bool:
        taken = self.lines[self.active].take(key, character)
        self._hold_to_read()
        return taken

    def paste(self, text: str) -> None:
        """What was pasted, in one line."""
        self._begin_anew()
        self.lines[self.active].insert(one_line(text))
        self._hold_to_read()

    def _hold_to_read(self) -> None:
        if self.read and self.lines[FIELDS[0]].text != self.read.plate:
            self.read = None  # the officer read another one

    def _begin_anew(self) -> None:
        if self.given_up:
            self.given_up()
            self.fill(Query(""))

    def fill(self, query: Query, read: "CameraRead | None" = None) -> None:
        """Put a vehicle in its place, ready to be checked or mended."""
        for name in FIELDS:
            self.lines[name].set(getattr(query, name))
        self.read, self.given_up = read, None
        self.go(FIELDS[0])

    def put_back(
        self, query: Query, read: "CameraRead | None", given_up: "Callable[[], None]"
    ) -> None:
        """What was refused, to be mended, or given up for another."""
        self.fill(query, read)
        self.given_up = given_up

    def take_out(self, haulier: str) -> Query:
        """What was typed, leaving the lines empty for the next vehicle."""
        texts = {name: one_line(line.text) for name, line in self.lines.items()}
        self.fill(Query(""))
        return Query(**texts, haulier=haulier)
