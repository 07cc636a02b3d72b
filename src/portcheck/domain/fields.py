"""What can be written down about a check, field by field.

A field is one entry in a registry (`details.DETAILS`, `outcome.OUTCOME`).
Command options, columns of a check log, the lane's form, JSON, the lines of the
tally and the columns of reports all follow from the entry; nothing else has to
change when one is added.

Values are plain JSON values: a flag is a bool, a count an int, a choice or a
text a str, choices and texts a list of str, records a list of dict.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from portcheck.domain.counted import Counted, Family
from portcheck.domain.money import currency_code, parse_minor, plain_amount
from portcheck.domain.nations import nation_code
from portcheck.domain.text import fold, one_line
from portcheck.domain.units import ITEMS, parse_quantity, plain_quantity
from portcheck.errors import Refused

LONGEST_TEXT = 2000
LARGEST_COUNT = 9999
SENSITIVE = "Sensitive processing (Data Protection Act 2018 s.35): only where it is needed."
_COUNTABLE = 2**53  # what every program that reads JSON can count with
_SEPARATED = re.compile(r"[;,|]")

Record = dict[str, Any]
Values = dict[str, Any]


class Kind(StrEnum):
    """The shape of a field's value."""

    FLAG = "flag"
    COUNT = "count"
    MONEY = "money"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    TEXTS = "texts"
    RECORDS = "records"


class PartKind(StrEnum):
    """The shape of one part of a record."""

    CHOICE = "choice"
    COUNT = "count"
    TEXT = "text"
    CURRENCY = "currency"
    MONEY = "money"
    QUANTITY = "quantity"
    NATION = "nation"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a record.

    MONEY is in minor units of the record's currency part, or pence; a QUANTITY in the
    smallest unit of its unit part (`units`), a NATION a code of `nations`.
    """

    name: str
    kind: PartKind
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def label(self) -> str:
        """What people read: "Amount" for `amount_pence`."""
        return re.sub("_(minor|pence)$", "", self.name).replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be recorded.

    `name` is its key in JSON and its column in a log; `option` its word on the
    command line; `label` what people read; `example` a value as typed.  `letter` is
    its key in a form, of one letter or two: officers know it by heart, so it never
    moves.  `counted` are the figures that follow from it; `is_find` says that a search
    with it is none that found nothing; `sheet` is the title of the table of its records
    in a report.  `earlier` are the parts that its records had once: those are read still.
    `sensitive` is said to whoever records it.  A MONEY field is in pence.
    """

    name: str
    kind: Kind
    label: str
    help: str
    option: str = ""
    choices: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    example: str = ""
    letter: str = ""
    counted: tuple[Counted | Family, ...] = ()
    is_find: bool = False
    sheet: str = ""
    earlier: tuple[Part, ...] = ()
    sensitive: bool = False

    @property
    def flag(self) -> str:
        """The option as typed: `--persons`."""
        return f"--{self.option or self.name.replace('_', '-')}"

    @property
    def several(self) -> bool:
        """Whether the option may be given more than once."""
        return self.kind in {Kind.CHOICES, Kind.TEXTS, Kind.RECORDS}


def parse(field: Field, text: str) -> Any:
    """The value of `field` from `text` as typed or as it stands in a cell.

    Several values are parted by `;` (choices also by `,`), the parts of a
    record by `:`; a backslash keeps a separator as text.  Raises Refused.
    """
    text = one_line(text)
    match field.kind:
        case Kind.FLAG:
            return _flag(field, text)
        case Kind.COUNT:
            return _count(field.label, text)
        case Kind.MONEY:
            return parse_minor(text)
        case Kind.CHOICE:
            return choose(field.label, field.choices, text)
        case Kind.CHOICES:
            return _unique(choose(field.label, field.choices, t) for t in _SEPARATED.split(text))
        case Kind.TEXT:
            return _text(field.label, text)
        case Kind.TEXTS:
            return [_text(field.label, _unescape(t)) for t in _split(field, text)]
        case Kind.RECORDS:
            return [_record(field, t) for t in _split(field, text)]


def format_value(field: Field, value: Any) -> str:
    """`value` as text that `parse` reads back to the same value."""
    match field.kind:
        case Kind.FLAG:
            return "yes" if value else "no"
        case Kind.MONEY:
            return plain_amount(value)
        case Kind.CHOICES:
            return "; ".join(value)
        case Kind.TEXTS:
            return "; ".join(_escape(t) for t in value)
        case Kind.RECORDS:
            return "; ".join(_format_record(field, r) for r in value)
        case _:
            return str(value)


def is_shaped(field: Field, value: Any) -> bool:
    """Whether `value` is of the shape of the field's kind.

    >>> is_shaped(Field("notes", Kind.TEXTS, "Notes", ""), ["one", 2])
    False
    """
    match field.kind:
        case Kind.FLAG:
            return isinstance(value, bool)
        case Kind.COUNT | Kind.MONEY:
            return isinstance(value, int) and abs(value) < _COUNTABLE
        case Kind.CHOICE | Kind.TEXT:
            return isinstance(value, str)
        case Kind.CHOICES | Kind.TEXTS:
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case Kind.RECORDS:
            return isinstance(value, list) and all(map(_is_record, value))


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and all(
        (isinstance(part, int) and abs(part) < _COUNTABLE) or isinstance(part, str)
        for part in value.values()
    )


