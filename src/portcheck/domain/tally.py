"""The day in figures: what they are, how they add up, and the sentence they make."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from portcheck.domain.completeness import DeviceHeard, Disputed, lacks
from portcheck.domain.findings import COUNTED, FAMILIES
from portcheck.domain.money import amount, pounds
from portcheck.domain.outcome import Primary
from portcheck.domain.text import count

NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class MatchFigures:
    """Matches by tier, and what was decided about them.

    exact + lookalike + near = confirmed + rejected + unresolved: weak matches
    alert nobody and are not counted.
    """

    exact: int = 0
    lookalike: int = 0
    near: int = 0
    confirmed: int = 0
    rejected: int = 0
    unresolved: int = 0


@dataclass(frozen=True, slots=True)
class CashFigures:
    """Cash of one currency: how many seizures and their sum in minor units."""

    currency: str
    seizures: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PenaltyFigures:
    """Money in pence over the penalty lines of matches that were not rejected.

    listed + enforced without a sum = enforced + outstanding + not enforceable.
    A line counts once, however often its vehicle was checked and whichever lists give
    it.  `enforced` is what was paid or secured, up to what was owed, and `overpaid` what
    was above it; `outstanding` is what remains of lines that were enforceable or acted
    upon; the rest is `not_enforceable`.  `undecided` is the part of that which near
    matches alone have shown, and nobody decided.  Where the list gave no sum, all that
    was taken is `enforced`, and also `enforced_without_sum`: nothing was listed, and what
    remains is not known.
    """

    listed_pence: int = 0
    enforceable_count: int = 0
    enforceable_pence: int = 0
    enforced_count: int = 0
    enforced_pence: int = 0
    outstanding_pence: int = 0
    not_enforceable_pence: int = 0
    enforced_without_sum_pence: int = 0
    overpaid_pence: int = 0
    undecided_count: int = 0
    undecided_pence: int = 0


@dataclass(frozen=True, slots=True)
class ListUsed:
    """A version of a list that checks were made against; `checks` says how many."""

    name: str
    version: int
    imported_at: str
    rows: int
    rejected: int
    sha256: str
    checks: int


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A match that waits for somebody's decision."""

    ref: str
    unit: str
    typed: str
    registration: str
    list: str
    tier: str
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Every figure of an operation.  Counts of findings need not sum to the checks;
    `primary_outcomes` do.  Times are ISO 8601 with offset; the keys of `by_hour`
    are local hours, as "2021-06-17T09".  `counts` and `families` are the figures that
    follow from the registry of outcome fields, by their keys (`findings`).
    `country_guessed` are those of `country_not_recorded` whose country is guessed from the
    mark's shape, and `by_country_guessed` says which.  `devices` are those that share the
    operation, none where it is on one; `pending` facts that say nothing yet.
    """

    operation: str
    site: str
    started_at: str
    ended_at: str | None
    agencies: list[str]
    lists: list[ListUsed]
    checks: int
    vehicles: int
    trailers: int
    containers: int
    inbound: int
    outbound: int
    uk: int
    foreign: int
    country_not_recorded: int
    not_screened: int
    by_country: dict[str, int]
    by_body: dict[str, int]
    by_hour: dict[str, int]
    by_officer: dict[str, int]
    by_agency: dict[str, int]
    by_unit: dict[str, int]
    by_lane: dict[str, int]
    matches: MatchFigures
    unresolved: list[Unresolved]
    counts: dict[str, int]
    families: dict[str, dict[str, int]]
    cash: list[CashFigures]
    penalties: PenaltyFigures
    amended: int
    voided: int
    primary_outcomes: dict[str, int]
    fingerprint: str
    marking: str
    press_sentence: str = field(default="")
    country_guessed: int = 0
    by_country_guessed: dict[str, int] = field(default_factory=dict)
    devices: list[DeviceHeard] = field(default_factory=list)
    disputes: list[Disputed] = field(default_factory=list)
    pending: int = 0

    @property
    def lacks(self) -> list[str]:
        """What keeps the figures from being complete, in words."""
        waiting = self.matches.unresolved
        return list(lacks(waiting, self.devices, self.disputes, self.pending))

    @property
    def complete(self) -> bool:
        """No match waits for a decision, and nobody has more to tell."""
        return not self.lacks

    def document(self) -> dict[str, Any]:
        """The tally as JSON values, the keys of the output contract among them."""
        found = asdict(self)
        found |= found.pop("counts") | found.pop("families")
        return found | {"complete": self.complete}


_NOT_HGV = frozenset({"van", "coach", "car", "rail_wagon", "other", NOT_RECORDED})


def press_sentence(tally: Tally) -> str:
    """The sentence a press officer could use.

    HGVs are what was recorded as such: where any check has no kind of unit, or another,
    they are vehicles.  Cash is told where some was seized, every currency by itself.
    """
    goods = not _NOT_HGV & tally.by_unit.keys()
    noun = "HGV" if goods else "vehicle"
    if tally.checks == tally.vehicles:
        checked = f"{count(tally.checks, noun)} checked"
    else:
        checked = f"{count(tally.checks, f'{noun} check')} of {count(tally.vehicles, 'vehicle')}"
    penalties = tally.penalties
    enforced = f"{count(penalties.enforced_count, 'outstanding penalty')} enforced"
    if penalties.enforced_count:
        enforced += f" ({pounds(penalties.enforced_pence)})"
    people = tally.counts["persons_found"]
    found = f"{count(people, 'person')} found" if people else "nobody found"
    cash = [amount(one.amount_minor, one.currency) for one in tally.cash if one.amount_minor]
    seized = f"{' and '.join(cash)} in cash seized" if cash else ""
    return "; ".join(filter(None, (checked, enforced, seized, found)))


def contradictions(tally: Tally) -> list[str]:
    """Figures that do not add up, in words; empty when all do."""
    matches, money = tally.matches, tally.penalties
    sums = (
        ("primary outcomes", sum(tally.primary_outcomes.values()), tally.checks),
        (
            "UK, foreign and not recorded",
            tally.uk + tally.foreign + tally.country_not_recorded,
            tally.checks,
        ),
        ("countries guessed", sum(tally.by_country_guessed.values()), tally.country_guessed),
        ("checks by hour", sum(tally.by_hour.values()), tally.checks),
        ("checks by officer", sum(tally.by_officer.values()), tally.checks),
        (
            "matches decided and waiting",
            matches.confirmed + matches.rejected + matches.unresolved,
            matches.exact + matches.lookalike + matches.near,
        ),
        (
            "penalties enforced, outstanding and not enforceable",
            money.enforced_pence + money.outstanding_pence + money.not_enforceable_pence,
            money.listed_pence + money.enforced_without_sum_pence,
        ),
    )
    return [f"{what}: {got} instead of {wanted}" for what, got, wanted in sums if got != wanted]


def by_frequency(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by name, the most frequent first, what was not recorded last.

    >>> by_frequency({"not_recorded": 9, "FR": 1, "PL": 2, "ES": 1})
    {'PL': 2, 'ES': 1, 'FR': 1, 'not_recorded': 9}
    """
    order = sorted(counts.items(), key=lambda pair: (pair[0] == NOT_RECORDED, -pair[1], pair[0]))
    return dict(order)


