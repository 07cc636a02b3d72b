"""A vehicle is checked at the lane: asked, answered, then saved, while the next is typed."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from portcheck.domain.answer import Verdict
from portcheck.errors import PortcheckError, Refused
from portcheck.services import lane as services
from portcheck.services.checks.check import Observed, Prepared, prepare, record
from portcheck.services.checks.deed import Deed
from portcheck.services.context import Context
from portcheck.services.matching.matcher import Query
from portcheck.tui.hand import Hand, Named, State

if TYPE_CHECKING:
    from portcheck.tui.lane import Lane

_SLOW = 0.15  # seconds after which an answer is late


def check(lane: "Lane") -> None:
    """Ask about what is typed; the lines are free for the next vehicle at once."""
    if lane.entry.blank:
        _check_nothing(lane)
        return
    read = lane.entry.read
    query = lane.entry.take_out(str(lane.details.get("haulier", "")))
    details, lane.details = lane.details, _staying(lane)
    hand = lane.hand = Hand(vehicle=query.vehicle)
    lane.surface.scroll(0)
    lane.begin_record(_ask(lane, hand, query, Observed(details, read=read)))
    lane.surface.later(_say_if_slow(lane, hand))


async def _say_if_slow(lane: "Lane", hand: Hand) -> None:
    """Until then the last answer stands: no answer comes so late but behind another program."""
    await asyncio.sleep(_SLOW)
    if hand.state is State.ASKING:
        hand.slow = True
        lane.surface.redraw()


def _check_nothing(lane: "Lane") -> None:
    """Enter with nothing typed: save again what was not saved, or take the camera's read."""
    if lane.unsaved:
        waiting, lane.unsaved = lane.unsaved, []
        for hand, prepared in waiting:
            lane.begin_record(_save(lane, hand, prepared))
    elif (read := lane.offers.take()) is not None:
        lane.entry.fill(Query(read.plate, read.country), read)
        lane.say("From the camera: compare it with the plate, then Enter.")
    else:
        lane.say("Type a registration, then Enter.")


def _staying(lane: "Lane") -> dict[str, Any]:
    """The details of the next vehicle: those of the lane, not those of the last vehicle."""
    names = {*lane.options.details, *services.STAYING}
    return {name: value for name, value in lane.details.items() if name in names}


async def _ask(lane: "Lane", hand: Hand, query: Query, observed: Observed) -> None:
    def asked(context: Context) -> Prepared:
        stands = observed.read.lane if observed.read else ""
        details = ({"lane": stands} if stands else {}) | observed.details
        timed = replace(observed, details=details, at=context.now())
        return prepare(context, query, timed, no_list=lane.options.no_list)

    try:
        prepared = await lane.desk.ask(asked)
    except PortcheckError as error:
        _refused(lane, hand, query, observed, error)
        return
    hand.answer, hand.state = prepared.answer, State.SAVING
    hand.answered.set()
    if prepared.answer.verdict is not Verdict.CLEAR and not lane.muted:
        lane.surface.ring()
    lane.surface.redraw()
    drawn = asyncio.Event()
    lane.surface.after_drawn(drawn.set)
    await drawn.wait()
    await _save(lane, hand, prepared)


def _refused(
    lane: "Lane", hand: Hand, query: Query, observed: Observed, error: PortcheckError
) -> None:
    """Give what was typed back, to be mended, unless the next is being typed already."""

    def given_up() -> None:
        lane.details = _staying(lane)

    hand.state = State.REFUSED
    hand.answered.set()
    hand.saved.set_result(None)
    if lane.entry.blank:
        lane.entry.put_back(query, observed.read, given_up)
        lane.details = dict(observed.details)
    lane.fail(error, f"{query.vehicle} not recorded")


async def _save(lane: "Lane", hand: Hand, prepared: Prepared) -> None:
    hand.state = State.SAVING
    try:
        saved = await lane.desk.write(lambda context: record(context, prepared))
    except Refused as error:
        hand.state = State.REFUSED
        hand.saved.set_result(None)
        lane.fail(error, f"{hand.vehicle} not recorded")
        return
    except PortcheckError as error:
        hand.state = State.NOT_SAVED
        lane.unsaved.append((hand, prepared))
        lane.surface.ring()
        lane.fail(error, f"{hand.vehicle} NOT SAVED (Enter tries again)")
        return
    hand.state = State.SAVED
    named = Named(saved.check_id, prepared.operation.operation_id, saved.ref)
    hand.saved.set_result(named)
    where = (named.check_id, named.operation_id, named.ref)
    lane.did(Deed("check", *where, hand.vehicle, "checked"))
    warnings = "; ".join(saved.warnings)
    lane.say(f"saved {saved.ref}  {hand.vehicle}  {warnings}", loud=bool(warnings))
    await lane.look(forced=True)
