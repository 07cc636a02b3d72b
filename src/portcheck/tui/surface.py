"""What the lane's work needs of a screen, and how it was told to go about it."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol


class Surface(Protocol):
    """What the lane needs of the screen it is shown on."""

    def redraw(self) -> None:
        """Draw what has changed."""

    def redraw_entry(self) -> None:
        """Draw what is being typed, which is all that has changed."""

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the screen."""

    def after_drawn(self, call: Callable[[], None]) -> None:
        """Call when what was last redrawn can be seen."""

    def ring(self) -> None:
        """Sound the bell."""

    def scroll(self, pages: int) -> None:
        """Move through a long answer."""

    def turn_contrast(self) -> None:
        """Change between the themes."""

    def open_palette(self) -> None:
        """Show the commands by name."""

    def close(self) -> None:
        """Leave the screen."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the lane was started.

    `details` go with every check, `search` is how vehicles are searched here:
    what F2 records besides “nothing found”.
    """

    officer: str
    agency: str
    zone: tzinfo = UTC
    details: Mapping[str, Any] = field(default_factory=dict)
    search: tuple[str, ...] = ()
    no_list: bool = False
    muted: bool = False
    officer_is_user: bool = False
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Message:
    """The line below the registration; `loud` for what went wrong."""

    text: str
    loud: bool = False
