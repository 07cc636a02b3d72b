"""What may be recorded about a penalty line: it must be on the check's matches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from portcheck.domain.money import pounds
from portcheck.domain.outcome import ENFORCING
from portcheck.domain.text import fold
from portcheck.errors import Refused
from portcheck.services.records import Line


def with_amounts(
    outcome: dict[str, Any], lines: Sequence[Line]
) -> tuple[dict[str, Any], list[str]]:
    """`outcome` with its penalty actions tied to `lines`, and warnings about them.

    The reference is taken as the list writes it; paid in full without an amount
    means what is owed.  Raises Refused for a reference that none of the check's
    matches has, for money without an amount, and for money on a rejected match.
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
        if done["action"] in ENFORCING and "amount_pence" not in done:
            raise Refused(
                f"penalty {line.reference}: {done['action']} needs an amount",
                hint=f"As {line.reference}:{done['action']}:2400.00.",
            )
        if done["action"] in ENFORCING and line.decision == "rejected":
            raise Refused(
                f"penalty {line.reference} belongs to a match that was rejected",
                hint="If it is this vehicle after all, decide the match again first.",
            )
        warnings += _doubts(done, line)
        settled.append(done)
    return outcome | {"penalties": settled}, warnings


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


def _line(reference: str, lines: Iterable[Line]) -> Line:
    known = list(lines)
    as_written = (line for line in known if line.reference == reference)
    folded = (line for line in known if line.reference and fold(line.reference) == fold(reference))
    for line in (*as_written, *folded):
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
    if line.enforceable != "yes" and action["action"] in ENFORCING:
        yield f"penalty {line.reference} was not shown as enforceable ({line.enforceable})"
    amount, owed = action.get("amount_pence"), line.owed_pence
    if action["action"] == "paid_in_full" and owed is None:
        said = f"{pounds(amount)} recorded; the list gives no sum, so that may not be all"
        yield f"penalty {line.reference}: {said}"
    elif action["action"] == "paid_in_full" and amount != owed:
        yield f"penalty {line.reference}: {pounds(amount)} recorded, {pounds(owed)} owed"
