"""The outcome form of one check: its drafts, what is wrong with it, its record."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portcheck.domain.decision import Decision
from portcheck.domain.outcome import OUTCOME, validate
from portcheck.errors import PortcheckError, Refused
from portcheck.services import lane as services
from portcheck.services.checks import drafts
from portcheck.services.checks.deed import Deed
from portcheck.services.checks.drafts import Draft
from portcheck.services.checks.penalties import PaidAlready, with_amounts
from portcheck.services.checks.records import Line
from portcheck.tui.form import Form, FormCalls
from portcheck.tui.hand import Hand, Named
from portcheck.tui.wording import error_words

if TYPE_CHECKING:
    from portcheck.services.context import Context
    from portcheck.tui.lane import Lane


class _Outcome:
    """One outcome form over one check: its drafts, what is wrong with it, its record."""

    def __init__(self, lane: "Lane", hand: Hand) -> None:
        self.lane = lane
        self.hand = hand
        self.lines: tuple[Line, ...] | None = None
        self.meant: dict[str, Any] | None = None  # refused once, as paid already
        calls = FormCalls(self.save, self.why, self.keep, self.left, self.dropped, keeps=True)
        self.form = Form(f"Outcome of {hand.vehicle}", OUTCOME, hand.outcome, calls)
        self.form.loading = True

    async def load(self) -> None:
        """Stand on what was answered, and on what is recorded as soon as that is known."""
        await self.hand.answered.wait()
        await self.hand.written.wait()
        self.form.known = {"penalties": {"reference": self.hand.references}}
        self.form.rebase(self.hand.outcome)
        self.lane.keyboard.loaded(self.form)
        named = await self.hand.saved
        if named is None:
            self.form.error = "the check itself was not recorded: Esc"
            self.lane.surface.redraw()
            return
        if self.form in self.lane.parts and self.form.values != self.form.base:
            self.keep()
        self.form.title = f"Outcome of {named.ref}  {self.hand.vehicle}"
        try:
            start = await self.lane.desk.ask(
                lambda context: services.form_start(context, named.operation_id, named.check_id)
            )
        except PortcheckError as error:
            self.form.error = error_words(error)
        else:
            self.lines = start.lines
            references = tuple(
                dict.fromkeys(x.reference for x in start.lines if x.decision != Decision.REJECTED)
            )
            self.form.known = {"penalties": {"reference": tuple(filter(None, references))}}
            self.form.rebase(start.outcome)
        self.lane.surface.redraw()

    def take_up(self, draft: Draft) -> None:
        """Enter again what was left."""
        self.form.base, self.form.values = dict(draft.base), dict(draft.outcome)

    @property
    def changes(self) -> services.Difference:
        """What the form does to what is recorded."""
        return services.difference(self.form.base, self.form.values)

    def why(self) -> str:
        """The question for a reason, where something recorded would not stand any more."""
        return "This corrects what is recorded. Why?" if self.changes.corrects else ""

    def save(self, reason: str) -> str:
        """Begin to record it; what is wrong with it otherwise."""
        changes = self.changes
        again = self.meant == changes.changed
        if not changes.changed and not changes.cleared:
            self.dropped()
            return ""
        try:
            validate(self.form.values)
            if self.lines is not None:
                with_amounts(changes.added, self.lines, again=again)
        except PaidAlready as error:
            self.meant = changes.changed
            return f"{error.message}. Save again if it was paid once more."
        except Refused as error:
            return error_words(error)

        def write(context: "Context", named: Named) -> tuple[dict[str, Any], list[str]]:
            return services.save_outcome(
                context, named.operation_id, named.check_id, changes, reason, again=again
            )

        def done(named: Named, result: tuple[dict[str, Any], list[str]]) -> None:
            before, warnings = result
            self.forget(named)
            did_outcome(self.lane, self.hand, named, before, changes)
            said = "; ".join(["outcome", *warnings])
            self.lane.say(f"saved {named.ref}  {self.hand.vehicle}: {said}", loud=bool(warnings))

        self.lane.record(self.hand, "outcome", write, done)
        return ""

    def keep(self) -> None:
        """Put it on disk as far as it has come."""
        named = self.hand.named
        if named is None:
            return
        draft = Draft(
            named.check_id,
            named.operation_id,
            self.lane.view.standing.device,
            named.ref,
            self.hand.vehicle,
            dict(self.form.base),
            dict(self.form.values),
        )
        self.lane.drafts[named.check_id] = draft
        self.lane.surface.later(self._keep(draft))

    async def _keep(self, draft: Draft) -> None:
        try:
            await self.lane.desk.file(lambda path: drafts.keep(path, draft))
        except PortcheckError as error:
            self.lane.fail(error, "the half-filled outcome is not kept on disk")

    def forget(self, named: Named | None) -> None:
        """It is recorded, or not wanted: nothing half-filled is left."""
        if named is not None and named.check_id in self.lane.drafts:
            del self.lane.drafts[named.check_id]
            self.lane.surface.later(self._forget(named))

    async def _forget(self, named: Named) -> None:
        await self.lane.desk.file(lambda path: drafts.drop(path, named.check_id))

    def left(self) -> None:
        """Keep it for later, when there is anything in it."""
        if self.form.values == self.form.base:
            self.forget(self.hand.named)
        else:
            self.keep()
            self.lane.say(f"outcome of {self.hand.vehicle} kept half-filled: F3 goes on with it")

    def dropped(self) -> None:
        """What was not saved is not wanted."""
        self.forget(self.hand.named)
        self.lane.say("nothing was recorded")


def open_outcome(lane: "Lane", hand: Hand) -> None:
    """The outcome of the check in hand; keys may come before the check is saved."""
    opened = _Outcome(lane, hand)
    draft = lane.drafts.get(hand.named.check_id) if hand.named else None
    if draft:
        opened.take_up(draft)
    lane.push(opened.form)
    lane.surface.later(opened.load())


def did_outcome(
    lane: "Lane",
    hand: Hand,
    named: Named,
    before: Mapping[str, Any],
    changes: services.Difference,
) -> None:
    """Remember what was recorded of an outcome, so that it can be taken back."""
    names = (*changes.changed, *changes.cleared)
    lane.did(
        Deed(
            "outcome",
            named.check_id,
            named.operation_id,
            named.ref,
            hand.vehicle,
            ", ".join(name.replace("_", " ") for name in names),
            {name: before[name] for name in names if name in before},
            names,
        )
    )
