"""The day whole: the tally, and what stands behind its money line by line.

This is the one source of figures for the screen and for every report.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from portcheck.domain.bank_holidays import UkPart
from portcheck.domain.enforceability import Rule
from portcheck.domain.money import pounds
from portcheck.domain.tally import Tally, contradictions, from_document
from portcheck.domain.text import count

REASONS: dict[str, str] = {
    "nothing_owed": "nothing is owed, or it was cancelled or superseded",
    "objection": "an objection waits for its decision",
    "not_due": "the payment date has not passed",
    "appeal": "an appeal is pending, or can still be made",
    "arrangement": "paid in instalments, or security is held",
    "no_tie": "nothing ties the vehicle to the debtor's business",
    "doubtful": "the list is too old, or lacks a date or a sum",
    "ran_out": "the entry on the list ran out",
    "disagree": "the list and what was recorded here disagree",
    "undecided": "it only looks like a listed vehicle, and waits for a decision",
    "recorded_here": "it was paid or settled at a check",
    "due_in_doubt": "the list's payment date is earlier than the statute's",
    "not_a_vehicle": "what matched is a container, or a trailer without its vehicle",
    "impossible": "the penalty cannot be as the list gives it",
    "other": "another reason",
}
"""Why a penalty line is not enforceable here and now, in few words."""


@dataclass(frozen=True, slots=True)
class LineAccount:
    """A penalty line of matches that were not rejected, counted once.

    It stands as it was shown last: as line `number` of the match `match` of the check
    `check_id`.  `owed_pence` is what the list gives and what was paid here that the list
    has taken off already; None where the list gives no sum: nothing is listed then, and
    all that was taken is enforced.  Otherwise owed = enforced + outstanding + not
    enforceable, all in pence; `overpaid_pence` was paid above that.  `rule` is that of
    `domain.enforceability`.  `refs` are all the checks that showed the line, `enforced_by`
    and `overpaid_by` the pence of each (by check identity), `actions` what officers
    recorded about it.  `disagrees` says that the list's sum and what was recorded do not
    fit each other, `undecided` that it was shown for near matches alone, which wait.
    """

    check_id: str
    match: int
    number: int
    owed_pence: int | None
    enforceable: str
    rule: int
    enforced_pence: int
    outstanding_pence: int
    not_enforceable_pence: int
    refs: list[str]
    enforced_by: dict[str, int]
    actions: list[dict[str, Any]]
    overpaid_pence: int = 0
    overpaid_by: dict[str, int] = field(default_factory=dict)
    disagrees: bool = False
    undecided: bool = False

    @property
    def reason(self) -> str:
        """The key in REASONS of a line that counts as not enforceable; "" for the others."""
        if self.undecided:
            return "undecided"
        if self.disagrees:
            return "disagree"
        if self.enforceable == "yes" or self.enforced_by:
            return ""
        if (self.rule, self.enforceable) == (Rule.NOTHING_OWED, "refer"):
            return Rule.RAN_OUT.name.lower()  # as early journals have it
        known = {rule.value: rule.name.lower() for rule in Rule}
        return known.get(self.rule, "other")


@dataclass(frozen=True, slots=True)
class NotEnforceable:
    """One reason, how many lines it keeps from being enforced, and their sum in pence."""

    reason: str
    lines: int
    pence: int


@dataclass(frozen=True, slots=True)
class CashSeized:
    """One sum of cash seized at a check, in minor units, and when its detention runs out.

    `below_minimum` says that all the check's cash together is surely less than
    can be recovered (`domain.cash`).  `part` is that of the United Kingdom where it
    was seized; outside it `runs_out_at` is "".
    """

    check_id: str
    ref: str
    at: str
    vehicle: str
    currency: str
    amount_minor: int
    runs_out_at: str
    below_minimum: bool
    part: str = UkPart.ENGLAND_AND_WALES.value


@dataclass(frozen=True, slots=True)
class Held:
    """When records and journal were last held against each other and found whole, and by whom.

    `at` is ISO 8601 with offset; `events_since` counts the events behind the figures that
    are newer.
    """

    at: str
    officer: str
    events_since: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A tally with the penalty lines and the cash behind it.

    `as_of` is the time of the newest event it rests on; `since` and `until` are
    "" unless the checks were narrowed to a part of the day.  Times are ISO 8601
    with offset, in `timezone`.  `held` is None where the records were never held against
    the journal; it is told with the figures and not kept with them.
    """

    tally: Tally
    operations: list[str]
    timezone: str
    as_of: str
    since: str = ""
    until: str = ""
    lines: list[LineAccount] = field(default_factory=list)
    cash_seized: list[CashSeized] = field(default_factory=list)
    held: Held | None = None

    @property
    def narrowed(self) -> bool:
        """Whether it is about other checks than all of one operation's."""
        return bool(self.since or self.until or len(self.operations) > 1)

    @property
    def not_enforceable(self) -> list[NotEnforceable]:
        """The lines that are not enforceable, by reason."""
        found: dict[str, tuple[int, int]] = {}
        for line in self.lines:
            if line.reason:
                number, pence = found.get(line.reason, (0, 0))
                found[line.reason] = (number + 1, pence + line.not_enforceable_pence)
        return [NotEnforceable(name, *found[name]) for name in REASONS if name in found]

    @property
    def lines_without_sum(self) -> int:
        """How many penalty lines have no sum on their list; they count as nothing listed."""
        return sum(line.owed_pence is None for line in self.lines)

    @property
    def not_known(self) -> str:
        """The sentence that belongs beside the money where the list gave no sum; else ""."""
        if not self.lines_without_sum:
            return ""
        said = f"The list gives no sum for {count(self.lines_without_sum, 'penalty line')}"
        taken = self.tally.penalties.enforced_without_sum_pence
        counted = f"; {pounds(taken)} taken there is enforced" if taken else ""
        return f"{said}: what is owed there is not known{counted}"

    def figures(self) -> dict[str, int]:
        """Every number by its key: "checks", "by_country.PL", "penalties.enforced_pence"; what
        is "pending" is no figure of the day.

        "cash.EUR" is in minor units, "cash.EUR.seizures" counts; keys that end in
        "_pence" and those of "not_enforceable" (but for ".lines") are in pence.
        """
        found: dict[str, int] = {}
        for name, value in self.tally.document().items():
            if isinstance(value, dict):
                found |= {f"{name}.{key}": number for key, number in value.items()}
            elif isinstance(value, int) and not isinstance(value, bool) and name != "pending":
                found[name] = value
        for cash in self.tally.cash:
            found[f"cash.{cash.currency}"] = cash.amount_minor
            found[f"cash.{cash.currency}.seizures"] = cash.seizures
        found["lines_without_sum"] = self.lines_without_sum
        for one in self.not_enforceable:
            found[f"not_enforceable.{one.reason}"] = one.pence
            found[f"not_enforceable.{one.reason}.lines"] = one.lines
        return found

    def contradictions(self) -> list[str]:
        """Figures that do not add up, in words; empty when all do."""
        money, lines = self.tally.penalties, self.lines
        by_reason = [one.pence for one in self.not_enforceable]
        seized = [(one.currency, one.amount_minor) for one in self.tally.cash]
        sums: tuple[tuple[str, object, object], ...] = (
            ("lines listed", _sum(one.owed_pence for one in lines), money.listed_pence),
            ("lines enforced", _sum(one.enforced_pence for one in lines), money.enforced_pence),
            (
                "lines outstanding",
                _sum(one.outstanding_pence for one in lines),
                money.outstanding_pence,
            ),
            (
                "lines overpaid",
                _sum(one.overpaid_pence for one in lines),
                money.overpaid_pence,
            ),
            (
                "lines that wait for a decision",
                _sum(one.owed_pence for one in lines if one.undecided),
                money.undecided_pence,
            ),
            (
                "lines enforced without a sum",
                _sum(one.enforced_pence for one in lines if one.owed_pence is None),
                money.enforced_without_sum_pence,
            ),
            ("not enforceable, by reason", _sum(by_reason), money.not_enforceable_pence),
            ("cash seized, by check", sorted(self._cash().items()), sorted(seized)),
        )
        return contradictions(self.tally) + [
            f"{what}: {got} instead of {wanted}" for what, got, wanted in sums if got != wanted
        ]

    def _cash(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in self.cash_seized:
            found[one.currency] = found.get(one.currency, 0) + one.amount_minor
        return found

    def document(self) -> dict[str, Any]:
        """The statement as JSON values, as it is kept."""
        values = asdict(replace(self, held=None))
        del values["held"]
        return values | {
            "tally": self.tally.document(),
            "not_enforceable": [asdict(one) for one in self.not_enforceable],
        }


def currency_of(key: str) -> str:
    """The currency that a figure is in minor units of; "" for a count.

    >>> currency_of("penalties.enforced_pence"), currency_of("cash.EUR"), currency_of("checks")
    ('GBP', 'EUR', '')
    """
    family, _, rest = key.partition(".")
    if family == "cash" and not rest.endswith(".seizures"):
        return rest
    if family == "not_enforceable":
        return "" if rest.endswith(".lines") else "GBP"
    named = rest if family == "penalties" else key
    return "GBP" if named.endswith("_pence") and "." not in named else ""


def statement_from(document: dict[str, Any]) -> Statement:
    """The statement behind `Statement.document`; "education" may stand beside its tally."""
    values = {name: value for name, value in document.items() if name != "not_enforceable"}
    education = {"education": values.pop("education", {})}
    return Statement(
        **values
        | {
            "tally": from_document(education | values["tally"]),
            "lines": [LineAccount(**one) for one in values["lines"]],
            "cash_seized": [CashSeized(**one) for one in values["cash_seized"]],
        }
    )


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)
