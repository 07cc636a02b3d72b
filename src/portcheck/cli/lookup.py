"""`portcheck lookup`: the answer, fast; nothing but the consultation is recorded."""

from itertools import repeat
from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import JsonOption, opened, print_json, say_who, show_lines, warn
from portcheck.domain.answer import Answer, Verdict
from portcheck.domain.text import one_line
from portcheck.errors import ExitCode, Refused
from portcheck.services.matching.lookup import look_up, note_consulted
from portcheck.services.matching.matcher import Query

app = App()

ExitCodeOption = Annotated[
    bool,
    typer.Option("--exit-code", help="Exit with 10 when listed, 11 when it looks like one."),
]
CountryOption = Annotated[
    str, typer.Option(metavar="CODE", help="The vehicle's country, as GB, PL, D.")
]


def verdict_code(answers: list[Answer]) -> ExitCode:
    """The exit code for the strongest verdict."""
    verdicts = {answer.verdict for answer in answers}
    if Verdict.LISTED in verdicts:
        return ExitCode.LISTED
    return ExitCode.POSSIBLE if Verdict.POSSIBLE in verdicts else ExitCode.DONE


@app.command()
def lookup(
    ctx: typer.Context,
    registrations: Annotated[
        list[str], typer.Argument(metavar="REG...", help="One registration or several.")
    ],
    country: CountryOption = "",
    as_json: JsonOption = False,
    exit_code: ExitCodeOption = False,
) -> None:
    """Is it listed? Records no check.

    Of several, one that cannot be looked up is told of (exit code 3) when the
    others have been answered.

    Example: portcheck lookup "AB12 CDE"
    """
    queries = [Query(text, country) for text in registrations]
    with opened(ctx) as context:
        found = look_up(context, queries)
        answers = [one for one in found if isinstance(one, Answer)]
        refused = [one for one in found if isinstance(one, Refused)]
        try:
            if not answers:
                raise refused[0]
            if as_json:
                from portcheck.report.answer import looked_up

                print_json(list(map(looked_up, queries, found, repeat(context.zone_here()))))
            else:
                from portcheck.report.card import card

                for answer in answers:
                    show_lines(ctx, card(answer))
        finally:  # what was asked is logged, also when it was refused or whoever reads it has gone
            note_consulted(
                context,
                "lookup",
                [one_line(text) for text in registrations],
                [one.verdict.value if isinstance(one, Answer) else "refused" for one in found],
            )
        say_who(ctx, context)
    for refusal in refused:
        warn(f"not looked up: {refusal} ({refusal.hint})")
    code = verdict_code(answers) if exit_code else ExitCode.DONE
    raise typer.Exit(code or (ExitCode.REFUSED if refused else ExitCode.DONE))
