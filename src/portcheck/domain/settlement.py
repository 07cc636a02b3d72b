"""One penalty line, however many lists and versions give it, and what was paid on it here.

A line is known by its reference and the liable party.  Its newest showing counts.
What was recorded here is held against that showing: where the list still gives the
sum that was owed then, the payment is not in it yet and is taken off; where it gives
exactly so much less, the payment is in it already; a sum that is neither is a doubt,
for the list office to settle.  Card, tally and reports ask `settle`, and nothing else.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate

from portcheck.domain.haulier import fold_haulier
from portcheck.domain.outcome import ENFORCING
from portcheck.domain.text import clean

_WORD = re.compile("[a-z0-9]+")

Key = tuple[str, str, str]
"""What tells penalty lines apart: `reference_key`, the liable party's folded name, its role."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list gave as owed on a line (pence; None for no sum), and the list's date."""

    owed_pence: int | None
    dated: date


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded about a line at a check, and what the list `shown` there gave.

    `at` is in the time zone in which dates are read.  `amount_pence` is as recorded,
    `given_pence` what of it is for this line: 0 where nothing was paid or secured.
    """

    check_id: str
    operation_id: str
    operation: str
    ref: str
    at: datetime
    action: str
    amount_pence: int | None
    given_pence: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a line stands between its newest showing and what was recorded.

    `left_pence` is what is still to be paid, None where the list gives no sum.  `taken`
    and `over` are, for each of `records`, the pence that went to the line and those
    above what was left of it.  `in_list` says that the list has some payment already,
    `waiting_pence` is what it has not.  `doubt` says that list and records disagree;
    `left_pence` is then the most careful reading of the list.
    """

    shown: Shown
    records: tuple[Recorded, ...] = ()
    left_pence: int | None = None
    taken: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
    waiting_pence: int = 0
    in_list: bool = False
    doubt: bool = False

    @property
    def paid_pence(self) -> int:
        """What the line was given here in all."""
        return sum(self.taken)

    @property
    def settled(self) -> bool:
        """Whether nothing is left of it because of what was paid here."""
        return self.left_pence == 0 and self.paid_pence > 0 and not self.doubt

    @property
    def payments(self) -> list[Recorded]:
        """The records that gave it money."""
        return [one for one, pence in zip(self.records, self.taken, strict=True) if pence]

    def action(self, number: int) -> str:
        """What record `number` was: paid in full, with less than was owed, is paid in part.

        >>> there = Shown(500, date(2021, 6, 1))
        >>> paid = Recorded("a", "o", "Day", "L1-001", datetime(2021, 6, 17), "paid_in_full",
        ...                 300, 300, there)
        >>> settle([paid], there).action(0), settle([paid], there).left_pence
        ('part_paid', 200)
        """
        one = self.records[number]
        before = settle(self.records[:number], one.shown).left_pence
        short = before is not None and one.given_pence < before
        return "part_paid" if short and one.action == "paid_in_full" else one.action


@dataclass(slots=True)
class _Account:
    """A line while its showings and payments are gone through in order."""

    listed: int | None = None
    waiting: tuple[tuple[int, date], ...] = ()
    left: int | None = None
    in_list: bool = False
    doubt: bool = False

    def meet(self, shown: Shown) -> None:
        """Hold a showing against what waits to be seen in one."""
        owed = shown.owed_pence
        if not self.waiting or owed == 0:
            self.in_list |= bool(self.waiting)
            self.listed, self.waiting, self.doubt = owed, (), False
        elif owed != self.listed:
            known = _known(self.waiting, self.listed, shown)
            self.doubt = known is None
            if known is not None:
                self.waiting = tuple(o for n, o in enumerate(self.waiting) if n not in known)
                self.listed, self.in_list = owed, True
        else:
            self.doubt = False
        self.left = None if owed is None else max(owed - self.waiting_pence, 0)

    def pay(self, given: int, on: date) -> int:
        """Take a payment; returns what of it the line had left."""
        taken = given if self.left is None else min(given, self.left)
        if taken:
            self.waiting += ((taken, on),)
        if self.left is not None:
            self.left -= taken
        return taken

    @property
    def waiting_pence(self) -> int:
        return sum(pence for pence, _ in self.waiting) if self.waiting else 0


def _known(
    waiting: Sequence[tuple[int, date]], listed: int | None, shown: Shown
) -> frozenset[int] | None:
    """Which payments make the list's sum exactly so much less: the first of them, or any one.

    A list from before a payment's day cannot have it.  None where no payments explain the sum.
    """
    if listed is None or shown.owed_pence is None:
        return None
    less = listed - shown.owed_pence
    dated = [n for n, (_, on) in enumerate(waiting) if on <= shown.dated]
    for several, pence in enumerate(accumulate(waiting[n][0] for n in dated), 1):
        if pence == less:
            return frozenset(dated[:several])
    return next((frozenset({n}) for n in dated if waiting[n][0] == less), None)


def settle(records: Sequence[Recorded], shown: Shown) -> Settlement:
    """Hold what was recorded, oldest first, against the newest showing of the line."""
    account = _Account()
    taken = []
    for one in records:
        account.meet(one.shown)
        taken.append(account.pay(one.given_pence, one.at.date()))
    account.meet(shown)
    over = (one.given_pence - pence for one, pence in zip(records, taken, strict=True))
    return Settlement(
        shown,
        tuple(records),
        account.left,
        tuple(taken),
        tuple(over),
        account.waiting_pence,
        account.in_list,
        account.doubt,
    )


@dataclass(frozen=True, slots=True)
class Act:
    """Something recorded about a penalty, and the penalty's lines that the check showed, with
    what the list gave for each; `record` is without what a line of them gets of it.
    """

    record: Recorded
    lines: tuple[tuple[Key, Shown], ...]


def by_line(acts: Iterable[Act]) -> dict[Key, list[Recorded]]:
    """What each line got of the acts, given oldest first (`spread`)."""
    found: dict[Key, list[Recorded]] = {}
    accounts: dict[Key, _Account] = {}
    for act in acts:
        pence = act.record.amount_pence or 0 if act.record.action in ENFORCING else 0
        now = {key: _met(accounts.get(key), shown) for key, shown in act.lines}
        parts = spread(pence, [(key, account.left) for key, account in now.items()])
        for key, shown in sorted(act.lines, key=lambda line: (line[1].owed_pence is None, line[0])):
            given = parts.get(key, 0)
            if given or not pence:
                record = replace(act.record, given_pence=given, shown=shown)
                found.setdefault(key, []).append(record)
                now[key].pay(given, record.at.date())
                accounts[key] = now[key]
    return found


def _met(account: _Account | None, shown: Shown) -> _Account:
    """The account, or a new one, as it stands once a showing is held against it."""
    met = replace(account) if account else _Account()
    met.meet(shown)
    return met


def spread(pence: int, left: Iterable[tuple[Key, int | None]]) -> dict[Key, int]:
    """What each line of a penalty gets of a payment, by what is `left` of it.

    Money goes to the lines in order, up to what is left of each; those without a sum come
    last and take what is left; what is over stands with the first.  One of which it is not
    known whose it is, where others name several parties, is theirs and gets nothing.
    """
    lines = sorted(left, key=lambda line: (line[1] is None, line[0]))
    keys = [key for key, _ in lines]
    parts: dict[Key, int] = {}
    rest = pence
    for key, most in lines:
        if not anybodys(key, keys):
            parts[key] = rest if most is None else min(rest, most)
            rest -= parts[key]
    if rest and parts:
        parts[next(iter(parts))] += rest
    return parts


def key_of_line(reference: str, liable_party: str, liable_role: str = "") -> Key:
    """What a penalty line is known by, in whatever list.

    >>> key_of_line("CP 1042", "ACME Limited") == key_of_line("cp-1042", "Acme Ltd")
    True
    """
    party = fold_haulier(liable_party) if liable_party else ""
    return reference_key(reference), party, liable_role


def reference_key(reference: str) -> str:
    """A reference without what offices write otherwise: case, marks, and separators, but for
    one between two digits.

    >>> reference_key("CP-1042") == reference_key("cp 1042"), reference_key("1/12")
    (True, '1-12')
    """
    bare = clean(reference)
    if bare.isascii():  # nearly all are, and a list has many
        words = _WORD.findall(bare.lower())
    else:
        bare = unicodedata.normalize("NFKD", bare).casefold()
        bare = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
        words = bare.split()
    found = ""
    for word in words:
        between = found[-1:].isdigit() and word[0].isdigit()
        found += f"-{word}" if between else word
    return found


def together(keys: Iterable[Key]) -> dict[Key, Key]:
    """The line that each key belongs to.

    A party that is named is told by its name, in whatever role.  Where a list names none,
    the line is that of the only party that another names, in that role or in none.
    """
    by_reference: dict[str, set[Key]] = {}
    for key in keys:
        by_reference.setdefault(key[0], set()).add(key)
    return {key: _line_of(key, some) for some in by_reference.values() for key in some}


def _line_of(key: Key, some: Iterable[Key]) -> Key:
    reference, party, role = key
    if party:
        return reference, party, ""
    if named := _parties(key, some):
        return (reference, named.pop(), "") if len(named) == 1 else key
    roles = {other[2] for other in some if same_line(key, other) and other[2]}
    return (reference, "", roles.pop()) if not role and len(roles) == 1 else key


def _parties(key: Key, some: Iterable[Key]) -> set[str]:
    """The parties that others name, of which a line without one may be."""
    return {other[1] for other in some if other[1] and same_line(key, other)}


def anybodys(key: Key, some: Iterable[Key]) -> bool:
    """Whether a line names neither party nor role, and others of its penalty several parties.

    >>> owner, driver = ("cp1", "acme", ""), ("cp1", "smith", "")
    >>> anybodys(("cp1", "", ""), [owner, driver]), anybodys(("cp1", "", ""), [owner])
    (True, False)
    """
    return bool(key[0]) and not any(key[1:]) and len(_parties(key, some)) > 1


def same_line(one: Key, other: Key) -> bool:
    """Whether two keys can be those of one line.

    >>> same_line(("cp1", "acme", "owner"), ("cp1", "acme", "")), same_line(
    ...     ("cp1", "acme", "owner"), ("cp1", "", "driver"))
    (True, False)
    """
    if one[0] != other[0]:
        return False
    if one[1] and other[1]:
        return one[1] == other[1]
    return one[2] == other[2] or not (one[2] and other[2])


def records_of(key: Key, found: Mapping[Key, Sequence[Recorded]]) -> list[Recorded]:
    """What was recorded about the line of `key`, and what may be about it; oldest first."""
    some = (one for other, records in found.items() if same_line(key, other) for one in records)
    return sorted(some, key=lambda one: (one.at, one.check_id))
