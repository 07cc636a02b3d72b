"""Is the listed vehicle this one?  The officer's decision, with a reason where it is not."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from portcheck.domain.decision import Decision
from portcheck.errors import PortcheckError
from portcheck.services import lane as services
from portcheck.services.checks.deed import Deed
from portcheck.tui.hand import Hand, Named
from portcheck.tui.keys import shown
from portcheck.tui.known import Standing
from portcheck.tui.parts import Question
from portcheck.tui.wording import REJECT_REASONS

if TYPE_CHECKING:
    from portcheck.services.checks.decide import Decided
    from portcheck.services.context import Context
    from portcheck.tui.lane import Lane


def confirm(lane: "Lane") -> None:
    """The listed vehicle is this one; with several entries, which of them is asked."""
    _with_match(lane, lambda hand, waiting: _which(lane, hand, waiting, _confirm), confirm=True)


def reject(lane: "Lane") -> None:
    """The listed vehicle is not this one: none of the entries that wait is."""
    _with_match(lane, lambda hand, _: _reject(lane, hand, None), confirm=False)


def _with_match(
    lane: "Lane", act: Callable[[Hand, list[Standing]], None], *, confirm: bool
) -> None:
    """Act on the check in hand when a match of it waits; ask when it is decided already;
    else show the one that waits longest.
    """

    def decide() -> None:
        standing = (hand.standing or []) if hand else []
        waiting = [one for one in standing if one.decision == Decision.OPEN]
        other = [one for one in standing if one.decision != Decision.of(confirm=confirm)]
        if hand is not None and waiting:
            act(hand, waiting)
        elif hand is not None and other:
            _ask_again(lane, hand, other, confirm=confirm)
        elif lane.view.waiting:
            lane.surface.later(_take_waiting(lane, lane.view.waiting[0].ref))
        elif hand is not None and standing:
            key, words = ("reject", "it is not") if confirm else ("confirm", "it is")
            lane.say(
                f"{hand.vehicle}: {standing[0].decision} already; decide again? "
                f"{shown(key)} {words} · {shown('undo')} undo"
            )
        else:
            lane.say("No match waits for a decision.")

    hand = lane.hand
    if hand is None:
        decide()
    else:
        lane.keyboard.when_answered(hand, decide)


def _ask_again(lane: "Lane", hand: Hand, decided: list[Standing], *, confirm: bool) -> None:
    """Whether a decision is to be made again, or taken back; another that waits is offered."""
    act = _confirm if confirm else _reject
    answers = {
        "y": "it is this vehicle" if confirm else "it is not this vehicle",
        "u": "take the decision back: the match waits again",
    }
    if lane.view.waiting:
        answers["w"] = f"leave it, and show {lane.view.waiting[0].ref}, which waits"

    def answered(answer: str, _: str) -> None:
        if answer == "w":
            lane.surface.later(_take_waiting(lane, lane.view.waiting[0].ref))
        else:
            _which(lane, hand, decided, act if answer == "y" else _take_back)

    said = [
        f"{hand.vehicle}: {one.words}: {one.decision} by {one.decided_by}. Decide again?"
        for one in decided
    ]
    lane.push(Question("Decide again?", said, answers, answered))


def _which(
    lane: "Lane",
    hand: Hand,
    matches: list[Standing],
    act: Callable[["Lane", Hand, Standing], None],
) -> None:
    """Act on the match, or ask which of several."""
    if len(matches) == 1:
        act(lane, hand, matches[0])
        return
    lane.push(
        Question(
            "Which one is it?",
            [f"{hand.vehicle} looks like more than one entry:"],
            {str(place): one.words for place, one in enumerate(matches, 1)},
            lambda answer, _: act(lane, hand, matches[int(answer) - 1]),
        )
    )


def _confirm(lane: "Lane", hand: Hand, match: Standing) -> None:
    _decide(lane, hand, match, confirm=True)


def _reject(lane: "Lane", hand: Hand, match: Standing | None) -> None:
    """Ask why it is not this vehicle: `match`, or all that wait."""

    def answered(answer: str, words: str) -> None:
        _decide(lane, hand, match, confirm=False, reason=REJECT_REASONS.get(answer, words))

    lane.push(
        Question(
            "It is not this vehicle",
            [f"{hand.vehicle}: why is it not the listed one?"],
            REJECT_REASONS,
            answered,
            words="",
        )
    )


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
    lane: "Lane", hand: Hand, match: Standing | None, *, confirm: bool, reason: str = ""
) -> None:
    word = Decision.of(confirm=confirm)

    def write(context: "Context", named: Named) -> "Decided":
        from portcheck.services.checks.decide import decide  # noqa: PLC0415 - with the writing

        return decide(
            context,
            named.check_id,
            named.operation_id,
            confirm=confirm,
            reason=reason,
            number=match.number if match else None,
            seen=match.decided_in if match else None,
        )

    def done(named: Named, decided: "Decided") -> None:
        where = (named.check_id, named.operation_id, named.ref, hand.vehicle)
        lane.did(Deed("confirmed" if confirm else "rejected", *where, word, event=decided.event))
        lane.say(f"saved {named.ref}  {hand.vehicle}: {word}")

    lane.record(hand, word, write, done)


def _take_back(lane: "Lane", hand: Hand, match: Standing) -> None:
    """The decision on a match goes back: it waits again."""

    def write(context: "Context", named: Named) -> "Decided":
        from portcheck.services.checks.decide import withdraw  # noqa: PLC0415 - with the writing

        where = (context, named.check_id, named.operation_id)
        return withdraw(*where, number=match.number, seen=match.decided_in)

    def done(named: Named, decided: "Decided") -> None:
        lane.deeds = [deed for deed in lane.deeds if deed.event != match.decided_in]
        said = "; ".join(["waits for a decision again", *decided.warnings])
        lane.say(f"saved {named.ref}  {hand.vehicle}: {said}", loud=bool(decided.warnings))

    lane.record(hand, "undecided", write, done)
