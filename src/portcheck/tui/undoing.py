"""Taking back: the last thing done here, or a whole check out of the count, and into it again."""

from typing import TYPE_CHECKING

from portcheck.errors import PortcheckError, Refused
from portcheck.services.checks.deed import Deed
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

    def write(context: "Context", _named: Named) -> list[str]:
        from portcheck.services.checks.undo import undo as take_back  # noqa: PLC0415 - with the writing

        return take_back(context, deed, reason)

    def done(named: Named, warnings: list[str]) -> None:
        said = "; ".join([deed.undoing, *warnings])
        lane.say(f"saved {named.ref}: undone; {said}", loud=bool(warnings))

    def failed(error: PortcheckError) -> None:
        if not isinstance(error, Refused):  # it may be undone the next time
            lane.deeds.append(deed)

    lane.deeds.remove(deed)  # the next undo is about the one before
    lane.record(hand, "undo", write, done, failed)


def void(lane: "Lane", hand: Hand) -> None:
    """Take a check out of the count, with a reason; one that is void counts again."""
    lane.keyboard.when_answered(
        hand, lambda: _count_again(lane, hand) if hand.voided else _void(lane, hand)
    )


def _void(lane: "Lane", hand: Hand) -> None:

    def write(context: "Context", named: Named, reason: str) -> None:
        from portcheck.services.checks.correct import void as make_void  # noqa: PLC0415 - with the writing

        make_void(context, named.check_id, named.operation_id, reason)

    def done(named: Named, _: None) -> None:
        where = (named.check_id, named.operation_id, named.ref, hand.vehicle)
        lane.did(Deed("void", *where, "void"))
        lane.say(f"saved {named.ref}  {hand.vehicle}: void")

    lane.push(
        Question(
            "Take it out of the count",
            [f"{hand.vehicle} will be void. It stays visible, and can be counted again."],
            {},
            lambda _, words: lane.record(hand, "void", lambda c, n: write(c, n, words), done),
            words="",
        )
    )


def _count_again(lane: "Lane", hand: Hand) -> None:
    def write(context: "Context", named: Named, reason: str) -> list[str]:
        from portcheck.services.checks.correct import count_again  # noqa: PLC0415 - with the writing

        return count_again(context, named.check_id, named.operation_id, reason)[1]

    def done(named: Named, warnings: list[str]) -> None:
        said = "; ".join(["counts again", *warnings])
        lane.say(f"saved {named.ref}  {hand.vehicle}: {said}", loud=bool(warnings))

    def again(_: str, words: str) -> None:
        lane.record(hand, "count again", lambda c, n: write(c, n, words), done)

    lane.push(
        Question(
            "Count it again",
            [f"{hand.vehicle} is void. It will count again, with all that was recorded of it."],
            {},
            again,
            words="counted again at the lane",
        )
    )
