"""A list that lost its point: without penalties, or without what is owed, it only names vehicles.

It is said, and asked about before such a file takes the place of a list that had them.
"""

from collections.abc import Iterator

from portcheck.domain.text import count
from portcheck.intake.listrows import ActionListFile
from portcheck.services.context import Context
from portcheck.store.listpoint import Point, point_in_force, staged_point


class Lost:
    """What a staged file lost: `warnings` say it, `question` is "" where nothing was lost that
    the list in force has.
    """

    def __init__(self, context: Context, file: ActionListFile, list_name: str) -> None:
        self._new = staged_point(context.connection)
        self._old = point_in_force(context.connection, list_name)
        self._name = list_name
        self.warnings = tuple(self._said(file))

    @property
    def question(self) -> str:
        """A sentence to be answered before the file takes the place of the list."""
        new, old = self._new, self._old
        if new.is_lost and not old.is_lost:
            return f"no penalty came of this file, and list {self._name} has {_penalties(old)}"
        if new.is_half_lost and old.lines and not old.is_half_lost:
            return (
                f"{_without(new)} of this file say what is owed, and in list {self._name} it is"
                f" {old.sums:,} of {old.lines:,}"
            )
        return ""

    def _said(self, file: ActionListFile) -> Iterator[str]:
        new = self._new
        if new.is_lost:
            yield (
                "NO PENALTY came of any row: no reference, sum or status was read, so officers are"
                " told only that a vehicle is listed. If the file has them, say which column is"
                " which with --map FIELD=HEADING"
            )
        elif new.is_half_lost:
            yield f"ONLY {_without(new)} say what is owed: the others are answered with “refer”"
        for heading, what, fields in file.only_kept:
            yield (
                f"column “{heading}” holds {what} and was ONLY KEPT, not read: if it is"
                f' {" or ".join(fields)}, say so with --map "{fields[0]}={heading}"'
            )


def _without(point: Point) -> str:
    return f"{point.sums:,} of {count(point.lines, 'line')}"


def _penalties(point: Point) -> str:
    return f"{count(point.penalties, 'line')} with one"
