"""What can stand in front on the screen: a form, a question, a search, the help."""

from collections.abc import Callable
from typing import Protocol

from rich.text import Text

from portcheck.report.console import safe
from portcheck.tui.keys import Command
from portcheck.tui.line import Line


class Keys(Protocol):
    """Where keys and pasted text go."""

    def take(self, key: str, character: str | None, at: float = 0.0) -> None:
        """Do what a key does."""

    def paste(self, text: str) -> None:
        """Take pasted text."""


class Part:
    """Takes the keys while it is in front, and says what to draw.

    It knows nothing of the screen: keys go in by Textual's names, lines of text
    come out.  `close` is called once, when it is done with.  Keys that come while
    it is `loading` are held back for it.
    """

    title = "…"
    loading = False

    def __init__(self) -> None:
        self.close: Callable[[], None] = lambda: None

    def take(self, key: str, character: str | None) -> None:
        """Do what a key does here."""

    def paste(self, text: str) -> None:
        """Take pasted text, one character after the other."""
        for character in text:
            self.take(character, character)

    def lines(self, width: int, height: int) -> list[Text]:  # noqa: ARG002 - for those that draw
        """What to draw in so many columns and lines."""
        return []


class SecondKey(Part):
    """A command that was chosen by a letter alone: Enter does it, Esc leaves it.

    Any other key, or pasted text, shows that the letter was the first of something typed.
    """

    title = "Enter does it"

    def __init__(
        self, command: Command, letter: str, do: Callable[[], None], keyboard: Keys
    ) -> None:
        super().__init__()
        self._command = command
        self._letter = letter
        self._do = do
        self._keyboard = keyboard

    def take(self, key: str, character: str | None) -> None:
        """Do it, leave it, or type the letter and the key."""
        self.close()
        if key == "enter":
            self._do()
        elif key != "escape":
            self._keyboard.take(self._letter, self._letter)
            self._keyboard.take(key, character)

    def paste(self, text: str) -> None:
        """Type the letter, and take the text."""
        self.close()
        self._keyboard.take(self._letter, self._letter)
        self._keyboard.paste(text)

    def lines(self, width: int, height: int) -> list[Text]:  # noqa: ARG002 - it is short
        """What Enter would do."""
        return [
            safe(f"{self._command.label}: {self._command.help}", "bold"),
            Text(""),
            safe("Enter does it · Esc leaves it · any other key is typed"),
        ]


class Question(Part):
    """A question with answers by one key each, or in words, or both.

    `answered` gets the key of the answer ("" for words) and the words.
    """

    def __init__(
        self,
        title: str,
        said: list[str],
        answers: dict[str, str],
        answered: Callable[[str, str], None],
        *,
        words: str | None = None,
    ) -> None:
        super().__init__()
        self.title = title
        self._said = said
        self._answers = answers
        self._answered = answered
        self._line = Line() if words is not None else None
        self._offered = words or ""
        self._error = ""
        if self._line:
            self._line.set(self._offered)

    def take(self, key: str, character: str | None) -> None:
        """Esc leaves; a key answers; Enter sends the words."""
        self._error = ""
        if key == "escape":
            self.close()
        elif self._line is None or self._line.text in {"", self._offered}:
            answer = (character or "").lower()
            if answer in self._answers:
                self._finish(answer, "")
            else:
                self._type(key, character)
        else:
            self._type(key, character)

    def _type(self, key: str, character: str | None) -> None:
        if self._line is None:
            self._error = "Press one of the keys above."
        elif key != "enter":
            self._line.take(key, character)
        elif self._line.text.strip():
            self._finish("", self._line.text)
        else:
            self._error = "Say why, in a few words."

    def _finish(self, answer: str, words: str) -> None:
        self.close()
        self._answered(answer, words)

    def lines(self, width: int, height: int) -> list[Text]:  # noqa: ARG002 - it is short
        """What is asked, the answers, the words."""
        drawn = [safe(text) for text in self._said] + [Text("")]
        drawn += [
            Text.assemble((f" {k} ", "reverse"), " ", safe(v)) for k, v in self._answers.items()
        ]
        if self._line is not None:
            drawn += [Text("Reason:", style="bold"), self._line.drawn(width, active=True)]
            drawn.append(safe("Enter does it · Esc leaves it as it is"))
        else:
            drawn.append(safe("Esc leaves it as it is"))
        if self._error:
            drawn.append(safe(f"! {self._error}", "bold reverse"))
        return drawn
