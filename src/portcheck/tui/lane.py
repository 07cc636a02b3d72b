"""The officer's work at the lane, without the screen: keys go in, what to show is kept here."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from portcheck.domain.text import count
from portcheck.errors import PortcheckError
from portcheck.services import lane as services
from portcheck.services.checks.check import Prepared
from portcheck.services.checks.deed import Deed
from portcheck.services.checks.drafts import Draft, kept
from portcheck.services.context import Context
from portcheck.services.lane import LaneView
from portcheck.store.singlechecks import CheckLine
from portcheck.tui import acts
from portcheck.tui.camera import Offers
from portcheck.tui.desk import Desk
from portcheck.tui.entry import Entry
from portcheck.tui.hand import Hand, Named, State
from portcheck.tui.keyboard import Keyboard
from portcheck.tui.keys import Command
from portcheck.tui.parts import Part
from portcheck.tui.surface import Message, Options, Surface
from portcheck.tui.wording import error_words

_MOST_DEEDS = 100


class Lane:
    """Everything the screen shows, and what every key does to it."""

    def __init__(self, desk: Desk, options: Options, surface: Surface) -> None:
        self.desk = desk
        self.options = options
        self.surface: Surface = surface
        self.view = LaneView()
        self.begun = False
        self.keyboard = Keyboard(self)
        self.entry: Entry = Entry()
        self.details: dict[str, Any] = dict(options.details)
        self.hand: Hand | None = None
        self.parts: list[Part] = []
        self.choosing = False
        self.message = Message("")
        self.muted = options.muted
        self.deeds: list[Deed] = []
        self.drafts: dict[str, Draft] = {}
        self.unsaved: list[tuple[Hand, Prepared]] = []
        self.offers = Offers()
        self.under_way = 0
        self.ended = asyncio.Event()
        self._seen: tuple[int, date] | None = None
        self._looking = asyncio.Lock()
        self._looks = 0

    def do(self, command: Command) -> None:
        """One command of the table."""
        acts.ACTS[command.name](self)

    # what is shown

    def say(self, text: str, *, loud: bool = False) -> None:
        """Put a message in its line."""
        self.message = Message(text, loud)
        self.surface.redraw()

    def fail(self, error: PortcheckError, what: str) -> None:
        """Say loudly what was not done, and why."""
        self.say(f"{what}: {error_words(error)}", loud=True)

    def push(self, part: Part) -> None:
        """Put a part in front; it takes the keys from now on."""
        part.close = lambda: self.parts.remove(part)
        self.parts.append(part)

    @property
    def operation_id(self) -> str:
        """The operation under way, "" without one."""
        operation = self.view.standing.operation
        return operation.operation_id if operation else ""

    # recording

    def did(self, deed: Deed) -> None:
        """Remember what was done, so that it can be taken back."""
        self.deeds = [*self.deeds, deed][-_MOST_DEEDS:]

    def record(
        self,
        hand: Hand,
        what: str,
        call: Callable[[Context, Named], Any],
        done: Callable[[Named, Any], None],
        failed: Callable[[PortcheckError], None] = lambda _: None,
    ) -> None:
        """Write something about a check once the check itself is saved.

        `done` gets what `call` returned; with `failed` an error is shown, and
        nothing was written.
        """
        hand.begin()
        self.begin_record(self._record(hand, what, call, done, failed))

    async def _record(
        self,
        hand: Hand,
        what: str,
        call: Callable[[Context, Named], Any],
        done: Callable[[Named, Any], None],
        failed: Callable[[PortcheckError], None],
    ) -> None:
        try:
            named = await hand.saved
            if named is None:
                words = f"{what}: {hand.vehicle} was not recorded, so neither was this"
                self.say(words, loud=True)
                return
            try:
                result = await self.desk.write(lambda context: call(context, named))
            except PortcheckError as error:
                self.fail(error, f"{named.ref} {what}: not recorded")
                failed(error)
            else:
                done(named, result)
            await self.reload(hand)
        finally:
            hand.end()
        await self.look(forced=True)

    def begin_record(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that leaves a record: leaving the screen waits for it or asks."""
        self.under_way += 1
        self.surface.later(self._counted(work))

    async def _counted(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            self.under_way -= 1
            self.ended.set()

    # looking

    async def begin(self) -> None:
        """Where the lane stands, then the day, then what was left half-filled."""
        self.view = LaneView(await self.desk.look(services.stand))
        self.begun = True
        self.surface.redraw()
        await self.look(forced=True)
        found = await self.desk.file(
            lambda path: kept(path, self.operation_id, self.view.standing.device)
        )
        self.drafts = {draft.check_id: draft for draft in found} | self.drafts
        if found and self.hand is None:
            newest = found[-1]
            self.take_in_hand(
                Named(newest.check_id, newest.operation_id, newest.ref), newest.vehicle
            )
            self.say(
                f"the outcome of {newest.ref} was left half-filled: F3 goes on with it", loud=True
            )
        elif self.options.officer_is_user and not self.message.text:
            self.say(f"recording under this computer's user name, {self.options.officer}")
        self.surface.redraw()
        await self.desk.look(services.load)
        await self._read_ahead()
        gc.freeze()  # what is loaded stays: to go through it again would hold up an answer

    async def _read_ahead(self) -> None:
        try:
            await self.desk.ask(services.read_ahead)
        except PortcheckError as error:
            self.fail(error, "the lists could not be read")

    async def look(self, *, forced: bool = False) -> None:
        """Take up what this or another program has recorded.

        When it returns from a `forced` look, the view is no older than the call.
        """
        if self._looking.locked() and not forced:
            return
        begun = self._looks
        async with self._looking:
            if self._looks > begun:  # a forced one that began after this was asked for
                return
            self._looks += forced
            await self._look(forced=forced)

    async def _look(self, *, forced: bool) -> None:
        try:
            seen = (await self.desk.look(services.version), self.options.now().date())
            if forced or seen != self._seen:  # a list grows older at midnight
                self._seen = seen
                self.view = await self.desk.look(services.view)
        except PortcheckError as error:
            self.fail(error, "the day's figures could not be read")
        self.surface.redraw()
        self._hold_in_step()

    def _hold_in_step(self) -> None:
        """Read the check in hand anew where another program changed what waits on it."""
        hand = self.hand
        named = hand.named if hand else None
        if hand is None or named is None or hand.pending or hand.open is None:
            return
        waits = sum(one.ref == named.ref for one in self.view.waiting)
        if named.operation_id == self.operation_id and waits != len(hand.open):
            self.surface.later(self._changed_elsewhere(hand, waits - len(hand.open)))

    async def _changed_elsewhere(self, hand: Hand, more: int) -> None:
        await self.reload(hand)
        if hand is self.hand and more > 0 and hand.open:
            if not self.muted:
                self.surface.ring()
            self.say(f"{hand.vehicle}: {count(more, 'match')} more since it was shown", loud=True)

    async def reload(self, hand: Hand) -> None:
        """How the check stands now."""
        named = await hand.saved
        if named is None:
            return
        try:
            hand.view = await self.desk.look(
                lambda context: services.whole_check(context, named.operation_id, named.check_id)
            )
        except PortcheckError as error:
            self.fail(error, f"{named.ref} could not be read")
        if hand.view and any(match.later for match in hand.view.matches):
            hand.answer = None  # the answer does not know them
        hand.answered.set()
        self.surface.redraw()

    def take_in_hand(self, named: Named, vehicle: str) -> Hand:
        """Make an earlier check the one the next keys are about."""
        hand = self.hand = Hand(vehicle=vehicle, state=State.SAVED)
        hand.saved.set_result(named)
        self.surface.scroll(0)
        self.surface.later(self.reload(hand))
        return hand

    def take_neighbour(self, step: int) -> None:
        """The check above or below the one in hand, among the last."""
        last = self.view.last
        if not last:
            return
        named = self.hand.named if self.hand else None
        places = [
            place for place, one in enumerate(last) if named and one.check_id == named.check_id
        ]
        place = places[0] + step if places else 0
        self.take_line(last[min(max(place, 0), len(last) - 1)])

    def take_line(self, line: CheckLine) -> None:
        """Take a check of the last ones in hand."""
        self.take_in_hand(Named(line.check_id, self.operation_id, line.ref), line.vehicle)
