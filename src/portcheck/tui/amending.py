"""Two forms: the correction of a check, and the details of the next vehicle."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from portcheck.domain.answer import Unit
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind
from portcheck.domain.times import local, parse_time
from portcheck.errors import Refused
from portcheck.services.checks.deed import Deed
from portcheck.services.matching.matcher import known_country, mark_typed
from portcheck.services.settings import zone
from portcheck.tui.form import Form, FormCalls
from portcheck.tui.hand import Hand, Named
from portcheck.tui.wording import error_words

if TYPE_CHECKING:
    from portcheck.services.checks.correct import Correction
    from portcheck.services.context import Context
    from portcheck.tui.lane import Lane

AMENDABLE: tuple[Field, ...] = (
    Field("vehicle", Kind.TEXT, "Registration", "The vehicle; it is matched again.", letter="r"),
    Field("country", Kind.TEXT, "Country", "The vehicle's country.", letter="c"),
    Field("trailer", Kind.TEXT, "Trailer", "Its trailer.", letter="a"),
    Field("trailer_country", Kind.TEXT, "Trailer country", "The trailer's country.", letter="t"),
    Field("container", Kind.TEXT, "Container", "Its container.", letter="o"),
    Field("at", Kind.TEXT, "Time", "When it was.", letter="i"),
    *DETAILS,
)
_MARKS = ("vehicle", "trailer", "container")
_COUNTRIES = ("country", "trailer_country")


def open_details(lane: "Lane") -> None:
    """The details of the next vehicle; those of the lane stay for the one after."""

    def save(_: str) -> str:
        lane.details = dict(form.values)
        return ""

    form = Form("Details of the next vehicle", DETAILS, lane.details, FormCalls(save))
    lane.push(form)


def open_amendment(lane: "Lane", hand: Hand) -> None:
    """Correct the registrations and details of the check in hand."""

    def why() -> str:
        return "Why is it corrected?" if form.values != form.base else ""

    def save(reason: str) -> str:
        if not reason:
            return "nothing was changed; Esc leaves it so"
        try:
            correction = _changed(lane, form)
        except Refused as error:
            return error_words(error)
        lane.record(hand, "correction", lambda c, n: _amend(c, n, correction, reason), done)
        return ""

    def done(named: Named, result: tuple[Any, list[str]]) -> None:
        changes, warnings = result
        hand.answer = None
        hand.vehicle = str(form.values.get("vehicle", hand.vehicle))
        where = (named.check_id, named.operation_id, named.ref, hand.vehicle)
        lane.did(Deed("amendment", *where, "correction", changes=tuple(changes)))
        said = "; ".join(["corrected", *warnings])
        lane.say(f"saved {named.ref}  {hand.vehicle}: {said}", loud=bool(warnings))

    form = Form(f"Correct {hand.vehicle}", AMENDABLE, {}, FormCalls(save, why))

    async def load() -> None:
        if hand.view is None:
            await lane.reload(hand)
        if hand.view is None:
            form.error = "the check cannot be read: Esc"
        else:
            form.title = f"Correct {hand.view.ref}  {hand.vehicle}"
            form.rebase(_amendable(lane, hand))
        lane.keyboard.loaded(form)

    form.loading = True
    lane.push(form)
    lane.surface.later(load())


def _amendable(lane: "Lane", hand: Hand) -> dict[str, Any]:
    check = hand.view
    assert check is not None
    names = (*_MARKS, *_COUNTRIES)
    texts = {name: getattr(check, name) for name in names}
    when = {"at": local(check.at, _zone(lane))}
    return {name: text for name, text in texts.items() if text} | check.details | when


def correction_of(
    changed: Mapping[str, Any], cleared: tuple[str, ...], *, now: datetime, zone: tzinfo
) -> "Correction":
    """The correction that these values are.  Raises Refused for what cannot stand."""
    from portcheck.services.checks.correct import REGISTRATIONS, Correction  # noqa: PLC0415 - as it is made

    values = dict(changed)
    for name in _MARKS:
        if name in values:
            mark_typed(Unit.VEHICLE, values[name])
    at = values.pop("at", None)
    for name in _COUNTRIES:
        if name in values:
            values[name] = known_country(values[name])
    return Correction(
        {name: text for name, text in values.items() if name in REGISTRATIONS},
        {name: value for name, value in values.items() if name not in REGISTRATIONS},
        {},
        parse_time(at, now=now, zone=zone) if at else None,
        cleared,
    )


def _changed(lane: "Lane", form: Form) -> "Correction":
    changed = {n: v for n, v in form.values.items() if form.base.get(n) != v}
    cleared = tuple(name for name in form.base if name not in form.values)
    return correction_of(changed, cleared, now=lane.options.now(), zone=_zone(lane))


def _zone(lane: "Lane") -> tzinfo:
    operation = lane.view.standing.operation
    return zone(operation.timezone) if operation else lane.options.zone


def _amend(
    context: "Context", named: Named, correction: "Correction", reason: str
) -> tuple[Any, list[str]]:
    from portcheck.services.checks.correct import amend  # noqa: PLC0415 - with the writing

    _, changes, warnings = amend(context, named.check_id, named.operation_id, correction, reason)
    return changes, warnings
