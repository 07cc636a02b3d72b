"""The words of the lane besides the answer's own: what to do next, and short names."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from rich.text import Text

from portcheck.domain.answer import ListInForce
from portcheck.domain.decision import DECIDED
from portcheck.domain.fields import Field, format_value
from portcheck.domain.money import pounds
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.tally import Tally, Unresolved
from portcheck.domain.text import count
from portcheck.errors import PortcheckError
from portcheck.report.console import safe
from portcheck.services.exchange.standing import SyncStanding
from portcheck.tui.known import Known

if TYPE_CHECKING:
    from portcheck.services.day.overview import CheckView

OUTCOMES = {
    "persons_found": "PERSONS",
    "cash_seized": "CASH",
    "penalty_enforced": "PENALTY",
    "arrest": "ARREST",
    "offence_dealt_with": "OFFENCE",
    "match_unresolved": "WAITS",
    "nothing_found": "nothing",
    "not_searched": "-",
}
"""Primary outcomes in at most seven letters."""

REJECT_REASONS = {
    "1": "the plate was read again: it is another one",
    "2": "another country",
    "3": "another make or kind of vehicle",
    "4": "another haulier or owner, by the papers",
}

NO_OPERATION = (
    "No operation is under way on this device: nothing can be checked.",
    "Start one with “portcheck op start NAME”, or take up one that is open with",
    "“portcheck op use NAME”, in another window. It is taken up here at once.",
)
NO_LIST = (
    "No list is in force: nothing can be matched.",
    "Import one with “portcheck list import FILE”, or start the lane with --no-list",
    "to record checks as not screened.",
)


def next_steps(check: Known, key: Callable[[str], str]) -> Iterator[Text]:
    """What to do next about a check; `key` says how each command is given.

    It informs: whether a vehicle is the listed one, and what is done about a
    penalty, are the officer's decisions.
    """
    if check.voided:
        return
    waiting = check.open
    if waiting:
        yield _next(
            "read the plate again, place by place"
            if all(one.near for one in waiting)
            else "compare plate and papers with the list"
        )
        yield safe(f"      {key('confirm')} it is this vehicle · {key('reject')} it is not")
    enforceable, certain = ("", False) if "penalties" in check.outcome else check.enforceable
    if enforceable:
        what = {
            "yes": f"{key('outcome')}: what is done about the penalty",
            "refer": "ask the list office about the penalty first",
            "no": "no penalty can be enforced on it now",
        }[enforceable]
        then = "then " if waiting and enforceable == "yes" else ""
        yield _next(then + what) if certain else safe(f"   if it is, {what}")
    if not waiting and not check.outcome:
        words = f"{key('nothing_found')} searched, nothing found · {key('outcome')} more to record"
        yield safe(f"   {words}", "dim")


def value_words(field: Field, value: Any) -> str:
    """A value as people read it: the text that is typed, without what keeps separators apart."""
    return re.sub(r"\\([\\:;])", r"\1", format_value(field, value))


def recorded(check: "CheckView") -> str:
    """What is recorded of a check besides its registrations, in one line; "" for nothing."""
    said = [f"VOID: {check.void_reason}"] if check.voided else []
    said += [
        f"{match.registration} {match.decision}" + (f": {match.reason}" if match.reason else "")
        for match in check.matches
        if match.decision in DECIDED
    ]
    said += [
        field.label.lower()
        if check.outcome[field.name] is True
        else f"{field.label.lower()} {value_words(field, check.outcome[field.name])}"
        for field in OUTCOME
        if field.name in check.outcome
    ]
    return " · ".join([*said, *(["corrected"] if check.amended else [])])


def list_words(one: ListInForce) -> str:
    """A list in force with its version and age; a stale one says so, and how old it may be."""
    words = f"list {one.name} version {one.version}, {one.rows:,} rows, {one.age}"
    if one.doubt:
        return f"■ STALE {words}: {one.max_age_days} allowed ■"
    return f"■ {words} ■" if one.stale else words


def sync_words(found: SyncStanding, now: datetime, zone: tzinfo) -> str:
    """Whether the others know what was recorded here: "sent 14:05", or for how long they do not;
    and whether it counts for them.
    """
    if found.revoked:
        return "■ REVOKED: what is recorded here counts nowhere else ■"
    if found.at is None:
        return f"not sent yet: {count(found.unsent, 'check')}"
    minutes = int((now - found.at).total_seconds() // 60)
    if minutes < _SENT_LATELY or not found.unsent:
        return f"sent {found.at.astimezone(zone):%H:%M}"
    return f"not sent for {minutes:,} min: {count(found.unsent, 'check')}"


_SENT_LATELY = 5  # minutes


def day_words(tally: Tally) -> tuple[str, ...]:
    """The day so far: a heading, then figures in pairs."""
    money, counts = tally.penalties, tally.counts
    return (
        f"DAY: {count(tally.checks, 'check')}, {tally.inbound:,} in {tally.outbound:,} out",
        f"persons {counts['persons_found']:,}",
        f"nothing {counts['nothing_found']:,}",
        f"penalties {money.enforced_count:,}",
        pounds(money.enforced_pence),
        f"offences {counts['traffic_offences']:,}",
        f"advised {counts['drivers_educated']:,}",
    )


def waiting_words(waiting: Sequence[Unresolved]) -> str:
    """The matches nobody has decided on."""
    if not waiting:
        return "no match waits for a decision"
    names = dict.fromkeys(f"{one.ref} {one.typed}" for one in waiting)
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"! {count(len(waiting), 'match')} {verb}: {', '.join(names)}"


def _next(text: str) -> Text:
    return safe(f"NEXT  {text}", "bold")


def error_words(error: PortcheckError) -> str:
    """An error in one line, with what to do about it."""
    said = str(error)
    return f"{said}{'' if said.endswith('?') else '.'} {error.hint}" if error.hint else said
