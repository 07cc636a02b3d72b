"""Taking back: the last thing done here, or a whole check out of the count."""

from typing import TYPE_CHECKING

from portcheck.services.deed import Deed
from portcheck.tui.hand import Hand, Named
from portcheck.tui.keys import shown
from portcheck.tui.parts import Question

if TYPE_CHECKING:
    from portcheck.services.context import Context
    from portcheck.tui.lane import Lane


def undo(lane: "Lane") -> None:
    """Show what was done last and what taking it back does; Enter does it."""
    if not lane.deeds:
        lane.say(
            f"Nothing was done since the screen was opened; {shown('find')} and "
            f"{shown('amend')} correct earlier checks."
        )
        return
    deed = lane.deeds[-1]
    lane.push(
        Question(
            "Undo",
            [
                f"{deed.ref}  {deed.vehicle}: {deed.words}",
                f"→ {deed.undoing}; the first record stays visible.",
            ],
            {},
            lambda _, words: _take_back(lane, deed, words),
            words="undone at the lane",
        )
    )


def _take_back(lane: "Lane", deed: Deed, reason: str) -> None:
    hand = lane.hand
    if hand is None or hand.named is None or hand.named.check_id != deed.check_id:
        named = Named(deed.check_id, deed.operation_id, deed.ref)
        hand = lane.take_in_hand(named, deed.vehicle)

    def write(context: "Context", _named: Named) -> None:
        from portcheck.services.undo import undo as take_back  # noqa: PLC0415 - with the writing

        take_back(context, deed, reason)

    def done(named: Named, _: None) -> None:
        lane.say(f"saved {named.ref}: undone; {deed.undoing}")

    lane.deeds.remove(deed)  # the next undo is about the one before
    lane.record(hand, "undo", write, done, failed=lambda: lane.deeds.append(deed))


def void(lane: "Lane", hand: Hand) -> None:
    """Take a check out of the count, with a reason."""

    def write(context: "Context", named: Named, reason: str) -> None:
        from portcheck.services.correct import void as make_void  # noqa: PLC0415 - with the writing

        make_void(context, named.check_id, named.operation_id, reason)

    def done(named: Named, _: None) -> None:
        lane.deeds = [one for one in lane.deeds if one.check_id != named.check_id]
        lane.say(f"saved {named.ref}  {hand.vehicle}: void")

    lane.push(
        Question(
            "Take it out of the count",
            [f"{hand.vehicle} will be void. It stays visible; this cannot be undone."],
            {},
            lambda _, words: lane.record(hand, "void", lambda c, n: write(c, n, words), done),
            words="",
        )
    )
