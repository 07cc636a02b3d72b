"""What comes as lines of JSON: a manifest's rows, and a camera's reads."""

from typing import Self

from pydantic import model_validator

from portcheck.report.contract.answers import Lookup, SavedCheck
from portcheck.report.contract.lists import Problem
from portcheck.report.contract.values import (
    Count,
    Document,
    Number,
    Ref,
    Sparse,
    Time,
    Words,
    hold,
    may_be_left_out,
)


class ScreenedRow(Lookup, Sparse):
    """A row of a manifest and its answer; `duplicate_of` is the row that says the same."""

    row: Number
    sailing: str
    duplicate_of: Number = may_be_left_out()


class RowNotScreened(Document):
    """A row of a manifest that could not be asked about."""

    row: Count
    error: Problem


class FeedRead(Lookup, Sparse):
    """A plate and its answer, by the number of its line.

    `check` is there when it was recorded, `duplicate_of` when it repeats one
    that was; neither when nothing is recorded.
    """

    line: Number
    at: Time
    lane: str
    duplicate_of: Ref = may_be_left_out()
    check: SavedCheck = may_be_left_out()

    @model_validator(mode="after")
    def _recorded_once(self) -> Self:
        hold(
            "a repeated read is no check of its own",
            holds=not {"check", "duplicate_of"} <= self.model_fields_set,
        )
        return self


class LineError(Document):
    """Why a line, or a vehicle in it, could not be read."""

    line: Number
    reason: Words
    hint: str


class LineNotRead(Document):
    """A line that was refused; the others go on."""

    error: LineError
