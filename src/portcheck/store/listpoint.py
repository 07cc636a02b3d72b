"""What a list is for, counted: its lines, those with a penalty, those that say what is owed."""

import sqlite3
from typing import NamedTuple

from portcheck.store.entryvalues import BLANKS, COLUMNS
from portcheck.store.staged import IN_FORCE, literal, staged_values

_PENALTY = ("penalty_reference", "amount_pence", "paid_pence", "balance_pence", "status")
_OWED = ("amount_pence", "balance_pence")


class Point(NamedTuple):
    """How many lines there are, how many have a penalty, and how many a sum."""

    lines: int
    penalties: int
    sums: int

    @property
    def is_lost(self) -> bool:
        """No line has a penalty."""
        return not self.penalties

    @property
    def is_half_lost(self) -> bool:
        """Half of the lines do not say what is owed."""
        return self.sums * 2 <= self.lines


def staged_point(connection: sqlite3.Connection) -> Point:
    """Of the staged entries."""
    columns = dict(zip(COLUMNS, staged_values(connection), strict=True))
    return _counted(connection, columns, "FROM staged", ())


def point_in_force(connection: sqlite3.Connection, list_name: str) -> Point:
    """Of the entries in force of a list."""
    columns = {name: name for name in COLUMNS}
    return _counted(connection, columns, f"FROM entry WHERE {IN_FORCE}", (list_name,))


def _counted(
    connection: sqlite3.Connection, columns: dict[str, str], source: str, values: tuple[str, ...]
) -> Point:
    penalty, owed = (
        " OR ".join(f"{columns[name]} IS NOT {literal(BLANKS[name])}" for name in names)
        for names in (_PENALTY, _OWED)
    )
    row = connection.execute(
        f"SELECT COUNT(*), COALESCE(SUM({penalty}), 0), COALESCE(SUM({owed}), 0) {source}", values
    ).fetchone()
    return Point(*row)
