"""The values that documents are made of."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
)
from pydantic_core import CoreSchema
from pydantic_core import core_schema as core

from portcheck.domain import fields as registry
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import LARGEST_COUNT, LONGEST_TEXT, Kind, PartKind
from portcheck.domain.outcome import OUTCOME


class Document(BaseModel):
    """A JSON object with exactly the keys of its model."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def may_be_left_out() -> Any:
    """Declares a key of a `Sparse` document that need not be there."""
    return Field(default=None, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class Sparse(Document):
    """A document some keys of which may be left out."""

    @model_serializer(mode="wrap")
    def _as_given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        dumped: dict[str, Any] = handler(self)
        return {name: value for name, value in dumped.items() if name in self.model_fields_set}


def hold(what: str, *, holds: bool) -> None:
    """Raises ValueError, naming the rule, unless it holds."""
    if not holds:
        raise ValueError(f"not so: {what}")


def _aware(text: str) -> str:
    if dt.datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time without an offset")
    return text


def _day(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


_MARK = r"[A-Za-z][A-Za-z0-9]{0,7}:[1-9][0-9]*:[0-9A-F]{4}(-[0-9A-F]{4}){4}"

Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Pence = Annotated[int, Field(ge=0)]
Words = Annotated[str, Field(min_length=1)]
Texts = list[str]
Time = Annotated[
    str, AfterValidator(_aware), WithJsonSchema({"type": "string", "format": "date-time"})
]
Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Hour = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}$")]
Identity = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Ref = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,7}-[0-9]{3,}$")]
Key = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,17}$")]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Fingerprint = Annotated[str, Field(pattern=rf"^{_MARK}$")]
Fingerprints = Annotated[str, Field(pattern=rf"^{_MARK}( {_MARK})*$")]


class _Registry:
    """The values of a registry's fields: each may be left out, and there are no others."""

    def __init__(self, fields: tuple[registry.Field, ...]) -> None:
        self._fields = fields

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core.typed_dict_schema(
            {f.name: core.typed_dict_field(_of(f), required=False) for f in self._fields},
            extra_behavior="forbid",
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found = handler(schema)
        for field in self._fields:
            found["properties"][field.name] |= {"title": field.label, "description": field.help}
        return found


def _of(field: registry.Field) -> CoreSchema:
    match field.kind:
        case Kind.FLAG:
            return core.bool_schema(strict=True)
        case Kind.COUNT:
            return _COUNT
        case Kind.MONEY:
            return _WHOLE
        case Kind.CHOICE:
            return _one_of(field.choices)
        case Kind.CHOICES:
            return core.list_schema(_one_of(field.choices), min_length=1)
        case Kind.TEXT:
            return _TEXT
        case Kind.TEXTS:
            return core.list_schema(_TEXT, min_length=1)
        case Kind.RECORDS:
            shapes: list[Any] = [_record(parts) for parts in (field.parts, field.earlier) if parts]
            record = core.union_schema(shapes) if len(shapes) > 1 else shapes[0]
            return core.list_schema(record, min_length=1)


def _record(parts: tuple[registry.Part, ...]) -> CoreSchema:
    return core.typed_dict_schema(
        {p.name: core.typed_dict_field(_of_part(p), required=p.required) for p in parts},
        extra_behavior="forbid",
    )


def _of_part(part: registry.Part) -> CoreSchema:
    return _one_of(part.choices) if part.kind is PartKind.CHOICE else _PARTS[part.kind]


def _one_of(choices: tuple[str, ...]) -> CoreSchema:
    return core.literal_schema([str(choice) for choice in choices])


_COUNT = core.int_schema(ge=0, le=LARGEST_COUNT, strict=True)
_WHOLE = core.int_schema(ge=0, strict=True)
_TEXT = core.str_schema(max_length=LONGEST_TEXT, strict=True)
_PARTS: Mapping[PartKind, CoreSchema] = {
    PartKind.COUNT: _COUNT,
    PartKind.TEXT: _TEXT,
    PartKind.CURRENCY: core.str_schema(pattern=r"^[A-Z]{3}$", strict=True),
    PartKind.MONEY: _WHOLE,
    PartKind.QUANTITY: _WHOLE,
    PartKind.NATION: core.str_schema(pattern=r"^[A-Z]{2}$", strict=True),
}

Details = Annotated[dict[str, Any], _Registry(DETAILS)]
Outcome = Annotated[dict[str, Any], _Registry(OUTCOME)]


class ValueGiven(Document):
    """One of the values that were given, by whom, on which device, and when."""

    value: JsonValue
    officer: Words
    device: Words
    at: Time


class Disputed(Document):
    """A field of a check, or a match of it, of which people said different things on devices
    that did not know of each other; `ref` is "" for the operation itself.
    """

    ref: Ref | Literal[""]
    field: Words
    values: list[ValueGiven]
