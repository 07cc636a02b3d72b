"""Taking back the last thing done: a fact of its own, never an erasure, and never a decision
that nobody made.
"""

from collections.abc import Sequence

from portcheck.domain.details import DETAILS
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.times import read_utc
from portcheck.errors import Refused
from portcheck.journal.events import Change
from portcheck.services.checks.correct import REGISTRATIONS, Correction, amend, count_again, void
from portcheck.services.checks.decide import withdraw
from portcheck.services.checks.deed import Deed
from portcheck.services.context import Context

_DETAILS = frozenset(one.name for one in DETAILS)
_OUTCOME = frozenset(one.name for one in OUTCOME)


def undo(context: Context, deed: Deed, reason: str) -> list[str]:
    """Take `deed` back; returns warnings.

    Raises Refused without a reason and when it cannot be done.
    """
    if not reason:
        raise Refused("a correction needs a reason")
    where = (deed.check_id, deed.operation_id)
    match deed.kind:
        case "check":
            void(context, *where, reason)
        case "outcome":
            return amend(context, *where, _earlier(deed), reason)[2]
        case "amendment":
            return amend(context, *where, _reversed(deed.changes), reason)[2]
        case "confirmed" | "rejected":
            return withdraw(context, *where, reason=reason, event=deed.event).warnings
        case "void":
            return count_again(context, *where, reason)[1]
    return []


def _earlier(deed: Deed) -> Correction:
    kept = {name: deed.before[name] for name in deed.names if name in deed.before}
    cleared = tuple(name for name in deed.names if name not in deed.before)
    return Correction({}, {}, kept, cleared=cleared, again=True)


def _reversed(changes: Sequence[Change]) -> Correction:
    """The correction that leads back; keys follow from the registrations."""
    back = {change.field: change.before for change in changes}
    at = back.pop("at", None)
    return Correction(
        {name: text for name, text in back.items() if text and name in REGISTRATIONS},
        {name: value for name, value in back.items() if value and name in _DETAILS},
        {name: value for name, value in back.items() if value and name in _OUTCOME},
        read_utc(at) if at else None,
        tuple(
            name
            for name, value in back.items()
            if not value and name in {*REGISTRATIONS, *_DETAILS, *_OUTCOME}
        ),
        again=True,
    )
