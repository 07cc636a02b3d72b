"""Columns judged by their values: what a heading leaves open, the cells below it tell.

A column of statuses under "State" is no country, a column of makes under "Vehicle" holds no
registrations, and a case number gives way to a penalty reference that has a column of its
own.  What is judged are the first rows of a sheet.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from portcheck.domain.penalty import Status, status_of
from portcheck.domain.registration.formats import fits, is_container
from portcheck.domain.registration.key import key_of
from portcheck.errors import Refused
from portcheck.intake.cells import Cell, is_blank, text_of
from portcheck.intake.table.columns import MARKS
from portcheck.intake.table.layout import MONEY
from portcheck.intake.values import words
from portcheck.intake.values.dates import date_of
from portcheck.intake.values.marks import mark_of
from portcheck.intake.values.severalmarks import marks_apart

_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "country": ("status",),
    "status": ("country", "balance"),
    "balance": ("status", "due_on"),
    "due_on": ("balance",),
    "paid": ("status",),
    "issued_on": ("amount",),
    "amount": ("issued_on",),
    "unit": ("country",),
}
"""What a column may hold whose heading says something else: "State", "Outstanding", "Due"."""


_SUMS = ("balance", "amount", "paid")
_DATES = ("issued_on", "due_on", "incident_on")
_LEAST_SUM, _ROUND = 100, 50


class Fit(NamedTuple):
    """How many of a column's first values are of a field, and how many there are."""

    fitting: int
    values: int

    @property
    def is_good(self) -> bool:
        """At least half of them; also where there are none."""
        return self.fitting * 2 >= self.values

    @property
    def is_poor(self) -> bool:
        """Hardly any, of several."""
        return self.values > 1 and self.fitting * 5 < self.values

    @property
    def is_sure(self) -> bool:
        """Nearly all of several."""
        return self.values > 1 and self.fitting * 5 >= self.values * 4

    def __str__(self) -> str:
        return f"{self.fitting} of its first {self.values} values"


def fit_of(name: str, cells: Iterable[Cell]) -> Fit:
    """How well cells fit a field; texts fit whatever they say.

    >>> fit_of("country", ["GB", "", "Overdue"])
    Fit(fitting=1, values=2)
    """
    filled = [cell for cell in cells if not is_blank(cell)]
    judge = _judge(name)
    return Fit(sum(map(judge, filled)), len(filled))


def held_instead(
    name: str, cells: Sequence[Cell], taken: Collection[str], *, passed_over: bool = False
) -> str:
    """The field, none of those `taken`, that a column holds whose heading says `name`, where
    its values are plainly that and not what the heading says; "" otherwise.

    For a column that was `passed_over` for another one a single value is enough.
    """
    fit = fit_of(name, cells)
    if passed_over and fit == Fit(0, 1):
        others = (other for other in _INSTEAD.get(name, ()) if other not in taken)
        return next((other for other in others if fit_of(other, cells).fitting), "")
    if not fit.is_poor:
        return ""
    for other in _INSTEAD.get(name, ()):
        if other not in taken and fit_of(other, cells).is_sure:
            return other
    return ""


def what_is_held(cells: Sequence[Cell]) -> tuple[str, tuple[str, ...]]:
    """Whether cells are plainly "sums" or "dates", and the fields that these may be.

    A bare number is a sum only where it is a round one, as fines are: numbers of rows, of
    cases and of kilometres are not.

    >>> what_is_held(["£1,500.00", "", 600.0])[0], what_is_held([1.0, 2.0, 3.0])[0]
    ('sums', '')
    """
    filled = [cell for cell in cells if not is_blank(cell)]
    for what, is_one, fields in (("sums", _is_sum, _SUMS), ("dates", _is_date, _DATES)):
        if Fit(sum(map(is_one, filled)), len(filled)).is_sure:
            return what, fields
    return "", ()


def _is_sum(cell: Cell) -> bool:
    if isinstance(cell, str):
        return any(sign in cell for sign in ("£", "GBP", ".", ",")) and _reads(
            lambda: words.money(cell) is not None
        )
    return isinstance(cell, float | int) and cell >= _LEAST_SUM and cell % _ROUND == 0


def _is_date(cell: Cell) -> bool:
    return not isinstance(cell, float | int) and _reads(lambda: date_of(cell) is not None)


def _judge(name: str) -> Callable[[Cell], bool]:
    if name in MARKS:
        return lambda cell: _reads(lambda: _holds_a_mark(cell))
    if name in MONEY:
        return lambda cell: _reads(lambda: words.money(cell) is not None)
    if name.endswith("_on"):
        return lambda cell: _reads(lambda: date_of(cell) is not None)
    if name == "penalty_reference":
        return _may_be_a_reference
    known = _WORDS.get(name)
    return (lambda cell: _reads(lambda: bool(known(cell)))) if known else lambda _cell: True


def _reads(read: Callable[[], bool]) -> bool:
    try:
        return read()
    except Refused:
        return False


def _holds_a_mark(cell: Cell) -> bool:
    """Whether a cell holds registrations of a shape that some country issues: most do."""
    texts = [mark_of(one).text for _, one in marks_apart(cell, ("registration",))]
    keys = [key_of(text) for text in texts if text]
    return bool(keys) and all(fits(key, personal=False) or is_container(key) for key in keys)


def _may_be_a_reference(cell: Cell) -> bool:
    text = text_of(cell)
    return any(map(str.isdigit, text)) and not (
        isinstance(cell, str) and _reads(lambda: date_of(cell) is not None)
    )


_WORDS: Mapping[str, Callable[[Cell], object]] = {
    "country": words.country,
    "unit": words.unit,
    "liable_role": words.liable_role,
    "section": words.section,
    "status": lambda cell: (
        words.yes_or_no(cell) is not None or status_of(words.text(cell)) is not Status.UNKNOWN
    ),
}
