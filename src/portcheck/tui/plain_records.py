"""The commands of the plain loop that leave a record: outcomes, decisions, corrections."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from portcheck.domain.decision import Decision
from portcheck.domain.fields import Kind
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.text import fold, one_line
from portcheck.errors import PortcheckError, Refused
from portcheck.services import lane as services
from portcheck.services.checks import drafts
from portcheck.services.checks.deed import Deed
from portcheck.services.checks.drafts import Draft
from portcheck.services.checks.penalties import PaidAlready
from portcheck.tui.amending import AMENDABLE, correction_of
from portcheck.tui.field_text import added, field_named, how, names_of, read_fields
from portcheck.tui.hand import Named
from portcheck.tui.known import Standing
from portcheck.tui.wording import REJECT_REASONS

if TYPE_CHECKING:
    from portcheck.tui.plain import Plain


def _named(plain: "Plain") -> Named:
    if plain.named is None:
        raise Refused("there is no check in hand", hint="Type a registration, or /f to find one.")
    return plain.named


def asked(plain: "Plain", rest: str, question: str) -> str:
    """`rest`, or an answer to the question.  Raises Refused when there is none."""
    words = one_line(rest or plain.ask(f"{question} ") or "")
    if not words:
        raise Refused("nothing was said, and nothing was done")
    return words


def _saved(plain: "Plain", words: str, warnings: Iterable[str] = ()) -> None:
    """Say what is on disk, with warnings, and take up how the check stands now."""
    named = _named(plain)
    plain.say(f"saved {named.ref}  {plain.vehicle}: {words}")
    for warning in warnings:
        plain.say(f"! {warning}")
    plain.known.view = services.whole_check(plain.context, named.operation_id, named.check_id)


def _did(plain: "Plain", kind: Any, words: str, **values: Any) -> None:
    named = _named(plain)
    where = (named.check_id, named.operation_id, named.ref, plain.vehicle)
    plain.deeds.append(Deed(kind, *where, words, **values))


def nothing_found(plain: "Plain", _: str) -> None:
    named = _named(plain)
    wanted: dict[str, Any] = {"nothing_found": True}
    if plain.options.search:
        wanted["searched"] = list(plain.options.search)
    before, changes = services.add_outcome(
        plain.context, named.operation_id, named.check_id, wanted
    )
    if not changes.added:
        plain.say(f"{named.ref} says so already")
        return
    _did_outcome(plain, before, changes)
    _saved(plain, "searched, nothing found")


def _did_outcome(plain: "Plain", before: Mapping[str, Any], changes: services.Difference) -> None:
    names = (*changes.changed, *changes.cleared)
    kept = {name: before[name] for name in names if name in before}
    words = ", ".join(name.replace("_", " ") for name in names)
    _did(plain, "outcome", words, before=kept, names=names)


def outcome(plain: "Plain", rest: str) -> None:
    named = _named(plain)
    start = services.form_start(plain.context, named.operation_id, named.check_id)
    before = start.outcome
    wanted = added(OUTCOME, before, read_fields(OUTCOME, rest)) if rest else _fill(plain, before)
    changes = services.difference(before, wanted)
    if not changes.changed:
        plain.say("nothing was recorded")
        return
    reason = ""
    if changes.corrects:
        reason = asked(plain, "", "This corrects what is recorded. Why?")
    where = plain.context, named.operation_id, named.check_id
    try:
        before, warnings = services.save_outcome(*where, changes, reason)
    except PaidAlready as error:
        plain.say(f"! {error.message}")
        if one_line(plain.ask("Was it paid once more? (y) ") or "").casefold() not in {"y", "yes"}:
            raise
        before, warnings = services.save_outcome(*where, changes, reason, again=True)
    drafts.drop(plain.context.path, named.check_id)
    _did_outcome(plain, before, changes)
    _saved(plain, "outcome", warnings)


def _fill(plain: "Plain", before: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for one field after the other until a blank line; what was given is kept on disk."""
    named = _named(plain)
    kept = drafts.kept(plain.context.path, named.operation_id, plain.context.actor.device)
    draft = next((one for one in kept if one.check_id == named.check_id), None)
    values = dict(before) | (draft.outcome if draft else {})
    if draft:
        plain.say(f"half-filled: {', '.join(draft.outcome)}")
    while (text := plain.ask("Outcome field (? names them, a blank line saves): ")) is not None:
        typed = one_line(text)
        if not typed:
            return values
        try:
            given = _given(plain, typed)
        except Refused as error:
            plain.say(f"! {error}. {error.hint}")
            continue
        values = added(OUTCOME, values, given)
        identity = (named.check_id, named.operation_id, plain.context.actor.device, named.ref)
        drafts.keep(plain.context.path, Draft(*identity, plain.vehicle, dict(before), dict(values)))
    raise Refused("the input ended before the outcome was saved", hint="It is kept half-filled.")


def _given(plain: "Plain", typed: str) -> dict[str, Any]:
    """One field with its value, asked for where it does not stand there already."""
    if typed == "?":
        raise Refused("these can be recorded", hint=names_of(OUTCOME))
    field = field_named(OUTCOME, typed)
    if field is None or field.kind is Kind.FLAG:
        return read_fields(OUTCOME, typed)
    value = one_line(plain.ask(f"{field.label} ({how(field)}) ") or "")
    return read_fields(OUTCOME, f"{field.name}={value}")


def confirm(plain: "Plain", rest: str) -> None:
    matches = _to_decide(plain, confirm=True)
    if matches:
        _decide(plain, _which(plain, rest, matches), confirm=True)


