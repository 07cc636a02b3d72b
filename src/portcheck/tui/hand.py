"""The check in hand: what the officer's next keys are about."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from portcheck.tui.known import Known


class State(StrEnum):
    """How far a check has come, in the words that stand beside it."""

    ASKING = "asking …"
    REFUSED = "not recorded"
    SAVING = "saving …"
    NOT_SAVED = "NOT SAVED"
    SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Named:
    """A check that is on disk."""

    check_id: str
    operation_id: str
    ref: str


@dataclass(slots=True)
class Hand(Known):
    """A check from the moment it is asked for.

    `answered` is set when it is known what was answered, `saved` tells what it
    became, None when it was refused, and `written` whether nothing more is being
    recorded of it; `slow` says that its answer is late.
    """

    vehicle: str = ""
    state: State = State.ASKING
    slow: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    written: asyncio.Event = field(default_factory=asyncio.Event)
    pending: int = 0
    saved: "asyncio.Future[Named | None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def __post_init__(self) -> None:
        self.written.set()

    def begin(self) -> None:
        """One more record of it is under way."""
        self.pending += 1
        self.written.clear()

    def end(self) -> None:
        """A record of it has come to its end."""
        self.pending -= 1
        if not self.pending:
            self.written.set()

    @property
    def shows(self) -> bool:
        """Whether there is something to show of it."""
        return self.state is not State.ASKING or self.slow

    @property
    def named(self) -> Named | None:
        """What it is on disk, as far as it has come there."""
        return self.saved.result() if self.saved.done() else None
