"""What each command does at the lane: one function a command, by its name in the table."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from portcheck.domain.text import count
from portcheck.errors import PortcheckError
from portcheck.services import lane as services
from portcheck.services.lane import Difference
from portcheck.services.matching.lookup import note_consulted
from portcheck.services.settings import zone
from portcheck.tui.amending import open_amendment, open_details
from portcheck.tui.deciding import confirm, reject
from portcheck.tui.finder import MOST, Finder
from portcheck.tui.hand import Hand, Named
from portcheck.tui.help import Help
from portcheck.tui.keys import shown
from portcheck.tui.outcome_form import did_outcome, open_outcome
from portcheck.tui.parts import Question
from portcheck.tui.undoing import undo, void
from portcheck.tui.wording import error_words

if TYPE_CHECKING:
    from portcheck.services.context import Context
    from portcheck.services.day.overview import CheckView
    from portcheck.tui.lane import Lane


def _hand(lane: "Lane") -> Hand | None:
    if lane.hand is None:
        lane.say(
            "There is no check in hand: type a registration, take one with ↑, "
            f"or find one with {shown('find')}."
        )
    return lane.hand


def _nothing_found(lane: "Lane") -> None:
    hand = _hand(lane)
    if hand is None:
        return
    wanted: dict[str, Any] = {"nothing_found": True}
    if lane.options.search:
        wanted["searched"] = list(lane.options.search)

    def write(context: "Context", named: Named) -> tuple[dict[str, Any], Difference]:
        return services.add_outcome(context, named.operation_id, named.check_id, wanted)

    def done(named: Named, result: tuple[dict[str, Any], Difference]) -> None:
        before, added = result
        if added.added:
            did_outcome(lane, hand, named, before, added)
            lane.say(f"saved {named.ref}  {hand.vehicle}: searched, nothing found")
        else:
            lane.say(f"{named.ref} says so already")

    lane.record(hand, "searched, nothing found", write, done)


def _find(lane: "Lane") -> None:
    operation = lane.view.standing.operation
    if operation is None:
        lane.say("No operation is under way: there is nothing to find.")
        return
    operation_id = operation.operation_id

    async def search(text: str) -> None:
        try:
            found = await lane.desk.look(
                lambda context: services.find_checks(context, operation_id, text, MOST)
            )
        except PortcheckError as error:
            finder.fail(error_words(error))
        else:
            finder.show(found, text)
        lane.surface.redraw()
        try:
            await lane.desk.write(lambda context: note_consulted(context, "lane find", [text]))
        except PortcheckError as error:
            lane.fail(error, "the search could not be logged")

    def chosen(check: "CheckView") -> None:
        lane.take_in_hand(Named(check.check_id, operation_id, check.ref), check.vehicle)
        lane.say(
            f"{check.ref} in hand: {shown('outcome')} outcome · {shown('amend')} amend · "
            f"{shown('void')} void"
        )

    finder = Finder(lambda text: lane.surface.later(search(text)), chosen, zone(operation.timezone))
    lane.push(finder)


def _with_hand(call: Callable[["Lane", Hand], None]) -> Callable[["Lane"], None]:
    def act(lane: "Lane") -> None:
        hand = _hand(lane)
        if hand is not None:
            call(lane, hand)

    return act


def _bell(lane: "Lane") -> None:
    lane.muted = not lane.muted
    lane.say("The bell is off." if lane.muted else "The bell is on.")


def _leave(lane: "Lane") -> None:
    """Leave once everything is on disk; what is undecided, unsaved or half-filled asks first."""
    if lane.under_way and not lane.unsaved:
        lane.surface.later(_leave_when_written(lane))
        return
    said = _left_open(lane)
    if not said:
        lane.surface.close()
        return
    lane.push(
        Question("Leave?", said, {"y": "leave all the same"}, lambda *_: lane.surface.close())
    )


async def _leave_when_written(lane: "Lane") -> None:
    while lane.under_way and not lane.unsaved:
        lane.ended.clear()
        await lane.ended.wait()
    _leave(lane)
    lane.surface.redraw()


def _left_open(lane: "Lane") -> list[str]:
    said = []
    if lane.unsaved:
        said.append(f"{count(len(lane.unsaved), 'check')} NOT SAVED and would be lost.")
    if lane.view.waiting:
        refs = ", ".join(dict.fromkeys(one.ref for one in lane.view.waiting))
        waiting = count(len(lane.view.waiting), "match")
        said.append(f"{waiting} without a decision: {refs}.")
    if lane.drafts:
        refs = ", ".join(draft.ref for draft in lane.drafts.values())
        said.append(f"Half-filled, and kept for the next time: {refs}.")
    return said


ACTS: dict[str, Callable[["Lane"], None]] = {
    "help": lambda lane: lane.push(Help()),
    "nothing_found": _nothing_found,
    "outcome": _with_hand(open_outcome),
    "confirm": confirm,
    "reject": reject,
    "undo": undo,
    "find": _find,
    "amend": _with_hand(open_amendment),
    "details": open_details,
    "leave": _leave,
    "trailer": lambda lane: lane.entry.go("trailer"),
    "country": lambda lane: lane.entry.go_to_country(),
    "container": lambda lane: lane.entry.go("container"),
    "void": _with_hand(void),
    "bell": _bell,
    "contrast": lambda lane: lane.surface.turn_contrast(),
    "palette": lambda lane: lane.surface.open_palette(),
}
