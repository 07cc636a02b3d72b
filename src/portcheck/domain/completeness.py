"""From whom figures are complete, and up to when; and what keeps them from being so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portcheck.domain.text import count

UNFINISHED = frozenset({"active", "waiting", "forked"})
"""The states of a device that has more to tell."""


@dataclass(frozen=True, slots=True)
class DeviceHeard:
    """A device that takes part in an operation, and what is known of it here: up to which event,
    how many checks, and since when ("" for this file's own).  `not_counted` are those that a
    waiting one has, and a revoked one made since.

    `asked_of` says that the figures wait for it to finish: not for who opened the operation.
    """

    label: str
    chain: str
    events: int
    checks: int
    heard_at: str
    finished: bool
    state: str
    own: bool
    asked_of: bool = True
    not_counted: int = 0

    @property
    def awaited(self) -> bool:
        """Whether the figures are not complete because of it."""
        return self.asked_of and self.state in UNFINISHED

    @property
    def shown(self) -> str:
        """In few words: "L5 to 212, heard 14:05, NOT finished"."""
        heard = f", heard {self.heard_at[11:16]}" if self.heard_at else ""
        where = "counted here alone" if self.own else "NOT counted"
        if self.state == "waiting":
            return f"{self.label} asks to join: {count(self.checks, 'check')} {where}"
        state = {"active": "NOT finished", "forked": "FORKED"}.get(self.state, self.state)
        if self.state == "active" and not self.asked_of:
            return f"{self.label} to {self.events}{heard}"
        if self.not_counted:
            state += f": {count(self.not_counted, 'check')} after that {where}"
        return f"{self.label} to {self.events}{heard}, {state}"


@dataclass(frozen=True, slots=True)
class Disputed:
    """A field of a check, or a match of it, of which people said different things on devices
    that did not know of each other; `ref` is "" for the operation itself.

    Each of `values` has "value", "officer", "device" and "at", the first first.
    """

    ref: str
    field: str
    values: list[dict[str, Any]]

    @property
    def shown(self) -> str:
        """In few words: "L2-007 seal: intact (4711 on L2), broken (4712 on L5)"."""
        said = ", ".join(
            f"{_said(one['value'])} ({one['officer']} on {one['device']})" for one in self.values
        )
        return f"{self.ref or 'the operation'} {self.field.replace('_', ' ')}: {said}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value).replace("_", " ")


def lacks(
    unresolved: int, devices: Sequence[DeviceHeard], disputes: Sequence[Disputed], pending: int
) -> Iterator[str]:
    """What keeps figures from being complete, in words; nothing where nothing does."""
    if unresolved:
        yield f"{count(unresolved, 'match')} unresolved"
    awaited = [one.label for one in devices if one.awaited]
    if awaited:
        yield f"{', '.join(awaited)} not finished"
    if disputes:
        yield count(len(disputes), "dispute")
    if pending:
        yield f"{pending:,} pending"
