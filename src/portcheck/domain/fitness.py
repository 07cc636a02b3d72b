"""What somebody sees who looks whether a machine, a database or a server is fit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, and what was seen."""

    what: str
    good: bool
    seen: str