def reject(plain: "Plain", rest: str) -> None:
    matches = _to_decide(plain, confirm=False)
    if not matches:
        return
    waits = matches[0].decision == Decision.OPEN
    match = None if waits else _which(plain, "", matches)
    if not rest:
        for key, reason in REJECT_REASONS.items():
            plain.say(f"   {key}  {reason}")
    words = asked(plain, rest, "Why is it not the listed one? A number, or your words:")
    _decide(plain, match, confirm=False, reason=REJECT_REASONS.get(words, words))


def _to_decide(plain: "Plain", *, confirm: bool) -> list[Standing]:
    """The matches that wait; else those decided otherwise, when the officer says so.

    None where a decision was taken back instead.  Raises Refused when there is nothing.
    """
    named = _named(plain)
    if waiting := plain.known.open:
        return waiting
    plain.known.view = services.whole_check(plain.context, named.operation_id, named.check_id)
    if plain.known.open:
        said = "; ".join(f"{one.number}: {one.words}" for one in plain.known.open)
        raise Refused(f"it waits since a list came in: {said}", hint="/y it is · /x it is not")
    standing = plain.known.standing or []
    other = [one for one in standing if one.decision != Decision.of(confirm=confirm)]
    if not other:
        key, found = ("x", "confirmed already") if confirm else ("y", "rejected already")
        hint = f"/{key} decides again, /u takes the last decision here back." if standing else ""
        raise Refused(found if standing else "no match of it waits for a decision", hint=hint)
    for one in other:
        plain.say(f"   {one.number}  {one.words}: {one.decision} by {one.decided_by}")
    answer = fold(asked(plain, "", "Decide again? (y, n, or u: undecided again)"))
    if answer in {"u", "undo"}:
        _take_back(plain, _which(plain, "", other))
        return []
    if answer not in {"y", "yes"}:
        raise Refused("it was not decided again")
    return other


def _which(plain: "Plain", rest: str, matches: list[Standing]) -> Standing:
    """The match of the number in `rest`, the only one, or the one asked for.  Raises Refused."""
    if len(matches) == 1 and not rest:
        return matches[0]
    for one in matches:
        plain.say(f"   {one.number}  {one.words}")
    text = asked(plain, rest, "Which one is it?")
    for one in matches:
        if text == str(one.number):
            return one
    raise Refused(f"“{text}” is not the number of one of them")


def _decide(plain: "Plain", match: Standing | None, *, confirm: bool, reason: str = "") -> None:
    from portcheck.services.checks.decide import decide  # noqa: PLC0415 - with the writing

    named = _named(plain)
    decided = decide(
        plain.context,
        named.check_id,
        named.operation_id,
        confirm=confirm,
        reason=reason,
        number=match.number if match else None,
        seen=match.decided_in if match else None,
    )
    word = Decision.of(confirm=confirm)
    _did(plain, word, word, event=decided.event)
    _saved(plain, word)


def _take_back(plain: "Plain", match: Standing) -> None:
    from portcheck.services.checks.decide import withdraw  # noqa: PLC0415 - with the writing

    named = _named(plain)
    where = (plain.context, named.check_id, named.operation_id)
    decided = withdraw(*where, number=match.number, seen=match.decided_in)
    plain.deeds = [deed for deed in plain.deeds if deed.event != match.decided_in]
    _saved(plain, "waits for a decision again", decided.warnings)


def undo(plain: "Plain", rest: str) -> None:
    from portcheck.services.checks.undo import undo as take_back  # noqa: PLC0415 - with the writing

    if not plain.deeds:
        raise Refused("nothing was done since the start", hint="/f and /a correct earlier checks.")
    deed = plain.deeds[-1]
    plain.say(f"{deed.ref}  {deed.vehicle}: {deed.words} → {deed.undoing}")
    reason = asked(plain, rest, "Why?")
    plain.deeds.remove(deed)
    try:
        warnings = take_back(plain.context, deed, reason)
    except PortcheckError as error:
        if not isinstance(error, Refused):  # it may be undone the next time
            plain.deeds.append(deed)
        raise
    plain.take_in_hand(deed.operation_id, deed.check_id)
    _saved(plain, f"undone; {deed.undoing}", warnings)


def amend(plain: "Plain", rest: str) -> None:
    from portcheck.services.checks.correct import amend as correct  # noqa: PLC0415 - with the writing

    named = _named(plain)
    text = asked(plain, rest, f"What is right? (as: trailer C1234567) {names_of(AMENDABLE)}")
    changed = read_fields(AMENDABLE, text)
    zone = plain.context.zone_here()
    correction = correction_of(changed, (), now=plain.context.now(), zone=zone)
    reason = asked(plain, "", "Why is it corrected?")
    _, changes, warnings = correct(
        plain.context, named.check_id, named.operation_id, correction, reason
    )
    plain.known.answer = None
    plain.vehicle = str(changed.get("vehicle", plain.vehicle))
    _did(plain, "amendment", "correction", changes=tuple(changes))
    _saved(plain, "corrected", warnings)


def void(plain: "Plain", rest: str) -> None:
    from portcheck.services.checks.correct import count_again  # noqa: PLC0415 - with the writing
    from portcheck.services.checks.correct import void as make_void  # noqa: PLC0415

    named = _named(plain)
    where = (plain.context, named.check_id, named.operation_id)
    if plain.known.voided:
        reason = asked(plain, rest, "It is void, and will count again. Why?")
        _, warnings = count_again(*where, reason)
        _saved(plain, "counts again", warnings)
        return
    reason = asked(plain, rest, "It stays visible, and counts no more. Why?")
    make_void(*where, reason)
    _did(plain, "void", "void")
    _saved(plain, "void")
