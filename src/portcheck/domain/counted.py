"""How a field is counted: the lines of the tally that follow from its entry in a registry."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


def in_words(word: str) -> str:
    """A word of the registry as people read it.

    >>> in_words("stolen_vehicle.items")
    'stolen vehicle items'
    """
    return word.replace("_", " ").replace(".", " ")


class Measure(StrEnum):
    """What a figure adds up over the things that were recorded in one field."""

    CHECKS = "checks"  # the checks that have any
    VEHICLES = "vehicles"  # the distinct vehicles of those checks
    ITEMS = "items"  # the words or records
    QUANTITY = "quantity"  # what they count: persons, arrests
    MONEY = "money"  # their amounts, in pence
    MEASURED = "measured"  # what was weighed or counted of them, in the smallest unit
    RULE = "rule"  # by a rule over several fields (`services.counting`, `services.shares`)

    @property
    def adds_up(self) -> bool:
        """Whether a total is the sum of what the items give, whichever check they are of."""
        return self not in {Measure.VEHICLES, Measure.RULE}


class By(StrEnum):
    """Which word of a record a family of figures is told apart by (`findings.Finding`)."""

    VALUE = "value"
    DETAIL = "detail"
    BOTH = "both"  # parted by a point, as "drugs.g"


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of the tally.

    `key` is its key in JSON, `label` what people read, `section` where it stands
    (`report.sections`).  With `words`, only records that have one of them count; such
    a figure never measures checks or vehicles.  `column` gives its key and heading in the row of a
    check; None where the row has no such column.  A `rare` figure that is 0 shares a line
    with others where there is little room.
    """

    key: str
    label: str
    section: str
    measure: Measure
    words: frozenset[str] = frozenset()
    column: tuple[str, str] | None = None
    rare: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Figures of the tally, one for every word that was recorded.

    `key` is their key in JSON; they stand below the figures of `section`, under
    `title`, and on a screen in a line after `lead`: where there are none, only if
    `always` is set.  `said` gives what people read for a word.
    """

    key: str
    name: str
    title: str
    section: str
    lead: str
    by: By = By.VALUE
    measure: Measure = Measure.ITEMS
    always: bool = False
    said: Callable[[str], str] = in_words
