"""Looking for an earlier check by its number or a registration."""

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.text import Text

from portcheck.domain.text import one_line, shorten
from portcheck.report.console import safe
from portcheck.tui.line import Line
from portcheck.tui.parts import Part
from portcheck.tui.wording import OUTCOMES

if TYPE_CHECKING:
    from portcheck.services.day.overview import CheckView

MOST = 9


class Finder(Part):
    """A line to type in; what was found is chosen with ↑ ↓ and Enter.

    `search` gets the text; it answers through `show`.
    """

    title = "Find a check"

    def __init__(
        self, search: Callable[[str], None], chosen: Callable[["CheckView"], None], zone: tzinfo
    ) -> None:
        super().__init__()
        self._search = search
        self._chosen = chosen
        self._zone = zone
        self._line = Line(longest=60)
        self._asked = ""
        self._found: list[CheckView] | None = None
        self._place = 0
        self._enter_waits = False
        self.error = ""

    def take(self, key: str, character: str | None) -> None:
        """Type; Enter searches, and takes the check that is marked when it was searched for."""
        text = one_line(self._line.text)
        if key == "escape":
            self.close()
        elif key in {"up", "down"}:
            step = 1 if key == "down" else -1
            self._place = min(max(self._place + step, 0), len(self._found or ()) - 1)
        elif key != "enter":
            self._line.take(key, character)
        elif text and text != self._asked:
            self._asked, self._found, self.error = text, None, ""
            self._search(text)
        elif self._found is None:
            self._enter_waits = bool(text)
        else:
            self._take_marked()

    def show(self, found: "list[CheckView]", asked: str) -> None:
        """What a search came to; one that is no longer asked for is passed over."""
        if asked != self._asked:
            return
        self._found, self._place = found, 0
        if self._enter_waits or len(found) == 1:
            self._take_marked()

    def fail(self, words: str) -> None:
        """The search could not be made."""
        self.error, self._asked = words, ""

    def _take_marked(self) -> None:
        if self._found:
            self.close()
            self._chosen(self._found[self._place])

    def lines(self, width: int, height: int) -> list[Text]:
        """The line, and what was found."""
        drawn = [
            safe("Its number (31, L2-031), or part of a registration:"),
            Text.assemble(("> ", "bold"), self._line.drawn(width - 3, active=True)),
            Text(""),
        ]
        if self.error:
            drawn.append(safe(f"! {self.error}", "bold reverse"))
        elif self._found == []:
            drawn.append(safe(f"no check has “{self._asked}” in this operation", "bold"))
        for place, check in enumerate((self._found or ())[: max(height - 5, 1)]):
            drawn.append(self._row(check, width, marked=place == self._place))
        drawn += [Text(""), safe("Enter: search, then take it · ↑ ↓ · Esc: back")]
        return drawn

    def _row(self, check: "CheckView", width: int, *, marked: bool) -> Text:
        state = "VOID" if check.voided else OUTCOMES[check.primary_outcome]
        when = f"{check.at.astimezone(self._zone):%d %b %H:%M}"
        row = f"{'>' if marked else ' '} {check.ref}  {when}  {check.vehicle}  {state}"
        return safe(shorten(row, width), "bold" if marked else "")
