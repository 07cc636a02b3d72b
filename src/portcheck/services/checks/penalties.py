"""What may be recorded about a penalty line: it must be on the check's matches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from portcheck.domain.decision import Decision
from portcheck.domain.money import pounds
from portcheck.domain.outcome import ENFORCING
from portcheck.domain.recorded import payments
from portcheck.domain.settlement import Key, anybodys, spread, together
from portcheck.domain.text import fold
from portcheck.errors import Refused
from portcheck.services.checks.records import Line


class PaidAlready(Refused):
    """Money on a penalty of which nothing was left by what is recorded here."""


def with_amounts(
    outcome: dict[str, Any], lines: Sequence[Line], *, again: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """`outcome` with its penalty actions tied to `lines`, and warnings about them.

    The reference is taken as the list writes it; paid in full without an amount
    means what is left.  Raises Refused for a reference that none of the check's
    matches has, for money without an amount, and for money on a rejected match;
    PaidAlready, unless `again` says that it is meant, for money on a line that was paid.
    """
    if "penalties" not in outcome:
        return outcome, []
    tied: list[dict[str, Any]] = []
    warnings: list[str] = []
    accounts = _Accounts(lines)
    for action in outcome["penalties"]:
        line = _line(action["reference"], lines, accounts)
        done = action | {"reference": line.reference}
        warnings += _decided_otherwise(line)
        if done["action"] in ENFORCING:
            if line.decision == Decision.REJECTED:
                raise Refused(
                    f"penalty {line.reference} belongs to a match that was rejected",
                    hint="If it is this vehicle after all, decide the match again first.",
                )
            left = accounts.left_of(line)
            _not_paid_yet(line, left, again=again)
            if done["action"] == "paid_in_full" and left:
                done.setdefault("amount_pence", left)
            if "amount_pence" not in done:
                raise Refused(
                    f"penalty {line.reference}: {done['action']} needs an amount",
                    hint=f"As {line.reference}:{done['action']}:2400.00.",
                )
            warnings += accounts.pay(line, done)
        tied.append(done)
    return outcome | {"penalties": tied}, warnings


class _Accounts:
    """What is left of each penalty line of a check while payments are gone through.

    Of a line that several lists give, the showing that is enforceable counts, and of equals
    the one that has more left.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        standing = [line for line in lines if line.reference and line.decision != Decision.REJECTED]
        self._line_of = together(line.key for line in standing)
        self._shown: dict[Key, Line] = {}
        for line in sorted(standing, key=lambda x: (x.enforceable == "yes", x.left_pence or 0)):
            self._shown[self._line_of[line.key]] = line
        self._left = {key: line.left_pence for key, line in self._shown.items()}

    def left_of(self, line: Line) -> int | None:
        """What is left of the line, or of those that it may be; of a rejected one what its
        list gives.
        """
        key = self._line_of.get(line.key, line.key)
        if not anybodys(key, self._left):
            return self._left.get(key, line.left_pence)
        sums = [left for other, left in self._left.items() if other[0] == key[0] and other != key]
        return None if None in sums else sum(left or 0 for left in sums)

    def pay(self, line: Line, action: Mapping[str, Any]) -> Iterator[str]:
        """Spread a payment over the lines of its penalty; yields what is doubtful about it."""
        amount = action["amount_pence"]
        mine = [(key, left) for key, left in self._left.items() if key[0] == line.key[0]]
        parts = spread(amount, mine)
        sums = [left for key, left in mine if key in parts]
        known = [left for left in sums if left is not None]
        owed = sum(known) if len(known) == len(sums) else None
        for key, left in mine:
            if left is not None:
                self._left[key] = max(left - parts.get(key, 0), 0)
        paid = [self._shown[key] for key, part in parts.items() if part] or [line]
        yield from dict.fromkeys(
            f"penalty {line.reference} was not shown as enforceable ({one.enforceable})"
            for one in paid
            if one.enforceable != "yes"
        )
        said = f"penalty {line.reference}: {pounds(amount)} recorded"
        on = f" on {len(sums)} lines" if len(sums) > 1 else ""
        if owed is None:
            if action["action"] == "paid_in_full":
                yield f"{said}; the list gives no sum, so that may not be all"
        elif amount > owed:
            yield f"{said}, {pounds(owed)} owed{on}: {pounds(amount - owed)} is above it"
        elif action["action"] == "paid_in_full" and amount < owed:
            yield f"{said}, {pounds(owed)} owed{on}: that is a part payment"


def _not_paid_yet(line: Line, left: int | None, *, again: bool) -> None:
    """Raises PaidAlready when nothing is left, of what was owed, because it was paid."""
    if again or left != 0 or (line.left_pence == 0 and not line.recorded):
        return
    before = payments(line.recorded) if line.recorded else ""
    raise PaidAlready(
        f"penalty {line.reference} is paid already"
        + (f": {before}" if before else ", by what is recorded with it"),
        hint="Add --again if it was paid once more: it then counts as paid above what was owed.",
    )


def still_borne_out(outcome: Mapping[str, Any], lines: Iterable[Line]) -> None:
    """Raises Refused when `outcome` has money on a penalty that stands on none of `lines`."""
    standing = {line.reference for line in lines if line.decision != Decision.REJECTED}
    for action in outcome.get("penalties", ()):
        if action["action"] in ENFORCING and action["reference"] not in standing:
            raise Refused(
                f"{action['action']} is recorded for penalty {action['reference']}, which would "
                "no longer be on a match of this check",
                hint="Correct that first: “portcheck amend REF --clear penalties --reason …”.",
            )


def left_waiting(outcome: Mapping[str, Any], lines: Iterable[Line]) -> Iterator[str]:
    """A warning for each penalty with money of which every match waits for a decision."""
    waits: dict[str, bool] = {}
    for line in lines:
        if line.decision != Decision.REJECTED:
            waits[line.reference] = line.decision == Decision.OPEN and waits.get(
                line.reference, True
            )
    for action in outcome.get("penalties", ()):
        if action["action"] in ENFORCING and waits.get(action["reference"]):
            said = action["action"].replace("_", " ")
            yield f"penalty {action['reference']} is recorded as {said}, and its match waits again"


def _line(reference: str, lines: Sequence[Line], accounts: _Accounts) -> Line:
    """The line of this reference: of several, the first on which anything is left."""
    folded = [one for one in lines if one.reference and fold(one.reference) == fold(reference)]
    some = [line for line in folded if line.reference == reference] or folded
    some = [line for line in some if line.decision != Decision.REJECTED] or some
    if some:
        return next((line for line in some if accounts.left_of(line) != 0), some[0])
    listed = ", ".join(line.reference for line in lines if line.reference)
    raise Refused(
        f"no penalty line “{reference}” is on this check's matches",
        hint=f"Its lines are {listed}."
        if listed
        else "None of its matches has a penalty line; write what was done as a note.",
    )


def _decided_otherwise(line: Line) -> Iterator[str]:
    if line.decision == Decision.REJECTED:
        yield f"penalty {line.reference} belongs to a match that was rejected"
    if line.decision == Decision.OPEN:
        yield f"penalty {line.reference} belongs to a match that waits for a decision"
