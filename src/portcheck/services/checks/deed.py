"""Something that was recorded at the lane, remembered so that it can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from portcheck.journal.events import Change


@dataclass(frozen=True, slots=True)
class Deed:
    """What was recorded, `words` about it, and what is needed to take it back.

    `before` holds the outcome's fields as they stood, `names` the fields that
    were touched, `changes` an amendment's, `event` the decision's event.
    """

    kind: Literal["check", "outcome", "amendment", "confirmed", "rejected", "void"]
    check_id: str
    operation_id: str
    ref: str
    vehicle: str
    words: str
    before: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    changes: "tuple[Change, ...]" = ()
    event: str = ""

    @property
    def undoing(self) -> str:
        """What taking it back does, in words."""
        return {
            "check": "the check becomes void",
            "outcome": "the outcome is corrected to what it was",
            "amendment": "the correction is corrected back",
            "confirmed": "the match waits for a decision again",
            "rejected": "the match waits for a decision again",
            "void": "the check counts again",
        }[self.kind]
