"""On what footing an installation writes in a file: which chain it goes on with, and as whom.

A file that was moved, or restored in its place, is the same one; device numbers change
from mount to mount and are not asked.  In a copy, and in a file that only others wrote,
an installation begins a chain of its own, which goes on with one that is there.
"""

import sqlite3
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from itertools import chain as joined

from portcheck.journal.append import CHAINS, Actor, Head, place_of

_LONGEST = 8  # characters of a label
_MOST = 10 ** (_LONGEST - 1)
_LABELS = (
    f"SELECT j.device FROM ({CHAINS}) AS c JOIN journal AS j ON j.chain = c.chain AND j.seq = 1"
)


@dataclass(frozen=True, slots=True)
class OwnChain:
    """A chain that was begun in this file, by whom and under which label.

    `installation` is "" for one without a key, or from before there were keys; `asked` is
    the label that the settings gave, "" where it is the same one; `place` is the file as
    the system knew it then, "" where it was not asked.
    """

    chain: bytes
    installation: str
    label: str
    asked: str
    place: str

    def stands_for(self, label: str) -> bool:
        """Whether it is written where the settings give this label."""
        return label in {self.label, self.asked}


@dataclass(frozen=True, slots=True)
class Footing:
    """How an installation writes in a file: under `label`, and either it `goes_on` with a
    chain of its own, or it begins one at its next write, which `continues` another or none.

    `place` is the file as the system knows it.
    """

    label: str
    place: str
    goes_on: OwnChain | None = None
    continues: OwnChain | None = None

    @property
    def state_of(self) -> str:
        """The label whose current operation is this device's."""
        return self.continues.label if self.continues else self.label

    @property
    def in_a_copy(self) -> bool:
        """Whether the chain that is continued was written in another file than this one."""
        return bool(self.continues and not same_file(self.continues.place, self.place))

    def noted(self, installation: str) -> bool:
        """Whether the file says so already."""
        found = self.goes_on
        return bool(found and (found.installation, found.place) == (installation, self.place))


def same_file(there: str, here: str) -> bool:
    """Whether two places (device:inode:path) are of one file: one that was moved has its inode
    still, one that was restored its path.  A place that is not known is taken for the same.

    >>> same_file("1:7:/day.db", "2:7:/stick/day.db"), same_file("1:7:/day.db", "1:8:/copy.db")
    (True, False)
    """
    if not there or not here:
        return True
    parts = zip(there.split(":", 2)[1:], here.split(":", 2)[1:], strict=False)
    return any(one == other for one, other in parts)


def stand(
    chains: Sequence[OwnChain],
    taken: Callable[[], Container[str]],
    installation: str,
    label: str,
    place: str,
) -> Footing:
    """The footing of an installation whose settings give `label`.

    `chains` are the file's, the oldest first; `taken` the labels of all chains that it holds.
    """
    at_home = [
        one
        for one in chains
        if one.installation in {installation, ""}
        if same_file(one.place, place)
    ]
    own_last = sorted(at_home, key=lambda one: bool(one.installation))
    for one in reversed(own_last):
        if one.stands_for(label):
            return Footing(one.label, place, goes_on=one)
    used = taken()
    if label not in used and (at_home or not chains):
        return Footing(label, place)
    own = [one for one in chains if one.installation == installation and one.stands_for(label)]
    named = [one for one in chains if one.label == label]
    newest = next((some[-1] for some in (own, named, chains) if some), None)
    return Footing(free_label(label, used), place, continues=newest)


def free_label(label: str, taken: Container[str]) -> str:
    """The label, or where another has it the next that is free.

    >>> free_label("L1", {"L1", "L2"}), free_label("X", {"X"}), free_label("L9", {"L1"})
    ('L3', 'X2', 'L9')
    """
    if label not in taken:
        return label
    stem = label.rstrip("0123456789")
    number = int(label[len(stem) :] or 1)
    numbers = joined(range(number + 1, _MOST), range(2, number))
    labels = (f"{stem[: _LONGEST - len(str(one))]}{one}" for one in numbers)
    return next(one for one in labels if one not in taken)


def own_chains(connection: sqlite3.Connection) -> list[OwnChain]:
    """The chains that were begun in this file, the oldest first."""
    rows = connection.execute(
        "SELECT chain, installation, label, asked, place FROM own_chain ORDER BY number"
    )
    return [OwnChain(*row) for row in rows]


def footing(connection: sqlite3.Connection, who: Actor) -> Footing:
    """The footing in this file of an installation, whose label is still that of its settings."""

    def taken() -> set[str]:
        return labels(connection)

    return stand(own_chains(connection), taken, who.installation, who.device, place_of(connection))


def labels(connection: sqlite3.Connection) -> set[str]:
    """The labels of all chains that the file holds."""
    return {label for (label,) in connection.execute(_LABELS)}


def head_of(connection: sqlite3.Connection, chain: bytes) -> Head | None:
    """The newest event of a chain; None where the file holds none of it."""
    row = connection.execute(
        "SELECT device, seq, hash, chain FROM journal WHERE chain = ? ORDER BY seq DESC LIMIT 1",
        (chain,),
    ).fetchone()
    return Head(*row) if row else None


def note_footing(
    connection: sqlite3.Connection, chain: bytes, installation: str, place: str
) -> None:
    """Note whose a chain is from now on, and in which file it is written."""
    connection.execute(
        "UPDATE own_chain SET installation = ?, place = ? WHERE chain = ?",
        (installation, place, chain),
    )
