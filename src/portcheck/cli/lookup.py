"""`portcheck lookup`: the answer, fast; nothing but the consultation is recorded."""

from typing import Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import JsonOption, opened, print_json, say_who, show_lines
from portcheck.domain.answer import Answer, Verdict
from portcheck.errors import ExitCode
from portcheck.services.lookup import look_up, note_consulted
from portcheck.services.matching import Query

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

    Example: portcheck lookup "AB12 CDE"
    """
    queries = [Query(text, country) for text in registrations]
    with opened(ctx) as context:
        answers = look_up(context, queries)
        try:
            if as_json:
                from portcheck.report.answer import answer_document

                zone = context.zone_here()
                print_json([answer_document(answer, zone) for answer in answers])
            else:
                from portcheck.report.card import card

                for answer in answers:
                    show_lines(ctx, card(answer))
        finally:  # what was shown is logged, also when whoever reads it has gone
            note_consulted(
                context,
                "lookup",
                [answer.marks[0].text for answer in answers],
                [answer.verdict.value for answer in answers],
            )
        say_who(ctx, context)
    if exit_code:
        raise typer.Exit(verdict_code(answers))
