"""Reading a check as it stands: what the correcting and deciding use cases start from."""

import re
from dataclasses import dataclass
from datetime import tzinfo

from portcheck.domain.settlement import Key, Settlement, Shown, reference_key
from portcheck.domain.text import one_line
from portcheck.domain.times import read_utc
from portcheck.errors import NotFound, Refused
from portcheck.services.context import Context
from portcheck.services.matching.settling import recorded_here
from portcheck.store.checkrows import CheckRow
from portcheck.store.exchangerows import held_back
from portcheck.store.recorded import key_from, lines_standing
from portcheck.store.singlechecks import check_of, checks_referred_to

_REF = re.compile(r"([A-Za-z][A-Za-z0-9]{0,7})[- ]0*([1-9][0-9]{0,8})|0*([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Line:
    """A penalty line of a check's match: what may be acted upon.

    `recorded` is what was recorded about it, there and at other checks; None for nothing.
    `liable` is the party of its key, and the role.
    """

    reference: str
    owed_pence: int | None
    enforceable: str
    decision: str
    match: int = 0
    recorded: Settlement | None = None
    liable: tuple[str, str] = ("", "")

    @property
    def key(self) -> Key:
        """What the line is known by."""
        return (reference_key(self.reference), *self.liable)

    @property
    def left_pence(self) -> int | None:
        """What is still owed; None where the list gives no sum."""
        return self.recorded.left_pence if self.recorded else self.owed_pence


def reference(label: str, number: int) -> str:
    """How people name a check.

    >>> reference("L2", 31)
    'L2-031'
    """
    return f"{label}-{number:03d}"


def find_check(context: Context, ref: str, operation_id: str) -> CheckRow:
    """The check that `ref` names: "L2-031", "l2-31", "31" on this device, or its identity.

    Raises NotFound when there is none in the operation, and Refused when there are several:
    devices that did not know of each other may have given the same reference.
    """
    text = one_line(ref)
    found = check_of(context.connection, text.lower())
    match = _REF.fullmatch(text)
    if found is None and match:
        label, number = (match[1] or context.actor.device), int(match[2] or match[3])
        several = checks_referred_to(context.connection, operation_id, reference(label, number))
        if len(several) > 1:
            shown = "; ".join(f"{one.vehicle} is {one.check_id}" for one in several)
            raise Refused(
                f"“{text}” is {len(several)} checks: devices that did not know of each other gave"
                " one reference",
                hint=f"Name the one by its identity: {shown}.",
            )
        found = next(iter(several), None)
    if found is None:
        label = held_back(context.connection, operation_id, text)
        if label:
            raise NotFound(
                f"check {text} is held back: what {label} recorded there does not count",
                hint="“portcheck device list” says why.",
            )
        raise NotFound(
            f"there is no check “{text}” in this operation",
            hint="“portcheck log” lists the checks; a check is named as L2-031.",
        )
    return found


def not_voided(check: CheckRow) -> CheckRow:
    """`check`, unless it is void.  Raises Refused."""
    if check.voided:
        raise Refused(f"check {check.ref} is void and cannot be changed")
    return check


def lines_of(
    context: Context, check_id: str, here: tzinfo, *, but_for_its_own: bool = False
) -> list[Line]:
    """The penalty lines of a check's matches that still stand, weak ones left out; times and
    days are those of `here`.  What the check recorded itself counts, `but_for_its_own` not.
    """
    rows = lines_standing(context.connection, check_id)
    references = {row.reference for row in rows}
    found = recorded_here(context, references, here, without=check_id if but_for_its_own else "")
    return [
        Line(
            row.reference,
            row.owed_pence,
            row.enforceable,
            row.decision,
            row.match,
            found.about(
                key_from(row.line_key),
                Shown(row.owed_pence, read_utc(row.dated).astimezone(here).date()),
            ),
            key_from(row.line_key)[1:],
        )
        for row in rows
    ]
