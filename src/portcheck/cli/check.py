"""`portcheck check`: the answer first, then the saving."""

from typing import Annotated, Any

import typer

from portcheck.cli.app import App
from portcheck.cli.lookup import CountryOption, ExitCodeOption, verdict_code
from portcheck.cli.options import takes_fields
from portcheck.cli.session import (
    JsonOption,
    console,
    note,
    opened,
    print_json,
    say_who,
    show_lines,
    warn,
)
from portcheck.domain.text import one_line
from portcheck.services.check import Observed, Prepared, SavedCheck, prepare, record
from portcheck.services.matching import Query
from portcheck.services.settings import zone
from portcheck.services.times import parse_time

app = App()


@app.command()
@takes_fields(details=True, outcome=True)
def check(
    *,
    ctx: typer.Context,
    registration: Annotated[str, typer.Argument(metavar="REG", help="The vehicle.")],
    details: dict[str, Any],
    outcome: dict[str, Any],
    country: CountryOption = "",
    trailer: Annotated[str, typer.Option(metavar="REG", help="Its trailer.")] = "",
    trailer_country: Annotated[
        str, typer.Option(metavar="CODE", help="The trailer's country.")
    ] = "",
    container: Annotated[str, typer.Option(metavar="NO", help="Its container.")] = "",
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When it was, if not now: 14:05, or a date too.")
    ] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The listed vehicle is this one.")
    ] = False,
    reject: Annotated[
        str, typer.Option(metavar="REASON", help="The listed vehicle is not this one.")
    ] = "",
    no_list: Annotated[
        bool, typer.Option("--no-list", help="Record it although no list is in force.")
    ] = False,
    as_json: JsonOption = False,
    exit_code: ExitCodeOption = False,
) -> None:
    """Check a vehicle: match it, show it, save it.

    Example: portcheck check "AB12 CDE" --trailer C1234567 --direction inbound
    --search visual --search dog --nothing-found
    """
    if confirm and reject:
        raise typer.BadParameter("choose one of --confirm and --reject")
    query = Query(
        registration, country, trailer, trailer_country, container, details.get("haulier", "")
    )
    with opened(ctx) as context:
        operation = context.operation()
        here = zone(operation.timezone)
        observed = Observed(
            details,
            outcome,
            decision="confirmed" if confirm else "rejected" if reject else "",
            reason=one_line(reject),
            at=parse_time(at, now=context.now(), zone=here) if at else None,
        )
        prepared = prepare(context, query, observed, no_list=no_list)
        try:
            if not as_json:
                from portcheck.report.card import card

                show_lines(ctx, card(prepared.answer, prepared.decisions))
        finally:  # what was shown is recorded, also when whoever reads it has gone
            saved = record(context, prepared)
        if as_json:
            print_json(_document(prepared, saved))
        else:
            console(ctx).print(f"   saved as {saved.ref}")
        for warning in saved.warnings:
            warn(warning)
        if _undecided(prepared):
            note(
                ctx,
                f"{saved.ref} waits for a decision: portcheck decide {saved.ref} --confirm "
                "or --reject REASON",
            )
        say_who(ctx, context)
    if exit_code:
        raise typer.Exit(verdict_code([prepared.answer]))


def _undecided(prepared: Prepared) -> bool:
    return not prepared.observed.decision and any(m.alerts for m in prepared.answer.matches)


def _document(prepared: Prepared, saved: SavedCheck) -> dict[str, Any]:
    from portcheck.report.answer import answer_document

    document = answer_document(prepared.answer, zone(prepared.operation.timezone))
    document["check"] = {
        "id": saved.check_id,
        "ref": saved.ref,
        "operation": saved.operation,
        "saved": True,
        "warnings": list(saved.warnings),
    }
    return document
