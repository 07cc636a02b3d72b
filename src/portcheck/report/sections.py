"""The figures of a statement in the order in which people read them.

The screen, the workbook, HTML and Markdown are all laid out from these sections,
so that every figure has one key, one label and one value everywhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portcheck.domain.bank_holidays import PART_NAMES, UkPart
from portcheck.domain.counted import in_words
from portcheck.domain.findings import COUNTED, FAMILIES
from portcheck.domain.money import amount
from portcheck.domain.registration.countries import country_name
from portcheck.domain.registration.guess import as_guessed
from portcheck.domain.statement import REASONS, CashSeized, Statement, currency_of
from portcheck.domain.tally import NOT_RECORDED, PenaltyFigures, Tally
from portcheck.domain.text import count

_HOUR = timedelta(hours=1)
_MOST_HOURS = 48


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its key (`Statement.figures`) and what people call it.

    `currency` is "" for a count; else `number` is in minor units of it.
    """

    key: str
    label: str
    number: int
    currency: str = ""

    @property
    def shown(self) -> str:
        """The number as people read it."""
        return amount(self.number, self.currency) if self.currency else f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    name: str
    title: str
    figures: tuple[Figure, ...]


RECORDED = {
    "searches": "Searches",
    "found": "Found and done",
    "issued": "New penalties, vehicles held",
    "traffic": "Road traffic",
}
"""The sections of what was recorded: their figures follow from the registry of fields."""
_PLAIN: dict[str, tuple[str, dict[str, str]]] = {
    "vehicles": (
        "Vehicles",
        {
            "checks": "checks",
            "vehicles": "distinct vehicles",
            "trailers": "trailers",
            "containers": "containers",
            "inbound": "inbound",
            "outbound": "outbound",
            "uk": "UK",
            "foreign": "foreign",
            "country_not_recorded": "country not recorded",
            "country_guessed": "of it guessed from the mark",
            "not_screened": "not screened (no list)",
        },
    ),
    "matches": (
        "Matches",
        {
            f"matches.{name}": name
            for name in ("exact", "lookalike", "near", "confirmed", "rejected", "unresolved")
        },
    ),
    "corrections": ("Corrections", {"amended": "checks amended", "voided": "checks made void"}),
} | {
    name: (title, {k: one.label for k, (_, one) in COUNTED.items() if one.section == name})
    for name, title in RECORDED.items()
}

_FAMILIES: dict[str, tuple[str, str]] = {
    "outcomes": ("One outcome a check", "primary_outcomes"),
    "hours": ("Checks by hour", "by_hour"),
    "countries": ("Checks by country", "by_country"),
    "guessed": ("Countries guessed from the mark", "by_country_guessed"),
    "bodies": ("Checks by body", "by_body"),
    "units": ("Checks by kind of unit", "by_unit"),
    "officers": ("Checks by officer", "by_officer"),
    "agencies": ("Checks by agency", "by_agency"),
    "lanes": ("Checks by lane", "by_lane"),
} | {one.name: (one.title, key) for key, (_, one) in FAMILIES.items()}
_SAID = {one.name: one.said for _, one in FAMILIES.values()}
_WRITTEN_AS_IS = frozenset({"officers", "agencies", "lanes"})


def with_families(*names: str) -> tuple[str, ...]:
    """The names of sections, each followed by those of the families below it."""
    return tuple(
        one
        for name in names
        for one in (name, *(f.name for _, f in FAMILIES.values() if f.section == name))
    )


SUMMARY = (
    ("vehicles", *with_families("searches", "found"), "corrections"),
    ("outcomes", "matches", "penalties", "cash", *with_families("traffic", "issued")),
)
"""The sections of a page in two columns, left and right."""
CARDS = (
    *("vehicles", "outcomes", "matches", "penalties", "cash"),
    *with_families("searches", "found", "traffic", "issued"),
    "corrections",
)
GROUPS = ("hours", "countries", "guessed", "bodies", "units", "officers", "agencies", "lanes")
_ORDER = (*CARDS, *GROUPS)


