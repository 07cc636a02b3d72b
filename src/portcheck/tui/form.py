"""A form that follows from a registry of fields: one letter a field, one key an option."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from portcheck.domain.fields import Field, Kind, format_value, parse
from portcheck.domain.text import one_line
from portcheck.errors import Refused
from portcheck.tui.form_keys import OPTION_KEYS, YES, letters_for, options_of
from portcheck.tui.form_view import form_lines
from portcheck.tui.line import Line
from portcheck.tui.parts import Part
from portcheck.tui.record_entry import RecordEntry

_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class FormCalls:
    """What a form tells: every change, and how it ended.

    `save` gets the reason, "" where none was asked for, and returns what is
    wrong ("" when it was taken); `needs_reason` gives the question for one, ""
    when there is no need.  `keeps` says that what is left is kept for later.
    """

    save: Callable[[str], str]
    needs_reason: Callable[[], str] = lambda: ""
    changed: Callable[[], None] = lambda: None
    left: Callable[[], None] = lambda: None
    dropped: Callable[[], None] = lambda: None
    keeps: bool = False


class Form(Part):
    """The fields with their values.

    A letter goes to its field: a flag is set or taken back, a number or an option
    is the next key, a text is typed until Enter.  Enter saves, Esc leaves the form
    with what is in it kept, Ctrl+D drops it.
    """

    def __init__(
        self,
        title: str,
        fields: tuple[Field, ...],
        base: Mapping[str, Any],
        calls: FormCalls,
        known: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    ) -> None:
        super().__init__()
        self.title = title
        self.fields = fields
        self.letters = letters_for(fields)
        self.base = dict(base)
        self.values = dict(base)
        self.known = known or {}
        self.calls = calls
        self.active = fields[0]
        self.typing: Line | None = None
        self.record: RecordEntry | None = None
        self.reason: Line | None = None
        self.asks = ""
        self.error = ""
        self._opened: Field | None = None  # whose letter was pressed last: again, it goes on
        self.begun = ""  # the first letter of two
        self._fresh = True  # whether the next digit of a number begins it anew

    def rebase(self, base: Mapping[str, Any]) -> None:
        """Stand on what turned out to be recorded; what was entered stays entered."""
        entered = {n: v for n, v in self.values.items() if self.base.get(n) != v}
        taken_away = self.base.keys() - self.values.keys()
        self.values = {n: v for n, v in base.items() if n not in taken_away} | entered
        self.base = dict(base)

    def take(self, key: str, character: str | None) -> None:
        """Do what a key does here."""
        self.error = ""
        if self.reason is not None:
            self._take_reason(key, character)
        elif self.record is not None:
            self._take_record(key, character)
        elif self.typing is not None:
            self._take_text(key, character)
        else:
            self._take_command(key, character)

    def _take_command(self, key: str, character: str | None) -> None:
        if not character:
            self.begun = ""
        if key == "enter":
            self._save()
        elif key == "escape":
            self.close()
            self.calls.left()
        elif key == "ctrl+d":
            self.close()
            self.calls.dropped()
        elif key in {"up", "down", "tab", "shift+tab"}:
            step = 1 if key in {"down", "tab"} else -1
            self.active = self.fields[(self.fields.index(self.active) + step) % len(self.fields)]
            self._opened, self._fresh = None, True
        elif key in {"delete", "backspace"}:
            self._take_away()
        elif key == "space":
            self._open(self.active)
        elif not self.begun and self._chosen(character):
            pass
        elif character:
            self._take_letter(character.lower())

    def _take_letter(self, letter: str) -> None:
        """Go to the field of this letter; the first of two letters waits for the second."""
        letters, self.begun = self.begun + letter, ""
        if letters in self.letters:
            self._open(self.letters[letters])
        elif any(one.startswith(letters) for one in self.letters):
            self.begun = letters
        else:
            self.error = f"no field has the key “{letters}”"

    def _open(self, field: Field) -> None:
        """Go to a field: a flag is turned over, a text or a record is begun."""
        again = field is self._opened
        self.active = self._opened = field
        self._fresh = True
        match field.kind:
            case Kind.FLAG:
                self._set(field, None if self.values.get(field.name) else True)
            case Kind.CHOICE if again:
                self._set(field, _after(field.choices, self.values.get(field.name)))
            case Kind.TEXT | Kind.TEXTS | Kind.MONEY:
                self.typing = Line()
                if field.kind is not Kind.TEXTS and field.name in self.values:
                    self.typing.set(format_value(field, self.values[field.name]))
            case Kind.RECORDS:
                self.record = RecordEntry(field, self.known.get(field.name, {}))

    def _chosen(self, character: str | None) -> bool:
        """Whether the key chose an option, or was a digit, of the active field."""
        field, options = self.active, dict(zip(OPTION_KEYS, options_of(self.active), strict=False))
        if field.kind is Kind.FLAG and character in options:
            wanted = options[character] == YES
            self._set(field, None if self.values.get(field.name) is wanted else wanted)
        elif field.kind is Kind.COUNT and character and character in "0123456789":
            self._count(field, character)
        elif character in options and field.kind is Kind.CHOICE:
            option = options[character]
            self._set(field, None if self.values.get(field.name) == option else option)
        elif character in options and field.kind is Kind.CHOICES:
            option, held = options[character], self.values.get(field.name, [])
            kept = [one for one in held if one != option] if option in held else [*held, option]
            self._set(field, kept or None)
        else:
            return False
        return True

    def _count(self, field: Field, digit: str) -> None:
        before = "" if self._fresh else str(self.values.get(field.name, ""))
        self._fresh = False
        self._set(field, int((before + digit)[-_MOST_DIGITS:]))

    def _take_away(self) -> None:
        """The last record, text or digit of the active field, or its value."""
        value = self.values.get(self.active.name)
        match self.active.kind:
            case Kind.RECORDS | Kind.TEXTS | Kind.CHOICES:
                self._set(self.active, (value or [])[:-1] or None)
            case Kind.COUNT if value is not None and value > 9:  # noqa: PLR2004 - two digits
                self._set(self.active, value // 10)
            case _:
                self._set(self.active, None)

    def _take_text(self, key: str, character: str | None) -> None:
        line, field = self.typing, self.active
        assert line is not None
        if key not in {"enter", "tab", "escape"}:
            line.take(key, character)
            return
        self.typing = None
        text = one_line(line.text)
        if key == "escape" or (field.kind is not Kind.TEXT and not text):
            return
        try:
            value = [text] if field.kind is Kind.TEXTS else parse(field, text)
        except Refused as error:
            self.error = error.message
            return
        if field.kind is Kind.TEXTS:
            value = [*self.values.get(field.name, []), *value]
        self._set(field, None if value == "" else value)

    def _take_record(self, key: str, character: str | None) -> None:
        record = self.record
        assert record is not None
        if key == "escape":
            self.record = None
            return
        record.take(key, character)
        if record.complete:
            self.record = None
            name = record.field.name
            self._set(record.field, [*self.values.get(name, []), record.value])

    def _set(self, field: Field, value: Any) -> None:
        if value is None:
            self.values.pop(field.name, None)
        else:
            self.values[field.name] = value
        self.calls.changed()

    def _save(self) -> None:
        self.asks = self.calls.needs_reason()
        if self.asks:
            self.reason = Line()
        else:
            self._try("")

    def _take_reason(self, key: str, character: str | None) -> None:
        assert self.reason is not None
        if key == "escape":
            self.reason = None
        elif key != "enter":
            self.reason.take(key, character)
        elif reason := one_line(self.reason.text):
            self.reason = None
            self._try(reason)
        else:
            self.error = "a correction needs a reason"

    def _try(self, reason: str) -> None:
        self.error = self.calls.save(reason)
        if not self.error:
            self.close()

    def lines(self, width: int, height: int) -> list[Text]:
        """The fields with their letters, then what the active one asks for."""
        return form_lines(self, width, height)


def _after(choices: tuple[str, ...], chosen: str | None) -> str | None:
    """The choice after this one; none after the last."""
    if chosen is None:
        return choices[0]
    place = choices.index(chosen) + 1
    return choices[place] if place < len(choices) else None
