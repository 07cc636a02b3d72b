"""The countable items of an outcome, and how figures add them up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from portcheck.domain.counted import By, Counted, Family, Measure
from portcheck.domain.fields import Field, Kind, Part, PartKind
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.units import ITEMS, smallest

COUNTED: dict[str, tuple[Field, Counted]] = {
    one.key: (field, one) for field in OUTCOME for one in field.counted if isinstance(one, Counted)
}
"""Every figure of the tally that follows from a field, by its key, in the registry's order."""
FAMILIES: dict[str, tuple[Field, Family]] = {
    one.key: (field, one) for field in OUTCOME for one in field.counted if isinstance(one, Family)
}
"""The same of families of figures."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One countable item of an outcome, the row that a tally counts.

    `field` is the registry's name; `value` and `detail` its first and second
    word (offence and disposal, reference and action); `quantity` a count;
    `amount_minor` money in minor units of `currency`; `measured` what was weighed or
    counted, in the smallest unit, which `detail` names.
    """

    field: str
    position: int
    value: str = ""
    detail: str = ""
    quantity: int = 1
    amount_minor: int | None = None
    currency: str = ""
    measured: int | None = None

    @property
    def items(self) -> int:
        """It is one."""
        return 1

    @property
    def checks(self) -> int:
        """1 for the first item of its field at a check: a check counts once."""
        return int(self.position == 0)


class Items(Protocol):
    """One item of a check, or several alike of many checks together."""

    @property
    def value(self) -> str:
        """The first word."""

    @property
    def detail(self) -> str:
        """The second word."""

    @property
    def checks(self) -> int:
        """How many checks have any."""

    @property
    def items(self) -> int:
        """How many there are."""

    @property
    def quantity(self) -> int:
        """What they count together."""

    @property
    def amount_minor(self) -> int | None:
        """Their money together."""

    @property
    def measured(self) -> int | None:
        """What was weighed or counted of them, in the smallest unit."""


def number(measure: Measure, item: Items) -> int:
    """What an item, or several alike, give to a figure of this measure."""
    match measure:
        case Measure.CHECKS:
            return item.checks
        case Measure.ITEMS:
            return item.items
        case Measure.QUANTITY:
            return item.quantity
        case Measure.MONEY:
            return item.amount_minor or 0
        case Measure.MEASURED:
            return item.measured or 0
        case Measure.VEHICLES | Measure.RULE:
            raise ValueError("vehicles, and figures with a rule of their own, are not added up")


def total(one: Counted, items: Iterable[Items]) -> int:
    """What the items of its field give to a figure."""
    return sum(
        number(one.measure, item)
        for item in items
        if not one.words or item.value in one.words or item.detail in one.words
    )


def by_word(family: Family, items: Iterable[Items]) -> Counter[str]:
    """What the items of its field give to each figure of a family, by the word; "" is none."""
    found: Counter[str] = Counter()
    for item in items:
        if given := number(family.measure, item):
            found[_word(family.by, item)] += given
    return found


def _word(by: By, item: Items) -> str:
    match by:
        case By.VALUE:
            return item.value
        case By.DETAIL:
            return item.detail
        case By.BOTH:
            return ".".join(filter(None, (item.value, item.detail)))


def findings(values: Mapping[str, Any]) -> list[Finding]:
    """The countable items of an outcome, in the registry's order."""
    rows: list[Finding] = []
    for field in OUTCOME:
        if field.name in values:
            rows.extend(items_of(field, values[field.name]))
    return rows


def items_of(field: Field, value: Any) -> list[Finding]:
    """The countable items of one field."""
    match field.kind:
        case Kind.FLAG:
            return [Finding(field.name, 0)] if value else []
        case Kind.COUNT:
            return [Finding(field.name, 0, quantity=value)] if value else []
        case Kind.MONEY:
            return [Finding(field.name, 0, amount_minor=value, currency="GBP")] if value else []
        case Kind.CHOICES:
            return [Finding(field.name, i, value=v) for i, v in enumerate(value)]
        case Kind.CHOICE:
            return [Finding(field.name, 0, value=value)]
        case Kind.RECORDS:
            return [_record_item(field, i, r) for i, r in enumerate(value)]
        case _:
            return []


_WORDS = frozenset({PartKind.CHOICE, PartKind.TEXT, PartKind.NATION})


def _record_item(field: Field, position: int, record: Mapping[str, Any]) -> Finding:
    """A record: its first word, and the other choices in it as the second."""
    value, *others = [part for part in field.parts if part.kind in _WORDS] or [
        Part("", PartKind.TEXT)
    ]
    details = [_said(record, part.name) for part in others if part.kind is PartKind.CHOICE]
    money, measured = (_first(field, kind, record) for kind in (PartKind.MONEY, PartKind.QUANTITY))
    return Finding(
        field.name,
        position,
        value=_said(record, value.name),
        detail=".".join(filter(None, details)),
        quantity=record.get("count", 1),
        amount_minor=money,
        currency=record.get("currency", "GBP" if money is not None else ""),
        measured=measured,
    )


def _said(record: Mapping[str, Any], name: str) -> str:
    said = str(record.get(name, ""))
    if name != "unit":
        return said
    return smallest(said or ITEMS) if "quantity_minor" in record else ""


def _first(field: Field, kind: PartKind, record: Mapping[str, Any]) -> int | None:
    """What the record has of the first part of a kind."""
    return next((record[p.name] for p in field.parts if p.kind is kind and p.name in record), None)
