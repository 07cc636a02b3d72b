"""One record of a form (an offence, a sum of cash, a penalty line acted upon), part by part."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rich.text import Text

from portcheck.domain.fields import Field, Part, PartKind, parse
from portcheck.domain.text import one_line
from portcheck.errors import Refused
from portcheck.report.console import safe
from portcheck.tui.form_keys import OPTION_KEYS
from portcheck.tui.line import Line

_CURRENCIES = ("GBP", "EUR", "USD")
_UNIT = re.compile("_(minor|pence)$")
_SEPARATOR = re.compile(r"([\\:;])")


class RecordEntry:
    """Takes the parts of a record in order; `known` are texts to choose from, by part.

    `value` is the record as far as it goes.
    """

    def __init__(self, field: Field, known: Mapping[str, tuple[str, ...]]) -> None:
        self.field = field
        self.known = known
        self.texts: dict[str, str] = {}
        self.value: dict[str, Any] = {}
        self.line = Line()
        self.place = 0
        self.error = ""

    @property
    def part(self) -> Part:
        """The part that is asked for."""
        return self.field.parts[self.place]

    @property
    def complete(self) -> bool:
        """Every part was given or passed over."""
        return self.place >= len(self.field.parts)

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen with one key."""
        if self.part.kind is PartKind.CURRENCY:
            return self.known.get(self.part.name, _CURRENCIES)
        return self.part.choices or self.known.get(self.part.name, ())

    def take(self, key: str, character: str | None) -> None:
        """Choose, type, accept with Enter or Tab, pass over with Tab; Backspace goes back."""
        self.error = ""
        options = dict(zip(OPTION_KEYS, self.options, strict=False))
        if not self.line.text and character and character in options:
            self._accept(options[character])
        elif key == "enter" or (key == "tab" and one_line(self.line.text)):
            self._enter()
        elif key == "tab":
            self._pass_over()
        elif key == "backspace" and not self.line.text:
            self._go_back()
        elif self.part.choices and character:
            self.error = f"{self.part.name}: choose with the key beside it"
        else:
            self.line.take(key, character)

    def _enter(self) -> None:
        text = one_line(self.line.text)
        if text:
            self._accept(text)
        elif len(self.options) == 1:
            self._accept(self.options[0])
        elif any(part.required for part in self.field.parts[self.place :]):
            self.error = f"the {_name(self.part)} is needed"
        else:
            self.place = len(self.field.parts)

    def _pass_over(self) -> None:
        if self.part.required:
            self.error = f"the {_name(self.part)} is needed"
        else:
            self._next()

    def _accept(self, text: str) -> None:
        texts = self.texts | {self.part.name: text}
        try:
            self.value = _read(self.field, texts)
        except Refused as error:
            self.error = error.message
            return
        self.texts = texts
        self._next()

    def _next(self) -> None:
        self.place += 1
        self.line.set("")

    def _go_back(self) -> None:
        """To the part before, to choose anew or to mend what was typed."""
        self.place = max(self.place - 1, 0)
        typed = self.texts.pop(self.part.name, "")
        self.line.set("" if self.options else typed)
        self.value = _read(self.field, self.texts) if self.texts else {}

    def prompt(self, width: int) -> Iterator[Text]:
        """What is asked for now, and how to answer."""
        given = ", ".join(f"{_UNIT.sub('', name)} {text}" for name, text in self.texts.items())
        yield safe(f"{self.field.label}: {given or 'new'}", "bold")
        ask = Text().append(f"{_name(self.part)}: ", style="bold")
        if self.part.choices:
            yield ask.append("choose with the key beside it")
        else:
            yield ask.append_text(self.line.drawn(max(width - len(ask) - 1, 8), active=True))
        yield from option_lines(self.options, (), width)
        rest = any(part.required for part in self.field.parts[self.place :])
        yield safe("Backspace: back · Esc: none" if rest else "Enter: done · Tab: the next")


def option_lines(
    options: tuple[str, ...], chosen: tuple[str, ...] | list[str], width: int
) -> Iterator[Text]:
    """Options with their keys, those chosen marked, as many a line as fit."""
    line = Text()
    for key, option in zip(OPTION_KEYS, options, strict=False):
        mark = "■" if option in chosen else " "
        word = safe(f"{key}{mark}{option.replace('_', ' ')}  ", "bold" if mark == "■" else "")
        if line and len(line) + len(word) - 2 > width:
            yield line
            line = Text()
        line.append_text(word)
    if line:
        yield line


def _name(part: Part) -> str:
    return _UNIT.sub("", part.name).replace("_", " ")


def _read(whole: Field, texts: Mapping[str, str]) -> dict[str, Any]:
    """The record these texts are.  Raises Refused."""
    given = replace(whole, parts=tuple(part for part in whole.parts if part.name in texts))
    escaped = [f"{name}=" + _SEPARATOR.sub(r"\\\1", text) for name, text in texts.items()]
    records: list[dict[str, Any]] = parse(given, ":".join(escaped))
    return records[0]
