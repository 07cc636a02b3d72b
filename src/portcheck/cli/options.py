"""Command options that follow from the registries of fields."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import SENSITIVE, Field, Kind, Values, parse
from portcheck.domain.outcome import OUTCOME

_METAVAR = {Kind.COUNT: "N", Kind.MONEY: "AMOUNT", Kind.TEXT: "TEXT", Kind.TEXTS: "TEXT"}


def takes_fields(
    *, details: bool, outcome: bool
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for every field of the registries.

    What was given reaches the command as `details` and `outcome`, mappings of
    JSON values by field name.  A value that cannot be read raises Refused.
    """
    registries: dict[str, tuple[Field, ...]] = {}
    if details:
        registries["details"] = DETAILS
    if outcome:
        registries["outcome"] = OUTCOME

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def call(**given: Any) -> None:
            for name, fields in registries.items():
                given[name] = _values(fields, given)
            command(**given)

        signature = inspect.signature(command)
        kept = [p for p in signature.parameters.values() if p.name not in registries]
        added = [_parameter(name, field) for name, fields in registries.items() for field in fields]
        call.__signature__ = signature.replace(parameters=kept + added)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in kept + added} | {"return": None}
        return call

    return decorate


def _parameter(registry: str, field: Field) -> inspect.Parameter:
    panel = "Details" if registry == "details" else "Outcome"
    words = field.help
    if field.choices:
        words += f" One of: {', '.join(field.choices)}."
    if field.example:
        words += f" As {field.example}."
    if field.sensitive:
        words += f" {SENSITIVE}"
    if field.several:
        words += " May be given again."
    switch = field.flag
    if field.kind is Kind.FLAG:
        switch = f"{field.flag}/--no-{field.flag.removeprefix('--')}"
    option = typer.Option(
        switch,
        help=words,
        metavar=None if field.kind is Kind.FLAG else _metavar(field),
        rich_help_panel=panel,
        show_default=False,
    )
    kind: Any = bool if field.kind is Kind.FLAG else str
    annotation = list[str] | None if field.several else kind | None
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[annotation, option],
    )


def _metavar(field: Field) -> str:
    if field.parts:
        names = (part.name for part in field.parts if part.required)
        return ":".join(name.removesuffix("_minor").removesuffix("_pence") for name in names)
    return _METAVAR.get(field.kind, "WORD")


def _values(fields: tuple[Field, ...], given: dict[str, Any]) -> Values:
    values: Values = {}
    for field in fields:
        value = given.pop(field.name)
        if value is None or value == []:
            continue
        if field.several:
            values[field.name] = [item for text in value for item in parse(field, text)]
        elif field.kind is Kind.FLAG:
            values[field.name] = value
        else:
            values[field.name] = parse(field, value)
    return values
