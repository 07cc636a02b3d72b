"""The report as a .json file, and the tally with options that add to it."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, create_model, model_validator

from portcheck.domain.bank_holidays import UkPart
from portcheck.domain.findings import COUNTED
from portcheck.report.columns import CHECKS, RECORDS, Column, Kind
from portcheck.report.contract.answers import Enforceable, Unit, Verdict
from portcheck.report.contract.tally import Counts, Held, PrimaryOutcome, PrintedTally, Tally
from portcheck.report.contract.values import (
    Count,
    Country,
    Day,
    Document,
    Identity,
    Number,
    Pence,
    Ref,
    Sparse,
    Time,
    Words,
    hold,
    may_be_left_out,
)

Decision = Literal["confirmed", "rejected", "unresolved"]
Recorded = str | None
Names = Annotated[list[Words], Field(min_length=1)]


class Scope(Document):
    """Which checks a tally is about; null where a time does not narrow it."""

    operations: Names
    since: Time | None
    until: Time | None


class NarrowedTally(PrintedTally, Sparse):
    """The tally; `scope` where it is not about all the checks of one operation."""

    scope: Scope = may_be_left_out()


class Group(Document):
    """What one group of checks came to; the groups sum to the tally."""

    name: Words
    checks: Count
    searched: Count
    matches: Count
    confirmed: Count
    persons_found: Count
    traffic_offences: Count
    drivers_educated: Count
    enforced_pence: Pence


class TallyBy(NarrowedTally):
    """`tally --by`: the tally, and its checks by group."""

    by: Literal["officer", "agency", "site", "lane", "direction", "hour", "country", "body"]
    groups: list[Group]

    @model_validator(mode="after")
    def _sums(self) -> Self:
        for name, total in (
            ("checks", self.checks),
            ("searched", self.figure("searched")),
            ("confirmed", self.matches.confirmed),
            ("persons_found", self.figure("persons_found")),
            ("traffic_offences", self.figure("traffic_offences")),
            ("drivers_educated", self.figure("drivers_educated")),
            ("enforced_pence", self.penalties.enforced_pence),
        ):
            given = sum(getattr(one, name) for one in self.groups)
            hold(f"{name} of the groups sum to the tally's", holds=given == total)
        return self


class TallyCompared(NarrowedTally):
    """`tally --compare`: the tally, and an earlier one."""

    compared_with: Tally


class Share(Document):
    """What a check gives to a figure: a count, or minor units of its currency."""

    id: Identity
    ref: Ref
    at: Time
    vehicle: Words
    operation: Words
    number: Number


class Explained(Document):
    """`tally --explain`: a figure, and the checks that give it."""

    figure: Words
    total: Count
    currency: Words | None
    checks: list[Share]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        given = sum(one.number for one in self.checks)
        hold("the checks give the figure", holds=given == self.total)
        return self


class NotEnforceable(Document):
    """Why penalty lines are not enforceable here and now, how many, and their sum."""

    reason: Literal[
        "nothing_owed",
        "objection",
        "not_due",
        "appeal",
        "arrangement",
        "no_tie",
        "doubtful",
        "ran_out",
        "other",
    ]
    lines: Count
    pence: Pence


_TYPES: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.COUNT: Count,
    Kind.PENCE: Pence,
    Kind.FLAG: bool,
}
_FIGURES = {one.column[0] for _, one in COUNTED.values() if one.column}


class CheckRow(Document):
    """The columns of a check that do not follow from a field of the registries."""

    ref: Ref
    at: Time
    vehicle: Words
    country: Country
    country_guess: Country
    trailer: str
    trailer_country: Country
    container: str
    primary_outcome: PrimaryOutcome
    verdict: Verdict
    matches_confirmed: Count
    matches_rejected: Count
    matches_unresolved: Count
    persons: Count | None
    enforced_pence: Pence
    detained: bool
    officer: Words
    agency: str
    screened: bool
    lists: str
    amended: bool
    source: Words
    operation: Words


if TYPE_CHECKING:
    Check = CheckRow
else:
    Check = create_model(
        "Check",
        __base__=CheckRow,
        __doc__="A check that counts.  Records are texts as `log import` reads them; null was not"
        " recorded.",
        __module__=__name__,
        **{
            column.key: _TYPES[column.kind]
            if column.key in _FIGURES
            else _TYPES[column.kind] | None
            for column in CHECKS
            if column.key not in CheckRow.model_fields
        },
    )


class Match(Document):
    """An exact, lookalike or near match, and what was decided."""

    ref: Ref
    at: Time
    unit: Unit
    typed: Words
    registration: Words
    country: Country
    tier: Literal["exact", "lookalike", "near"]
    why: Words
    list: Words
    list_version: Number
    haulier: str
    decision: Decision
    decided_by: str
    decided_at: Time | None
    reason: str
    later: bool
    operation: Words


class Penalty(Document):
    """A penalty line of matches that were not rejected, once, at the check that stands for it.

    `listed_pence` is null where the list gave no sum: what remains is null then too.
    """

    ref: Ref
    at: Time
    list: Words
    reference: str
    registration: Words
    haulier: str
    liable_party: str
    liable_role: str
    section: str
    status: str
    issued_on: Day | None
    decision: Literal["confirmed", "unresolved"]
    enforceable: Enforceable
    listed_pence: Pence | None
    enforced_pence: Pence
    outstanding_pence: Pence | None
    not_enforceable_pence: Pence | None
    why_not: str
    reasons: Words
    actions: str
    checks: Words
    operation: Words

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        rest = (self.outstanding_pence, self.not_enforceable_pence)
        if self.listed_pence is None:
            hold("without a sum, what remains is not known", holds=rest == (None, None))
            return self
        parts = self.enforced_pence + sum(filter(None, rest))
        hold(
            "listed = enforced + outstanding + not enforceable",
            holds=None not in rest and parts == self.listed_pence,
        )
        return self


class Record(Document):
    """One record of a field, as a seizure; null where a part of it was not recorded."""

    ref: Ref
    at: Time
    vehicle: Words
    country: Country
    officer: Words
    operation: Words


def _records(name: str, columns: tuple[Column, ...]) -> Any:
    """The rows of a table of records."""
    parts = {
        column.key: _TYPES[column.kind] | None
        for column in columns
        if column.key not in Record.model_fields
    }
    row: Any = create_model(
        RECORDS[name][0].label.replace(" ", ""),
        __base__=Record,
        __doc__=RECORDS[name][0].help,
        __module__=__name__,
        **parts,
    )
    return list[row]


class Cash(Document):
    """A sum of cash; of one that was seized, when its first detention runs out."""

    ref: Ref
    at: Time
    vehicle: Words
    country: Country
    currency: Words
    amount_minor: Count
    disposal: Literal["seized", "counted"]
    runs_out_at: Time | None
    part: UkPart | None
    below_minimum: bool | None
    officer: Words
    operation: Words


class Correction(Document):
    """A field that was corrected, or a check made void (`field` is then "void")."""

    ref: Ref
    corrected_at: Time
    officer: Words
    field: Words
    before: str
    after: str
    reason: Words
    at: Time
    vehicle: Words
    operation: Words


Checks = list[Check]
Matches = list[Match]
Penalties = list[Penalty]
Sums = list[Cash]
Corrections = list[Correction]


class Rows(Document):
    """A report without the tables that follow from the registry."""

    operations: Names
    timezone: Words
    as_of: Time
    since: Time | None
    until: Time | None
    marking: str
    held: Held | None
    tally: Tally
    not_enforceable: list[NotEnforceable]
    lines_without_sum: Count
    education: Counts
    checks: Checks
    matches: Matches
    penalties: Penalties
    cash: Sums
    corrections: Corrections

    @model_validator(mode="after")
    def _rows_give_the_figures(self) -> Self:
        tally, money = self.tally, self.tally.penalties
        seized = [one for one in self.cash if one.disposal == "seized"]
        reasons = sum(one.pence for one in self.not_enforceable)
        for what, given, figure in (
            ("checks", len(self.checks), tally.checks),
            ("matches", len(self.matches), sum(_tiers(tally))),
            ("offences", len(self.__dict__["offences"]), tally.figure("traffic_offences")),
            (
                "persons",
                sum(one.persons or 0 for one in self.checks),
                tally.figure("persons_found"),
            ),
            ("enforced", sum(one.enforced_pence for one in self.checks), money.enforced_pence),
            ("no sum", len(_without_sum(self.penalties)), self.lines_without_sum),
            (
                "enforced without a sum",
                sum(one.enforced_pence for one in _without_sum(self.penalties)),
                money.enforced_without_sum_pence,
            ),
            ("listed", sum(one.listed_pence or 0 for one in self.penalties), money.listed_pence),
            ("not enforceable", reasons, money.not_enforceable_pence),
            ("cash seized", len(seized), sum(one.seizures for one in tally.cash)),
        ):
            hold(f"{what}: the rows give the figure", holds=given == figure)
        return self


if TYPE_CHECKING:
    Report = Rows
else:
    Report = create_model(
        "Report",
        __base__=Rows,
        __doc__="The figures and the rows behind them, as they stood at `as_of`.",
        __module__=__name__,
        **{name: _records(name, columns) for name, (_, columns) in RECORDS.items()},
    )


def _without_sum(lines: Penalties) -> Penalties:
    return [one for one in lines if one.listed_pence is None]


def _tiers(tally: Tally) -> tuple[int, int, int]:
    return tally.matches.exact, tally.matches.lookalike, tally.matches.near
