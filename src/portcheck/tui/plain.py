"""The lane by prompts, line by line: for a dumb terminal, a pipe, a screen reader.

The same services as the screen, and the same words: the answer first, then the
saving.  A line is a registration, or a command that begins with “/”.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from portcheck.domain.answer import Verdict
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind
from portcheck.domain.text import one_line
from portcheck.errors import DatabaseUnusable, PortcheckError
from portcheck.report.card import card
from portcheck.report.console import print_lines, safe
from portcheck.services import lane as services
from portcheck.services.checks.check import Observed, prepare, record
from portcheck.services.checks.deed import Deed
from portcheck.services.context import Context
from portcheck.services.matching.matcher import Query
from portcheck.store.connection import UNREADABLE, unusable
from portcheck.tui import plain_commands
from portcheck.tui.field_text import read_fields
from portcheck.tui.hand import Named
from portcheck.tui.keys import BY_NAME
from portcheck.tui.known import Known
from portcheck.tui.surface import Options
from portcheck.tui.wording import error_words, next_steps

MARKS: tuple[Field, ...] = (
    Field("country", Kind.TEXT, "Country", "The vehicle's country, as GB, PL, D."),
    Field("trailer", Kind.TEXT, "Trailer", "Its trailer."),
    Field("trailer_country", Kind.TEXT, "Trailer country", "The trailer's country."),
    Field("container", Kind.TEXT, "Container", "Its container."),
)


class Plain:
    """One officer's loop.  `ask` prompts for a line and gives None at the end of the input."""

    def __init__(
        self,
        context: Context,
        options: Options,
        console: Console,
        ask: Callable[[str], str | None],
    ) -> None:
        self.context = context
        self.options = options
        self.details: dict[str, Any] = dict(options.details)
        self.known = Known()
        self.vehicle = ""
        self.named: Named | None = None
        self.deeds: list[Deed] = []
        self.muted = options.muted
        self.over = False
        self.fault: DatabaseUnusable | None = None
        self._console = console
        self.ask = ask

    def run(self) -> None:
        """Until the officer leaves, or the input ends; `fault` is then why something last could
        not be saved.
        """
        plain_commands.greet(self)
        while not self.over:
            line = self.ask("Registration, or / and a command (/h help): ")
            if line is None:
                self.over = True
                continue
            text = one_line(line)
            try:
                if text.startswith("/"):
                    plain_commands.run(self, text[1:])
                elif text:
                    self.check(text)
            except (DatabaseUnusable, *UNREADABLE) as error:
                told = error if isinstance(error, DatabaseUnusable) else None
                self.fault = told or unusable(error, self.context.path)
                self.say(f"! NOT SAVED: {error_words(self.fault)}")
            except PortcheckError as error:
                self.say(f"! not recorded: {error_words(error)}")
        plain_commands.part(self)

    def check(self, text: str) -> None:
        """A vehicle, with the rest of it after “;”: match, show, save."""
        self.known, self.named = Known(), None
        registration, _, rest = text.partition(";")
        given = read_fields((*MARKS, *DETAILS), rest)
        marks = {name: given.pop(name, "") for name in [field.name for field in MARKS]}
        details = self.details | given
        query = Query(registration.strip(), **marks, haulier=str(details.get("haulier", "")))
        observed = Observed(details, at=self.context.now())
        prepared = prepare(self.context, query, observed, no_list=self.options.no_list)
        self.known, self.vehicle = Known(prepared.answer), query.vehicle
        try:
            if prepared.answer.verdict is not Verdict.CLEAR:
                self._ring()
            self.show(card(prepared.answer))
            self.show(next_steps(self.known, _typed))
        finally:  # what was shown is recorded, also when whoever reads it has gone
            saved = record(self.context, prepared)
        self.named = Named(saved.check_id, prepared.operation.operation_id, saved.ref)
        where = (saved.check_id, prepared.operation.operation_id, saved.ref)
        self.deeds.append(Deed("check", *where, query.vehicle, "checked"))
        self.say(f"   saved as {saved.ref}")
        for warning in saved.warnings:
            self.say(f"! {warning}")
        names = {*self.options.details, *services.STAYING}
        self.details = {name: value for name, value in details.items() if name in names}

    def take_in_hand(self, operation_id: str, check_id: str) -> None:
        """Make an earlier check the one the commands are about."""
        view = services.whole_check(self.context, operation_id, check_id)
        self.known, self.vehicle = Known(view=view), view.vehicle
        self.named = Named(view.check_id, operation_id, view.ref)

    def say(self, text: str) -> None:
        """One line."""
        self.show([safe(text)])

    def show(self, lines: Iterable[Text]) -> None:
        """Lines of an answer."""
        print_lines(self._console, lines)

    def _ring(self) -> None:
        if not self.muted and sys.stderr.isatty():
            sys.stderr.write("\a")
            sys.stderr.flush()


def _typed(name: str) -> str:
    return f"/{BY_NAME[name].letter}"
