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
class Sieve:
    """How often one state of the lists was asked, and its skeletons once they are read.

    `lists` are all lists in force: another version of one of them needs another sieve.
    """

    connection: sqlite3.Connection
    lists: Sequence[CurrentList]
    asked: int = 0
    skeletons: frozenset[str] | None = None

    def sifted(self, wanted: Iterable[str]) -> Iterable[str]:
        """The skeletons of `wanted` that may be in force."""
        self.asked += 1
        entries = sum(one.entries for one in self.lists)
        if self.skeletons is None and self.asked * _WORTH_IT >= entries:
            self.read()
        return wanted if self.skeletons is None else self.skeletons.intersection(wanted)

    def read(self) -> None:
        """Read the skeletons in force: now, for who would rather wait before the first look-up."""
        rows = self.connection.execute("SELECT skeleton FROM entry_mark")
        self.skeletons = frozenset(skeleton for (skeleton,) in rows)