def sections(statement: Statement) -> dict[str, Section]:
    """Every section by its name, in reading order; those of no figures are there, and empty."""
    numbers = statement.figures()
    found: dict[str, Section] = {}
    for name in _ORDER:
        if name in _PLAIN:
            title, labels = _PLAIN[name]
            figures = tuple(
                Figure(key, label, numbers[key], currency_of(key)) for key, label in labels.items()
            )
        elif name in _FAMILIES:
            title, family = _FAMILIES[name]
            figures = tuple(_family(name, family, numbers))
        elif name == "penalties":
            title, figures = "Penalties", tuple(_penalties(statement, numbers))
        else:
            title, figures = "Cash seized", tuple(_cash(statement.tally))
        found[name] = Section(name, title, figures)
    return found


def _family(name: str, family: str, numbers: dict[str, int]) -> Iterator[Figure]:
    members = {key: number for key, number in numbers.items() if key.partition(".")[0] == family}
    days = {key.partition(".")[2][:10] for key in members} if name == "hours" else set()
    for key, number in members.items():
        yield Figure(key, _label(name, key.partition(".")[2], len(days)), number)


def _label(name: str, value: str, days: int) -> str:
    if value == NOT_RECORDED:
        return "not recorded"
    if name == "countries":
        return country_name(value)
    if name == "guessed":
        return as_guessed(country_name(value))
    if name == "hours":
        return f"{value[-2:]}:00" if days == 1 else f"{value[:10]} {value[-2:]}:00"
    return value if name in _WRITTEN_AS_IS else _SAID.get(name, in_words)(value)


def hour_by_hour(section: Section) -> tuple[Figure, ...]:
    """The section of hours for a chart, with a 0 for every hour between that had no check.

    Over several days that lie apart, only the hours that had one.
    """
    if not section.figures:
        return ()
    first, last = (_hour(section.figures[place].key) for place in (0, -1))
    span = (last - first) // _HOUR + 1
    if span > _MOST_HOURS:
        return section.figures
    known = {one.key: one for one in section.figures}
    days = (last.date() - first.date()).days + 1
    keys = (f"by_hour.{first + place * _HOUR:%Y-%m-%dT%H}" for place in range(span))
    return tuple(
        known.get(key) or Figure(key, _label("hours", key.partition(".")[2], days), 0)
        for key in keys
    )


def _hour(key: str) -> datetime:
    """The hour that a figure's key ends in; the clock on the wall, without a zone."""
    return datetime.fromisoformat(key.partition(".")[2])


def _penalties(statement: Statement, numbers: dict[str, int]) -> Iterator[Figure]:
    for name, label in (
        ("listed_pence", "listed"),
        ("enforceable_count", "enforceable, how many"),
        ("enforceable_pence", "enforceable"),
        ("enforced_count", "enforced, how many"),
        ("enforced_pence", "enforced"),
        ("enforced_without_sum_pence", "of it where the list gave no sum"),
        ("outstanding_pence", "outstanding"),
        ("not_enforceable_pence", "not enforceable"),
        ("undecided_count", "of it only “looks like”, how many"),
        ("undecided_pence", "of it only “looks like”"),
        ("overpaid_pence", "paid above what was owed"),
    ):
        key = f"penalties.{name}"
        yield Figure(key, label, numbers[key], currency_of(key))
    yield Figure("lines_without_sum", "lines without a sum", numbers["lines_without_sum"])
    for one in statement.not_enforceable:
        key, why = f"not_enforceable.{one.reason}", REASONS[one.reason]
        yield Figure(key, f"not enforceable: {why}", one.pence, "GBP")
        yield Figure(f"{key}.lines", f"how many: {why}", one.lines)


