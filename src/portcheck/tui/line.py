"""A line of text being typed."""

from dataclasses import dataclass

from rich.text import Text

from portcheck.domain.text import clean


@dataclass(slots=True)
class Line:
    """Text, the cursor's place in it, and how long it may become."""

    text: str = ""
    cursor: int = 0
    longest: int = 2000

    def set(self, text: str) -> None:
        """Put `text` in its place, the cursor at the end."""
        self.text = clean(text)[: self.longest]
        self.cursor = len(self.text)

    def insert(self, text: str) -> None:
        """Type or paste `text` at the cursor; what could steer a terminal is left out."""
        added = clean(text)[: self.longest - len(self.text)]
        self.text = self.text[: self.cursor] + added + self.text[self.cursor :]
        self.cursor += len(added)

    def take(self, key: str, character: str | None) -> bool:
        """Do what `key` does in a line of text; False for a key that does nothing here."""
        match key:
            case "left" | "ctrl+b":
                self.cursor = max(self.cursor - 1, 0)
            case "right":
                self.cursor = min(self.cursor + 1, len(self.text))
            case "home" | "ctrl+a":
                self.cursor = 0
            case "end" | "ctrl+e":
                self.cursor = len(self.text)
            case "backspace" | "ctrl+h":
                self._cut(self.cursor - 1, self.cursor)
            case "delete" | "ctrl+d":
                self._cut(self.cursor, self.cursor + 1)
            case "ctrl+u":
                self.set("")
            case "ctrl+w":
                before = self.text[: self.cursor].rstrip()
                self._cut(before.rfind(" ") + 1, self.cursor)
            case _:
                if not character or not character.isprintable():
                    return False
                self.insert(character)
        return True

    def _cut(self, start: int, end: int) -> None:
        start = max(start, 0)
        self.text = self.text[:start] + self.text[end:]
        self.cursor = min(start, len(self.text))

    def drawn(self, width: int, *, active: bool) -> Text:
        """The part of the line around the cursor that fits `width`, the cursor in reverse."""
        if not active:
            return Text(self.text[:width])
        first = max(self.cursor - width + 1, 0)
        shown = Text(self.text[first : first + width].ljust(self.cursor - first + 1))
        shown.stylize("reverse", self.cursor - first, self.cursor - first + 1)
        return shown
