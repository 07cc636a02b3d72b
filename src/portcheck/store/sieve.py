"""Which skeletons are in force, known without asking the database.

One mark has some 420 neighbouring skeletons, nearly none of them listed, and on
a long list each costs a walk through the index.  A process that matches many
vehicles reads the skeletons once (about 1 MB for 10,000 entries) and asks the
database only for those that are there.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from portcheck.store.finder import CurrentList

_WORTH_IT: Final = 400
"""Reading an entry's skeleton costs about a 400th of what a look-up saves by it."""


@dataclass(slots=True)
class _Sieve:
    """How often one state of the lists was asked, and its skeletons once they are read."""

    connection: sqlite3.Connection
    lists: Sequence[CurrentList]
    asked: int = 0
    skeletons: frozenset[str] | None = None

    def sifted(self, wanted: Iterable[str]) -> Iterable[str]:
        """`wanted` without what is not in force, when it is known by now."""
        self.asked += 1
        entries = sum(one.entries for one in self.lists)
        if self.skeletons is None and self.asked * _WORTH_IT >= entries:
            self.read()
        return wanted if self.skeletons is None else self.skeletons.intersection(wanted)

    def read(self) -> None:
        """Read the skeletons in force."""
        rows = self.connection.execute("SELECT skeleton FROM entry_mark")
        self.skeletons = frozenset(skeleton for (skeleton,) in rows)


# The state asked last: one process works on one database.  Its threads have connections of
# their own, so each call holds on to the state that it found or made.
_latest: list[_Sieve] = []


def sifted(
    connection: sqlite3.Connection, lists: Sequence[CurrentList], wanted: Iterable[str]
) -> Iterable[str]:
    """The skeletons of `wanted` that may be in force.

    `lists` are all lists in force, read in the same transaction as what follows:
    another version of one of them begins anew.
    """
    return _state(connection, lists).sifted(wanted)


def read_ahead(connection: sqlite3.Connection, lists: Sequence[CurrentList]) -> None:
    """Read what is in force now, for who would rather wait before the first look-up."""
    _state(connection, lists).read()


def _state(connection: sqlite3.Connection, lists: Sequence[CurrentList]) -> _Sieve:
    for state in _latest[:]:
        if state.connection is connection and state.lists == lists:
            return state
    state = _Sieve(connection, lists)
    _latest[:] = [state]
    return state
