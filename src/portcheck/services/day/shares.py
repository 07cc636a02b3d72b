"""What each check gives to each figure: the rules by which a total is traced to its checks."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import tzinfo

from portcheck.domain.counted import Counted, Family, Measure
from portcheck.domain.decision import Decision
from portcheck.domain.fields import Field
from portcheck.domain.findings import COUNTED, FAMILIES, Finding, by_word, items_of, total
from portcheck.domain.outcome import FINDS, SEARCHED
from portcheck.domain.outcome_words import SEIZED
from portcheck.domain.statement import LineAccount
from portcheck.domain.tally import NOT_RECORDED
from portcheck.services.day.counting import hour_of, named
from portcheck.store.checkrows import CheckRow


@dataclass(slots=True)
class Book:
    """What has to be known besides the check itself; `of` makes one for a pass over the checks."""

    here: tzinfo
    lines: dict[str, list[LineAccount]] = field(default_factory=lambda: defaultdict(list))
    first_enforced: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    enforced: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    without_sum: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    overpaid: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seen: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, lines: Iterable[LineAccount], here: tzinfo) -> "Book":
        """A book for `lines`, opened before the first check."""
        book = cls(here)
        for line in lines:
            book.lines[line.check_id].append(line)
            for number, (check_id, pence) in enumerate(line.enforced_by.items()):
                book.enforced[check_id] += pence
                book.without_sum[check_id] += pence if line.owed_pence is None else 0
                book.first_enforced[check_id] += number == 0
            for check_id, pence in line.overpaid_by.items():
                book.overpaid[check_id] += pence
        return book

    def first(self, figure: str, key: str) -> int:
        """1 where the registration `key` comes for the first time for `figure`, else 0."""
        new = bool(key) and (figure, key) not in self.seen
        self.seen.add((figure, key))
        return int(new)


Rule = Callable[[CheckRow, Book], int]


def rule_of(key: str) -> Rule:
    """How a check gives to the figure of this key."""
    if key in _RULES:
        return _RULES[key]
    name, _, rest = key.partition(".")
    return _FAMILIES[name](rest)


def _detail(name: str, value: str) -> Rule:
    return lambda row, _: row.details.get(name) == value


def _line(number: Callable[[LineAccount], int | None]) -> Rule:
    """Lines count at the check that showed them last."""
    return lambda row, book: sum(number(one) or 0 for one in book.lines[row.check_id])


def _has(row: CheckRow, names: tuple[str, ...]) -> bool:
    return any(row.outcome.get(name) for name in names)


def is_detained(row: CheckRow) -> bool:
    """Whether the vehicle was detained at this check, be it for a penalty."""
    actions = [one["action"] for one in row.outcome.get("penalties", ())]
    return bool(row.outcome.get("detained")) or "vehicle_detained" in actions


def _distinct(figure: str, is_of: Callable[[CheckRow], object]) -> Rule:
    """A vehicle counts at the first of the checks that are of the figure."""
    return lambda row, book: book.first(figure, row.vehicle_key) if is_of(row) else 0


def _arrests(row: CheckRow, _book: Book) -> int:
    recorded = sum(int(one["count"]) for one in row.outcome.get("arrests", ()))
    return max(recorded, _disposals(row).count("arrest"))


def _disposals(row: CheckRow) -> list[str]:
    return [one["disposal"] for one in row.outcome.get("offences", ())]


def _counted(field: Field, one: Counted) -> Rule:
    """A figure of the registry."""
    if one.measure is Measure.VEHICLES:
        return _distinct(one.key, lambda row: _items(field, row))
    return lambda row, _: total(one, _items(field, row))


def _family(field: Field, one: Family) -> Callable[[str], Rule]:
    """A family of figures of the registry."""
    return lambda rest: lambda row, _: named(by_word(one, _items(field, row))).get(rest, 0)


def _items(field: Field, row: CheckRow) -> list[Finding]:
    return items_of(field, row.outcome[field.name]) if field.name in row.outcome else []


def _cash(rest: str) -> Rule:
    currency, _, seizures = rest.partition(".")

    def given(row: CheckRow, _book: Book) -> int:
        sums = [
            one["amount_minor"]
            for one in row.outcome.get("cash", ())
            if one["currency"] == currency and one["disposal"] == SEIZED
        ]
        return len(sums) if seizures else sum(sums)

    return given


def _not_enforceable(rest: str) -> Rule:
    reason, _, lines = rest.partition(".")
    return _line(
        lambda one: (1 if lines else one.not_enforceable_pence) if one.reason == reason else 0
    )


def _match(rest: str) -> Rule:
    wanted = Decision.OPEN if rest == "unresolved" else rest
    return lambda row, _: sum(wanted in (one.tier, one.decision) for one in row.matches)


def _among(values: Callable[[CheckRow, Book], list[str]]) -> Callable[[str], Rule]:
    """A family of figures: how often a check has the value that the key ends in."""
    return lambda rest: lambda row, book: values(row, book).count(rest)


def _said(value: object) -> list[str]:
    return [str(value or NOT_RECORDED)]


_RULES: dict[str, Rule] = {
    "checks": lambda _row, _: 1,
    "vehicles": lambda row, book: book.first("vehicles", row.vehicle_key),
    "trailers": lambda row, book: book.first("trailers", row.trailer_key),
    "containers": lambda row, book: book.first("containers", row.container_key),
    "inbound": _detail("direction", "inbound"),
    "outbound": _detail("direction", "outbound"),
    "uk": lambda row, _: row.country == "GB",
    "foreign": lambda row, _: row.country not in {"", "GB"},
    "country_not_recorded": lambda row, _: row.country == "",
    "country_guessed": lambda row, _: row.country_guess != "",
    "not_screened": lambda row, _: not row.screened,
    "searched": lambda row, _: _has(row, SEARCHED),
    "nothing_found": lambda row, _: _has(row, SEARCHED) and not _has(row, FINDS),
    "penalties.listed_pence": _line(lambda one: one.owed_pence),
    "penalties.enforceable_count": _line(lambda one: one.enforceable == "yes"),
    "penalties.enforceable_pence": _line(
        lambda one: one.owed_pence if one.enforceable == "yes" else 0
    ),
    "penalties.enforced_count": lambda row, book: book.first_enforced[row.check_id],
    "penalties.enforced_pence": lambda row, book: book.enforced[row.check_id],
    "penalties.enforced_without_sum_pence": lambda row, book: book.without_sum[row.check_id],
    "penalties.overpaid_pence": lambda row, book: book.overpaid[row.check_id],
    "penalties.undecided_count": _line(lambda one: one.undecided),
    "penalties.undecided_pence": _line(lambda one: one.owed_pence if one.undecided else 0),
    "penalties.outstanding_pence": _line(lambda one: one.outstanding_pence),
    "penalties.not_enforceable_pence": _line(lambda one: one.not_enforceable_pence),
    "lines_without_sum": _line(lambda one: one.owed_pence is None),
    "vehicles_detained": _distinct("vehicles_detained", is_detained),
    "arrests": _arrests,
    "amended": lambda row, _: row.amended,
} | {
    key: _counted(field, one)
    for key, (field, one) in COUNTED.items()
    if one.measure is not Measure.RULE
}

_FAMILIES: dict[str, Callable[[str], Rule]] = {
    "by_country": _among(lambda row, _: _said(row.country)),
    "by_country_guessed": _among(lambda row, _: [row.country_guess]),
    "by_body": _among(lambda row, _: _said(row.details.get("body"))),
    "by_unit": _among(lambda row, _: _said(row.details.get("unit"))),
    "by_lane": _among(lambda row, _: _said(row.details.get("lane"))),
    "by_officer": _among(lambda row, _: _said(row.officer)),
    "by_agency": _among(lambda row, _: _said(row.agency)),
    "by_hour": _among(lambda row, book: [hour_of(row.at, book.here)]),
    "primary_outcomes": _among(lambda row, _: [row.primary_outcome]),
    "matches": _match,
    "cash": _cash,
    "not_enforceable": _not_enforceable,
} | {key: _family(field, one) for key, (field, one) in FAMILIES.items()}
