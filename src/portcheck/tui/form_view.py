"""How a form looks: its fields in two columns, and below them what the active one asks for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from portcheck.domain.fields import SENSITIVE, Field, Kind
from portcheck.domain.text import shorten
from portcheck.report.console import safe
from portcheck.tui.fitting import around, cut, squeezed, wrapped
from portcheck.tui.form_keys import NO, YES, options_of
from portcheck.tui.record_entry import option_lines
from portcheck.tui.wording import value_words

if TYPE_CHECKING:
    from portcheck.tui.form import Form

_FEWEST, _MOST, _WIDE = 2, 4, 34
"""How many columns of fields there are, and how wide one is where there are more."""
_FEWEST_ROWS = 2  # of fields: the active one, and how many more there are
_WORD_BEFORE = {
    Kind.COUNT: "type the number",
    Kind.CHOICE: "choose with the key beside it",
    Kind.CHOICES: "choose with the keys beside them",
    Kind.FLAG: "its letter again takes it back",
    Kind.RECORDS: "Space or its letter adds one, Delete takes the last away",
    Kind.TEXTS: "Space or its letter adds one, Delete takes the last away",
    Kind.TEXT: "Space or its letter to type it",
    Kind.MONEY: "Space or its letter to type it",
}


def form_lines(form: "Form", width: int, height: int) -> list[Text]:
    """The form in so many columns and rows.

    Where there are too few, what is filled in is not repeated; then of the fields only those
    about the active one are shown, and how many more there are.
    """
    fields = _columns(form, width)
    below = wrapped(_below(form, width), width)
    room = max(height - len(fields) - len(below) - 1, 0)
    filled = _filled(form, width)[:room]
    if len(fields) + len(below) > height:
        below = squeezed(below, max(height - _FEWEST_ROWS, 1))
        place = form.fields.index(form.active) % len(fields)
        return [*around(fields, place, height - len(below)), *below]
    rule = [Text("─" * width)] if len(fields) + len(filled) + len(below) < height else []
    return [*fields, *filled, *rule, *below]


def _columns(form: "Form", width: int) -> list[Text]:
    """The fields in as many columns as are wide enough."""
    across = max(_FEWEST, min(_MOST, width // _WIDE))
    down = -(-len(form.fields) // across)
    column = (width - across + 1) // across
    cells = [_cell(form, letter, field, column) for letter, field in form.letters.items()]
    rows = []
    for place in range(down):
        row = Text()
        for number, cell in enumerate(cells[place::down]):
            row = row + Text(" " * (number * (column + 1) - len(row))) + cell
        rows.append(row)
    return rows


def _cell(form: "Form", letter: str, field: Field, width: int) -> Text:
    here = field is form.active
    given = field.name in form.values
    longest = max(map(len, form.letters))
    cell = Text().append(letter, style="bold underline").append(" " * (longest - len(letter)))
    cell.append(">" if here else " ")
    cell.append("■" if given else "·")
    cell.append(f" {field.label}", style="bold" if given or here else "")
    left = width - len(cell) - 1
    if given and left > 1:
        cell.append(" ")
        cell.append_text(safe(shorten(_short(field, form.values[field.name]), left), "bold"))
    return cut(cell, width)


def _short(field: Field, value: object) -> str:
    if field.kind in {Kind.RECORDS, Kind.TEXTS} and isinstance(value, list):
        return f"{len(value)}x"
    return value_words(field, value).replace("_", " ")


def _filled(form: "Form", width: int) -> list[Text]:
    """What is filled in, in full, where the columns had no room for it."""
    lines = []
    for field in form.fields:
        if field.name in form.values and field.kind is not Kind.FLAG:
            value = value_words(field, form.values[field.name])
            lines.append(safe(shorten(f"{field.label}: {value}", width)))
    return lines


def _below(form: "Form", width: int) -> Iterator[Text]:
    if form.reason is not None:
        yield safe(form.asks, "bold")
        yield Text.assemble(("Reason: ", "bold"), form.reason.drawn(width - 9, active=True))
        yield safe("Enter: correct it · Esc: back")
    elif form.record is not None:
        yield from form.record.prompt(width)
        if form.record.error:
            yield safe(f"! {form.record.error}", "bold reverse")
    elif form.typing is not None:
        label = f"{form.active.label}: "
        room = max(width - len(label) - 1, 8)
        yield Text.assemble((label, "bold"), form.typing.drawn(room, active=True))
        yield safe("Enter: done · Esc: as it was")
    else:
        yield from _active(form, width)
        leave = "Esc: keep for later · Ctrl+D: drop" if form.calls.keeps else "Esc: leave it"
        yield safe(f"Enter: save · {leave}")
    if form.error:
        yield safe(f"! {form.error}", "bold reverse")


def _active(form: "Form", width: int) -> Iterator[Text]:
    field = form.active
    yield safe(f"{field.label}: {_WORD_BEFORE[field.kind]}", "bold")
    if field.sensitive:
        yield safe(SENSITIVE)
    value = form.values.get(field.name, [])
    if field.kind is Kind.FLAG and isinstance(value, bool):
        value = YES if value else NO
    chosen = value if isinstance(value, list) else [value]
    yield from option_lines(options_of(field), chosen, width)
