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
            rows = self.connection.execute("SELECT skeleton FROM entry_mark")
            self.skeletons = frozenset(skeleton for (skeleton,) in rows)
        return wanted if self.skeletons is None else self.skeletons.intersection(wanted)


# The state asked last: one process works on one database.
_latest: list[_Sieve] = []


def sifted(
    connection: sqlite3.Connection, lists: Sequence[CurrentList], wanted: Iterable[str]
) -> Iterable[str]:
    """The skeletons of `wanted` that may be in force.

    `lists` are all lists in force, read in the same transaction as what follows:
    another version of one of them begins anew.
    """
    if not (_latest and _latest[0].connection is connection and _latest[0].lists == lists):
        _latest[:] = [_Sieve(connection, lists)]
    return _latest[0].sifted(wanted)