def _cash(tally: Tally) -> Iterator[Figure]:
    for one in tally.cash:
        yield Figure(f"cash.{one.currency}", one.currency, one.amount_minor, one.currency)
        yield Figure(f"cash.{one.currency}.seizures", f"{one.currency}, seizures", one.seizures)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that must hold, in words, and whether it does."""

    words: str
    holds: bool


def reconciliation(tally: Tally, faults: Iterable[str]) -> list[Sum]:
    """What adds up to what, and the `faults`, figures that do not."""
    matches, money = tally.matches, tally.penalties
    outcomes = [number for number in tally.primary_outcomes.values() if number] or [0]
    parts = (money.enforced_pence, money.outstanding_pence, money.not_enforceable_pence)
    enforced, outstanding, rest = (amount(part, "GBP") for part in parts)
    tiers = matches.exact + matches.lookalike + matches.near
    settled = matches.confirmed + matches.rejected + matches.unresolved
    found = [
        Sum(
            f"{count(tally.checks, 'check')} = {' + '.join(f'{one:,}' for one in outcomes)}"
            " by outcome",
            sum(outcomes) == tally.checks,
        ),
        Sum(
            f"{count(tiers, 'match')} = {matches.confirmed} confirmed + {matches.rejected} rejected"
            f" + {matches.unresolved} unresolved",
            settled == tiers,
        ),
        Sum(
            f"{amount(money.listed_pence, 'GBP')} listed{_taken(money)} = {enforced} enforced"
            f" + {outstanding} outstanding + {rest} not enforceable",
            sum(parts) == money.listed_pence + money.enforced_without_sum_pence,
        ),
    ]
    return found + [Sum(words, holds=False) for words in faults]


def _taken(money: PenaltyFigures) -> str:
    if not money.enforced_without_sum_pence:
        return ""
    taken = amount(money.enforced_without_sum_pence, "GBP")
    return f" + {taken} taken where the list gave no sum (what remains there is not known)"


def about(statement: Statement) -> list[str]:
    """What the figures are of: operation and site, agencies, times, and what was left out."""
    tally = statement.tally
    ended = f" to {minute(tally.ended_at)}" if tally.ended_at else ", under way"
    when = f"{minute(tally.started_at)}{ended}"
    if statement.as_of and tally.ended_at is None:
        when += f"; as of {minute(statement.as_of)}"
    elif statement.as_of and statement.as_of != tally.ended_at:
        when += f"; counted anew as of {minute(statement.as_of)}"
    lines = [
        " · ".join(filter(None, (tally.operation, tally.site))),
        ", ".join(tally.agencies),
        when,
    ]
    if statement.since or statement.until:
        since = f" from {minute(statement.since)}" if statement.since else ""
        until = f" to before {minute(statement.until)}" if statement.until else ""
        lines.append(f"ONLY PART OF THE DAY: checks{since}{until}")
    if tally.devices:
        lines.append(f"devices: {' · '.join(one.shown for one in tally.devices)}")
    return [line for line in lines if line]


def incomplete(tally: Tally) -> str:
    """What keeps the figures from being complete; "" where nothing does."""
    return f"INCOMPLETE: {'; '.join(tally.lacks)}" if tally.lacks else ""


def held_line(statement: Statement) -> str:
    """When what the figures rest on was last held against the journal, and by whom."""
    held = statement.held
    if held is None:
        return "Not held against the journal yet: “portcheck audit verify” does"
    since = count(held.events_since, "event")
    return f"Last held against the journal {minute(held.at)} by {held.officer}; {since} since"


def minute(iso: str) -> str:
    """An ISO 8601 time as people read it: "2021-06-17 09:05".

    >>> minute("2021-06-17T09:05:00+01:00")
    '2021-06-17 09:05'
    """
    return iso[:16].replace("T", " ")


def detention(held: CashSeized) -> str:
    """When cash's first detention runs out, and by the bank holidays of which part.

    >>> held = CashSeized("c", "L1-001", "", "AB12 CDE", "GBP", 1, "2021-06-22T15:00:00+01:00",
    ...                   False, "scotland")
    >>> detention(held)
    '2021-06-22 15:00 in Scotland, or later by the court holidays of its sheriff court'
    """
    part = UkPart(held.part)
    if part is UkPart.OUTSIDE:
        return "no time: outside the United Kingdom"
    courts = ", or later by the court holidays of its sheriff court"
    where = f"in {PART_NAMES[part]}{courts if part is UkPart.SCOTLAND else ''}"
    return f"{minute(held.runs_out_at)} {where}"
