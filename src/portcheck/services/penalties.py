"""What may be recorded about a penalty line: it must be on the check's matches."""

from collections.abc import Iterable, Sequence
from typing import Any

from portcheck.domain.money import pounds
from portcheck.domain.text import fold
from portcheck.errors import Refused
from portcheck.services.records import Line

_NEED_AMOUNT = frozenset({"paid_in_full", "part_paid", "security_given"})


def with_amounts(
    outcome: dict[str, Any], lines: Sequence[Line]
) -> tuple[dict[str, Any], list[str]]:
    """`outcome` with its penalty actions tied to `lines`, and warnings about them.

    The reference is taken as the list writes it; paid in full without an amount
    means what is owed.  Raises Refused for a reference that none of the check's
    matches has, and for money without an amount.
    """
    if "penalties" not in outcome:
        return outcome, []
    settled: list[dict[str, Any]] = []
    warnings: list[str] = []
    for action in outcome["penalties"]:
        line = _line(action["reference"], lines)
        done = action | {"reference": line.reference}
        if done["action"] == "paid_in_full" and line.owed_pence is not None:
            done.setdefault("amount_pence", line.owed_pence)
        if done["action"] in _NEED_AMOUNT and "amount_pence" not in done:
            raise Refused(
                f"penalty {line.reference}: {done['action']} needs an amount",
                hint=f"As {line.reference}:{done['action']}:2400.00.",
            )
        warnings += _doubts(done, line)
        settled.append(done)
    return outcome | {"penalties": settled}, warnings


def _line(reference: str, lines: Iterable[Line]) -> Line:
    known = list(lines)
    for line in known:
        if line.reference and fold(line.reference) == fold(reference):
            return line
    listed = ", ".join(line.reference for line in known if line.reference)
    raise Refused(
        f"no penalty line “{reference}” is on this check's matches",
        hint=f"Its lines are {listed}."
        if listed
        else "None of its matches has a penalty line; write what was done as a note.",
    )


def _doubts(action: dict[str, Any], line: Line) -> Iterable[str]:
    if line.decision == "rejected":
        yield f"penalty {line.reference} belongs to a match that was rejected"
    if line.decision == "open":
        yield f"penalty {line.reference} belongs to a match that waits for a decision"
    if line.enforceable != "yes" and action["action"] in _NEED_AMOUNT:
        yield f"penalty {line.reference} was not shown as enforceable ({line.enforceable})"
    amount, owed = action.get("amount_pence"), line.owed_pence
    if action["action"] == "paid_in_full" and owed is not None and amount != owed:
        yield f"penalty {line.reference}: {pounds(amount)} recorded, {pounds(owed)} owed"
