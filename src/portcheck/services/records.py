"""Reading a check as it stands: what the correcting and deciding use cases start from."""

import json
import re
import sqlite3
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from typing import Any

from portcheck.domain.settlement import Settlement, Shown
from portcheck.domain.text import one_line
from portcheck.domain.times import read_utc
from portcheck.errors import NotFound, Refused
from portcheck.services.settling import recorded_here
from portcheck.store.recorded import key_from, lines_standing

_REF = re.compile(r"([A-Za-z][A-Za-z0-9]{0,7})[- ]0*([1-9][0-9]{0,8})|0*([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Line:
    """A penalty line of a check's match: what may be acted upon.

    `recorded` is what was recorded about it, there and at other checks; None for nothing.
    """

    reference: str
    owed_pence: int | None
    enforceable: str
    decision: str
    match: int = 0
    recorded: Settlement | None = None

    @property
    def left_pence(self) -> int | None:
        """What is still owed; None where the list gives no sum."""
        return self.recorded.left_pence if self.recorded else self.owed_pence


@dataclass(frozen=True, slots=True)
class OpenMatch:
    """A match of a check and what was decided about it ("open", "confirmed", …).

    `decided_in` names the event that decided it: its hash in hex, "" for none.
    """

    number: int
    unit: str
    typed: str
    registration: str
    tier: str
    list_name: str
    decision: str
    decided_by: str
    decided_in: str
    why: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check as it stands after corrections; details and outcome as JSON values."""

    check_id: str
    operation_id: str
    ref: str
    at: datetime
    vehicle: str
    vehicle_key: str
    country: str
    trailer: str
    trailer_key: str
    trailer_country: str
    container: str
    container_key: str
    details: dict[str, Any]
    outcome: dict[str, Any]
    screened: bool
    voided: bool
    verdict: str


_FIELDS = tuple(field.name for field in fields(CheckRow))


def find_check(
    connection: sqlite3.Connection, ref: str, operation_id: str, device: str
) -> CheckRow:
    """The check that `ref` names: "L2-031", "l2-31", "31" on this device, or its identity.

    Raises NotFound when there is none in the operation.
    """
    text = one_line(ref)
    row = connection.execute(
        f"SELECT {', '.join(_FIELDS)} FROM vehicle_check WHERE check_id = ?",
        (text.lower(),),
    ).fetchone()
    match = _REF.fullmatch(text)
    if row is None and match:
        where, number = (match[1] or device), int(match[2] or match[3])
        row = connection.execute(
            f"SELECT {', '.join(_FIELDS)} FROM vehicle_check"
            " WHERE operation_id = ? AND device = ? COLLATE NOCASE AND number = ?",
            (operation_id, where, number),
        ).fetchone()
    if row is None:
        raise NotFound(
            f"there is no check “{text}” in this operation",
            hint="“portcheck log” lists the checks; a check is named as L2-031.",
        )
    values: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    values["at"] = read_utc(values["at"])
    for name in ("details", "outcome"):
        values[name] = json.loads(values[name])
    for name in ("screened", "voided"):
        values[name] = bool(values[name])
    return CheckRow(**values)


def not_voided(check: CheckRow) -> CheckRow:
    """`check`, unless it is void.  Raises Refused."""
    if check.voided:
        raise Refused(f"check {check.ref} is void and cannot be changed")
    return check


def matches_of(connection: sqlite3.Connection, check_id: str) -> list[OpenMatch]:
    """The matches of a check, in order."""
    rows = connection.execute(
        "SELECT number, unit, typed, registration, tier, list_name, decision, decided_by,"
        " decided_in, why FROM check_match WHERE check_id = ? ORDER BY number",
        (check_id,),
    )
    return [OpenMatch(*row) for row in rows]


def lines_of(
    connection: sqlite3.Connection, check_id: str, here: tzinfo, *, but_for_its_own: bool = False
) -> list[Line]:
    """The penalty lines of a check's matches that still stand, weak ones left out; times and
    days are those of `here`.  What the check recorded itself counts, `but_for_its_own` not.
    """
    rows = lines_standing(connection, check_id)
    references = {row.reference for row in rows}
    found = recorded_here(connection, references, here, without=check_id if but_for_its_own else "")
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
        )
        for row in rows
    ]
