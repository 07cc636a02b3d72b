"""What checks add to the sums of their operations (`counts.VALUES`), gathered in memory until it
is written: a transaction that records many checks writes each sum once.
"""

import sqlite3
from collections import Counter
from typing import Any, NamedTuple

Rows = frozenset[tuple[Any, ...]]


class Contribution(NamedTuple):
    """What one check adds: (operation, kind, value) of each sum of checks that it counts in,
    and its findings as rows of `finding_sum`.
    """

    checks: Rows = frozenset()
    findings: Rows = frozenset()


NOTHING = Contribution()
"""What a check adds that is not there."""

_ADD_CHECKS = (
    "INSERT INTO check_sum (operation_id, kind, value, number) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET number = number + excluded.number"
)
_NO_CHECKS = (
    "DELETE FROM check_sum WHERE operation_id = ? AND kind = ? AND value = ? AND number = 0"
)
_ADD_FINDINGS = (
    "INSERT INTO finding_sum (operation_id, field, value, detail, currency,"
    " checks, items, quantity, amount_minor, measured) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET checks = checks + excluded.checks, items = items + excluded.items,"
    " quantity = quantity + excluded.quantity,"
    " amount_minor = amount_minor + excluded.amount_minor, measured = measured + excluded.measured"
)
_NO_FINDINGS = (
    "DELETE FROM finding_sum WHERE operation_id = ? AND field = ? AND value = ?"
    " AND detail = ? AND currency = ? AND items = 0"
)
_NAMES = 5  # so many columns of `finding_sum` say what is summed
_MOST = 20_000  # so many differences are kept in memory


class Gathered:
    """The differences that a transaction makes to the sums; whoever commits it writes them first.

    A transaction that is taken back is forgotten with it.
    """

    def __init__(self) -> None:
        self._checks: Counter[tuple[Any, ...]] = Counter()
        self._findings: dict[tuple[Any, ...], list[int]] = {}
        self._newest = ("", NOTHING)

    def standing(self, check_id: str) -> Contribution | None:
        """What the check adds that was changed last; None of any other."""
        newest, adds = self._newest
        return adds if newest == check_id else None

    def change(self, check_id: str, before: Contribution, now: Contribution) -> None:
        """Take out of the sums what a check added `before`, and put in what it adds `now`."""
        self._newest = (check_id, now)
        self._checks.update(now.checks - before.checks)
        self._checks.subtract(before.checks - now.checks)
        for row in now.findings - before.findings:
            self._add(row, 1)
        for row in before.findings - now.findings:
            self._add(row, -1)

    def _add(self, row: tuple[Any, ...], sign: int) -> None:
        name, numbers = row[:_NAMES], row[_NAMES:]
        sums = self._findings.setdefault(name, [0] * len(numbers))
        for place, number in enumerate(numbers):
            sums[place] += sign * number

    @property
    def full(self) -> bool:
        """Whether so much is gathered that it should be written."""
        return len(self._checks) > _MOST

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what was gathered, in the transaction that it belongs to."""
        checks = [(*name, number) for name, number in self._checks.items() if number]
        connection.executemany(_ADD_CHECKS, checks)
        gone = [name for *name, number in checks if number < 0]
        connection.executemany(_NO_CHECKS, gone)
        findings = [(*name, *numbers) for name, numbers in self._findings.items() if any(numbers)]
        connection.executemany(_ADD_FINDINGS, findings)
        items = _NAMES + 1
        none_left = [row[:_NAMES] for row in findings if row[items] < 0]
        connection.executemany(_NO_FINDINGS, none_left)
        self._checks.clear()
        self._findings.clear()
