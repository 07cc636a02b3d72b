"""The columns of a check, and its findings: what events say in the shapes that tables keep.

Each raises TypeError for a value that no table would take, or that could not be counted.
"""

from collections.abc import Iterable
from typing import Any

from portcheck.domain.fields import is_shaped
from portcheck.domain.findings import Finding, findings
from portcheck.domain.outcome import BY_NAME as FIELDS
from portcheck.domain.outcome import primary_outcome
from portcheck.domain.registration.guess import guess_country
from portcheck.domain.times import utc_text
from portcheck.journal import events, parts
from portcheck.journal.append import Recorded
from portcheck.journal.chain import canonical

LOGGED = "log_import"
_MOST = 2**53  # what sums are counted with


def columns(event: events.CheckRecorded, recorded: Recorded) -> dict[str, Any]:
    marks = {
        f"{unit}{suffix}": value
        for unit, mark in (("trailer", event.trailer), ("container", event.container))
        for suffix, value in (
            ("", mark.text if mark else ""),
            ("_key", mark.key if mark else ""),
        )
    }
    return {
        "device": recorded.actor.device,
        "number": event.number,
        "ref": event.ref,
        "at": utc_text(event.at),
        "recorded_at": recorded.recorded_at,
        "officer": event.checked_by or recorded.actor.officer,
        "agency": _agency(event, recorded),
        "vehicle": event.vehicle.text,
        "vehicle_key": event.vehicle.key,
        "country": event.vehicle.country,
        "trailer_country": event.trailer.country if event.trailer else "",
        **marks,
        "screened": int(event.screened),
        "lists": lists_column(event.lists),
        "verdict": event.verdict,
        "source": event.source,
    }


def _agency(event: events.CheckRecorded, recorded: Recorded) -> str:
    """Whose check it was: in a log that leaves it open, nobody knows."""
    if event.source == LOGGED:
        return event.checked_by_agency
    return event.checked_by_agency or recorded.actor.agency


def guessed(key: str, country: str) -> str:
    """The country guessed for a mark that nobody gave one."""
    return "" if country else guess_country(key)


def counted(details: dict[str, Any]) -> dict[str, Any]:
    """The details that are counted have columns of their own."""
    names = ("direction", "unit", "body", "lane", "site")
    return {name: as_text(details.get(name, "")) for name in names}


def lists_column(lists: Iterable[parts.ListSeen]) -> str:
    """The versions a check was made against, as the column keeps them."""
    return canonical([{"name": seen.name, "version": seen.version} for seen in lists])


def as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def hold_number(value: Any) -> None:
    if value is not None and not (isinstance(value, int) and abs(value) < _MOST):
        raise TypeError(value)


def countable(outcome: dict[str, Any]) -> list[Finding]:
    """The findings of an outcome."""
    for name, value in outcome.items():
        if name in FIELDS and not is_shaped(FIELDS[name], value):
            raise TypeError(name)
    for action in outcome.get("penalties", ()):
        as_text(action["reference"])
        as_text(action["action"])
    primary_outcome(outcome, unresolved=False)
    found = list(findings(outcome))
    for one in found:
        hold_number(one.quantity)
        hold_number(one.measured)
    return found


def blank(value: Any) -> Any:
    """`value`, None where it says nothing; “no” and 0 say something."""
    return None if value in ("", []) else value
