"""Where every key goes: to what stands in front, to a command, or into the registration."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from portcheck.tui.checking import check
from portcheck.tui.hand import Hand
from portcheck.tui.keys import (
    ALWAYS,
    ASKED_AGAIN,
    BY_KEY,
    BY_LETTER,
    CHOOSING_SECONDS,
    F_DIGITS,
)
from portcheck.tui.parts import Part, SecondKey

if TYPE_CHECKING:
    from portcheck.tui.lane import Lane


class Keyboard:
    """Takes keys in the order in which they were typed, each to its end before the next.

    Nothing in it waits: what needs to know more first holds the keys back that
    come meanwhile, and gets them then.
    """

    def __init__(self, lane: "Lane") -> None:
        self.lane = lane
        self._held: list[tuple[str, str | None, float]] = []
        self._escaped = 0.0

    def take(self, key: str, character: str | None, at: float = 0.0) -> None:
        """Do what a key does, in the order in which they were typed; `at` is when this one was,
        in seconds of any clock.
        """
        command = BY_KEY.get(key)
        choosing, self.lane.choosing = self.lane.choosing, False
        if choosing and at - self._escaped <= CHOOSING_SECONDS:
            self._choose(key, character)
        elif self.lane.parts and not (command and command.name in ALWAYS):
            self._give(self.lane.parts[-1], key, character, at)
        elif command:
            self.lane.do(command)
        elif key.startswith("alt+"):
            self._choose(key.removeprefix("alt+"), key.removeprefix("alt+"))
        elif not self._takes_here(key, at) and self.lane.entry.take(key, character):
            self.lane.surface.redraw_entry()
            return
        self.lane.surface.redraw()

    def _give(self, part: Part, key: str, character: str | None, at: float) -> None:
        """A key for the part in front, held back while it is loading; Esc alone closes it then."""
        if not part.loading:
            part.take(key, character)
        elif key == "escape" and not any(one != key for one, *_ in self._held[-1:]):
            part.close()
            self._held.clear()
        else:
            self._held.append((key, character, at))

    def loaded(self, part: Part) -> None:
        """The part knows what it needs: it gets the keys that came meanwhile."""
        part.loading = False
        held, self._held = self._held, []
        for key, character, at in held:
            self.take(key, character, at)
        self.lane.surface.redraw()

    def when_answered(self, hand: Hand, act: Callable[[], None]) -> None:
        """Do something once it is known what was answered and how the check stands; keys that
        come first wait for it.
        """
        if hand.answered.is_set() and hand.written.is_set():
            act()
            return
        part = Part()
        part.loading = True
        self.lane.push(part)
        self.lane.surface.later(self._act_when_answered(part, hand, act))

    async def _act_when_answered(self, part: Part, hand: Hand, act: Callable[[], None]) -> None:
        await hand.answered.wait()
        await hand.written.wait()
        if part in self.lane.parts:
            part.close()
            act()
            self.loaded(part)

    def _takes_here(self, key: str, at: float) -> bool:
        """Whether the key does something on the screen itself, and do it."""
        match key:
            case "escape":
                self.lane.choosing, self._escaped = True, at
                self.lane.surface.later(self._choose_no_more(at))
            case "enter":
                check(self.lane)
            case "up" | "down":
                self.lane.take_neighbour(1 if key == "down" else -1)
            case "pageup" | "pagedown":
                self.lane.surface.scroll(1 if key == "pagedown" else -1)
            case _:
                return False
        return True

    async def _choose_no_more(self, escaped: float) -> None:
        """A letter that comes late is no command."""
        await asyncio.sleep(CHOOSING_SECONDS)
        if self._escaped == escaped:
            self.lane.choosing = False
            self.lane.surface.redraw()

    def _choose(self, key: str, character: str | None) -> None:
        """A command by its letter, or by the digit of its F key."""
        letter = (character or "").lower()
        command = BY_LETTER.get(letter) or BY_KEY.get(F_DIGITS.get(letter, ""))
        if command and command.name in ASKED_AGAIN:
            do = partial(self.lane.do, command)
            self.lane.push(SecondKey(command, character or "", do, self))
        elif command:
            self.lane.do(command)
        elif key != "escape":
            self.lane.say(f"no command has the letter “{letter or key}”; F1 shows them all")

    def paste(self, text: str) -> None:
        """Pasted text goes where typed text goes."""
        if self.lane.parts:
            self.lane.parts[-1].paste(text)
        else:
            self.lane.entry.paste(text)
        self.lane.surface.redraw()
