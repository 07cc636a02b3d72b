"""Is the listed vehicle this one?  The officer's decision, with a reason where it is not."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from portcheck.errors import PortcheckError
from portcheck.services import lane as services
from portcheck.services.deed import Deed
from portcheck.tui.hand import Hand, Named
from portcheck.tui.keys import shown
from portcheck.tui.known import Open
from portcheck.tui.parts import Question
from portcheck.tui.wording import REJECT_REASONS

if TYPE_CHECKING:
    from portcheck.services.context import Context
    from portcheck.tui.lane import Lane


def confirm(lane: "Lane") -> None:
    """The listed vehicle is this one; with several entries, which of them is asked."""
    _with_open_match(lane, _confirm)


def _confirm(lane: "Lane", hand: Hand, waiting: list[Open]) -> None:
    if len(waiting) == 1:
        _decide(lane, hand, waiting[0], confirm=True)
        return
    lane.push(
        Question(
            "Which one is it?",
            [f"{hand.vehicle} looks like more than one entry:"],
            {str(place): one.words for place, one in enumerate(waiting, 1)},
            lambda answer, _: _decide(lane, hand, waiting[int(answer) - 1], confirm=True),
        )
    )


def reject(lane: "Lane") -> None:
    """The listed vehicle is not this one: none of the entries that wait is."""
    _with_open_match(lane, _reject)


def _reject(lane: "Lane", hand: Hand, _: list[Open]) -> None:
    def answered(answer: str, words: str) -> None:
        _decide(lane, hand, None, confirm=False, reason=REJECT_REASONS.get(answer, words))

    lane.push(
        Question(
            "It is not this vehicle",
            [f"{hand.vehicle}: why is it not the listed one?"],
            REJECT_REASONS,
            answered,
            words="",
        )
    )


def _with_open_match(lane: "Lane", act: Callable[["Lane", Hand, list[Open]], None]) -> None:
    """Act on the check in hand when a match of it waits; else show the one that waits longest."""

    def decide() -> None:
        waiting = hand.open if hand else None
        if hand is not None and waiting:
            act(lane, hand, waiting)
        elif lane.view.waiting:
            lane.surface.later(_take_waiting(lane, lane.view.waiting[0].ref))
        else:
            lane.say("No match waits for a decision.")

    hand = lane.hand
    if hand is None:
        decide()
    else:
        lane.keyboard.when_answered(hand, decide)


async def _take_waiting(lane: "Lane", ref: str) -> None:
    operation_id = lane.operation_id
    try:
        found = await lane.desk.look(
            lambda context: services.find_checks(context, operation_id, ref, 1)
        )
    except PortcheckError as error:
        lane.fail(error, f"{ref} could not be read")
        return
    if found:
        lane.take_in_hand(Named(found[0].check_id, operation_id, found[0].ref), found[0].vehicle)
        lane.say(f"{found[0].ref} waits: {shown('confirm')} it is · {shown('reject')} it is not")


def _decide(
    lane: "Lane", hand: Hand, match: Open | None, *, confirm: bool, reason: str = ""
) -> None:
    word = "confirmed" if confirm else "rejected"

    def write(context: "Context", named: Named) -> tuple[int, ...]:
        return services.decide_open(
            context,
            named.operation_id,
            named.check_id,
            confirm=confirm,
            reason=reason,
            number=match.number if match else None,
        )

    def done(named: Named, numbers: tuple[int, ...]) -> None:
        where = (named.check_id, named.operation_id, named.ref, hand.vehicle)
        lane.did(Deed("confirmed" if confirm else "rejected", *where, word, matches=numbers))
        lane.say(f"saved {named.ref}  {hand.vehicle}: {word}")

    lane.record(hand, word, write, done)
