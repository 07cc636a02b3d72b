"""What an action list says to do about a vehicle, beside what it says is owed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

COMMENT = "Comment ("
"""How the heading of a cell's comment begins: "Comment (Registration)"."""


@dataclass(frozen=True, slots=True)
class Instructions:
    """The texts of one entry that are meant for whoever stops the vehicle; "" is a blank cell.

    `extra` has the columns that portcheck has no field for and the comments of
    cells, as (heading, text) pairs in the order of the sheet.
    """

    action: str = ""
    priority: str = ""
    contact: str = ""
    notes: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.action or self.priority or self.contact or self.notes or self.extra)

    def values(self) -> dict[str, Any]:
        """As JSON values, `extra` an object."""
        return {
            "action": self.action,
            "priority": self.priority,
            "contact": self.contact,
            "notes": self.notes,
            "extra": as_object(self.extra),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Those in JSON values, `extra` an object."""
        extra = tuple(kept["extra"].items())
        return cls(kept["action"], kept["priority"], kept["contact"], kept["notes"], extra)


def as_object(extra: Iterable[Sequence[str]]) -> dict[str, str]:
    """Heading to text, in the order of the sheet; texts under one heading are joined.

    >>> as_object((("Remark", "see file"), ("Bay", "4"), ("Remark", "ring first")))
    {'Remark': 'see file; ring first', 'Bay': '4'}
    """
    joined: dict[str, str] = {}
    for heading, text in extra:
        joined[heading] = f"{joined[heading]}; {text}" if heading in joined else text
    return joined
