"""From headings as offices write them to the fields they stand for."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from portcheck.domain.text import fold, one_line
from portcheck.intake.cells import OTHER_CURRENCY

Names = Mapping[str, Sequence[str]]
"""The table of names: for each field, the headings it goes by besides its own name."""

REASON_HEADING = "portcheck: reason"
"""The column added to a file of rejected rows; not read when it comes back."""

_IGNORED = fold(REASON_HEADING)
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_OTHER_MONEY = re.compile(
    rf"{OTHER_CURRENCY}|\b(?:TEUR|p|pence|penny|pennies|k|m|mn|mln|tsd|thousands?|millions?)\b"
    r"|(?<![\d,.])(?:1[,.]?)?000s?\b",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(r"\bm{2,3}[./\- ]d{2}\b", re.IGNORECASE)


class Headings:
    """A table of names, ready to be compared with headings.

    >>> headings = Headings({"registration": ("VRM", "Reg. No."), "issued_on": ("Issue date",)})
    >>> headings.field_of(" reg no: "), headings.field_of("Issued On"), headings.field_of("Colour")
    ('registration', 'issued_on', None)
    """

    def __init__(self, names: Names) -> None:
        self.fields = tuple(names)
        self._names = names
        self._folded: dict[str, str] = {}
        for field, headings in names.items():
            for heading in (field, *headings):
                other = self._folded.setdefault(fold(heading), field)
                if other != field:
                    raise ValueError(f"the heading {heading!r} names both {other} and {field}")

    def field_of(self, heading: str) -> str | None:
        """The field a heading stands for; what stands in brackets may be left out, and of two
        names with a stroke between them both must say the same.
        """
        found = self._folded.get(fold(heading))
        if found is None:
            found = self._folded.get(fold(_BRACKETS.sub(" ", heading)))
        if found is None and "/" in heading:
            either = {self._folded.get(fold(name)) for name in heading.split("/")}
            found = either.pop() if len(either) == 1 else None
        return found

    def examples(self, field: str) -> str:
        """Some headings a field goes by, for a message."""
        return ", ".join(f"“{name}”" for name in (*self._names[field], field)[:4])


def is_ignored(heading: str) -> bool:
    """The column of reasons in a file of rejected rows that came back."""
    return fold(heading) == _IGNORED


def other_money(heading: str) -> bool:
    """A heading that names another currency than pounds, or pence or thousands of pounds.

    >>> other_money("Amount (EUR)"), other_money("Amount (pence)"), other_money("Amount (£)")
    (True, True, False)
    """
    return _OTHER_MONEY.search(heading) is not None


def month_first(heading: str) -> bool:
    """A heading that says its dates are not written day first.

    >>> month_first("Issued (mm/dd/yyyy)"), month_first("Issued (dd/mm/yyyy)")
    (True, False)
    """
    return _MONTH_FIRST.search(one_line(heading)) is not None


@cache
def names_of(section: str) -> dict[str, tuple[str, ...]]:
    """The headings of a kind of file: "action_list", or "manifest", whose fields go by a
    list's headings as well.

    >>> sorted(names_of("manifest"))[:3], "Reg plate" in names_of("manifest")["registration"]
    (['container', 'country', 'haulier'], True)
    """
    text = resources.files("portcheck.intake.table").joinpath("columns.toml").read_text("utf-8")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    own, lists = table[section], table["action_list"]
    claimed = {fold(heading): field for field, found in own.items() for heading in found}
    return {
        field: tuple(
            dict.fromkeys(
                heading
                for heading in (*lists.get(field, ()), *found)
                if claimed.get(fold(heading), field) == field
            )
        )
        for field, found in own.items()
    }