def from_document(document: dict[str, Any]) -> Tally:
    """The tally behind `Tally.document`; keys that are no figures of it are passed over.

    The journal keeps keys in alphabetical order: counts come back in the order
    in which people read them.  What could not be recorded then is 0.
    """
    names = {one.name for one in fields(Tally)}
    values = {name: value for name, value in document.items() if name in names}
    values["counts"] = {key: document.get(key, 0) for key in COUNTED}
    if "checks_with_persons" not in document:  # vehicles were counted by check
        values["counts"]["checks_with_persons"] = document.get("vehicles_with_persons", 0)
    values["families"] = {key: by_frequency(document.get(key, {})) for key in FAMILIES}
    values |= {
        name: by_frequency(value) for name, value in values.items() if name.startswith("by_")
    }
    values["by_hour"] = dict(sorted(values["by_hour"].items()))
    outcomes = values["primary_outcomes"]
    values["primary_outcomes"] = {p.value: outcomes[p.value] for p in Primary if p in outcomes}
    return Tally(
        **values
        | {
            "lists": [ListUsed(**one) for one in values["lists"]],
            "matches": MatchFigures(**values["matches"]),
            "unresolved": [Unresolved(**one) for one in values["unresolved"]],
            "cash": [CashFigures(**one) for one in values["cash"]],
            "penalties": PenaltyFigures(**values["penalties"]),
            "devices": [DeviceHeard(**one) for one in values.get("devices", ())],
            "disputes": [Disputed(**one) for one in values.get("disputes", ())],
        }
    )
