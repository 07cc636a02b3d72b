"""From headings as offices write them to the fields they stand for."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from portcheck.domain.text import fold, one_line
from portcheck.intake.cells import OTHER_CURRENCY

Names = Mapping[str, Sequence[str]]
"""The table of names: for each field, the headings it goes by besides its own name."""

REASON_HEADING = "portcheck: reason"
"""The column added to a file of rejected rows; not read when it comes back."""

MARKS = ("registration", "trailer_registration", "container")
"""The fields a vehicle is found by."""

_IGNORED = fold(REASON_HEADING)
_SEVERAL = re.compile(r"\s*[/|\\&+]\s*|\s+(?:[-\u2013\u2014]|and)\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?[^\d\s._#:(-])[\s._#:(-]*\d{1,2}\)?\s*")
_OTHERS = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)|second|third|fourth|(?:any |all )?other|further|additional|more"
    r"|another|extra|weitere|andere|autres?|otr[ao]s?|altr[ei])\s+(.+)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_OTHER_MONEY = re.compile(
    rf"{OTHER_CURRENCY}|\b(?:TEUR|p|pence|penny|pennies|k|m|mn|mln|tsd|thousands?|millions?)\b"
    r"|(?<![\d,.])(?:1[,.]?)?000s?\b",
    re.IGNORECASE,
)
_PAYMENT = ("paid", "settled")
_MONTH_FIRST = re.compile(r"\bm{2,3}[./\- ]d{2}\b", re.IGNORECASE)


class Meant(NamedTuple):
    """What a heading says: its fields, of which only those of registrations may be several
    ("Reg / Trailer"); and whether it is one of a series ("Vehicle 2", "Other vehicles").
    """

    fields: tuple[str, ...]
    numbered: bool = False


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

    def meant(self, heading: str) -> Meant | None:
        """What a heading stands for; what stands in brackets may be left out, and of several
        names ("Pays / Country") all must say the same, or each a field of registrations.

        >>> names = {"registration": ("Unit", "Vehicle"), "trailer_registration": ("Trailer no",)}
        >>> Headings(names).meant("Unit / Trailer No").fields
        ('registration', 'trailer_registration')
        >>> Headings(names).meant("Vehicle 2"), Headings(names).meant("Vehicle age")
        (Meant(fields=('registration',), numbered=True), None)
        """
        base = series_of(heading)
        field = self.field_of(base) if base and fold(heading) not in self._folded else None
        if field in MARKS:
            return Meant((field,), numbered=True)
        if field := self.field_of(heading):
            return Meant((field,))
        names = [self.field_of(name) for name in _SEVERAL.split(heading) if name.strip()]
        if "trailer_registration" in names:  # beside a trailer a unit is what draws it
            names = ["registration" if name == "unit" else name for name in names]
        fields = tuple(dict.fromkeys(name for name in names if name))
        if len(names) > 1 and None not in names and (len(fields) == 1 or {*fields} <= {*MARKS}):
            return Meant(fields)
        return None

    def field_of(self, heading: str) -> str | None:
        """The field that goes by just this name; what stands in brackets may be left out."""
        found = self._folded.get(fold(heading))
        return found or self._folded.get(fold(_BRACKETS.sub(" ", heading)))

    def examples(self, field: str) -> str:
        """Some headings a field goes by, for a message."""
        return ", ".join(f"“{name}”" for name in (*self._names[field], field)[:4])


def is_general(name: str, heading: str) -> bool:
    """Whether a heading gives way to another one of its field: "Vehicle" to "Registration".

    >>> is_general("registration", "Vehicle"), is_general("registration", "Vehicle reg")
    (True, False)
    """
    said = {fold(heading), fold(_BRACKETS.sub(" ", heading))}
    return not said.isdisjoint(_general(name))


def series_of(heading: str) -> str:
    """What a heading says but for its number, or for "Other" before it; "" without either.

    >>> series_of("Vehicle 2"), series_of("Reg no. 2"), series_of("Other lorries"), series_of("Reg")
    ('Vehicle', 'Reg no', 'lorries', '')
    """
    found = _NUMBERED.fullmatch(heading) or _OTHERS.fullmatch(heading.strip())
    return found[1] if found else ""


def is_ignored(heading: str) -> bool:
    """The column of reasons in a file of rejected rows that came back."""
    return fold(heading) == _IGNORED


def other_money(heading: str) -> bool:
    """A heading that names another currency than pounds, or pence or thousands of pounds.

    >>> other_money("Amount (EUR)"), other_money("Amount (pence)"), other_money("Amount (£)")
    (True, True, False)
    """
    return _OTHER_MONEY.search(heading) is not None


def asks_whether_paid(heading: str) -> bool:
    """Whether a yes under this heading says that something was paid.

    >>> asks_whether_paid("Paid?"), asks_whether_paid("Settled Y/N"), asks_whether_paid("Status")
    (True, True, False)
    """
    said = fold(_BRACKETS.sub(" ", heading))
    return any(word in said for word in _PAYMENT) or said in _paid_names()


@cache
def _paid_names() -> frozenset[str]:
    return frozenset(map(fold, _table()["headings"]["paid"]))


def month_first(heading: str) -> bool:
    """A heading that says its dates are not written day first.

    >>> month_first("Issued (mm/dd/yyyy)"), month_first("Issued (dd/mm/yyyy)")
    (True, False)
    """
    return _MONTH_FIRST.search(one_line(heading)) is not None


_MANIFEST = (*MARKS, "country", "haulier", "sailing", "notes")
_CHECK = ("at", "officer", "agency", "decision", "trailer_country")
_NOT_LISTED = {"sailing", *_CHECK}


@cache
def _general(name: str) -> frozenset[str]:
    return frozenset(map(fold, _table()["general"].get(name, ())))


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    """The headings in English, and under the same fields those in other languages."""
    table = _read("columns.toml")
    for language in _read("abroad.toml").values():
        for name, headings in language.items():
            table["headings"][name] += headings
    return table


def _read(name: str) -> dict[str, dict[str, list[str]]]:
    text = resources.files("portcheck.intake.table").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


@cache
def names_of(kind: str) -> dict[str, tuple[str, ...]]:
    """The headings of each field of a kind of file: "action_list", "manifest" or "log".

    >>> sorted(names_of("manifest"))[:3], "Reg plate" in names_of("log")["registration"]
    (['container', 'country', 'haulier'], True)
    """
    table = _table()["headings"]
    fields = {
        "action_list": (name for name in table if name not in _NOT_LISTED),
        "manifest": _MANIFEST,
        "log": (*_MANIFEST, "unit", *_CHECK),
    }
    wanted = tuple(fields[kind])
    own = {fold(name) for name in wanted}  # "Unit" is the kind of vehicle where that is asked for
    return {
        name: tuple(one for one in table[name] if fold(one) not in own - {fold(name)})
        for name in wanted
    }
