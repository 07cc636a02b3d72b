"""What was recorded here about a penalty line, in the words an officer reads."""

from collections.abc import Sequence

from portcheck.domain.money import pounds
from portcheck.domain.settlement import Recorded, Settlement
from portcheck.domain.text import day, shorten

_MOST_NAMED = 3
_MOST_ACTS = 5
_LONGEST_NAME = 40


def place_of(record: Recorded) -> str:
    """Where and when it was recorded: the check, its operation, the minute."""
    name = f" ({shorten(record.operation, _LONGEST_NAME)})" if record.operation else ""
    return f"{record.ref}{name} on {day(record.at.date())} {record.at:%H:%M}"


def acts(found: Settlement, said: str = "") -> list[str]:
    """Everything recorded, oldest first, the newest of many, but for what `said` tells already."""
    lines = []
    for number, one in enumerate(found.records):
        where = place_of(one)
        if where not in said:
            what = found.action(number).replace("_", " ")
            sum_ = f" {pounds(one.amount_pence)}" if one.amount_pence is not None else ""
            lines.append(f"recorded here: {what}{sum_} at {where}")
    left_out = len(lines) - _MOST_ACTS
    return lines[-_MOST_ACTS:] + ([f"and {left_out} earlier"] if left_out > 0 else [])


def payments(found: Settlement) -> str:
    """What was paid or secured, and where; the newest of many.  "" for nothing."""
    said = [
        f"{pounds(pence)}{_secured(one)} at {place_of(one)}"
        for one, pence in zip(found.records, found.taken, strict=True)
        if pence
    ]
    left_out = len(said) - _MOST_NAMED
    more = [f"and {left_out} earlier"] if left_out > 0 else []
    return "; ".join([*said[-_MOST_NAMED:], *more])


def _secured(record: Recorded) -> str:
    return " as security" if record.action == "security_given" else ""


def paid_in_full(found: Settlement) -> Sequence[str]:
    """Why nothing is to be enforced any more."""
    return f"recorded here as paid in full: {payments(found)}", list_knows(found)


def paid_in_part(found: Settlement) -> Sequence[str]:
    """What is left; nothing where nothing was paid."""
    if not found.paid_pence:
        return ()
    return (
        f"recorded here: {payments(found)}; {pounds(found.left_pence)} is left",
        list_knows(found),
    )


def disagreement(found: Settlement) -> str:
    """Why what is owed has to be asked."""
    gives = pounds(found.shown.owed_pence) if found.shown.owed_pence is not None else "no sum"
    return (
        f"recorded here: {payments(found)}; the list of {day(found.shown.dated)} gives {gives},"
        " which that does not explain: ask the list office what is left"
    )


def list_knows(found: Settlement) -> str:
    """Whether the list has what was paid taken off already."""
    which = f"the list of {day(found.shown.dated)}"
    if not found.waiting_pence:
        return f"{which} has taken that off already"
    if found.in_list:
        return f"{which} has taken off all of that but {pounds(found.waiting_pence)}"
    older = all(found.shown.dated < one.at.date() for one in found.payments)
    return f"{which} is from before that" if older else f"{which} does not show that yet"
