"""What may be recorded about a penalty line: it must be on the check's matches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from portcheck.domain.money import pounds
from portcheck.domain.outcome import ENFORCING
from portcheck.domain.recorded import payments
from portcheck.domain.text import fold
from portcheck.errors import Refused
from portcheck.services.records import Line


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
    left = {id(line): line.left_pence for line in lines}
    for action in outcome["penalties"]:
        line = _line(action["reference"], lines, left)
        done = action | {"reference": line.reference}
        if done["action"] in ENFORCING:
            if line.decision == "rejected":
                raise Refused(
                    f"penalty {line.reference} belongs to a match that was rejected",
                    hint="If it is this vehicle after all, decide the match again first.",
                )
            _not_paid_yet(line, left[id(line)], again=again)
            if done["action"] == "paid_in_full" and left[id(line)]:
                done.setdefault("amount_pence", left[id(line)])
            if "amount_pence" not in done:
                raise Refused(
                    f"penalty {line.reference}: {done['action']} needs an amount",
                    hint=f"As {line.reference}:{done['action']}:2400.00.",
                )
        warnings += _doubts(done, line, left[id(line)])
        if done["action"] in ENFORCING:
            left[id(line)] = _rest(left[id(line)], done["amount_pence"])
        tied.append(done)
    return outcome | {"penalties": tied}, warnings


def _rest(left: int | None, paid: int) -> int | None:
    return None if left is None else max(left - paid, 0)


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
    standing = {line.reference for line in lines if line.decision != "rejected"}
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
        if line.decision != "rejected":
            waits[line.reference] = line.decision == "open" and waits.get(line.reference, True)
    for action in outcome.get("penalties", ()):
        if action["action"] in ENFORCING and waits.get(action["reference"]):
            said = action["action"].replace("_", " ")
            yield f"penalty {action['reference']} is recorded as {said}, and its match waits again"


def _line(reference: str, lines: Sequence[Line], left: Mapping[int, int | None]) -> Line:
    """The line of this reference: of several, the first on which anything is left."""
    folded = [one for one in lines if one.reference and fold(one.reference) == fold(reference)]
    some = [line for line in folded if line.reference == reference] or folded
    if some:
        return next((line for line in some if left[id(line)] != 0), some[0])
    listed = ", ".join(line.reference for line in lines if line.reference)
    raise Refused(
        f"no penalty line “{reference}” is on this check's matches",
        hint=f"Its lines are {listed}."
        if listed
        else "None of its matches has a penalty line; write what was done as a note.",
    )


def _doubts(action: dict[str, Any], line: Line, left: int | None) -> Iterable[str]:
    if line.decision == "rejected":
        yield f"penalty {line.reference} belongs to a match that was rejected"
    if line.decision == "open":
        yield f"penalty {line.reference} belongs to a match that waits for a decision"
    if action["action"] not in ENFORCING:
        return
    if line.enforceable != "yes":
        yield f"penalty {line.reference} was not shown as enforceable ({line.enforceable})"
    amount = action["amount_pence"]
    said = f"penalty {line.reference}: {pounds(amount)} recorded"
    if left is None:
        if action["action"] == "paid_in_full":
            yield f"{said}; the list gives no sum, so that may not be all"
    elif amount > left:
        yield f"{said}, {pounds(left)} owed: {pounds(amount - left)} is above it"
    elif action["action"] == "paid_in_full" and amount < left:
        yield f"{said}, {pounds(left)} owed: that is a part payment"