def choose(label: str, choices: tuple[str, ...], text: str) -> str:
    """The choice that `text` names, whatever its case and spacing.

    Raises Refused, naming the choices.
    """
    wanted = fold(text)
    for choice in choices:
        if fold(choice) == wanted:
            return choice
    raise Refused(f"{label}: “{text}” is not one of {', '.join(choices)}")


def combine(fields: tuple[Field, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> Values:
    """`old` with what `new` adds: lists grow, what was not recorded is set.

    Raises Refused when `new` would change what `old` says: that is an amendment.
    """
    result = dict(old)
    for field in fields:
        if field.name not in new:
            continue
        value = new[field.name]
        if field.name not in result:
            result[field.name] = value
        elif field.kind in {Kind.RECORDS, Kind.TEXTS}:
            result[field.name] = result[field.name] + value
        elif field.kind is Kind.CHOICES:
            result[field.name] = _unique(result[field.name] + value)
        elif result[field.name] != value:
            raise Refused(
                f"{field.label} is already recorded as {format_value(field, result[field.name])}",
                hint="Use “portcheck amend” to correct it; the first record stays visible.",
            )
    return result


def _flag(field: Field, text: str) -> bool:
    folded = fold(text)
    if folded in {"yes", "y", "true", "1", "x"}:
        return True
    if folded in {"no", "n", "false", "0"}:
        return False
    raise Refused(f"{field.label}: “{text}” is neither yes nor no")


def _count(label: str, text: str) -> int:
    digits = text.removesuffix(".0")
    if not re.fullmatch("[0-9]{1,9}", digits) or int(digits) > LARGEST_COUNT:
        raise Refused(f"{label}: “{text}” is not a whole number from 0 to {LARGEST_COUNT}")
    return int(digits)


def _text(label: str, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Refused(f"{label}: longer than {LONGEST_TEXT} characters")
    return text


def _record(field: Field, text: str) -> Record:
    """One record; one that is none is read as it was written once, where it can be."""
    try:
        return _record_of(field, text)
    except Refused:
        if field.earlier:
            with suppress(Refused):
                return _record_of(replace(field, parts=field.earlier), text)
        raise


def _record_of(field: Field, text: str) -> Record:
    given = _given(field, text)
    record: Record = {}
    for part in field.parts:  # the currency comes before the amount that is read in it
        if part.name in given:
            record[part.name] = _part(field, part, given[part.name], record)
        elif part.required:
            raise Refused(f"{field.label}: “{text}” lacks the {part.name}", hint=_form(field))
    return record


def _given(field: Field, text: str) -> dict[str, str]:
    """The parts of a record as texts, by name; one that is left blank keeps its place."""
    given: dict[str, str] = {}
    left = list(field.parts)
    for piece in _pieces(text, ":"):
        name, equals, rest = piece.partition("=")
        part = next((p for p in field.parts if equals and p.name == name.strip()), None)
        if part is None:
            part, rest = (left[0] if left else None), piece
        if part in left:
            left.remove(part)
            if rest.strip():
                given[part.name] = _unescape(rest.strip())
        elif piece:
            what = f"gives the {part.name} twice" if part else "has too many parts"
            raise Refused(f"{field.label}: “{text}” {what}", hint=_form(field))
    return given


def _part(field: Field, part: Part, text: str, record: Record) -> Any:
    label = f"{field.label}, {part.name}"
    match part.kind:
        case PartKind.CHOICE:
            return choose(label, part.choices, text)
        case PartKind.COUNT:
            return _count(label, text)
        case PartKind.CURRENCY:
            return currency_code(text)
        case PartKind.MONEY:
            return parse_minor(text, record.get("currency", "GBP"))
        case PartKind.QUANTITY:
            return parse_quantity(text, record.get("unit", ITEMS))
        case PartKind.NATION:
            return nation_code(text)
        case PartKind.TEXT:
            return _text(label, text)


def _format_record(field: Field, record: Record) -> str:
    texts: list[str] = []
    gap = False
    known = all(part.name in record for part in field.parts if part.required)
    for part in field.parts if known else field.earlier:
        if part.name not in record:
            gap = True
            continue
        value = record[part.name]
        if part.kind is PartKind.MONEY:
            value = plain_amount(value, record.get("currency", "GBP"))
        elif part.kind is PartKind.QUANTITY:
            value = plain_quantity(value, record.get("unit", ITEMS))
        text = _escape(str(value))
        named = gap or ("=" in text)
        texts.append(f"{part.name}={text}" if named else text)
    return ":".join(texts)


def _form(field: Field) -> str:
    return f"Write it as {field.example}." if field.example else ""


def _split(field: Field, text: str) -> list[str]:
    """The values between unescaped semicolons, still escaped; at least one."""
    found = [piece for piece in _pieces(text, ";") if piece]
    if not found:
        raise Refused(f"{field.label}: “{text}” is blank", hint=_form(field))
    return found


def _pieces(text: str, separator: str) -> list[str]:
    """What stands between unescaped separators, still escaped, trimmed."""
    parted = re.sub(rf"(\\.)|{separator}", lambda found: found[1] or "\0", text)
    return [piece.strip() for piece in parted.split("\0")]


def _escape(text: str) -> str:
    return re.sub(r"([\\:;])", r"\\\1", text)


def _unescape(text: str) -> str:
    return re.sub(r"\\([\\:;])", r"\1", text)


def _unique(items: Any) -> list[str]:
    return list(dict.fromkeys(items))
