"""The full-screen program: it draws what the lane keeps, and hands it the keys."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import resources
from typing import Any

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Static
from textual.worker import WorkerFailed

from portcheck.domain.answer import Verdict
from portcheck.domain.text import clean
from portcheck.tui import panels
from portcheck.tui.camera import Camera, watch
from portcheck.tui.desk import Desk
from portcheck.tui.entry import FIELDS, LABELS
from portcheck.tui.fitting import Page, squeezed, wrapped
from portcheck.tui.keys import COMMANDS, Command, shown
from portcheck.tui.lane import Lane
from portcheck.tui.surface import Options

_LOOK_SECONDS = 1.0
_MOST_KEY_ROWS = 5  # all letters, on a narrow screen
_WIDE = 120  # columns from which the side has room for times and trailers
_NARROW = 72  # columns below which the answer takes those of the side
_SHORT = 20  # rows below which a field is one row, and the keys another
_PALETTE = 20  # columns below which Textual's palette cannot be laid out, and ends the program
_TINY = 9  # rows below which only the fields, the message and the answer stand

_DARK = Theme(
    name="portcheck",
    primary="#56b4e9",
    accent="#f0e442",
    warning="#f0e442",
    error="#ff8c42",
    success="#56b4e9",
    foreground="#f2f2f2",
    background="#101418",
    surface="#101418",
    panel="#1d242b",
    dark=True,
    variables={"edge": "#7d8994"},
)
_SUNLIGHT = Theme(
    name="portcheck-sunlight",
    primary="#000000",
    accent="#000000",
    warning="#000000",
    error="#a00000",
    success="#000000",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#ffffff",
    dark=False,
    variables={"edge": "#000000"},
)


class Pane(Static):
    """A place on the screen that is written line by line; nothing in it is read as markup."""

    def __init__(self, name: str, classes: str = "") -> None:
        super().__init__("", markup=False, id=name, classes=classes)
        self._written: list[tuple[Any, ...]] = []

    def write(self, lines: Sequence[Text]) -> None:
        """Show these lines; nothing is done where they stand there already, or has no room yet."""
        if not self.content_size.area:
            return
        wanted = [(line.plain, line.style, tuple(line.spans)) for line in lines]
        if wanted != self._written:
            self._written = wanted
            plain = not self.app.current_theme.dark  # nothing is dim in sunlight
            shown = (undimmed(line) for line in lines) if plain else lines
            self.update(Text("\n", end="").join(shown), layout=False)

    def forget(self) -> None:
        """What stands there must be written again, whatever it is."""
        self._written = []

    def on_resize(self) -> None:
        """Write anew for the new size."""
        if isinstance(self.app, LaneApp):
            self.app.redraw()


def _few_fields(size: Size) -> bool:
    """Whether there is room for the registration and one field more only."""
    return size.width < _NARROW or (size.height < _SHORT and size.width < _WIDE)


def undimmed(line: Text) -> Text:
    """The line with nothing in it dimmed as a whole."""
    return Text(line.plain, spans=line.spans) if line.style == "dim" else line


class LaneApp(App[None]):
    """The screen.  The lane's work itself is in `lane.Lane`, which knows nothing of Textual.

    Keys go to the lane one by one, in the order in which they came, whether or
    not the screen has been drawn in between: what is typed ahead, or comes in
    one burst over a slow line, is never lost or put in the wrong place.
    """

    CSS = resources.files("portcheck.tui").joinpath("lane.tcss").read_text("utf-8")
    AUTO_FOCUS = None
    ALLOW_SELECT = False
    TITLE = "portcheck lane"

    def __init__(
        self,
        desk: Desk,
        options: Options,
        *,
        camera: Camera | None = None,
        contrast: bool = False,
        no_color: bool = False,
    ) -> None:
        super().__init__(ansi_color=True if no_color else None)
        self.animation_level = "none"
        self.register_theme(_DARK)
        self.register_theme(_SUNLIGHT)
        self.theme = _SUNLIGHT.name if contrast else _DARK.name
        self.lane = Lane(desk, options, self)
        self._camera = camera
        self._page = Page()
        self._to_draw = False

    @property
    def fault(self) -> BaseException | None:
        """What ended the program, if it was not the officer."""
        error = self._exception
        return error.error if isinstance(error, WorkerFailed) else error

    def _fatal_error(self) -> None:
        """Leave it to the entry point to tell: a traceback here would show local variables."""
        self._close_messages_no_wait()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What the stylesheet needs of any theme."""
        return _DARK.variables

    def compose(self) -> ComposeResult:
        """The places, top to bottom."""
        yield Pane("title")
        yield Pane("lists")
        with Horizontal(id="entry"):
            for name in FIELDS:
                pane = Pane(name, classes="field")
                pane.border_title = LABELS[name]
                yield pane
        yield Pane("camera")
        yield Pane("message")
        with Horizontal(id="middle"):
            yield Pane("front")
            yield Pane("answer")
            with Vertical(id="side"):
                yield Pane("last")
                yield Pane("figures")
        yield Pane("waiting")
        yield Pane("keys")

    def on_mount(self) -> None:
        """Begin: the lane first, then the figures."""
        self.later(self.lane.begin())
        self.set_interval(_LOOK_SECONDS, self._look)
        if self._camera is not None:
            self._pane("camera").add_class("-shown")
            self.later(watch(self.lane, self._camera))

    def _look(self) -> None:
        self.later(self.lane.look())

    def on_resize(self, event: events.Resize) -> None:
        """What there is room for: a small screen leaves out what does not decide."""
        screen, (width, height) = self.screen_stack[0], event.size
        screen.set_class(width >= _WIDE, "-wide")
        screen.set_class(width < _NARROW, "-narrow")
        screen.set_class(height < _SHORT, "-short")
        screen.set_class(_few_fields(event.size), "-few")
        if width < _PALETTE and len(self.screen_stack) > 1:
            self.pop_screen()
        screen.set_class(height < _TINY, "-tiny")

    async def on_event(self, event: events.Event) -> None:
        """Keys and pasted text go to the lane at once; the palette takes its own."""
        in_front = self.is_running and len(self.screen_stack) == 1
        if in_front and isinstance(event, events.Key) and not event.is_forwarded:
            self.lane.keyboard.take(event.key, event.character, event.time)
        elif in_front and isinstance(event, events.Paste) and not event.is_forwarded:
            self.lane.keyboard.paste(event.text)
        else:
            await super().on_event(event)

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:  # noqa: ARG002 - Textual's interface
        """The palette: the lane's own commands, and none that would write a picture of it."""
        for command in COMMANDS:
            if command.name != "palette":
                title = f"{command.label[:1].upper()}{command.label[1:]} ({command.shown})"
                yield SystemCommand(title, command.help, partial(self._do, command))

    def _do(self, command: Command) -> None:
        self.lane.do(command)
        self.redraw()

    # what the lane asks of its screen

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside the screen; what fails unforeseen ends the program, with a message."""
        self.run_worker(work, name=getattr(work, "__name__", ""))

    def after_drawn(self, call: Callable[[], None]) -> None:
        """Call when the last redrawing can be seen."""
        self.call_after_refresh(call)

    def ring(self) -> None:
        """The terminal's bell."""
        self.bell()

    def scroll(self, pages: int) -> None:
        """Page through the answer; 0 goes to its beginning."""
        step = pages * self._page.step
        self._page = replace(self._page, first=max(self._page.first + step, 0) if pages else 0)

    def turn_contrast(self) -> None:
        """Black on white, or back."""
        self.theme = _DARK.name if self.theme == _SUNLIGHT.name else _SUNLIGHT.name
        for pane in self.screen_stack[0].query(Pane):
            pane.forget()

    def open_palette(self) -> None:
        """The commands by name."""
        if self.size.width < _PALETTE:
            self.lane.say(f"The palette has no room here; {shown('help')} names the keys.")
        else:
            self.action_command_palette()

    def close(self) -> None:
        """End the program."""
        self.exit()

    # drawing

    def redraw(self) -> None:
        """Draw once, however much of it changes before the next key is taken."""
        if not self._to_draw:
            self._to_draw = True
            self.call_next(self._draw)

    def redraw_entry(self) -> None:
        """Only the fields: this happens at every key."""
        if not self._to_draw:
            self.call_next(self._draw_entry)

    @property
    def _has_places(self) -> bool:
        return bool(self.screen_stack) and self.screen_stack[0].is_mounted

    def _pane(self, name: str) -> Pane:
        return self.screen_stack[0].query_one(f"#{name}", Pane)

    def _draw(self) -> None:
        self._to_draw = False
        if not self._has_places:
            return
        lane, width = self.lane, self.size.width
        self._pane("title").write([panels.title(lane, width)])
        self._pane("lists").write([panels.lists(lane, width)])
        if self._camera is not None:
            self._pane("camera").write([panels.camera(lane, width)])
        said = panels.message(lane, width)
        message = self._pane("message")
        message.styles.height = len(said)
        message.set_class(lane.message.loud, "-loud")
        message.write(said)
        short = self.size.height < _SHORT
        hidden = "… higher: the day" if short else ""
        hidden = "… wider: last checks, day" if width < _NARROW else hidden
        self._pane("waiting").write([panels.waiting(lane, width, hidden)])
        keys = panels.keys(lane, width, 1 if short and not lane.choosing else _MOST_KEY_ROWS)
        self._pane("keys").styles.height = len(keys)
        self._pane("keys").write(keys)
        self._draw_entry()
        self._draw_middle()
        last, figures = self._pane("last"), self._pane("figures")
        last.write(panels.last_checks(lane, last.content_size.width))
        figures.write(panels.figures(lane.view.tally, figures.content_size.width))

    def _draw_entry(self) -> None:
        if not self._has_places:
            return
        entry, typing = self.lane.entry, not self.lane.parts
        short, few = self.size.height < _SHORT, _few_fields(self.size)
        hidden = [one for one in FIELDS[1:] if few and one != entry.active]
        for name in FIELDS:
            pane, active = self._pane(name), typing and entry.active == name
            pane.set_class(active, "-active")
            more = panels.hidden_fields(entry, hidden) if name == FIELDS[0] else ""
            if more and self.size.height < _TINY:
                more = f"{more} … higher: the rest"
            width = pane.content_size.width
            if not short:
                pane.border_subtitle = Content(clean(more))
                pane.write([panels.typed(entry.lines[name], width, active=active)])
                continue
            label = LABELS[name]
            typed = panels.typed(entry.lines[name], max(width - len(label) - 1, 1), active=active)
            pane.write([panels.labelled(label, typed, more, width)])

    def _draw_middle(self) -> None:
        front, answer = self._pane("front"), self._pane("answer")
        part = self.lane.parts[-1] if self.lane.parts else None
        self.screen_stack[0].set_class(part is not None, "-front")
        if part is not None:
            front.border_title = Content(clean(part.title))
            size = front.content_size
            front.write(squeezed(wrapped(part.lines(*size), size.width), size.height))
            return
        hand = self.lane.hand
        if hand is not None and not hand.shows:
            return
        verdict = hand.verdict if hand else None
        for one in Verdict:
            answer.set_class(verdict is one, f"-{one.value}")
        size = answer.content_size
        self._page = panels.answer(self.lane, self._page.first, size.width, size.height)
        answer.write(self._page.lines)
