"""Fields of a registry typed in one line: “persons=2; searched=visual, dog; nothing found”."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portcheck.domain.fields import Field, Kind, parse
from portcheck.domain.text import fold
from portcheck.errors import Refused


def field_named(fields: Iterable[Field], text: str) -> Field | None:
    """The field that a word means: its name, its label or its option, whatever the spacing."""
    wanted = fold(text)
    for field in fields:
        if wanted and wanted in {fold(field.name), fold(field.label), fold(field.option)}:
            return field
    return None


def read_fields(fields: Sequence[Field], text: str) -> dict[str, Any]:
    """The values in a line.

    Fields are parted by “;”, a name from its value by “=” or a space; a flag
    needs no value.  What stands after a “;” and begins with no field's name
    goes on with the field before.  Raises Refused.
    """
    texts: dict[str, str] = {}
    last = ""
    for piece in filter(None, (piece.strip() for piece in text.split(";"))):
        field, value = _parted(fields, piece)
        if field is None and not last:
            raise Refused(f"“{piece}” begins with no field's name", hint=names_of(fields))
        if field is None:
            texts[last] += f"; {piece}"
        else:
            last = field.name
            texts[last] = f"{texts[last]}; {value}" if last in texts else value
    by_name = {field.name: field for field in fields}
    return {name: _value(by_name[name], value) for name, value in texts.items()}


def _parted(fields: Sequence[Field], piece: str) -> tuple[Field | None, str]:
    whole = field_named(fields, piece)
    if whole is not None:
        return whole, ""
    name, equals, value = piece.partition("=")
    if equals and (field := field_named(fields, name)) is not None:
        return field, value.strip()
    words = piece.split()
    for place in range(len(words) - 1, 0, -1):
        field = field_named(fields, " ".join(words[:place]))
        if field is not None:
            return field, " ".join(words[place:])
    return None, piece


def _value(field: Field, text: str) -> Any:
    if not text and field.kind is Kind.FLAG:
        return True
    if not text:
        raise Refused(f"{field.label} has no value", hint=how(field))
    return parse(field, text)


def how(field: Field) -> str:
    """What may be typed for a field."""
    if field.choices:
        return f"One of {', '.join(field.choices)}."
    return f"As {field.example}." if field.example else field.help


def names_of(fields: Iterable[Field]) -> str:
    """The names that may be typed."""
    return f"The fields are {', '.join(field.name for field in fields)}."


def added(
    fields: Iterable[Field], before: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """`before` with what was given: lists grow, the rest takes the place of what was there."""
    result = dict(before)
    for field in fields:
        if field.name not in given:
            continue
        value, known = given[field.name], before.get(field.name)
        if field.several and known:
            fresh = [one for one in value if field.kind is not Kind.CHOICES or one not in known]
            value = [*known, *fresh]
        result[field.name] = value
    return result
