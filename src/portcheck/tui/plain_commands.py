"""The commands of the plain loop, by the letters and names they have on the screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from portcheck.domain.details import DETAILS
from portcheck.domain.text import fold
from portcheck.errors import Refused
from portcheck.services import lane as services
from portcheck.services.checks import drafts
from portcheck.services.matching.lookup import note_consulted
from portcheck.tui import plain_records
from portcheck.tui.field_text import names_of, read_fields
from portcheck.tui.finder import MOST
from portcheck.tui.keys import BY_LETTER, COMMANDS
from portcheck.tui.wording import (
    NO_LIST,
    NO_OPERATION,
    OUTCOMES,
    day_words,
    list_words,
    recorded,
    sync_words,
    waiting_words,
)

if TYPE_CHECKING:
    from portcheck.tui.plain import Plain


def greet(plain: "Plain") -> None:
    """Where the lane stands, and what was left half-filled."""
    standing = services.stand(plain.context)
    if standing.operation is None:
        for line in NO_OPERATION:
            plain.say(line)
    else:
        plain.say(f"operation {standing.operation.name}, officer {plain.options.officer}")
    if standing.clock:
        plain.say(f"! {standing.clock}")
    for one in standing.lists:
        plain.say(list_words(one))
    if standing.sync:
        here = plain.context.zone_here()
        plain.say(sync_words(standing.sync, plain.context.now(), here))
    if not standing.lists and not plain.options.no_list:
        for line in NO_LIST:
            plain.say(line)
    if standing.operation is None:
        return
    operation_id = standing.operation.operation_id
    for draft in drafts.kept(plain.context.path, operation_id, plain.context.actor.device):
        plain.take_in_hand(operation_id, draft.check_id)
        plain.say(f"the outcome of {draft.ref} was left half-filled: /o goes on with it")
    _waiting(plain, "")


def part(plain: "Plain") -> None:
    """What is left undecided is said at the end, whatever ended the loop."""
    waiting = services.view(plain.context).waiting
    if waiting:
        plain.say(waiting_words(waiting))


def run(plain: "Plain", text: str) -> None:
    """One command: a letter or a name, and what belongs to it.  Raises Refused."""
    word, _, rest = text.partition(" ")
    command = BY_LETTER.get(word.lower())
    name = command.name if command else _ALSO.get(word.lower(), "")
    if not name:
        wanted = fold(word)
        names = [*(one.name for one in COMMANDS), *_ALSO.values()]
        name = next((one for one in names if wanted and fold(one).startswith(wanted)), "")
    if name not in _COMMANDS:
        raise Refused(f"“/{word}” is no command here", hint="/h names them.")
    _COMMANDS[name](plain, rest.strip())


def _help(plain: "Plain", _: str) -> None:
    plain.say("A registration checks a vehicle; the rest of it may follow after “;”:")
    plain.say("   AB12 CDE; trailer C1234567; country GB; body refrigerated")
    for command in COMMANDS:
        if command.name in _COMMANDS:
            plain.say(f"   /{command.letter}  {command.help}")
    for letter, words in (("w", "waiting matches"), ("l", "the last checks"), ("g", "the day")):
        plain.say(f"   /{letter}  {words}")


def _find(plain: "Plain", rest: str) -> None:
    operation = plain.context.operation()
    text = plain_records.asked(plain, rest, "Its number, or part of a registration:")
    found = services.find_checks(plain.context, operation.operation_id, text, MOST)
    note_consulted(plain.context, "lane find", [text])
    if not found:
        raise Refused(f"no check has “{text}” in this operation")
    for check in found:
        state = "VOID" if check.voided else OUTCOMES[check.primary_outcome]
        plain.say(f"   {check.ref}  {check.vehicle} {check.country}  {state}")
    if len(found) == 1:
        plain.take_in_hand(operation.operation_id, found[0].check_id)
        plain.say(f"{found[0].ref} in hand  {recorded(found[0])}")
    else:
        plain.say("/f and a number takes one of them in hand")


def _details(plain: "Plain", rest: str) -> None:
    if rest:
        plain.details |= read_fields(DETAILS, rest)
    shown = ", ".join(f"{name} {value}" for name, value in plain.details.items())
    plain.say(f"the next check: {shown or names_of(DETAILS)}")


def _bell(plain: "Plain", _: str) -> None:
    plain.muted = not plain.muted
    plain.say("The bell is off." if plain.muted else "The bell is on.")


def _waiting(plain: "Plain", _: str) -> None:
    plain.say(waiting_words(services.view(plain.context).waiting))


def _last(plain: "Plain", _: str) -> None:
    for one in services.view(plain.context).last:
        state = "VOID" if one.voided else OUTCOMES[one.primary_outcome]
        plain.say(f"   {one.ref}  {one.vehicle} {one.country}  {one.verdict}  {state}")


def _figures(plain: "Plain", _: str) -> None:
    tally = services.view(plain.context).tally
    plain.say(", ".join(day_words(tally)) if tally else NO_OPERATION[0])


def _leave(plain: "Plain", _: str) -> None:
    waiting = services.view(plain.context).waiting
    if waiting:
        plain.say(waiting_words(waiting))
        answer = plain.ask("Leave all the same? (y or n) ")
        if answer is not None and fold(answer) not in {"y", "yes"}:
            return
    plain.over = True


_ALSO = {"w": "waiting", "l": "last", "g": "figures"}
_COMMANDS: dict[str, Callable[["Plain", str], None]] = {
    "help": _help,
    "nothing_found": plain_records.nothing_found,
    "outcome": plain_records.outcome,
    "confirm": plain_records.confirm,
    "reject": plain_records.reject,
    "undo": plain_records.undo,
    "find": _find,
    "amend": plain_records.amend,
    "details": _details,
    "void": plain_records.void,
    "bell": _bell,
    "waiting": _waiting,
    "last": _last,
    "figures": _figures,
    "leave": _leave,
}
